import TallyBooks
import TallyLedger
import TallyModel

/// The books of a project as one reading command sees them: at a time, and with what the journal held then.
struct BooksView {
  /// The facts that may be read.
  let reader: LedgerReader
  /// Nothing after this moment is seen.
  let asOf: Timestamp
  /// How many entries were read; nil for all.
  let knownAt: Int?
  /// Every lane with a scan, sorted, with its positions up to ``asOf``.
  let lanes: [LaneView]
  /// Which waiver holds when.
  let waivers: WaiverBook
  /// Every waiver of the project.
  let waiverRecords: [(id: EntryID, record: WaiverRecord)]

  /// The project that is spoken of; nil for whatever the ledger holds.
  var project: String?
  /// The project that was asked for, also where the ledger holds nothing of it.
  var wanted: String?
  /// Other projects that are known to share the ledger.
  var allowed: [Glob] = []
  /// The branch that counts where a campaign or a command chooses none; nil for every one.
  var trunk: String?

  /// When commits were made whose clocks are ahead.
  let clocks: CommitClocks

  private let content: BooksContent

  /// The end of the account.
  var now: AccountPoint { AccountPoint(time: asOf) }

  /// Reads the books.
  ///
  /// With all entries known they are read from their tables; else they are made in memory from the entries of that day. The present
  /// reaches to the end of every lane, whatever the clock says.
  static func load(_ reader: LedgerReader, time: ResolvedTime) throws -> BooksView {
    try reader.requireKnownEntries()
    let keys = try reader.lanes()
    let clocks = try CommitClocks(reader)
    let content = BooksContent(
      reader: reader,
      clocks: clocks,
      lanes: keys,
      isDerived: time.knownAt != nil
    )
    let ordered = try keys.map { (lane: $0, positions: try content.positions(of: $0)) }
    var asOf = time.asOf
    if time.isPresent {
      asOf = max(asOf, try reader.latestCommit(after: asOf) ?? asOf)
      asOf = ordered.reduce(asOf) { max($0, $1.positions.last?.time ?? $0) }
    } else if let commit = time.commit {
      let own = ordered.flatMap { $0.positions.filter { $0.commit == commit } }
      asOf = own.reduce(asOf) { max($0, $1.time) }
    }
    var lanes: [LaneView] = []
    for (lane, positions) in ordered {
      if let last = positions.last?.time, last > asOf { content.endsBefore = true }
      lanes.append(
        LaneView(
          lane: lane,
          positions: positions.filter { $0.time <= asOf },
          warnings: try content.warnings(of: lane)
        )
      )
    }
    let records = try reader.waivers()
    let book = try WaiverBook(waivers: records) { sighting in
      guard let id = try reader.violation(at: sighting) else { return [] }
      return try ([id] + reader.successors(of: id)).filter { try content.violation($0) != nil }
    }
    content.waivers = book
    return BooksView(
      reader: reader,
      asOf: asOf,
      knownAt: time.knownAt,
      lanes: lanes,
      waivers: book,
      waiverRecords: records,
      clocks: clocks,
      content: content
    )
  }
}

// MARK: Violations

extension BooksView {
  /// Every violation that was ever in the balance, with all that happened to it, waivers included; sorted.
  ///
  /// What only counts asks ``flows(of:)``: this reads every violation of every lane.
  var accounts: [ViolationAccount] { get throws { try content.whole().accounts } }

  /// Every move and recognition of a violation, with the time of its position; by position.
  func moves(of violation: Violation) throws -> [(time: Timestamp, move: ViolationMove)] {
    try content.moves(of: violation)
  }

  /// Every violation by id.
  var violations: [ViolationID: Violation] { get throws { try content.whole().violations } }

  /// One violation; nil where the books do not hold it.
  func violation(_ id: ViolationID) throws -> Violation? { try content.violation(id) }

  /// The account of a violation; nil for one that was never in the balance.
  func account(of id: ViolationID) throws -> ViolationAccount? { try content.account(of: id) }

  /// What entered, left and moved in some lanes by subject, waivers included.
  func flows(of lanes: [LaneKey]) throws -> FlowBook { try content.flows(of: lanes) }

  /// What the last scan of a lane looked for and did not see though nobody edited its file, with where each was seen last; by violation.
  ///
  /// Suppressed ones are left out: they are not in the balance.
  func unseen(in lane: LaneView) throws -> [ViolationID: Sighting] {
    guard let last = lane.last else { return [:] }
    return try content.unseen(in: lane.lane, at: last.index)
  }

  /// Says which lanes' last scans are suspect; nil where none is.
  func unseenWarnings(_ lanes: [LaneView]) throws -> [String] {
    try lanes.compactMap { lane in
      let count = try unseen(in: lane).count
      guard count > 0, let last = lane.last else { return nil }
      return "\(count) open \(count == 1 ? "violation" : "violations") of \(lane.lane) "
        + "\(count == 1 ? "was" : "were") not seen at \(last.commit.short) in files that nobody "
        + "edited: it is not known whether the scan is complete"
    }
  }

  /// When what is open in a lane entered the balance, waivers aside; each time once, in order.
  func openTimes(of lane: LaneKey) throws -> [Timestamp] { try content.openTimes(of: lane) }

  /// When each commit was made that is known, and whether it merges.
  func commits() throws -> [CommitID: CommitSummary] { try content.commits() }

  /// What a `tally.yml` of the past said; nil where it cannot be read any more.
  func configuration(_ text: TextID) throws -> TallyConfiguration? {
    try content.configuration(text)
  }

  /// True where nothing in the books lies behind the time that is spoken of, so that they say how violations stand.
  var isAtEnd: Bool { knownAt == nil && !content.endsBefore }

  /// True where every stored time counts as it is stored.
  var hasStoredTimes: Bool { !content.isRetimed }

  /// One sentence on commits whose clock is ahead; none where there is no such commit.
  func clockWarnings(of lanes: [LaneView]) throws -> [String] {
    try clocks.warning(of: lanes.flatMap(\.positions), after: asOf).map { [$0] } ?? []
  }

  /// An id in the fewest digits, at least 6, that no other violation's id begins with.
  func shortID(_ id: ViolationID) throws -> String {
    let others = try content.others(like: id)
    for digits in 6..<25 {
      let short = id.short(digits: digits)
      if !others.contains(where: { $0 != id && $0.hasPrefix(short) }) { return short }
    }
    return id.description
  }
}

extension BooksView {
  /// The same books, told which project and which branch are spoken of.
  ///
  /// What is open on a branch is mostly open on the branch that it began at too: a sum over all of them says nothing. Without a
  /// `branch` in `tally.yml` the only scanned branch counts, else `main` or `master`.
  func speaking(
    of project: String?,
    branch: String?,
    besides allowed: [Glob] = []
  ) -> BooksView {
    var result = self
    result.wanted = project
    result.allowed = allowed
    if let project, lanes.contains(where: { $0.lane.project == project }) {
      result.project = project
    }
    let branches = Set(
      lanes.filter { result.project == nil || $0.lane.project == result.project }
        .map(\.lane.branch)
    )
    let usual = ["main", "master"].filter(branches.contains)
    result.trunk = branch ?? (branches.count > 1 ? usual.first : nil)
    return result
  }
}

/// One lane as a reading command sees it.
struct LaneView {
  let lane: LaneKey
  /// In order; none after the time of the command.
  let positions: [LanePosition]
  /// Sentences about positions.
  let warnings: [(position: Int, text: String)]

  /// The last position that moved the books.
  var last: LanePosition? { positions.last { $0.onLine } }
}
