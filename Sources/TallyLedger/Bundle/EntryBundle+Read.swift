public import TallyModel

extension EntryBundle {
  static let domain: StaticString = "tally.bundle"

  /// Reads a bundle and computes every hash in it again.
  ///
  /// - Parameters:
  ///   - file: The bytes of the file.
  ///   - source: What errors call it.
  ///   - id: The hash that its name says; nil where the name says nothing.
  ///   - outside: Where earlier entries and objects of the same log are; a bundle that needs none can be read without.
  /// - Throws: ``BundleError``, or what `outside` throws.
  public init(
    file: [UInt8],
    source: String,
    named id: BundleID? = nil,
    outside: any BundleSource = BundleSources([])
  ) throws {
    let plain = try EntryBundle.plain(file, source: source)
    self.id = BundleID(hashing: EntryBundle.hashed(plain))
    if let id, id != self.id {
      throw BundleError.forged(
        source: source,
        what: "its content has the hash \(self.id.description.prefix(12)), not the one of its name"
      )
    }
    self.source = source
    var reader = ByteReader(plain)
    let head = try BundleError.reading(source) { () throws(FormatError) in
      try Head(from: &reader)
    }
    guard head.count <= BundleLimits.entries else {
      throw BundleError.tooLarge(
        source: source,
        what: "its entries",
        found: head.count,
        limit: BundleLimits.entries
      )
    }
    projects = head.projects
    start = LogEnd(peaks: head.peaks)
    receipts = head.receipts
    texts = head.texts
    var undo = BundleUndo(source: source, outside: outside)
    objects = try undo.objects(&reader)
    members = try undo.members(&reader, count: head.count, receipts: head.receipts.count)
    try BundleError.reading(source) { () throws(FormatError) in try reader.finish("bundle") }
    objectPlaces = Dictionary(
      zip(objects.map(\.id), objects.indices),
      uniquingKeysWith: { first, _ in first }
    )
    memberPlaces = Dictionary(
      zip(members.map(\.draft.id), members.indices),
      uniquingKeysWith: { first, _ in first }
    )
    guard memberPlaces.count == members.count else {
      throw BundleError.damaged(source: source, reason: "it holds an entry twice")
    }
    let receipts = receipts
    leaves = try members.map { member in
      let leaf = try BundleError.reading(source) { () throws(FormatError) in
        try StoredFormat.leaf(member.draft.id, receipts[member.receipt])
      }
      return MerkleTree.leaf(leaf)
    }
    end = start.adding(leaves)
    guard end.root == head.root else {
      throw BundleError.forged(
        source: source,
        what: "its entries give the root \(end.root.description.prefix(12)), "
          + "and it says \(head.root.description.prefix(12))"
      )
    }
    guard projects == EntryBundle.projects(of: members.map(\.draft)) else {
      throw BundleError.forged(
        source: source,
        what: "its entries are about other projects than it says"
      )
    }
  }

  /// The projects that entries are about, sorted bytewise.
  static func projects(of drafts: [EntryDraft]) -> [String] {
    let named = Set(drafts.compactMap { $0.body.project.map(ExactText.init) })
    return named.map(\.bytes).sorted { $0.lexicographicallyPrecedes($1) }
      .map { String(decoding: $0, as: UTF8.self) }
  }

  /// What the id is the hash of.
  static func hashed(_ plain: [UInt8]) -> [UInt8] {
    var writer = ByteWriter(capacity: plain.count + 16)
    writer.begin(domain)
    writer.raw(plain)
    return writer.bytes
  }

  /// The content of a file, decompressed: what the id is the hash of, behind the domain.
  static func plain(_ file: [UInt8], source: String) throws(BundleError) -> [UInt8] {
    guard file.count <= BundleLimits.fileBytes else {
      throw .tooLarge(
        source: source,
        what: "its bytes",
        found: file.count,
        limit: BundleLimits.fileBytes
      )
    }
    var reader = ByteReader(file)
    let version: UInt8
    do {
      version = try reader.begin(domain)
    } catch {
      throw .notABundle(source: source)
    }
    guard version == 1 else { throw .newerVersion(source: source, found: Int(version)) }
    return try BundleError.reading(source) { () throws(FormatError) in
      let isPacked = try reader.flag("compression")
      let length = try reader.number("length")
      guard length <= BundleLimits.plainBytes else {
        throw .limit("content", found: length, limit: BundleLimits.plainBytes)
      }
      let rest = reader.rest()
      let plain =
        isPacked
        ? try Deflate().decompress(rest[...], dictionary: [], limit: length) : rest
      guard plain.count == length else { throw .length("content") }
      return plain
    }
  }

