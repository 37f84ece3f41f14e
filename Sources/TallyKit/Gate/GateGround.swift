import TallyBooks
import TallyLedger
import TallyModel

/// Everything the policies look at: each lane of the base branch beside the scan of the commit that belongs to it.
struct GateGround {
  /// One lane.
  struct LanePair {
    let lane: LaneKey
    /// The base's position that counts; nil where it has none.
    let position: LanePosition?
    var answer: GateAnswer.Lane
  }

  /// One lane of tests.
  struct TestPair {
    let lane: LaneKey
    let before: TestPosition?
    let after: TestPosition?
    /// What is not there any more, the base's past and the commit's run taken together.
    let absence: TestAbsence
  }

  let view: BooksView
  let target: Target
  let base: GateBase
  let configuration: TallyConfiguration
  private let maps: [BlobPair: FileMap]
  /// Scans and tests, sorted.
  private(set) var lanes: [LanePair] = []
  private(set) var tests: [TestPair] = []
  /// Every violation of every compared lane; of the others those of the base branch, as unchanged.
  private(set) var findings: [GateFinding] = []
  private(set) var tools: [LaneKey: GateTool] = [:]
  private(set) var warnings: [String] = []
  /// Tags of rules by tool and rule.
  private(set) var tags: [String: [String: [String]]] = [:]
  /// False when the base branch has neither a scan nor a test run.
  private(set) var hasBase = false

  init(
    view: BooksView,
    target: Target,
    base: GateBase,
    configuration: TallyConfiguration,
    maps: [BlobPair: FileMap]
  ) throws {
    self.view = view
    self.target = target
    self.base = base
    self.configuration = configuration
    self.maps = maps
    let point = BasePoint(base: base, target: target, reader: view.reader)
    let scanned = try view.reader.lanes()
    for lane in try expected(scanned) { try compare(lane, point, isKnown: scanned.contains(lane)) }
    for lane in try expected(view.reader.testLanes()) { try compareTests(lane, point) }
    findings.sort(by: GateFinding.precedes)
    lanes.sort { ($0.lane, $0.answer.kind) < ($1.lane, $1.answer.kind) }
    if !point.isExact, hasBase, base.kind != .previous {
      warnings.append(
        "no scan of '\(base.branch)' at or before the merge base is known: compared with its newest"
      )
    }
  }

  /// The lanes of the base branch, and those of the commit that have none there; sorted.
  ///
  /// A lane of the base branch that went stale is not asked for any more.
  private func expected(_ all: [LaneKey]) throws -> [LaneKey] {
    let own = all.filter { $0.project == target.project }
    var result = Set(own.filter { $0.branch == base.branch })
    for lane in own where lane.branch == target.branch {
      let isHere =
        try view.reader.scans(of: lane, at: target.commit).isEmpty == false
        || view.reader.testRuns(of: lane).contains { $0.record.commit == target.commit }
      if isHere { result.insert(lane.on(base.branch)) }
    }
    return result.sorted()
  }

  // MARK: Scans

  private mutating func compare(_ base: LaneKey, _ point: BasePoint, isKnown: Bool) throws {
    let reader = view.reader
    let positions = isKnown ? view.lanes.first { $0.lane == base }?.positions ?? [] : []
    let lane = base.on(target.branch)
    let position = point.last(of: positions.filter(\.onLine), commit: \.commit)
    if !positions.isEmpty { hasBase = true }
    let scans = try reader.scans(of: lane, at: target.commit)
    var answer = GateAnswer.Lane(
      name: lane.description,
      kind: "scan",
      state: "compared",
      base: position?.commit.description,
      new: 0,
      gone: 0,
      open: 0
    )
    let counting = Supersession(scans).counting
    let says = counting.contains { $0.record.succeeded || $0.record.findingCount > 0 }
    if !says {
      answer.state = counting.isEmpty ? "missing" : "failed"
      if counting.isEmpty, let last = positions.last, isStale(last.time) { return }
      let kept = try carried(base)
      findings += kept
      answer.open = kept.count
    } else {
      let difference = try LaneDifference(
        scans,
        of: lane,
        at: target.commit,
        with: base,
        at: position,
        reader,
        maps: maps
      )
      // Of a rule that failed nobody knows where it would have reported.
      let isPartial = counting.flatMap(\.record.notices).contains {
        $0.level == .error && $0.path == nil
      }
      if !counting.allSatisfy(\.record.succeeded) {
        answer.state = "failed"
      } else if isPartial {
        answer.state = "partial"
      } else if position == nil {
        answer.state = "first"
      }
      answer.notSeen = difference.notSeen
      let found = try difference.findings(view, lane: lane, rows: RowReader(reader))
      findings += found
      warnings += difference.warnings
      answer.new = found.count { $0.state == .new }
      answer.gone = found.count { $0.state == .absent }
      answer.open = found.count { $0.state == .new || $0.state == .unchanged }
      note(lane, counting)
    }
    lanes.append(LanePair(lane: lane, position: position, answer: answer))
  }

