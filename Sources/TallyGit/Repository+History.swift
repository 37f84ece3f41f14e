public import TallyModel

/// The commits between two points, as far as the clone holds them.
public struct CommitRange: Sendable, Hashable {
  /// Every commit of the range, parents before children; the last is the newer end.
  public let commits: [RawCommit]
  /// The chain of first parents within the range, oldest first, the newer end last.
  public let firstParents: [CommitID]
  /// True when the limit left out older commits.
  public let isTruncated: Bool
  /// True when a shallow clone ends inside the range.
  public let isIncomplete: Bool
}

extension Repository {
  /// The commits that the newer end reaches and the older one does not.
  ///
  /// One call of git, and the session's. Parents are those of the commit objects, also at the border of a shallow clone.
  ///
  /// - Parameters:
  ///   - old: The older end, itself left out; nil for everything.
  ///   - new: The newer end.
  ///   - limit: The most commits to give; the newest are kept.
  /// - Returns: What lies between, oldest first.
  /// - Throws: ``GitError``; `CancellationError`.
  public func commits(
    from old: CommitID?,
    to new: CommitID,
    limit: Int = 10_000
  ) async throws -> CommitRange {
    let known = try await commits([new] + (old.map { [$0] } ?? []))
    for (id, commit) in zip([new] + (old.map { [$0] } ?? []), known) where commit == nil {
      throw GitError.unknownRevision(id.description, isShallow: isShallow)
    }
    var arguments = ["rev-list", "--topo-order", "--max-count=\(limit + 1)", new.description]
    if let old { arguments.append("^\(old)") }
    let output = try await command.output(arguments + ["--"])
    var ids: [CommitID] = []
    for line in output.split(separator: UInt8(ascii: "\n")) {
      guard let id: CommitID = GitText.id(line) else {
        throw GitError.unexpectedOutput(command: "git rev-list", reason: "a line is no commit")
      }
      ids.append(id)
    }
    let isTruncated = ids.count > limit
    if isTruncated { ids.removeLast(ids.count - limit) }
    let found = try await commits(ids.reversed()).compactMap { $0 }
    var byID: [CommitID: RawCommit] = [:]
    for commit in found { byID[commit.id] = commit }
    var chain: [CommitID] = []
    var next = byID[new]
    while let commit = next {
      chain.append(commit.id)
      next = commit.parents.first.flatMap { byID[$0] }
    }
    return CommitRange(
      commits: found,
      firstParents: chain.reversed(),
      isTruncated: isTruncated,
      isIncomplete: try await endsInside(found, old: old, isTruncated: isTruncated)
    )
  }

  /// Says whether a parent that the range should hold is not in the clone.
  private func endsInside(
    _ commits: [RawCommit],
    old: CommitID?,
    isTruncated: Bool
  ) async throws -> Bool {
    if !isShallow { return false }
    var inside = Set(commits.map(\.id))
    if let old { inside.insert(old) }
    let outside = Set(commits.flatMap(\.parents)).subtracting(inside).sorted()
    return try await self.commits(outside).contains { $0 == nil }
  }

  /// The best common ancestor of two commits; nil when the clone holds none.
  ///
  /// One call of git. Of several equally good ones git's first is taken.
  ///
  /// - Throws: ``GitError``; `CancellationError`.
  public func mergeBase(_ first: CommitID, _ second: CommitID) async throws -> CommitID? {
    let arguments = ["merge-base", first.description, second.description]
    let outcome = try await command.run(arguments, limit: 1 << 20)
    switch outcome.status {
    case 0: return GitText.id(outcome.output.prefix { $0 != UInt8(ascii: "\n") })
    case 1: return nil
    default: throw await missing([first, second]) ?? command.diagnose(outcome, of: arguments)
    }
  }

  /// The error for the first of some commits that the clone does not hold.
  func missing(_ ids: [CommitID]) async -> GitError? {
    for id in ids {
      if (try? await commit(id)) == .some(nil) {
        return .unknownRevision(id.description, isShallow: isShallow)
      }
    }
    return nil
  }
}
