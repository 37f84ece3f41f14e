public import TallyModel

extension LedgerReader: FactReader {
  // MARK: What counts

  /// The places of entries that a retraction takes out, itself not retracted.
  func retractedSequences() throws -> Set<Int> {
    if let known = cache.retracted { return known }
    var targets: [EntryID: [EntryID]] = [:]
    for sequence in try sequences(of: .retraction) {
      if case .retraction(let record) = try body(sequence) {
        targets[record.target, default: []].append(try entryStore.id(sequence))
      }
    }
    var gone: Set<Int> = []
    // A retraction names its target by hash, so that none can lie on a circle.
    func isRetracted(_ id: EntryID) -> Bool { targets[id]?.contains { !isRetracted($0) } ?? false }
    for target in targets.keys where isRetracted(target) {
      if let sequence = try sequence(of: target) { gone.insert(sequence) }
    }
    cache.retracted = gone
    return gone
  }

  /// The entries that a retraction takes out, sorted.
  public func retracted() throws -> [EntryID] {
    try retractedSequences().map { try entryStore.id($0) }.sorted()
  }

  /// The retraction that takes an entry out, the first by its place; nil where the entry counts or is not there.
  public func retraction(of target: EntryID) throws -> EntryID? {
    guard let place = try sequence(of: target), try retractedSequences().contains(place) else {
      return nil
    }
    return try counted(.retraction).sorted { $0.sequence < $1.sequence }.first { item in
      guard case .retraction(let record) = item.body else { return false }
      return record.target == target
    }?.id
  }

  /// Entries of one kind that count, sorted by id.
  func counted(_ kind: EntryKind) throws -> [(id: EntryID, sequence: Int, body: EntryBody)] {
    let gone = try retractedSequences()
    return try all(kind).filter { !gone.contains($0.sequence) }
  }

  /// Entries of one kind, retracted or not, sorted by id.
  func all(_ kind: EntryKind) throws -> [(id: EntryID, sequence: Int, body: EntryBody)] {
    try sequences(of: kind).map { (try entryStore.id($0), $0, try body($0)) }
      .sorted { $0.id < $1.id }
  }

  // MARK: Lanes

  private func lanes(with kind: EntryKind) throws -> [LaneKey] {
    let gone = try retractedSequences()
    if let fresh = cache.fresh?.lanes(with: kind) {
      let counted = fresh.filter { !$0.sequences.allSatisfy(gone.contains) }
      return Set(try counted.map { try current($0.lane) }).sorted()
    }
    var found: Set<LaneKey> = []
    let numbers = try session.rows("SELECT number FROM lane") { $0.int(0) }
    for number in numbers {
      if try hasEntry(of: kind, lane: number, besides: gone) {
        found.insert(try current(try interner.lane(number)))
      }
    }
    return found.sorted()
  }

  private static let entriesOfLane = """
    SELECT sequence FROM entry
    WHERE kind = ? AND lane = ? AND kind NOT IN (4, 5) AND sequence <= ? ORDER BY sequence
    """

  /// Says whether a lane has an entry that was not retracted; reads no further than to the first.
  private func hasEntry(
    of kind: EntryKind,
    lane: Int,
    besides gone: Set<Int>
  ) throws -> Bool {
    let query = try Query(session.db, Self.entriesOfLane)
    defer { query.reset() }
    try query.bind([.int(Int(kind.rawValue)), .int(lane), .int(visibleSize)])
    while try query.step() {
      if !gone.contains(query.int(0)) { return true }
    }
    return false
  }

  private func sequences(of kind: EntryKind, in lane: LaneKey) throws -> [Int] {
    if let known = cache.fresh?.sequences(of: kind, in: lane) { return known }
    guard let number = try interner.findLane(lane) else { return [] }
    return try session.rows(
      Self.entriesOfLane,
      .int(Int(kind.rawValue)),
      .int(number),
      .int(visibleSize)
    ) { $0.int(0) }
  }

  /// Every lane that has a scan, sorted.
  public func lanes() throws -> [LaneKey] { try lanes(with: .scan) }

  /// Every lane that has a test run, sorted.
  public func testLanes() throws -> [LaneKey] { try lanes(with: .tests) }

  // MARK: Scans

  /// All scans of a lane, sorted by entry id.
  public func scans(of lane: LaneKey) throws -> [ScanFact] {
    let gone = try retractedSequences()
    return try recordedLanes(of: lane).flatMap { try sequences(of: .scan, in: $0) }
      .filter { !gone.contains($0) }
      .compactMap { try scanFact($0) }
      .sorted { $0.id < $1.id }
  }

  /// Scans of a lane that were retracted, sorted by entry id.
  public func retractedScans(of lane: LaneKey) throws -> [ScanFact] {
    let gone = try retractedSequences()
    if gone.isEmpty { return [] }
    return try recordedLanes(of: lane).flatMap { try sequences(of: .scan, in: $0) }
      .filter(gone.contains)
      .compactMap { try scanFact($0) }
      .sorted { $0.id < $1.id }
  }

