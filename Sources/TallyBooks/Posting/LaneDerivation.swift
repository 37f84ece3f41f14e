public import TallyModel

extension LanePoster {
  /// Derives the books of a lane from all its scans, from the start.
  ///
  /// Gives the same deltas, byte for byte, as posting the positions one by one while they arrive in order. Needed when an entry about the
  /// past came that is not one of the last positions: a retraction, a correction, a lane rename, or a scan that is very late.
  ///
  /// - Parameters:
  ///   - lane: the lane.
  ///   - each: called with every delta in order and the books before it, for a caller that writes them away.
  /// - Returns: the books of the lane.
  /// - Throws: what reading the facts and `each` throw.
  public func derive(
    lane: LaneKey,
    each: (LaneDelta, InMemoryBooks) throws -> Void = { _, _ in }
  ) throws -> InMemoryBooks {
    try derive(DerivationPlan(lane: lane, facts: facts), each: each)
  }

  /// Derives the books of a lane whose positions are known, as ``derive(lane:each:)`` does.
  ///
  /// - Parameters:
  ///   - plan: every position of the lane.
  ///   - each: called with every delta in order and the books before it.
  /// - Returns: the books of the lane.
  /// - Throws: what reading the facts and `each` throw.
  public func derive(
    _ plan: DerivationPlan,
    each: (LaneDelta, InMemoryBooks) throws -> Void
  ) throws -> InMemoryBooks {
    var books = InMemoryBooks(lane: plan.lane, scans: plan.scans)
    let corrections = try facts.corrections(of: plan.lane)
    var derivation = try Derivation(
      plan: plan,
      from: 0,
      poster: self,
      corrections: corrections,
      books: books
    )
    if corrections.contains(where: { !$0.isRetracted }) || unconfigured != nil {
      derivation.uncorrected = Dictionary(
        grouping: try (unconfigured ?? self).books(plan, corrections: []).violations.values,
        by: \.firstPosition
      )
    }
    for candidate in plan.candidates {
      let delta = try derivation.delta(at: candidate, books: books)
      try each(delta, books)
      books.apply(delta)
    }
    return books
  }

  /// Derives the last positions of a lane again, from one on.
  ///
  /// Gives the deltas that ``derive(lane:each:)`` gives for them, but for aliases of ids that were shown before: who keeps the books
  /// keeps those.
  ///
  /// - Parameters:
  ///   - plan: every position of the lane.
  ///   - first: the first position to post, as ``DerivationPlan/firstChanged(since:affected:)`` gives it.
  ///   - books: the lane as the positions before left it; has to show every delta that `each` was given.
  ///   - each: called with every delta in order.
  /// - Throws: what reading the facts and books and `each` throw.
  public func derive(
    _ plan: DerivationPlan,
    from first: Int,
    into books: any LaneBooks & LaneHistory,
    each: (LaneDelta) throws -> Void
  ) throws {
    var derivation = try Derivation(
      plan: plan,
      from: first,
      poster: self,
      corrections: facts.corrections(of: plan.lane),
      books: books
    )
    for candidate in plan.candidates[first...] {
      try each(try derivation.delta(at: candidate, books: books))
    }
  }

  /// The books of a lane, without telling anybody.
  fileprivate func books(
    _ plan: DerivationPlan,
    corrections: [CorrectionFact]
  ) throws -> InMemoryBooks {
    var books = InMemoryBooks(lane: plan.lane, scans: plan.scans)
    var derivation = try Derivation(
      plan: plan,
      from: 0,
      poster: self,
      corrections: corrections,
      books: books
    )
    for candidate in plan.candidates {
      books.apply(try derivation.delta(at: candidate, books: books))
    }
    return books
  }
}

/// The positions of a lane as all its facts order them, and where scans that do not count any more would be.
public struct DerivationPlan {
  /// The lane.
  public let lane: LaneKey
  /// Every position, in order.
  public let candidates: [PositionCandidate]
  /// Every scan that counts.
  let scans: [ScanFact]
  /// By the position that follows it: what retracted scans would post.
  let retracted: [Int: [PositionCandidate]]

