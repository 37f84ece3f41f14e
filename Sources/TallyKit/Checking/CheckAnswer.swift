import TallyReport

/// Whether a posted text is what the ledger says.
public struct CheckAnswer: CommandAnswer {
  /// What came of it.
  public enum Result: String, Codable, Sendable, Hashable {
    /// The text is what the ledger says.
    case same
    /// It differs.
    case different
    /// It can't be told.
    case unknown
  }

  /// What the post says of how it was made.
  public struct Post: Codable, Sendable, Hashable {
    /// The template's full name.
    public var template: String
    /// The campaign's id; nil for none and for all.
    public var campaign: String?
    /// True for a post about every campaign.
    public var isAll: Bool
    /// The time of the report.
    public var asOf: String
    /// How many entries the journal held.
    public var entries: Int
    /// The first digits of the journal's root.
    public var root: String
    /// The first digits of the configuration's digest.
    public var configuration: String
    /// The first digits of the template's digest.
    public var templateDigest: String
    /// What made it, such as `tally 0.1.0`.
    public var generator: String
  }

  /// Lines that are not the same; one side is nil where a line is missing there.
  public struct Difference: Codable, Sendable, Hashable {
    /// The line's number in the text that was given, from 1.
    public var line: Int?
    /// What stands there.
    public var post: String?
    /// What the ledger says there.
    public var ledger: String?
  }

  /// How many differences are told one by one.
  static let differencesMax = 20

  /// The form of this answer.
  public var version = 1
  /// `same`, `different` or `unknown`.
  public var result: Result
  /// Why it can't be told, one phrase; nil where it can.
  public var reason: String?
  /// What to do about that.
  public var hint: String?
  /// What the text was called.
  public var source: String
  /// What the post says of how it was made.
  public var post: Post
  /// How many entries the ledger holds.
  public var size: Int
  /// The root of the entries that the post was made from, 64 hexadecimal digits; nil where the ledger has fewer.
  public var root: String?
  /// True when the ledger begins with the entries that the post was made from.
  public var isExtension: Bool
  /// Where the configuration was found, such as `tally.yml as it is`; nil where it was not.
  public var configuration: String?
  /// The digest of the configuration, 64 hexadecimal digits; nil where it was not found.
  public var configurationDigest: String?
  /// The digest of the template, 64 hexadecimal digits; nil where the post was not made again.
  public var templateDigest: String?
  /// The entry that recorded this text, 64 hexadecimal digits; nil for none.
  public var recorded: String?
  /// How many lines differ.
  public var differing: Int
  /// The first 20 differences, in order.
  public var differences: [Difference]

  /// One sentence, then what it rests on, then the lines that differ.
  public func text(_ style: TextStyle) -> String {
    var text = sentence + "\n"
    var fields = FieldList()
    let about = post.isAll ? " of every campaign" : post.campaign.map { " of \($0)" } ?? ""
    fields.add("post", "\(post.template)\(about), as of \(post.asOf)")
    fields.add("journal", journal)
    if let configuration, result != .unknown {
      fields.add("configuration", "\(post.configuration), \(configuration)")
    }
    if let templateDigest { fields.add("template", String(templateDigest.prefix(12))) }
    if let recorded {
      fields.add("recorded", "this very text, in entry \(recorded.prefix(12))")
    }
    if let hint { fields.add("hint", hint) }
    text += fields.rendered(width: style.columns, colour: style.colour)
    for difference in differences { text += "\n" + lines(of: difference) }
    if differing > differences.count {
      text += "\n… and \(Wording.grouped(differing - differences.count)) more\n"
    }
    return text
  }

  private var sentence: String {
    switch result {
    case .same: "\(source) is what the ledger says"
    case .different:
      "\(source) differs from what the ledger says in \(Wording.counted(differing, "line"))"
    case .unknown: "\(source) can't be checked: \(reason ?? "")"
    }
  }

  private var journal: String {
    guard isExtension else { return "" }
    let later = size - post.entries
    let since = later == 0 ? "" : "; \(Wording.grouped(later)) came since"
    return "its first \(Wording.counted(post.entries, "entry", "entries")) have the root "
      + "\(post.root)\(since)"
  }

  private func lines(of difference: Difference) -> String {
    let begin = difference.line.map { "line \($0), " } ?? ""
    let blank = String(repeating: " ", count: begin.count)
    var result = ""
    if let post = difference.post { result += "\(begin)the post:    \(post)\n" }
    if let ledger = difference.ledger {
      result += "\(result.isEmpty ? begin : blank)the ledger:  \(ledger)\n"
    }
    return result
  }
}

extension CheckAnswer.Post {
  init(_ footer: PostFooter) {
    self.init(
      template: footer.template,
      campaign: footer.campaign.isEmpty ? nil : footer.campaign,
      isAll: footer.isAll,
      asOf: footer.asOf,
      entries: footer.entries,
      root: footer.root,
      configuration: footer.configuration,
      templateDigest: footer.templateDigest,
      generator: footer.generator
    )
  }
}
