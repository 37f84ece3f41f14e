import Foundation
import Testing

/// A change against its base branch: decisions, with the real program and real git.
@Suite struct GateTests {
  /// The shop on `main`, scanned, and a branch `feature` with one more commit that a test edits.
  static func branch(_ policies: String = "", linter: Linter = Linter()) throws -> Sandbox {
    let sandbox = try Sandbox()
    try sandbox.writeConfiguration()
    if !policies.isEmpty {
      try sandbox.write(try sandbox.read("tally.yml") + "gate:\n" + policies, to: "tally.yml")
    }
    try sandbox.writeShop()
    try sandbox.commit("Start the shop")
    try sandbox.scan(linter)
    try sandbox.git("checkout", "-q", "-b", "feature")
    return sandbox
  }

  /// The answer as JSON, with its status.
  static func ask(
    _ sandbox: Sandbox,
    _ options: String...
  ) throws -> (status: Int32, answer: [String: Any]) {
    let outcome = try sandbox.run(["gate", "--output", "json"] + options)
    let answer = try? outcome.json()
    if answer == nil { Issue.record("\(outcome.errors)") }
    return (outcome.status, answer ?? [:])
  }

  static func check(_ answer: [String: Any], _ policy: String) -> [String: Any]? {
    (answer["checks"] as? [[String: Any]] ?? []).first { $0["policy"] as? String == policy }
  }

  static func paths(_ answer: [String: Any], _ key: String) -> [String] {
    (answer[key] as? [[String: Any]] ?? []).map { "\($0["path"] ?? ""):\($0["line"] ?? "")" }
  }

  // MARK: New violations

