import TallyGit
import TallyLedger
import TallyModel
import TallyReport
import TallyTracking

/// What has to be asked of git before a scan's sheets can be made.
struct CapturePlan {
  /// Sheets that are stored already, for files whose content and rows are the same.
  var stored: [CaptureLine] = []
  /// Files whose windows are to be taken, with their content where it is known; sorted by path.
  var wanted: [(path: RepoPath, blob: BlobID?)] = []
  /// The maps that are missing, sorted by their contents.
  var maps: [MapRequest] = []
}

extension PendingRun {
  /// Makes the sheets of a scan, and the maps from the lane's scans beside it.
  ///
  /// Files whose content and rows are those of the lane's newest scan share its sheets: git is asked only for what changed.
  ///
  /// - Returns: A sentence about files of the commit whose contents the clone lacks; nil when it has them all.
  mutating func capture(
    _ target: Target,
    evidence: CommitEvidence,
    in ledger: Ledger,
    workspace: Workspace
  ) async throws -> String? {
    guard case .scan = body else { return nil }
    let run = self
    let plan = try ledger.read { reader in
      try CapturePlanner(reader: reader, run: run, evidence: evidence).plan()
    }
    sheets = plan.stored
    var (absent, other, unreadable) = (0, 0, 0)
    var index = 0
    // In portions, so that only so many texts are held at a time.
    let portion = 64
    while index < plan.wanted.count {
      let files = plan.wanted[index..<min(index + portion, plan.wanted.count)]
      index += portion
      let texts = try await workspace.repository?.blobs(files.compactMap(\.blob)) ?? [:]
      for file in files {
        if let blob = file.blob, texts[blob] == .missing { absent += 1 }
        let text = file.blob.flatMap { texts[$0]?.bytes }
        let sheet = sheet(file.path, text: text)
        if sheet.isOfOtherText, let text {
          if TextCapture.canRead(text) { other += 1 } else { unreadable += 1 }
        }
        sheets.append(.sheet(try SheetDraft(path: file.path, sheet: sheet)))
      }
    }
    if !plan.maps.isEmpty, let repository = workspace.repository {
      (maps, lacksOldTexts) = try await repository.maps(plan.maps)
    }
    let gaps = [
      (absent, "are not in this clone"),
      (other, "are not what was scanned: the commit has other lines there"),
      (unreadable, "are binary or have a line of more than 1 MiB"),
    ].filter { $0.0 > 0 }
    if gaps.isEmpty { return nil }
    let said = gaps.map { "the contents of \(Wording.counted($0.0, "file")) \($0.1)" }
    let total = gaps.reduce(0) { $0 + $1.0 }
    return "\(lane): \(said.joined(separator: "; ")); \(total == 1 ? "its" : "their") findings are "
      + "followed with less to go by"
  }

  private mutating func sheet(_ path: RepoPath, text: [UInt8]?) -> Sheet {
    let findings = rows[path] ?? []
    for finding in findings {
      texts.insert(finding.message)
      texts.formUnion(finding.suppressions.compactMap(\.justification))
    }
    guard let text else { return Sheet(findings: findings, lexerVersion: 0, windows: []) }
    let windows = TextCapture.windows(
      text: text,
      findings: findings,
      columnUnit: columnUnit,
      secretLines: secretLines[path] ?? []
    )
    return Sheet(findings: findings, lexerVersion: Lexer.version, windows: windows)
  }
}

/// Decides what can be shared with the lane's newest scan and what has to be asked of git.
struct CapturePlanner {
  let reader: LedgerReader
  let run: PendingRun
  let evidence: CommitEvidence

  func plan() throws -> CapturePlan {
    var plan = CapturePlan()
    let captured = try reader.captured(in: run.lane)
    let isUnchanged = try unchanged(since: captured?.commit)
    var lines: [RepoPath: (sheet: SheetID, claim: ClaimID)] = [:]
    for line in captured?.lines ?? [] { lines[line.path] = (line.sheet, line.claim) }
    var fresh: [RepoPath] = []
    for (path, claim) in run.claims {
      if let line = lines[path], line.claim == claim, try isUnchanged(path) {
        plan.stored.append(.stored(path: path, sheet: line.sheet, claim: line.claim))
      } else {
        fresh.append(path)
      }
    }
    fresh.sort()
    let blobs = try evidence.blobs(of: fresh, reader: reader)
    plan.wanted = fresh.map { ($0, $0.isNotebook ? nil : blobs[$0]) }
    plan.maps = try maps()
    return plan
  }

