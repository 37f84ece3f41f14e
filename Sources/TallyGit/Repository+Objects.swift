import Subprocess
public import TallyModel

/// What came of asking for a blob.
public enum BlobContent: Sendable, Hashable {
  /// Its bytes.
  case bytes([UInt8])
  /// The clone does not hold it: shallow, partial, or the name is wrong.
  case missing
  /// It is longer than was allowed; how long, in bytes.
  case tooLarge(Int)
  /// The name belongs to something else, such as `tree`.
  case notABlob(kind: String)

  /// The bytes, if they are there.
  public var bytes: [UInt8]? {
    if case .bytes(let bytes) = self { bytes } else { nil }
  }
}

extension Repository {
  /// The longest commit object that is read, in bytes.
  static let commitSizeLimit = 16 << 20

  /// The commit a name stands for: `HEAD`, a branch, a tag, an abbreviation, `main~3`, `:/text`, or a full name.
  ///
  /// No call of git beyond the session's.
  ///
  /// - Throws: ``GitError``; `CancellationError`.
  public func resolve(_ revision: String) async throws -> CommitID {
    try await commit(revision).id
  }

  /// The commit a name stands for, with what its object says.
  ///
  /// The parents are those of the object, also where a shallow clone does not have them.
  ///
  /// - Throws: ``GitError``; `CancellationError`.
  public func commit(_ revision: String) async throws -> RawCommit {
    let isPlain = !revision.isEmpty && !revision.utf8.contains { $0 < 0x20 || $0 == 0x7F }
    guard isPlain else { throw GitError.unknownRevision(revision, isShallow: isShallow) }
    let reply = try await session.ask("\(revision)^{commit}", sizeLimit: Self.commitSizeLimit)
    if let commit = try Self.commit(in: reply, name: revision) { return commit }
    if case .ambiguous = reply { throw GitError.ambiguousRevision(revision) }
    try await checkDamage([revision])
    if revision == "HEAD" { throw GitError.noCommits }
    throw GitError.unknownRevision(revision, isShallow: isShallow)
  }

  /// A commit by its full name; nil when the clone does not hold it.
  ///
  /// - Throws: ``GitError``; `CancellationError`.
  public func commit(_ id: CommitID) async throws -> RawCommit? {
    try await commits([id])[0]
  }

  /// Commits by their full names, each nil when the clone does not hold it; in the order asked for.
  ///
  /// - Throws: ``GitError``; `CancellationError`.
  public func commits(_ ids: [CommitID]) async throws -> [RawCommit?] {
    let names = ids.map(\.description)
    let box = SharedBox([RawCommit?](repeating: nil, count: ids.count))
    try await ask(names, sizeLimit: Self.commitSizeLimit) { index, reply in
      let commit = try Self.commit(in: reply, name: names[index])
      box.update { $0[index] = commit }
    }
    return box.get()
  }

