import TallyReport

extension SampleContexts {
  private static let site = "https://github.com/example/netra"
  private static let head = "c0ffee1230f00d7a1b2c3d4e5f60718293a4b5c6"

  static func item(
    _ id: String,
    _ cause: String,
    _ path: String,
    _ line: Int,
    _ message: String
  ) -> ReportContext.ChangeItem {
    var item = ReportContext.ChangeItem()
    item.id = id
    item.cause = cause
    item.rule = "TID251"
    item.level = "error"
    item.path = path
    item.line = line
    item.message = message
    item.url = path.isEmpty ? "" : "\(site)/blob/\(head)/\(path)#L\(line)"
    return item
  }

  private static func check(
    _ title: String,
    _ state: String,
    _ found: String,
    _ remedy: String = ""
  ) -> ReportContext.Check {
    var check = ReportContext.Check()
    check.title = title
    check.state = state
    check.found = found
    check.remedy = remedy
    return check
  }

  private static func lane(
    _ name: String,
    _ state: String,
    added: Int = 0,
    removed: Int = 0,
    isTests: Bool = false
  ) -> ReportContext.ChangeLane {
    var lane = ReportContext.ChangeLane()
    lane.name = name
    lane.state = state
    lane.added = added
    lane.removed = removed
    lane.isTests = isTests
    return lane
  }

  /// Two added, of which one is waived, three removed, one silenced; a lane without a scan.
  static var fullChange: ReportContext.Change {
    var change = ReportContext.Change()
    change.hasChange = true
    change.branch = "flush-state"
    change.commit = head
    change.commitURL = "\(site)/commit/\(head)"
    change.base = "main"
    change.baseCommit = "a7a37eea5c0f0d7a1b2c3d4e5f60718293a4b5c6"
    change.comparedWith = "merge base"
    change.decision = "fail"
    change.policies = "tally.yml of main at a7a37eea5"
    change.checks = [
      check("a scan of c0ffee123", "pass", "1 of 2 lanes"),
      check(
        "no new violations",
        "fail",
        "1 new, 1 waived",
        "fix it, or accept the risk: tally waive T-N00001 --why TEXT --until DATE"
      ), check("suppressions", "warn", "1 added"),
    ]
    var waived = item("T-N00002", "introduced", "shared/lock.py", 3, "redis.asyncio is banned")
    waived.isWaived = true
    change.added.items = [
      item("T-N00001", "introduced", "auth_service/main.py", 41, "redis.Redis is banned"), waived,
    ]
    change.removed.items = [
      item("T-7K3QF2", "fixed", "netra_backend/app/registry.py", 12, "redis.Redis is banned"),
      item("T-0AB8XZ", "fixed", "netra_backend/app/registry.py", 30, "redis.Redis is banned"),
      item("T-M4Q9T1", "deleted", "tests/conftest.py", 8, ""),
    ]
    change.silenced.items = [
      item("T-N00003", "suppressed", "netra_backend/app/core/failover.py", 9, "redis is banned")
    ]
    change.lanes = [
      lane("bandit@flush-state", "missing"),
      lane("ruff/ssot@flush-state", "compared", added: 2, removed: 3),
      lane("pytest@flush-state", "compared", removed: 1, isTests: true),
    ]
    return change
  }

  /// A change that adds and removes nothing.
  static var quietChange: ReportContext.Change {
    var change = fullChange
    change.commitURL = ""
    change.decision = "pass"
    change.checks = [check("no new violations", "pass", "0 new")]
    change.added = .init()
    change.removed = .init()
    change.silenced = .init()
    change.lanes = [lane("ruff/ssot@flush-state", "compared")]
    return change
  }

  /// The first scan of a branch that has nothing to compare with: one violation, no address.
  static var firstChange: ReportContext.Change {
    var change = quietChange
    change.baseCommit = ""
    change.comparedWith = "newest"
    change.decision = "undecided"
    change.checks = [
      check("a scan of c0ffee123", "undecided", "0 of 1 lane", "record a scan that finished")
    ]
    change.added.items = [item("T-N00001", "brought forward", "src/main.c", 1, "unused variable")]
    change.added.items[0].url = ""
    change.lanes = [lane("clang-tidy@flush-state", "first")]
    return change
  }

  /// 3,000 added and 50,000 removed.
  static var largeChange: ReportContext.Change {
    var change = fullChange
    change.added.items = (0..<3_000).map { index in
      item("T-N\(10_000 + index)", "introduced", "src/module\(index)/file.c", 7, "unused variable")
    }
    change.removed.items = (0..<50_000).map { index in
      item("T-R\(10_000 + index)", "fixed", "src/module\(index)/file.c", 9, "unused variable")
    }
    return change
  }

  static func attestation(
    _ criterion: String,
    _ owner: String,
    _ reason: String,
    until: String
  ) -> ReportContext.Attestation {
    var attestation = ReportContext.Attestation()
    attestation.criterion = criterion
    attestation.owner = owner
    attestation.reason = reason
    attestation.from = "2026-09-01"
    attestation.until = until
    attestation.entry = "5eed" + String(repeating: "0", count: 60)
    return attestation
  }
}
