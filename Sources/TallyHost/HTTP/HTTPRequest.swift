import Foundation

/// A request as it goes to a host; nothing in it depends on how it is sent.
public struct HTTPRequest: Sendable, Hashable {
  /// A header of a request.
  public struct Header: Sendable, Hashable {
    /// The name as it is sent.
    public let name: String
    /// The value; one line.
    public let value: String

    /// Creates a header.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// `GET`, `POST`, `PUT` or `PATCH`.
  public let method: String
  /// The whole address, with everything encoded that has to be.
  public let url: String
  /// In the order they are sent.
  public let headers: [Header]
  /// What is sent; nil for a request without a body.
  public let body: [UInt8]?
  /// True where an answer that names another address is followed there.
  public let followsRedirects: Bool
  /// True where carrying the request out twice comes to the same as once.
  public let isRepeatable: Bool

  /// Creates a request; one with `POST` is not repeatable unless told otherwise.
  public init(
    _ method: String,
    _ url: String,
    headers: [Header] = [],
    body: [UInt8]? = nil,
    followsRedirects: Bool = true,
    isRepeatable: Bool? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.followsRedirects = followsRedirects
    self.isRepeatable = isRepeatable ?? (method != "POST")
  }

  /// The host with its port, for sentences: never the path, which may be a secret.
  public var host: String { Self.host(of: url) }

  /// Scheme, host and port of an address, in lowercase.
  static func origin(of url: String) -> String {
    let scheme = url.firstRange(of: "://").map { url[..<$0.lowerBound].lowercased() } ?? ""
    return "\(scheme)://\(host(of: url).lowercased())"
  }

  /// Host and port of an address, without user name and password.
  public static func host(of url: String) -> String {
    guard let mark = url.firstRange(of: "://") else { return "" }
    let site = url[mark.upperBound...].prefix { !"/?#".contains($0) }
    guard let at = site.lastIndex(of: "@") else { return String(site) }
    return String(site[site.index(after: at)...])
  }

  /// An address and its parts that may be secrets: user and password, path and query.
  public static func secrets(in url: String) -> [String] {
    guard let site = url.firstRange(of: host(of: url)), !site.isEmpty else { return [url] }
    let user = url[..<site.lowerBound].drop { $0 != "/" }.drop { $0 == "/" || $0 == "@" }.dropLast()
    let parts = [url[...], url[site.upperBound...]] + user.split(separator: ":")
    // A path of a few characters is none, and would be found everywhere.
    return parts.filter { $0.count > 4 }.map(String.init)
  }

  /// A value as the JSON of a body; texts, numbers and what is made of them can always be encoded.
  static func json(_ value: some Encodable) -> [UInt8] {
    Array((try? JSONEncoder().encode(value)) ?? Data())
  }

  /// A text as one part of a path or a value of a query: everything but letters, digits, `-`, `.`, `_` and `~` is encoded.
  public static func encoded(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return result
  }
}
