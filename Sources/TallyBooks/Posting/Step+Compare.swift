internal import TallyModel

/// A file with findings that have to be looked at: those of its roster, or some that stand beside it.
struct OldFile {
  let path: RepoPath
  let blob: BlobID?
  let rows: [OldRow]
  let comparison: Comparison
  let fate: FileFate
}

/// A violation where it was seen last.
struct OldRow {
  let sheet: SheetID
  let ordinal: Int
  let violation: ViolationID
}

/// A file of the new scans whose findings have to be looked at.
struct NewFile {
  let path: RepoPath
  /// The sheets that say together what it holds: first that which its roster gets.
  let lines: [Coverage.Line]
}

extension Step {
  /// Finds the files that differ, has their findings matched, and settles what happened to each.
  func compare(with latest: BasePosition) throws {
    if coverage.leavesOut { coversAll = false }
    let stood = try books.standing()
    unseenBefore = Set(stood.filter { $0.reason == .unseen }.map(\.violation))
    let differing = try differingPaths(latest, stood)
    var old: [OldFile] = []
    for path in differing {
      if let file = try oldFile(path) { old.append(file) }
    }
    let rosters = Set(old.map(\.path))
    let before = try oldFiles(standing: stood)
    old += before
    let new = try newFiles(differing)
    try readNewBlobs(old: old, new: new)
    let previous = try rows(of: old)
    let current = try new.flatMap(rows)
    let matched = try matcher.match(
      previous: previous.map(\.tracked),
      current: current.map(\.tracked),
      evidence: evidence(old),
      mode: .successive
    )
    assigned = Array(repeating: nil, count: current.count)
    let settlement = Settlement(
      old: old,
      new: Dictionary(new.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first }),
      previous: previous,
      current: current,
      links: matched
    )
    try settle(settlement)
    addRosters(of: new, current)
    let written = Set(new.map(\.path))
    delta.removedRosters = rosters.filter { !written.contains($0) }.sorted()
    try addStanding(stood, lookedAt: Set(before.flatMap(\.rows).map(\.violation)))
  }

  /// Says which violations stand in no row of a sheet from here on, and which do not any more.
  private func addStanding(_ before: [Standing], lookedAt: Set<ViolationID>) throws {
    let known = Dictionary(before.map { ($0.violation, $0) }, uniquingKeysWith: { $1 })
    delta.standing = standing.values.filter { known[$0.violation] != $0 }
    delta.settled = lookedAt.filter { standing[$0] == nil }.sorted()
    let untouched = before.count { !lookedAt.contains($0.violation) }
    if untouched > 0 || !standing.isEmpty { coversAll = false }
    warnSuspect()
  }

  /// Says what was looked for and not seen.
  private func warnSuspect() {
    let count = standing.values.count { item in
      item.reason == .unseen && changed[item.violation].map { $0.state == .open } ?? true
    }
    guard count > 0 else { return }
    let all = count + (keptUnchanged ?? 0)
    warnings.insert(
      "\(count) of \(all) \(all == 1 ? "finding" : "findings") of \(lane) in files that nobody edited "
        + "\(count == 1 ? "was" : "were") not seen at \(candidate.commit.short): is the scan complete? "
        + "Until that is known \(count == 1 ? "it stays" : "they stay") open"
    )
  }

  /// The paths whose sheet or content is not what the books hold, sorted.
  private func differingPaths(
    _ latest: BasePosition,
    _ stood: [Standing]
  ) throws -> [RepoPath] {
    var result = Set(rulings.map(\.path))
    result.formUnion(stood.map(\.sighting.path))
    result.formUnion(try coverage.unitedPaths())
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
    guard let roster = try books.roster(path) else { return nil }
    let rows = roster.violations.enumerated().map {
      OldRow(sheet: roster.sheet, ordinal: $0.offset, violation: $0.element)
    }
    return try oldFile(path, blob: roster.blob, seenIn: roster.scan, rows)
  }

  /// What stands beside the rosters, by file, content and scan, as far as the new scans covered it.
  private func oldFiles(standing: [Standing]) throws -> [OldFile] {
    var files: [(first: Standing, rows: [OldRow])] = []
    var places: [StandingPlace: Int] = [:]
    for item in standing {
      let row = OldRow(
        sheet: item.sheet,
        ordinal: item.sighting.ordinal,
        violation: item.violation
      )
      let place = StandingPlace(item)
      if let known = places[place] {
        files[known].rows.append(row)
      } else {
        places[place] = files.count
        files.append((item, [row]))
      }
    }
    return try files.compactMap { first, rows in
      let sighting = first.sighting
      return try oldFile(sighting.path, blob: first.blob, seenIn: sighting.scan, rows)
    }
  }

  private func oldFile(
    _ path: RepoPath,
    blob: BlobID?,
    seenIn scan: EntryID,
    _ rows: [OldRow]
  ) throws -> OldFile? {
    let known = try bases.comparison(
      for: path,
      blob: blob,
      sheet: rows.first?.sheet,
      seenIn: scan
    )
    guard let comparison = known else { return nil }
    let fate = try comparison.base.fate(path, blob: blob)
    let target = fate.path ?? path
    let isCovered = try coverage.covering(target) != nil
    if !isCovered, try coverage.line(path) == nil || coverage.covering(path) == nil {
      coversAll = false
      if try coverage.line(target) != nil { warnUnparsed(target, kept: rows.count) }
      return nil
    }
    return OldFile(path: path, blob: blob, rows: rows, comparison: comparison, fate: fate)
  }

  private func newFiles(_ differing: [RepoPath]) throws -> [NewFile] {
    var result: [NewFile] = []
    for path in differing {
      guard let line = try coverage.line(path) else { continue }
      guard try coverage.covering(path) != nil else {
        if try books.roster(path) == nil { warnUnparsed(path, kept: 0) }
        continue
      }
      result.append(NewFile(path: path, lines: [line] + (try coverage.furtherLines(path))))
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
      case .same(let path): result[path] = file.blob
      case .edited(let path, let pair): result[path] = pair.new
      case .absent, .unknown: break
      }
    }
    newBlobs = result
  }

  private func rows(of files: [OldFile]) throws -> [Row] {
    var result: [Row] = []
    for (index, file) in files.enumerated() {
      for row in file.rows {
        let sheet = try facts.sheet(row.sheet)
        guard row.ordinal < sheet.findings.count else { continue }
        let tracked = tracked(
          sheet.believed,
          row.ordinal,
          path: file.path,
          blob: sheet.isOfOtherText ? nil : file.blob
        )
        result.append(
          Row(
            path: file.path,
            ordinal: row.ordinal,
            tracked: tracked,
            violation: row.violation,
            file: index,
            line: nil
          )
        )
      }
    }
    return result
  }

  /// The rows of a file: those of its first sheet, then those of the others that none before says.
  func rows(of file: NewFile) throws -> [Row] {
    var result: [Row] = []
    for (place, line) in file.lines.enumerated() {
      let sheet = try facts.sheet(line.sheet)
      let blob = sheet.isOfOtherText ? nil : newBlobs?[file.path]
      let believed = sheet.believed
      let before = result
      for (ordinal, finding) in sheet.findings.enumerated() {
        if place > 0,
          let same = before.firstIndex(where: { $0.tracked.finding.isSame(as: finding) })
        {
          // Two that say one thing at different levels: the severer counts, whichever comes first.
          if finding.level > result[same].tracked.finding.level {
            result[same].tracked = result[same].tracked.at(finding.level)
          }
          continue
        }
        let tracked = tracked(believed, ordinal, path: file.path, blob: blob)
        result.append(
          Row(
            path: file.path,
            ordinal: ordinal,
            tracked: tracked,
            violation: nil,
            file: nil,
            line: line
          )
        )
      }
    }
    return result
  }

  /// Gives each file the roster of its first sheet; what only the others say stands beside it.
  func addRosters(of files: [NewFile], _ rows: [Row]) {
    var next = 0
    for file in files {
      var ids: [ViolationID] = []
      while next < rows.count, rows[next].path == file.path {
        if let id = assigned[next] {
          if rows[next].line == file.lines.first {
            ids.append(id)
          } else {
            stand(rows[next], id, .otherScan)
          }
        }
        next += 1
      }
      if let first = file.lines.first { addRoster(file.path, first, ids) }
    }
  }

  /// Notes that a row of the new scans is in no roster.
  private func stand(_ row: Row, _ id: ViolationID, _ reason: Standing.Reason) {
    guard let line = row.line else { return }
    standing[id] = Standing(
      violation: id,
      sighting: Sighting(
        scan: coverage.scans[line.scan].id,
        path: row.path,
        ordinal: row.ordinal
      ),
      sheet: line.sheet,
      blob: newBlobs?[row.path],
      reason: reason
    )
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

  /// Takes note of places in an edited file of which no map tells where they went.
  private func noteMap(
    _ map: FileMap?,
    _ pair: BlobPair,
    of file: OldFile,
    to target: RepoPath
  ) throws {
    var regions: Set<SourceRegion> = []
    for row in file.rows {
      let sheet = try facts.sheet(row.sheet)
      guard !sheet.isOfOtherText, row.ordinal < sheet.findings.count,
        let region = sheet.findings[row.ordinal].region
      else { continue }
      if map?.knows(region) != true { regions.insert(region) }
    }
    if regions.isEmpty, map != nil { return }
    facts.note(
      .map(
        MapQuestion(
          pair: pair,
          from: file.comparison.base.commit,
          path: file.path,
          to: candidate.commit,
          target: target,
          regions: regions,
          columnUnit: coverage.scans.first?.record.columnUnit ?? .unicodeCodePoints
        )
      )
    )
  }

  private func evidence(_ old: [OldFile]) throws -> MatchEvidence {
    var renames: Set<MatchEvidence.Rename> = []
    var known: [BlobPair: FileMap] = [:]
    for file in old {
      if let rename = file.comparison.base.rename(from: file.path) {
        renames.insert(rename)
      }
      guard case .edited(let target, let pair) = file.fate, !target.isNotebook else { continue }
      let map = try map(pair)
      if let map { known[pair] = map }
      try noteMap(map, pair, of: file, to: target)
    }
    return MatchEvidence(
      renames: renames.sorted { ($0.to, $0.from) < ($1.to, $1.from) },
      maps: known,
      ruleAliases: ruleAliases
    )
  }
}

/// What is compared with one earlier content of a file.
private struct StandingPlace: Hashable {
  let path: RepoPath
  let blob: BlobID?
  let scan: EntryID

  init(_ standing: Standing) {
    path = standing.sighting.path
    blob = standing.blob
    scan = standing.sighting.scan
  }
}
