public import TallyModel

/// Why a ref of another repository could not be read or written.
///
/// Addresses are shown without user names and passwords.
public enum RemoteError: UserFacingError, Hashable {
  /// What was to be done.
  public enum Action: String, Sendable, Hashable {
    case read
    case write
  }

  /// No remote of this name is configured, and it is no address.
  case unknownRemote(String)
  /// The address on the command line holds a password.
  case secretInAddress(String)
  /// The name is none that a ref can have, or one that belongs to git.
  case badRef(String)
  /// The host cannot be reached.
  case noNetwork(address: String, host: String, reason: String)
  /// The host does not know who asks.
  case notAuthenticated(address: String, host: String)
  /// The host knows who asks, and does not allow it.
  case notAllowed(Action, address: String, host: String, ref: String)
  /// There is no repository at the address, or it is hidden from who asks.
  case noRepository(address: String)
  /// A rule or a hook of the server refuses the ref.
  case refused(address: String, ref: String, reason: String)
  /// Others wrote the ref again and again.
  case contended(address: String, ref: String, attempts: Int)
  /// git failed for another reason.
  case failed(Action, address: String, reason: String)

  /// What scripts match on.
  public var code: String {
    switch self {
    case .unknownRemote: "remote.unknown"
    case .secretInAddress: "remote.secret"
    case .badRef: "remote.bad-ref"
    case .noNetwork: "remote.no-network"
    case .notAuthenticated: "remote.not-authenticated"
    case .notAllowed: "remote.not-allowed"
    case .noRepository: "remote.no-repository"
    case .refused: "remote.refused"
    case .contended: "remote.contended"
    case .failed: "remote.failed"
    }
  }

  /// The sentence.
  public var description: String {
    switch self {
    case .unknownRemote(let name): "there is no remote '\(name)'"
    case .secretInAddress(let address):
      "the address '\(address)' was typed with a password, which every process list shows"
    case .badRef(let ref): "'\(ref)' cannot hold a ledger"
    case .noNetwork(_, let host, let reason): "'\(host)' cannot be reached: \(reason)"
    case .notAuthenticated(let address, let host):
      "'\(host)' wants to know who asks for '\(address)', and git has no credentials for it"
    case .notAllowed(.read, let address, _, _):
      "'\(address)' may not be read with these credentials"
    case .notAllowed(.write, let address, _, let ref):
      "'\(address)' may not be written with these credentials: \(ref) was not pushed"
    case .noRepository(let address): "there is no repository at '\(address)'"
    case .refused(let address, let ref, let reason):
      "'\(address)' refuses \(ref): \(reason)"
    case .contended(let address, let ref, let attempts):
      "others wrote \(ref) on '\(address)' \(attempts) times in a row"
    case .failed(.read, let address, let reason): "'\(address)' could not be read: \(reason)"
    case .failed(.write, let address, let reason): "'\(address)' could not be written: \(reason)"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .unknownRemote: "'git remote -v' lists them; name one with --remote, or an address"
    case .secretInAddress:
      "leave it out, and let git know it: 'git remote add', a credential helper, or http.extraHeader"
    case .badRef:
      "write a full name such as refs/tally/ledger; refs/heads and refs/tags are people's"
    case .noNetwork: "nothing is lost: what is in the ledger goes with the next 'tally push'"
    case .notAuthenticated(_, let host):
      "try 'git ls-remote' in the same place; \(Self.credentials(host))"
    case .notAllowed(.read, _, let host, _): "grant it: \(Self.grant(.read, host))"
    case .notAllowed(.write, _, let host, _): "grant it: \(Self.grant(.write, host))"
    case .noRepository:
      "check the address; some hosts say the same of a private repository to who may not read it"
    case .refused:
      "allow refs/tally/* in the server's rules or hooks, or choose another ref with --ref"
    case .contended: "run it once more; nothing is lost"
    case .failed: "run 'git ls-remote' in the same place to see more; nothing is lost"
    }
  }

  /// Which permission it is, where the host has a name for it.
  private static func grant(_ action: Action, _ host: String) -> String {
    let isWrite = action == .write
    if host.contains("github") {
      return isWrite
        ? "'permissions: contents: write' in the workflow, or a token with Contents: write"
        : "'permissions: contents: read' in the workflow, or a token with Contents: read"
    }
    if host.contains("gitlab") {
      return isWrite
        ? "a project access token with write_repository and the role Developer, or let the job token push"
        : "a project access token with read_repository"
    }
    if host.contains("bitbucket") {
      return isWrite
        ? "a repository access token with repository:write"
        : "a repository access token with repository:read"
    }
    if host.contains("azure") || host.contains("visualstudio") {
      return isWrite
        ? "Contribute and Create branch for the build service on this repository"
        : "Read for the build service on this repository"
    }
    return isWrite
      ? "let this account push to the repository, at least to refs/tally/*"
      : "let this account read the repository"
  }

  private static func credentials(_ host: String) -> String {
    if host.contains("github") { return "actions/checkout leaves credentials unless told not to" }
    if host.contains("gitlab") {
      return "give the job a project access token through a credential helper"
    }
    return "a credential helper, an ssh key or http.extraHeader gives them"
  }
}

extension RemoteError {
  /// Reads the reason out of what git, ssh and curl wrote in the C locale.
  static func diagnose(
    _ action: Action,
    message: String,
    address: RemoteAddress,
    ref: String
  ) -> RemoteError {
    let text = message.lowercased()
    let host = address.host ?? "the remote"
    func says(_ words: String...) -> Bool { words.contains { text.contains($0) } }
    if says(
      "could not resolve host",
      "name or service not known",
      "temporary failure in name resolution",
      "failed to connect",
      "couldn't connect",
      "connection refused",
      "connection timed out",
      "network is unreachable",
      "no route to host",
      "operation timed out",
      "connection reset"
    ) {
      return .noNetwork(address: address.url, host: host, reason: reason(in: message))
    }
    if says(
      "could not read username",
      "could not read password",
      "terminal prompts disabled",
      "authentication failed",
      "invalid credentials",
      "returned error: 401",
      "http basic: access denied",
      "permission denied (publickey",
      "host key verification failed"
    ) {
      return .notAuthenticated(address: address.url, host: host)
    }
    if says(
      "returned error: 403",
      "write access to repository not granted",
      "permission to",
      "you are not allowed",
      "insufficient permission",
      "permission denied",
      "access denied",
      "service not enabled",
      "tf401027",
      "not authorized"
    ) {
      return .notAllowed(action, address: address.url, host: host, ref: ref)
    }
    if says(
      "repository not found",
      "does not appear to be a git repository",
      "returned error: 404",
      "does not exist",
      "not found",
      "no such file or directory",
      "could not be found"
    ) {
      return .noRepository(address: address.url)
    }
    return .failed(action, address: address.url, reason: reason(in: message))
  }

  /// The line that says most, without secrets.
  static func reason(in message: String) -> String {
    let lines = message.split(separator: "\n").map { line -> String in
      var text = String(line)
      for prefix in ["fatal: ", "error: ", "ssh: ", "remote: "] where text.hasPrefix(prefix) {
        text = String(text.dropFirst(prefix.count))
      }
      // How long curl tried says nothing, and differs each time.
      return RemoteAddress.withoutSecrets(text.replacing(#/ after \d+ ms/#, with: ""))
    }
    let useful = lines.first { !$0.isEmpty && !$0.hasPrefix("Could not read from remote") }
    return String((useful ?? lines.first ?? "git gave no reason").prefix(300))
  }
}
