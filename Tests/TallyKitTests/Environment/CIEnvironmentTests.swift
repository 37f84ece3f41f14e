import Foundation
import TallyKit
import TallyModel
import Testing

private func text(of facts: CIFacts) -> String {
  var lines = ["provider \(facts.provider.rawValue)"]
  func add(_ name: String, _ value: String?) { if let value { lines.append("\(name) \(value)") } }
  add("commit", facts.commit)
  add("branch", facts.branch)
  add("tag", facts.tag)
  if let request = facts.pullRequest {
    let number = request.number.map(String.init) ?? "nil"
    lines.append(
      "pull request \(number): \(request.headCommit ?? "nil") of \(request.headBranch ?? "nil")"
        + " into \(request.baseBranch ?? "nil") as \(request.mergeCommit ?? "nil")"
    )
  }
  add("slug", facts.slug)
  add("repository", facts.repositoryURL)
  add("run", facts.runURL)
  add("actor", facts.actor)
  add("job", facts.job)
  return lines.joined(separator: "\n")
}

/// What is made of the variables of every CI system that is known.
struct CIEnvironmentTests {
  /// What every system says of the build of a tag; some give its name for the branch's.
  private static let tagBuilds: [(name: String, variables: [String: String])] = [
    ("GitLab", ["GITLAB_CI": "true", "CI_COMMIT_TAG": "v1", "CI_DEFAULT_BRANCH": "trunk"]),
    ("GitHub without a type", ["GITHUB_ACTIONS": "true", "GITHUB_REF": "refs/tags/v1"]),
    ("Jenkins", ["JENKINS_URL": "x", "TAG_NAME": "v1", "BRANCH_NAME": "v1"]),
    ("Jenkins, one job", ["JENKINS_URL": "x", "GIT_BRANCH": "refs/tags/v1"]),
    ("Azure", ["TF_BUILD": "True", "BUILD_SOURCEBRANCH": "refs/tags/v1"]),
    (
      "Buildkite",
      [
        "BUILDKITE": "true", "BUILDKITE_TAG": "v1", "BUILDKITE_BRANCH": "v1",
        "BUILDKITE_PIPELINE_DEFAULT_BRANCH": "trunk",
      ]
    ),
    ("CircleCI", ["CIRCLECI": "true", "CIRCLE_TAG": "v1"]),
    ("Bitbucket", ["BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_TAG": "v1"]),
    ("Travis", ["TRAVIS": "true", "TRAVIS_TAG": "v1", "TRAVIS_BRANCH": "v1"]),
    (
      "Drone",
      ["DRONE": "true", "DRONE_TAG": "v1", "DRONE_BRANCH": "v1", "DRONE_REPO_BRANCH": "trunk"]
    ),
  ]

  @Test("the build of a tag is of no branch, least of one named like it")
  func tags() {
    for build in Self.tagBuilds {
      let facts = CIEnvironment.detect(build.variables)
      #expect(facts?.tag == "v1" && facts?.branch == nil, "\(build.name)")
      let named = build.variables.values.contains("trunk")
      #expect(facts?.defaultBranch == (named ? "trunk" : nil), "\(build.name)")
    }
  }

  @Test("the facts of a run", arguments: ciFixtures)
  func facts(_ fixture: CIFixture) throws {
    let facts = try #require(CIEnvironment.detect(fixture.variables, event: fixture.event))
    #expect(text(of: facts) == fixture.expected)
  }

  @Test("no CI system, no facts")
  func none() {
    #expect(CIEnvironment.detect([:]) == nil)
    #expect(CIEnvironment.detect(["CI": "true", "GITHUB_ACTIONS": "false"]) == nil)
    #expect(CIEnvironment.eventPath([:]) == nil)
    #expect(CIEnvironment.eventPath(ciGitHub) == "/home/runner/event.json")
  }

  @Test("the project's name is the last part of the slug")
  func projectName() {
    #expect(CIEnvironment.detect(ciGitHub)?.projectName == "netra")
  }

