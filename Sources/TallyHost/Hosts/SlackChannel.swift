import Foundation

/// A channel of Slack, whose messages are made with the Web API by an app with a bot token.
///
/// The marker goes into the message's metadata, which people do not see.
public struct SlackChannel: Sendable, Hashable {
  /// The API's address without a slash at the end, such as `https://slack.com/api`.
  public let api: String
  /// The channel's id, such as `C024BE91L`.
  public let channel: String
  private let token: String

  /// The most characters of a message.
  public static let limit = 40_000

  /// Creates the place.
  public init(api: String, channel: String, token: String) {
    self.api = api
    self.channel = channel
    self.token = token
  }

  private var headers: [HTTPRequest.Header] {
    [
      .init("Authorization", "Bearer \(token)"),
      .init("Content-Type", "application/json; charset=utf-8"),
    ]
  }

  private static let eventType = "tally_post"

  private struct Metadata: Codable {
    struct Payload: Codable { var marker: String? }
    var event_type: String
    var event_payload: Payload?
  }

  /// A message as the API lists it.
  private struct Wire: Decodable {
    var ts: String
    var text: String?
    var user: String?
    /// There for a message of an app; some of those have no user.
    var bot_id: String?
    var metadata: Metadata?
  }

  private struct History: Decodable {
    struct More: Decodable { var next_cursor: String? }
    var messages: [Wire]
    var response_metadata: More?
  }

  /// Whether a call was good; Slack answers with status 200 either way.
  private struct Verdict: Decodable {
    var ok: Bool
    var error: String?
    var needed: String?
  }

  private struct Message: Encodable {
    var channel: String
    var text: String
    var ts: String?
    var metadata: Metadata
    var unfurl_links = false
    var unfurl_media = false
  }

  private func call(_ method: String, _ message: Message, isRepeatable: Bool) -> HTTPRequest {
    HTTPRequest(
      "POST",
      "\(api)/\(method)",
      headers: headers,
      body: HTTPRequest.json(message),
      isRepeatable: isRepeatable
    )
  }

  private func history(_ cursor: String?) -> HTTPRequest {
    var url = "\(api)/conversations.history?channel=\(HTTPRequest.encoded(channel))"
    url += "&limit=200&include_all_metadata=true"
    if let cursor { url += "&cursor=\(HTTPRequest.encoded(cursor))" }
    return HTTPRequest("GET", url, headers: headers)
  }

  private func metadata(_ marker: PostMarker) -> Metadata {
    Metadata(event_type: Self.eventType, event_payload: .init(marker: marker.line))
  }
}

extension SlackChannel: CommentHost {
  var place: String { channel }
  var host: String { HTTPRequest.host(of: api) }
  var pages: Int { 10 }
  var forgetsOldOnes: Bool { true }

  func body(_ text: String, _ marker: PostMarker) -> String { text }

  var firstPage: HTTPRequest { history(nil) }

  func page(
    _ answer: HTTPAnswer,
    marker: PostMarker
  ) throws -> (comments: [Comment], next: HTTPRequest?) {
    guard let page = answer.decoded(History.self) else {
      throw HostError.unreadable(host: host, reason: "no list of messages")
    }
    let comments = page.messages.map { wire in
      Comment(
        id: wire.ts,
        url: nil,
        author: .init(ids: [wire.user, wire.bot_id].compactMap { $0 }),
        isMarked: wire.metadata?.event_type == Self.eventType
          && wire.metadata?.event_payload?.marker == marker.line,
        text: comparable(wire.text ?? "")
      )
    }
    let cursor = page.response_metadata?.next_cursor ?? ""
    return (comments, cursor.isEmpty ? nil : history(cursor))
  }

  var identityRequest: HTTPRequest {
    HTTPRequest("POST", "\(api)/auth.test", headers: headers, isRepeatable: true)
  }

  func identity(_ answer: HTTPAnswer) throws -> Identity {
    struct Account: Decodable {
      var user_id: String
      var bot_id: String?
    }
    if let problem = problem(answer, writing: false) { throw problem }
    guard let account = answer.decoded(Account.self) else {
      throw HostError.unreadable(host: host, reason: "no account")
    }
    return .account([account.user_id, account.bot_id].compactMap { $0 })
  }

  func create(_ body: String, _ marker: PostMarker) -> HTTPRequest {
    let message = Message(channel: channel, text: body, metadata: metadata(marker))
    return call("chat.postMessage", message, isRepeatable: false)
  }

  func update(_ comment: Comment, _ body: String, _ marker: PostMarker) -> HTTPRequest {
    let message = Message(
      channel: channel,
      text: body,
      ts: comment.id,
      metadata: metadata(marker)
    )
    return call("chat.update", message, isRepeatable: true)
  }

  func written(_ answer: HTTPAnswer) throws -> (id: String, url: String?) {
    struct Sent: Decodable { var ts: String }
    guard let sent = answer.decoded(Sent.self) else {
      throw HostError.unreadable(host: host, reason: "no message")
    }
    return (sent.ts, nil)
  }

  func problem(_ answer: HTTPAnswer, writing: Bool) -> HostError? {
    guard (200..<300).contains(answer.status) else {
      return .refused(host: host, status: answer.status, message: answer.message)
    }
    guard let verdict = answer.decoded(Verdict.self) else {
      return .unreadable(host: host, reason: "no JSON")
    }
    if verdict.ok { return nil }
    let what = writing ? "post to channel '\(channel)'" : "read channel '\(channel)'"
    switch verdict.error ?? "" {
    case "not_authed", "invalid_auth", "token_revoked", "token_expired", "account_inactive":
      return .unauthorized(host: host, hint: "check SLACK_BOT_TOKEN: it begins with xoxb-")
    case "missing_scope":
      return .forbidden(
        host: host,
        what: what,
        message: verdict.needed.map { "it needs the scope \($0.prefix(100))" },
        hint: "give the app the scopes chat:write and channels:history (groups:history for a "
          + "private channel), and install it again"
      )
    case "not_in_channel", "channel_not_found":
      return .notFound(
        host: host,
        place: "channel '\(channel)'",
        hint: "name it by its id, such as C024BE91L, and invite the app: /invite @app"
      )
    default: return .refused(host: host, status: answer.status, message: verdict.error)
    }
  }
}
