/// Where a repository came from, without the secrets that CI puts into the address.
public struct RemoteAddress: Sendable, Hashable {
  /// The address as it may be shown: user name and password are left out of `https://user:secret@host/…`.
  public let url: String
  /// The last part without `.git`, such as `netra`.
  public let name: String
  /// Everything after the host without `.git`, such as `example/netra`; nil for a local folder.
  public let slug: String?
  /// The host with its port, such as `git.example.com:8443`; nil for a local folder.
  public let host: String?
  /// The address for a browser, such as `https://github.com/example/netra`; nil for a local folder.
  public let webURL: String?

  /// Takes the address apart; `https://`, `ssh://`, `git://`, `host:path` and folders are known.
  public init(_ address: String) {
    var text = address
    while let last = text.last, last == "/" || last.isWhitespace { text.removeLast() }
    name = Self.lastComponent(of: text)
    guard let (scheme, host, path) = Self.split(text) else {
      url = text
      slug = nil
      webURL = nil
      self.host = nil
      return
    }
    self.host = host
    let bare = path.hasSuffix(".git") ? String(path.dropLast(4)) : path
    slug = bare
    // A port is that of ssh unless the scheme is a browser's.
    let isWeb = scheme == "https" || scheme == "http"
    let site = isWeb ? host : String(host.prefix { $0 != ":" })
    webURL = "\(scheme == "http" ? "http" : "https")://\(site)/\(bare)"
    url = scheme.isEmpty ? "\(host):\(path)" : "\(scheme)://\(host)/\(path)"
  }

  /// A text in which every address has lost its user name and password.
  public static func withoutSecrets(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let mark = rest.firstRange(of: "://") {
      result += rest[..<mark.upperBound]
      rest = rest[mark.upperBound...]
      let end =
        rest.firstIndex { "/?#'\"<> ".contains($0) || $0.isWhitespace } ?? rest.endIndex
      if let at = rest[..<end].lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
    }
    return result + rest
  }

  /// Says whether an address holds a password, or a user name that may be a token.
  public static func holdsSecret(_ address: String) -> Bool {
    guard let mark = address.firstRange(of: "://") else { return false }
    let scheme = address[..<mark.lowerBound].lowercased()
    let host = address[mark.upperBound...].prefix { $0 != "/" }
    guard let at = host.lastIndex(of: "@") else { return false }
    return host[..<at].contains(":") || scheme == "http" || scheme == "https"
  }

  /// The last part of a path without `.git` and slashes.
  static func lastComponent(of path: String) -> String {
    let parts = path.split(whereSeparator: { $0 == "/" || $0 == "\\" || $0 == ":" })
    var last = parts.last.map(String.init) ?? ""
    if last == ".git", parts.count > 1 { last = String(parts[parts.count - 2]) }
    return last.hasSuffix(".git") ? String(last.dropLast(4)) : last
  }

  private static func split(_ text: String) -> (scheme: String, host: String, path: String)? {
    if let mark = text.firstRange(of: "://") {
      let scheme = text[..<mark.lowerBound].lowercased()
      if scheme == "file" { return nil }
      let rest = text[mark.upperBound...]
      guard let slash = rest.firstIndex(of: "/") else { return nil }
      let path = rest[slash...].drop { $0 == "/" }
      return (scheme, withoutUser(rest[..<slash]), String(path))
    }
    // scp's form; a colon after a slash belongs to a folder's name.
    guard let colon = text.firstIndex(of: ":"), !text[..<colon].contains("/") else { return nil }
    let path = text[text.index(after: colon)...].drop { $0 == "/" }
    return path.isEmpty ? nil : ("", withoutUser(text[..<colon]), String(path))
  }

  private static func withoutUser(_ host: Substring) -> String {
    guard let at = host.lastIndex(of: "@") else { return String(host) }
    return String(host[host.index(after: at)...])
  }
}
