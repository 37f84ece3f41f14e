/// What stands before the first element and behind the last, and how it is to be read.
///
/// `encoding="utf8"` can only mean UTF-8, white space before `<?xml` belongs to nobody, and what .NET
/// writes as `utf-16` into a file of bytes is UTF-8.
struct JUnitProlog {
  /// How many bytes to leave out at the start.
  let start: Int
  /// Where the document ends.
  let end: Int
  /// The encoding to read in, whatever is declared; nil for the declared one.
  let encoding: String?
  /// True when the bytes are UTF-8, or are meant to be.
  let isUTF8: Bool
  /// What was put right, by reason.
  let counts: [(String, Int)]

  init(_ bytes: UnsafeRawBufferPointer) {
    let wide = FilePrefix(bytes).wideEncoding
    if wide != nil {
      start = 0
      end = bytes.count
      isUTF8 = false
      // A transcoded file may still declare what it was before.
      let isUTF16 = wide == "UTF-16" && bytes.first.map { $0 == 0xFF || $0 == 0xFE } == true
      encoding = isUTF16 ? "UTF-16" : nil
      counts = []
      return
    }
    var counts: [(String, Int)] = []
    let lead = JUnitProlog.leadingSpace(bytes)
    start = lead
    end = bytes.count - JUnitProlog.trailingSpace(bytes)
    if lead > 0 { counts.append(("leading-space", 1)) }
    if end < bytes.count { counts.append(("trailing-space", 1)) }
    let head = UnsafeRawBufferPointer(rebasing: bytes[lead...])
    guard let declared = JUnitProlog.declaredEncoding(head) else {
      encoding = nil
      isUTF8 = true
      self.counts = counts
      return
    }
    let name = declared.lowercased()
    if name == "utf-8" {
      encoding = nil
      isUTF8 = true
    } else if JUnitProlog.meansUTF8(name) {
      encoding = "UTF-8"
      isUTF8 = true
      // ASCII is read as what it is a part of, and nothing is wrong with that.
      if !name.contains("ascii") { counts.append(("encoding-name", 1)) }
    } else if SingleByteEncoding.isKnown(name), !JUnitProlog.isMarkedUTF8(head) {
      encoding = nil
      isUTF8 = false
    } else if JUnitProlog.isUTF8(bytes) {
      // Of an encoding that is not read here or that the mark before it denies, and the bytes are what
      // they would be in UTF-8.
      encoding = "UTF-8"
      isUTF8 = true
      counts.append(("encoding-name", 1))
    } else {
      encoding = nil
      isUTF8 = false
    }
    self.counts = counts
  }

  /// The byte order mark in UTF-8.
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// The length of what stands before the document and may not: a byte order mark behind anything, and
  /// white space before an XML declaration; 0 where nothing does.
  static func leadingSpace(_ bytes: UnsafeRawBufferPointer) -> Int {
    var at = 0
    var hasSpace = false
    var hasLateMark = false
    while at < bytes.count {
      if isWhiteSpace(bytes[at]) {
        at += 1
        hasSpace = true
      } else if bytes[at...].starts(with: mark) {
        hasLateMark = hasLateMark || at > 0
        at += 3
      } else {
        break
      }
    }
    let isOdd = hasLateMark || hasSpace && bytes[at...].starts(with: Array("<?xml".utf8))
    return isOdd && at < bytes.count && bytes[at] == UInt8(ascii: "<") ? at : 0
  }

  /// The length of what stands behind the document and may not: zeros, the end-of-file character of
  /// Windows, a byte order mark; 0 where nothing does.
  private static func trailingSpace(_ bytes: UnsafeRawBufferPointer) -> Int {
    var rest = bytes[...]
    var isOdd = false
    while let last = rest.last {
      if last == 0 || last == 0x1A {
        isOdd = true
        rest = rest.dropLast()
      } else if rest.suffix(3).elementsEqual(mark) {
        isOdd = true
        rest = rest.dropLast(3)
      } else if isWhiteSpace(last) {
        rest = rest.dropLast()
      } else {
        break
      }
    }
    return isOdd && rest.last == UInt8(ascii: ">") ? bytes.count - rest.count : 0
  }

