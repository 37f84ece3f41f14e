public import TallyModel

extension LedgerReader {
  /// What a commit changed against its first parent; of several tellings that of the greatest entry.
  public func changes(of commit: CommitID) throws -> (parent: CommitID?, files: [FileChange])? {
    var best: (id: EntryID, parent: CommitID?, files: [FileChange])?
    for sequence in try sequences(by: FactKey.changes(commit)) {
      guard case .evidence(.changes(commit, let parent, let files)) = try body(sequence) else {
        continue
      }
      let id = try entryStore.id(sequence)
      if let known = best, known.id > id { continue }
      best = (id, parent, files)
    }
    return best.map { ($0.parent, $0.files) }
  }

  /// The whole manifest of a commit, where one was stored; of several the one with the greatest id.
  func snapshot(of commit: CommitID) throws -> ManifestID? {
    var ids: Set<ManifestID> = []
    for sequence in try sequences(by: FactKey.manifest(commit)) {
      if case .evidence(.manifest(commit, let manifest)) = try body(sequence) {
        ids.insert(manifest)
      }
    }
    return try ids.sorted().last {
      try cache.fresh?.manifests[$0] != nil || objects.find($0.bytes) != nil
    }
  }

  func manifest(_ id: ManifestID) throws -> Manifest {
    if let known = cache.fresh?.manifests[id] { return known }
    guard let number = try objects.find(id.bytes) else { throw Damage("no manifest \(id)") }
    return try objects.manifest(number)
  }

  /// How many commits lie between a commit and the nearest stored manifest; nil when its files are not known.
  ///
  /// A root needs none.
  public func manifestDistance(of commit: CommitID) throws -> Int? {
    let tip = try tip()
    var seen: Set<CommitID> = []
    var next = commit
    while seen.insert(next).inserted {
      if let tip, tip.commit == next { return seen.count - 1 + tip.distance }
      if try snapshot(of: next) != nil { return seen.count - 1 }
      guard let changes = try changes(of: next) else { return nil }
      guard let parent = changes.parent else { return seen.count }
      next = parent
    }
    return nil
  }

  /// The blobs of some files at a commit; a file that is not there is absent from the answer.
  ///
  /// Nil when the commit's files are not known.
  public func blobs(
    of paths: [RepoPath],
    at commit: CommitID
  ) throws -> [RepoPath: BlobID]? {
    guard let files = try files(at: commit) else { return nil }
    var result: [RepoPath: BlobID] = [:]
    for path in paths { result[path] = try blob(of: path, in: files) }
    return result
  }

  /// Every file of a commit; nil when they are not known.
  public func manifest(at commit: CommitID) throws -> Manifest? {
    guard let files = try files(at: commit) else { return nil }
    return Manifest(
      lines: try all(of: files).map { Manifest.Line(path: $0.key, blob: $0.value) }
        .sorted { $0.path < $1.path }
    )
  }

  // MARK: Differences

  /// How far first parents are followed before two whole manifests are compared.
  private static let longestWalk = 5_000

  /// What differs between two commits; nil when it cannot be told from the facts.
  public func difference(from old: CommitID, to new: CommitID) throws -> CommitDifference? {
    if old == new { return CommitDifference(files: [], renames: [], steps: []) }
    let steps = try steps(from: old, to: new)
    if let steps, let before = try files(at: old) {
      var trail = Trail(before: { try self.blob(of: $0, in: before) })
      for step in steps { try trail.follow(step.files) }
      let direct = try directRenames(from: old, to: new)
      return CommitDifference(
        files: try trail.differences(),
        renames: Self.renames(composed: try trail.renames(), direct: direct ?? []),
        steps: steps.map { ($0.commit, $0.files.touchedPaths) },
        isProvisional: steps.count > 1 && direct == nil
      )
    }
    guard let before = try files(at: old).map(all), let after = try files(at: new).map(all) else {
      return nil
    }
    var files: [CommitDifference.File] = []
    for (path, blob) in before where after[path] != blob {
      files.append(CommitDifference.File(path: path, old: blob, new: after[path]))
    }
    for (path, blob) in after where before[path] == nil {
      files.append(CommitDifference.File(path: path, old: nil, new: blob))
    }
    files.sort { $0.path < $1.path }
    let direct = try directRenames(from: old, to: new)
    return CommitDifference(
      files: files,
      renames: Self.renames(composed: [], direct: direct ?? []),
      steps: [],
      isProvisional: direct == nil
    )
  }

