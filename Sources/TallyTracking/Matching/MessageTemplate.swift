/// Masks what varies in a message, so that one rule's messages about one thing compare equal.
///
/// MUST NOT CHANGE. Works on tokens, never on parts of words: `utf8` keeps its 8. `docs/tracking.md` holds test vectors.
public enum MessageTemplate {
  /// Returns the message with every quoted span emptied and every number replaced by `0`.
  ///
  /// A quoted span stands between two `'`, two `"`, two `` ` ``, `‘` and `’`, or `“` and `”`. A `'` opens only where no word
  /// byte stands before it and closes only where none stands after it, so that apostrophes quote nothing. The quotes stay. A
  /// quote that is not closed is an ordinary character. A number is a run of word bytes that begins with a digit, with any
  /// further such runs joined to it by single periods or commas: `1,234.5`, `0x1F`, `5ms`. Masking twice changes nothing.
  public static func mask(_ message: String) -> String {
    let bytes = Array(message.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var closers = QuoteClosers(bytes)
    var offset = 0
    while offset < bytes.count {
      if let quote = Quote(at: offset, in: bytes),
        let close = closers.close(of: quote, after: offset + quote.open.count)
      {
        result += quote.open
        result += quote.close
        offset = close + quote.close.count
      } else if ByteClass.isWord(bytes[offset]) {
        let start = offset
        while offset < bytes.count && ByteClass.isWord(bytes[offset])
          && (offset == start || Quote(at: offset, in: bytes) == nil)
        {
          offset += 1
        }
        if isDigit(bytes[start]) {
          offset = numberEnd(bytes, from: offset)
          result.append(UInt8(ascii: "0"))
        } else {
          result += bytes[start..<offset]
        }
      } else {
        result.append(bytes[offset])
        offset += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  /// Extends a number over `.5` and `,234`.
  private static func numberEnd(_ bytes: [UInt8], from end: Int) -> Int {
    var offset = end
    while offset + 1 < bytes.count
      && (bytes[offset] == UInt8(ascii: ".") || bytes[offset] == UInt8(ascii: ","))
      && isDigit(bytes[offset + 1])
    {
      offset += 1
      while offset < bytes.count && ByteClass.isWord(bytes[offset])
        && Quote(at: offset, in: bytes) == nil
      {
        offset += 1
      }
    }
    return offset
  }
}

/// One kind of quotes.
private enum Quote: Int, CaseIterable {
  case apostrophe, double, back, curlySingle, curlyDouble

  var open: [UInt8] {
    switch self {
    case .apostrophe: [0x27]
    case .double: [0x22]
    case .back: [0x60]
    case .curlySingle: [0xE2, 0x80, 0x98]
    case .curlyDouble: [0xE2, 0x80, 0x9C]
    }
  }

  var close: [UInt8] {
    switch self {
    case .curlySingle: [0xE2, 0x80, 0x99]
    case .curlyDouble: [0xE2, 0x80, 0x9D]
    default: open
    }
  }

  /// The quote that may open at an offset.
  init?(at offset: Int, in bytes: [UInt8]) {
    switch bytes[offset] {
    case 0x27:
      if offset > 0 && ByteClass.isWord(bytes[offset - 1]) { return nil }
      self = .apostrophe
    case 0x22: self = .double
    case 0x60: self = .back
    case 0xE2 where offset + 2 < bytes.count && bytes[offset + 1] == 0x80:
      switch bytes[offset + 2] {
      case 0x98: self = .curlySingle
      case 0x9C: self = .curlyDouble
      default: return nil
      }
    default: return nil
    }
  }
}

/// Finds closing quotes without reading the rest of the message again for every quote that is not closed.
private struct QuoteClosers {
  private let bytes: [UInt8]
  private var hasNone = [Bool](repeating: false, count: Quote.allCases.count)

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func close(of quote: Quote, after start: Int) -> Int? {
    if hasNone[quote.rawValue] { return nil }
    let wanted = quote.close
    var offset = start
    while offset + wanted.count <= bytes.count {
      if bytes[offset] == wanted[0] && bytes[offset..<offset + wanted.count].elementsEqual(wanted) {
        let after = offset + wanted.count
        if quote != .apostrophe || after == bytes.count || !ByteClass.isWord(bytes[after]) {
          return offset
        }
      }
      offset += 1
    }
    hasNone[quote.rawValue] = true
    return nil
  }
}
