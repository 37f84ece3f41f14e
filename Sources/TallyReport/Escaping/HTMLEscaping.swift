/// Makes text safe inside HTML and SVG, as content and inside quoted attributes.
public enum HTMLEscaping {
  /// The text with `&`, `<`, `>`, `"` and `'` as entities, and acting characters shown by their number.
  public static func text(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in VisibleText.block(text).unicodeScalars {
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
      case "'": result.append(contentsOf: "&#39;".unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
