import TallyBooks
import TallyLedger
public import TallyModel
import TallyReport

/// Which account to draw up.
public struct StatementRequest: Sendable {
  /// What can be typed after `--by`.
  public static let breakdowns = ["priority", "rule", "folder", "tool", "path"]

  /// `A..B`, `A..`, `..B`.
  public var range: String
  /// What to break down by.
  public var breakdown: String?
  /// A campaign's id.
  public var campaign: String?
  /// A branch, or a pattern over branches; every one where none is given.
  public var branch: String?
  /// True when the violations behind each number are wanted.
  public var listsViolations: Bool
  /// Which time.
  public var time: TimeRequest

  /// Creates a request.
  public init(
    range: String,
    breakdown: String? = nil,
    campaign: String? = nil,
    branch: String? = nil,
    listsViolations: Bool = false,
    time: TimeRequest = TimeRequest()
  ) {
    self.range = range
    self.breakdown = breakdown
    self.campaign = campaign
    self.branch = branch
    self.listsViolations = listsViolations
    self.time = time
  }
}

/// Why a statement was refused.
public enum StatementRequestError: UserFacingError, Hashable {
  /// The range holds no `..`.
  case badRange(String)
  /// What was typed after `--by` is no breakdown.
  case unknownBreakdown(String)

  /// What scripts match on.
  public var code: String {
    switch self {
    case .badRange: "statement.range"
    case .unknownBreakdown: "statement.breakdown"
    }
  }

  /// The sentence.
  public var description: String {
    switch self {
    case .badRange(let text): "'\(text)' is not a range"
    case .unknownBreakdown(let name): "a statement cannot be broken down by '\(name)'"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .badRange: "write A..B, where A and B are dates, times, commits or 'baseline'"
    case .unknownBreakdown:
      "it can be broken down by \(StatementRequest.breakdowns.joined(separator: ", "))"
    }
  }
}

/// The account between two points.
public struct StatementAnswer: CommandAnswer {
  /// One cause in one row.
  public struct Cell: Codable, Sendable, Hashable {
    /// How many.
    public var count: Int
    /// How many for each basis.
    public var basis: [String: Int]
    /// The violations' ids, with `--violations`; else nil.
    public var violations: [String]?
  }
  /// One row.
  public struct Row: Codable, Sendable, Hashable {
    /// The key of the breakdown; empty for the total.
    public var key: String
    /// Open at the start.
    public var opening: Int
    /// What came, a cell for each cause.
    public var entered: [String: Cell]
    /// What went, a cell for each cause.
    public var left: [String: Cell]
    /// Open at the end.
    public var closing: Int
  }

  /// The form of this answer.
  public var version = 1
  /// The earlier point, in UTC; nil for the beginning.
  public var from: String?
  /// The later point, in UTC.
  public var to: String
  /// What it is broken down by; nil for nothing.
  public var by: String?
  /// Causes that came in any row, in their order.
  public var causesIn: [String]
  /// Causes that went in any row, in their order.
  public var causesOut: [String]
  /// The rows of the breakdown.
  public var rows: [Row]
  /// Everything.
  public var total: Row
  /// Whether opening + in - out = closing holds in every row.
  public var balances: Bool
  /// Sentences worth a person's attention.
  public var warnings: [String] = []

  /// One account from top to bottom, or a table with a row for each key.
  public func text(_ style: TextStyle) -> String {
    var text: String
    if let by {
      text = "\(from ?? "the beginning") .. \(to)\n"
      text += StatementTable(title: by, buckets: rows.map(Self.bucket), whole: Self.bucket(total))
        .table
        .rendered(width: style.columns, colour: style.colour)
    } else {
      var bases: [PostingKind: String] = [:]
      for kind in PostingKind.allCases {
        guard let cell = total.cell(kind), cell.basis.count > 1 || cell.basis["direct"] == nil
        else { continue }
        bases[kind] = cell.basis.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
          .joined(separator: ", ")
      }
      text = StatementTable.account(
        Self.bucket(total),
        opening: "Opening, \(from ?? "the beginning")",
        closing: "Closing, \(to)",
        bases: bases
      ).rendered(width: style.columns, colour: style.colour)
    }
    for kind in PostingKind.allCases {
      if let ids = total.cell(kind)?.violations {
        text += "\(kind.name): \(ids.joined(separator: " "))\n"
      }
    }
    return text
  }

  private static func bucket(_ row: Row) -> StatementTable.Bucket {
    var moves: [PostingKind: Int] = [:]
    for kind in PostingKind.allCases { moves[kind] = row.cell(kind)?.count }
    return StatementTable.Bucket(
      name: row.key,
      opening: row.opening,
      moves: moves,
      closing: row.closing
    )
  }
}

extension StatementAnswer.Row {
  /// A row of a statement; its cells list their violations where something names them.
  init(_ row: Statement.Row, naming name: ((ViolationID) throws -> String)? = nil) throws {
    self.init(
      key: row.key,
      opening: row.opening.count,
      entered: try Self.cells(row, sign: 1, name),
      left: try Self.cells(row, sign: -1, name),
      closing: row.closing.count
    )
  }

