import Foundation
import Testing

/// `tally split` and `tally join`: a person's word on identity, in real ledgers over real git.
@Suite struct CorrectionCommandTests {
  /// Three days: one `eval` goes and another comes, then the file gets another name.
  private func played() throws -> Sandbox {
    let sandbox = try Sandbox()
    try sandbox.writeConfiguration()
    try sandbox.writeShop()
    try sandbox.commit("Start the shop")
    try sandbox.scan()
    try sandbox.edit("src/app.py", "amount = eval(text)", "amount = float(text)")
    try sandbox.edit(
      "src/app.py",
      "def run(script):",
      "def cost(order, day):\n    total = order.sum(day)\n    return total + eval(order.extra)\n\n"
        + "def run(script):"
    )
    try sandbox.commit("Read prices as numbers")
    try sandbox.scan()
    try sandbox.git("mv", "src/app.py", "src/shop.py")
    try sandbox.edit("src/shop.py", "def load(text):", "def load(text, strict):")
    try sandbox.commit("Name the file after what it does")
    try sandbox.scan()
    sandbox.now = Sandbox.time(day: 4, hour: 12)
    return sandbox
  }

  /// Ids by line of the open violations of a rule in a file.
  private func ids(_ sandbox: Sandbox, _ options: String...) throws -> [Int: String] {
    let answer = try sandbox.run(["list", "--output", "json"] + options).json()
    let found = answer["violations"] as? [[String: Any]] ?? []
    return Dictionary(
      found.map { ($0["line"] as? Int ?? 0, $0["id"] as? String ?? "") },
      uniquingKeysWith: { first, _ in first }
    )
  }

  private func shown(_ sandbox: Sandbox, _ id: String, _ more: String...) throws -> String {
    let answer = try sandbox.run(["show", id, "--output", "json"] + more).json()
    return (answer["violation"] as? [String: Any])?["id"] as? String ?? ""
  }

  private func causes(_ sandbox: Sandbox, _ range: String) throws -> [String: Int] {
    let total = try #require(sandbox.json("statement", range)["total"] as? [String: Any])
    var result: [String: Int] = [:]
    for side in ["entered", "left"] {
      for (kind, cell) in total[side] as? [String: [String: Any]] ?? [:] {
        result[kind] = cell["count"] as? Int
      }
    }
    return result
  }

  private func digest(_ sandbox: Sandbox, _ ledger: String = "ledger.db") throws -> String {
    let answer = try sandbox.json("verify", "--ledger", ledger)
    #expect(answer["findings"] as? [String] == [])
    return answer["booksDigest"] as? String ?? ""
  }

  /// The second program that reads ledgers agrees on every id and on the balances.
  private func checkWithPython(_ sandbox: Sandbox) throws {
    let reader = Golden.project.appendingPathComponent("tools/read_ledger.py").path
    let outcome = try sandbox.shell("python3 -B '\(reader)' ledger.db")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let open = try sandbox.json("lane", "list")["lanes"] as? [[String: Any]] ?? []
    for lane in open {
      let line = "\(lane["open"] as? Int ?? -1) open in shop \(lane["name"] as? String ?? "")"
      #expect(outcome.output.contains(line), "\(line) in \(outcome.output)")
    }
  }

  @Test("a join goes on with the one that began first, answers to both ids, and can be taken back")
  func join() throws {
    let sandbox = try played()
    let before = try digest(sandbox)
    let old = try sandbox.violation("--state", "closed")
    let new = try #require(ids(sandbox, "--path", "src/shop.py", "--rule", "no-eval")[11])
    #expect(try causes(sandbox, "2026-03-01..") == ["introduced": 1, "fixed": 1])
    let size = try sandbox.json("verify")["size"] as? Int ?? 0

    let answer = try sandbox.json("join", new, old, "--why", "Moved into its own function")
    #expect(answer["violation"] as? String == old && answer["other"] as? String == new)
    #expect(answer["commit"] as? String == (try sandbox.git("rev-parse", "HEAD~1")))
    let entry = try #require(answer["entry"] as? String)
    #expect(try causes(sandbox, "2026-03-01..").isEmpty)
    #expect(try shown(sandbox, new) == old)
    #expect(try shown(sandbox, old) == old)
    #expect(try sandbox.json("show", old)["otherIDs"] as? [String] != [])
    let joined = try digest(sandbox)
    #expect(joined != before)
    #expect(try sandbox.json("rebuild")["after"] as? String == joined)
    try checkWithPython(sandbox)
    // Of that day's entries the books are what they were.
    #expect(try shown(sandbox, new, "--known-at", "\(size)") == new)

    // The same again changes nothing; another scan goes on with it.
    #expect(
      try sandbox.tally("join", old, new, "--why", "x").errors.contains("[correction.same]")
    )
    try sandbox.edit("src/shop.py", "return total + eval(order.extra)", "return total")
    try sandbox.commit("Drop extras")
    #expect(try sandbox.scan().postings == ["fixed": 1])
    #expect(try shown(sandbox, new) == old)

