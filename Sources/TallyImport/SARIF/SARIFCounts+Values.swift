/// Reading what a finding can do without.
///
/// A value of another type than the standard gives it never refuses the file: it is read as what it
/// plainly means, else left out, and counted as `wrong-type` either way.
extension SARIFCounts {
  /// The longest text that is kept beside messages, in UTF-8 bytes; a longer one is left out.
  private static let textBytesMax = 1 << 20

  /// A string, or the digits of a number.
  mutating func text(_ value: JSONValue) -> String? {
    guard let slice = slice(value) else { return nil }
    return slice.string(in: value.text, &replaced)
  }

  /// The same for what must not be left out.
  ///
  /// - Throws: a limit for a text that is too long.
  mutating func neededText(_ value: JSONValue) throws(JSONProblem) -> String {
    if value.kind != .string { return text(value) ?? "" }
    return try value.string(&replaced, bytesMax: SARIFCounts.textBytesMax)
  }

  /// Where the text of a string or a number is, to be decoded later.
  mutating func slice(_ value: JSONValue) -> JSONSlice? {
    if isLeftOut(value, unless: value.kind == .string || value.kind == .number) { return nil }
    if value.kind == .number { adjust("wrong-type") }
    if value.raw.count > SARIFCounts.textBytesMax {
      adjust("too-long")
      return nil
    }
    return value.slice
  }

  /// A whole number, also one that is written as text.
  mutating func integer(_ value: JSONValue) -> Int? {
    if isLeftOut(value, unless: value.kind == .number || value.kind == .string) { return nil }
    let number = value.wholeNumber
    if number == nil || value.kind == .string { adjust("wrong-type") }
    return number
  }

  /// An index into a list; nil for -1, which stands for none.
  mutating func place(_ value: JSONValue) -> Int? {
    guard let number = integer(value), number != -1 else { return nil }
    if number < -1 { adjust("wrong-type") }
    return number < -1 ? nil : number
  }

  /// True or false, also as text and as 1 or 0.
  mutating func flag(_ value: JSONValue) -> Bool? {
    switch value.kind {
    case .isTrue: return true
    case .isFalse: return false
    case .null: adjust("null-value")
    default: adjust("wrong-type")
    }
    switch String(decoding: value.raw.prefix(8), as: UTF8.self).lowercased() {
    case "true", "1": return true
    case "false", "0": return false
    default: return nil
    }
  }

  /// The elements of an array; an object that is not empty and stands where a list should is its
  /// only element.
  mutating func elements(_ value: JSONValue) -> JSONValue.Children {
    if value.kind == .array { return value.children }
    let isSingle = value.kind == .object && value.children.contains { _ in true }
    adjust(value.isNull ? "null-value" : "wrong-type")
    return isSingle ? value.alone : value.none
  }

  /// The properties of an object; also of the only one in a list.
  mutating func members(_ value: JSONValue) -> JSONValue.Children {
    if value.kind == .array {
      var children = value.children
      if let first = children.next(), children.next() == nil, first.kind == .object {
        adjust("wrong-type")
        return first.children
      }
    }
    return isLeftOut(value, unless: value.kind == .object) ? value.none : value.children
  }

  private mutating func isLeftOut(_ value: JSONValue, unless isUsable: Bool) -> Bool {
    if !isUsable { adjust(value.isNull ? "null-value" : "wrong-type") }
    return !isUsable
  }
}
