/// Tells code blocks of Markdown from the lines around them.
struct CodeFence {
  private var open: Substring?

  /// True inside of a block.
  var isOpen: Bool { open != nil }

  /// Takes the next line, and says whether it belongs to a code block, the fences included.
  mutating func takes(_ line: Substring) -> Bool {
    let text = line.drop { $0 == " " }
    if let mark = open {
      let run = text.prefix { $0 == mark.first }
      if run.count >= mark.count, text.dropFirst(run.count).allSatisfy(\.isWhitespace) {
        open = nil
      }
      return true
    }
    guard let first = text.first, first == "`" || first == "~" else { return false }
    let run = text.prefix { $0 == first }
    if run.count < 3 { return false }
    open = run
    return true
  }
}

/// A post that a host takes: whole, or shortened with a line that says so.
public struct FittedText: Sendable, Hashable {
  /// What is posted.
  public let text: String
  /// How many characters the whole post has, where it was shortened; nil for a whole one.
  public let fullLength: Int?

  /// Shortens a post to a number of characters (Unicode scalars), where it is longer.
  ///
  /// It is cut at an empty line outside of code blocks and folded parts, and keeps its footer: what follows the last `---`, with the
  /// digests. Nil where it cannot be cut.
  ///
  /// - Parameters:
  ///   - whole: The post.
  ///   - limit: The most characters.
  public init?(_ whole: String, limit: Int) {
    let length = whole.unicodeScalars.count
    if length <= limit {
      text = whole
      fullLength = nil
      return
    }
    let lines = whole.split(separator: "\n", omittingEmptySubsequences: false)
    let notice =
      "*Shortened: the whole post has \(length) characters, and \(limit) fit here. "
      + "`tally report` prints all of it.*"
    let footer = Self.footer(of: lines)
    let room = limit - notice.unicodeScalars.count - footer.unicodeScalars.count - 4
    guard let cut = Self.cut(lines, room: room) else { return nil }
    let kept = lines[..<cut].joined(separator: "\n")
    text = footer.isEmpty ? "\(kept)\n\n\(notice)" : "\(kept)\n\n\(notice)\n\n\(footer)"
    fullLength = length
  }

  /// The last rule and what follows, unless that is long.
  private static func footer(of lines: [Substring]) -> String {
    guard let rule = lines.lastIndex(of: "---"), rule > 0 else { return "" }
    let text = lines[rule...].joined(separator: "\n")
    return text.unicodeScalars.count <= 2000 ? text : ""
  }

  /// The last empty line at which the text can end.
  private static func cut(_ lines: [Substring], room: Int) -> Int? {
    var fence = CodeFence()
    var folded = 0
    var used = 0
    var best: Int?
    for (index, line) in lines.enumerated() {
      if !fence.takes(line) {
        folded += line.ranges(of: "<details").count - line.ranges(of: "</details").count
        if line.isEmpty, folded <= 0, index > 0, used <= room { best = index }
      }
      used += line.unicodeScalars.count + 1
      if used > room { break }
    }
    return best
  }
}
