internal import GRDB
public import TallyModel

/// What an append did.
public struct AppendResult: Sendable, Hashable {
  /// Entries that are new, in the order given.
  public let appended: [EntryID]
  /// Entries that were there already.
  public let duplicates: [EntryID]
  /// How many entries the journal has now.
  public let size: Int
  /// The root of the log now.
  public let root: LogRoot
}

/// A file of a capture: a new sheet, or one that is stored already.
public enum CaptureLine: Sendable {
  /// A sheet that may be new.
  case sheet(SheetDraft)
  /// A sheet that is known to be stored, such as one of ``LedgerReader/captured(in:)``.
  case stored(path: RepoPath, sheet: SheetID, claim: ClaimID)

  /// The file.
  public var path: RepoPath {
    switch self {
    case .sheet(let draft): draft.path
    case .stored(let path, _, _): path
    }
  }

  /// The claimed part of the sheet.
  public var claim: ClaimID {
    switch self {
    case .sheet(let draft): draft.claim
    case .stored(_, _, let claim): claim
    }
  }
}

/// A sheet on its way into the ledger: encoded once, named by the hash of its bytes.
public struct SheetDraft: Sendable {
  /// The file.
  public let path: RepoPath
  /// The claimed part.
  public let claim: ClaimID
  /// The whole.
  public let id: SheetID
  let encoded: [UInt8]

  /// Encodes and names a sheet.
  ///
  /// - Throws: ``LedgerError`` where a row is out of order or beyond ``FormatLimits``.
  public init(path: RepoPath, sheet: Sheet) throws(LedgerError) {
    self.path = path
    let claimed = try LedgerError.refusing { () throws(FormatError) in
      try SheetEncoding.encodeClaim(sheet.findings)
    }
    encoded = try LedgerError.refusing { () throws(FormatError) in
      try SheetEncoding.encode(claim: claimed, of: sheet)
    }
    claim = ClaimID(hashing: claimed)
    id = SheetID(hashing: encoded)
  }
}

/// A reader that sees its own writes; all of them are kept, or none.
///
/// Valid only inside the closure that it was given to.
public final class WriteTransaction: LedgerReader {
  /// The last commit whose files were told in this transaction.
  var newestFiles: CommitID?
  /// The receipt that the last entry came with.
  private var lastReceipt: (receipt: Receipt, number: Int)?
  /// The last entry or object of a kind, as far as it was asked for; what of it is not written yet.
  private var slots: [Int: Int] = [:]
  private var newSlots: Set<Int> = []
  /// The last entry of a kind in a lane.
  private var lastInLane: [LaneKind: Int] = [:]

  private struct LaneKind: Hashable {
    let lane: Int
    let kind: UInt8
  }

  init(_ db: Database) throws {
    try super.init(db, knownAt: nil)
    cache.fresh = FreshFacts(isEmptyBefore: firstSize == 0)
    entryStore.knowsAll = firstSize == 0
  }

  // MARK: The journal

  /// Appends entries; those that are there already change nothing.
  ///
  /// Texts, sheets, trees and manifests that entries name have to be saved before.
  public func append(_ drafts: [EntryDraft], receipt: Receipt) throws -> AppendResult {
    let log = LogStore(session: session)
    var peaks = try log.peaks()
    var appended: [EntryID] = []
    var duplicates: [EntryID] = []
    for draft in drafts {
      if try entryStore.find(draft.id) != nil {
        duplicates.append(draft.id)
        continue
      }
      try append(draft, receipt: receipt, behind: &peaks)
      appended.append(draft.id)
    }
    if !appended.isEmpty { try log.save(peaks) }
    return AppendResult(
      appended: appended,
      duplicates: duplicates,
      size: peaks.size,
      root: peaks.root
    )
  }

  /// Appends an entry that is not there; the caller saves the log's end.
  func append(_ draft: EntryDraft, receipt: Receipt, behind peaks: inout MerklePeaks) throws {
    let number = try makeReceipt(receipt)
    let sequence = peaks.size + 1
    try insert(draft, as: sequence, receipt: number, receipt)
    let leaf = MerkleTree.leaf(try StoredFormat.leaf(draft.id, receipt))
    try LogStore(session: session).append(leaf, to: &peaks)
  }

  /// Appends bodies; see ``append(_:receipt:)-(EntryDraft,_)``.
  public func append(_ bodies: [EntryBody], receipt: Receipt) throws -> AppendResult {
    try append(bodies.map { body throws(LedgerError) in try EntryDraft(body) }, receipt: receipt)
  }

  private func makeReceipt(_ receipt: Receipt) throws -> Int {
    if let lastReceipt, lastReceipt.receipt == receipt { return lastReceipt.number }
    let number = try storedReceipt(receipt)
    lastReceipt = (receipt, number)
    return number
  }

