import TallyReport
import Testing

/// How facts become words and numbers.
@Suite("The context")
struct ContextTests {
  private func campaign(
    _ baseline: Int,
    _ open: Int,
    _ change: (inout ReportContext) -> Void = { _ in }
  ) -> ReportContext.Campaign {
    var context = ReportContext()
    context.campaign.hasScans = true
    context.campaign.baseline.isKnown = true
    context.campaign.baseline.count = baseline
    context.campaign.baseline.time = "2026-09-01"
    context.campaign.open = open
    context.campaign.fixed = max(0, baseline - open)
    context.campaign.lastClosed = "2026-11-10"
    context.campaign.due.date = "2026-12-01"
    context.forecast = SampleContexts.earlyForecast(weeks: 0)
    context.footer.asOf = "2026-11-20T08:00:00Z"
    change(&context)
    context.derive()
    return context.campaign
  }

  @Test(
    "percent is honest",
    arguments: [
      (43, 34, 21, "21 %", true), (200, 199, 1, "1 %", true), (1000, 999, 1, "under 1 %", true),
      (1000, 1, 99, "over 99 %", true), (1000, 0, 100, "100 %", true), (8, 7, 13, "13 %", true),
      (0, 5, 0, "0 %", false), (0, 0, 0, "0 %", false), (10, 10, 0, "0 %", false),
      (10, 25, 150, "150 %", true), (3, 2, 33, "33 %", true), (200, 1, 99, "over 99 %", true),
    ]
  )
  func percent(_ baseline: Int, _ open: Int, _ percent: Int, _ text: String, _ has: Bool) {
    let campaign = campaign(baseline, open)
    #expect(campaign.percent == percent)
    #expect(campaign.percentText == text)
    #expect(campaign.hasPercent == has)
  }

  @Test("status follows from counts and dates, and says how")
  func status() throws {
    var lines: [String] = []
    func add(_ name: String, _ campaign: ReportContext.Campaign) {
      lines.append("\(name): \(campaign.status.id) / \(campaign.status.title)")
      lines.append("  \(campaign.status.reason)")
    }
    add("nothing scanned", campaign(0, 0) { $0.campaign.hasScans = false })
    add("finished", campaign(43, 0))
    add("at the target", campaign(43, 5) { $0.campaign.target = 5 })
    add("one left at the target", campaign(43, 1) { $0.campaign.target = 1 })
    add("past due", campaign(43, 1) { $0.campaign.due.date = "2026-11-19" })
    add("due today", campaign(43, 1) { $0.campaign.due.date = "2026-11-20" })
    add("not started", campaign(43, 43))
    add("worse, nothing fixed", campaign(43, 50))
    add("worse, though fixing", campaign(43, 50) { $0.campaign.fixed = 5 })
    add("stalled", campaign(43, 34) { $0.campaign.lastClosed = "2026-10-23T08:00:00Z" })
    add("not yet stalled", campaign(43, 34) { $0.campaign.lastClosed = "2026-10-24" })
    add("no due date", campaign(43, 34) { $0.campaign.due.date = "" })
    add("baseline today", campaign(43, 34) { $0.campaign.baseline.time = "2026-11-20T08:00:00Z" })
    add(
      "the first day",
      campaign(43, 43) { $0.campaign.baseline.time = "2026-11-20T08:00:00Z" }
    )
    add("no baseline", campaign(43, 43) { $0.campaign.baseline.isKnown = false })
    func dated(_ likely: String, _ safe: String) -> ReportContext.Campaign {
      campaign(43, 34) {
        $0.forecast = SampleContexts.madeForecast(gone: 30, came: 4)
        ($0.forecast.likely, $0.forecast.safe) = (likely, safe)
      }
    }
    add("on track", dated("2026-11-27", "2026-12-01"))
    add("at risk", dated("2026-12-01", "2026-12-02"))
    add("at risk, the rest beyond the horizon", dated("2026-12-01", ""))
    add("off track", dated("2026-12-02", "2027-12-02"))
    add("never", dated("", ""))
    for (name, gone) in [("unreliable, fast enough", 600), ("unreliable", 500)] {
      add(
        name,
        campaign(43, 34) {
          $0.forecast = SampleContexts.madeForecast(gone: gone, came: 0)
          ($0.forecast.isKnown, $0.forecast.isUnreliable, $0.forecast.held) = (false, true, 5)
        }
      )
    }
    let waived = ReportContext.StatementLine(cause: "waived", count: 9, basis: "")
    add(
      "everything waived",
      campaign(9, 0) {
        $0.campaign.waived = 9
        $0.statement.isKnown = true
        $0.statement.linesOut = [waived]
      }
    )
    for (name, baseline) in [("nothing but waived", 43), ("nothing but waived, one to go", 10)] {
      add(
        name,
        campaign(baseline, baseline - 9) {
          $0.statement.isKnown = true
          $0.statement.linesOut = [waived]
        }
      )
    }
    add(
      "waived and fixed",
      campaign(43, 4) {
        $0.statement.isKnown = true
        $0.statement.linesOut = [
          ReportContext.StatementLine(cause: "fixed", count: 30, basis: ""), waived,
        ]
      }
    )
    add("a baseline in the future", campaign(43, 34) { $0.campaign.baseline.time = "2027-01-01" })
    try expectGolden(lines.joined(separator: "\n") + "\n", "status.txt")
  }

