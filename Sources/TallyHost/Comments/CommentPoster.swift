/// What was done, or would be, with a post.
public struct PostedComment: Sendable, Hashable {
  /// What was done.
  public enum Action: String, Sendable, Hashable {
    /// There is a new one.
    case created
    /// One that was there says something else now.
    case updated
    /// One that was there says this already; nothing was sent.
    case unchanged
  }
  /// What was done.
  public var action: Action
  /// The host's name for the comment; nil for one that a dry run would create.
  public var id: String?
  /// Where it can be looked at, as far as the host says.
  public var url: String?
  /// Others that carry the same marker, oldest first; they were left alone.
  public var others: [String] = []
}

/// Keeps one comment with a marker up to date, whatever gets lost on the way.
struct CommentPoster {
  let host: any CommentHost
  var caller: Caller

  /// Creates the comment with this marker, or changes it where it says something else.
  ///
  /// - Parameters:
  ///   - text: What it is to say, without the marker.
  ///   - marker: How it is found again.
  ///   - isAlwaysNew: True where none is looked for; after a lost answer one is looked for all the same.
  ///   - isDryRun: True to write nothing.
  /// - Returns: What was done, or would be.
  /// - Throws: ``HostError``, `CancellationError`.
  mutating func post(
    _ text: String,
    marker: PostMarker,
    isAlwaysNew: Bool,
    isDryRun: Bool
  ) async throws -> PostedComment {
    let body = host.body(text, marker)
    var found = isAlwaysNew ? [] : try await comments(with: marker)
    var attempt = 1
    while found.isEmpty {
      if isDryRun { return PostedComment(action: .created) }
      switch try await caller.send(host.create(body, marker)) {
      case .answered(let answer):
        if let problem = host.problem(answer, writing: true) { throw problem }
        let written = try host.written(answer)
        return PostedComment(action: .created, id: written.id, url: written.url)
      case .uncertain(let reason):
        let problem = HostError.uncertain(host: host.host, reason: reason)
        let sentence = "\(host.host) did not say whether it was posted (\(reason))"
        try await caller.wait(nil, attempt: attempt, sentence, else: problem)
        attempt += 1
        do {
          found = try await comments(with: marker)
        } catch let error as HostError {
          // Whoever reads that the host cannot be reached would post again.
          throw HostError.uncertain(host: host.host, reason: "\(reason); then: \(error)")
        }
        if let arrived = found.last, arrived.text == host.comparable(body) {
          return PostedComment(action: .created, id: arrived.id, url: arrived.url)
        }
      }
    }
    return try await update(found, body, marker, isDryRun: isDryRun)
  }

  private mutating func update(
    _ found: [Comment],
    _ body: String,
    _ marker: PostMarker,
    isDryRun: Bool
  ) async throws -> PostedComment {
    guard let newest = found.last else { return PostedComment(action: .created) }
    var result = PostedComment(
      action: .unchanged,
      id: newest.id,
      url: newest.url,
      others: found.dropLast().map(\.id)
    )
    if newest.text == host.comparable(body) { return result }
    result.action = .updated
    if isDryRun { return result }
    let answer = try await caller.ask(host.update(newest, body, marker))
    if let problem = host.problem(answer, writing: true) { throw problem }
    result.url = try host.written(answer).url ?? newest.url
    return result
  }

  /// Our own comments that carry a marker, oldest first.
  private mutating func comments(with marker: PostMarker) async throws -> [Comment] {
    var found: [Comment] = []
    var next: HTTPRequest? = host.firstPage
    var pages = 0
    while let request = next {
      if pages == host.pages {
        if host.forgetsOldOnes { break }
        throw HostError.tooMany(host: host.host, place: host.place, limit: host.pages * 100)
      }
      // A page that sends on to another host would take the token there.
      guard HTTPRequest.origin(of: request.url) == HTTPRequest.origin(of: host.firstPage.url)
      else {
        throw HostError.unreadable(host: host.host, reason: "the next page is on another host")
      }
      let answer = try await caller.ask(request)
      if let problem = host.problem(answer, writing: false) { throw problem }
      let page = try host.page(answer, marker: marker)
      found += page.comments.filter(\.isMarked)
      next = page.next
      pages += 1
    }
    if found.isEmpty { return [] }
    let identity = try host.identity(try await caller.ask(host.identityRequest))
    // A host's names for comments grow with time, in length first.
    return found.filter { identity.wrote($0) }.sorted {
      ($0.id.utf8.count, $0.id) < ($1.id.utf8.count, $1.id)
    }
  }
}
