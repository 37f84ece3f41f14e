import TallyReport

/// What became of a post.
public struct PostAnswer: CommandAnswer {
  /// The form of this answer.
  public var version = 1
  /// Where to: the host with its port.
  public var host: String
  /// Where on the host, such as `example/shop#7`; nil where only the host is known.
  public var place: String?
  /// The template's full name.
  public var template: String
  /// The campaigns that it is about; empty for a post about none.
  public var campaigns: [String]
  /// What was done, or in a dry run would be: `created`, `updated`, `unchanged` or `sent`; `unknown` where the host was not asked.
  public var action = "unknown"
  /// True when nothing was sent because that was asked for.
  public var isDryRun: Bool
  /// The host's name for the comment; nil where there is none yet.
  public var comment: String?
  /// The comment in a browser; nil where the host does not say.
  public var url: String?
  /// How many characters were posted, without the marker.
  public var characters = 0
  /// True when the post was longer than the host takes, and was shortened.
  public var isShortened = false
  /// In a dry run, what would be sent; else nil.
  public var body: String?
  /// In a dry run, why the host was not asked what is there; nil where it was.
  public var unasked: String?
  /// What was recorded in the ledger: a sentence for each campaign.
  public var recorded: [String] = []
  /// Sentences worth a person's attention.
  public var warnings: [String] = []

  /// One line: what was done, and where; in a dry run the post follows.
  public func text(_ style: TextStyle) -> String {
    let lines = [sentence] + recorded
    var text = lines.map { VisibleText.line($0) }.joined(separator: "\n") + "\n"
    // As it would be sent, and as tally report prints it: the template made it safe.
    if let body { text += body.hasSuffix("\n") ? "\n\(body)" : "\n\(body)\n" }
    return text
  }

  private var sentence: String {
    let there = place.map { "\($0) (\(host))" } ?? host
    let its = comment.map { "comment \($0)" } ?? "a comment"
    let address = url.map { ": \($0)" } ?? ""
    if isDryRun {
      let nothing = "; nothing was sent"
      switch action {
      case "created": return "would create a comment on \(there)\(nothing)"
      case "updated": return "would update \(its) on \(there)\(nothing)\(address)"
      case "unchanged": return "\(its) on \(there) says this already\(nothing)\(address)"
      case "sent": return "would send it to \(there)\(nothing)"
      default:
        let why = unasked.map { ", which was not asked: \($0)" } ?? ""
        return "would create or update a comment on \(there)\(why)\(nothing)"
      }
    }
    switch action {
    case "created": return "created \(its) on \(there)\(address)"
    case "updated": return "updated \(its) on \(there)\(address)"
    case "unchanged": return "\(its) on \(there) says this already\(address)"
    default: return "sent it to \(there)"
    }
  }
}
