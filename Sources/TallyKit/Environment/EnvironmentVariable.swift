import TallyGit

/// Every environment variable the program itself reads, with what it means.
///
/// Nothing else may look a variable up: `environment[.name]` is the only way in.
public enum EnvironmentVariable: String, CaseIterable, Sendable {
  // Tally itself
  /// The time to use instead of the clock, in ISO 8601; for tests and reproducible runs.
  case tallyNow = "TALLY_NOW"
  /// Who appends entries, before anything a CI system says.
  case tallyActor = "TALLY_ACTOR"

  // Terminal
  /// Any text turns colour off, whatever else is set.
  case noColor = "NO_COLOR"
  /// Any text but 0 turns colour on, also where the output is no terminal.
  case clicolorForce = "CLICOLOR_FORCE"
  /// The terminal's kind; dumb has no colour.
  case term = "TERM"
  /// The width of the output in characters.
  case columns = "COLUMNS"

  // GitHub Actions
  /// Is true on a GitHub Actions runner.
  case githubActions = "GITHUB_ACTIONS"
  /// The commit that was checked out; in a pull request a merge that GitHub made.
  case githubSHA = "GITHUB_SHA"
  /// The full ref of the run, such as refs/pull/12/merge.
  case githubRef = "GITHUB_REF"
  /// The short name of the branch or tag.
  case githubRefName = "GITHUB_REF_NAME"
  /// Says whether the ref is a branch or a tag.
  case githubRefType = "GITHUB_REF_TYPE"
  /// The branch a pull request comes from.
  case githubHeadRef = "GITHUB_HEAD_REF"
  /// The branch a pull request goes to.
  case githubBaseRef = "GITHUB_BASE_REF"
  /// What started the run, such as pull_request.
  case githubEventName = "GITHUB_EVENT_NAME"
  /// The file that holds the event; the pull request's head commit is read from it.
  case githubEventPath = "GITHUB_EVENT_PATH"
  /// Owner and name of the repository.
  case githubRepository = "GITHUB_REPOSITORY"
  /// The address of the GitHub server, for links.
  case githubServerURL = "GITHUB_SERVER_URL"
  /// The run's number, for its address.
  case githubRunID = "GITHUB_RUN_ID"
  /// Which attempt of the run, for its address.
  case githubRunAttempt = "GITHUB_RUN_ATTEMPT"
  /// Which run of the workflow: of two runs of one commit the greater is the later.
  case githubRunNumber = "GITHUB_RUN_NUMBER"
  /// The workflow that run numbers count in.
  case githubWorkflow = "GITHUB_WORKFLOW"
  /// Who started this attempt.
  case githubTriggeringActor = "GITHUB_TRIGGERING_ACTOR"
  /// Who started the run.
  case githubActor = "GITHUB_ACTOR"
  /// The job's id in the workflow.
  case githubJob = "GITHUB_JOB"
  /// The file that becomes the job's summary; tally gate adds its own to it.
  case githubStepSummary = "GITHUB_STEP_SUMMARY"
  /// The address of GitHub's API, for tally post github; that of GitHub Enterprise ends in /api/v3.
  case githubAPIURL = "GITHUB_API_URL"
  /// The token that tally post github comments with, before GITHUB_TOKEN.
  case ghToken = "GH_TOKEN"
  /// The token that tally post github comments with.
  case githubToken = "GITHUB_TOKEN"