  @Test("tests that were not there at the baseline neither broke nor were repaired")
  func uncomparedTests() {
    var context = ReportContext()
    context.tests.broke = ["a::b"]
    context.tests.repaired = ["a::c"]
    context.tests.failingNames = ["a::b"]
    context.derive()
    #expect(!context.tests.hasBroke && !context.tests.hasRepaired)
    #expect(context.tests.failingNames == ["a::b"])
  }

  @Test("deriving twice changes nothing", arguments: SampleContexts.all.map(\.name))
  func idempotent(_ name: String) throws {
    var once = try #require(SampleContexts.all.first { $0.name == name }?.context)
    once.derive()
    var twice = once
    twice.derive()
    #expect(once == twice)
  }

  @Test("criteria are summed up in a sentence, whether there is one or more")
  func criteria() {
    func summary(_ states: String...) -> String {
      var context = ReportContext()
      context.criteria.items = states.map { ReportContext.Criterion(state: $0) }
      context.derive()
      return context.criteria.summary
    }
    #expect(summary("met") == "The only criterion is met")
    #expect(summary("not met") == "The only criterion is not met")
    #expect(summary("unknown") == "The only criterion is unknown")
    #expect(summary("met", "met") == "All 2 are met")
    #expect(summary("not met", "not met") == "None of 2 is met")
    #expect(summary("met", "not met", "unknown") == "1 of 3 is met, 1 is unknown")
    #expect(summary("met", "met", "unknown", "unknown") == "2 of 4 are met, 2 are unknown")
  }

  @Test("components are complete only with nothing open, passing tests and no doubt")
  func components() {
    func state(_ open: Int, _ tests: String, doubt: String = "") -> String {
      var context = ReportContext()
      var component = SampleContexts.component("A", open: open, tests: 3, tests)
      component.doubt = doubt
      context.components = [component]
      context.derive()
      return context.components[0].state
    }
    #expect(state(0, "passing") == "COMPLETE")
    #expect(state(0, "passing", doubt: "the ruff lane is 20 days old") == "UNKNOWN")
    #expect(state(1, "passing") == "OPEN")
    #expect(state(0, "failing") == "OPEN")
    #expect(state(0, "flaky") == "OPEN")
    #expect(state(0, "unknown") == "UNKNOWN")
    #expect(state(0, "none") == "UNKNOWN")
  }

  @Test("gross numbers come from the statement")
  func gross() {
    var context = SampleContexts.full
    context.campaign.fixed = 99
    context.derive()
    #expect(context.campaign.fixed == 14)
    #expect(context.statement.balances)
    context.statement.closing = 33
    context.derive()
    #expect(!context.statement.balances)
  }

  @Test("an unassigned priority goes with its column of the trend, but not while the past has some")
  func unassigned() {
    var context = SampleContexts.full
    for index in context.trend.points.indices { context.trend.points[index].byPriority.append(0) }
    var past = context
    past.trend.points[2].byPriority[3] = 1
    context.derive()
    past.derive()
    #expect(context.priorities.map(\.id) == ["P1", "P2", "P3"])
    #expect(context.trend.points.allSatisfy { $0.byPriority.count == 3 })
    #expect(past.priorities.map(\.id) == ["P1", "P2", "P3", "unassigned"])
    #expect(past.trend.points.allSatisfy { $0.byPriority.count == 4 })
  }

  @Test("addresses that could end a link are dropped")
  func addresses() {
    #expect(Wording.plainURL("https://example.com/a?b=1#c") == "https://example.com/a?b=1#c")
    for bad in ["javascript:alert(1)", "https://e.com/)x", "https://e.com/ x", "https://é.com", ""]
    {
      #expect(Wording.plainURL(bad) == "")
    }
  }

  @Test("words")
  func words() {
    #expect(Wording.grouped(-1_234_567) == "-1,234,567")
    #expect(Wording.grouped(Int.min) == "-9,223,372,036,854,775,808")
    #expect(Wording.signed(0) == "0")
    #expect(Wording.counted(1, "entry", "entries") == "1 entry")
    #expect(Wording.joined(["a", "b", "c"]) == "a, b and c")
    #expect(Wording.clipped("abcdef", to: 4) == "abc…")
  }

  @Test("a large post stays short and quick to read")
  func short() throws {
    let text = try Renderer(templates: builtIn).render(
      "status-update",
      context: SampleContexts.veryLarge
    )
    #expect(text.contains("99,975 violations in 19,995 more files"))
  }
}
