/// One line of a tree, manifest, list of rules or list of test cases, as it is stored.
struct StoredLine: Hashable {
  /// What the lines are sorted by, bytewise.
  var key: [UInt8]
  /// A reference to an object: trees.
  var reference = 0
  /// Everything else.
  var value: [UInt8] = []
}

/// Sorted lines stored as their difference from earlier lines; a whole list is the difference from none.
///
/// Runs of equal lines are counted, new keys share the beginning of the key before them, references are differences from
/// the one before. The result is deflated where that is shorter.
struct LineDelta {
  let deflate: Deflate

  private static let remove: UInt64 = 0
  private static let replace: UInt64 = 1
  private static let insert: UInt64 = 2

  func encode(_ lines: [StoredLine], base: [StoredLine]) -> [UInt8] {
    var writer = ByteWriter(capacity: 64)
    var state = State()
    var (old, new, copied) = (0, 0, 0)
    // The kind of change and the count of equal lines before it share a number.
    func begin(_ kind: UInt64) {
      writer.unsigned(UInt64(copied) * 3 + kind)
      copied = 0
    }
    while old < base.count || new < lines.count {
      if old < base.count, new < lines.count, base[old].key == lines[new].key {
        if base[old] == lines[new] {
          copied += 1
        } else {
          begin(LineDelta.replace)
          state.writeValue(lines[new], to: &writer)
        }
        state.key = lines[new].key
        old += 1
        new += 1
      } else if new == lines.count
        || (old < base.count && base[old].key.lexicographicallyPrecedes(lines[new].key))
      {
        begin(LineDelta.remove)
        old += 1
      } else {
        begin(LineDelta.insert)
        state.writeKey(lines[new].key, to: &writer)
        state.writeValue(lines[new], to: &writer)
        new += 1
      }
    }
    var result: [UInt8] = [0]
    result.append(contentsOf: writer.bytes)
    if writer.bytes.count > 16,
      let packed = deflate.compress(writer.bytes[...], dictionary: []),
      packed.count < writer.bytes.count
    {
      result = [1]
      result.append(contentsOf: packed)
    }
    return result
  }

  func decode(_ stored: [UInt8], base: [StoredLine]) throws(FormatError) -> [StoredLine] {
    guard let method = stored.first, method <= 1 else { throw .invalid("lines") }
    let plain =
      method == 0
      ? Array(stored.dropFirst())
      : try deflate.decompress(stored.dropFirst(), dictionary: [])
    var reader = ByteReader(plain)
    var lines: [StoredLine] = []
    lines.reserveCapacity(base.count)
    var state = State()
    var old = 0
    while reader.remaining > 0 {
      let head = try reader.unsigned("lines")
      guard let copied = Int(exactly: head / 3), copied <= base.count - old else {
        throw .invalid("lines")
      }
      lines.append(contentsOf: base[old..<old + copied])
      old += copied
      if let last = lines.last { state.key = last.key }
      switch head % 3 {
      case LineDelta.remove:
        guard old < base.count else { throw .invalid("lines") }
        old += 1
      case LineDelta.replace:
        guard old < base.count else { throw .invalid("lines") }
        var line = StoredLine(key: base[old].key)
        try state.readValue(of: &line, from: &reader)
        lines.append(line)
        old += 1
      default:
        var line = StoredLine(key: try state.readKey(from: &reader))
        try state.readValue(of: &line, from: &reader)
        lines.append(line)
      }
    }
    lines.append(contentsOf: base[old...])
    guard lines.count <= FormatLimits.listCount else {
      throw .limit("lines", found: lines.count, limit: FormatLimits.listCount)
    }
    return lines
  }

  /// What the next line is written against.
  private struct State {
    var key: [UInt8] = []
    var reference = 0

    mutating func writeKey(_ next: [UInt8], to writer: inout ByteWriter) {
      var shared = 0
      while shared < min(key.count, next.count), key[shared] == next[shared] { shared += 1 }
      writer.unsigned(UInt64(shared))
      writer.unsigned(UInt64(next.count - shared))
      writer.raw(next[shared...])
      key = next
    }

    mutating func readKey(from reader: inout ByteReader) throws(FormatError) -> [UInt8] {
      let shared = try reader.number("key")
      let count = try reader.number("key")
      guard shared <= key.count else { throw .invalid("key") }
      var next = Array(key[..<shared])
      next.append(contentsOf: try reader.raw(count, "key"))
      key = next
      return next
    }

    mutating func writeValue(_ line: StoredLine, to writer: inout ByteWriter) {
      writer.signed(Int64(line.reference - reference))
      writer.unsigned(UInt64(line.value.count))
      writer.raw(line.value)
      reference = line.reference
    }

    mutating func readValue(
      of line: inout StoredLine,
      from reader: inout ByteReader
    ) throws(FormatError) {
      let (value, overflow) = reference.addingReportingOverflow(
        Int(truncatingIfNeeded: try reader.signed("reference"))
      )
      guard !overflow else { throw .invalid("reference") }
      reference = value
      line.reference = value
      line.value = Array(try reader.raw(try reader.number("value"), "value"))
      key = line.key
    }
  }
}