  // GitLab CI/CD
  /// Is true in a GitLab job.
  case gitlabCi = "GITLAB_CI"
  /// The commit that was checked out; in a merged results pipeline a merge that GitLab made.
  case ciCommitSHA = "CI_COMMIT_SHA"
  /// The branch; not set in merge request pipelines.
  case ciCommitBranch = "CI_COMMIT_BRANCH"
  /// The tag, in tag pipelines.
  case ciCommitTag = "CI_COMMIT_TAG"
  /// The branch that others start from, for the build of a tag.
  case ciDefaultBranch = "CI_DEFAULT_BRANCH"
  /// The merge request's number in its project.
  case ciMergeRequestIID = "CI_MERGE_REQUEST_IID"
  /// The branch a merge request comes from.
  case ciMergeRequestSourceBranchName = "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"
  /// The head of the source branch, in merged results pipelines.
  case ciMergeRequestSourceBranchSHA = "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"
  /// The branch a merge request goes to.
  case ciMergeRequestTargetBranchName = "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"
  /// The project a merge request comes from; another one for a fork.
  case ciMergeRequestSourceProjectPath = "CI_MERGE_REQUEST_SOURCE_PROJECT_PATH"
  /// The project a merge request goes to.
  case ciMergeRequestProjectPath = "CI_MERGE_REQUEST_PROJECT_PATH"
  /// Group and name of the project.
  case ciProjectPath = "CI_PROJECT_PATH"
  /// The project in a browser.
  case ciProjectURL = "CI_PROJECT_URL"
  /// The job in a browser.
  case ciJobURL = "CI_JOB_URL"
  /// The job's name.
  case ciJobName = "CI_JOB_NAME"
  /// The pipeline: its jobs say one thing together, and of two the greater is the later.
  case ciPipelineID = "CI_PIPELINE_ID"
  /// Who started the pipeline.
  case gitlabUserLogin = "GITLAB_USER_LOGIN"
  /// The address of GitLab's API, for tally post gitlab.
  case ciAPIV4URL = "CI_API_V4_URL"
  /// The project's number, for tally post gitlab.
  case ciProjectID = "CI_PROJECT_ID"
  /// The token that tally post gitlab comments with.
  case gitlabToken = "GITLAB_TOKEN"
  /// The job's own token; it may not comment, and is only looked for to say so.
  case ciJobToken = "CI_JOB_TOKEN"

  // Jenkins
  /// The address of the Jenkins server; says that Jenkins runs the job.
  case jenkinsURL = "JENKINS_URL"
  /// The commit that was checked out by the Git plugin.
  case gitCommit = "GIT_COMMIT"
  /// The branch by the Git plugin, such as origin/main.
  case gitBranch = "GIT_BRANCH"
  /// Where the Git plugin cloned from.
  case gitURL = "GIT_URL"
  /// The branch of a multibranch job, or PR-12 for a change request.
  case branchName = "BRANCH_NAME"
  /// The tag of a multibranch job.
  case tagName = "TAG_NAME"
  /// The change request's number.
  case changeID = "CHANGE_ID"
  /// The branch a change request comes from.
  case changeBranch = "CHANGE_BRANCH"
  /// The branch a change request goes to.
  case changeTarget = "CHANGE_TARGET"
  /// The fork a change request comes from.
  case changeFork = "CHANGE_FORK"
  /// Who made the change request.
  case changeAuthor = "CHANGE_AUTHOR"
  /// The build in a browser.
  case buildURL = "BUILD_URL"
  /// The job's name.
  case jobName = "JOB_NAME"
  /// Which build of the job: of two builds of one commit the greater is the later.
  case buildNumber = "BUILD_NUMBER"

  // Azure Pipelines
  /// Is True on an Azure Pipelines agent.
  case tfBuild = "TF_BUILD"
  /// The commit that was checked out; in a pull request a merge that Azure made.
  case buildSourceVersion = "BUILD_SOURCEVERSION"
  /// The full ref of the run, such as refs/heads/main.
  case buildSourceBranch = "BUILD_SOURCEBRANCH"
  /// The pull request's number on GitHub.
  case systemPullRequestPullRequestNumber = "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER"
  /// The pull request's number in Azure Repos.
  case systemPullRequestPullRequestID = "SYSTEM_PULLREQUEST_PULLREQUESTID"
  /// The branch a pull request comes from.
  case systemPullRequestSourceBranch = "SYSTEM_PULLREQUEST_SOURCEBRANCH"
  /// The head commit of a pull request.
  case systemPullRequestSourceCommitID = "SYSTEM_PULLREQUEST_SOURCECOMMITID"
  /// The branch a pull request goes to.
  case systemPullRequestTargetBranch = "SYSTEM_PULLREQUEST_TARGETBRANCH"
  /// Is True when a pull request comes from a fork.
  case systemPullRequestIsFork = "SYSTEM_PULLREQUEST_ISFORK"
  /// The repository's name; owner and name on GitHub.
  case buildRepositoryName = "BUILD_REPOSITORY_NAME"
  /// Where the repository was cloned from.
  case buildRepositoryURI = "BUILD_REPOSITORY_URI"
  /// The address of the organisation, for the run's address.
  case systemCollectionURI = "SYSTEM_COLLECTIONURI"
  /// The project, for the run's address.
  case systemTeamProject = "SYSTEM_TEAMPROJECT"
  /// The run's number, for its address.
  case buildBuildID = "BUILD_BUILDID"
  /// Who started the run.
  case buildRequestedFor = "BUILD_REQUESTEDFOR"
  /// The job's name.
  case agentJobName = "AGENT_JOBNAME"
  /// Which try of the job.
  case systemJobAttempt = "SYSTEM_JOBATTEMPT"

