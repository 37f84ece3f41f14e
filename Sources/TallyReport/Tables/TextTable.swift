/// A table for terminals and logs: aligned columns, cut to a width, safe against what its cells hold.
///
/// Every cell becomes one line of visible text. Without a width nothing is cut, so that a pipe gets everything.
public struct TextTable: Sendable {
  /// On which side a column's cells are aligned.
  public enum Alignment: Sendable, Hashable {
    case left
    case right
  }

  /// How a cell looks when colour is on.
  public enum Style: Sendable, Hashable {
    case plain
    case bold
    case dim
    case good
    case bad
    case notable

    /// The number of the terminal's style (ECMA-48 SGR); nil for none.
    var code: String? {
      switch self {
      case .plain: nil
      case .bold: "1"
      case .dim: "2"
      case .good: "32"
      case .bad: "31"
      case .notable: "33"
      }
    }
  }

  /// One column.
  public struct Column: Sendable, Hashable {
    /// The heading; when all are empty no heading is printed.
    public var title: String
    /// Where the cells stand.
    public var alignment: Alignment
    /// The fewest cells the column may be cut to; nil when it is never cut.
    public var minimum: Int?
    /// Which part of a text goes when the column is cut.
    public var cut: DisplayWidth.Cut

    /// Creates a column; left-aligned and never cut unless told.
    public init(
      _ title: String,
      _ alignment: Alignment = .left,
      minimum: Int? = nil,
      cut: DisplayWidth.Cut = .end
    ) {
      self.title = title
      self.alignment = alignment
      self.minimum = minimum
      self.cut = cut
    }
  }

  /// One cell.
  public struct Cell: Sendable, Hashable, ExpressibleByStringLiteral {
    /// What it says.
    public var text: String
    /// How it looks.
    public var style: Style

    /// Creates a cell.
    public init(_ text: String, _ style: Style = .plain) {
      self.text = text
      self.style = style
    }

    /// Creates a plain cell.
    public init(stringLiteral value: String) { self.init(value) }
  }

  /// A row of cells, or a line between rows.
  public enum Row: Sendable, Hashable {
    /// As many cells as there are columns; missing ones are empty, extra ones are left out.
    case cells([Cell])
    /// A line across the table.
    case rule
  }

  /// The columns, left to right.
  public var columns: [Column]
  /// The rows, top to bottom.
  public var rows: [Row]

  /// Creates a table.
  public init(columns: [Column], rows: [Row] = []) {
    self.columns = columns
    self.rows = rows
  }

  /// Adds a row of cells.
  public mutating func add(_ cells: [Cell]) { rows.append(.cells(cells)) }

  /// The table as text, one line a row.
  ///
  /// - Parameters:
  ///   - width: the terminal's cells in a line; nil when the output is no terminal. Columns that may be cut give way, the widest first; a
  ///     table whose fixed columns alone are wider stays wider.
  ///   - colour: true to use styles.
  /// - Returns: lines without blanks at their ends, each ended by a line break; empty without rows.
  public func rendered(width: Int? = nil, colour: Bool = false) -> String {
    if rows.isEmpty || columns.isEmpty { return "" }
    let texts = rows.map { row -> [Cell]? in
      guard case .cells(let cells) = row else { return nil }
      return columns.indices.map { index in
        guard index < cells.count else { return Cell("") }
        return Cell(VisibleText.line(cells[index].text), cells[index].style)
      }
    }
    let titles = columns.map { VisibleText.line($0.title) }
    let hasTitles = titles.contains { !$0.isEmpty }
    var widths = titles.map(DisplayWidth.of)
    for case .some(let cells) in texts {
      for (index, cell) in cells.enumerated() {
        widths[index] = max(widths[index], DisplayWidth.of(cell.text))
      }
    }
    if let width { narrow(&widths, to: width) }
    var output = ""
    if hasTitles {
      output += line(titles.map { Cell($0, .bold) }, widths, colour: colour)
    }
    let total = widths.reduce(0, +) + 2 * (widths.count - 1)
    for cells in texts {
      if let cells {
        output += line(cells, widths, colour: colour)
      } else {
        output += String(repeating: "─", count: total) + "\n"
      }
    }
    return output
  }

  /// Takes cells from the widest column that may still give, until the line fits.
  private func narrow(_ widths: inout [Int], to width: Int) {
    var excess = widths.reduce(0, +) + 2 * (widths.count - 1) - width
    while excess > 0 {
      var widest: Int?
      for index in widths.indices {
        guard let minimum = columns[index].minimum, widths[index] > max(1, minimum) else {
          continue
        }
        if let found = widest, widths[found] >= widths[index] { continue }
        widest = index
      }
      guard let widest else { return }
      widths[widest] -= 1
      excess -= 1
    }
  }

  private func line(_ cells: [Cell], _ widths: [Int], colour: Bool) -> String {
    var result = ""
    var pending = 0
    for (index, cell) in cells.enumerated() {
      if index > 0 { pending += 2 }
      let text = DisplayWidth.cut(cell.text, to: widths[index], columns[index].cut)
      let padding = widths[index] - DisplayWidth.of(text)
      let isRight = columns[index].alignment == .right
      if isRight { pending += padding }
      if !text.isEmpty {
        result += String(repeating: " ", count: pending)
        pending = 0
        if colour, let code = cell.style.code {
          result += "\u{1B}[\(code)m\(text)\u{1B}[0m"
        } else {
          result += text
        }
      }
      if !isRight { pending += padding }
    }
    return result + "\n"
  }
}
