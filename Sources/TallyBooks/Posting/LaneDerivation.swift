public import TallyModel

extension LanePoster {
  /// Derives the books of a lane from all its scans, from the start.
  ///
  /// Gives the same deltas, byte for byte, as posting the positions one by one while they arrive in order. Needed when a scan is late,
  /// a new head takes earlier positions off line, or an entry about the past came: a retraction, correction, lane rename or new evidence.
  ///
  /// - Parameters:
  ///   - lane: the lane.
  ///   - shown: sightings of violations as books that are thrown away had them, with the ids they were shown under: whatever now
  ///     holds the sighting answers to the id. Needed only where facts went, as after a retraction.
  ///   - each: called with every delta in order, for a caller that writes them away.
  /// - Returns: the books of the lane.
  /// - Throws: what reading the facts and `each` throw.
  public func derive(
    lane: LaneKey,
    shown: [Sighting: ViolationID] = [:],
    each: (LaneDelta) throws -> Void = { _ in }
  ) throws -> InMemoryBooks {
    let scans = try facts.scans(of: lane)
    let candidates = try LaneOrder.positions(of: lane, scans: scans, facts: facts)
    var books = InMemoryBooks(lane: lane, scans: scans)
    var corrections = try CorrectionState(facts.corrections(of: lane))
    var aliases = AliasState(candidates: candidates)
    var ghosts = GhostState()
    let old = SightingIndex(shown)
    for candidate in candidates {
      let rulings = corrections.rulings(at: candidate)
      var delta = try step(lane: books, at: candidate, rulings: rulings)
      if !candidate.isOnLine { try ghosts.remember(candidate, books, self) }
      books.apply(delta)
      if candidate.isOnLine {
        corrections.resolve(at: candidate, in: books)
        var found = try aliases.emit(
          after: delta,
          at: candidate,
          books: books,
          facts: facts,
          mint: mint
        )
        found += try ghosts.emit(after: delta, at: candidate, facts, matcher)
        found += old.emit(at: candidate, in: books)
        delta.aliases = found.filter { $0.alias != $0.violation }.sorted {
          ($0.alias, $0.violation) < ($1.alias, $1.violation)
        }
      }
      for (alias, violation) in delta.aliases { books.alias(alias, violation) }
      try each(delta)
    }
    return books
  }
}

/// Sightings by scan, for ids that were shown before facts went.
private struct SightingIndex {
  private var byScan: [EntryID: [(sighting: Sighting, id: ViolationID)]] = [:]

  init(_ shown: [Sighting: ViolationID]) {
    for (sighting, id) in shown { byScan[sighting.scan, default: []].append((sighting, id)) }
  }

  func emit(
    at candidate: PositionCandidate,
    in books: InMemoryBooks
  ) -> [(alias: ViolationID, violation: ViolationID)] {
    candidate.claims.counting.flatMap { scan in
      (byScan[scan.id] ?? []).compactMap { sighting, id in
        guard let roster = books.roster(sighting.path),
          roster.violations.indices.contains(sighting.ordinal)
        else { return nil }
        return (id, roster.violations[sighting.ordinal])
      }
    }
  }
}

/// Violations that were born in scans that are off line now, and answer to the ids they were shown under.
///
/// A rebased commit takes its scan off line; what was introduced there is introduced again by the commit that replaced it, under
/// a new id. The old id leads to it.
private struct GhostState {
  private struct Ghost {
    let id: ViolationID
    let tracked: TrackedFinding
    var chances: Int
  }

  private var ghosts: [Ghost] = []

  /// Takes down what a position would have opened if it were on line.
  mutating func remember(
    _ candidate: PositionCandidate,
    _ books: InMemoryBooks,
    _ poster: LanePoster
  ) throws {
    let asIf = PositionCandidate(
      lane: candidate.lane,
      index: candidate.index,
      commit: candidate.commit,
      time: candidate.time,
      isOnLine: true,
      claims: candidate.claims
    )
    let delta = try poster.step(lane: books, at: asIf)
    for violation in delta.violations where violation.firstPosition == candidate.index {
      guard let tracked = try GhostState.row(violation.origin, delta, poster.facts) else {
        continue
      }
      ghosts.append(Ghost(id: violation.id, tracked: tracked, chances: 5))
    }
  }

  /// Links what a position opened to ghosts.
  mutating func emit(
    after delta: LaneDelta,
    at candidate: PositionCandidate,
    _ facts: any FactReader,
    _ matcher: any FindingMatcher
  ) throws -> [(alias: ViolationID, violation: ViolationID)] {
    if ghosts.isEmpty { return [] }
    var born: [(id: ViolationID, tracked: TrackedFinding)] = []
    for violation in delta.violations where violation.firstPosition == candidate.index {
      if let tracked = try GhostState.row(violation.origin, delta, facts) {
        born.append((violation.id, tracked))
      }
    }
    let links = matcher.match(
      previous: ghosts.map(\.tracked),
      current: born.map(\.tracked),
      evidence: MatchEvidence(),
      mode: .reopening
    )
    let result = links.map { (alias: ghosts[$0.previous].id, violation: born[$0.current].id) }
    let found = Set(links.map(\.previous))
    ghosts = ghosts.enumerated().compactMap { index, ghost in
      var ghost = ghost
      ghost.chances -= 1
      return found.contains(index) || ghost.chances == 0 ? nil : ghost
    }
    return result
  }

