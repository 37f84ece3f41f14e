public import TallyModel

extension LedgerReader {
  // MARK: Positions

  /// Every lane that has a position in the books, sorted.
  public func postedLanes() throws -> [LaneKey] {
    let numbers = try session.rows("SELECT DISTINCT lane FROM lane_position") { $0.int(0) }
    return try numbers.map { try interner.lane($0) }.sorted()
  }

  /// Every position of a lane, in order.
  public func positions(of lane: LaneKey) throws -> [LanePosition] {
    guard let number = try interner.findLane(lane) else { return [] }
    let scans = try session.rows(
      "SELECT place, counts, id FROM position_scan WHERE lane = ? ORDER BY place",
      .int(number)
    ) { (place: $0.int(0), counts: $0.int(1) == 1, id: $0.withBytes(2, EntryID.init(bytes:))) }
    var rest = scans[...]
    let rows = try session.rows(
      """
      SELECT p.place, c.id, p.time, p.succeeded, p.on_line, p.covers_all, c.number
      FROM lane_position p JOIN git_commit c ON c.number = p.git_commit
      WHERE p.lane = ? ORDER BY p.place
      """,
      .int(number)
    ) { query in
      (
        place: query.int(0), commit: query.withBytes(1, CommitID.init(bytes:)), time: query.int(2),
        succeeded: query.int(3) == 1, onLine: query.int(4) == 1, coversAll: query.int(5) == 1,
        number: query.int(6)
      )
    }
    interner.reserveCommits(rows.count)
    return try rows.map { row in
      guard let commit = row.commit else { throw Damage("a position of \(lane) has no commit") }
      interner.remember(commit, row.number)
      var (counting, superseded): ([EntryID], [EntryID]) = ([], [])
      while let scan = rest.first, scan.place <= row.place {
        guard let id = scan.id else { throw Damage("a position of \(lane) has no scan") }
        if scan.counts { counting.append(id) } else { superseded.append(id) }
        rest.removeFirst()
      }
      return LanePosition(
        lane: lane,
        index: row.place,
        commit: commit,
        time: Timestamp(seconds: Int64(row.time)),
        // Nearly always one, or none.
        scans: counting.count > 1 ? counting.sorted() : counting,
        superseded: superseded.count > 1 ? superseded.sorted() : superseded,
        succeeded: row.succeeded,
        onLine: row.onLine,
        coversAll: row.coversAll
      )
    }
  }

  /// One position of a lane; nil where there is none.
  public func position(of lane: LaneKey, at index: Int) throws -> LanePosition? {
    try books(of: lane).position(index)
  }

  /// Where a scan stands in the books: its lane and position; nil when it was not posted.
  public func place(of scan: EntryID) throws -> (lane: LaneKey, position: Int)? {
    guard let sequence = try sequence(of: scan) else { return nil }
    let row = try session.first(
      "SELECT lane, place FROM position_scan WHERE entry = ?",
      .int(sequence)
    ) { ($0.int(0), $0.int(1)) }
    return try row.map { (try interner.lane($0.0), $0.1) }
  }

  // MARK: Violations

  /// How many violations of a lane are open, waivers aside.
  public func openCount(of lane: LaneKey) throws -> Int {
    guard let number = try interner.findLane(lane) else { return 0 }
    return try session.int(
      "SELECT count(*) FROM violation WHERE lane = ? AND state = 0",
      .int(number)
    ) ?? 0
  }

  /// The violations of a lane in some states, sorted by id.
  public func violations(
    of lane: LaneKey,
    states: Set<ViolationState> = [.open, .suppressed, .closed]
  ) throws -> [Violation] {
    guard let number = try interner.findLane(lane) else { return [] }
    var result: [Violation] = []
    for state in states {
      result += try violations(
        "\(ViolationRow.columns) WHERE lane = ? AND state = ?",
        .int(number),
        .int(Int(state.rawValue))
      )
    }
    return result.sorted { $0.id < $1.id }
  }

  /// A violation by any id it was ever shown under.
  public func violation(_ id: ViolationID) throws -> Violation? {
    if let found = try storedViolation(id) { return found }
    return try aliases(of: id).compactMap { try storedViolation($0) }.first
  }

  /// The ids under which a violation was shown beside its own, sorted.
  public func otherIDs(of id: ViolationID) throws -> [ViolationID] {
    var seen: Set<ViolationID> = [id]
    var queue = [id]
    while let next = queue.popLast() {
      let found = try session.rows(
        "SELECT id FROM alias WHERE violation = ?",
        .blob(next.bytes)
      ) { $0.withBytes(0, ViolationID.init(bytes:)) }
      for other in found.compactMap({ $0 }) where seen.insert(other).inserted {
        queue.append(other)
      }
    }
    seen.remove(id)
    return try seen.sorted().filter { try violation($0)?.id == id }
  }

