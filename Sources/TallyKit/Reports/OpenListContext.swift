import TallyBooks
import TallyLedger
import TallyModel
import TallyReport

/// Every open violation of a campaign, for a template that lists them.
struct OpenListContext {
  let campaign: CampaignView
  let owners: OwnerRules?
  let links: RepositoryLinks?

  private struct Item {
    let violation: Violation
    let path: RepoPath
    let since: Timestamp
    /// The place of its priority among those of the campaign.
    let rank: Int
    let priority: String
  }

  /// The violations by priority, path, line, rule and id; of more than the limit the first by priority and path.
  func violations(limit: Int) throws -> [ReportContext.OpenViolation] {
    let ids = campaign.campaign.priorities.map(\.id)
    let items = try Oldest(campaign).first(.max).map { item in
      let priority = campaign.priority(of: item.violation, at: item.path)
      return Item(
        violation: item.violation,
        path: item.path,
        since: item.time,
        rank: ids.firstIndex(of: priority) ?? ids.count,
        priority: priority
      )
    }.sorted {
      ($0.rank, $0.path, $0.violation.rule, $0.violation.id)
        < ($1.rank, $1.path, $1.violation.rule, $1.violation.id)
    }
    let rows = try SightedRows(campaign.view)
    var known: [RepoPath: String] = [:]
    var heads: [LaneKey: String] = [:]
    for lane in campaign.lanes { heads[lane.lane] = lane.last?.commit.description }
    var found: [(rank: Int, item: ReportContext.OpenViolation)] = []
    for item in items.prefix(limit) {
      var result = try self.context(of: item, rows, head: heads[item.violation.lane])
      if let owners {
        let owner = known[item.path] ?? owners.owners(of: item.path)
        known[item.path] = owner
        result.owner = owner
      }
      found.append((item.rank, result))
    }
    return found.sorted {
      ($0.rank, $0.item.path, $0.item.line, $0.item.rule, $0.item.id)
        < ($1.rank, $1.item.path, $1.item.line, $1.item.rule, $1.item.id)
    }.map(\.item)
  }

  private func context(
    of item: Item,
    _ rows: SightedRows,
    head: String?
  ) throws -> ReportContext.OpenViolation {
    let view = campaign.view
    let finding = try rows.finding(of: item.violation, in: item.path)
    var result = ReportContext.OpenViolation()
    result.id = try view.shortID(item.violation.id)
    result.rule = item.violation.rule
    result.level = item.violation.level.name
    result.path = item.path.text
    result.line = finding?.region?.startLine ?? 0
    result.message = try view.reader.text(finding?.message ?? item.violation.message) ?? ""
    result.priority = item.priority
    result.since = item.since.iso8601
    if let links, let head, !result.path.isEmpty {
      result.url = links.file(result.path, line: finding?.region?.startLine, at: head)
    }
    return result
  }
}
