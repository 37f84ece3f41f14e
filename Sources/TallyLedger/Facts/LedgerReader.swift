internal import GRDB
public import TallyModel

/// One consistent view of a ledger: facts up to some size of the journal, and the books of now.
///
/// Valid only inside the closure that it was given to.
public class LedgerReader {
  let session: Session
  let interner: Interner
  let objects: ObjectStore
  let entryStore: EntryStore
  let deflate = Deflate()
  var visibleSize: Int
  /// How many entries there were when the transaction began.
  let firstSize: Int
  var cache = FactCache()

  /// What was asked of the facts in vain, in the order in which it was.
  public private(set) var questions: [FactQuestion] = []

  /// Takes note of what the facts do not say and git might.
  public func note(_ question: FactQuestion) { questions.append(question) }

  /// Forgets what was asked in vain, and gives it.
  public func takeQuestions() -> [FactQuestion] {
    defer { questions = [] }
    return questions
  }

  /// False where less than the whole journal is read: the tip may be about commits that came later.
  let usesTip: Bool

  init(_ db: Database, knownAt size: Int?, usesTip: Bool = true) throws {
    session = Session(db: db)
    interner = Interner(session)
    objects = ObjectStore(session, interner, deflate)
    entryStore = EntryStore(session, objects, deflate)
    let stored = try session.int("SELECT size FROM log WHERE one = 1") ?? 0
    visibleSize = min(size ?? stored, stored)
    firstSize = visibleSize
    self.usesTip = usesTip && visibleSize == stored
  }

  /// Reads entries that are not written anywhere; the database has all tables, and nothing in them.
  init(_ db: Database, fresh: FreshFacts) {
    session = Session(db: db)
    interner = Interner(session)
    objects = ObjectStore(session, interner, deflate)
    entryStore = EntryStore(session, objects, deflate)
    visibleSize = fresh.ids.count
    firstSize = 0
    usesTip = false
    cache.fresh = fresh
    cache.sheets.grow()
    entryStore.knowsAll = true
    for (index, id) in fresh.ids.enumerated() { entryStore.remember(id, index + 1) }
  }

  /// How many entries of the journal are read; the rest is as if it had not arrived.
  public func size() throws -> Int { visibleSize }

  /// The root of the log when the journal had some size; nil for the size that is read.
  public func root(at earlier: Int? = nil) throws -> LogRoot {
    try LogStore(session: session).root(at: min(earlier ?? visibleSize, visibleSize))
  }

  // MARK: Entries

  /// Whether and where entries are in the journal.
  public func sequence(of id: EntryID) throws -> Int? {
    guard let sequence = try entryStore.find(id), sequence <= visibleSize else { return nil }
    return sequence
  }

  /// Those of some entries that are in the journal.
  public func contains(_ ids: [EntryID]) throws -> Set<EntryID> {
    Set(try ids.filter { try sequence(of: $0) != nil })
  }

  /// One entry, retracted or not.
  public func entry(_ id: EntryID) throws -> Entry? {
    guard let sequence = try sequence(of: id) else { return nil }
    return try entry(at: sequence)
  }

  /// The entry at a place of the journal, from 1.
  public func entry(at sequence: Int) throws -> Entry? {
    guard sequence <= visibleSize, let head = try EntryHead.read(session, sequence) else {
      return nil
    }
    return Entry(
      id: head.id,
      body: try body(sequence),
      receipt: head.receipt,
      sequence: sequence
    )
  }

  /// The stored form of an entry, whose SHA-256 is its id; what bundles carry.
  public func encodedEntry(at sequence: Int) throws -> [UInt8] {
    try entryStore.encoded(sequence)
  }

  /// Entries without their bodies in the order of the journal, from a place on.
  public func entryHeads(from first: Int = 1, limit: Int = 1_000) throws -> [EntryHead] {
    try EntryHead.list(session, from: first, upTo: visibleSize, limit: limit)
  }

  /// The entries whose id begins with some hexadecimal digits, sorted; at most 16.
  public func resolveEntry(prefix digits: String) throws -> [EntryID] {
    guard let range = PrefixRange(digits) else { return [] }
    return try session.rows(
      """
      SELECT id FROM entry
      WHERE substr(id, 1, 4) >= ? AND substr(id, 1, 4) <= ? AND sequence <= ?
      ORDER BY id LIMIT 4096
      """,
      .blob(Array(range.low.prefix(4))),
      .blob(Array(range.high.prefix(4))),
      .int(visibleSize)
    ) { $0.bytes(0) }
    .compactMap(EntryID.init(bytes:))
    .filter { $0.description.hasPrefix(digits.lowercased()) }
    .prefix(16).map { $0 }
  }

  /// How many entries only a newer tally understands, those aside that never touch a balance (kinds 128 to 255).
  public func unknownEntryCount() throws -> Int {
    try session.int(
      "SELECT count(*) FROM entry WHERE \(unknownEntries) AND sequence <= ?",
      .int(visibleSize)
    ) ?? 0
  }

