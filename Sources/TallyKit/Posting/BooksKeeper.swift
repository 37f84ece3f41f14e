public import TallyBooks
public import TallyLedger
import TallyModel
import TallyTracking

/// Keeps the books of a ledger in step with its journal: the only place where tracking, books and ledger meet.
///
/// A scan behind everything its lane holds is appended, which costs what changed. Anything else (late scans, second scans of a
/// commit, retractions, evidence about positions that were posted before) derives the lane again from its facts.
struct BooksKeeper {
  let transaction: WriteTransaction

  private var poster: LanePoster { LanePoster.standard(facts: transaction) }

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
    /// True when the lane has a position behind that of the scans.
    var isLate = false
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
      try derive(lane) { delta in
        let here = delta.position.scans + delta.position.superseded
        if !ids.isDisjoint(with: here) {
          outcome.postings = delta.postings
          outcome.warnings = delta.warnings
        }
      }
    }
    outcome.warnings += try contradictions(scans, in: lane)
    outcome.openAfter = try transaction.openCount(of: lane)
    let last = try transaction.books(of: lane).head()
    outcome.isLate = !scans.isEmpty && last?.commit != scans.first?.record.commit
    return outcome
  }

  /// Says when scans of one commit exclude each other though they found different things.
  private func contradictions(_ scans: [ScanFact], in lane: LaneKey) throws -> [String] {
    guard let commit = scans.first?.record.commit else { return [] }
    let count = Supersession(try transaction.scans(of: lane, at: commit)).contradictions.count
    if count == 0 { return [] }
    return [
      "\(count + 1) scans of \(lane) at \(commit.short) found different things and only one "
        + "counts; tell parts of a scan apart with --scope, different settings with --category"
    ]
  }

  /// Posts scans of one commit behind the head of their lane; nil, and nothing posted, where they have another place.
  func append(
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
      lane: transaction.books(of: head.lane),
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
      BooksMeta(matcherVersion: Matcher().version, journalSize: try transaction.size())
    )
  }
}

/// A lane of the ledger is what TallyBooks posts into.
extension StoredLane: LaneHistory {}

extension LanePoster {
  /// Posts with this program's matcher, its ids, and its knowledge of which tool obeys which comment.
  static func standard(facts: any FactReader) -> LanePoster {
    LanePoster(
      facts: facts,
      matcher: Matcher(),
      mint: Mint(),
      silences: { map, finding, lane in map.isSuppressed(finding, tool: lane.tool) }
    )
  }
}
