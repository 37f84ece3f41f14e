import TallyLedger
import TallyModel

/// Random but valid values of everything that is stored.
struct RandomRecords {
  var random: Random

  init(seed: UInt64) { random = Random(seed: seed) }

  mutating func int(_ bound: Int = 1_000) -> Int {
    switch random.below(10) {
    case 0: 0
    case 1: random.below(Int.max)
    default: random.below(bound)
    }
  }

  mutating func signed() -> Int {
    random.below(4) == 0 ? Int.random(in: Int.min...Int.max, using: &random) : int() - 500
  }

  mutating func flag() -> Bool { random.below(2) == 0 }

  mutating func text() -> String {
    let pieces = [
      "a", "Z", "é", "e\u{301}", "\u{0}", "\n", "日本", "🧮", "/", "\\", "\"", " ", "0", "ß",
    ]
    return (0..<random.below(9)).map { _ in pieces[random.below(pieces.count)] }.joined()
  }

  mutating func maybe<Value>(_ make: (inout Self) throws -> Value) rethrows -> Value? {
    flag() ? try make(&self) : nil
  }

  mutating func many<Value>(
    _ bound: Int = 5,
    _ make: (inout Self) throws -> Value
  ) rethrows -> [Value] {
    var result: [Value] = []
    for _ in 0..<random.below(bound) { result.append(try make(&self)) }
    return result
  }

