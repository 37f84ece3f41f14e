import TallyModel
import TallyReport

extension SampleContexts {
  /// A campaign of which nothing is known yet.
  static var empty: ReportContext {
    var context = ReportContext()
    context.project.name = "fresh"
    context.campaign.id = "cleanup"
    context.campaign.title = "Clean-up"
    context.campaign.due.date = "2026-12-31"
    context.footer.asOf = "2026-11-20T08:00:00Z"
    context.footer.generator = "tally 0.1.0"
    return context
  }

  /// The first scan is the baseline: nothing has moved.
  static var oneScan: ReportContext {
    var context = empty
    context.campaign.hasScans = true
    context.campaign.open = 1
    context.campaign.baseline.isKnown = true
    context.campaign.baseline.count = 1
    context.campaign.baseline.time = "2026-11-20"
    context.statement.isKnown = true
    context.statement.fromDate = "2026-11-20"
    context.statement.toDate = "2026-11-20"
    context.statement.opening = 1
    context.statement.closing = 1
    context.priorities = [priority("unassigned", "", 1, was: 1, files: [("src/main.c", 1)])]
    context.priorities[0].oldestID = "T-7K3QF2"
    context.forecast = earlyForecast(weeks: 0)
    context.nextSteps = [step("src/main.c", 1, 0, "")]
    context.violations = [open("T-7K3QF2", "unassigned", "src/main.c", 3)]
    context.change = firstChange
    context.verification.isDone = true
    context.verification.findings = ["entry 1 does not hash to its id [entry.hash]"]
    context.trend.points = [.init(time: "2026-11-20", open: 1)]
    var lane = ReportContext.Lane()
    lane.name = "clang-tidy@main"
    lane.commit = "0123456789abcdef0123456789abcdef01234567"
    lane.time = "2026-11-20"
    context.lanes = [lane]
    context.footer.entries = 1
    context.footer.root = "ab" + String(repeating: "0", count: 62)
    return context
  }

  /// Nothing is open, and every criterion is met.
  static var finished: ReportContext {
    var context = full
    context.campaign.open = 0
    context.campaign.fixed = 43
    context.campaign.deleted = 0
    context.campaign.introduced = 0
    context.campaign.reopened = 0
    context.campaign.waived = 0
    context.statement.linesIn = []
    context.statement.linesOut = [.init(cause: "fixed", count: 43, basis: "43 direct")]
    context.statement.closing = 0
    for index in context.priorities.indices {
      context.priorities[index].count = 0
      context.priorities[index].files = []
      context.priorities[index].oldestID = ""
    }
    context.tests.suites[0].passed = 62
    context.tests.suites[0].failed = 0
    context.tests.suites[0].skipped = 0
    context.tests.suites[0].flaky = 0
    context.tests.failingNames = []
    context.tests.flakyNames = []
    context.components = [component("Backend", open: 0, tests: 62, "passing")]
    context.nextSteps = []
    context.narrative = .init()
    for index in context.criteria.items.indices { context.criteria.items[index].state = "met" }
    context.criteria.items[0].evidence = "nothing is open"
    context.waivers = .init()
    context.attestations = .init()
    context.change = quietChange
    context.forecast.isKnown = false
    context.forecast.points = []
    context.since.closing = 0
    context.since.lines = [.init(cause: "fixed", count: 37)]
    context.since.worse = []
    context.since.people = [person("Mara Okafor", 37, 0)]
    context.weeks[context.weeks.count - 1] = week("2026-11-16", [36, 36, 0, 0], isOver: false)
    context.trend.points[context.trend.points.count - 1].open = 0
    let empty = context.priorities.map { _ in 0 }
    context.trend.points[context.trend.points.count - 1].byPriority = empty
    context.tests.points[context.tests.points.count - 1].passed = 62
    context.tests.points[context.tests.points.count - 1].total = 62
    context.owners = []
    context.oldest = []
    context.violations = []
    context.moreViolations = .init()
    context.suppressions = .init()
    context.warnings = []
    context.lanes = [context.lanes[2]]
    return context
  }

