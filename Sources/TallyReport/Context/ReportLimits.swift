/// How long the lists of a context may be, so that a post stays short however large the ledger is.
///
/// What is cut is counted in the list's `more_…`.
public struct ReportLimits: Sendable, Hashable {
  /// Key commits.
  public var commits = 20
  /// Files of a priority and of the suppressions.
  public var files = 5
  /// Next steps.
  public var nextSteps = 5
  /// Test names in each list.
  public var testNames = 10
  /// Waivers.
  public var waivers = 10
  /// Attestations.
  public var attestations = 10
  /// Violations that a change adds, removes or silences, in each list.
  public var changeItems = 20
  /// Warnings.
  public var warnings = 10
  /// Points of the trend; more are thinned evenly, first and last kept.
  public var trendPoints = 400
  /// Weeks; older ones are left out.
  public var weeks = 53
  /// Owners.
  public var owners = 10
  /// Commits, people, subjects and definitions in what changed since the last post, in each list.
  public var sinceItems = 5
  /// Oldest open violations.
  public var oldest = 3
  /// Open violations, where a template lists every one.
  public var violations = 10_000
  /// Characters of one text from a scanner, a test or git; longer ones end in `…`.
  public var textLength = 200

  /// The limits that reports use unless told.
  public init() {}

  /// The limits of a report for auditors, who want every accepted risk and every signature.
  public static var forAuditors: ReportLimits {
    var limits = ReportLimits()
    limits.waivers = 10_000
    limits.attestations = 10_000
    return limits
  }
}