  @Test("a scan of the synthetic merge is one of the pull request's head")
  func attribution() throws {
    let request = try #require(ciFixtures.first { $0.name == "GitHub pull request" })
    let facts = try #require(CIEnvironment.detect(request.variables, event: request.event))
    for scanned in [ciMerge, ciHead, nil] {
      #expect(
        facts.attribution(head: scanned) == CIFacts.Attribution(commit: ciHead, branch: "feature/x")
      )
    }
    let blind = try #require(CIEnvironment.detect(request.variables))
    #expect(
      blind.attribution(head: ciMerge)
        == CIFacts.Attribution(commit: nil, branch: "feature/x", secondParentOf: ciMerge)
    )
    #expect(blind.attribution(head: ciHead).commit == ciHead)

    let target = try #require(
      ciFixtures.first { $0.name == "GitHub pull_request_target of a fork" }
    )
    let trusted = try #require(CIEnvironment.detect(target.variables, event: target.event))
    #expect(trusted.attribution(head: ciBase).branch == "main")
    #expect(trusted.attribution(head: ciHead).branch == "eve:main")

    let push = try #require(CIEnvironment.detect(ciFixtures[0].variables))
    #expect(push.attribution(head: ciBase).commit == ciBase)
    #expect(push.attribution(head: nil).commit == ciHead)
  }

  @Test("the settings of the process")
  func settings() throws {
    let plain = try ProcessSettings([:])
    #expect(plain.now == nil)
    #expect(plain.usesColour(isTerminal: true))
    #expect(!plain.usesColour(isTerminal: false))
    let told = try ProcessSettings([
      "TALLY_NOW": "2026-11-23T08:00:00Z", "TALLY_ACTOR": "Ada", "COLUMNS": "120",
      "CLICOLOR_FORCE": "1", "TERM": "dumb",
    ])
    #expect(told.now?.iso8601 == "2026-11-23T08:00:00Z")
    #expect(told.actor == "Ada")
    #expect(told.columns == 120)
    #expect(told.usesColour(isTerminal: false))
    #expect(
      try !ProcessSettings(["NO_COLOR": "1", "CLICOLOR_FORCE": "1"]).usesColour(isTerminal: true)
    )
    #expect(try !ProcessSettings(["TERM": "dumb"]).usesColour(isTerminal: true))
    #expect(try !ProcessSettings(["CLICOLOR_FORCE": "0"]).usesColour(isTerminal: false))
    #expect(try ProcessSettings(["COLUMNS": "many"]).columns == nil)
    #expect(throws: EnvironmentError.invalidNow("soon")) {
      try ProcessSettings(["TALLY_NOW": "soon"])
    }
  }

  @Test("every variable is documented, and no other")
  func documentation() throws {
    let rows = try ConfigurationDocumentationTests.text("docs/ci-variables.md").split(
      separator: "\n"
    )
    let named = rows.compactMap { row -> String? in
      guard row.hasPrefix("| `") else { return nil }
      return String(row.dropFirst(3).prefix { $0 != "`" })
    }
    let read = EnvironmentVariable.allCases.map(\.rawValue)
    #expect(Set(named) == Set(read + EnvironmentVariable.passedToGit))
    #expect(named.count == Set(named).count)
  }

  @Test("no fixture needs a variable that the program does not read")
  func fixturesAreUsed() {
    let unread: Set = ["CI", "CI_COMMIT_REF_NAME", "BUILD_SOURCEBRANCHNAME"]
    let known = Set(EnvironmentVariable.allCases.map(\.rawValue)).union(unread)
    for fixture in ciFixtures {
      #expect(Set(fixture.variables.keys).isSubset(of: known), "\(fixture.name)")
    }
    let covered = Set(ciFixtures.flatMap(\.variables.keys))
    let rare = read.filter { !covered.contains($0) }
    #expect(rare == Self.uncovered)
  }

  private var read: [String] { EnvironmentVariable.allCases.map(\.rawValue) }

  /// Variables that no fixture sets: simple copies, those of the process itself, and those that ``CIRunTests`` sets.
  private static let uncovered = [
    "TALLY_NOW", "TALLY_ACTOR", "NO_COLOR", "CLICOLOR_FORCE", "TERM", "COLUMNS",
    "GITHUB_RUN_NUMBER", "GITHUB_WORKFLOW", "GITHUB_STEP_SUMMARY", "GITHUB_API_URL", "GH_TOKEN",
    "GITHUB_TOKEN", "CI_COMMIT_TAG", "CI_DEFAULT_BRANCH", "CI_PIPELINE_ID", "CI_API_V4_URL",
    "CI_PROJECT_ID", "GITLAB_TOKEN", "CI_JOB_TOKEN", "TAG_NAME", "BUILD_NUMBER",
    "SYSTEM_JOBATTEMPT", "BUILDKITE_TAG", "BUILDKITE_PIPELINE_DEFAULT_BRANCH",
    "BUILDKITE_BUILD_ID", "BUILDKITE_BUILD_NUMBER", "BUILDKITE_PIPELINE_SLUG",
    "BUILDKITE_RETRY_COUNT", "CIRCLE_TAG", "CIRCLE_PR_NUMBER", "CIRCLE_WORKFLOW_ID",
    "CIRCLE_BUILD_NUM", "BITBUCKET_TAG", "BITBUCKET_STEP_TRIGGERER_UUID", "TRAVIS_JOB_WEB_URL",
    "TRAVIS_JOB_NAME", "TRAVIS_BUILD_ID", "TRAVIS_BUILD_NUMBER", "DRONE_TAG", "DRONE_REPO_BRANCH",
    "DRONE_REPO_LINK", "DRONE_BUILD_LINK", "DRONE_BUILD_NUMBER", "SLACK_WEBHOOK_URL",
    "SLACK_BOT_TOKEN", "SLACK_CHANNEL", "SLACK_API_URL", "TALLY_WEBHOOK_URL",
    "TALLY_WEBHOOK_SECRET",
  ]
}
