/// Which post to send, and where.
public struct PostRequest: Sendable {
  /// Where posts go.
  public enum Destination: Sendable, Hashable {
    /// A comment on GitHub; what is nil is found.
    case github(repository: String?, issue: Int?, pullRequest: Int?)
    /// A note on GitLab; what is nil is found. The project is a number or a path.
    case gitlab(project: String?, issue: Int?, mergeRequest: Int?)
    /// A message in Slack, of an app in a channel or through an incoming webhook.
    case slack(channel: String?)
    /// JSON to the address in `TALLY_WEBHOOK_URL`.
    case webhook
  }

  /// When there is a new comment although there is one already.
  public enum Append: String, Sendable, Hashable, CaseIterable {
    /// Each time.
    case always
    /// Once in a week (ISO 8601, UTC), which the rest of the week keeps up to date.
    case weekly
  }

  /// The post.
  public var report: ReportRequest
  /// Where to.
  public var destination: Destination
  /// When there is another comment; nil to keep one up to date.
  public var append: Append?
  /// True to record in the ledger that it was posted.
  public var records: Bool
  /// True to write nothing anywhere.
  public var isDryRun: Bool

  /// Creates a request.
  public init(
    report: ReportRequest,
    destination: Destination,
    append: Append? = nil,
    records: Bool = false,
    isDryRun: Bool = false
  ) {
    self.report = report
    self.destination = destination
    self.append = append
    self.records = records
    self.isDryRun = isDryRun
  }
}
