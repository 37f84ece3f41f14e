import TallyModel

extension ReportContext {
  /// The report's numbers as pictures, made from the rest of the context.
  ///
  /// An SVG stands in an HTML page as it is (`{{{charts.burn_down}}}`): it has a title and a description, and no scripts or outside parts.
  public struct Charts: Codable, Sendable, Hashable {
    /// Derived: the balance as SVG: stacked by priority where that is known, with the line to the target; empty without scans.
    public var burnDown = ""
    /// Derived: true when there is such a picture.
    public var hasBurnDown = false
    /// Derived: the balance after each week and the line to the target as a Mermaid chart, without its fence; empty for fewer than two weeks and where nothing was open.
    public var mermaid = ""
    /// Derived: true when there is such a chart.
    public var hasMermaid = false
    /// Derived: what went and came in each week as SVG; empty for fewer than two weeks.
    public var throughput = ""
    /// Derived: true when there is such a picture.
    public var hasThroughput = false
    /// Derived: the part of the tests that pass as SVG; empty for fewer than two runs.
    public var passRate = ""
    /// Derived: true when there is such a picture.
    public var hasPassRate = false

    /// Creates charts that are not drawn yet.
    public init() {}
  }

  /// How many tests passed at one time.
  public struct TestPoint: Codable, Sendable, Hashable {
    /// The time in ISO 8601, or a date.
    public var time = ""
    /// Cases that passed in the last run of each lane until then.
    public var passed = 0
    /// Cases that ran; skipped ones are not among them.
    public var total = 0

    /// Creates a point.
    public init(time: String = "", passed: Int = 0, total: Int = 0) {
      self.time = time
      self.passed = passed
      self.total = total
    }
  }

  /// What was measured at one time.
  public struct MetricPoint: Codable, Sendable, Hashable {
    /// The time in ISO 8601, or a date.
    public var time = ""
    /// The median, in its shortest decimal form.
    public var value = ""

    /// Creates a point.
    public init(time: String = "", value: String = "") {
      self.time = time
      self.value = value
    }
  }
}

extension ReportContext {
  /// Draws what there is to draw.
  ///
  /// - Parameter suffix: what tells the ids of this report's pictures from those of another on the same page.
  mutating func drawCharts(suffix: String) {
    charts = Charts()
    charts.hasBurnDown = !trend.points.isEmpty
    if charts.hasBurnDown {
      var burnDown = BurnDown(context: self)
      burnDown.id += suffix
      charts.burnDown = burnDown.svg
    }
    charts.mermaid = MermaidChart.burnDown(self)
    charts.hasMermaid = !charts.mermaid.isEmpty
    charts.hasThroughput = weeks.count > 1 && weeks.contains { $0.gone + $0.came > 0 }
    if charts.hasThroughput {
      charts.throughput = ThroughputChart(id: "throughput\(suffix)", weeks: weeks).svg
    }
    charts.hasPassRate = tests.points.count > 1
    if charts.hasPassRate {
      charts.passRate =
        PassRateChart(
          id: "pass-rate\(suffix)",
          points: tests.points,
          until: Timestamp(iso8601: footer.asOf)
        ).svg
    }
    for index in metrics.indices {
      metrics[index].hasChart = metrics[index].points.count > 1
      metrics[index].chart =
        metrics[index].hasChart
        ? MetricChart(id: "metric-\(index + 1)\(suffix)", metric: metrics[index]).svg : ""
    }
  }
}

extension ReportContext {
  /// At most so many items, evenly, first and last kept.
  public static func thinned<Item>(_ items: [Item], to limit: Int) -> [Item] {
    if items.count <= limit || limit < 2 { return items }
    return (0..<limit).map { items[$0 * (items.count - 1) / (limit - 1)] }
  }
}
