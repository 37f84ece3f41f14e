import Foundation
import Testing

/// The posts beside the status update, from a real ledger and real git.
@Suite struct PostKindTests {
  private static func change() throws -> Sandbox {
    let sandbox = try GateTests.branch()
    try sandbox.edit("src/app.py", "exec(script)", "return script")
    try sandbox.write("def late(text):\n    return eval(text)\n", to: "src/new file.py")
    try sandbox.commit("Run nothing, evaluate late")
    try sandbox.scan()
    return sandbox
  }

  @Test("a pull request's post says what the branch adds and removes, with links where it can")
  func pullRequest() throws {
    let sandbox = try Self.change()
    let head = try sandbox.git("rev-parse", "HEAD")
    let base = try sandbox.git("rev-parse", "main")
    let plain = try sandbox.ok("report", "pull-request")
    #expect(plain.hasPrefix("### `\(head.prefix(9))` adds 1 violation and removes 1\n"))
    #expect(plain.contains("Compared with the merge base with main, `\(base.prefix(9))`."))
    #expect(plain.contains("**Added: 1 violation**\n\n- `src/new file.py:2` `no-eval` "))
    #expect(plain.contains("**Removed: 1 violation**\n\n- `src/app.py:10` `no-exec` "))
    #expect(!plain.contains("https://"))
    let secret = "https://user:secret@github.com/acme/shop.git"
    try sandbox.git("remote", "add", "origin", secret)
    let linked = try sandbox.ok("report", "pull-request", "--base", "main")
    let site = "https://github.com/acme/shop"
    #expect(linked.contains("[`\(head.prefix(9))`](\(site)/commit/\(head))"))
    #expect(linked.contains("[`src/new file.py:2`](\(site)/blob/\(head)/src/new%20file.py#L2)"))
    #expect(linked.contains("[`src/app.py:10`](\(site)/blob/\(base)/src/app.py#L10)"))
    #expect(!linked.contains("secret"))
    let file = "src/new%20file.py"
    for (remote, link) in [
      ("git@gitlab.com:acme/shop.git", "gitlab.com/acme/shop/-/blob/\(head)/\(file)#L2"),
      ("git@bitbucket.org:acme/shop.git", "bitbucket.org/acme/shop/src/\(head)/\(file)#lines-2"),
      ("https://codeberg.org/acme/shop", "codeberg.org/acme/shop/src/commit/\(head)/\(file)#L2"),
    ] {
      try sandbox.git("remote", "set-url", "origin", remote)
      #expect(try sandbox.ok("report", "pull-request").contains("](https://\(link))"), "\(remote)")
    }
    let data = try sandbox.ok("report", "pull-request", "--context")
    try sandbox.write(data, to: "context.json")
    let again = try sandbox.ok("report", "pull-request", "--from-context", "context.json")
    #expect(again == (try sandbox.ok("report", "pull-request")))
  }

  /// Compares a post without its footer, whose digests cover every template.
  private static func expectGolden(_ post: String, _ name: String) throws {
    var normaliser = Normaliser()
    let body = post.components(separatedBy: "\n---\n")[0]
    try TallyCommandsTests.expectGolden(normaliser.text(body), "posts/\(name)")
  }

  @Test("a pull request's post needs no campaign, and says what is missing")
  func undecided() throws {
    let sandbox = try Self.change()
    try sandbox.git("checkout", "-q", "-b", "other")
    try sandbox.write("x = 1\n", to: "src/more.py")
    try sandbox.write("version: 1\nproject: shop\n", to: "tally.yml")
    try sandbox.commit("More")
    let post = try sandbox.ok("report", "pull-request")
    #expect(post.contains("adds and removes nothing"))
    #expect(post.contains("**Not decided yet:** something that a policy needs is missing."))
    #expect(post.contains("| `lintel@other` | the commit has no scan |"))
  }

  @Test("what scanners and paths of a change say stays text")
  func hostileChange() throws {
    let sandbox = try GateOutputTests.play()
    let post = try sandbox.ok("report", "pull-request")
    try Self.expectGolden(post, "pull-request-hostile.md")
  }

  @Test("auditors get waivers, signatures and the verification of the ledger")
  func compliance() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let id = try sandbox.violation("--rule", "no-eval", "--path", "src/app.py")
    try sandbox.ok("waive", id, "--why", "Old orders need it", "--until", "9d")
    try sandbox.ok("attest", "operations", "--why", "Drill passed", "--until", "90d")
    let post = try sandbox.ok("report", "release-compliance")
    try Self.expectGolden(post, "release-compliance.md")
    #expect(post.contains("**Valid.**"))
    let ledger = sandbox.folder.appendingPathComponent("ledger.db").path
    let harm = try sandbox.shell(
      "sqlite3 '\(ledger)' \"UPDATE text SET content = CAST('x' AS BLOB)\" 2>/dev/null"
    )
    if harm.status == 0 {
      let broken = try sandbox.tally("report", "release-compliance")
      #expect(broken.status != 0 || broken.output.contains("**Not valid.**"))
    }
  }

  @Test("every built-in post is written from a ledger, as it was asked for and from its data")
  func everyPost() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    for name in ["weekly", "slack", "status-update.html", "status-update", "release-compliance"] {
      let post = try sandbox.ok("report", name)
      #expect(post.contains("No code from text"), "\(name)")
      try sandbox.write(try sandbox.ok("report", name, "--context"), to: "context.json")
      #expect(try sandbox.ok("report", name, "--from-context", "context.json") == post, "\(name)")
    }
    let schema = try JSONSchema(
      Data(contentsOf: Golden.project.appendingPathComponent("docs/context.schema.json"))
    )
    for name in ["json", "release-compliance", "weekly"] {
      #expect(schema.mistakes(in: try sandbox.json("report", name, "--context")) == [], "\(name)")
    }
    var wrong = try sandbox.json("report", "--context")
    wrong["priorities"] = [["count": "four"]]
    #expect(schema.mistakes(in: wrong) == [".priorities[0].count: is no integer"])
    // The footer says which template the data was gathered for.
    let data = try sandbox.ok("report", "json").components(separatedBy: "\n")
    let other = try sandbox.ok("report", "--context").components(separatedBy: "\n")
    #expect(data.count == other.count)
    let differing = zip(data, other).filter { $0.0 != $0.1 }.map(\.0)
    #expect(differing.allSatisfy { $0.contains("template") }, "\(differing)")
  }
}
