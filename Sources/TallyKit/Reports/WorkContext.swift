import TallyBooks
import TallyLedger
import TallyModel
import TallyReport

/// What was done since the baseline, what is left by priority, and where to go on.
struct WorkContext {
  let campaign: CampaignView
  let baseline: ResolvedBaseline
  let configuration: TallyConfiguration

  var view: BooksView { campaign.view }

  /// The priorities in their order, the unassigned last.
  var priorityIDs: [String] {
    campaign.campaign.priorities.map(\.id) + [PriorityRule.unassignedID]
  }

  // MARK: Priorities

  /// What is open by priority.
  func priorities() throws -> [ReportContext.Priority] {
    let open = try campaign.open()
    let counts = open.byRank()
    let before = try baselineCounts()
    let oldest = Oldest(campaign)
    return try priorityIDs.enumerated().map { rank, id in
      let rule = campaign.campaign.priorities.first { $0.id == id }
      var result = ReportContext.Priority()
      result.id = id
      result.title = rule?.title ?? "Not assigned"
      result.isUnassigned = rule == nil
      result.count = counts[rank] ?? 0
      result.baselineCount = before[rank] ?? 0
      result.impact = rule?.impact ?? ""
      result.risk = rule?.risk ?? ""
      result.files = open.fileCounts(rank: rank)
      if result.count > 0, let oldest = try oldest.first(1, rank: rank).first {
        result.oldestID = oldest.violation.id.short()
        result.oldestDays = max(0, view.asOf.days(since: oldest.time))
      }
      return result
    }
  }

  private func baselineCounts() throws -> [Int: Int] {
    guard let point = baseline.point, point.time <= view.asOf else { return [:] }
    return try campaign.flows().open(at: point).byRank()
  }

  /// Files with their counts, most first, then by path.
  static func files(_ paths: [RepoPath]) -> [ReportContext.FileCount] {
    var counts: [RepoPath: Int] = [:]
    for path in paths { counts[path, default: 0] += 1 }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { ReportContext.FileCount(path: $0.key.shown, count: $0.value) }
  }

  // MARK: Next steps

  /// The files in which most violations can be closed, at most so many.
  func nextSteps(atMost limit: Int) throws -> [ReportContext.NextStep] {
    let open = try campaign.open()
    var running = open.total
    return open.files().prefix(limit).map { file, count in
      var step = ReportContext.NextStep()
      step.isFile = true
      step.subject = open.path(file).shown
      step.count = count
      step.resultingOpen = open.total - count
      running -= count
      step.runningOpen = running
      let ranks = open.ranks(ofFile: file, count: priorityIDs.count)
      let id = ranks.enumerated().max { $0.element < $1.element }.map { priorityIDs[$0.offset] }
      step.priority = campaign.campaign.priorities.first { $0.id == id }?.title ?? ""
      return step
    }
  }
}

extension OpenCounts {
  /// Files with their counts, of one priority or of all; most first, then by path.
  fileprivate func fileCounts(rank: Int?) -> [ReportContext.FileCount] {
    files(rank: rank).map { ReportContext.FileCount(path: path($0.file).shown, count: $0.count) }
  }
}

extension ViolationAccount {
  /// Since when the violation has been open without a gap; nil when it is not open at the point.
  func openSince(_ point: AccountPoint) -> Timestamp? {
    guard state(at: point) == .open else { return nil }
    return postings.last { posting in
      posting.kind.sign > 0
        && point.includes(lane: lane, position: posting.position, time: posting.time)
    }?.time
  }
}
