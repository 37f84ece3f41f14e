import TallyGit

extension CIEnvironment {
  static func readGitLab(_ environment: [String: String], into facts: inout CIFacts) {
    facts.commit = environment[.ciCommitSHA]
    facts.branch = environment[.ciCommitBranch]
    facts.tag = environment[.ciCommitTag]
    facts.defaultBranch = environment[.ciDefaultBranch]
    facts.slug = environment[.ciProjectPath]
    facts.repositoryURL = environment[.ciProjectURL]
    facts.runURL = environment[.ciJobURL]
    facts.actor = environment[.gitlabUserLogin]
    facts.job = environment[.ciJobName]
    guard let number = environment[.ciMergeRequestIID] else { return }
    var request = CIFacts.PullRequest()
    request.number = Int(number)
    request.baseBranch = environment[.ciMergeRequestTargetBranchName]
    request.headBranch = forkBranch(
      environment[.ciMergeRequestSourceBranchName],
      from: environment[.ciMergeRequestSourceProjectPath],
      to: environment[.ciMergeRequestProjectPath]
    )
    // Set only where the pipeline builds a merge with the target branch.
    if let head = environment[.ciMergeRequestSourceBranchSHA] {
      request.headCommit = head
      request.mergeCommit = facts.commit
    } else {
      request.headCommit = facts.commit
    }
    facts.branch = request.headBranch
    facts.pullRequest = request
  }

  static func readJenkins(_ environment: [String: String], into facts: inout CIFacts) {
    let remote = environment[.gitURL].map { RemoteAddress($0) }
    facts.commit = environment[.gitCommit]
    facts.tag = environment[.tagName]
    facts.slug = remote?.slug
    facts.repositoryURL = remote?.webURL
    facts.runURL = environment[.buildURL]
    facts.actor = environment[.changeAuthor]
    facts.job = environment[.jobName]
    if facts.tag == nil {
      facts.branch = environment[.branchName] ?? environment[.gitBranch].map(withoutRemote)
    }
    guard let number = environment[.changeID] else { return }
    var request = CIFacts.PullRequest()
    request.number = Int(number)
    request.baseBranch = environment[.changeTarget]
    request.headBranch = environment[.changeBranch]
    if let fork = environment[.changeFork], let branch = request.headBranch {
      let owner = fork.split(separator: "/").first.map(String.init) ?? fork
      request.headBranch = "\(owner):\(branch)"
    }
    facts.branch = request.headBranch ?? facts.branch
    facts.pullRequest = request
  }

  /// `origin/feature/x` is the branch `feature/x`.
  private static func withoutRemote(_ name: String) -> String {
    guard let short = shortBranch(name) else { return name }
    return short.hasPrefix("origin/") ? String(short.dropFirst(7)) : short
  }

  static func readAzure(_ environment: [String: String], into facts: inout CIFacts) {
    let remote = environment[.buildRepositoryURI].map { RemoteAddress($0) }
    let name = environment[.buildRepositoryName]
    facts.commit = environment[.buildSourceVersion]
    facts.slug = name.map { $0.contains("/") ? $0 : remote?.slug ?? $0 } ?? remote?.slug
    facts.repositoryURL = remote?.webURL
    facts.actor = environment[.buildRequestedFor]
    facts.job = environment[.agentJobName]
    if let base = environment[.systemCollectionURI], let project = environment[.systemTeamProject],
      let run = environment[.buildBuildID]
    {
      let place = base.hasSuffix("/") ? base : base + "/"
      facts.runURL = "\(place)\(escaped(project))/_build/results?buildId=\(run)"
    }
    let ref = environment[.buildSourceBranch]
    if let ref, ref.hasPrefix("refs/tags/") {
      facts.tag = String(ref.dropFirst(10))
    } else if pullNumber(ofRef: ref) == nil {
      facts.branch = shortBranch(ref)
    }
    guard let source = environment[.systemPullRequestSourceBranch] else { return }
    var request = CIFacts.PullRequest()
    let number =
      environment[.systemPullRequestPullRequestNumber]
      ?? environment[.systemPullRequestPullRequestID]
    request.number = number.flatMap { Int($0) }
    request.baseBranch = shortBranch(environment[.systemPullRequestTargetBranch])
    request.headBranch = shortBranch(source)
    if environment[.systemPullRequestIsFork]?.lowercased() == "true" {
      request.headBranch = request.number.map { "pull/\($0)" } ?? request.headBranch
    }
    request.headCommit = environment[.systemPullRequestSourceCommitID]
    request.mergeCommit = facts.commit
    facts.branch = request.headBranch
    facts.pullRequest = request
  }

  /// The text as part of an address: everything but letters, digits and a few signs in percent form.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      let scalar = Unicode.Scalar(byte)
      if scalar.isASCII
        && (scalar.properties.isAlphabetic || "0123456789-._~".contains(Character(scalar)))
      {
        result.unicodeScalars.append(scalar)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return result
  }

