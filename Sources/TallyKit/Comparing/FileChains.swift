import TallyGit
import TallyModel

/// What the commits between two made of the files of the first: other paths, and every content on the way.
struct FileChains {
  /// One file of the older commit.
  struct Chain {
    /// Its path at the newer commit; nil where it was deleted.
    var path: RepoPath?
    /// Its contents, the oldest first; only those that differ from the one before.
    var blobs: [BlobID]
  }

  /// By the path at the older commit.
  let byPath: [RepoPath: Chain]

  /// Longer histories are compared by their ends.
  private static let mostCommits = 2_000

  /// Follows files along the chain of first parents; nil where the older commit is not on it, or the clone does not hold it all.
  ///
  /// - Parameters:
  ///   - files: The files to follow with their contents at the older commit.
  ///   - old: The older commit.
  ///   - new: The newer one.
  ///   - repository: The clone.
  /// - Returns: What became of each file.
  /// - Throws: `GitError`; `CancellationError`.
  static func between(
    _ files: [(path: RepoPath, blob: BlobID)],
    _ old: CommitID,
    _ new: CommitID,
    in repository: Repository
  ) async throws -> FileChains? {
    let range = try await repository.commits(from: old, to: new, limit: mostCommits)
    if range.isTruncated || range.isIncomplete { return nil }
    let byID = Dictionary(
      range.commits.map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    let steps = range.firstParents.compactMap { byID[$0] }
    guard steps.first?.parents.first == old else { return nil }
    let changes = try await repository.changes(of: steps)
    let known = steps.compactMap { changes[$0.id]?.files }
    return known.count == steps.count ? FileChains(files, through: known) : nil
  }

  /// Follows files along the chain of first parents by what is known of its commits.
  ///
  /// Nil where the older commit is not on it, or
  /// something is not known. `changes` says what a commit changed against its first parent.
  static func between(
    _ files: [(path: RepoPath, blob: BlobID)],
    _ old: CommitID,
    _ new: CommitID,
    changes: (CommitID) throws -> (parent: CommitID?, files: [FileChange])?
  ) rethrows -> FileChains? {
    var steps: [[FileChange]] = []
    var next = new
    while next != old {
      guard steps.count < mostCommits, let change = try changes(next), let parent = change.parent
      else { return nil }
      steps.append(change.files)
      next = parent
    }
    return FileChains(files, through: steps.reversed())
  }

  private init(_ files: [(path: RepoPath, blob: BlobID)], through steps: [[FileChange]]) {
    var chains = files.map { Chain(path: $0.path, blobs: [$0.blob]) }
    var holder: [RepoPath: Int] = [:]
    for (index, file) in files.enumerated() { holder[file.path] = index }
    for step in steps { Self.follow(step, &chains, &holder) }
    byPath = Dictionary(zip(files.map(\.path), chains), uniquingKeysWith: { first, _ in first })
  }

  private static func follow(
    _ changes: [FileChange],
    _ chains: inout [Chain],
    _ holder: inout [RepoPath: Int]
  ) {
    let before = holder
    func take(_ index: Int, _ change: FileChange) {
      chains[index].path = change.path
      if let blob = change.blob, chains[index].blobs.last != blob {
        chains[index].blobs.append(blob)
      }
    }
    // Files that went first, so that a path can be given up and taken in one commit.
    for change in changes {
      if let from = change.renamedFrom, before[from] != nil { holder[from] = nil }
      if change.blob == nil, let index = before[change.path] {
        holder[change.path] = nil
        chains[index].path = nil
      }
    }
    for change in changes {
      if let from = change.renamedFrom {
        guard let index = before[from] else { continue }
        take(index, change)
        holder[change.path] = index
      } else if change.blob != nil, let index = before[change.path], holder[change.path] == index {
        take(index, change)
      }
    }
  }
}
