/// What `curl` reads on its standard input: everything about a request, so that no list of processes shows any of it.
enum CurlConfiguration {
  /// The longest that connecting may take, in seconds.
  static let connectSeconds = 10
  /// The longest that a request may take, in seconds.
  static let requestSeconds = 60

  /// The lines for a request.
  ///
  /// - Parameters:
  ///   - request: What to send.
  ///   - agent: Who sends it.
  ///   - bodyFile: Where its body lies; nil for a request without one.
  ///   - headFile: Where the headers of the answer go.
  /// - Returns: The text, ending in a newline.
  static func text(
    for request: HTTPRequest,
    agent: String,
    bodyFile: String?,
    headFile: String
  ) -> String {
    var lines = [
      "silent", "show-error", "globoff",
      line("connect-timeout", "\(connectSeconds)"),
      line("max-time", "\(requestSeconds)"),
      line("max-filesize", "\(HTTPAnswer.bodyLimit)"),
      line("proto", "=http,https"),
      line("url", request.url),
      line("request", request.method),
      line("user-agent", agent),
      line("dump-header", headFile),
      // Servers that do not know the question would cost a second of waiting.
      line("header", "Expect:"),
    ]
    if request.followsRedirects {
      // Never from an encrypted connection to one that is not.
      let isEncrypted = request.url.lowercased().hasPrefix("https:")
      lines += [
        "location", line("max-redirs", "5"),
        line("proto-redir", isEncrypted ? "=https" : "=http,https"),
      ]
    }
    for header in request.headers {
      lines.append(line("header", "\(header.name): \(header.value)"))
    }
    if let bodyFile { lines.append(line("data-binary", "@\(bodyFile)")) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// One option with its value in quotes, in which curl knows `\\`, `\"`, `\t`, `\n`, `\r` and `\v`.
  private static func line(_ option: String, _ value: String) -> String {
    var quoted = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": quoted += "\\\\"
      case "\"": quoted += "\\\""
      case "\t": quoted += "\\t"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\u{0B}": quoted += "\\v"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return "\(option) = \"\(quoted)\""
  }
}
