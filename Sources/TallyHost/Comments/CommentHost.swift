/// A comment as a host lists it.
public struct Comment: Sendable, Hashable {
  /// The host's name for it.
  public let id: String
  /// Where it can be looked at; nil where the host does not say.
  public let url: String?
  /// Who wrote it.
  let author: Author
  /// Says whether it carries the marker that was looked for.
  let isMarked: Bool
  /// What it says, in the form of ``CommentHost/comparable(_:)``.
  let text: String

  /// Who writes comments.
  struct Author: Sendable, Hashable {
    /// The host's names for the account; empty for one that was deleted.
    var ids: [String]
    /// True for an account of a program.
    var isBot = false
  }
}

/// Whose comments may be changed.
enum Identity: Sendable, Hashable {
  /// The account that the token belongs to, by each of its names.
  case account([String])
  /// One of a program; which one, the host does not tell it.
  case someBot

  /// Says whether a comment was written by this account.
  func wrote(_ comment: Comment) -> Bool {
    switch self {
    case .account(let ids): comment.author.ids.contains { ids.contains($0) }
    case .someBot: comment.author.isBot
    }
  }
}

/// A place that holds comments: requests to it, and what its answers mean.
///
/// Pure: nothing is sent.
protocol CommentHost: Sendable {
  /// What sentences call it, such as `example/shop#7`.
  var place: String { get }
  /// The host with its port.
  var host: String { get }
  /// The most pages that are looked through.
  var pages: Int { get }
  /// True where older comments than those on ``pages`` are taken as gone; elsewhere they are an error.
  var forgetsOldOnes: Bool { get }

  /// The body of a comment with a marker; at most so many characters of a post fit in one.
  func body(_ text: String, _ marker: PostMarker) -> String
  /// A body in a form that does not change when the host stores it.
  func comparable(_ body: String) -> String

  /// Asks for the first comments.
  var firstPage: HTTPRequest { get }
  /// Reads a page; the request for the next, nil on the last.
  func page(
    _ answer: HTTPAnswer,
    marker: PostMarker
  ) throws -> (comments: [Comment], next: HTTPRequest?)
  /// Asks whose token it is.
  var identityRequest: HTTPRequest { get }
  /// Reads whose token it is.
  func identity(_ answer: HTTPAnswer) throws -> Identity
  /// Asks for a new comment.
  func create(_ body: String, _ marker: PostMarker) -> HTTPRequest
  /// Asks for another text in a comment.
  func update(_ comment: Comment, _ body: String, _ marker: PostMarker) -> HTTPRequest
  /// Reads what was made or changed: its name and address.
  func written(_ answer: HTTPAnswer) throws -> (id: String, url: String?)
  /// What is wrong with an answer; nil for a good one.
  func problem(_ answer: HTTPAnswer, writing: Bool) -> HostError?
}

extension CommentHost {
  var forgetsOldOnes: Bool { false }
  var pages: Int { 100 }

  func body(_ text: String, _ marker: PostMarker) -> String { "\(text)\n\n\(marker.line)" }

  func comparable(_ body: String) -> String {
    var text = body.replacing("\r\n", with: "\n")
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
