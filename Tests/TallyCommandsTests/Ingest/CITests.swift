import Foundation
import Testing

/// Which lane and commit a scan gets in the jobs of CI systems.
///
/// Method: a repository with a pull request that the system merged, cloned the way its checkout step does (one commit, detached HEAD),
/// with the variables that the system sets.
@Suite struct CITests {
  /// A repository whose pull request 12 brings `feature/x` into `main`.
  struct Origin {
    let sandbox: Sandbox
    let base: String
    let head: String
    let merge: String

    init() throws {
      sandbox = try Sandbox()
      try sandbox.writeShop()
      try sandbox.commit("Start")
      try sandbox.git("checkout", "-q", "-b", "feature/x")
      try sandbox.edit("src/app.py", "exec(script)", "return script")
      head = try sandbox.commit("Run nothing")
      try sandbox.git("checkout", "-q", "main")
      try sandbox.write("pass\n", to: "src/other.py")
      base = try sandbox.commit("Go on")
      try sandbox.git("checkout", "-q", "--detach", "main")
      try sandbox.git("merge", "-q", "--no-ff", "-m", "Merge \(head) into \(base)", "feature/x")
      merge = try sandbox.git("rev-parse", "HEAD")
      try sandbox.git("update-ref", "refs/pull/12/merge", merge)
      try sandbox.git("update-ref", "refs/pull/12/head", head)
      try sandbox.git("checkout", "-q", "main")
    }

    /// A clone of one commit with a detached HEAD, as checkout steps make it.
    func checkout(_ ref: String) throws -> URL {
      let clone = sandbox.outside.appendingPathComponent(UUID().uuidString)
      try FileManager.default.createDirectory(at: clone, withIntermediateDirectories: true)
      try sandbox.git("init", "-q", ".", in: clone)
      let address = "file://\(sandbox.folder.path)"
      try sandbox.git("fetch", "-q", "--depth", "1", address, ref, in: clone)
      try sandbox.git("checkout", "-q", "--detach", "FETCH_HEAD", in: clone)
      return clone
    }

    /// Scans a clone there.
    func ingest(_ clone: URL, _ variables: [String: String]) throws -> Run {
      try Linter().sarif(of: clone).write(
        to: clone.appendingPathComponent("lint.sarif"),
        atomically: true,
        encoding: .utf8
      )
      sandbox.environment = variables.merging(["TALLY_ACTOR": ""]) { $1 }
      defer { sandbox.environment = [:] }
      let outcome = try sandbox.run(["ingest", "lint.sarif", "--output", "json"], in: clone)
      guard outcome.status == 0 else { throw Refused(errors: outcome.errors) }
      return try Run(outcome.json())
    }
  }

  static let gitHub = [
    "GITHUB_ACTIONS": "true", "CI": "true", "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "example/shop", "GITHUB_RUN_ID": "77", "GITHUB_ACTOR": "ada",
  ]

  @Test("GitHub: a push is a scan of the branch")
  func gitHubPush() throws {
    let origin = try Origin()
    let clone = try origin.checkout("main")
    let run = try origin.ingest(
      clone,
      Self.gitHub.merging([
        "GITHUB_EVENT_NAME": "push", "GITHUB_SHA": origin.base, "GITHUB_REF": "refs/heads/main",
        "GITHUB_REF_NAME": "main", "GITHUB_REF_TYPE": "branch",
      ]) { $1 }
    )
    #expect(run.lane == "lintel@main")
    #expect(run.commit == origin.base)
    #expect(run.open == 6)
    #expect(run.warnings == [])
  }

