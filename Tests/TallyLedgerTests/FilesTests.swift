import TallyLedger
import TallyModel
import Testing

/// What the reader says of files and commits, against a project that knows what was done.
@Suite struct FilesTests {
  /// A history that was made up: what each commit holds, and what it did to its first parent.
  struct History {
    var commits: [CommitID] = []
    var files: [[RepoPath: BlobID]] = []
    var changes: [[FileChange]] = []
    /// Where each file of a commit came from in the first one; absent for files made since.
    ///
    /// A file that is made again where one of
    /// the first was, is that one restored.
    var origins: [[RepoPath: Origin]] = []

    struct Origin {
      var path: RepoPath
      var isRestored = false
    }
    var nextBlob = 0

    init(steps: Int, random: inout Random) throws {
      var now: [RepoPath: BlobID] = [:]
      var origin: [RepoPath: Origin] = [:]
      for index in 0..<12 {
        now[path("f\(index).py")] = try blob()
        origin[path("f\(index).py")] = Origin(path: path("f\(index).py"))
      }
      commits.append(try Sample.commit(0))
      files.append(now)
      changes.append([])
      origins.append(origin)
      for step in 1...steps {
        var next = now
        var came = origin
        var done: [RepoPath: FileChange] = [:]
        for _ in 0..<1 + random.below(4) {
          try act(&next, &came, &done, now, random: &random)
        }
        commits.append(try Sample.commit(step))
        files.append(next)
        changes.append(done.values.sorted { $0.path < $1.path })
        origins.append(came)
        (now, origin) = (next, came)
      }
    }

    private mutating func blob() throws -> BlobID {
      nextBlob += 1
      return try Sample.blob(nextBlob)
    }

    /// Edits, adds, deletes or renames a file that this commit did not touch yet.
    private mutating func act(
      _ next: inout [RepoPath: BlobID],
      _ came: inout [RepoPath: Origin],
      _ done: inout [RepoPath: FileChange],
      _ before: [RepoPath: BlobID],
      random: inout Random
    ) throws {
      let touched = Set(done.values.flatMap { [$0.path] + ($0.renamedFrom.map { [$0] } ?? []) })
      let candidates = before.keys.filter { !touched.contains($0) && next[$0] != nil }.sorted()
      let name = path("f\(random.below(20)).py")
      let isFree = !touched.contains(name)
      if random.below(4) == 0, next[name] == nil, isFree {
        let blob = try blob()
        next[name] = blob
        came[name] = files[0][name].map { _ in Origin(path: name, isRestored: true) }
        done[name] = FileChange(path: name, blob: blob, renamedFrom: nil, similarity: 0)
        return
      }
      guard let file = candidates.randomElement(using: &random), let old = next[file] else {
        return
      }
      switch random.below(3) {
      case 0:
        next[file] = nil
        came[file] = nil
        done[file] = FileChange(path: file, blob: nil, renamedFrom: nil, similarity: 0)
      case 1 where next[name] == nil && isFree && before[name] == nil:
        let isExact = random.below(2) == 0
        let blob = isExact ? old : try blob()
        next[file] = nil
        next[name] = blob
        came[name] = came[file]
        came[file] = nil
        done[name] = FileChange(
          path: name,
          blob: blob,
          renamedFrom: file,
          similarity: isExact ? 100 : 80
        )
      default:
        let blob = try blob()
        next[file] = blob
        done[file] = FileChange(path: file, blob: blob, renamedFrom: nil, similarity: 0)
      }
    }

    func manifest(_ index: Int) -> Manifest {
      Manifest(
        lines: files[index].map { Manifest.Line(path: $0.key, blob: $0.value) }
          .sorted { $0.path < $1.path }
      )
    }

    /// From the first commit to another: one an origin, of a file that was never gone before one that was.
    func renames(_ new: Int) -> [(from: RepoPath, to: RepoPath)] {
      let moved = origins[new].filter { $0.key != $0.value.path }
      return Dictionary(grouping: moved, by: \.value.path).compactMap { from, candidates in
        let whole = candidates.filter { !$0.value.isRestored }.map(\.key).min()
        return (whole ?? candidates.map(\.key).min()).map { (from, $0) }
      }
      .sorted { $0.to < $1.to }
    }

    func differences(_ old: Int, _ new: Int) -> [CommitDifference.File] {
      Set(files[old].keys).union(files[new].keys).sorted().compactMap { path in
        let (before, after) = (files[old][path], files[new][path])
        return before == after
          ? nil : CommitDifference.File(path: path, old: before, new: after)
      }
    }
  }

  private func record(
    _ history: History,
    into ledger: Ledger,
    snapshots: Set<Int>,
    order: [Int]
  ) throws {
    try ledger.write { (tx: WriteTransaction) throws in
      for index in order {
        var bodies: [EntryBody] = []
        if index > 0 {
          bodies.append(
            .evidence(
              .changes(
                commit: history.commits[index],
                parent: history.commits[index - 1],
                files: history.changes[index]
              )
            )
          )
        }
        if snapshots.contains(index) {
          let id = try tx.saveManifest(history.manifest(index))
          bodies.append(.evidence(.manifest(commit: history.commits[index], manifest: id)))
        }
        _ = try tx.append(bodies, receipt: Sample.receipt)
      }
    }
  }

