import Foundation
import TallyBooks
import TallyLedger
import TallyModel
import TallyTracking
import Testing

@testable import TallyGit
@testable import TallyKit

/// One invented history on its way into a real ledger, with the real lexer, maps and matcher.
struct LedgerSimulation {
  static let lane = LaneKey(project: "sim", tool: "ruff", category: "", branch: "main")

  let history: SimHistory
  private let facts: MemoryFacts
  private let scanOf: [EntryID: SimScan]

  init(seed: UInt64) {
    history = SimHistory(seed: seed, options: .decidable)
    var writer = SimFactWriter(lane: Self.lane, plantsIdentity: false)
    writer.capture = { text, findings in
      TextCapture.windows(
        text: Array(text.utf8),
        findings: findings,
        columnUnit: .unicodeCodePoints
      )
    }
    writer.mapper = { old, new, pair, places in
      FileMapper.map(
        old: Array(old.utf8),
        new: Array(new.utf8),
        oldBlob: pair.old,
        newBlob: pair.new,
        positions: places,
        columnUnit: .unicodeCodePoints
      )
    }
    writer.write(history.commits)
    for scan in history.scans {
      writer.write(scan, of: history.commits, sequence: scan.index + 1)
    }
    facts = writer.facts
    scanOf = Dictionary(
      zip(writer.facts.scanFacts.map(\.id), history.scans),
      uniquingKeysWith: { first, _ in first }
    )
  }

  // MARK: Arrival

  /// How much of the repository an ingest sees.
  enum Clone {
    case none, shallow, full
  }

  /// Lets the scans arrive in an order, some of them without git, from a clone of depth 1, or twice; at the end all evidence is there.
  ///
  /// Now and then the books so far are compared with books made anew.
  ///
  /// Each word comes before one of the scans or behind all.
  func arrive(
    _ order: [Int],
    at path: String,
    words: [CorrectionRecord] = [],
    random: inout SplitMix64
  ) throws -> Ledger {
    let ledger = try Ledger.open(path, mode: .create)
    var waiting: [Int: [CorrectionRecord]] = [:]
    for word in words { waiting[random.below(order.count + 1), default: []].append(word) }
    for (arrival, index) in order.enumerated() {
      for word in waiting[arrival] ?? [] { try record(word, in: ledger) }
      let clone: Clone = random.chance(20) ? .none : random.chance(20) ? .shallow : .full
      try bring(index, into: ledger, arrival: arrival, clone)
      if random.chance(10) { try bring(index, into: ledger, arrival: arrival, clone) }
      if random.chance(15) { try check(ledger, "seed \(history.seed), arrival \(arrival)") }
    }
    for word in waiting[order.count] ?? [] { try record(word, in: ledger) }
    for index in order { try bring(index, into: ledger, arrival: 10_000, .full) }
    return ledger
  }

  /// Lets the scans arrive in an order, each from a clone of depth 1 of its commit: no two texts of a file are ever at hand together.
  func arriveShallow(_ order: [Int], at path: String) throws -> Ledger {
    let ledger = try Ledger.open(path, mode: .create)
    for (arrival, index) in order.enumerated() {
      try bring(index, into: ledger, arrival: arrival, .shallow)
    }
    try check(ledger, "seed \(history.seed)")
    return ledger
  }

  /// Records a correction as `tally split` and `tally join` do.
  func record(_ word: CorrectionRecord, in ledger: Ledger) throws {
    try ledger.write { transaction in
      _ = try transaction.saveText("seen")
      _ = try Recorder(transaction: transaction, receipt: Self.receipt(20_000), evidence: nil)
        .record(.correction(word), importer: "join/1", sentence: "")
      try BooksKeeper(transaction: transaction).derive(Self.lane)
    }
  }

  /// Corrections of rows that are drawn by lot: people can be wrong, and the books have to stand it.
  func words(_ count: Int, _ reader: LedgerReader, _ random: inout SplitMix64) throws
    -> [CorrectionRecord]
  {
    let scans = try reader.scans(of: Self.lane)
    func sighting() throws -> Sighting? {
      guard let scan = random.pick(scans),
        let line = random.pick(try reader.tree(of: scan.id).lines)
      else { return nil }
      let rows = try reader.sheet(line.sheet).findings.count
      return Sighting(scan: scan.id, path: line.path, ordinal: random.below(max(1, rows)))
    }
    var result: [CorrectionRecord] = []
    for _ in 0..<count {
      guard let first = try sighting(), let second = try sighting() else { continue }
      result.append(
        CorrectionRecord(
          verdict: random.chance(50) ? .same : .different,
          first: first,
          second: second,
          reason: StoredFormat.textID("seen")
        )
      )
    }
    return result
  }

