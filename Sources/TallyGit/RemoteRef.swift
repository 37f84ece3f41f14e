public import TallyModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A ref of another repository whose commits hold a flat list of files.
///
/// Everything goes through a bare repository of its own, which holds the newest commit only and can be thrown away: the clone it serves
/// gets no object, no ref and no shallow mark. git's own credentials are used, as the clone, the user and the job set them up.
public struct RemoteRef: Sendable {
  /// A file of the ref.
  public struct File: Sendable, Hashable {
    /// Its name, without folders.
    public let name: String
    /// Its content.
    public let blob: BlobID

    /// Creates a file.
    public init(name: String, blob: BlobID) {
      self.name = name
      self.blob = blob
    }
  }

  /// The ref as it was fetched.
  public struct Snapshot: Sendable, Hashable {
    /// Its commit; nil where the ref does not exist.
    public let commit: CommitID?
    /// Its files, sorted by name.
    public let files: [File]
    /// Names of what is no regular file at the top, such as folders; sorted.
    public let others: [String]
    /// What stands in the queue, sorted by name.
    public let waiting: [Waiting]
  }

  /// A file in the queue: a ref of its own, which nobody has to race for.
  public struct Waiting: Sendable, Hashable {
    /// The last part of the ref's name.
    public let name: String
    /// The commit of the ref.
    public let commit: CommitID
    /// Its only file; nil where the commit holds none of that name.
    public let file: File?
  }

  /// What came of a push.
  public enum PushResult: Sendable, Hashable {
    /// The ref is this commit now.
    case done(CommitID)
    /// Another one came first; nothing was changed.
    case moved
  }

  /// Where the ref is, without secrets.
  public let address: RemoteAddress
  /// The full name of the ref.
  public let ref: String
  private let command: GitCommand
  private let scratch: String
  private static let seen = "refs/tally/seen"
  private static let queued = "refs/tally/queue/"
  private static let queuedFile = "bundle"

  /// What the refs of the queue begin with.
  private var queue: String { "\(ref)-queue/" }