  /// What the row of a violation that is closed is held for since a correction; empty for all others.
  public func successors(of id: ViolationID) throws -> [ViolationID] {
    guard try storedViolation(id) != nil else { return [] }
    return try aliases(of: id).filter { try storedViolation($0) != nil }
  }

  /// What an id was given up for: the ids that replaced it, followed to their end.
  private func aliases(of id: ViolationID) throws -> [ViolationID] {
    var seen: Set<ViolationID> = [id]
    var queue = [id]
    var result: [ViolationID] = []
    while let next = queue.popLast() {
      let found = try session.rows(
        "SELECT violation FROM alias WHERE id = ? ORDER BY violation",
        .blob(next.bytes)
      ) { $0.withBytes(0, ViolationID.init(bytes:)) }
      for id in found.compactMap({ $0 }) where seen.insert(id).inserted {
        result.append(id)
        queue.append(id)
      }
    }
    return result
  }

  /// The violations whose ids begin with the same 30 bits as one, itself among them.
  public func violationIDs(like id: ViolationID) throws -> [ViolationID] {
    let low = ViolationID(high: (id.high >> 34) << 34, low: 0)
    let high = ViolationID(high: low.high | (1 << 34 - 1), low: .max)
    return try session.rows(
      "SELECT id FROM violation WHERE id >= ? AND id <= ?",
      .blob(low.bytes),
      .blob(high.bytes)
    ) { $0.withBytes(0, ViolationID.init(bytes:)) }.compactMap { $0 }
  }

  /// The violations whose id, or one they were shown under, begins with written digits; sorted, at most 16.
  ///
  /// The digits may be in either case, with or without `T-`, such as `T-7K3QF2`; or all 32 hexadecimal ones.
  public func violations(withPrefix written: String) throws -> [Violation] {
    if let id = ViolationID(hex: written) {
      return try violation(id).map { try [storedViolation($0.id)].compactMap { $0 } } ?? []
    }
    var digits = Substring(written.uppercased())
    if digits.hasPrefix("T-") { digits = digits.dropFirst(2) }
    guard let range = ViolationRange(digits) else { return [] }
    var found: Set<ViolationID> = []
    for table in ["violation", "alias"] {
      let ids = try session.rows(
        "SELECT id FROM \(table) WHERE id >= ? AND id <= ? ORDER BY id LIMIT 64",
        .blob(range.low),
        .blob(range.high)
      ) { $0.withBytes(0, ViolationID.init(bytes:)) }
      for id in ids.compactMap({ $0 }) where id.hasPrefix(written) {
        if let violation = try violation(id) { found.insert(violation.id) }
      }
    }
    return try found.sorted().prefix(16).compactMap { try storedViolation($0) }
  }

  // MARK: Postings

  private static let postingColumns = """
    SELECT v.id, o.time, o.place, o.lane, o.kind, o.basis, o.path, o.git_commit, o.exact,
      o.stage, o.score, o.margin, o.source
    FROM posting o JOIN violation v ON v.number = o.violation
    """

  /// The postings of a lane in a span of time, by time, position, violation, kind.
  ///
  /// The start is exclusive, the end inclusive; nil is for all from the beginning or to the end.
  public func postings(
    of lane: LaneKey,
    after start: Timestamp? = nil,
    upTo end: Timestamp? = nil
  ) throws -> [Posting] {
    guard let number = try interner.findLane(lane) else { return [] }
    return try postings(
      "\(Self.postingColumns) WHERE o.lane = ? AND o.time > ? AND o.time <= ?",
      [
        .int(number), .int(start.map { Int($0.seconds) } ?? Int.min),
        .int(end.map { Int($0.seconds) } ?? Int.max),
      ]
    )
  }

  /// The postings that one position of a lane made, by violation, kind.
  public func postings(of lane: LaneKey, at position: LanePosition) throws -> [Posting] {
    guard let number = try interner.findLane(lane) else { return [] }
    return try postings(
      "\(Self.postingColumns) WHERE o.lane = ? AND o.time = ? AND o.place = ?",
      [.int(number), .int(Int(position.time.seconds)), .int(position.index)]
    )
  }

  /// Everything that happened to a violation, by time, position, kind.
  public func postings(of violation: ViolationID) throws -> [Posting] {
    guard let number = try violationNumber(violation) else { return [] }
    return try postings("\(Self.postingColumns) WHERE o.violation = ?", [.int(number)])
  }

