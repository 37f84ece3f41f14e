internal import GRDB
public import TallyModel

/// What a position of a lane replaced, so that the last positions can be taken back.
///
/// Parallel jobs finish out of order and shards come one by one: most late scans belong a few positions before the head. Taking those back and
/// posting them again costs what changed in them, where posting the lane from its start costs its whole history.
public struct PositionUndo: Sendable, Hashable {
  /// A roster's head: what it says beside its list of violations.
  public struct Head: Sendable, Hashable {
    /// The file's content, if known.
    public let blob: BlobID?
    /// The sheet.
    public let sheet: SheetID
    /// The scan whose sheet it is.
    public let scan: EntryID

    /// Takes the head of a roster.
    public init(_ roster: Roster) {
      blob = roster.blob
      sheet = roster.sheet
      scan = roster.scan
    }

    init(blob: BlobID?, sheet: SheetID, scan: EntryID) {
      self.blob = blob
      self.sheet = sheet
      self.scan = scan
    }
  }

  /// For how many positions at the end of a lane this is kept.
  public static let positions = 64

  /// The position.
  public let place: Int
  /// The violations it changed, as they were before; nil for those that it made.
  public let violations: [ViolationID: Violation?]
  /// The files whose rosters it changed, with the heads before; nil where there was none.
  public let heads: [RepoPath: Head?]

  /// Says what a delta is about to replace.
  public init(_ delta: LaneDelta, in books: any LaneBooks) throws {
    place = delta.position.index
    var violations: [ViolationID: Violation?] = [:]
    for violation in delta.violations {
      violations[violation.id] = .some(try books.violation(violation.id))
    }
    var heads: [RepoPath: Head?] = [:]
    for path in delta.removedRosters + delta.rosters.map(\.path) {
      heads[path] = .some(try books.roster(path).map(Head.init))
    }
    self.violations = violations
    self.heads = heads
  }

  init(place: Int, violations: [ViolationID: Violation?], heads: [RepoPath: Head?]) {
    self.place = place
    self.violations = violations
    self.heads = heads
  }
}

extension WriteTransaction {
  /// Writes down what a delta is about to replace, and forgets what lies too far back.
  ///
  /// - Returns: The violations that the delta makes, for ``keepUndo(making:at:_:)`` once they are written.
  func keepUndo(of delta: LaneDelta, _ lane: Int) throws -> [ViolationID] {
    let place = delta.position.index
    try session.run(
      "DELETE FROM undo WHERE lane = ? AND place <= ?",
      .int(lane),
      .int(place - PositionUndo.positions)
    )
    try session.run(
      """
      INSERT INTO undo (lane, place, posting, move) VALUES (?, ?,
        (SELECT coalesce(max(number), 0) FROM posting), (SELECT coalesce(max(number), 0) FROM move))
      """,
      .int(lane),
      .int(place)
    )
    var made: [ViolationID] = []
    for violation in delta.violations {
      guard let number = try violationNumber(violation.id) else {
        made.append(violation.id)
        continue
      }
      try session.run(
        """
        INSERT INTO undo_violation (lane, place, violation, rule, level, message, state, opened,
          last_entry, last_path, last_row, last_sheet, last_place)
        SELECT lane, ?, number, rule, level, message, state, opened, last_entry, last_path,
          last_row, last_sheet, last_place FROM violation WHERE number = ?
        """,
        .int(place),
        .int(number)
      )
    }
    for path in Set(delta.removedRosters + delta.rosters.map(\.path)).sorted() {
      try session.run(
        """
        INSERT INTO undo_roster (lane, place, path, blob, sheet, scan)
        VALUES (?1, ?2, ?3,
          (SELECT blob FROM roster_head WHERE lane = ?1 AND path = ?3),
          (SELECT sheet FROM roster_head WHERE lane = ?1 AND path = ?3),
          (SELECT scan FROM roster_head WHERE lane = ?1 AND path = ?3))
        """,
        .int(lane),
        .int(place),
        .int(try interner.makePath(path))
      )
    }
    return made
  }

  /// Notes which violations a position made.
  func keepUndo(making ids: [ViolationID], at place: Int, _ lane: Int) throws {
    for id in ids {
      try session.run(
        "INSERT INTO undo_violation (lane, place, violation) VALUES (?, ?, ?)",
        .int(lane),
        .int(place),
        .int(try number(id))
      )
    }
  }

  /// Takes back the positions of a lane from one on; ids that were shown are still answered to.
  ///
  /// - Returns: False, with nothing changed, where what one of them replaced is not known any more.
  public func rewind(_ lane: LaneKey, to first: Int) throws -> Bool {
    guard let number = try interner.findLane(lane) else { return false }
    let last = try session.int(
      "SELECT place FROM lane_position WHERE lane = ? ORDER BY place DESC LIMIT 1",
      .int(number)
    )
    guard let last, first > 0 else { return false }
    if first > last { return true }
    let kept = try session.int(
      "SELECT count(*) FROM undo WHERE lane = ? AND place >= ?",
      .int(number),
      .int(first)
    )
    guard kept == last - first + 1 else { return false }
    for place in (first...last).reversed() { try takeBack(place, of: number) }
    cache.forgetViolations()
    return true
  }

