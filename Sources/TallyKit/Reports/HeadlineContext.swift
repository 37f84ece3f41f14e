import TallyBooks
import TallyModel
import TallyReport

/// The headline, the statement and the trend of a post.
struct HeadlineContext {
  let campaign: CampaignView
  let baseline: ResolvedBaseline
  /// The account from the baseline to the end; nil when nothing was scanned.
  let totals: FlowTotals?

  init(_ campaign: CampaignView) throws {
    self.campaign = campaign
    baseline = try campaign.baseline()
    if let point = baseline.point, point.time <= campaign.view.asOf {
      totals = try campaign.flows().totals(from: point, to: campaign.view.now)
    } else {
      totals = nil
    }
  }

  private var view: BooksView { campaign.view }

  /// The headline.
  func headline(_ configuration: TallyConfiguration) throws -> ReportContext.Campaign {
    let definition = campaign.campaign
    var result = ReportContext.Campaign()
    result.id = definition.id
    result.issue = definition.issue ?? ""
    if let issue = definition.issue, Int(issue) != nil, let url = configuration.repositoryURL {
      result.issueURL = "\(url)/issues/\(issue)"
    }
    result.title = definition.title
    result.summary = definition.summary ?? ""
    result.selection = definition.select.words
    result.hasScans = campaign.lanes.contains { !$0.positions.isEmpty }
    let flows = try campaign.flows()
    result.open = try campaign.open().total
    result.target = definition.target
    result.waived = flows.waived(at: view.now)
    result.suppressed = try campaign.suppressed().count
    result.foundNothing = result.hasScans && result.suppressed == 0 && flows.flows.isEmpty
    result.baseline = baselineContext(result.open)
    if let totals {
      result.fixed = totals.count(.fixed)
      result.deleted = totals.count(.deleted)
      result.introduced = totals.count(.introduced)
      result.reopened = totals.count(.reopened)
    }
    var lastClosed: Timestamp?
    for flow in flows.flows where flow.kind == .fixed || flow.kind == .deleted {
      if flow.time > view.asOf || !flows.isCounted(flow.subject) { continue }
      lastClosed = max(lastClosed ?? flow.time, flow.time)
    }
    result.lastClosed = lastClosed?.iso8601 ?? ""
    result.due.date = definition.due?.dateText ?? ""
    return result
  }

  private func baselineContext(_ open: Int) -> ReportContext.Baseline {
    var result = ReportContext.Baseline()
    result.isDeclared = baseline.declared != nil
    result.ledgerCount = totals?.opening ?? 0
    result.count = baseline.declared ?? result.ledgerCount
    result.isKnown = baseline.declared != nil || totals != nil
    if result.isKnown {
      result.commit = baseline.commit?.description ?? ""
      result.time = baseline.point?.time.iso8601 ?? ""
    }
    return result
  }

  /// The balanced account.
  func statementContext() -> ReportContext.Statement {
    var result = ReportContext.Statement()
    guard let totals, let from = baseline.point else { return result }
    result.isKnown = true
    result.fromDate = from.time.dateText
    result.fromCommit = baseline.commit?.short ?? ""
    result.toDate = view.asOf.dateText
    let heads = Set(campaign.lanes.compactMap { $0.last?.commit })
    result.toCommit = heads.count == 1 ? heads.first?.short ?? "" : ""
    result.opening = totals.opening
    result.closing = totals.closing
    for kind in totals.kinds {
      let bases = totals.bases(kind)
      let words = bases.map { "\($0.count) \($0.basis.name)" }.joined(separator: ", ")
      let line = ReportContext.StatementLine(
        cause: kind.name,
        count: totals.count(kind),
        basis: bases.count == 1 && bases[0].basis == .direct ? "" : words
      )
      if kind.sign > 0 { result.linesIn.append(line) } else { result.linesOut.append(line) }
    }
    return result
  }

  /// The balance at one time.
  struct Balance {
    let time: Timestamp
    /// What was scanned then, where that is one commit.
    let commit: CommitID?
    /// By the place of the priority.
    let byPriority: [Int]

    var open: Int { byPriority.reduce(0, +) }
  }

