/// The first bytes of a file, as far as they are needed to tell formats apart.
struct FilePrefix {
  private let bytes: UnsafeRawBufferPointer

  /// How many bytes are looked at.
  static let length = 4096

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = UnsafeRawBufferPointer(rebasing: bytes.prefix(FilePrefix.length))
  }

  /// `UTF-16` or `UTF-32` when a byte order mark or zeros between ASCII say so.
  var wideEncoding: String? {
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
      return "UTF-32"
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
    guard bytes.count >= 4 else { return nil }
    let zeros = [bytes[0] == 0, bytes[1] == 0, bytes[2] == 0, bytes[3] == 0]
    switch zeros {
    case [true, true, true, false], [false, true, true, true]: return "UTF-32"
    case [true, false, true, false], [false, true, false, true]: return "UTF-16"
    default: return nil
    }
  }

  /// The bytes without a byte order mark and leading white space.
  var content: UnsafeRawBufferPointer {
    var rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    return UnsafeRawBufferPointer(rebasing: rest.drop { isWhiteSpace($0) })
  }

  /// The first byte that is not white space.
  var firstCharacter: UInt8? { content.first }

  /// The name of the first element when this is XML; nil for anything else.
  var rootElement: String? {
    // UTF-16 is ASCII with zeros between, as far as the names that matter go.
    var rest = content.filter { $0 != 0 && $0 < 0x80 }[...]
    rest = rest.drop { isWhiteSpace($0) }
    while rest.first == UInt8(ascii: "<") {
      let text = String(decoding: rest, as: UTF8.self)
      let closing: String
      if text.hasPrefix("<!DOCTYPE") {
        guard let after = afterDoctype(rest) else {
          // The document type is the name of the first element.
          let name = rest.dropFirst(9).drop { isWhiteSpace($0) }
            .prefix { !isWhiteSpace($0) && $0 != 0x3E && $0 != 0x5B }
          return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
        }
        rest = after.drop { isWhiteSpace($0) }
        continue
      } else if text.hasPrefix("<?") {
        closing = "?>"
      } else if text.hasPrefix("<!--") {
        closing = "-->"
      } else if text.hasPrefix("<!") {
        closing = ">"
      } else {
        let name = rest.dropFirst().prefix { !isWhiteSpace($0) && $0 != 0x3E && $0 != 0x2F }
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
      }
      let end = Array(closing.utf8)
      var at = rest.startIndex
      while at < rest.endIndex && !rest[at...].starts(with: end) { at += 1 }
      rest = rest[min(at + end.count, rest.endIndex)...].drop { isWhiteSpace($0) }
    }
    return nil
  }

  /// What follows a document type and its declarations in brackets; nil when its end is not among these bytes.
  private func afterDoctype(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    var quote: UInt8?
    var isInside = false
    for index in bytes.indices {
      let byte = bytes[index]
      if let open = quote {
        if byte == open { quote = nil }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
      case UInt8(ascii: "["): isInside = true
      case UInt8(ascii: "]"): isInside = false
      case UInt8(ascii: ">") where !isInside: return bytes[(index + 1)...]
      default: break
      }
    }
    return nil
  }

  /// The text, with what is not UTF-8 replaced.
  var text: String { String(decoding: content, as: UTF8.self) }

  /// Says whether the bytes of `needle` occur.
  func contains(_ needle: String) -> Bool {
    let wanted = Array(needle.utf8)
    guard let first = wanted.first, bytes.count >= wanted.count else { return false }
    for start in 0...(bytes.count - wanted.count) where bytes[start] == first {
      if bytes[start..<(start + wanted.count)].elementsEqual(wanted) { return true }
    }
    return false
  }
}

/// Blank, tab, line feed or carriage return: the white space of JSON and XML.
func isWhiteSpace(_ byte: UInt8) -> Bool {
  byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
}
