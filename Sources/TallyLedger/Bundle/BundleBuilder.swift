public import TallyModel

/// A bundle as a file.
public struct PackedBundle: Sendable, Hashable {
  /// The hash of its content.
  public let id: BundleID
  /// The place of its first entry in the log.
  public let start: LogEnd
  /// The place behind its last entry.
  public let end: LogEnd
  /// The projects its entries are about, sorted.
  public let projects: [String]
  /// The bytes of the file.
  public let bytes: [UInt8]

  /// How many entries it holds.
  public var count: Int { end.size - start.size }
}

/// Collects entries and what they name, and writes them down.
///
/// Equal calls give a bundle of one id. Differences are written, not chosen: whoever adds a record says what it is like.
struct BundleBuilder {
  private let start: LogEnd
  private var texts: Set<ExactText> = []
  private var receipts: [Receipt] = []
  private var receiptPlaces: [Receipt: Int] = [:]
  private var objectPlaces: [[UInt8]: Int] = [:]
  private var entryPlaces: [EntryID: Int] = [:]
  private var objects = ByteWriter(capacity: 1 << 12)
  private var entries = ByteWriter(capacity: 1 << 12)
  private var drafts: [EntryDraft] = []
  private var leaves: [LogRoot] = []

  init(start: LogEnd) { self.start = start }

  /// What a record is like.
  struct Model {
    let id: [UInt8]
    let bytes: [UInt8]
  }

  func holds(object id: [UInt8]) -> Bool { objectPlaces[id] != nil }
  func holds(entry id: EntryID) -> Bool { entryPlaces[id] != nil }

  mutating func add(text: String) { texts.insert(ExactText(text)) }

  mutating func add(object bytes: [UInt8], _ kind: ObjectKind, id: [UInt8], like model: Model?) {
    let delta = BlockDelta.encode(bytes, base: model?.bytes ?? [])
    add(object: id, kind, base: model?.id, delta: delta)
  }

  /// Adds an object whose difference is written already.
  mutating func add(object id: [UInt8], _ kind: ObjectKind, base: [UInt8]?, delta: [UInt8]) {
    guard objectPlaces[id] == nil else { return }
    let place = objectPlaces.count
    objects.byte(UInt8(kind.rawValue))
    self.base(base, place, base.flatMap { objectPlaces[$0] }).encode(to: &objects)
    objects.unsigned(UInt64(delta.count))
    objects.raw(delta)
    objectPlaces[id] = place
  }

  mutating func add(
    _ draft: EntryDraft,
    _ receipt: Receipt,
    like model: Model?
  ) throws(FormatError) {
    let delta = BlockDelta.encode(draft.encoded, base: model?.bytes ?? [])
    try add(draft, receipt, base: model?.id, delta: delta)
  }

  /// Adds an entry whose difference is written already.
  mutating func add(
    _ draft: EntryDraft,
    _ receipt: Receipt,
    base: [UInt8]?,
    delta: [UInt8]
  ) throws(FormatError) {
    guard entryPlaces[draft.id] == nil else { return }
    let place = drafts.count
    let number = receiptPlaces[receipt] ?? receipts.count
    if number == receipts.count {
      receiptPlaces[receipt] = number
      receipts.append(receipt)
    }
    entries.unsigned(UInt64(number))
    let known = base.flatMap { EntryID(bytes: $0) }.flatMap { entryPlaces[$0] }
    self.base(base, place, known).encode(to: &entries)
    entries.unsigned(UInt64(delta.count))
    entries.raw(delta)
    entryPlaces[draft.id] = place
    drafts.append(draft)
    leaves.append(MerkleTree.leaf(try StoredFormat.leaf(draft.id, receipt)))
  }

  private func base(_ id: [UInt8]?, _ place: Int, _ known: Int?) -> EntryBundle.Base {
    guard let id else { return .none }
    if let known { return .earlier(place - known) }
    return .outside(id)
  }