  /// The balance at every scan since the baseline, in order; by priority, of which there are so many.
  func balances(priorities count: Int) throws -> [Balance] {
    guard let start = baseline.point?.time else { return [] }
    let changes = try Changes(campaign.flows(), since: start, width: count)
    var marks: [(time: Timestamp, commit: CommitID?)] = []
    for lane in campaign.lanes {
      for position in lane.positions where position.onLine && position.time >= start {
        marks.append((position.time, position.commit))
      }
    }
    for time in changes.times where time <= view.asOf { marks.append((time, nil)) }
    marks.sort { $0.time < $1.time }
    var result: [Balance] = []
    result.reserveCapacity(marks.count)
    var counts = Array(repeating: 0, count: count)
    var (change, mark) = (0, 0)
    while mark < marks.count {
      let time = marks[mark].time
      var commits: (first: CommitID?, isOne: Bool) = (nil, true)
      while mark < marks.count, marks[mark].time == time {
        if let commit = marks[mark].commit {
          if let first = commits.first, first != commit { commits.isOne = false }
          commits.first = commit
        }
        mark += 1
      }
      while change < changes.times.count, changes.times[change] <= time {
        changes.add(change, to: &counts)
        change += 1
      }
      result.append(
        Balance(time: time, commit: commits.isOne ? commits.first : nil, byPriority: counts)
      )
    }
    return result
  }

  /// The same as a post has it.
  func trend(_ balances: [Balance]) -> ReportContext.Trend {
    var result = ReportContext.Trend()
    result.points = balances.map {
      ReportContext.TrendPoint(
        time: $0.time.iso8601,
        commit: $0.commit?.description ?? "",
        open: $0.open,
        byPriority: $0.byPriority
      )
    }
    return result
  }
}

/// By how much the balance of each priority changed at a time.
private struct Changes {
  /// In order; what happened at one time may stand at several places.
  private(set) var times: [Timestamp] = []
  private var order: [Int] = []
  private var sums: [Int] = []
  private let width: Int

  /// What lies before the start counts at it.
  init(_ flows: CampaignFlows, since start: Timestamp, width: Int) {
    self.width = width
    var all: [Timestamp] = []
    for flow in flows.flows {
      let time = max(flow.time, start)
      // What happened at one position stands together.
      if all.last != time {
        all.append(time)
        for _ in 0..<width { sums.append(0) }
      }
      let base = sums.count - width
      let change = flow.kind.sign * Int(flow.count)
      if let rank = flows.rank(flow.subject) { sums[base + rank] += change }
      if flow.destination >= 0, let rank = flows.rank(flow.destination) {
        sums[base + rank] -= change
      }
    }
    order = all.indices.filter { group in
      (0..<width).contains { sums[group * width + $0] != 0 }
    }
    order.sort { all[$0] < all[$1] }
    times = order.map { all[$0] }
  }

  func add(_ place: Int, to counts: inout [Int]) {
    for rank in 0..<width { counts[rank] += sums[order[place] * width + rank] }
  }
}

extension ViolationAccount {
  /// A posting or a move, in order, with the path from then on.
  struct TimelineEvent {
    let time: Timestamp
    let path: RepoPath
    /// Whether the violation is in the balance from then on; nil where that does not change.
    let isOpen: Bool?
  }

  /// Postings and moves by time; at one time postings that leave, then moves, then postings that enter.
  var timeline: [TimelineEvent] {
    var events: [(order: (Timestamp, Int), event: TimelineEvent)] = postings.map { posting in
      let enters = posting.kind.sign > 0
      return (
        (posting.time, enters ? 2 : 0),
        TimelineEvent(time: posting.time, path: posting.path, isOpen: enters)
      )
    }
    for move in moves {
      events.append(
        ((move.time, 1), TimelineEvent(time: move.time, path: move.path, isOpen: nil))
      )
    }
    let isTangled = Set(postings.map(\.time)).count < postings.count
    if moves.isEmpty || isTangled {
      // Several postings at one time stand in the order of the books.
      return moves.isEmpty
        ? events.map(\.event)
        : events.enumerated().sorted {
          ($0.element.order.0, $0.offset) < ($1.element.order.0, $1.offset)
        }.map(\.element.event)
    }
    return events.sorted { $0.order < $1.order }.map(\.event)
  }
}

extension Selection {
  /// What is selected, in words: `rule TID251; path src/** on main`; empty for everything.
  var words: String {
    var parts: [String] = []
    func list(_ noun: String, _ values: [String]) {
      if values.isEmpty { return }
      parts.append("\(noun)\(values.count == 1 ? "" : "s") \(values.joined(separator: ", "))")
    }
    list("rule", rules.map(\.pattern))
    list("level", levels.map(\.name))
    list("tag", tags.map(\.pattern))
    list("tool", tools.map(\.pattern))
    if paths.map(\.pattern) != ["**"] { list("path", paths.map(\.pattern)) }
    let words = parts.joined(separator: "; ")
    guard let branch else { return words }
    return "\(words.isEmpty ? "everything" : words) on \(branch.pattern)"
  }
}