  /// Refuses a journal with entries that only a newer tally understands: books made of the others would not be its books.
  ///
  /// - Throws: `LedgerError.newerEntries`.
  public func requireKnownEntries() throws {
    let count = try unknownEntryCount()
    if count > 0 { throw LedgerError.newerEntries(count) }
  }

  func body(_ sequence: Int) throws -> EntryBody {
    if let body = cache.fresh?.bodies[sequence] ?? cache.bodies[sequence] { return body }
    let body = try entryStore.body(sequence)
    if cache.bodies.count > 256 { cache.bodies.removeAll(keepingCapacity: true) }
    cache.bodies[sequence] = body
    return body
  }

  /// The places of entries of one kind, in order.
  func sequences(of kind: EntryKind) throws -> [Int] {
    if let known = cache.fresh?.sequences(of: kind) { return known }
    return try session.rows(
      """
      SELECT sequence FROM entry
      WHERE kind = ? AND kind NOT IN (4, 5) AND sequence <= ? ORDER BY sequence
      """,
      .int(Int(kind.rawValue)),
      .int(visibleSize)
    ) { $0.int(0) }
  }

  /// The places of entries that are found by a number, in order; retracted ones are left out.
  func sequences(by key: Int) throws -> [Int] {
    let found =
      try cache.fresh?.sequences(by: key)
      ?? session.rows(
        "SELECT entry FROM fact WHERE key = ? AND entry <= ? ORDER BY entry",
        .int(key),
        .int(visibleSize)
      ) { $0.int(0) }
    let gone = try retractedSequences()
    return gone.isEmpty ? found : found.filter { !gone.contains($0) }
  }

  // MARK: Texts

  /// A stored text; nil when it is not known or was redacted.
  public func text(_ id: TextID) throws -> String? {
    let bytes = id.bytes
    return try session.first(
      "SELECT body FROM text WHERE substr(hash, 1, 4) = ? AND hash = ?",
      .blob(Array(bytes.prefix(4))),
      .blob(bytes)
    ) { $0.optionalText(0) } ?? nil
  }

  /// The words of some texts; those that are not known or were redacted are absent.
  public func texts(_ ids: some Sequence<TextID>) throws -> [TextID: String] {
    var result: [TextID: String] = [:]
    for id in ids where result[id] == nil { result[id] = try text(id) }
    return result
  }
}

/// What a reader has already seen within its transaction.
struct FactCache {
  /// What a transaction appended; nil for a reader of a ledger.
  var fresh: FreshFacts?
  var bodies: [Int: EntryBody] = [:]
  /// Scans, each as the renames of lanes have it.
  var scans: [Int: ScanFact] = [:]
  var retracted: Set<Int>?
  var names: LaneNames? { didSet { scans.removeAll() } }
  /// Whether any text could be a configuration that names rules.
  var namesRules: Bool?
  var files: CommitFiles?
  var tip: Tip??
  var violationIDs: [Int: ViolationID] = [:]
  var violationNumbers: [ViolationID: Int] = [:]
  var sheets = SheetCache()
  /// The numbers of the sheets that violations were seen in last.
  var lastSheets: [ViolationID: Int] = [:]

  mutating func remember(_ id: ViolationID, _ number: Int) {
    violationIDs[number] = id
    violationNumbers[id] = number
  }

  /// Forgets what the books of a lane said.
  mutating func forgetViolations() {
    violationIDs.removeAll()
    violationNumbers.removeAll()
    lastSheets.removeAll()
  }
}

/// The sheets that were read last, at most twice so many rows of them as are kept at least.
///
/// Posting reads the sheets of a file that changed a few scans later again, and those of what was closed long before.
struct SheetCache {
  private var rowsKept = 10_000
  private var new: [SheetID: Sheet] = [:]
  private var old: [SheetID: Sheet] = [:]
  private var rows = 0

  /// Keeps more: a whole lane is posted.
  mutating func grow() { rowsKept = 40_000 }

  subscript(id: SheetID) -> Sheet? { new[id] ?? old[id] }

  mutating func keep(_ sheet: Sheet, as id: SheetID) {
    if rows > rowsKept {
      old = new
      new = [:]
      rows = 0
    }
    rows += sheet.findings.count
    new[id] = sheet
  }
}

/// The first and the last 32 bytes that begin with some hexadecimal digits.
struct PrefixRange {
  let low: [UInt8]
  let high: [UInt8]

  init?(_ digits: String, count: Int = 32) {
    guard !digits.isEmpty, digits.utf8.count <= count * 2,
      let low = Hex.decode(digits + String(repeating: "0", count: count * 2 - digits.utf8.count)),
      let high = Hex.decode(digits + String(repeating: "f", count: count * 2 - digits.utf8.count))
    else { return nil }
    self.low = low
    self.high = high
  }
}
