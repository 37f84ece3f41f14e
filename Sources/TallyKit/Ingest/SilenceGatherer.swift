import TallyGit
import TallyLedger
import TallyModel
import TallyTracking

/// Looks for suppression comments in what a commit brought, where the clone cannot give the texts before it.
///
/// With both texts at hand a map says what went under a comment. A clone of depth 1 has the new ones alone: what is recorded of them is
/// found again when a finding of the old text is gone.
struct SilenceGatherer {
  /// The most contents that one entry tells of: who asks for one reads all of its entry.
  static let contentsInEntry = 128

  let repository: Repository

  /// The contents to look at, each with the lines of secrets in it: those of the commit that its branch's last scan did not have.
  static func wanted(
    _ evidence: CommitEvidence,
    _ secretLines: [RepoPath: Set<Int>],
    reader: LedgerReader
  ) throws -> [BlobID: Set<Int>] {
    let before = try evidence.previous.flatMap { try reader.manifest(at: $0) }
    var known: [RepoPath: BlobID] = [:]
    for line in before?.lines ?? [] { known[line.path] = line.blob }
    var result: [BlobID: Set<Int>] = [:]
    for (path, blob) in try evidence.files(reader: reader)
    where known[path] != blob && !path.isNotebook {
      result[blob, default: []].formUnion(secretLines[path] ?? [])
    }
    for blob in result.keys.sorted() where try reader.silences(of: blob) != nil {
      result[blob] = nil
    }
    return result
  }

  /// The suppression comments of some contents, as far as the clone holds their texts; sorted.
  func gather(_ wanted: [BlobID: Set<Int>]) async throws -> [SilencedText] {
    let blobs = wanted.keys.sorted()
    var result: [SilencedText] = []
    var index = 0
    // In portions, so that only so many texts are held at a time.
    while index < blobs.count {
      let portion = blobs[index..<min(index + 64, blobs.count)]
      index += portion.count
      let texts = try await repository.blobs(Array(portion))
      for blob in portion {
        guard let text = texts[blob]?.bytes else { continue }
        let found = SilenceScanner.scan(
          text,
          blob: blob,
          secretLines: wanted[blob] ?? [],
          isSecretRule: SecretRules.names
        )
        if let found { result.append(found) }
      }
    }
    return result
  }
}

extension CommitEvidence {
  /// Adds the suppression comments of what the commit brought; none where the clone has the texts before it.
  ///
  /// - Parameters:
  ///   - runs: the scans of the commit, with their secrets.
  ///   - lacksMaps: true where none are made though the clone may have the texts.
  ///   - ledger: what is known already.
  ///   - workspace: the clone.
  /// - Throws: `GitError`, `LedgerError`.
  mutating func addSilences(
    for runs: [PendingRun],
    lacksMaps: Bool = false,
    in ledger: Ledger,
    workspace: Workspace
  ) async throws {
    guard let repository = workspace.repository, knowsFiles else { return }
    var lacksTexts = lacksMaps || repository.isShallow || runs.contains(where: \.lacksOldTexts)
    if !lacksTexts {
      let isPartial = try await repository.isPartial()
      (lacksTexts, isPartialClone) = (isPartial, isPartial)
    }
    guard lacksTexts else { return }
    var secretLines: [RepoPath: Set<Int>] = [:]
    for run in runs { secretLines.merge(run.secretLines) { $0.union($1) } }
    let evidence = self
    let wanted = try ledger.read { [secretLines] in
      try SilenceGatherer.wanted(evidence, secretLines, reader: $0)
    }
    silences = try await SilenceGatherer(repository: repository).gather(wanted)
  }

  /// The files of the commit with their contents; none where they are not known.
  func files(reader: LedgerReader) throws -> [RepoPath: BlobID] {
    if let snapshotBlobs { return snapshotBlobs }
    guard let base, let manifest = try reader.manifest(at: base) else { return [:] }
    var result: [RepoPath: BlobID] = [:]
    for line in manifest.lines { result[line.path] = line.blob }
    for (path, blob) in overlay.blobs { result[path] = blob }
    return result
  }

  /// The entries of ``silences``.
  var silenceBodies: [EntryBody] {
    stride(from: 0, to: silences.count, by: SilenceGatherer.contentsInEntry).map { first in
      let last = min(first + SilenceGatherer.contentsInEntry, silences.count)
      return .evidence(.silences(commit: commit, texts: Array(silences[first..<last])))
    }
  }
}
