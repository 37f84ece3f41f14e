import Foundation
import Testing

/// `tally rebuild --matcher`: books move to another version of tracking, and what was posted before stays.
///
/// Method: without sources a file that got another name is recognised by matcher 2 alone, by its findings.
@Suite struct RematchTests {
  private static let commits = ["1", "2", "3", "4"].map { String(repeating: $0, count: 40) }

  private func sandbox() throws -> Sandbox {
    let sandbox = try Sandbox(git: false)
    try sandbox.write("version: 1\nproject: shop\n", to: "tally.yml")
    let files = [
      ["a.py": ["alpha", "beta", "gamma", "delta"], "z.py": ["zeta"]],
      ["b.py": ["alpha", "beta", "gamma", "delta"], "z.py": ["zeta"]],
      ["b.py": ["alpha", "beta", "gamma"], "z.py": ["zeta", "eta"]],
      ["c.py": ["alpha", "beta", "gamma"], "z.py": ["zeta", "eta"]],
    ]
    for (day, own) in files.enumerated() {
      let linter = Linter(rules: ["E1"])
      let results = own.sorted { $0.key < $1.key }.flatMap { path, words in
        words.enumerated().map { index, word in
          linter.finding("E1", path, line: index * 4 + 1 + (path == "z.py" ? 0 : day), word)
        }
      }
      var run = linter.run(results)
      run["invocations"] = [
        ["executionSuccessful": true, "endTimeUtc": Sandbox.time(day: day + 1, hour: 10)]
      ]
      try sandbox.write(Linter.log([run]), to: "\(day).sarif")
    }
    return sandbox
  }

  @discardableResult
  private func ingest(_ sandbox: Sandbox, _ day: Int, _ ledger: String = "ledger.db") throws -> Run
  {
    sandbox.now = Sandbox.time(day: day + 1, hour: 12)
    return try Run(
      sandbox.json(
        "ingest",
        "\(day).sarif",
        "--commit",
        Self.commits[day],
        "--branch",
        "main",
        "--ledger",
        ledger
      )
    )
  }

  private func digest(_ sandbox: Sandbox, _ ledger: String = "ledger.db") throws -> String {
    let answer = try sandbox.json("verify", "--ledger", ledger)
    #expect(answer["findings"] as? [String] == [], "\(ledger)")
    return answer["booksDigest"] as? String ?? ""
  }

  private func what(_ sandbox: Sandbox, _ id: String) throws -> [String] {
    (try sandbox.json("show", id)["events"] as? [[String: Any]] ?? [])
      .compactMap { $0["what"] as? String }
  }

  @Test("what the rows are held for changes once, balanced, with its own cause; the past stays")
  func moved() throws {
    let sandbox = try sandbox()
    try ingest(sandbox, 0)
    try ingest(sandbox, 1)
    let old = try sandbox.violation("--path", "z.py")
    let before = try sandbox.ok("statement", "2026-03-01..2026-03-02")
    let ids = try sandbox.json("list")["violations"] as? [[String: Any]] ?? []
    let alpha = try #require(ids.first { $0["message"] as? String == "alpha" }?["id"] as? String)
    try sandbox.ok("waive", alpha, "--why", "Later", "--until", "90d")
    let size = try sandbox.json("verify")["size"] as? Int ?? 0
    let digestBefore = try digest(sandbox)

    sandbox.now = Sandbox.time(day: 2, hour: 15)
    let answer = try sandbox.json("rebuild", "--matcher", "1")
    #expect(answer["matcher"] as? Int == 1)
    #expect(answer["rematchedOut"] as? Int == 4 && answer["rematchedIn"] as? Int == 4)
    #expect(answer["size"] as? Int == size + 1)
    let total = try #require(sandbox.json("statement", "2026-03-01..")["total"] as? [String: Any])
    #expect((total["entered"] as? [String: Any])?.keys.sorted() == ["rematched in"])
    #expect((total["left"] as? [String: Any])?.keys.sorted() == ["rematched out", "waived"])
    #expect(total["opening"] as? Int == 5 && total["closing"] as? Int == 4)
    #expect(try what(sandbox, old) == ["brought forward"])
    #expect(try what(sandbox, alpha).contains("rematched out"))
    for breakdown in ["rule", "path", "folder"] {
      let answer = try sandbox.json("statement", "2026-03-01..", "--by", breakdown)
      #expect(answer["balances"] as? Bool == true)
    }
    // What was waived still is: the row is the same.
    let now = try sandbox.violation("--state", "waived")
    #expect(now != alpha)
    #expect(try what(sandbox, now) == ["rematched in", "waived"])
    let moved = try digest(sandbox)
    #expect(moved != digestBefore)
    // Of the entries of that day everything is as it was.
    let then = try sandbox.ok("statement", "2026-03-01..2026-03-02", "--known-at", "\(size - 1)")
    #expect(then == before)
    let plain = try sandbox.json("rebuild")
    #expect(plain["after"] as? String == moved && plain["matcher"] as? Int == 1)
    #expect(try sandbox.json("rebuild", "--matcher", "1")["entry"] == nil)

    // Back at once: nothing has happened.
    let back = try sandbox.json("rebuild", "--matcher", "2")
    #expect(back["rematchedOut"] as? Int == 0)
    #expect(try digest(sandbox) == digestBefore)
    #expect(try sandbox.violation("--state", "waived") == alpha)
  }

