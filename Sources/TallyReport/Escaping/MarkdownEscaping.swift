/// Makes text from scanners, tests and git safe inside GitHub-flavoured Markdown.
public enum MarkdownEscaping {
  /// A blank of no width, put where GitHub would otherwise see a mention, a reference or an address.
  private static let separator: Unicode.Scalar = "\u{200B}"

  /// The text as one line of prose: no emphasis, links, images, HTML, table breaks, code, mentions, references or addresses.
  ///
  /// What needs no escape is left alone, so that the Markdown can be read as it is: `a_b` keeps its underscore.
  public static func prose(_ text: String) -> String {
    let scalars = Array(VisibleText.line(text).unicodeScalars)
    var result = String.UnicodeScalarView()
    let dollars = scalars.count { $0 == "$" }
    let lineMarker = lineMarkerEnd(scalars)
    for (index, scalar) in scalars.enumerated() {
      let next = index + 1 < scalars.count ? scalars[index + 1] : nil
      if index == lineMarker { result.append("\\") }
      switch scalar {
      case "\\", "`", "*", "[", "]", "|", "~": result.append("\\")
      case "_" where !(isWord(before(index, scalars)) && isWord(next)): result.append("\\")
      case "$" where dollars > 1: result.append("\\")
      case "<":
        result.append(contentsOf: "&lt;".unicodeScalars)
        continue
      case "&" where isWord(next) || next == "#":
        result.append(contentsOf: "&amp;".unicodeScalars)
        continue
      default: break
      }
      result.append(scalar)
      if linksAfter(index, scalars) { result.append(separator) }
    }
    return String(result)
  }

  /// The text for the inside of a code span with single backticks: backticks become `ˋ`, and a table cell's bar becomes `¦`.
  ///
  /// Nothing else acts inside a code span.
  public static func code(_ text: String, inTable: Bool) -> String {
    let line = CommandMarks.inside(VisibleText.line(text))
    if line.isEmpty { return " " }
    var result = String.UnicodeScalarView()
    for scalar in line.unicodeScalars {
      switch scalar {
      case "`": result.append("ˋ")
      case "|" where inTable: result.append("¦")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// Where a backslash keeps the text from starting a list, a heading, a quotation or a rule; nil when it starts none.
  private static func lineMarkerEnd(_ scalars: [Unicode.Scalar]) -> Int? {
    guard let first = scalars.first else { return nil }
    let next = scalars.count > 1 ? scalars[1] : nil
    switch first {
    case ">": return 0
    // No list, but a command to the host of a CI job that prints the post.
    case ":": return next == ":" ? 0 : nil
    case "-", "+", "=", "#": return next == nil || next == " " || next == first ? 0 : nil
    case "0"..."9":
      let end = scalars.firstIndex { !("0"..."9").contains($0) } ?? scalars.count
      if end < scalars.count, scalars[end] == "." || scalars[end] == ")",
        end + 1 == scalars.count || scalars[end + 1] == " "
      {
        return end
      }
      return nil
    default: return nil
    }
  }

  /// True where GitHub would start a mention (`@a`), a reference (`#1`, `GH-1`), or an address (`://`, `www.`, `mailto:`).
  private static func linksAfter(_ index: Int, _ scalars: [Unicode.Scalar]) -> Bool {
    let next = index + 1 < scalars.count ? scalars[index + 1] : nil
    switch scalars[index] {
    case "@": return isWord(next)
    case "#": return isDigit(next)
    case "-": return isDigit(next) && ends(scalars, index, "gh")
    case ":":
      if next == "/", index + 2 < scalars.count, scalars[index + 2] == "/" { return true }
      return ends(scalars, index, "mailto") || ends(scalars, index, "xmpp")
    case "w", "W": return next == "." && ends(scalars, index, "ww")
    default: return false
    }
  }

  /// True when the lowercase ASCII word stands right before a place.
  private static func ends(_ scalars: [Unicode.Scalar], _ index: Int, _ word: String) -> Bool {
    let count = word.unicodeScalars.count
    guard index >= count, !isWord(before(index - count, scalars)) else { return false }
    return zip(scalars[index - count..<index], word.unicodeScalars)
      .allSatisfy { $0.properties.lowercaseMapping.unicodeScalars.elementsEqual([$1]) }
  }

  private static func before(_ index: Int, _ scalars: [Unicode.Scalar]) -> Unicode.Scalar? {
    index > 0 ? scalars[index - 1] : nil
  }

  private static func isDigit(_ scalar: Unicode.Scalar?) -> Bool {
    scalar.map { ("0"..."9").contains($0) } ?? false
  }

  private static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
    guard let scalar else { return false }
    return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }
}
