import TallyModel

extension BurnDown {
  /// Where things stand in the picture: coordinates in tenths of a unit, so that no rounding depends on the machine.
  struct Frame {
    private let chart: BurnDown
    /// The beginning of the first day.
    private let start: Int64
    private let end: Int64
    /// The beginning of the last day that something is shown of.
    private let lastDay: Int64
    private let top: Int
    private let now: Int64
    private let left: Int
    private let right = 5_900
    private let upper = 450
    private let lower = 2_950

    init(_ chart: BurnDown) {
      self.chart = chart
      let last = chart.points.last?.time.seconds ?? 0
      now = max(last, chart.until?.seconds ?? last)
      let times =
        chart.points.map(\.time.seconds) + (chart.due.map { [$0.seconds] } ?? []) + [now]
        + chart.forecast.map(\.time.seconds)
      start = Self.day(times.min() ?? 0)
      lastDay = Self.day(times.max() ?? 0)
      end = max(times.max() ?? 0, start + 86_400)
      let highest = max(
        chart.points.map(\.open).max() ?? 0,
        chart.forecast.map(\.high).max() ?? 0,
        chart.target,
        1
      )
      // Room for a number above the highest point.
      top = Self.ticks(to: highest + max(1, highest / 12)).last ?? 1
      left = max(520, 180 + 75 * Wording.grouped(top).utf8.count)
    }

    /// 0 and up to six round numbers, the last at or above the highest.
    static func ticks(to highest: Int) -> [Int] {
      var step = 1
      var scale = 1
      while true {
        for tenths in scale == 1 ? [10, 20, 50] : [10, 20, 25, 50] {
          step = tenths * scale / 10
          if step * 5 >= highest { return Array(stride(from: 0, to: highest + step, by: step)) }
        }
        scale *= 10
      }
    }

    /// The beginning of a moment's day.
    private static func day(_ seconds: Int64) -> Int64 {
      seconds - (seconds % 86_400 + 86_400) % 86_400
    }

    private func x(_ seconds: Int64) -> Int {
      left + Int((seconds - start) * Int64(right - left) / (end - start))
    }

    private func y(_ count: Int) -> Int { lower - count * (lower - upper) / top }

    private func number(_ tenths: Int) -> String {
      tenths % 10 == 0 ? String(tenths / 10) : "\(tenths / 10).\(tenths % 10)"
    }

    private func place(_ seconds: Int64, _ count: Int) -> String {
      "\(number(x(seconds))) \(number(y(count)))"
    }

    /// Horizontal lines with their numbers, and dates below.
    var grid: String {
      var output = ""
      for tick in Self.ticks(to: top) {
        let height = number(y(tick))
        output += "<path class=\"grid\" d=\"M\(number(left)) \(height)H\(number(right))\"/>"
        output += "<text class=\"label\" x=\"\(number(left - 60))\" y=\"\(number(y(tick) + 40))\" "
        output += "text-anchor=\"end\">\(Wording.grouped(tick))</text>\n"
      }
      for label in dateLabels {
        output += "<text class=\"label\" x=\"\(number(label.place))\" y=\"\(number(lower + 190))\" "
        output += "text-anchor=\"\(label.anchor.rawValue)\">"
        output += "\(Timestamp(seconds: label.day).dateText)</text>\n"
      }
      return output
    }

    /// A day below the picture.
    private struct DateLabel {
      enum Anchor: String { case start, middle, end }

      /// The beginning of the day.
      let day: Int64
      let place: Int
      let anchor: Anchor

      /// What the text takes, with some room beside it.
      var extent: Range<Int> {
        let width = 800
        return switch anchor {
        case .start: place..<(place + width)
        case .middle: (place - width / 2)..<(place + width / 2)
        case .end: (place - width)..<place
        }
      }
    }

    /// The first day, the last one, that of the report, and up to three days between, evenly, as far as there is room; from left to right.
    private var dateLabels: [DateLabel] {
      var labels = [DateLabel(day: start, place: left, anchor: .start)]
      if lastDay > start { labels.append(DateLabel(day: lastDay, place: right, anchor: .end)) }
      let days = (lastDay - start) / 86_400
      let even = (1..<4).map { start + days * $0 / 4 * 86_400 }
      let between =
        [DateLabel(day: Self.day(now), place: x(now), anchor: .middle)]
        + even.map { DateLabel(day: $0, place: x($0), anchor: .middle) }
      for label in between
      where !labels.contains(where: { $0.day == label.day || $0.extent.overlaps(label.extent) }) {
        labels.append(label)
      }
      return labels.sorted { $0.place < $1.place }
    }

