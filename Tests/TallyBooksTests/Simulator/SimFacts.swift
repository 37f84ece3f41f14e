import TallyModel

/// Turns an invented history into facts.
struct SimFactWriter {
  let lane: LaneKey
  var facts = MemoryFacts()
  /// Whether the planted identity is written beside each row, for a matcher that knows the truth.
  let plantsIdentity: Bool
  /// Takes windows from a text; a simple stand-in where nil.
  var capture: ((String, [Finding]) -> [TokenWindow?])?
  /// Maps two texts for old places; from the names of the lines where nil.
  var mapper: ((String, String, BlobPair, [SourceRegion]) -> FileMap?)?

  init(lane: LaneKey, plantsIdentity: Bool = true) {
    self.lane = lane
    self.plantsIdentity = plantsIdentity
  }

  /// Writes all commits with their files, renames and the maps between any two contents of a path or rename.
  mutating func write(_ commits: [SimCommit]) {
    let byID = Dictionary(commits.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var texts: [String: [(blob: BlobID, lines: [SimLine])]] = [:]
    for commit in commits {
      facts.commits[commit.id] = CommitRecord(
        commit: commit.id,
        parents: commit.parent.map { [$0] } ?? [],
        authored: commit.time,
        committed: commit.time,
        author: SimFactWriter.text("Ada <ada@example.com>"),
        message: SimFactWriter.text("commit \(commit.id)")
      )
      var files: [RepoPath: BlobID] = [:]
      for (path, lines) in commit.files {
        let blob = SimFactWriter.blob(lines)
        files[RepoPath(normalized: path)] = blob
        // The life of a file through its renames.
        let origin = SimFactWriter.origin(path, commit, byID)
        if texts[origin]?.contains(where: { $0.blob == blob }) != true {
          texts[origin, default: []].append((blob, lines))
        }
      }
      facts.files[commit.id] = files
      facts.renames[commit.id] = commit.renames.map { new, old in
        MatchEvidence.Rename(
          from: RepoPath(normalized: old),
          to: RepoPath(normalized: new),
          similarity: 90
        )
      }.sorted { $0.to < $1.to }
    }
    for versions in texts.values {
      for old in versions {
        for new in versions where new.blob != old.blob {
          let pair = BlobPair(old: old.blob, new: new.blob)
          facts.maps[pair] = map(old.lines, new.lines, pair)
        }
      }
    }
  }

  private func map(_ old: [SimLine], _ new: [SimLine], _ pair: BlobPair) -> FileMap? {
    guard let mapper else { return SimLine.map(old, new, pair) }
    let places = old.enumerated().flatMap { index, line in
      line.plants.compactMap { try? SourceRegion(startLine: index + 1, startColumn: $0.column) }
    }
    return mapper(SimLine.text(old), SimLine.text(new), pair, places)
  }

  /// Writes a scan; `sequence` is its arrival, `all` what may have been recorded together with it.
  mutating func write(
    _ scan: SimScan,
    of commits: [SimCommit],
    sequence: Int,
    all: [SimScan] = [],
    order: SimOrder = .numbers
  ) {
    let commit = commits[scan.commit]
    var rows: [String: [(finding: Finding, window: TokenWindow?)]] = [:]
    for finding in scan.findings {
      rows[finding.path, default: []].append((row(finding), window(finding, in: commit)))
    }
    for path in scan.unparsed { rows[path] = [(syntaxError, nil)] }
    var lines: [Tree.Line] = []
    for (path, own) in rows {
      let sorted = own.sorted { Finding.precedes($0.finding, $1.finding) }
      let findings = sorted.map(\.finding)
      let text = capture == nil ? "" : commit.text(path)
      let sheet = Sheet(
        findings: findings,
        lexerVersion: 1,
        windows: capture.map { $0(text, findings) } ?? sorted.map(\.window)
      )
      let key = sheet.findings.enumerated().map { place, row in
        let region = row.region
        let window = sheet.window(at: place)
        return
          "\(row.rule) \(region?.startLine ?? 0) \(region?.startColumn ?? 0) \(row.message.prefix64)"
          + " \(row.snippet ?? 0) \(window?.left ?? []) \(window?.right ?? [])"
      }
      let id = SimFactWriter.content(key.joined(separator: "|"), SheetID.init)
      facts.sheets[id] = sheet
      lines.append(Tree.Line(path: RepoPath(normalized: path), sheet: id))
    }
    lines.sort { $0.path < $1.path }
    let id = SimFactWriter.entry(scan, lane)
    facts.trees[id] = Tree(lines: lines)
    facts.scanFacts.append(
      ScanFact(
        id: id,
        record: record(scan, commit, lines, order),
        sequence: sequence,
        arrived: Timestamp(seconds: 1_900_000_000 + Int64(sequence)),
        importer: "sarif/1",
        recordings: [recording(scan, id, all, order)]
      )
    )
    if let list = scan.analysed {
      facts.analysed[SimFactWriter.list(list)] = Set(list.map(RepoPath.init(normalized:)))
    }
  }

  /// Clocks are wrong where something better tells which run is later.
  private func recording(
    _ scan: SimScan,
    _ id: EntryID,
    _ all: [SimScan],
    _ order: SimOrder
  ) -> RecordingRecord {
    let time = Int64(order == .times ? scan.run : -scan.run) * 100 + 1_900_000_000
    if order == .times {
      let own = all.filter { $0.run == scan.run }.map { SimFactWriter.entry($0, lane) }
      return RecordingRecord(entries: own, recorded: Timestamp(seconds: time), run: nil)
    }
    return RecordingRecord(
      entries: [id],
      recorded: Timestamp(seconds: time + Int64(scan.attempt)),
      run: SimFactWriter.run(scan, order)
    )
  }

  /// The run of CI that made a scan.
  static func run(_ scan: SimScan, _ order: SimOrder) -> CIRun {
    CIRun(
      series: "ci",
      id: "\(scan.run)",
      order: order == .numbers ? scan.run : -scan.run,
      attempt: scan.attempt
    )
  }

  static func list(_ paths: [String]) -> TextID { text(paths.joined(separator: "\n")) }

  private func record(
    _ scan: SimScan,
    _ commit: SimCommit,
    _ lines: [Tree.Line],
    _ order: SimOrder
  ) -> ScanRecord {
    let fired = Set(scan.findings.map(\.plant.rule))
    let listed = scan.listsSilentRules ? Set(scan.enabledRules) : fired
    return ScanRecord(
      lane: lane,
      commit: commit.id,
      toolName: lane.tool,
      toolVersion: "\(scan.toolVersion).0",
      configDigest: SimFactWriter.content("config \(scan.config)", RawDigest.init),
      rawDigest: SimFactWriter.content("raw \(scan.index)", RawDigest.init),
      rawLength: 1,
      runIndex: 0,
      sequence: nil,
      ended: order == .claims ? Timestamp(seconds: Int64(scan.run) * 100) : nil,
      scope: scan.scope,
      succeeded: scan.succeeded,
      analysed: scan.analysed.map(SimFactWriter.list),
      notices: SimFactWriter.notices(scan),
      rules: listed.sorted().map { RuleRecord(id: $0) },
      listsSilentRules: scan.listsSilentRules,
      columnUnit: .unicodeCodePoints,
      claims: SimFactWriter.content(
        lines.map { "\($0.path) \($0.sheet.prefix64)" }.joined(separator: "|"),
        ContentID<ScanClaims>.init
      ),
      findingCount: scan.findings.count,
      skipped: []
    )
  }

  private static func notices(_ scan: SimScan) -> [ScanNotice] {
    let text = text("cannot read")
    var result = scan.unread.map {
      ScanNotice(level: .error, path: RepoPath(normalized: $0), message: text)
    }
    if scan.hasPlacelessError {
      result.append(ScanNotice(level: .error, path: nil, message: text))
    }
    return result
      + scan.brokenRules.map { ScanNotice(level: .error, path: nil, rule: $0, message: text) }
  }

  private func row(_ finding: SimFinding) -> Finding {
    let column = finding.plant.column
    return Finding(
      rule: finding.plant.rule,
      level: .error,
      region: try? SourceRegion(startLine: finding.line, startColumn: column),
      message: SimFactWriter.text(finding.plant.message),
      template: UInt64(finding.plant.message.utf8.count),
      snippet: plantsIdentity ? UInt64(finding.plant.identity) : nil
    )
  }

  private var syntaxError: Finding {
    Finding(
      rule: "invalid-syntax",
      level: .error,
      region: try? SourceRegion(startLine: 1),
      message: SimFactWriter.text("unexpected indentation"),
      template: 1
    )
  }

  private func window(_ finding: SimFinding, in commit: SimCommit) -> TokenWindow? {
    let lines = commit.files[finding.path] ?? []
    let place = finding.line - 1
    func hash(_ line: SimLine) -> UInt16 {
      let bytes = fakeHash(line.text, count: 2)
      return UInt16(bytes[0]) << 8 | UInt16(bytes[1])
    }
    return TokenWindow(
      left: lines[max(0, place - 3)..<place].map(hash),
      right: lines[place..<min(lines.count, place + 3)].map(hash),
      line: UInt32(hash(lines[place]))
    )
  }

  // MARK: Ids

  static func content<T>(_ text: String, _ make: ([UInt8]) -> ContentID<T>?) -> ContentID<T> {
    guard let id = make(fakeHash(text)) else { preconditionFailure("32 bytes make an id") }
    return id
  }

  static func text(_ text: String) -> TextID { content("text " + text, TextID.init) }

  static func entry(_ scan: SimScan, _ lane: LaneKey) -> EntryID {
    content("scan \(lane) \(scan.index)", EntryID.init)
  }

  static func blob(_ lines: [SimLine]) -> BlobID {
    let text = lines.map { $0.full + "\n" }.joined()
    guard let id = BlobID(bytes: fakeHash("blob " + text, count: 20)) else {
      preconditionFailure("20 bytes make an id")
    }
    return id
  }

  private static func origin(
    _ path: String,
    _ commit: SimCommit,
    _ byID: [CommitID: SimCommit]
  ) -> String {
    var (path, commit) = (path, commit)
    while true {
      path = commit.renames[path] ?? path
      guard let parent = commit.parent, let before = byID[parent] else { return path }
      commit = before
    }
  }
}
