import TallyModel

/// Facts in memory, as a ledger would read them.
struct MemoryFacts: FactReader {
  var scanFacts: [ScanFact] = []
  var retractedFacts: [ScanFact] = []
  var trees: [EntryID: Tree] = [:]
  var sheets: [SheetID: Sheet] = [:]
  var commits: [CommitID: CommitRecord] = [:]
  var files: [CommitID: [RepoPath: BlobID]] = [:]
  /// Renames of a commit against its first parent.
  var renames: [CommitID: [MatchEvidence.Rename]] = [:]
  var maps: [BlobPair: FileMap] = [:]
  var silencedTexts: [BlobID: SilencedText] = [:]
  var toolConfigurations: [ToolConfigurationRecord] = []
  var correctionRecords: [CorrectionFact] = []
  /// The entry that confirms a scan.
  var confirmations: [EntryID: EntryID] = [:]
  /// The files that a list means.
  var analysed: [TextID: Set<RepoPath>] = [:]
  var waiverRecords: [(id: EntryID, record: WaiverRecord)] = []

  func lanes() -> [LaneKey] { Set(scanFacts.map(\.record.lane)).sorted() }

  func scans(of lane: LaneKey) -> [ScanFact] {
    scanFacts.filter { $0.record.lane == lane }.sorted { $0.id < $1.id }
  }

  func retractedScans(of lane: LaneKey) -> [ScanFact] {
    retractedFacts.filter { $0.record.lane == lane }.sorted { $0.id < $1.id }
  }

  func tree(of scan: EntryID) -> Tree { trees[scan] ?? Tree(lines: []) }

  func sheet(_ id: SheetID) -> Sheet {
    sheets[id] ?? Sheet(findings: [], lexerVersion: 0, windows: [])
  }

  func commit(_ id: CommitID) -> CommitRecord? { commits[id] }

  func blobs(of paths: [RepoPath], at commit: CommitID) -> [RepoPath: BlobID]? {
    guard let known = files[commit] else { return nil }
    var result: [RepoPath: BlobID] = [:]
    for path in paths { result[path] = known[path] }
    return result
  }

  func difference(from old: CommitID, to new: CommitID) -> CommitDifference? {
    guard let before = files[old], let after = files[new] else { return nil }
    var chain: [CommitID] = []
    var next = new
    while next != old {
      guard let record = commits[next], let parent = record.parents.first else {
        chain = []
        break
      }
      chain.append(next)
      next = parent
    }
    chain.reverse()
    return CommitDifference(
      files: MemoryFacts.compare(before, after),
      renames: compose(chain, before, after),
      steps: chain.map { commit in
        let parent = commits[commit]?.parents.first.flatMap { files[$0] } ?? [:]
        return (commit, MemoryFacts.compare(parent, files[commit] ?? [:]).map(\.path))
      }
    )
  }

  func fileMap(_ pair: BlobPair) -> FileMap? { maps[pair] }
  func silences(of blob: BlobID) -> SilencedText? { silencedTexts[blob] }
  func toolConfiguration(of tool: String, at commit: CommitID) -> ToolConfigurationRecord? {
    toolConfigurations.first { $0.tool == tool && $0.commit == commit }
  }
  func corrections(of lane: LaneKey) -> [CorrectionFact] { correctionRecords }
  func confirmation(of scan: EntryID) -> EntryID? { confirmations[scan] }
  func analysedFiles(of scan: ScanRecord) -> Set<RepoPath>? {
    scan.analysed.flatMap { analysed[$0] }
  }
  func waivers() -> [(id: EntryID, record: WaiverRecord)] { waiverRecords }

  private static func compare(
    _ before: [RepoPath: BlobID],
    _ after: [RepoPath: BlobID]
  ) -> [CommitDifference.File] {
    Set(before.keys).union(after.keys).sorted().compactMap { path in
      let (old, new) = (before[path], after[path])
      return old == new ? nil : CommitDifference.File(path: path, old: old, new: new)
    }
  }

  private func compose(
    _ chain: [CommitID],
    _ before: [RepoPath: BlobID],
    _ after: [RepoPath: BlobID]
  ) -> [MatchEvidence.Rename] {
    var current: [RepoPath: RepoPath] = [:]
    var origin: [RepoPath: RepoPath] = [:]
    for commit in chain {
      for rename in renames[commit] ?? [] {
        let source = origin[rename.from] ?? rename.from
        origin[rename.from] = nil
        origin[rename.to] = source
        current[source] = rename.to
      }
    }
    return current.compactMap { from, to in
      guard from != to, let old = before[from], let new = after[to] else { return nil }
      return MatchEvidence.Rename(from: from, to: to, similarity: old == new ? 100 : 80)
    }.sorted { ($0.to, $0.from) < ($1.to, $1.from) }
  }
}
