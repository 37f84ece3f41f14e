/// Makes text from scanners, tests and git safe inside Slack's message markup.
public enum SlackEscaping {
  /// A blank of no width, which keeps a mark from acting.
  private static let separator: Unicode.Scalar = "\u{200B}"

  /// The text as one line: no mentions, links, emphasis, code, quotations or emoji names.
  ///
  /// Slack knows three entities and no backslash, so a mark is kept from acting by what stands next to it: an invisible blank.
  public static func text(_ text: String) -> String {
    let scalars = Array(CommandMarks.inside(VisibleText.line(text)).unicodeScalars)
    var result = String.UnicodeScalarView()
    for (index, scalar) in scalars.enumerated() {
      let next = index + 1 < scalars.count ? scalars[index + 1] : nil
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "_" where isWord(index > 0 ? scalars[index - 1] : nil) && isWord(next):
        // Between two letters it is a letter to Slack, too.
        result.append(scalar)
      case "*", "_", "~", "`":
        result.append(separator)
        result.append(scalar)
        result.append(separator)
      case "@", ":":
        result.append(scalar)
        if next != nil, next != " " { result.append(separator) }
      case "w", "W":
        result.append(scalar)
        if next == ".", index >= 2, scalars[index - 1] == scalar, scalars[index - 2] == scalar {
          result.append(separator)
        }
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// The text for the inside of a code span: backticks become `ˋ`, and nothing else acts there.
  public static func code(_ text: String) -> String {
    let line = CommandMarks.inside(VisibleText.line(text))
    if line.isEmpty { return " " }
    return line.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
      .replacing(">", with: "&gt;").replacing("`", with: "ˋ")
  }

  private static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
    guard let scalar else { return false }
    return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }
}
