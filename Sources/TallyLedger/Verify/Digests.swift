public import TallyModel

extension LedgerReader {
  /// A digest of what was claimed: the set of entries, whatever order they came in.
  ///
  /// Leaves out commits, evidence and merges: what git happened to know when a scan was recorded is not a claim.
  public func stateDigest() throws -> RawDigest {
    let ids = try session.rows(
      "SELECT id FROM entry WHERE kind NOT IN (4, 5, 14) AND sequence <= ? ORDER BY id",
      .int(visibleSize)
    ) { $0.bytes(0) }
    var writer = ByteWriter(capacity: 32 + ids.count * 32)
    writer.begin("tally.state")
    writer.unsigned(UInt64(ids.count))
    for id in ids { writer.raw(id) }
    return RawDigest(hashing: writer.bytes)
  }

  /// A digest of the books: everything but the ids that violations gave up, in an order of its own.
  ///
  /// Does not depend on the order of arrival, on row numbers or on how much was rebuilt.
  public func booksDigest() throws -> RawDigest {
    var writer = ByteWriter(capacity: 1 << 16)
    writer.begin("tally.books")
    for lane in try postedLanes() {
      try lane.encode(to: &writer)
      try dumpPositions(lane, to: &writer)
      try dumpViolations(lane, to: &writer)
      try dumpPostings(lane, to: &writer)
      try dumpRosters(lane, to: &writer)
      try dumpStanding(lane, to: &writer)
      try dumpEvidence(lane, to: &writer)
    }
    return RawDigest(hashing: writer.bytes)
  }

  private func dumpPositions(_ lane: LaneKey, to writer: inout ByteWriter) throws {
    for position in try positions(of: lane) {
      writer.byte(1)
      try writer.number(position.index, "position")
      writer.git(position.commit)
      writer.time(position.time)
      for ids in [position.scans, position.superseded] {
        writer.unsigned(UInt64(ids.count))
        for id in ids { writer.hash(id) }
      }
      writer.flag(position.succeeded)
      writer.flag(position.onLine)
      writer.flag(position.coversAll)
    }
  }

  private func dumpViolations(_ lane: LaneKey, to writer: inout ByteWriter) throws {
    for violation in try violations(of: lane) {
      writer.byte(2)
      writer.raw(violation.id.bytes)
      try writer.string(violation.rule, "rule")
      writer.byte(violation.level.rawValue)
      writer.hash(violation.message)
      writer.byte(violation.state.rawValue)
      try violation.origin.encode(to: &writer)
      try violation.last.encode(to: &writer)
      try writer.number(violation.firstPosition, "position")
      try writer.number(violation.lastPosition, "position")
    }
  }

  private func dumpPostings(_ lane: LaneKey, to writer: inout ByteWriter) throws {
    var lines: [[UInt8]] = []
    for posting in try postings(of: lane) {
      var line = ByteWriter(capacity: 96)
      line.raw(posting.violation.bytes)
      line.time(posting.time)
      line.optional(signed: posting.position)
      line.byte(posting.kind.rawValue)
      line.byte(posting.basis.rawValue)
      try line.path(posting.path)
      line.flag(posting.commit != nil)
      if let commit = posting.commit { line.git(commit) }
      line.flag(posting.isExactCommit)
      line.flag(posting.link != nil)
      if let link = posting.link { line.evidence(link) }
      line.optional(hash: posting.source)
      lines.append(line.bytes)
    }
    for line in lines.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      writer.byte(3)
      writer.raw(line)
    }
  }

  private func dumpRosters(_ lane: LaneKey, to writer: inout ByteWriter) throws {
    for roster in try rosters(of: lane) {
      writer.byte(4)
      try writer.path(roster.path)
      writer.flag(roster.blob != nil)
      if let blob = roster.blob { writer.git(blob) }
      writer.hash(roster.sheet)
      writer.hash(roster.scan)
    }
    guard let number = try interner.findLane(lane) else { return }
    let rows = try session.rows(
      "SELECT path, since, violations FROM roster WHERE lane = ?",
      .int(number)
    ) { (path: $0.int(0), since: $0.int(1), list: $0.bytes(2)) }
    let named = try rows.map { (path: try interner.path($0.path), since: $0.since, list: $0.list) }
    for row in named.sorted(by: { ($0.path, $0.since) < ($1.path, $1.since) }) {
      writer.byte(5)
      try writer.path(row.path)
      try writer.number(row.since, "position")
      for number in try RosterList.decode(row.list) {
        writer.raw(try violationID(number).bytes)
      }
    }
  }

  private func dumpStanding(_ lane: LaneKey, to writer: inout ByteWriter) throws {
    guard let number = try interner.findLane(lane) else { return }
    let rows = try session.rows(
      "SELECT violation, since, until, reason, entry, path, row FROM standing WHERE lane = ?",
      .int(number)
    ) { query in (0..<7).map { query.isNull($0) ? -1 : query.int($0) } }
    let named = try rows.map { (id: try violationID($0[0]), row: $0) }
    for item in named.sorted(by: { ($0.id, $0.row[1]) < ($1.id, $1.row[1]) }) {
      writer.byte(8)
      writer.raw(item.id.bytes)
      for value in item.row[1...3] { writer.signed(Int64(value)) }
      writer.hash(try entryStore.scanID(item.row[4]))
      try writer.path(try interner.path(item.row[5]))
      try writer.number(item.row[6], "row")
    }
  }

  private func dumpEvidence(_ lane: LaneKey, to writer: inout ByteWriter) throws {
    guard let number = try interner.findLane(lane) else { return }
    let moved = try session.rows(
      "SELECT DISTINCT violation FROM move WHERE lane = ?",
      .int(number)
    ) { $0.int(0) }
    for id in try moved.map({ try violationID($0) }).sorted() {
      for move in try moves(of: id) {
        writer.byte(6)
        writer.raw(id.bytes)
        try writer.number(move.position, "position")
        try writer.path(move.from)
        try writer.path(move.to)
        writer.evidence(move.evidence)
        writer.flag(move.isAmbiguous)
      }
    }
    for warning in try warnings(of: lane) {
      writer.byte(7)
      try writer.number(warning.position, "position")
      let text = Array(warning.text.utf8)
      writer.unsigned(UInt64(text.count))
      writer.raw(text)
    }
  }
}

extension ByteWriter {
  fileprivate mutating func evidence(_ link: LinkEvidence) {
    byte(link.stage.rawValue)
    signed(Int64(link.score))
    optional(signed: link.margin)
  }
}