  @Test("GitHub: a pull request's merge stands for its head, with and without the event's file")
  func gitHubPullRequest() throws {
    let origin = try Origin()
    let event = origin.sandbox.outside.appendingPathComponent("event.json")
    try Data(
      """
      {"number": 12, "pull_request": {"number": 12,
        "head": {"ref": "feature/x", "sha": "\(origin.head)", "repo": {"full_name": "example/shop"}},
        "base": {"ref": "main", "sha": "\(origin.base)"}}}
      """.utf8
    ).write(to: event)
    for path in [event.path, ""] {
      let clone = try origin.checkout("refs/pull/12/merge")
      let run = try origin.ingest(
        clone,
        Self.gitHub.merging([
          "GITHUB_EVENT_NAME": "pull_request", "GITHUB_SHA": origin.merge,
          "GITHUB_REF": "refs/pull/12/merge", "GITHUB_REF_NAME": "12/merge",
          "GITHUB_REF_TYPE": "branch", "GITHUB_HEAD_REF": "feature/x", "GITHUB_BASE_REF": "main",
          "GITHUB_EVENT_PATH": path,
        ]) { $1 }
      )
      #expect(run.lane == "lintel@feature/x")
      #expect(run.commit == origin.head)
      #expect(run.open == 5)
      #expect(
        run.warnings == [
          "commit \(origin.head.prefix(9)) is not in this clone: its sources are not looked at"
        ]
      )
    }
  }

  /// Method: the job runs again after the base moved, so that the merge it names is nowhere any more; what its checkout gets is the
  /// merge of today, or the branch.
  @Test("GitHub: GITHUB_SHA names a merge that no longer exists")
  func goneMerge() throws {
    let origin = try Origin()
    let event = origin.sandbox.outside.appendingPathComponent("event.json")
    try Data(
      """
      {"number": 12, "pull_request": {"number": 12,
        "head": {"ref": "feature/x", "sha": "\(origin.head)", "repo": {"full_name": "example/shop"}},
        "base": {"ref": "main", "sha": "\(origin.base)"}}}
      """.utf8
    ).write(to: event)
    for (ref, path) in [
      ("refs/pull/12/merge", event.path), ("feature/x", event.path), ("feature/x", ""),
    ] {
      let run = try origin.ingest(
        origin.checkout(ref),
        Self.gitHub.merging([
          "GITHUB_EVENT_NAME": "pull_request", "GITHUB_SHA": String(repeating: "1a", count: 20),
          "GITHUB_REF": "refs/pull/12/merge", "GITHUB_REF_NAME": "12/merge",
          "GITHUB_REF_TYPE": "branch", "GITHUB_HEAD_REF": "feature/x", "GITHUB_BASE_REF": "main",
          "GITHUB_EVENT_PATH": path,
        ]) { $1 }
      )
      #expect(run.lane == "lintel@feature/x", "\(ref)")
      #expect(run.commit == origin.head, "\(ref)")
      #expect(run.open == 5)
    }
    // Without a clone of the branch, the name is all there is.
    let lost = try origin.ingest(
      origin.checkout("main"),
      Self.gitHub.merging([
        "GITHUB_EVENT_NAME": "push", "GITHUB_SHA": String(repeating: "1a", count: 20),
        "GITHUB_REF": "refs/heads/main", "GITHUB_REF_NAME": "main", "GITHUB_REF_TYPE": "branch",
      ]) { $1 }
    )
    #expect(lost.lane == "lintel@main" && lost.commit == origin.base, "what is checked out counts")
  }

  @Test("GitLab: a branch pipeline, and a merged results pipeline")
  func gitLab() throws {
    let origin = try Origin()
    let variables = ["GITLAB_CI": "true", "CI_PROJECT_PATH": "example/shop"]
    let push = try origin.ingest(
      origin.checkout("main"),
      variables.merging(["CI_COMMIT_SHA": origin.base, "CI_COMMIT_BRANCH": "main"]) { $1 }
    )
    #expect(push.lane == "lintel@main")
    #expect(push.commit == origin.base)
    let merged = try origin.ingest(
      origin.checkout("refs/pull/12/merge"),
      variables.merging([
        "CI_COMMIT_SHA": origin.merge, "CI_MERGE_REQUEST_IID": "12",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "feature/x",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": origin.head,
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_MERGE_REQUEST_SOURCE_PROJECT_PATH": "example/shop",
        "CI_MERGE_REQUEST_PROJECT_PATH": "example/shop",
      ]) { $1 }
    )
    #expect(merged.lane == "lintel@feature/x")
    #expect(merged.commit == origin.head)
    let branch = try origin.ingest(
      origin.checkout("feature/x"),
      variables.merging([
        "CI_COMMIT_SHA": origin.head, "CI_MERGE_REQUEST_IID": "12",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "feature/x",
        "CI_MERGE_REQUEST_SOURCE_PROJECT_PATH": "eve/shop",
        "CI_MERGE_REQUEST_PROJECT_PATH": "example/shop",
      ]) { $1 }
    )
    #expect(branch.lane == "lintel@eve:feature/x")
    #expect(branch.commit == origin.head)
  }

  @Test("Jenkins: a branch job and a change request")
  func jenkins() throws {
    let origin = try Origin()
    let variables = [
      "JENKINS_URL": "https://ci.example/", "GIT_URL": "https://git.example/shop.git",
    ]
    let push = try origin.ingest(
      origin.checkout("main"),
      variables.merging(["GIT_COMMIT": origin.base, "GIT_BRANCH": "origin/main"]) { $1 }
    )
    #expect(push.lane == "lintel@main")
    #expect(push.commit == origin.base)
    let change = try origin.ingest(
      origin.checkout("feature/x"),
      variables.merging([
        "GIT_COMMIT": origin.head, "BRANCH_NAME": "PR-12", "CHANGE_ID": "12",
        "CHANGE_BRANCH": "feature/x", "CHANGE_TARGET": "main",
      ]) { $1 }
    )
    #expect(change.lane == "lintel@feature/x")
    #expect(change.commit == origin.head)
  }

  @Test("Azure: a branch and a pull request's merge")
  func azure() throws {
    let origin = try Origin()
    let variables = [
      "TF_BUILD": "True", "BUILD_REPOSITORY_NAME": "shop",
      "BUILD_REPOSITORY_URI": "https://dev.azure.com/example/shop/_git/shop",
    ]
    let push = try origin.ingest(
      origin.checkout("main"),
      variables.merging([
        "BUILD_SOURCEVERSION": origin.base, "BUILD_SOURCEBRANCH": "refs/heads/main",
      ]) { $1 }
    )
    #expect(push.lane == "lintel@main")
    #expect(push.commit == origin.base)
    let merged = try origin.ingest(
      origin.checkout("refs/pull/12/merge"),
      variables.merging([
        "BUILD_SOURCEVERSION": origin.merge, "BUILD_SOURCEBRANCH": "refs/pull/12/merge",
        "SYSTEM_PULLREQUEST_PULLREQUESTID": "12",
        "SYSTEM_PULLREQUEST_SOURCEBRANCH": "refs/heads/feature/x",
        "SYSTEM_PULLREQUEST_SOURCECOMMITID": origin.head,
        "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main",
      ]) { $1 }
    )
    #expect(merged.lane == "lintel@feature/x")
    #expect(merged.commit == origin.head)
  }

  @Test("Buildkite and CircleCI: the commit is the head itself")
  func others() throws {
    let origin = try Origin()
    let buildkite = try origin.ingest(
      origin.checkout("feature/x"),
      [
        "BUILDKITE": "true", "BUILDKITE_COMMIT": origin.head, "BUILDKITE_BRANCH": "feature/x",
        "BUILDKITE_PULL_REQUEST": "12", "BUILDKITE_PULL_REQUEST_BASE_BRANCH": "main",
        "BUILDKITE_REPO": "git@git.example:example/shop.git",
      ]
    )
    #expect(buildkite.lane == "lintel@feature/x")
    #expect(buildkite.commit == origin.head)
    let circle = try origin.ingest(
      origin.checkout("main"),
      [
        "CIRCLECI": "true", "CIRCLE_SHA1": origin.base, "CIRCLE_BRANCH": "main",
        "CIRCLE_PROJECT_USERNAME": "example", "CIRCLE_PROJECT_REPONAME": "shop",
      ]
    )
    #expect(circle.lane == "lintel@main")
    #expect(circle.commit == origin.base)
    #expect(circle.open == 6)
  }

  @Test("options win over variables, and variables over nothing")
  func precedence() throws {
    let origin = try Origin()
    let clone = try origin.checkout("main")
    try Linter().sarif(of: clone).write(
      to: clone.appendingPathComponent("lint.sarif"),
      atomically: true,
      encoding: .utf8
    )
    let bare = try origin.sandbox.run(["ingest", "lint.sarif"], in: clone)
    #expect(bare.status == 2)
    #expect(bare.errors.contains("[workspace.no-branch]"))
    origin.sandbox.environment = Self.gitHub.merging([
      "GITHUB_SHA": origin.base, "GITHUB_REF": "refs/heads/main", "GITHUB_REF_NAME": "main",
    ]) { $1 }
    let chosen = try origin.sandbox.run(
      ["ingest", "lint.sarif", "--branch", "release", "--output", "json"],
      in: clone
    )
    #expect(try Run(chosen.json()).lane == "lintel@release")
  }
}
