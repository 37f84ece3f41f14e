import TallyLedger
import TallyModel
import Testing

/// What counts: retractions, lane renames, redactions, captures, and how much of the journal is read.
@Suite struct FactsTests {
  private func scan(_ number: Int, lane: LaneKey = Sample.lane) throws -> EntryDraft {
    try EntryDraft(
      .scan(
        try Sample.scan(
          lane: lane,
          commit: try Sample.commit(number),
          lines: [],
          count: 0,
          raw: number
        )
      )
    )
  }

  private func lane(_ branch: String) -> LaneKey {
    LaneKey(project: "shop", tool: "ruff", category: "", branch: branch)
  }

  @Test("a retracted entry does not count, until its retraction is retracted")
  func retraction() throws {
    let folder = try TemporaryFolder()
    let ledger = try Ledger.open(folder.file("ledger.db"), mode: .create)
    let scans = [try scan(1), try scan(2)]
    let first = try EntryDraft(
      .retraction(RetractionRecord(target: scans[0].id, reason: try Sample.id(1)))
    )
    let second = try EntryDraft(
      .retraction(RetractionRecord(target: first.id, reason: try Sample.id(1)))
    )
    try ledger.write { (tx: WriteTransaction) throws in
      // A retraction may come before what it retracts.
      _ = try tx.append([first, scans[1]], receipt: Sample.receipt)
      #expect(try tx.retracted() == [])
      _ = try tx.append([scans[0]], receipt: Sample.receipt)
      #expect(try tx.retracted() == [scans[0].id])
      #expect(try tx.scans(of: Sample.lane).map(\.id) == [scans[1].id])
      #expect(try tx.scan(scans[0].id) == nil)
      #expect(try tx.entry(scans[0].id) != nil)
      _ = try tx.append([second], receipt: Sample.receipt)
      #expect(try tx.scans(of: Sample.lane).map(\.id).sorted() == scans.map(\.id).sorted())
      #expect(try tx.retracted() == [first.id])
    }
    try ledger.read(knownAt: 3) { (reader: LedgerReader) throws in
      #expect(try reader.retracted() == [scans[0].id])
      #expect(try reader.scans(of: Sample.lane).map(\.id) == [scans[1].id])
    }
    try ledger.read(knownAt: 2) { (reader: LedgerReader) throws in
      #expect(try reader.scans(of: Sample.lane).map(\.id) == [scans[1].id])
      #expect(try reader.entry(scans[0].id) == nil)
      #expect(try reader.entryHeads().count == 2)
    }
  }

  @Test("of records of a tool's configuration the newest version counts, for its commit alone")
  func toolConfiguration() throws {
    let folder = try TemporaryFolder()
    let ledger = try Ledger.open(folder.file("ledger.db"), mode: .create)
    func record(_ commit: Int, _ tool: String, _ version: Int) throws -> ToolConfigurationRecord {
      let file = ToolConfigurationFile(
        path: RepoPath(normalized: "pyproject.toml"),
        digest: try Sample.id(version)
      )
      return ToolConfigurationRecord(
        commit: try Sample.commit(commit),
        tool: tool,
        version: version,
        files: [file]
      )
    }
    let records = [
      try record(1, "ruff", 2), try record(1, "ruff", 3), try record(1, "ruff", 1),
      try record(1, "mypy", 1), try record(2, "ruff", 1),
    ]
    try ledger.write { (tx: WriteTransaction) throws in
      for record in records {
        let draft = try EntryDraft(.evidence(.toolConfiguration(record)))
        _ = try tx.append([draft], receipt: Sample.receipt)
      }
    }
    try ledger.read { (reader: LedgerReader) throws in
      let commits = try (1...3).map { try Sample.commit($0) }
      #expect(try reader.toolConfiguration(of: "ruff", at: commits[0]) == records[1])
      #expect(try reader.toolConfiguration(of: "mypy", at: commits[0]) == records[3])
      #expect(try reader.toolConfiguration(of: "ruff", at: commits[1]) == records[4])
      #expect(try reader.toolConfiguration(of: "mypy", at: commits[1]) == nil)
      #expect(try reader.toolConfiguration(of: "ruff", at: commits[2]) == nil)
    }
  }

