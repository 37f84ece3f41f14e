import Foundation
import Testing

/// Rules that a team says have another name now: `rule_aliases` of tally.yml, in the books.
@Suite struct RuleAliasTests {
  private func configure(_ sandbox: Sandbox, _ more: String) throws {
    try sandbox.write("version: 1\nproject: shop\n\(more)", to: "tally.yml")
  }

  /// Two scans: the second is of a version of the tool that calls its rule something else.
  private func played(_ sandbox: Sandbox, _ first: String, _ second: String) throws {
    try configure(sandbox, first)
    try sandbox.writeShop()
    try sandbox.commit("Start")
    try sandbox.scan(Linter(rules: ["no-eval"]))
    try configure(sandbox, second)
    try sandbox.commit("Update the linter")
    try scanRenamed(sandbox)
  }

  @discardableResult
  private func scanRenamed(_ sandbox: Sandbox) throws -> Run {
    let linter = Linter(version: "2.0", rules: ["no-eval"])
    let text = try linter.sarif(of: sandbox.folder)
    try sandbox.write(
      text.replacingOccurrences(of: "\"no-eval\"", with: "\"ban-eval\""),
      to: "new.sarif"
    )
    let outcome = try sandbox.run(["ingest", "new.sarif", "--output", "json"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try Run(outcome.json())
  }

  private func digest(_ sandbox: Sandbox, _ ledger: String = "ledger.db") throws -> String {
    let answer = try sandbox.json("verify", "--ledger", ledger)
    #expect(answer["findings"] as? [String] == [])
    return answer["booksDigest"] as? String ?? ""
  }

  private func ids(_ sandbox: Sandbox) throws -> [String] {
    (try sandbox.json("list")["violations"] as? [[String: Any]] ?? [])
      .compactMap { $0["id"] as? String }.sorted()
  }

  @Test("a rule with another name keeps its violations, whichever way it is written")
  func renamed() throws {
    for aliases in ["{no-eval: ban-eval}", "{lintel: {no-eval: ban-eval}}"] {
      let sandbox = try Sandbox()
      try played(sandbox, "", "rule_aliases: \(aliases)\n")
      #expect(try sandbox.ok("statement", "2026-03-01..").contains("Retired") == false)
      #expect(try sandbox.json("list", "--state", "closed")["violations"] as? [String] == [])
      #expect(try sandbox.json("list", "--rule", "ban-eval")["violations"] as? [Any] != nil)
      _ = try digest(sandbox)
    }
    let other = try Sandbox()
    try played(other, "", "rule_aliases: {another: {no-eval: ban-eval}}\n")
    #expect(try other.ok("statement", "2026-03-01..").contains("Retired"))
  }

  @Test("named later, the past is joined with the next ingest; every id is answered to")
  func later() throws {
    let aliases = "rule_aliases: {no-eval: ban-eval}\n"
    let sandbox = try Sandbox()
    try played(sandbox, "", "")
    let doubled = try ids(sandbox)
    #expect(try sandbox.ok("statement", "2026-03-01..").contains("Retired"))
    let size = try sandbox.json("verify")["size"] as? Int ?? 0
    try configure(sandbox, aliases)
    try sandbox.commit("Say that the rule has another name")
    #expect(try scanRenamed(sandbox).postings.isEmpty)
    let joined = try ids(sandbox)
    #expect(joined.count == doubled.count && Set(joined).isDisjoint(with: doubled))
    for id in doubled {
      let shown = try sandbox.json("show", id)["violation"] as? [String: Any]
      #expect(joined.contains(shown?["id"] as? String ?? ""), "\(id)")
    }
    let expected = try digest(sandbox)
    #expect(try sandbox.json("rebuild")["after"] as? String == expected)
    // The other way round, named before anything was scanned, the books are the same.
    for (report, step) in [("new", "HEAD"), ("lint", "HEAD~2"), ("new", "HEAD~1")] {
      let commit = try sandbox.git("rev-parse", step)
      try sandbox.run([
        "ingest", "\(report).sarif", "--commit", commit, "--branch", "main", "--ledger", "other.db",
      ])
    }
    #expect(try digest(sandbox, "other.db") == expected)
    #expect(
      try sandbox.ok("statement", "2026-03-01..", "--known-at", "\(size)").contains("Retired")
    )
    // Taken out again, the old books are back.
    try configure(sandbox, "")
    try sandbox.commit("Nothing")
    try scanRenamed(sandbox)
    #expect(Set(try ids(sandbox)) == Set(doubled))
    _ = try digest(sandbox)
  }
}