  private static func receipt(_ arrival: Int) -> (String) -> Receipt {
    { importer in
      Receipt(
        arrived: Timestamp(seconds: 1_900_000_000 + Int64(arrival)),
        actor: "sim",
        runURL: nil,
        importer: importer
      )
    }
  }

  private func check(_ ledger: Ledger, _ place: String) throws {
    let differences = try ledger.read { try BooksComparison(reader: $0).differences() }
    try #require(differences.isEmpty, "\(place): \(differences)")
  }

  /// One ingest: what git says, the scan, its sheets; posted as `tally ingest` does.
  private func bring(_ index: Int, into ledger: Ledger, arrival: Int, _ clone: Clone) throws {
    let hasGit = clone != .none
    let scan = facts.scanFacts[index]
    try ledger.write { transaction in
      try transaction.saveTexts(Self.texts + (analysed(index).map { [$0] } ?? []))
      let lines = facts.tree(of: scan.id).lines.map { line in
        SheetDraftLine(path: line.path, sheet: Self.real(facts.sheet(line.sheet), windows: hasGit))
      }
      var run = PendingRun(
        source: "scan \(index)",
        importer: "sarif/1",
        body: .scan(try record(scan.record, lines: lines, analysed: analysed(index))),
        lane: Self.lane,
        columnUnit: .unicodeCodePoints,
        rows: [:],
        claims: [:],
        secretLines: [:],
        skipped: [],
        adjusted: [],
        ignored: [],
        unknown: []
      )
      run.sheets = try lines.map { .sheet(try SheetDraft(path: $0.path, sheet: $0.sheet)) }
      run.maps = clone == .full ? facts.maps.values.sorted { Self.pair($0) < Self.pair($1) } : []
      var recorder = Recorder(
        transaction: transaction,
        receipt: Self.receipt(arrival),
        evidence: try evidence(for: scan.record.commit, clone)
      )
      recorder.recorded = scan.recordings.first.map { ($0.recorded, $0.run) }
      _ = try recorder.record([run])
    }
  }

  /// The files that the report of a scan lists as analysed, a line each.
  private func analysed(_ index: Int) -> String? {
    history.scans[index].analysed?.joined(separator: "\n")
  }

  private struct SheetDraftLine {
    let path: RepoPath
    let sheet: Sheet
  }

  private static func pair(_ map: FileMap) -> BlobPair { BlobPair(old: map.old, new: map.new) }

  /// The commits up to a scanned one, with what each changed; of a shallow clone the commit alone with its files.
  private func evidence(for commit: CommitID, _ clone: Clone) throws -> CommitEvidence {
    var evidence = CommitEvidence(commit: commit)
    guard clone != .none, let tree = GitTreeID(hex: String(repeating: "0", count: 40)),
      let end = history.commits.firstIndex(where: { $0.id == commit })
    else {
      return evidence
    }
    let first = clone == .full ? 0 : end
    if clone == .shallow {
      let files = (facts.files[commit] ?? [:]).sorted { $0.key < $1.key }
      evidence.snapshot = Manifest(lines: files.map { Manifest.Line(path: $0.key, blob: $0.value) })
      evidence.silences = silences(of: files, history.commits[end])
    }
    for known in history.commits[first...end] {
      evidence.commits.append(
        RawCommit(
          id: known.id,
          tree: tree,
          parents: known.parent.map { [$0] } ?? [],
          authored: known.time,
          committed: known.time,
          author: "Ada <ada@example.com>",
          message: "a commit"
        )
      )
      if clone == .full { evidence.changes.append(changes(of: known)) }
    }
    return evidence
  }

  /// What a clone without the texts before says of the comments in the files of its commit.
  private func silences(
    of files: [(key: RepoPath, value: BlobID)],
    _ commit: SimCommit
  ) -> [SilencedText] {
    var found: [BlobID: SilencedText] = [:]
    for (path, blob) in files {
      found[blob] = SilenceScanner.scan(Array(commit.text(path.text).utf8), blob: blob)
    }
    return found.values.sorted { $0.blob < $1.blob }
  }

