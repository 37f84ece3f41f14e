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
    // What two campaigns count is the same violations.
    var now: Set<Subject> = []
    var then: Set<Subject> = []
    for (campaign, start) in zip(campaigns, starts) {
      let open = try campaign.open()
      for item in open.items {
        let subject = open.subject(of: item)
        if !now.insert(subject).inserted { continue }
        counts[owner(of: subject.path), default: (0, 0)].now += item.count
      }
      guard let start, start.time <= campaign.view.asOf else { continue }
      let before = try campaign.flows().open(at: start)
      for item in before.items {
        let subject = before.subject(of: item)
        if !then.insert(subject).inserted { continue }
        counts[owner(of: subject.path), default: (0, 0)].then += item.count
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
  func oldest(limit: Int) throws -> [ReportContext.Oldest] {
    var seen: Set<ViolationID> = []
    let found = try campaigns.flatMap { try Oldest($0).first(limit) }
      .filter { seen.insert($0.violation.id).inserted }
      .sorted { ($0.time, $0.violation.id) < ($1.time, $1.violation.id) }
    return try found.prefix(limit).map { item in
      var result = ReportContext.Oldest()
      if let view = campaigns.first?.view {
        result.id = try view.shortID(item.violation.id)
        result.days = max(0, view.asOf.days(since: item.time))
      }
      result.rule = item.violation.rule
      result.path = item.path.text
      return result
    }
  }
}
