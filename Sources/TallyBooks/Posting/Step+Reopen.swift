internal import TallyModel

extension Step {
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
    for rule in byRule.keys.sorted() {
      let places = byRule[rule] ?? []
      let rows = places.map { work.current[$0] }
      var absent: [(violation: Violation, tracked: TrackedFinding)] = []
      for violation in try likeliest(rule, rows, taken) {
        guard let tracked = try lastSighting(violation) else { continue }
        absent.append((violation, tracked))
      }
      if absent.isEmpty { continue }
      let links = matcher.match(
        previous: absent.map(\.tracked),
        current: rows.map(\.tracked),
        evidence: MatchEvidence(
          renames: try renames(rows),
          ruleAliases: ruleAliases
        ),
        mode: .reopening
      )
      let more = Returning(absent: absent.map(\.tracked), rows: rows.map(\.tracked), links: links)
      for link in links + more.links()
      where !isForbidden(absent[link.previous].violation.id, rows[link.current]) {
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
      $0.verdict == .different && $0.violation == violation && $0.later == sighting(row)
    }
  }

  /// The absent violations of a rule that rows may go on with: those last seen in the same files, and the latest with the same message.
  ///
  /// Twice as many as there are rows, and some: a history of fixes does not make each step slower.
  private func likeliest(
    _ rule: String,
    _ rows: [Row],
    _ taken: Set<ViolationID>
  ) throws -> [Violation] {
    let paths = Set(rows.map(\.path)).sorted()
    // Silenced by the tool's own word a violation still has a row: it is not absent, and must not crowd others out.
    var standing: Set<ViolationID> = []
    for path in paths { standing.formUnion(try books.roster(path)?.violations ?? []) }
    let near = 24 + 2 * rows.count
    let absent = try books.absentViolations(
      AbsentQuery(
        rule: rule,
        paths: paths,
        messages: Set(rows.map(\.tracked.finding.message)).sorted(),
        nearLimit: near + standing.count,
        closedLimit: 8 + 2 * rows.count,
        // Suppressed ones do not follow their file while they are silent, and they are few.
        suppressedLimit: 32 + 2 * rows.count
      )
    )
    var result: [Violation] = []
    for violation in absent where !taken.contains(violation.id) {
      if standing.contains(violation.id) { continue }
      if violation.state == .suppressed,
        try books.roster(violation.last.path)?.violations.contains(violation.id) == true
      {
        continue
      }
      result.append(violation)
    }
    return result
  }

  /// The row of the last sighting; without its blob, for strict gates go by what was captured.
  private func lastSighting(_ violation: Violation) throws -> TrackedFinding? {
    let last = violation.last
    guard let id = try books.lastSheet(of: violation, facts: facts) else { return nil }
    let sheet = try facts.sheet(id).believed
    if last.ordinal >= sheet.findings.count { return nil }
    return tracked(sheet, last.ordinal, path: try presentPath(of: last), blob: nil)
  }

  /// The name that the file of an earlier sighting has now, where it got another one since.
  private func presentPath(of last: Sighting) throws -> RepoPath {
    guard let files = try facts.blobs(of: [last.path], at: candidate.commit),
      files[last.path] == nil, let scan = try books.scan(last.scan)
    else { return last.path }
    return try bases.base(scan.record.commit).rename(from: last.path)?.to ?? last.path
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
