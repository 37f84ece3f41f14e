import Foundation
import Testing

/// Builds of tags: the scan counts for the branch that the commit is on, and is never that of a branch named like the tag.
@Suite struct TagBuildTests {
  private static let gitHub = CITests.gitHub.merging([
    "GITHUB_EVENT_NAME": "push", "GITHUB_REF": "refs/tags/v1", "GITHUB_REF_NAME": "v1",
    "GITHUB_REF_TYPE": "tag",
  ]) { $1 }

  /// What each system says of the build of a tag.
  static let systems: [String: [String: String]] = [
    "GitHub": gitHub,
    "GitLab": [
      "GITLAB_CI": "true", "CI_COMMIT_TAG": "v1", "CI_COMMIT_REF_NAME": "v1",
      "CI_DEFAULT_BRANCH": "main",
    ],
    "Jenkins": ["JENKINS_URL": "https://ci.example", "TAG_NAME": "v1", "BRANCH_NAME": "v1"],
    "Jenkins, one job": ["JENKINS_URL": "https://ci.example", "GIT_BRANCH": "refs/tags/v1"],
    "Azure": ["TF_BUILD": "True", "BUILD_SOURCEBRANCH": "refs/tags/v1"],
    "Buildkite": ["BUILDKITE": "true", "BUILDKITE_TAG": "v1", "BUILDKITE_BRANCH": "v1"],
    "CircleCI": ["CIRCLECI": "true", "CIRCLE_TAG": "v1"],
    "Bitbucket": ["BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_TAG": "v1"],
    "Travis": ["TRAVIS": "true", "TRAVIS_TAG": "v1", "TRAVIS_BRANCH": "v1"],
    "Drone": ["DRONE": "true", "DRONE_TAG": "v1", "DRONE_BRANCH": "refs/tags/v1"],
  ]

  /// A clone with every branch of `origin`, at a tag, with a detached HEAD.
  private func clone(_ origin: CITests.Origin, at revision: String) throws -> URL {
    try origin.sandbox.git("tag", "v1", revision)
    let clone = origin.sandbox.outside.appendingPathComponent(UUID().uuidString)
    try origin.sandbox.git("clone", "-q", origin.sandbox.folder.path, clone.path)
    try origin.sandbox.git("checkout", "-q", "--detach", "v1", in: clone)
    try origin.sandbox.git("branch", "-q", "-D", "main", in: clone)
    return clone
  }

  @Test("the tag of a commit of main counts for main", arguments: systems.keys.sorted())
  func trunk(_ system: String) throws {
    let origin = try CITests.Origin()
    let run = try origin.ingest(
      try clone(origin, at: "main"),
      try #require(Self.systems[system])
    )
    #expect(run.lane == "lintel@main" && run.commit == origin.base)
    #expect(run.warnings == [])
  }

  @Test("the tag of a commit of another branch counts for that one")
  func otherBranch() throws {
    let origin = try CITests.Origin()
    let run = try origin.ingest(try clone(origin, at: "feature/x"), Self.gitHub)
    #expect(run.lane == "lintel@feature/x" && run.warnings == [])
  }

  @Test("in a clone of one commit the ledger says it, else the usual branch is a guess")
  func shallow() throws {
    let origin = try CITests.Origin()
    try origin.sandbox.git("tag", "v1", "main")
    let guess = try origin.ingest(
      try origin.checkout("refs/tags/v1"),
      try #require(Self.systems["GitLab"])
    )
    #expect(guess.lane == "lintel@main")
    #expect(guess.warnings.count { $0.contains("nothing here says which branch") } == 1)
    #expect(guess.warnings.contains { $0.contains("counts for 'main'") })
    // Scanned before by the build of the branch.
    let known = try origin.checkout("refs/tags/v1")
    let branch = try origin.ingest(
      known,
      CITests.gitHub.merging([
        "GITHUB_EVENT_NAME": "push", "GITHUB_REF": "refs/heads/main", "GITHUB_REF_NAME": "main",
        "GITHUB_REF_TYPE": "branch",
      ]) { $1 }
    )
    #expect(branch.lane == "lintel@main")
    let again = try origin.ingest(known, Self.gitHub)
    #expect(again.lane == "lintel@main" && again.warnings == [])
  }

  @Test("a commit on no branch stands for itself, and puts nothing off line")
  func noBranch() throws {
    let origin = try CITests.Origin()
    let run = try origin.ingest(try clone(origin, at: origin.merge), Self.gitHub)
    #expect(run.lane == "lintel@refs/tags/v1")
    #expect(run.warnings.count { $0.contains("stands for itself") } == 1)
  }
}
