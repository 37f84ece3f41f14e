internal import TallyModel

/// The entries of the journal: stored bodies to and from the bytes that ids are made of.
///
/// Physical forms (the first byte of a body): 0 the bytes; 1 their difference from an earlier entry's; 2 a capture as two numbers;
/// 3 an object that holds the list at the end, and the rest in one of the other forms; 4 the difference of maps from the blobs that the
/// last commits brought.
final class EntryStore {
  private let session: Session
  private let objects: ObjectStore
  private let delta: ByteDelta
  private var plainCache: [Int: Plain] = [:]
  private var blobCache: [Int: [UInt8]] = [:]
  /// What was asked for within the transaction; an entry keeps its place.
  private var ids: [Int: EntryID] = [:]
  private var places: [EntryID: Int] = [:]
  /// True in a transaction that began with an empty journal: what it did not write is not there.
  var knowsAll = false

  /// An entry's bytes, the list at the end apart.
  struct Plain {
    var head: [UInt8]
    var list: Int?
    var depth: Int
  }

  init(_ session: Session, _ objects: ObjectStore, _ deflate: Deflate) {
    self.session = session
    self.objects = objects
    delta = ByteDelta(deflate: deflate)
  }

  // MARK: Finding

  func find(_ id: EntryID) throws -> Int? {
    if let place = places[id] { return place }
    if knowsAll { return nil }
    let bytes = id.bytes
    let place = try session.int(
      "SELECT sequence FROM entry WHERE substr(id, 1, 4) = ? AND id = ?",
      .blob(Array(bytes.prefix(4))),
      .blob(bytes)
    )
    if let place { remember(id, place) }
    return place
  }

  /// Notes where an entry is.
  func remember(_ id: EntryID, _ place: Int) {
    ids[place] = id
    places[id] = place
  }

  func id(_ sequence: Int) throws -> EntryID {
    if let id = ids[sequence] { return id }
    let bytes = try session.first("SELECT id FROM entry WHERE sequence = ?", .int(sequence)) {
      $0.bytes(0)
    }
    guard let bytes, let id = EntryID(bytes: bytes) else {
      throw Damage("entry \(sequence) is missing")
    }
    remember(id, sequence)
    return id
  }

  /// The id of a scan: from the books, which hold many on a page, where they hold it.
  func scanID(_ sequence: Int) throws -> EntryID {
    if let id = ids[sequence] { return id }
    let bytes = try session.first(
      "SELECT id FROM position_scan WHERE entry = ?",
      .int(sequence)
    ) { $0.bytes(0) }
    guard let bytes, let id = EntryID(bytes: bytes) else { return try self.id(sequence) }
    remember(id, sequence)
    return id
  }

  // MARK: Reading

  /// The bytes that the entry's id is the hash of.
  func encoded(_ sequence: Int) throws -> [UInt8] {
    let plain = try plain(sequence)
    guard let list = plain.list else { return plain.head }
    return plain.head + (try self.list(list))
  }

  func body(_ sequence: Int) throws -> EntryBody {
    let bytes = try encoded(sequence)
    do {
      return try EntryEncoding.decode(bytes)
    } catch {
      throw Damage("entry \(sequence): \(error)")
    }
  }

  private func list(_ object: Int) throws -> [UInt8] {
    guard let kind = ObjectKind(rawValue: try kind(object)) else {
      throw Damage("object \(object) has an unknown kind")
    }
    return EntryStore.listBytes(try objects.lines(object, kind))
  }

  private func kind(_ object: Int) throws -> Int {
    let kind = try session.int("SELECT kind FROM object WHERE number = ?", .int(object))
    guard let kind else { throw Damage("object \(object) is missing") }
    return kind
  }

  private func plain(_ sequence: Int) throws -> Plain {
    if let plain = plainCache[sequence] { return plain }
    let stored = try session.first("SELECT body FROM entry WHERE sequence = ?", .int(sequence)) {
      $0.bytes(0)
    }
    guard let stored else { throw Damage("entry \(sequence) is missing") }
    let plain: Plain
    do {
      var reader = ByteReader(stored)
      plain = try decode(&reader, sequence)
    } catch let error as FormatError {
      throw Damage("entry \(sequence): \(error)")
    }
    keep(plain, sequence)
    return plain
  }

