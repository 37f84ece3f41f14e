internal import TallyModel

/// Reads values in the stored format and refuses every spelling but the one the writer makes.
struct ByteReader {
  private let bytes: [UInt8]
  private(set) var position: Int
  private let end: Int

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    position = 0
    end = bytes.count
  }

  var remaining: Int { end - position }

  /// What has not been read yet.
  mutating func rest() -> [UInt8] {
    let result = Array(bytes[position..<end])
    position = end
    return result
  }

  func finish(_ field: String) throws(FormatError) {
    guard position == end else { throw .length(field) }
  }

  /// The version after an expected domain.
  mutating func begin(_ domain: StaticString) throws(FormatError) -> UInt8 {
    let count = try byte("domain")
    let text = try raw(Int(count), "domain")
    let matches = domain.withUTF8Buffer { $0.elementsEqual(text) }
    guard matches else { throw .invalid("domain") }
    return try byte("version")
  }

  /// Like ``begin(_:)``, for what only version 1 is known of.
  mutating func beginFirstVersion(_ domain: StaticString) throws(FormatError) {
    guard try begin(domain) == 1 else { throw .invalid("version") }
  }

  mutating func byte(_ field: String) throws(FormatError) -> UInt8 {
    guard position < end else { throw .length(field) }
    let value = bytes[position]
    position += 1
    return value
  }

  mutating func raw(_ count: Int, _ field: String) throws(FormatError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= end - position else { throw .length(field) }
    let slice = bytes[position..<position + count]
    position += count
    return slice
  }

  mutating func flag(_ field: String) throws(FormatError) -> Bool {
    switch try byte(field) {
    case 0: return false
    case 1: return true
    default: throw .invalid(field)
    }
  }

  mutating func unsigned(_ field: String) throws(FormatError) -> UInt64 {
    // Nearly every number is below 128.
    if position < end, bytes[position] < 0x80 {
      position += 1
      return UInt64(bytes[position - 1])
    }
    return try longUnsigned(field)
  }

  private mutating func longUnsigned(_ field: String) throws(FormatError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let next = try byte(field)
      let bits = UInt64(next & 0x7f)
      if shift == 63, bits > 1 { throw .invalid(field) }
      value |= bits << shift
      if next & 0x80 == 0 {
        // A last byte of zero would be a longer spelling of a smaller number.
        if next == 0, shift > 0 { throw .invalid(field) }
        return value
      }
      shift += 7
      if shift > 63 { throw .invalid(field) }
    }
  }

  mutating func number(_ field: String) throws(FormatError) -> Int {
    guard let value = Int(exactly: try unsigned(field)) else { throw .invalid(field) }
    return value
  }

  mutating func signed(_ field: String) throws(FormatError) -> Int64 {
    let value = try unsigned(field)
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  mutating func fixed16(_ field: String) throws(FormatError) -> UInt16 {
    UInt16(try byte(field)) << 8 | UInt16(try byte(field))
  }

  mutating func fixed32(_ field: String) throws(FormatError) -> UInt32 {
    UInt32(try fixed16(field)) << 16 | UInt32(try fixed16(field))
  }

  mutating func fixed64(_ field: String) throws(FormatError) -> UInt64 {
    UInt64(try fixed32(field)) << 32 | UInt64(try fixed32(field))
  }

  mutating func string(_ field: String) throws(FormatError) -> String {
    let count = try number(field)
    guard count <= FormatLimits.stringBytes else {
      throw .limit(field, found: count, limit: FormatLimits.stringBytes)
    }
    guard let text = String(validating: try raw(count, field), as: UTF8.self) else {
      throw .invalid(field)
    }
    return text
  }

  mutating func path() throws(FormatError) -> RepoPath {
    RepoPath(normalized: try string("path"))
  }

  mutating func hash<Subject>(_ field: String) throws(FormatError) -> ContentID<Subject> {
    guard let id = ContentID<Subject>(bytes: try raw(32, field)) else { throw .invalid(field) }
    return id
  }

  mutating func git<Subject>(_ field: String) throws(FormatError) -> GitObjectID<Subject> {
    let count = Int(try byte(field))
    guard count == 20 || count == 32,
      let id = GitObjectID<Subject>(bytes: try raw(count, field))
    else { throw .invalid(field) }
    return id
  }

  mutating func time(_ field: String) throws(FormatError) -> Timestamp {
    Timestamp(seconds: try signed(field))
  }

  mutating func level(_ field: String) throws(FormatError) -> Level {
    guard let level = Level(rawValue: try byte(field)) else { throw .invalid(field) }
    return level
  }

  mutating func optional<Value>(
    _ field: String,
    _ read: (inout ByteReader) throws(FormatError) -> Value
  ) throws(FormatError) -> Value? {
    try flag(field) ? try read(&self) : nil
  }

  mutating func optionalHash<Subject>(
    _ field: String
  ) throws(FormatError) -> ContentID<Subject>? {
    try flag(field) ? try hash(field) : nil
  }

  mutating func optionalString(_ field: String) throws(FormatError) -> String? {
    try flag(field) ? try string(field) : nil
  }

  mutating func optionalTime(_ field: String) throws(FormatError) -> Timestamp? {
    try flag(field) ? try time(field) : nil
  }

  mutating func optionalSigned(_ field: String) throws(FormatError) -> Int? {
    guard try flag(field) else { return nil }
    guard let value = Int(exactly: try signed(field)) else { throw .invalid(field) }
    return value
  }

  mutating func list<Item>(
    _ field: String,
    _ read: (inout ByteReader) throws(FormatError) -> Item
  ) throws(FormatError) -> [Item] {
    let count = try number(field)
    guard count <= FormatLimits.listCount else {
      throw .limit(field, found: count, limit: FormatLimits.listCount)
    }
    // An item takes a byte at least, so a lying count cannot make the reader reserve memory.
    guard count <= remaining else { throw .length(field) }
    var items: [Item] = []
    items.reserveCapacity(count)
    for _ in 0..<count { items.append(try read(&self)) }
    return items
  }

  mutating func sortedStrings(_ field: String) throws(FormatError) -> [String] {
    let items = try list(field) { (reader) throws(FormatError) in try reader.string(field) }
    try Order.ascending(items, field) { Order.bytes($0, $1) }
    return items
  }
}
