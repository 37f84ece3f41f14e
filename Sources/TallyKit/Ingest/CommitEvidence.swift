import TallyGit
import TallyLedger
import TallyModel

/// What git says about the commit of an ingest: facts to append, and which files it holds.
struct CommitEvidence {
  /// The commit.
  let commit: CommitID
  /// Commits to append, parents first, with the texts their hashes stand for.
  var commits: [RawCommit] = []
  /// What commits of the first-parent chain changed, oldest first.
  var changes: [CommitChanges] = []
  /// Renames over a distance of several commits.
  var renames: EvidenceRecord?
  /// All files of ``commit``, where its parent's files are not known.
  var snapshot: Manifest? {
    didSet {
      snapshotBlobs = snapshot.map { manifest in
        Dictionary(
          manifest.lines.map { ($0.path, $0.blob) },
          uniquingKeysWith: { first, _ in first }
        )
      }
    }
  }
  /// The lines of ``snapshot`` by path.
  private(set) var snapshotBlobs: [RepoPath: BlobID]?
  /// The commit the chain of ``changes`` starts from; ``commit`` itself when the journal knows its files already.
  var base: CommitID?
  /// What the chain changes against ``base``.
  var overlay = ChangeOverlay()

  /// True when the files of ``commit`` are known, from the journal or from git.
  var knowsFiles: Bool { snapshot != nil || base != nil }
}

/// What a chain of commits changes in sum.
struct ChangeOverlay {
  /// The content after the chain by path; nil for a file that went.
  private(set) var blobs: [RepoPath: BlobID?] = [:]
  /// Where a file was before the chain, for those that have another path now.
  private(set) var origins: [RepoPath: RepoPath] = [:]

  /// Adds the next commit of the chain.
  mutating func append(_ changes: [FileChange]) {
    var moved: [RepoPath: RepoPath] = [:]
    for change in changes {
      guard let old = change.renamedFrom else { continue }
      moved[change.path] = origins[old] ?? old
      origins[old] = nil
      blobs[old] = .some(nil)
    }
    for change in changes { blobs[change.path] = .some(change.blob) }
    for (path, origin) in moved { origins[path] = origin }
    for change in changes where change.blob == nil { origins[change.path] = nil }
  }
}

/// Asks git for what the journal does not know yet.
struct EvidenceGatherer {
  /// The longest chain of changes between two snapshots of a commit's files.
  static let chainLimit = 200

  let repository: Repository

  /// What the journal knows before git is asked.
  struct Known: Sendable {
    /// True when the journal has the commit's record.
    let hasCommit: Bool
    /// Steps from the commit to the nearest snapshot of files; nil when they are not known.
    let chainLength: Int?
    /// The commit of the newest scan of the branch.
    let head: CommitID?
    /// Steps from ``head`` to the nearest snapshot.
    let headChainLength: Int?
    /// The commit of the oldest scan of the branch.
    let first: CommitID?
  }

  /// Reads from the journal what decides which questions git gets.
  static func known(
    _ reader: LedgerReader,
    commit: CommitID,
    target: Target
  ) throws -> Known {
    let project = try reader.lanes().filter { $0.project == target.project }
    let branch = project.filter { $0.branch == target.branch }
    let lanes = branch.isEmpty ? project : branch
    let heads = try lanes.compactMap { try reader.books(of: $0).head() }
    let head = heads.max { ($0.time, $0.commit) < ($1.time, $1.commit) }?.commit
    let firsts = try lanes.compactMap { try reader.position(of: $0, at: 0) }
    return Known(
      hasCommit: try reader.hasCommit([commit]).contains(commit),
      chainLength: try reader.manifestDistance(of: commit),
      head: head,
      headChainLength: try head.flatMap { try reader.manifestDistance(of: $0) },
      first: firsts.min { ($0.time, $0.commit) < ($1.time, $1.commit) }?.commit
    )
  }

