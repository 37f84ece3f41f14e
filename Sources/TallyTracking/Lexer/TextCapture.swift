public import TallyModel

/// Takes from a text what tracking needs of it later, when the text is no longer at hand.
public enum TextCapture {
  /// How many tokens a window holds on each side at most; MUST NOT CHANGE.
  public static let windowTokens = 24

  /// Returns the window of each finding of one file, in the order of the findings.
  ///
  /// The position of a finding is the start of its region, or the start of its line where there is no column; a column after the
  /// end of the line counts as its end. `right` begins with the first token that ends after the position, `left` ends with the
  /// token before that. The line after the last line break exists and is empty.
  ///
  /// Nil where there is no region, where the line is beyond the end, where the snippet that the tool quoted is not what stands
  /// there, and everywhere when the text holds a NUL byte or a line of more than 1 MiB. Takes time in proportion to the text.
  ///
  /// - Parameters:
  ///   - text: The bytes of the file; a byte order mark is skipped.
  ///   - findings: Findings of this file, best in the order of their places.
  ///   - columnUnit: What the columns of the findings count.
  ///   - secretLines: Lines, from 1, that hold a secret. A finding there gets a window without tokens whose line hash is 0, and
  ///     no other window holds a token of these lines.
  /// - Returns: As many windows as findings.
  public static func windows(
    text: UnsafeRawBufferPointer,
    findings: [Finding],
    columnUnit: ColumnUnit,
    secretLines: Set<Int> = []
  ) -> [TokenWindow?] {
    var result = [TokenWindow?](repeating: nil, count: findings.count)
    guard !findings.isEmpty, let lines = LineTable(text) else { return result }
    let tokens = visibleTokens(of: text, lines: lines, secretLines: secretLines)
    var columns = ColumnCursor(unit: columnUnit)
    var next = 0
    for index in placeOrder(of: findings) {
      guard let region = findings[index].region, region.startLine <= lines.count else { continue }
      if secretLines.contains(region.startLine) {
        result[index] = TokenWindow(left: [], right: [], line: 0)
        continue
      }
      let line = region.startLine - 1
      let start = columns.offset(
        line: line,
        column: region.startColumn ?? 1,
        lines: lines,
        text: text
      )
      if let snippet = findings[index].snippet {
        let check = SnippetCheck(text: text, lines: lines, columnUnit: columnUnit)
        if !check.stands(snippet, at: region, start: start) { continue }
      }
      while next < tokens.count && tokens[next].end <= start { next += 1 }
      result[index] = TokenWindow(
        left: tokens[max(0, next - windowTokens)..<next].map(\.hash),
        right: tokens[next..<min(tokens.count, next + windowTokens)].map(\.hash),
        line: lines.hash(line, in: text)
      )
    }
    return result
  }

  /// Returns the window of each finding of one file, in the order of the findings.
  ///
  /// - Parameters:
  ///   - text: The bytes of the file; a byte order mark is skipped.
  ///   - findings: Findings of this file, best in the order of their places.
  ///   - columnUnit: What the columns of the findings count.
  ///   - secretLines: Lines, from 1, that hold a secret.
  /// - Returns: As many windows as findings.
  public static func windows(
    text: [UInt8],
    findings: [Finding],
    columnUnit: ColumnUnit,
    secretLines: Set<Int> = []
  ) -> [TokenWindow?] {
    text.withUnsafeBytes {
      windows(text: $0, findings: findings, columnUnit: columnUnit, secretLines: secretLines)
    }
  }

  /// Says whether a text can be looked at: it holds no NUL byte and no line of more than 1 MiB.
  public static func canRead(_ text: [UInt8]) -> Bool {
    text.withUnsafeBytes { LineTable($0) != nil }
  }

  /// The places of the findings in ascending order, so that each line is walked once.
  private static func placeOrder(of findings: [Finding]) -> [Int] {
    func isBefore(_ left: Int, _ right: Int) -> Bool {
      let (one, two) = (findings[left].region, findings[right].region)
      return (one?.startLine ?? 0, one?.startColumn ?? 1)
        < (two?.startLine ?? 0, two?.startColumn ?? 1)
    }
    let order = Array(findings.indices)
    for index in order.dropFirst() where isBefore(index, index - 1) {
      return order.sorted(by: isBefore)
    }
    return order
  }

  private static func visibleTokens(
    of text: UnsafeRawBufferPointer,
    lines: LineTable,
    secretLines: Set<Int>
  ) -> [Token] {
    if secretLines.isEmpty { return Lexer.tokens(of: text) }
    var tokens: [Token] = []
    for line in 0..<lines.count where !secretLines.contains(line + 1) {
      Lexer.scan(text, from: lines.starts[line], to: lines.ends[line], into: &tokens)
    }
    return tokens
  }
}

/// Compares the snippet that a tool quoted with what stands in the text.
struct SnippetCheck {
  let text: UnsafeRawBufferPointer
  let lines: LineTable
  let columnUnit: ColumnUnit

  /// Quotes longer than this are not checked.
  static let longest_bytes = 65_536

  /// Says whether the snippet is the region, its lines, or its lines with up to 3 more on each side.
  func stands(_ snippet: UInt64, at region: SourceRegion, start: Int) -> Bool {
    let first = region.startLine - 1
    let last = min(max(region.endLine ?? region.startLine, region.startLine), lines.count) - 1
    if lines.ends[last] - lines.starts[first] > Self.longest_bytes { return true }
    if let column = region.endColumn {
      var cursor = ColumnCursor(unit: columnUnit)
      let end = cursor.offset(line: last, column: column, lines: lines, text: text)
      if end > start && hash(start, end) == snippet { return true }
    }
    if hash(start, lines.ends[last]) == snippet { return true }
    for context in 0...3 {
      let from = lines.starts[max(0, first - context)]
      let to = lines.ends[min(lines.count - 1, last + context)]
      if to - from > Self.longest_bytes { return false }
      if hash(from, to) == snippet { return true }
    }
    return false
  }

  private func hash(_ start: Int, _ end: Int) -> UInt64 {
    SnippetHash.of(text[start..<end])
  }
}
