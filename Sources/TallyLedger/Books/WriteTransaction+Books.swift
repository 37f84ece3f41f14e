public import TallyModel

extension WriteTransaction {
  /// Writes what one step changed in the books of a lane.
  ///
  /// - Parameters:
  ///   - delta: the step.
  ///   - keepsUndo: false for a position that more than ``PositionUndo/positions`` others will follow at once: nobody will take it back.
  /// - Throws: ``LedgerError`` where the position is not the next one.
  public func apply(_ delta: LaneDelta, keepsUndo: Bool = true) throws {
    let position = delta.position
    let lane = try interner.makeLane(position.lane)
    let last = try session.int(
      "SELECT place FROM lane_position WHERE lane = ? ORDER BY place DESC LIMIT 1",
      .int(lane)
    )
    guard position.index == (last ?? -1) + 1 else {
      throw LedgerError.invalid(
        what: "position \(position.index) of \(position.lane)",
        reason: "the last one is \(last ?? -1)"
      )
    }
    try insert(position, lane)
    let made = keepsUndo ? try keepUndo(of: delta, lane) : []
    let flows = try flows(of: delta)
    let sheets = Dictionary(delta.rosters.map { ($0.path, $0) }, uniquingKeysWith: { $1 })
    for violation in delta.violations {
      let roster = sheets[violation.last.path]
      try upsert(
        violation,
        lane,
        opened: flows.opened[violation.id],
        sheet: roster?.scan == violation.last.scan ? roster?.sheet : nil
      )
    }
    try insert(flows, at: position, lane)
    try keepUndo(making: made, at: position.index, lane)
    for posting in delta.postings { try insert(posting, lane) }
    for path in delta.removedRosters { try removeRoster(path, lane, position.index) }
    for roster in delta.rosters { try upsert(roster, lane, position.index) }
    for move in delta.moves { try insert(move, lane) }
    for (line, text) in delta.warnings.enumerated() {
      try session.run(
        "INSERT INTO warning (lane, place, line, text) VALUES (?, ?, ?, ?)",
        .int(lane),
        .int(position.index),
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
      "undo", "posting", "flow", "move", "warning", "roster", "roster_head", "violation",
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
    try setBooksMeta(BooksMeta(matcherVersion: 0, journalSize: 0))
  }

  /// Records which matcher made the books, from how much of the journal.
  public func setBooksMeta(_ meta: BooksMeta) throws {
    try session.run(
      "UPDATE books SET matcher = ?, size = ? WHERE one = 1",
      .int(meta.matcherVersion),
      .int(meta.journalSize)
    )
  }

  // MARK: Rows

  private func place(_ scan: EntryID) throws -> Int {
    guard let sequence = try sequence(of: scan) else { throw Damage("no scan \(scan)") }
    return sequence
  }

  func number(_ id: ViolationID) throws -> Int {
    guard let number = try violationNumber(id) else { throw Damage("no violation \(id)") }
    return number
  }

  private func insert(_ position: LanePosition, _ lane: Int) throws {
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

  /// Writes a violation; without a sheet its last sighting is the one that is stored.
  private func upsert(
    _ violation: Violation,
    _ lane: Int,
    opened: Timestamp?,
    sheet: SheetID?
  ) throws {
    let sheet = try sheet ?? lastSheet(of: violation)
    guard let sheetNumber = try objects.find(sheet.bytes) else { throw Damage("no sheet \(sheet)") }
    let state: [SQLValue] = [
      .int(try interner.makeName(violation.rule)), .int(Int(violation.level.rawValue)),
      .int(try interner.makeText(violation.message)), .int(Int(violation.state.rawValue)),
      .int(try place(violation.last.scan)), .int(try interner.makePath(violation.last.path)),
      .int(violation.last.ordinal), .int(sheetNumber), .int(violation.lastPosition),
      .optional(opened.map { Int($0.seconds) }),
    ]
    let query: Query
    if let number = try violationNumber(violation.id) {
      query = try Query(
        session.db,
        """
        UPDATE violation SET rule = ?, level = ?, message = ?, state = ?, last_entry = ?,
          last_path = ?, last_row = ?, last_sheet = ?, last_place = ?,
          opened = coalesce(?, opened) WHERE number = ?
        """
      )
      try query.bind(state + [.int(number)])
    } else {
      query = try Query(
        session.db,
        """
        INSERT INTO violation (rule, level, message, state, last_entry, last_path, last_row,
          last_sheet, last_place, opened, number, id, lane, origin_entry, origin_path, origin_row,
          first_place)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, coalesce(?, 0), ?, ?, ?, ?, ?, ?, ?)
        """
      )
      let path = try interner.makePath(violation.origin.path)
      try query.bind(
        state + [
          .optional(try newNumber(in: path)), .blob(violation.id.bytes), .int(lane),
          .int(try place(violation.origin.scan)), .int(path), .int(violation.origin.ordinal),
          .int(violation.firstPosition),
        ]
      )
    }
    defer { query.reset() }
    while try query.step() {}
    cache.lastSheets[violation.id] = sheetNumber
  }

  /// The next number of a violation that begins in a file; nil for any.
  ///
  /// Violations of one file stand side by side: a scan touches those of the files that changed, and these would be spread over the
  /// whole table in the order in which they came.
  private func newNumber(in path: Int) throws -> Int? {
    let (first, last) = (path << 20, (path + 1) << 20 - 1)
    let greatest = try session.int(
      "SELECT number FROM violation WHERE number BETWEEN ? AND ? ORDER BY number DESC LIMIT 1",
      .int(first),
      .int(last)
    )
    guard let greatest else { return first }
    return greatest < last ? greatest + 1 : nil
  }

  private func insert(_ posting: Posting, _ lane: Int) throws {
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
    guard let sheet = try objects.find(roster.sheet.bytes) else {
      throw Damage("no sheet \(roster.sheet)")
    }
    try session.run(
      """
      INSERT INTO roster_head (lane, path, blob, sheet, scan) VALUES (?1, ?2, ?3, ?4, ?5)
      ON CONFLICT (lane, path) DO UPDATE SET blob = ?3, sheet = ?4, scan = ?5
      """,
      .int(lane),
      .int(path),
      .optional(roster.blob?.bytes),
      .int(sheet),
      .int(try place(roster.scan))
    )
    let list = RosterList.encode(try roster.violations.map { try number($0) })
    try writeList(list, lane, path, position)
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
    try session.run(
      "INSERT OR REPLACE INTO roster (lane, path, since, violations) VALUES (?, ?, ?, ?)",
      .int(lane),
      .int(path),
      .int(position),
      .blob(list)
    )
  }
}
