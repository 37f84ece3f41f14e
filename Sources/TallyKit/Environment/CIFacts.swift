public import TallyModel

/// A system that runs builds.
public enum CIProvider: String, Sendable, Hashable, CaseIterable {
  case githubActions = "github-actions"
  case gitlab
  case jenkins
  case azurePipelines = "azure-pipelines"
  case buildkite
  case circleci
  case bitbucket
  case travis
  case drone
}

/// What a CI system says about the run, without looking at the repository.
///
/// A fact that the system does not tell is nil. Names of refs are short: `main`, never `refs/heads/main`.
public struct CIFacts: Sendable, Hashable {
  /// A change that asks to be merged.
  public struct PullRequest: Sendable, Hashable {
    /// Its number; GitLab's is the one in the project.
    public var number: Int?
    /// The head of the branch it comes from.
    public var headCommit: String?
    /// The branch it comes from; `owner:branch` or `pull/12` for a fork's.
    public var headBranch: String?
    /// The branch it goes to.
    public var baseBranch: String?
    /// The merge that the system made to build it; its second parent is the head.
    public var mergeCommit: String?
  }

  /// Which system.
  public var provider: CIProvider
  /// The commit the system names, as hexadecimal digits; in a pull request it may be ``PullRequest/mergeCommit``.
  public var commit: String?
  /// The branch of that commit; of a pull request the one it comes from.
  ///
  /// Nil for a tag.
  public var branch: String?
  /// The tag that started the run.
  public var tag: String?
  /// The branch that others start from, where the system names it.
  public var defaultBranch: String?
  /// The pull request, if the run belongs to one.
  public var pullRequest: PullRequest?
  /// Owner and name of the repository, such as `example/netra`.
  public var slug: String?
  /// The repository in a browser, without a trailing slash.
  public var repositoryURL: String?
  /// The run in a browser.
  public var runURL: String?
  /// Who started the run.
  public var actor: String?
  /// The job's name.
  public var job: String?
  /// What the jobs of one run have in common.
  public var run: CIRun?

  /// Creates facts that say nothing but which system it is.
  public init(provider: CIProvider) { self.provider = provider }

  /// The last part of the slug, such as `netra`.
  public var projectName: String? {
    slug?.split(separator: "/").last.map(String.init)
  }

  /// What a scan in this run is a scan of.
  public struct Attribution: Sendable, Hashable {
    /// The commit; nil when nothing is known, or when it has to be looked up as ``secondParentOf``'s.
    public var commit: String?
    /// The branch.
    public var branch: String?
    /// A merge the system made, where only the repository can tell the head that was merged.
    public var secondParentOf: String?

    /// Creates an attribution.
    public init(commit: String?, branch: String?, secondParentOf: String? = nil) {
      self.commit = commit
      self.branch = branch
      self.secondParentOf = secondParentOf
    }
  }

  /// Decides which commit and branch a scan belongs to.
  ///
  /// What is checked out is what was scanned, but for a merge that the system made: that one is on no branch, and stands for the
  /// head of the pull request.
  ///
  /// A job that runs again names the merge of its first run, which may be gone: one that was made since then is known by what it merges.
  ///
  /// - Parameters:
  ///   - head: The commit git's HEAD stands on; nil without a repository.
  ///   - parents: Its parents, in order.
  /// - Returns: The commit and branch, as far as they can be told.
  public func attribution(head: String?, parents: [String] = []) -> Attribution {
    let scanned = head ?? commit
    if let pullRequest, let scanned {
      let isMergeOfHead = parents.count == 2 && parents.last == pullRequest.headCommit
      if scanned == pullRequest.mergeCommit || isMergeOfHead {
        return Attribution(
          commit: pullRequest.headCommit,
          branch: pullRequest.headBranch,
          secondParentOf: pullRequest.headCommit == nil ? scanned : nil
        )
      }
      if scanned == pullRequest.headCommit {
        return Attribution(commit: scanned, branch: pullRequest.headBranch)
      }
    }
    return Attribution(commit: scanned, branch: branch)
  }
}