  private static func cells(
    _ row: Statement.Row,
    sign: Int,
    _ name: ((ViolationID) throws -> String)?
  ) throws -> [String: StatementAnswer.Cell] {
    var result: [String: StatementAnswer.Cell] = [:]
    for kind in PostingKind.allCases where kind.sign == sign && row.count(kind) > 0 {
      var basis: [String: Int] = [:]
      for (name, count) in row.bases(kind) { basis[name.name] = count }
      result[kind.name] = StatementAnswer.Cell(
        count: row.count(kind),
        basis: basis,
        violations: try name.map { try row.violations(kind).map($0) }
      )
    }
    return result
  }

  /// The cell of a kind; nil when nothing happened.
  func cell(_ kind: PostingKind) -> StatementAnswer.Cell? {
    kind.sign > 0 ? entered[kind.name] : left[kind.name]
  }
}

extension Workspace {
  /// Draws up the account between two points in time.
  ///
  /// - Throws: ``StatementRequestError``, ``ListError``, ``TimeError``, ``WorkspaceError``, `LedgerError`.
  public func statement(_ request: StatementRequest) async throws -> StatementAnswer {
    let ends = try await ends(of: request.range)
    return try await read(request.time) { view, configuration in
      let definition: Campaign?
      if let id = request.campaign {
        definition = try configuration.campaign(named: id)
      } else if request.breakdown == "priority" || request.range.contains("baseline") {
        definition = try configuration.campaign(orOnly: nil)
      } else {
        definition = nil
      }
      let branch = try request.branch.map { try Glob(typed: $0, dialect: .name) }
      let campaign = try CampaignView(definition, branch: branch, in: view)
      let (from, to) = try points(ends, campaign: campaign)
      var key = campaign.everything
      if let name = request.breakdown {
        guard let found = campaign.key(name) else {
          throw StatementRequestError.unknownBreakdown(name)
        }
        key = found
      }
      let statement = try campaign.statement(from: from, to: to, by: key)
      var result = try answer(statement, request, view)
      result.warnings = try view.unseenWarnings(campaign.lanes) + view.remarks(on: campaign.lanes)
      result.warnings += try redefinitions(
        of: definition,
        configuration,
        from: from?.time ?? Timestamp(seconds: 0),
        to: to.time,
        comparing: [
          .selection, request.breakdown == "priority" ? .priorities : [],
          request.range.contains("baseline") ? .baseline : [],
        ],
        in: view
      )
      return result
    }
  }

  /// The two ends of a range, with the names that only git knows replaced by their commits'; empty where one is left out.
  private func ends(of range: String) async throws -> (first: String, second: String) {
    guard let dots = range.firstRange(of: "..") else { throw StatementRequestError.badRange(range) }
    let first = String(range[..<dots.lowerBound])
    let second = String(range[dots.upperBound...].drop { $0 == "." })
    return (await commitName(first) ?? "", await commitName(second) ?? "")
  }

  private func points(
    _ ends: (first: String, second: String),
    campaign: CampaignView
  ) throws -> (from: AccountPoint?, to: AccountPoint) {
    let from = try ends.first.isEmpty ? nil : point(ends.first, campaign)
    let to = try ends.second.isEmpty ? campaign.view.now : point(ends.second, campaign)
    if let from, from.time > to.time {
      throw TimeError.backwards(from: ends.first, to: ends.second)
    }
    return (from, to)
  }

  private func point(_ text: String, _ campaign: CampaignView) throws -> AccountPoint {
    if text == "baseline" {
      guard let point = try campaign.baseline().point else { throw TimeError.noBaseline }
      return point
    }
    if let moment = Timestamp(endOf: text) { return AccountPoint(time: moment) }
    guard text.count >= 4 else { throw TimeError.unknownPoint(text) }
    let commits = try campaign.view.reader.commits(byPrefix: text)
    guard let commit = commits.first else { throw TimeError.unknownPoint(text) }
    if commits.count > 1 { throw TimeError.ambiguousCommit(text, count: commits.count) }
    return try campaign.point(at: commit)
  }

  private func answer(
    _ statement: Statement,
    _ request: StatementRequest,
    _ view: BooksView
  ) throws -> StatementAnswer {
    func row(_ row: Statement.Row) throws -> StatementAnswer.Row {
      try StatementAnswer.Row(row, naming: request.listsViolations ? { try view.shortID($0) } : nil)
    }
    return StatementAnswer(
      from: statement.from?.time.iso8601,
      to: statement.to.time.iso8601,
      by: request.breakdown,
      causesIn: statement.kinds.filter { $0.sign > 0 }.map(\.name),
      causesOut: statement.kinds.filter { $0.sign < 0 }.map(\.name),
      rows: try statement.rows.map(row),
      total: try row(statement.total),
      balances: statement.isBalanced
    )
  }
}
