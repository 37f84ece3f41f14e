public import TallyModel

extension LaneOrder {
  /// The position of scans of one commit behind the head of their lane; nil when the lane has to be derived again.
  ///
  /// Costs what lies between the head and the new commit. The head's commit has to be a first-parent ancestor of the new one through
  /// known commits. Where no ancestry is known at all, a commit with a later time than the head's is taken as well, if the
  /// caller can say that nothing known hangs on it.
  ///
  /// - Parameters:
  ///   - scans: all scans of the commit in this lane.
  ///   - head: the last position of the lane, on line or not.
  ///   - facts: where commits are looked up.
  ///   - isReferenced: says whether a commit that was known before names this one as a parent, or a scan was known of it. Without
  ///     it only a commit whose ancestry leads to the head is taken.
  /// - Returns: the position to post; nil where it is not the last.
  /// - Throws: what reading the facts throws.
  public static func appending(
    _ scans: [ScanFact],
    after head: LanePosition,
    facts: any FactReader,
    isReferenced: ((CommitID) throws -> Bool)? = nil
  ) throws -> PositionCandidate? {
    guard let node = nodes(of: scans).first, node.commit != head.commit,
      scans.allSatisfy({ $0.record.commit == node.commit })
    else { return nil }
    var ancestry = Ancestry(facts: facts)
    let key = try Key(node, &ancestry)
    var passed: [CommitID] = []
    var seen: Set<CommitID> = []
    var next = node.commit
    var isConnected = false
    while seen.insert(next).inserted {
      passed.append(next)
      guard let record = try ancestry.record(next) else { break }
      // A history that does not contain the head at all: everything before goes off line.
      guard let parent = record.parents.first else { return nil }
      if parent == head.commit {
        isConnected = true
        break
      }
      next = parent
    }
    if !isConnected {
      guard let isReferenced, key.time > head.time else { return nil }
      for commit in passed where try isReferenced(commit) { return nil }
    }
    return PositionCandidate(
      lane: head.lane,
      index: head.index + 1,
      commit: node.commit,
      time: max(head.time, key.time),
      isOnLine: true,
      claims: Supersession(scans)
    )
  }

  /// Every position of a lane, in order, from all its scans.
  public static func positions(
    of lane: LaneKey,
    scans: [ScanFact],
    facts: any FactReader
  ) throws -> [PositionCandidate] {
    let byCommit = Dictionary(grouping: scans, by: \.record.commit)
    return try places(of: nodes(of: scans), facts: facts).enumerated().map { index, place in
      PositionCandidate(
        lane: lane,
        index: index,
        commit: place.commit,
        time: place.time,
        isOnLine: place.isOnLine,
        claims: Supersession(byCommit[place.commit] ?? [])
      )
    }
  }
}

/// A commit in its place, with its scans, before its findings were read.
public struct PositionCandidate: Sendable {
  /// The lane.
  public let lane: LaneKey
  /// Its place in the lane's order, from 0.
  public let index: Int
  /// The commit.
  public let commit: CommitID
  /// The time it is ordered by.
  public let time: Timestamp
  /// False when the commit is known not to lie on the lane's line.
  public let isOnLine: Bool
  /// Which of its scans count.
  public let claims: Supersession

  /// Creates a candidate.
  public init(
    lane: LaneKey,
    index: Int,
    commit: CommitID,
    time: Timestamp,
    isOnLine: Bool,
    claims: Supersession
  ) {
    self.lane = lane
    self.index = index
    self.commit = commit
    self.time = time
    self.isOnLine = isOnLine
    self.claims = claims
  }
}
