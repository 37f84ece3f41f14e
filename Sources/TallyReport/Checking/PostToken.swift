/// A word of a post that holds a digit.
public struct PostToken: Sendable, Hashable {
  /// What it looks like.
  public enum Kind: Sendable, Hashable {
    /// A number: `34`, `99,950`, `371.5`.
    case number
    /// A date or time in ISO 8601.
    case date
    /// Anything else: a name, a digest, a path.
    case word
  }

  /// The word as it stands in the text.
  public let text: String
  /// From where to where, in bytes of UTF-8.
  public let range: Range<Int>
  /// What it looks like.
  public let kind: Kind
  /// The sign in front of a number: `+`, `-` or nothing.
  public let sign: String

  /// How a post is written.
  public enum Form: Sendable, Hashable {
    /// Markdown, Slack's markup or plain text.
    case text
    /// A page: tags, styles and character references are not read.
    case html
    /// A context as JSON, as ``JSONValue/formatted()`` lays it out: names and escapes are not read.
    case data
  }

  /// Every word with a digit that a reader sees, in order.
  ///
  /// - Parameters:
  ///   - text: the post, or whole lines of it.
  ///   - form: how it is written.
  /// - Returns: the words, each with its place.
  public static func all(in text: String, form: Form) -> [PostToken] {
    let bytes = Array(text.utf8)
    if form == .data { return DataLines(bytes: bytes).tokens() }
    var scanner = TokenScanner(bytes: bytes, isHTML: form == .html)
    return scanner.tokens()
  }

  /// Says whether this is what a person means by a number or word: `34`, `-9`, `21 %`, `99950`, `2026-11-20`.
  ///
  /// - Parameters:
  ///   - query: what was typed.
  ///   - text: the post, for the percent sign behind the number.
  /// - Returns: true where it fits.
  public func fits(_ query: String, in text: [UInt8]) -> Bool {
    var wanted = query.filter { $0 != " " }
    if wanted == self.text { return true }
    guard kind == .number else { return false }
    if wanted.hasSuffix("%") {
      wanted.removeLast()
      let rest = text[range.upperBound...].drop { $0 == 0x20 }
      if rest.first != UInt8(ascii: "%") { return false }
    }
    if let first = wanted.first, first == "+" || first == "-" || first == "−" {
      wanted.removeFirst()
      if (first == "+") != (sign == "+") || sign.isEmpty { return false }
    }
    return wanted.filter { $0 != "," } == digits
  }

  /// The same word in a text that begins elsewhere.
  public func moved(by distance: Int) -> PostToken {
    PostToken(
      text: text,
      range: range.lowerBound + distance..<range.upperBound + distance,
      kind: kind,
      sign: sign
    )
  }

  /// The number without commas.
  public var digits: String { text.filter { $0 != "," } }
}

/// The lines of a laid-out JSON document, each of which holds at most one value.
private struct DataLines {
  let bytes: [UInt8]

  func tokens() -> [PostToken] {
    var result: [PostToken] = []
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      let value = value(in: start..<end)
      let isPage = bytes[value].first == UInt8(ascii: "<")
      var scanner = TokenScanner(bytes: withoutEscapes(value), isHTML: isPage)
      result += scanner.tokens().map { $0.moved(by: value.lowerBound) }
      start = end + 1
    }
    return result
  }

  /// Where the value of a line stands: behind its name, inside of its quotes.
  private func value(in line: Range<Int>) -> Range<Int> {
    var start = bytes[line].firstIndex { $0 != 0x20 } ?? line.upperBound
    guard start < line.upperBound, bytes[start] == UInt8(ascii: "\"") else {
      return start..<line.upperBound
    }
    var end = endOfString(start + 1, in: line)
    if end + 1 < line.upperBound, bytes[end + 1] == UInt8(ascii: ":") {
      start = min(end + 3, line.upperBound)
      guard start < line.upperBound, bytes[start] == UInt8(ascii: "\"") else {
        return start..<line.upperBound
      }
      end = endOfString(start + 1, in: line)
    }
    return start + 1..<max(end, start + 1)
  }

  /// Where the quote stands that ends a string; the end of the line where it has none.
  private func endOfString(_ start: Int, in line: Range<Int>) -> Int {
    var index = start
    while index < line.upperBound, bytes[index] != UInt8(ascii: "\"") {
      index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(index, line.upperBound)
  }

  /// The bytes with blanks for escapes, as many.
  private func withoutEscapes(_ range: Range<Int>) -> [UInt8] {
    var text = Array(bytes[range])
    var index = 0
    while index < text.count {
      guard text[index] == UInt8(ascii: "\\") else {
        index += 1
        continue
      }
      let isUnicode = index + 1 < text.count && text[index + 1] == UInt8(ascii: "u")
      let end = min(text.count, index + (isUnicode ? 6 : 2))
      for place in index..<end { text[place] = 0x20 }
      index = end
    }
    return text
  }
}

