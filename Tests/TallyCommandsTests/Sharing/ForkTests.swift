import Foundation
import Testing

/// A fork's pull request: a job that may not push writes a bundle, a trusted job takes it as data.
@Suite struct ForkTests {
  /// The fork's job, with a bundle at `fork.tally` in the sandbox.
  private func fork(_ sandbox: Sandbox, _ remote: Remote) throws -> (job: Job, commit: String) {
    let job = try remote.job("fork")
    _ = try job.git("checkout", "-q", "-b", "faster")
    try Data("version: 1\nproject: shop\n".utf8)
      .write(to: job.folder.appendingPathComponent("tally.yml"))
    try sandbox.git("add", "tally.yml", in: job.folder)
    try sandbox.git("commit", "-q", "-m", "Faster than before", in: job.folder)
    try job.lint()
    sandbox.environment = ["TALLY_ACTOR": "Mallory <mallory@fork.example>"]
    try job.ok("ingest", "lint.sarif", "--branch", "eve:faster")
    try job.ok("measure", "rss_mb=390", "--branch", "eve:faster")
    sandbox.environment = [:]
    return (job, try job.git("rev-parse", "HEAD"))
  }

  @Test("scans come as data about one commit, everything else is left out and counted")
  func taken() throws {
    let sandbox = try Sandbox()
    let remote = try Remote(sandbox)
    let (fork, commit) = try fork(sandbox, remote)
    let text = try fork.ok("bundle", "-o", "../../fork.tally")
    #expect(text.hasPrefix("wrote 8 entries to ../../fork.tally  bundle "))
    let trusted = try remote.job("trusted")
    let outcome = try trusted.tally("ingest", "--bundle", "../../fork.tally", "--commit", commit)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      outcome.output.hasPrefix(
        "took 1 evidence, 1 measurements, 1 scan from ../../fork.tally  "
          + "left out 1 commit, 1 config, 3 evidence  root "
      ),
      "\(outcome.output)"
    )
    #expect(outcome.errors.contains("is not in this clone: its sources are not looked at"))
    #expect(try trusted.ok("list", "--branch", "eve:faster").contains("src/app.py"))
    // The gate reads the change in git, which this clone has not fetched: how to is said.
    let gate = try trusted.tally("gate", "--base", "main", "--commit", commit)
    #expect(gate.status == 2 && gate.errors.contains("[git.unknown-revision]\nhint: fetch it, "))
    #expect(gate.errors.contains(" git fetch origin refs/pull/NUMBER/head"), "\(gate.errors)")
    let ledger = try Data(contentsOf: trusted.folder.appendingPathComponent("ledger.db"))
    #expect(ledger.range(of: Data("Mallory".utf8)) == nil, "who brought it is the trusted job")
    #expect(
      ledger.range(of: Data("Faster than".utf8)) == nil,
      "a text that nothing names came along"
    )
    try trusted.ok("verify")
    // Once more changes nothing; and it goes on to the ref with the rest.
    let again = try trusted.ok(
      "ingest",
      "--push",
      "--bundle",
      "../../fork.tally",
      "--commit",
      commit
    )
    #expect(again.contains("nothing new in ../../fork.tally"))
    #expect(again.contains("pushed 3 entries"))
  }

  @Test("claims about another commit, branch or project are refused")
  func refused() throws {
    let sandbox = try Sandbox()
    let remote = try Remote(sandbox)
    let (fork, commit) = try fork(sandbox, remote)
    try fork.ok("bundle", "-o", "../../fork.tally")
    let trusted = try remote.job("trusted")
    func code(_ arguments: String...) throws -> String {
      let outcome = try sandbox.run(["ingest", "--bundle"] + arguments, in: trusted.folder)
      #expect(outcome.status == 2, "\(outcome.output)")
      let match = outcome.errors.firstMatch(of: #/\[([a-z.-]+)\]/#)
      return match.map { String($0.output.1) } ?? outcome.errors
    }
    #expect(try code("../../fork.tally") == "share.other-claim")
    #expect(try code("../../fork.tally", "--commit", "HEAD") == "share.other-claim")
    #expect(
      try code("../../fork.tally", "--commit", commit, "--branch", "main") == "share.other-claim"
    )
    #expect(
      try code("../../fork.tally", "--commit", commit, "--allow", "waivers") == "share.unknown-kind"
    )
    #expect(try code("../../gone.tally", "--commit", commit) == "share.unreadable")
    // A fork that says it is main.
    try fork.ok("ingest", "lint.sarif", "--branch", "main", "--ledger", "main.db")
    try fork.ok("bundle", "-o", "../../main.tally", "--ledger", "main.db")
    #expect(try code("../../main.tally", "--commit", commit) == "share.own-branch")
    try fork.ok("measure", "rss_mb=1", "--branch", "x", "--ledger", "some.db")
    let file = trusted.folder.appendingPathComponent("tally.yml")
    try Data("version: 1\nproject: billing\n".utf8).write(to: file)
    #expect(try code("../../fork.tally", "--commit", commit) == "share.other-claim")
    #expect(!FileManager.default.fileExists(atPath: trusted.folder.path + "/ledger.db"))
  }

  @Test("a waiver of a stranger is left out, unless it was allowed")
  func waivers() throws {
    let sandbox = try Sandbox()
    let remote = try Remote(sandbox)
    let (fork, commit) = try fork(sandbox, remote)
    let list = try fork.json("list", "--rule", "no-exec", "--branch", "*")
    let found = try #require(list["violations"] as? [[String: Any]])
    let id = try #require(found.first?["id"] as? String)
    try fork.ok("waive", id, "--why", "trust me", "--until", "90d")
    try fork.ok("bundle", "-o", "../../fork.tally")
    let trusted = try remote.job("trusted")
    let call = ["ingest", "--bundle", "../../fork.tally", "--commit", commit]
    let first = try sandbox.run(call, in: trusted.folder)
    #expect(first.output.contains("1 waiver"), "\(first.output)\(first.errors)")
    #expect(
      try trusted.ok("list", "--branch", "*", "--state", "waived").contains("no-exec") == false
    )
    let second = try sandbox.run(call + ["--allow", "waiver"], in: trusted.folder)
    #expect(second.output.hasPrefix("took 1 waiver from"), "\(second.output)\(second.errors)")
    #expect(try trusted.ok("list", "--branch", "*", "--state", "waived").contains("no-exec"))
  }
}