  /// The bytes of a file at a commit; nil when the commit has no such file, or the clone does not hold it.
  ///
  /// - Parameters:
  ///   - path: From the top of the repository.
  ///   - commit: Which commit.
  ///   - sizeLimit: The longest file to read, in bytes; a longer one is none.
  /// - Returns: the bytes.
  /// - Throws: ``GitError``; `CancellationError`.
  public func bytes(
    of path: String,
    at commit: CommitID,
    sizeLimit: Int = 8 << 20
  ) async throws -> [UInt8]? {
    if path.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return nil }
    let box = SharedBox<[UInt8]?>(nil)
    try await ask(["\(commit):\(path)"], sizeLimit: sizeLimit) { _, reply in
      if case .found(_, "blob", let bytes) = reply { box.set(bytes) }
    }
    return box.get()
  }

  /// Reads blobs, each once, whatever the order and number asked for.
  ///
  /// One call of git more when one is not there. All texts are held at once; ``readBlobs(_:sizeLimit:deliver:)`` holds one.
  ///
  /// - Parameters:
  ///   - ids: What to read.
  ///   - sizeLimit: The longest blob to read, in bytes.
  /// - Returns: An answer for every id.
  /// - Throws: ``GitError``; `CancellationError`.
  public func blobs(
    _ ids: [BlobID],
    sizeLimit: Int = 8 << 20
  ) async throws -> [BlobID: BlobContent] {
    let box = SharedBox<[BlobID: BlobContent]>([:])
    try await readBlobs(ids, sizeLimit: sizeLimit) { id, content in
      box.update { $0[id] = content }
    }
    return box.get()
  }

  /// Reads blobs one after the other and hands each to `deliver`, in the order of their first mention.
  ///
  /// A short list is asked of the session; a long one gets a git of its own.
  ///
  /// - Throws: ``GitError``, what `deliver` throws, `CancellationError`.
  public func readBlobs(
    _ ids: [BlobID],
    sizeLimit: Int = 8 << 20,
    deliver: @escaping @Sendable (BlobID, BlobContent) throws -> Void
  ) async throws {
    var seen: Set<BlobID> = []
    let wanted = ids.filter { seen.insert($0).inserted }
    let missing = SharedBox<[String]>([])
    try await ask(wanted.map(\.description), sizeLimit: sizeLimit) { index, reply in
      let content: BlobContent
      switch reply {
      case .found(_, "blob", let bytes): content = .bytes(bytes)
      case .tooLarge(_, "blob", let size): content = .tooLarge(size)
      case .found(_, let kind, _), .tooLarge(_, let kind, _): content = .notABlob(kind: kind)
      case .missing, .ambiguous:
        content = .missing
        missing.update { $0.append(wanted[index].description) }
      }
      try deliver(wanted[index], content)
    }
    try await checkDamage(missing.get())
  }

  /// Tells names that are damaged or ambiguous from names that are not there: `cat-file --batch` calls all of them missing.
  ///
  /// - Throws: ``GitError``; `CancellationError`.
  private func checkDamage(_ names: [String]) async throws {
    if names.isEmpty { return }
    let outcome = try await command.run(
      ["cat-file", "--batch-check"],
      input: Array((names.joined(separator: "\n") + "\n").utf8)
    )
    if outcome.message.isEmpty { return }
    if outcome.message.contains(" is ambiguous") {
      throw GitError.ambiguousRevision(names.first ?? "")
    }
    let error = command.diagnose(outcome, of: ["cat-file"])
    if case .corruptObject = error { throw error }
  }

  /// Asks for objects; those that a partial clone would have to fetch are missing.
  private func ask(
    _ names: [String],
    sizeLimit: Int,
    deliver: @escaping @Sendable (Int, ObjectReply) throws -> Void
  ) async throws {
    let done = SharedBox(0)
    do {
      try await askOnce(names, sizeLimit: sizeLimit) { index, reply in
        try deliver(index, reply)
        done.set(index + 1)
      }
    } catch is PromisedObject {
      // Older gits stop at the first such object: the rest is asked only for what the clone holds.
      let local = try await allLocalObjects()
      let held = names.indices.filter { $0 >= done.get() && local.contains(names[$0]) }
      let first = done.get()
      for index in names.indices where index >= first && !local.contains(names[index]) {
        try deliver(index, .missing)
      }
      try await askOnce(held.map { names[$0] }, sizeLimit: sizeLimit) { place, reply in
        try deliver(held[place], reply)
      }
    }
  }

  private func allLocalObjects() async throws -> Set<String> {
    if let known = localObjects.get() { return known }
    let output = try await command.output([
      "cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objectname)",
    ])
    let names = output.split(separator: UInt8(ascii: "\n")).map {
      String(decoding: $0, as: UTF8.self)
    }
    localObjects.set(Set(names))
    return Set(names)
  }

  /// Asks the session, or for many names a git of its own that may buffer its answers.
  private func askOnce(
    _ names: [String],
    sizeLimit: Int,
    deliver: @escaping @Sendable (Int, ObjectReply) throws -> Void
  ) async throws {
    if names.isEmpty { return }
    if names.count <= 256 {
      return try await session.ask(names, sizeLimit: sizeLimit, deliver: deliver)
    }
    let question = Question(names: names, sizeLimit: sizeLimit, deliver: deliver)
    try Task.checkCancellation()
    do {
      let result = try await Subprocess.run(
        command.configuration(ObjectConversation.arguments(isBuffered: true)),
        input: .inputWriter,
        output: .sequence,
        error: .bytes(limit: .max)
      ) { execution in
        var conversation = ObjectConversation(
          writer: execution.standardInputWriter,
          output: execution.standardOutput
        )
        return await conversation.hold(question, endsInput: true)
      }
      try Task.checkCancellation()
      switch result.closureResult {
      case .complete: break
      case .abandoned: try question.outcome?.get()
      case .silent(let name):
        throw ObjectSession.failure(
          name,
          GitCommand.number(of: result.terminationStatus),
          String(decoding: result.standardError, as: UTF8.self),
          command
        )
      }
    } catch {
      try Task.checkCancellation()
      throw GitCommand.translate(error)
    }
  }

  private static func commit(in reply: ObjectReply, name: String) throws -> RawCommit? {
    guard case .found(let digits, "commit", let bytes) = reply else { return nil }
    guard let id: CommitID = GitText.id(digits[...]) else { return nil }
    guard let commit = RawCommit.parse(id: id, object: bytes) else {
      throw GitError.corruptObject(name: name, reason: "the commit has no tree or no author")
    }
    return commit
  }
}
