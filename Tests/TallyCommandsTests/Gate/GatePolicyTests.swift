import Foundation
import Testing

/// Each policy of `gate:`.
@Suite struct GatePolicyTests {
  private func state(_ sandbox: Sandbox, _ policy: String) throws -> (String?, String?) {
    let answer = try GateTests.ask(sandbox).answer
    let check = GateTests.check(answer, policy)
    return (check?["state"] as? String, check?["found"] as? String)
  }

  @Test("no_new counts what its filter takes: rules, paths, level, priorities")
  func filters() throws {
    let cases: [(String, Int32)] = [
      ("[]", 0), ("[{}]", 1), ("[{at_most: 1}]", 1), ("[{at_most: 2}]", 0),
      ("[{rules: [no-exec]}]", 1), ("[{rules: [no-print]}]", 0), ("[{rules: [\"no-e*\"]}]", 1),
      ("[{paths: [\"src/tools/**\"]}]", 1), ("[{paths: [\"docs/**\"]}]", 0),
      ("[{level: error}]", 1), ("[{priorities: [P1]}]", 1),
      ("[{priorities: [P1], at_most: 1}]", 0),
      ("[{campaign: no-eval, priorities: [unassigned]}]", 0),
    ]
    for (policy, status) in cases {
      let sandbox = try GateTests.branch("  no_new: \(policy)\n")
      try sandbox.write("eval('1')\n", to: "src/tools/one.py")
      try sandbox.write("exec('1')\n", to: "src/two.py")
      try sandbox.commit("Add two")
      try sandbox.scan()
      let outcome = try sandbox.tally("gate")
      #expect(outcome.status == status, "\(policy): \(outcome.output) \(outcome.errors)")
    }
  }

  @Test("where every lane was given up and nothing is recorded of the change, nobody knows")
  func nothingRecorded() throws {
    let sandbox = try GateTests.branch("  no_new: [{}]\n")
    sandbox.pass(days: 400)
    try sandbox.write("x = 1\n", to: "src/new.py")
    try sandbox.commit("Later")
    let answer = try GateTests.ask(sandbox)
    #expect(answer.status == 2)
    let check = try #require(GateTests.check(answer.answer, "scans"))
    #expect(check["state"] as? String == "undecided")
    #expect((check["found"] as? String)?.hasPrefix("0 of 0 lanes: nothing is recorded") == true)
    #expect((check["remedy"] as? String)?.contains("tally ingest") == true)
  }