  private func postings(_ sql: String, _ values: [SQLValue]) throws -> [Posting] {
    let query = try Query(session.db, sql)
    defer { query.reset() }
    try query.bind(values)
    var rows: [(id: [UInt8], numbers: [Int?])] = []
    while try query.step() {
      rows.append((query.bytes(0), (1...12).map { query.optionalInt($0) }))
    }
    query.reset()
    return try rows.map(posting).sorted {
      ($0.time, $0.position ?? Int.max, $0.violation, $0.kind.order)
        < ($1.time, $1.position ?? Int.max, $1.violation, $1.kind.order)
    }
  }

  private func posting(_ row: (id: [UInt8], numbers: [Int?])) throws -> Posting {
    let n = row.numbers
    guard let violation = ViolationID(bytes: row.id), let time = n[0], let lane = n[2],
      let kind = n[3].flatMap({ UInt8(exactly: $0) }).flatMap(PostingKind.init(rawValue:)),
      let basis = n[4].flatMap({ UInt8(exactly: $0) }).flatMap(Basis.init(rawValue:)),
      let path = n[5]
    else { throw Damage("a posting has a value that is not allowed") }
    var link: LinkEvidence?
    if let stage = n[8].flatMap({ UInt8(exactly: $0) }).flatMap(MatchStage.init(rawValue:)),
      let score = n[9]
    {
      link = LinkEvidence(stage: stage, score: score, margin: n[10])
    }
    return Posting(
      violation: violation,
      time: Timestamp(seconds: Int64(time)),
      position: n[1],
      lane: try interner.lane(lane),
      kind: kind,
      basis: basis,
      path: try interner.path(path),
      commit: try n[6].map { try interner.commit($0) },
      isExactCommit: n[7] == 1,
      link: link,
      source: try n[11].map { try entryStore.id($0) }
    )
  }

  // MARK: Evidence

  /// The links of a violation that were not exact, by position.
  public func moves(of violation: ViolationID) throws -> [ViolationMove] {
    guard let number = try violationNumber(violation) else { return [] }
    let rows = try session.rows(
      """
      SELECT place, from_path, to_path, stage, score, margin, ambiguous FROM move
      WHERE violation = ? ORDER BY place, number
      """,
      .int(number)
    ) { query in (0...6).map { query.optionalInt($0) } }
    return try rows.map { n in
      guard let place = n[0], let from = n[1], let to = n[2], let score = n[4],
        let stage = n[3].flatMap({ UInt8(exactly: $0) }).flatMap(MatchStage.init(rawValue:))
      else { throw Damage("a move has a value that is not allowed") }
      return ViolationMove(
        violation: violation,
        position: place,
        from: try interner.path(from),
        to: try interner.path(to),
        evidence: LinkEvidence(stage: stage, score: score, margin: n[5]),
        isAmbiguous: n[6] == 1
      )
    }
  }

  /// The links of a lane that were not exact, by position, then violation.
  public func moves(of lane: LaneKey) throws -> [ViolationMove] {
    guard let number = try interner.findLane(lane) else { return [] }
    let moved = try session.rows(
      "SELECT DISTINCT violation FROM move WHERE lane = ?",
      .int(number)
    ) { $0.int(0) }
    return try moved.map { try violationID($0) }.flatMap { try moves(of: $0) }
      .sorted { ($0.position, $0.violation, $0.to) < ($1.position, $1.violation, $1.to) }
  }

  /// The warnings of a lane, in order.
  public func warnings(of lane: LaneKey) throws -> [(position: Int, text: String)] {
    guard let number = try interner.findLane(lane) else { return [] }
    return try session.rows(
      "SELECT place, text FROM warning WHERE lane = ? ORDER BY place, line",
      .int(number)
    ) { ($0.int(0), $0.text(1)) }
  }

  // MARK: Places

  /// The rosters of a lane at its head, sorted by path.
  public func rosters(of lane: LaneKey) throws -> [Roster] {
    let books = books(of: lane)
    return try books.rosterPaths().compactMap { try books.roster($0) }
  }

  /// The list of a file's violations, row by row, as it was at a position; empty where it had none.
  public func violations(
    in path: RepoPath,
    of lane: LaneKey,
    atOrBefore position: Int
  ) throws -> [ViolationID] {
    guard let number = try interner.findLane(lane), let place = try interner.findPath(path) else {
      return []
    }
    let list = try session.first(
      """
      SELECT violations FROM roster WHERE lane = ? AND path = ? AND since <= ?
      ORDER BY since DESC LIMIT 1
      """,
      .int(number),
      .int(place),
      .int(position)
    ) { $0.bytes(0) }
    return try RosterList.decode(list ?? []).map { try violationID($0) }
  }

