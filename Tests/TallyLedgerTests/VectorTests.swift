import Foundation
import TallyModel
import Testing

@testable import TallyLedger

/// The vectors at the end of `docs/format.md`.
///
/// Method: small values of every kind, encoded and written as hexadecimal digits; the document has to hold exactly these. A difference
/// means that ids of existing ledgers change.
@Suite struct VectorTests {
  struct Vector {
    let name: String
    let bytes: [UInt8]
    let id: String
  }

  static let heading = "# Test vectors\n"

  @Test("the documented vectors are what the encoder makes")
  func documented() throws {
    let vectors = try Vectors.all().map { "\($0.name) \($0.id)\n\(Hex.encode($0.bytes))\n" }
    let block = "```vectors\n" + vectors.joined() + "```\n"
    let document = try ProjectFiles.text("docs/format.md")
    guard let start = document.range(of: "```vectors\n")?.lowerBound else {
      if ProjectFiles.updatesGoldens {
        try ProjectFiles.write(document + block, to: "docs/format.md")
      }
      Issue.record("docs/format.md has no vectors")
      return
    }
    if document[start...] == block { return }
    if ProjectFiles.updatesGoldens {
      try ProjectFiles.write(document[..<start] + block, to: "docs/format.md")
    }
    Issue.record("docs/format.md has other vectors than the encoder makes")
  }

  @Test("the documented bytes decode to what they were made of")
  func decoded() throws {
    for (name, body) in try Vectors.bodies() {
      let bytes = try EntryEncoding.encode(body)
      #expect(try EntryEncoding.decode(bytes) == body, "\(name)")
    }
    let sheet = try Vectors.sheet()
    #expect(try SheetEncoding.decode(try SheetEncoding.encode(sheet)) == sheet)
    let tree = try Vectors.tree()
    #expect(try Tree(encoded: try tree.encoded()) == tree)
    let manifest = try Vectors.manifest()
    #expect(try Manifest(encoded: try manifest.encoded()) == manifest)
  }

  @Test("every kind has a vector")
  func complete() throws {
    let kinds = Set(try Vectors.bodies().compactMap { $0.1.kind })
    #expect(kinds == Set(EntryKind.allCases))
  }
}

/// The values of the vectors.
enum Vectors {
  static func all() throws -> [VectorTests.Vector] {
    var result: [VectorTests.Vector] = []
    func add(_ name: String, _ bytes: [UInt8]) {
      result.append(
        VectorTests.Vector(name: name, bytes: bytes, id: RawDigest(hashing: bytes).description)
      )
    }
    add("text", Array("`redis.Redis` is banned".utf8))
    for (name, body) in try bodies() { add(name, try EntryEncoding.encode(body)) }
    let sheet = try sheet()
    add("claim", try SheetEncoding.encodeClaim(sheet.findings))
    add("sheet", try SheetEncoding.encode(sheet))
    add("tree", try tree().encoded())
    add("manifest", try manifest().encoded())
    let leaf = try StoredFormat.leaf(try Sample.id(1), Sample.receipt)
    result.append(
      VectorTests.Vector(name: "leaf", bytes: leaf, id: MerkleTree.leaf(leaf).description)
    )
    var writer = ByteWriter()
    writer.begin("tally.violation")
    try sighting().encode(to: &writer)
    result.append(
      VectorTests.Vector(
        name: "violation",
        bytes: writer.bytes,
        id: Hex.encode(Mint().mint(try sighting()).bytes)
      )
    )
    let packed = try bundle()
    add(
      "bundle",
      EntryBundle.hashed(try EntryBundle.plain(packed.bytes, source: "the vector"))
    )
    return result
  }

