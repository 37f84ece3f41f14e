public import TallyModel

/// A test run as a ledger has it.
public struct TestRunFact: Sendable, Hashable {
  /// The entry.
  public let id: EntryID
  /// What it claims; its lane as it was recorded.
  public let record: TestRunRecord
  /// The entry's place in this journal, from 1.
  public let sequence: Int
  /// When this journal got it.
  public let arrived: Timestamp
  /// With what it was recorded when, anywhere; sorted, each once.
  public let recordings: [RecordingRecord]
}

/// A configuration as a ledger has it.
public struct ConfigFact: Sendable, Hashable {
  /// The entry.
  public let id: EntryID
  /// What it claims.
  public let record: ConfigRecord
  /// The entry's place in this journal, from 1.
  public let sequence: Int
  /// When this journal got it.
  public let arrived: Timestamp

  /// From when on it counts: no later than it was recorded, whatever the clock said that made its commit.
  public var effective: Timestamp { min(record.effective, arrived) }
}

extension LedgerReader {
  // MARK: Listings

  /// All test runs of a lane that count, sorted by entry id.
  public func testRuns(of lane: LaneKey) throws -> [TestRunFact] {
    try counted(.tests).compactMap { item in
      guard case .tests(let record) = item.body, try current(record.lane) == lane,
        let head = try EntryHead.read(session, item.sequence)
      else { return nil }
      return TestRunFact(
        id: item.id,
        record: record,
        sequence: item.sequence,
        arrived: head.receipt.arrived,
        recordings: try recordings(of: item.id)
      )
    }
  }

  /// All measurements of a project that count, sorted by entry id.
  public func measurements(
    project: String
  ) throws -> [(id: EntryID, record: MeasurementRecord)] {
    let names = try names()
    let wanted = names.current(project: project)
    return try counted(.measurements).compactMap { item in
      guard case .measurements(let record) = item.body,
        names.current(project: record.project) == wanted
      else { return nil }
      return (item.id, record.of(project: wanted))
    }
  }

  /// All configurations of a project that count, in the order of the journal.
  public func configs(project: String) throws -> [ConfigFact] {
    let names = try names()
    let wanted = names.current(project: project)
    return try configs { names.current(project: $0.project) == wanted }
  }

  /// The `tally.yml` that says which rules of a lane have another name now; nil where none does.
  ///
  /// The last by time, then by entry id, of those that count for the lane: of a commit that it has a scan of, or of no commit. What a
  /// pull request says does not count for the branch that it is made for.
  ///
  /// - Parameters:
  ///   - lane: the lane.
  ///   - isBefore: leaves out what came in this transaction.
  /// - Returns: The text.
  /// - Throws: ``LedgerError``.
  public func ruleConfiguration(of lane: LaneKey, isBefore: Bool = false) throws -> String? {
    // Most ledgers name no rule, and hold a configuration for every commit: that would take long to find out one by one.
    if try !namesRules() { return nil }
    let size = isBefore ? firstSize : visibleSize
    let known = try configs(project: lane.project)
      .filter { $0.sequence <= size }
      .sorted { ($0.record.effective, $0.id) > ($1.record.effective, $1.id) }
    for config in known {
      if let commit = config.record.commit, try !hasScan(of: commit, in: lane, upTo: size) {
        continue
      }
      let file = config.record.files.first { $0.path == "tally.yml" }
      return try file.flatMap { try text($0.text) }
    }
    return nil
  }

  private func namesRules() throws -> Bool {
    if let known = cache.namesRules { return known }
    // Without a configuration no text is looked at: messages are many.
    let hasConfiguration = try session.int(
      "SELECT 1 FROM entry WHERE kind = ? AND kind NOT IN (4, 5) LIMIT 1",
      .int(Int(EntryKind.config.rawValue))
    )
    if hasConfiguration == nil { return false }
    let found = try session.int("SELECT 1 FROM text WHERE instr(body, 'rule_aliases') LIMIT 1")
    cache.namesRules = found != nil
    return found != nil
  }

  private func hasScan(of commit: CommitID, in lane: LaneKey, upTo size: Int) throws -> Bool {
    try sequences(by: FactKey.scan(at: commit)).contains { sequence in
      guard sequence <= size, case .scan(let record) = try body(sequence) else { return false }
      return try record.commit == commit && current(record.lane) == lane
    }
  }

