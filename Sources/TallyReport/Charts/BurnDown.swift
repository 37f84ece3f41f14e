public import TallyModel

/// The balance over time as a picture: what is open, stacked by priority where that is known, the line that leads to the target, and the due date.
///
/// An SVG without scripts or outside parts, 640 by 360, in colours that colour-blind people can tell apart, light or dark as the reader's
/// system is. Equal input gives equal bytes.
public struct BurnDown: Sendable {
  /// The balance from one moment on.
  public struct Point: Sendable, Hashable {
    /// When.
    public var time: Timestamp
    /// How many are open.
    public var open: Int
    /// The same by part, in the order of ``BurnDown/parts``; ignored unless every point has it and it adds up.
    public var byPart: [Int]

    /// Creates a point.
    public init(time: Timestamp, open: Int, byPart: [Int] = []) {
      self.time = time
      self.open = open
      self.byPart = byPart
    }
  }

  /// How many may be open at one time to come.
  public struct Forecast: Sendable, Hashable {
    /// When.
    public var time: Timestamp
    /// The middle of what may be.
    public var likely: Int
    /// The lower edge of the cone.
    public var low: Int
    /// The upper edge of the cone.
    public var high: Int

    /// Creates a point.
    public init(time: Timestamp, likely: Int, low: Int, high: Int) {
      self.time = time
      self.likely = likely
      self.low = low
      self.high = high
    }
  }

  /// What the ids inside the picture begin with; two pictures on one page need two.
  public var id = "burn-down"
  /// What the picture shows, its title.
  public var title: String
  /// Sorted by time.
  public var points: [Point]
  /// The names of the parts, bottom first; empty for none.
  public var parts: [String]
  /// The count to reach.
  public var target: Int
  /// When it is to be reached; nil when there is no date.
  public var due: Timestamp?
  /// What may become of it, from the time of the report on; empty for no forecast.
  public var forecast: [Forecast] = []
  /// The time of the report, until which the last point holds; nil for the last point's own.
  public var until: Timestamp?

  /// Creates a chart.
  public init(
    title: String,
    points: [Point],
    parts: [String] = [],
    target: Int = 0,
    due: Timestamp? = nil,
    until: Timestamp? = nil
  ) {
    self.title = title
    self.points = points.sorted { $0.time < $1.time }
    self.until = until
    self.parts = parts
    self.target = target
    self.due = due
  }

  /// Creates the chart of a report's campaign.
  public init(context: ReportContext) {
    self.init(
      title: context.campaign.title,
      points: context.trend.points.compactMap { point in
        Timestamp(iso8601: point.time)
          .map { Point(time: $0, open: point.open, byPart: point.byPriority) }
      },
      parts: context.priorities.map { $0.id == "unassigned" ? "Unassigned" : $0.id },
      target: context.campaign.target,
      due: Timestamp(iso8601: context.campaign.due.date),
      until: Timestamp(iso8601: context.footer.asOf)
    )
    forecast = context.forecast.points.compactMap { point in
      Timestamp(iso8601: point.time).map {
        Forecast(time: $0, likely: point.likely, low: point.low, high: point.high)
      }
    }
  }

  /// One sentence that says what the picture shows, for those who can't see it.
  public var summary: String {
    guard let first = points.first, let last = points.last else { return "There are no scans yet." }
    var text =
      "\(Wording.grouped(first.open)) open on \(first.time.dateText), "
      + "\(Wording.grouped(last.open)) on \(last.time.dateText)"
    if let due { text += "; the target is \(Wording.grouped(target)) by \(due.dateText)" }
    if let end = forecast.last {
      text += "; likely \(Wording.grouped(end.likely)) on \(end.time.dateText)"
      if end.high > end.likely {
        text += ", with 85 % certainty no more than \(Wording.grouped(end.high))"
      }
    }
    return text + "."
  }

  /// True when every point says how much belongs to each of at least two parts.
  var isStacked: Bool {
    parts.count > 1 && parts.count <= Self.colours.count
      && points.allSatisfy { $0.byPart.count == parts.count && $0.byPart.reduce(0, +) == $0.open }
  }