  /// A bundle behind one entry of its log: a capture and a waiver, two sheets of which one is like the other, and their tree.
  static func bundle() throws -> PackedBundle {
    var builder = BundleBuilder(start: LogEnd.empty.adding([try Sample.id(7)]))
    builder.add(text: "moves with the new cache")
    builder.add(text: "`redis.Redis` is banned")
    let sheets = try [[4, 20], [4, 22]].map { lines in
      try SheetEncoding.encode(try Sample.sheet(lines: lines))
    }
    let ids = sheets.map { SheetID(hashing: $0) }
    builder.add(object: sheets[0], .sheet, id: ids[0].bytes, like: nil)
    let model = BundleBuilder.Model(id: ids[0].bytes, bytes: sheets[0])
    builder.add(object: sheets[1], .sheet, id: ids[1].bytes, like: model)
    let tree = try Tree(
      lines: [
        Tree.Line(path: path("a.py"), sheet: ids[0]), Tree.Line(path: path("b.py"), sheet: ids[1]),
      ]
    ).encoded()
    let treeID = TreeID(hashing: tree)
    builder.add(object: tree, .tree, id: treeID.bytes, like: nil)
    let capture = EvidenceRecord.capture(scan: try Sample.id(1), tree: treeID)
    try builder.add(try EntryDraft(.evidence(capture)), Sample.receipt, like: nil)
    let waiver = WaiverRecord(
      project: "shop",
      sightings: [try sighting()],
      reason: StoredFormat.textID("moves with the new cache"),
      owner: "grace",
      from: Timestamp(seconds: 1_790_000_000),
      until: Timestamp(seconds: 1_800_000_000)
    )
    try builder.add(try EntryDraft(.waiver(waiver)), Sample.receipt, like: nil)
    return try builder.pack(source: "the vector")
  }

  static func sighting() throws -> Sighting {
    Sighting(scan: try Sample.id(1), path: path("backend/cache.py"), ordinal: 2)
  }

  static func sheet() throws -> Sheet {
    var findings = [
      Finding(
        rule: "INP001",
        level: .warning,
        region: nil,
        message: try Sample.id(2),
        template: 0x0102_0304_0506_0708
      ),
      try Sample.finding(line: 12),
      Finding(
        rule: "S105",
        level: .note,
        region: try SourceRegion(startLine: 300, endLine: 302),
        message: try Sample.id(3),
        template: 1,
        fingerprints: [
          Fingerprint(
            key: "primaryLocationLineHash",
            version: 1,
            value: "39fa2ee980eb94b0:1",
            isFull: false
          )
        ],
        suppressions: [
          Suppression(kind: .inSource, status: .accepted, justification: try Sample.id(4))
        ],
        symbol: "cache.Cache.get",
        snippet: 2
      ),
    ]
    findings.sort(by: Finding.precedes)
    return Sheet(
      findings: findings,
      lexerVersion: 1,
      windows: [
        nil,
        TokenWindow(left: [1, 0xfffe], right: [0x1234], line: 0xdead_beef),
        TokenWindow(left: [], right: [], line: 0),
      ]
    )
  }

  static func tree() throws -> Tree {
    Tree(lines: [
      Tree.Line(path: path("backend/cache.py"), sheet: try Sample.id(5)),
      Tree.Line(path: path("backend/naïve.py"), sheet: try Sample.id(6)),
    ])
  }

  static func manifest() throws -> Manifest {
    Manifest(lines: [
      Manifest.Line(path: path("README.md"), blob: try Sample.blob(1)),
      Manifest.Line(path: path("backend/cache.py"), blob: try Sample.blob(2)),
    ])
  }

  static func bodies() throws -> [(String, EntryBody)] {
    try recorded() + promised()
  }

