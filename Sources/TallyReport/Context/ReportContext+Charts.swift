extension ReportContext {
  /// The report's numbers as pictures, made from the rest of the context.
  ///
  /// An SVG stands in an HTML page as it is (`{{{charts.burn_down}}}`): it has a title and a description, and no scripts or outside parts.
  public struct Charts: Codable, Sendable, Hashable {
    /// Derived: the balance as SVG: stacked by priority where that is known, with the line to the target; empty without scans.
    public var burnDown = ""
    /// Derived: true when there is such a picture.
    public var hasBurnDown = false

    /// Creates charts that are not drawn yet.
    public init() {}
  }
}

extension ReportContext {
  /// Draws what there is to draw.
  ///
  /// - Parameter suffix: what tells the ids of this report's pictures from those of another on the same page.
  mutating func drawCharts(suffix: String) {
    charts.hasBurnDown = !trend.points.isEmpty
    guard charts.hasBurnDown else {
      charts.burnDown = ""
      return
    }
    var burnDown = BurnDown(context: self)
    burnDown.id += suffix
    charts.burnDown = burnDown.svg
  }
}
