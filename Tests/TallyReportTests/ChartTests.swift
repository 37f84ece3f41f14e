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