  /// The file.
  func pack(source: String) throws(BundleError) -> PackedBundle {
    guard drafts.count <= BundleLimits.entries else {
      throw .tooLarge(
        source: source,
        what: "its entries",
        found: drafts.count,
        limit: BundleLimits.entries
      )
    }
    let end = start.adding(leaves)
    let projects = EntryBundle.projects(of: drafts)
    let plain = try BundleError.reading(source) { () throws(FormatError) in
      var writer = ByteWriter(capacity: 1 << 12)
      try EntryBundle.Head(
        projects: projects,
        peaks: start.peaks,
        count: drafts.count,
        root: end.root,
        receipts: receipts,
        texts: texts.map(\.bytes).sorted { $0.lexicographicallyPrecedes($1) }
          .map { String(decoding: $0, as: UTF8.self) }
      ).encode(to: &writer)
      writer.unsigned(UInt64(objectPlaces.count))
      writer.raw(objects.bytes)
      writer.raw(entries.bytes)
      guard writer.bytes.count <= BundleLimits.plainBytes else {
        throw .limit("content", found: writer.bytes.count, limit: BundleLimits.plainBytes)
      }
      return writer.bytes
    }
    var file = ByteWriter(capacity: plain.count / 2 + 64)
    file.begin(EntryBundle.domain)
    if let packed = Deflate().compress(plain[...], dictionary: []), packed.count < plain.count {
      file.flag(true)
      file.unsigned(UInt64(plain.count))
      file.raw(packed)
    } else {
      file.flag(false)
      file.unsigned(UInt64(plain.count))
      file.raw(plain)
    }
    guard file.bytes.count <= BundleLimits.fileBytes else {
      throw .tooLarge(
        source: source,
        what: "its bytes",
        found: file.bytes.count,
        limit: BundleLimits.fileBytes
      )
    }
    return PackedBundle(
      id: BundleID(hashing: EntryBundle.hashed(plain)),
      start: start,
      end: end,
      projects: projects,
      bytes: file.bytes
    )
  }
}

extension EntryBundle {
  /// One bundle of consecutive ones, the first first; redacted texts are left out.
  ///
  /// Nothing is compared again: every difference is taken over as it is.
  public static func joining(_ bundles: [EntryBundle]) throws -> PackedBundle {
    guard let first = bundles.first else {
      throw BundleError.damaged(source: "a bundle", reason: "there is nothing to join")
    }
    var end = first.start
    for bundle in bundles {
      guard bundle.start == end else {
        throw BundleError.damaged(source: bundle.source, reason: "the bundle before it is missing")
      }
      end = bundle.end
    }
    return try copying(bundles, after: first.start)
  }

  /// One bundle with the entries of several, whatever logs they are of, behind another log; each with its receipt.
  ///
  /// - Parameters:
  ///   - bundles: What is copied, in this order; an entry that several hold comes once.
  ///   - start: The log that is continued.
  ///   - skipping: Says which entries that log holds already.
  /// - Returns: The bundle; it holds no entry where all are skipped.
  /// - Throws: ``BundleError`` where it gets too large; what `skipping` throws.
  public static func copying(
    _ bundles: [EntryBundle],
    after start: LogEnd,
    skipping: (EntryID) throws -> Bool = { _ in false }
  ) throws -> PackedBundle {
    var builder = BundleBuilder(start: start)
    let redacted = Set(
      bundles.flatMap(\.members).compactMap { member -> TextID? in
        if case .redaction(let record) = member.draft.body { record.text } else { nil }
      }
    )
    for bundle in bundles {
      for text in bundle.texts
      where redacted.isEmpty || !redacted.contains(StoredFormat.textID(text)) {
        builder.add(text: text)
      }
      for (place, object) in bundle.objects.enumerated() {
        let base = bundle.baseID(object.base) { bundle.objects[place - $0].id }
        builder.add(object: object.id, object.kind, base: base, delta: object.delta)
      }
      for (place, member) in bundle.members.enumerated()
      where try !skipping(member.draft.id) {
        let base = bundle.baseID(member.base) { bundle.members[place - $0].draft.id.bytes }
        try BundleError.reading(bundle.source) { () throws(FormatError) in
          try builder.add(
            member.draft,
            bundle.receipts[member.receipt],
            base: base,
            delta: member.delta
          )
        }
      }
    }
    return try builder.pack(source: bundles.first?.source ?? "the bundle")
  }

  private func baseID(_ base: Base, _ earlier: (Int) -> [UInt8]) -> [UInt8]? {
    switch base {
    case .none: nil
    case .outside(let id): id
    case .earlier(let distance): earlier(distance)
    }
  }
}
