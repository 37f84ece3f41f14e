internal import TallyModel

/// Violations that were born in scans that do not count any more, and answer to the ids they were shown under.
///
/// A rebased commit takes its scan off line, a retraction takes one out; what was introduced there is introduced again by the commit
/// that follows, under a new id. The old id leads to it.
struct GhostState {
  /// Among how many positions on line a ghost is looked for.
  static let chances = 5

  private struct Ghost {
    let id: ViolationID
    let tracked: TrackedFinding
    var chances: Int
  }

  private var ghosts: [Ghost] = []

  /// Takes down what a position would have opened, which is given as if it were on line.
  mutating func remember(
    _ candidate: PositionCandidate,
    _ books: any LaneBooks & LaneHistory,
    _ poster: LanePoster
  ) throws {
    let delta = try poster.step(lane: books, at: candidate)
    ghosts += try GhostState.born(in: delta, poster.facts).map {
      Ghost(id: $0.id, tracked: $0.tracked, chances: GhostState.chances)
    }
  }

  /// Links what a position opened to ghosts.
  mutating func emit(
    after delta: LaneDelta,
    _ facts: any FactReader,
    _ matcher: any FindingMatcher
  ) throws -> [(alias: ViolationID, violation: ViolationID)] {
    if ghosts.isEmpty { return [] }
    let born = try GhostState.born(in: delta, facts)
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

  /// The violations whose life begins with a delta, with their rows; by id.
  private static func born(
    in delta: LaneDelta,
    _ facts: any FactReader
  ) throws -> [(id: ViolationID, tracked: TrackedFinding)] {
    let rosters = Dictionary(
      delta.rosters.map { ($0.path, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    var result: [(id: ViolationID, tracked: TrackedFinding)] = []
    for violation in delta.violations where violation.firstPosition == delta.position.index {
      let origin = violation.origin
      let roster = rosters[origin.path].flatMap { $0.scan == origin.scan ? $0.sheet : nil }
      guard let id = try roster ?? facts.tree(of: origin.scan).line(origin.path)?.sheet else {
        continue
      }
      let sheet = try facts.sheet(id).believed
      guard origin.ordinal < sheet.findings.count else { continue }
      let tracked = TrackedFinding(
        path: origin.path,
        blob: nil,
        finding: sheet.findings[origin.ordinal],
        window: sheet.window(at: origin.ordinal),
        lexerVersion: sheet.lexerVersion
      )
      result.append((violation.id, tracked))
    }
    return result
  }
}
