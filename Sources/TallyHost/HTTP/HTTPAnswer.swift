import Foundation
import TallyModel

/// What a host answered.
public struct HTTPAnswer: Sendable, Hashable {
  /// The status, such as 201.
  public let status: Int
  /// Names in lowercase; of a header that is there twice the last.
  public let headers: [String: String]
  /// The body, at most ``bodyLimit`` bytes.
  public let body: [UInt8]

  /// More than this many bytes are not read; a page of 100 comments of the longest kind has fewer.
  public static let bodyLimit = 64 << 20

  /// Creates an answer.
  public init(status: Int, headers: [String: String], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// Takes the lines of a header apart, as `curl` writes them down: one block for each answer on the way, of which the last counts.
  ///
  /// Nil where there is no answer in it.
  init?(head: String, body: [UInt8]) {
    var status: Int?
    var headers: [String: String] = [:]
    for line in head.split(whereSeparator: \.isNewline) {
      if line.hasPrefix("HTTP/") {
        let words = line.split(separator: " ")
        status = words.count > 1 ? Int(words[1]) : nil
        headers = [:]
      } else if let colon = line.firstIndex(of: ":") {
        let value = line[line.index(after: colon)...]
        headers[line[..<colon].lowercased()] = Self.trimmed(value)
      }
    }
    guard let status else { return nil }
    self.init(status: status, headers: headers, body: body)
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  /// The body as a value; nil where it is not that JSON.
  func decoded<Value: Decodable>(_ type: Value.Type) -> Value? {
    try? JSONDecoder().decode(type, from: Data(body))
  }

  /// What the host says is wrong, on one line; nil where it does not say so in JSON.
  var message: String? {
    struct Wire: Decodable {
      var message: Text?
      var error: Text?
    }
    /// GitLab writes a text, a list of texts, or texts by field.
    enum Text: Decodable {
      case text(String)

      init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let text = try? value.decode(String.self) {
          self = .text(text)
        } else if let list = try? value.decode([String].self) {
          self = .text(list.joined(separator: ", "))
        } else {
          let fields = try value.decode([String: [String]].self)
          let parts = fields.sorted { $0.key < $1.key }.map {
            "\($0.key) \($0.value.joined(separator: ", "))"
          }
          self = .text(parts.joined(separator: "; "))
        }
      }
    }
    guard let wire = decoded(Wire.self), case .text(let text)? = wire.message ?? wire.error else {
      return nil
    }
    struct Details: Decodable {
      struct Detail: Decodable { var message: String? }
      var errors: [Detail]
    }
    let details = decoded(Details.self)?.errors.compactMap(\.message) ?? []
    return Self.oneLine(([text] + details).joined(separator: ": "))
  }

  /// The body as one line, for hosts that answer with plain text; nil for a page and for nothing.
  var plainMessage: String? {
    if headers["content-type"]?.hasPrefix("text/html") == true { return nil }
    return Self.oneLine(String(decoding: body.prefix(1000), as: UTF8.self))
  }

  private static func oneLine(_ text: String) -> String? {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.isEmpty ? nil : String(line.prefix(200))
  }

  /// The address of the next page in a `Link` header (RFC 8288); nil on the last.
  var nextLink: String? {
    for part in (headers["link"] ?? "").split(separator: ",") {
      guard part.contains("rel=\"next\""), let start = part.firstIndex(of: "<"),
        let end = part[start...].firstIndex(of: ">")
      else { continue }
      return String(part[part.index(after: start)..<end])
    }
    return nil
  }

  // MARK: Being told to wait

  /// Says whether the host did nothing but ask for a pause: 429, and GitHub's 403 for one of its rate limits.
  var isThrottled: Bool {
    if status == 429 { return true }
    guard status == 403 else { return false }
    return headers["retry-after"] != nil || headers["x-ratelimit-remaining"] == "0"
      || message?.lowercased().contains("secondary rate limit") == true
  }

  /// How many seconds the host asks to wait; nil where it does not say.
  var pause: Int? {
    if let text = headers["retry-after"] {
      if let seconds = Int(text) { return max(seconds, 0) }
      if let end = Self.date(text), let date {
        return Int(clamping: max(end.seconds - date.seconds, 0))
      }
    }
    if headers["x-ratelimit-remaining"] == "0",
      let reset = headers["x-ratelimit-reset"].flatMap({ Int64($0) }), let date
    {
      return Int(clamping: max(reset - date.seconds, 1))
    }
    // GitHub asks for a minute where a secondary limit comes without a time.
    return status == 403 ? 60 : nil
  }

  /// When the host answered, by its own clock.
  private var date: Timestamp? { headers["date"].flatMap(Self.date) }

  /// A time as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
  private static func date(_ text: String) -> Timestamp? {
    let words = text.split(separator: " ")
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    guard words.count == 6, let month = months.firstIndex(of: String(words[2])) else { return nil }
    let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
    return Timestamp(iso8601: "\(words[3])-\(number)-\(words[1])T\(words[4])Z")
  }
}