  private func keep(_ plain: Plain, _ sequence: Int) {
    if plainCache.count > 512 { plainCache.removeAll(keepingCapacity: true) }
    plainCache[sequence] = plain
  }

  private func decode(
    _ reader: inout ByteReader,
    _ sequence: Int,
    isNested: Bool = false
  ) throws -> Plain {
    switch try reader.byte("method") {
    case 0:
      return Plain(head: try delta.decode(reader.rest(), base: []), list: nil, depth: 0)
    case 1:
      let distance = try reader.number("base")
      guard distance > 0, distance < sequence else { throw FormatError.invalid("base") }
      let base = try plain(sequence - distance)
      guard base.depth < EntryStore.longestChain else { throw FormatError.invalid("base") }
      return Plain(
        head: try delta.decode(reader.rest(), base: base.head),
        list: nil,
        depth: base.depth + 1
      )
    case 2:
      let scan = try id(try reader.number("scan"))
      guard let tree = TreeID(bytes: try objects.id(try reader.number("tree"))) else {
        throw FormatError.invalid("tree")
      }
      let body = EntryBody.evidence(.capture(scan: scan, tree: tree))
      return Plain(head: try EntryEncoding.encode(body), list: nil, depth: 0)
    case 4 where !isNested:
      let count = try reader.number("blobs")
      guard (1...64).contains(count) else { throw FormatError.invalid("blobs") }
      let (found, blobs) = try recentBlobs(before: sequence, count: count, bytes: .max)
      guard found == count else { throw FormatError.invalid("blobs") }
      return Plain(head: try delta.decode(reader.rest(), base: blobs), list: nil, depth: 0)
    case 3 where !isNested:
      let list = try reader.number("list")
      var plain = try decode(&reader, sequence, isNested: true)
      plain.list = list
      return plain
    default:
      throw FormatError.invalid("method")
    }
  }

  // MARK: Writing

  static let longestChain = 15

  /// The stored form of an entry; `base` is an earlier entry that is likely to be alike.
  func store(_ draft: EntryDraft, as sequence: Int, base: Int?) throws -> [UInt8] {
    var result: [UInt8] = []
    var head = draft.encoded
    var list: Int?
    switch draft.body {
    case .evidence(.capture(let scan, let tree)):
      if let scan = try find(scan), let tree = try objects.find(tree.bytes) {
        var writer = ByteWriter(capacity: 12)
        writer.byte(2)
        writer.unsigned(UInt64(scan))
        writer.unsigned(UInt64(tree))
        return writer.bytes
      }
    case .scan(let record) where record.rules.count > 1:
      let lines = try record.rules.map { (rule) throws(FormatError) in
        try EntryStore.line(key: rule.id) { (writer) throws(FormatError) in
          try rule.encode(to: &writer)
        }
      }
      (head, list) = try split(head, lines, .rules, base, into: &result)
    case .tests(let record) where record.cases.count > 1:
      let lines = try record.cases.map { (item) throws(FormatError) in
        try EntryStore.line(key: item.id) { (writer) throws(FormatError) in
          try item.encode(to: &writer)
        }
      }
      (head, list) = try split(head, lines, .cases, base, into: &result)
    case .evidence(.maps):
      let (count, blobs) = try recentBlobs(before: sequence)
      if count > 0 {
        var writer = ByteWriter(capacity: 8)
        writer.byte(4)
        writer.unsigned(UInt64(count))
        return writer.bytes + delta.encode(head, base: blobs)
      }
    default: break
    }
    if let base {
      let plain = try plain(base)
      if plain.depth < EntryStore.longestChain {
        var writer = ByteWriter(capacity: 8)
        writer.byte(1)
        writer.unsigned(UInt64(sequence - base))
        result += writer.bytes + delta.encode(head, base: plain.head)
        // The next of its kind is the difference from it.
        keep(Plain(head: head, list: list, depth: plain.depth + 1), sequence)
        return result
      }
    }
    result += [0] + delta.encode(head, base: [])
    keep(Plain(head: head, list: list, depth: 0), sequence)
    return result
  }