  /// Gathers what is missing; nothing when the journal knows the commit and its files.
  func gather(_ commit: CommitID, known: Known) async throws -> CommitEvidence {
    var evidence = CommitEvidence(commit: commit)
    if known.hasCommit, known.chainLength != nil {
      evidence.base = commit
      return evidence
    }
    guard let own = try await repository.commit(commit) else { return evidence }
    evidence.commits = [own]
    if let head = known.head, head != commit {
      try await addRange(from: head, to: commit, known: known, into: &evidence)
    }
    if !evidence.knowsFiles {
      evidence.changes = []
      evidence.overlay = ChangeOverlay()
      evidence.snapshot = try await repository.manifest(of: commit)
    }
    return evidence
  }

  private func addRange(
    from head: CommitID,
    to commit: CommitID,
    known: Known,
    into evidence: inout CommitEvidence
  ) async throws {
    guard try await repository.commit(head) != nil else { return }
    let range = try await repository.commits(from: head, to: commit, limit: 2000)
    if range.commits.isEmpty {
      // A late scan: git knows how the lane's first commit came from this one.
      if !known.hasCommit, let first = known.first, try await repository.commit(first) != nil {
        evidence.commits += try await repository.commits(from: commit, to: first, limit: 2000)
          .commits
      }
      return
    }
    evidence.commits = range.commits
    let chain = Set(range.firstParents)
    let inChain = range.commits.filter { chain.contains($0.id) }
    let changes = try await repository.changes(of: inChain)
    evidence.changes = range.firstParents.compactMap { changes[$0] }
    guard evidence.changes.count == range.firstParents.count,
      inChain.first?.parents.first == head,
      let length = known.headChainLength, length + evidence.changes.count <= Self.chainLimit
    else { return }
    evidence.base = head
    for change in evidence.changes { evidence.overlay.append(change.files) }
    if evidence.changes.count > 1 {
      let direct = try await repository.renames(from: head, to: commit)
        .filter { $0.renamedFrom != evidence.overlay.origins[$0.path] }
      if !direct.isEmpty {
        evidence.renames = .renames(from: head, to: commit, files: direct)
      }
    }
  }
}

extension CommitEvidence {
  /// Asks the journal what is known and git for the rest; nothing is known where there is no repository.
  static func gather(
    _ target: Target,
    in ledger: Ledger,
    workspace: Workspace
  ) async throws -> CommitEvidence {
    guard let repository = workspace.repository else {
      return CommitEvidence(commit: target.commit)
    }
    let known = try ledger.read { reader in
      try EvidenceGatherer.known(reader, commit: target.commit, target: target)
    }
    return try await EvidenceGatherer(repository: repository).gather(target.commit, known: known)
  }

  /// The files of the commit, sorted; none where they are not known.
  func paths(reader: LedgerReader) throws -> [RepoPath] {
    if let snapshot { return snapshot.lines.map(\.path) }
    guard let base, let manifest = try reader.manifest(at: base) else { return [] }
    var present = Set(manifest.lines.map(\.path))
    for (path, blob) in overlay.blobs {
      if blob == nil { present.remove(path) } else { present.insert(path) }
    }
    return present.sorted()
  }

  /// The texts that the hashes of the commit records stand for.
  var texts: [String] { commits.flatMap { [$0.author, $0.message] } }

  /// The entries to append, the commits' parents first; the snapshot is saved by the caller.
  var bodies: [EntryBody] {
    var result: [EntryBody] = commits.map { raw in
      .commit(
        CommitRecord(
          commit: raw.id,
          parents: raw.parents,
          authored: raw.authored,
          committed: raw.committed,
          author: StoredFormat.textID(raw.author),
          message: StoredFormat.textID(raw.message)
        )
      )
    }
    for change in changes {
      result.append(
        .evidence(.changes(commit: change.commit, parent: change.parent, files: change.files))
      )
    }
    if let renames { result.append(.evidence(renames)) }
    return result
  }
}
