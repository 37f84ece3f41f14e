public import TallyModel

extension FlowBook {
  /// Counts accounts by subject: each under the rule and level that `title` has for its violation; nil leaves it out.
  public init(
    accounts: [ViolationAccount],
    title: (ViolationID) throws -> (rule: String, level: Level)?
  ) rethrows {
    self.init()
    for account in accounts {
      guard let (rule, level) = try title(account.violation) else { continue }
      add(account, rule: rule, level, times: 1)
    }
  }

  /// Adds one account, so many times; below zero to take it back.
  public mutating func add(
    _ account: ViolationAccount,
    rule: String,
    _ level: Level,
    times count: Int32
  ) {
    guard let first = account.postings.first else { return }
    var tracker = FlowTracker(isOpen: false, path: first.path)
    for event in account.events {
      let known = tracker.steps.count
      let (position, time): (Int?, Timestamp)
      switch event {
      case .posting(let posting):
        (position, time) = (posting.position, posting.time)
        tracker.post(posting)
      case .move(let move):
        (position, time) = (move.position, move.time)
        tracker.move(to: move.path)
      }
      for step in tracker.steps[known...] {
        add(step, of: account.lane, at: position, time, rule: rule, level, times: count)
      }
    }
  }
}
