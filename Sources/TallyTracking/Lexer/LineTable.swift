import TallyModel

/// Where the lines of a text are.
///
/// Lines end with `\n`, `\r\n` or `\r`. A text that ends with a line break has an empty last line after it. A byte order mark belongs to no line.
struct LineTable {
  /// Texts with a longer line are not looked at: 1 MiB.
  static let longestLine_bytes = 1_048_576

  /// The offset of the first byte of each line.
  private(set) var starts: [Int] = []
  /// The offset after the last byte of each line, its line break left out.
  private(set) var ends: [Int] = []

  /// How many lines there are, at least 1.
  var count: Int { starts.count }

  /// How many lines there are when an empty one after the last line break does not count.
  var diffCount: Int {
    let last = starts.count - 1
    return starts[last] == ends[last] ? last : last + 1
  }

  /// Finds the lines; nil for a text with a NUL byte or a line of more than 1 MiB.
  init?(_ text: UnsafeRawBufferPointer) {
    starts.reserveCapacity(text.count / 24 + 1)
    ends.reserveCapacity(text.count / 24 + 1)
    var start = ByteClass.markLength(text)
    var offset = start
    let count = text.count
    while offset < count {
      let byte = text[offset]
      if byte > 0x0D {
        offset += 1
        continue
      }
      if byte == 0 { return nil }
      if byte == 0x0A || byte == 0x0D {
        if offset - start > Self.longestLine_bytes { return nil }
        starts.append(start)
        ends.append(offset)
        offset += 1
        if byte == 0x0D && offset < count && text[offset] == 0x0A { offset += 1 }
        start = offset
      } else {
        offset += 1
      }
    }
    if count - start > Self.longestLine_bytes { return nil }
    starts.append(start)
    ends.append(count)
  }

  /// The 32-bit FNV-1a hash of a line (from 0) without white space.
  func hash(_ line: Int, in text: UnsafeRawBufferPointer) -> UInt32 {
    var state = FNV32()
    for offset in starts[line]..<ends[line] {
      let byte = text[offset]
      if !ByteClass.isSpace(byte) { state.add(byte) }
    }
    return state.value
  }

  /// The line (from 0) that an offset lies on.
  func line(at offset: Int) -> Int {
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }
}

/// Finds byte offsets for columns of ascending places without walking a line twice.
struct ColumnCursor {
  private let unit: ColumnUnit
  private var line = -1
  private var column = 1
  private var offset = 0

  init(unit: ColumnUnit) { self.unit = unit }

  /// Returns the offset of a column (from 1) on a line (from 0), at most the end of the line.
  mutating func offset(
    line wanted: Int,
    column target: Int,
    lines: LineTable,
    text: UnsafeRawBufferPointer
  ) -> Int {
    let end = lines.ends[wanted]
    if unit == .utf8Bytes { return min(lines.starts[wanted] + target - 1, end) }
    if line != wanted || column > target {
      line = wanted
      column = 1
      offset = lines.starts[wanted]
    }
    while column < target && offset < end {
      let (next, units) = Self.step(text, at: offset, end: end, unit: unit)
      offset = next
      column += units
    }
    return offset
  }

  /// Returns the offset after the character at an offset, and how many units it counts for.
  ///
  /// A byte that does not continue a character begins one; continuation bytes count nothing, but at the start of a line.
  static func step(
    _ text: UnsafeRawBufferPointer,
    at offset: Int,
    end: Int,
    unit: ColumnUnit
  ) -> (next: Int, units: Int) {
    let units = unit == .utf16CodeUnits && text[offset] >= 0xF0 ? 2 : 1
    var next = offset + 1
    while next < end && text[next] & 0xC0 == 0x80 { next += 1 }
    return (next, units)
  }

  /// Counts the Unicode scalars between two offsets of one line.
  static func scalars(_ text: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int {
    var count = 0
    for offset in start..<end where text[offset] & 0xC0 != 0x80 { count += 1 }
    return count
  }
}
