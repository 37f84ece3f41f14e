import TallyBooks
import TallyModel
import TallyReport

/// The headline, the statement and the trend of a post.
struct HeadlineContext {
  let campaign: CampaignView
  let baseline: ResolvedBaseline
  /// The account from the baseline to the end; nil when nothing was scanned.
  let statement: Statement?

  init(_ campaign: CampaignView) throws {
    self.campaign = campaign
    baseline = try campaign.baseline()
    if let point = baseline.point, point.time <= campaign.view.asOf {
      statement = try campaign.statement(from: point, to: campaign.view.now)
    } else {
      statement = nil
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
    result.open = campaign.violations(in: .open).count
    result.target = definition.target
    result.waived = campaign.violations(in: .waived).count
    result.suppressed = campaign.suppressed().count
    result.foundNothing =
      result.hasScans && result.suppressed == 0
      && !campaign.accounts.contains { account in
        account.postings.contains { campaign.selects(account, at: $0.path) }
      }
    result.baseline = baselineContext(result.open)
    if let total = statement?.total {
      result.fixed = total.count(.fixed)
      result.deleted = total.count(.deleted)
      result.introduced = total.count(.introduced)
      result.reopened = total.count(.reopened)
    }
    let closed = campaign.accounts.flatMap { account in
      account.postings.filter {
        ($0.kind == .fixed || $0.kind == .deleted) && $0.time <= view.asOf
          && campaign.selects(account, at: $0.path)
      }
    }
    result.lastClosed = closed.map(\.time).max()?.iso8601 ?? ""
    result.due.date = definition.due?.dateText ?? ""
    return result
  }

  private func baselineContext(_ open: Int) -> ReportContext.Baseline {
    var result = ReportContext.Baseline()
    result.isDeclared = baseline.declared != nil
    result.ledgerCount = statement?.total.opening.count ?? 0
    result.count = baseline.declared ?? result.ledgerCount
    result.isKnown = baseline.declared != nil || statement != nil
    if result.isKnown {
      result.commit = baseline.commit?.description ?? ""
      result.time = baseline.point?.time.iso8601 ?? ""
    }
    return result
  }

  /// The balanced account.
  func statementContext() -> ReportContext.Statement {
    var result = ReportContext.Statement()
    guard let statement, let from = statement.from else { return result }
    result.isKnown = true
    result.fromDate = from.time.dateText
    result.fromCommit = baseline.commit?.short ?? ""
    result.toDate = view.asOf.dateText
    let heads = Set(campaign.lanes.compactMap { $0.last?.commit })
    result.toCommit = heads.count == 1 ? heads.first?.short ?? "" : ""
    result.opening = statement.total.opening.count
    result.closing = statement.total.closing.count
    for kind in statement.kinds {
      let bases = statement.total.bases(kind)
      let words = bases.map { "\($0.count) \($0.basis.name)" }.joined(separator: ", ")
      let line = ReportContext.StatementLine(
        cause: kind.name,
        count: statement.total.count(kind),
        basis: bases.count == 1 && bases[0].basis == .direct ? "" : words
      )
      if line.count == 0 { continue }
      if kind.sign > 0 { result.linesIn.append(line) } else { result.linesOut.append(line) }
    }
    return result
  }

  /// The balance at every scan since the baseline, whole and by priority.
  func trend(priorities: [String]) -> ReportContext.Trend {
    var result = ReportContext.Trend()
    guard let start = baseline.point?.time else { return result }
    var steps: [Timestamp: [(priority: String, sign: Int)]] = [:]
    for account in campaign.accounts {
      guard let violation = view.violations[account.violation] else { continue }
      var sweep = Sweep()
      for event in account.timeline {
        let isSelected = campaign.selects(violation, at: event.path)
        let priority = isSelected ? campaign.priority(of: violation, at: event.path) : nil
        for change in sweep.take(event, priority: priority) {
          steps[max(event.time, start), default: []].append(change)
        }
      }
    }
    var places: [Timestamp: Set<CommitID>] = [:]
    for lane in campaign.lanes {
      for position in lane.positions where position.onLine && position.time >= start {
        places[position.time, default: []].insert(position.commit)
      }
    }
    for time in steps.keys where time <= view.asOf && places[time] == nil { places[time] = [] }
    var counts: [String: Int] = [:]
    for time in places.keys.sorted() {
      for step in steps[time] ?? [] { counts[step.priority, default: 0] += step.sign }
      let commits = places[time] ?? []
      result.points.append(
        ReportContext.TrendPoint(
          time: time.iso8601,
          commit: commits.count == 1 ? commits.first?.description ?? "" : "",
          open: counts.values.reduce(0, +),
          byPriority: priorities.map { counts[$0] ?? 0 }
        )
      )
    }
    return result
  }
}

/// Follows one violation in and out of the balance, from priority to priority.
private struct Sweep {
  private var isOpen = false
  private var priority: String?

  mutating func take(
    _ event: ViolationAccount.TimelineEvent,
    priority new: String?
  ) -> [(priority: String, sign: Int)] {
    let before = isOpen ? priority : nil
    if let isOpen = event.isOpen { self.isOpen = isOpen }
    priority = new
    let after = isOpen ? priority : nil
    if before == after { return [] }
    return (before.map { [($0, -1)] } ?? []) + (after.map { [($0, 1)] } ?? [])
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
