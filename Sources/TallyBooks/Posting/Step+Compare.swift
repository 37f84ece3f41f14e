internal import TallyModel

/// A file with a roster whose findings have to be looked at.
struct OldFile {
  let roster: Roster
  let comparison: Comparison
  let fate: FileFate
}

/// A file of the new scans whose findings have to be looked at.
struct NewFile {
  let path: RepoPath
  let line: Coverage.Line
  let sheet: Sheet
}

extension Step {
  /// Finds the files that differ, has their findings matched, and settles what happened to each.
  func compare(with latest: BasePosition) throws {
    if coverage.leavesOutFiles { coversAll = false }
    let differing = try differingPaths(latest)
    var old: [OldFile] = []
    for path in differing {
      if let file = try oldFile(path) { old.append(file) }
    }
    let new = try newFiles(differing)
    try readNewBlobs(old: old, new: new)
    let previous = try rows(of: old)
    let current = try rows(of: new)
    for file in new {
      assigned[file.path] = Array(repeating: nil, count: file.sheet.findings.count)
    }
    let matched = try matcher.match(
      previous: previous.map(\.tracked),
      current: current.map(\.tracked),
      evidence: evidence(old),
      mode: .successive
    )
    let settlement = Settlement(
      old: Dictionary(old.map { ($0.roster.path, $0) }, uniquingKeysWith: { first, _ in first }),
      new: Dictionary(new.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first }),
      previous: previous,
      current: current,
      links: matched
    )
    try settle(settlement)
    let written = Set(new.map(\.path))
    for file in new {
      addRoster(file.path, file.line, (assigned[file.path] ?? []).compactMap { $0 })
    }
    delta.removedRosters = old.map(\.roster.path).filter { !written.contains($0) }
  }

  /// The paths whose sheet or content is not what the books hold, sorted.
  private func differingPaths(_ latest: BasePosition) throws -> [RepoPath] {
    var result = Set(rulings.map(\.path))
    var same: [RepoPath] = []
    // Both are sorted by path: walked side by side.
    let now = try coverage.lines()
    var index = 0
    func look(_ path: RepoPath, _ before: SheetID) {
      while index < now.count, now[index].path < path {
        result.insert(now[index].path)
        index += 1
      }
      guard index < now.count, now[index].path == path else {
        result.insert(path)
        return
      }
      if now[index].line.sheet == before { same.append(path) } else { result.insert(path) }
      index += 1
    }
    if latest.position.coversAll {
      for (path, line) in try latest.coverage.lines() { look(path, line.sheet) }
    } else {
      for path in try books.rosterPaths() {
        if let roster = try books.roster(path) { look(path, roster.sheet) }
      }
    }
    for line in now[index...] { result.insert(line.path) }
    if latest.position.coversAll,
      let changed = try bases.base(latest.position.commit).changedPaths
    {
      result.formUnion(same.lazy.filter(changed.contains))
    } else {
      let blobs = try facts.blobs(of: same, at: candidate.commit)
      for path in same where try books.roster(path)?.blob != blobs?[path] { result.insert(path) }
    }
    return result.sorted()
  }

  /// A file with a roster that the new scans covered; nil where they did not, and its findings stay.
  private func oldFile(_ path: RepoPath) throws -> OldFile? {
    guard let roster = try books.roster(path),
      let comparison = try bases.comparison(for: roster)
    else { return nil }
    let fate = try comparison.base.fate(path, blob: roster.blob)
    let target = fate.path ?? path
    let isCovered = try coverage.covering(target) != nil
    if !isCovered, try coverage.line(path) == nil || coverage.covering(path) == nil {
      coversAll = false
      if try coverage.line(target) != nil { warnUnparsed(target, kept: roster.violations.count) }
      return nil
    }
    return OldFile(roster: roster, comparison: comparison, fate: fate)
  }

  private func newFiles(_ differing: [RepoPath]) throws -> [NewFile] {
    var result: [NewFile] = []
    for path in differing {
      guard let line = try coverage.line(path) else { continue }
      guard try coverage.covering(path) != nil else {
        if try books.roster(path) == nil { warnUnparsed(path, kept: 0) }
        continue
      }
      result.append(NewFile(path: path, line: line, sheet: try facts.sheet(line.sheet)))
    }
    return result
  }

  private func readNewBlobs(old: [OldFile], new: [NewFile]) throws {
    if let answer = try facts.blobs(of: new.map(\.path), at: candidate.commit) {
      newBlobs = answer
      return
    }
    // The commit's files are not known as a whole, but what changed may be.
    var result: [RepoPath: BlobID] = [:]
    if let latest = try bases.latest() {
      let base = try bases.base(latest.position.commit)
      for file in new { result[file.path] = base.changedBlob(file.path) }
    }
    for file in old {
      switch file.fate {
      case .same(let path): result[path] = file.roster.blob
      case .edited(let path, let pair): result[path] = pair.new
      case .absent, .unknown: break
      }
    }
    newBlobs = result
  }

  private func rows(of files: [OldFile]) throws -> [Row] {
    var result: [Row] = []
    for file in files {
      let sheet = try facts.sheet(file.roster.sheet)
      let blob = sheet.isOfOtherText ? nil : file.roster.blob
      let believed = sheet.believed
      for (ordinal, violation) in file.roster.violations.enumerated()
      where ordinal < sheet.findings.count {
        let tracked = tracked(believed, ordinal, path: file.roster.path, blob: blob)
        result.append(
          Row(path: file.roster.path, ordinal: ordinal, tracked: tracked, violation: violation)
        )
      }
    }
    return result
  }

  private func rows(of files: [NewFile]) throws -> [Row] {
    var result: [Row] = []
    for file in files {
      let blob = file.sheet.isOfOtherText ? nil : newBlobs?[file.path]
      let believed = file.sheet.believed
      for ordinal in file.sheet.findings.indices {
        let tracked = tracked(believed, ordinal, path: file.path, blob: blob)
        result.append(Row(path: file.path, ordinal: ordinal, tracked: tracked, violation: nil))
      }
    }
    return result
  }

  func tracked(_ sheet: Sheet, _ ordinal: Int, path: RepoPath, blob: BlobID?) -> TrackedFinding {
    TrackedFinding(
      path: path,
      blob: blob,
      finding: sheet.findings[ordinal],
      window: sheet.window(at: ordinal),
      lexerVersion: sheet.lexerVersion
    )
  }

  private func evidence(_ old: [OldFile]) throws -> MatchEvidence {
    var renames: Set<MatchEvidence.Rename> = []
    var known: [BlobPair: FileMap] = [:]
    for file in old {
      if let rename = file.comparison.base.rename(from: file.roster.path) {
        renames.insert(rename)
      }
      if case .edited(_, let pair) = file.fate, let map = try map(pair) { known[pair] = map }
    }
    return MatchEvidence(
      renames: renames.sorted { ($0.to, $0.from) < ($1.to, $1.from) },
      maps: known,
      ruleAliases: ruleAliases
    )
  }
}