  @Test("the books go on with the new matcher, and scans in any order give the same")
  func goesOn() throws {
    let sandbox = try sandbox()
    for day in 0..<2 { try ingest(sandbox, day) }
    sandbox.now = Sandbox.time(day: 2, hour: 15)
    try sandbox.ok("rebuild", "--matcher", "1")
    #expect(try ingest(sandbox, 2).open == 5)
    // Without sources matcher 1 does not know the file under another name.
    let last = try ingest(sandbox, 3)
    #expect(last.postings.values.reduce(0, +) == 6 && last.open == 5)
    let expected = try digest(sandbox)
    try sandbox.git("init", "-q", "--bare", "-b", "main", "../shop.git")
    try sandbox.git("init", "-q", "-b", "main", "../hub")
    let hub = sandbox.outside.appendingPathComponent("hub")
    func share(_ verb: String, _ ledger: String) throws {
      let outcome = try sandbox.run(
        [
          verb, "--remote", "../shop.git", "--ledger", "../shop/\(ledger)", "--config",
          "../shop/tally.yml",
        ],
        in: hub
      )
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    try share("push", "ledger.db")
    for (number, order) in [[3, 2, 1, 0], [0, 3, 1, 2], [2, 3, 0, 1]].enumerated() {
      let ledger = "other-\(number).db"
      for day in order.prefix(2) { try ingest(sandbox, day, ledger) }
      sandbox.now = Sandbox.time(day: 6, hour: 12)
      try share("pull", ledger)
      for day in order.suffix(2) { try ingest(sandbox, day, ledger) }
      #expect(try digest(sandbox, ledger) == expected, "\(order)")
    }
    // A scan that comes late to a position before the move takes it along.
    let late = "late.db"
    try ingest(sandbox, 0, late)
    sandbox.now = Sandbox.time(day: 2, hour: 15)
    try sandbox.ok("rebuild", "--matcher", "1", "--ledger", late)
    for day in [3, 1, 2] { try ingest(sandbox, day, late) }
    #expect(try digest(sandbox, late) == expected)
  }

  @Test("a version that this program does not have is refused, and nothing changes")
  func unknown() throws {
    let sandbox = try sandbox()
    try ingest(sandbox, 0)
    let before = sandbox.bytes()
    let outcome = try sandbox.tally("rebuild", "--matcher", "9")
    #expect(outcome.status == 2 && outcome.output == "")
    #expect(
      outcome.errors
        == "error: there is no matcher 9 [matcher.unknown]\nhint: the versions are 1 and 2\n"
    )
    #expect(sandbox.bytes() == before)
  }
}
