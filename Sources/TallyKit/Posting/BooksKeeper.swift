import TallyBooks
import TallyLedger
import TallyModel
import TallyTracking

/// Keeps the books of a ledger in step with its journal: the only place where tracking, books and ledger meet.
///
/// A scan behind everything its lane holds is appended, which costs what changed. A late one, a second one of a commit, and evidence about
/// positions that were posted before take the last positions back and post them again. What reaches further back than that, and retractions,
/// derive the lane again from its facts.
struct BooksKeeper {
  let transaction: WriteTransaction

  /// Keeps the books of a journal that is understood whole.
  ///
  /// - Throws: `LedgerError.newerEntries`.
  init(transaction: WriteTransaction) throws {
    try transaction.requireKnownEntries()
    self.transaction = transaction
  }

  private func poster(of lane: LaneKey) throws -> LanePoster {
    try LanePoster.standard(facts: transaction, of: lane)
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
    /// True when the lane has a position behind that of the scans.
    var isLate = false
    /// Findings that the position of the scans did not see in files that nobody edited.
    var suspect = 0
    /// Scans of that position that do not count.
    var superseded = 0
  }

  /// Posts scans of one lane and one commit that were just appended, or evidence about positions that were posted before.
  ///
  /// - Parameters:
  ///   - scans: the new scans; none where only evidence came.
  ///   - lane: their lane.
  ///   - news: what else the journal learned with them.
  /// - Returns: what the position of the scans did to the lane.
  /// - Throws: `LedgerError`.
  func post(_ scans: [ScanFact], in lane: LaneKey, news: JournalNews) throws -> Outcome {
    var outcome = Outcome()
    let head = try transaction.books(of: lane).head()
    outcome.openBefore = head == nil ? nil : try transaction.openCount(of: lane)
    let ids = Set(scans.map(\.id))
    try post(scans, in: lane, after: head, news: news) { delta in
      let here = delta.position.scans + delta.position.superseded
      if !ids.isDisjoint(with: here) {
        outcome.postings = delta.postings
        outcome.warnings = delta.warnings
      }
    }
    outcome.warnings += try replacements(scans, in: lane)
    if let scan = scans.first, let place = try transaction.place(of: scan.id) {
      outcome.suspect = try transaction.unseen(in: lane, at: place.position)
      if outcome.suspect > 0 { outcome.warnings.append(Self.whatToDo(about: scan)) }
      outcome.superseded =
        try transaction.position(of: lane, at: place.position)?.superseded.count ?? 0
    }
    outcome.openAfter = try transaction.openCount(of: lane)
    let last = try transaction.books(of: lane).head()
    outcome.isLate = !scans.isEmpty && last?.commit != scans.first?.record.commit
    return outcome
  }

  private func post(
    _ scans: [ScanFact],
    in lane: LaneKey,
    after head: LanePosition?,
    news: JournalNews,
    each: (LaneDelta) -> Void
  ) throws {
    let place: Int?
    switch news.reach(of: lane) {
    case .everything: return try derive(lane, each: each)
    case _ where try isRenaming(in: lane): return try derive(lane, each: each)
    case .from(let first): place = first
    case .nothing: place = nil
    }
    if place == nil, let head, let delta = try append(scans, after: head, news: news) {
      each(delta)
    } else if try !replay(lane, from: place, each: each) {
      try derive(lane, each: each)
    }
  }

  /// Says whether what came in this transaction gives rules of a lane another name.
  private func isRenaming(in lane: LaneKey) throws -> Bool {
    try RuleNames(transaction, of: lane) != RuleNames(transaction, of: lane, isBefore: true)
  }

  /// Those of some lanes whose rules have another name by what came in this transaction.
  func renaming(_ lanes: [LaneKey]) throws -> [LaneKey] { try lanes.filter(isRenaming) }

  /// What to do about a scan that missed something, in each likely case.
  private static func whatToDo(about scan: ScanFact) -> String {
    "if the scan looked at less than all, retract it and record it with --scope or --changed-since; if "
      + "a configuration file changed that is not known, name it with --tool-config; if the tool "
      + "failed, record the report with --failed; if the scan is complete: "
      + "tally confirm \(scan.id.brief) --why TEXT"
  }

  /// Says which scans of the commit of new ones do not count any more, or that the new ones do not.
  private func replacements(_ scans: [ScanFact], in lane: LaneKey) throws -> [String] {
    guard let commit = scans.first?.record.commit else { return [] }
    let replaced = Supersession(try transaction.scans(of: lane, at: commit)).superseded
    if replaced.isEmpty { return [] }
    let own = Set(scans.map(\.id))
    let isOwn = replaced.contains { own.contains($0.id) }
    let place = "\(lane) at \(commit.short)"
    let named = replaced.prefix(3).map { $0.id.brief }.joined(separator: ", ")
    let what =
      isOwn
      ? "this scan of \(place) does not count: a later run of the same commit is recorded"
      : "this scan of \(place) is later than \(replaced.count == 1 ? "one" : "\(replaced.count)") "
        + "recorded before (\(named)), which \(replaced.count == 1 ? "does" : "do") not count any more"
    return [
      what
        + "; where they are different scans, tell them apart with --category; 'tally retract' takes "
        + "one out"
    ]
  }

