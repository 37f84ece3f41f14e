public import TallyModel

/// The order of a lane's commits, and which of them lie on its line.
///
/// Topological over the known ancestry, also through commits that were not scanned; among the commits that are ready by
/// (time, declared sequence, commit id). The time of a commit is the latest of its own and its known parents'. Where git was never
/// asked it is the `ended` of its scan, else the epoch. Never by arrival: the order is a function of the facts alone.
public enum LaneOrder {
  /// A commit that has a scan or a test run, with what orders it when git was never asked.
  public struct Node: Sendable, Hashable {
    /// The commit.
    public let commit: CommitID
    /// The earliest end of its scans (the start of its test runs), if any said so.
    public let fallbackTime: Timestamp?
    /// The smallest declared sequence of its scans, if any has one; none comes before all.
    public let sequence: Int?

    /// Creates a node.
    public init(commit: CommitID, fallbackTime: Timestamp?, sequence: Int?) {
      self.commit = commit
      self.fallbackTime = fallbackTime
      self.sequence = sequence
    }
  }

  /// A commit in its place.
  public struct Place: Sendable, Hashable {
    /// The commit.
    public let commit: CommitID
    /// Its time, or that of an earlier place where that is later: time never runs backwards in a lane.
    public let time: Timestamp
    /// False when the commit is known not to lie on the line.
    public let isOnLine: Bool
  }

  /// Orders commits, each of which may come once.
  public static func places(of nodes: [Node], facts: any FactReader) throws -> [Place] {
    var ancestry = Ancestry(facts: facts)
    let sorted = try sort(nodes, &ancestry)
    let onLine = try line(of: sorted.map(\.commit), &ancestry)
    var latest = Timestamp(seconds: .min)
    return sorted.map { key in
      latest = max(latest, key.time)
      return Place(commit: key.commit, time: latest, isOnLine: onLine.contains(key.commit))
    }
  }

  /// The nodes of a lane's scans: one a commit.
  public static func nodes(of scans: [ScanFact]) -> [Node] {
    merge(
      scans.map {
        Node(
          commit: $0.record.commit,
          fallbackTime: $0.record.ended,
          sequence: $0.record.sequence
        )
      }
    )
  }

  /// Unites the nodes of one commit: the earliest time and the smallest sequence that were said; sorted by commit.
  public static func merge(_ nodes: [Node]) -> [Node] {
    var byCommit: [CommitID: Node] = [:]
    for node in nodes {
      guard let other = byCommit[node.commit] else {
        byCommit[node.commit] = node
        continue
      }
      byCommit[node.commit] = Node(
        commit: node.commit,
        fallbackTime: least(node.fallbackTime, other.fallbackTime),
        sequence: least(node.sequence, other.sequence)
      )
    }
    return byCommit.values.sorted { $0.commit < $1.commit }
  }

  private static func least<T: Comparable>(_ left: T?, _ right: T?) -> T? {
    guard let left else { return right }
    guard let right else { return left }
    return min(left, right)
  }

  // MARK: Sorting

  struct Key: Comparable {
    let time: Timestamp
    let sequence: Int
    let commit: CommitID

    init(_ node: Node, _ ancestry: inout Ancestry) throws {
      commit = node.commit
      sequence = node.sequence ?? .min
      guard let record = try ancestry.record(node.commit) else {
        time = node.fallbackTime ?? Timestamp(seconds: 0)
        return
      }
      var latest = record.committed
      for parent in record.parents {
        if let known = try ancestry.record(parent) { latest = max(latest, known.committed) }
      }
      time = latest
    }

    static func < (lhs: Key, rhs: Key) -> Bool {
      (lhs.time, lhs.sequence, lhs.commit) < (rhs.time, rhs.sequence, rhs.commit)
    }
  }

