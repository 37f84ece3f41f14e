import TallyLedger
import TallyModel

/// Finds the commit of a merged branch behind what a merge brought to a lane's line.
///
/// Books know the line only: what a branch did is the merge's there. The changes of the branch's own commits are facts too, where git was at hand.
final class MergedCommits {
  /// The most commits of a branch that are looked at.
  private static let limit = 256

  private let reader: LedgerReader
  /// Commits before this are not followed.
  private let start: Timestamp
  private var line: Set<CommitID> = []

  init(reader: LedgerReader, since start: Timestamp) {
    self.reader = reader
    self.start = start
  }

  /// The one commit of the merged branches that touched a file; nil where there is none or are several, and for what is no merge.
  func author(of merge: CommitID, path: RepoPath) throws -> CommitID? {
    guard let record = try reader.commit(merge), record.parents.count > 1 else { return nil }
    try followLine(from: record.parents[0])
    var next = Array(record.parents.dropFirst())
    var seen: Set<CommitID> = []
    var found: [CommitID] = []
    while let commit = next.popLast() {
      guard !line.contains(commit), seen.insert(commit).inserted,
        let own = try reader.commit(commit), own.committed >= start
      else { continue }
      if seen.count > Self.limit { return nil }
      next += own.parents
      guard own.parents.count == 1 else { continue }
      let step = try reader.difference(from: own.parents[0], to: commit)?.steps
      guard let step, step.count == 1 else { return nil }
      if step[0].paths.contains(path) { found.append(commit) }
    }
    return found.count == 1 ? found[0] : nil
  }

  /// Remembers a commit and its first parents as the lane's own line.
  private func followLine(from commit: CommitID) throws {
    var next = commit
    while line.insert(next).inserted {
      guard let record = try reader.commit(next), record.committed >= start,
        let parent = record.parents.first
      else { return }
      next = parent
    }
  }
}
