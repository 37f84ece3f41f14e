/// Makes characters visible that would otherwise act on a reader or a terminal instead of being read.
public enum VisibleText {
  /// One line: line breaks, tabs and runs of blanks become one blank, blanks at the ends go, acting characters are shown by their number.
  ///
  /// Escape sequences can't start, bidirectional overrides can't reorder, and nothing is hidden: each such character is written as `⟨U+202E⟩`.
  public static func line(_ text: String) -> String {
    if isPlain(text) { return text }
    var result = String.UnicodeScalarView()
    var pendingBlank = false
    for scalar in text.unicodeScalars {
      if isBlank(scalar) {
        pendingBlank = true
        continue
      }
      if pendingBlank, !result.isEmpty { result.append(" ") }
      pendingBlank = false
      if acts(scalar) {
        result.append(contentsOf: name(of: scalar).unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// The text with acting characters shown by their number; line breaks and tabs are kept.
  public static func block(_ text: String) -> String {
    if isPlain(text) { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar == "\n" || scalar == "\t" || !acts(scalar) && !isBreak(scalar) {
        result.append(scalar)
      } else if isBreak(scalar) {
        result.append("\n")
      } else {
        result.append(contentsOf: name(of: scalar).unicodeScalars)
      }
    }
    return String(result)
  }

  /// True for text of printable ASCII without two blanks in a row or blanks at the ends, which needs no work.
  private static func isPlain(_ text: String) -> Bool {
    var previous: UInt8 = 0x20
    for byte in text.utf8 {
      if byte < 0x20 || byte > 0x7E || byte == 0x20 && previous == 0x20 { return false }
      previous = byte
    }
    return previous != 0x20 || text.isEmpty
  }

  private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\r", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}": true
    default: false
    }
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\n" || scalar == "\t" || isBreak(scalar)
  }

  /// Says whether a character acts: controls, bidirectional controls, invisible and deprecated format characters, tags, noncharacters.
  ///
  /// U+200C and U+200D are kept: scripts and emoji need them.
  static func acts(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x1F, 0x7F...0x9F, 0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0x202A...0x202E,
      0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB, 0xFFFE, 0xFFFF, 0xE0000...0xE0FFF:
      true
    default: false
    }
  }

  private static func name(of scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "⟨U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits + "⟩"
  }
}
