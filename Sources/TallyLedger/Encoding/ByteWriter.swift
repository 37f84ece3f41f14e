internal import TallyModel

/// Appends values in the stored format: fixed order, no padding, one spelling a value.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  init(capacity: Int = 256) { bytes.reserveCapacity(capacity) }

  /// A domain and the version of what follows, so that bytes of one kind are never those of another.
  mutating func begin(_ domain: StaticString, version: UInt8 = 1) {
    domain.withUTF8Buffer { buffer in
      bytes.append(UInt8(truncatingIfNeeded: buffer.count))
      bytes.append(contentsOf: buffer)
    }
    bytes.append(version)
  }

  mutating func byte(_ value: UInt8) { bytes.append(value) }

  mutating func raw(_ value: some Collection<UInt8>) { bytes.append(contentsOf: value) }

  mutating func flag(_ value: Bool) { bytes.append(value ? 1 : 0) }

  /// LEB128 in as few bytes as possible.
  mutating func unsigned(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// A count, line or length; never negative.
  mutating func number(_ value: Int, _ field: String) throws(FormatError) {
    guard value >= 0 else { throw .invalid(field) }
    unsigned(UInt64(value))
  }

  /// Zigzag: 0, -1, 1, -2 are 0, 1, 2, 3.
  mutating func signed(_ value: Int64) {
    unsigned(UInt64(bitPattern: value << 1) ^ UInt64(bitPattern: value >> 63))
  }

  mutating func fixed16(_ value: UInt16) {
    bytes.append(UInt8(truncatingIfNeeded: value >> 8))
    bytes.append(UInt8(truncatingIfNeeded: value))
  }

  mutating func fixed32(_ value: UInt32) {
    fixed16(UInt16(truncatingIfNeeded: value >> 16))
    fixed16(UInt16(truncatingIfNeeded: value))
  }

  mutating func fixed64(_ value: UInt64) {
    fixed32(UInt32(truncatingIfNeeded: value >> 32))
    fixed32(UInt32(truncatingIfNeeded: value))
  }

  mutating func string(_ value: String, _ field: String) throws(FormatError) {
    let count = value.utf8.count
    guard count <= FormatLimits.stringBytes else {
      throw .limit(field, found: count, limit: FormatLimits.stringBytes)
    }
    unsigned(UInt64(count))
    var copy = value
    copy.withUTF8 { bytes.append(contentsOf: $0) }
  }

  mutating func path(_ value: RepoPath) throws(FormatError) { try string(value.text, "path") }

  mutating func hash<Subject>(_ id: ContentID<Subject>) { bytes.append(contentsOf: id.bytes) }

  /// A git name: its length, then its bytes.
  mutating func git<Subject>(_ id: GitObjectID<Subject>) {
    let value = id.bytes
    bytes.append(UInt8(truncatingIfNeeded: value.count))
    bytes.append(contentsOf: value)
  }

  mutating func time(_ value: Timestamp) { signed(value.seconds) }

  mutating func optional<Value>(
    _ value: Value?,
    _ write: (inout ByteWriter, Value) throws(FormatError) -> Void
  ) throws(FormatError) {
    guard let value else {
      bytes.append(0)
      return
    }
    bytes.append(1)
    try write(&self, value)
  }

  mutating func optional<Subject>(hash value: ContentID<Subject>?) {
    flag(value != nil)
    if let value { hash(value) }
  }

  mutating func optional(string value: String?, _ field: String) throws(FormatError) {
    flag(value != nil)
    if let value { try string(value, field) }
  }

  mutating func optional(time value: Timestamp?) {
    flag(value != nil)
    if let value { time(value) }
  }

  mutating func optional(signed value: Int?) {
    flag(value != nil)
    if let value { signed(Int64(value)) }
  }

  mutating func list<Item>(
    _ items: [Item],
    _ field: String,
    _ write: (inout ByteWriter, Item) throws(FormatError) -> Void
  ) throws(FormatError) {
    guard items.count <= FormatLimits.listCount else {
      throw .limit(field, found: items.count, limit: FormatLimits.listCount)
    }
    unsigned(UInt64(items.count))
    for item in items { try write(&self, item) }
  }

  mutating func list(strings: [String], sorted field: String) throws(FormatError) {
    try Order.ascending(strings, field) { Order.bytes($0, $1) }
    try list(strings, field) { (writer, text) throws(FormatError) in
      try writer.string(text, field)
    }
  }
}

/// Checks of the order that makes a list's encoding the only one.
enum Order {
  /// Says whether the left text comes first, bytewise; never by canonical equivalence.
  static func bytes(_ lhs: String, _ rhs: String) -> Bool {
    lhs.utf8.lexicographicallyPrecedes(rhs.utf8)
  }

  /// No item may come before the one in front of it.
  static func ascending<Item>(
    _ items: [Item],
    _ field: String,
    _ precedes: (Item, Item) -> Bool
  ) throws(FormatError) {
    var index = 1
    while index < items.count {
      if precedes(items[index], items[index - 1]) { throw .unsorted(field) }
      index += 1
    }
  }

  /// Each item must come after the one in front of it: sorted, and each once.
  static func strictlyAscending<Item>(
    _ items: [Item],
    _ field: String,
    _ precedes: (Item, Item) -> Bool
  ) throws(FormatError) {
    var index = 1
    while index < items.count {
      if !precedes(items[index - 1], items[index]) { throw .unsorted(field) }
      index += 1
    }
  }
}
