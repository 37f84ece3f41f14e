public import TallyModel

/// The books of one lane as the ledger holds them, read on demand.
///
/// Valid as long as the reader or transaction that made it; sees what the transaction applies.
public struct StoredLane: LaneBooks {
  /// The lane.
  public let lane: LaneKey
  let reader: LedgerReader

  private var session: Session { reader.session }

  /// The lane's number; nil when nothing was ever stored of it.
  private func number() throws -> Int? { try reader.interner.findLane(lane) }

  // MARK: Positions

  /// The last position; nil for a lane without one.
  public func head() throws -> LanePosition? {
    guard let number = try number() else { return nil }
    let last = try session.int(
      "SELECT place FROM lane_position WHERE lane = ? ORDER BY place DESC LIMIT 1",
      .int(number)
    )
    return try last.flatMap { try position($0) }
  }

  /// The position with an index; nil where there is none.
  public func position(_ index: Int) throws -> LanePosition? {
    guard let number = try number() else { return nil }
    let row = try session.first(
      """
      SELECT git_commit, time, succeeded, on_line, covers_all FROM lane_position
      WHERE lane = ? AND place = ?
      """,
      .int(number),
      .int(index)
    ) { ($0.int(0), $0.int(1), $0.int(2), $0.int(3), $0.int(4)) }
    guard let row else { return nil }
    let scans = try session.rows(
      "SELECT id, counts FROM position_scan WHERE lane = ? AND place = ?",
      .int(number),
      .int(index)
    ) { ($0.withBytes(0, EntryID.init(bytes:)), $0.int(1) == 1) }
    func ids(_ counts: Bool) throws -> [EntryID] {
      try scans.filter { $0.1 == counts }.map { scan in
        guard let id = scan.0 else { throw Damage("a position of \(lane) has no scan") }
        return id
      }.sorted()
    }
    return LanePosition(
      lane: lane,
      index: index,
      commit: try reader.interner.commit(row.0),
      time: Timestamp(seconds: Int64(row.1)),
      scans: try ids(true),
      superseded: try ids(false),
      succeeded: row.2 == 1,
      onLine: row.3 == 1,
      coversAll: row.4 == 1
    )
  }

  /// A scan of the lane; nil when it is not one of the facts.
  public func scan(_ id: EntryID) throws -> ScanFact? { try reader.scan(id) }

  // MARK: Rosters

  /// The paths that have open or suppressed findings at the head, sorted.
  public func rosterPaths() throws -> [RepoPath] {
    guard let number = try number() else { return [] }
    return try session.rows(
      """
      SELECT p.text FROM roster_head h JOIN path p ON p.number = h.path WHERE h.lane = ?
      """,
      .int(number)
    ) { RepoPath(normalized: $0.text(0)) }.sorted()
  }

  /// The roster of a file at the head; nil where there is none.
  public func roster(_ path: RepoPath) throws -> Roster? {
    guard let number = try number(), let place = try reader.interner.findPath(path) else {
      return nil
    }
    let row = try session.first(
      "SELECT blob, sheet, scan FROM roster_head WHERE lane = ? AND path = ?",
      .int(number),
      .int(place)
    ) { ($0.isNull(0) ? nil : $0.bytes(0), $0.int(1), $0.int(2)) }
    guard let row else { return nil }
    let list = try session.first(
      """
      SELECT violations FROM roster WHERE lane = ? AND path = ? ORDER BY since DESC LIMIT 1
      """,
      .int(number),
      .int(place)
    ) { $0.bytes(0) }
    guard let list, let sheet = SheetID(bytes: try reader.objects.id(row.1)) else {
      throw Damage("the roster of \(path) in \(lane) is missing")
    }
    return Roster(
      path: path,
      blob: row.0.flatMap { BlobID(bytes: $0) },
      sheet: sheet,
      scan: try reader.entryStore.scanID(row.2),
      violations: try RosterList.decode(list).map { try reader.violationID($0) }
    )
  }

