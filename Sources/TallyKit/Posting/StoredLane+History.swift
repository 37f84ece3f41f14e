public import TallyBooks
public import TallyLedger
public import TallyModel

/// A lane of the ledger is what TallyBooks posts into.
extension StoredLane: LaneHistory {
  /// Asks for each list by its index: the cost does not grow with what was ever closed.
  public func absentViolations(_ query: AbsentQuery) throws -> [Violation] {
    var result: [ViolationID: Violation] = [:]
    let lists = [
      try latestAbsent(rule: query.rule, in: query.paths, limit: query.nearLimit),
      try latestAbsent(
        rule: query.rule,
        messages: query.messages,
        state: .closed,
        limit: query.closedLimit
      ),
      try latestAbsent(
        rule: query.rule,
        messages: query.messages,
        state: .suppressed,
        limit: query.suppressedLimit
      ),
    ]
    for violation in lists.joined() { result[violation.id] = violation }
    return result.values.sorted { $0.id < $1.id }
  }
}
