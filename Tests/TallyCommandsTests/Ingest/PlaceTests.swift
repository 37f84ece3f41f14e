import Foundation
import Testing

/// Where findings are: what reports call files, and findings about no file.
@Suite struct PlaceTests {
  /// A report of `lintel` with these results, and other properties of the run.
  private func log(_ results: [String], run: String = "") -> String {
    """
    {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Lintel"}}\(run),
    "results": [\(results.joined(separator: ","))]}]}
    """
  }

  private func result(_ uri: String, line: Int, base: String = "") -> String {
    let base = base.isEmpty ? "" : #", "uriBaseId": "\#(base)""#
    return #"""
      {"ruleId": "R1", "message": {"text": "bad"}, "locations": [{"physicalLocation": {
      "artifactLocation": {"uri": "\#(uri)"\#(base)}, "region": {"startLine": \#(line)}}}]}
      """#
  }

  private func lines(_ bad: [Int]) -> String {
    (1...9).map { bad.contains($0) ? "bad_\($0)()\n" : "v\($0) = \($0)\n" }.joined()
  }

  private func paths(_ sandbox: Sandbox) throws -> [String] {
    let answer = try sandbox.json("list")
    return (answer["violations"] as? [[String: Any]] ?? []).compactMap { $0["path"] as? String }
  }

  private func warnings(_ sandbox: Sandbox, _ log: String) throws -> [String] {
    try sandbox.write(log, to: "lint.sarif")
    let answer = try sandbox.json("ingest", "lint.sarif")
    return answer["warnings"] as? [String] ?? []
  }

  @Test("a violation about no file is in every list and count, until it is gone")
  func noFile() throws {
    let sandbox = try Sandbox()
    try sandbox.write("FROM scratch\n", to: "Dockerfile")
    try sandbox.write(".DS_Store\nledger.db*\n*.sarif\n", to: ".gitignore")
    try sandbox.commit("Start")
    let user = #"{"ruleId": "CIS-1", "message": {"text": "Create a user"}, "locations": []}"#
    let setting = #"""
      {"ruleId": "S-1", "message": {"text": "Turn it on"},
      "locations": [{"logicalLocations": [{"fullyQualifiedName": "org.settings.tls"}]}]}
      """#
    #expect(try warnings(sandbox, log([user, setting])).isEmpty)
    #expect(try paths(sandbox) == ["", ""])
    let list = try sandbox.ok("list")
    #expect(list.components(separatedBy: "(no file)").count == 3, "\(list)")
    #expect(list.hasSuffix("2 violations\n"))
    let id = try #require(list.split(separator: "\n").first { $0.contains("CIS-1") }?.prefix(8))
    #expect(try sandbox.ok("show", String(id)).contains("(no file)"))
    for key in ["folder", "path"] {
      #expect(try sandbox.ok("statement", "..", "--by", key).contains("(no file)"))
    }
    #expect(try sandbox.ok("statement", "..").contains("2"))
    // One of them is missing from the same tree: that is no word on what became of it.
    try sandbox.commit("Nothing")
    #expect(try warnings(sandbox, log([setting])).contains { $0.contains("not seen") })
    #expect(try sandbox.ok("list").hasSuffix("2 violations\n"))
    // It is gone after a change, though no file tells why.
    try sandbox.write("FROM alpine\n", to: "Dockerfile")
    try sandbox.commit("Change")
    #expect(try warnings(sandbox, log([setting])).isEmpty)
    #expect(try sandbox.ok("list").hasSuffix("1 violation\n"))
    #expect(try sandbox.ok("statement", "..").contains("Unattributed out"))
  }

  @Test("paths below a module, in another case and with marks behind them are followed")
  func followed() throws {
    let sandbox = try Sandbox()
    let bases = #", "originalUriBaseIds": {"%SRCROOT%": {"uri": "file:///home/ci/r/app/"}}"#
    try sandbox.write(lines([3, 5, 7, 9]), to: "app/src/A.kt")
    try sandbox.write("ledger.db*\n*.sarif\n", to: ".gitignore")
    try sandbox.commit("Start")
    let before = [
      result("src/A.kt", line: 3, base: "%SRCROOT%"), result("file:///c:/ci/app/src/a.kt", line: 5),
      result("src\\\\A.kt", line: 7), result("app/src/A.kt#L9", line: 9),
    ]
    let guess =
      "lint.sarif: the file of 2 findings is the only one that is spelled alike, the first "
      + "app/src/A.kt for file:///c:/ci/app/src/a.kt: to be certain, run tally ingest in the folder "
      + "that the tool ran in, or strip the folder before it with --root PREFIX"
    #expect(try warnings(sandbox, log(before, run: bases)) == [guess])
    #expect(try paths(sandbox) == Array(repeating: "app/src/A.kt", count: 4))
    try sandbox.write("// moved\n" + lines([5, 7, 9]), to: "app/src/A.kt")
    try sandbox.commit("Repair")
    let after = [
      result("file:///c:/ci/app/src/a.kt", line: 6), result("src\\\\A.kt", line: 8),
      result("app/src/A.kt#L10", line: 10),
    ]
    #expect(try warnings(sandbox, log(after, run: bases)) == [guess])
    let statement = try sandbox.json("statement", "..")
    let left = (statement["total"] as? [String: Any])?["left"] as? [String: Any]
    #expect(left?.keys.sorted() == ["fixed"])
  }

  @Test("files that the commit lacks, or that fit several, are said once a run")
  func lacking() throws {
    let sandbox = try Sandbox()
    try sandbox.write(lines([3]), to: "web/src/a.js")
    try sandbox.write(lines([3]), to: "api/src/a.js")
    try sandbox.write(lines([3]), to: "b.js")
    try sandbox.commit("Start")
    let results = [
      result("dist/z.js", line: 1), result("dist/y.js", line: 1), result("dist/y.js", line: 2),
      result("src/a.js", line: 3), result("b.js", line: 3),
    ]
    let found = try warnings(sandbox, log(results))
    #expect(
      found == [
        "lint.sarif: 3 findings are in files that the commit lacks, the first is dist/y.js: where "
          + "they aren't generated, --root PREFIX strips the folder they were scanned in",
        "lint.sarif: 1 finding is in a file whose path fits several of the commit, src/a.js: run "
          + "tally ingest in the folder that the tool ran in, or strip the folder before it with "
          + "--root PREFIX",
      ]
    )
    // The remedy: in the folder the tool ran in.
    let other = try Sandbox()
    try other.write(lines([3]), to: "web/src/a.js")
    try other.write(lines([3]), to: "api/src/a.js")
    try other.write(log([result("src/a.js", line: 3)]), to: "web/lint.sarif")
    try other.commit("Start")
    let web = other.folder.appendingPathComponent("web")
    let outcome = try other.run(["ingest", "lint.sarif", "--ledger", "../ledger.db"], in: web)
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(try paths(other) == ["web/src/a.js"])
  }

  @Test("a clone without contents, and no git at all")
  func partial() throws {
    let sandbox = try Sandbox()
    try sandbox.write(lines([3]), to: "web/src/a.js")
    try sandbox.commit("Start")
    try sandbox.write(lines([3, 4]), to: "web/src/a.js")
    try sandbox.commit("More")
    let report = log([result("/build/web/src/a.js", line: 3), result("gone.js", line: 1)])
    try sandbox.git("config", "uploadpack.allowFilter", "true")
    let clone = sandbox.outside.appendingPathComponent("clone")
    try sandbox.git(
      "clone",
      "-q",
      "--depth",
      "1",
      "--filter=blob:none",
      "--no-checkout",
      "file://\(sandbox.folder.path)",
      clone.path
    )
    try Data(report.utf8).write(to: clone.appendingPathComponent("lint.sarif"))
    let outcome = try sandbox.run(["ingest", "lint.sarif", "--output", "json"], in: clone)
    #expect(outcome.output.contains("1 finding is in a file that the commit lacks, gone.js"))
    let list = try sandbox.run(["list"], in: clone)
    #expect(list.output.contains(" web/src/a.js:3"), "\(list.output)")

    let bare = try Sandbox(git: false)
    try bare.write("version: 1\nproject: bare\n", to: "tally.yml")
    try bare.write(report, to: "lint.sarif")
    let answer = try bare.json(
      "ingest",
      "lint.sarif",
      "--commit",
      String(repeating: "1", count: 40),
      "--branch",
      "main"
    )
    #expect((answer["warnings"] as? [String] ?? []).allSatisfy { !$0.contains("commit lacks") })
  }

  @Test("a report whose runs are null, or that has none, holds no run")
  func noRuns() throws {
    let sandbox = try Sandbox()
    try sandbox.commit("Start")
    for text in [#"{"version": "2.1.0", "runs": null}"#, #"{"version": "2.1.0", "runs": []}"#] {
      try sandbox.write(text, to: "lint.sarif")
      let outcome = try sandbox.tally("ingest", "lint.sarif")
      #expect(outcome.status == 2 && outcome.errors.contains("[ingest.no-runs]"))
    }
  }
}
