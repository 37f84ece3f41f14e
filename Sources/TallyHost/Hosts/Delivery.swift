import Foundation

/// A post to an address that takes it and shows nothing in return.
public struct Delivery: Sendable, Hashable {
  let request: HTTPRequest
  private let hint: String

  /// What sentences call the place: the host only, because the rest of the address may be a secret.
  public var place: String { request.host }

  /// A message to the address of one of Slack's incoming webhooks.
  ///
  /// Such a message cannot be found again or changed, and after a lost answer it is not repeated.
  public static func slack(url: String, text: String) -> Delivery {
    struct Message: Encodable {
      var text: String
      var unfurl_links = false
      var unfurl_media = false
    }
    let body = (try? JSONEncoder().encode(Message(text: text))) ?? Data()
    return Delivery(
      request: HTTPRequest(
        "POST",
        url,
        headers: [.init("Content-Type", "application/json; charset=utf-8")],
        body: Array(body),
        followsRedirects: false
      ),
      hint: "make a new incoming webhook in Slack, and put its address into SLACK_WEBHOOK_URL"
    )
  }

  /// A document to any address.
  ///
  /// Repeated after a lost answer with the same `X-Tally-Delivery`, by which the receiver tells that it has it already.
  ///
  /// - Parameters:
  ///   - url: Where to.
  ///   - json: The document.
  ///   - id: What is the same each time it is sent.
  ///   - signature: The HMAC-SHA256 of the document in hexadecimal digits; nil where no secret is shared.
  /// - Returns: What is to be sent.
  public static func webhook(url: String, json: [UInt8], id: String, signature: String?) -> Delivery
  {
    var headers: [HTTPRequest.Header] = [
      .init("Content-Type", "application/json"), .init("X-Tally-Delivery", id),
    ]
    if let signature { headers.append(.init("X-Tally-Signature-256", "sha256=\(signature)")) }
    return Delivery(
      request: HTTPRequest(
        "POST",
        url,
        headers: headers,
        body: json,
        followsRedirects: false,
        isRepeatable: true
      ),
      hint: "check TALLY_WEBHOOK_URL, and TALLY_WEBHOOK_SECRET where signatures are checked"
    )
  }

  /// What is wrong with an answer; nil for a good one.
  func problem(_ answer: HTTPAnswer) -> HostError? {
    let message = answer.message ?? answer.plainMessage
    switch answer.status {
    case 200..<300: return nil
    case 300..<400:
      let target = HTTPRequest.host(of: answer.headers["location"] ?? "")
      return .redirected(host: place, reason: target.isEmpty ? "\(answer.status)" : "to \(target)")
    case 401: return .unauthorized(host: place, hint: hint)
    case 403: return .forbidden(host: place, what: "post there", message: message, hint: hint)
    case 404, 410: return .notFound(host: place, place: "such webhook", hint: hint)
    default: return .refused(host: place, status: answer.status, message: message)
    }
  }
}