  private func changes(of commit: SimCommit) -> CommitChanges {
    let before = commit.parent.flatMap { facts.files[$0] } ?? [:]
    let after = facts.files[commit.id] ?? [:]
    let renames = Dictionary(
      (facts.renames[commit.id] ?? []).map { ($0.to, $0.from) },
      uniquingKeysWith: { first, _ in first }
    )
    var files: [FileChange] = []
    for path in Set(before.keys).union(after.keys).sorted() where before[path] != after[path] {
      let origin = renames[path]
      if after[path] == nil, renames.values.contains(path) { continue }
      files.append(
        FileChange(
          path: path,
          blob: after[path],
          renamedFrom: origin,
          similarity: origin == nil ? 0 : 90
        )
      )
    }
    return CommitChanges(
      commit: commit.id,
      parent: commit.parent,
      files: files,
      lossyPathCount: 0
    )
  }

  // MARK: Texts

  private static var texts: [String] {
    ["Ada <ada@example.com>", "a commit", "cannot read"] + SimHistory.rules.map(message)
      + [message("invalid-syntax")]
  }

  private static func message(_ rule: String) -> String { "\(rule): `thing` is not wanted here" }

  /// A sheet whose messages are real hashes, sorted again, with its windows or without.
  private static func real(_ sheet: Sheet, windows: Bool) -> Sheet {
    let rows = sheet.findings.enumerated().map { place, row in
      let finding = Finding(
        rule: row.rule,
        level: row.level,
        region: row.region,
        message: StoredFormat.textID(message(row.rule)),
        template: row.template
      )
      return (finding: finding, window: sheet.window(at: place))
    }.sorted { Finding.precedes($0.finding, $1.finding) }
    return Sheet(
      findings: rows.map(\.finding),
      lexerVersion: windows ? Lexer.version : 0,
      windows: windows ? rows.map(\.window) : []
    )
  }

  private func record(
    _ record: ScanRecord,
    lines: [SheetDraftLine],
    analysed: String?
  ) throws -> ScanRecord {
    let claims = try StoredFormat.scanClaims(
      lines.map { ($0.path, try StoredFormat.claimID(of: $0.sheet.findings)) }
    )
    return ScanRecord(
      lane: record.lane,
      commit: record.commit,
      toolName: record.toolName,
      toolVersion: record.toolVersion,
      configDigest: record.configDigest,
      rawDigest: record.rawDigest,
      rawLength: record.rawLength,
      runIndex: record.runIndex,
      sequence: record.sequence,
      ended: record.ended,
      scope: record.scope,
      succeeded: record.succeeded,
      analysed: analysed.map(StoredFormat.textID),
      notices: record.notices.map {
        ScanNotice(
          level: $0.level,
          path: $0.path,
          rule: $0.rule,
          message: StoredFormat.textID("cannot read")
        )
      },
      rules: record.rules,
      listsSilentRules: record.listsSilentRules,
      columnUnit: record.columnUnit,
      claims: claims,
      findingCount: lines.reduce(0) { $0 + $1.sheet.findings.count },
      skipped: []
    )
  }

  // MARK: What came of it

  /// The postings of a ledger in the simulator's terms, sorted.
  func postings(_ reader: LedgerReader) throws -> [SimPosting] {
    let commits = Dictionary(
      history.commits.enumerated().map { ($0.element.id, $0.offset) },
      uniquingKeysWith: { first, _ in first }
    )
    let positions = try reader.positions(of: Self.lane)
    var scanByRaw: [RawDigest: SimScan] = [:]
    for fact in facts.scanFacts { scanByRaw[fact.record.rawDigest] = scanOf[fact.id] }
    return try reader.postings(of: Self.lane).map { posting in
      let origin = try reader.violation(posting.violation)?.origin
      let row = try origin.flatMap { try reader.row($0)?.finding }
      let raw = try origin.flatMap { try reader.scan($0.scan)?.record.rawDigest }
      let identity = raw.flatMap { scanByRaw[$0] }?.identity(
        path: origin?.path.text ?? "",
        line: row?.region?.startLine ?? 0,
        rule: row?.rule ?? ""
      )
      return SimPosting(
        identity: identity ?? -1,
        scan: posting.position.flatMap { commits[positions[$0].commit] } ?? -1,
        kind: posting.kind,
        basis: posting.basis,
        path: posting.path.text,
        exactCommit: posting.isExactCommit ? posting.commit : nil
      )
    }.sorted()
  }
}
