public import TallyModel

/// Why a host did not take a post.
///
/// Nothing was posted, unless the sentence says that it may have been.
public enum HostError: UserFacingError, Hashable {
  /// There is no program `curl`.
  case noCurl
  /// The folder for temporary files cannot be written to.
  case noRoom(folder: String)
  /// The host cannot be reached, or does not answer.
  case unreachable(host: String, reason: String)
  /// The connection is not secure: the certificate is not trusted, or cannot be checked.
  case untrusted(host: String, reason: String)
  /// The host sends elsewhere, where requests are not followed.
  case redirected(host: String, reason: String)
  /// The host does not know the token.
  case unauthorized(host: String, hint: String)
  /// The token is known, and may not do this.
  case forbidden(host: String, what: String, message: String?, hint: String)
  /// What is to be posted to does not exist, or is hidden from this token.
  case notFound(host: String, place: String, hint: String)
  /// The host turns the post down, and says why.
  case refused(host: String, status: Int, message: String?)
  /// The host has errors of its own.
  case failing(host: String, status: Int, attempts: Int)
  /// The host asks for a pause that is longer than is waited for; `seconds` is nil where it does not say how long.
  case throttled(host: String, seconds: Int?)
  /// The host answers with something that is not its documented form.
  case unreadable(host: String, reason: String)
  /// There are more comments than are looked through.
  case tooMany(host: String, place: String, limit: Int)
  /// The answer to a post was lost, and nobody can tell whether it was posted.
  case uncertain(host: String, reason: String)

  /// What scripts match on.
  public var code: String {
    switch self {
    case .noCurl: "host.no-curl"
    case .noRoom: "host.no-room"
    case .unreachable: "host.unreachable"
    case .untrusted: "host.untrusted"
    case .redirected: "host.redirected"
    case .unauthorized: "host.unauthorized"
    case .forbidden: "host.forbidden"
    case .notFound: "host.not-found"
    case .refused: "host.refused"
    case .failing: "host.failing"
    case .throttled: "host.throttled"
    case .unreadable: "host.unreadable"
    case .tooMany: "host.too-many"
    case .uncertain: "host.uncertain"
    }
  }

  /// The sentence.
  public var description: String {
    switch self {
    case .noCurl: "there is no program 'curl', with which posts are sent"
    case .noRoom(let folder): "nothing can be written to the temporary folder '\(folder)'"
    case .unreachable(let host, let reason): "\(host) cannot be reached: \(reason)"
    case .untrusted(let host, let reason): "the connection to \(host) is not secure: \(reason)"
    case .redirected(let host, let reason): "\(host) sends elsewhere: \(reason)"
    case .unauthorized(let host, _): "\(host) does not accept the token"
    case .forbidden(let host, let what, let message, _):
      "\(host) does not let this token \(what)" + (message.map { ": \($0)" } ?? "")
    case .notFound(let host, let place, _):
      "\(host) has no \(place), or hides it from this token"
    case .refused(let host, let status, let message):
      "\(host) turned it down (\(status))" + (message.map { ": \($0)" } ?? "")
    case .failing(let host, let status, let attempts):
      "\(host) answered \(status)" + (attempts > 1 ? ", \(attempts) times in a row" : "")
    case .throttled(let host, let seconds):
      "\(host) asks for a pause" + (seconds.map { " of \($0) s" } ?? "")
        + ", longer than is waited for"
    case .unreadable(let host, let reason):
      "\(host) gave an answer that is not its API's: \(reason)"
    case .tooMany(let host, let place, let limit):
      "\(place) on \(host) has more than \(limit) comments, too many to look for the last post"
    case .uncertain(let host, let reason):
      "it may have been posted or not: \(host) did not say (\(reason))"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .noCurl: "install curl, or pipe 'tally report' into the program that posts for you"
    case .noRoom: "make room, or name another folder in TMPDIR"
    case .unreachable: "check the address and the network; proxies are taken from HTTPS_PROXY"
    case .untrusted: "name the certificates to trust in SSL_CERT_FILE or CURL_CA_BUNDLE"
    case .redirected: "use the address it sends to"
    case .unauthorized(_, let hint), .forbidden(_, _, _, let hint), .notFound(_, _, let hint): hint
    case .refused: nil
    case .failing, .throttled: "try again later: a post that is there already is found again"
    case .unreadable: "check that the address is that of the API, and that no proxy answers for it"
    case .tooMany: "post to a new issue, or add a comment each time with --append"
    case .uncertain: "look there before you post again"
    }
  }
}
