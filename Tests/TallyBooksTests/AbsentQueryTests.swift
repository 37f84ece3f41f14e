import TallyBooks
import TallyModel
import Testing

/// Which closed and suppressed violations new rows may go on with.
///
/// Method: violations that open, close, move and change their rule or message by lot; after each position books in memory answer from
/// their index, and the query selects from all of them.
@Suite("Absent violations")
struct AbsentQueryTests {
  private static let lane = LaneKey(project: "p", tool: "ruff", category: "", branch: "main")

  @Test("the index answers as the selection from all does", arguments: UInt64(1)...40)
  func index(seed: UInt64) throws {
    var random = SplitMix64(seed: seed &* 7_919)
    let paths = (0..<5).map { World.path("src/\($0).py") }
    let messages = (0..<4).map { SimFactWriter.text("message \($0)") }
    var books = InMemoryBooks(lane: Self.lane, scans: [])
    var known: [ViolationID: Violation] = [:]
    for position in 0..<60 {
      var delta = LaneDelta(position: place(position))
      for number in Set((0..<random.below(9)).map { _ in random.below(60) }).sorted() {
        let id = ViolationID(high: UInt64(number), low: 1)
        let sighting = Sighting(
          scan: SimFactWriter.content("scan \(position)", EntryID.init),
          path: paths[random.below(paths.count)],
          ordinal: 0
        )
        let states: [ViolationState] = [.open, .closed, .suppressed]
        let violation = Violation(
          id: id,
          lane: Self.lane,
          rule: "R\(random.below(2))",
          level: .error,
          message: messages[random.below(messages.count)],
          state: states[random.below(states.count)],
          origin: known[id]?.origin ?? sighting,
          last: sighting,
          firstPosition: known[id]?.firstPosition ?? position,
          // Not always the newest: a file may not have been covered for a while.
          lastPosition: max(0, position - random.below(6))
        )
        known[id] = violation
        delta.violations.append(violation)
      }
      books.apply(delta)
      let query = AbsentQuery(
        rule: "R\(random.below(2))",
        paths: paths.filter { _ in random.chance(50) },
        messages: messages.filter { _ in random.chance(50) }.sorted(),
        nearLimit: random.below(12),
        closedLimit: random.below(12),
        suppressedLimit: random.below(12)
      )
      let wanted = query.select(from: Array(known.values))
      try #require(books.absentViolations(query) == wanted, "seed \(seed), position \(position)")
    }
  }

  private func place(_ index: Int) -> LanePosition {
    LanePosition(
      lane: Self.lane,
      index: index,
      commit: World.commit("\(index)"),
      time: Timestamp(seconds: Int64(index)),
      scans: [],
      superseded: [],
      succeeded: true,
      onLine: true,
      coversAll: true
    )
  }
}
