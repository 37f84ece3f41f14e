import TallyKit
import Testing

/// One run as a CI system describes it, and what should be made of it.
struct CIFixture: Sendable, CustomTestStringConvertible {
  let name: String
  let variables: [String: String]
  var event: String?
  /// The facts as text, one a line, those that are nil left out.
  let expected: String

  var testDescription: String { name }
}

let ciHead = "1111111111111111111111111111111111111111"
let ciMerge = "2222222222222222222222222222222222222222"
let ciBase = "3333333333333333333333333333333333333333"

let ciGitHub = [
  "GITHUB_ACTIONS": "true", "CI": "true", "GITHUB_SERVER_URL": "https://github.com",
  "GITHUB_REPOSITORY": "example/netra", "GITHUB_RUN_ID": "77", "GITHUB_RUN_ATTEMPT": "1",
  "GITHUB_ACTOR": "ada", "GITHUB_TRIGGERING_ACTOR": "ben", "GITHUB_JOB": "lint",
  "GITHUB_EVENT_PATH": "/home/runner/event.json", "GITHUB_HEAD_REF": "", "GITHUB_BASE_REF": "",
]

private func event(from repository: String, branch: String) -> String {
  """
  {"number": 12, "pull_request": {"number": 12,
    "head": {"ref": "\(branch)", "sha": "\(ciHead)", "repo": {"full_name": "\(repository)"}},
    "base": {"ref": "main", "sha": "\(ciBase)"}}}
  """
}

