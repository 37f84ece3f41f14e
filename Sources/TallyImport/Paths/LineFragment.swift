/// A URI with lines behind it as code hosts write them: `#L10`, `#L10C5`, `#L10-L20`.
struct LineFragment {
  /// The URI without the fragment.
  let uri: String
  /// The first line, 1-based.
  let line: Int
  /// The last line, where one is given that is not before the first.
  let endLine: Int?

  /// Nil where the URI ends otherwise.
  init?(_ text: String) {
    guard let hash = text.utf8.lastIndex(of: UInt8(ascii: "#")) else { return nil }
    let parts = text[hash...].dropFirst().split(separator: "-", omittingEmptySubsequences: false)
    guard hash > text.startIndex, (1...2).contains(parts.count),
      parts[0].utf8.first == UInt8(ascii: "L"),
      let line = LineFragment.line(parts[0])
    else { return nil }
    let last = parts.count == 2 ? LineFragment.line(parts[1]) : nil
    if parts.count == 2 && last == nil { return nil }
    uri = String(text[..<hash])
    self.line = line
    endLine = last.flatMap { $0 >= line ? $0 : nil }
  }

  /// The line of `L10`, `10` or `L10C5`.
  private static func line(_ text: Substring) -> Int? {
    let place = text.hasPrefix("L") ? text.dropFirst() : text
    let numbers = place.split(separator: "C", omittingEmptySubsequences: false)
    guard (1...2).contains(numbers.count),
      numbers.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let line = Int(numbers[0]), (1...2_147_483_647).contains(line)
    else { return nil }
    return line
  }
}