  /// The length of the XML declaration, however it is written; nil where there is none.
  static func declarationLength(_ bytes: UnsafeRawBufferPointer) -> Int? {
    let lead = bytes.starts(with: mark) ? mark.count : 0
    let head = String(decoding: bytes[lead...].prefix(FilePrefix.length), as: UTF8.self)
    guard head.lowercased().hasPrefix("<?xml"), let end = head.firstIndex(of: ">") else {
      return nil
    }
    return lead + head[...end].utf8.count
  }

  /// The name behind `encoding=` in the XML declaration.
  private static func declaredEncoding(_ bytes: UnsafeRawBufferPointer) -> String? {
    let text = FilePrefix(bytes).text
    guard text.hasPrefix("<?xml"), let end = text.firstIndex(of: ">") else { return nil }
    let declaration = text[..<end]
    var rest = declaration
    while let at = rest.firstIndex(of: "e") {
      rest = rest[at...]
      if rest.hasPrefix("encoding") { break }
      rest = rest.dropFirst()
    }
    guard rest.hasPrefix("encoding"), let equals = rest.firstIndex(of: "=") else { return nil }
    let value = rest[rest.index(after: equals)...].drop { $0.isWhitespace }
    guard let quote = value.first, quote == "\"" || quote == "'" else { return nil }
    let name = value.dropFirst().prefix { $0 != quote }.filter { !$0.isWhitespace }
    return name.isEmpty ? nil : String(name)
  }

  private static func meansUTF8(_ name: String) -> Bool {
    switch name.filter({ $0 != "-" && $0 != "_" && $0 != " " }) {
    case "utf8", "utf8sig", "utf8bom", "utf8n", "utf8mb4", "unicode11utf8", "cp65001", "65001":
      true
    // Said of a file of single bytes it is not true.
    case "utf16", "utf16le", "utf16be", "unicode", "ucs2", "utf32": true
    // A subset, and what goes beyond it was meant otherwise.
    case "usascii", "ascii", "ansix3.41968": true
    default: false
    }
  }

  /// Says whether UTF-8 follows a byte order mark, which counts over any declaration.
  private static func isMarkedUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.starts(with: mark) && isUTF8(bytes)
  }

  private static func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.withMemoryRebound(to: UInt8.self) { UTF8Scan.firstFault(in: $0) == nil }
  }
}

/// Finds what is no UTF-8, and the characters that XML 1.0 does not allow.
enum UTF8Scan {
  /// The length of the character at a place where it is one that XML allows; else nil.
  static func length(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
    let first = bytes[start]
    if first < 0x80 {
      return first >= 0x20 || isWhiteSpace(first) ? 1 : nil
    }
    let length: Int
    switch first {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF: length = 3
    case 0xF0...0xF4: length = 4
    default: return nil
    }
    guard start + length <= bytes.count else { return nil }
    for at in (start + 1)..<(start + length) where bytes[at] & 0xC0 != 0x80 { return nil }
    let second = bytes[start + 1]
    switch first {
    case 0xE0 where second < 0xA0, 0xED where second > 0x9F, 0xF0 where second < 0x90,
      0xF4 where second > 0x8F:
      return nil
    // U+FFFE and U+FFFF.
    case 0xEF where second == 0xBF && bytes[start + 2] >= 0xBE: return nil
    default: return length
    }
  }

  /// How many bytes from here on are one fault: a character that is not allowed, a whole one that is
  /// encoded wrongly, or a byte that begins nothing.
  static func faultLength(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
    let first = bytes[start]
    let most = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
    var length = 1
    while length < most, start + length < bytes.count, bytes[start + length] & 0xC0 == 0x80 {
      length += 1
    }
    return length
  }

  /// Where the first fault is; nil for none.
  static func firstFault(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var at = 0
    while at < bytes.count {
      guard let length = length(bytes, at: at) else { return at }
      at += length
    }
    return nil
  }
}
