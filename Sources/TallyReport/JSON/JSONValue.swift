/// A JSON document as this program reads and writes it: objects keep no order, numbers are kept as they are written.
public enum JSONValue: Sendable, Hashable {
  case null
  case bool(Bool)
  /// The number's text as in the document, such as `34` or `4.5e1`.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// A number.
  public static func int(_ value: Int) -> JSONValue { .number(String(value)) }

  /// The value of a key; nil for a missing key and for anything but an object.
  ///
  /// Setting one makes an object of anything else.
  public subscript(key: String) -> JSONValue? {
    get { if case .object(let members) = self { members[key] } else { nil } }
    set {
      var members: [String: JSONValue] = [:]
      if case .object(let existing) = self { members = existing }
      // Only one owner while it changes, or it would be copied.
      self = .null
      members[key] = newValue
      self = .object(members)
    }
  }

  /// The value at a path of keys; nil where one is missing.
  public subscript(path keys: [String]) -> JSONValue? {
    var value: JSONValue? = self
    for key in keys { value = value?[key] }
    return value
  }

  /// The text of a string; nil for anything else.
  public var text: String? { if case .string(let text) = self { text } else { nil } }

  /// The document as text: keys sorted bytewise, two blanks an indentation, a newline at the end.
  ///
  /// Equal values give equal bytes.
  public func formatted() -> String {
    var output = ""
    write(to: &output, indentation: 0)
    output += "\n"
    return output
  }

  /// The document as ``formatted()`` writes it, with the name of each value in it.
  public func traced() -> TracedText {
    var output = ""
    var spans: [TracedText.Span] = []
    write(to: &output, indentation: 0, name: "") { name, range in
      spans.append(TracedText.Span(range: range, name: name))
    }
    output += "\n"
    return TracedText(text: output, spans: spans)
  }

  /// Writes the document; tells the name of every number and string, and where in the output it stands, to whom it may concern.
  private func write(
    to output: inout String,
    indentation: Int,
    name: String = "",
    noting note: ((String, Range<Int>) -> Void)? = nil
  ) {
    let start = output.utf8.count
    switch self {
    case .null: output += "null"
    case .bool(let value): output += value ? "true" : "false"
    case .number(let text):
      output += text
      note?(name, start..<output.utf8.count)
    case .string(let text):
      JSONValue.write(text, to: &output)
      note?(name, start..<output.utf8.count)
    case .array(let items):
      if items.isEmpty {
        output += "[]"
        return
      }
      output += "["
      for (index, item) in items.enumerated() {
        output += index == 0 ? "\n" : ",\n"
        output += String(repeating: " ", count: indentation + 2)
        let own = note == nil ? "" : "\(name)[\(index)]"
        item.write(to: &output, indentation: indentation + 2, name: own, noting: note)
      }
      output += "\n" + String(repeating: " ", count: indentation) + "]"
    case .object(let members):
      if members.isEmpty {
        output += "{}"
        return
      }
      output += "{"
      let keys = members.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      for (index, key) in keys.enumerated() {
        output += index == 0 ? "\n" : ",\n"
        output += String(repeating: " ", count: indentation + 2)
        JSONValue.write(key, to: &output)
        output += ": "
        let own = note == nil || name.isEmpty ? key : "\(name).\(key)"
        members[key]?.write(to: &output, indentation: indentation + 2, name: own, noting: note)
      }
      output += "\n" + String(repeating: " ", count: indentation) + "}"
    }
  }

  /// Writes a string literal: only `"`, `\` and control characters (C0, DEL, C1, U+2028, U+2029) are escaped.
  private static func write(_ text: String, to output: inout String) {
    output += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\r": output += "\\r"
      case "\t": output += "\\t"
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        output += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: output.unicodeScalars.append(scalar)
      }
    }
    output += "\""
  }
}
