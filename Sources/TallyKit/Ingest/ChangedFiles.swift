import TallyBooks
import TallyGit
import TallyLedger
import TallyModel

/// The files that a scan of changed files looked at: those that differ between a commit and what it branched off from.
struct ChangedFiles {
  /// The most files that one scan's scope names; more make the journal grow for little.
  static let limit = 50_000

  /// The base as it was typed.
  let name: String
  /// True where `--scope` left out files that changed.
  let isNarrowed: Bool
  /// Files that changed, and those that went, sorted.
  let paths: [RepoPath]

  /// The scope as it is stored: each path as a pattern that stands for it alone.
  var scope: [String] { paths.map(Self.pattern) }

  /// A pattern for one path, whatever characters it has.
  ///
  /// One that gets too long for a pattern that way has `?` for them, and a path that is too long itself stands for itself (``ScanScope``).
  static func pattern(for path: RepoPath) -> String {
    let special: Set<Character> = ["*", "?", "[", "]", "{", "}", "\\"]
    if path.text.utf8.count > Glob.lengthLimit { return path.text }
    let escaped = String(path.text.flatMap { special.contains($0) ? ["\\", $0] : [$0] })
    if escaped.utf8.count <= Glob.lengthLimit { return escaped }
    return String(path.text.map { special.contains($0) ? "?" : $0 })
  }

  /// Why nothing of a report is recorded: no file changed that could have been looked at.
  func nothingChanged(_ file: CollectedFile, at commit: CommitID) -> String {
    let count = file.collector.runs.flatMap(\.rows.values).reduce(0) { $0 + $1.count }
    let source = file.name == "-" ? "standard input" : file.name
    let own = count == 1 ? "is its finding" : "are its \(count) findings"
    let left = count == 0 ? "" : ", nor \(own)"
    let scope = isNarrowed ? " of the scope" : ""
    return "\(source): \(commit.short) changes no file\(scope) since \(name): "
      + "the scan is not recorded\(left)"
  }
}

extension Workspace {
  /// Asks git what changed since a base, narrowed by the scope that was typed; nil where no base was.
  ///
  /// - Throws: ``IngestError``, `GitError`.
  func changedFiles(_ request: IngestRequest, at target: Target) async throws -> ChangedFiles? {
    guard let name = request.changedSince else { return nil }
    guard let repository else {
      throw isGitMissing ? GitError.gitMissing : IngestError.changedSinceNeedsGit
    }
    let tip: CommitID
    do {
      tip = try await repository.resolve(name)
    } catch GitError.unknownRevision {
      throw IngestError.unknownBase(name, isShallow: repository.isShallow)
    }
    let commit = target.commit
    guard try await repository.commit(commit) != nil else {
      throw GitError.unknownRevision(commit.description, isShallow: repository.isShallow)
    }
    let apart = IngestError.noCommonCommit(
      name,
      commit: commit.short,
      isShallow: repository.isShallow
    )
    guard let base = try await repository.mergeBase(tip, commit) else { throw apart }
    if repository.isShallow {
      // Behind the border a nearer ancestor may hide, from which less has changed.
      for end in [tip, commit] where end != base {
        if try await repository.commits(from: base, to: end).isIncomplete { throw apart }
      }
    }
    var paths: Set<RepoPath> = []
    for change in try await repository.differences(from: base, to: commit) {
      paths.insert(change.path)
      if let origin = change.renamedFrom { paths.insert(origin) }
    }
    let typed = ScanScope(request.scope)
    let own = paths.filter(typed.covers)
    guard own.count <= ChangedFiles.limit else {
      throw IngestError.tooManyChanges(own.count, limit: ChangedFiles.limit)
    }
    return ChangedFiles(
      name: name,
      isNarrowed: own.count < paths.count,
      paths: own.sorted()
    )
  }
}
