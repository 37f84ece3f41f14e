import Foundation
import Testing

/// Two projects on one ref: refused before anything is made or united, unless `tally.yml` says that it is meant.
@Suite struct SharedProjectTests {
  /// A remote with the ledger of the shop, and a job whose `tally.yml` calls the project otherwise.
  private func two(_ sandbox: Sandbox) throws -> (remote: Remote, shop: Job, other: Job) {
    let remote = try Remote(sandbox)
    let shop = try remote.job("job")
    try shop.lint()
    try shop.ok("ingest", "--push", "lint.sarif")
    let other = try remote.job("other")
    try configure("project: billing", other)
    try other.lint()
    return (remote, shop, other)
  }

  private func configure(_ text: String, _ job: Job) throws {
    try Data("version: 1\n\(text)\n".utf8)
      .write(to: job.folder.appendingPathComponent("tally.yml"))
  }

  private func expectRefusal(
    _ outcome: Outcome,
    _ sentence: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(outcome.status == 2 && outcome.output == "", sourceLocation: sourceLocation)
    #expect(
      outcome.errors.hasPrefix(
        "error: \(sentence) [share.other-project]\nhint: if it is the same project under another name"
      ),
      "\(outcome.errors)",
      sourceLocation: sourceLocation
    )
  }

  @Test("a job of another project is refused, until tally.yml allows it")
  func allowed() throws {
    let sandbox = try Sandbox()
    let (_, shop, other) = try two(sandbox)
    let sentence =
      "refs/tally/ledger on origin holds the ledger of 'shop', and this is 'billing'"
    expectRefusal(try other.tally("ingest", "--push", "lint.sarif"), sentence)
    try configure("project: billing\nshare: {projects: [sh*]}", other)
    try other.ok("ingest", "--push", "lint.sarif")
    #expect(try shop.tally("pull").errors.contains("'billing', and this is 'shop'"))
  }

  /// Method: a refused push leaves every object of the repository for objects as it was, so no bundle was made.
  @Test("a push is refused before a bundle is made, and neither side changes")
  func push() throws {
    let sandbox = try Sandbox()
    let (remote, _, other) = try two(sandbox)
    try other.ok("ingest", "lint.sarif")
    let before = try remote.git("rev-parse", Remote.ref)
    let mine = try other.digests()
    let sentence =
      "refs/tally/ledger on origin holds the ledger of 'shop', and this is 'billing'"
    expectRefusal(try other.tally("push"), sentence)
    func objects() throws -> String {
      try other.git("--git-dir=.git/tally", "cat-file", "--batch-check", "--batch-all-objects")
    }
    let fetched = try objects()
    #expect(fetched.contains(" blob "))
    expectRefusal(try other.tally("push"), sentence)
    #expect(try objects() == fetched)
    #expect(try remote.git("rev-parse", Remote.ref) == before)
    #expect(try other.digests() == mine)
  }

  @Test("the ledger of another project, named by --ledger, is not pushed from here")
  func wrongLedger() throws {
    let sandbox = try Sandbox()
    let (remote, shop, other) = try two(sandbox)
    try other.ok("ingest", "lint.sarif")
    let before = try remote.git("rev-parse", Remote.ref)
    let ledger = other.folder.appendingPathComponent("ledger.db")
    try FileManager.default.copyItem(at: ledger, to: shop.folder.appendingPathComponent("b.db"))
    expectRefusal(
      try shop.tally("push", "--ledger", "b.db"),
      "b.db holds the ledger of 'billing', and this is 'shop'"
    )
    // To a ref of its own neither: what is typed here is about the shop.
    expectRefusal(
      try shop.tally("push", "--ledger", "b.db", "--ref", "refs/tally/billing"),
      "b.db holds the ledger of 'billing', and this is 'shop'"
    )
    #expect(try remote.git("rev-parse", Remote.ref) == before)
    #expect(try remote.git("for-each-ref", "refs/tally/billing") == "")
  }

  @Test("where nothing names the project, the ledger does")
  func unnamed() throws {
    let sandbox = try Sandbox()
    let (remote, shop, other) = try two(sandbox)
    try other.ok("ingest", "lint.sarif")
    let plain = sandbox.outside.appendingPathComponent("plain")
    try FileManager.default.createDirectory(at: plain, withIntermediateDirectories: true)
    for (job, name) in [(shop, "shop.db"), (other, "billing.db")] {
      let ledger = job.folder.appendingPathComponent("ledger.db")
      try FileManager.default.copyItem(at: ledger, to: plain.appendingPathComponent(name))
    }
    func tally(_ command: String, _ ledger: String) throws -> Outcome {
      try sandbox.run([command, "--remote", remote.url, "--ledger", ledger], in: plain)
    }
    let before = try remote.git("rev-parse", Remote.ref)
    for command in ["push", "pull"] {
      let bytes = FileManager.default.contents(atPath: "\(plain.path)/billing.db")
      expectRefusal(
        try tally(command, "billing.db"),
        "refs/tally/ledger on \(remote.url) holds the ledger of 'shop', and this is 'billing'"
      )
      #expect(FileManager.default.contents(atPath: "\(plain.path)/billing.db") == bytes)
      #expect(try tally(command, "shop.db").status == 0)
    }
    #expect(try tally("pull", "new.db").status == 0)
    #expect(try remote.git("rev-parse", Remote.ref) == before)
  }
}
