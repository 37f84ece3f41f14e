import TallyModel

extension BurnDown {
  /// Where things stand in the picture: coordinates in tenths of a unit, so that no rounding depends on the machine.
  struct Frame {
    private let chart: BurnDown
    private let start: Int64
    private let end: Int64
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
      let times = chart.points.map(\.time.seconds) + (chart.due.map { [$0.seconds] } ?? []) + [now]
      start = times.min() ?? 0
      end = max((times.max() ?? 0), start + 86_400)
      let highest = max(chart.points.map(\.open).max() ?? 0, chart.target, 1)
      // Room for a number above the highest point.
      top = Self.ticks(to: highest + max(1, highest / 12)).last ?? 1
      left = max(520, 180 + 75 * Wording.grouped(top).utf8.count)
    }

    /// 0 and up to six round numbers, the last at or above the highest.
    static func ticks(to highest: Int) -> [Int] {
      var step = 1
      var scale = 1
      while true {
        for factor in [1, 2, 5] {
          step = factor * scale
          if step * 5 >= highest { return Array(stride(from: 0, to: highest + step, by: step)) }
        }
        scale *= 10
      }
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
      for (index, seconds) in dates.enumerated() {
        let anchor = index == 0 ? "start" : index == dates.count - 1 ? "end" : "middle"
        output += "<text class=\"label\" x=\"\(number(x(seconds)))\" y=\"\(number(lower + 190))\" "
        output += "text-anchor=\"\(anchor)\">\(Timestamp(seconds: seconds).dateText)</text>\n"
      }
      return output
    }

    /// First, last and up to three dates between, evenly.
    private var dates: [Int64] {
      let days = (end - start) / 86_400
      let count = min(4, max(1, days))
      return (0...count).map { start + (end - start) * $0 / count }
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
      guard let due = chart.due, let first = chart.points.first, due > first.time else { return "" }
      let line =
        "M\(place(first.time.seconds, first.open))L\(place(due.seconds, chart.target))"
      return "<path class=\"halo\" d=\"\(line)\"/><path class=\"plan\" d=\"\(line)\"/>\n"
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