  /// Method: random edits, additions, deletions and renames over 60 commits; every pair of commits compared with what was done.
  @Test("files and differences are those of the history", arguments: [1, 2, 3, 4])
  func random(_ seed: UInt64) throws {
    var random = Random(seed: seed)
    let history = try History(steps: 60, random: &random)
    let folder = try TemporaryFolder()
    let ledger = try Ledger.open(folder.file("ledger.db"), mode: .create)
    let order = Array(0..<61).shuffled(using: &random)
    try record(history, into: ledger, snapshots: [0, 40], order: order)
    try ledger.read { (reader: LedgerReader) throws in
      for index in 0..<61 {
        let manifest = try reader.manifest(at: history.commits[index])
        #expect(manifest == history.manifest(index), "seed \(seed) commit \(index)")
      }
      for _ in 0..<300 {
        let (old, new) = (random.below(61), random.below(61))
        let found = try reader.difference(from: history.commits[old], to: history.commits[new])
        #expect(found?.files == history.differences(old, new), "seed \(seed) \(old) to \(new)")
        if old < new {
          #expect(found?.steps.map(\.commit) == Array(history.commits[(old + 1)...new]))
        } else {
          #expect(found?.steps.isEmpty == true)
        }
      }
      for new in 1..<61 {
        let found = try reader.difference(from: history.commits[0], to: history.commits[new])
        let expected = history.renames(new)
        #expect(found?.renames.map(\.to) == expected.map(\.to), "seed \(seed) to \(new)")
        #expect(found?.renames.map(\.from) == expected.map(\.from), "seed \(seed) to \(new)")
      }
    }
    #expect(try ledger.verifyBasic() == [])
  }

  @Test("files that nobody told of are not known")
  func unknown() throws {
    var random = Random(seed: 9)
    let history = try History(steps: 5, random: &random)
    let folder = try TemporaryFolder()
    let ledger = try Ledger.open(folder.file("ledger.db"), mode: .create)
    try record(history, into: ledger, snapshots: [2], order: [2, 4, 5])
    try ledger.read { (reader: LedgerReader) throws in
      let known = try history.commits.map { try reader.blobs(of: [], at: $0) != nil }
      #expect(known == [false, false, true, false, false, false])
      let difference = try reader.difference(from: history.commits[2], to: history.commits[5])
      #expect(difference == nil)
      #expect(try reader.manifestDistance(of: history.commits[2]) == 0)
      #expect(try reader.manifestDistance(of: history.commits[5]) == nil)
    }
  }

  @Test("two files that change places keep their stories apart")
  func swap() throws {
    let folder = try TemporaryFolder()
    let ledger = try Ledger.open(folder.file("ledger.db"), mode: .create)
    let (a, b) = (path("a.py"), path("b.py"))
    let blobs = [try Sample.blob(1), try Sample.blob(2)]
    let commits = [try Sample.commit(1), try Sample.commit(2)]
    try ledger.write { (tx: WriteTransaction) throws in
      let manifest = Manifest(lines: [
        Manifest.Line(path: a, blob: blobs[0]), Manifest.Line(path: b, blob: blobs[1]),
      ])
      let id = try tx.saveManifest(manifest)
      _ = try tx.append(
        [
          .evidence(.manifest(commit: commits[0], manifest: id)),
          .evidence(
            .changes(
              commit: commits[1],
              parent: commits[0],
              files: [
                FileChange(path: a, blob: blobs[1], renamedFrom: b, similarity: 100),
                FileChange(path: b, blob: blobs[0], renamedFrom: a, similarity: 100),
              ]
            )
          ),
        ],
        receipt: Sample.receipt
      )
    }
    try ledger.read { (reader: LedgerReader) throws in
      let blobsAfter = try reader.blobs(of: [a, b], at: commits[1])
      #expect(blobsAfter == [a: blobs[1], b: blobs[0]])
      let difference = try reader.difference(from: commits[0], to: commits[1])
      #expect(difference?.renames.map(\.from) == [b, a])
      #expect(difference?.renames.map(\.to) == [a, b])
    }
  }

  @Test("renames over a distance are added where the steps say nothing")
  func distantRenames() throws {
    let folder = try TemporaryFolder()
    let ledger = try Ledger.open(folder.file("ledger.db"), mode: .create)
    let commits = [try Sample.commit(1), try Sample.commit(2)]
    let rename = FileChange(
      path: path("new.py"),
      blob: try Sample.blob(2),
      renamedFrom: path("old.py"),
      similarity: 61
    )
    try ledger.write { (tx: WriteTransaction) throws in
      let id = try tx.saveManifest(
        Manifest(lines: [Manifest.Line(path: path("old.py"), blob: try Sample.blob(1))])
      )
      let plain = [
        FileChange(
          path: path("new.py"),
          blob: try Sample.blob(2),
          renamedFrom: nil,
          similarity: 0
        ),
        FileChange(path: path("old.py"), blob: nil, renamedFrom: nil, similarity: 0),
      ]
      _ = try tx.append(
        [
          .evidence(.manifest(commit: commits[0], manifest: id)),
          .evidence(.changes(commit: commits[1], parent: commits[0], files: plain)),
          .evidence(.renames(from: commits[0], to: commits[1], files: [rename])),
        ],
        receipt: Sample.receipt
      )
    }
    let found = try ledger.read { try $0.difference(from: commits[0], to: commits[1]) }
    #expect(
      found?.renames == [
        MatchEvidence.Rename(from: path("old.py"), to: path("new.py"), similarity: 61)
      ]
    )
  }
}
