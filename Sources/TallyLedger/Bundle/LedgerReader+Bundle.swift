public import TallyModel

/// What of a ledger others have already, so that a bundle for them can leave it out.
public struct SharedPart: Sendable, Hashable {
  /// Entries up to this place of the journal.
  public let entries: Int
  /// Objects up to this number.
  public let objects: Int

  /// Nothing.
  public static let nothing = SharedPart(entries: 0, objects: 0)

  /// Creates a part.
  public init(entries: Int, objects: Int) {
    self.entries = entries
    self.objects = objects
  }
}

extension LedgerReader {
  /// Where the journal's log ends.
  public func logEnd() throws -> LogEnd { try logEnd(at: visibleSize) }

  /// Where the journal's log ended when it had so many entries.
  public func logEnd(at size: Int) throws -> LogEnd {
    LogEnd(peaks: try LogStore(session: session).peaks(at: size))
  }

  /// The leaves of the journal's log from a place on (0 for all), in order.
  public func logLeaves(from first: Int) throws -> [LogRoot] {
    var leaves: [LogRoot] = []
    var next = first + 1
    while next <= visibleSize {
      let heads = try entryHeads(from: next)
      for head in heads {
        leaves.append(MerkleTree.leaf(try StoredFormat.leaf(head.id, head.receipt)))
      }
      next += max(1, heads.count)
    }
    return leaves
  }

  /// The newest object; 0 for none.
  public func objectCount() throws -> Int {
    try session.int("SELECT max(number) FROM object") ?? 0
  }

  /// Makes a bundle of some entries with everything they name.
  ///
  /// - Parameters:
  ///   - sequences: Places of the journal, ascending.
  ///   - start: Where the log ends that the bundle continues.
  ///   - first: Entries that come before them and are not in the journal.
  ///   - shared: What the readers of that log have; nothing for a bundle that stands for itself.
  /// - Returns: The bundle.
  /// - Throws: ``BundleError`` where it gets too large, ``LedgerError``.
  public func bundle(
    of sequences: [Int],
    after start: LogEnd,
    first: [(draft: EntryDraft, receipt: Receipt)] = [],
    shared: SharedPart = .nothing
  ) throws -> PackedBundle {
    var collector = BundleCollector(reader: self, start: start, shared: shared)
    for item in first { try collector.builder.add(item.draft, item.receipt, like: nil) }
    for sequence in sequences { try collector.add(sequence) }
    return try collector.pack()
  }
}

/// Puts entries of a ledger into a bundle.
private struct BundleCollector {
  let reader: LedgerReader
  let shared: SharedPart
  var builder: BundleBuilder
  private var names = BundleNames()
  private var latest: [Slot: EntryID] = [:]

  /// Entries of one kind and lane are alike.
  private struct Slot: Hashable {
    let kind: Int
    let detail: Int
    let lane: Int
  }

  init(reader: LedgerReader, start: LogEnd, shared: SharedPart) {
    self.reader = reader
    self.shared = shared
    builder = BundleBuilder(start: start)
  }

  mutating func add(_ sequence: Int) throws {
    guard let head = try EntryHead.read(reader.session, sequence) else {
      throw Damage("entry \(sequence) is missing")
    }
    let draft = try EntryDraft(encoded: try reader.entryStore.encoded(sequence))
    names.add(draft.body)
    switch draft.body {
    case .evidence(.capture(_, let tree)): try add(object: tree.bytes)
    case .evidence(.manifest(_, let manifest)): try add(object: manifest.bytes)
    default: break
    }
    let slot = try slot(of: draft.body, sequence)
    let model = try model(slot, before: sequence)
    latest[slot] = draft.id
    try builder.add(draft, head.receipt, like: model)
  }

  func pack() throws -> PackedBundle {
    var builder = builder
    for id in names.texts.sorted() {
      // One that was redacted is not there.
      if let text = try reader.text(id) { builder.add(text: text) }
    }
    return try builder.pack(source: "the bundle")
  }

  private func slot(of body: EntryBody, _ sequence: Int) throws -> Slot {
    let kind = Int(body.kind?.rawValue ?? 0)
    let lane = try reader.session.int("SELECT lane FROM entry WHERE sequence = ?", .int(sequence))
    guard case .evidence(let record) = body else {
      return Slot(kind: kind, detail: 0, lane: lane ?? 0)
    }
    let detail =
      switch record {
      case .manifest: 0
      case .changes: 1
      case .renames: 2
      case .capture: 3
      case .maps: 4
      case .silences: 5
      case .recording: 6
      case .toolConfiguration: 7
      }
    return Slot(kind: kind, detail: detail, lane: 0)
  }

  /// An entry of the same slot that readers have: the last in this bundle, else for a long list one that is shared.
  private func model(_ slot: Slot, before sequence: Int) throws -> BundleBuilder.Model? {
    if let id = latest[slot] {
      return try reader.bundledEntry(id).map { BundleBuilder.Model(id: id.bytes, bytes: $0) }
    }
    guard shared.entries > 0, slot.lane > 0 else { return nil }
    let known = try reader.session.int(
      """
      SELECT sequence FROM entry
      WHERE kind = ? AND lane = ? AND kind NOT IN (4, 5) AND sequence <= ?
      ORDER BY sequence DESC LIMIT 1
      """,
      .int(slot.kind),
      .int(slot.lane),
      .int(min(shared.entries, sequence - 1))
    )
    guard let known else { return nil }
    return BundleBuilder.Model(
      id: try reader.entryStore.id(known).bytes,
      bytes: try reader.entryStore.encoded(known)
    )
  }

  private mutating func add(object id: [UInt8]) throws {
    guard !builder.holds(object: id) else { return }
    guard let number = try reader.objects.find(id) else { throw Damage("an object is missing") }
    guard number > shared.objects else { return }
    guard let (kind, bytes) = try reader.objectBytes(number) else {
      throw Damage("object \(number) has another kind")
    }
    if kind == .tree {
      for line in try reader.objects.tree(number).lines { try add(object: line.sheet.bytes) }
    }
    if kind == .sheet {
      names.add(
        texts: try LedgerError.refusing { () throws(FormatError) in
          try SheetEncoding.decode(bytes).namedTexts
        }
      )
    }
    builder.add(object: bytes, kind, id: id, like: try model(of: number))
  }

  /// What the ledger itself keeps the object's difference from, where readers have it.
  private func model(of number: Int) throws -> BundleBuilder.Model? {
    let base = try reader.session.int("SELECT base FROM object WHERE number = ?", .int(number))
    guard let base, let (_, bytes) = try reader.objectBytes(base) else { return nil }
    let id = try reader.objects.id(base)
    guard base <= shared.objects || builder.holds(object: id) else { return nil }
    return BundleBuilder.Model(id: id, bytes: bytes)
  }
}
