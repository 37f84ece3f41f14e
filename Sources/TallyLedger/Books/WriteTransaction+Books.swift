public import TallyModel

extension WriteTransaction {
  /// Writes what one step changed in the books of a lane.
  ///
  /// - Throws: ``LedgerError`` where the position is not the next one.
  public func apply(_ delta: LaneDelta) throws {
    let position = delta.position
    let lane = try interner.makeLane(position.lane)
    let last = try session.int(
      "SELECT place FROM lane_position WHERE lane = ? ORDER BY place DESC LIMIT 1",
      .int(lane)
    )
    try check(position, follows: last)
    try insert(position, lane)
    let made = try keepUndo(of: delta, lane)
    let flows = try flows(of: delta)
    let sheets = LastSheets(delta)
    for violation in delta.violations {
      let row = try row(
        of: violation,
        opened: flows.opened[violation.id],
        sheet: sheets[violation]
      )
      if let number = try violationNumber(violation.id) {
        try update(number, row)
      } else {
        let path = try interner.makePath(violation.origin.path)
        try insert(violation, row, lane, number: try newNumber(in: path), path)
      }
    }
    try insert(flows, at: position, lane)
    try keepUndo(making: made, at: position.index, lane)
    for posting in delta.postings { try insert(posting, lane) }
    for path in delta.removedRosters { try removeRoster(path, lane, position.index) }
    for roster in delta.rosters { try upsert(roster, lane, position.index) }
    try insertRest(of: delta, lane)
  }

  /// Refuses a position that is not the next one.
  func check(_ position: LanePosition, follows last: Int?) throws {
    if position.index == (last ?? -1) + 1 { return }
    throw LedgerError.invalid(
      what: "position \(position.index) of \(position.lane)",
      reason: "the last one is \(last ?? -1)"
    )
  }

  /// Writes what nothing else of a delta rests on: moves, warnings, other ids.
  func insertRest(of delta: LaneDelta, _ lane: Int) throws {
    for move in delta.moves { try insert(move, lane) }
    try insertStanding(of: delta, lane)
    for (line, text) in delta.warnings.enumerated() {
      try session.run(
        "INSERT INTO warning (lane, place, line, text) VALUES (?, ?, ?, ?)",
        .int(lane),
        .int(delta.position.index),
        .int(line),
        .text(text)
      )
    }
    for (alias, violation) in delta.aliases where alias != violation {
      try addAlias(alias, of: violation)
    }
  }

  /// Lets a violation answer to another id, too.
  public func addAlias(_ alias: ViolationID, of violation: ViolationID) throws {
    try session.run(
      "INSERT OR IGNORE INTO alias (id, violation) VALUES (?, ?)",
      .blob(alias.bytes),
      .blob(violation.bytes)
    )
  }

  /// Empties the books of a lane, to be posted again; ids that were shown are still answered to.
  public func resetLane(_ lane: LaneKey) throws {
    guard let number = try interner.findLane(lane) else { return }
    for table in [
      "undo", "posting", "flow", "move", "warning", "roster", "roster_head", "standing",
      "violation",
      "position_scan", "lane_position",
    ] {
      try session.run("DELETE FROM \(table) WHERE lane = ?", .int(number))
    }
    cache.forgetViolations()
  }

  /// Empties the books of all lanes, to be posted again.
  public func resetBooks() throws {
    for number in try session.rows("SELECT number FROM lane", read: { $0.int(0) }) {
      try resetLane(try interner.lane(number))
    }
  }

  // MARK: Rows

  func place(_ scan: EntryID) throws -> Int {
    guard let sequence = try sequence(of: scan) else { throw Damage("no scan \(scan)") }
    return sequence
  }

  func number(_ id: ViolationID) throws -> Int {
    guard let number = try violationNumber(id) else { throw Damage("no violation \(id)") }
    return number
  }

