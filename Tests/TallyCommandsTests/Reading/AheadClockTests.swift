import Foundation
import Testing

/// Commits whose clock is ahead of the one that reads: they are seen, said once, and hide nothing behind them.
///
/// Method: the sandbox commits at 10:00 of a day; the clock of `tally` is set before that.
@Suite struct AheadClockTests {
  /// Two scans, the second of a commit that is ten minutes ahead and fixed one of 6.
  private func play() throws -> Sandbox {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.writeConfiguration()
    try sandbox.commit("Start")
    try sandbox.scan()
    try sandbox.edit("src/app.py", "exec(script)", "return script")
    try sandbox.commit("Run nothing")
    sandbox.now = "2026-03-02T09:50:00Z"
    return sandbox
  }

  private func open(_ sandbox: Sandbox, _ options: String...) throws -> Int {
    let outcome = try sandbox.run(["list", "--output", "json"] + options)
    return (try outcome.json()["violations"] as? [Any])?.count ?? -1
  }

  private func warnings(_ answer: [String: Any]) -> [String] {
    (answer["warnings"] as? [String] ?? []).filter { $0.contains("commit") }
  }

  @Test("every reading command sees the head of a lane that is ahead of the clock")
  func readers() throws {
    let sandbox = try play()
    let run = try sandbox.scan()
    #expect(run.open == 5)
    #expect(run.warnings.count { $0.contains("one of the two clocks is wrong") } == 1)
    let list = try sandbox.json("list")
    #expect((list["violations"] as? [Any])?.count == 5)
    #expect(warnings(list).count == 1)
    #expect(warnings(list)[0].contains("it counts from 2026-03-02T09:50:00Z"))
    let statement = try sandbox.json("statement")
    #expect((statement["total"] as? [String: Any])?["closing"] as? Int == 5)
    #expect(warnings(statement).count == 1)
    let lanes = try sandbox.json("lane", "list")
    let lane = try #require((lanes["lanes"] as? [[String: Any]])?.first)
    #expect(lane["open"] as? Int == 5 && lane["ageDays"] as? Int == 0)
    #expect(warnings(lanes).count == 1)
    let trend = try sandbox.json("trend", "--every", "day")
    let last = try #require((trend["periods"] as? [[String: Any]])?.last)
    #expect((last["total"] as? [String: Any])?["closing"] as? Int == 5)
    #expect(last["scans"] as? Int == 1)
    let fixed = try sandbox.violation("--state", "closed")
    let shown = try sandbox.json("show", fixed)["violation"] as? [String: Any]
    #expect(shown?["state"] as? String == "closed")
    let post = try sandbox.ok("report", "status-update.md")
    #expect(post.contains("**4 → 3** open violations"), "\(post)")
    #expect(post.ranges(of: "the clock that made it is ahead").count == 1)
    // A date still means a date.
    #expect(try open(sandbox, "--as-of", "2026-03-01") == 6)
  }

