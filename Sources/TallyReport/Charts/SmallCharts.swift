import TallyModel

/// What went and what came, a pair of bars a week.
struct ThroughputChart {
  let id: String
  let weeks: [ReportContext.Week]

  var summary: String {
    let gone = weeks.reduce(0) { $0 + $1.gone }
    let came = weeks.reduce(0) { $0 + $1.came }
    return
      "In \(Wording.counted(weeks.count, "week")) \(Wording.grouped(gone)) were fixed or deleted, "
      + "and \(Wording.grouped(came)) were introduced or reopened."
  }

  var svg: String {
    let times = weeks.compactMap { Timestamp(iso8601: $0.start) }
    let last = times.last.map { $0.adding(seconds: 7 * 86_400 - 1) }
    let frame = ChartFrame(
      times: times + [last].compactMap { $0 },
      values: [0] + weeks.map { Double(max($0.gone, $0.came)) },
      isCount: true
    )
    var body = frame.grid()
    for (week, start) in zip(weeks, times) {
      let left = frame.x(start.seconds)
      let width = max(10, frame.x(start.seconds + 7 * 86_400) - left)
      let bar = min(max(8, width * 2 / 5), 400)
      for (index, count) in [week.gone, week.came].enumerated() where count > 0 {
        let top = frame.y(Double(count))
        let place =
          "x=\"\(ChartFrame.number(left + index * bar))\" y=\"\(ChartFrame.number(top))\" "
          + "width=\"\(ChartFrame.number(bar - 4))\" "
          + "height=\"\(ChartFrame.number(frame.floor - top))\""
        // The ground keeps the lines of the grid from showing through.
        body += "<rect class=\"ground\" \(place)/><rect class=\"part\(index)\" \(place)/>\n"
      }
    }
    return ChartFrame.svg(
      .init(id: id, title: "Gone and new, week by week", summary: summary),
      body: body,
      legend: [
        (ChartFrame.square("part0"), "fixed or deleted"),
        (ChartFrame.square("part1"), "introduced or reopened"),
      ]
    )
  }
}

/// The part of the tests that pass, over time.
struct PassRateChart {
  let id: String
  let points: [ReportContext.TestPoint]
  let until: Timestamp?

  var summary: String {
    guard let first = points.first, let last = points.last else { return "" }
    func words(_ point: ReportContext.TestPoint) -> String {
      "\(Wording.grouped(point.passed)) of \(Wording.grouped(point.total))"
    }
    return "\(words(first)) passed on \(Wording.date(first.time)), \(words(last)) on "
      + "\(Wording.date(last.time))."
  }

  var svg: String {
    let known = points.compactMap { point in
      Timestamp(iso8601: point.time).map { time in
        (seconds: time.seconds, rate: Double(point.passed) * 100 / Double(max(1, point.total)))
      }
    }
    guard let last = known.last else { return "" }
    let now = max(last.seconds, until?.seconds ?? last.seconds)
    let times = known.map { Timestamp(seconds: $0.seconds) } + [Timestamp(seconds: now)]
    let frame = ChartFrame(times: times, values: known.map(\.rate) + [100], unit: " %", cap: 100)
    var path = ""
    for (index, point) in known.enumerated() {
      path +=
        index == 0
        ? "M\(frame.place(point.seconds, point.rate))"
        : "H\(ChartFrame.number(frame.x(point.seconds)))V\(ChartFrame.number(frame.y(point.rate)))"
    }
    path += "H\(ChartFrame.number(frame.x(now)))"
    let text = points.last.map { Wording.percentText($0.passed, of: $0.total) } ?? ""
    return ChartFrame.svg(
      .init(id: id, title: "Tests that pass", summary: summary),
      body: frame.grid(unit: " %") + "<path class=\"balance\" d=\"\(path)\"/>\n"
        + frame.dot(now, last.rate, text, isBelow: last.rate > 99),
      legend: [(ChartFrame.stroke("balance"), "passed, of those that ran")]
    )
  }
}

/// A measurement over time, with its target.
struct MetricChart {
  let id: String
  let metric: ReportContext.Metric

