/// Breaks what hosts of CI jobs take for commands when it stands in a log: `::error::` at the beginning of a line, and `##[`, `##vso[` or
/// `##teamcity[` and `section_start:` anywhere in one.
public enum CommandMarks {
  /// One line of plain text that is no command and holds none: a blank stands between the two signs.
  public static func broken(_ line: String) -> String {
    if line.hasPrefix("::") { return ": " + inside(String(line.dropFirst())) }
    return inside(line)
  }

  /// The text, with a blank between the two signs of what is a command anywhere in a line.
  static func inside(_ text: String) -> String {
    let text = withoutSections(text, colon: " :")
    if !text.utf8.contains(UInt8(ascii: "#")) { return text }
    return text.replacing(#/##(?i:[a-z]*)\[/#) { "# " + $0.output.dropFirst() }
  }

  /// The text, with something else for the colon of what GitLab takes for the beginning or end of a section of a log.
  static func withoutSections(_ text: String, colon: String) -> String {
    if !text.contains("section_") { return text }
    return text.replacing(#/section_(?:start|end):/#) { $0.output.dropLast() + colon }
  }

  /// HTML of the same text, in which no line begins with `::` or holds `##[` and the like.
  static func html(_ page: String) -> String {
    let page = withoutSections(page, colon: "&#58;")
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let line = line.replacing(#/##(?i:[a-z]*)\[/#) { $0.output.dropLast() + "&#91;" }
      guard let first = line.firstIndex(where: { !$0.isWhitespace }),
        line[first...].hasPrefix("::")
      else { return line }
      return line[..<first] + "&#58;" + line[line.index(after: first)...]
    }
    return lines.joined(separator: "\n")
  }
}
