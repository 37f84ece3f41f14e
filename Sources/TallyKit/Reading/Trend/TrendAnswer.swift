import TallyModel
import TallyReport

/// The balance from period to period.
public struct TrendAnswer: CommandAnswer {
  /// One period: what `tally statement` says of it.
  public struct Period: Codable, Sendable, Hashable {
    /// `2026-03-02`, `2026-W10`, `2026-03`, or the commit that ends it.
    public var name: String
    /// The range after `tally statement` that gives the same account.
    public var range: String
    /// The point before it, in UTC; nil for the beginning of the books.
    public var from: String?
    /// Its end, in UTC.
    public var to: String
    /// How many scans moved the books in it; with none the balance is only carried over.
    public var scans: Int
    /// How many scans in it did not finish.
    public var failedScans: Int
    /// True for the last one where it is not over yet.
    public var isPartial: Bool
    /// The rows of the breakdown.
    public var rows: [StatementAnswer.Row]
    /// Everything.
    public var total: StatementAnswer.Row
  }

  /// The form of this answer.
  public var version = 1
  /// What it is broken down by; nil for nothing.
  public var by: String?
  /// `day`, `week`, `month` or `scan`.
  public var every: String
  /// Causes that came in any period, in their order.
  public var causesIn: [String]
  /// Causes that went in any period, in their order.
  public var causesOut: [String]
  /// One after the other, without gaps: each opens with what the one before closed with.
  public var periods: [Period]
  /// Sentences worth a person's attention.
  public var warnings: [String] = []

  /// A table with a row for each period, or with a row for each key of the breakdown; with a sparkline.
  public func text(_ style: TextStyle) -> String {
    if periods.isEmpty { return "no scans\n" }
    let table = by.map(keyTable) ?? periodTable()
    return table.rendered(width: style.columns, colour: style.colour) + closingLine()
  }

  // MARK: A row for each period

  private var causes: [PostingKind] {
    PostingKind.allCases.filter { kind in periods.contains { $0.total.cell(kind) != nil } }
  }

  private func periodTable() -> TextTable {
    let causes = causes
    var columns = [
      TextTable.Column(every.prefix(1).uppercased() + every.dropFirst()),
      TextTable.Column("Opening", .right),
    ]
    columns += causes.map { kind in
      TextTable.Column(kind.name.prefix(1).uppercased() + kind.name.dropFirst(), .right)
    }
    columns += [TextTable.Column("Closing", .right), TextTable.Column("Scans")]
    var table = TextTable(columns: columns)
    for period in periods {
      var cells: [TextTable.Cell] = [
        .init(period.name + (period.isPartial ? " so far" : "")),
        .init(Wording.grouped(period.total.opening)),
      ]
      cells += causes.map { kind in
        period.total.cell(kind).map { .init(Wording.signed(kind.sign * $0.count)) } ?? ""
      }
      cells.append(.init(Wording.grouped(period.total.closing), period.scans > 0 ? .bold : .dim))
      cells.append(.init(period.scanWords, period.scans > 0 ? .plain : .notable))
      table.add(cells)
    }
    return table
  }

  // MARK: A row for each key

  /// The row of a key in a period; one of zeros where there is none.
  private static func row(_ key: String, of period: Period) -> StatementAnswer.Row {
    period.rows.first { $0.key == key }
      ?? StatementAnswer.Row(key: key, opening: 0, entered: [:], left: [:], closing: 0)
  }

  private func keyTable(_ by: String) -> TextTable {
    var table = TextTable(columns: [
      .init(by.prefix(1).uppercased() + by.dropFirst(), minimum: 12),
      .init("Opening", .right), .init("In", .right), .init("Out", .right),
      .init("Closing", .right), .init("Open"),
    ])
    let keys = Set(periods.flatMap { $0.rows.map(\.key) })
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    for key in keys { table.add(cells(key, periods.map { Self.row(key, of: $0) })) }
    if keys.count > 1 {
      table.rows.append(.rule)
      table.add(cells("Total", periods.map(\.total)))
    }
    return table
  }

  private func cells(_ name: String, _ rows: [StatementAnswer.Row]) -> [TextTable.Cell] {
    let entered = rows.reduce(0) { $0 + $1.entered.values.reduce(0) { $0 + $1.count } }
    let left = rows.reduce(0) { $0 + $1.left.values.reduce(0) { $0 + $1.count } }
    return [
      .init(name), .init(Wording.grouped(rows.first?.opening ?? 0)),
      entered == 0 ? "" : .init(Wording.signed(entered)),
      left == 0 ? "" : .init(Wording.signed(-left)),
      .init(Wording.grouped(rows.last?.closing ?? 0), .bold),
      .init(line(rows.map(\.closing))),
    ]
  }

  // MARK: Sparklines

  private func line(_ closings: [Int]) -> String {
    Sparkline.text(
      withGaps: zip(closings, periods).map { $1.scans > 0 ? $0 : nil },
      width: 40
    )
  }

  private func closingLine() -> String {
    let first = periods.first?.total.opening ?? 0
    let last = periods.last?.total.closing ?? 0
    return "open \(Wording.grouped(first)) -> \(Wording.grouped(last))  "
      + "\(line(periods.map(\.total.closing)))  \(periods[0].name) .. "
      + "\(periods[periods.count - 1].name)\n"
  }

  // MARK: CSV

  /// The same as comma-separated values (RFC 4180), a record for each period and key, with a heading.
  public var csv: String {
    let causes = PostingKind.allCases.filter {
      causesIn.contains($0.name) || causesOut.contains($0.name)
    }
    var records: [[String]] = [
      ["period", "from", "to", by ?? "key", "scans", "failed scans", "opening"]
        + causes.map(\.name) + ["closing"]
    ]
    for period in periods {
      for row in by == nil ? [period.total] : period.rows {
        records.append(
          [
            period.name, period.from ?? "", period.to, row.key,
            period.scans > 0 ? String(period.scans) : "no scan", String(period.failedScans),
            String(row.opening),
          ]
            + causes.map { String(row.cell($0)?.count ?? 0) } + [String(row.closing)]
        )
      }
    }
    return CSVEscaping.document(records)
  }
}

extension TrendAnswer.Period {
  /// How many scans there were, in words.
  fileprivate var scanWords: String {
    let failed = failedScans > 0 ? "\(failedScans) failed" : ""
    if scans == 0 { return failed.isEmpty ? "no scan" : "no scan, \(failed)" }
    return failed.isEmpty ? "\(scans)" : "\(scans), \(failed)"
  }
}
