import Foundation

/// An issue or a pull request on GitHub, whose comments are made with the REST API.
public struct GitHubIssue: Sendable, Hashable {
  /// The API's address without a slash at the end, such as `https://api.github.com`.
  public let api: String
  /// Owner and name.
  public let repository: String
  /// The number.
  public let number: Int
  /// True for a pull request; its comments are those of the issue of the same number.
  public let isPullRequest: Bool
  private let token: String

  /// The most characters of a comment.
  public static let limit = 65_536

  /// Creates the place.
  public init(api: String, repository: String, number: Int, isPullRequest: Bool, token: String) {
    self.api = api
    self.repository = repository
    self.number = number
    self.isPullRequest = isPullRequest
    self.token = token
  }

  private var headers: [HTTPRequest.Header] {
    [
      .init("Authorization", "Bearer \(token)"), .init("Accept", "application/vnd.github+json"),
      .init("X-GitHub-Api-Version", "2022-11-28"), .init("Content-Type", "application/json"),
    ]
  }

  private var path: String {
    let parts = repository.split(separator: "/").map { HTTPRequest.encoded(String($0)) }
    return "\(api)/repos/\(parts.joined(separator: "/"))/issues"
  }

  /// A comment as the API writes it.
  private struct Wire: Decodable {
    struct User: Decodable {
      var id: Int64
      var type: String?
    }
    var id: Int64
    var body: String?
    var html_url: String?
    /// Nothing for an account that was deleted.
    var user: User?
  }
}

extension GitHubIssue: CommentHost {
  var place: String { "\(repository)#\(number)" }
  var host: String { HTTPRequest.host(of: api) }

  var firstPage: HTTPRequest {
    HTTPRequest("GET", "\(path)/\(number)/comments?per_page=100", headers: headers)
  }

  func page(
    _ answer: HTTPAnswer,
    marker: PostMarker
  ) throws -> (comments: [Comment], next: HTTPRequest?) {
    guard let list = answer.decoded([Wire].self) else {
      throw HostError.unreadable(host: host, reason: "no list of comments")
    }
    let comments = list.map { wire in
      Comment(
        id: String(wire.id),
        url: wire.html_url,
        author: .init(
          ids: wire.user.map { [String($0.id)] } ?? [],
          isBot: wire.user?.type == "Bot"
        ),
        isMarked: marker.isIn(wire.body ?? ""),
        text: comparable(wire.body ?? "")
      )
    }
    return (comments, answer.nextLink.map { HTTPRequest("GET", $0, headers: headers) })
  }

  var identityRequest: HTTPRequest { HTTPRequest("GET", "\(api)/user", headers: headers) }

  func identity(_ answer: HTTPAnswer) throws -> Identity {
    // The token of a workflow belongs to an app, which may not ask who it is.
    if answer.status == 403 { return .someBot }
    if let problem = problem(answer, writing: false) { throw problem }
    guard let user = answer.decoded(Wire.User.self) else {
      throw HostError.unreadable(host: host, reason: "no account")
    }
    return .account([String(user.id)])
  }

  func create(_ body: String, _ marker: PostMarker) -> HTTPRequest {
    HTTPRequest(
      "POST",
      "\(path)/\(number)/comments",
      headers: headers,
      body: HTTPRequest.json(["body": body])
    )
  }

  func update(_ comment: Comment, _ body: String, _ marker: PostMarker) -> HTTPRequest {
    HTTPRequest(
      "PATCH",
      "\(path)/comments/\(HTTPRequest.encoded(comment.id))",
      headers: headers,
      body: HTTPRequest.json(["body": body])
    )
  }

  func written(_ answer: HTTPAnswer) throws -> (id: String, url: String?) {
    guard let wire = answer.decoded(Wire.self) else {
      throw HostError.unreadable(host: host, reason: "no comment")
    }
    return (String(wire.id), wire.html_url)
  }

  func problem(_ answer: HTTPAnswer, writing: Bool) -> HostError? {
    let permission = isPullRequest ? "pull-requests" : "issues"
    switch answer.status {
    case 200..<300: return nil
    case 401:
      return .unauthorized(
        host: host,
        hint: "check GITHUB_TOKEN (or GH_TOKEN): it is wrong, or has expired"
      )
    case 403:
      return .forbidden(
        host: host,
        what: writing ? "comment on \(place)" : "read \(place)",
        message: answer.message,
        hint: "a workflow needs 'permissions: \(permission): write'; a fine-grained token "
          + "'\(isPullRequest ? "Pull requests" : "Issues"): Read and write'; "
          + "runs for forks may never write"
      )
    case 404:
      return .notFound(
        host: host,
        place: "'\(place)'",
        hint: "check repository and number; in a private repository the token needs "
          + "'permissions: \(permission): write'"
      )
    default: return .refused(host: host, status: answer.status, message: answer.message)
    }
  }
}