  /// 100,000 open violations in 20,000 files, 3,000 commits, 5,000 failing tests.
  static var veryLarge: ReportContext {
    var context = empty
    context.campaign.title = "Everything at once"
    context.campaign.hasScans = true
    context.campaign.open = 100_000
    context.campaign.target = 50_000
    context.campaign.baseline.isKnown = true
    context.campaign.baseline.isDeclared = true
    context.campaign.baseline.count = 100_300
    context.campaign.baseline.ledgerCount = 100_303
    context.campaign.baseline.time = "2026-10-01"
    context.campaign.fixed = 9_300
    context.campaign.introduced = 9_000
    context.campaign.lastClosed = "2026-11-19"
    let files = (0..<20_000).map { (path: "src/module\($0)/file.c", count: 5) }
    context.priorities = [
      priority("P1", "Everything", 100_000, was: 100_303, files: files.map { ($0.path, $0.count) })
    ]
    context.commits = (0..<3_000).map { index in
      commit(
        String(repeating: "0", count: 36) + String(1000 + index),
        "Change number \(index)",
        "2026-11-01",
        closed: 3,
        opened: 3
      )
    }
    context.nextSteps = files.prefix(100).enumerated().map { index, file in
      step(file.path, file.count, 100_000 - 5 * (index + 1), "Everything")
    }
    context.tests.suites = (0..<1).map { _ in
      var suite = ReportContext.TestSuite()
      suite.name = "ctest@main"
      suite.commit = String(repeating: "a", count: 40)
      suite.time = "2026-11-19"
      suite.passed = 40_000
      suite.failed = 5_000
      suite.skipped = 1_200
      return suite
    }
    context.tests.isCompared = true
    context.tests.broke = (0..<4_000).map { "suite/test\($0)::works" }
    context.tests.failingNames = (0..<5_000).map { "suite/test\($0)::works" }
    context.change = largeChange
    context.since = fullSince
    context.since.commits = context.commits
    context.since.people = (0..<300).map { person("Person \($0)", 30, 10) }
    context.since.worse = files.prefix(900).map { worse($0.path, 2, $0.count) }
    context.since.definitions = (0..<40).map { "+\($0 + 1) in P1 by redefining the priorities" }
    context.violations = (0..<25).map { open("T-B\(10_000 + $0)", "P1", files[$0 / 5].path, $0) }
    context.moreViolations.count = 99_975
    context.owners = (0..<5_000).map { owner("@team-\($0)", 20, was: 21) }
    context.oldest = files.map { oldest("T-OLD001", $0.path, 400) }
    let monday = Timestamp(seconds: 1_478_476_800)
    context.weeks = (0..<524).map { index in
      let start = monday.adding(seconds: Int64(index) * 7 * 86_400)
      let counts = [100_524 - index, 20 + index % 7, 19 + index % 7, 100_523 - index]
      return week(start.dateText, counts, isOver: index < 523)
    }
    context.verification.isDone = true
    context.verification.findings = (1...400).map { "row \($0) of entry has no leaf [log.row]" }
    context.waivers.items = (1...500).map { index in
      var waiver = ReportContext.Waiver()
      waiver.owner = "Team \(index)"
      waiver.reason = "Wait for the vendor"
      waiver.from = "2026-10-01"
      waiver.until = "2027-01-01"
      waiver.violations = (0..<(index == 1 ? 13 : 2)).map { "T-W\(1_000 * index + $0)" }
      waiver.count = waiver.violations.count
      return waiver
    }
    context.warnings = (0..<50).map { "Something odd happened in shard \($0)." }
    context.trend.points = (0..<5_000).map { index in
      let time = Timestamp(seconds: 1_790_000_000 + Int64(index) * 1000)
      return .init(time: time.iso8601, open: 100_303 - index * 303 / 4_999)
    }
    context.forecast = madeForecast(gone: 26_000, came: 25_900)
    context.footer.entries = 1_000_000
    return context
  }

  /// Text from scanners, tests and git that tries to be more than text.
  static let hostileText =
    "@everyone | `x` [x](javascript:alert(1)) <script>alert('1')</script> =cmd() "
    + "\u{1B}[31m {{campaign.title}} \u{202E}txt\u{202C} #123 www.evil.example "
    + "https://evil.example/\n# heading \\ **b** __b__ a_b &lt; $x$"

  /// The full story with hostile strings wherever text comes from outside.
  static var hostile: ReportContext {
    var context = full
    let text = hostileText
    context.project.name = text
    context.campaign.title = text
    context.campaign.summary = text
    context.campaign.selection = text
    for index in context.priorities.indices {
      context.priorities[index].title = text
      context.priorities[index].impact = text
      context.priorities[index].risk = text
      for file in context.priorities[index].files.indices {
        context.priorities[index].files[file].path = text
      }
    }
    for index in context.commits.indices { context.commits[index].subject = text }
    context.tests.suites[0].name = text
    context.tests.repaired = [text]
    context.tests.failingNames = [text]
    context.tests.flakyNames = [text]
    context.tests.vanished = [text]
    context.tests.vanishedCount = 1
    context.tests.missing = [text]
    context.tests.missingCount = 1
    context.tests.broke = [text]
    for index in context.components.indices { context.components[index].name = text }
    for index in context.metrics.indices {
      context.metrics[index].title = text
      context.metrics[index].unit = text
    }
    for index in context.nextSteps.indices { context.nextSteps[index].subject = text }
    for index in context.criteria.items.indices {
      context.criteria.items[index].title = text
      context.criteria.items[index].evidence = text
    }
    for index in context.waivers.items.indices {
      context.waivers.items[index].owner = text
      context.waivers.items[index].reason = text
    }
    for index in context.attestations.items.indices {
      context.attestations.items[index].criterion = text
      context.attestations.items[index].owner = text
      context.attestations.items[index].reason = text
    }
    context.campaign.status.overridden.id = "at-risk"
    context.campaign.status.overridden.owner = text
    context.campaign.status.overridden.reason = text
    context.campaign.status.overridden.until = "2026-12-01"
    context.verification.findings = [text]
    for index in context.since.commits.indices { context.since.commits[index].subject = text }
    for index in context.since.people.indices { context.since.people[index].name = text }
    for index in context.since.worse.indices { context.since.worse[index].subject = text }
    for index in context.since.flips.indices { context.since.flips[index].title = text }
    context.since.definitions = [text]
    for index in context.owners.indices { context.owners[index].name = text }
    for index in context.oldest.indices { context.oldest[index].path = text }
    context.change.branch = text
    context.change.base = text
    for index in context.change.checks.indices {
      context.change.checks[index].title = text
      context.change.checks[index].found = text
      context.change.checks[index].remedy = text
    }
    for index in context.change.added.items.indices {
      context.change.added.items[index].path = text
      context.change.added.items[index].rule = text
      context.change.added.items[index].message = text
    }
    context.change.added.items[0].url = "javascript:alert(1)"
    context.change.lanes[0].name = text
    context.suppressions.files[0].path = text
    for index in context.violations.indices {
      context.violations[index].rule = text
      context.violations[index].path = text
      context.violations[index].message = text
      context.violations[index].owner = text
    }
    context.violations[0].url = "javascript:alert(1)"
    context.warnings = [text]
    for index in context.lanes.indices { context.lanes[index].name = text }
    return context
  }
}