  private static func sort(_ nodes: [Node], _ ancestry: inout Ancestry) throws -> [Key] {
    var keys: [CommitID: Key] = [:]
    for node in nodes { keys[node.commit] = try Key(node, &ancestry) }
    let scanned = Set(keys.keys)
    var waiting: [CommitID: Int] = [:]
    var children: [CommitID: [CommitID]] = [:]
    for node in nodes {
      let ancestors = try ancestry.nearest(scanned, before: node.commit)
      waiting[node.commit] = ancestors.count
      for ancestor in ancestors { children[ancestor, default: []].append(node.commit) }
    }
    var ready = Heap<Key>()
    for node in nodes where waiting[node.commit] == 0 {
      if let key = keys[node.commit] { ready.insert(key) }
    }
    var result: [Key] = []
    var placed: Set<CommitID> = []
    while result.count < nodes.count {
      // Facts that claim a cycle of commits are not trusted to order anything: the smallest key goes first.
      guard
        let next = ready.popLeast()
          ?? keys.values.filter({ !placed.contains($0.commit) }).min()
      else { break }
      if !placed.insert(next.commit).inserted { continue }
      result.append(next)
      for child in children[next.commit] ?? [] {
        let count = (waiting[child] ?? 0) - 1
        waiting[child] = count
        if count == 0, let key = keys[child] { ready.insert(key) }
      }
    }
    return result
  }

  // MARK: The line

  /// The commits on the line, for commits in lane order.
  ///
  /// The line is the first-parent chain of the newest. Where it breaks because a parent is not known, it goes on with the
  /// chain of the next earlier commit that does not hang off what is known of it.
  private static func line(
    of commits: [CommitID],
    _ ancestry: inout Ancestry
  ) throws -> Set<CommitID> {
    var chain: Set<CommitID> = []
    var result: Set<CommitID> = []
    var isComplete = false
    for commit in commits.reversed() {
      if chain.contains(commit) {
        result.insert(commit)
        continue
      }
      if isComplete { continue }
      if !chain.isEmpty, try ancestry.descends(commit, from: chain) { continue }
      result.insert(commit)
      isComplete = try ancestry.extend(&chain, from: commit)
    }
    return result
  }
}

/// What is known of the commits, each read once.
struct Ancestry {
  private let facts: any FactReader
  private var records: [CommitID: CommitRecord?] = [:]

  init(facts: any FactReader) { self.facts = facts }

  mutating func record(_ commit: CommitID) throws -> CommitRecord? {
    if let known = records[commit] { return known }
    let record = try facts.commit(commit)
    records[commit] = .some(record)
    return record
  }

  /// The scanned commits that are reached first on the way back from a commit, sorted.
  mutating func nearest(
    _ scanned: Set<CommitID>,
    before commit: CommitID
  ) throws -> [CommitID] {
    var found: Set<CommitID> = []
    var seen: Set<CommitID> = [commit]
    var stack = try record(commit)?.parents ?? []
    while let next = stack.popLast() {
      if !seen.insert(next).inserted { continue }
      if scanned.contains(next) {
        found.insert(next)
      } else {
        stack += try record(next)?.parents ?? []
      }
    }
    return found.sorted()
  }

  /// Says whether a known path leads from a commit back to one of a set.
  mutating func descends(_ commit: CommitID, from chain: Set<CommitID>) throws -> Bool {
    var seen: Set<CommitID> = [commit]
    var stack = try record(commit)?.parents ?? []
    while let next = stack.popLast() {
      if chain.contains(next) { return true }
      if seen.insert(next).inserted { stack += try record(next)?.parents ?? [] }
    }
    return false
  }

  /// Adds the first-parent chain of a commit, the first unknown one included; true when it ends at a root.
  mutating func extend(_ chain: inout Set<CommitID>, from commit: CommitID) throws -> Bool {
    var next = commit
    while chain.insert(next).inserted {
      guard let record = try record(next) else { return false }
      guard let parent = record.parents.first else { return true }
      next = parent
    }
    return false
  }
}

/// A binary heap: the least element first.
struct Heap<Element: Comparable> {
  private var elements: [Element] = []

  mutating func insert(_ element: Element) {
    elements.append(element)
    var index = elements.count - 1
    while index > 0, elements[index] < elements[(index - 1) / 2] {
      elements.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  mutating func popLeast() -> Element? {
    guard let first = elements.first, let last = elements.popLast() else { return nil }
    if elements.isEmpty { return first }
    elements[0] = last
    var index = 0
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2] where child < elements.count {
        if elements[child] < elements[least] { least = child }
      }
      if least == index { return first }
      elements.swapAt(index, least)
      index = least
    }
  }
}