  /// The blobs that the commits of the last change entries brought, oldest first: what maps are about.
  ///
  /// At most so many entries and bytes. More would make entries a little smaller, but each is a page to read and a text to inflate:
  /// half of the blobs that maps lead from came with the last 8,000 bytes.
  private func recentBlobs(
    before sequence: Int,
    count: Int = 64,
    bytes: Int = 8_000
  ) throws -> (count: Int, bytes: [UInt8]) {
    let recent = try session.rows(
      "SELECT entry FROM fact WHERE key = ? AND entry < ? ORDER BY entry DESC LIMIT ?",
      .int(FactKey.allChanges),
      .int(sequence),
      .int(count)
    ) { $0.int(0) }
    var parts: [[UInt8]] = []
    var total = 0
    for entry in recent {
      let blobs = try blobs(entry)
      total += blobs.count
      if total > bytes { break }
      parts.append(blobs)
    }
    return (parts.count, parts.reversed().flatMap { $0 })
  }

  private func blobs(_ sequence: Int) throws -> [UInt8] {
    if let known = blobCache[sequence] { return known }
    var blobs: [UInt8] = []
    if case .evidence(.changes(_, _, let files)) = try body(sequence) {
      for file in files {
        if let blob = file.blob { blobs.append(contentsOf: blob.bytes) }
      }
    }
    blobCache[sequence] = blobs
    return blobs
  }

  /// Moves the list at the end into an object, and returns what is before it with the object's number.
  private func split(
    _ encoded: [UInt8],
    _ lines: [StoredLine],
    _ kind: ObjectKind,
    _ base: Int?,
    into result: inout [UInt8]
  ) throws -> (head: [UInt8], list: Int?) {
    let bytes = EntryStore.listBytes(lines)
    guard encoded.suffix(bytes.count).elementsEqual(bytes) else { return (encoded, nil) }
    let id = EntryStore.listID(bytes, kind)
    var number = try objects.find(id)
    if number == nil {
      let previous = try base.flatMap { try plain($0).list }
      number = try objects.saveLines(id, kind, lines, previous: previous)
    }
    guard let number else { return (encoded, nil) }
    var writer = ByteWriter(capacity: 8)
    writer.byte(3)
    writer.unsigned(UInt64(number))
    result = writer.bytes
    return (Array(encoded.dropLast(bytes.count)), number)
  }

  private static func line(
    key: String,
    _ encode: (inout ByteWriter) throws(FormatError) -> Void
  ) throws(FormatError) -> StoredLine {
    var writer = ByteWriter(capacity: 96)
    try encode(&writer)
    var prefix = ByteWriter(capacity: 8)
    let bytes = Array(key.utf8)
    prefix.unsigned(UInt64(bytes.count))
    return StoredLine(
      key: bytes,
      value: Array(writer.bytes.dropFirst(prefix.bytes.count + bytes.count))
    )
  }

  /// A list as it stands at the end of an entry: the count, then key and value of each line.
  static func listBytes(_ lines: [StoredLine]) -> [UInt8] {
    var writer = ByteWriter(capacity: 16 + lines.count * 64)
    writer.unsigned(UInt64(lines.count))
    for line in lines {
      writer.unsigned(UInt64(line.key.count))
      writer.raw(line.key)
      writer.raw(line.value)
    }
    return writer.bytes
  }

  /// Names the object of a list.
  static func listID(_ bytes: [UInt8], _ kind: ObjectKind) -> [UInt8] {
    var writer = ByteWriter(capacity: bytes.count + 16)
    writer.begin(kind == .rules ? "tally.rules" : "tally.cases")
    writer.raw(bytes)
    return RawDigest(hashing: writer.bytes).bytes
  }
}
