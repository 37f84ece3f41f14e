import TallyModel

/// The paper of a small picture: 640 by 240, time from left to right, numbers from the bottom up.
///
/// Coordinates are tenths of a unit, so that no rounding depends on the machine.
struct ChartFrame {
  /// The beginning of the first day.
  let start: Int64
  let end: Int64
  let low: Double
  let high: Double
  private let ticks: [Double]
  private let left: Int
  private let right = 6_000
  private let upper = 450
  private let lower = 1_850

  /// What the ids and texts of a picture are.
  struct Label {
    let id: String
    let title: String
    let summary: String
  }

  /// Takes the whole days of the times and round numbers around the values.
  ///
  /// No tick is above `cap`, which no value can be above; ticks of counts are whole numbers.
  init(
    times: [Timestamp],
    values: [Double],
    unit: String = "",
    cap: Double? = nil,
    isCount: Bool = false
  ) {
    let seconds = times.map(\.seconds)
    start = Self.day(seconds.min() ?? 0)
    end = max(seconds.max() ?? 0, start + 86_400)
    ticks = Self.ticks(
      from: values.min() ?? 0,
      to: values.max() ?? 1,
      leastStep: isCount ? 1 : 1e-6
    )
    low = ticks.first ?? 0
    let top = ticks.last ?? 1
    high = max(cap.map { min($0, top) } ?? top, low + 1e-9)
    let width = ticks.map { Self.text($0).count + unit.count }.max() ?? 1
    left = max(520, 180 + 75 * width)
  }

  static func day(_ seconds: Int64) -> Int64 {
    seconds - (seconds % 86_400 + 86_400) % 86_400
  }

  /// Up to six round numbers around a range, from 0 where the range is near it.
  static func ticks(from least: Double, to most: Double, leastStep: Double) -> [Double] {
    let least = least >= 0 && least < most / 2 ? 0 : least
    let range = max(most - least, abs(most) / 10, 1e-6)
    var step = leastStep
    search: while true {
      for factor in [1.0, 2, 5] where step * factor * 5 >= range {
        step *= factor
        break search
      }
      step *= 10
    }
    // Half a step of room for the number above the highest point.
    let first = (least / step).rounded(.down)
    let last = max(first + 1, ((most + range / 12) / step).rounded(.up))
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }

  /// A number in at most three digits behind the point.
  static func text(_ value: Double) -> String {
    guard abs(value) < 1e12 else { return "\(value)" }
    let thousandths = Int((value * 1000).rounded())
    let sign = thousandths < 0 ? "-" : ""
    let size = abs(thousandths)
    var fraction = String(1000 + size % 1000).dropFirst()
    while fraction.last == "0" { fraction.removeLast() }
    return sign + Wording.grouped(size / 1000) + (fraction.isEmpty ? "" : ".\(fraction)")
  }

  func x(_ seconds: Int64) -> Int {
    left + Int((seconds - start) * Int64(right - left) / (end - start))
  }

  func y(_ value: Double) -> Int {
    lower - Int(((value - low) / (high - low) * Double(lower - upper)).rounded())
  }

  var floor: Int { lower }

  static func number(_ tenths: Int) -> String {
    let size = abs(tenths)
    let sign = tenths < 0 ? "-" : ""
    return sign + (size % 10 == 0 ? String(size / 10) : "\(size / 10).\(size % 10)")
  }

  func place(_ seconds: Int64, _ value: Double) -> String {
    "\(Self.number(x(seconds))) \(Self.number(y(value)))"
  }

  /// Horizontal lines with their numbers; the first day and the last below.
  func grid(unit: String = "") -> String {
    var output = ""
    for tick in ticks where tick <= high + 1e-9 {
      let height = Self.number(y(tick))
      output += "<path class=\"grid\" d=\"M\(Self.number(left)) \(height)H\(Self.number(right))\"/>"
      output +=
        "<text class=\"label\" x=\"\(Self.number(left - 60))\" y=\"\(Self.number(y(tick) + 40))\" "
      output += "text-anchor=\"end\">\(Self.text(tick))\(HTMLEscaping.text(unit))</text>\n"
    }
    let last = Self.day(end)
    let days = (last - start) / 86_400
    var dates: [(day: Int64, anchor: String, place: Int)] = [(start, "start", left)]
    for quarter in 1..<4 where days >= 28 {
      let day = start + days * Int64(quarter) / 4 * 86_400
      dates.append((day, "middle", x(day)))
    }
    if last > start { dates.append((last, "end", right)) }
    for date in dates {
      output +=
        "<text class=\"label\" x=\"\(Self.number(date.place))\" y=\"\(Self.number(lower + 190))\" "
      output += "text-anchor=\"\(date.anchor)\">\(Timestamp(seconds: date.day).dateText)</text>\n"
    }
    return output
  }

  /// A value and its number, cut to what there is room for, which stands above it or, where the line comes from above, below.
  func dot(
    _ seconds: Int64,
    _ value: Double,
    _ text: String,
    isBelow: Bool = false
  ) -> String {
    let (across, height) = (x(seconds), y(value))
    let (anchor, shift) = across > right - 600 ? ("end", -70) : ("start", 70)
    let base = isBelow ? min(height + 160, lower - 30) : height - 80
    return
      "<circle class=\"dot\" cx=\"\(Self.number(across))\" cy=\"\(Self.number(height))\" r=\"3.5\"/>"
      + "<text class=\"value\" x=\"\(Self.number(across + shift))\" y=\"\(Self.number(base))\" "
      + "text-anchor=\"\(anchor)\">\(HTMLEscaping.text(DisplayWidth.cut(text, to: 24)))</text>\n"
  }

  /// A whole picture.
  static func svg(_ label: Label, body: String, legend: [(mark: String, name: String)]) -> String {
    let title = VisibleText.line(label.title)
    var output = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 240" role="img" \
      aria-labelledby="\(label.id)-title \(label.id)-text" class="chart">
      <title id="\(label.id)-title">\(HTMLEscaping.text(title))</title>
      <desc id="\(label.id)-text">\(HTMLEscaping.text(VisibleText.line(label.summary)))</desc>
      \(BurnDown.style(scope: "chart"))
      <rect class="ground" width="640" height="240"/>
      <text class="heading" x="16" y="26">\(HTMLEscaping.text(DisplayWidth.cut(title, to: 60)))</text>

      """
    output += body
    var across = 52
    for (mark, name) in legend {
      let text = DisplayWidth.cut(VisibleText.line(name), to: 30)
      output += mark.replacing("{x}", with: String(across))
      output +=
        "<text class=\"label\" x=\"\(across + 24)\" y=\"228\">\(HTMLEscaping.text(text))</text>\n"
      across += 24 + 7 * DisplayWidth.of(text) + 18
    }
    return output + "</svg>\n"
  }

  /// The mark of an area in a legend.
  static func square(_ style: String) -> String {
    "<rect class=\"\(style)\" x=\"{x}\" y=\"218\" width=\"18\" height=\"12\"/>"
  }

  /// The mark of a line in a legend.
  static func stroke(_ style: String) -> String {
    "<path class=\"\(style)\" d=\"M{x} 224h18\"/>"
  }
}
