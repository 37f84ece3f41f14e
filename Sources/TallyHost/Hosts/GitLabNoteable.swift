import Foundation

/// An issue or a merge request on GitLab, whose notes are made with the REST API.
public struct GitLabNoteable: Sendable, Hashable {
  /// The API's address without a slash at the end, such as `https://gitlab.com/api/v4`.
  public let api: String
  /// The project's number or its path, such as `example/shop`.
  public let project: String
  /// The number inside the project.
  public let number: Int
  /// True for a merge request.
  public let isMergeRequest: Bool
  /// The project in a browser, for addresses of notes; nil where it is not known.
  public let projectURL: String?
  private let token: String

  /// The most characters of a note.
  public static let limit = 1_000_000

  /// Creates the place.
  public init(
    api: String,
    project: String,
    number: Int,
    isMergeRequest: Bool,
    projectURL: String?,
    token: String
  ) {
    self.api = api
    self.project = project
    self.number = number
    self.isMergeRequest = isMergeRequest
    self.projectURL = projectURL
    self.token = token
  }

  private var headers: [HTTPRequest.Header] {
    // GitLab's own header would go along where an answer sends to another host; this one does not.
    [.init("Authorization", "Bearer \(token)"), .init("Content-Type", "application/json")]
  }

  private var kind: String { isMergeRequest ? "merge_requests" : "issues" }

  private var path: String {
    "\(api)/projects/\(HTTPRequest.encoded(project))/\(kind)/\(number)/notes"
  }

  /// A note as the API writes it.
  private struct Wire: Decodable {
    struct User: Decodable { var id: Int64 }
    var id: Int64
    var body: String?
    var author: User?
    /// True for a line that GitLab itself writes.
    var system: Bool?
  }

  private func url(of note: Int64) -> String? {
    projectURL.map { "\($0)/-/\(kind)/\(number)#note_\(note)" }
  }

  private func page(_ number: String) -> HTTPRequest {
    HTTPRequest(
      "GET",
      "\(path)?per_page=100&order_by=created_at&sort=asc&page=\(HTTPRequest.encoded(number))",
      headers: headers
    )
  }
}

extension GitLabNoteable: CommentHost {
  var place: String { "\(project)\(isMergeRequest ? "!" : "#")\(number)" }
  var host: String { HTTPRequest.host(of: api) }
  var firstPage: HTTPRequest { page("1") }

  /// The text, in which no line is a quick action: GitLab would close an issue for a line that reads `/close`.
  func body(_ text: String, _ marker: PostMarker) -> String {
    var fence = CodeFence()
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let isCode = fence.takes(line)
      return !isCode && line.hasPrefix("/") ? "\\" + line : line
    }
    return "\(lines.joined(separator: "\n"))\n\n\(marker.line)"
  }

  func page(
    _ answer: HTTPAnswer,
    marker: PostMarker
  ) throws -> (comments: [Comment], next: HTTPRequest?) {
    guard let list = answer.decoded([Wire].self) else {
      throw HostError.unreadable(host: host, reason: "no list of notes")
    }
    let comments = list.filter { $0.system != true }.map { wire in
      Comment(
        id: String(wire.id),
        url: url(of: wire.id),
        author: .init(ids: wire.author.map { [String($0.id)] } ?? []),
        isMarked: marker.isIn(wire.body ?? ""),
        text: comparable(wire.body ?? "")
      )
    }
    let next = answer.headers["x-next-page"] ?? ""
    return (comments, next.isEmpty ? nil : page(next))
  }

  var identityRequest: HTTPRequest { HTTPRequest("GET", "\(api)/user", headers: headers) }

  func identity(_ answer: HTTPAnswer) throws -> Identity {
    if let problem = problem(answer, writing: false) { throw problem }
    guard let user = answer.decoded(Wire.User.self) else {
      throw HostError.unreadable(host: host, reason: "no account")
    }
    return .account([String(user.id)])
  }

  func create(_ body: String, _ marker: PostMarker) -> HTTPRequest {
    HTTPRequest("POST", path, headers: headers, body: HTTPRequest.json(["body": body]))
  }

  func update(_ comment: Comment, _ body: String, _ marker: PostMarker) -> HTTPRequest {
    HTTPRequest(
      "PUT",
      "\(path)/\(HTTPRequest.encoded(comment.id))",
      headers: headers,
      body: HTTPRequest.json(["body": body])
    )
  }

  func written(_ answer: HTTPAnswer) throws -> (id: String, url: String?) {
    guard let wire = answer.decoded(Wire.self) else {
      throw HostError.unreadable(host: host, reason: "no note")
    }
    return (String(wire.id), url(of: wire.id))
  }

  func problem(_ answer: HTTPAnswer, writing: Bool) -> HostError? {
    let needs = "a project access token with the scope 'api' and the role Reporter or higher"
    switch answer.status {
    case 200..<300: return nil
    case 401:
      return .unauthorized(
        host: host,
        hint: "check GITLAB_TOKEN: it is wrong, or has expired; it has to be \(needs)"
      )
    case 403:
      return .forbidden(
        host: host,
        what: writing ? "comment on \(place)" : "read \(place)",
        message: answer.message,
        hint: "put \(needs) into GITLAB_TOKEN"
      )
    case 404:
      return .notFound(
        host: host,
        place: "'\(place)'",
        hint: "check project and number; in a private project GITLAB_TOKEN has to be \(needs)"
      )
    default: return .refused(host: host, status: answer.status, message: answer.message)
    }
  }
}
