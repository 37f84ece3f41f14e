import TallyBooks
import TallyLedger
import TallyModel
import TallyReport

/// A campaign of a post with everything that its numbers are counted in.
final class WhyGround {
  let view: BooksView
  let campaign: CampaignView
  let headline: HeadlineContext
  let work: WorkContext
  let configuration: LoadedConfiguration
  let evidence: EvidenceContext
  private let rows: SightedRows

  init(
    _ definition: Campaign,
    view: BooksView,
    configuration: LoadedConfiguration,
    project: String
  ) throws {
    self.view = view
    self.configuration = configuration
    campaign = try CampaignView(definition, in: view)
    headline = try HeadlineContext(campaign)
    work = WorkContext(
      campaign: campaign,
      baseline: headline.baseline,
      configuration: configuration.configuration
    )
    evidence = try EvidenceContext(
      campaign,
      headline: headline,
      configuration: configuration.configuration,
      project: project
    )
    rows = try SightedRows(view)
  }

  /// The campaign's id.
  var id: String { campaign.campaign.id }

  /// What a list of these violations can be had by, beside the time.
  var listCommand: String { "tally list" + (id.isEmpty ? "" : " --campaign \(id)") }

  // MARK: States

  /// What is in a state at a point, as rows.
  func found(
    _ state: AccountState,
    at point: AccountPoint? = nil,
    how: String,
    command: String? = nil,
    where isWanted: (Violation, RepoPath) -> Bool = { _, _ in true }
  ) throws -> WhyFound {
    var result = WhyFound(how: how, command: command)
    let moment = point ?? view.now
    var items: [(violation: Violation, path: RepoPath)] = []
    if state == .suppressed, point == nil {
      items = try campaign.suppressed()
    } else {
      let violations = try view.violations
      for account in try campaign.accounts where account.state(at: moment) == state {
        let path = account.path(at: moment)
        guard let violation = violations[account.violation],
          campaign.selects(violation, at: path)
        else { continue }
        items.append((violation, path))
      }
    }
    for (violation, path) in items where isWanted(violation, path) {
      result.violations.append(
        try row(violation, path, state: state, at: point)
      )
      if state == .waived, let waiver = try view.account(of: violation.id)?.lastWaiver(at: moment) {
        result.entries.append(waiver)
      }
    }
    result.violations.sort {
      ($0.path, $0.line ?? 0, $0.rule, $0.id) < ($1.path, $1.line ?? 0, $1.rule, $1.id)
    }
    result.count = result.violations.count
    result.entries = heads(at: moment) + result.entries
    return result
  }

  /// The scans that say what is there at a point: the last of each lane.
  func heads(at point: AccountPoint) -> [EntryID] {
    campaign.lanes.flatMap { lane in
      lane.positions.last {
        $0.onLine && point.includes(lane: lane.lane, position: $0.index, time: $0.time)
      }?.scans ?? []
    }
  }

  private func row(
    _ violation: Violation,
    _ path: RepoPath,
    state: AccountState,
    at point: AccountPoint?
  ) throws -> WhyAnswer.Violation {
    let account = try view.account(of: violation.id)
    let moment = point ?? view.now
    let isNow = point == nil
    return WhyAnswer.Violation(
      id: try view.shortID(violation.id),
      rule: violation.rule,
      path: path.text,
      line: isNow ? try rows.finding(of: violation, in: path)?.region?.startLine : nil,
      priority: campaign.campaign.priorities.isEmpty
        ? nil : campaign.priority(of: violation, at: path),
      since: (state == .open ? account?.openSince(moment) : account?.lastChange(at: moment))?
        .iso8601,
      state: String(describing: state)
    )
  }

  // MARK: Postings

  /// Postings of a statement from a point to the end, by kind.
  func found(
    _ kinds: [PostingKind],
    since point: AccountPoint?,
    how: String,
    command: String?,
    where isWanted: (Statement.Item) -> Bool = { _ in true }
  ) throws -> WhyFound {
    var result = WhyFound(how: how, command: command)
    guard let point, point.time <= view.asOf else { return result }
    let statement = try campaign.statement(from: point, to: view.now)
    for kind in kinds {
      for item in statement.total.items[kind] ?? [] where isWanted(item) {
        try add(item.posting, item.violation, kind, item.basis, item.path, to: &result)
      }
    }
    return result.ordered()
  }

  /// Some postings, each with the commit it counts for: behind a merge that is the one of the merged branch.
  func found(
    _ moved: [(key: EffectKey, posting: Posting)],
    how: String
  ) throws -> WhyFound {
    var result = WhyFound(how: how)
    for (key, posting) in moved {
      try add(
        posting,
        posting.violation,
        posting.kind,
        posting.basis,
        posting.path,
        commit: key.commit,
        to: &result
      )
    }
    return result.ordered()
  }

  private func add(
    _ posting: Posting?,
    _ id: ViolationID,
    _ kind: PostingKind,
    _ basis: Basis,
    _ path: RepoPath,
    commit: CommitID? = nil,
    to result: inout WhyFound
  ) throws {
    let violation = try view.violation(id)
    let commit = commit ?? posting?.commit
    result.postings.append(
      WhyAnswer.Posting(
        id: try view.shortID(id),
        rule: violation?.rule ?? "",
        path: path.text,
        cause: kind.name,
        basis: basis.name,
        time: posting?.time.iso8601,
        commit: commit?.description,
        isExactCommit: posting?.isExactCommit ?? false,
        subject: try commit.flatMap { try view.subject(of: $0) }
      )
    )
    result.count = result.postings.count
    guard let posting else { return }
    if let source = posting.source { result.entries.append(source) }
    if let index = posting.position,
      let position = campaign.lanes.first(where: { $0.lane == posting.lane })?
        .positions.first(where: { $0.index == index })
    {
      result.entries += position.scans
    }
  }
}

/// What stands behind a number, as it is gathered.
struct WhyFound {
  /// How the number was computed.
  var how: String
  /// A command that lists the same.
  var command: String?
  /// How many rows there are; nil for a number that is no count of rows.
  var count: Int?
  var violations: [WhyAnswer.Violation] = []
  var postings: [WhyAnswer.Posting] = []
  var tests: [WhyAnswer.Test] = []
  var samples: [WhyAnswer.Sample] = []
  /// The entries it rests on, in any order, some of them twice.
  var entries: [EntryID] = []

  init(how: String, command: String? = nil) {
    self.how = how
    self.command = command
  }

  /// The same with its postings in the order in which they happened.
  func ordered() -> WhyFound {
    var result = self
    result.postings.sort {
      ($0.time ?? "", $0.path, $0.id, $0.cause) < ($1.time ?? "", $1.path, $1.id, $1.cause)
    }
    result.count = result.postings.count
    return result
  }
}

extension ViolationAccount {
  /// The waiver that took the violation out of the balance last; nil where none did.
  fileprivate func lastWaiver(at point: AccountPoint) -> EntryID? {
    postings.last {
      $0.kind == .waived
        && point.includes(lane: lane, position: $0.position, time: $0.time)
    }?.source
  }

  /// When something last happened to it.
  fileprivate func lastChange(at point: AccountPoint) -> Timestamp? {
    postings.last { point.includes(lane: lane, position: $0.position, time: $0.time) }?.time
  }
}