  @Test("a ratchet follows the balance of main down, and never up")
  func ratchet() throws {
    let policy = "  no_new: []\n  budgets: [{title: All, at_most: 10, ratchet: true}]\n"
    let sandbox = try GateTests.branch(policy)
    try sandbox.commit("Nothing")
    try sandbox.scan()
    #expect(try state(sandbox, "budgets") == ("pass", "6 open"))
    // Main goes down to 5, and up to 6 again: the budget is 5 from then on.
    try sandbox.git("checkout", "-q", "main")
    try sandbox.edit("src/app.py", "exec(script)", "return script")
    try sandbox.commit("One less")
    try sandbox.scan()
    try sandbox.write("eval('1')\n", to: "src/back.py")
    try sandbox.commit("One more")
    try sandbox.scan()
    try sandbox.git("checkout", "-q", "-b", "later")
    try sandbox.commit("Nothing")
    try sandbox.scan()
    let answer = try GateTests.ask(sandbox)
    #expect(answer.status == 1)
    let check = try #require(GateTests.check(answer.answer, "budgets"))
    #expect(
      check["title"] as? String == "budget: All: at most 5 (the lowest of 'main' so far)"
    )
    #expect(check["found"] as? String == "6 open, 6 before the change")
    #expect(check["remedy"] as? String == "close 1 more")
    // A waiver closes nothing for the ratchet, but takes a violation out of what is open.
    let id = try sandbox.violation("--path", "src/back.py", "--branch", "main")
    try sandbox.ok("waive", id, "--why", "Agreed", "--until", "30d")
    #expect(try state(sandbox, "budgets") == ("pass", "5 open"))
    try sandbox.edit("src/back.py", "eval('1')", "pass")
    try sandbox.commit("Fix it")
    try sandbox.scan()
    #expect(try state(sandbox, "budgets") == ("pass", "5 open"))
  }

  @Test("a budget by priority and one by rule, each with a limit of its own")
  func budgets() throws {
    let sandbox = try GateTests.branch(
      """
        no_new: []
        budgets:
          - {campaign: no-eval, priorities: [P1], at_most: 3}
          - {rules: [no-print], at_most: 1}
          - {rules: [no-exec], ratchet: true, since: 2026-03-01}

      """
    )
    try sandbox.commit("Nothing")
    try sandbox.scan()
    let checks = try GateTests.ask(sandbox).answer["checks"] as? [[String: Any]] ?? []
    let budgets = checks.filter { $0["policy"] as? String == "budgets" }
    #expect(budgets.map { $0["state"] as? String } == ["pass", "fail", "pass"])
    #expect(
      budgets.map { $0["title"] as? String } == [
        "budget: no-eval, priority P1: at most 3", "budget: rule no-print: at most 1",
        "budget: rule no-exec: at most 1 (the lowest of 'main' so far)",
      ]
    )
  }

  @Test("a suppression is told, and refused where the policy says so; a waiver is the way in")
  func suppressions() throws {
    for (policy, status) in [("", Int32(0)), ("  suppressions: {at_most: 0}\n", 1)] {
      let linter = Linter(tool: "ruff")
      let sandbox = try GateTests.branch(policy, linter: linter)
      try sandbox.edit("src/app.py", "exec(script)", "exec(script)  # noqa")
      try sandbox.write("eval('1')  # noqa\n", to: "src/new.py")
      try sandbox.commit("Silence two")
      var run = try linter.look(at: sandbox.folder)
      var silent = linter.finding("no-eval", "src/new.py", line: 1, "eval() is not allowed here")
      silent["suppressions"] = [["kind": "inSource"]]
      run["results"] = (run["results"] as? [[String: Any]] ?? []) + [silent]
      try sandbox.write(try Linter.log([run]), to: "lint.sarif")
      try sandbox.ok("ingest", "lint.sarif")
      let (found, answer) = try GateTests.ask(sandbox)
      #expect(found == status)
      #expect(GateTests.check(answer, "suppressions")?["found"] as? String == "2 added")
      #expect(GateTests.paths(answer, "silenced") == ["src/app.py:10", "src/new.py:1"])
      #expect(GateTests.paths(answer, "gone").isEmpty)
    }
  }

  @Test("a waiver that ends soon is told, or asks for a failure")
  func waivers() throws {
    for (policy, status) in [("", Int32(0)), ("  waivers: {expiring_within: 9d, then: fail}\n", 1)]
    {
      let sandbox = try GateTests.branch(policy)
      let id = try sandbox.violation("--rule", "no-exec")
      try sandbox.ok("waive", id, "--why", "Agreed", "--until", "9d")
      try sandbox.commit("Nothing")
      try sandbox.scan()
      let (found, answer) = try GateTests.ask(sandbox)
      #expect(found == status)
      let check = try #require(GateTests.check(answer, "waivers"))
      #expect(check["found"] as? String == "1 ends, the first on 2026-03-10")
      #expect(check["violations"] as? [String] == [id])
    }
  }

  @Test("a test that passed on main and does not here is broken; one that failed there is not")
  func tests() throws {
    func report(_ cases: [(String, Bool)]) -> String {
      let lines = cases.map { name, passes in
        "<testcase classname=\"tests.test_app\" name=\"\(name)\">"
          + (passes ? "" : "<failure message=\"no\"/>") + "</testcase>"
      }
      return "<testsuites><testsuite name=\"t\">\(lines.joined())</testsuite></testsuites>"
    }
    let sandbox = try GateTests.branch()
    try sandbox.git("checkout", "-q", "main")
    try sandbox.write(report([("test_a", true), ("test_b", false)]), to: "tests.xml")
    try sandbox.ok("ingest", "tests.xml")
    try sandbox.git("checkout", "-q", "feature")
    try sandbox.commit("Nothing")
    try sandbox.scan()
    #expect(try GateTests.ask(sandbox).status == 2)
    try sandbox.ok("ingest", "tests.xml")
    #expect(try state(sandbox, "tests") == ("pass", "0 broken"))
    try sandbox.commit("Break one")
    try sandbox.scan()
    try sandbox.write(
      report([("test_a", false), ("test_b", false), ("test_new", false)]),
      to: "tests.xml"
    )
    try sandbox.ok("ingest", "tests.xml")
    let (status, answer) = try GateTests.ask(sandbox)
    #expect(status == 1)
    #expect(
      GateTests.check(answer, "tests")?["found"] as? String
        == "2 broken: tests/test_app::test_a, tests/test_app::test_new"
    )
    try sandbox.commit("Skip what fails")
    try sandbox.scan()
    try sandbox.write(report([("test_a", true)]), to: "tests.xml")
    try sandbox.ok("ingest", "tests.xml")
    let (state, found) = try state(sandbox, "tests")
    #expect(state == "pass")
    #expect(found?.hasPrefix("0 broken; 1 failing before are skipped or gone") == true)
    #expect(found?.contains("not in this one") == true, "\(found ?? "")")
  }

  @Test("the criteria of a campaign are evaluated as they would stand after the change")
  func criteria() throws {
    let sandbox = try GateTests.branch("  criteria: [no-eval]\n")
    try sandbox.write(
      "<testsuite name=\"t\"><testcase classname=\"a\" name=\"b\"/></testsuite>",
      to: "tests.xml"
    )
    try sandbox.git("checkout", "-q", "main")
    try sandbox.ok("ingest", "tests.xml")
    try sandbox.git("checkout", "-q", "feature")
    for path in ["src/app.py", "src/tools/export.py"] {
      let text = try sandbox.read(path)
      try sandbox.write(
        text.replacingOccurrences(of: "eval(", with: "float(")
          .replacingOccurrences(of: "exec(", with: "str("),
        to: path
      )
    }
    try sandbox.commit("Evaluate nothing")
    try sandbox.scan()
    try sandbox.ok("ingest", "tests.xml")
    func states() throws -> [String?] {
      let checks = try GateTests.ask(sandbox).answer["checks"] as? [[String: Any]] ?? []
      return checks.filter { $0["policy"] as? String == "criteria" }.map { $0["state"] as? String }
    }
    #expect(try states() == ["pass", "pass", "fail"])
    try sandbox.ok("attest", "operations", "--why", "Drill passed", "--until", "90d")
    #expect(try states() == ["pass", "pass", "pass"])
    #expect(try GateTests.ask(sandbox).status == 0)
  }

  @Test("mistakes in gate: are told with line and column, and a suggestion")
  func mistakes() throws {
    let cases = [
      ("  no_new: [{rule: [a]}]\n", "did you mean 'rules'?"),
      ("  no_new: [{level: fatal}]\n", "'level' must be error, warning, note or none"),
      ("  budgets: [{rules: [a]}]\n", "a budget needs a limit"),
      ("  budgets: [{at_most: 1, since: 2026-01-01}]\n", "this budget has none"),
      ("  criteria: [no-evil]\n", "did you mean 'no-eval'?"),
      ("  no_new: [{priorities: [P9]}]\n", "names the priority 'P9', which is not there"),
      ("  waivers: {then: explode}\n", "'then' must be fail or warn"),
      ("  scans: maybe\n", "'scans' must be required or optional"),
    ]
    for (text, sentence) in cases {
      let sandbox = try Sandbox()
      try sandbox.writeConfiguration()
      try sandbox.write(try sandbox.read("tally.yml") + "gate:\n" + text, to: "tally.yml")
      let outcome = try sandbox.tally("gate")
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("tally.yml:") && outcome.errors.contains(sentence), "\(text)")
    }
  }
}