  func insert(_ position: LanePosition, _ lane: Int) throws {
    try session.run(
      """
      INSERT INTO lane_position (lane, place, git_commit, time, succeeded, on_line, covers_all)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      .int(lane),
      .int(position.index),
      .int(try interner.makeCommit(position.commit)),
      .int(Int(position.time.seconds)),
      .int(position.succeeded ? 1 : 0),
      .int(position.onLine ? 1 : 0),
      .int(position.coversAll ? 1 : 0)
    )
    for (scans, counts) in [(position.scans, 1), (position.superseded, 0)] {
      for scan in scans {
        let sequence = try place(scan)
        let record = try self.scan(scan)?.record
        try session.run(
          """
          INSERT INTO position_scan (entry, id, lane, place, counts, findings, tool_version)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """,
          .int(sequence),
          .blob(scan.bytes),
          .int(lane),
          .int(position.index),
          .int(counts),
          .int(record?.findingCount ?? 0),
          .optional(try record?.toolVersion.map { try interner.makeName($0) })
        )
      }
    }
  }

  /// What changes of a violation from sighting to sighting, as it is stored.
  struct ChangingRow {
    let rule: Int
    let level: Int
    let message: Int
    let state: Int
    let scan: Int
    let path: Int
    let ordinal: Int
    let sheet: Int
    let position: Int
    /// Since when it is in the balance; nil where that did not change.
    var opened: Int?

    var values: [SQLValue] {
      [rule, level, message, state, scan, path, ordinal, sheet, position].map(SQLValue.int)
        + [.optional(opened)]
    }
  }

  /// Looks up what a violation's row says of its present; without a sheet its last sighting is the one that is stored.
  func row(
    of violation: Violation,
    opened: Timestamp?,
    sheet: SheetID?
  ) throws -> ChangingRow {
    let sheet = try sheet ?? lastSheet(of: violation)
    guard let sheetNumber = try objects.find(sheet.bytes) else { throw Damage("no sheet \(sheet)") }
    cache.lastSheets[violation.id] = sheetNumber
    return ChangingRow(
      rule: try interner.makeName(violation.rule),
      level: Int(violation.level.rawValue),
      message: try interner.makeText(violation.message),
      state: Int(violation.state.rawValue),
      scan: try place(violation.last.scan),
      path: try interner.makePath(violation.last.path),
      ordinal: violation.last.ordinal,
      sheet: sheetNumber,
      position: violation.lastPosition,
      opened: opened.map { Int($0.seconds) }
    )
  }

  func update(_ number: Int, _ row: ChangingRow) throws {
    let query = try Query(
      session.db,
      """
      UPDATE violation SET rule = ?, level = ?, message = ?, state = ?, last_entry = ?,
        last_path = ?, last_row = ?, last_sheet = ?, last_place = ?,
        opened = coalesce(?, opened) WHERE number = ?
      """
    )
    defer { query.reset() }
    try query.bind(row.values + [.int(number)])
    while try query.step() {}
  }

  func insert(
    _ violation: Violation,
    _ row: ChangingRow,
    _ lane: Int,
    number: Int?,
    _ path: Int
  ) throws {
    let query = try Query(
      session.db,
      """
      INSERT INTO violation (rule, level, message, state, last_entry, last_path, last_row,
        last_sheet, last_place, opened, number, id, lane, origin_entry, origin_path, origin_row,
        first_place)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, coalesce(?, 0), ?, ?, ?, ?, ?, ?, ?)
      """
    )
    defer { query.reset() }
    try query.bind(
      row.values + [
        .optional(number), .blob(violation.id.bytes), .int(lane),
        .int(try place(violation.origin.scan)), .int(path), .int(violation.origin.ordinal),
        .int(violation.firstPosition),
      ]
    )
    while try query.step() {}
  }

  /// The next number of a violation that begins in a file; nil for any.
  ///
  /// Violations of one file stand side by side: a scan touches those of the files that changed, and these would be spread over the
  /// whole table in the order in which they came.
  func newNumber(in path: Int) throws -> Int? {
    let (first, last) = (Self.firstNumber(in: path), Self.firstNumber(in: path + 1) - 1)
    let greatest = try session.int(
      "SELECT number FROM violation WHERE number BETWEEN ? AND ? ORDER BY number DESC LIMIT 1",
      .int(first),
      .int(last)
    )
    guard let greatest else { return first }
    return greatest < last ? greatest + 1 : nil
  }

  func insert(_ posting: Posting, _ lane: Int) throws {
    try session.run(
      """
      INSERT INTO posting (lane, violation, time, place, kind, basis, path, git_commit, exact,
        stage, score, margin, source)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      .int(lane),
      .int(try number(posting.violation)),
      .int(Int(posting.time.seconds)),
      .optional(posting.position),
      .int(Int(posting.kind.rawValue)),
      .int(Int(posting.basis.rawValue)),
      .int(try interner.makePath(posting.path)),
      .optional(try posting.commit.map { try interner.makeCommit($0) }),
      .int(posting.isExactCommit ? 1 : 0),
      .optional(posting.link.map { Int($0.stage.rawValue) }),
      .optional(posting.link?.score),
      .optional(posting.link?.margin),
      .optional(try posting.source.map { try place($0) })
    )
  }

  static func firstNumber(in path: Int) -> Int { path << 20 }

  private func insert(_ move: ViolationMove, _ lane: Int) throws {
    try session.run(
      """
      INSERT INTO move (lane, violation, place, from_path, to_path, stage, score, margin, ambiguous)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      .int(lane),
      .int(try number(move.violation)),
      .int(move.position),
      .int(try interner.makePath(move.from)),
      .int(try interner.makePath(move.to)),
      .int(Int(move.evidence.stage.rawValue)),
      .int(move.evidence.score),
      .optional(move.evidence.margin),
      .int(move.isAmbiguous ? 1 : 0)
    )
  }

  /// Writes the head of a file, and its list only where that changed.
  private func upsert(_ roster: Roster, _ lane: Int, _ position: Int) throws {
    let path = try interner.makePath(roster.path)
    try write(head(of: roster), lane, path)
    try writeList(list(of: roster), lane, path, position)
  }

  /// What a roster says beside its list, as it is stored.
  struct HeadRow {
    let blob: BlobID?
    let sheet: Int
    let scan: Int
  }

  func head(of roster: Roster) throws -> HeadRow {
    guard let sheet = try objects.find(roster.sheet.bytes) else {
      throw Damage("no sheet \(roster.sheet)")
    }
    return HeadRow(blob: roster.blob, sheet: sheet, scan: try place(roster.scan))
  }

  func write(_ head: HeadRow, _ lane: Int, _ path: Int) throws {
    try session.run(
      """
      INSERT INTO roster_head (lane, path, blob, sheet, scan) VALUES (?1, ?2, ?3, ?4, ?5)
      ON CONFLICT (lane, path) DO UPDATE SET blob = ?3, sheet = ?4, scan = ?5
      """,
      .int(lane),
      .int(path),
      .optional(head.blob?.bytes),
      .int(head.sheet),
      .int(head.scan)
    )
  }

  func list(of roster: Roster) throws -> [UInt8] {
    RosterList.encode(try roster.violations.map { try number($0) })
  }

  private func removeRoster(_ path: RepoPath, _ lane: Int, _ position: Int) throws {
    let path = try interner.makePath(path)
    try session.run(
      "DELETE FROM roster_head WHERE lane = ? AND path = ?",
      .int(lane),
      .int(path)
    )
    try writeList([], lane, path, position)
  }

  private func writeList(_ list: [UInt8], _ lane: Int, _ path: Int, _ position: Int) throws {
    let last = try session.first(
      """
      SELECT violations FROM roster WHERE lane = ? AND path = ? ORDER BY since DESC LIMIT 1
      """,
      .int(lane),
      .int(path)
    ) { $0.bytes(0) }
    if (last ?? []) == list { return }
    try insert(list, lane, path, position)
  }

  func insert(_ list: [UInt8], _ lane: Int, _ path: Int, _ position: Int) throws {
    try session.run(
      "INSERT OR REPLACE INTO roster (lane, path, since, violations) VALUES (?, ?, ?, ?)",
      .int(lane),
      .int(path),
      .int(position),
      .blob(list)
    )
  }
}

/// The sheets of the last sightings of what a delta changes, as far as its rosters tell them.
struct LastSheets {
  private let rosters: [RepoPath: Roster]
  private let standing: [ViolationID: Standing]

  init(_ delta: LaneDelta) {
    standing = Dictionary(delta.standing.map { ($0.violation, $0) }, uniquingKeysWith: { $1 })
    rosters = Dictionary(delta.rosters.map { ($0.path, $0) }, uniquingKeysWith: { $1 })
  }

  subscript(violation: Violation) -> SheetID? {
    if let stands = standing[violation.id], stands.sighting == violation.last {
      return stands.sheet
    }
    let roster = rosters[violation.last.path]
    return roster?.scan == violation.last.scan ? roster?.sheet : nil
  }
}
