public import TallyModel

extension StoredLane {
  /// The violations that stand in no row of their file's sheet at the head, sorted by id.
  public func standing() throws -> [Standing] {
    try reader.standing(of: lane, "until IS NULL")
  }
}

extension LedgerReader {
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
    let found = try standing(of: violation.lane, at: position)
      .first { $0.violation == violation.id }
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
      "SELECT violation, reason, entry, path, row, blob FROM standing WHERE lane = ? AND \(condition)"
    )
    defer { query.reset() }
    try query.bind([.int(number)] + values)
    var rows: [(numbers: [Int], blob: [UInt8]?)] = []
    while try query.step() {
      rows.append(((0..<5).map { query.int($0) }, query.isNull(5) ? nil : query.bytes(5)))
    }
    query.reset()
    return try rows.map { row in
      guard let reason = UInt8(exactly: row.numbers[1]).flatMap(Standing.Reason.init(rawValue:))
      else { throw Damage("a standing violation of \(lane) has no reason") }
      return Standing(
        violation: try violationID(row.numbers[0]),
        sighting: Sighting(
          scan: try entryStore.scanID(row.numbers[2]),
          path: try interner.path(row.numbers[3]),
          ordinal: row.numbers[4]
        ),
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
      try session.run(
        """
        INSERT INTO standing (lane, violation, since, reason, entry, path, row, blob)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        .int(lane),
        .int(try number(item.violation)),
        place,
        .int(Int(item.reason.rawValue)),
        .int(try self.place(item.sighting.scan)),
        .int(try interner.makePath(item.sighting.path)),
        .int(item.sighting.ordinal),
        .optional(item.blob?.bytes)
      )
    }
  }
}