  @Test("scans of a renamed lane belong to the other, along chains and around circles")
  func laneRenames() throws {
    let folder = try TemporaryFolder()
    let ledger = try Ledger.open(folder.file("ledger.db"), mode: .create)
    func rename(_ from: String, _ to: String) throws -> EntryDraft {
      try EntryDraft(
        .laneRename(LaneRenameRecord(from: lane(from), to: lane(to), reason: try Sample.id(1)))
      )
    }
    try ledger.write { (tx: WriteTransaction) throws in
      let drafts = [
        try scan(1, lane: lane("master")), try scan(2, lane: lane("main")),
        try scan(3, lane: lane("x")),
      ]
      _ = try tx.append(drafts, receipt: Sample.receipt)
      #expect(try tx.lanes() == [lane("main"), lane("master"), lane("x")])
      _ = try tx.append([try rename("master", "main")], receipt: Sample.receipt)
      #expect(try tx.lanes() == [lane("main"), lane("x")])
      let facts = try tx.scans(of: lane("main"))
      #expect(facts.count == 2)
      #expect(facts.allSatisfy { $0.record.lane == lane("main") })
      #expect(try tx.scans(of: lane("master")).isEmpty)
      _ = try tx.append([try rename("main", "x")], receipt: Sample.receipt)
      #expect(try tx.lanes() == [lane("x")])
      #expect(try tx.scans(of: lane("x")).count == 3)
      _ = try tx.append([try rename("x", "master")], receipt: Sample.receipt)
      let around = try tx.lanes()
      #expect(around.count == 1)
      #expect(try tx.scans(of: around[0]).count == 3)
    }
  }

  @Test("a redacted text is gone, and cannot be saved again")
  func redaction() throws {
    let folder = try TemporaryFolder()
    let ledger = try Ledger.open(folder.file("ledger.db"), mode: .create)
    let secret = "password hunter2 found"
    let id = try ledger.write { (tx: WriteTransaction) throws in
      let id = try tx.saveText(secret)
      #expect(try tx.text(id) == secret)
      _ = try tx.append(
        [.redaction(RedactionRecord(text: id, reason: try tx.saveText("a secret")))],
        receipt: Sample.receipt
      )
      #expect(try tx.text(id) == nil)
      return id
    }
    try ledger.write { _ = try $0.saveText(secret) }
    #expect(try ledger.read { try $0.text(id) } == nil)
    #expect(try ledger.verifyBasic() == [])
    let bytes = try folder.bytes("ledger.db")
    #expect(bytes.firstRange(of: Array("hunter2".utf8)) == nil)
  }

  @Test("texts keep every byte", arguments: ["", "a\u{0}b", "e\u{301}", "é", "\u{FEFF}x", "🧮\n"])
  func texts(_ text: String) throws {
    let folder = try TemporaryFolder()
    let ledger = try Ledger.open(folder.file("ledger.db"), mode: .create)
    let id = try ledger.write { try $0.saveText(text) }
    let found = try #require(try ledger.read { try $0.text(id) })
    #expect(Array(found.utf8) == Array(text.utf8))
    #expect(try ledger.verifyBasic() == [])
  }

  @Test("of two captures the one with more windows counts, whichever came first")
  func bestCapture() throws {
    for isReversed in [false, true] {
      let folder = try TemporaryFolder()
      let ledger = try Ledger.open(folder.file("ledger.db"), mode: .create)
      let commit = try Sample.commit(1)
      let sheets = [
        try Sample.sheet(lines: [1, 2], windows: false), try Sample.sheet(lines: [1, 2]),
      ]
      let drafts = try sheets.map { try SheetDraft(path: path("a.py"), sheet: $0) }
      let scan = try EntryDraft(
        .scan(
          try Sample.scan(
            commit: commit,
            lines: [(path("a.py"), drafts[0].claim)],
            count: 2,
            raw: 1
          )
        )
      )
      try ledger.write { (tx: WriteTransaction) throws in
        _ = try tx.append([scan], receipt: Sample.receipt)
        for draft in isReversed ? drafts.reversed() : drafts {
          let tree = try tx.saveCapture(in: Sample.lane, commit: commit, lines: [.sheet(draft)])
          _ = try tx.append(
            [.evidence(.capture(scan: scan.id, tree: tree))],
            receipt: Sample.receipt
          )
        }
        #expect(try tx.tree(of: scan.id).lines.map(\.sheet) == [drafts[1].id])
      }
    }
  }

  @Test("a scan without findings has an empty tree, one without its capture none")
  func emptyTree() throws {
    let folder = try TemporaryFolder()
    let ledger = try Ledger.open(folder.file("ledger.db"), mode: .create)
    let empty = try scan(1)
    let full = try EntryDraft(
      .scan(try Sample.scan(commit: try Sample.commit(2), lines: [], count: 3, raw: 2))
    )
    try ledger.write { _ = try $0.append([empty, full], receipt: Sample.receipt) }
    #expect(try ledger.read { try $0.tree(of: empty.id) } == Tree(lines: []))
    #expect(throws: LedgerError.self) { try ledger.read { try $0.tree(of: full.id) } }
  }

