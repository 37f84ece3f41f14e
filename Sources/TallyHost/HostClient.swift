/// A place where one comment is kept up to date.
public enum PostPlace: Sendable, Hashable {
  /// An issue or pull request of GitHub.
  case github(GitHubIssue)
  /// An issue or merge request of GitLab.
  case gitlab(GitLabNoteable)
  /// A channel of Slack.
  case slack(SlackChannel)

  /// The most characters (Unicode scalars) of a comment.
  public var limit: Int {
    switch self {
    case .github: GitHubIssue.limit
    case .gitlab: GitLabNoteable.limit
    case .slack: SlackChannel.limit
    }
  }

  /// What sentences call it, such as `example/shop#7`.
  public var name: String { comments.place }

  /// The host with its port.
  public var host: String { comments.host }

  var comments: any CommentHost {
    switch self {
    case .github(let place): place
    case .gitlab(let place): place
    case .slack(let place): place
    }
  }
}

/// Posts to hosts over HTTP.
public struct HostClient: Sendable {
  private let curl: Curl
  private let notice: @Sendable (String) -> Void

  /// Creates a client.
  ///
  /// - Parameters:
  ///   - curl: How requests are sent.
  ///   - notice: Gets a sentence before each pause.
  public init(curl: Curl, notice: @escaping @Sendable (String) -> Void) {
    self.curl = curl
    self.notice = notice
  }

  /// Creates the comment with a marker, or changes it where it says something else.
  ///
  /// Of several with the marker the newest is changed. Only comments of the account that the token belongs to count. One whose answer is
  /// lost is looked for before anything is sent again.
  ///
  /// - Parameters:
  ///   - text: What it is to say, without the marker.
  ///   - place: Where.
  ///   - marker: How it is found again.
  ///   - isAlwaysNew: True to create one whether there is one or not.
  ///   - isDryRun: True to ask only, and once: nothing is written.
  /// - Returns: What was done, or would be.
  /// - Throws: ``HostError``, `CancellationError`.
  public func post(
    _ text: String,
    to place: PostPlace,
    marker: PostMarker,
    isAlwaysNew: Bool,
    isDryRun: Bool
  ) async throws -> PostedComment {
    var caller = Caller(curl: curl, notice: notice)
    if isDryRun { caller.attempts = 1 }
    var poster = CommentPoster(host: place.comments, caller: caller)
    return try await poster.post(
      text,
      marker: marker,
      isAlwaysNew: isAlwaysNew,
      isDryRun: isDryRun
    )
  }

  /// Sends a post to an address that keeps nothing.
  ///
  /// - Throws: ``HostError``, `CancellationError`.
  public func send(_ delivery: Delivery) async throws {
    var caller = Caller(curl: curl, notice: notice)
    switch try await caller.send(delivery.request) {
    case .answered(let answer):
      if let problem = delivery.problem(answer) { throw problem }
    case .uncertain(let reason):
      throw HostError.uncertain(host: delivery.place, reason: reason)
    }
  }
}