  // Buildkite
  /// Is true in a Buildkite job.
  case buildkite = "BUILDKITE"
  /// The commit that was checked out; HEAD before it is known.
  case buildkiteCommit = "BUILDKITE_COMMIT"
  /// The branch, of a pull request the one it comes from.
  case buildkiteBranch = "BUILDKITE_BRANCH"
  /// The tag.
  case buildkiteTag = "BUILDKITE_TAG"
  /// The branch that others start from, for the build of a tag.
  case buildkitePipelineDefaultBranch = "BUILDKITE_PIPELINE_DEFAULT_BRANCH"
  /// The pull request's number, or false.
  case buildkitePullRequest = "BUILDKITE_PULL_REQUEST"
  /// The branch a pull request goes to.
  case buildkitePullRequestBaseBranch = "BUILDKITE_PULL_REQUEST_BASE_BRANCH"
  /// Where a pull request comes from.
  case buildkitePullRequestRepo = "BUILDKITE_PULL_REQUEST_REPO"
  /// Where the repository was cloned from.
  case buildkiteRepo = "BUILDKITE_REPO"
  /// The build in a browser.
  case buildkiteBuildURL = "BUILDKITE_BUILD_URL"
  /// The job's id, for its address.
  case buildkiteJobID = "BUILDKITE_JOB_ID"
  /// Who started the build.
  case buildkiteBuildCreator = "BUILDKITE_BUILD_CREATOR"
  /// The step's name.
  case buildkiteLabel = "BUILDKITE_LABEL"
  /// The build: its jobs say one thing together.
  case buildkiteBuildID = "BUILDKITE_BUILD_ID"
  /// Which build of the pipeline: of two the greater is the later.
  case buildkiteBuildNumber = "BUILDKITE_BUILD_NUMBER"
  /// The pipeline that build numbers count in.
  case buildkitePipelineSlug = "BUILDKITE_PIPELINE_SLUG"
  /// How often the job was run before.
  case buildkiteRetryCount = "BUILDKITE_RETRY_COUNT"

  // CircleCI
  /// Is true in a CircleCI job.
  case circleci = "CIRCLECI"
  /// The commit that was checked out.
  case circleSHA1 = "CIRCLE_SHA1"
  /// The branch; pull/12 for a fork's pull request.
  case circleBranch = "CIRCLE_BRANCH"
  /// The tag.
  case circleTag = "CIRCLE_TAG"
  /// The pull request in a browser; its number is the last part.
  case circlePullRequest = "CIRCLE_PULL_REQUEST"
  /// The number of a fork's pull request.
  case circlePRNumber = "CIRCLE_PR_NUMBER"
  /// The repository's owner.
  case circleProjectUsername = "CIRCLE_PROJECT_USERNAME"
  /// The repository's name.
  case circleProjectRepoName = "CIRCLE_PROJECT_REPONAME"
  /// Where the repository was cloned from.
  case circleRepositoryURL = "CIRCLE_REPOSITORY_URL"
  /// The job in a browser.
  case circleBuildURL = "CIRCLE_BUILD_URL"
  /// Who started the pipeline.
  case circleUsername = "CIRCLE_USERNAME"
  /// The job's name.
  case circleJob = "CIRCLE_JOB"
  /// The workflow run: its jobs say one thing together.
  case circleWorkflowID = "CIRCLE_WORKFLOW_ID"
  /// The number of the job: of two runs of one commit that with the greater is the later.
  case circleBuildNumber = "CIRCLE_BUILD_NUM"

  // Bitbucket Pipelines
  /// The run's number; says that Bitbucket runs the step.
  case bitbucketBuildNumber = "BITBUCKET_BUILD_NUMBER"
  /// The commit that was checked out.
  case bitbucketCommit = "BITBUCKET_COMMIT"
  /// The branch, of a pull request the one it comes from.
  case bitbucketBranch = "BITBUCKET_BRANCH"
  /// The tag.
  case bitbucketTag = "BITBUCKET_TAG"
  /// The pull request's number.
  case bitbucketPRID = "BITBUCKET_PR_ID"
  /// The branch a pull request goes to.
  case bitbucketPRDestinationBranch = "BITBUCKET_PR_DESTINATION_BRANCH"
  /// Workspace and name of the repository.
  case bitbucketRepoFullName = "BITBUCKET_REPO_FULL_NAME"
  /// The repository's address, for links.
  case bitbucketGitHTTPOrigin = "BITBUCKET_GIT_HTTP_ORIGIN"
  /// Who started the step.
  case bitbucketStepTriggererUUID = "BITBUCKET_STEP_TRIGGERER_UUID"