  mutating func texts() -> [String] {
    many { $0.text() }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Texts that are sorted and each there once.
  mutating func keys() -> [String] {
    Set(many { ExactKey(text: $0.text()) }).map(\.text)
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  mutating func hash<Subject>() throws -> ContentID<Subject> {
    try Sample.id(random.below(1 << 30))
  }
  mutating func commit() throws -> CommitID {
    guard
      let id = CommitID(bytes: Sample.bytes(random.below(1 << 30), count: flag() ? 20 : 32))
    else { throw Sample.Missing() }
    return id
  }
  mutating func blob() throws -> BlobID { try Sample.blob(random.below(1 << 30)) }
  mutating func time() -> Timestamp { Timestamp(seconds: Int64(signed())) }
  mutating func level() -> Level { Level.allCases[random.below(4)] }
  mutating func lane() -> LaneKey {
    LaneKey(project: text(), tool: text(), category: text(), branch: text())
  }
  mutating func sighting() throws -> Sighting {
    Sighting(scan: try hash(), path: path(text()), ordinal: int())
  }
  mutating func skipped() -> [SkippedCount] {
    keys().map { SkippedCount(reason: $0, count: 1 + random.below(99)) }
  }

  mutating func body(_ kind: EntryKind) throws -> EntryBody {
    switch kind {
    case .scan: .scan(try scan())
    case .tests: .tests(try tests())
    case .measurements: .measurements(try measurements())
    case .commit:
      .commit(
        CommitRecord(
          commit: try commit(),
          parents: try many { try $0.commit() },
          authored: time(),
          committed: time(),
          author: try hash(),
          message: try hash()
        )
      )
    case .evidence: .evidence(try evidence())
    case .config:
      .config(
        ConfigRecord(
          project: text(),
          commit: try maybe { try $0.commit() },
          effective: time(),
          files: try keys().map { ConfigRecord.File(path: $0, text: try hash()) }
        )
      )
    case .waiver:
      .waiver(
        WaiverRecord(
          project: text(),
          sightings: Array(Set(try many { try $0.sighting() })).sorted {
            ($0.scan, $0.path, $0.ordinal) < ($1.scan, $1.path, $1.ordinal)
          },
          reason: try hash(),
          owner: text(),
          from: time(),
          until: time()
        )
      )
    case .attestation:
      .attestation(
        AttestationRecord(
          project: text(),
          criterion: text(),
          reason: try hash(),
          owner: text(),
          from: time(),
          until: time()
        )
      )
    case .reportIssued:
      .reportIssued(
        ReportIssuedRecord(
          project: text(),
          template: text(),
          campaign: text(),
          asOf: time(),
          journalSize: int(),
          context: try hash(),
          output: try hash()
        )
      )
    case .correction:
      .correction(
        CorrectionRecord(
          verdict: flag() ? .same : .different,
          first: try sighting(),
          second: try sighting(),
          reason: try hash()
        )
      )
    case .retraction: .retraction(RetractionRecord(target: try hash(), reason: try hash()))
    case .laneRename:
      .laneRename(LaneRenameRecord(from: lane(), to: lane(), reason: try hash()))
    case .redaction: .redaction(RedactionRecord(text: try hash(), reason: try hash()))
    case .merge:
      .merge(
        MergeRecord(size: int(), root: try hash(), leaves: try many { try $0.hash() })
      )
    case .confirmation:
      .confirmation(ConfirmationRecord(scan: try hash(), reason: try hash()))
    }
  }

  mutating func scan() throws -> ScanRecord {
    ScanRecord(
      lane: lane(),
      commit: try commit(),
      toolName: text(),
      toolVersion: maybe { $0.text() },
      configDigest: try maybe { try $0.hash() },
      rawDigest: try hash(),
      rawLength: int(),
      runIndex: int(),
      sequence: maybe { $0.signed() },
      ended: maybe { $0.time() },
      scope: texts(),
      succeeded: flag(),
      analysed: try maybe { try $0.hash() },
      notices: try many {
        ScanNotice(
          level: $0.level(),
          path: $0.maybe { path($0.text()) },
          rule: $0.maybe { $0.text() },
          message: try $0.hash()
        )
      },
      rules: try texts().map {
        RuleRecord(
          id: $0,
          name: maybe { $0.text() },
          defaultLevel: maybe { $0.level() },
          tags: texts(),
          deprecatedIDs: texts(),
          helpURI: maybe { $0.text() },
          summary: try maybe { try $0.hash() },
          securitySeverity: maybe { $0.text() }
        )
      },
      listsSilentRules: flag(),
      columnUnit: flag() ? .utf16CodeUnits : .unicodeCodePoints,
      claims: try hash(),
      findingCount: int(),
      skipped: skipped()
    )
  }

  mutating func tests() throws -> TestRunRecord {
    TestRunRecord(
      lane: lane(),
      commit: try commit(),
      rawDigest: try hash(),
      rawLength: int(),
      sequence: maybe { $0.signed() },
      started: maybe { $0.time() },
      durationMilliseconds: maybe { $0.int() },
      succeeded: flag(),
      cases: try keys().map {
        TestCaseResult(
          id: $0,
          outcome: TestOutcome.allCases[random.below(5)],
          message: try maybe { try $0.hash() },
          path: maybe { path($0.text()) }
        )
      },
      skipped: skipped()
    )
  }

  mutating func measurements() throws -> MeasurementRecord {
    MeasurementRecord(
      project: text(),
      branch: text(),
      commit: try commit(),
      measured: time(),
      samples: texts().map { MeasurementRecord.Sample(name: $0, value: text()) }
    )
  }

  mutating func files() throws -> [FileChange] {
    try keys().map { key in
      let blob = try maybe { try $0.blob() }
      let old = blob == nil ? nil : maybe { path($0.text()) }
      return FileChange(
        path: path(key),
        blob: blob,
        renamedFrom: old,
        similarity: old == nil ? 0 : random.below(101)
      )
    }
  }

  mutating func evidence() throws -> EvidenceRecord {
    switch random.below(8) {
    case 0: .manifest(commit: try commit(), manifest: try hash())
    case 1:
      .changes(
        commit: try commit(),
        parent: try maybe { try $0.commit() },
        files: try files()
      )
    case 2: .renames(from: try commit(), to: try commit(), files: try files())
    case 3: .capture(scan: try hash(), tree: try hash())
    case 4:
      .silences(
        commit: try commit(),
        texts: try many { try $0.silenced() }.sorted { $0.blob < $1.blob }
      )
    case 5: .recording(try recording())
    case 6: .toolConfiguration(try toolConfiguration())
    default:
      .maps(
        try many { try $0.map() }.sorted { ($0.old, $0.new) < ($1.old, $1.new) }
      )
    }
  }

  mutating func recording() throws -> RecordingRecord {
    RecordingRecord(
      entries: try many { try $0.hash() },
      recorded: time(),
      run: maybe {
        CIRun(series: $0.text(), id: $0.text(), order: $0.maybe { $0.int() }, attempt: $0.int())
      }
    )
  }

  private mutating func toolConfiguration() throws -> ToolConfigurationRecord {
    ToolConfigurationRecord(
      commit: try commit(),
      tool: text(),
      version: int(),
      files: try files().map { ToolConfigurationFile(path: $0.path, digest: try hash()) }
    )
  }

  mutating func comment() -> SuppressionComment {
    SuppressionComment(
      line: int(),
      firstLine: int(),
      lastLine: int(),
      marker: text(),
      rules: texts()
    )
  }

  mutating func silenced() throws -> SilencedText {
    let silences = [silence()] + many { $0.silence() }
    return SilencedText(
      blob: try blob(),
      lexerVersion: random.below(3),
      silences: silences.sorted { $0.comment.line < $1.comment.line }
    )
  }

  private mutating func silence() -> Silence {
    let tokens = many { UInt16(truncatingIfNeeded: $0.int(1 << 16)) }
    if tokens.isEmpty { return Silence(comment: comment()) }
    let first = random.below(tokens.count)
    return Silence(
      comment: comment(),
      tokens: tokens,
      first: first,
      count: 1 + random.below(tokens.count - first),
      asides: [Silence.Aside(start: first, count: tokens.count - first, isOwn: flag())]
    )
  }

  mutating func map() throws -> FileMap {
    FileMap(
      old: try blob(),
      new: try blob(),
      lexerVersion: random.below(3),
      hunks: many {
        LineHunk(
          oldStart: $0.int(),
          oldCount: $0.int(),
          newStart: $0.int(),
          newCount: $0.int()
        )
      }.sorted { $0.oldStart < $1.oldStart },
      anchors: many {
        TokenAnchor(
          oldLine: $0.int(),
          oldColumn: $0.int(),
          newLine: $0.maybe { $0.int() },
          newColumn: $0.int()
        )
      }.sorted { ($0.oldLine, $0.oldColumn) < ($1.oldLine, $1.oldColumn) },
      suppressions: many {
        $0.comment()
      }.sorted { $0.line < $1.line }
    )
  }

  mutating func finding() throws -> Finding {
    let start = 1 + random.below(5_000)
    return Finding(
      rule: text(),
      level: level(),
      region: try maybe {
        try SourceRegion(
          startLine: start,
          startColumn: $0.maybe { 1 + $0.random.below(300) },
          endLine: $0.maybe { start + $0.random.below(9) },
          endColumn: $0.maybe { 1 + $0.random.below(300) }
        )
      },
      message: try hash(),
      template: random.next(),
      fingerprints: keys().map {
        Fingerprint(key: $0, version: maybe { $0.int() }, value: text(), isFull: flag())
      },
      suppressions: try many(3) {
        Suppression(
          kind: $0.flag() ? .inSource : .external,
          status: $0.flag() ? .accepted : .rejected,
          justification: try $0.maybe { try $0.hash() }
        )
      },
      symbol: maybe { $0.text() },
      snippet: maybe { $0.random.next() }
    )
  }

  mutating func sheet() throws -> Sheet {
    var findings = try many(8) { try $0.finding() }
    if findings.isEmpty { findings = [try finding()] }
    findings.sort(by: Finding.precedes)
    let hasWindows = flag()
    var windows: [TokenWindow?] = []
    if hasWindows {
      for _ in findings {
        windows.append(
          maybe { records in
            TokenWindow(
              left: records.many(25) { UInt16($0.random.below(65_536)) },
              right: records.many(25) { UInt16($0.random.below(65_536)) },
              line: UInt32(records.random.below(1 << 32))
            )
          }
        )
      }
    }
    return Sheet(findings: findings, lexerVersion: hasWindows ? 1 : 0, windows: windows)
  }
}

private struct ExactKey: Hashable {
  let text: String

  static func == (lhs: Self, rhs: Self) -> Bool { lhs.text.utf8.elementsEqual(rhs.text.utf8) }

  func hash(into hasher: inout Hasher) { for byte in text.utf8 { hasher.combine(byte) } }
}