let ciFixtures: [CIFixture] = [
  CIFixture(
    name: "GitHub push",
    variables: ciGitHub.merging([
      "GITHUB_EVENT_NAME": "push", "GITHUB_SHA": ciHead, "GITHUB_REF": "refs/heads/feature/x",
      "GITHUB_REF_NAME": "feature/x", "GITHUB_REF_TYPE": "branch", "GITHUB_RUN_ATTEMPT": "3",
    ]) { $1 },
    expected: """
      provider github-actions
      commit \(ciHead)
      branch feature/x
      slug example/netra
      repository https://github.com/example/netra
      run https://github.com/example/netra/actions/runs/77/attempts/3
      actor ben
      job lint
      """
  ),
  CIFixture(
    name: "GitHub tag",
    variables: ciGitHub.merging([
      "GITHUB_EVENT_NAME": "push", "GITHUB_SHA": ciHead, "GITHUB_REF": "refs/tags/v1",
      "GITHUB_REF_NAME": "v1", "GITHUB_REF_TYPE": "tag",
    ]) { $1 },
    expected: """
      provider github-actions
      commit \(ciHead)
      tag v1
      slug example/netra
      repository https://github.com/example/netra
      run https://github.com/example/netra/actions/runs/77
      actor ben
      job lint
      """
  ),
  CIFixture(
    name: "GitHub pull request",
    variables: ciGitHub.merging([
      "GITHUB_EVENT_NAME": "pull_request", "GITHUB_SHA": ciMerge,
      "GITHUB_REF": "refs/pull/12/merge",
      "GITHUB_REF_NAME": "12/merge", "GITHUB_REF_TYPE": "branch", "GITHUB_HEAD_REF": "feature/x",
      "GITHUB_BASE_REF": "main",
    ]) { $1 },
    event: event(from: "example/netra", branch: "feature/x"),
    expected: """
      provider github-actions
      commit \(ciMerge)
      branch feature/x
      pull request 12: \(ciHead) of feature/x into main as \(ciMerge)
      slug example/netra
      repository https://github.com/example/netra
      run https://github.com/example/netra/actions/runs/77
      actor ben
      job lint
      """
  ),
  CIFixture(
    name: "GitHub pull request of a fork's main, without the event",
    variables: ciGitHub.merging([
      "GITHUB_EVENT_NAME": "pull_request", "GITHUB_SHA": ciMerge,
      "GITHUB_REF": "refs/pull/12/merge",
      "GITHUB_REF_NAME": "12/merge", "GITHUB_REF_TYPE": "branch", "GITHUB_HEAD_REF": "main",
      "GITHUB_BASE_REF": "main",
    ]) { $1 },
    event: "{broken",
    expected: """
      provider github-actions
      commit \(ciMerge)
      branch pull/12
      pull request 12: nil of pull/12 into main as \(ciMerge)
      slug example/netra
      repository https://github.com/example/netra
      run https://github.com/example/netra/actions/runs/77
      actor ben
      job lint
      """
  ),
  CIFixture(
    name: "GitHub pull_request_target of a fork",
    variables: ciGitHub.merging([
      "GITHUB_EVENT_NAME": "pull_request_target", "GITHUB_SHA": ciBase,
      "GITHUB_REF": "refs/heads/main", "GITHUB_REF_NAME": "main", "GITHUB_REF_TYPE": "branch",
      "GITHUB_HEAD_REF": "main", "GITHUB_BASE_REF": "main",
    ]) { $1 },
    event: event(from: "eve/netra", branch: "main"),
    expected: """
      provider github-actions
      commit \(ciBase)
      branch main
      pull request 12: \(ciHead) of eve:main into main as nil
      slug example/netra
      repository https://github.com/example/netra
      run https://github.com/example/netra/actions/runs/77
      actor ben
      job lint
      """
  ),
  CIFixture(
    name: "GitHub workflow_run",
    variables: ciGitHub.merging([
      "GITHUB_EVENT_NAME": "workflow_run", "GITHUB_SHA": ciBase, "GITHUB_REF": "refs/heads/main",
      "GITHUB_REF_NAME": "main", "GITHUB_REF_TYPE": "branch",
    ]) { $1 },
    event: """
      {"workflow_run": {"head_sha": "\(ciHead)", "head_branch": "x", "head_repository": {"full_name": "eve/netra"}}}
      """,
    expected: """
      provider github-actions
      commit \(ciBase)
      branch main
      pull request nil: \(ciHead) of eve:x into nil as nil
      slug example/netra
      repository https://github.com/example/netra
      run https://github.com/example/netra/actions/runs/77
      actor ben
      job lint
      """
  ),
  CIFixture(
    name: "GitLab branch",
    variables: [
      "GITLAB_CI": "true", "CI_COMMIT_SHA": ciHead, "CI_COMMIT_BRANCH": "main",
      "CI_COMMIT_REF_NAME": "main", "CI_PROJECT_PATH": "group/sub/netra",
      "CI_PROJECT_URL": "https://gitlab.example.com/group/sub/netra",
      "CI_JOB_URL": "https://gitlab.example.com/group/sub/netra/-/jobs/5", "CI_JOB_NAME": "lint",
      "GITLAB_USER_LOGIN": "ada",
    ],
    expected: """
      provider gitlab
      commit \(ciHead)
      branch main
      slug group/sub/netra
      repository https://gitlab.example.com/group/sub/netra
      run https://gitlab.example.com/group/sub/netra/-/jobs/5
      actor ada
      job lint
      """
  ),
  CIFixture(
    name: "GitLab merge request, detached",
    variables: [
      "GITLAB_CI": "true", "CI_COMMIT_SHA": ciHead, "CI_COMMIT_REF_NAME": "x",
      "CI_MERGE_REQUEST_IID": "4", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "x",
      "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "",
      "CI_MERGE_REQUEST_SOURCE_PROJECT_PATH": "g/netra", "CI_MERGE_REQUEST_PROJECT_PATH": "g/netra",
      "CI_PROJECT_PATH": "g/netra",
    ],
    expected: """
      provider gitlab
      commit \(ciHead)
      branch x
      pull request 4: \(ciHead) of x into main as nil
      slug g/netra
      """
  ),
  CIFixture(
    name: "GitLab merged results of a fork",
    variables: [
      "GITLAB_CI": "true", "CI_COMMIT_SHA": ciMerge, "CI_MERGE_REQUEST_IID": "4",
      "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "main", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
      "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": ciHead,
      "CI_MERGE_REQUEST_SOURCE_PROJECT_PATH": "eve/sub/netra",
      "CI_MERGE_REQUEST_PROJECT_PATH": "g/netra", "CI_PROJECT_PATH": "g/netra",
    ],
    expected: """
      provider gitlab
      commit \(ciMerge)
      branch eve/sub:main
      pull request 4: \(ciHead) of eve/sub:main into main as \(ciMerge)
      slug g/netra
      """
  ),
  CIFixture(
    name: "Jenkins with the Git plugin alone",
    variables: [
      "JENKINS_URL": "https://ci.example.com/", "GIT_COMMIT": ciHead,
      "GIT_BRANCH": "origin/feature/x",
      "GIT_URL": "git@github.com:example/netra.git", "JOB_NAME": "netra",
      "BUILD_URL": "https://ci.example.com/job/netra/9/",
    ],
    expected: """
      provider jenkins
      commit \(ciHead)
      branch feature/x
      slug example/netra
      repository https://github.com/example/netra
      run https://ci.example.com/job/netra/9/
      job netra
      """
  ),
  CIFixture(
    name: "Jenkins change request",
    variables: [
      "JENKINS_URL": "https://ci.example.com/", "GIT_COMMIT": ciHead, "GIT_BRANCH": "PR-12",
      "BRANCH_NAME": "PR-12", "CHANGE_ID": "12", "CHANGE_BRANCH": "main", "CHANGE_TARGET": "main",
      "CHANGE_FORK": "eve", "CHANGE_AUTHOR": "eve", "JOB_NAME": "netra/PR-12",
    ],
    expected: """
      provider jenkins
      commit \(ciHead)
      branch eve:main
      pull request 12: nil of eve:main into main as nil
      actor eve
      job netra/PR-12
      """
  ),
  CIFixture(
    name: "Azure branch",
    variables: [
      "TF_BUILD": "True", "BUILD_SOURCEVERSION": ciHead,
      "BUILD_SOURCEBRANCH": "refs/heads/feature/x",
      "BUILD_SOURCEBRANCHNAME": "x", "BUILD_REPOSITORY_NAME": "netra",
      "BUILD_REPOSITORY_URI": "https://org@dev.azure.com/org/My%20Project/_git/netra",
      "SYSTEM_COLLECTIONURI": "https://dev.azure.com/org/", "SYSTEM_TEAMPROJECT": "My Project",
      "BUILD_BUILDID": "8", "BUILD_REQUESTEDFOR": "Ada L", "AGENT_JOBNAME": "lint",
    ],
    expected: """
      provider azure-pipelines
      commit \(ciHead)
      branch feature/x
      slug org/My%20Project/_git/netra
      repository https://dev.azure.com/org/My%20Project/_git/netra
      run https://dev.azure.com/org/My%20Project/_build/results?buildId=8
      actor Ada L
      job lint
      """
  ),
  CIFixture(
    name: "Azure pull request from GitHub",
    variables: [
      "TF_BUILD": "True", "BUILD_SOURCEVERSION": ciMerge,
      "BUILD_SOURCEBRANCH": "refs/pull/12/merge",
      "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER": "12", "SYSTEM_PULLREQUEST_PULLREQUESTID": "99887",
      "SYSTEM_PULLREQUEST_SOURCEBRANCH": "feature/x",
      "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main",
      "SYSTEM_PULLREQUEST_SOURCECOMMITID": ciHead, "SYSTEM_PULLREQUEST_ISFORK": "False",
      "BUILD_REPOSITORY_NAME": "example/netra",
    ],
    expected: """
      provider azure-pipelines
      commit \(ciMerge)
      branch feature/x
      pull request 12: \(ciHead) of feature/x into main as \(ciMerge)
      slug example/netra
      """
  ),
  CIFixture(
    name: "Azure pull request from a fork",
    variables: [
      "TF_BUILD": "True", "BUILD_SOURCEVERSION": ciMerge,
      "BUILD_SOURCEBRANCH": "refs/pull/12/merge",
      "SYSTEM_PULLREQUEST_PULLREQUESTID": "12",
      "SYSTEM_PULLREQUEST_SOURCEBRANCH": "refs/heads/main",
      "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/release",
      "SYSTEM_PULLREQUEST_SOURCECOMMITID": ciHead, "SYSTEM_PULLREQUEST_ISFORK": "True",
    ],
    expected: """
      provider azure-pipelines
      commit \(ciMerge)
      branch pull/12
      pull request 12: \(ciHead) of pull/12 into release as \(ciMerge)
      """
  ),
  CIFixture(
    name: "Buildkite branch, commit not known yet",
    variables: [
      "BUILDKITE": "true", "BUILDKITE_COMMIT": "HEAD", "BUILDKITE_BRANCH": "main",
      "BUILDKITE_PULL_REQUEST": "false", "BUILDKITE_REPO": "git@github.com:example/netra.git",
      "BUILDKITE_BUILD_URL": "https://buildkite.com/example/netra/builds/3",
      "BUILDKITE_JOB_ID": "0190", "BUILDKITE_BUILD_CREATOR": "Ada",
      "BUILDKITE_LABEL": ":broom: lint",
    ],
    expected: """
      provider buildkite
      branch main
      slug example/netra
      repository https://github.com/example/netra
      run https://buildkite.com/example/netra/builds/3#0190
      actor Ada
      job :broom: lint
      """
  ),
  CIFixture(
    name: "Buildkite pull request of a fork",
    variables: [
      "BUILDKITE": "true", "BUILDKITE_COMMIT": ciHead, "BUILDKITE_BRANCH": "eve:main",
      "BUILDKITE_PULL_REQUEST": "12", "BUILDKITE_PULL_REQUEST_BASE_BRANCH": "main",
      "BUILDKITE_PULL_REQUEST_REPO": "git://github.com/eve/netra.git",
      "BUILDKITE_REPO": "https://github.com/example/netra.git",
    ],
    expected: """
      provider buildkite
      commit \(ciHead)
      branch eve:main
      pull request 12: \(ciHead) of eve:main into main as nil
      slug example/netra
      repository https://github.com/example/netra
      """
  ),
  CIFixture(
    name: "CircleCI pull request",
    variables: [
      "CIRCLECI": "true", "CIRCLE_SHA1": ciHead, "CIRCLE_BRANCH": "feature/x",
      "CIRCLE_PULL_REQUEST": "https://github.com/example/netra/pull/12",
      "CIRCLE_PROJECT_USERNAME": "example", "CIRCLE_PROJECT_REPONAME": "netra",
      "CIRCLE_REPOSITORY_URL": "git@github.com:example/netra.git",
      "CIRCLE_BUILD_URL": "https://circleci.com/gh/example/netra/5", "CIRCLE_USERNAME": "ada",
      "CIRCLE_JOB": "lint",
    ],
    expected: """
      provider circleci
      commit \(ciHead)
      branch feature/x
      pull request 12: \(ciHead) of feature/x into nil as nil
      slug example/netra
      repository https://github.com/example/netra
      run https://circleci.com/gh/example/netra/5
      actor ada
      job lint
      """
  ),
  CIFixture(
    name: "Bitbucket pull request",
    variables: [
      "BITBUCKET_BUILD_NUMBER": "31", "BITBUCKET_COMMIT": ciHead, "BITBUCKET_BRANCH": "feature/x",
      "BITBUCKET_PR_ID": "12", "BITBUCKET_PR_DESTINATION_BRANCH": "main",
      "BITBUCKET_REPO_FULL_NAME": "example/netra",
      "BITBUCKET_GIT_HTTP_ORIGIN": "http://bitbucket.org/example/netra",
    ],
    expected: """
      provider bitbucket
      commit \(ciHead)
      branch feature/x
      pull request 12: \(ciHead) of feature/x into main as nil
      slug example/netra
      repository http://bitbucket.org/example/netra
      run http://bitbucket.org/example/netra/pipelines/results/31
      """
  ),
  CIFixture(
    name: "Travis pull request",
    variables: [
      "TRAVIS": "true", "TRAVIS_COMMIT": ciMerge, "TRAVIS_BRANCH": "main", "TRAVIS_TAG": "",
      "TRAVIS_PULL_REQUEST": "12", "TRAVIS_PULL_REQUEST_BRANCH": "main",
      "TRAVIS_PULL_REQUEST_SHA": ciHead, "TRAVIS_PULL_REQUEST_SLUG": "eve/netra",
      "TRAVIS_REPO_SLUG": "example/netra",
    ],
    expected: """
      provider travis
      commit \(ciMerge)
      branch eve:main
      pull request 12: \(ciHead) of eve:main into main as \(ciMerge)
      slug example/netra
      """
  ),
  CIFixture(
    name: "Drone pull request of a fork's main",
    variables: [
      "DRONE": "true", "DRONE_COMMIT_SHA": ciHead, "DRONE_BRANCH": "main",
      "DRONE_PULL_REQUEST": "12",
      "DRONE_SOURCE_BRANCH": "main", "DRONE_TARGET_BRANCH": "main", "DRONE_REPO": "example/netra",
      "DRONE_BUILD_TRIGGER": "eve", "DRONE_STEP_NAME": "lint",
    ],
    expected: """
      provider drone
      commit \(ciHead)
      branch pull/12
      pull request 12: \(ciHead) of pull/12 into main as nil
      slug example/netra
      actor eve
      job lint
      """
  ),
]