  /// Says of a file whether its content is that of another commit; false when that is not known.
  private func unchanged(since commit: CommitID?) throws -> (RepoPath) throws -> Bool {
    guard let commit else { return { _ in false } }
    if commit == evidence.commit { return { _ in true } }
    if evidence.snapshot == nil, evidence.base == commit {
      let changed = evidence.overlay.blobs
      return { changed[$0] == nil }
    }
    let paths = run.rows.keys.sorted()
    guard evidence.knowsFiles, let before = try reader.blobs(of: paths, at: commit) else {
      return { _ in false }
    }
    let now = try evidence.blobs(of: paths, reader: reader)
    return { path in before[path] != nil && before[path] == now[path] }
  }

  // MARK: Maps

  /// The maps from the lane's head to the commit; of a scan that comes late the books ask for what they need.
  private func maps() throws -> [MapRequest] {
    guard evidence.knowsFiles, let head = try reader.books(of: run.lane).head(),
      head.commit != evidence.commit
    else { return [] }
    let own = evidence.commits.first { $0.id == evidence.commit }?.committed
    if let time = try own ?? reader.commit(evidence.commit)?.committed, time < head.time {
      return []
    }
    var found: [BlobPair: MapRequest] = [:]
    try addHeadPairs(at: head.commit, into: &found)
    return try found.values.filter { request in
      guard let known = try reader.fileMap(request.pair) else { return true }
      return !request.regions.allSatisfy(known.knows)
    }.sorted { $0.pair < $1.pair }
  }

  /// Asks for the maps of some files, each through every content that the commits between gave it.
  private func add(
    _ files: [(path: RepoPath, target: RepoPath, pair: BlobPair, regions: [SourceRegion])],
    from old: CommitID,
    to new: CommitID,
    into found: inout [BlobPair: MapRequest]
  ) throws {
    if files.isEmpty { return }
    let own = Dictionary(
      evidence.changes.map { ($0.commit, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    let chains = try FileChains.between(files.map { ($0.path, $0.pair.old) }, old, new) { commit in
      try own[commit].map { ($0.parent, $0.files) } ?? reader.changes(of: commit)
    }
    for file in files {
      if found[file.pair] != nil {
        found[file.pair]?.regions += file.regions
        continue
      }
      found[file.pair] = MapRequest(
        file.pair,
        target: file.target,
        chain: chains?.byPath[file.path],
        regions: file.regions,
        columnUnit: run.columnUnit
      )
    }
  }

  /// From the rosters at the head to the new commit.
  private func addHeadPairs(
    at head: CommitID,
    into found: inout [BlobPair: MapRequest]
  ) throws {
    let books = reader.books(of: run.lane)
    var moved: [RepoPath: RepoPath] = [:]
    for (path, origin) in evidence.overlay.origins { moved[origin] = path }
    if case .renames(_, _, let files)? = evidence.renames {
      for file in files {
        if let origin = file.renamedFrom { moved[origin] = file.path }
      }
    }
    var candidates = try books.rosterPaths()
    candidates.removeAll(where: \.isNotebook)
    if evidence.snapshot == nil {
      let changed = evidence.overlay.blobs
      candidates = candidates.filter { changed[$0] != nil || moved[$0] != nil }
    }
    let targets = candidates.map { moved[$0] ?? $0 }
    let now = try evidence.blobs(of: targets, reader: reader)
    let files = try zip(candidates, targets).compactMap { path, target in
      guard let new = now[target], let roster = try books.roster(path), let old = roster.blob,
        old != new
      else {
        return nil as (RepoPath, RepoPath, BlobPair, [SourceRegion])?
      }
      let sheet = try reader.sheet(roster.sheet)
      if sheet.isOfOtherText { return nil }
      let regions = sheet.findings.compactMap(\.region)
      return (path, target, BlobPair(old: old, new: new), regions)
    }
    try add(files, from: head, to: evidence.commit, into: &found)
  }
}

extension CommitEvidence {
  /// The contents of some files at the commit; a file that is not there, or not known, is absent.
  func blobs(of paths: [RepoPath], reader: LedgerReader) throws -> [RepoPath: BlobID] {
    if paths.isEmpty { return [:] }
    var result: [RepoPath: BlobID] = [:]
    if let snapshotBlobs {
      for path in paths { result[path] = snapshotBlobs[path] }
      return result
    }
    guard let base else { return [:] }
    var rest: [RepoPath] = []
    for path in paths {
      if let known = overlay.blobs[path] {
        result[path] = known
      } else {
        rest.append(path)
      }
    }
    if !rest.isEmpty, let before = try reader.blobs(of: rest, at: base) {
      result.merge(before) { first, _ in first }
    }
    return result
  }
}
