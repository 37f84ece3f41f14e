import TallyBooks
import TallyLedger
import TallyModel
import TallyReport

/// What changed since the last post of a template, or in the last 7 days where none was recorded.
struct SinceContext {
  let campaign: CampaignView
  let configuration: LoadedConfiguration
  let project: String
  /// The template's full name.
  let template: String
  let baseline: ResolvedBaseline

  private var view: BooksView { campaign.view }

  /// The last recorded post before the time of the report; nil for none.
  private func lastPost() throws -> (id: EntryID, record: ReportIssuedRecord)? {
    try view.reader.issuedReports(project: project)
      .filter {
        $0.record.campaign == campaign.campaign.id && $0.record.template == template
          && $0.record.asOf < view.asOf
      }
      .max { $0.record.asOf < $1.record.asOf }
      .map { ($0.id, $0.record) }
  }

  /// The comparison; the criteria are those of the report, as they stand now.
  func context(criteria: [ReportContext.Criterion]) throws -> ReportContext.Since {
    var result = ReportContext.Since()
    let post = try lastPost()
    let weekAgo = view.asOf.adding(seconds: -7 * 86_400)
    let firstScan = campaign.lanes.compactMap { $0.positions.first?.time }.min()
    let begins = [baseline.point?.time, firstScan].compactMap { $0 }.max()
    let isOld = begins.map { $0 <= weekAgo } ?? false
    guard let from = post?.record.asOf ?? (isOld ? weekAgo : nil) else { return result }
    result.isKnown = true
    result.isPost = post != nil
    result.time = from.iso8601
    result.entry = post?.id.description ?? ""
    let start = AccountPoint(time: from)
    let totals = try campaign.flows().totals(from: start, to: view.now)
    result.opening = totals.opening
    result.closing = totals.closing
    result.lines = totals.kinds.map {
      ReportContext.StatementLine(cause: $0.name, count: totals.count($0))
    }
    let work = WorkContext(
      campaign: campaign,
      baseline: ResolvedBaseline(point: start, commit: nil, declared: nil),
      configuration: configuration.configuration
    )
    let commits = try work.commits().filter { $0.closed + $0.opened > 0 }
    result.commits = commits.enumerated().sorted {
      let (left, right) = ($0.element, $1.element)
      return (-left.closed - left.opened, $0.offset) < (-right.closed - right.opened, $1.offset)
    }.map(\.element)
    result.people = try people(of: commits)
    result.worse = try worse(than: start)
    if let post { result.flips = try flips(criteria, since: post.record) }
    result.definitions = try definitions(since: from)
    return result
  }

  /// Who wrote the commits; who closed most first, then by name.
  private func people(of commits: [ReportContext.Commit]) throws -> [ReportContext.Person] {
    var found: [String: ReportContext.Person] = [:]
    for commit in commits where !commit.isRange {
      guard let id = CommitID(hex: commit.sha), let record = try view.reader.commit(id),
        let author = try view.reader.text(record.author)
      else { continue }
      let name = String(author.prefix { $0 != "<" }).trimmed
      if name.isEmpty { continue }
      var person = found[name] ?? ReportContext.Person()
      person.name = name
      person.closed += commit.closed
      person.opened += commit.opened
      found[name] = person
    }
    return found.values.sorted {
      (-$0.closed, -$0.opened, $0.name) < (-$1.closed, -$1.opened, $1.name)
    }
  }

  /// Rules and files with more open violations than then; rules first where they grew as much.
  private func worse(than start: AccountPoint) throws -> [ReportContext.Worse] {
    let before = try campaign.flows().open(at: start)
    let now = try campaign.open()
    var result: [ReportContext.Worse] = []
    for isFile in [false, true] {
      let earlier = isFile ? before.byFile() : before.byRule()
      let counts = isFile ? now.byFile() : now.byRule()
      let grown = counts.indices.filter { counts[$0] > earlier[$0] }
        .map { (subject: isFile ? now.path($0).shown : now.rule($0), number: $0) }
        .filter { !$0.subject.isEmpty }
        .sorted { $0.subject.utf8.lexicographicallyPrecedes($1.subject.utf8) }
      for (subject, number) in grown {
        var item = ReportContext.Worse()
        item.isFile = isFile
        item.subject = subject
        item.change = counts[number] - earlier[number]
        item.count = counts[number]
        result.append(item)
      }
    }
    return result.enumerated().sorted {
      (-$0.element.change, $0.offset) < (-$1.element.change, $1.offset)
    }.map(\.element)
  }

  /// Criteria with another state than in the recorded data; what that post did not have has not flipped.
  private func flips(
    _ criteria: [ReportContext.Criterion],
    since post: ReportIssuedRecord
  ) throws -> [ReportContext.Flip] {
    guard let text = try view.reader.text(post.context),
      let data = try? JSONValue(parsing: text),
      case .array(let items)? = data[path: ["criteria", "items"]]
    else { return [] }
    var before: [String: String] = [:]
    for item in items {
      if let title = item["title"]?.text, let state = item["state"]?.text { before[title] = state }
    }
    return criteria.compactMap { criterion in
      guard let was = before[criterion.title], was != criterion.state else { return nil }
      var flip = ReportContext.Flip()
      flip.title = criterion.title
      flip.before = was
      flip.after = criterion.state
      return flip
    }
  }

  /// Definitions that changed since, with what each change moved at the time it was made.
  private func definitions(since start: Timestamp) throws -> [String] {
    let redefinitions = Redefinitions(
      view: view,
      project: project,
      configuration: configuration
    )
    return try redefinitions.changes(of: campaign.campaign, since: start, until: view.asOf)
      .map { change in
        let point = AccountPoint(time: change.effective)
        let before = try counts(by: change.before, at: point)
        let after = try counts(by: change.after, at: point)
        var moved: [String] = []
        for (priority, delta) in Self.differences(before, after) {
          moved.append("\(Wording.signed(delta)) in \(priority)")
        }
        let total = after.reduce(0) { $0 + $1.count } - before.reduce(0) { $0 + $1.count }
        if total != 0, change.before.priorities.isEmpty || change.after.priorities.isEmpty {
          moved = ["\(Wording.signed(total)) in all"]
        }
        let what = moved.isEmpty ? "nothing moved" : Wording.joined(moved)
        return "\(what) by redefining \(change.what) on \(change.effective.dateText)\(change.place)"
      }
  }

  private func counts(
    by definition: Campaign,
    at point: AccountPoint
  ) throws -> [(priority: String, count: Int)] {
    let counts = try CampaignView(definition, in: view).flows().open(at: point).byRank()
    let ids = definition.priorities.map(\.id) + [PriorityRule.unassignedID]
    return ids.enumerated().map { ($1, counts[$0] ?? 0) }
  }

  private static func differences(
    _ before: [(priority: String, count: Int)],
    _ after: [(priority: String, count: Int)]
  ) -> [(String, Int)] {
    let gone = before.filter { item in !after.contains { $0.priority == item.priority } }
    return (after + gone.map { ($0.priority, 0) }).compactMap { item in
      let old = before.first { $0.priority == item.priority }?.count ?? 0
      return item.count == old ? nil : (item.priority, item.count - old)
    }
  }
}
