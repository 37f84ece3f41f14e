public import TallyModel

extension StoredLane {
  /// The violations that stand in no row of their file's sheet at the head, sorted by id.
  public func standing() throws -> [Standing] {
    try reader.standing(of: lane, "until IS NULL")
  }
}

extension StoredLane {
  /// The violation of a row that an earlier position showed; nil where it showed none.
  public func violation(at sighting: Sighting, position: Int) throws -> ViolationID? {
    try reader.violation(at: sighting)
  }
}

extension LedgerReader {
  /// Every span of a lane in which a violation stood in no row of a sheet, by violation, then since when.
  public func standingSpans(of lane: LaneKey) throws -> [StandingSpan] {
    guard let number = try interner.findLane(lane) else { return [] }
    let rows = try session.rows(
      "SELECT DISTINCT since FROM standing WHERE lane = ? ORDER BY since",
      .int(number)
    ) { $0.int(0) }
    var result: [StandingSpan] = []
    for since in rows {
      let ends = try session.rows(
        "SELECT violation, until FROM standing WHERE lane = ? AND since = ?",
        .int(number),
        .int(since)
      ) { (violation: $0.int(0), until: $0.optionalInt(1)) }
      var until: [ViolationID: Int?] = [:]
      for end in ends { until[try violationID(end.violation)] = end.until }
      for item in try standing(of: lane, "since = ?", .int(since)) {
        result.append(
          StandingSpan(standing: item, since: since, until: until[item.violation] ?? nil)
        )
      }
    }
    return result.sorted { ($0.standing.violation, $0.since) < ($1.standing.violation, $1.since) }
  }

  /// The violations that stood in no row of their file's sheet at a position, sorted by id.
  public func standing(of lane: LaneKey, at position: Int) throws -> [Standing] {
    try standing(
      of: lane,
      "since <= ? AND (until IS NULL OR until > ?)",
      .int(position),
      .int(position)
    )
  }

  /// Since which position a violation stands in no row, for those that do at a position; nil where it has one.
  public func standing(
    of violation: Violation,
    at position: Int
  ) throws -> (since: Int, standing: Standing)? {
    guard let lane = try interner.findLane(violation.lane),
      let number = try violationNumber(violation.id)
    else { return nil }
    // What goes on for one reason is one stand, however often its row is told anew.
    let rows = try session.rows(
      """
      SELECT since, until, reason FROM standing WHERE lane = ? AND violation = ? AND since <= ?
      ORDER BY since DESC
      """,
      .int(lane),
      .int(number),
      .int(position)
    ) { (since: $0.int(0), until: $0.optionalInt(1), reason: $0.int(2)) }
    guard let last = rows.first, last.until.map({ $0 > position }) ?? true else { return nil }
    var since = last.since
    for row in rows.dropFirst() where row.until == since && row.reason == last.reason {
      since = row.since
    }
    let found = try standing(
      of: violation.lane,
      "violation = ? AND since = ?",
      .int(number),
      .int(last.since)
    ).first
    return found.map { (since, $0) }
  }

  func standing(
    of lane: LaneKey,
    _ condition: String,
    _ values: SQLValue...
  ) throws -> [Standing] {
    guard let number = try interner.findLane(lane) else { return [] }
    let query = try Query(
      session.db,
      "SELECT violation, reason, entry, path, row, sheet, blob FROM standing WHERE lane = ? AND \(condition)"
    )
    defer { query.reset() }
    try query.bind([.int(number)] + values)
    var rows: [(numbers: [Int], blob: [UInt8]?)] = []
    while try query.step() {
      rows.append(((0..<6).map { query.int($0) }, query.isNull(6) ? nil : query.bytes(6)))
    }
    query.reset()
    return try rows.map { row in
      guard let reason = UInt8(exactly: row.numbers[1]).flatMap(Standing.Reason.init(rawValue:)),
        let sheet = SheetID(bytes: try objects.id(row.numbers[5]))
      else { throw Damage("a standing violation of \(lane) has a value that is not allowed") }
      return Standing(
        violation: try violationID(row.numbers[0]),
        sighting: Sighting(
          scan: try entryStore.scanID(row.numbers[2]),
          path: try interner.path(row.numbers[3]),
          ordinal: row.numbers[4]
        ),
        sheet: sheet,
        blob: row.blob.flatMap { BlobID(bytes: $0) },
        reason: reason
      )
    }.sorted { $0.violation < $1.violation }
  }
}

extension WriteTransaction {
  func insertStanding(of delta: LaneDelta, _ lane: Int) throws {
    let place = SQLValue.int(delta.position.index)
    for id in delta.settled + delta.standing.map(\.violation) {
      try session.run(
        "UPDATE standing SET until = ? WHERE lane = ? AND violation = ? AND until IS NULL",
        place,
        .int(lane),
        .int(try number(id))
      )
    }
    for item in delta.standing {
      guard let sheet = try objects.find(item.sheet.bytes) else {
        throw Damage("no sheet \(item.sheet)")
      }
      try session.run(
        """
        INSERT INTO standing (lane, violation, since, reason, entry, path, row, sheet, blob)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        .int(lane),
        .int(try number(item.violation)),
        place,
        .int(Int(item.reason.rawValue)),
        .int(try self.place(item.sighting.scan)),
        .int(try interner.makePath(item.sighting.path)),
        .int(item.sighting.ordinal),
        .int(sheet),
        .optional(item.blob?.bytes)
      )
    }
  }
}
