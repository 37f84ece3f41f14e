public import TallyModel

/// A test run as the books need it.
public struct TestRunFact: Sendable, Hashable {
  /// The entry.
  public let id: EntryID
  /// What it claims.
  public let record: TestRunRecord
  /// With what it was recorded when, anywhere; sorted, each once.
  public let recordings: [RecordingRecord]

  /// Creates a fact.
  public init(id: EntryID, record: TestRunRecord, recordings: [RecordingRecord] = []) {
    self.id = id
    self.record = record
    self.recordings = recordings
  }
}

extension TestRunFact: RecordedFact {
  var claimedTime: Timestamp? { record.started }
  var isFinished: Bool { record.succeeded }
}

/// How a test came out at a commit, all runs of the lane there taken together.
public struct TestState: Sendable, Hashable {
  /// The case's id.
  public let id: String
  /// `flaky` when it passed and failed in different runs of one commit, or a run says so.
  public let outcome: TestOutcome
  /// The message of the last run, by entry id, that had one.
  public let message: TextID?
  /// The file that holds it, if a runner said.
  public let path: RepoPath?

  /// Creates a state.
  public init(id: String, outcome: TestOutcome, message: TextID?, path: RepoPath?) {
    self.id = id
    self.outcome = outcome
    self.message = message
    self.path = path
  }

  /// What both say of the test, the other later.
  fileprivate func with(
    _ other: TestState,
    _ unite: (TestOutcome, TestOutcome) -> TestOutcome
  ) -> TestState {
    TestState(
      id: id,
      outcome: unite(outcome, other.outcome),
      message: other.message ?? message,
      path: other.path ?? path
    )
  }
}

/// A commit at which tests of a lane ran.
public struct TestPosition: Sendable, Hashable {
  /// The lane.
  public let lane: LaneKey
  /// Its place in the lane's order, from 0.
  public let index: Int
  /// The commit.
  public let commit: CommitID
  /// The time it is ordered by.
  public let time: Timestamp
  /// False when the commit is known not to lie on the lane's line: listed, but it moves nothing.
  public let isOnLine: Bool
  /// The runs, sorted by id.
  public let runs: [EntryID]
  /// True when all parts of a run finished: then a test that is absent was removed.
  public let succeeded: Bool
  /// The tests that ran, sorted bytewise by id.
  public let states: [TestState]
}

/// The test runs of one lane in the order of their commits.
public struct TestHistory: Sendable {
  /// The lane.
  public let lane: LaneKey
  /// Every position, in order.
  public let positions: [TestPosition]

  /// Orders runs and takes those of one commit together.
  ///
  /// The order is that of ``LaneOrder``; where git was never asked, a commit has the time at which its first run started.
  ///
  /// - Parameters:
  ///   - lane: the lane.
  ///   - runs: all runs of the lane, in any order.
  ///   - facts: where commits are looked up.
  /// - Throws: what reading the facts throws.
  public init(lane: LaneKey, runs: [TestRunFact], facts: any FactReader) throws {
    self.lane = lane
    let nodes = LaneOrder.merge(
      runs.map {
        LaneOrder.Node(
          commit: $0.record.commit,
          fallbackTime: $0.record.started,
          sequence: $0.record.sequence
        )
      }
    )
    let byCommit = Dictionary(grouping: runs, by: \.record.commit)
    positions = try LaneOrder.places(of: nodes, facts: facts).enumerated().map { index, place in
      let own = (byCommit[place.commit] ?? []).sorted { $0.id < $1.id }
      return TestPosition(
        lane: lane,
        index: index,
        commit: place.commit,
        time: place.time,
        isOnLine: place.isOnLine,
        runs: own.map(\.id),
        succeeded: TestHistory.isFinished(own),
        states: TestHistory.unite(own)
      )
    }
  }

  /// The last position that counts at a point; nil before the first.
  public func position(at point: AccountPoint) -> TestPosition? {
    positions.last {
      $0.isOnLine && point.includes(lane: lane, position: $0.index, time: $0.time)
    }
  }

  /// Says whether all parts of some run of a commit finished: those of one ingest, or of one run of CI.
  ///
  /// What did not finish in a try that another one followed is left out.
  static func isFinished(_ runs: [TestRunFact]) -> Bool {
    let replaced = Set(RecordingGroups(runs).replaced.map(\.id))
    return RecordingGroups.unite(runs.sorted { $0.id < $1.id }).contains { parts in
      parts.allSatisfy { $0.isFinished || replaced.contains($0.id) }
    }
  }

  /// Takes the runs of one commit together, sorted by test.
  ///
  /// Parts of one run (the files of an ingest, the jobs of one try of a CI run) hold different tests, also where they have one name: what
  /// does not pass in one of them does not. What passes in another run is flaky.
  static func unite(_ runs: [TestRunFact]) -> [TestState] {
    var states: [String: TestState] = [:]
    for parts in RecordingGroups.unite(runs, tellsTries: true) {
      var own: [String: TestState] = [:]
      for result in parts.flatMap(\.record.cases) {
        let state = TestState(
          id: result.id,
          outcome: result.outcome,
          message: result.message,
          path: result.path
        )
        own[result.id] = own[result.id]?.with(state, worse) ?? state
      }
      for (id, state) in own { states[id] = states[id]?.with(state, unite) ?? state }
    }
    return states.values.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
  }

  /// What does not pass counts beside what does; a skip says nothing beside an outcome.
  private static func worse(_ left: TestOutcome, _ right: TestOutcome) -> TestOutcome {
    let order: [TestOutcome] = [.failed, .error, .flaky, .passed]
    return order.first { $0 == left || $0 == right } ?? left
  }

  /// Both ways is flaky; a skip says nothing beside an outcome; an error beside a failure is a failure.
  static func unite(_ left: TestOutcome, _ right: TestOutcome) -> TestOutcome {
    if left == right { return left }
    if left == .skipped { return right }
    if right == .skipped { return left }
    if left == .passed || right == .passed || left == .flaky || right == .flaky { return .flaky }
    return .failed
  }
}
