import TallyBooks
import TallyModel
import TallyReport

/// Holds the balance after a change against a budget.
struct GateBudget {
  let ground: GateGround
  let selector: GateSelector

  init(_ ground: GateGround, _ selector: GateSelector) {
    self.ground = ground
    self.selector = selector
  }

  func check(_ budget: GatePolicy.Budget) throws -> GateAnswer.Check {
    let open = ground.findings.filter {
      ($0.state == .new || $0.state == .unchanged) && !$0.isWaived
        && selector.takes(budget.filter, $0)
    }
    let came = open.filter { $0.state == .new }
    let lowest = budget.isRatchet ? try self.lowest(budget) : nil
    let limit = [budget.atMost, lowest].compactMap { $0 }.min()
    let words = budget.filter.words
    let name = budget.title ?? (words.isEmpty ? "all violations" : words)
    guard let limit else {
      return GateAnswer.Check(
        policy: "budgets",
        title: "budget: \(name)",
        state: .undecided,
        found: "\(open.count) open, but '\(ground.base.branch)' has no balance to follow",
        remedy: "record a scan of '\(ground.base.branch)', or write at_most",
        violations: []
      )
    }
    var check = GateAnswer.Check(
      policy: "budgets",
      title: "budget: \(name): at most \(limit)",
      state: open.count > limit ? .fail : .pass,
      found: "\(open.count) open",
      violations: open.count > limit ? came.map(\.shortID) : []
    )
    if let lowest, lowest < budget.atMost ?? .max {
      check.title += " (the lowest of '\(ground.base.branch)' so far)"
    }
    if check.state == .fail {
      let gone = ground.findings.count {
        $0.state == .absent && selector.takes(budget.filter, $0)
      }
      let before = open.count - came.count + gone
      check.found += ", \(before) before the change"
      check.remedy = "close \(open.count - limit) more"
    }
    return check
  }

  /// The lowest balance of the base branch at a scan up to the point that is compared with; nil before the first scan.
  ///
  /// Waived ones count, for they are not closed.
  private func lowest(_ budget: GatePolicy.Budget) throws -> Int? {
    var ends: [LaneKey: LanePosition] = [:]
    for pair in ground.lanes {
      if let position = pair.position { ends[pair.lane.on(ground.base.branch)] = position }
    }
    // Before the last of the lanes had its first scan the sum is of less than all.
    let firsts = ends.keys.compactMap { key in
      ground.view.lanes.first { $0.lane == key }?.positions.first { $0.onLine }?.time
    }
    guard var start = firsts.max() else { return nil }
    if let since = budget.since { start = max(start, since) }
    var steps: [Timestamp: Int] = [:]
    let violations = try ground.view.violations
    for account in try ground.view.accounts {
      guard let end = ends[account.lane],
        let violation = violations[account.violation]
      else { continue }
      let postings = account.postings.filter { posting in
        guard let position = posting.position, position <= end.index else { return false }
        return posting.kind != .waived && posting.kind != .unwaived
      }
      let moves = account.moves.filter { $0.position <= end.index }
      var isOpen = false
      var counted = false
      for event in ViolationAccount(postings: postings, moves: moves)?.timeline ?? [] {
        isOpen = event.isOpen ?? isOpen
        let counts =
          isOpen
          && selector.takes(
            budget.filter,
            rule: violation.rule,
            level: violation.level,
            path: event.path,
            tool: violation.lane.tool
          )
        if counts != counted { steps[event.time, default: 0] += counts ? 1 : -1 }
        counted = counts
      }
    }
    var balance = steps.reduce(0) { $0 + ($1.key <= start ? $1.value : 0) }
    var lowest = balance
    for (time, step) in steps.sorted(by: { $0.key < $1.key }) where time > start {
      balance += step
      lowest = min(lowest, balance)
    }
    return lowest
  }
}