  private func storedReceipt(_ receipt: Receipt) throws -> Int {
    let actor = try interner.makeName(receipt.actor)
    let importer = try interner.makeName(receipt.importer)
    // One that followed another in this transaction is new.
    let same =
      try lastReceipt != nil
      ? nil
      : session.int(
        """
        SELECT number FROM receipt WHERE number = (SELECT max(number) FROM receipt)
          AND arrived = ? AND actor = ? AND run_url IS ? AND importer = ?
        """,
        .int(Int(receipt.arrived.seconds)),
        .int(actor),
        .optional(receipt.runURL),
        .int(importer)
      )
    if let same { return same }
    try session.run(
      "INSERT INTO receipt (arrived, actor, run_url, importer) VALUES (?, ?, ?, ?)",
      .int(Int(receipt.arrived.seconds)),
      .int(actor),
      .optional(receipt.runURL),
      .int(importer)
    )
    return session.lastRow
  }

  private func insert(
    _ draft: EntryDraft,
    as sequence: Int,
    receipt number: Int,
    _ receipt: Receipt
  ) throws {
    let (kind, version) = try EntryEncoding.form(of: draft.body)
    let lane: Int? =
      switch draft.body {
      case .scan(let record): try interner.makeLane(record.lane)
      case .tests(let record): try interner.makeLane(record.lane)
      default: nil
      }
    let (base, slot) = try likelyBase(draft.body, kind: kind, lane: lane)
    let body = try entryStore.store(draft, as: sequence, base: base)
    try session.run(
      """
      INSERT INTO entry (sequence, id, kind, version, receipt, lane, body)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      .int(sequence),
      .blob(draft.id.bytes),
      .int(Int(kind)),
      .int(Int(version)),
      .int(number),
      .optional(lane),
      .blob(body)
    )
    visibleSize = sequence
    entryStore.remember(draft.id, sequence)
    cache.fresh?.keep(draft, receipt, at: sequence)
    if let slot { remember(sequence, in: slot) }
    if let lane { lastInLane[LaneKind(lane: lane, kind: kind)] = sequence }
    try index(draft.body, id: draft.id, sequence: sequence)
  }

  /// An earlier entry that is likely to share bytes, and the slot in which this one is remembered for the next.
  private func likelyBase(
    _ body: EntryBody,
    kind: UInt8,
    lane: Int?
  ) throws -> (base: Int?, slot: Int?) {
    if let lane {
      let known = lastInLane[LaneKind(lane: lane, kind: kind)]
      let base =
        try known
        ?? session.int(
          """
          SELECT sequence FROM entry WHERE kind = ? AND lane = ? AND kind NOT IN (4, 5)
          ORDER BY sequence DESC LIMIT 1
          """,
          .int(Int(kind)),
          .int(lane)
        )
      return (base, nil)
    }
    let slot: Int
    switch body {
    case .commit, .measurements, .config, .reportIssued:
      slot = Int(kind)
    case .evidence(.changes):
      slot = 17
    case .evidence(.toolConfiguration(let record)):
      // One for each tool: the files of two have nothing in common.
      let hash = record.tool.utf8.reduce(UInt16(0)) { $0 &* 31 &+ UInt16($1) }
      slot = 1 << 16 | Int(hash)
    default: return (nil, nil)
    }
    return (try latest(slot), slot)
  }

  private func latest(_ slot: Int) throws -> Int? {
    if let known = slots[slot] { return known }
    let number = try session.int("SELECT number FROM latest WHERE slot = ?", .int(slot))
    slots[slot] = number
    return number
  }

  private func remember(_ number: Int, in slot: Int) {
    slots[slot] = number
    newSlots.insert(slot)
  }

  func saveSlots() throws {
    for slot in newSlots.sorted() {
      guard let number = slots[slot] else { continue }
      try session.run(
        "INSERT INTO latest (slot, number) VALUES (?1, ?2) ON CONFLICT (slot) DO UPDATE SET number = ?2",
        .int(slot),
        .int(number)
      )
    }
    newSlots.removeAll()
  }

  // MARK: Texts

  /// Stores a text under its hash; one that was redacted stays so.
  @discardableResult
  public func saveText(_ text: String) throws -> TextID {
    let count = text.utf8.count
    guard count <= FormatLimits.textBytes else {
      throw LedgerError.limitExceeded(what: "a text", found: count, limit: FormatLimits.textBytes)
    }
    let id = StoredFormat.textID(text)
    if cache.namesRules == false { cache.namesRules = nil }
    if let number = try interner.findText(id) {
      if try session.int("SELECT 1 FROM text WHERE number = ? AND body IS NULL", .int(number))
        != nil,
        try !isRedacted(id)
      {
        try session.run(
          "UPDATE text SET body = ? WHERE number = ?",
          .text(text),
          .int(number)
        )
      }
      return id
    }
    // A bundle may bring a text after the entry that redacts it.
    try session.run(
      "INSERT INTO text (hash, body) VALUES (?, ?)",
      .blob(id.bytes),
      try isRedacted(id) ? .null : .text(text)
    )
    return id
  }

  /// Stores texts; see ``saveText(_:)``.
  ///
  /// Costs one look-up for a text that is there.
  public func saveTexts(_ texts: some Sequence<String>) throws {
    let query = try Query(
      session.db,
      "SELECT body IS NULL FROM text WHERE substr(hash, 1, 4) = substr(?1, 1, 4) AND hash = ?1"
    )
    var missing: [String] = []
    for text in texts {
      query.rewind()
      try query.bind(1, .blob(StoredFormat.textID(text).bytes))
      if try !query.step() || query.int(0) == 1 { missing.append(text) }
    }
    query.reset()
    for text in missing { try saveText(text) }
  }

  func isRedacted(_ id: TextID) throws -> Bool {
    try sequences(of: .redaction).contains { sequence in
      guard case .redaction(let record) = try body(sequence) else { return false }
      return record.text == id
    }
  }

  // MARK: Sheets, trees, manifests

  /// Stores the sheets of a scan that are new, and its tree.
  ///
  /// New sheets are stored as differences from the sheets of the same paths in the lane's last capture. `lines` has one a file
  /// that has findings, in any order; a path that is there twice, and a stored sheet that is not, are errors.
  public func saveCapture(
    in lane: LaneKey,
    commit: CommitID,
    lines: [CaptureLine]
  ) throws -> TreeID {
    let lines = lines.sorted { $0.path < $1.path }
    let laneNumber = try interner.makeLane(lane)
    let previous = try CapturedRow.read(session, laneNumber)
    var before: [[UInt8]: Int] = [:]
    for line in try previous?.lines(objects) ?? [] { before[line.key] = line.reference }
    var stored: [StoredLine] = []
    var tree: [Tree.Line] = []
    var sheets: [UInt8] = []
    var claims: [UInt8] = []
    stored.reserveCapacity(lines.count)
    tree.reserveCapacity(lines.count)
    sheets.reserveCapacity(lines.count * 32)
    claims.reserveCapacity(lines.count * 32)
    for line in lines {
      let key = Array(line.path.text.utf8)
      let (id, number) = try save(line, previous: before[key])
      stored.append(StoredLine(key: key, reference: number))
      tree.append(Tree.Line(path: line.path, sheet: id))
      sheets.append(contentsOf: id.bytes)
      claims.append(contentsOf: line.claim.bytes)
    }
    let id = try StoredFormat.treeID(of: Tree(lines: tree))
    let known = try objects.find(id.bytes)
    let number = try known ?? objects.saveLines(id.bytes, .tree, stored, previous: previous?.tree)
    try session.run(
      """
      INSERT INTO captured (lane, git_commit, tree, sheets, claims) VALUES (?1, ?2, ?3, ?4, ?5)
      ON CONFLICT (lane) DO UPDATE SET git_commit = ?2, tree = ?3, sheets = ?4, claims = ?5
      """,
      .int(laneNumber),
      .int(try interner.makeCommit(commit)),
      .int(number),
      .blob(sheets),
      .blob(claims)
    )
    return id
  }

  private func save(_ line: CaptureLine, previous: Int?) throws -> (SheetID, Int) {
    let id: SheetID
    switch line {
    case .sheet(let draft): id = draft.id
    case .stored(_, let sheet, _): id = sheet
    }
    let bytes = id.bytes
    if let previous, try objects.id(previous) == bytes { return (id, previous) }
    if let number = try objects.find(bytes) { return (id, number) }
    guard case .sheet(let draft) = line else { throw Damage("no sheet \(id)") }
    return (id, try objects.saveSheet(bytes, draft.encoded, previous: previous))
  }

  /// Stores a manifest as its difference from the last one that was stored.
  ///
  /// The commit is not needed: the last manifest is near enough.
  public func saveManifest(
    _ manifest: Manifest,
    basedOn commit: CommitID? = nil
  ) throws -> ManifestID {
    let id = try StoredFormat.manifestID(of: manifest)
    if try objects.find(id.bytes) != nil { return id }
    let slot = 100 + ObjectKind.manifest.rawValue
    let lines = manifest.lines.map {
      StoredLine(key: Array($0.path.text.utf8), value: $0.blob.bytes)
    }
    let previous = try latest(slot)
    let number = try objects.saveLines(id.bytes, .manifest, lines, previous: previous)
    remember(number, in: slot)
    return id
  }
}