/// Walks through a text from word to word.
private struct TokenScanner {
  let bytes: [UInt8]
  let isHTML: Bool
  private var position = 0

  init(bytes: [UInt8], isHTML: Bool) {
    self.bytes = bytes
    self.isHTML = isHTML
  }

  mutating func tokens() -> [PostToken] {
    var result: [PostToken] = []
    while position < bytes.count {
      if isHTML, skipMarkup() { continue }
      guard Self.isWord(bytes[position]) else {
        position += 1
        continue
      }
      let start = position
      while position < bytes.count, Self.isWord(bytes[position]) || isJoint(position) {
        position += 1
      }
      result += Self.parts(of: bytes[start..<position]).compactMap(token)
    }
    return result
  }

  /// Goes behind a tag, a style or a character reference; false where none begins here.
  private mutating func skipMarkup() -> Bool {
    let rest = bytes[position...]
    if rest.first == UInt8(ascii: "<") {
      let end = rest.starts(with: "<style".utf8) ? "</style>" : ">"
      var next = position + 1
      while next < bytes.count, !bytes[next...].starts(with: end.utf8) { next += 1 }
      position = min(bytes.count, next + end.utf8.count)
      return true
    }
    if rest.first == UInt8(ascii: "&"),
      let end = rest.prefix(12).firstIndex(of: UInt8(ascii: ";"))
    {
      position = end + 1
      return true
    }
    return false
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
  }

  /// Says whether a mark stands inside a word: `a/b.c`, `T-7`, `99,950`.
  private func isJoint(_ index: Int) -> Bool {
    guard index > 0, index + 1 < bytes.count else { return false }
    let (before, after) = (bytes[index - 1], bytes[index + 1])
    switch bytes[index] {
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: ":"),
      UInt8(ascii: "@"):
      return Self.isWord(before) && Self.isWord(after)
    case UInt8(ascii: ","): return Self.isDigit(before) && Self.isDigit(after)
    default: return false
    }
  }

  /// A word; where commas stand between numbers that are no groups of three, each of them.
  private static func parts(of word: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    guard word.contains(UInt8(ascii: ",")) else { return [word] }
    if String(decoding: word, as: UTF8.self).wholeMatch(of: #/\d{1,3}(,\d{3})+/#) != nil {
      return [word]
    }
    return word.split(separator: UInt8(ascii: ","))
  }

  private func token(_ word: ArraySlice<UInt8>) -> PostToken? {
    guard word.contains(where: Self.isDigit) else { return nil }
    let text = String(decoding: word, as: UTF8.self)
    let kind: PostToken.Kind
    if text.wholeMatch(of: #/\d[\d,]*(\.\d+)?/#) != nil {
      kind = .number
    } else if text.wholeMatch(of: #/\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?/#) != nil {
      kind = .date
    } else {
      kind = .word
    }
    var sign = ""
    if kind == .number, word.startIndex > 0 {
      switch bytes[word.startIndex - 1] {
      case UInt8(ascii: "+"): sign = "+"
      case UInt8(ascii: "-"): sign = "-"
      default: break
      }
    }
    return PostToken(text: text, range: word.startIndex..<word.endIndex, kind: kind, sign: sign)
  }
}