  @Test("the state digest is that of the set of claims")
  func stateDigest() throws {
    var random = Random(seed: 1)
    var digests: Set<RawDigest> = []
    let claims = try (1...6).map { try scan($0) }
    for round in 0..<4 {
      let folder = try TemporaryFolder()
      let ledger = try Ledger.open(folder.file("ledger.db"), mode: .create)
      let evidence = EntryBody.evidence(
        .changes(commit: try Sample.commit(round), parent: nil, files: [])
      )
      try ledger.write { (tx: WriteTransaction) throws in
        if round % 2 == 0 { _ = try tx.append([evidence], receipt: Sample.receipt) }
        for draft in claims.shuffled(using: &random) + [claims[0]] {
          _ = try tx.append([draft], receipt: Sample.receipt)
        }
        digests.insert(try tx.stateDigest())
      }
    }
    #expect(digests.count == 1)
  }

  @Test("unknown entries are counted")
  func unknown() throws {
    let folder = try TemporaryFolder()
    let ledger = try Ledger.open(folder.file("ledger.db"), mode: .create)
    try ledger.write { (tx: WriteTransaction) throws in
      #expect(try tx.unknownEntryCount() == 0)
      _ = try tx.append(
        [
          .unknown(kind: 99, version: 1, bytes: [1]), .unknown(kind: 1, version: 3, bytes: [2]),
          .unknown(kind: 1, version: 1, bytes: [3]), .unknown(kind: 5, version: 2, bytes: [4]),
          .unknown(kind: 200, version: 1, bytes: [5]),
        ],
        receipt: Sample.receipt
      )
      #expect(try tx.unknownEntryCount() == 4)
      #expect(try tx.scans(of: Sample.lane).isEmpty)
    }
    #expect(try ledger.verifyBasic() == [])
  }

  @Test("whatever this tally writes, it understands")
  func known() throws {
    let folder = try TemporaryFolder()
    let ledger = try Ledger.open(folder.file("ledger.db"), mode: .create)
    try ledger.write { (tx: WriteTransaction) throws in
      var kinds: Set<EntryKind> = []
      for (_, body) in try Vectors.bodies() {
        _ = try tx.append([body], receipt: Sample.receipt)
        if let kind = body.kind { kinds.insert(kind) }
      }
      #expect(kinds == Set(EntryKind.allCases))
      #expect(try tx.unknownEntryCount() == 0)
    }
  }

  @Test("entries and commits are found by the beginning of their names")
  func prefixes() throws {
    let folder = try TemporaryFolder()
    let ledger = try Ledger.open(folder.file("ledger.db"), mode: .create)
    let draft = try scan(1)
    let commit = try Sample.commit(1)
    try ledger.write { _ = try $0.append([draft], receipt: Sample.receipt) }
    try ledger.write { (tx: WriteTransaction) throws in
      _ = try tx.append(
        [
          .commit(
            CommitRecord(
              commit: commit,
              parents: [],
              authored: Timestamp(seconds: 5),
              committed: Timestamp(seconds: 6),
              author: try tx.saveText("Ada"),
              message: try tx.saveText("Move #226 on")
            )
          )
        ],
        receipt: Sample.receipt
      )
    }
    try ledger.read { (reader: LedgerReader) throws in
      for count in [1, 4, 7, 8, 9, 40, 64] {
        let prefix = String(draft.id.description.prefix(count))
        let found = try reader.resolveEntry(prefix: prefix.uppercased())
        #expect(found.contains(draft.id), "\(count)")
      }
      for count in [1, 4, 7, 39, 40] {
        let found = try reader.commits(byPrefix: String(commit.description.prefix(count)))
        #expect(found == [commit], "\(count)")
      }
      #expect(try reader.commits(byPrefix: "xyz").isEmpty)
      #expect(try reader.resolveEntry(prefix: "").isEmpty)
      let mentioning = try reader.commits(
        mentioning: ["#226"],
        after: nil,
        upTo: Timestamp(seconds: 6)
      )
      #expect(mentioning == [commit])
      let later = try reader.commits(
        mentioning: ["#226"],
        after: Timestamp(seconds: 6),
        upTo: Timestamp(seconds: 9)
      )
      #expect(later.isEmpty)
    }
  }
}
