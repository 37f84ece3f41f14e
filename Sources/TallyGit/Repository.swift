public import TallyModel

/// A git repository, asked by running the program `git`; only committed objects are looked at, never the work tree's text.
///
/// One `git cat-file --batch` is started by the first question about an object and kept; everything else is one short call.
/// Copies share it, and it ends when the last copy is gone. Nothing is fetched, nothing in the repository is changed.
public struct Repository: Sendable {
  /// The names of the environment variables that this target looks at or hands on to git, sorted.
  public static let environmentVariables = Set(
    GitCommand.passedVariables + GitCommand.configurationVariables
      + ["GIT_CONFIG_KEY_*", "GIT_CONFIG_VALUE_*"]
  ).sorted()

  /// How objects are named.
  public enum ObjectFormat: String, Sendable, Hashable {
    case sha1
    case sha256
  }

  /// The top folder of the work tree, absolute; nil in a bare repository.
  public let root: String?
  /// The folder of the repository's own files, absolute.
  public let gitFolder: String
  /// The folder it was found from, relative to ``root``, ending in a slash; empty at the top.
  public let prefix: String
  /// True when there is no work tree.
  public let isBare: Bool
  /// True when the clone holds only a part of the history.
  public let isShallow: Bool
  /// How objects are named.
  public let objectFormat: ObjectFormat

  let command: GitCommand
  let session: ObjectSession
  private let knownHead: String?
  private let knownRemotes: [UInt8]?
  /// All objects of a partial clone, once a git that would have fetched was met.
  let localObjects = SharedBox<Set<String>?>(nil)

  /// Finds the repository a folder lies in.
  ///
  /// One call of git. The environment gives `PATH` and git's own variables; nothing else is read from the process.
  ///
  /// - Parameters:
  ///   - folder: An absolute path.
  ///   - environment: The variables of the process or of a test.
  ///   - withRemote: True to ask for ``remote()`` at the same time.
  /// - Returns: nil when the folder is in no repository.
  /// - Throws: ``GitError``; `CancellationError`.
  public static func discover(
    at folder: String,
    environment: [String: String],
    withRemote: Bool = false
  ) async throws -> Repository? {
    do {
      return try await open(at: folder, environment: environment, withRemote: withRemote)
    } catch GitError.notARepository {
      return nil
    }
  }

  /// Opens the repository a folder lies in; to be in none is an error.
  ///
  /// - Throws: ``GitError``; `CancellationError`.
  public static func open(
    at folder: String,
    environment: [String: String],
    withRemote: Bool = false
  ) async throws -> Repository {
    let command = GitCommand(folder: folder, environment: environment, usesOwnConfiguration: false)
    do {
      return try await Repository(command, withRemote: withRemote)
    } catch GitError.dubiousOwnership {
      // Trust is granted in the user's own configuration only.
      return try await Repository(
        GitCommand(folder: folder, environment: environment, usesOwnConfiguration: true),
        withRemote: false
      )
    }
  }

  private init(_ command: GitCommand, withRemote: Bool) async throws {
    async let remotes = withRemote ? Self.remotes(command) : nil
    let arguments = [
      "rev-parse", "--is-bare-repository", "--is-shallow-repository", "--show-object-format",
      "--absolute-git-dir", "--show-prefix", "--show-toplevel", "--symbolic-full-name", "HEAD",
    ]
    let outcome = try await command.run(arguments, limit: 1 << 20)
    // A bare repository has no top level and an empty one no HEAD: git stops there, after the lines before.
    let lines = outcome.output.split(
      separator: UInt8(ascii: "\n"),
      omittingEmptySubsequences: false
    )
    .map { String(decoding: $0, as: UTF8.self) }
    guard lines.count >= 6, let format = ObjectFormat(rawValue: lines[2]) else {
      throw command.diagnose(outcome, of: arguments)
    }
    isBare = lines[0] == "true"
    isShallow = lines[1] == "true"
    objectFormat = format
    gitFolder = lines[3]
    prefix = lines[4]
    root = lines.count > 6 ? lines[5] : nil
    knownHead = outcome.status == 0 && lines.count > 7 ? lines[6] : nil
    knownRemotes = try await remotes
    self.command = command
    session = ObjectSession(command: command)
  }

  /// The branch HEAD is on, by its short name such as `main`; nil when HEAD is detached.
  ///
  /// Costs a call only in a bare or an empty repository.
  ///
  /// - Throws: ``GitError``; `CancellationError`.
  public func branch() async throws -> String? {
    var name = knownHead
    if name == nil {
      let outcome = try await command.run(["symbolic-ref", "-q", "HEAD"], limit: 1 << 20)
      if outcome.status != 0 { return nil }
      name = String(decoding: outcome.output, as: UTF8.self)
    }
    let text = String((name ?? "").prefix { $0 != "\n" })
    return text.hasPrefix("refs/heads/") ? String(text.dropFirst(11)) : nil
  }

  /// The address of `origin`, else of the first remote by name, without user name and password.
  ///
  /// One call of git, unless it was made when the repository was found.
  ///
  /// - Throws: ``GitError``; `CancellationError`.
  public func remote() async throws -> RemoteAddress? {
    var output = knownRemotes
    if output == nil { output = try await Self.remotes(command) }
    var addresses: [(name: String, url: String)] = []
    for record in (output ?? []).split(separator: 0) {
      guard let end = record.firstIndex(of: UInt8(ascii: "\n")) else { continue }
      let key = String(decoding: record[..<end], as: UTF8.self)
      let url = String(decoding: record[(end + 1)...], as: UTF8.self)
      addresses.append((String(key.dropFirst(7).dropLast(4)), url))
    }
    addresses.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    let chosen = addresses.first { $0.name == "origin" } ?? addresses.first
    return chosen.map { RemoteAddress($0.url) }
  }

  private static func remotes(_ command: GitCommand) async throws -> [UInt8] {
    try await command.run(
      ["config", "-z", "--get-regexp", #"^remote\..*\.url$"#],
      limit: 1 << 20
    ).output
  }

  /// True when the clone leaves out objects that its remote promises, such as the contents of old files.
  ///
  /// One call of git.
  ///
  /// - Throws: ``GitError``; `CancellationError`.
  public func isPartial() async throws -> Bool {
    let outcome = try await command.run(
      [
        "config", "-z", "--get-regexp",
        #"^(extensions\.partialclone|remote\..*\.(promisor|partialclonefilter))$"#,
      ],
      limit: 1 << 20
    )
    return !outcome.output.isEmpty
  }

  /// The project's name: the last part of the remote's address, else of the top folder, without `.git`.
  public func projectName(remote: RemoteAddress?) -> String {
    if let name = remote?.name, !name.isEmpty { return name }
    return RemoteAddress.lastComponent(of: root ?? gitFolder)
  }
}