  // Travis CI
  /// Is true in a Travis job.
  case travis = "TRAVIS"
  /// The commit that was checked out; in a pull request a merge that GitHub made.
  case travisCommit = "TRAVIS_COMMIT"
  /// The branch; in a pull request the one it goes to.
  case travisBranch = "TRAVIS_BRANCH"
  /// The tag.
  case travisTag = "TRAVIS_TAG"
  /// The pull request's number, or false.
  case travisPullRequest = "TRAVIS_PULL_REQUEST"
  /// The branch a pull request comes from.
  case travisPullRequestBranch = "TRAVIS_PULL_REQUEST_BRANCH"
  /// The head commit of a pull request.
  case travisPullRequestSHA = "TRAVIS_PULL_REQUEST_SHA"
  /// The repository a pull request comes from.
  case travisPullRequestSlug = "TRAVIS_PULL_REQUEST_SLUG"
  /// Owner and name of the repository.
  case travisRepoSlug = "TRAVIS_REPO_SLUG"
  /// The job in a browser.
  case travisJobWebURL = "TRAVIS_JOB_WEB_URL"
  /// The job's name.
  case travisJobName = "TRAVIS_JOB_NAME"
  /// The build: its jobs say one thing together.
  case travisBuildID = "TRAVIS_BUILD_ID"
  /// Which build: of two the greater is the later.
  case travisBuildNumber = "TRAVIS_BUILD_NUMBER"

  // Drone
  /// Is true in a Drone step.
  case drone = "DRONE"
  /// The commit that was checked out.
  case droneCommitSHA = "DRONE_COMMIT_SHA"
  /// The branch; in a pull request the one it goes to.
  case droneBranch = "DRONE_BRANCH"
  /// The tag.
  case droneTag = "DRONE_TAG"
  /// The branch that others start from, for the build of a tag.
  case droneRepoBranch = "DRONE_REPO_BRANCH"
  /// The pull request's number.
  case dronePullRequest = "DRONE_PULL_REQUEST"
  /// The branch a pull request comes from.
  case droneSourceBranch = "DRONE_SOURCE_BRANCH"
  /// The branch a pull request goes to.
  case droneTargetBranch = "DRONE_TARGET_BRANCH"
  /// Owner and name of the repository.
  case droneRepo = "DRONE_REPO"
  /// The repository in a browser.
  case droneRepoLink = "DRONE_REPO_LINK"
  /// The build in a browser.
  case droneBuildLink = "DRONE_BUILD_LINK"
  /// Who started the build.
  case droneBuildTrigger = "DRONE_BUILD_TRIGGER"
  /// The step's name.
  case droneStepName = "DRONE_STEP_NAME"
  /// Which build: its steps say one thing together, and of two the greater is the later.
  case droneBuildNumber = "DRONE_BUILD_NUMBER"

  // Slack and other receivers of posts
  /// The address of an incoming webhook of Slack, for tally post slack; it is a secret.
  case slackWebhookURL = "SLACK_WEBHOOK_URL"
  /// The token of a Slack app that keeps a message up to date, for tally post slack.
  case slackBotToken = "SLACK_BOT_TOKEN"
  /// The channel's id for that app, such as C024BE91L.
  case slackChannel = "SLACK_CHANNEL"
  /// The address of Slack's API, such as https://slack-gov.com/api; https://slack.com/api where it is not set.
  case slackAPIURL = "SLACK_API_URL"
  /// Where tally post webhook sends to; it may be a secret.
  case tallyWebhookURL = "TALLY_WEBHOOK_URL"
  /// The secret that tally post webhook signs with.
  case tallyWebhookSecret = "TALLY_WEBHOOK_SECRET"
}

extension EnvironmentVariable {
  /// The names of the variables that are handed on to git, sorted; `*` stands for a number.
  public static let passedToGit = Repository.environmentVariables
}

extension [String: String] {
  /// The value of a variable; nil when it is not set or empty.
  public subscript(variable: EnvironmentVariable) -> String? {
    guard let value = self[variable.rawValue], !value.isEmpty else { return nil }
    return value
  }
}
