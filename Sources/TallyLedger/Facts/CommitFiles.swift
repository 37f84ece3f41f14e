internal import TallyModel

/// The files of a commit, as far as they had to be read.
struct CommitFiles {
  let commit: CommitID
  /// All of them; nil where they are those of the tip, but for what was changed since.
  var whole: [RepoPath: BlobID]?
  /// What differs from the tip; nil for a file that went.
  var overlay: [RepoPath: BlobID?] = [:]

  mutating func apply(_ changes: [FileChange]) {
    if whole != nil {
      whole?.apply(changes)
    } else {
      overlay.apply(changes)
    }
  }
}

/// The commit whose files are kept in a table, so that its children need no walk to a manifest.
struct Tip {
  let commit: CommitID
  /// How many commits lie between it and the nearest stored manifest.
  let distance: Int
}

extension [RepoPath: BlobID] {
  /// What goes, goes first, so that two files may change places.
  mutating func apply(_ changes: [FileChange]) {
    for change in changes {
      if let from = change.renamedFrom { self[from] = nil }
      if change.blob == nil { self[change.path] = nil }
    }
    for change in changes {
      if let blob = change.blob { self[change.path] = blob }
    }
  }
}

extension [RepoPath: BlobID?] {
  mutating func apply(_ changes: [FileChange]) {
    for change in changes {
      if let from = change.renamedFrom { self[from] = .some(nil) }
      if change.blob == nil { self[change.path] = .some(nil) }
    }
    for change in changes {
      if let blob = change.blob { self[change.path] = .some(blob) }
    }
  }
}

extension LedgerReader {
  /// The tip; nil where there is none, or where less than the whole journal is read.
  func tip() throws -> Tip? {
    if let known = cache.tip { return known }
    var tip: Tip?
    if usesTip {
      let row = try session.first("SELECT git_commit, distance FROM tip WHERE one = 1") {
        ($0.int(0), $0.int(1))
      }
      tip = try row.map { Tip(commit: try interner.commit($0.0), distance: $0.1) }
    }
    cache.tip = .some(tip)
    return tip
  }

  /// The files of a commit; nil when they are not known.
  func files(at commit: CommitID) throws -> CommitFiles? {
    if let files = cache.files, files.commit == commit { return files }
    let tip = try tip()
    var chain: [[FileChange]] = []
    var seen: Set<CommitID> = []
    var next: CommitID? = commit
    var files = CommitFiles(commit: commit, whole: [:])
    while let current = next {
      guard seen.insert(current).inserted else { return nil }
      if let known = cache.files, known.commit == current {
        (files.whole, files.overlay) = (known.whole, known.overlay)
        break
      }
      if tip?.commit == current {
        files.whole = nil
        break
      }
      if let id = try snapshot(of: current) {
        for line in try manifest(id).lines { files.whole?[line.path] = line.blob }
        break
      }
      guard let changes = try changes(of: current) else { return nil }
      chain.append(changes.files)
      next = changes.parent
    }
    // Nothing else holds the dictionaries now: they are changed in place.
    cache.files = nil
    for changes in chain.reversed() { files.apply(changes) }
    cache.files = files
    return files
  }

  func blob(of path: RepoPath, in files: CommitFiles) throws -> BlobID? {
    if let whole = files.whole { return whole[path] }
    if let known = files.overlay[path] { return known }
    let bytes = try session.first("SELECT blob FROM tip_file WHERE path = ?", .text(path.text)) {
      $0.bytes(0)
    }
    return bytes.flatMap { BlobID(bytes: $0) }
  }

  func all(of files: CommitFiles) throws -> [RepoPath: BlobID] {
    if let whole = files.whole { return whole }
    var result = try tipFiles()
    for (path, blob) in files.overlay { result[path] = blob }
    return result
  }

  func tipFiles() throws -> [RepoPath: BlobID] {
    let rows = try session.rows("SELECT path, blob FROM tip_file") {
      (RepoPath(normalized: $0.text(0)), $0.withBytes(1, BlobID.init(bytes:)))
    }
    var result: [RepoPath: BlobID] = [:]
    for (path, blob) in rows { result[path] = blob }
    return result
  }
}

extension WriteTransaction {
  /// Remembers that the files of a commit were told; the last such commit becomes the tip.
  ///
  /// What was told of a commit that was known before may change what its children hold.
  func noteFiles(of commit: CommitID, sequence: Int) throws {
    cache.files = nil
    newestFiles = commit
    if firstSize == 0 { return }
    for key in [FactKey.changes(commit), FactKey.manifest(commit)] {
      let earlier = try session.int(
        "SELECT 1 FROM fact WHERE key = ? AND entry < ? AND entry <= ?",
        .int(key),
        .int(sequence),
        .int(firstSize)
      )
      if earlier != nil { try dropTip() }
    }
  }

  func dropTip() throws {
    cache.tip = .some(nil)
    cache.files = nil
    try session.run("DELETE FROM tip WHERE one = 1")
    try session.run("DELETE FROM tip_file")
  }

  /// Writes down what was only kept in memory; called at the end of a transaction.
  func finish() throws {
    try advanceTip()
    try saveSlots()
  }

  /// Moves the tip to the newest commit whose files were told.
  private func advanceTip() throws {
    guard let commit = newestFiles, let files = try files(at: commit),
      let distance = try manifestDistance(of: commit)
    else { return }
    var changes: [RepoPath: BlobID?] = files.overlay
    if let whole = files.whole {
      let before = try tipFiles()
      for (path, blob) in whole where before[path] != blob { changes[path] = .some(blob) }
      for path in before.keys where whole[path] == nil { changes[path] = .some(nil) }
    }
    for (path, blob) in changes.sorted(by: { $0.key < $1.key }) {
      if let blob {
        try session.run(
          "INSERT INTO tip_file (path, blob) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET blob = ?2",
          .text(path.text),
          .blob(blob.bytes)
        )
      } else {
        try session.run("DELETE FROM tip_file WHERE path = ?", .text(path.text))
      }
    }
    try session.run(
      """
      INSERT INTO tip (one, git_commit, distance) VALUES (1, ?1, ?2)
      ON CONFLICT DO UPDATE SET git_commit = ?1, distance = ?2
      """,
      .int(try interner.makeCommit(commit)),
      .int(distance)
    )
    newestFiles = nil
    cache.tip = nil
    cache.files = nil
  }
}
