import Foundation
import Testing

/// What people and CI record beside scans: measurements, waivers, sign-offs, retractions.
@Suite struct RecordingTests {
  @Test("every sample of a measurement is kept, and the median counts")
  func measure() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    for (minute, value) in ["500", "420", "430.5"].enumerated() {
      sandbox.now = "2026-03-03T13:0\(minute):00Z"
      let text = try sandbox.ok("measure", "rss_mb=\(value)", "p95_ms=18.50")
      #expect(text.hasPrefix("measured rss_mb \(value), p95_ms 18.5 at "))
    }
    let again = try sandbox.json("measure", "rss_mb=430.5", "p95_ms=18.50")
    #expect(again["isNew"] as? Bool == false)
    let metrics = try sandbox.json("report", "--context")["metrics"] as? [[String: Any]] ?? []
    #expect(metrics.first?["current"] as? String == "425.25")
  }

  @Test("a waiver takes violations out of the open balance until it ends, and is never a fix")
  func waive() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let id = try sandbox.violation("--rule", "no-eval", "--path", "src/app.py")
    sandbox.now = "2026-03-04T09:00:00Z"
    let text = try sandbox.ok("waive", id, "--why", "Old customers", "--until", "2026-03-20")
    #expect(text.hasPrefix("waived \(id) until 2026-03-20 by Ada <ada@shop.example>  root "))
    sandbox.now = "2026-03-10T09:00:00Z"
    #expect(try sandbox.violation("--state", "waived") == id)
    let total = try #require(
      sandbox.json("statement", "2026-03-03..")["total"] as? [String: Any]
    )
    #expect((total["left"] as? [String: Any])?.keys.sorted() == ["waived"])
    sandbox.now = "2026-03-21T09:00:00Z"
    #expect(try sandbox.ok("list", "--state", "waived") == "no violations\n")
    let later = try #require(
      sandbox.json("statement", "2026-03-10..")["total"] as? [String: Any]
    )
    #expect((later["entered"] as? [String: Any])?.keys.sorted() == ["unwaived"])
    let life = try sandbox.json("show", id)["events"] as? [[String: Any]] ?? []
    #expect(life.map { $0["what"] as? String } == ["brought forward", "waived", "unwaived"])
    #expect(life[1]["note"] as? String == "Ada <ada@shop.example>: Old customers")
  }

  @Test("a waiver keeps to the policy of tally.yml, on disk or in the ledger")
  func policy() throws {
    let sandbox = try Sandbox()
    try sandbox.writeConfiguration()
    let policy = "waivers: {longest: 30d, who: [\"*@shop.example\"], at_most: 1}\n"
    try sandbox.write(try sandbox.read("tally.yml") + policy, to: "tally.yml")
    try sandbox.writeShop()
    try sandbox.commit("Start")
    try sandbox.scan()
    let first = try sandbox.violation("--rule", "no-exec")
    let second = try sandbox.violation("--rule", "no-eval", "--path", "src/tools/*")
    func refused(_ arguments: String...) throws -> String {
      let before = sandbox.bytes()
      let outcome = try sandbox.run(["waive"] + arguments + ["--why", "x"])
      #expect(outcome.status == 2)
      #expect(sandbox.bytes() == before)
      return outcome.errors
    }
    for place in ["on disk", "in the ledger"] {
      if place == "in the ledger" {
        try FileManager.default.removeItem(at: sandbox.folder.appendingPathComponent("tally.yml"))
      }
      #expect(try refused(first, "--until", "31d").contains("[waive.too-long]"), "\(place)")
      #expect(
        try refused(first, "--until", "9d", "--by", "Eve <eve@x.example>")
          .contains("[waive.not-allowed]"),
        "\(place)"
      )
      #expect(try refused(first, second, "--until", "9d").contains("[waive.too-many]"), "\(place)")
    }
    try sandbox.ok("waive", first, "--why", "x", "--until", "30d")
    #expect(try refused(second, "--until", "9d").contains("[waive.too-many]"))
  }

  @Test("a waiver that counts from the past says how late it was recorded")
  func backdated() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let id = try sandbox.violation("--rule", "no-eval", "--path", "src/app.py")
    sandbox.now = "2026-03-10T09:00:00Z"
    let outcome = try sandbox.tally(
      "waive",
      id,
      "--why",
      "Agreed",
      "--from",
      "2026-03-02",
      "--until",
      "30d"
    )
    #expect(
      outcome.errors
        == "warning: recorded 8 days after it begins to count; posts will say so\n"
    )
    #expect(try sandbox.violation("--state", "waived", "--as-of", "2026-03-03") == id)
    #expect(try sandbox.ok("list", "--state", "waived", "--as-of", "2026-03-01").hasPrefix("no "))
  }

  @Test("a sign-off meets a criterion until it ends; one that nothing asks for is said")
  func attest() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    func state() throws -> String? {
      let criteria = try sandbox.json("report", "--context")["criteria"] as? [String: Any]
      let items = criteria?["items"] as? [[String: Any]] ?? []
      return items.first { $0["title"] as? String == "Operations agreed" }?["state"] as? String
    }
    #expect(try state() == "not met")
    let text = try sandbox.ok("attest", "operations", "--why", "Drill passed", "--until", "10d")
    #expect(text.hasPrefix("attested operations until 2026-03-13 by Ada <ada@shop.example>"))
    #expect(try state() == "met")
    sandbox.now = "2026-03-14T00:00:00Z"
    #expect(try state() == "not met")
    let odd = try sandbox.tally("attest", "operation", "--why", "x", "--until", "10d")
    #expect(odd.status == 0)
    #expect(
      odd.errors == "warning: no criterion of tally.yml asks for 'operation' (operations)\n"
    )
  }

  @Test("after a retraction the books are as if the entry had never come")
  func retract() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    try sandbox.scan()
    let before = try sandbox.json("verify")["booksDigest"] as? String
    let list = try sandbox.ok("list")
    try sandbox.write("eval('1')\neval('2')\n", to: "src/wrong.py")
    let commit = try sandbox.commit("Scan the wrong thing")
    let wrong = try sandbox.scan()
    #expect(wrong.open == 8)
    let answer = try sandbox.tally("retract", String(wrong.entry.prefix(10)), "--why", "Wrong")
    #expect(answer.status == 0)
    #expect(answer.output.hasPrefix("retracted \(wrong.entry.prefix(12))  root "))
    #expect(try sandbox.ok("list") == list)
    let verdict = try sandbox.json("verify")
    #expect(verdict["findings"] as? [String] == [])
    #expect(verdict["booksDigest"] as? String == before)
    let again = try Run(sandbox.json("ingest", "lint.sarif", "--commit", commit))
    #expect(!again.isNew)
    #expect(again.open == 6)
  }

  @Test("a waiver whose finding was retracted is said to waive nothing")
  func retractWaived() throws {
    let sandbox = try Sandbox()
    try sandbox.writeConfiguration()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    try sandbox.scan()
    try sandbox.write("exec('1')\n", to: "src/late.py")
    try sandbox.commit("Add one")
    let wrong = try sandbox.scan()
    let id = try sandbox.violation("--path", "src/late.py")
    try sandbox.ok("waive", id, "--why", "x", "--until", "9d")
    let outcome = try sandbox.tally("retract", wrong.entry, "--why", "Wrong")
    let warning =
      "1 waiver names findings of scans that do not count any more: nothing is waived there"
    #expect(outcome.errors == "warning: \(warning)\n")
    #expect(try sandbox.ok("report").contains(warning))
  }

  @Test("several jobs record at once, and all of it counts")
  func parallel() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    for job in 1...6 { try sandbox.lint(Linter(tool: "job\(job)"), to: "job\(job).sarif") }
    let script = """
      for job in 1 2 3 4 5 6; do "$TALLY" ingest job$job.sarif > /dev/null & done; wait
      """
    #expect(try sandbox.shell(script).errors == "")
    #expect(try sandbox.ok("list").hasSuffix("36 violations\n"))
    #expect(try sandbox.json("verify")["findings"] as? [String] == [])
  }

  @Test("a retracted waiver waives nothing")
  func retractWaiver() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let id = try sandbox.violation("--rule", "no-eval", "--path", "src/app.py")
    let list = try sandbox.ok("list")
    let waiver = try sandbox.json("waive", id, "--why", "x", "--until", "9d")
    #expect(try sandbox.ok("list") != list)
    try sandbox.ok("retract", waiver["entry"] as? String ?? "", "--why", "No")
    #expect(try sandbox.ok("list") == list)
    #expect(try sandbox.json("verify")["findings"] as? [String] == [])
    let retraction = try sandbox.json("retract", waiver["entry"] as? String ?? "", "--why", "No")
    try sandbox.ok("retract", retraction["entry"] as? String ?? "", "--why", "Yes after all")
    #expect(try sandbox.violation("--state", "waived") == id)
  }

  @Test("what was captured of a scan goes with the scan only")
  func partOfScan() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    let scan = try sandbox.scan()
    let script = """
      import sqlite3
      query = "SELECT lower(hex(id)) FROM entry WHERE sequence = 3"
      print(sqlite3.connect("ledger.db").execute(query).fetchone()[0])
      """
    let found = try sandbox.shell("python3 -c '\(script)'")
    if found.status != 0 { try Test.cancel("python3 has no sqlite3 here") }
    let entry = String(found.output.prefix(16))
    let before = sandbox.bytes()
    let outcome = try sandbox.tally("retract", entry, "--why", "x")
    #expect(outcome.status == 2)
    #expect(
      outcome.errors == """
        error: the entry '\(entry)' is a part of a scan [entry.part-of-scan]
        hint: retract the scan: \(scan.entry.prefix(12))

        """
    )
    #expect(sandbox.bytes() == before)
  }

  @Test("a rebuild gives the books that were there, without a repository")
  func rebuild() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let before = try sandbox.json("verify")
    try FileManager.default.removeItem(at: sandbox.folder.appendingPathComponent(".git"))
    let answer = try sandbox.json("rebuild")
    #expect(answer["before"] as? String == answer["after"] as? String)
    #expect(answer["after"] as? String == before["booksDigest"] as? String)
    #expect(answer["lanes"] as? Int == 1)
    #expect(try sandbox.ok("rebuild").contains("they are what they were: "))
  }

  @Test("verify names what is wrong with status 1, and rebuild mends the books")
  func verify() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    #expect(try sandbox.ok("verify").hasSuffix("every hash, the log and the books agree\n"))
    let script = """
      import sqlite3
      db = sqlite3.connect("ledger.db")
      db.execute("DELETE FROM posting WHERE rowid = (SELECT max(rowid) FROM posting)")
      db.commit()
      """
    guard try sandbox.shell("python3 -c '\(script)'").status == 0 else {
      try Test.cancel("python3 has no sqlite3 here")
    }
    let broken = try sandbox.tally("verify")
    #expect(broken.status == 1)
    #expect(broken.output.hasPrefix("wrong: the postings of lintel@main are not those"))
    #expect(!broken.output.contains("VerifyFinding("))
    let rebuilt = try sandbox.tally("rebuild")
    #expect(rebuilt.status == 1)
    #expect(rebuilt.output.contains("they differed, and are right now: "))
    #expect(try sandbox.tally("verify").status == 0)
  }
}