  private static func row(
    _ origin: Sighting,
    _ delta: LaneDelta,
    _ facts: any FactReader
  ) throws -> TrackedFinding? {
    guard let roster = delta.rosters.first(where: { $0.path == origin.path }) else { return nil }
    let sheet = try facts.sheet(roster.sheet)
    if origin.ordinal >= sheet.findings.count { return nil }
    return TrackedFinding(
      path: origin.path,
      blob: nil,
      finding: sheet.findings[origin.ordinal],
      window: sheet.window(at: origin.ordinal),
      lexerVersion: sheet.lexerVersion
    )
  }
}

/// The sightings that corrections name, resolved as their positions are posted.
private struct CorrectionState {
  private let records: [CorrectionRecord]
  private var violations: [Sighting: ViolationID] = [:]

  init(_ records: [CorrectionRecord]) { self.records = records }

  /// What is said of rows of this position and something earlier.
  func rulings(at candidate: PositionCandidate) -> [Ruling] {
    if records.isEmpty { return [] }
    let scans = Set(candidate.claims.counting.map(\.id))
    var result: [Ruling] = []
    for record in records {
      for (earlier, later) in [(record.first, record.second), (record.second, record.first)] {
        guard scans.contains(later.scan), !scans.contains(earlier.scan),
          let violation = violations[earlier]
        else { continue }
        result.append(
          Ruling(
            verdict: record.verdict,
            violation: violation,
            path: later.path,
            ordinal: later.ordinal
          )
        )
      }
    }
    return result
  }

  mutating func resolve(at candidate: PositionCandidate, in books: InMemoryBooks) {
    if records.isEmpty { return }
    let scans = Set(candidate.claims.counting.map(\.id))
    for sighting in records.flatMap({ [$0.first, $0.second] }) where scans.contains(sighting.scan) {
      guard let roster = books.roster(sighting.path),
        roster.violations.indices.contains(sighting.ordinal)
      else { continue }
      violations[sighting] = roster.violations[sighting.ordinal]
    }
  }
}

/// Finds the ids under which a violation was shown before a scan with an earlier sighting came.
///
/// Only a violation born in a scan that came after a later position's costs anything.
private struct AliasState {
  /// By position: the smallest arrival of a scan there or later.
  private var earliestFrom: [Int]
  /// The smallest arrival among the sightings so far, for violations that a later sighting may undercut.
  private var arrivals: [ViolationID: Int] = [:]

  init(candidates: [PositionCandidate]) {
    earliestFrom = Array(repeating: .max, count: candidates.count + 1)
    for (index, candidate) in candidates.enumerated().reversed() {
      let own = (candidate.claims.counting + candidate.claims.superseded).map(\.sequence).min()
      earliestFrom[index] = min(earliestFrom[index + 1], own ?? .max)
    }
  }

  mutating func emit(
    after delta: LaneDelta,
    at candidate: PositionCandidate,
    books: InMemoryBooks,
    facts: any FactReader,
    mint: any ViolationMint
  ) throws -> [(alias: ViolationID, violation: ViolationID)] {
    let counting = candidate.claims.counting
    for violation in delta.violations where violation.firstPosition == candidate.index {
      guard let origin = counting.first(where: { $0.id == violation.origin.scan }) else { continue }
      if earliestFrom[candidate.index] < origin.sequence {
        arrivals[violation.id] = origin.sequence
      }
    }
    if arrivals.isEmpty { return [] }
    var result: [(alias: ViolationID, violation: ViolationID)] = []
    let scans = (counting + candidate.claims.superseded).filter(\.record.succeeded)
    for scan in scans.sorted(by: { $0.sequence > $1.sequence }) {
      let waiting = arrivals.filter { $0.value > scan.sequence }.keys.sorted()
      if waiting.isEmpty { continue }
      let tree = try facts.tree(of: scan.id)
      for id in waiting {
        guard let sighting = try sighting(of: id, in: scan, tree, books, facts) else { continue }
        arrivals[id] = scan.sequence
        let alias = mint.mint(sighting)
        result.append((alias, id))
      }
    }
    // Nothing later can undercut these any more.
    let earliest = earliestFrom[candidate.index + 1]
    arrivals = arrivals.filter { $0.value > earliest }
    return result
  }

  /// The row of a scan in which a violation is seen.
  private func sighting(
    of id: ViolationID,
    in scan: ScanFact,
    _ tree: Tree,
    _ books: InMemoryBooks,
    _ facts: any FactReader
  ) throws -> Sighting? {
    guard let violation = books.violation(id), let roster = books.roster(violation.last.path),
      let ordinal = roster.violations.firstIndex(of: id), let line = tree.line(roster.path)
    else { return nil }
    if line.sheet == roster.sheet {
      return Sighting(scan: scan.id, path: roster.path, ordinal: ordinal)
    }
    // A scan that another one superseded: the equal row, if it has one.
    let rows = try facts.sheet(roster.sheet).findings
    guard ordinal < rows.count else { return nil }
    let row = rows[ordinal]
    guard let place = try facts.sheet(line.sheet).findings.firstIndex(of: row) else { return nil }
    return Sighting(scan: scan.id, path: roster.path, ordinal: place)
  }
}
