public import TallyModel

/// A merge entry whose leaves are those of no log that is known here.
public struct UnfoundedMerge: Sendable, Hashable {
  /// The entry.
  public let entry: EntryID
  /// The size of the log it records.
  public let size: Int
}

/// The logs that a journal knows: its own, and those that its merge entries record.
///
/// A merge entry holds the last leaves of the other log. The ones before are those of this journal, or of a merge entry before it: of
/// whichever its root says.
public struct KnownLogs {
  private var logs: [[LogRoot]]
  /// Merge entries whose root none of the known beginnings gives.
  public private(set) var unfounded: [UnfoundedMerge] = []

  init(_ reader: LedgerReader) throws {
    logs = [try reader.logLeaves(from: 0)]
    for sequence in try reader.sequences(of: .merge) {
      guard case .merge(let record) = try reader.body(sequence) else { continue }
      let shared = record.size - record.leaves.count
      let tail: [LogRoot] = record.leaves.map { $0.renamed() }
      let root: LogRoot = record.root.renamed()
      let log = logs.lazy
        .filter { $0.count >= shared && shared >= 0 }
        .map { Array($0[..<shared]) + tail }
        .first { LogEnd.empty.adding($0).root == root }
      if let log {
        logs.append(log)
      } else {
        unfounded.append(
          UnfoundedMerge(entry: try reader.entryStore.id(sequence), size: record.size)
        )
      }
    }
  }

  /// Says whether a checkpoint is one of a known log: then everything under it is in this journal or was said to it.
  public func contains(size: Int, root: LogRoot) -> Bool {
    logs.contains { $0.count >= size && LogEnd.empty.adding($0[..<size]).root == root }
  }
}

extension LedgerReader {
  /// The logs whose checkpoints this journal can tell.
  public func knownLogs() throws -> KnownLogs { try KnownLogs(self) }

  /// The merge entries whose leaves are those of no log that is known here; costs nothing where nothing was merged.
  public func unfoundedMerges() throws -> [UnfoundedMerge] {
    try sequences(of: .merge).isEmpty ? [] : knownLogs().unfounded
  }
}

extension EntryBody {
  /// The record of another log: its end, and its last leaves from a place on.
  public static func merge(of end: LogEnd, leaves: [LogRoot]) -> EntryBody {
    .merge(
      MergeRecord(
        size: end.size,
        root: end.root.renamed(),
        leaves: leaves.map { $0.renamed() }
      )
    )
  }
}
