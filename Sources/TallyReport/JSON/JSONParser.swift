public import TallyModel

/// Why a text is not a JSON document.
public struct JSONError: UserFacingError, Equatable {
  /// The file or other source, for the sentence.
  public let source: String
  /// The line, from 1.
  public let line: Int
  /// The column in bytes, from 1.
  public let column: Int
  /// What is wrong there.
  public let reason: String

  /// Always `json.malformed`.
  public var code: String { "json.malformed" }
  /// Names source, line, column and what is wrong there.
  public var description: String { "\(source):\(line):\(column) is not valid JSON: \(reason)" }
  /// How it is made.
  public var hint: String? { "make it with 'tally report --context'" }
}

extension JSONValue {
  /// Reads a whole document, strictly (RFC 8259): no comments, no trailing commas, no key twice, at most 64 levels.
  ///
  /// - Throws: ``JSONError`` with the first thing that is wrong.
  public init(parsing text: String, source: String = "the document") throws(JSONError) {
    var parser = JSONParser(bytes: Array(text.utf8), source: source)
    self = try parser.document()
  }
}

private struct JSONParser {
  let bytes: [UInt8]
  let source: String
  var position = 0

  init(bytes: [UInt8], source: String) {
    self.bytes = bytes
    self.source = source
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  mutating func document() throws(JSONError) -> JSONValue {
    let result = try value(depth: 0)
    skipBlanks()
    if position < bytes.count { throw failure("there is more text after the document") }
    return result
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func failure(_ reason: String) -> JSONError {
    let before = bytes[..<min(position, bytes.count)]
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    return JSONError(
      source: source,
      line: 1 + before.count { $0 == 0x0A },
      column: before.count - lineStart + 1,
      reason: reason
    )
  }

  private mutating func skipBlanks() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard let byte = current, UInt32(byte) == character.value else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    if depth > 64 { throw failure("it nests more than 64 levels deep") }
    skipBlanks()
    switch current {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case nil: throw failure("the text ends early")
    default: return .number(try number())
    }
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
    guard bytes[position...].starts(with: word.utf8) else { throw failure("a value is expected") }
    position += word.utf8.count
    return value
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
    position += 1
    var members: [String: JSONValue] = [:]
    skipBlanks()
    if take("}") { return .object(members) }
    while true {
      skipBlanks()
      guard current == UInt8(ascii: "\"") else { throw failure("a key in quotes is expected") }
      let start = position
      let key = try string()
      if members[key] != nil {
        position = start
        throw failure("a key is there twice")
      }
      skipBlanks()
      guard take(":") else { throw failure("':' is expected") }
      members[key] = try value(depth: depth + 1)
      skipBlanks()
      if take("}") { return .object(members) }
      guard take(",") else { throw failure("',' or '}' is expected") }
    }
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
    position += 1
    var items: [JSONValue] = []
    skipBlanks()
    if take("]") { return .array(items) }
    while true {
      items.append(try value(depth: depth + 1))
      skipBlanks()
      if take("]") { return .array(items) }
      guard take(",") else { throw failure("',' or ']' is expected") }
    }
  }

  private mutating func digits() throws(JSONError) {
    guard let byte = current, (0x30...0x39).contains(byte) else {
      throw failure("a value is expected")
    }
    while let byte = current, (0x30...0x39).contains(byte) { position += 1 }
  }

  private mutating func number() throws(JSONError) -> String {
    let start = position
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func string() throws(JSONError) -> String {
    position += 1
    var result: [UInt8] = []
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: result, as: UTF8.self)
      case UInt8(ascii: "\\"):
        position += 1
        try escape(into: &result)
      case 0..<0x20: throw failure("a control character stands in a string")
      default:
        result.append(byte)
        position += 1
      }
    }
    throw failure("a string is not closed")
  }

  private mutating func escape(into result: inout [UInt8]) throws(JSONError) {
    guard let byte = current else { throw failure("the text ends early") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
    case UInt8(ascii: "b"): result.append(0x08)
    case UInt8(ascii: "f"): result.append(0x0C)
    case UInt8(ascii: "n"): result.append(0x0A)
    case UInt8(ascii: "r"): result.append(0x0D)
    case UInt8(ascii: "t"): result.append(0x09)
    case UInt8(ascii: "u"):
      var value = try fourDigits()
      if (0xD800..<0xDC00).contains(value), take("\\"), take("u") {
        let low = try fourDigits()
        guard (0xDC00..<0xE000).contains(low) else { throw failure("a surrogate is alone") }
        value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(value) else { throw failure("a surrogate is alone") }
      result += Array(String(scalar).utf8)
    default: throw failure("an unknown escape stands in a string")
    }
  }

  private mutating func fourDigits() throws(JSONError) -> UInt32 {
    guard position + 4 <= bytes.count,
      let pair = Hex.decode(String(decoding: bytes[position..<position + 4], as: UTF8.self))
    else { throw failure("four hexadecimal digits are expected") }
    position += 4
    return UInt32(pair[0]) << 8 | UInt32(pair[1])
  }
}
