/// Mends the faults that runners are known for, in a file that is not well-formed as it is.
///
/// `swift test --xunit-output` does not escape the names of raw identifiers: a line of the shape
/// `<testcase classname="…" name="…" time="…"` gets its names escaped. Many runners copy output as it
/// is: characters that XML does not allow, raw or as `&#27;`, and bytes that are no UTF-8 become
/// U+FFFD. Nothing else is touched.
struct JUnitRepair {
  private let bytes: UnsafeRawBufferPointer
  private let isUTF8: Bool

  /// Takes the text; `isUTF8` says whether it is or is meant to be UTF-8, not another encoding of
  /// single bytes.
  init(_ bytes: UnsafeRawBufferPointer, isUTF8: Bool) {
    self.bytes = bytes
    self.isUTF8 = isUTF8
  }

  /// The mended text and how often it was mended, by reason; nil when there is nothing to mend.
  func repaired() -> (bytes: [UInt8], counts: [(String, Int)])? {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 1024)
    var lines = 0
    var faults = Faults()
    var start = 0
    while start < bytes.count {
      let newline = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count - 1
      let line = UnsafeRawBufferPointer(rebasing: bytes[start...newline])
      start = newline + 1
      if let escaped = JUnitRepair.escapedNames(line) {
        lines += 1
        escaped.withUnsafeBytes { append($0, to: &result, &faults) }
      } else {
        append(line, to: &result, &faults)
      }
    }
    let counts = [
      ("repaired-line", lines), ("repaired-character", faults.characters),
      ("repaired-byte", faults.bytes),
    ]
    let found = counts.filter { $0.1 > 0 }
    return found.isEmpty ? nil : (result, found)
  }

  private struct Faults {
    var characters = 0
    var bytes = 0
  }

  /// The line with its names escaped; nil when it has another shape, is ambiguous, or needs
  /// nothing.
  private static func escapedNames(_ line: UnsafeRawBufferPointer) -> [UInt8]? {
    if isPlain(line) { return nil }
    let text = String(decoding: line, as: UTF8.self)
    guard let open = text.range(of: "<testcase classname=\""), isBlank(text[..<open.lowerBound]),
      let tail = closing(of: text[open.upperBound...])
    else { return nil }
    let middle = text[open.upperBound..<tail]
    let separator = "\" name=\""
    guard let first = middle.range(of: separator),
      middle[first.upperBound...].range(of: separator) == nil
    else { return nil }
    let className = escape(middle[..<first.lowerBound])
    let name = escape(middle[first.upperBound...])
    let mended = text[..<open.upperBound] + className + separator + name + text[tail...]
    return mended == text ? nil : Array(mended.utf8)
  }

  /// Says cheaply that there is nothing to escape: one tag, no reference, quotes for two or three
  /// attributes; or no case at all.
  private static func isPlain(_ line: UnsafeRawBufferPointer) -> Bool {
    let rest = line.drop { isWhiteSpace($0) }
    if !rest.starts(with: Array("<testcase ".utf8)) { return true }
    var quotes = 0
    var brackets = 0
    for byte in rest {
      switch byte {
      case UInt8(ascii: "\""): quotes += 1
      case UInt8(ascii: "<"), UInt8(ascii: ">"): brackets += 1
      case UInt8(ascii: "&"): return false
      default: break
      }
    }
    return brackets == 2 && (quotes == 4 || quotes == 6)
  }

  /// Where the last quote before the end of the tag is, with or without a time.
  private static func closing(of text: Substring) -> String.Index? {
    var end = text.endIndex
    for character in ["\n", "\r\n", "\r", " ", ">", "/", " "] {
      if text[..<end].hasSuffix(character) {
        end = text.index(before: end)
      }
    }
    let tag = text[..<end]
    guard tag.hasSuffix("\"") else { return nil }
    let quote = tag.index(before: tag.endIndex)
    if let time = tag.range(of: "\" time=\"", isLast: true), time.upperBound <= quote {
      let value = tag[time.upperBound..<quote]
      if value.allSatisfy({ $0.isNumber || ".,-+e".contains($0) }) { return time.lowerBound }
    }
    return quote
  }

  private static func isBlank(_ text: Substring) -> Bool { text.allSatisfy(\.isWhitespace) }

  /// Escapes what must be, and leaves the references that are there.
  private static func escape(_ text: Substring) -> String {
    var result = ""
    var rest = text
    while let character = rest.first {
      switch character {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "&": result += startsReference(rest) ? "&" : "&amp;"
      default: result.append(character)
      }
      rest = rest.dropFirst()
    }
    return result
  }

  private static func startsReference(_ text: Substring) -> Bool {
    for reference in ["&lt;", "&gt;", "&amp;", "&quot;", "&apos;"] where text.hasPrefix(reference) {
      return true
    }
    guard text.hasPrefix("&#"), let end = text.firstIndex(of: ";") else { return false }
    let digits = text[..<end].dropFirst(2)
    return !digits.isEmpty && digits.allSatisfy { $0.isHexDigit || $0 == "x" }
  }

  /// Appends the bytes with what XML 1.0 does not allow replaced.
  private func append(
    _ bytes: UnsafeRawBufferPointer,
    to result: inout [UInt8],
    _ faults: inout Faults
  ) {
    bytes.withMemoryRebound(to: UInt8.self) { text in
      var at = 0
      while at < text.count {
        let byte = text[at]
        if byte == UInt8(ascii: "&"),
          let length = JUnitRepair.forbiddenReference(UnsafeRawBufferPointer(text)[at...])
        {
          result += JUnitRepair.replacement
          faults.characters += 1
          at += length
        } else if byte >= 0x80, !isUTF8 {
          result.append(byte)
          at += 1
        } else if let length = UTF8Scan.length(text, at: at) {
          result += text[at..<(at + length)]
          at += length
        } else {
          let length = UTF8Scan.faultLength(text, at: at)
          let isCharacter = length == 1 ? byte < 0x80 : length == 3 && byte >= 0xED
          result += JUnitRepair.replacement
          if isCharacter { faults.characters += 1 } else { faults.bytes += 1 }
          at += length
        }
      }
    }
  }

  private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

  /// The length of a reference such as `&#27;` to a character that XML does not allow, or nil.
  private static func forbiddenReference(_ bytes: Slice<UnsafeRawBufferPointer>) -> Int? {
    let head = String(decoding: bytes.prefix(12), as: UTF8.self)
    guard head.hasPrefix("&#"), let end = head.firstIndex(of: ";") else { return nil }
    let digits = head[..<end].dropFirst(2)
    let isHex = digits.hasPrefix("x") || digits.hasPrefix("X")
    guard let value = UInt32(isHex ? digits.dropFirst() : digits, radix: isHex ? 16 : 10) else {
      return nil
    }
    // A capital X is no reference in XML, whatever follows it.
    let isAllowed = isAllowed(value) && !digits.hasPrefix("X")
    return isAllowed ? nil : head[...end].utf8.count
  }

  private static func isAllowed(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x09, 0x0A, 0x0D, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }
}

extension StringProtocol {
  /// The first or last place of a text, compared character by character.
  fileprivate func range(of needle: String, isLast: Bool = false) -> Range<Index>? {
    guard let first = needle.first else { return nil }
    var found: Range<Index>?
    var start = startIndex
    while let place = self[start...].firstIndex(of: first) {
      if self[place...].hasPrefix(needle) {
        let range = place..<index(place, offsetBy: needle.count)
        if !isLast { return range }
        found = range
      }
      start = index(after: place)
    }
    return found
  }
}
