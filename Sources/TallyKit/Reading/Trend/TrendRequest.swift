public import TallyModel

/// Which periods of the books to show, one after the other.
public struct TrendRequest: Sendable {
  /// How long a period is.
  public enum Every: String, Sendable, Hashable, CaseIterable {
    /// A day in UTC.
    case day
    /// An ISO 8601 week in UTC: from Monday on.
    case week
    /// A month in UTC.
    case month
    /// From one scanned commit to the next.
    case scan
  }

  /// What to break down by.
  public var breakdown: String?
  /// A date or a commit, which lies in the first period; nil for the first scan.
  public var since: String?
  /// How long a period is.
  public var every: Every
  /// A campaign's id.
  public var campaign: String?
  /// A branch, or a pattern over branches; every one where none is given.
  public var branch: String?
  /// Which time.
  public var time: TimeRequest

  /// Creates a request.
  public init(
    breakdown: String? = nil,
    since: String? = nil,
    every: Every = .week,
    campaign: String? = nil,
    branch: String? = nil,
    time: TimeRequest = TimeRequest()
  ) {
    self.breakdown = breakdown
    self.since = since
    self.every = every
    self.campaign = campaign
    self.branch = branch
    self.time = time
  }
}

/// Why a trend was refused.
public enum TrendError: UserFacingError, Hashable {
  /// What was typed after `--by` is no breakdown.
  case unknownBreakdown(String)
  /// There would be more periods than a table holds.
  case tooManyPeriods(limit: Int)

  /// The most periods of a trend.
  static let limit = 1000

  /// What scripts match on.
  public var code: String {
    switch self {
    case .unknownBreakdown: "trend.breakdown"
    case .tooManyPeriods: "trend.too-many"
    }
  }

  /// The sentence.
  public var description: String {
    switch self {
    case .unknownBreakdown(let name): "a trend cannot be broken down by '\(name)'"
    case .tooManyPeriods(let limit): "the trend would have more than \(limit) periods"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .unknownBreakdown:
      "it can be broken down by \(StatementRequest.breakdowns.joined(separator: ", "))"
    case .tooManyPeriods: "begin later with --since, or choose longer ones with --every month"
    }
  }
}