  private func configs(where isMeant: (ConfigRecord) -> Bool) throws -> [ConfigFact] {
    try counted(.config).compactMap { item -> ConfigFact? in
      guard case .config(let record) = item.body, isMeant(record),
        let head = try EntryHead.read(session, item.sequence)
      else { return nil }
      return ConfigFact(
        id: item.id,
        record: record,
        sequence: item.sequence,
        arrived: head.receipt.arrived
      )
    }
    .sorted { $0.sequence < $1.sequence }
  }

  /// All attestations that count, sorted by entry id; the project of each as it is called now.
  public func attestations() throws -> [(id: EntryID, record: AttestationRecord)] {
    let names = try names()
    return try counted(.attestation).compactMap { item in
      guard case .attestation(let record) = item.body else { return nil }
      return (item.id, record.of(project: names.current(project: record.project)))
    }
  }

  /// All posts of a project that count, in the order of the journal.
  public func issuedReports(
    project: String
  ) throws -> [(id: EntryID, record: ReportIssuedRecord, arrived: Timestamp)] {
    let names = try names()
    let wanted = names.current(project: project)
    return try counted(.reportIssued).sorted { $0.sequence < $1.sequence }.compactMap { item in
      guard case .reportIssued(let record) = item.body,
        names.current(project: record.project) == wanted,
        let head = try EntryHead.read(session, item.sequence)
      else { return nil }
      return (item.id, record, head.receipt.arrived)
    }
  }

  // MARK: What is there already

  /// Whether a commit was scanned before this transaction, or is the parent of a commit that was known before it.
  ///
  /// The commits in `arrived` do not count as known before, whatever brought them.
  public func isReferenced(_ commit: CommitID, besides arrived: [CommitID] = []) throws -> Bool {
    for sequence in try sequences(by: FactKey.child(of: commit)) where sequence <= firstSize {
      if case .commit(let record) = try body(sequence), record.parents.contains(commit),
        !arrived.contains(record.commit)
      {
        return true
      }
    }
    return try sequences(by: FactKey.scan(at: commit)).contains { sequence in
      guard sequence <= firstSize, case .scan(let record) = try body(sequence) else {
        return false
      }
      return record.commit == commit
    }
  }

  /// The first position of each lane that rests on one of some commits: the commit's own, or that of one after it.
  ///
  /// Positions further on that come after these are left out. A pair of commits concerns a lane that has a position for both.
  ///
  /// - Parameters:
  ///   - commits: commits of which more is known now.
  ///   - pairs: commits between which more is known now, the earlier first.
  ///   - settings: commits with the tools whose configuration there is known now.
  /// - Returns: nil where so much hangs on them that it is not worth to find out.
  /// - Throws: ``LedgerError``.
  public func firstPositions(
    restingOn commits: [CommitID],
    between pairs: [(from: CommitID, to: CommitID)] = [],
    configuredAt settings: [(commit: CommitID, tool: String)] = []
  ) throws -> [LaneKey: Int]? {
    var result: [LaneKey: Int] = [:]
    var seen = Set(commits)
    var queue = commits
    while let next = queue.popLast() {
      if seen.count > Self.walkLimit { return nil }
      let places = try places(at: next)
      for (lane, place) in places { result[lane] = min(result[lane] ?? place, place) }
      for sequence in try sequences(by: FactKey.child(of: next)) {
        guard case .commit(let record) = try body(sequence), record.parents.contains(next),
          seen.insert(record.commit).inserted
        else { continue }
        queue.append(record.commit)
      }
    }
    for pair in pairs where !seen.contains(pair.to) {
      let before = try places(at: pair.from)
      for (lane, place) in try places(at: pair.to) where before[lane] != nil {
        result[lane] = min(result[lane] ?? place, place)
      }
    }
    for setting in settings {
      for (lane, place) in try places(at: setting.commit) where lane.tool == setting.tool {
        result[lane] = min(result[lane] ?? place, place)
      }
    }
    return result
  }

  private static let walkLimit = 4_000

