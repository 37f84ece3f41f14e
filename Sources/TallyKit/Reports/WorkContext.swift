import TallyBooks
import TallyLedger
import TallyModel
import TallyReport

/// What was done since the baseline, what is left by priority, and where to go on.
struct WorkContext {
  let campaign: CampaignView
  let baseline: ResolvedBaseline
  let configuration: TallyConfiguration

  private var view: BooksView { campaign.view }

  /// The priorities in their order, the unassigned last.
  var priorityIDs: [String] {
    campaign.campaign.priorities.map(\.id) + [PriorityRule.unassignedID]
  }

  // MARK: Priorities

  /// What is open by priority.
  func priorities() throws -> [ReportContext.Priority] {
    let open = campaign.violations(in: .open)
    let before = try baselineCounts()
    var since: [ViolationID: Timestamp] = [:]
    for account in campaign.accounts { since[account.violation] = account.openSince(view.now) }
    return priorityIDs.map { id in
      let rule = campaign.campaign.priorities.first { $0.id == id }
      let own = open.filter { campaign.priority(of: $0.violation, at: $0.path) == id }
      var result = ReportContext.Priority()
      result.id = id
      result.title = rule?.title ?? "Not assigned"
      result.isUnassigned = rule == nil
      result.count = own.count
      result.baselineCount = before[id] ?? 0
      result.impact = rule?.impact ?? ""
      result.risk = rule?.risk ?? ""
      result.files = Self.files(own.map(\.path))
      let oldest = own.compactMap { item in
        since[item.violation.id].map { (time: $0, id: item.violation.id) }
      }.min { ($0.time, $0.id) < ($1.time, $1.id) }
      if let oldest {
        result.oldestID = oldest.id.short()
        result.oldestDays = max(0, view.asOf.days(since: oldest.time))
      }
      return result
    }
  }

  private func baselineCounts() throws -> [String: Int] {
    guard let point = baseline.point, point.time <= view.asOf else { return [:] }
    let key = campaign.key("priority")
    let statement = try campaign.statement(from: nil, to: point, by: key)
    return Dictionary(
      statement.rows.map { ($0.key, $0.closing.count) },
      uniquingKeysWith: { first, _ in first }
    )
  }

  /// Files with their counts, most first, then by path.
  static func files(_ paths: [RepoPath]) -> [ReportContext.FileCount] {
    var counts: [RepoPath: Int] = [:]
    for path in paths { counts[path, default: 0] += 1 }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { ReportContext.FileCount(path: $0.key.text, count: $0.value) }
  }

  // MARK: Commits

  /// What a commit or range did.
  private struct Effect {
    var closed = 0
    var opened = 0
    var rangeFrom: CommitID?
  }

  /// The commit, or the range that it ends, which something counts for.
  struct EffectKey: Hashable {
    let commit: CommitID
    let isRange: Bool
  }

  /// Commits that closed or opened violations of the campaign since the baseline, and those that name its issue; newest first.
  func commits() throws -> [ReportContext.Commit] {
    guard let start = baseline.point else { return [] }
    var effects: [EffectKey: Effect] = [:]
    for (key, posting) in try moved(since: start) {
      if posting.kind.sign < 0 {
        effects[key, default: Effect()].closed += 1
      } else {
        effects[key, default: Effect()].opened += 1
      }
      if key.isRange { effects[key]?.rangeFrom = before(posting) }
    }
    let texts = campaign.campaign.mentionTexts
    let mentioning = try view.reader
      .commits(mentioning: texts, after: start.time, upTo: view.asOf)
      .filter { commit in
        guard let record = try view.reader.commit(commit) else { return false }
        let message = try view.reader.text(record.message) ?? ""
        return texts.contains { message.mentions($0) }
      }
    let mentioned = Set(mentioning)
    for commit in mentioning where effects[EffectKey(commit: commit, isRange: true)] == nil {
      effects[EffectKey(commit: commit, isRange: false), default: Effect()].closed += 0
    }
    var result: [ReportContext.Commit] = []
    for (key, effect) in effects {
      result.append(try context(of: key, effect, isMentioned: mentioned.contains(key.commit)))
    }
    // A commit may stand for itself and for the range it ends.
    return result.sorted {
      ($1.time, $1.sha, $0.isRange ? 1 : 0) < ($0.time, $0.sha, $1.isRange ? 1 : 0)
    }
  }

