internal import TallyModel

/// Closed and suppressed violations by where they were and by what was said of them, the latest last.
///
/// Answers an ``AbsentQuery`` as its ``AbsentQuery/select(from:)`` does from all, without sorting what a long history closed.
struct AbsentIndex: Sendable {
  private struct Near: Hashable {
    let rule: String
    let path: RepoPath
  }
  private struct Alike: Hashable {
    let rule: String
    let message: TextID
    let state: ViolationState
  }
  /// The later position comes later; of one position the smaller id.
  private struct Ranked: Comparable {
    let position: Int
    let id: ViolationID

    static func < (lhs: Self, rhs: Self) -> Bool {
      lhs.position == rhs.position ? lhs.id > rhs.id : lhs.position < rhs.position
    }
  }

  private var near: [Near: [Ranked]] = [:]
  private var alike: [Alike: [Ranked]] = [:]

  mutating func insert(_ violation: Violation) {
    guard violation.state != .open else { return }
    let (ranked, near, alike) = keys(violation)
    Self.insert(ranked, into: &self.near[near, default: []])
    Self.insert(ranked, into: &self.alike[alike, default: []])
  }

  mutating func remove(_ violation: Violation) {
    guard violation.state != .open else { return }
    let (ranked, near, alike) = keys(violation)
    Self.remove(ranked, from: &self.near[near, default: []])
    Self.remove(ranked, from: &self.alike[alike, default: []])
  }

  func select(_ query: AbsentQuery) -> Set<ViolationID> {
    let near = latest(query.nearLimit, of: query.paths.map { Near(rule: query.rule, path: $0) }) {
      self.near[$0]
    }
    func alike(_ state: ViolationState, _ limit: Int) -> [ViolationID] {
      latest(
        limit,
        of: query.messages.map { Alike(rule: query.rule, message: $0, state: state) }
      ) { self.alike[$0] }
    }
    return Set(
      near + alike(.closed, query.closedLimit) + alike(.suppressed, query.suppressedLimit)
    )
  }

  private func latest<Key>(
    _ limit: Int,
    of keys: [Key],
    _ list: (Key) -> [Ranked]?
  ) -> [ViolationID] {
    let found = keys.flatMap { list($0)?.suffix(limit) ?? [] }
    return found.count <= limit
      ? found.map(\.id) : found.sorted(by: >).prefix(limit).map(\.id)
  }

  private func keys(_ violation: Violation) -> (Ranked, Near, Alike) {
    (
      Ranked(position: violation.lastPosition, id: violation.id),
      Near(rule: violation.rule, path: violation.last.path),
      Alike(rule: violation.rule, message: violation.message, state: violation.state)
    )
  }

  private static func insert(_ ranked: Ranked, into list: inout [Ranked]) {
    list.insert(ranked, at: place(of: ranked, in: list))
  }

  private static func remove(_ ranked: Ranked, from list: inout [Ranked]) {
    let place = place(of: ranked, in: list)
    if place < list.count, list[place] == ranked { list.remove(at: place) }
  }

  /// The first place that holds nothing smaller.
  private static func place(of ranked: Ranked, in list: [Ranked]) -> Int {
    var (low, high) = (0, list.count)
    while low < high {
      let middle = (low + high) / 2
      if list[middle] < ranked { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
