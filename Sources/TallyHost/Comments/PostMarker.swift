/// The line by which a post is found again: an HTML comment, which hosts do not show.
///
/// MUST NOT CHANGE: posts that are out there are found by it.
public struct PostMarker: Sendable, Hashable {
  /// The whole line, such as `<!-- tally:post project=shop campaign=no-eval template=weekly.md -->`.
  public let line: String

  private static let start = "<!-- tally:post "

  /// Creates the marker of a post.
  ///
  /// - Parameter fields: Name and value in a fixed order; values may hold anything.
  public init(_ fields: [(name: String, value: String)]) {
    let pairs = fields.map { "\($0.name)=\(Self.escaped($0.value))" }
    line = Self.start + pairs.joined(separator: " ") + " -->"
  }

  /// Says whether a text carries this marker: its last line with a marker is this one.
  ///
  /// A marker that is quoted, or stands inside a line, is none.
  func isIn(_ text: String) -> Bool {
    var found: Substring?
    for line in text.split(whereSeparator: \.isNewline) where line.hasPrefix(Self.start) {
      found = line
    }
    guard var last = found else { return false }
    while last.last?.isWhitespace == true { last.removeLast() }
    return last == line
  }

  /// Everything is encoded that could end the comment or the value: what is no letter, digit, `.` or `_`, and a `-` beside another.
  private static func escaped(_ text: String) -> String {
    HTTPRequest.encoded(text).replacing("~", with: "%7E").replacing("--", with: "-%2D")
  }
}
