public import TallyModel

/// A point in time of the books: everything up to and including it.
public struct AccountPoint: Sendable, Hashable {
  /// The time.
  public let time: Timestamp
  /// The last position that counts, for lanes where a commit was meant and not a time.
  public let positions: [LaneKey: Int]

  /// Creates a point; a time alone by default.
  public init(time: Timestamp, positions: [LaneKey: Int] = [:]) {
    self.time = time
    self.positions = positions
  }

  /// Says whether something at a position (nil: it follows the clock) and time lies at or before the point.
  public func includes(lane: LaneKey, position: Int?, time: Timestamp) -> Bool {
    if let position, let last = positions[lane] { return position <= last }
    return time <= self.time
  }
}

/// Where a violation stands in the account at a point, waivers included.
public enum AccountState: UInt8, Sendable, Hashable {
  /// In the balance.
  case open = 0
  /// Silenced in the source or by the tool.
  case suppressed = 1
  /// Accepted for a time.
  case waived = 2
  /// Fixed, deleted, retired or gone for a reason that is not known.
  case closed = 3
}

/// Everything that happened to one violation, in the order in which it happened.
public struct ViolationAccount: Sendable, Hashable {
  /// The violation is at another path from here on.
  public struct PathChange: Sendable, Hashable {
    /// The position at which it was seen there.
    public let position: Int
    /// The time of the position.
    public let time: Timestamp
    /// The path from then on.
    public let path: RepoPath

    /// Creates a change.
    public init(position: Int, time: Timestamp, path: RepoPath) {
      self.position = position
      self.time = time
      self.path = path
    }
  }

  /// One thing that happened.
  public enum Event: Sendable, Hashable {
    /// It entered or left the balance.
    case posting(Posting)
    /// Its path changed.
    case move(PathChange)
  }

  /// The violation.
  public let violation: ViolationID
  /// Its lane.
  public let lane: LaneKey
  /// Its postings, waivers included, in order.
  public let postings: [Posting]
  /// Its moves, by position.
  public let moves: [PathChange]
  /// Postings and moves in the order in which they happened: what leaves at a position leaves from the old path, what enters there
  /// enters at the new one.
  public let events: [Event]

  /// Creates an account; nil when there is no posting, as for a violation that was suppressed from the start.
  ///
  /// - Parameters:
  ///   - postings: the postings of one violation, in order: by position, with those of waivers at their times (``WaiverBook``).
  ///   - moves: its changes of path, by position.
  public init?(postings: [Posting], moves: [PathChange] = []) {
    guard let first = postings.first else { return nil }
    violation = first.violation
    lane = first.lane
    self.postings = postings
    self.moves = moves
    events = ViolationAccount.merge(postings, moves)
  }

  /// Sorts postings and moves of any number of violations into accounts, sorted by violation.
  ///
  /// - Parameters:
  ///   - postings: in order for each violation: as the books hold them, position by position.
  ///   - moves: recorded moves, each with the time of its position.
  ///   - waivers: laid over the postings; none by default.
  /// - Returns: one account for every violation that has a posting.
  public static func collect(
    postings: [Posting],
    moves: [(time: Timestamp, move: ViolationMove)] = [],
    waivers: WaiverBook? = nil
  ) -> [ViolationAccount] {
    var changes: [ViolationID: [PathChange]] = [:]
    for (time, move) in moves where move.from != move.to {
      let change = PathChange(position: move.position, time: time, path: move.to)
      changes[move.violation, default: []].append(change)
    }
    var result: [ViolationAccount] = []
    for (violation, own) in Dictionary(grouping: postings, by: \.violation) {
      let paths = (changes[violation] ?? []).sorted { $0.position < $1.position }
      let ordered = own.enumerated().sorted {
        ($0.element.position ?? .max, $0.offset) < ($1.element.position ?? .max, $1.offset)
      }.map(\.element)
      let overlaid = waivers?.overlay(ordered, moves: paths) ?? ordered
      if let account = ViolationAccount(postings: overlaid, moves: paths) { result.append(account) }
    }
    return result.sorted { $0.violation < $1.violation }
  }

  /// Where the violation stands; nil before its first posting.
  public func state(at point: AccountPoint) -> AccountState? {
    guard let last = postings.last(where: { isIncluded($0, point) }) else { return nil }
    switch last.kind {
    case .suppressed: return .suppressed
    case .waived: return .waived
    default: return last.kind.sign > 0 ? .open : .closed
    }
  }

  /// The path at a point: that of the last posting or move; of the first posting before all.
  public func path(at point: AccountPoint) -> RepoPath {
    var path = postings.first?.path ?? RepoPath(normalized: "")
    for event in events where isIncluded(event, point) {
      switch event {
      case .posting(let posting): path = posting.path
      case .move(let move): path = move.path
      }
    }
    return path
  }

  func isIncluded(_ posting: Posting, _ point: AccountPoint) -> Bool {
    point.includes(lane: lane, position: posting.position, time: posting.time)
  }

  func isIncluded(_ event: Event, _ point: AccountPoint) -> Bool {
    switch event {
    case .posting(let posting): isIncluded(posting, point)
    case .move(let move): point.includes(lane: lane, position: move.position, time: move.time)
    }
  }

  /// What leaves at a position leaves from the old path, what enters there enters at the new one.
  private static func merge(_ postings: [Posting], _ moves: [PathChange]) -> [Event] {
    var result: [Event] = []
    var rest = moves[...]
    var index = 0
    while index < postings.count {
      let posting = postings[index]
      var end = index + 1
      if posting.position != nil {
        while end < postings.count, postings[end].position == posting.position { end += 1 }
      }
      let group = postings[index..<end]
      let leaves = group.contains { $0.kind.sign < 0 && $0.kind != .waived }
      while let move = rest.first {
        let isBefore =
          posting.position.map { move.position < $0 || (move.position == $0 && !leaves) }
          ?? (move.time <= posting.time)
        if !isBefore { break }
        result.append(.move(move))
        rest.removeFirst()
      }
      result += group.map(Event.posting)
      index = end
    }
    return result + rest.map(Event.move)
  }
}
