internal import CSimdjson

/// What is wrong with one value of a tape; ``JSONReader`` makes an error with a path of it.
struct JSONProblem: Error {
  /// The value's place on its tape.
  let index: Int
  /// What is wrong, one sentence fragment; of a limit, what there is too much of.
  let reason: String
  /// How much was found and is accepted; nil for anything but a limit.
  var limit: (found: Int, most: Int)?
}

/// One checked value, read in place: a view of a reader's tape, valid until the reader moves on.
struct JSONValue {
  /// What a value is.
  enum Kind: UInt8 {
    case object = 1
    case array = 2
    case string = 3
    case number = 4
    case isTrue = 5
    case isFalse = 6
    case null = 7
  }

  let tape: UnsafePointer<tally_json_node>
  let index: Int
  let text: UnsafePointer<UInt8>

  private var node: UnsafePointer<tally_json_node> { tape + index }

  var kind: Kind { Kind(rawValue: node.pointee.kind) ?? .null }
  var isNull: Bool { node.pointee.kind == UInt8(TALLY_JSON_NULL) }
  /// The number of the property's name; `UInt16.max` for a name that is not in the table.
  var key: UInt16 { node.pointee.key }
  /// Where the value starts in the text, from 0.
  var offset: Int { Int(node.pointee.start) }

  /// The bytes of a string or number as they are in the text, escapes included.
  var raw: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: text + Int(node.pointee.start), count: Int(node.pointee.length))
  }

  /// The bytes of a string, to be decoded later.
  var slice: JSONSlice {
    JSONSlice(
      start: node.pointee.start,
      length: node.pointee.length,
      isEscaped: node.pointee.flags & UInt8(TALLY_JSON_TEXT_ESCAPED) != 0
    )
  }

  /// Says whether the text of a string is this one; false for anything but a string.
  func isText(_ other: StaticString) -> Bool {
    kind == .string && raw.count == other.utf8CodeUnitCount
      && raw.elementsEqual(
        UnsafeBufferPointer(start: other.utf8Start, count: other.utf8CodeUnitCount)
      )
  }

  /// The name of the property that holds this value.
  var keyText: String {
    let bytes = UnsafeBufferPointer(
      start: text + Int(node.pointee.key_start),
      count: Int(node.pointee.key_length)
    )
    var replaced: UInt32 = 0
    let isEscaped = node.pointee.flags & UInt8(TALLY_JSON_KEY_ESCAPED) != 0
    return decodeKey(bytes, isEscaped: isEscaped, &replaced)
  }

  /// The values of an object's properties or of an array's elements, in file order; empty for
  /// anything else.
  var children: Children {
    Children(tape: tape, place: index + 1, end: Int(node.pointee.next), text: text)
  }

  /// Walks the children of one container.
  struct Children: Sequence, IteratorProtocol {
    let tape: UnsafePointer<tally_json_node>
    var place: Int
    let end: Int
    let text: UnsafePointer<UInt8>

    mutating func next() -> JSONValue? {
      if place >= end { return nil }
      let value = JSONValue(tape: tape, index: place, text: text)
      place = Int(tape[place].next)
      return value
    }
  }

  /// The value as the only element of a list.
  var alone: Children {
    Children(tape: tape, place: index, end: Int(node.pointee.next), text: text)
  }

  /// No elements.
  var none: Children { Children(tape: tape, place: index, end: index, text: text) }

  func object() throws(JSONProblem) -> Children {
    if kind != .object { throw problem("the value must be an object") }
    return children
  }

  /// The text of a string of at most `bytesMax` bytes; U+0000 is replaced by U+FFFD and counted.
  func string(_ replaced: inout UInt32, bytesMax: Int) throws(JSONProblem) -> String {
    if kind != .string { throw problem("the value must be a string") }
    // Long enough to be refused whatever its escapes stand for; it is not even decoded.
    if raw.count / 6 > bytesMax { throw tooLong(raw.count, bytesMax) }
    let string = slice.string(in: text, &replaced)
    if string.utf8.count > bytesMax { throw tooLong(string.utf8.count, bytesMax) }
    return string
  }

  /// The whole number that a number or a text is; nil for none.
  ///
  /// `12.0` is one, and what does not fit is clamped to the limits of `Int`.
  var wholeNumber: Int? {
    var bytes = raw[...]
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative { bytes = bytes.dropFirst() }
    var value = 0
    var digits = 0
    var isClamped = false
    while let byte = bytes.first, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
      let digit = Int(byte - UInt8(ascii: "0"))
      if value > (Int.max - digit) / 10 { isClamped = true } else { value = value * 10 + digit }
      digits += 1
      bytes = bytes.dropFirst()
    }
    if digits == 0 { return nil }
    if bytes.first == UInt8(ascii: ".") {
      bytes = bytes.dropFirst()
      bytes = bytes.drop { $0 == UInt8(ascii: "0") }
    }
    if !bytes.isEmpty { return nil }
    if isClamped { return isNegative ? Int.min : Int.max }
    return isNegative ? -value : value
  }

  private func tooLong(_ found: Int, _ limit: Int) -> JSONProblem {
    JSONProblem(index: index, reason: "bytes", limit: (found, limit))
  }

  func problem(_ reason: String) -> JSONProblem { JSONProblem(index: index, reason: reason) }
}

/// Where the text of a checked string is.
struct JSONSlice {
  let start: UInt64
  let length: UInt32
  let isEscaped: Bool

  /// The text; U+0000 is replaced by U+FFFD and counted.
  func string(in text: UnsafePointer<UInt8>, _ replaced: inout UInt32) -> String {
    let bytes = UnsafeBufferPointer(start: text + Int(start), count: Int(length))
    return decodeJSON(bytes, isEscaped: isEscaped, &replaced)
  }
}

/// The name of a property; of one that is longer than any name, how it begins.
func decodeKey(
  _ bytes: UnsafeBufferPointer<UInt8>,
  isEscaped: Bool,
  _ replaced: inout UInt32
) -> String {
  let bytesMax = 1 << 12
  if bytes.count > bytesMax { return String(decoding: bytes.prefix(bytesMax), as: UTF8.self) + "…" }
  return decodeJSON(bytes, isEscaped: isEscaped, &replaced)
}

private func decodeJSON(
  _ bytes: UnsafeBufferPointer<UInt8>,
  isEscaped: Bool,
  _ replaced: inout UInt32
) -> String {
  if !isEscaped { return String(decoding: bytes, as: UTF8.self) }
  return String(unsafeUninitializedCapacity: bytes.count) { out in
    guard let from = bytes.baseAddress, let to = out.baseAddress else { return 0 }
    return tally_json_unescape(from, bytes.count, to, &replaced)
  }
}
