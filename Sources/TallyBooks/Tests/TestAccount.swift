public import TallyModel

/// The account of tests between two points, in one or more lanes.
///
/// Not passing at the start + broke + appeared failing - repaired - removed - skipped = not passing at the end. Gross, position by position. Not passing is
/// failed, error or flaky; a failing test that is deleted or skipped was not repaired.
public struct TestAccount: Sendable {
  /// What happened to a test.
  public enum Movement: UInt8, Sendable, Hashable, CaseIterable {
    /// It passed, and passes no more.
    case broke = 1
    /// It was new, or skipped before, and does not pass.
    case appearedFailing = 2
    /// It passes now.
    case repaired = 3
    /// It is gone, unrepaired.
    case removed = 4
    /// It is skipped, unrepaired.
    case skipped = 5

    /// +1 where a test comes to those that do not pass, -1 where it leaves them.
    public var sign: Int { rawValue < 3 ? 1 : -1 }

    /// The words used in output.
    public var name: String { self == .appearedFailing ? "appeared failing" : "\(self)" }
  }

  /// A test by lane and id.
  public struct TestKey: Sendable, Hashable, Comparable {
    /// The lane.
    public let lane: LaneKey
    /// The case's id.
    public let id: String

    /// Creates a key.
    public init(lane: LaneKey, id: String) {
      self.lane = lane
      self.id = id
    }

    /// Says whether the left key comes first: by lane, then id, bytewise.
    public static func < (lhs: Self, rhs: Self) -> Bool {
      if lhs.lane != rhs.lane { return lhs.lane < rhs.lane }
      return lhs.id.utf8.lexicographicallyPrecedes(rhs.id.utf8)
    }
  }

  /// One test in one cell.
  public struct Item: Sendable, Hashable {
    /// The test.
    public let test: TestKey
    /// The commit at which it was seen so.
    public let commit: CommitID
  }

  /// Not passing at the start, sorted.
  public let opening: [TestKey]
  /// What moved; each sorted by test, then in order.
  public let items: [Movement: [Item]]
  /// Not passing at the end, sorted.
  public let closing: [TestKey]
  /// Every test known at the end with its outcome, sorted by test.
  public let states: [(test: TestKey, state: TestState)]

  /// Makes the account.
  ///
  /// - Parameters:
  ///   - histories: one for each lane.
  ///   - from: what counts as opening; nil for the beginning, where the first position of a lane is brought in as its opening.
  ///   - to: the end.
  ///   - selects: which tests count; all by default.
  /// - Throws: ``StatementError`` when it does not balance.
  public init(
    histories: [TestHistory],
    from: AccountPoint?,
    to: AccountPoint,
    selecting selects: (TestKey) -> Bool = { _ in true }
  ) throws {
    var opening: [TestKey] = []
    var items: [Movement: [Item]] = [:]
    var final: [(test: TestKey, state: TestState)] = []
    for history in histories {
      var known: [String: TestState] = [:]
      var hasOpening = false
      var isFirst = true
      func open() {
        opening += TestAccount.notPassing(known, history.lane, selects)
        hasOpening = true
      }
      for position in history.positions where position.isOnLine {
        func isIncluded(_ point: AccountPoint) -> Bool {
          point.includes(lane: history.lane, position: position.index, time: position.time)
        }
        if !isIncluded(to) { continue }
        let isBefore = from.map(isIncluded) ?? isFirst
        if !isBefore, !hasOpening { open() }
        for (id, movement) in TestAccount.move(&known, position) where hasOpening {
          let test = TestKey(lane: history.lane, id: id)
          if selects(test) {
            items[movement, default: []].append(Item(test: test, commit: position.commit))
          }
        }
        isFirst = false
      }
      if !hasOpening { open() }
      for (id, state) in known {
        let test = TestKey(lane: history.lane, id: id)
        if selects(test) { final.append((test, state)) }
      }
    }
    self.opening = opening.sorted()
    self.items = items.mapValues { cell in
      cell.enumerated().sorted {
        $0.element.test == $1.element.test
          ? $0.offset < $1.offset : $0.element.test < $1.element.test
      }.map(\.element)
    }
    states = final.sorted { $0.test < $1.test }
    closing = states.filter { $0.state.outcome.isNotPassing }.map(\.test)
    if !isBalanced {
      throw StatementError.unbalanced(
        row: "tests",
        opening: opening.count,
        entered: total(sign: 1),
        left: total(sign: -1),
        closing: closing.count
      )
    }
  }

  /// How many tests a cell holds.
  public func count(_ movement: Movement) -> Int { items[movement]?.count ?? 0 }

  /// How many tests had an outcome at the end.
  public func count(_ outcome: TestOutcome) -> Int { states.count { $0.state.outcome == outcome } }

  /// The tests that are flaky at the end, sorted.
  public var flaky: [TestKey] { states.filter { $0.state.outcome == .flaky }.map(\.test) }

  /// Says whether all selected tests pass; skipped ones do not count against it, no test at all does.
  public func isPassing(allowFlaky: Bool = false) -> Bool {
    states.contains { $0.state.outcome != .skipped }
      && states.allSatisfy { _, state in
        !state.outcome.isNotPassing || (allowFlaky && state.outcome == .flaky)
      }
  }

  /// Says whether the account adds up, test by test.
  public var isBalanced: Bool {
    var counts: [TestKey: Int] = [:]
    for test in opening { counts[test, default: 0] += 1 }
    for (movement, cell) in items {
      for item in cell { counts[item.test, default: 0] += movement.sign }
    }
    for test in closing { counts[test, default: 0] -= 1 }
    return counts.values.allSatisfy { $0 == 0 }
  }

  private func total(sign: Int) -> Int {
    Movement.allCases.filter { $0.sign == sign }.reduce(0) { $0 + count($1) }
  }

  private static func notPassing(
    _ known: [String: TestState],
    _ lane: LaneKey,
    _ selects: (TestKey) -> Bool
  ) -> [TestKey] {
    known.values.filter(\.outcome.isNotPassing).map { TestKey(lane: lane, id: $0.id) }
      .filter(selects)
  }

  /// Takes a position over and says what moved, by test.
  private static func move(
    _ known: inout [String: TestState],
    _ position: TestPosition
  ) -> [(String, Movement)] {
    var result: [(String, Movement)] = []
    for state in position.states {
      let before = known[state.id]?.outcome
      let was = before?.isNotPassing ?? false
      if state.outcome.isNotPassing, !was {
        result.append((state.id, before == .passed ? .broke : .appearedFailing))
      } else if was, !state.outcome.isNotPassing {
        result.append((state.id, state.outcome == .skipped ? .skipped : .repaired))
      }
      known[state.id] = state
    }
    if position.succeeded {
      let present = Set(position.states.map(\.id))
      for (id, state) in known where !present.contains(id) {
        if state.outcome.isNotPassing { result.append((id, .removed)) }
        known[id] = nil
      }
    }
    return result
  }
}