  /// The scans that were recorded in a lane, wherever they belong now, sorted by entry id.
  public func scans(recordedIn lane: LaneKey) throws -> [ScanFact] {
    let gone = try retractedSequences()
    return try sequences(of: .scan, in: lane).filter { !gone.contains($0) }
      .compactMap { try scanFact($0) }
      .sorted { $0.id < $1.id }
  }

  /// The scans of a lane at one commit, sorted by entry id: what may supersede or unite with each other.
  public func scans(of lane: LaneKey, at commit: CommitID) throws -> [ScanFact] {
    try sequences(by: FactKey.scan(at: commit)).compactMap { try scanFact($0) }
      .filter { $0.record.commit == commit && $0.record.lane == lane }
      .sorted { $0.id < $1.id }
  }

  /// One scan; nil when it is not there or was retracted.
  public func scan(_ id: EntryID) throws -> ScanFact? {
    guard let sequence = try sequence(of: id), try !retractedSequences().contains(sequence) else {
      return nil
    }
    return try scanFact(sequence)
  }

  private func scanFact(_ sequence: Int) throws -> ScanFact? {
    if let known = cache.scans[sequence] { return known }
    guard case .scan(let record) = try body(sequence),
      let receipt = try cache.fresh?.receipts[sequence]
        ?? EntryHead.read(session, sequence)?.receipt
    else { return nil }
    let lane = try current(record.lane)
    let fact = ScanFact(
      id: try entryStore.id(sequence),
      record: lane == record.lane ? record : record.moved(to: lane),
      sequence: sequence,
      arrived: receipt.arrived,
      importer: receipt.importer,
      recordings: try recordings(of: try entryStore.id(sequence))
    )
    if cache.scans.count == Self.mostScans { cache.scans.removeAll(keepingCapacity: true) }
    cache.scans[sequence] = fact
    return fact
  }

  /// With what an entry was recorded when; sorted, each once.
  public func recordings(of entry: EntryID) throws -> [RecordingRecord] {
    var found: [(id: EntryID, record: RecordingRecord)] = []
    for sequence in try sequences(by: FactKey.recording(entry)) {
      if case .evidence(.recording(let record)) = try body(sequence),
        record.entries.contains(entry)
      {
        found.append((try entryStore.id(sequence), record))
      }
    }
    return found.sorted { $0.id < $1.id }.map(\.record)
  }

  /// The entry by which a person says that a scan is complete; of several the least id, nil where nobody does.
  public func confirmation(of scan: EntryID) throws -> EntryID? {
    let gone = try retractedSequences()
    return try sequences(by: FactKey.confirmation(scan)).filter { sequence in
      guard !gone.contains(sequence), case .confirmation(let record) = try body(sequence)
      else { return false }
      return record.scan == scan
    }.map { try entryStore.id($0) }.min()
  }

  /// The files that a scan lists as analysed; nil where it lists none, or the list was redacted.
  public func analysedFiles(of scan: ScanRecord) throws -> Set<RepoPath>? {
    guard let id = scan.analysed, let list = try text(id) else { return nil }
    return Set(list.split(separator: "\n").map { RepoPath(normalized: String($0)) })
  }

  /// So many scans are kept in a transaction; who posts a lane holds all of its own.
  private static let mostScans = 1 << 15

  // MARK: Sheets

  /// The sheets of a scan by path: of its best capture.
  ///
  /// Most windows, then newest lexer, then greatest tree id. Empty for a scan without findings.
  public func tree(of scan: EntryID) throws -> Tree {
    guard let id = try treeID(of: scan) else {
      if let fact = try self.scan(scan), fact.record.findingCount == 0 { return Tree(lines: []) }
      throw Damage("no capture of scan \(scan) is there")
    }
    return try tree(id)
  }

  private func tree(_ id: TreeID) throws -> Tree {
    if let known = cache.fresh?.tree(id) { return known }
    guard let number = try objects.find(id.bytes) else { throw Damage("no tree \(id)") }
    return try objects.tree(number)
  }

  /// The id of the tree that ``tree(of:)`` reads; nil when nothing was captured.
  public func treeID(of scan: EntryID) throws -> TreeID? {
    var trees: Set<TreeID> = []
    for sequence in try sequences(by: FactKey.capture(scan)) {
      if case .evidence(.capture(scan, let tree)) = try body(sequence) { trees.insert(tree) }
    }
    let known = try trees.sorted().filter {
      try cache.fresh?.tree($0) != nil || objects.find($0.bytes) != nil
    }
    guard known.count > 1 else { return known.first }
    var best: (windows: Int, lexer: Int, id: TreeID)?
    for id in known {
      var windows = 0
      var lexer = 0
      for line in try tree(id).lines {
        let sheet = try sheet(line.sheet)
        windows += sheet.windows.count { $0 != nil }
        lexer = max(lexer, sheet.lexerVersion)
      }
      if best == nil || (windows, lexer) >= (best?.windows ?? 0, best?.lexer ?? 0) {
        best = (windows, lexer, id)
      }
    }
    return best?.id
  }