  private static func recorded() throws -> [(String, EntryBody)] {
    let time = Timestamp(seconds: 1_790_000_000)
    let files = [
      FileChange(path: path("a.py"), blob: nil, renamedFrom: nil, similarity: 0),
      FileChange(
        path: path("b.py"),
        blob: try Sample.blob(3),
        renamedFrom: path("old.py"),
        similarity: 97
      ),
    ]
    return [
      ("scan", .scan(try scan())),
      (
        "tests",
        .tests(
          TestRunRecord(
            lane: LaneKey(project: "shop", tool: "pytest", category: "unit", branch: "main"),
            commit: try Sample.commit(1),
            rawDigest: try Sample.id(1),
            rawLength: 4321,
            sequence: nil,
            started: time,
            durationMilliseconds: 1520,
            succeeded: true,
            cases: [
              TestCaseResult(
                id: "tests/test_cache.py::test_get",
                outcome: .failed,
                message: try Sample.id(2),
                path: path("tests/test_cache.py")
              ),
              TestCaseResult(
                id: "tests/test_cache.py::test_set",
                outcome: .passed,
                message: nil,
                path: nil
              ),
            ],
            skipped: []
          )
        )
      ),
      (
        "measurements",
        .measurements(
          MeasurementRecord(
            project: "shop",
            branch: "main",
            commit: try Sample.commit(1),
            measured: time,
            samples: [
              MeasurementRecord.Sample(name: "latency_ms_p95", value: "0.85"),
              MeasurementRecord.Sample(name: "rss_mb", value: "412"),
            ]
          )
        )
      ),
      (
        "commit",
        .commit(
          CommitRecord(
            commit: try Sample.commit(1),
            parents: [try Sample.commit(2), try Sample.commit(3)],
            authored: Timestamp(seconds: -1),
            committed: time,
            author: try Sample.id(1),
            message: try Sample.id(2)
          )
        )
      ),
      (
        "evidence-manifest",
        .evidence(.manifest(commit: try Sample.commit(1), manifest: try Sample.id(1)))
      ),
      (
        "evidence-changes",
        .evidence(
          .changes(commit: try Sample.commit(1), parent: try Sample.commit(2), files: files)
        )
      ),
      (
        "evidence-renames",
        .evidence(
          .renames(from: try Sample.commit(2), to: try Sample.commit(1), files: [files[1]])
        )
      ),
      (
        "evidence-capture",
        .evidence(.capture(scan: try Sample.id(1), tree: try Sample.id(2)))
      ),
      ("evidence-maps", .evidence(.maps([try map()]))),
      (
        "evidence-silences",
        .evidence(.silences(commit: try Sample.commit(1), texts: [try silenced()]))
      ),
      (
        "evidence-recording",
        .evidence(
          .recording(
            RecordingRecord(
              entries: [try Sample.id(1), try Sample.id(2)],
              recorded: Timestamp(seconds: 1_790_000_000),
              run: CIRun(series: "github-actions/CI", id: "8123456789", order: 412, attempt: 2)
            )
          )
        )
      ),
      ("evidence-tool-configuration", .evidence(.toolConfiguration(try toolConfiguration()))),
    ]
  }

  private static func toolConfiguration() throws -> ToolConfigurationRecord {
    ToolConfigurationRecord(
      commit: try Sample.commit(1),
      tool: "ruff",
      version: 1,
      files: [
        ToolConfigurationFile(path: path("backend/ruff.toml"), digest: try Sample.id(1)),
        ToolConfigurationFile(path: path("pyproject.toml"), digest: try Sample.id(2)),
      ]
    )
  }

  private static func scan() throws -> ScanRecord {
    ScanRecord(
      lane: Sample.lane,
      commit: try Sample.commit(1),
      toolName: "Ruff",
      toolVersion: "0.6.9",
      configDigest: try Sample.id(1),
      rawDigest: try Sample.id(2),
      rawLength: 40_321,
      runIndex: 0,
      sequence: -3,
      ended: Timestamp(seconds: 1_790_000_000),
      scope: ["backend/**", "tests/**"],
      succeeded: false,
      analysed: try Sample.id(8),
      notices: [
        ScanNotice(level: .error, path: path("backend/broken.py"), message: try Sample.id(3)),
        ScanNotice(level: .warning, path: nil, rule: "S105", message: try Sample.id(4)),
      ],
      rules: [
        RuleRecord(id: "S105"),
        RuleRecord(
          id: "TID251",
          name: "banned-api",
          defaultLevel: .error,
          tags: ["imports", "style"],
          deprecatedIDs: ["I251"],
          helpURI: "https://docs.astral.sh/ruff/rules/banned-api",
          summary: try Sample.id(5),
          securitySeverity: "7.5"
        ),
      ],
      listsSilentRules: true,
      columnUnit: .unicodeCodePoints,
      claims: try Sample.id(6),
      findingCount: 43,
      skipped: [SkippedCount(reason: "no-location", count: 2)]
    )
  }

