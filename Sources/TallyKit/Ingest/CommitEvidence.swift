import TallyGit
import TallyLedger
import TallyModel

/// What git says about the commit of an ingest: facts to append, and which files it holds.
struct CommitEvidence {
  /// The commit.
  let commit: CommitID
  /// Commits to append, parents first, with the texts their hashes stand for.
  var commits: [RawCommit] = []
  /// What commits changed against their first parents: those of merged branches, then the first-parent chain, oldest first.
  var changes: [CommitChanges] = []
  /// Renames over a distance of several commits, to ``commit``.
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
  /// The commit of the branch's last scan before this one.
  var previous: CommitID?
  /// Suppression comments of what the commit brought, sorted by content; only from clones that lack the texts before.
  var silences: [SilencedText] = []
  /// What the commit holds of the configuration of the tools that scanned it, as far as the journal does not hold it.
  var toolConfigurations: [ToolConfigurationRecord] = []
  /// Whether the clone leaves contents out; nil where that was not asked.
  var isPartialClone: Bool?
  /// What was asked while the books were derived.
  var answers = GitAnswers()

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

/// Asks git for what the journal does not know yet of a commit, and of its branch since the last scan before it.
///
/// This is what an ingest in time needs. Whatever else books ask for, as where scans arrive late, ``GitAnswers`` finds.
struct EvidenceGatherer {
  /// The longest chain of changes between two snapshots of a commit's files.
  static let chainLimit = 200

  let repository: Repository

  /// What the journal knows before git is asked.
  struct Known: Sendable {
    /// True when the journal has the commit's record.
    let hasCommit: Bool
    /// True when the journal knows what the commit changed against its first parent.
    let hasChanges: Bool
    /// True when the journal knows that the commit has no parents.
    let isRoot: Bool
    /// True when the journal knows the commit's files.
    let hasFiles: Bool
    /// The commit of the branch's last scan before it.
    let before: CommitID?
    /// Steps from ``before`` to the nearest snapshot.
    let beforeChainLength: Int?
    /// True when the journal leads along first parents from the commit to ``before``, or there is none.
    let reachesBefore: Bool
  }

  /// Reads from the journal what decides which questions git gets.
  static func known(
    _ reader: LedgerReader,
    commit: CommitID,
    target: Target
  ) throws -> Known {
    let name = try reader.current(project: target.project)
    let project = try reader.lanes().filter { $0.project == name }
    let branch = project.filter { $0.branch == target.branch }
    let time = try target.committed ?? reader.commit(commit)?.committed
    var before: [LanePosition] = []
    for lane in branch.isEmpty ? project : branch {
      guard let head = try reader.books(of: lane).head() else { continue }
      if let time, time < head.time, !branch.isEmpty {
        let others = try reader.positions(of: lane).filter { $0.commit != commit }
        if let last = others.last(where: { $0.time <= time }) { before.append(last) }
      } else if head.commit != commit {
        before.append(head)
      }
    }
    let last = before.max { ($0.time, $0.commit) < ($1.time, $1.commit) }?.commit
    return Known(
      hasCommit: try reader.hasCommit([commit]).contains(commit),
      hasChanges: try reader.hasChanges(commit),
      isRoot: try reader.commit(commit)?.parents.isEmpty ?? false,
      hasFiles: try reader.manifestDistance(of: commit) != nil,
      before: last,
      beforeChainLength: try last.flatMap { try reader.manifestDistance(of: $0) },
      reachesBefore: try last.map { try leads(from: commit, to: $0, reader) } ?? true
    )
  }

  /// Says whether the journal leads from a commit along first parents to an older one, with what each changed.
  private static func leads(
    from new: CommitID,
    to old: CommitID,
    _ reader: LedgerReader
  ) throws -> Bool {
    var next = new
    for _ in 0..<chainLimit {
      guard let parent = try reader.changes(of: next)?.parent else { return false }
      if parent == old { return true }
      next = parent
    }
    return false
  }

  /// Gathers what is missing; nothing when the journal knows the commit, its files and its neighbour.
  func gather(_ commit: CommitID, known: Known) async throws -> CommitEvidence {
    var evidence = CommitEvidence(commit: commit)
    let knowsFiles = known.hasCommit && known.hasFiles
    if knowsFiles { evidence.base = commit }
    if knowsFiles, known.hasChanges || known.isRoot, known.reachesBefore { return evidence }
    guard let own = try await repository.commit(commit) else { return evidence }
    if !known.hasCommit { evidence.commits = [own] }
    if let before = known.before, !knowsFiles || !known.reachesBefore {
      try await add(from: before, to: own, known: known, into: &evidence)
    }
    // A commit's own changes belong to its scan, whatever is known around it.
    if !known.hasChanges, !own.parents.isEmpty,
      !evidence.changes.contains(where: { $0.commit == commit })
    {
      evidence.changes += try await repository.changes(of: [own]).values
    }
    if !evidence.knowsFiles { evidence.snapshot = try await repository.manifest(of: commit) }
    return evidence
  }

  /// Adds what lies between the last scan and the new one.
  private func add(
    from old: CommitID,
    to new: RawCommit,
    known: Known,
    into evidence: inout CommitEvidence
  ) async throws {
    guard try await repository.commit(old) != nil else { return }
    let range = try await repository.commits(from: old, to: new.id, limit: 2000)
    if range.commits.isEmpty { return }
    if !known.reachesBefore { evidence.commits = range.commits }
    guard let chain = try await RangeChanges(range, after: old, in: repository) else { return }
    if !known.reachesBefore { evidence.changes += chain.merged + chain.steps }
    if evidence.base == nil, let length = known.beforeChainLength,
      length + chain.steps.count <= Self.chainLimit
    {
      evidence.base = old
      evidence.overlay = chain.overlay
    }
    if chain.steps.count > 1 {
      let direct = try await repository.renames(from: old, to: new.id)
      evidence.renames = .renames(from: old, to: new.id, files: chain.news(in: direct))
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
    var evidence = try await EvidenceGatherer(repository: repository)
      .gather(target.commit, known: known)
    evidence.previous = known.before
    return evidence
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
  var texts: [String] { (commits + answers.commits).flatMap { [$0.author, $0.message] } }

  /// The entries to append, the commits' parents first; the snapshots are saved by the caller.
  var bodies: [EntryBody] {
    var result: [EntryBody] = (answers.commits + commits).map { raw in
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
    for change in answers.changes + changes {
      result.append(
        .evidence(.changes(commit: change.commit, parent: change.parent, files: change.files))
      )
    }
    result += (answers.renames + [renames].compactMap(\.self)).map { .evidence($0) }
    if !answers.maps.isEmpty { result.append(.evidence(.maps(answers.maps))) }
    result += toolConfigurations.map { .evidence(.toolConfiguration($0)) }
    return result + silenceBodies
  }
}
