import TallyBooks
import TallyModel
import TallyReport

/// What is open by owner, and what has been open longest.
///
/// Over one campaign or several: a violation that belongs to two counts once.
struct RollUpContext {
  let campaigns: [CampaignView]
  /// Where each campaign began, in the same order; nil where nothing was scanned.
  let starts: [AccountPoint?]

  private struct Place: Hashable {
    let violation: ViolationID
    let path: RepoPath
  }

  /// Owners with what is open in their paths, most first, then by name; those with nothing now and then are left out.
  func owners(_ rules: OwnerRules?) throws -> [ReportContext.Owner] {
    guard let rules else { return [] }
    var known: [RepoPath: String] = [:]
    func owner(of path: RepoPath) -> String {
      if let name = known[path] { return name }
      let name = rules.owners(of: path)
      known[path] = name
      return name
    }
    var counts: [String: (now: Int, then: Int)] = [:]
    var now: Set<Place> = []
    var then: Set<Place> = []
    for (campaign, start) in zip(campaigns, starts) {
      for item in campaign.violations(in: .open)
      where now.insert(Place(violation: item.violation.id, path: item.path)).inserted {
        counts[owner(of: item.path), default: (0, 0)].now += 1
      }
      guard let start, start.time <= campaign.view.asOf else { continue }
      for account in campaign.accounts where account.state(at: start) == .open {
        let path = account.path(at: start)
        guard campaign.selects(account, at: path),
          then.insert(Place(violation: account.violation, path: path)).inserted
        else { continue }
        counts[owner(of: path), default: (0, 0)].then += 1
      }
    }
    return counts.filter { $0.value.now > 0 || $0.value.then > 0 }.map { name, count in
      var result = ReportContext.Owner()
      result.name = name
      result.count = count.now
      result.baselineCount = count.then
      return result
    }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
  }

  /// The violations that have been open longest, oldest first.
  func oldest(limit: Int) -> [ReportContext.Oldest] {
    var found: [(time: Timestamp, violation: Violation, path: RepoPath)] = []
    var seen: Set<ViolationID> = []
    for campaign in campaigns {
      let view = campaign.view
      for account in campaign.accounts {
        guard let time = account.openSince(view.now),
          let violation = view.violations[account.violation]
        else { continue }
        let path = account.path(at: view.now)
        guard campaign.selects(violation, at: path), seen.insert(violation.id).inserted else {
          continue
        }
        found.append((time, violation, path))
      }
    }
    found.sort { ($0.time, $0.violation.id) < ($1.time, $1.violation.id) }
    return found.prefix(limit).map { item in
      var result = ReportContext.Oldest()
      if let view = campaigns.first?.view {
        result.id = view.shortID(item.violation.id)
        result.days = max(0, view.asOf.days(since: item.time))
      }
      result.rule = item.violation.rule
      result.path = item.path.text
      return result
    }
  }
}
