import TallyBooks
import TallyModel

/// Books that are kept in step with facts as they arrive: appended where that is allowed, else posted again from the first position
/// that changes.
struct ArrivingBooks {
  private let lane: LaneKey
  private let matcher: any FindingMatcher
  private(set) var facts: MemoryFacts
  private let box: BooksBox

  init(lane: LaneKey, facts: MemoryFacts, matcher: any FindingMatcher) {
    self.lane = lane
    self.facts = facts
    self.matcher = matcher
    box = BooksBox(InMemoryBooks(lane: lane, scans: []))
  }

  var books: InMemoryBooks { box.books }

  private var poster: LanePoster { LanePoster(facts: facts, matcher: matcher, mint: TestMint()) }

  /// A scan came; `again` derives the lane where it cannot be appended.
  mutating func take(_ scan: ScanFact, again: Bool = false) throws {
    facts.scanFacts.append(scan)
    let isNamed = facts.correctionRecords.contains {
      [$0.record.first.scan, $0.record.second.scan].contains(scan.id)
    }
    if !isNamed, let head = box.head(),
      let candidate = try LaneOrder.appending([scan], after: head, facts: facts)
    {
      box.learn([scan])
      box.apply(try poster.step(lane: box.books, at: candidate))
    } else if again {
      box.start(over: facts.scanFacts, with: 0)
      _ = try poster.derive(lane: lane) { delta, _ in box.apply(delta) }
    } else {
      try post(from: nil)
    }
  }

  /// A person said something; posted from the later of the rows on, where both are known.
  mutating func take(_ word: CorrectionFact) throws {
    facts.correctionRecords = (facts.correctionRecords + [word]).sorted { $0.id < $1.id }
    let ends = [word.record.first.scan, word.record.second.scan]
    let places = box.books.positions.filter { position in
      ends.contains { (position.scans + position.superseded).contains($0) }
    }
    if let last = places.last { try post(from: last.index) }
  }

  /// A person says that a scan is complete, or takes it back.
  mutating func take(_ confirmation: EntryID?, of scan: EntryID) throws {
    facts.confirmations[scan] = confirmation
    if let place = place(of: scan) { try post(from: place) }
  }

  /// It became known with what, when and by which run a scan was recorded.
  mutating func take(_ recordings: [RecordingRecord], of scan: EntryID) throws {
    guard let index = facts.scanFacts.firstIndex(where: { $0.id == scan }) else { return }
    facts.scanFacts[index] = facts.scanFacts[index].recorded(recordings)
    if let place = place(of: scan) { try post(from: place) }
  }

  private func place(of scan: EntryID) -> Int? {
    box.books.positions.first { ($0.scans + $0.superseded).contains(scan) }?.index
  }

  private func post(from affected: Int?) throws {
    let plan = try DerivationPlan(lane: lane, facts: facts)
    let first = plan.firstChanged(since: box.books.positions, affected: affected)
    box.facts = facts
    box.start(over: facts.scanFacts, with: first)
    try poster.derive(plan, from: first, into: box, each: box.apply)
  }
}

extension ScanFact {
  /// The same scan, recorded otherwise.
  func recorded(_ recordings: [RecordingRecord]) -> ScanFact {
    ScanFact(
      id: id,
      record: record,
      sequence: sequence,
      arrived: arrived,
      importer: importer,
      recordings: recordings
    )
  }
}

extension InMemoryBooks {
  /// The whole books with what stands beside the rosters, since when and until when.
  var fullText: String {
    let spans = standingSpans.map { span in
      let item = span.standing
      return "standing \(item.violation) \(item.sighting) \(item.sheet) \(item.reason) "
        + "\(span.since) \(span.until.map(String.init) ?? "-")\n"
    }
    return canonicalText + spans.sorted().joined()
  }
}

/// Books that remember how they were made, so that the last positions can be taken back.
final class BooksBox: LaneBooks, LaneHistory {
  private(set) var books: InMemoryBooks
  private var deltas: [LaneDelta] = []
  var facts = MemoryFacts()

  init(_ books: InMemoryBooks) { self.books = books }

  func learn(_ scans: [ScanFact]) { books.learn(scans) }

  func apply(_ delta: LaneDelta) {
    deltas.append(delta)
    books.apply(delta)
  }

  /// Goes back to the first positions.
  func start(over scans: [ScanFact], with count: Int) {
    books = InMemoryBooks(lane: books.lane, scans: scans)
    deltas = Array(deltas.prefix(count))
    for delta in deltas { books.apply(delta) }
  }

  func head() -> LanePosition? { books.head() }
  func rosterPaths() -> [RepoPath] { books.rosterPaths() }
  func roster(_ path: RepoPath) -> Roster? { books.roster(path) }
  func violation(_ id: ViolationID) -> Violation? { books.violation(id) }
  func absentViolations(rule: String) -> [Violation] { books.absentViolations(rule: rule) }
  func standing() -> [Standing] { books.standing() }
  func position(_ index: Int) -> LanePosition? { books.position(index) }
  func scan(_ id: EntryID) -> ScanFact? { books.scan(id) }

  func violation(at sighting: Sighting, position: Int) -> ViolationID? {
    guard let line = facts.tree(of: sighting.scan).lines.first(where: { $0.path == sighting.path })
    else { return nil }
    let rows = facts.sheet(line.sheet).findings
    guard rows.indices.contains(sighting.ordinal) else { return nil }
    let row = rows[sighting.ordinal]
    func shows(_ sheet: SheetID, _ ordinal: Int) -> Bool {
      let rows = facts.sheet(sheet).findings
      return rows.indices.contains(ordinal) && rows[ordinal].isSame(as: row)
    }
    let beside = deltas[position].standing.filter { $0.sighting.path == sighting.path }
    if let own = beside.first(where: { $0.sighting == sighting }) { return own.violation }
    if let roster = roster(sighting.path, atOrBefore: position) {
      let isOwn = roster.sheet == line.sheet
      let place =
        isOwn ? sighting.ordinal : roster.violations.indices.first { shows(roster.sheet, $0) }
      if let place, roster.violations.indices.contains(place) { return roster.violations[place] }
      if isOwn { return nil }
    }
    return beside.first { shows($0.sheet, $0.sighting.ordinal) }?.violation
  }

  private func roster(_ path: RepoPath, atOrBefore position: Int) -> Roster? {
    for delta in deltas.prefix(position + 1).reversed() {
      if let roster = delta.rosters.first(where: { $0.path == path }) { return roster }
      if delta.removedRosters.contains(path) { return nil }
    }
    return nil
  }

  func violations(in path: RepoPath, atOrBefore position: Int) -> [ViolationID] {
    roster(path, atOrBefore: position)?.violations ?? []
  }
}
