import TallyReport
import TallyTemplates
import Testing

/// What posts say of the weeks to come.
@Suite("The forecast in words")
struct ForecastTests {
  /// A campaign that went from 60 to 34, with a due date in 28 days.
  private static func campaign(
    _ forecast: ReportContext.Forecast,
    _ change: (inout ReportContext) -> Void = { _ in }
  ) -> ReportContext {
    var context = SampleContexts.empty
    context.campaign.title = ""
    context.campaign.hasScans = true
    context.campaign.baseline.isKnown = true
    context.campaign.baseline.count = 60
    context.campaign.baseline.time = "2026-05-20"
    context.campaign.open = 34
    context.campaign.fixed = 40
    context.campaign.introduced = 14
    context.campaign.lastClosed = "2026-11-18"
    context.campaign.due.date = "2026-12-18"
    context.forecast = forecast
    change(&context)
    return context
  }

  private static func dated(
    _ likely: String,
    _ safe: String,
    gone: Int = 40,
    came: Int = 14
  ) -> ReportContext.Forecast {
    var forecast = SampleContexts.madeForecast(gone: gone, came: came)
    (forecast.likely, forecast.safe) = (likely, safe)
    forecast.points = [
      .init(time: "2026-12-04", likely: 32, low: 30, high: 34),
      .init(time: "2026-12-18", likely: 30, low: 27, high: 33),
    ]
    return forecast
  }

  private static let cases: [(String, ReportContext)] = [
    ("on track", campaign(dated("2026-12-04", "2026-12-11", gone: 200))),
    ("at risk", campaign(dated("2026-12-18", "2027-01-08", gone: 180))),
    ("off track", campaign(dated("2027-07-16", "2027-12-03"))),
    ("one date for both", campaign(dated("2027-07-16", "2027-07-16"))),
    ("85 % beyond the horizon", campaign(dated("2030-07-16", ""))),
    ("more came than went", campaign(dated("", "", gone: 14, came: 40))),
    ("as many came as went", campaign(dated("", "", gone: 14, came: 14))),
    ("too slow", campaign(dated("", "", gone: 15, came: 14))),
    ("no due date", campaign(dated("2027-07-16", "2027-12-03")) { $0.campaign.due.date = "" }),
    (
      "the due date has passed",
      campaign(dated("2027-07-16", "2027-12-03")) { $0.campaign.due.date = "2026-11-13" }
    ),
    (
      "due in two days",
      campaign(dated("2027-07-16", "2027-12-03")) { $0.campaign.due.date = "2026-11-22" }
    ),
    (
      "due today",
      campaign(dated("2027-07-16", "2027-12-03")) { $0.campaign.due.date = "2026-11-20" }
    ),
    (
      "a target below",
      campaign(dated("2027-02-26", "2027-06-04")) { $0.campaign.target = 20 }
    ),
    ("a target above", campaign(dated("", "")) { $0.campaign.target = 40 }),
    (
      "stalled",
      campaign(dated("2027-07-16", "2027-12-03")) { $0.campaign.lastClosed = "2026-10-01" }
    ),
    ("no whole week", campaign(SampleContexts.earlyForecast(weeks: 0))),
    ("one week", campaign(early(1, gone: 2, came: 1))),
    ("five weeks", campaign(early(5, gone: 9, came: 9))),
    (
      "few scans",
      campaign(early(20, gone: 9, came: 0)) { $0.forecast.scannedWeeks = 4 }
    ),
    (
      "its past is unlike itself",
      campaign(dated("", "")) {
        ($0.forecast.isKnown, $0.forecast.isUnreliable, $0.forecast.held) = (false, true, 5)
        $0.forecast.points = []
      }
    ),
    ("nothing to check", campaign(dated("2027-07-16", "2027-12-03")) { $0.forecast.checked = 0 }),
    (
      "one to check",
      campaign(dated("2027-07-16", "2027-12-03")) {
        ($0.forecast.checked, $0.forecast.held) = (1, 0)
      }
    ),
    (
      "overridden",
      campaign(dated("2027-07-16", "2027-12-03")) {
        $0.campaign.status.overridden.id = "at-risk"
        $0.campaign.status.overridden.owner = "Mara <mara@netra.example>"
        $0.campaign.status.overridden.reason = "Two more engineers start on Monday"
        $0.campaign.status.overridden.until = "2026-12-01T00:00:00Z"
        $0.campaign.status.overridden.entry = "0a11" + String(repeating: "0", count: 60)
      }
    ),
  ]

  /// Method: the posts of many campaigns, without their titles and footers, one after the other.
  @Test("reads as recorded", arguments: ["status-update.md", "weekly.md", "slack.txt"])
  func golden(_ template: String) throws {
    var text = ""
    for (name, context) in Self.cases {
      let post = try Renderer(templates: builtIn).render(template, context: context)
      let lines = post.split(separator: "\n").dropFirst(2).prefix { $0 != "---" }
        .filter { !$0.hasPrefix("_As of") && !$0.hasPrefix("- Gone") && !$0.hasPrefix("- Net") }
      text += "[\(name)]\n\(lines.joined(separator: "\n"))\n\n"
    }
    try expectGolden(text, "forecast/\(template).txt")
  }

  @Test("the cone is drawn where the forecast has points", arguments: [0, 8])
  func cone(_ index: Int) throws {
    var (_, context) = Self.cases[index]
    context.trend.points = [
      .init(time: "2026-05-20", open: 60), .init(time: "2026-11-18", open: 34),
    ]
    context.derive()
    #expect(context.charts.burnDown.contains("class=\"cone\""))
    #expect(context.charts.burnDown.contains("no more than 33"))
    context.forecast.points = []
    context.derive()
    #expect(!context.charts.burnDown.contains("class=\"cone\""))
  }

  private static func early(_ weeks: Int, gone: Int, came: Int) -> ReportContext.Forecast {
    var forecast = SampleContexts.earlyForecast(weeks: weeks)
    (forecast.gone, forecast.came) = (gone, came)
    return forecast
  }
}