  /// What is open on the base branch, for a lane that the commit has no scan of.
  private func carried(_ lane: LaneKey) throws -> [GateFinding] {
    let rows = RowReader(view.reader)
    let violations = try view.violations
    return try view.accounts.compactMap { account in
      let state = account.state(at: view.now)
      guard account.lane == lane, state == .open || state == .waived,
        let violation = violations[account.violation]
      else { return nil }
      let finding = try rows.finding(at: violation.last)
      return GateFinding(
        id: violation.id,
        shortID: try view.shortID(violation.id),
        lane: lane,
        state: .unchanged,
        kind: nil,
        basis: nil,
        rule: violation.rule,
        level: violation.level,
        path: violation.last.path,
        region: finding?.region,
        message: try finding.flatMap { try view.reader.text($0.message) },
        isWaived: state == .waived
      )
    }
  }

  private mutating func note(_ lane: LaneKey, _ scans: [ScanFact]) {
    var rules: [String: RuleRecord] = [:]
    for rule in scans.flatMap(\.record.rules) {
      rules[rule.id] = rule
      tags[lane.tool, default: [:]][rule.id] = rule.tags
    }
    tools[lane] = GateTool(
      name: scans.first?.record.toolName ?? lane.tool,
      version: scans.first?.record.toolVersion,
      rules: rules.values.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
    )
  }

  private func isStale(_ time: Timestamp) -> Bool {
    view.asOf.seconds - time.seconds > configuration.staleAfterSeconds
  }

  // MARK: Tests

  private mutating func compareTests(_ base: LaneKey, _ point: BasePoint) throws {
    func positions(_ lane: LaneKey) throws -> [TestPosition] {
      try view.clocks.tests(of: lane).positions
    }
    let known = try positions(base).filter(\.isOnLine)
    let lane = base.on(target.branch)
    if !known.isEmpty { hasBase = true }
    let before = point.last(of: known, commit: \.commit)
    let after = try positions(lane).first { $0.commit == target.commit }
    if after == nil, let last = known.last, isStale(last.time) { return }
    let past = before.map { last in known.filter { $0.index <= last.index } } ?? []
    let absence = TestAbsence(past + [after].compactMap { $0 })
    let pair = TestPair(lane: lane, before: before, after: after, absence: absence)
    let state =
      after == nil
      ? "missing"
      : after?.succeeded == false
        ? "failed"
        : before == nil ? "first" : "compared"
    tests.append(pair)
    lanes.append(
      LanePair(
        lane: lane,
        position: nil,
        answer: GateAnswer.Lane(
          name: lane.description,
          kind: "tests",
          state: state,
          base: before?.commit.description,
          new: pair.broken { _ in true }.count,
          gone: pair.repaired.count,
          open: (after?.states ?? []).count(where: \.outcome.isNotPassing)
        )
      )
    )
  }
}

extension GateGround.TestPair {
  /// Tests that do not pass, and passed before or were not there; sorted.
  func broken(_ counts: (TestState) -> Bool) -> [TestState] {
    guard let after else { return [] }
    let failed = Set((before?.states ?? []).filter(\.outcome.isNotPassing).map(\.id))
    return after.states.filter {
      $0.outcome.isNotPassing && !failed.contains($0.id) && counts($0)
    }
  }

  /// Tests that pass, and did not before; sorted.
  var repaired: [TestState] {
    let failed = Set((before?.states ?? []).filter(\.outcome.isNotPassing).map(\.id))
    return (after?.states ?? []).filter { $0.outcome == .passed && failed.contains($0.id) }
  }
}

extension LaneKey {
  /// The same lane on another branch.
  func on(_ branch: String) -> LaneKey {
    LaneKey(project: project, tool: tool, category: category, branch: branch)
  }
}

/// Finds the last position of a lane of the base branch that the change is built on.
final class BasePoint {
  private let base: GateBase
  private let target: Target
  private let ancestors: Set<CommitID>
  /// False once a lane had positions, and none at or before the point.
  private(set) var isExact = true

  init(base: GateBase, target: Target, reader: LedgerReader) {
    self.base = base
    self.target = target
    var known = base.ancestors
    // The journal may know more than a shallow clone.
    var stack = [base.commit].compactMap { $0 }
    var seen: Set<CommitID> = []
    while let next = stack.popLast(), seen.count < 20_000 {
      guard seen.insert(next).inserted else { continue }
      stack += (try? reader.commit(next)?.parents) ?? []
    }
    known.formUnion(seen)
    ancestors = known
  }

  func last<Position>(
    of positions: [Position],
    commit: (Position) -> CommitID
  ) -> Position? {
    if base.kind == .previous {
      let place = positions.lastIndex { commit($0) == target.commit } ?? positions.endIndex
      return positions[..<place].last
    }
    if let found = positions.last(where: { ancestors.contains(commit($0)) }) { return found }
    if !positions.isEmpty { isExact = false }
    return positions.last
  }
}
