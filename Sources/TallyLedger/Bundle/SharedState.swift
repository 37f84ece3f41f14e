public import TallyModel

/// What a ledger remembers of a log that it shares with others, such as that of a git ref.
///
/// Numbers beside the journal, named by no hash: without them the next push or pull compares all ids, and comes to the same.
public struct SharedState: Sendable, Hashable {
  /// Entries up to this place of the journal are all in the shared log.
  public var pushedEntries = 0
  /// Objects up to this number are all in bundles of the shared log.
  public var pushedObjects = 0
  /// The first so many entries of the shared log are all in the journal.
  public var seenSize = 0
  /// The beginning of the shared log's root at ``seenSize``: another one says that the log was rewritten.
  public var seenRoot = 0
  /// The beginning of the commit that was seen last: the same one says that nothing is new.
  public var seenCommit = 0
  /// An entry of the journal behind ``pushedEntries`` that is in the shared log is there behind so many others.
  public var filterSize = 0
  /// The first so many leaves of the shared log are known here, from the journal itself or from merges.
  public var recordedHere = 0
  /// The first so many leaves of this journal are known there.
  public var recordedThere = 0

  /// Creates a state that knows nothing.
  public init() {}

  /// The number that stands for a root.
  public static func mark(_ end: LogEnd) -> Int { Int(end.root.prefix64 >> 2) }

  /// The number that stands for a commit.
  public static func mark(_ commit: CommitID) -> Int {
    Int(commit.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } >> 2)
  }

  fileprivate static let fields: [any WritableKeyPath<SharedState, Int> & Sendable] = [
    \.pushedEntries, \.pushedObjects, \.seenSize, \.seenRoot, \.seenCommit, \.filterSize,
    \.recordedHere,
    \.recordedThere,
  ]

  /// The slot of the first number for a shared log of this name.
  fileprivate static func slot(of name: String) -> Int {
    Int(StoredFormat.digest64(Array("tally.shared\n\(name)".utf8)) >> 16) << 4 | 1 << 54
  }
}

extension LedgerReader {
  /// What is remembered of a shared log; everything is 0 where nothing is.
  public func sharedState(of name: String) throws -> SharedState {
    var state = SharedState()
    for (index, field) in SharedState.fields.enumerated() {
      state[keyPath: field] =
        try session.int(
          "SELECT number FROM latest WHERE slot = ?",
          .int(SharedState.slot(of: name) + index)
        ) ?? 0
    }
    return state
  }
}

extension WriteTransaction {
  /// Remembers what is known of a shared log.
  public func save(_ state: SharedState, of name: String) throws {
    for (index, field) in SharedState.fields.enumerated() {
      try session.run(
        "INSERT INTO latest (slot, number) VALUES (?1, ?2) ON CONFLICT (slot) DO UPDATE SET number = ?2",
        .int(SharedState.slot(of: name) + index),
        .int(state[keyPath: field])
      )
    }
  }
}
