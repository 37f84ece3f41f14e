internal import GRDB
internal import TallyModel

/// Something that verification found wrong.
public struct VerifyFinding: Sendable, Hashable {
  /// A stable word for scripts, such as `entry.hash`.
  public let code: String
  /// One sentence.
  public let what: String
}

extension Ledger {
  /// Checks everything in the file that is named by a hash, the log over it, and the file's structure.
  ///
  /// Reads all of it. Says nothing about whether the books are what the journal gives.
  ///
  /// - Returns: What is wrong, in the order it was found; nothing for a sound file.
  public func verifyBasic() throws -> [VerifyFinding] {
    try read { reader in
      var check = BasicCheck(reader)
      try check.run()
      return check.findings
    }
  }
}

/// One pass over a file.
private struct BasicCheck {
  let reader: LedgerReader
  let session: Session
  var findings: [VerifyFinding] = []

  init(_ reader: LedgerReader) {
    self.reader = reader
    session = reader.session
  }

  private mutating func report(_ code: String, _ what: String) {
    findings.append(VerifyFinding(code: code, what: what))
  }

  mutating func run() throws {
    try structure()
    try schema()
    try entries()
    try texts()
    try objects()
    try tip()
  }

  /// The files that are kept for the newest commit, against the evidence they come from.
  private mutating func tip() throws {
    guard let tip = try reader.tip() else { return }
    let plain = try LedgerReader(session.db, knownAt: nil, usesTip: false)
    let files = try plain.files(at: tip.commit).map { try plain.all(of: $0) }
    if try files != reader.tipFiles() || plain.manifestDistance(of: tip.commit) != tip.distance {
      report("index.tip", "the files that are kept of \(tip.commit.short) are not its files")
    }
  }

  // MARK: The file

  private mutating func structure() throws {
    for line in try session.rows("PRAGMA integrity_check", read: { $0.text(0) }) where line != "ok"
    {
      report("file.integrity", line)
    }
    let keys = try session.rows("PRAGMA foreign_key_check") { ($0.text(0), $0.int(1)) }
    for (table, row) in keys {
      report("file.reference", "row \(row) of \(table) refers to a row that is missing")
    }
  }

  /// A planted view or trigger would make every query lie.
  private mutating func schema() throws {
    let list = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY 1, 2"
    func read(_ session: Session) throws -> [[String]] {
      try session.rows(list) { query in (0...3).map { query.text($0) } }
    }
    let expected = try DatabaseQueue().inDatabase { db in
      try Schema.create(db)
      return try read(Session(db: db))
    }
    let found = try read(session)
    for item in found where !expected.contains(item) {
      report("file.schema", "\(item[0]) \(item[1]) is not what tally made")
    }
    for item in expected where !found.contains(item) {
      report("file.schema", "\(item[0]) \(item[1]) is missing")
    }
  }

  // MARK: The journal

  private mutating func entries() throws {
    let log = LogStore(session: session)
    let stored = try log.peaks()
    var peaks = MerklePeaks()
    var nodes: [[Int]: LogRoot] = [:]
    var facts = 0
    let sequences = try session.rows("SELECT sequence FROM entry ORDER BY sequence") { $0.int(0) }
    if sequences != Array(1..<(stored.size + 1)) {
      report("log.size", "the journal has \(sequences.count) entries, and its log \(stored.size)")
    }
    for sequence in sequences {
      guard let head = try EntryHead.read(session, sequence) else {
        report("entry.row", "entry \(sequence) has no receipt")
        continue
      }
      facts += try entry(head)
      let leaf = MerkleTree.leaf(try StoredFormat.leaf(head.id, head.receipt))
      peaks.append(leaf) { level, place, hash in
        if level >= LogStore.storedLevel { nodes[[level, place]] = hash }
      }
    }
    if peaks != stored { report("log.root", "the root of the log is not that of its entries") }
    let rows = try session.rows("SELECT level, place, hash FROM log_node") {
      ([$0.int(0), $0.int(1)], $0.withBytes(2, LogRoot.init(bytes:)))
    }
    if rows.count != nodes.count || !rows.allSatisfy({ nodes[$0.0] == $0.1 }) {
      report("log.node", "the stored nodes of the log are not those of its entries")
    }
    if try session.int("SELECT count(*) FROM fact") != facts {
      report("index.fact", "the index over entries has rows that no entry made")
    }
  }