  /// What comes before objects and entries.
  struct Head {
    var projects: [String]
    var peaks: MerklePeaks
    var count: Int
    var root: LogRoot
    var receipts: [Receipt]
    var texts: [String]

    init(
      projects: [String],
      peaks: MerklePeaks,
      count: Int,
      root: LogRoot,
      receipts: [Receipt],
      texts: [String]
    ) {
      self.projects = projects
      self.peaks = peaks
      self.count = count
      self.root = root
      self.receipts = receipts
      self.texts = texts
    }

    init(from reader: inout ByteReader) throws(FormatError) {
      projects = try reader.list("projects") { (reader) throws(FormatError) in
        try reader.string("project")
      }
      try Order.strictlyAscending(projects, "projects") { Order.bytes($0, $1) }
      let size = try reader.number("size")
      var hashes: [LogRoot] = []
      for _ in 0..<size.nonzeroBitCount { hashes.append(try reader.hash("peak")) }
      guard let peaks = MerklePeaks(size: size, hashes: hashes) else { throw .invalid("peaks") }
      self.peaks = peaks
      count = try reader.number("entries")
      root = try reader.hash("root")
      receipts = try reader.list("receipts") { (reader) throws(FormatError) in
        Receipt(
          arrived: try reader.time("arrived"),
          actor: try reader.string("actor"),
          runURL: try reader.optionalString("run URL"),
          importer: try reader.string("importer")
        )
      }
      texts = try reader.list("texts") { (reader) throws(FormatError) -> String in
        let count = try reader.number("text")
        guard count <= FormatLimits.textBytes else {
          throw .limit("text", found: count, limit: FormatLimits.textBytes)
        }
        guard let text = String(validating: try reader.raw(count, "text"), as: UTF8.self) else {
          throw .invalid("text")
        }
        return text
      }
      try Order.strictlyAscending(texts, "texts") { Order.bytes($0, $1) }
    }

    func encode(to writer: inout ByteWriter) throws(FormatError) {
      try writer.list(projects, "projects") { (writer, name) throws(FormatError) in
        try writer.string(name, "project")
      }
      try writer.number(peaks.size, "size")
      for hash in peaks.hashes { writer.hash(hash) }
      try writer.number(count, "entries")
      writer.hash(root)
      try writer.list(receipts, "receipts") { (writer, receipt) throws(FormatError) in
        writer.time(receipt.arrived)
        try writer.string(receipt.actor, "actor")
        try writer.optional(string: receipt.runURL, "run URL")
        try writer.string(receipt.importer, "importer")
      }
      try writer.list(texts, "texts") { (writer, text) throws(FormatError) in
        let bytes = Array(text.utf8)
        writer.unsigned(UInt64(bytes.count))
        writer.raw(bytes)
      }
    }
  }
}

/// Undoes the differences of a bundle, in order.
private struct BundleUndo {
  let source: String
  let outside: any BundleSource
  var left = BundleLimits.expandedBytes

  init(source: String, outside: any BundleSource) {
    self.source = source
    self.outside = outside
  }

