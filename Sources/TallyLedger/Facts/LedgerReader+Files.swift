public import TallyModel

/// The files of the commit that was asked for last: the next one is mostly its child.
struct CommitFiles {
  var commit: CommitID
  var blobs: [RepoPath: BlobID]
}

extension LedgerReader {
  /// What a commit changed against its first parent; of several tellings that of the greatest entry.
  func changes(of commit: CommitID) throws -> (parent: CommitID?, files: [FileChange])? {
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
  private func snapshot(of commit: CommitID) throws -> Int? {
    var ids: Set<ManifestID> = []
    for sequence in try sequences(by: FactKey.manifest(commit)) {
      if case .evidence(.manifest(commit, let manifest)) = try body(sequence) {
        ids.insert(manifest)
      }
    }
    return try ids.sorted().compactMap { try objects.find($0.bytes) }.last
  }

  /// How many commits lie between a commit and the nearest stored manifest; nil when its files are not known.
  ///
  /// A root needs none.
  public func manifestDistance(of commit: CommitID) throws -> Int? {
    var seen: Set<CommitID> = []
    var next = commit
    while seen.insert(next).inserted {
      if try snapshot(of: next) != nil { return seen.count - 1 }
      guard let changes = try changes(of: next) else { return nil }
      guard let parent = changes.parent else { return seen.count }
      next = parent
    }
    return nil
  }

  /// Makes the cache hold the files of a commit; false when they are not known.
  private func load(_ commit: CommitID) throws -> Bool {
    if cache.files?.commit == commit { return true }
    var chain: [[FileChange]] = []
    var seen: Set<CommitID> = []
    var next: CommitID? = commit
    var blobs: [RepoPath: BlobID] = [:]
    var isKnown = false
    while let current = next {
      guard seen.insert(current).inserted else { return false }
      if let files = cache.files, files.commit == current {
        blobs = files.blobs
        isKnown = true
        break
      }
      if let number = try snapshot(of: current) {
        for line in try objects.manifest(number).lines { blobs[line.path] = line.blob }
        isKnown = true
        break
      }
      guard let changes = try changes(of: current) else { return false }
      chain.append(changes.files)
      next = changes.parent
      isKnown = next == nil
    }
    guard isKnown else { return false }
    // The dictionary is changed in place: nothing else holds it now.
    cache.files = nil
    for files in chain.reversed() { files.apply(to: &blobs) }
    cache.files = CommitFiles(commit: commit, blobs: blobs)
    return true
  }

  /// The blobs of some files at a commit; a file that is not there is absent from the answer.
  ///
  /// Nil when the commit's files are not known.
  public func blobs(
    of paths: [RepoPath],
    at commit: CommitID
  ) throws -> [RepoPath: BlobID]? {
    guard try load(commit), let files = cache.files else { return nil }
    var result: [RepoPath: BlobID] = [:]
    for path in paths { result[path] = files.blobs[path] }
    return result
  }

  /// Every file of a commit; nil when they are not known.
  public func manifest(at commit: CommitID) throws -> Manifest? {
    guard try load(commit), let files = cache.files else { return nil }
    return Manifest(
      lines: files.blobs.map { Manifest.Line(path: $0.key, blob: $0.value) }
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
    if let steps, try load(old), let before = cache.files?.blobs {
      var trail = Trail(before: before)
      for step in steps { trail.follow(step.files) }
      return CommitDifference(
        files: trail.differences(),
        renames: try with(evidenceOf: old, new, trail.renames()),
        steps: steps.map { ($0.commit, $0.files.touchedPaths) }
      )
    }
    guard try load(old), let before = cache.files?.blobs, try load(new),
      let after = cache.files?.blobs
    else { return nil }
    var files: [CommitDifference.File] = []
    for (path, blob) in before where after[path] != blob {
      files.append(CommitDifference.File(path: path, old: blob, new: after[path]))
    }
    for (path, blob) in after where before[path] == nil {
      files.append(CommitDifference.File(path: path, old: nil, new: blob))
    }
    files.sort { $0.path < $1.path }
    return CommitDifference(files: files, renames: try with(evidenceOf: old, new, []), steps: [])
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

  /// Adds renames that git found only over the whole distance, where the composed ones say nothing else.
  private func with(
    evidenceOf old: CommitID,
    _ new: CommitID,
    _ composed: [MatchEvidence.Rename]
  ) throws -> [MatchEvidence.Rename] {
    var found: [(id: EntryID, files: [FileChange])] = []
    for sequence in try sequences(by: FactKey.renames(old, new)) {
      if case .evidence(.renames(old, new, let files)) = try body(sequence) {
        found.append((try entryStore.id(sequence), files))
      }
    }
    var result = composed
    var sources = Set(composed.map(\.from))
    var targets = Set(composed.map(\.to))
    for file in found.sorted(by: { $0.id > $1.id }).flatMap(\.files) {
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

  /// Makes the files of a commit from its first parent's; what goes, goes first, so that two files may change places.
  func apply(to blobs: inout [RepoPath: BlobID]) {
    for file in self {
      if let from = file.renamedFrom { blobs[from] = nil }
      if file.blob == nil { blobs[file.path] = nil }
    }
    for file in self {
      if let blob = file.blob { blobs[file.path] = blob }
    }
  }
}

/// Follows files through commits: where each that was touched came from, and what it is now.
private struct Trail {
  let before: [RepoPath: BlobID]
  private var now: [RepoPath: Stand] = [:]

  private struct Stand {
    var origin: RepoPath?
    var blob: BlobID?
    var similarity: Int
    /// The file was gone in between: another that has the same origin and was not, is the one.
    var isRestored = false
  }

  init(before: [RepoPath: BlobID]) { self.before = before }

  private func stand(_ path: RepoPath) -> Stand {
    now[path]
      ?? Stand(origin: before[path] == nil ? nil : path, blob: before[path], similarity: 100)
  }

  mutating func follow(_ files: [FileChange]) {
    let moved = files.map { file in file.renamedFrom.map { stand($0) } }
    for file in files {
      if let from = file.renamedFrom { now[from] = Stand(origin: nil, blob: nil, similarity: 0) }
      if file.blob == nil { now[file.path] = Stand(origin: nil, blob: nil, similarity: 0) }
    }
    for (file, source) in zip(files, moved) {
      guard let blob = file.blob else { continue }
      var next = source ?? stand(file.path)
      if source != nil {
        next.similarity = min(next.similarity, file.similarity)
      } else if next.blob == nil, before[file.path] != nil {
        next = Stand(origin: file.path, blob: blob, similarity: 0, isRestored: true)
      }
      next.blob = blob
      now[file.path] = next
    }
  }

  func differences() -> [CommitDifference.File] {
    now.compactMap { path, stand in
      before[path] == stand.blob
        ? nil : CommitDifference.File(path: path, old: before[path], new: stand.blob)
    }
    .sorted { $0.path < $1.path }
  }

  /// One rename an origin: of the file that was never gone, else of the first by path.
  func renames() -> [MatchEvidence.Rename] {
    var result: [RepoPath: (rename: MatchEvidence.Rename, isRestored: Bool)] = [:]
    for (path, stand) in now.sorted(by: { $0.key < $1.key }) {
      guard stand.blob != nil, let origin = stand.origin, origin != path else { continue }
      if let known = result[origin], stand.isRestored || !known.isRestored { continue }
      let similarity = before[origin] == stand.blob ? 100 : stand.similarity
      let rename = MatchEvidence.Rename(from: origin, to: path, similarity: similarity)
      result[origin] = (rename, stand.isRestored)
    }
    return result.values.map(\.rename).sorted { $0.to < $1.to }
  }
}