  /// The positions of a commit, by lane.
  private func places(at commit: CommitID) throws -> [LaneKey: Int] {
    let numbers = try session.rows(
      """
      SELECT p.lane, p.place FROM fact f JOIN position_scan p ON p.entry = f.entry
      JOIN lane_position l ON l.lane = p.lane AND l.place = p.place
      JOIN git_commit g ON g.number = l.git_commit
      WHERE f.key = ? AND g.id = ?
      """,
      .int(FactKey.scan(at: commit)),
      .blob(commit.bytes)
    ) { ($0.int(0), $0.int(1)) }
    var result: [LaneKey: Int] = [:]
    for (lane, place) in numbers { result[try interner.lane(lane)] = place }
    return result
  }

  /// Those of some commits that git was asked about.
  public func hasCommit(_ ids: some Sequence<CommitID>) throws -> Set<CommitID> {
    var result: Set<CommitID> = []
    for id in ids where try commit(id) != nil { result.insert(id) }
    return result
  }

  /// Whether a commit's changes against its first parent are known.
  public func hasChanges(_ commit: CommitID) throws -> Bool { try changes(of: commit) != nil }

  /// Those of some pairs that have a map.
  public func hasFileMaps(_ pairs: some Sequence<BlobPair>) throws -> Set<BlobPair> {
    var result: Set<BlobPair> = []
    for pair in pairs where try fileMap(pair) != nil { result.insert(pair) }
    return result
  }

  /// The commits whose name begins with some hexadecimal digits, sorted; at most 16.
  public func commits(byPrefix digits: String) throws -> [CommitID] {
    guard let range = PrefixRange(digits) else { return [] }
    return try session.rows(
      "SELECT id FROM git_commit WHERE id >= ? AND id <= ? ORDER BY id LIMIT 64",
      .blob(Array(range.low.prefix(20))),
      .blob(range.high)
    ) { $0.bytes(0) }
    .compactMap(CommitID.init(bytes:))
    .filter { $0.description.hasPrefix(digits.lowercased()) }
    .prefix(16).map { $0 }
  }

  /// The commits of a span of time whose message holds one of some texts, by time, then name.
  ///
  /// The start is exclusive, the end inclusive; case counts.
  public func commits(
    mentioning texts: [String],
    after start: Timestamp?,
    upTo end: Timestamp
  ) throws -> [CommitID] {
    if texts.isEmpty { return [] }
    let isNamed = texts.map { _ in "instr(m.body, ?) > 0" }.joined(separator: " OR ")
    let query = try Query(
      session.db,
      """
      SELECT c.id FROM git_commit c JOIN text m ON m.number = c.message
      WHERE c.committed > ? AND c.committed <= ? AND c.entry <= ? AND (\(isNamed))
      ORDER BY c.committed, c.id
      """
    )
    defer { query.reset() }
    let span: [SQLValue] = [
      .int(start.map { Int($0.seconds) } ?? Int.min), .int(Int(end.seconds)), .int(visibleSize),
    ]
    try query.bind(span + texts.map(SQLValue.text))
    var result: [CommitID] = []
    while try query.step() {
      if let id = query.withBytes(0, CommitID.init(bytes:)) { result.append(id) }
    }
    return result
  }

  /// When each commit was made that is known, and whether it merges.
  public func commitSummaries() throws -> [CommitID: CommitSummary] {
    let rows = try session.rows(
      "SELECT id, committed, parents FROM git_commit WHERE entry <= ?",
      .int(visibleSize)
    ) { (id: $0.withBytes(0, CommitID.init(bytes:)), committed: $0.int(1), parents: $0.int(2)) }
    var result: [CommitID: CommitSummary] = [:]
    result.reserveCapacity(rows.count)
    for row in rows {
      guard let id = row.id else { throw Damage("a commit has no name") }
      result[id] = CommitSummary(
        committed: Timestamp(seconds: Int64(row.committed)),
        isMerge: row.parents > 1
      )
    }
    return result
  }
}

/// What can be said of a commit without reading its entry.
public struct CommitSummary: Sendable, Hashable {
  /// When it was committed.
  public let committed: Timestamp
  /// True for a commit of several parents.
  public let isMerge: Bool

  /// The same commit, made at another time.
  public func made(_ time: Timestamp) -> CommitSummary {
    CommitSummary(committed: time, isMerge: isMerge)
  }
}
