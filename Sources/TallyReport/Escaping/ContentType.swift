/// What kind of text a template makes, by the ending of its name; it decides how data is escaped.
public enum ContentType: String, Sendable, Hashable, CaseIterable {
  /// `.md`: GitHub-flavoured Markdown.
  case markdown = "md"
  /// `.html` and `.htm`.
  case html = "html"
  /// `.csv`: each tag is one field.
  case csv = "csv"
  /// `slack.txt`, and names that end in `.slack.txt`: Slack's message markup.
  case slack = "slack.txt"
  /// Anything else: plain text, one line a value, without acting characters.
  case text = "txt"

  /// The content type of a template with this name.
  public init(fileName: String) {
    let name = fileName.split(separator: "/").last.map { $0.lowercased() } ?? ""
    if name == "slack.txt" || name.hasSuffix(".slack.txt") {
      self = .slack
      return
    }
    let ending = fileName.split(separator: ".").last.map { $0.lowercased() } ?? ""
    switch ending {
    case "md", "markdown": self = .markdown
    case "html", "htm": self = .html
    case "csv": self = .csv
    default: self = .text
    }
  }

  /// A value made safe for a place outside a code span.
  public func escape(_ text: String) -> String {
    switch self {
    case .markdown: MarkdownEscaping.prose(text)
    case .html: HTMLEscaping.text(text)
    case .csv: CSVEscaping.field(text)
    case .slack: SlackEscaping.text(text)
    case .text: CommandMarks.broken(VisibleText.line(text))
    }
  }
}
