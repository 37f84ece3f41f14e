public import TallyModel

/// What one commit changed against its first parent.
public struct CommitChanges: Sendable, Hashable {
  /// The commit.
  public let commit: CommitID
  /// Its first parent; nil for a root, whose files are all new.
  public let parent: CommitID?
  /// Regular files only, sorted by path.
  ///
  /// A rename stands under its new path and implies that the old one is gone. A file that became a link is a deletion, a link
  /// that became a file is a new one; a change of the executable bit alone is none.
  public let files: [FileChange]
  /// Paths that are not UTF-8, stored with replacement characters.
  public let lossyPathCount: Int
}

/// The regular files of one commit.
public struct CommitFiles: Sendable, Hashable {
  /// Path and blob, sorted bytewise by path.
  public let manifest: Manifest
  /// Paths that are not UTF-8, stored with replacement characters; of two that became equal the first is kept.
  public let lossyPathCount: Int
  /// Links and submodules, which are left out.
  public let otherCount: Int
}

extension Repository {
  /// All regular files of a commit.
  ///
  /// One call of git.
  ///
  /// - Throws: ``GitError``; `CancellationError`.
  public func files(at commit: CommitID) async throws -> CommitFiles {
    let arguments = ["ls-tree", "-r", "-z", "--full-tree", commit.description]
    let outcome = try await command.run(arguments)
    if outcome.status != 0 {
      throw await missing([commit]) ?? command.diagnose(outcome, of: arguments)
    }
    return try TreeListing.parse(outcome.output)
  }

  /// All regular files of a commit, without the counts of what was left out.
  ///
  /// One call of git.
  ///
  /// - Throws: ``GitError``; `CancellationError`.
  public func manifest(of commit: CommitID) async throws -> Manifest {
    try await files(at: commit).manifest
  }

  /// What each commit changed against its first parent; a commit whose parent is not in the clone is left out.
  ///
  /// One call of git for all of them, and the session's.
  ///
  /// - Throws: ``GitError``; `CancellationError`.
  public func changes(of commits: [RawCommit]) async throws -> [CommitID: CommitChanges] {
    if commits.isEmpty { return [:] }
    let known = Set(commits.map(\.id))
    let outside = Set(commits.compactMap(\.parents.first)).subtracting(known).sorted()
    let present = try await self.commits(outside)
    var available = known
    for (id, commit) in zip(outside, present) where commit != nil { available.insert(id) }

    var input = ""
    var asked: [CommitID: RawCommit] = [:]
    for commit in commits {
      // `commit parent` makes git compare with this parent alone.
      if let parent = commit.parents.first {
        if !available.contains(parent) { continue }
        input += "\(commit.id) \(parent)\n"
      } else {
        input += "\(commit.id)\n"
      }
      asked[commit.id] = commit
    }
    if asked.isEmpty { return [:] }
    let arguments = ["diff-tree", "--stdin", "--root", "-m", "--always"] + GitCommand.diffOptions
    let outcome = try await difference(arguments, input: Array(input.utf8))
    if outcome.status != 0 { throw command.diagnose(outcome, of: arguments) }
    let output = outcome.output
    var result: [CommitID: CommitChanges] = [:]
    for (id, listing) in try DiffListing.parse(output) {
      guard let id, let commit = asked[id] else { continue }
      result[id] = CommitChanges(
        commit: id,
        parent: commit.parents.first,
        files: listing.files,
        lossyPathCount: listing.lossyPathCount
      )
    }
    if let absent = asked.keys.filter({ result[$0] == nil }).min() {
      throw GitError.unexpectedOutput(
        command: "git diff-tree",
        reason: "nothing about commit \(absent)"
      )
    }
    return result
  }

  /// What differs between two commits over the whole distance, renames among it; sorted by path.
  ///
  /// One call of git.
  ///
  /// - Throws: ``GitError``; `CancellationError`.
  public func differences(from old: CommitID, to new: CommitID) async throws -> [FileChange] {
    let arguments = ["diff-tree"] + GitCommand.diffOptions + [old.description, new.description]
    let outcome = try await difference(arguments)
    if outcome.status != 0 {
      throw await missing([old, new]) ?? command.diagnose(outcome, of: arguments)
    }
    return try DiffListing.parse(outcome.output).first?.listing.files ?? []
  }

  /// Asks for a difference; where git would have to fetch contents to find renames, for one whose renames are of equal contents only.
  private func difference(
    _ arguments: [String],
    input: [UInt8] = []
  ) async throws -> GitCommand.Outcome {
    let outcome = try await command.run(arguments, input: input)
    guard outcome.status != 0, try await isPartial() else { return outcome }
    return try await command.run(
      [arguments[0], GitCommand.exactRenames] + arguments.dropFirst().filter { $0 != "-M" },
      input: input
    )
  }

  /// The renames that git finds between two commits over the whole distance; sorted by new path.
  ///
  /// One call of git.
  ///
  /// - Throws: ``GitError``; `CancellationError`.
  public func renames(from old: CommitID, to new: CommitID) async throws -> [FileChange] {
    try await differences(from: old, to: new).filter { $0.renamedFrom != nil }
  }
}

/// Reads `ls-tree -r -z`: `<mode> <kind> <id>\t<path>\0`.
enum TreeListing {
  static func parse(_ output: [UInt8]) throws -> CommitFiles {
    var lines: [Manifest.Line] = []
    var lossy = 0
    var other = 0
    var start = 0
    while start < output.count {
      guard let end = output[start...].firstIndex(of: 0),
        let tab = output[start..<end].firstIndex(of: UInt8(ascii: "\t")),
        start + 6 < tab
      else { throw GitError.unexpectedOutput(command: "git ls-tree", reason: "a line is cut") }
      defer { start = end + 1 }
      guard GitText.isFile(mode: output[start..<start + 6]) else {
        other += 1
        continue
      }
      let digits = output[..<tab].suffix(while: { $0 != UInt8(ascii: " ") })
      guard let blob: BlobID = GitText.id(digits) else {
        throw GitError.unexpectedOutput(command: "git ls-tree", reason: "an id is not understood")
      }
      let (path, isLossy) = GitText.path(output[(tab + 1)..<end])
      if isLossy { lossy += 1 }
      lines.append(Manifest.Line(path: path, blob: blob))
    }
    if lossy > 0 {
      // git sorts by the bytes that were replaced; a stable order keeps the first of equal paths.
      let sorted = lines.enumerated().sorted {
        ($0.element.path, $0.offset) < ($1.element.path, $1.offset)
      }
      lines = []
      for (_, line) in sorted where lines.last?.path != line.path { lines.append(line) }
    }
    return CommitFiles(
      manifest: Manifest(lines: lines),
      lossyPathCount: lossy,
      otherCount: other
    )
  }
}

extension ArraySlice<UInt8> {
  /// The longest end whose elements satisfy a predicate.
  fileprivate func suffix(while predicate: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    var start = endIndex
    while start > startIndex, predicate(self[start - 1]) { start -= 1 }
    return self[start...]
  }
}
