/// Makes rows of comma-separated values (RFC 4180) that a spreadsheet doesn't run.
public enum CSVEscaping {
  /// One field: quoted where needed; text that a spreadsheet would take for a formula gets a leading apostrophe.
  ///
  /// Text that begins with `=`, `+`, `-`, `@`, a tab or a full-width form of them is such text, unless it is a plain number like `-9`.
  /// Line breaks and tabs become blanks, and acting characters are shown by their number.
  public static func field(_ text: String) -> String {
    var value = CommandMarks.broken(VisibleText.line(text))
    if isFormula(value) || isFormula(text) { value = "'" + value }
    let needsQuotes = value.utf8.contains { byte in
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: ";")
    }
    return needsQuotes ? "\"" + value.replacing("\"", with: "\"\"") + "\"" : value
  }

  /// A row without its line break.
  public static func row(_ fields: [String]) -> String {
    fields.map(field).joined(separator: ",")
  }

  /// Records with their line breaks, which are CR LF.
  public static func document(_ records: [[String]]) -> String {
    records.map { row($0) + "\r\n" }.joined()
  }

  private static func isFormula(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first,
      "=+-@\t\r\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains(first)
    else { return false }
    let rest = text.unicodeScalars.dropFirst()
    let isNumber = !rest.isEmpty && rest.allSatisfy { ("0"..."9").contains($0) || $0 == "." }
    return !(isNumber && (first == "-" || first == "+"))
  }
}
