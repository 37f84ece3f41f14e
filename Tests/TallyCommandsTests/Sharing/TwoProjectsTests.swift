import Foundation
import Testing

/// Two projects in one clone, with one remote: the recipe of `docs/where-the-ledger-lives.md`, from the first push to a fresh runner.
@Suite struct TwoProjectsTests {
  /// A remote whose repository holds two projects, each with a `tally.yml` in its folder.
  private func remote(_ sandbox: Sandbox, _ more: [String: String]) throws -> Remote {
    for name in ["web", "api"] {
      try sandbox.write(
        "version: 1\nproject: \(name)\n\(more[name] ?? "")\n",
        to: "\(name)/tally.yml"
      )
    }
    return try Remote(sandbox)
  }

  private func ingest(_ job: Job, _ project: String) throws -> Outcome {
    try job.lint(Linter(tool: "lintel-\(project)"))
    return try job.tally("ingest", "--push", "lint.sarif", "--config", "\(project)/tally.yml")
  }

  @Test("without a word the second project's first push is refused, and told what to do")
  func refused() throws {
    let sandbox = try Sandbox()
    let remote = try remote(sandbox, [:])
    let job = try remote.job("job")
    #expect(try ingest(job, "web").status == 0)
    let before = try remote.git("rev-parse", Remote.ref)
    let outcome = try ingest(job, "api")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("[share.other-project]"))
    #expect(outcome.errors.contains("share: {ref: refs/tally/NAME}"), "\(outcome.errors)")
    #expect(
      outcome.errors.contains("share: {projects: [web]} here, share: {projects: [api]} there")
    )
    #expect(try remote.git("rev-parse", Remote.ref) == before)
    // Nothing of it was put into the other's ledger, which goes on.
    #expect(try ingest(job, "web").status == 0)
    // On a fresh runner it is the ref that says so.
    let fresh = try ingest(try remote.job("fresh"), "api")
    #expect(fresh.status == 2 && fresh.errors.contains("refs/tally/ledger on origin holds the"))
    #expect(try remote.git("rev-parse", Remote.ref) == before)
  }

  @Test("a ledger and a ref for each work from the first push to a fresh runner")
  func apart() throws {
    let sandbox = try Sandbox()
    let remote = try remote(
      sandbox,
      [
        "web": "ledger: web.db\nshare: {ref: refs/tally/web}",
        "api": "ledger: api.db\nshare: {ref: refs/tally/api}",
      ]
    )
    try follow(remote)
    let refs = try remote.git("for-each-ref", "--format=%(refname)", "refs/tally/")
    #expect(refs == "refs/tally/api\nrefs/tally/web")
  }

  @Test("one ledger and one ref for both work, where each allows the other")
  func together() throws {
    let sandbox = try Sandbox()
    let remote = try remote(
      sandbox,
      ["web": "share: {projects: [api]}", "api": "share: {projects: [web]}"]
    )
    try follow(remote)
  }

  /// Both projects push, a fresh runner pulls, goes on and reports, and each sees its own.
  private func follow(_ remote: Remote) throws {
    let job = try remote.job("job")
    for name in ["web", "api", "web"] {
      let outcome = try ingest(job, name)
      #expect(outcome.status == 0, "\(name): \(outcome.errors)")
    }
    let fresh = try remote.job("fresh")
    for name in ["web", "api"] {
      let configuration = ["--config", "\(name)/tally.yml"]
      let pull = try remote.sandbox.run(["pull"] + configuration, in: fresh.folder)
      #expect(pull.status == 0, "\(name): \(pull.errors)")
      let lanes = try remote.sandbox.run(["lane", "list"] + configuration, in: fresh.folder)
      #expect(lanes.output.contains("lintel-\(name)@main"), "\(lanes.output)")
      let list = try remote.sandbox.run(
        ["list", "--output", "json"] + configuration,
        in: fresh.folder
      )
      let found = try #require(try list.json()["violations"] as? [[String: Any]])
      #expect(found.count == 6)
      #expect(found.allSatisfy { $0["lane"] as? String == "lintel-\(name)@main" })
      #expect(list.errors == "", "\(list.errors)")
      let outcome = try ingest(fresh, name)
      #expect(outcome.status == 0, "\(name): \(outcome.errors)")
    }
  }
}
