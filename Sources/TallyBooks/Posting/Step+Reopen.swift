internal import TallyModel

extension Step {
  /// How many absent violations of a rule are looked at for one step: the likeliest by path, then the latest.
  static let reopenLimit = 128

  /// Finds closed and suppressed violations of the lane that rows without a predecessor go on with.
  func reopened(
    _ work: Settlement,
    _ fresh: [Int],
    held: Set<ViolationID>
  ) throws -> [(Int, Claim)] {
    let byRule = Dictionary(grouping: fresh) { work.current[$0].tracked.finding.rule }
    var taken = held
    for row in work.previous { if let id = row.violation { taken.insert(id) } }
    var result: [(Int, Claim)] = []
    var trees: [EntryID: Tree] = [:]
    for rule in byRule.keys.sorted() {
      let places = byRule[rule] ?? []
      let rows = places.map { work.current[$0] }
      var absent: [(violation: Violation, tracked: TrackedFinding)] = []
      for violation in try likeliest(rule, rows, taken) {
        guard let tracked = try lastSighting(violation, &trees) else { continue }
        absent.append((violation, tracked))
      }
      if absent.isEmpty { continue }
      let links = matcher.match(
        previous: absent.map(\.tracked),
        current: rows.map(\.tracked),
        evidence: MatchEvidence(
          renames: try renames(rows),
          maps: try gapMaps(absent.map(\.tracked), rows),
          ruleAliases: ruleAliases
        ),
        mode: .reopening
      )
      for link in links where !isForbidden(absent[link.previous].violation.id, rows[link.current]) {
        let violation = absent[link.previous].violation.id
        taken.insert(violation)
        result.append(
          (places[link.current], Claim(violation: violation, link: link, from: nil))
        )
      }
    }
    return result
  }

  private func isForbidden(_ violation: ViolationID, _ row: Row) -> Bool {
    rulings.contains {
      $0.verdict == .different && $0.violation == violation && $0.path == row.path
        && $0.ordinal == row.ordinal
    }
  }

  private func likeliest(
    _ rule: String,
    _ rows: [Row],
    _ taken: Set<ViolationID>
  ) throws -> [Violation] {
    let paths = Set(rows.map(\.path))
    let messages = Set(rows.map(\.tracked.finding.message))
    var absent: [(isNear: Bool, violation: Violation)] = []
    for violation in try books.absentViolations(rule: rule) where !taken.contains(violation.id) {
      let isNear = paths.contains(violation.last.path)
      if !isNear, !messages.contains(violation.message) { continue }
      absent.append((isNear, violation))
    }
    absent.sort { left, right in
      if left.isNear != right.isNear { return left.isNear }
      if left.violation.lastPosition != right.violation.lastPosition {
        return left.violation.lastPosition > right.violation.lastPosition
      }
      return left.violation.id < right.violation.id
    }
    var result: [Violation] = []
    for (_, violation) in absent {
      if result.count == Step.reopenLimit { break }
      // Suppressed by the tool's own word it still has a row: it is not absent.
      if violation.state == .suppressed,
        try books.roster(violation.last.path)?.violations.contains(violation.id) == true
      {
        continue
      }
      result.append(violation)
    }
    return result.sorted { $0.id < $1.id }
  }

  private func lastSighting(
    _ violation: Violation,
    _ trees: inout [EntryID: Tree]
  ) throws -> TrackedFinding? {
    let last = violation.last
    guard let scan = try books.scan(last.scan) else { return nil }
    let tree = try trees[last.scan] ?? facts.tree(of: last.scan)
    trees[last.scan] = tree
    guard let line = tree.line(last.path) else { return nil }
    let sheet = try facts.sheet(line.sheet)
    if last.ordinal >= sheet.findings.count { return nil }
    let blob = try facts.blobs(of: [last.path], at: scan.record.commit)?[last.path]
    return tracked(sheet, last.ordinal, path: last.path, blob: blob)
  }

  private func renames(_ rows: [Row]) throws -> [MatchEvidence.Rename] {
    var result: Set<MatchEvidence.Rename> = []
    for path in Set(rows.map(\.path)) {
      if let rename = try bases.comparison(forNew: path)?.base.rename(to: path) {
        result.insert(rename)
      }
    }
    return result.sorted { ($0.to, $0.from) < ($1.to, $1.from) }
  }

  /// Maps over the gap, where an ingest left some.
  private func gapMaps(_ absent: [TrackedFinding], _ rows: [Row]) throws -> [BlobPair: FileMap] {
    var result: [BlobPair: FileMap] = [:]
    for new in Set(rows.map(\.path)) {
      guard let newBlob = newBlobs?[new] else { continue }
      for old in Set(absent.compactMap { $0.path == new ? $0.blob : nil }) where old != newBlob {
        let pair = BlobPair(old: old, new: newBlob)
        if let map = try map(pair) { result[pair] = map }
      }
    }
    return result
  }
}

extension Tree {
  /// The line of a path, found by halving.
  func line(_ path: RepoPath) -> Line? {
    var low = 0
    var high = lines.count
    while low < high {
      let middle = (low + high) / 2
      if lines[middle].path < path { low = middle + 1 } else { high = middle }
    }
    return low < lines.count && lines[low].path == path ? lines[low] : nil
  }
}