  /// The picture as an SVG document; ends with a line break.
  public var svg: String {
    var output = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360" role="img" \
      aria-labelledby="\(id)-title \(id)-text" class="burn-down">
      <title id="\(id)-title">\(HTMLEscaping.text(VisibleText.line(title)))</title>
      <desc id="\(id)-text">\(HTMLEscaping.text(summary))</desc>
      \(Self.style(scope: "burn-down", hasForecast: !forecast.isEmpty))
      <rect class="ground" width="640" height="360"/>

      """
    if points.isEmpty {
      output += "<text class=\"label\" x=\"320\" y=\"180\" text-anchor=\"middle\">"
      return output + "No scans yet</text>\n</svg>\n"
    }
    let frame = Frame(self)
    output += heading
    output += frame.grid
    output += isStacked ? frame.areas : ""
    output += frame.cone
    output += frame.guides
    output += frame.balance
    return output + legend + "</svg>\n"
  }

  private var heading: String {
    let text = DisplayWidth.cut(VisibleText.line(title), to: 60)
    return "<text class=\"heading\" x=\"16\" y=\"26\">\(HTMLEscaping.text(text))</text>\n"
  }

  private var legend: String {
    var output = ""
    var x = 52
    func entry(_ mark: String, _ name: String) {
      let text = DisplayWidth.cut(VisibleText.line(name), to: 18)
      output += mark
      output +=
        "<text class=\"label\" x=\"\(x + 24)\" y=\"344\">\(HTMLEscaping.text(text))</text>\n"
      x += 24 + 7 * DisplayWidth.of(text) + 18
    }
    entry("<path class=\"balance\" d=\"M\(x) 340h18\"/>", "open")
    if isStacked {
      for (index, part) in parts.enumerated() {
        entry(
          "<rect class=\"part\(index)\" x=\"\(x)\" y=\"334\" width=\"18\" height=\"12\"/>",
          part
        )
      }
    }
    if due != nil { entry("<path class=\"plan\" d=\"M\(x) 340h18\"/>", "on schedule") }
    if !forecast.isEmpty {
      entry("<rect class=\"cone\" x=\"\(x)\" y=\"334\" width=\"18\" height=\"12\"/>", "forecast")
    }
    return output
  }

  /// The colours of Okabe and Ito that stand apart from each other and from both grounds, bottom part first.
  static let colours = ["0072B2", "E69F00", "009E73", "CC79A7", "56B4E9", "D55E00", "999999"]

  /// The style of a picture's parts, for elements below a class.
  static func style(scope: String, hasForecast: Bool = false) -> String {
    unscoped(hasForecast).replacing(".burn-down", with: ".\(scope)")
  }

  private static func unscoped(_ hasForecast: Bool) -> String {
    var css = """
      <style>
      .burn-down { font: 12px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
      .burn-down .ground { fill: #ffffff; }
      .burn-down text { fill: #1f2328; }
      .burn-down .label { fill: #59636e; }
      .burn-down .heading { font-size: 15px; font-weight: 600; }
      .burn-down .value { font-weight: 600; paint-order: stroke; stroke: #ffffff; stroke-width: 3; }
      .burn-down .grid { stroke: #d1d9e0; stroke-width: 1; fill: none; }
      .burn-down .balance { stroke: #1f2328; stroke-width: 2; fill: none; }
      .burn-down .dot { fill: #1f2328; }
      .burn-down .halo { stroke: #ffffff; stroke-opacity: 0.8; stroke-width: 4; fill: none; }
      .burn-down .plan { stroke: #1f2328; stroke-width: 1.5; stroke-dasharray: 5 4; fill: none; }

      """
    for (index, colour) in colours.enumerated() {
      css += ".burn-down .part\(index) { fill: #\(colour); fill-opacity: 0.75; }\n"
    }
    if hasForecast {
      css += """
        .burn-down .cone { fill: #7a838c; fill-opacity: 0.3; }
        .burn-down .likely { stroke: #7a838c; stroke-width: 2; stroke-dasharray: 1 3; fill: none; }

        """
    }
    return css + """
      @media (prefers-color-scheme: dark) {
      .burn-down .ground { fill: #0d1117; }
      .burn-down text { fill: #f0f6fc; }
      .burn-down .label { fill: #9198a1; }
      .burn-down .grid { stroke: #3d444d; }
      .burn-down .balance { stroke: #f0f6fc; }
      .burn-down .dot { fill: #f0f6fc; }
      .burn-down .halo, .burn-down .value { stroke: #0d1117; }
      .burn-down .plan { stroke: #f0f6fc; }
      }
      </style>
      """
  }
}