  /// Checks one entry; returns how many rows of the index it accounts for.
  private mutating func entry(_ head: EntryHead) throws -> Int {
    let body: EntryBody
    do {
      let bytes = try reader.entryStore.encoded(head.sequence)
      if EntryID(hashing: bytes) != head.id {
        report("entry.hash", "entry \(head.sequence) is not what its id says")
      }
      body = try EntryEncoding.decode(bytes)
    } catch {
      report("entry.hash", "entry \(head.sequence) cannot be read: \(error)")
      return 0
    }
    let row = try session.first(
      "SELECT kind, version, lane FROM entry WHERE sequence = ?",
      .int(head.sequence)
    ) { ($0.int(0), $0.int(1), $0.optionalInt(2)) }
    var lane: LaneKey?
    switch body {
    case .scan(let record): lane = record.lane
    case .tests(let record): lane = record.lane
    default: break
    }
    let (kind, version) = try EntryEncoding.form(of: body)
    let filed = try row?.2.map { try reader.interner.lane($0) }
    if row?.0 != Int(kind) || row?.1 != Int(version) || filed != lane {
      report("entry.row", "entry \(head.sequence) is filed under another kind or lane")
    }
    let keys = Set(FactKey.all(of: body))
    for key in keys {
      let known = try session.int(
        "SELECT 1 FROM fact WHERE key = ? AND entry = ?",
        .int(key),
        .int(head.sequence)
      )
      if known == nil { report("index.fact", "entry \(head.sequence) cannot be found by content") }
    }
    return keys.count
  }

  // MARK: Content

  private mutating func texts() throws {
    var redacted: Set<TextID> = []
    for sequence in try reader.sequences(of: .redaction) {
      if case .redaction(let record) = try reader.body(sequence) { redacted.insert(record.text) }
    }
    let query = try Query(session.db, "SELECT number, hash, body FROM text ORDER BY number")
    defer { query.reset() }
    while try query.step() {
      let number = query.int(0)
      guard let id = query.withBytes(1, TextID.init(bytes:)) else { continue }
      if let text = query.optionalText(2) {
        if StoredFormat.textID(text) != id {
          report("text.hash", "text \(number) is not what its hash says")
        } else if redacted.contains(id) {
          report("text.redacted", "text \(number) was redacted and is there")
        }
      } else if !redacted.contains(id) {
        report("text.missing", "text \(number) is missing and was not redacted")
      }
    }
  }

  private mutating func objects() throws {
    let rows = try session.rows("SELECT number, kind FROM object ORDER BY number") {
      ($0.int(0), $0.int(1))
    }
    for (number, kind) in rows {
      do {
        guard let kind = ObjectKind(rawValue: kind) else { throw FormatError.invalid("kind") }
        let store = reader.objects
        let id: [UInt8]
        switch kind {
        case .sheet:
          let bytes = try store.sheet(number)
          _ = try SheetEncoding.decode(bytes)
          id = SheetID(hashing: bytes).bytes
        case .tree: id = TreeID(hashing: try store.tree(number).encoded()).bytes
        case .manifest: id = ManifestID(hashing: try store.manifest(number).encoded()).bytes
        case .rules, .cases:
          id = EntryStore.listID(EntryStore.listBytes(try store.lines(number, kind)), kind)
        }
        if try store.id(number) != id {
          report("object.hash", "object \(number) is not what its id says")
        }
      } catch {
        report("object.hash", "object \(number) cannot be read: \(error)")
      }
    }
  }
}
