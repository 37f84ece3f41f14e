public import TallyModel

/// Why git could not be asked, or could not answer.
public enum GitError: UserFacingError, Hashable {
  /// There is no program `git` in any folder of `PATH`.
  case gitMissing
  /// The folder does not exist or cannot be entered.
  case folderUnreadable(folder: String)
  /// No folder from this one upwards holds a repository.
  case notARepository(folder: String)
  /// git refuses a repository that belongs to another user.
  case dubiousOwnership(folder: String)
  /// The repository has no commit yet.
  case noCommits
  /// No commit has this name; `isShallow` when the clone holds only a part of the history.
  case unknownRevision(String, isShallow: Bool)
  /// Several commits begin with these digits.
  case ambiguousRevision(String)
  /// An object is there but cannot be read.
  case corruptObject(name: String, reason: String)
  /// git wrote something this program does not understand.
  case unexpectedOutput(command: String, reason: String)
  /// git failed for another reason.
  case commandFailed(command: String, status: Int, message: String)

  /// True when there is no git to ask: what can be done without one goes on.
  public var isGitMissing: Bool { self == .gitMissing }

  /// What scripts match on.
  public var code: String {
    switch self {
    case .gitMissing: "git.missing"
    case .folderUnreadable: "git.folder-unreadable"
    case .notARepository: "git.not-a-repository"
    case .dubiousOwnership: "git.dubious-ownership"
    case .noCommits: "git.no-commits"
    case .unknownRevision: "git.unknown-revision"
    case .ambiguousRevision: "git.ambiguous-revision"
    case .corruptObject: "git.corrupt-object"
    case .unexpectedOutput: "git.unexpected-output"
    case .commandFailed: "git.failed"
    }
  }

  /// The sentence, without a trailing period.
  public var description: String {
    switch self {
    case .gitMissing:
      "the program git was not found"
    case .folderUnreadable(let folder):
      "the folder '\(folder)' does not exist or cannot be entered"
    case .notARepository(let folder):
      "'\(folder)' is not inside a git repository"
    case .dubiousOwnership(let folder):
      "git does not trust the repository at '\(folder)', because it belongs to another user"
    case .noCommits:
      "the repository has no commit yet"
    case .unknownRevision(let revision, let isShallow):
      "the repository has no commit '\(revision)'"
        + (isShallow ? "; it is a shallow clone" : "")
    case .ambiguousRevision(let revision):
      "'\(revision)' is the beginning of several commits"
    case .corruptObject(let name, let reason):
      "git cannot read the object '\(name)': \(reason)"
    case .unexpectedOutput(let command, let reason):
      "the output of '\(command)' is not understood: \(reason)"
    case .commandFailed(let command, let status, let message):
      "'\(command)' failed with status \(status)"
        + (message.isEmpty ? "" : ": \(message)")
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .gitMissing:
      "install git or put its folder on PATH, or name --commit, --branch and, in tally.yml, the project"
    case .folderUnreadable:
      "check the path and its permissions"
    case .notARepository:
      "run it inside a clone, or name commit, branch and project yourself"
    case .dubiousOwnership(let folder):
      "git config --global --add safe.directory '\(folder)'"
    case .noCommits:
      "make a first commit, or name a commit of another clone"
    case .unknownRevision(let revision, true) where CommitID(hex: revision) != nil:
      "fetch it, such as with git fetch origin \(revision), a fork's with git fetch origin refs/pull/NUMBER/head, or the history with git fetch --unshallow"
    case .unknownRevision(_, true):
      "fetch the history with git fetch --unshallow, or check out with a greater depth"
    case .unknownRevision:
      "check the spelling, or fetch the branch that holds it"
    case .ambiguousRevision:
      "write more digits"
    case .corruptObject:
      "git fsck tells what is damaged; a fresh clone repairs it"
    case .unexpectedOutput:
      "check git --version; 2.31 or newer is needed"
    case .commandFailed:
      "run it by hand in the same folder to see more"
    }
  }
}

extension GitError {
  /// Reads the reason out of what git wrote to its standard error in the C locale.
  static func diagnose(
    command: String,
    status: Int,
    message: String,
    folder: String
  ) -> GitError {
    let text = message.lowercased()
    if text.contains("dubious ownership") {
      return .dubiousOwnership(folder: quotedPath(in: message) ?? folder)
    }
    if text.contains("not a git repository") { return .notARepository(folder: folder) }
    if text.contains("cannot change to '") { return .folderUnreadable(folder: folder) }
    let isDamage = [
      "corrupt", "inflate", "unable to unpack", "hash mismatch", "bad object header",
      "unable to parse", "garbage at end", "truncated",
    ].contains(where: text.contains)
    let line = firstLine(of: message)
    if isDamage { return .corruptObject(name: objectName(in: message) ?? "unknown", reason: line) }
    return .commandFailed(command: command, status: status, message: line)
  }

  /// The first line of git's own words, without its prefix.
  static func firstLine(of message: String) -> String {
    let lines = message.split(separator: "\n")
    let line = lines.first { $0.hasPrefix("fatal: ") } ?? lines.first ?? ""
    for prefix in ["fatal: ", "error: "] where line.hasPrefix(prefix) {
      return String(line.dropFirst(prefix.count))
    }
    return String(line)
  }

  private static func quotedPath(in message: String) -> String? {
    guard let start = message.firstIndex(of: "'") else { return nil }
    let rest = message[message.index(after: start)...]
    guard let end = rest.firstIndex(of: "'") else { return nil }
    return String(rest[..<end])
  }

  private static func objectName(in message: String) -> String? {
    let words: [Substring] = message.split { (character: Character) in !character.isHexDigit }
    return words.first { $0.count == 40 || $0.count == 64 }.map(String.init)
  }
}