  /// What was fixed, deleted, introduced and reopened after a point, with the commit or range it counts for.
  func moved(since start: AccountPoint?) throws -> [(key: EffectKey, posting: Posting)] {
    guard let start else { return [] }
    var result: [(key: EffectKey, posting: Posting)] = []
    let merged = MergedCommits(reader: view.reader, since: start.time)
    for account in campaign.accounts {
      for posting in account.postings {
        let isBefore = start.includes(
          lane: posting.lane,
          position: posting.position,
          time: posting.time
        )
        guard let commit = posting.commit, !isBefore, posting.time <= view.asOf,
          [.fixed, .deleted, .introduced, .reopened].contains(posting.kind),
          campaign.selects(account, at: posting.path)
        else { continue }
        let author =
          posting.isExactCommit ? try merged.author(of: commit, path: posting.path) : nil
        let key = EffectKey(commit: author ?? commit, isRange: !posting.isExactCommit)
        result.append((key, posting))
      }
    }
    return result
  }

  private func context(
    of key: EffectKey,
    _ effect: Effect,
    isMentioned: Bool
  ) throws -> ReportContext.Commit {
    var result = ReportContext.Commit()
    result.sha = key.commit.description
    result.closed = effect.closed
    result.opened = effect.opened
    result.isRange = key.isRange
    result.rangeFrom = effect.rangeFrom?.short ?? ""
    result.mentionsIssue = isMentioned
    if let record = try view.reader.commit(key.commit) {
      let message = try view.reader.text(record.message) ?? ""
      result.subject = String(message.prefix { $0 != "\n" && $0 != "\r\n" })
      result.time = record.committed.iso8601
    }
    if let url = configuration.repositoryURL { result.url = "\(url)/commit/\(key.commit)" }
    return result
  }

  /// The commit of the position before a posting's.
  private func before(_ posting: Posting) -> CommitID? {
    guard let position = posting.position,
      let lane = campaign.lanes.first(where: { $0.lane == posting.lane })
    else { return nil }
    return lane.positions.last { $0.index < position && $0.onLine && $0.succeeded }?.commit
  }

  // MARK: Next steps

  /// The files, and where there are several the rules, in which most violations can be closed.
  func nextSteps() -> [ReportContext.NextStep] {
    let open = campaign.violations(in: .open)
    var running = open.count
    return Self.files(open.map(\.path)).map { file in
      var step = ReportContext.NextStep()
      step.isFile = true
      step.subject = file.path
      step.count = file.count
      step.resultingOpen = open.count - file.count
      running -= file.count
      step.runningOpen = running
      let own = open.filter { $0.path.text == file.path }
        .map { campaign.priority(of: $0.violation, at: $0.path) }
      let ranked = priorityIDs.map { id in (id: id, count: own.count { $0 == id }) }
      let top = ranked.max { $0.count < $1.count }?.id
      step.priority = campaign.campaign.priorities.first { $0.id == top }?.title ?? ""
      return step
    }
  }
}

extension String {
  /// Says whether a text stands here and no letter or digit follows it: `#22` is not found in `#226`.
  func mentions(_ text: String) -> Bool {
    var rest = self[...]
    while let found = rest.firstRange(of: text) {
      rest = rest[found.upperBound...]
      guard let next = rest.unicodeScalars.first else { return true }
      if !next.properties.isAlphabetic && !("0"..."9").contains(next) { return true }
    }
    return false
  }
}

extension Campaign {
  /// Texts that make a commit a key commit: as written, else the issue's reference.
  var mentionTexts: [String] {
    mentions.isEmpty ? (issueReference.map { [$0] } ?? []) : mentions
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
