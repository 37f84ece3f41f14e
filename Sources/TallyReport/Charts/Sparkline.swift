/// A row of numbers as Unicode blocks, for Markdown and terminals.
public enum Sparkline {
  private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// One block a number, scaled from 0 or the lowest below it to the highest; more than `width` numbers are thinned evenly, first and last kept.
  ///
  /// All zeros give the lowest block. Empty for no numbers.
  public static func text(_ values: [Int], width: Int) -> String {
    guard !values.isEmpty, width > 0 else { return "" }
    var shown = values
    if values.count > width {
      shown =
        width == 1
        ? [values[values.count - 1]]
        : (0..<width).map { values[$0 * (values.count - 1) / (width - 1)] }
    }
    let low = min(0, shown.min() ?? 0)
    let high = shown.max() ?? 0
    if high == low { return String(repeating: blocks[0], count: shown.count) }
    return String(
      shown.map { value in
        blocks[min(blocks.count - 1, (value - low) * blocks.count / (high - low))]
      }
    )
  }
}