  mutating func objects(_ reader: inout ByteReader) throws -> [EntryBundle.Object] {
    let count = try number(&reader, "objects")
    var objects: [EntryBundle.Object] = []
    for _ in 0..<count {
      let (kind, base, delta) = try BundleError.reading(source) {
        () throws(FormatError) -> (ObjectKind, EntryBundle.Base, [UInt8]) in
        guard let kind = ObjectKind(rawValue: Int(try reader.byte("kind"))),
          [.sheet, .tree, .manifest].contains(kind)
        else { throw .invalid("kind of object") }
        return (kind, try EntryBundle.Base(from: &reader), try EntryBundle.delta(from: &reader))
      }
      let before = try bytes(
        of: base,
        earlier: { objects[objects.count - $0].bytes },
        objects.count
      ) {
        try outside.bundledObject($0)
      }
      let bytes = try undo(delta, before)
      let content = try BundleError.reading(source) {
        () throws(FormatError) -> EntryBundle.Content in
        switch kind {
        case .sheet: .sheet(texts: try SheetEncoding.decode(bytes).namedTexts)
        case .tree: .tree(try Tree(encoded: bytes))
        default: .manifest(try Manifest(encoded: bytes))
        }
      }
      objects.append(
        EntryBundle.Object(
          kind: kind,
          base: base,
          delta: delta,
          bytes: bytes,
          id: RawDigest(hashing: bytes).bytes,
          content: content
        )
      )
    }
    return objects
  }

  mutating func members(
    _ reader: inout ByteReader,
    count: Int,
    receipts: Int
  ) throws -> [EntryBundle.Member] {
    var members: [EntryBundle.Member] = []
    for _ in 0..<count {
      let (receipt, base, delta) = try BundleError.reading(source) {
        () throws(FormatError) -> (Int, EntryBundle.Base, [UInt8]) in
        let receipt = try reader.number("receipt")
        guard receipt < receipts else { throw .invalid("receipt") }
        return (receipt, try EntryBundle.Base(from: &reader), try EntryBundle.delta(from: &reader))
      }
      let before = try bytes(
        of: base,
        earlier: { members[members.count - $0].draft.encoded },
        members.count
      ) { id in
        try EntryID(bytes: id).flatMap { try outside.bundledEntry($0) }
      }
      let bytes = try undo(delta, before)
      let draft: EntryDraft
      do {
        draft = try EntryDraft(encoded: bytes)
      } catch {
        throw BundleError.damaged(source: source, reason: "an entry is no entry: \(error)")
      }
      members.append(EntryBundle.Member(receipt: receipt, base: base, delta: delta, draft: draft))
    }
    return members
  }

  private func number(_ reader: inout ByteReader, _ field: String) throws -> Int {
    try BundleError.reading(source) { () throws(FormatError) in
      let count = try reader.number(field)
      guard count <= reader.remaining else { throw .length(field) }
      return count
    }
  }

  private func bytes(
    of base: EntryBundle.Base,
    earlier: (Int) -> [UInt8],
    _ count: Int,
    outside: ([UInt8]) throws -> [UInt8]?
  ) throws -> [UInt8] {
    switch base {
    case .none: return []
    case .earlier(let distance):
      guard distance <= count else {
        throw BundleError.damaged(source: source, reason: "a difference is from nothing")
      }
      return earlier(distance)
    case .outside(let id):
      guard let bytes = try outside(id) else {
        throw BundleError.incomplete(
          source: source,
          what: "it continues a log whose beginning is not here (\(Hex.encode(id.prefix(6))))"
        )
      }
      return bytes
    }
  }

  private mutating func undo(_ delta: [UInt8], _ base: [UInt8]) throws -> [UInt8] {
    let most = min(left, FormatLimits.encodedBytes)
    let bytes = try BundleError.reading(source) { () throws(FormatError) in
      try BlockDelta.decode(delta, base: base, limit: most)
    }
    left -= bytes.count
    return bytes
  }
}

extension EntryBundle {
  static func delta(from reader: inout ByteReader) throws(FormatError) -> [UInt8] {
    Array(try reader.raw(try reader.number("difference"), "difference"))
  }
}

extension EntryBundle.Base {
  init(from reader: inout ByteReader) throws(FormatError) {
    switch try reader.number("base") {
    case 0: self = .none
    case 1: self = .outside(Array(try reader.raw(32, "base")))
    case let number: self = .earlier(number - 1)
    }
  }

  func encode(to writer: inout ByteWriter) {
    switch self {
    case .none: writer.unsigned(0)
    case .outside(let id):
      writer.unsigned(1)
      writer.raw(id)
    case .earlier(let distance): writer.unsigned(UInt64(distance + 1))
    }
  }
}
