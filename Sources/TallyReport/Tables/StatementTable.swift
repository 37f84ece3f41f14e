public import TallyModel

/// A statement as a table: one line a bucket with opening, every cause that occurs, and closing; with several buckets a total.
public struct StatementTable: Sendable {
  /// The account of one bucket: a priority, a rule, a folder, a tool, or all there is.
  public struct Bucket: Sendable, Hashable {
    /// The bucket's name.
    public var name: String
    /// How many were open at the start.
    public var opening: Int
    /// How many came or went, by cause; all at least 0.
    public var moves: [PostingKind: Int]
    /// How many were open at the end.
    public var closing: Int

    /// Creates an account.
    public init(name: String, opening: Int, moves: [PostingKind: Int], closing: Int) {
      self.name = name
      self.opening = opening
      self.moves = moves
      self.closing = closing
    }

    /// True when opening + in - out = closing.
    public var balances: Bool {
      opening + moves.reduce(0) { $0 + $1.key.sign * $1.value } == closing
    }
  }

  /// What the buckets are, such as `Priority`; the heading of the first column.
  public var title: String
  /// The buckets in the order to print them.
  public var buckets: [Bucket]

  /// The account of all buckets together, which knows nothing of what went from one into another; nil for their sum.
  public var whole: Bucket?

  /// Which part of a name goes when the table is too wide: the start for folders.
  public var cut: DisplayWidth.Cut

  /// Creates a statement.
  public init(
    title: String,
    buckets: [Bucket],
    whole: Bucket? = nil,
    cut: DisplayWidth.Cut = .end
  ) {
    self.title = title
    self.whole = whole
    self.cut = cut
    self.buckets = buckets
  }

  /// The causes that occur, in the order of their stored numbers: what came, then what went.
  public var causes: [PostingKind] {
    PostingKind.allCases.filter { kind in buckets.contains { ($0.moves[kind] ?? 0) != 0 } }
  }

  /// The last line: ``whole``, else the sum of the buckets.
  public var total: Bucket {
    if var whole {
      whole.name = "Total"
      return whole
    }
    var sum = Bucket(name: "Total", opening: 0, moves: [:], closing: 0)
    for bucket in buckets {
      sum.opening += bucket.opening
      sum.closing += bucket.closing
      sum.moves.merge(bucket.moves, uniquingKeysWith: +)
    }
    return sum
  }

  /// Buckets as lines and causes as columns; what doesn't balance says so in a last column.
  public var table: TextTable {
    let causes = self.causes
    var columns = [
      TextTable.Column(title, minimum: 12, cut: cut), TextTable.Column("Opening", .right),
    ]
    columns += causes.map { TextTable.Column(Self.capitalized($0.name), .right) }
    columns.append(TextTable.Column("Closing", .right))
    let isWrong = !buckets.allSatisfy(\.balances)
    if isWrong { columns.append(TextTable.Column("")) }
    var table = TextTable(columns: columns)
    for bucket in buckets { table.add(cells(bucket, causes, isWrong: isWrong)) }
    if buckets.count > 1 {
      table.rows.append(.rule)
      table.add(cells(total, causes, isWrong: isWrong))
    }
    return table
  }

  /// One bucket as an account: a line for the opening, one a cause, one for the closing.
  ///
  /// - Parameters:
  ///   - bucket: the account.
  ///   - opening: the words for the opening line, such as `Open on 2026-09-07 (61d2fab2c)`.
  ///   - closing: the words for the closing line.
  ///   - bases: how each cause is known, in words.
  /// - Returns: a table without headings.
  public static func account(
    _ bucket: Bucket,
    opening: String,
    closing: String,
    bases: [PostingKind: String] = [:]
  ) -> TextTable {
    var table = TextTable(columns: [.init("", minimum: 12), .init("", .right), .init("")])
    table.add([.init(opening), .init(Wording.grouped(bucket.opening)), ""])
    for kind in PostingKind.allCases {
      guard let count = bucket.moves[kind], count != 0 else { continue }
      table.add([
        .init(capitalized(kind.name)), .init(Wording.signed(kind.sign * count)),
        .init(bases[kind] ?? "", .dim),
      ])
    }
    table.rows.append(.rule)
    table.add([
      .init(closing, .bold), .init(Wording.grouped(bucket.closing), .bold),
      bucket.balances ? "" : .init("does not balance", .bad),
    ])
    return table
  }

  private func cells(_ bucket: Bucket, _ causes: [PostingKind], isWrong: Bool) -> [TextTable.Cell] {
    var cells: [TextTable.Cell] = [.init(bucket.name), .init(Wording.grouped(bucket.opening))]
    for kind in causes {
      let count = bucket.moves[kind] ?? 0
      cells.append(count == 0 ? "" : .init(Wording.signed(kind.sign * count)))
    }
    cells.append(.init(Wording.grouped(bucket.closing), .bold))
    if isWrong { cells.append(bucket.balances ? "" : .init("does not balance", .bad)) }
    return cells
  }

  private static func capitalized(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }
}
