import Foundation
import Testing

/// Lanes: listed, and renamed with their ids and history.
@Suite struct LaneTests {
  private func lanes(_ sandbox: Sandbox, _ options: String...) throws -> [[String: Any]] {
    let outcome = try sandbox.run(["lane", "list", "--output", "json"] + options)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try outcome.json()["lanes"] as? [[String: Any]] ?? []
  }

  private func ids(_ sandbox: Sandbox, _ options: String...) throws -> [String] {
    let answer = try sandbox.run(["list", "--output", "json"] + options).json()
    return (answer["violations"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
      .sorted()
  }

  @Test("every lane is listed with its last scan, its age and what is open")
  func list() throws {
    let sandbox = try Sandbox()
    #expect(try sandbox.tally("lane", "list").errors.contains("[ledger."))
    try sandbox.playShop()
    try sandbox.commit("Nothing")
    try sandbox.scan(Linter(tool: "other", category: "nightly/", succeeds: false))
    let found = try lanes(sandbox)
    #expect(
      found.map { $0["name"] as? String }
        == ["junit@main", "lintel@main", "other/nightly@main"]
    )
    #expect(found.map { $0["kind"] as? String } == ["tests", "scan", "scan"])
    #expect(found.map { $0["open"] as? Int } == [1, 7, 7])
    #expect(found.map { $0["scans"] as? Int } == [1, 3, 1])
    #expect(found.map { $0["failed"] as? Int } == [0, 0, 1])
    #expect(found.map { $0["ageDays"] as? Int } == [1, 1, 0])
    #expect(found[1]["commit"] as? String == (try sandbox.git("rev-parse", "HEAD~1")))
    #expect(try lanes(sandbox, "--as-of", "2026-03-01").map { $0["open"] as? Int } == [6])
    #expect(try lanes(sandbox, "--known-at", "0").isEmpty)
    sandbox.now = "2026-04-20T12:00:00Z"
    #expect(try lanes(sandbox).allSatisfy { $0["isStale"] as? Bool == true })
    try expectGolden(try sandbox.ok("lane", "list"), "lanes.txt")
  }

  @Test("a renamed category goes on in the new lane, with its ids, history and waivers")
  func rename() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let before = try ids(sandbox)
    let id = try sandbox.violation("--rule", "no-eval", "--path", "src/tools/*")
    try sandbox.ok("waive", id, "--why", "Later", "--until", "90d")
    let statement = try sandbox.ok("statement")
    let life = try sandbox.ok("show", id)
    let text = try sandbox.ok("lane", "rename", "lintel@main", "lintel/app@main", "--why", "Split")
    #expect(text.hasPrefix("renamed lintel@main to lintel/app@main  root "))
    #expect(try lanes(sandbox).map { $0["name"] as? String }.contains("lintel/app@main"))
    #expect(try lanes(sandbox).allSatisfy { $0["name"] as? String != "lintel@main" })
    #expect(try sandbox.ok("statement") == statement)
    #expect(
      try sandbox.ok("show", id).replacingOccurrences(of: "lintel/app@", with: "lintel@") == life
    )
    // The next scan comes under the new name, and fixes one.
    try sandbox.edit("src/app.py", "exec(script)", "return script")
    try sandbox.commit("Run nothing")
    let next = try sandbox.scan(Linter(category: "app/"))
    #expect(next.lane == "lintel/app@main")
    #expect(next.postings == ["fixed": 1])
    #expect(Set(try ids(sandbox)).isSubset(of: before))
    #expect(try sandbox.violation("--state", "waived") == id)
    #expect(try sandbox.json("verify")["findings"] as? [String] == [])
    let digest = try sandbox.json("rebuild")
    #expect(digest["before"] as? String == digest["after"] as? String)
  }

  @Test("a scan that still comes under the old name is taken in under the new one")
  func oldName() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    try sandbox.ok("lane", "rename", "lintel@main", "lintel/app@main", "--why", "Split")
    try sandbox.edit("src/app.py", "exec(script)", "return script")
    try sandbox.commit("Run nothing")
    let next = try sandbox.scan()
    #expect(next.lane == "lintel/app@main")
    #expect(next.before == 7 && next.open == 6)
    #expect(next.postings == ["fixed": 1])
    #expect(try lanes(sandbox).count == 2)
    #expect(try sandbox.json("verify")["findings"] as? [String] == [])
  }

  @Test("where both lanes have scans they become one, and every id is answered to")
  func unite() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let old = try ids(sandbox)
    try sandbox.commit("Give the category a name")
    let moved = try sandbox.scan(Linter(category: "app/"))
    #expect(moved.postings == ["brought forward": 7])
    let doubled = try ids(sandbox)
    #expect(doubled.count == 14)
    let new = Set(doubled).subtracting(old).sorted()
    let outcome = try sandbox.tally(
      "lane",
      "rename",
      "lintel@main",
      "lintel/app@main",
      "--why",
      "One lane"
    )
    #expect(outcome.status == 0)
    #expect(
      outcome.errors == "warning: lintel/app@main had scans of its own: the two are one lane now, "
        + "in the order of their commits\n"
    )
    #expect(try ids(sandbox) == old)
    for id in new {
      let shown = try sandbox.json("show", id)["violation"] as? [String: Any]
      #expect(old.contains(shown?["id"] as? String ?? ""), "\(id)")
    }
    #expect(try sandbox.json("verify")["findings"] as? [String] == [])
    // Taking it back gives both lanes their own books again.
    let entry = try #require(
      sandbox.json("lane", "rename", "lintel/app@main", "lintel/x@main", "--why", "x")["entry"]
        as? String
    )
    try sandbox.ok("retract", entry, "--why", "No")
    #expect(try ids(sandbox) == old)
  }

  @Test("a retracted rename gives both lanes their own books again")
  func retract() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    try sandbox.commit("Give the category a name")
    try sandbox.scan(Linter(category: "app/"))
    let before = try sandbox.json("verify")["booksDigest"] as? String
    let all = try ids(sandbox)
    let answer = try sandbox.json(
      "lane",
      "rename",
      "lintel@main",
      "lintel/app@main",
      "--why",
      "One lane"
    )
    #expect(try ids(sandbox) != all)
    try sandbox.ok("retract", answer["entry"] as? String ?? "", "--why", "They differ")
    #expect(try ids(sandbox) == all)
    #expect(try sandbox.json("verify")["booksDigest"] as? String == before)
  }

  @Test("what cannot be renamed is refused with a sentence, and nothing is recorded")
  func refused() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    func refused(_ from: String, _ to: String, why: String = "x") throws -> String {
      let before = sandbox.bytes()
      let outcome = try sandbox.tally("lane", "rename", from, to, "--why", why)
      #expect(outcome.status == 2 && outcome.output == "")
      #expect(sandbox.bytes() == before)
      return outcome.errors
    }
    #expect(try refused("lintel", "lintel/a@main").contains("[lane.bad-name]"))
    #expect(try refused("lintel@main", "/a@main").contains("[lane.bad-name]"))
    #expect(try refused("lintel@main", "lintel/@main").contains("[lane.bad-name]"))
    #expect(try refused("lintel@main", "a\u{1B}[31m@main").contains("[lane.bad-name]"))
    #expect(try refused("lintel@main", "lintel@main").contains("[lane.same]"))
    #expect(try refused("ruff@main", "lintel@main").contains("the lanes are: junit@main, lintel"))
    #expect(try refused("lintel@main", "lintel/a@main", why: " ").contains("[record.no-reason]"))
    try sandbox.ok("lane", "rename", "lintel@main", "lintel/@scope/a@main", "--why", "x")
    #expect(try refused("lintel@main", "b@main").contains("[lane.renamed-before]"))
    #expect(try refused("lintel/@scope/a@main", "lintel@main").contains("[lane.same]"))
    #expect(try lanes(sandbox).compactMap { $0["category"] as? String } == ["", "@scope/a"])
  }
}
