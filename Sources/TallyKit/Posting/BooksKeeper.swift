import TallyBooks
import TallyLedger
import TallyModel
import TallyTracking

/// Keeps the books of a ledger in step with its journal: the only place where tracking, books and ledger meet.
///
/// A scan behind everything its lane holds is appended, which costs what changed. Anything else (late scans, second scans of a
/// commit, retractions, evidence about positions that were posted before) derives the lane again from its facts.
struct BooksKeeper {
  let transaction: WriteTransaction
  let matcher: any FindingMatcher

  init(transaction: WriteTransaction, matcher: any FindingMatcher = Matcher()) {
    self.transaction = transaction
    self.matcher = matcher
  }

  private var poster: LanePoster {
    LanePoster(facts: transaction, matcher: matcher, mint: Mint())
  }

  /// What posting did to one lane.
  struct Outcome {
    /// Open violations before, waivers aside; nil for a new lane.
    var openBefore: Int?
    /// Open violations after, waivers aside.
    var openAfter = 0
    /// Postings of the position of the scans.
    var postings: [Posting] = []
    /// Warnings of that position.
    var warnings: [String] = []
    /// True when the lane held positions and was derived again.
    var wasDerived = false
  }

  /// Posts scans of one lane and one commit that were just appended.
  ///
  /// `arrived` are the commits that the journal learned of with them; `mustDerive` is true when evidence came that may
  /// change earlier positions.
  func post(
    _ scans: [ScanFact],
    in lane: LaneKey,
    arrived: [CommitID],
    mustDerive: Bool
  ) throws -> Outcome {
    var outcome = Outcome()
    let head = try transaction.books(of: lane).head()
    outcome.openBefore = head == nil ? nil : try transaction.openCount(of: lane)
    if let head, !mustDerive, let delta = try append(scans, after: head, arrived: arrived) {
      outcome.postings = delta.postings
      outcome.warnings = delta.warnings
    } else {
      let ids = Set(scans.map(\.id))
      outcome.wasDerived = head != nil
      try derive(lane) { delta in
        let here = delta.position.scans + delta.position.superseded
        if !ids.isDisjoint(with: here) {
          outcome.postings = delta.postings
          outcome.warnings = delta.warnings
        }
      }
    }
    outcome.openAfter = try transaction.openCount(of: lane)
    return outcome
  }

  private func append(
    _ scans: [ScanFact],
    after head: LanePosition,
    arrived: [CommitID]
  ) throws -> LaneDelta? {
    let candidate = try LaneOrder.appending(
      scans,
      after: head,
      facts: transaction,
      arrived: arrived,
      isReferenced: { try transaction.isReferenced($0, besides: arrived) }
    )
    guard let candidate else { return nil }
    let delta = try poster.step(
      lane: LedgerLane(reader: transaction, lane: head.lane),
      at: candidate
    )
    try transaction.apply(delta)
    return delta
  }

  /// Makes the books of a lane again from its facts.
  func derive(_ lane: LaneKey, each: (LaneDelta) -> Void = { _ in }) throws {
    try transaction.resetLane(lane)
    _ = try poster.derive(lane: lane) { delta in
      try transaction.apply(delta)
      each(delta)
    }
  }

  /// Makes the books of every lane again.
  func deriveAll(progress: (String) -> Void = { _ in }) throws {
    try transaction.resetBooks()
    for lane in try transaction.lanes() {
      progress("Posting \(lane)")
      try derive(lane)
    }
    try settle()
  }

  /// Records which journal and which matcher the books come from.
  func settle() throws {
    try transaction.setBooksMeta(
      BooksMeta(matcherVersion: matcher.version, journalSize: try transaction.size())
    )
  }
}

/// A lane of the ledger in the form that TallyBooks posts into.
struct LedgerLane: LaneBooks, LaneHistory {
  let reader: LedgerReader
  let lane: LaneKey
  private let books: any LaneBooks

  init(reader: LedgerReader, lane: LaneKey) {
    self.reader = reader
    self.lane = lane
    books = reader.books(of: lane)
  }

  func head() throws -> LanePosition? { try books.head() }
  func rosterPaths() throws -> [RepoPath] { try books.rosterPaths() }
  func roster(_ path: RepoPath) throws -> Roster? { try books.roster(path) }
  func violation(_ id: ViolationID) throws -> Violation? { try books.violation(id) }
  func absentViolations(rule: String) throws -> [Violation] {
    try books.absentViolations(rule: rule)
  }
  func position(_ index: Int) throws -> LanePosition? {
    try reader.position(of: lane, at: index)
  }
  func scan(_ id: EntryID) throws -> ScanFact? { try reader.scan(id) }
}
