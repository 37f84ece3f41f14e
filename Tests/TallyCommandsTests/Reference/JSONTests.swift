import Foundation
import Testing

/// The answers of every command as JSON, for scripts.
///
/// Method: the shop's history; digests and ids are replaced, everything else is recorded.
@Suite struct JSONTests {
  @Test("the answer of every command, as JSON")
  func goldens() throws {
    let sandbox = try Sandbox()
    var normaliser = Normaliser()
    // What servers of the test are called in goldens.
    var hosts: [String: String] = [:]
    func expect(_ name: String, _ arguments: String...) throws { try expect(name, arguments) }
    func expect(_ name: String, _ arguments: [String]) throws {
      let outcome = try sandbox.run(arguments + ["--output", "json"])
      #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
      let answer = try outcome.json()
      #expect(answer["version"] as? Int == 1)
      var text = normaliser.text(outcome.output)
      text = text.replacing(#/entry [0-9a-f]{12}/#, with: "entry 9f3c51e07ab2")
      for (host, name) in hosts { text = text.replacing(host, with: name) }
      if name == "push" {
        // The commit is made of compressed bytes, which another zlib may make differently.
        text = text.replacing(#/"commit" : "[0-9a-f]{40}"/#, with: "\"commit\" : \"41c7e0b9…\"")
      }
      // The first digits of a digest, as a post shows them.
      text = text.replacing(#/: "[0-9a-f]{12}"/#, with: ": \"9f3c51e07ab2\"")
      try expectGolden(text, "json/\(name).json")
    }
    try sandbox.playShop()
    try sandbox.edit("src/app.py", "exec(script)", "return script")
    try sandbox.commit("Run nothing (#7)")
    try sandbox.lint()
    try sandbox.write(
      Linter.log([Linter(rules: ["no-eval"]).look(at: sandbox.folder)]),
      to: "old.sarif"
    )
    try expect("match", "match", "old.sarif", "lint.sarif")
    try expect("ingest-scan", "ingest", "lint.sarif")
    try expect("ingest-again", "ingest", "lint.sarif", "tests.xml")
    try expect("gate", "gate")
    try expect("measure", "measure", "rss_mb=412")
    try expect("list", "list", "--campaign", "no-eval", "--state", "open", "--state", "closed")
    let id = try sandbox.violation("--rule", "no-eval", "--path", "src/tools/*")
    try expect("waive", "waive", id, "--why", "Later", "--until", "9d", "--from", "2026-03-02")
    let other = try sandbox.violation("--rule", "no-eval", "--path", "src/app.py")
    try sandbox.write("violation,why,until\n\(other),Later,9d\n", to: "waivers.csv")
    try expect("waive-file", "waive", "--file", "waivers.csv")
    try expect("waive-end", "waive", other, "--end", "--why", "Fixed sooner")
    try expect("attest", "attest", "operations", "--why", "Drill passed", "--until", "9d")
    try expect("show", "show", id)
    try expect("statement", "statement")
    try expect(
      "statement-by-priority",
      "statement",
      "baseline..",
      "--by",
      "priority",
      "--violations"
    )
    try sandbox.ok("report", "-o", "post.md")
    try expect("report-check", "report", "--check", "post.md")
    try expect("why", "why", "4", "post.md", "--line", "3")
    try expect("trend", "trend", "--every", "day", "--by", "priority")
    try expect("templates-list", "templates", "list")
    try expect("templates-show", "templates", "show", "partials/change-item.md")
    try expect("templates-export", "templates", "export", "weekly")
    try expect("templates-check", "templates", "check", "weekly")
    try expect("lane-list", "lane", "list")
    let lost = try sandbox.violation(
      "--state",
      "closed",
      "--path",
      "src/app.py",
      "--rule",
      "no-eval"
    )
    try expect("split", "split", id, "--why", "Another text")
    let made = try sandbox.violation("--state", "waived", "--path", "src/tools/*")
    try expect("join", "join", lost, made, "--why", "Moved", "--by", "Bob <bob@shop.example>")
    try expect("rebuild", "rebuild")
    try expect("verify", "verify")
    try sandbox.git("init", "-q", "--bare", "-b", "main", "../shop.git")
    try sandbox.git("remote", "add", "origin", "../shop.git")
    try expect("push", "push")
    try expect("pull", "pull")
    try expect("bundle", "bundle", "-o", "scans.tally", "--ref", "refs/tally/other")
    try expect("install-git-drivers", "install-git-drivers")
    try expect("ingest-push", "ingest", "lint.sarif", "--push")
    let commit = try sandbox.git("rev-parse", "HEAD")
    try sandbox.ok("measure", "rss_mb=7", "--branch", "side", "--ledger", "side.db")
    try sandbox.ok("bundle", "-o", "side.tally", "--ledger", "side.db")
    try expect("ingest-bundle", "ingest", "--bundle", "side.tally", "--commit", commit)
    let entry = try Run(sandbox.json("ingest", "lint.sarif")).entry
    try expect("retract", "retract", entry, "--why", "Wrong file")
    try sandbox.write("criterion,why,until\nstatus:at-risk,Two left,9d\n", to: "signed.csv")
    try expect("attest-file", "attest", "--file", "signed.csv", "--ledger", "side.db")
    try sandbox.write("## {{campaign.title}}\n", to: "posts/short.md")
    try sandbox.writeConfiguration("templates: posts")
    let server = try HostServer(sandbox)
    sandbox.environment = [
      "GITHUB_API_URL": server.address, "GITHUB_TOKEN": HostServer.Token.ada,
    ]
    hosts["127.0.0.1:\(server.port)"] = "api.github.com"
    let post = ["post", "github", "--repository", "example/shop", "--template", "short"]
    try expect("post-dry-run", post + ["--dry-run"])
    try expect("post", post + ["--record"])
  }
}