    /// The steps of a count over time: it holds until the next scan, the last until now.
    private func steps(_ value: (Point) -> Int) -> String {
      var path = ""
      for (index, point) in chart.points.enumerated() {
        let height = number(y(value(point)))
        if index == 0 {
          path += "M\(place(point.time.seconds, value(point)))"
        } else {
          path += "H\(number(x(point.time.seconds)))V\(height)"
        }
      }
      return path.isEmpty ? "" : path + "H\(number(x(now)))"
    }

    /// One area a part, stacked from the bottom.
    var areas: String {
      var output = ""
      for part in chart.parts.indices.reversed() {
        let outline = steps { $0.byPart[...part].reduce(0, +) }
        guard let first = chart.points.first else { continue }
        let close = "V\(number(lower))H\(number(x(first.time.seconds)))Z"
        output += "<path class=\"ground\" d=\"\(outline)\(close)\"/>"
        output += "<path class=\"part\(part)\" d=\"\(outline)\(close)\"/>\n"
      }
      return output
    }

    /// The straight line from the first count to the target at the due date, and the due date itself.
    var guides: String {
      guard let due = chart.due, let first = chart.points.first, due > first.time,
        first.open > chart.target
      else { return "" }
      let line =
        "M\(place(first.time.seconds, first.open))L\(place(due.seconds, chart.target))"
      return "<path class=\"halo\" d=\"\(line)\"/><path class=\"plan\" d=\"\(line)\"/>\n"
    }

    /// What may become of the balance: from its last count on, as wide as the forecast is unsure.
    var cone: String {
      guard let last = chart.points.last, !chart.forecast.isEmpty else { return "" }
      let begin = place(now, last.open)
      let ahead = chart.forecast.filter { $0.time.seconds >= now }.sorted { $0.time < $1.time }
      let upper = ahead.map { "L\(place($0.time.seconds, $0.high))" }.joined()
      let lower = ahead.reversed().map { "L\(place($0.time.seconds, $0.low))" }.joined()
      let middle = ahead.map { "L\(place($0.time.seconds, $0.likely))" }.joined()
      var output =
        "<path class=\"cone\" d=\"M\(begin)\(upper)\(lower)Z\"/>"
        + "<path class=\"likely\" d=\"M\(begin)\(middle)\"/>\n"
      // Beside the number of today there may be no room for that of the end.
      if let end = ahead.last, x(end.time.seconds) - x(now) > 1_100 {
        let (across, height) = (number(x(end.time.seconds)), number(y(end.likely) - 60))
        output += "<text class=\"value\" x=\"\(across)\" y=\"\(height)\" text-anchor=\"end\">"
        output += "\(Wording.grouped(end.likely))</text>\n"
      }
      return output
    }

    /// The balance, its first and last count.
    var balance: String {
      guard let first = chart.points.first, let last = chart.points.last else { return "" }
      var output = "<path class=\"balance\" d=\"\(steps(\.open))\"/>\n"
      // Two numbers that would overlap: the one of today is worth more.
      let fits = chart.points.count == 1 || x(now) - x(first.time.seconds) > 900
      output += dot((first.time.seconds, first.open), labelled: fits, "start", 0)
      if chart.points.count > 1 {
        let isAtEdge = x(now) > right - 400
        let (anchor, shift) = isAtEdge ? ("end", -70) : ("start", 70)
        output += dot((now, last.open), labelled: true, anchor, shift)
      }
      return output
    }

    private func dot(
      _ point: (seconds: Int64, count: Int),
      labelled: Bool,
      _ anchor: String,
      _ shift: Int
    ) -> String {
      let (across, height) = (x(point.seconds), y(point.count))
      let mark =
        "<circle class=\"dot\" cx=\"\(number(across))\" cy=\"\(number(height))\" r=\"3.5\"/>"
      if !labelled { return mark + "\n" }
      return mark
        + "<text class=\"value\" x=\"\(number(across + shift))\" y=\"\(number(height - 80))\" "
        + "text-anchor=\"\(anchor)\">\(Wording.grouped(point.count))</text>\n"
    }
  }
}
