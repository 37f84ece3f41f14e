import TallyGit
import TallyModel

/// What an entry is about: project, branch and commit.
struct Target: Sendable {
  let project: String
  let branch: String
  let commit: CommitID
  /// When the commit was made; nil where git was not asked.
  let committed: Timestamp?
  /// Sentences about what was assumed.
  let assumptions: [String]
  /// A sentence where the commit is ahead of the clock.
  var clock: String? = nil

  /// Everything worth a person's attention.
  var warnings: [String] { (clock.map { [$0] } ?? []) + assumptions }

  /// The same of a project that has another name now.
  func of(project: String) -> Target {
    Target(
      project: project,
      branch: branch,
      commit: commit,
      committed: committed,
      assumptions: assumptions,
      clock: clock
    )
  }
}

extension Workspace {
  /// Decides which commit, branch and project an entry is about.
  ///
  /// What was typed counts first, then the CI system, then git.
  func target(commit: String?, branch: String?) async throws -> Target {
    guard let projectName else { throw known(WorkspaceError.noProject) }
    let head = try await headCommit()
    let attribution = ci?.attribution(
      head: head?.id.description,
      parents: head?.parents.map(\.description) ?? []
    )
    var warnings: [String] = []
    let id: CommitID
    var committed: Timestamp?
    var clock: String?
    if let repository {
      let merged = try await mergedHead(attribution)
      let name = commit ?? attribution?.commit ?? merged ?? "HEAD"
      do {
        let found = try await repository.commit(name)
        id = found.id
        committed = found.committed
        if found.committed > now {
          clock =
            "commit \(id.short) says that it was made on \(found.committed.iso8601), and it is "
            + "\(now.iso8601) here: one of the two clocks is wrong; it counts as made no later than it "
            + "was first recorded"
        }
      } catch let error as GitError {
        // The head of a pull request is not in a depth-1 clone of its merge: its name is enough.
        guard commit == nil, let known = CommitID(hex: name) else { throw error }
        id = known
        warnings.append("commit \(known.short) is not in this clone: its sources are not looked at")
      }
    } else {
      guard let text = commit ?? attribution?.commit else { throw known(IngestError.noCommit) }
      guard let known = CommitID(hex: text) else { throw known(IngestError.commitNeedsGit(text)) }
      id = known
    }
    var name = branch ?? attribution?.branch
    if name == nil, let tag = ci?.tag {
      let found = try await self.branch(ofTag: tag, at: id)
      name = found.name
      if let warning = found.warning { warnings.append(warning) }
    }
    if name == nil, let repository { name = try await repository.branch() }
    guard let name else { throw known(WorkspaceError.noBranch) }
    return Target(
      project: projectName,
      branch: name,
      commit: id,
      committed: committed,
      assumptions: warnings,
      clock: clock
    )
  }

  /// Why something is not known: because git is not there, else for the reason given.
  private func known(_ error: any Error) -> any Error {
    isGitMissing ? GitError.gitMissing : error
  }

  /// The head that a merge of the CI system stands for, as the merge itself names it: a shallow clone hides it otherwise.
  private func mergedHead(_ attribution: CIFacts.Attribution?) async throws -> String? {
    guard let merge = attribution?.secondParentOf.flatMap({ CommitID(hex: $0) }),
      let parents = try await repository?.commit(merge)?.parents, parents.count == 2
    else { return nil }
    return parents[1].description
  }

  private func headCommit() async throws -> RawCommit? {
    guard let repository else { return nil }
    do {
      return try await repository.commit("HEAD")
    } catch GitError.noCommits {
      return nil
    }
  }
}
