import TallyReport

/// Text on its way to a terminal: what would act there is shown instead.
public enum VisibleOutput {
  /// A sentence, its line breaks kept; other characters that would act are written as `⟨U+001B⟩`.
  public static func text(_ text: String) -> String { VisibleText.block(text) }

  /// JSON of the same value, in which such characters stand as `\u` escapes.
  ///
  /// Controls below U+0020 are escapes in any JSON; terminals act on more than those. `##[`, `##vso[` and `##teamcity[`, which hosts
  /// of CI jobs take for commands wherever they stand in a line, are broken by an escape.
  public static func json(_ text: String) -> String {
    let text = text.replacing(#/##(?i:[a-z]*)\[/#) { "#\\u0023" + $0.output.dropFirst(2) }
    if text.utf8.allSatisfy({ $0 < 0x7F }) { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar.value < 0x7F || !acts(scalar) {
        result.append(scalar)
        continue
      }
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        let escape = "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
        result.append(contentsOf: escape.unicodeScalars)
      }
    }
    return String(result)
  }

  /// The same text, in which no line is a command to the host of a CI job: those of GitHub begin a line with `::` or hold `##[`,
  /// those of Azure Pipelines hold `##vso[`, those of TeamCity `##teamcity[`.
  public static func withoutCommands(_ text: String) -> String {
    if !text.utf8.contains(UInt8(ascii: "#")), !text.utf8.contains(UInt8(ascii: ":")) {
      return text
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var line = line.replacing(#/##(?i:[a-z]*)\[/#) { "# " + $0.output.dropFirst() }
      if let first = line.firstIndex(where: { !$0.isWhitespace }), line[first...].hasPrefix("::") {
        line.insert(" ", at: line.index(after: first))
      }
      return line
    }
    return lines.joined(separator: "\n")
  }

  private static func acts(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned: true
    default: false
    }
  }
}