  private var unit: String { metric.unit.isEmpty ? "" : " \(metric.unit)" }

  var summary: String {
    guard let first = metric.points.first, let last = metric.points.last else { return "" }
    var text =
      "\(first.value)\(unit) on \(Wording.date(first.time)), \(last.value)\(unit) on "
      + Wording.date(last.time)
    if !metric.target.isEmpty { text += "; the target is \(metric.target)\(unit)" }
    return text + "."
  }

  var svg: String {
    let known = metric.points.compactMap { point -> (seconds: Int64, value: Double)? in
      guard let time = Timestamp(iso8601: point.time), let value = Double(point.value),
        value.isFinite
      else { return nil }
      return (time.seconds, value)
    }
    guard let last = known.last else { return "" }
    let target = Double(metric.target).flatMap { $0.isFinite ? $0 : nil }
    let frame = ChartFrame(
      times: known.map { Timestamp(seconds: $0.seconds) },
      values: known.map(\.value) + [target].compactMap { $0 }
    )
    let line = known.enumerated().map { index, point in
      (index == 0 ? "M" : "L") + frame.place(point.seconds, point.value)
    }.joined()
    var body = frame.grid()
    var legend = [(mark: ChartFrame.stroke("balance"), name: "measured")]
    if let target {
      let path = "M\(frame.place(frame.start, target))L\(frame.place(frame.end, target))"
      body += "<path class=\"plan\" d=\"\(path)\"/>\n"
      legend.append((ChartFrame.stroke("plan"), "target"))
    }
    body += "<path class=\"balance\" d=\"\(line)\"/>\n"
    let isFalling = known.dropLast().last.map { $0.value > last.value } ?? false
    let text = (metric.points.last?.value ?? "") + unit
    body += frame.dot(last.seconds, last.value, text, isBelow: isFalling)
    return ChartFrame.svg(
      .init(
        id: id,
        title: metric.title + (unit.isEmpty ? "" : " (\(metric.unit))"),
        summary: summary
      ),
      body: body,
      legend: legend
    )
  }
}

/// The burn-down as a chart that GitHub and GitLab draw from text.
enum MermaidChart {
  /// How many weeks have their names below the chart.
  private static let namedWeeksMax = 16

  /// A chart of the balance after each week, and of the line to the target; empty for fewer than two weeks and where nothing was open.
  ///
  /// It holds numbers and dates only, so nothing from outside can act in it.
  static func burnDown(_ context: ReportContext) -> String {
    let weeks = context.weeks
    guard weeks.count > 1 else { return "" }
    let most = weeks.map { max($0.opening, $0.closing) }.max() ?? 0
    if most == 0 { return "" }
    var title = "Open violations, week by week"
    let names = weeks.map { "\"\($0.start.dropFirst(5))\"" }.joined(separator: ", ")
    // Beyond, the names of the weeks would stand on each other.
    let axis =
      weeks.count > Self.namedWeeksMax
      ? "\"Weeks from \(weeks[0].start) on\" 1 --> \(weeks.count)" : "[\(names)]"
    var lines = [
      "  x-axis \(axis)",
      "  y-axis \"Open\" 0 --> \(most + max(1, most / 10))",
      "  line [\(weeks.map { String($0.closing) }.joined(separator: ", "))]",
    ]
    if let due = Timestamp(iso8601: context.campaign.due.date),
      let start = weeks.first.flatMap({ Timestamp(iso8601: $0.start) }), due > start,
      weeks[0].opening > context.campaign.target
    {
      let first = weeks[0].opening
      let days = due.days(since: start)
      let plan = weeks.indices.map { index -> String in
        let passed = min(days, 7 * (index + 1))
        return String(first - (first - context.campaign.target) * passed / max(1, days))
      }
      lines.append("  line [\(plan.joined(separator: ", "))]")
      // A chart of this kind has no legend.
      title += "; the straight line leads to \(context.campaign.target) on \(due.dateText)"
    }
    return "xychart-beta\n  title \"\(title)\"\n" + lines.joined(separator: "\n")
  }
}
