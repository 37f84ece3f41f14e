/// What the last line of a post says of how it was made.
///
/// The built-in footers of Markdown, HTML and Slack consist of the same phrases; only the marks around names differ.
public struct PostFooter: Sendable, Hashable {
  /// The change that a post is about.
  public struct Change: Sendable, Hashable {
    /// The beginning of the commit's name.
    public let commit: String
    /// The commit's branch.
    public let branch: String
    /// The branch it was compared with.
    public let base: String
  }

  /// The time of the report, in ISO 8601.
  public let asOf: String
  /// How much of the journal was asked for, in words; empty for all of it.
  public let knownAt: String
  /// The campaign's id; empty for none or all.
  public let campaign: String
  /// True for a post about every campaign.
  public let isAll: Bool
  /// The change; nil for a post about none.
  public let change: Change?
  /// How many entries the journal held.
  public let entries: Int
  /// The first digits of the journal's root.
  public let root: String
  /// The first digits of the configuration's digest.
  public let configuration: String
  /// The date whose configuration was asked for; empty for none.
  public let configurationDate: String
  /// The template's full name.
  public let template: String
  /// The first digits of the template's digest.
  public let templateDigest: String
  /// What made the post, such as `tally 0.1.0`.
  public let generator: String

  /// Finds the footers of a text.
  ///
  /// - Returns: each with the index of its line; a post has one.
  public static func all(in text: PostedText) -> [(line: Int, footer: PostFooter)] {
    text.lines.enumerated().compactMap { index, line in
      PostFooter(line: line).map { (index, $0) }
    }
  }

  /// Reads a line; nil when it is no footer of a built-in template.
  public init?(line: String) {
    guard line.utf8.count < 4_096, line.contains("As of "), line.contains(" Journal: ") else {
      return nil
    }
    var phrases = Phrases(PostFooter.plain(line))
    guard let asOf = phrases.take(#/^As of \u{1}?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\u{1}?/#) else {
      return nil
    }
    self.asOf = asOf
    knownAt = phrases.take(#/^, known at ([\d,]+ entr(?:y|ies))/#) ?? ""
    guard phrases.skip(".") else { return nil }
    campaign = phrases.take(#/^ Campaign \u{1}([^\u{1}]+)\u{1}\./#) ?? ""
    isAll = phrases.skip(" Every campaign.")
    if let commit = phrases.take(#/^ Change \u{1}([0-9a-f]{12,64})\u{1} of /#) {
      guard let branch = phrases.take(#/^\u{1}([^\u{1}]+)\u{1} against /#),
        let base = phrases.take(#/^\u{1}([^\u{1}]+)\u{1}\./#)
      else { return nil }
      change = Change(commit: commit, branch: branch, base: base)
    } else {
      change = nil
    }
    guard let entries = phrases.take(#/^ Journal: ([\d,]+) entr(?:y|ies)/#),
      let count = Int(entries.filter { $0 != "," }),
      let root = phrases.take(#/^, root \u{1}([0-9a-f]{12,64})\u{1}\./#),
      let configuration = phrases.take(#/^ Configuration \u{1}([0-9a-f]{12,64})\u{1}/#)
    else { return nil }
    self.entries = count
    self.root = root
    self.configuration = configuration
    configurationDate = phrases.take(#/^ of (\d{4}-\d\d-\d\d)/#) ?? ""
    _ = phrases.take(#/^; at that time \u{1}([0-9a-f]{12,64})\u{1} counted/#)
    guard phrases.skip("."),
      let template = phrases.take(#/^ Template \u{1}([^\u{1}]+)\u{1} /#),
      let digest = phrases.take(#/^\u{1}([0-9a-f]{12,64})\u{1}\./#),
      let generator = phrases.take(#/^ Written by (\S+ \S+)\.$/#)
    else { return nil }
    self.template = template
    templateDigest = digest
    self.generator = generator
  }

  /// The line with its names between U+0001, whatever marks code in the post's language.
  private static func plain(_ line: String) -> String {
    var text = line.filter { $0 != "\u{1}" }
    if text.hasPrefix("<p>"), text.hasSuffix("</p>") {
      text = String(text.dropFirst(3).dropLast(4))
      for (mark, plain) in [
        ("<code>", "\u{1}"), ("</code>", "\u{1}"), ("&lt;", "<"), ("&gt;", ">"),
        ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"),
      ] { text = text.replacing(mark, with: plain) }
      return text
    }
    if text.hasPrefix("_"), text.hasSuffix("_") { text = String(text.dropFirst().dropLast()) }
    return text.replacing("`", with: "\u{1}")
  }
}

/// What is left of a line while phrases are taken from its beginning.
private struct Phrases {
  private var rest: Substring

  init(_ text: String) { rest = text[...] }

  /// Takes a phrase and gives what stands in its place for a value; nil, and nothing taken, where it isn't there.
  mutating func take(_ phrase: Regex<(Substring, Substring)>) -> String? {
    guard let match = try? phrase.prefixMatch(in: rest) else { return nil }
    rest = rest[match.range.upperBound...]
    return String(match.output.1)
  }

  /// Takes words that hold no value; false where they aren't there.
  mutating func skip(_ words: String) -> Bool {
    guard rest.hasPrefix(words) else { return false }
    rest = rest.dropFirst(words.count)
    return true
  }
}
