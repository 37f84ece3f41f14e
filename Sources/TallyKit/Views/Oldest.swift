import TallyBooks
import TallyLedger
import TallyModel

/// The violations of a campaign that have been open longest without a gap.
struct Oldest {
  /// One of them.
  struct Item {
    let violation: Violation
    /// Since when it has been open.
    let time: Timestamp
    let path: RepoPath
  }

  let campaign: CampaignView

  init(_ campaign: CampaignView) { self.campaign = campaign }

  private var view: BooksView { campaign.view }

  /// The first so many: by time, then by id; of the priority at a place, or of any.
  func first(_ count: Int, rank: Int? = nil) throws -> [Item] {
    let isStored = view.isAtEnd && view.hasStoredTimes
    var found = try isStored ? stored(count, rank) : []
    // Waivers are laid over the books: what has one is looked at by itself.
    let apart =
      try isStored
      ? view.waivers.violations.compactMap { try view.account(of: $0) } : campaign.accounts
    found += try apart.compactMap(item).filter { rank == nil || self.rank($0) == rank }
    found.sort { ($0.time, $0.violation.id) < ($1.time, $1.violation.id) }
    return Array(found.prefix(count))
  }

  private func rank(_ item: Item) -> Int {
    let id = campaign.priority(of: item.violation, at: item.path)
    let ids = campaign.campaign.priorities.map(\.id)
    return ids.firstIndex(of: id) ?? ids.count
  }

  private func item(_ account: ViolationAccount) throws -> Item? {
    guard let time = account.openSince(view.now),
      let violation = try view.violation(account.violation)
    else { return nil }
    let path = account.path(at: view.now)
    guard campaign.lanes.contains(where: { $0.lane == account.lane }),
      campaign.selects(violation, at: path)
    else { return nil }
    return Item(violation: violation, time: time, path: path)
  }

  // MARK: From the books

  /// At least the first so many of those without a waiver, where there are so many.
  private func stored(_ count: Int, _ rank: Int?) throws -> [Item] {
    var open: [LaneKey: [Timestamp]] = [:]
    for lane in campaign.lanes.map(\.lane) { open[lane] = try view.openTimes(of: lane) }
    let entered = try campaign.flows().entries(rank: rank, among: open)
    var times: [Timestamp: [LaneKey]] = [:]
    for lane in campaign.lanes.map(\.lane) {
      for time in entered[lane] ?? [] { times[time, default: []].append(lane) }
    }
    var found: [Item] = []
    for time in times.keys.sorted() {
      for lane in times[time] ?? [] {
        found += try stored(count, rank, of: lane, since: time)
      }
      if found.count >= count { break }
    }
    return found
  }

  private func stored(
    _ count: Int,
    _ rank: Int?,
    of lane: LaneKey,
    since time: Timestamp
  ) throws -> [Item] {
    var found: [Item] = []
    var last: ViolationID?
    // Most of what entered together is of one campaign: a few are enough.
    var limit = 8
    while true {
      let page = try view.reader.openViolations(of: lane, since: time, after: last, limit: limit)
      limit = min(limit * 4, 512)
      for violation in page {
        let item = Item(violation: violation, time: time, path: violation.last.path)
        if view.waivers.hasWaiver(violation.id) || !campaign.selects(violation, at: item.path) {
          continue
        }
        if rank != nil, self.rank(item) != rank { continue }
        found.append(item)
        if found.count == count { return found }
      }
      last = page.last?.id
      if last == nil { return found }
    }
  }
}
