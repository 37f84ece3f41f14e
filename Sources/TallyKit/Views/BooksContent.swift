import TallyBooks
import TallyLedger
import TallyModel

/// What books hold, read when it is asked for: most answers count, and need no violation one by one.
final class BooksContent {
  /// Every violation with all that happened to it.
  struct Whole {
    let accounts: [ViolationAccount]
    let moves: [(time: Timestamp, move: ViolationMove)]
    let violations: [ViolationID: Violation]
    /// Violations whose first 6 digits are also another's, by these.
    let crowded: [UInt64: [ViolationID]]

    func account(of id: ViolationID) -> ViolationAccount? {
      var low = 0
      var high = accounts.count
      while low < high {
        let middle = (low + high) / 2
        if accounts[middle].violation < id { low = middle + 1 } else { high = middle }
      }
      return low < accounts.count && accounts[low].violation == id ? accounts[low] : nil
    }
  }

  private let reader: LedgerReader
  private let clocks: CommitClocks
  private let lanes: [LaneKey]
  private let isDerived: Bool
  private var derived: [LaneKey: InMemoryBooks] = [:]
  private var known: [LaneKey: [LanePosition]] = [:]
  /// By lane and place: other times than the books hold.
  private var retimed: [LaneKey: [Int: Timestamp]] = [:]
  private var everything: Whole?
  private var sums: [[LaneKey]: FlowBook] = [:]
  private var times: [LaneKey: [Timestamp]] = [:]
  private var summaries: [CommitID: CommitSummary]?
  private var configurations: [TextID: TallyConfiguration?] = [:]
  private var missing: [LanePlace: [ViolationID: Sighting]] = [:]

  private struct LanePlace: Hashable {
    let lane: LaneKey
    let position: Int
  }

  /// Laid over every account.
  var waivers: WaiverBook?
  /// True where the books go on behind the time that is spoken of.
  var endsBefore = false

  /// True where a position has another time than the books hold.
  var isRetimed: Bool { !retimed.isEmpty }

  init(reader: LedgerReader, clocks: CommitClocks, lanes: [LaneKey], isDerived: Bool) {
    self.reader = reader
    self.clocks = clocks
    self.lanes = lanes
    self.isDerived = isDerived
  }

  /// The books of a lane as the entries of an earlier day make them.
  private func derived(_ lane: LaneKey) throws -> InMemoryBooks {
    if let books = derived[lane] { return books }
    let books = try LanePoster.standard(facts: reader, of: lane).derive(lane: lane)
    derived[lane] = books
    return books
  }

  func positions(of lane: LaneKey) throws -> [LanePosition] {
    if let positions = known[lane] { return positions }
    var positions = try isDerived ? derived(lane).positions : reader.positions(of: lane)
    let times = try clocks.times(of: positions)
    if !times.isEmpty {
      retimed[lane] = times
      positions = positions.map { position in
        times[position.index].map(position.timed) ?? position
      }
    }
    known[lane] = positions
    return positions
  }

  /// Postings at the times that count.
  private func timed(_ postings: [Posting]) -> [Posting] {
    if retimed.isEmpty { return postings }
    return postings.map { posting in
      guard let position = posting.position, let time = retimed[posting.lane]?[position] else {
        return posting
      }
      return posting.timed(time)
    }
  }

  func warnings(of lane: LaneKey) throws -> [(position: Int, text: String)] {
    try isDerived ? derived(lane).warnings : reader.warnings(of: lane)
  }

  /// What was looked for at a position and not seen, with where it was seen last; asked again for every criterion, and read once.
  func unseen(in lane: LaneKey, at position: Int) throws -> [ViolationID: Sighting] {
    let key = LanePlace(lane: lane, position: position)
    if let known = missing[key] { return known }
    var result: [ViolationID: Sighting] = [:]
    for item in try standing(of: lane, at: position) where item.reason == .unseen {
      if try violation(item.violation)?.state == .suppressed { continue }
      result[item.violation] = item.sighting
    }
    missing[key] = result
    return result
  }

  /// What stood in no row of a sheet at a position, sorted by violation.
  private func standing(of lane: LaneKey, at position: Int) throws -> [Standing] {
    guard isDerived else { return try reader.standing(of: lane, at: position) }
    return try derived(lane).standingSpans.filter { span in
      span.since <= position && span.until.map { $0 > position } ?? true
    }.map(\.standing).sorted { $0.violation < $1.violation }
  }

  func violation(_ id: ViolationID) throws -> Violation? {
    if let everything { return everything.violations[id] }
    if isDerived {
      for lane in lanes {
        if let violation = try derived(lane).violations[id] { return violation }
      }
      return nil
    }
    return try reader.violation(id).flatMap { $0.id == id ? $0 : nil }
  }

