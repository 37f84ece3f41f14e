extension CIEnvironment {
  static func readGitHub(
    _ environment: [String: String],
    event text: String?,
    into facts: inout CIFacts
  ) {
    let event = GitHubEvent(text)
    let slug = environment[.githubRepository]
    let server = environment[.githubServerURL] ?? "https://github.com"
    facts.slug = slug
    facts.repositoryURL = slug.map { "\(server)/\($0)" }
    facts.commit = environment[.githubSHA]
    facts.actor = environment[.githubTriggeringActor] ?? environment[.githubActor]
    facts.job = environment[.githubJob]
    if let slug, let run = environment[.githubRunID] {
      facts.runURL = "\(server)/\(slug)/actions/runs/\(run)"
      if let attempt = environment[.githubRunAttempt].flatMap({ Int($0) }), attempt > 1 {
        facts.runURL? += "/attempts/\(attempt)"
      }
    }

    let ref = environment[.githubRef]
    let number = pullNumber(ofRef: ref)
    facts.defaultBranch = event.text("repository", "default_branch")
    if let tag = tagName(ofRef: ref) {
      facts.tag = tag
    } else if environment[.githubRefType] == "tag" {
      facts.tag = environment[.githubRefName]
    } else if number == nil {
      facts.branch = environment[.githubRefName] ?? shortBranch(ref)
    }

    if environment[.githubEventName] == "workflow_run" {
      // The run is one of the default branch; what it looks at is another run's head.
      var request = CIFacts.PullRequest()
      request.headCommit = event.text("workflow_run", "head_sha")
      request.headBranch = forkBranch(
        event.text("workflow_run", "head_branch"),
        from: event.text("workflow_run", "head_repository", "full_name"),
        to: slug
      )
      if request.headCommit != nil { facts.pullRequest = request }
      return
    }
    guard number != nil || environment[.githubHeadRef] != nil else { return }
    var request = CIFacts.PullRequest()
    request.number = number ?? event.number("pull_request", "number") ?? event.number("number")
    request.headCommit = event.text("pull_request", "head", "sha")
    request.baseBranch = environment[.githubBaseRef] ?? event.text("pull_request", "base", "ref")
    request.headBranch = forkBranch(
      environment[.githubHeadRef] ?? event.text("pull_request", "head", "ref"),
      from: event.text("pull_request", "head", "repo", "full_name"),
      to: slug
    )
    // `pull_request_target` runs on the base branch: there the commit is no merge.
    if number != nil {
      request.mergeCommit = environment[.githubSHA]
      facts.branch = request.headBranch
      if request.headBranch == request.baseBranch {
        facts.branch = request.number.map { "pull/\($0)" }
      }
    }
    facts.pullRequest = request
  }
}