  /// The list of a file's violations, row by row, as a position left it; empty where it had none.
  public func violations(in path: RepoPath, atOrBefore position: Int) throws -> [ViolationID] {
    try reader.violations(in: path, of: lane, atOrBefore: position)
  }

  // MARK: Violations

  /// A violation by its id.
  public func violation(_ id: ViolationID) throws -> Violation? {
    guard let found = try reader.storedViolation(id), found.lane == lane else { return nil }
    return found
  }

  /// The sheet of a violation's last sighting, which the books keep beside it.
  public func lastSheet(of violation: Violation, facts: any FactReader) throws -> SheetID? {
    try reader.lastSheet(of: violation)
  }

  /// The closed or suppressed violations of a rule that were in one of some files last: the greatest last position first, then by id.
  public func latestAbsent(
    rule: String,
    in paths: [RepoPath],
    limit: Int
  ) throws -> [Violation] {
    guard let number = try number(), let name = try reader.interner.findName(rule) else {
      return []
    }
    let found = try paths.compactMap { try reader.interner.findPath($0) }.flatMap { path in
      try reader.violations(
        """
        \(ViolationRow.columns) WHERE lane = ? AND rule = ? AND state <> 0 AND last_path = ?
        ORDER BY last_place DESC, id LIMIT ?
        """,
        .int(number),
        .int(name),
        .int(path),
        .int(limit)
      )
    }
    return Self.latest(found, limit)
  }

  /// The violations of a rule in a state with one of some messages: the greatest last position first, then by id.
  public func latestAbsent(
    rule: String,
    messages: [TextID],
    state: ViolationState,
    limit: Int
  ) throws -> [Violation] {
    guard let number = try number(), let name = try reader.interner.findName(rule) else {
      return []
    }
    let found = try messages.compactMap { try reader.interner.findText($0) }.flatMap { text in
      try reader.violations(
        """
        \(ViolationRow.columns)
        WHERE lane = ? AND rule = ? AND state <> 0 AND message = ? AND state = ?
        ORDER BY last_place DESC, id LIMIT ?
        """,
        .int(number),
        .int(name),
        .int(text),
        .int(Int(state.rawValue)),
        .int(limit)
      )
    }
    return Self.latest(found, limit)
  }

  private static func latest(_ found: [Violation], _ limit: Int) -> [Violation] {
    let sorted = found.sorted {
      $0.lastPosition == $1.lastPosition
        ? $0.id < $1.id : $0.lastPosition > $1.lastPosition
    }
    return Array(sorted.prefix(limit))
  }

  /// Violations of the lane that are closed or suppressed, with the given rule; sorted by id.
  public func absentViolations(rule: String) throws -> [Violation] {
    guard let number = try number(), let name = try reader.interner.findName(rule) else {
      return []
    }
    return try reader.violations(
      "\(ViolationRow.columns) WHERE lane = ? AND rule = ? AND state <> 0",
      .int(number),
      .int(name)
    )
  }
}

/// The list of a roster as it is stored: a number a row, each as the difference from the one before.
enum RosterList {
  static func encode(_ numbers: [Int]) -> [UInt8] {
    var writer = ByteWriter(capacity: numbers.count * 2)
    var last = 0
    for number in numbers {
      writer.signed(Int64(number - last))
      last = number
    }
    return writer.bytes
  }

  static func decode(_ bytes: [UInt8]) throws -> [Int] {
    var reader = ByteReader(bytes)
    var numbers: [Int] = []
    var last = 0
    while reader.remaining > 0 {
      let (next, overflow) = last.addingReportingOverflow(Int(try reader.signed("roster")))
      guard !overflow else { throw FormatError.invalid("roster") }
      numbers.append(next)
      last = next
    }
    return numbers
  }
}

