import TallyModel
import TallyReport
import Testing

/// Pins the burn-down picture and the sparkline.
///
/// Method: the sample contexts and edge cases, as SVG text compared whole; the pictures were looked at as PNG.
@Suite("Charts")
struct ChartTests {
  @Test("burn-down", arguments: SampleContexts.all.map(\.name))
  func burnDown(_ name: String) throws {
    var context = try #require(SampleContexts.all.first { $0.name == name }?.context)
    context.derive()
    try expectGolden(BurnDown(context: context).svg, "burn-down/\(name).svg")
  }

  @Test("the other pictures", arguments: SampleContexts.all.map(\.name))
  func others(_ name: String) throws {
    var context = try #require(SampleContexts.all.first { $0.name == name }?.context)
    context.derive()
    let charts =
      [context.charts.throughput, context.charts.passRate] + context.metrics.map(\.chart)
    let text = charts.filter { !$0.isEmpty }.joined(separator: "\n")
    try expectGolden(text + "\n" + context.charts.mermaid + "\n", "charts/\(name).txt")
    for chart in charts where !chart.isEmpty {
      #expect(!chart.contains("<script") && !chart.contains("href") && !chart.contains("url("))
      #expect(chart.contains("<title id=") && chart.contains("<desc id="))
    }
  }

  @Test("a forecast is a cone from today's count on")
  func forecast() throws {
    var context = SampleContexts.full
    context.derive()
    var chart = BurnDown(context: context)
    chart.forecast = try [("2026-12-04", 28, 22, 33), ("2026-12-31", 20, 8, 31)].map { item in
      BurnDown.Forecast(
        time: try #require(Timestamp(iso8601: item.0)),
        likely: item.1,
        low: item.2,
        high: item.3
      )
    }
    try expectGolden(chart.svg, "burn-down/forecast.svg")
  }

  @Test("measurements of any size and sign have a picture")
  func measurements() {
    for values in [
      ["0", "0"], ["-5", "5"], ["1e300", "1"], ["0.000001", "0.000002"], ["7", "7"],
    ] {
      var metric = ReportContext.Metric()
      metric.title = "x"
      metric.target = "3"
      metric.points = zip(["2026-01-01", "2026-01-02"], values).map { .init(time: $0, value: $1) }
      var context = ReportContext()
      context.metrics = [metric]
      context.derive()
      #expect(context.metrics[0].chart.contains("<svg"), "\(values)")
      #expect(!context.metrics[0].chart.contains("nan"), "\(values)")
    }
  }

  @Test(
    "the dates below the picture are those of the first and last thing in it, and of the report",
    arguments: [
      ("2026-11-02T08:00:00Z", "2026-11-02T23:59:59Z", nil, ["2026-11-02"]),
      ("2026-11-02T08:00:00Z", "2026-11-02T08:00:00Z", nil, ["2026-11-02"]),
      ("2026-11-02T08:00:00Z", "2026-11-03T23:59:59Z", nil, ["2026-11-02", "2026-11-03"]),
      ("2026-11-02T23:59:59Z", "2026-11-03T00:00:00Z", nil, ["2026-11-02", "2026-11-03"]),
      (
        "2026-11-02T08:00:00Z", "2026-11-04T23:59:59Z", "2026-11-10",
        ["2026-11-02", "2026-11-04", "2026-11-08", "2026-11-10"]
      ),
      (
        // The end of a day is below the number of that day, not of the next one.
        "2026-09-04T08:00:00Z", "2026-11-20T23:59:59Z", "2026-12-18",
        ["2026-09-04", "2026-09-30", "2026-10-26", "2026-11-20", "2026-12-18"]
      ),
    ] as [(String, String, String?, [String])]
  )
  func dates(_ scan: String, _ asOf: String, _ due: String?, _ expected: [String]) throws {
    let chart = BurnDown(
      title: "x",
      points: [BurnDown.Point(time: try #require(Timestamp(iso8601: scan)), open: 3)],
      due: due.flatMap { Timestamp(iso8601: $0) },
      until: Timestamp(iso8601: asOf)
    )
    let labels = chart.svg.matches(of: #/y="314"[^>]*>([0-9-]+)</text>/#).map { String($0.1) }
    #expect(labels == expected)
  }

  @Test("has no more than it needs: well-formed, no scripts, no outside parts")
  func selfContained() {
    let svg = BurnDown(context: SampleContexts.hostile).svg
    #expect(!svg.contains("<script"))
    #expect(!svg.contains("href"))
    #expect(!svg.contains("\u{1B}"))
    #expect(!svg.contains("url("))
    #expect(svg.components(of: "<svg") == 1)
  }

  @Test("sparkline keeps first and last, scales from zero")
  func sparkline() {
    #expect(Sparkline.text([], width: 10) == "")
    #expect(Sparkline.text([0, 0], width: 10) == "▁▁")
    #expect(Sparkline.text([0, 1, 2, 3, 4, 5, 6, 7], width: 8) == "▁▂▃▄▅▆▇█")
    #expect(Sparkline.text([8, 0], width: 8) == "█▁")
    #expect(Sparkline.text(Array(0..<1000), width: 5) == "▁▂▄▆█")
    #expect(Sparkline.text([-4, 4], width: 5) == "▁█")
  }
}

extension String {
  /// How often a text occurs.
  func components(of text: String) -> Int { ranges(of: text).count }
}
