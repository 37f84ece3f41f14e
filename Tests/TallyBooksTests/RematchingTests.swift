import TallyBooks
import TallyModel
import Testing

/// Books that another matcher takes over: what was posted stays, and every account opens and closes in turn.
///
/// Method: a matcher that links nothing, and one that links by the line alone whatever was planted, take turns with the true one at
/// places that are drawn by lot.
@Suite("Another matcher")
struct RematchingTests {
  @Test("the past stays, the balance stays, and every order gives the same bytes", arguments: 0..<4)
  func everything(quarter: UInt64) throws {
    var count = 0
    for seed in (quarter * 40 + 5_001)...(quarter * 40 + 5_040) {
      var random = SplitMix64(seed: seed &* 2_741)
      let run = SimRun(history: SimHistory(seed: seed))
      let plain = try run.derive(run.inOrder)
      guard plain.positions.count > 2 else { continue }
      let place = random.below(plain.positions.count)
      let change = MatcherChange(
        entry: SimFactWriter.content("matcher \(seed)", EntryID.init),
        effective: plain.positions[place].time,
        matcher: random.chance(50) ? BlindMatcher() : LineMatcher()
      )
      func derive(_ order: [Int]) throws -> InMemoryBooks {
        try LanePoster(
          facts: run.facts(order),
          matcher: TruthMatcher(),
          mint: TestMint(),
          changes: [change]
        ).derive(lane: SimRun.lane)
      }
      let books = try derive(run.order)
      let turn = try #require(
        plain.positions.lastIndex { $0.onLine && $0.time <= change.effective }
      )
      #expect(books.positions == plain.positions)
      // Up to the position, and there but for what is rematched, everything is as it was posted.
      func past(_ books: InMemoryBooks) -> [Posting] {
        books.postings.filter { ($0.position ?? 0) <= turn && $0.source != change.entry }
      }
      try #require(past(books) == past(plain), "seed \(seed)")
      let moved = books.postings.filter { $0.source == change.entry }
      #expect(moved.allSatisfy { $0.position == turn && $0.basis == .declared })
      #expect(moved.reduce(0) { $0 + $1.kind.sign } == 0, "seed \(seed)")
      if !moved.isEmpty { count += 1 }
      try #require(
        try derive(run.order.shuffled(using: &random)).canonicalText == books.canonicalText,
        "seed \(seed)"
      )
      let accounts = ViolationAccount.collect(
        postings: books.postings,
        moves: books.moves.map { (books.positions[$0.position].time, $0) }
      )
      for key in [Breakdown.none, Breakdown.path] {
        let end = AccountPoint(time: books.positions[books.positions.count - 1].time)
        let statement = try Statement(accounts: accounts, from: nil, to: end, by: key)
        let open = books.violations.values.filter { $0.state == .open }.map(\.id).sorted()
        try #require(statement.total.closing == open, "seed \(seed)")
      }
    }
    #expect(count > 10)
  }
}

/// Links nothing.
private struct BlindMatcher: FindingMatcher {
  let version = 7

  func match(
    previous: [TrackedFinding],
    current: [TrackedFinding],
    evidence: MatchEvidence,
    mode: MatchMode
  ) -> [MatchLink] { [] }
}

/// Links what stands on the same line of a file of the same name.
private struct LineMatcher: FindingMatcher {
  let version = 8

  func match(
    previous: [TrackedFinding],
    current: [TrackedFinding],
    evidence: MatchEvidence,
    mode: MatchMode
  ) -> [MatchLink] {
    func key(_ tracked: TrackedFinding) -> String {
      "\(tracked.path):\(tracked.finding.region?.startLine ?? 0) \(tracked.finding.rule)"
    }
    var places: [String: Int] = [:]
    for (index, tracked) in current.enumerated() { places[key(tracked)] = index }
    var result: [MatchLink] = []
    for (index, tracked) in previous.enumerated() {
      guard let place = places.removeValue(forKey: key(tracked)) else { continue }
      result.append(
        MatchLink(
          previous: index,
          current: place,
          evidence: LinkEvidence(stage: .assignment, score: 1, margin: nil),
          isAmbiguous: false
        )
      )
    }
    return result
  }
}
