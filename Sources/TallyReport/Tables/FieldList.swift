/// Names and values under each other, for showing one thing in a terminal.
public struct FieldList: Sendable {
  /// Name and value in the order they are shown.
  public private(set) var fields: [(name: String, value: String)] = []

  /// Creates an empty list.
  public init() {}

  /// Adds a value; empty ones are left out.
  public mutating func add(_ name: String, _ value: String) {
    if !value.isEmpty { fields.append((name, value)) }
  }

  /// The fields as text, names aligned; values longer than the width go on in further lines below their beginning.
  ///
  /// - Parameters:
  ///   - width: the terminal's cells in a line; nil for no limit.
  ///   - colour: true to print names dim.
  /// - Returns: lines, each ended by a line break.
  public func rendered(width: Int? = nil, colour: Bool = false) -> String {
    let names = fields.map { VisibleText.line($0.name) }
    let indentation = (names.map(DisplayWidth.of).max() ?? 0) + 2
    var output = ""
    for (name, field) in zip(names, fields) {
      let padding = String(repeating: " ", count: indentation - DisplayWidth.of(name))
      output += colour ? "\u{1B}[2m\(name)\u{1B}[0m\(padding)" : name + padding
      let room = width.map { max(20, $0 - indentation) }
      let lines = Self.wrapped(VisibleText.line(field.value), to: room)
      output += lines.joined(separator: "\n" + String(repeating: " ", count: indentation)) + "\n"
    }
    return output
  }

  /// Breaks a text at blanks; a word that is wider than the line stays whole, so that paths can be copied.
  static func wrapped(_ text: String, to width: Int?) -> [String] {
    guard let width else { return [text] }
    var lines: [String] = []
    var current = ""
    for word in text.split(separator: " ").map(String.init) {
      if current.isEmpty {
        current = word
      } else if DisplayWidth.of(current) + 1 + DisplayWidth.of(word) <= width {
        current += " " + word
      } else {
        lines.append(current)
        current = word
      }
    }
    return lines + [current]
  }
}
