import TallyReport

/// Contexts that stand for what reports meet, each made of facts only.
enum SampleContexts {
  static let all: [(name: String, context: ReportContext)] = [
    ("full", full), ("empty", empty), ("one-scan", oneScan), ("finished", finished),
    ("very-large", veryLarge), ("hostile", hostile), ("several", several),
  ]

  /// The story of the Redis campaign: 43 at the baseline, 34 now, 12 / 15 / 7 by priority.
  static var full: ReportContext {
    var context = ReportContext()
    context.project.name = "netra"
    context.project.url = "https://github.com/example/netra"
    context.campaign = fullCampaign
    context.statement = fullStatement
    context.priorities = fullPriorities
    context.commits = fullCommits
    context.tests = fullTests
    context.components = [
      component("Backend", open: 11, tests: 31, "passing"),
      component("WebSocket", open: 0, tests: 18, "passing"),
      component("Auth service", open: 4, tests: 12, "failing"),
      component("Shared helpers", open: 0, tests: 0, "unknown"),
    ]
    context.metrics = fullMetrics
    context.nextSteps = [
      step("netra_backend/app/agents/supervisor/execution_engine.py", 5, 29, "Agent execution"),
      step("netra_backend/app/startup/profilers.py", 4, 25, "Service initialization"),
      step("tests/conftest.py", 1, 24, "Test infrastructure"),
    ]
    context.narrative.fiveWhys =
      "1. **Why are 34 clients still built outside the managers?** They run before one exists."
    context.narrative.business = "Chat fails in as many ways as there are clients."
    context.narrative.assessment = "The websocket layer is finished."
    context.narrative.recommendation = "Go on, one service at a time."
    context.narrative.nextSteps = "- Decide about the load probe; its waiver has run out."
    context.criteria.items = [
      .init(title: "Reduce violations to zero", state: "not met", evidence: "34 are open"),
      .init(title: "Every test passes", state: "not met", evidence: "1 of 62 failed"),
      .init(
        title: "Memory stays at or below the baseline",
        state: "met",
        evidence: "rss_mb is 391, 421 at the baseline"
      ),
      .init(
        title: "Operations signed off the failover drill",
        state: "unknown",
        evidence: "nobody has attested failover-drill"
      ),
    ]
    context.waivers.items = fullWaivers
    context.attestations.items = [
      attestation("load-test", "Tomas Lind", "500 users for an hour", until: "2026-11-18"),
      attestation("threat-model", "Priya Halvorsen", "Reviewed with security", until: "2027-03-01"),
    ]
    context.verification.isDone = true
    context.change = fullChange
    context.since = fullSince
    context.weeks = fullWeeks
    context.forecast = fullForecast
    context.owners = fullOwners
    context.violations = fullOpen
    context.moreViolations.count = 29
    context.oldest = [
      oldest("T-7K3QF2", "netra_backend/app/agents/registry.py", 74), oldest("T-0AB8XZ", "", 74),
    ]
    context.suppressions.count = 1
    context.suppressions.added = 1
    context.suppressions.files = [.init(path: "netra_backend/app/core/failover.py", count: 1)]
    context.warnings = ["The scan of ruff/ssot@main on 2026-10-27 failed; it closed nothing."]
    context.lanes = fullLanes
    context.trend.points = fullTrend
    context.footer = fullFooter
    return context
  }

  private static var fullCampaign: ReportContext.Campaign {
    var campaign = ReportContext.Campaign()
    campaign.id = "redis-ssot"
    campaign.issue = "226"
    campaign.issueURL = "https://github.com/example/netra/issues/226"
    campaign.title = "Redis SSOT remediation"
    campaign.summary = "Every service asks its one Redis manager for a client."
    campaign.selection = "rule TID251 on main"
    campaign.hasScans = true
    campaign.baseline.isKnown = true
    campaign.baseline.count = 43
    campaign.baseline.commit = "61d2fab2caccf7f7fe37b8bf00300474892bc68f"
    campaign.baseline.time = "2026-09-07T09:00:00Z"
    campaign.open = 34
    campaign.fixed = 14
    campaign.deleted = 2
    campaign.introduced = 6
    campaign.reopened = 1
    campaign.waived = 1
    campaign.lastClosed = "2026-11-18T10:20:00Z"
    campaign.due.date = "2026-12-18"
    return campaign
  }