  /// One sheet.
  public func sheet(_ id: SheetID) throws -> Sheet {
    if let known = cache.sheets[id] { return known }
    do {
      let sheet = try SheetEncoding.decode(try cache.fresh?.sheet(id) ?? stored(id))
      cache.sheets.keep(sheet, as: id)
      return sheet
    } catch let error as FormatError {
      throw Damage("sheet \(id): \(error)")
    }
  }

  private func stored(_ id: SheetID) throws -> [UInt8] {
    guard let number = try objects.find(id.bytes) else { throw Damage("no sheet \(id)") }
    return try objects.sheet(number)
  }

  // MARK: Git

  /// What is known of a commit; nil if git was never asked.
  public func commit(_ id: CommitID) throws -> CommitRecord? {
    var best: (id: EntryID, record: CommitRecord)?
    for sequence in try sequences(by: FactKey.commit(id)) {
      guard case .commit(let record) = try body(sequence), record.commit == id else { continue }
      let entry = try entryStore.id(sequence)
      if let known = best, known.id > entry { continue }
      best = (entry, record)
    }
    return best?.record
  }

  /// The line and token map between two contents, if there is evidence of it.
  ///
  /// Of several those of the newest lexer, with the places of all of them; the hunks are those of the greatest entry.
  public func fileMap(_ pair: BlobPair) throws -> FileMap? {
    var found: [(map: FileMap, id: EntryID)] = []
    for sequence in try sequences(by: FactKey.map(pair)) {
      guard case .evidence(.maps(let maps)) = try body(sequence),
        let map = maps.first(where: { $0.old == pair.old && $0.new == pair.new })
      else { continue }
      found.append((map, try entryStore.id(sequence)))
    }
    let newest = found.map(\.map.lexerVersion).max()
    let told = found.filter { $0.map.lexerVersion == newest }.sorted { $0.id > $1.id }
    guard let first = told.first?.map else { return nil }
    return told.dropFirst().reduce(first) { $0.united(with: $1.map) }
  }

  /// The suppression comments of a content, if there is evidence of them.
  ///
  /// Of several those by the newest lexer, then with the most tokens, then of the greatest entry.
  public func silences(of blob: BlobID) throws -> SilencedText? {
    var best: (text: SilencedText, tokens: Int, id: EntryID)?
    for sequence in try sequences(by: FactKey.silences(blob)) {
      guard case .evidence(.silences(_, let texts)) = try body(sequence),
        let text = texts.first(where: { $0.blob == blob })
      else { continue }
      let id = try entryStore.id(sequence)
      let tokens = text.silences.reduce(0) { $0 + $1.tokens.count }
      if let known = best,
        (known.text.lexerVersion, known.tokens, known.id) > (text.lexerVersion, tokens, id)
      {
        continue
      }
      best = (text, tokens, id)
    }
    return best?.text
  }

  /// What a commit holds of a tool's configuration, if there is evidence of it.
  ///
  /// Of several the one of the newest version, then of the greatest entry.
  public func toolConfiguration(
    of tool: String,
    at commit: CommitID
  ) throws -> ToolConfigurationRecord? {
    var best: (record: ToolConfigurationRecord, id: EntryID)?
    for sequence in try sequences(by: FactKey.toolConfiguration(at: commit)) {
      guard case .evidence(.toolConfiguration(let record)) = try body(sequence),
        record.commit == commit, record.tool == tool
      else { continue }
      let id = try entryStore.id(sequence)
      if let known = best, (known.record.version, known.id) > (record.version, id) { continue }
      best = (record, id)
    }
    return best?.record
  }

  // MARK: People

  /// Whether two sightings were said to be the same or different, of the lane's scans, retracted ones included; sorted by entry id.
  public func corrections(of lane: LaneKey) throws -> [CorrectionFact] {
    let gone = try retractedSequences()
    return try all(.correction).compactMap { item in
      guard case .correction(let record) = item.body,
        let scan = try scan(record.first.scan), scan.record.lane == lane
      else { return nil }
      return CorrectionFact(
        id: item.id,
        record: record,
        isRetracted: gone.contains(item.sequence)
      )
    }
  }

  /// Every waiver, sorted by entry id; its project as it is called now.
  public func waivers() throws -> [(id: EntryID, record: WaiverRecord)] {
    let names = try names()
    return try counted(.waiver).compactMap { item in
      guard case .waiver(let record) = item.body else { return nil }
      return (item.id, record.of(project: names.current(project: record.project)))
    }
  }
}

extension ScanRecord {
  fileprivate func moved(to lane: LaneKey) -> ScanRecord {
    ScanRecord(
      lane: lane,
      commit: commit,
      toolName: toolName,
      toolVersion: toolVersion,
      configDigest: configDigest,
      rawDigest: rawDigest,
      rawLength: rawLength,
      runIndex: runIndex,
      sequence: sequence,
      ended: ended,
      scope: scope,
      succeeded: succeeded,
      analysed: analysed,
      notices: notices,
      rules: rules,
      listsSilentRules: listsSilentRules,
      columnUnit: columnUnit,
      claims: claims,
      findingCount: findingCount,
      skipped: skipped
    )
  }
}