    try sandbox.ok("retract", entry, "--why", "They differ")
    #expect(try shown(sandbox, new) == new)
    #expect(try shown(sandbox, old) == old)
    #expect(try causes(sandbox, "2026-03-01..2026-03-03") == ["introduced": 1, "fixed": 1])
    let again = try sandbox.tally("join", old, new, "--why", "Moved into its own function")
    #expect(again.status == 2 && again.errors.contains("[correction.taken-back]"))
    let retraction = try #require(again.errors.firstMatch(of: #/retract ([0-9a-f]{12})/#)).output.1
    try sandbox.ok("retract", String(retraction), "--why", "They do not")
    #expect(try shown(sandbox, new) == old)
    _ = try digest(sandbox)
  }

  @Test("a split ends one and begins another, by default at the last uncertain link")
  func split() throws {
    let sandbox = try played()
    let before = try digest(sandbox)
    let id = try #require(ids(sandbox, "--path", "src/shop.py", "--rule", "no-eval")[2])
    let answer = try sandbox.json(
      "split",
      id,
      "--why",
      "Another text",
      "--by",
      "Bob <bob@x.example>"
    )
    let made = try #require(answer["other"] as? String)
    #expect(answer["violation"] as? String == id && made != id)
    #expect(answer["commit"] as? String == (try sandbox.git("rev-parse", "HEAD")))
    #expect(try causes(sandbox, "2026-03-02..") == ["introduced": 1, "fixed": 1])
    let life = try sandbox.json("show", made)["events"] as? [[String: Any]] ?? []
    #expect(life.map { $0["what"] as? String } == ["introduced"])
    #expect(
      life[0]["note"] as? String
        == "split from \(id) by Bob <bob@x.example> on 2026-03-04: Another text"
    )
    #expect(life[0]["entry"] as? String == answer["entry"] as? String)
    #expect(life[0]["line"] as? Int == 2)
    let ended = try sandbox.json("show", id)["events"] as? [[String: Any]] ?? []
    #expect(ended.last?["what"] as? String == "fixed")
    #expect((ended.last?["note"] as? String)?.hasPrefix("split into \(made) by Bob") == true)
    #expect(try sandbox.json("rebuild")["after"] as? String == digest(sandbox))
    try checkWithPython(sandbox)
    let entry = answer["entry"] as? String ?? ""
    #expect(
      try sandbox.tally("join", id, made, "--why", "x").errors.contains(
        "the entry \(entry.prefix(12)) says that these rows are two violations [correction.contradicts]"
      )
    )
    try sandbox.ok("retract", entry, "--why", "The same after all")
    #expect(try digest(sandbox) == before)
    #expect(try shown(sandbox, made) == id)
  }

  @Test("a split at a commit where the file is the same is rematched, and the statement balances")
  func splitUnchanged() throws {
    let sandbox = try played()
    let id = try sandbox.violation("--path", "src/tools/*", "--rule", "no-eval")
    let commit = try sandbox.git("rev-parse", "HEAD~1")
    let answer = try sandbox.json("split", id, "--at", commit, "--why", "Not the same")
    #expect(
      try causes(sandbox, "2026-03-01..2026-03-02") == [
        "introduced": 1, "fixed": 1, "rematched in": 1, "rematched out": 1,
      ]
    )
    #expect(try causes(sandbox, "2026-03-02..").isEmpty)
    #expect(try sandbox.json("statement")["balances"] as? Bool == true)
    #expect(try shown(sandbox, answer["other"] as? String ?? "") != id)
    _ = try digest(sandbox)
  }

  @Test("scans in any order, before and after the word, give the same books")
  func order() throws {
    let sandbox = try played()
    let old = try sandbox.violation("--state", "closed")
    let lines = try ids(sandbox, "--path", "src/shop.py", "--rule", "no-eval")
    try sandbox.ok("join", old, try #require(lines[11]), "--why", "One")
    let split = try sandbox.json("split", try #require(lines[2]), "--why", "Two")
    let expected = try digest(sandbox)
    // Both words travel on a ref to a ledger that has the scans in another order, with one still missing.
    try sandbox.git("init", "-q", "--bare", "-b", "main", "../shop.git")
    try sandbox.git("remote", "add", "origin", "../shop.git")
    try sandbox.ok("push")
    var reports: [String] = []
    for step in ["HEAD~2", "HEAD~1", "HEAD"] {
      let commit = try sandbox.git("rev-parse", step)
      let checkout = sandbox.outside.appendingPathComponent("at-\(reports.count)")
      try sandbox.git("worktree", "add", "-q", "--detach", checkout.path, commit)
      try sandbox.write(Linter().sarif(of: checkout), to: "\(reports.count).sarif")
      try sandbox.git("worktree", "remove", "--force", checkout.path)
      reports.append(commit)
    }
    func ingest(_ index: Int, _ ledger: String) throws {
      try sandbox.ok(
        "ingest",
        "\(index).sarif",
        "--commit",
        reports[index],
        "--branch",
        "main",
        "--ledger",
        ledger
      )
    }
    // A ledger that only ever saw the joined books answers to the other id, too.
    try sandbox.ok("pull", "--ledger", "fresh.db")
    #expect(try digest(sandbox, "fresh.db") == expected)
    #expect(try shown(sandbox, try #require(lines[11]), "--ledger", "fresh.db") == old)
    let made = try sandbox.json("show", try #require(lines[2]), "--ledger", "fresh.db")
    #expect((made["violation"] as? [String: Any])?["state"] as? String == "closed")
    for (number, order) in [[2, 1, 0], [1, 2, 0], [0, 2, 1], [2, 0, 1]].enumerated() {
      let ledger = "other-\(number).db"
      for index in order.prefix(2) { try ingest(index, ledger) }
      try sandbox.ok("pull", "--ledger", ledger)
      try ingest(order[2], ledger)
      #expect(try digest(sandbox, ledger) == expected, "\(order)")
      #expect(try shown(sandbox, try #require(lines[11]), "--ledger", ledger) == old)
    }
    // Taken back, the id that the split made is answered to, also where nobody ever saw it.
    try sandbox.ok("retract", split["entry"] as? String ?? "", "--why", "One after all")
    try sandbox.ok("push")
    try sandbox.ok("pull", "--ledger", "late.db")
    #expect(try digest(sandbox, "late.db") == digest(sandbox))
    let id = split["other"] as? String ?? ""
    #expect(try shown(sandbox, id, "--ledger", "late.db") == lines[2])
  }

  @Test("what cannot be true is refused with a sentence, and nothing is recorded")
  func refused() throws {
    let sandbox = try played()
    let old = try sandbox.violation("--state", "closed")
    let lines = try ids(sandbox, "--path", "src/shop.py")
    try sandbox.commit("Nothing")
    try sandbox.scan(Linter(tool: "other"))
    let (one, two) = (try #require(lines[2]), try #require(lines[11]))
    let printed = try #require(lines[6])
    let foreign = try #require(
      (sandbox.json("list")["violations"] as? [[String: Any]])?.first {
        $0["lane"] as? String == "other@main"
      }?["id"] as? String
    )
    func refused(_ arguments: String..., why: String = "x") throws -> String {
      let before = sandbox.bytes()
      let outcome = try sandbox.run(arguments + ["--why", why])
      #expect(outcome.status == 2 && outcome.output == "", "\(arguments)")
      #expect(
        outcome.errors.wholeMatch(of: #/error: [^\n]+ \[[a-z.-]+\]\nhint: [^\n]+\n/#) != nil,
        "\(outcome.errors)"
      )
      #expect(sandbox.bytes() == before, "\(arguments)")
      return outcome.errors
    }
    let hostile = "T-\u{1B}[31m'; DROP TABLE entry--"
    let text = try [
      refused("join", one, one), refused("join", one, foreign), refused("join", two, printed),
      refused("join", one, two), refused("join", "T-000000", one), refused("join", one, hostile),
      refused("join", old, two, why: "  "), refused("split", "T-000000"),
      refused("split", foreign), refused("split", one, "--at", "feedface"),
      refused("split", one, "--at", "HEAD"), refused("split", one, "--at", ""),
      refused("split", one, "--at", sandbox.git("rev-parse", "HEAD~3")),
      refused("split", old, "--at", sandbox.git("rev-parse", "HEAD~1")),
      refused("split", two, "--at", sandbox.git("rev-parse", "HEAD~3")),
      refused("split", old),
    ].joined()
    var normaliser = Normaliser()
    try expectGolden(normaliser.text(text), "corrections-refused.txt")
  }

  @Test("the life of a violation reads well: moves, corrections and returns, and how each is known")
  func life() throws {
    let sandbox = try played()
    let old = try sandbox.violation("--state", "closed")
    let lines = try ids(sandbox, "--path", "src/shop.py", "--rule", "no-eval")
    try sandbox.ok("join", old, try #require(lines[11]), "--why", "Moved")
    try sandbox.ok("waive", old, "--why", "Old orders", "--until", "2026-03-06")
    try sandbox.edit("src/shop.py", "return total + eval(order.extra)", "return total")
    try sandbox.commit("Drop extras")
    try sandbox.scan()
    try sandbox.edit("src/shop.py", "    return total\n", "    return total + eval(order.extra)\n")
    try sandbox.edit(
      "src/shop.py",
      "def load(text, strict):",
      "import re\n\n\ndef load(text, strict):"
    )
    try sandbox.commit("Revert \"Drop extras\"")
    try sandbox.scan()
    sandbox.now = Sandbox.time(day: 9, hour: 12)
    var normaliser = Normaliser()
    sandbox.environment = ["COLUMNS": "200"]
    try expectGolden(normaliser.text(sandbox.ok("show", old)), "life.txt")
  }
}