  /// Where a violation was at a position of its lane; nil where it was not on any list then.
  public func sighting(of id: ViolationID, atOrBefore position: Int) throws -> Sighting? {
    guard let violation = try violation(id) else { return nil }
    var paths = [violation.last.path, violation.origin.path]
    paths += try moves(of: violation.id).flatMap { [$0.to, $0.from] }
    var seen: Set<RepoPath> = []
    for path in paths where seen.insert(path).inserted {
      let list = try violations(in: path, of: violation.lane, atOrBefore: position)
      guard let ordinal = list.firstIndex(of: violation.id) else { continue }
      guard let scan = try scan(showing: path, rows: list.count, of: violation.lane, position)
      else { return nil }
      return Sighting(scan: scan, path: path, ordinal: ordinal)
    }
    return try standing(of: violation, at: position)?.standing.sighting
  }

  /// The last scan at or before a position whose tree has a sheet of the path with that many rows.
  private func scan(
    showing path: RepoPath,
    rows: Int,
    of lane: LaneKey,
    _ position: Int
  ) throws -> EntryID? {
    let books = books(of: lane)
    var index = position
    while index >= 0 {
      for scan in try books.position(index)?.scans ?? [] {
        if let line = try tree(of: scan).line(of: path),
          try sheet(line.sheet).findings.count == rows
        {
          return scan
        }
      }
      index -= 1
    }
    return nil
  }

  /// The row that a sighting names; nil when the scan has no such row.
  public func row(_ sighting: Sighting) throws -> (finding: Finding, window: TokenWindow?)? {
    guard let line = try tree(of: sighting.scan).line(of: sighting.path) else { return nil }
    let sheet = try sheet(line.sheet)
    guard sheet.findings.indices.contains(sighting.ordinal) else { return nil }
    return (sheet.findings[sighting.ordinal], sheet.window(at: sighting.ordinal))
  }

  /// The violation that a sighting is of; nil when its scan was not posted or has no such row.
  public func violation(at sighting: Sighting) throws -> ViolationID? {
    guard let place = try place(of: sighting.scan) else { return nil }
    let list = try violations(in: sighting.path, of: place.lane, atOrBefore: place.position)
    let position = try books(of: place.lane).position(place.position)
    if let position, position.scans.count > 1 {
      return try violation(at: sighting, among: position, list)
    }
    return list.indices.contains(sighting.ordinal) ? list[sighting.ordinal] : nil
  }

  /// The same at a position of several scans: the list has the rows of the first that reports on the file, beside it stand those of the
  /// others that are not equal to one of them.
  private func violation(
    at sighting: Sighting,
    among position: LanePosition,
    _ list: [ViolationID]
  ) throws -> ViolationID? {
    guard let row = try row(sighting)?.finding else { return nil }
    let beside = try standing(of: position.lane, at: position.index)
    if let own = beside.first(where: { $0.sighting == sighting }) { return own.violation }
    for scan in position.scans {
      guard let line = try tree(of: scan).line(of: sighting.path) else { continue }
      let rows = try sheet(line.sheet).findings
      if rows.count == list.count, let place = rows.firstIndex(where: { $0.isSame(as: row) }) {
        return list[place]
      }
    }
    return try beside.first { item in
      guard item.sighting.path == sighting.path else { return false }
      return try self.row(item.sighting)?.finding.isSame(as: row) == true
    }?.violation
  }
}

extension Tree {
  /// The line of a path, found by halving.
  public func line(of path: RepoPath) -> Line? {
    var low = 0
    var high = lines.count
    while low < high {
      let middle = (low + high) / 2
      if lines[middle].path < path { low = middle + 1 } else { high = middle }
    }
    return low < lines.count && lines[low].path == path ? lines[low] : nil
  }
}

/// The ids that begin with some digits of base 32, as far as whole bytes tell.
private struct ViolationRange {
  let low: [UInt8]
  let high: [UInt8]

  init?(_ digits: Substring) {
    guard digits.count >= 2, digits.count <= 25 else { return nil }
    var bits: [UInt8] = []
    for character in digits {
      let digit: Character
      switch character {
      case "O": digit = "0"
      case "I", "L": digit = "1"
      default: digit = character
      }
      guard let value = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ").firstIndex(of: digit) else {
        return nil
      }
      for bit in stride(from: 4, through: 0, by: -1) { bits.append(UInt8(value >> bit & 1)) }
    }
    func bytes(filling fill: UInt8) -> [UInt8] {
      let padded = bits + [UInt8](repeating: fill, count: max(0, 128 - bits.count))
      return stride(from: 0, to: 128, by: 8).map { start in
        padded[start..<start + 8].reduce(0) { $0 << 1 | $1 }
      }
    }
    low = bytes(filling: 0)
    high = bytes(filling: 1)
  }
}