/// The columns of a violation, read without looking anything up while the statement is at work.
struct ViolationRow {
  static let columns = """
    SELECT id, lane, rule, level, message, state, origin_entry, origin_path, origin_row,
      last_entry, last_path, last_row, first_place, last_place, last_sheet, number FROM violation
    """

  let id: [UInt8]
  let numbers: [Int]

  init(_ query: Query) {
    id = query.bytes(0)
    numbers = (1...15).map { query.int($0) }
  }
}

extension LedgerReader {
  /// The books of a lane as they are now.
  public func books(of lane: LaneKey) -> StoredLane { StoredLane(lane: lane, reader: self) }

  func violationID(_ number: Int) throws -> ViolationID {
    if let id = cache.violationIDs[number] { return id }
    let bytes = try session.first("SELECT id FROM violation WHERE number = ?", .int(number)) {
      $0.bytes(0)
    }
    guard let bytes, let id = ViolationID(bytes: bytes) else {
      throw Damage("violation \(number) is missing")
    }
    cache.remember(id, number)
    return id
  }

  /// The number of a violation; nil where the books do not hold it.
  func violationNumber(_ id: ViolationID) throws -> Int? {
    if let known = cache.violationNumbers[id] { return known }
    let number = try session.int("SELECT number FROM violation WHERE id = ?", .blob(id.bytes))
    if let number { cache.remember(id, number) }
    return number
  }

  /// The sheet of a violation's last sighting; looked up in the scan where the books do not hold the violation yet.
  func lastSheet(of violation: Violation) throws -> SheetID {
    var number = cache.lastSheets[violation.id]
    if number == nil {
      number = try session.int(
        "SELECT last_sheet FROM violation WHERE id = ?",
        .blob(violation.id.bytes)
      )
    }
    if let number, let sheet = SheetID(bytes: try objects.id(number)) { return sheet }
    guard let line = try tree(of: violation.last.scan).line(of: violation.last.path) else {
      throw Damage("the last sighting of \(violation.id) is in no sheet")
    }
    return line.sheet
  }

  func storedViolation(_ id: ViolationID) throws -> Violation? {
    // A number that is known leads to the row without the index of ids.
    if let number = cache.violationNumbers[id] {
      return try violations("\(ViolationRow.columns) WHERE number = ?", .int(number)).first
    }
    return try violations("\(ViolationRow.columns) WHERE id = ?", .blob(id.bytes)).first
  }

  /// Violations by a statement over ``ViolationRow/columns``, sorted by id.
  func violations(_ sql: String, _ values: SQLValue...) throws -> [Violation] {
    let query = try Query(session.db, sql)
    defer { query.reset() }
    try query.bind(values)
    var rows: [ViolationRow] = []
    while try query.step() { rows.append(ViolationRow(query)) }
    query.reset()
    return try rows.map(violation).sorted { $0.id < $1.id }
  }

  private func violation(_ row: ViolationRow) throws -> Violation {
    let n = row.numbers
    guard let id = ViolationID(bytes: row.id),
      let level = UInt8(exactly: n[2]).flatMap(Level.init(rawValue:)),
      let state = UInt8(exactly: n[4]).flatMap(ViolationState.init(rawValue:))
    else { throw Damage("a violation has a value that is not allowed") }
    cache.lastSheets[id] = n[13]
    cache.remember(id, n[14])
    return Violation(
      id: id,
      lane: try interner.lane(n[0]),
      rule: try interner.name(n[1]),
      level: level,
      message: try interner.text(n[3]),
      state: state,
      origin: Sighting(
        scan: try entryStore.scanID(n[5]),
        path: try interner.path(n[6]),
        ordinal: n[7]
      ),
      last: Sighting(
        scan: try entryStore.scanID(n[8]),
        path: try interner.path(n[9]),
        ordinal: n[10]
      ),
      firstPosition: n[11],
      lastPosition: n[12]
    )
  }
}
