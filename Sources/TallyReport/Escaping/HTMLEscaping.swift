/// Makes text safe inside HTML and SVG, as content and inside quoted attributes.
public enum HTMLEscaping {
  /// The text with `&`, `<`, `>`, `"` and `'` as entities, and acting characters shown by their number.
  ///
  /// A page that is printed into the log of a CI job gives its host no command: a colon at the beginning of a line, and a bracket behind
  /// `##`, `##vso`, `##teamcity` or the like, become entities.
  public static func text(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var begins = true
    // True from `##` on, as long as letters follow.
    var hashes = 0
    for scalar in VisibleText.block(text).unicodeScalars {
      let isFirst = begins
      begins = scalar == "\n" || begins && scalar.properties.isWhitespace
      let isCommand = hashes > 1
      hashes =
        scalar == "#" ? hashes + 1 : hashes > 1 && scalar.properties.isAlphabetic ? hashes : 0
      switch scalar {
      case ":" where isFirst: result.append(contentsOf: "&#58;".unicodeScalars)
      case "[" where isCommand: result.append(contentsOf: "&#91;".unicodeScalars)
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
      case "'": result.append(contentsOf: "&#39;".unicodeScalars)
      default: result.append(scalar)
      }
    }
    return CommandMarks.withoutSections(String(result), colon: "&#58;")
  }
}
