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
  /// Every violation that was ever in the balance, with all that happened to it, waivers included; sorted.
  let accounts: [ViolationAccount]
  /// Every move and recognition, with the time of its position; in the order of the lanes.
  let moves: [(time: Timestamp, move: ViolationMove)]
  /// Every violation by id.
  let violations: [ViolationID: Violation]
  /// Which waiver holds when.
  let waivers: WaiverBook
  /// Every waiver of the project.
  let waiverRecords: [(id: EntryID, record: WaiverRecord)]

  /// Violations whose first 6 digits are also another's.
  let crowded: Set<ViolationID>

  /// The project that is spoken of; nil for whatever the ledger holds.
  var project: String?
  /// The branch that counts where a campaign or a command chooses none; nil for every one.
  var trunk: String?

  /// The account of a violation; nil for one that was never in the balance.
  func account(of id: ViolationID) -> ViolationAccount? {
    var low = 0
    var high = accounts.count
    while low < high {
      let middle = (low + high) / 2
      if accounts[middle].violation < id { low = middle + 1 } else { high = middle }
    }
    return low < accounts.count && accounts[low].violation == id ? accounts[low] : nil
  }

  /// The end of the account.
  var now: AccountPoint { AccountPoint(time: asOf) }

  /// Reads the books.
  ///
  /// With all entries known they are read from their tables; else they are made in memory from the entries of that day.
  static func load(_ reader: LedgerReader, time: ResolvedTime) throws -> BooksView {
    var lanes: [LaneView] = []
    var violations: [ViolationID: Violation] = [:]
    var postings: [Posting] = []
    var moves: [(time: Timestamp, move: ViolationMove)] = []
    for lane in try reader.lanes() {
      let books = try LaneContent(reader: reader, lane: lane, isDerived: time.knownAt != nil)
      for violation in books.violations { violations[violation.id] = violation }
      postings += books.postings
      for move in books.moves {
        guard let position = books.positions.first(where: { $0.index == move.position }) else {
          continue
        }
        moves.append((position.time, move))
      }
      lanes.append(
        LaneView(
          lane: lane,
          positions: books.positions.filter { $0.time <= time.asOf },
          warnings: books.warnings
        )
      )
    }
    let records = try reader.waivers()
    let book = try WaiverBook(waivers: records) { sighting in
      guard let id = try reader.violation(at: sighting) else { return [] }
      return try ([id] + reader.successors(of: id)).filter { violations[$0] != nil }
    }
    return BooksView(
      reader: reader,
      asOf: time.asOf,
      knownAt: time.knownAt,
      lanes: lanes,
      accounts: ViolationAccount.collect(postings: postings, moves: moves, waivers: book),
      moves: moves,
      violations: violations,
      waivers: book,
      waiverRecords: records,
      crowded: Set(
        Dictionary(grouping: violations.keys, by: { $0.high >> 34 }).values
          .filter { $0.count > 1 }.joined()
      )
    )
  }
}

extension BooksView {
  /// The same books, told which project and which branch are spoken of.
  ///
  /// What is open on a branch is mostly open on the branch that it began at too: a sum over all of them says nothing. Without a
  /// `branch` in `tally.yml` the only scanned branch counts, else `main` or `master`.
  func speaking(of project: String?, branch: String?) -> BooksView {
    var result = self
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

/// The books of one lane, from their tables or derived from the facts.
private struct LaneContent {
  let positions: [LanePosition]
  let violations: [Violation]
  let postings: [Posting]
  let moves: [ViolationMove]
  let warnings: [(position: Int, text: String)]

  init(reader: LedgerReader, lane: LaneKey, isDerived: Bool) throws {
    if isDerived {
      let books = try LanePoster.standard(facts: reader, of: lane).derive(lane: lane)
      positions = books.positions
      violations = books.violations.values.sorted { $0.id < $1.id }
      postings = books.postings
      moves = books.moves
      warnings = books.warnings
    } else {
      positions = try reader.positions(of: lane)
      violations = try reader.violations(of: lane)
      postings = try reader.postings(of: lane)
      moves = try reader.moves(of: lane)
      warnings = try reader.warnings(of: lane)
    }
  }
}