  @Test("a local branch without a new violation passes, with one it does not, and says what would")
  func local() throws {
    let sandbox = try Self.branch()
    try sandbox.edit("src/app.py", "exec(script)", "return script")
    try sandbox.commit("Run nothing")
    try sandbox.ok("lane", "list")
    try sandbox.scan()
    let first = try sandbox.tally("gate", "--base", "main")
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.output.contains("gate: pass  feature "))
    #expect(first.output.contains("against main (merge base "))
    try sandbox.write("x = eval('1')\n", to: "src/new.py")
    try sandbox.commit("Add one")
    try sandbox.scan()
    let (status, answer) = try Self.ask(sandbox, "--base", "main")
    #expect(status == 1)
    #expect(answer["decision"] as? String == "fail")
    #expect(answer["comparedWith"] as? String == "merge base")
    #expect(Self.paths(answer, "new") == ["src/new.py:1"])
    #expect(Self.paths(answer, "gone") == ["src/app.py:10"])
    let id = try #require((answer["new"] as? [[String: Any]])?.first?["id"] as? String)
    let remedy = Self.check(answer, "no_new")?["remedy"] as? String ?? ""
    #expect(remedy.contains("tally waive \(id) --why"))
    // What it says works: the id is one of the ledger, and a waiver lets the change in.
    try sandbox.ok("waive", id, "--why", "Agreed", "--until", "30d")
    let after = try Self.ask(sandbox)
    #expect(after.status == 0)
    #expect((Self.check(after.answer, "no_new")?["found"] as? String) == "0 new, 1 waived")
  }

  @Test("what moves, is renamed or shifts is not new, and what was there before the branch neither")
  func tracked() throws {
    let sandbox = try Self.branch()
    try sandbox.git("mv", "src/tools/export.py", "src/tools/csv.py")
    try sandbox.edit("src/tools/csv.py", "def export(rows):", "def export(rows, out):")
    try sandbox.edit("src/app.py", "def load", "import os\n\n\ndef load")
    try sandbox.commit("Move everything")
    try sandbox.scan()
    let (status, answer) = try Self.ask(sandbox)
    #expect(status == 0)
    #expect(Self.paths(answer, "new").isEmpty && Self.paths(answer, "gone").isEmpty)
    let lane = try #require((answer["lanes"] as? [[String: Any]])?.first)
    #expect(lane["open"] as? Int == 6)
  }

  @Test("the base is where the branch began, whatever happened on main since")
  func mergeBase() throws {
    let sandbox = try Self.branch()
    let begin = try sandbox.git("rev-parse", "main")
    // Main fixes two and adds one after the branch began.
    try sandbox.git("checkout", "-q", "main")
    try sandbox.edit("src/app.py", "amount = eval(text)", "amount = float(text)")
    try sandbox.edit("src/app.py", "exec(script)", "return script")
    try sandbox.write("eval('main')\n", to: "src/main_only.py")
    try sandbox.commit("Work on main")
    try sandbox.scan()
    try sandbox.git("checkout", "-q", "feature")
    try sandbox.write("eval('feature')\n", to: "src/feature_only.py")
    try sandbox.commit("Work on the feature")
    try sandbox.scan()
    let (status, answer) = try Self.ask(sandbox)
    #expect(status == 1)
    #expect(answer["baseCommit"] as? String == begin)
    #expect(Self.paths(answer, "new") == ["src/feature_only.py:1"])
    #expect(Self.paths(answer, "gone").isEmpty)
    let lane = try #require((answer["lanes"] as? [[String: Any]])?.first)
    #expect(lane["base"] as? String == begin)
    // A merge of main brings main's along, and they are not new.
    try sandbox.git("merge", "-q", "--no-edit", "main")
    try sandbox.commit("After the merge")
    try sandbox.scan()
    let merged = try Self.ask(sandbox).answer
    #expect(Self.paths(merged, "new") == ["src/feature_only.py:1"])
    #expect(merged["baseCommit"] as? String == (try sandbox.git("rev-parse", "main")))
  }

  @Test("on the base branch itself a commit is compared with the scan before")
  func onMain() throws {
    let sandbox = try Self.branch()
    try sandbox.git("checkout", "-q", "main")
    try sandbox.write("eval('1')\n", to: "src/new.py")
    try sandbox.commit("Add one")
    try sandbox.scan()
    let (status, answer) = try Self.ask(sandbox)
    #expect(status == 1)
    #expect(answer["comparedWith"] as? String == "previous")
    #expect(Self.paths(answer, "new") == ["src/new.py:1"])
  }

  @Test("without any history the newest scan of main is the base, and that is said")
  func shallow() throws {
    let sandbox = try Self.branch()
    try sandbox.write("eval('1')\n", to: "src/new.py")
    try sandbox.commit("Add one")
    let clone = sandbox.outside.appendingPathComponent("clone/shop")
    try sandbox.git(
      "clone",
      "-q",
      "--depth",
      "1",
      "--no-single-branch",
      "--branch",
      "feature",
      "file://\(sandbox.folder.path)",
      clone.path
    )
    try sandbox.lint()
    let report = sandbox.folder.appendingPathComponent("lint.sarif").path
    let ledger = ["--ledger", sandbox.folder.appendingPathComponent("ledger.db").path]
    let ingest = try sandbox.run(["ingest", report] + ledger, in: clone)
    #expect(ingest.status == 0, "\(ingest.errors)")
    let outcome = try sandbox.run(["gate", "--output", "json"] + ledger, in: clone)
    #expect(outcome.status == 1, "\(outcome.errors)")
    let answer = try outcome.json()
    #expect(Self.paths(answer, "new") == ["src/new.py:1"])
    #expect(answer["policies"] as? String != "the defaults")
    if answer["comparedWith"] as? String == "newest" {
      #expect(outcome.errors.contains("compared with its newest"))
    }
  }

  // MARK: Scans

  @Test("a commit without a scan is not passed, nor one whose scan failed or lacks a tool")
  func scans() throws {
    let sandbox = try Self.branch()
    try sandbox.commit("Nothing")
    let missing = try Self.ask(sandbox)
    #expect(missing.status == 2 && missing.answer["decision"] as? String == "undecided")
    #expect(
      (Self.check(missing.answer, "scans")?["found"] as? String)
        == "0 of 1 lane: no scan in lintel@feature"
    )
    try sandbox.scan(Linter(succeeds: false))
    let failed = try Self.ask(sandbox)
    #expect(failed.status == 2)
    #expect(
      (Self.check(failed.answer, "scans")?["found"] as? String)?.contains("not finish") == true
    )
    // A minute later, so that it is known to be the later of the two.
    sandbox.now = "2026-03-09T09:00:00Z"
    try sandbox.scan()
    #expect(try Self.ask(sandbox).status == 0)
    // Another tool joins on main; a branch that drops it is not passed.
    try sandbox.git("checkout", "-q", "main")
    try sandbox.commit("More tools")
    try sandbox.scan(Linter(tool: "second"))
    try sandbox.git("checkout", "-q", "-b", "later")
    try sandbox.commit("Nothing")
    try sandbox.scan()
    let partial = try Self.ask(sandbox)
    #expect(partial.status == 2)
    #expect(
      (Self.check(partial.answer, "scans")?["found"] as? String)
        == "1 of 2 lanes: no scan in second@later"
    )
    // What is certain is said first: a new violation fails, whatever is missing.
    try sandbox.write("eval('1')\n", to: "src/new.py")
    try sandbox.commit("Add one")
    try sandbox.scan()
    #expect(try Self.ask(sandbox).status == 1)
  }

  @Test("a lane that went stale on main is not asked for")
  func staleLane() throws {
    let sandbox = try Self.branch()
    try sandbox.git("checkout", "-q", "main")
    try sandbox.scan(Linter(tool: "retired"))
    for _ in 0..<40 { try sandbox.commit("Nothing") }
    try sandbox.scan()
    try sandbox.git("checkout", "-q", "-b", "later")
    try sandbox.commit("Nothing")
    try sandbox.scan()
    #expect(try Self.ask(sandbox).status == 0)
  }

  @Test("scans: optional asks for one lane only")
  func optional() throws {
    let sandbox = try Self.branch("  scans: optional\n")
    try sandbox.git("checkout", "-q", "main")
    try sandbox.commit("More tools")
    try sandbox.scan(Linter(tool: "second"))
    try sandbox.git("checkout", "-q", "-b", "later")
    try sandbox.commit("Nothing")
    #expect(try Self.ask(sandbox).status == 2)
    try sandbox.scan()
    let (status, answer) = try Self.ask(sandbox)
    #expect(status == 0)
    #expect(Self.check(answer, "scans")?["state"] as? String == "warn")
  }

  @Test("a tool that main does not have brings its findings forward, and they are not new")
  func newTool() throws {
    let sandbox = try Self.branch()
    try sandbox.commit("Nothing")
    try sandbox.scan()
    try sandbox.scan(Linter(tool: "second"))
    let (status, answer) = try Self.ask(sandbox)
    #expect(status == 0)
    let found = Self.check(answer, "no_new")?["found"] as? String
    #expect(found == "0 new, 6 brought forward in lanes that 'main' does not have")
  }

  @Test("what another rule set brings to light is not new unless the policy says so")
  func surfaced() throws {
    for (policies, status) in [("", Int32(0)), ("  no_new: [{surfaced: true}]\n", 1)] {
      let sandbox = try Self.branch(policies)
      try sandbox.commit("Switch a rule on")
      try sandbox.scan(Linter(rules: ["no-eval", "no-exec", "no-print", "no-load"]))
      let result = try Self.ask(sandbox)
      #expect(result.status == status)
      let new = result.answer["new"] as? [[String: Any]] ?? []
      #expect(new.map { $0["cause"] as? String } == ["surfaced"])
      #expect(new.first?["rule"] as? String == "no-load")
    }
  }

  // MARK: Whose policies

  @Test("the policies are those of main: a change cannot loosen them for itself")
  func ownPolicies() throws {
    let sandbox = try Self.branch("  no_new: [{rules: [no-eval]}]\n")
    try sandbox.write("eval('1')\n", to: "src/new.py")
    try sandbox.edit("tally.yml", "no_new: [{rules: [no-eval]}]", "no_new: []")
    try sandbox.commit("Loosen the gate")
    try sandbox.scan()
    let outcome = try sandbox.tally("gate")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.contains(
        "tally.yml of this change is not the one that counts, which is that of 'main'"
      )
    )
    let (_, answer) = try Self.ask(sandbox)
    #expect((answer["policies"] as? String)?.hasPrefix("tally.yml of main at ") == true)
    // Not even one that is gone, or no YAML.
    try sandbox.git("rm", "-q", "tally.yml")
    try sandbox.commit("No policies at all")
    try sandbox.scan()
    #expect(try sandbox.tally("gate").status == 1)
  }

  @Test("a change cannot point the gate to a ledger or a project of its own")
  func ownLedger() throws {
    let sandbox = try Self.branch()
    try sandbox.edit("tally.yml", "project: shop", "project: shop\nledger: mine.db")
    try sandbox.commit("Bring a ledger")
    try sandbox.scan()
    let ledger = try sandbox.tally("gate")
    #expect(ledger.status == 2 && ledger.errors.contains("[gate.other-ledger]"))
    try sandbox.edit("tally.yml", "project: shop\nledger: mine.db", "project: other")
    try sandbox.commit("Be another project")
    try sandbox.scan()
    let project = try sandbox.tally("gate")
    #expect(project.status == 2 && project.errors.contains("[gate.other-project]"))
  }

  @Test("without a scan of the base branch there is nothing to compare with")
  func noBase() throws {
    let sandbox = try Self.branch()
    try sandbox.commit("Nothing")
    try sandbox.scan()
    let outcome = try sandbox.tally("gate", "--base", "develop")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("no scan of 'develop' is in the ledger to compare with"))
    #expect(outcome.errors.contains("the branches with scans are: feature, main"))
  }
}