  /// Finds the remote and makes the repository that objects go through.
  ///
  /// - Parameters:
  ///   - remote: A name that the clone knows, or an address.
  ///   - ref: The full name of the ref.
  ///   - repository: The clone; nil outside of one, where only addresses are known.
  ///   - scratch: Where the repository for the objects is made, where there is no clone that could hold it; absolute.
  ///   - environment: The variables of the process, which git needs for its credentials.
  ///   - now: The time that commits get.
  /// - Returns: The ref; nothing was asked of the remote yet.
  /// - Throws: ``RemoteError``, ``GitError``; `CancellationError`.
  public static func open(
    remote: String,
    ref: String,
    repository: Repository?,
    scratch: String,
    environment: [String: String],
    now: Timestamp
  ) async throws -> RemoteRef {
    if remote.contains("://"), RemoteAddress.holdsSecret(remote) {
      throw RemoteError.secretInAddress(RemoteAddress.withoutSecrets(remote))
    }
    let parts = ref.split(separator: "/", omittingEmptySubsequences: false)
    let isName =
      parts.count >= 3 && parts[0] == "refs" && !["heads", "tags", "remotes"].contains(parts[1])
      && parts.allSatisfy { part in
        !part.isEmpty && !part.hasPrefix(".") && !part.hasSuffix(".lock") && !part.contains("..")
          && part.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"~^:?*[\\@{".utf8.contains($0) }
      }
    guard isName else { throw RemoteError.badRef(ref) }
    var settings = try await repository?.transportSettings() ?? []
    let named = settings.last { $0.key == "remote.\(remote).url" }?.value
    let looksLikeAddress = remote.contains("/") || remote.contains(":")
    guard var url = named ?? (looksLikeAddress ? remote : nil), !url.hasPrefix("-") else {
      throw RemoteError.unknownRemote(remote)
    }
    let push = settings.last { $0.key == "remote.\(remote).pushurl" }?.value
    settings.removeAll { $0.key.hasPrefix("remote.") }
    let address = RemoteAddress(url)
    // A folder is relative to the clone, not to the repository that objects go through.
    let root = repository?.root ?? repository?.gitFolder
    if !url.hasPrefix("/"), !url.contains("://"), url.hasPrefix("."), let root {
      url = "\(root)/\(url)"
    }
    settings += [
      ("remote.tally.url", url), ("core.bare", "true"), ("gc.autoDetach", "false"),
      ("maintenance.autoDetach", "false"), ("transfer.credentialsInUrl", "allow"),
      ("core.fsync", "none"),
    ]
    if let push { settings.append(("remote.tally.pushurl", push)) }
    var variables = environment
    variables["GIT_AUTHOR_DATE"] = "@\(now.seconds) +0000"
    variables["GIT_COMMITTER_DATE"] = "@\(now.seconds) +0000"
    let folder = repository.map { "\($0.gitFolder)/tally" } ?? scratch
    let result = RemoteRef(
      address: address,
      ref: ref,
      command: GitCommand(scratch: folder, environment: variables, configuration: settings),
      scratch: folder
    )
    try await result.prepare(
      format: repository?.objectFormat ?? .sha1,
      environment: environment
    )
    return result
  }

  /// Makes the repository where it is missing, or where a killed process left part of it.
  private func prepare(format: Repository.ObjectFormat, environment: [String: String]) async throws
  {
    if isWhole { return }
    let parent = String(scratch[..<(scratch.lastIndex(of: "/") ?? scratch.startIndex)])
    let maker = GitCommand(
      folder: parent,
      environment: ["PATH": environment["PATH"] ?? ""],
      usesOwnConfiguration: false
    )
    mkdir(scratch, 0o777)
    try await locked {
      if isWhole { return }
      _ = try await maker.output(
        [
          "init", "-q", "--bare", "--template=", "--object-format=\(format.rawValue)",
          "--initial-branch=none", scratch,
        ],
        limit: 1 << 16
      )
    }
  }

  /// True once `git init` has come to its end, at which it makes this folder.
  private var isWhole: Bool {
    access("\(scratch)/HEAD", F_OK) == 0 && access("\(scratch)/objects/info", F_OK) == 0
  }

  // MARK: Reading

  /// Fetches the ref with its queue, and lists its files.
  ///
  /// Three calls of git, one of them over the network.
  ///
  /// - Throws: ``RemoteError``, ``GitError``; `CancellationError`.
  public func fetch() async throws -> Snapshot {
    let queue = "+\(queue)*:\(Self.queued)*"
    let outcome = try await locked { try await get(["+\(ref):\(Self.seen)", queue]) }
    if outcome.status == 0 { return try await list() }
    let text = outcome.message.lowercased()
    if text.contains("couldn't find remote ref") || text.contains("no matching remote head") {
      try await forget()
      let rest = try await locked { try await get([queue]) }
      // Where nothing matches, git says nothing, with status 1.
      if rest.status == 0 || rest.message.allSatisfy(\.isWhitespace) { return try await list() }
    }
    throw RemoteError.diagnose(.read, message: outcome.message, address: address, ref: ref)
  }

  private func get(_ refspecs: [String]) async throws -> GitCommand.Outcome {
    try await command.run(
      [
        "fetch", "--quiet", "--depth=1", "--no-tags", "--no-write-fetch-head", "--force", "--prune",
        "--no-recurse-submodules", "tally",
      ] + refspecs,
      limit: 1 << 20
    )
  }

  /// Forgets what was fetched before: a commit without parents that has a shallow mark is refused where the mark is not known.
  private func forget() async throws {
    try await locked {
      _ = try await command.run(["update-ref", "-d", Self.seen], limit: 1 << 16)
      unlink("\(scratch)/shallow")
    }
  }

  private func list() async throws -> Snapshot {
    let refs = try await command.output(
      ["for-each-ref", "--format=%(objectname) %(refname)", Self.seen, Self.queued]
    )
    var commit: CommitID?
    var queue: [(name: String, commit: CommitID)] = []
    for line in refs.split(separator: 0x0A) {
      let words = line.split(separator: 0x20)
      guard words.count == 2, let id: CommitID = GitText.id(words[0]) else { continue }
      let name = String(decoding: words[1], as: UTF8.self)
      if name == Self.seen {
        commit = id
      } else {
        queue.append((String(name.dropFirst(Self.queued.count)), id))
      }
    }
    queue.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    let (files, others) = try await contents(of: commit)
    return Snapshot(
      commit: commit,
      files: files,
      others: others,
      waiting: try await waiting(queue)
    )
  }

  private func contents(of commit: CommitID?) async throws -> (files: [File], others: [String]) {
    guard let commit else { return ([], []) }
    let output = try await command.output(["ls-tree", "-z", commit.description])
    var files: [File] = []
    var others: [String] = []
    for record in output.split(separator: 0) {
      guard let tab = record.firstIndex(of: 0x09) else { continue }
      let name = String(decoding: record[(tab + 1)...], as: UTF8.self)
      let fields = record[..<tab].split(separator: 0x20)
      if fields.count == 3, GitText.isFile(mode: fields[0]),
        let blob: BlobID = GitText.id(fields[2])
      {
        files.append(File(name: name, blob: blob))
      } else {
        others.append(name)
      }
    }
    files.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    others.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return (files, others)
  }

  private func waiting(_ queue: [(name: String, commit: CommitID)]) async throws -> [Waiting] {
    if queue.isEmpty { return [] }
    let names = queue.map { "\($0.commit):\(Self.queuedFile)\n" }.joined()
    let output = try await command.output(
      ["cat-file", "--batch-check=%(objecttype) %(objectname)"],
      input: Array(names.utf8)
    )
    return zip(queue, output.split(separator: 0x0A)).map { item, line in
      let words = line.split(separator: 0x20)
      let blob: BlobID? =
        words.count == 2 && words[0].elementsEqual("blob".utf8) ? GitText.id(words[1]) : nil
      return Waiting(
        name: item.name,
        commit: item.commit,
        file: blob.map { File(name: item.name, blob: $0) }
      )
    }
  }

  /// Reads files, in the order asked for.
  ///
  /// One call of git.
  ///
  /// - Throws: ``GitError`` where one is not there or is longer than the limit.
  public func read(_ files: [File], sizeLimit: Int) async throws -> [[UInt8]] {
    if files.isEmpty { return [] }
    let sizes = try await command.output(
      ["cat-file", "--batch-check=%(objectsize)"],
      input: Array(files.map { "\($0.blob)\n" }.joined().utf8)
    )
    for (file, line) in zip(files, sizes.split(separator: 0x0A)) {
      guard let size = Int(String(decoding: line, as: UTF8.self)), size <= sizeLimit else {
        throw GitError.unexpectedOutput(
          command: "git cat-file",
          reason: "'\(file.name)' is missing or longer than \(sizeLimit) bytes"
        )
      }
    }
    let output = try await command.output(
      ["cat-file", "--batch"],
      input: Array(files.map { "\($0.blob)\n" }.joined().utf8),
      limit: .max
    )
    var result: [[UInt8]] = []
    var place = 0
    for file in files {
      guard let end = output[place...].firstIndex(of: 0x0A) else { break }
      let words = output[place..<end].split(separator: 0x20)
      guard words.count == 3, let size = Int(String(decoding: words[2], as: UTF8.self)),
        end + 1 + size < output.count
      else {
        throw GitError.unexpectedOutput(
          command: "git cat-file",
          reason: "'\(file.name)' is missing"
        )
      }
      result.append(Array(output[(end + 1)..<(end + 1 + size)]))
      place = end + size + 2
    }
    return result
  }

  // MARK: Writing

  /// Stores a file; nothing is pushed.
  public func store(_ bytes: [UInt8], as name: String) async throws -> File {
    let output = try await command.output(["hash-object", "-w", "--stdin"], input: bytes)
    guard let blob: BlobID = GitText.id(output.prefix { $0 != 0x0A }) else {
      throw GitError.unexpectedOutput(command: "git hash-object", reason: "no name")
    }
    return File(name: name, blob: blob)
  }

  /// Moves the ref to a commit with these files behind the one that was fetched, if it is still there.
  ///
  /// - Parameters:
  ///   - files: Every file of the new commit; all of them fetched or stored.
  ///   - snapshot: What the ref has to be.
  ///   - message: The commit's message.
  ///   - joined: What leaves the queue with it, all at once or nothing; it stays where the server lets nobody delete refs.
  /// - Returns: Whether this push was the next.
  /// - Throws: ``RemoteError``, ``GitError``; `CancellationError`.
  public func push(
    _ files: [File],
    over snapshot: Snapshot,
    message: String,
    joined: [Waiting] = []
  ) async throws -> PushResult {
    let commit = try await commit(files, after: snapshot.commit, message: message)
    let old = snapshot.commit?.description ?? ""
    let own = ["--force-with-lease=\(ref):\(old)"]
    var outcome: GitCommand.Outcome
    if joined.isEmpty {
      outcome = try await send(own, ["\(commit):\(ref)"])
    } else {
      let leases = joined.map { "--force-with-lease=\(queue)\($0.name):\($0.commit)" }
      let deletions = joined.map { ":\(queue)\($0.name)" }
      outcome = try await send(["--atomic"] + own + leases, ["\(commit):\(ref)"] + deletions)
      if outcome.status != 0, (try? answer(to: outcome)) != .moved {
        // Some servers let nobody delete refs, or know no atomic push: what was joined stays then, and does no harm.
        outcome = try await send(own, ["\(commit):\(ref)"])
      }
    }
    if outcome.status == 0 { return .done(commit) }
    return try answer(to: outcome)
  }

  /// Puts a file in the queue, under a name that stands for its content: nobody else writes that ref.
  ///
  /// - Throws: ``RemoteError``, ``GitError``; `CancellationError`.
  public func enqueue(_ bytes: [UInt8], as name: String, message: String) async throws {
    let file = try await store(bytes, as: Self.queuedFile)
    let commit = try await commit([file], after: nil, message: message)
    let outcome = try await send([], ["\(commit):\(queue)\(name)"])
    if outcome.status == 0 { return }
    // Another commit of the same name holds the same content.
    if case .moved = try answer(to: outcome) { return }
  }

  private func commit(
    _ files: [File],
    after parent: CommitID?,
    message: String
  ) async throws -> CommitID {
    let lines = files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
      .map { "100644 blob \($0.blob)\t\($0.name)\0" }
    let tree = try await command.output(["mktree", "-z"], input: Array(lines.joined().utf8))
    let digits = String(decoding: tree.prefix { $0 != 0x0A }, as: UTF8.self)
    let parents = parent.map { ["-p", $0.description] } ?? []
    let made = try await command.output(
      ["commit-tree", digits, "--no-gpg-sign"] + parents,
      input: Array("\(message)\n".utf8)
    )
    guard let commit: CommitID = GitText.id(made.prefix { $0 != 0x0A }) else {
      throw GitError.unexpectedOutput(command: "git commit-tree", reason: "no commit")
    }
    return commit
  }

  private func send(_ options: [String], _ refspecs: [String]) async throws -> GitCommand.Outcome {
    try await command.run(
      [
        "push", "--porcelain", "--quiet", "--no-verify", "--no-signed", "--recurse-submodules=no",
      ] + options + ["tally"] + refspecs,
      limit: 1 << 20
    )
  }

  /// Tells a race from a refusal.
  private func answer(to outcome: GitCommand.Outcome) throws -> PushResult {
    let report = String(decoding: outcome.output, as: UTF8.self)
    let lines = report.split(separator: "\n").filter { $0.hasPrefix("!") }
    let races = [
      "stale info", "fetch first", "non-fast-forward", "cannot lock ref", "failed to lock",
      "failed to update ref", "incorrect old value", "reference already exists", "needs force",
      "unable to lock", "remote ref updated since checkout", "but expected",
      "atomic transaction failed", "remote ref does not exist",
    ]
    let all = lines.joined().lowercased() + outcome.message.lowercased()
    if !lines.isEmpty, races.contains(where: all.contains) { return .moved }
    let refused = lines.first { $0.contains("[remote rejected]") || $0.contains("[rejected]") }
    if let line = refused {
      let words = outcome.message.split(separator: "\n")
        .filter { $0.hasPrefix("remote: ") }
        .map { $0.dropFirst("remote: ".count).trimmingBlanks }
        .filter { !$0.isEmpty }
      let reason = line.firstIndex(of: "(").map { String(line[$0...].dropFirst().dropLast()) }
      let said = ([reason ?? "it gave no reason"] + words.prefix(2)).joined(separator: ": ")
      throw RemoteError.refused(
        address: address.url,
        ref: ref,
        reason: RemoteAddress.withoutSecrets(String(said.prefix(300)))
      )
    }
    throw RemoteError.diagnose(.write, message: outcome.message, address: address, ref: ref)
  }

  /// Runs alone among the processes that share the repository for objects, and clears what a killed one left.
  private func locked<Value>(_ body: () async throws -> Value) async throws -> Value {
    let file = openLock("\(scratch)/\(ownLock)")
    guard file >= 0 else {
      throw GitError.commandFailed(
        command: "git fetch",
        status: -1,
        message: "'\(scratch)' cannot be written: \(String(cString: strerror(errno)))"
      )
    }
    defer { close(file) }
    while flock(file, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else { break }
      try await Task.sleep(nanoseconds: 5_000_000)
    }
    // All that git locks here, it locks under ours.
    for folder in ["", "/refs", "/objects/info"] {
      removeLocks(of: scratch + folder, withSubfolders: folder == "/refs")
    }
    return try await body()
  }
}