  func account(of id: ViolationID) throws -> ViolationAccount? {
    if isDerived || everything != nil { return try whole().account(of: id) }
    guard let violation = try reader.violation(id), violation.id == id else { return nil }
    return try account(of: violation, waivers: waivers)
  }

  private func account(
    of violation: Violation,
    waivers: WaiverBook?
  ) throws -> ViolationAccount? {
    let moves = try moves(of: violation)
    let postings = timed(try reader.postings(of: violation.id))
    return ViolationAccount.collect(postings: postings, moves: moves, waivers: waivers).first
  }

  /// Every move and recognition of a violation, with the time of its position; by position.
  func moves(of violation: Violation) throws -> [(time: Timestamp, move: ViolationMove)] {
    if isDerived || everything != nil {
      return try whole().moves.filter { $0.move.violation == violation.id }
    }
    return try timed(reader.moves(of: violation.id), in: violation.lane)
  }

  private func timed(
    _ moves: [ViolationMove],
    in lane: LaneKey
  ) throws -> [(time: Timestamp, move: ViolationMove)] {
    if moves.isEmpty { return [] }
    let times = Dictionary(
      try positions(of: lane).map { ($0.index, $0.time) },
      uniquingKeysWith: { first, _ in first }
    )
    return moves.compactMap { move in times[move.position].map { ($0, move) } }
  }

  /// Every violation, waivers included.
  func whole() throws -> Whole {
    if let everything { return everything }
    var violations: [ViolationID: Violation] = [:]
    var postings: [Posting] = []
    var moves: [(time: Timestamp, move: ViolationMove)] = []
    for lane in lanes {
      if isDerived {
        let books = try derived(lane)
        violations.merge(books.violations) { first, _ in first }
        postings += books.postings
        moves += try timed(books.moves, in: lane)
      } else {
        for violation in try reader.violations(of: lane) { violations[violation.id] = violation }
        postings += try reader.postings(of: lane)
        moves += try timed(reader.moves(of: lane), in: lane)
      }
    }
    let whole = Whole(
      accounts: ViolationAccount.collect(postings: timed(postings), moves: moves, waivers: waivers),
      moves: moves,
      violations: violations,
      crowded: Dictionary(grouping: violations.keys, by: { $0.high >> 34 })
        .filter { $0.value.count > 1 }
    )
    everything = whole
    return whole
  }

  /// The sums of some lanes, waivers included.
  func flows(of lanes: [LaneKey]) throws -> FlowBook {
    if let known = sums[lanes] { return known }
    let own = Set(lanes)
    var book: FlowBook
    if isDerived {
      let whole = try whole()
      book = FlowBook(accounts: whole.accounts.filter { own.contains($0.lane) }) { id in
        whole.violations[id].map { ($0.rule, $0.level) }
      }
    } else {
      book = try reader.flows(of: lanes)
      if isRetimed { book.retime { retimed[$0]?[$1] } }
      // What is waived counts otherwise than the books have it.
      for id in waivers?.violations ?? [] {
        guard let violation = try reader.violation(id), own.contains(violation.lane),
          let plain = try account(of: violation, waivers: nil),
          let waived = try account(of: violation, waivers: waivers)
        else { continue }
        book.add(plain, rule: violation.rule, violation.level, times: -1)
        book.add(waived, rule: violation.rule, violation.level, times: 1)
      }
    }
    sums[lanes] = book
    return book
  }

  /// When what is open in a lane entered the balance, waivers aside.
  func openTimes(of lane: LaneKey) throws -> [Timestamp] {
    if let known = times[lane] { return known }
    let found = try reader.openTimes(of: lane)
    times[lane] = found
    return found
  }

  /// Every commit that is known.
  func commits() throws -> [CommitID: CommitSummary] {
    if let summaries { return summaries }
    var commits = try reader.commitSummaries()
    for (commit, time) in clocks.times { commits[commit] = commits[commit]?.made(time) }
    summaries = commits
    return commits
  }

  /// What a `tally.yml` of the past said; nil where it cannot be read any more.
  func configuration(_ id: TextID) throws -> TallyConfiguration? {
    if let known = configurations[id] { return known }
    let read = try reader.text(id).flatMap { try? TallyConfiguration.parse($0) }
    configurations[id] = .some(read)
    return read
  }

  /// The violations whose ids begin with the same 6 digits as one.
  func others(like id: ViolationID) throws -> [ViolationID] {
    if isDerived || everything != nil {
      return try whole().crowded[id.high >> 34] ?? []
    }
    return try reader.violationIDs(like: id)
  }
}
