/// A row of numbers as Unicode blocks, for Markdown and terminals.
public enum Sparkline {
  private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// One block a number, scaled from 0 or the lowest below it to the highest; more than `width` numbers are thinned evenly, first and last kept.
  ///
  /// All zeros give the lowest block. Empty for no numbers.
  public static func text(_ values: [Int], width: Int) -> String {
    text(withGaps: values, width: width)
  }

  /// The same, with `·` for what is not known.
  public static func text(withGaps values: [Int?], width: Int) -> String {
    guard !values.isEmpty, width > 0 else { return "" }
    var shown = values
    if values.count > width {
      shown =
        width == 1
        ? [values[values.count - 1]]
        : (0..<width).map { values[$0 * (values.count - 1) / (width - 1)] }
    }
    let known = shown.compactMap { $0 }
    let low = min(0, known.min() ?? 0)
    let high = known.max() ?? 0
    return String(
      shown.map { value in
        guard let value else { return "·" }
        if high == low { return blocks[0] }
        return blocks[min(blocks.count - 1, (value - low) * blocks.count / (high - low))]
      }
    )
  }
}