  /// Reads the scans of a lane and orders them.
  public init(lane: LaneKey, facts: any FactReader) throws {
    self.lane = lane
    scans = try facts.scans(of: lane)
    candidates = try LaneOrder.positions(of: lane, scans: scans, facts: facts)
    retracted = try DerivationPlan.retracted(
      try facts.retractedScans(of: lane),
      scans: scans,
      candidates: candidates,
      facts: facts
    )
  }

  private static func retracted(
    _ gone: [ScanFact],
    scans: [ScanFact],
    candidates: [PositionCandidate],
    facts: any FactReader
  ) throws -> [Int: [PositionCandidate]] {
    let gone = gone.filter { $0.record.findingCount > 0 }
    guard let lane = gone.first?.record.lane else { return [:] }
    let indexes = Dictionary(
      candidates.map { ($0.commit, $0.index) },
      uniquingKeysWith: { first, _ in first }
    )
    let byCommit = Dictionary(grouping: gone, by: \.record.commit)
    var result: [Int: [PositionCandidate]] = [:]
    var waiting: [PositionCandidate] = []
    for place in try LaneOrder.positions(of: lane, scans: scans + gone, facts: facts) {
      if let lost = byCommit[place.commit] { waiting.append(place.with(Supersession(lost))) }
      if let index = indexes[place.commit], !waiting.isEmpty {
        result[index, default: []] += waiting.map { $0.onLine(at: index) }
        waiting = []
      }
    }
    return result
  }

  /// The first position from which the books have to be posted again; the number of positions where none has.
  ///
  /// - Parameters:
  ///   - stored: every position that the books hold, in order.
  ///   - affected: the first position whose facts are not what they were when it was posted, if any.
  /// - Returns: an index into ``candidates``, or their number.
  public func firstChanged(since stored: [LanePosition], affected: Int?) -> Int {
    var first = 0
    while first < min(stored.count, candidates.count),
      Step.position(candidates[first], coversAll: stored[first].coversAll) == stored[first]
    {
      first += 1
    }
    if let affected { first = min(first, affected) }
    // What was born before without counting is looked for in the positions that follow it.
    while let ghost = ghost(before: first) { first = ghost }
    return first
  }

  private func ghost(before first: Int) -> Int? {
    var index = first
    var passed = 0
    while index > 0, passed < GhostState.chances {
      index -= 1
      if !candidates[index].isOnLine || retracted[index] != nil { return index }
      passed += 1
    }
    return nil
  }
}

extension PositionCandidate {
  fileprivate func with(_ claims: Supersession) -> PositionCandidate {
    PositionCandidate(
      lane: lane,
      index: index,
      commit: commit,
      time: time,
      isOnLine: isOnLine,
      claims: claims
    )
  }

  /// The same place as if it were the next position on the line.
  func onLine(at index: Int) -> PositionCandidate {
    PositionCandidate(
      lane: lane,
      index: index,
      commit: commit,
      time: time,
      isOnLine: true,
      claims: claims
    )
  }
}

/// Posts position after position, with what has to be remembered from one to the next.
private struct Derivation {
  private let poster: LanePoster
  private let plan: DerivationPlan
  private var corrections: CorrectionState
  private var aliases: AliasState
  private var ghosts = GhostState()
  private var covered: Coverage?
  /// Violations that nobody's word would have changed, by the position they begin at.
  var uncorrected: [Int: [Violation]] = [:]

  init(
    plan: DerivationPlan,
    from first: Int,
    poster: LanePoster,
    corrections: [CorrectionFact],
    books: any LaneHistory
  ) throws {
    self.plan = plan
    self.poster = poster
    self.corrections = try CorrectionState(
      corrections,
      before: plan.candidates[..<first],
      books: books,
      facts: poster.facts
    )
    aliases = AliasState(candidates: plan.candidates[first...])
  }