  private func takeBack(_ place: Int, of lane: Int) throws {
    let here: [SQLValue] = [.int(lane), .int(place)]
    for table in ["posting", "move"] {
      try session.run(
        """
        DELETE FROM \(table) WHERE +lane = ?1 AND +place = ?2
          AND number > (SELECT \(table) FROM undo WHERE lane = ?1 AND place = ?2)
        """,
        here[0],
        here[1]
      )
    }
    try session.run(
      """
      DELETE FROM roster WHERE lane = ?1 AND since = ?2
        AND path IN (SELECT path FROM undo_roster WHERE lane = ?1 AND place = ?2)
      """,
      here[0],
      here[1]
    )
    try session.run(
      """
      DELETE FROM roster_head WHERE lane = ?1
        AND path IN (SELECT path FROM undo_roster WHERE lane = ?1 AND place = ?2)
      """,
      here[0],
      here[1]
    )
    try session.run(
      """
      INSERT INTO roster_head (lane, path, blob, sheet, scan)
      SELECT lane, path, blob, sheet, scan FROM undo_roster
      WHERE lane = ? AND place = ? AND sheet IS NOT NULL
      """,
      here[0],
      here[1]
    )
    try session.run(
      """
      UPDATE violation SET (rule, level, message, state, opened, last_entry, last_path, last_row,
        last_sheet, last_place) = (SELECT rule, level, message, state, opened, last_entry,
        last_path, last_row, last_sheet, last_place FROM undo_violation u
        WHERE u.lane = ?1 AND u.place = ?2 AND u.violation = violation.number)
      WHERE number IN (SELECT violation FROM undo_violation
        WHERE lane = ?1 AND place = ?2 AND state IS NOT NULL)
      """,
      here[0],
      here[1]
    )
    try session.run("DELETE FROM standing WHERE lane = ? AND since = ?", here[0], here[1])
    try session.run(
      "UPDATE standing SET until = NULL WHERE lane = ? AND until = ?",
      here[0],
      here[1]
    )
    try session.run(
      """
      DELETE FROM violation WHERE number IN (SELECT violation FROM undo_violation
        WHERE lane = ?1 AND place = ?2 AND state IS NULL)
      """,
      here[0],
      here[1]
    )
    for table in ["flow", "warning", "position_scan", "undo", "lane_position"] {
      try session.run("DELETE FROM \(table) WHERE lane = ? AND place = ?", here[0], here[1])
    }
  }
}

extension LedgerReader {
  /// What the last positions of a lane replaced, in order: of as many as ``PositionUndo/positions`` says.
  public func undo(of lane: LaneKey) throws -> [PositionUndo] {
    guard let number = try interner.findLane(lane) else { return [] }
    let places = try session.rows(
      "SELECT place FROM undo WHERE lane = ? ORDER BY place",
      .int(number)
    ) { $0.int(0) }
    return try places.map { place in
      let rows = try session.rows(
        """
        SELECT path, blob, sheet, scan FROM undo_roster WHERE lane = ? AND place = ?
        """,
        .int(number),
        .int(place)
      ) { ($0.int(0), $0.isNull(1) ? nil : $0.bytes(1), $0.optionalInt(2), $0.optionalInt(3)) }
      var heads: [RepoPath: PositionUndo.Head?] = [:]
      for row in rows {
        var head: PositionUndo.Head?
        if let object = row.2, let scan = row.3, let sheet = SheetID(bytes: try objects.id(object))
        {
          head = PositionUndo.Head(
            blob: row.1.flatMap { BlobID(bytes: $0) },
            sheet: sheet,
            scan: try entryStore.scanID(scan)
          )
        }
        heads[try interner.path(row.0)] = .some(head)
      }
      return PositionUndo(
        place: place,
        violations: try undoneViolations(number, place),
        heads: heads
      )
    }
  }

  private func undoneViolations(_ lane: Int, _ place: Int) throws -> [ViolationID: Violation?] {
    let made = try session.rows(
      "SELECT violation FROM undo_violation WHERE lane = ? AND place = ? AND state IS NULL",
      .int(lane),
      .int(place)
    ) { $0.int(0) }
    var result: [ViolationID: Violation?] = [:]
    for number in made { result[try violationID(number)] = .some(nil) }
    let before = try violations(
      """
      SELECT v.id, v.lane, u.rule, u.level, u.message, u.state, v.origin_entry, v.origin_path,
        v.origin_row, u.last_entry, u.last_path, u.last_row, v.first_place, u.last_place,
        v.last_sheet, v.number
      FROM undo_violation u JOIN violation v ON v.number = u.violation
      WHERE u.lane = ? AND u.place = ? AND u.state IS NOT NULL
      """,
      .int(lane),
      .int(place)
    )
    for violation in before { result[violation.id] = violation }
    return result
  }
}