  static func readBuildkite(_ environment: [String: String], into facts: inout CIFacts) {
    let remote = environment[.buildkiteRepo].map { RemoteAddress($0) }
    facts.commit = environment[.buildkiteCommit]
    facts.tag = environment[.buildkiteTag]
    facts.defaultBranch = environment[.buildkitePipelineDefaultBranch]
    if facts.tag == nil { facts.branch = environment[.buildkiteBranch] }
    facts.slug = remote?.slug
    facts.repositoryURL = remote?.webURL
    facts.runURL = environment[.buildkiteBuildURL].map { url in
      environment[.buildkiteJobID].map { "\(url)#\($0)" } ?? url
    }
    facts.actor = environment[.buildkiteBuildCreator]
    facts.job = environment[.buildkiteLabel]
    guard let number = environment[.buildkitePullRequest].flatMap({ Int($0) }) else { return }
    var request = CIFacts.PullRequest()
    request.number = number
    request.baseBranch = environment[.buildkitePullRequestBaseBranch]
    request.headCommit = facts.commit
    let branch = facts.branch
    // Buildkite itself writes `owner:branch` for a fork.
    request.headBranch =
      branch?.contains(":") == true
      ? branch
      : forkBranch(
        branch,
        from: environment[.buildkitePullRequestRepo].flatMap { RemoteAddress($0).slug },
        to: remote?.slug
      )
    facts.branch = request.headBranch
    facts.pullRequest = request
  }

  static func readCircleCI(_ environment: [String: String], into facts: inout CIFacts) {
    facts.commit = environment[.circleSHA1]
    facts.tag = environment[.circleTag]
    if facts.tag == nil { facts.branch = environment[.circleBranch] }
    if let owner = environment[.circleProjectUsername],
      let name = environment[.circleProjectRepoName]
    {
      facts.slug = "\(owner)/\(name)"
    }
    facts.repositoryURL = environment[.circleRepositoryURL].flatMap { RemoteAddress($0).webURL }
    facts.runURL = environment[.circleBuildURL]
    facts.actor = environment[.circleUsername]
    facts.job = environment[.circleJob]
    let address = environment[.circlePullRequest]
    guard
      let number = environment[.circlePRNumber]
        ?? address.flatMap({ $0.split(separator: "/").last.map(String.init) })
    else { return }
    var request = CIFacts.PullRequest()
    request.number = Int(number)
    request.headCommit = facts.commit
    request.headBranch = facts.branch
    facts.pullRequest = request
  }

  static func readBitbucket(_ environment: [String: String], into facts: inout CIFacts) {
    facts.commit = environment[.bitbucketCommit]
    facts.branch = environment[.bitbucketBranch]
    facts.tag = environment[.bitbucketTag]
    facts.slug = environment[.bitbucketRepoFullName]
    facts.repositoryURL = environment[.bitbucketGitHTTPOrigin].flatMap { RemoteAddress($0).webURL }
    if let slug = facts.slug, let run = environment[.bitbucketBuildNumber] {
      let site = facts.repositoryURL ?? "https://bitbucket.org/\(slug)"
      facts.runURL = "\(site)/pipelines/results/\(run)"
    }
    facts.actor = environment[.bitbucketStepTriggererUUID]
    guard let number = environment[.bitbucketPRID] else { return }
    var request = CIFacts.PullRequest()
    request.number = Int(number)
    request.baseBranch = environment[.bitbucketPRDestinationBranch]
    request.headBranch = facts.branch
    request.headCommit = facts.commit
    facts.pullRequest = request
  }

  static func readTravis(_ environment: [String: String], into facts: inout CIFacts) {
    facts.commit = environment[.travisCommit]
    facts.tag = environment[.travisTag]
    facts.slug = environment[.travisRepoSlug]
    facts.runURL = environment[.travisJobWebURL]
    facts.job = environment[.travisJobName]
    if facts.tag == nil { facts.branch = environment[.travisBranch] }
    guard let number = environment[.travisPullRequest].flatMap({ Int($0) }) else { return }
    var request = CIFacts.PullRequest()
    request.number = number
    request.baseBranch = environment[.travisBranch]
    request.headBranch = forkBranch(
      environment[.travisPullRequestBranch],
      from: environment[.travisPullRequestSlug],
      to: facts.slug
    )
    request.headCommit = environment[.travisPullRequestSHA]
    request.mergeCommit = facts.commit
    facts.branch = request.headBranch
    facts.pullRequest = request
  }

  static func readDrone(_ environment: [String: String], into facts: inout CIFacts) {
    facts.commit = environment[.droneCommitSHA]
    facts.tag = environment[.droneTag]
    facts.defaultBranch = environment[.droneRepoBranch]
    facts.slug = environment[.droneRepo]
    facts.repositoryURL = environment[.droneRepoLink]
    facts.runURL = environment[.droneBuildLink]
    facts.actor = environment[.droneBuildTrigger]
    facts.job = environment[.droneStepName]
    if facts.tag == nil { facts.branch = environment[.droneBranch] }
    guard let number = environment[.dronePullRequest] else { return }
    var request = CIFacts.PullRequest()
    request.number = Int(number)
    request.baseBranch = environment[.droneTargetBranch]
    request.headBranch = environment[.droneSourceBranch]
    request.headCommit = facts.commit
    facts.branch = request.headBranch
    facts.pullRequest = request
  }
}
