import Foundation
import Testing

/// A project that has another name now: said until it is renamed, and then everything goes along.
@Suite struct ProjectRenameTests {
  private static let command = "tally lane rename --project shop store --why TEXT"

  /// The shop's books, with a waiver, an attestation, tests and a measurement; from then on it is called `store`.
  private func play() throws -> (sandbox: Sandbox, id: String) {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let id = try sandbox.violation("--rule", "no-eval", "--path", "src/tools/*")
    try sandbox.ok("waive", id, "--why", "Later", "--until", "90d")
    try sandbox.ok("attest", "operations", "--why", "Seen", "--until", "90d")
    try sandbox.ok("measure", "rss_mb=412")
    try rename(sandbox)
    return (sandbox, id)
  }

  private func rename(_ sandbox: Sandbox) throws {
    let text = try sandbox.read("tally.yml")
    try sandbox.write(
      text.replacingOccurrences(of: "project: shop", with: "project: store"),
      to: "tally.yml"
    )
  }

  private func ids(_ sandbox: Sandbox, _ options: String...) throws -> [String] {
    let answer = try sandbox.run(["list", "--output", "json"] + options).json()
    return (answer["violations"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
      .sorted()
  }

  @Test("until then ingest, lists, posts and gate say that another project's scans lie here")
  func said() throws {
    let (sandbox, _) = try play()
    #expect(try sandbox.tally("list").errors.contains(Self.command))
    try sandbox.commit("Call it store")
    let run = try sandbox.scan()
    #expect(run.warnings.count { $0.contains(Self.command) } == 1, "\(run.warnings)")
    for words in [["list"], ["statement"], ["lane", "list"], ["trend"], ["gate"]] {
      let outcome = try sandbox.run(words)
      #expect(
        outcome.errors.ranges(of: Self.command).count == 1,
        "\(words): \(outcome.errors)"
      )
    }
    #expect(try sandbox.ok("report", "status-update.md").contains("the project 'shop'"))
    // Two projects that go on side by side are two.
    try sandbox.write(
      try sandbox.read("tally.yml").replacingOccurrences(of: "store", with: "shop"),
      to: "tally.yml"
    )
    try sandbox.commit("The shop goes on")
    try sandbox.scan()
    #expect(!(try sandbox.tally("list").errors.contains("lane rename")))
  }

  @Test("a renamed project keeps ids, history, waivers, attestations, tests and measurements")
  func kept() throws {
    let (sandbox, id) = try play()
    try sandbox.write(
      try sandbox.read("tally.yml").replacingOccurrences(of: "store", with: "shop"),
      to: "tally.yml"
    )
    let before = try ids(sandbox)
    let statement = try sandbox.ok("statement")
    let life = try sandbox.ok("show", id)
    try rename(sandbox)
    let text = try sandbox.ok("lane", "rename", "--project", "shop", "store", "--why", "New name")
    #expect(text.hasPrefix("renamed the project shop to store  root "))
    #expect(try ids(sandbox) == before)
    #expect(try sandbox.ok("statement") == statement)
    #expect(try sandbox.ok("show", id) == life)
    #expect(try sandbox.violation("--state", "waived") == id)
    #expect(!(try sandbox.tally("list").errors.contains("lane rename")))
    let lanes = try #require(try sandbox.json("lane", "list")["lanes"] as? [[String: Any]])
    #expect(lanes.allSatisfy { $0["project"] as? String == "store" })
    #expect(lanes.contains { $0["renamedFrom"] as? [String] == ["lintel@main of shop"] })
    try sandbox.edit("src/app.py", "exec(script)", "return script")
    try sandbox.commit("Run nothing")
    let next = try sandbox.scan()
    #expect(next.postings == ["fixed": 1])
    let digest = try sandbox.json("rebuild")
    #expect(digest["before"] as? String == digest["after"] as? String)
    #expect(try sandbox.json("verify")["findings"] as? [String] == [])
  }

  @Test(
    "what still comes under the old name is taken in, and the old tally.yml reads the new books"
  )
  func late() throws {
    let (sandbox, _) = try play()
    try sandbox.ok("lane", "rename", "--project", "shop", "store", "--why", "New name")
    try sandbox.write(
      try sandbox.read("tally.yml").replacingOccurrences(of: "store", with: "shop"),
      to: "tally.yml"
    )
    try sandbox.edit("src/app.py", "exec(script)", "return script")
    try sandbox.commit("Run nothing")
    let next = try sandbox.scan()
    #expect(next.postings == ["fixed": 1])
    let old = try ids(sandbox)
    // A lane that the old name never had.
    try sandbox.scan(Linter(tool: "other", rules: ["no-print"]))
    try rename(sandbox)
    let lanes = try #require(try sandbox.json("lane", "list")["lanes"] as? [[String: Any]])
    #expect(lanes.map { $0["name"] as? String }.contains("other@main"))
    #expect(lanes.allSatisfy { $0["project"] as? String == "store" })
    #expect(Set(old).isSubset(of: try ids(sandbox)))
    let digest = try sandbox.json("rebuild")
    #expect(digest["before"] as? String == digest["after"] as? String)
    #expect(try sandbox.json("verify")["findings"] as? [String] == [])
  }

  @Test("scans of both names become one lane, and taking the entry back gives both their own again")
  func united() throws {
    let (sandbox, id) = try play()
    try sandbox.commit("Call it store")
    try sandbox.scan()
    #expect(try sandbox.tally("list", "--state", "waived").output == "no violations\n")
    let answer = try sandbox.json("lane", "rename", "--project", "shop", "store", "--why", "One")
    let entry = try #require(answer["entry"] as? String)
    #expect((answer["warnings"] as? [String])?.first?.contains("entries of its own") == true)
    #expect(try sandbox.violation("--state", "waived") == id)
    let lanes = try #require(try sandbox.json("lane", "list")["lanes"] as? [[String: Any]])
    #expect(lanes.count { $0["kind"] as? String == "scan" } == 1)
    try sandbox.ok("retract", entry, "--why", "No")
    #expect(try sandbox.tally("list", "--state", "waived").output == "no violations\n")
    #expect(try sandbox.tally("list").errors.contains(Self.command))
  }

  @Test("what cannot be renamed is refused with what to do")
  func refused() throws {
    let (sandbox, _) = try play()
    func code(_ old: String, _ new: String) throws -> String {
      let outcome = try sandbox.tally("lane", "rename", "--project", old, new, "--why", "x")
      #expect(outcome.status == 2 && outcome.errors.contains("\nhint: "))
      return String(outcome.errors.split(separator: "[")[1].prefix { $0 != "]" })
    }
    #expect(try code("shop", "shop") == "lane.same-project")
    #expect(try code("nothing", "store") == "lane.unknown-project")
    #expect(try code("shop", " ") == "lane.bad-project")
    try sandbox.ok("lane", "rename", "--project", "shop", "store", "--why", "x")
    #expect(try code("shop", "other") == "lane.project-renamed-before")
    #expect(try code("store", "shop") == "lane.same-project")
  }

  @Test("a fresh runner takes the renamed project from the ref, under the new name")
  func shared() throws {
    let sandbox = try Sandbox()
    let remote = try Remote(sandbox, protects: false)
    let job = try remote.job("job")
    try job.lint()
    try job.ok("ingest", "--push", "lint.sarif")
    try sandbox.write("version: 1\nproject: store\n", to: "tally.yml")
    try sandbox.commit("Call it store")
    try sandbox.git("push", "-q", "origin", "main")
    let other = try remote.job("other")
    try other.lint()
    let refusal = try other.tally("ingest", "--push", "lint.sarif")
    #expect(refusal.errors.contains("[share.other-project]"))
    #expect(refusal.errors.contains(Self.command))
    // In the ledger that holds it, the past is taken along.
    try job.ok("lane", "rename", "--project", "shop", "store", "--why", "New name")
    try job.ok("push")
    let answer = try other.json("ingest", "--push", "lint.sarif")
    let run = try #require((answer["runs"] as? [[String: Any]])?.first)
    #expect(run["openBefore"] as? Int == 6 && run["openAfter"] as? Int == 6)
    // The job with the old name goes on, too.
    try job.ok("pull")
    #expect(try job.digests().books == other.digests().books)
  }
}
