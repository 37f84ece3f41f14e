import TallyBooks
import TallyLedger
import TallyModel

/// What the scans of one commit say beside the books of a lane of the base branch.
///
/// The commit is posted behind the base's position as if it were the lane's next: so every change has the cause and the basis that it will
/// have after the merge, and what goes on keeps its id. Nothing is written.
struct LaneDifference {
  /// What came, went or was silenced.
  let postings: [Posting]
  /// Open or suppressed before, by id.
  let before: [ViolationID: Violation]
  /// Open or suppressed after, and closed by the change; by id.
  let after: [ViolationID: Violation]
  /// How many that are open the scan looked for and did not see though nobody edited their files.
  let notSeen: Int
  /// Sentences about the scan.
  let warnings: [String]

  /// Compares.
  ///
  /// - Parameters:
  ///   - scans: those of the commit in its lane, all of them.
  ///   - lane: the commit's lane.
  ///   - commit: the commit.
  ///   - base: the lane of the base branch.
  ///   - position: the base's last position that counts; nil where it has none, so that everything is brought forward.
  ///   - reader: the facts.
  ///   - maps: maps that the facts do not hold.
  /// - Throws: what reading the facts throws.
  init(
    _ scans: [ScanFact],
    of lane: LaneKey,
    at commit: CommitID,
    with base: LaneKey,
    at position: LanePosition?,
    _ reader: LedgerReader,
    maps: [BlobPair: FileMap]
  ) throws {
    let poster = try LanePoster.standard(
      facts: AlteredFacts(facts: reader, maps: maps),
      of: base,
      in: reader
    )
    let books: any LaneBooks & LaneHistory
    var before: [ViolationID: Violation] = [:]
    let stored = reader.books(of: base)
    if let position, try stored.head()?.index != position.index {
      let derived = try Self.books(of: base, through: position.index, reader)
      before = derived.violations.filter { $0.value.state != .closed }
      books = derived
    } else if position != nil {
      for violation in try reader.violations(of: base, states: [.open, .suppressed]) {
        before[violation.id] = violation
      }
      books = stored
    } else {
      books = InMemoryBooks(lane: base, scans: [])
    }
    let committed = try reader.commit(commit)?.committed
    let time = max(committed ?? Timestamp(seconds: 0), position?.time ?? Timestamp(seconds: 0))
    let candidate = PositionCandidate(
      lane: lane,
      index: (position?.index ?? -1) + 1,
      commit: commit,
      time: time,
      isOnLine: true,
      claims: Supersession(scans)
    )
    let delta = try poster.step(lane: books, at: candidate)
    var standing = Dictionary(
      try books.standing().map { ($0.violation, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    for id in delta.settled { standing[id] = nil }
    for item in delta.standing { standing[item.violation] = item }
    var after = before
    for violation in delta.violations { after[violation.id] = violation }
    notSeen = standing.values.count { item in
      item.reason == .unseen && after[item.violation]?.state == .open
    }
    postings = delta.postings
    self.before = before
    self.after = after
    warnings = delta.warnings
  }

  /// The books of a lane as one of its positions left them, made from its scans.
  private static func books(
    of lane: LaneKey,
    through last: Int,
    _ reader: LedgerReader
  ) throws -> InMemoryBooks {
    do {
      return try LanePoster.standard(facts: reader, of: lane).derive(lane: lane) { delta, before in
        if delta.position.index > last { throw Reached(books: before) }
      }
    } catch let reached as Reached {
      return reached.books
    }
  }

  /// Ends a derivation that went far enough.
  private struct Reached: Error {
    let books: InMemoryBooks
  }
}
