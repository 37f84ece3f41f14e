/// How many cells of a terminal a text takes.
public enum DisplayWidth {
  /// The cells of a text: 2 for a wide character or an emoji, 0 for a combining mark alone, else 1 a character.
  ///
  /// The text must not hold control characters: ``VisibleText`` takes them out.
  public static func of(_ text: String) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.reduce(0) { $0 + of($1) }
  }

  static func of(_ character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    if first.value < 0x300 { return 1 }
    if first.properties.isEmojiPresentation || character.unicodeScalars.contains("\u{FE0F}") {
      return 2
    }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch first.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
      0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }

  /// Which part of a text goes when it doesn't fit.
  public enum Cut: Sendable, Hashable {
    /// The end: for prose.
    case end
    /// The beginning: for paths, whose last part says most.
    case start
  }

  /// The text in at most that many cells; `…` stands for what went.
  public static func cut(_ text: String, to width: Int, _ cut: Cut = .end) -> String {
    if of(text) <= width { return text }
    if width < 1 { return "" }
    var kept: [Character] = []
    var used = 1
    for character in cut == .end ? Array(text) : text.reversed() {
      let cells = of(character)
      if used + cells > width { break }
      used += cells
      kept.append(character)
    }
    return cut == .end ? String(kept) + "…" : "…" + String(kept.reversed())
  }
}