  private static var fullStatement: ReportContext.Statement {
    var statement = ReportContext.Statement()
    statement.isKnown = true
    statement.fromDate = "2026-09-07"
    statement.fromCommit = "61d2fab2c"
    statement.toDate = "2026-11-20"
    statement.toCommit = "a7a37eea5"
    statement.opening = 43
    statement.linesIn = [
      .init(cause: "introduced", count: 6, basis: "6 direct"),
      .init(cause: "surfaced", count: 2, basis: "2 assumed"),
      .init(cause: "reopened", count: 1, basis: "1 direct"),
    ]
    statement.linesOut = [
      .init(cause: "fixed", count: 14, basis: "13 direct, 1 indirect"),
      .init(cause: "deleted", count: 2, basis: "2 direct"),
      .init(cause: "suppressed", count: 1, basis: "1 direct"),
      .init(cause: "waived", count: 1),
    ]
    statement.closing = 34
    return statement
  }

  static func priority(
    _ id: String,
    _ title: String,
    _ count: Int,
    was baseline: Int,
    files: [(String, Int)]
  ) -> ReportContext.Priority {
    var priority = ReportContext.Priority()
    priority.id = id
    priority.title = title
    priority.count = count
    priority.baselineCount = baseline
    priority.files = files.map { .init(path: $0.0, count: $0.1) }
    return priority
  }

  private static var fullPriorities: [ReportContext.Priority] {
    var agents = priority(
      "P1",
      "Agent execution",
      12,
      was: 14,
      files: [
        ("netra_backend/app/agents/supervisor/execution_engine.py", 5),
        ("netra_backend/app/services/state_persistence_optimized.py", 4),
        ("netra_backend/app/agents/registry.py", 3),
      ]
    )
    agents.impact = "Quality of the answers agents give"
    agents.risk = "medium"
    agents.oldestID = "T-7K3QF2"
    agents.oldestDays = 74
    var services = priority(
      "P2",
      "Service initialization",
      15,
      was: 22,
      files: [
        ("netra_backend/app/startup/profilers.py", 4), ("auth_service/main.py", 3),
        ("auth_service/auth_core/tokens.py", 3), ("netra_backend/app/core/overrides.py", 2),
        ("netra_backend/app/core/a.py", 1), ("netra_backend/app/core/b.py", 1),
        ("shared/lock.py", 1),
      ]
    )
    services.impact = "Services that start, and find Redis when they do"
    services.risk = "medium"
    services.oldestID = "T-0AB8XZ"
    services.oldestDays = 74
    var tests = priority("P3", "Test infrastructure", 7, was: 7, files: [("tests/conftest.py", 7)])
    tests.risk = "low"
    tests.oldestID = "T-M4Q9T1"
    tests.oldestDays = 1
    return [agents, services, tests, priority("unassigned", "", 0, was: 0, files: [])]
  }

  static func commit(
    _ sha: String,
    _ subject: String,
    _ date: String,
    closed: Int = 0,
    opened: Int = 0
  ) -> ReportContext.Commit {
    var commit = ReportContext.Commit()
    commit.sha = sha
    commit.subject = subject
    commit.time = date
    commit.closed = closed
    commit.opened = opened
    return commit
  }

  private static var fullCommits: [ReportContext.Commit] {
    var state = commit(
      "a7a37eea5c0f0d7a1b2c3d4e5f60718293a4b5c6",
      "fix(services): Flush the state of agents through the manager (#226)",
      "2026-11-18T10:20:00Z",
      closed: 3
    )
    state.mentionsIssue = true
    state.url = "https://github.com/example/netra/commit/\(state.sha)"
    var range = commit(
      "fa9ba7781e0f0d7a1b2c3d4e5f60718293a4b5c6",
      "Merge branch 'shared-consolidation'",
      "2026-10-20T08:00:00Z",
      closed: 4,
      opened: 1
    )
    range.isRange = true
    range.rangeFrom = "c0ffee123"
    let hotfix = commit(
      "36301685f00f0d7a1b2c3d4e5f60718293a4b5c6",
      "fix(auth): Give log-ins a connection of their own",
      "2026-10-13T08:00:00Z",
      opened: 1
    )
    let notes = commit(
      "0123456789abcdef0123456789abcdef01234567",
      "docs(redis): Say what is left of #226",
      "2026-09-29T08:00:00Z"
    )
    return [state, range, hotfix, notes]
  }

  private static var fullTests: ReportContext.Tests {
    var suite = ReportContext.TestSuite()
    suite.name = "pytest@main"
    suite.commit = "a7a37eea5c0f0d7a1b2c3d4e5f60718293a4b5c6"
    suite.time = "2026-11-18T10:20:00Z"
    suite.passed = 59
    suite.failed = 1
    suite.skipped = 1
    suite.flaky = 1
    var tests = ReportContext.Tests()
    tests.suites = [suite]
    tests.isCompared = true
    tests.points = [
      .init(time: "2026-09-07", passed: 40, total: 44),
      .init(time: "2026-10-13", passed: 50, total: 58),
      .init(time: "2026-11-18T10:20:00Z", passed: 59, total: 61),
    ]
    tests.repaired = ["tests/websocket/test_presence::test_survives_restart"]
    tests.failingNames = ["tests/auth/test_tokens::test_second_connection"]
    tests.flakyNames = ["tests/websocket/test_events::test_replay_order"]
    return tests
  }