  mutating func delta(
    at candidate: PositionCandidate,
    books: any LaneBooks & LaneHistory
  ) throws -> LaneDelta {
    let facts = poster.facts
    for gone in plan.retracted[candidate.index] ?? [] { try ghosts.remember(gone, books, poster) }
    var delta = try poster.step(
      lane: books,
      at: candidate,
      rulings: corrections.rulings(at: candidate, facts),
      covered: &covered
    )
    guard candidate.isOnLine else {
      try ghosts.remember(candidate.onLine(at: candidate.index), books, poster)
      return delta
    }
    let after = BooksAfter(books: books, delta: delta)
    var found = try corrections.resolve(at: candidate, in: after, facts, poster.mint)
    for violation in uncorrected[candidate.index] ?? [] {
      let origin = violation.origin
      guard let now = try after.violation(at: origin, poster.facts) else { continue }
      found.append((violation.id, now))
    }
    found += try aliases.emit(
      after: delta,
      at: candidate,
      books: after,
      alone: { [poster] scan in
        let place = candidate.with(Supersession([scan]))
        return BooksAfter(books: books, delta: try poster.step(lane: books, at: place))
      },
      facts: facts,
      mint: poster.mint
    )
    found += try ghosts.emit(after: delta, facts, poster.matcher)
    var seen: Set<[ViolationID]> = []
    delta.aliases = found.filter {
      $0.alias != $0.violation && seen.insert([$0.alias, $0.violation]).inserted
    }.sorted { ($0.alias, $0.violation) < ($1.alias, $1.violation) }
    return delta
  }
}

/// The books of a lane as a delta will leave them.
struct BooksAfter {
  private let books: any LaneBooks
  private let rosters: [RepoPath: Roster]
  private let removed: Set<RepoPath>
  private let violations: [ViolationID: Violation]
  /// What the position says beside the rosters.
  private let standing: [Standing]
  private let settled: Set<ViolationID>

  init(books: any LaneBooks, delta: LaneDelta) {
    self.books = books
    standing = delta.standing
    settled = Set(delta.settled)
    rosters = Dictionary(delta.rosters.map { ($0.path, $0) }, uniquingKeysWith: { $1 })
    removed = Set(delta.removedRosters)
    violations = Dictionary(delta.violations.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
  }

  func roster(_ path: RepoPath) throws -> Roster? {
    if let roster = rosters[path] { return roster }
    return removed.contains(path) ? nil : try books.roster(path)
  }

  func violation(_ id: ViolationID) throws -> Violation? {
    if let violation = violations[id] { return violation }
    return try books.violation(id)
  }

  /// How a violation stands beside the rosters; nil where it does not.
  func standing(_ id: ViolationID) throws -> Standing? {
    if let own = standing.first(where: { $0.violation == id }) { return own }
    return settled.contains(id) ? nil : try books.standing().first { $0.violation == id }
  }

  /// The violation of a row of the position that the delta posts; nil where no file has such a row.
  func violation(at sighting: Sighting, _ facts: any FactReader) throws -> ViolationID? {
    if let own = standing.first(where: { $0.sighting == sighting }) { return own.violation }
    guard let line = try facts.tree(of: sighting.scan).line(sighting.path) else { return nil }
    let roster = try roster(sighting.path)
    if let roster, roster.sheet == line.sheet {
      return roster.violations.indices.contains(sighting.ordinal)
        ? roster.violations[sighting.ordinal] : nil
    }
    let rows = try facts.sheet(line.sheet).findings
    guard rows.indices.contains(sighting.ordinal) else { return nil }
    let row = rows[sighting.ordinal]
    if let roster {
      let place = try facts.sheet(roster.sheet).findings.firstIndex { $0.isSame(as: row) }
      if let place, roster.violations.indices.contains(place) { return roster.violations[place] }
    }
    return try standing.first { item in
      guard item.sighting.path == sighting.path else { return false }
      let rows = try facts.sheet(item.sheet).findings
      return rows.indices.contains(item.sighting.ordinal)
        && rows[item.sighting.ordinal].isSame(as: row)
    }?.violation
  }
}
