internal import TallyModel

/// A scan or a test run, as far as it has to be told which of several of one commit is later.
protocol RecordedFact {
  var id: EntryID { get }
  /// With what it was recorded when, anywhere.
  var recordings: [RecordingRecord] { get }
  /// When the report says that it was made.
  var claimedTime: Timestamp? { get }
  /// False when the run did not finish.
  var isFinished: Bool { get }
}

/// The scans or test runs of one commit in groups that say one thing together, the earlier groups first.
///
/// One group is what one ingest or one run of CI recorded. The order is that of the times that all reports claim, else of the numbers of
/// the runs, where all groups are runs of one series, else of the earliest time at which each was recorded anywhere. Groups that nothing of
/// it tells apart are one: what is not known to be later replaces nothing.
struct RecordingGroups<Fact: RecordedFact> {
  /// Each sorted by id.
  let groups: [[Fact]]
  /// What did not finish in a try that another one followed, sorted by id.
  let replaced: [Fact]

  init(_ facts: [Fact]) {
    let facts = facts.sorted { $0.id < $1.id }
    let united = Self.unite(facts)
    let keys = united.map(Self.Key.init)
    let ranks = Self.ranks(of: keys)
    var byRank: [Int: [Fact]] = [:]
    for (index, rank) in ranks.enumerated() { byRank[rank, default: []] += united[index] }
    var groups: [[Fact]] = []
    var replaced: [Fact] = []
    for rank in byRank.keys.sorted() {
      let all = (byRank[rank] ?? []).sorted { $0.id < $1.id }
      let last = all.map(Self.attempt).max() ?? 0
      groups.append(all.filter { $0.isFinished || Self.attempt(of: $0) == last })
      replaced += all.filter { !$0.isFinished && Self.attempt(of: $0) < last }
    }
    self.groups = groups
    self.replaced = replaced.sorted { $0.id < $1.id }
  }

  /// The try of the CI run that brought it; 0 outside of CI.
  private static func attempt(of fact: Fact) -> Int {
    fact.recordings.compactMap { $0.run?.attempt }.max() ?? 0
  }

  // MARK: What belongs together

  /// What was recorded in one ingest or by one run, directly or by way of others.
  ///
  /// - Parameters:
  ///   - facts: Sorted by id.
  ///   - tellsTries: True where the tries of a run are runs of their own.
  /// - Returns: Each sorted by id.
  static func unite(_ facts: [Fact], tellsTries: Bool = false) -> [[Fact]] {
    var parent = Array(facts.indices)
    func root(_ index: Int) -> Int {
      var index = index
      while parent[index] != index { index = parent[index] }
      return index
    }
    func join(_ one: Int, _ other: Int) {
      let (left, right) = (root(one), root(other))
      parent[max(left, right)] = min(left, right)
    }
    var places: [EntryID: Int] = [:]
    for (index, fact) in facts.enumerated() { places[fact.id] = index }
    var runs: [String: Int] = [:]
    for (index, fact) in facts.enumerated() {
      for recording in fact.recordings {
        for entry in recording.entries {
          if let other = places[entry] { join(index, other) }
        }
        guard let run = recording.run else { continue }
        // No series and no id holds this character.
        let name = "\(run.series)\u{0}\(run.id)\u{0}\(tellsTries ? run.attempt : 0)"
        if let other = runs[name] { join(index, other) } else { runs[name] = index }
      }
    }
    var result: [Int: [Fact]] = [:]
    for (index, fact) in facts.enumerated() { result[root(index), default: []].append(fact) }
    return result.keys.sorted().compactMap { result[$0] }
  }

  // MARK: What is later

  private struct Key {
    let claimed: Timestamp?
    let series: String?
    let order: Int?
    let recorded: Timestamp?

    init(_ facts: [Fact]) {
      claimed = facts.compactMap(Self.claimedTime).max()
      let runs = facts.flatMap(\.recordings).compactMap(\.run)
      let names = Set(runs.map(\.series))
      series = names.count == 1 ? names.first : nil
      order = runs.compactMap(\.order).max()
      recorded = facts.flatMap(\.recordings).map(\.recorded).min()
    }

    /// The time that a report claims; nil for one that was not yet when it was recorded, but for clocks that differ by a day at most.
    private static func claimedTime(of fact: Fact) -> Timestamp? {
      guard let claimed = fact.claimedTime else { return nil }
      let recorded = fact.recordings.map(\.recorded).min()
      return recorded.map { claimed.seconds > $0.seconds + 86_400 } == true ? nil : claimed
    }
  }

  /// The place of each group in their order; equal where nothing tells them apart.
  private static func ranks(of keys: [Key]) -> [Int] {
    let claims = keys.compactMap(\.claimed)
    let series = Set(keys.map(\.series))
    let orders = keys.compactMap(\.order)
    let times = keys.compactMap(\.recorded)
    let useClaims = claims.count == keys.count
    let useOrder = orders.count == keys.count && series.count == 1 && series.first != .some(nil)
    let useTimes = times.count == keys.count
    let values = keys.map { key in
      [
        useClaims ? key.claimed?.seconds ?? 0 : 0,
        useOrder ? Int64(key.order ?? 0) : 0,
        useTimes ? key.recorded?.seconds ?? 0 : 0,
      ]
    }
    let sorted = Set(values).sorted { $0.lexicographicallyPrecedes($1) }
    return values.map { sorted.firstIndex(of: $0) ?? 0 }
  }
}

extension ScanFact: RecordedFact {
  var claimedTime: Timestamp? { record.ended }
  var isFinished: Bool { record.succeeded }
}