  @Test("a post that saw such a commit is made again to the byte, whenever")
  func reproduced() throws {
    let sandbox = try play()
    try sandbox.scan()
    let post = try sandbox.ok("report", "status-update.md")
    try sandbox.write(post, to: "post.md")
    #expect(post.contains("As of 2026-03-02T09:50:00Z"))
    for now in ["2026-03-02T09:55:00Z", "2026-03-02T12:00:00Z", "2027-01-01T00:00:00Z"] {
      sandbox.now = now
      #expect(try sandbox.tally("report", "--check", "post.md").status == 0, "\(now)")
    }
    // And by hand, with what its footer says.
    #expect(try open(sandbox, "--as-of", "2026-03-02T09:50:00Z") == 5)
    #expect(
      try sandbox.ok("report", "status-update.md", "--as-of", "2026-03-02T09:50:00Z") == post
    )
  }

  @Test("what was known before is read to the end of each lane, too")
  func knownAt() throws {
    let sandbox = try play()
    try sandbox.scan()
    let size = try #require(try sandbox.json("verify")["size"] as? Int)
    try sandbox.edit("src/app.py", "print(amount)", "return amount")
    try sandbox.commit("Print nothing")
    try sandbox.scan()
    #expect(try open(sandbox) == 4)
    sandbox.now = "2026-03-02T09:55:00Z"
    #expect(try open(sandbox) == 4)
    #expect(try open(sandbox, "--known-at", "\(size)") == 5)
  }

  @Test("a commit of 2037 hides no commit behind it, and no date between them")
  func brokenClock() throws {
    let sandbox = try play()
    let year = 4000
    sandbox.pass(days: year)
    try sandbox.git("commit", "-q", "--allow-empty", "-m", "In 2037")
    // The clock of the sandbox goes on as if nothing had happened.
    sandbox.pass(days: -year)
    sandbox.now = "2026-03-02T12:00:00Z"
    try sandbox.scan()
    #expect(try open(sandbox) == 5)
    try sandbox.edit("src/app.py", "print(amount)", "return amount")
    try sandbox.commit("Print nothing")
    try sandbox.scan()
    try sandbox.edit("src/tools/export.py", "print(row)", "return row")
    try sandbox.commit("Print no row")
    try sandbox.scan()
    #expect(try open(sandbox) == 3)
    #expect(try open(sandbox, "--as-of", "2026-03-02") == 5)
    #expect(try open(sandbox, "--as-of", "2026-03-03") == 4)
    #expect(try open(sandbox, "--as-of", "HEAD~1") == 4)
    #expect(try open(sandbox, "--as-of", "HEAD~2") == 5)
    let trend = try sandbox.json("trend", "--every", "day")
    let periods = try #require(trend["periods"] as? [[String: Any]])
    #expect(
      periods.map { ($0["total"] as? [String: Any])?["closing"] as? Int } == [6, 5, 4, 3]
    )
    let lane = try #require(
      (try sandbox.json("lane", "list")["lanes"] as? [[String: Any]])?.first
    )
    #expect(lane["ageDays"] as? Int == 0 && lane["isStale"] as? Bool == false)
    let post = try sandbox.ok("report", "status-update.md")
    #expect(!post.contains("As of 2037"))
    #expect(post.ranges(of: "the clock that made it is ahead").count == 1)
    try sandbox.write(post, to: "post.md")
    #expect(try sandbox.tally("report", "--check", "post.md").status == 0)
  }

  @Test("a waiver of now holds for what a commit of 2037 brought, and ends with the clock")
  func waived() throws {
    let sandbox = try play()
    sandbox.pass(days: 4000)
    try sandbox.write("x = eval(a)\n", to: "src/late.py")
    try sandbox.git("add", "src/late.py")
    try sandbox.git("commit", "-q", "-m", "In 2037")
    sandbox.pass(days: -4000)
    sandbox.now = "2026-03-02T12:00:00Z"
    try sandbox.scan()
    let id = try sandbox.violation("--path", "src/late.py")
    try sandbox.ok("waive", id, "--why", "Later", "--until", "9d")
    #expect(try sandbox.violation("--state", "waived") == id)
    sandbox.now = "2026-03-20T12:00:00Z"
    #expect(try sandbox.violation("--path", "src/late.py", "--state", "open") == id)
  }

  @Test("of two lanes the one that is ahead does not move the other's age or dates")
  func twoLanes() throws {
    let sandbox = try play()
    try sandbox.scan()
    try sandbox.scan(Linter(tool: "other", rules: ["no-eval"]))
    let lanes = try #require(try sandbox.json("lane", "list")["lanes"] as? [[String: Any]])
    #expect(lanes.map { $0["open"] as? Int } == [5, 3])
    #expect(lanes.allSatisfy { $0["ageDays"] as? Int == 0 })
    let list = try sandbox.json("list")
    #expect(warnings(list).count == 1)
  }

  @Test("tests of a commit that is ahead count")
  func tests() throws {
    let sandbox = try play()
    try sandbox.write(
      "<testsuites><testsuite name=\"t\"><testcase classname=\"a\" name=\"b\"><failure message=\"m\"/></testcase></testsuite></testsuites>\n",
      to: "tests.xml"
    )
    try sandbox.ok("ingest", "tests.xml")
    let lanes = try #require(try sandbox.json("lane", "list")["lanes"] as? [[String: Any]])
    #expect(lanes.first { $0["kind"] as? String == "tests" }?["open"] as? Int == 1)
  }
}
