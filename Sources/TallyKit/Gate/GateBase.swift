import TallyGit
import TallyLedger
import TallyModel

/// What a change is compared with, and whose policies count.
struct GateBase: Sendable {
  /// How the point was found.
  enum Kind: Sendable, Hashable {
    /// Where the branch left the base branch.
    case mergeBase
    /// The commit of the base branch that the CI system merged the change into.
    case mergedInto
    /// The change is on the base branch itself: compared with the scan before.
    case previous
    /// Nobody knows where the branch began: compared with the newest scan.
    case newest
  }

  /// The base branch's short name.
  let branch: String
  let kind: Kind
  /// The commit up to which the base branch counts; nil where it is not known.
  let commit: CommitID?
  /// Commits at or before ``commit``, as far as the clone knows them.
  let ancestors: Set<CommitID>
  /// The base branch's own `tally.yml`; nil when git does not hold it.
  let configuration: (text: [UInt8], path: String, commit: CommitID)?
  /// False when the clone does not hold the base branch, so that nobody knows whether it has a `tally.yml`.
  let isReadable: Bool
}

extension Workspace {
  /// Finds the base branch in the repository.
  ///
  /// - Throws: `GitError`.
  func gateBase(_ request: GateRequest, target: Target) async throws -> GateBase {
    var branch = request.base ?? ci?.pullRequest?.baseBranch ?? "main"
    for prefix in ["refs/heads/", "refs/remotes/origin/", "origin/"] where branch.hasPrefix(prefix)
    {
      branch = String(branch.dropFirst(prefix.count))
    }
    guard let repository else {
      return GateBase(
        branch: branch,
        kind: branch == target.branch ? .previous : .newest,
        commit: nil,
        ancestors: [],
        configuration: nil,
        isReadable: false
      )
    }
    var kind = GateBase.Kind.newest
    var point: CommitID?
    var tip = branch == target.branch ? target.commit : nil
    if tip != nil {
      kind = .previous
    } else {
      // In CI a local branch may be anything; the remote's is the one that was fetched.
      let local = "refs/heads/\(branch)"
      let remote = "refs/remotes/origin/\(branch)"
      for name in ci == nil ? [local, remote] : [remote, local] where tip == nil {
        tip = try? await repository.commit(name).id
      }
      if let into = try await mergedInto(repository) {
        (kind, point) = (.mergedInto, into)
        if try await repository.commit(into) != nil { tip = into }
      } else if let tip, let base = try? await repository.mergeBase(target.commit, tip) {
        (kind, point) = (.mergeBase, base)
      }
    }
    var ancestors: Set<CommitID> = []
    if let point, let range = try? await repository.commits(from: nil, to: point, limit: 5000) {
      ancestors = Set(range.commits.map(\.id))
    }
    return GateBase(
      branch: branch,
      kind: kind,
      commit: point,
      ancestors: ancestors,
      configuration: try await configuration(at: tip ?? point, in: repository),
      isReadable: tip != nil
    )
  }

  /// The commit that the CI system merged the change into, where HEAD is such a merge.
  private func mergedInto(_ repository: Repository) async throws -> CommitID? {
    guard let merge = ci?.pullRequest?.mergeCommit, let id = CommitID(hex: merge),
      let head = try? await repository.commit("HEAD"), head.id == id, head.parents.count == 2
    else { return nil }
    return head.parents[0]
  }

  /// `tally.yml` of a commit: in the folder of the command, or the nearest above it.
  private func configuration(
    at commit: CommitID?,
    in repository: Repository
  ) async throws -> (text: [UInt8], path: String, commit: CommitID)? {
    guard let commit else { return nil }
    var folders: [String] = []
    if let top = repository.root, let own = configurationFile?.folder, own.hasPrefix(top + "/") {
      folders.append(own.dropFirst(top.utf8.count + 1) + "/")
    }
    var folder = repository.prefix[...]
    while true {
      folders.append(String(folder))
      if folder.isEmpty { break }
      let parent = folder.dropLast()
      folder = parent.lastIndex(of: "/").map { parent[...$0] } ?? ""
    }
    for folder in folders {
      let path = folder + "tally.yml"
      if let text = try await repository.bytes(of: path, at: commit) { return (text, path, commit) }
    }
    return nil
  }
}
