import TallyBooks
import TallyLedger
import TallyModel

/// Posts what a ledger took from elsewhere: at the end the books are those of all facts, whatever came first.
///
/// A scan behind everything its lane holds costs what changed; anything else makes its lane's books again.
struct Uniter {
  let transaction: WriteTransaction
  /// More scans of a lane at once are cheaper to derive than to append.
  private static let appendLimit = 64

  /// Posts entries that were just appended; gives sentences about what was noticed.
  func post(_ taken: TakenEntries) throws -> [String] {
    if taken.appended.isEmpty { return [] }
    let unknown = try transaction.unknownEntryCount()
    if unknown > 0 {
      let noun = unknown == 1 ? "entry is" : "entries are"
      return [
        "\(unknown) \(noun) of a kind that only a newer tally understands: kept and counted, and "
          + "the books stay as they were; update tally and run 'tally rebuild'"
      ]
    }
    let arrival = try Arrival(taken.appended, transaction)
    let keeper = BooksKeeper(transaction: transaction)
    var warnings: [String] = []
    if arrival.changesEverything {
      try keeper.deriveAll()
    } else {
      for lane in arrival.lanes { warnings += try post(lane, arrival, keeper) }
      try keeper.settle()
    }
    try transaction.rememberCaptures(of: arrival.recordedLanes)
    return warnings
  }

  private func post(
    _ lane: LaneKey,
    _ arrival: Arrival,
    _ keeper: BooksKeeper
  ) throws -> [String] {
    let groups = arrival.scans[lane] ?? []
    var isDerived = arrival.derived.contains(lane) || groups.count > Self.appendLimit
    for group in groups where !isDerived {
      guard let head = try transaction.books(of: lane).head(),
        try keeper.append(group, after: head, arrived: arrival.commits) != nil
      else {
        isDerived = true
        break
      }
    }
    if isDerived { try keeper.derive(lane) }
    return []
  }
}

/// What entries that came from elsewhere mean for the books.
private struct Arrival {
  /// True when more than the lanes of new scans has to be made again.
  private(set) var changesEverything = false
  /// New scans by lane, those of one commit together, by the commits' times.
  private(set) var scans: [LaneKey: [[ScanFact]]] = [:]
  /// Lanes that got something about a scan that was there.
  private(set) var derived: Set<LaneKey> = []
  /// Lanes as they were recorded, without renames.
  private(set) var recordedLanes: Set<LaneKey> = []
  /// Commits that the journal learned of.
  private(set) var commits: [CommitID] = []

  /// Every lane to post, sorted.
  var lanes: [LaneKey] { Set(scans.keys).union(derived).sorted() }

  init(_ drafts: [EntryDraft], _ transaction: WriteTransaction) throws {
    let ids = Set(drafts.map(\.id))
    var told: Set<CommitID> = []
    var mapped: Set<BlobID> = []
    for draft in drafts {
      switch draft.body {
      case .scan(let record):
        recordedLanes.insert(record.lane)
        guard let fact = try transaction.scan(draft.id) else { continue }
        scans[fact.record.lane, default: []].append([fact])
      case .commit(let record): commits.append(record.commit)
      case .evidence(.capture(let scan, _)):
        if !ids.contains(scan), let fact = try transaction.scan(scan) {
          derived.insert(fact.record.lane)
        }
      case .evidence(.changes(let commit, _, _)), .evidence(.manifest(let commit, _)):
        told.insert(commit)
      case .evidence(.renames(_, let to, _)):
        if try transaction.isReferenced(to) { changesEverything = true }
      case .evidence(.maps(let maps)): mapped.formUnion(maps.map(\.new))
      case .correction, .retraction, .laneRename: changesEverything = true
      default: break
      }
    }
    let arrived = Set(commits)
    let gone = Set(try transaction.retracted())
    if try commits.contains(where: { try transaction.isReferenced($0, besides: commits) })
      || told.contains(where: { try !arrived.contains($0) && transaction.isReferenced($0) })
      || drafts.contains(where: { gone.contains($0.id) })
      || !explains(mapped, transaction)
    {
      changesEverything = true
    }
    for (lane, facts) in scans {
      let byCommit = Dictionary(grouping: facts.flatMap { $0 }, by: \.record.commit)
      var keyed: [(time: Timestamp, facts: [ScanFact])] = []
      for (commit, facts) in byCommit {
        let time = try transaction.commit(commit)?.committed ?? facts.map(\.arrived).min()
        keyed.append((time ?? Timestamp(seconds: 0), facts.sorted { $0.id < $1.id }))
      }
      keyed.sort { ($0.time, $0.facts[0].record.commit) < ($1.time, $1.facts[0].record.commit) }
      scans[lane] = keyed.map(\.facts)
      // A second scan of a commit changes a position that was posted.
      if try byCommit.contains(where: { commit, facts in
        try transaction.scans(of: lane, at: commit).count > facts.count
      }) {
        derived.insert(lane)
      }
    }
  }

  /// Says whether maps are about what the commits of the new scans, or those shortly before them, brought: then no position that
  /// was posted asked for them.
  private func explains(_ mapped: Set<BlobID>, _ transaction: WriteTransaction) throws -> Bool {
    var left = mapped
    var seen: Set<CommitID> = []
    for facts in scans.values.flatMap({ $0 }) {
      var next = facts.first?.record.commit
      var steps = 0
      while let commit = next, !left.isEmpty, steps < 64, seen.insert(commit).inserted {
        guard let changes = try transaction.changes(of: commit) else {
          for line in try transaction.manifest(at: commit)?.lines ?? [] { left.remove(line.blob) }
          break
        }
        for file in changes.files { if let blob = file.blob { left.remove(blob) } }
        next = changes.parent
        steps += 1
      }
    }
    return left.isEmpty
  }
}
