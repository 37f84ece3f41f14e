import TallyBooks
import TallyLedger
import TallyModel

/// Posts what a ledger took from elsewhere: at the end the books are those of all facts, whatever came first.
///
/// Each lane is posted from the first position that is not what the facts give.
struct Uniter {
  let transaction: WriteTransaction

  /// Posts entries that were just appended.
  ///
  /// - Parameters:
  ///   - taken: the entries.
  ///   - ahead: who made the books of exactly these entries, which are all of the journal; nil where nobody did.
  /// - Returns: Sentences about what was noticed.
  /// - Throws: `LedgerError`.
  func post(_ taken: TakenEntries, ahead: PullAhead? = nil) throws -> [String] {
    if taken.appended.isEmpty { return [] }
    let unknown = try transaction.unknownEntryCount()
    if unknown > 0 {
      let noun = unknown == 1 ? "entry is" : "entries are"
      return [
        "\(unknown) \(noun) of a kind that only a newer tally understands: kept and passed on, but "
          + "nothing is recorded or read here until tally is updated"
      ]
    }
    if let ahead, let lanes = try ahead.lanes() {
      for lane in lanes { try ahead.load(lane, into: transaction) }
      try transaction.rememberCaptures(of: taken.recordedLanes)
      return []
    }
    let arrival = try Arrival(taken.appended, transaction)
    let keeper = try BooksKeeper(transaction: transaction)
    if arrival.changesEverything {
      try keeper.deriveAll()
    } else {
      let known = try transaction.lanes()
      let lanes = arrival.lanes.union(arrival.news.lanes(of: known))
        .union(try keeper.renaming(known))
      // Posted from the facts as they are now: any number of scans, in whatever order they came.
      for lane in lanes.sorted() { _ = try keeper.post([], in: lane, news: arrival.news) }
    }
    try transaction.rememberCaptures(of: taken.recordedLanes)
    return []
  }
}

extension TakenEntries {
  /// The lanes that got scans as they were recorded, without renames; sorted.
  fileprivate var recordedLanes: [LaneKey] {
    var lanes: Set<LaneKey> = []
    for draft in appended {
      if case .scan(let record) = draft.body { lanes.insert(record.lane) }
    }
    return lanes.sorted()
  }
}

/// What entries that came from elsewhere mean for the books.
private struct Arrival {
  /// True when more than the lanes of new scans has to be made again.
  private(set) var changesEverything = false
  /// What is known better now of positions that were posted.
  private(set) var news: JournalNews
  /// Lanes that got scans.
  private(set) var lanes: Set<LaneKey> = []
  private var commits: Set<CommitID> = []

  init(_ drafts: [EntryDraft], _ transaction: WriteTransaction) throws {
    let ids = Set(drafts.map(\.id))
    news = try JournalNews(drafts.map(\.body), in: transaction)
    var mapped: Set<BlobID> = []
    for draft in drafts {
      switch draft.body {
      case .scan(let record):
        guard let fact = try transaction.scan(draft.id) else { continue }
        lanes.insert(fact.record.lane)
        commits.insert(record.commit)
      case .evidence(.capture(let scan, _)):
        if !ids.contains(scan), let place = try transaction.place(of: scan) {
          news.touch(place.lane, place.position)
        }
      case .evidence(.recording(let record)):
        for entry in record.entries where !ids.contains(entry) {
          if let place = try transaction.place(of: entry) {
            news.touch(place.lane, place.position)
          }
        }
      case .confirmation(let record):
        if let place = try transaction.place(of: record.scan) {
          news.touch(place.lane, place.position)
        }
      case .evidence(.maps(let maps)): mapped.formUnion(maps.map(\.new))
      case .correction, .retraction, .laneRename: changesEverything = true
      default: break
      }
    }
    let gone = Set(try transaction.retracted())
    if try drafts.contains(where: { gone.contains($0.id) }) || !explains(mapped, transaction) {
      changesEverything = true
    }
  }

  /// Says whether maps are about what the commits of the new scans, or those shortly before them, brought: then no position that
  /// was posted asked for them.
  private func explains(_ mapped: Set<BlobID>, _ transaction: WriteTransaction) throws -> Bool {
    var left = mapped
    var seen: Set<CommitID> = []
    for scanned in commits.sorted() {
      var next: CommitID? = scanned
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
