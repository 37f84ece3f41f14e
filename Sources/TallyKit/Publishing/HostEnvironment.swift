import TallyHost

/// Reads from the environment what posts are sent with: tokens and addresses, checked, and named in errors but never shown.
struct HostEnvironment {
  let variables: [String: String]

  /// A token or another secret, without blanks at its ends; nil where it is not set.
  ///
  /// - Throws: ``PostError/badSecret(variable:)`` for one that would break out of its header.
  func secret(_ variable: EnvironmentVariable) throws -> String? {
    guard let text = variables[variable] else { return nil }
    let secret = Self.trimmed(text)
    if secret.isEmpty { return nil }
    guard secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw PostError.badSecret(variable: variable.rawValue)
    }
    return secret
  }

  /// An address without slashes at its end; nil where it is not set.
  ///
  /// - Throws: ``PostError/badSecret(variable:)``, ``PostError/badAddress(variable:)``.
  func address(_ variable: EnvironmentVariable) throws -> String? {
    guard var text = try secret(variable) else { return nil }
    while text.hasSuffix("/") { text.removeLast() }
    let lowercase = text.lowercased()
    guard lowercase.hasPrefix("https://") || lowercase.hasPrefix("http://"),
      !HTTPRequest.host(of: text).isEmpty
    else { throw PostError.badAddress(variable: variable.rawValue) }
    return text
  }

  /// What is said of an address to which a secret goes in the clear; nil for one that is encrypted or on this machine.
  static func warning(_ address: String) -> String? {
    guard address.lowercased().hasPrefix("http://") else { return nil }
    let host = HTTPRequest.host(of: address)
    let name = host.hasPrefix("[") ? String(host.prefix { $0 != "]" }) + "]" : host
    let bare = name.hasPrefix("[") ? name : String(name.prefix { $0 != ":" })
    if bare == "localhost" || bare == "[::1]" || bare.hasPrefix("127.") { return nil }
    return "\(host) is not asked over https: everybody on the way can read the token"
  }

  private static func trimmed(_ text: String) -> String {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