  /// The commits after one up to another along first parents, oldest first; nil where they do not lead there.
  private func steps(
    from old: CommitID,
    to new: CommitID
  ) throws -> [(commit: CommitID, files: [FileChange])]? {
    var steps: [(commit: CommitID, files: [FileChange])] = []
    var next = new
    while next != old {
      guard steps.count < LedgerReader.longestWalk, let changes = try changes(of: next),
        let parent = changes.parent
      else { return nil }
      steps.append((next, changes.files))
      next = parent
    }
    return steps.reversed()
  }

  /// The renames that git found over the whole distance, those of the greatest entry first; nil where it was not asked.
  private func directRenames(from old: CommitID, to new: CommitID) throws -> [FileChange]? {
    var found: [(id: EntryID, files: [FileChange])] = []
    for sequence in try sequences(by: FactKey.renames(old, new)) {
      if case .evidence(.renames(old, new, let files)) = try body(sequence) {
        found.append((try entryStore.id(sequence), files))
      }
    }
    if found.isEmpty { return nil }
    return found.sorted { $0.id > $1.id }.flatMap(\.files)
  }

  /// Adds renames that git found only over the whole distance, where the composed ones say nothing else.
  private static func renames(
    composed: [MatchEvidence.Rename],
    direct: [FileChange]
  ) -> [MatchEvidence.Rename] {
    var result = composed
    var sources = Set(composed.map(\.from))
    var targets = Set(composed.map(\.to))
    for file in direct {
      guard let from = file.renamedFrom, !sources.contains(from), !targets.contains(file.path)
      else { continue }
      sources.insert(from)
      targets.insert(file.path)
      result.append(
        MatchEvidence.Rename(from: from, to: file.path, similarity: file.similarity)
      )
    }
    return result.sorted { $0.to < $1.to }
  }
}

extension [FileChange] {
  /// Every path that is named, old ones of renames included; sorted.
  var touchedPaths: [RepoPath] {
    Set(map(\.path) + compactMap(\.renamedFrom)).sorted()
  }
}

/// Follows files through commits: where each that was touched came from, and what it is now.
private struct Trail {
  let before: (RepoPath) throws -> BlobID?
  private var now: [RepoPath: Stand] = [:]

  private struct Stand {
    var origin: RepoPath?
    var blob: BlobID?
    var similarity: Int
    /// The file was gone in between: another that has the same origin and was not, is the one.
    var isRestored = false
  }

  init(before: @escaping (RepoPath) throws -> BlobID?) { self.before = before }

  private func stand(_ path: RepoPath) throws -> Stand {
    if let known = now[path] { return known }
    let blob = try before(path)
    return Stand(origin: blob == nil ? nil : path, blob: blob, similarity: 100)
  }

  mutating func follow(_ files: [FileChange]) throws {
    let moved = try files.map { file in try file.renamedFrom.map { try stand($0) } }
    for file in files {
      if let from = file.renamedFrom { now[from] = Stand(origin: nil, blob: nil, similarity: 0) }
      if file.blob == nil { now[file.path] = Stand(origin: nil, blob: nil, similarity: 0) }
    }
    for (file, source) in zip(files, moved) {
      guard let blob = file.blob else { continue }
      var next = try source ?? stand(file.path)
      if source != nil {
        next.similarity = min(next.similarity, file.similarity)
      } else if next.blob == nil, try before(file.path) != nil {
        next = Stand(origin: file.path, blob: blob, similarity: 0, isRestored: true)
      }
      next.blob = blob
      now[file.path] = next
    }
  }

  func differences() throws -> [CommitDifference.File] {
    try now.compactMap { path, stand in
      let old = try before(path)
      return old == stand.blob
        ? nil : CommitDifference.File(path: path, old: old, new: stand.blob)
    }
    .sorted { $0.path < $1.path }
  }

  /// One rename an origin: of the file that was never gone, else of the first by path.
  func renames() throws -> [MatchEvidence.Rename] {
    var result: [RepoPath: (rename: MatchEvidence.Rename, isRestored: Bool)] = [:]
    for (path, stand) in now.sorted(by: { $0.key < $1.key }) {
      guard stand.blob != nil, let origin = stand.origin, origin != path else { continue }
      if let known = result[origin], stand.isRestored || !known.isRestored { continue }
      let similarity = try before(origin) == stand.blob ? 100 : stand.similarity
      let rename = MatchEvidence.Rename(from: origin, to: path, similarity: similarity)
      result[origin] = (rename, stand.isRestored)
    }
    return result.values.map(\.rename).sorted { $0.to < $1.to }
  }
}