extension Repository {
  /// The settings of the clone that decide how git reaches a remote: addresses, credentials, proxies.
  ///
  /// What it includes from elsewhere counts: that is where some CI systems put their credentials.
  func transportSettings() async throws -> [(key: String, value: String)] {
    let outcome = try await command.run(
      [
        "config", "--includes", "--local", "-z", "--get-regexp",
        #"^(http|credential|url|ssh|protocol|remote)\.|^core\.(sshcommand|askpass|gitproxy)$"#,
      ],
      limit: 1 << 20
    )
    var result: [(key: String, value: String)] = []
    for record in outcome.output.split(separator: 0) {
      let text = String(decoding: record, as: UTF8.self)
      guard let end = text.firstIndex(of: "\n") else {
        result.append((text, "true"))
        continue
      }
      result.append((String(text[..<end]), String(text[text.index(after: end)...])))
    }
    return result
  }
}

/// The lock under which git writes in the repository for objects.
private let ownLock = "tally.lock"

/// Takes away what a killed git locked.
private func removeLocks(of folder: String, withSubfolders: Bool) {
  guard let stream = opendir(folder) else { return }
  defer { closedir(stream) }
  while let entry = readdir(stream) {
    let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    if name.hasSuffix(".lock"), name != ownLock { unlink("\(folder)/\(name)") }
    if withSubfolders, entry.pointee.d_type == UInt8(DT_DIR), !name.hasPrefix(".") {
      removeLocks(of: "\(folder)/\(name)", withSubfolders: true)
    }
  }
}

/// Apart, because `RemoteRef` opens something else.
private func openLock(_ path: String) -> Int32 {
  open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
}

extension Substring {
  fileprivate var trimmingBlanks: String {
    var text = self
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text.drop { $0.isWhitespace })
  }
}