  private static func map() throws -> FileMap {
    FileMap(
      old: try Sample.blob(1),
      new: try Sample.blob(2),
      lexerVersion: 1,
      hunks: [LineHunk(oldStart: 3, oldCount: 1, newStart: 3, newCount: 200)],
      anchors: [
        TokenAnchor(oldLine: 3, oldColumn: 9, newLine: 4, newColumn: 9),
        TokenAnchor(oldLine: 3, oldColumn: 30, newLine: nil, newColumn: 0),
      ],
      suppressions: [
        SuppressionComment(
          line: 4,
          firstLine: 4,
          lastLine: 4,
          marker: "noqa",
          rules: ["TID251"]
        )
      ]
    )
  }

  private static func silenced() throws -> SilencedText {
    SilencedText(
      blob: try Sample.blob(2),
      lexerVersion: 1,
      silences: [
        Silence(
          comment: SuppressionComment(
            line: 1,
            firstLine: 1,
            lastLine: Int(Int32.max),
            marker: "ruff: noqa",
            rules: []
          )
        ),
        Silence(
          comment: SuppressionComment(
            line: 4,
            firstLine: 4,
            lastLine: 4,
            marker: "noqa",
            rules: ["TID251"]
          ),
          tokens: [0x0102, 0x0304, 0x0506, 0xfffe],
          first: 1,
          count: 2,
          asides: [Silence.Aside(start: 2, count: 1, isOwn: true)]
        ),
      ]
    )
  }

  private static func promised() throws -> [(String, EntryBody)] {
    let from = Timestamp(seconds: 1_790_000_000)
    let until = Timestamp(seconds: 1_800_000_000)
    let reason: TextID = try Sample.id(9)
    return [
      (
        "config",
        .config(
          ConfigRecord(
            project: "shop",
            commit: try Sample.commit(1),
            effective: from,
            files: [ConfigRecord.File(path: "tally.yml", text: try Sample.id(1))]
          )
        )
      ),
      (
        "waiver",
        .waiver(
          WaiverRecord(
            project: "shop",
            sightings: [try sighting()],
            reason: reason,
            owner: "Grace",
            from: from,
            until: until
          )
        )
      ),
      (
        "attestation",
        .attestation(
          AttestationRecord(
            project: "shop",
            criterion: "load-test",
            reason: reason,
            owner: "Grace",
            from: from,
            until: until
          )
        )
      ),
      (
        "report-issued",
        .reportIssued(
          ReportIssuedRecord(
            project: "shop",
            template: "status-update",
            campaign: "226",
            asOf: from,
            journalSize: 41,
            context: try Sample.id(1),
            output: try Sample.id(2)
          )
        )
      ),
      (
        "correction",
        .correction(
          CorrectionRecord(
            verdict: .different,
            first: try sighting(),
            second: Sighting(scan: try Sample.id(2), path: path("b.py"), ordinal: 0),
            reason: reason
          )
        )
      ),
      (
        "confirmation",
        .confirmation(ConfirmationRecord(scan: try Sample.id(1), reason: reason))
      ),
      ("retraction", .retraction(RetractionRecord(target: try Sample.id(1), reason: reason))),
      (
        "lane-rename",
        .laneRename(
          LaneRenameRecord(
            from: Sample.lane,
            to: LaneKey(project: "shop", tool: "ruff", category: "lint", branch: "main"),
            reason: reason
          )
        )
      ),
      ("redaction", .redaction(RedactionRecord(text: try Sample.id(1), reason: reason))),
      (
        "merge",
        .merge(
          MergeRecord(
            size: 2,
            root: try Sample.id(1),
            leaves: [try Sample.id(2), try Sample.id(3)]
          )
        )
      ),
    ]
  }
}