  /// Posts scans of one commit behind the head of their lane; nil, and nothing posted, where they have another place.
  func append(
    _ scans: [ScanFact],
    after head: LanePosition,
    news: JournalNews
  ) throws -> LaneDelta? {
    let candidate = try LaneOrder.appending(
      scans,
      after: head,
      facts: transaction,
      isReferenced: { try transaction.isReferenced($0, besides: news.commits) }
    )
    guard let candidate else { return nil }
    // A correction may have come before what it names.
    let ids = Set(scans.map(\.id))
    let isNamed = try transaction.corrections(of: head.lane).contains {
      ids.contains($0.record.first.scan) || ids.contains($0.record.second.scan)
    }
    if isNamed { return nil }
    let delta = try poster(of: head.lane).step(
      lane: transaction.books(of: head.lane),
      at: candidate
    )
    try transaction.apply(delta)
    return delta
  }

  /// Takes back the last positions of a lane as far as they are not what the facts give, and posts them again.
  ///
  /// False where that goes too far back: then the lane has to be derived.
  private func replay(
    _ lane: LaneKey,
    from affected: Int?,
    each: (LaneDelta) -> Void
  ) throws -> Bool {
    let plan = try DerivationPlan(lane: lane, facts: transaction)
    let poster = try poster(of: lane)
    let stored = try transaction.positions(of: lane)
    let first = plan.firstChanged(since: stored, affected: affected)
    guard try transaction.rewind(lane, to: first) else { return false }
    try poster.derive(plan, from: first, into: transaction.books(of: lane)) { delta in
      try transaction.apply(delta)
      each(delta)
    }
    return true
  }

  /// Makes the books of a lane again from its facts; ids that were shown are still answered to.
  func derive(_ lane: LaneKey, each: (LaneDelta) -> Void = { _ in }) throws {
    let shown = try shown(in: lane)
    try transaction.resetLane(lane)
    try post(all: lane, each: each)
    try answer(to: shown)
  }

  private func post(all lane: LaneKey, each: (LaneDelta) -> Void = { _ in }) throws {
    let plan = try DerivationPlan(lane: lane, facts: transaction)
    var loader = try LaneLoader(lane, positions: plan.candidates.count, in: transaction)
    _ = try poster(of: lane).derive(plan) { delta, _ in
      try loader.take(delta)
      each(delta)
    }
  }

  /// Ids under which violations of a lane were shown, with their first sightings.
  private func shown(in lane: LaneKey) throws -> [(sighting: Sighting, id: ViolationID)] {
    try transaction.violations(of: lane).map { ($0.origin, $0.id) }
      + RenamedLanes(reader: transaction).shown(in: lane)
  }

  /// Lets what the sightings are of now answer to ids that are gone.
  private func answer(to shown: [(sighting: Sighting, id: ViolationID)]) throws {
    for (sighting, id) in shown where try transaction.violation(id) == nil {
      guard let now = try transaction.violation(at: sighting), now != id else { continue }
      try transaction.addAlias(id, of: now)
    }
  }

  /// Posts again what rests on commits of which the journal knows more than before.
  func catchUp(with news: JournalNews) throws {
    for lane in news.lanes(of: try transaction.lanes()) {
      _ = try post([], in: lane, news: news)
    }
  }

  /// Makes the books of every lane again.
  func deriveAll(progress: (String) -> Void = { _ in }) throws {
    let lanes = try transaction.lanes()
    let shown = try Set(lanes).union(transaction.postedLanes()).sorted().flatMap(shown)
    try transaction.resetBooks()
    for lane in lanes {
      progress("Posting \(lane)")
      try post(all: lane)
    }
    try answer(to: shown)
  }
}

/// What a journal learned beside scans: commits, and positions that rest on them.
struct JournalNews {
  /// How far back something reaches in a lane.
  enum Reach {
    case nothing
    case from(Int)
    case everything
  }

  /// Commits that the journal did not know.
  private(set) var commits: [CommitID] = []
  private var first: [LaneKey: Int]? = [:]

  /// Nothing is news.
  init() {}

  /// Finds out what rests on what was just appended.
  ///
  /// - Parameters:
  ///   - bodies: entries that are new.
  ///   - reader: the journal that holds them.
  /// - Throws: `LedgerError`.
  init(_ bodies: [EntryBody], in reader: LedgerReader) throws {
    var concerned: Set<CommitID> = []
    var pairs: [(from: CommitID, to: CommitID)] = []
    var settings: [(commit: CommitID, tool: String)] = []
    for body in bodies {
      switch body {
      case .commit(let record):
        commits.append(record.commit)
        concerned.insert(record.commit)
      case .evidence(.changes(let commit, _, _)), .evidence(.manifest(let commit, _)):
        concerned.insert(commit)
      case .evidence(.silences(let commit, _)): concerned.insert(commit)
      case .evidence(.toolConfiguration(let record)):
        settings.append((record.commit, record.tool))
      case .evidence(.renames(let from, let to, _)): pairs.append((from, to))
      default: break
      }
    }
    first = try reader.firstPositions(
      restingOn: concerned.sorted(),
      between: pairs,
      configuredAt: settings
    )
  }

  /// Adds a position whose own facts are not what they were.
  mutating func touch(_ lane: LaneKey, _ place: Int) {
    let known = first?[lane] ?? place
    first?[lane] = min(known, place)
  }

  /// How far back the news reach in a lane.
  func reach(of lane: LaneKey) -> Reach {
    guard let first else { return .everything }
    return first[lane].map(Reach.from) ?? .nothing
  }

  /// Those of some lanes that the news concern.
  func lanes(of all: [LaneKey]) -> [LaneKey] {
    guard let first else { return all }
    return all.filter { first[$0] != nil }
  }
}