  static func component(
    _ name: String,
    open: Int,
    tests: Int,
    _ state: String
  ) -> ReportContext.Component {
    var component = ReportContext.Component()
    component.name = name
    component.open = open
    component.tests = tests
    component.testsState = state
    component.baselineCount = open + 2
    return component
  }

  private static var fullMetrics: [ReportContext.Metric] {
    var memory = ReportContext.Metric()
    memory.name = "rss_mb"
    memory.title = "Resident memory"
    memory.unit = "MB"
    memory.baseline = "421"
    memory.current = "391"
    memory.change = "-30"
    memory.target = "360"
    memory.isBetter = true
    memory.points = [
      .init(time: "2026-09-07", value: "421"), .init(time: "2026-10-01", value: "433.5"),
      .init(time: "2026-11-18", value: "391"),
    ]
    var latency = ReportContext.Metric()
    latency.name = "connect_ms"
    latency.title = "Time to connect"
    latency.unit = "ms"
    latency.current = "12.5"
    return [memory, latency]
  }

  static func step(
    _ path: String,
    _ count: Int,
    _ left: Int,
    _ priority: String
  ) -> ReportContext.NextStep {
    var step = ReportContext.NextStep()
    step.isFile = true
    step.subject = path
    step.count = count
    step.resultingOpen = 34 - count
    step.runningOpen = left
    step.priority = priority
    return step
  }

  private static var fullWaivers: [ReportContext.Waiver] {
    var ended = ReportContext.Waiver()
    ended.owner = "Priya Halvorsen <priya@netra.example>"
    ended.reason = "The load probe is rewritten in November"
    ended.from = "2026-10-15"
    ended.until = "2026-11-15"
    ended.entry = "0a11" + String(repeating: "0", count: 60)
    ended.violations = ["T-L04D01"]
    ended.count = 1
    var soon = ReportContext.Waiver()
    soon.owner = "Tomas Lind <tomas@netra.example>"
    soon.reason = "Needs a vendor fix"
    soon.from = "2026-11-01"
    soon.until = "2026-12-01"
    soon.entry = "0a12" + String(repeating: "0", count: 60)
    soon.violations = ["T-V3ND0R"]
    soon.count = 1
    return [ended, soon]
  }

  private static var fullLanes: [ReportContext.Lane] {
    var scan = ReportContext.Lane()
    scan.name = "ruff/ssot@main"
    scan.commit = "a7a37eea5c0f0d7a1b2c3d4e5f60718293a4b5c6"
    scan.time = "2026-11-18T10:20:00Z"
    scan.ageDays = 2
    var tests = scan
    tests.name = "pytest@main"
    tests.isStale = true
    tests.ageDays = 20
    var missing = ReportContext.Lane()
    missing.name = "bandit@main"
    missing.isMissing = true
    return [missing, tests, scan]
  }

  private static var fullTrend: [ReportContext.TrendPoint] {
    let counts: [(String, Int, [Int])] = [
      ("2026-09-07", 43, [14, 22, 7]), ("2026-09-15", 44, [15, 22, 7]),
      ("2026-09-22", 40, [14, 19, 7]), ("2026-10-05", 39, [14, 18, 7]),
      ("2026-10-13", 41, [14, 20, 7]), ("2026-10-20", 38, [14, 17, 7]),
      ("2026-11-03", 37, [14, 16, 7]), ("2026-11-18", 34, [12, 15, 7]),
    ]
    return counts.map { .init(time: $0.0, open: $0.1, byPriority: $0.2) }
  }

  static var fullFooter: ReportContext.Footer {
    var footer = ReportContext.Footer()
    footer.asOf = "2026-11-20T08:00:00Z"
    footer.entries = 1204
    footer.root = "9f3c41d2a7b05e6c88990011223344556677889900aabbccddeeff0011223344"
    footer.configDigest = "c0ffee00112233445566778899aabbccddeeff00112233445566778899aabbcc"
    footer.campaign = "redis-ssot"
    footer.template = "status-update.md"
    footer.templateDigest = "0badcafe00112233445566778899aabbccddeeff00112233445566778899aabb"
    footer.generator = "tally 0.1.0"
    return footer
  }
}
