import TallyBooks
import TallyLedger
import TallyModel

/// What belongs to a campaign, and the keys its statements are broken down by.
struct CampaignView {
  let campaign: Campaign
  let view: BooksView
  /// The lanes whose violations can belong to it.
  let lanes: [LaneView]
  private let counts: CampaignCounts
  private let tags: [LaneKey: [String: [String]]]

  init(_ wanted: Campaign, in view: BooksView) throws {
    var campaign = wanted
    if campaign.select.branch == nil {
      campaign.select.branch = view.trunk.map { Glob(literal: $0, dialect: .name) }
    }
    self.campaign = campaign
    self.view = view
    lanes = view.lanes.filter { lane in
      (view.project.map { lane.lane.project == $0 } ?? true)
        && campaign.select.matches(lane: lane.lane.tool, branch: lane.lane.branch)
    }
    var tags: [LaneKey: [String: [String]]] = [:]
    if !campaign.select.tags.isEmpty {
      for lane in lanes {
        for id in lane.positions.flatMap(\.scans) {
          for rule in try view.reader.scan(id)?.record.rules ?? [] {
            tags[lane.lane, default: [:]][rule.id] = rule.tags
          }
        }
      }
    }
    self.tags = tags
    counts = CampaignCounts()
  }

  /// The accounts of its lanes; see ``BooksView/accounts``.
  var accounts: [ViolationAccount] {
    get throws {
      let keys = Set(lanes.map(\.lane))
      return try view.accounts.filter { keys.contains($0.lane) }
    }
  }

  /// What entered, left and moved in its lanes, and what of it the campaign counts.
  func flows() throws -> CampaignFlows { try counts.flows(of: self) }

  /// What is open at the end.
  func open() throws -> OpenCounts { try counts.open(of: self) }

  /// A campaign, or everything where there is none; of one branch where one is chosen.
  init(_ campaign: Campaign?, branch: Glob?, in view: BooksView) throws {
    var campaign = campaign ?? Campaign(id: "")
    if let branch { campaign.select.branch = branch }
    try self.init(campaign, in: view)
  }

  /// Says whether a violation at a path belongs to the campaign.
  func selects(_ violation: Violation, at path: RepoPath) -> Bool {
    selects(violation.subject(at: path))
  }

  /// Says whether a subject belongs to the campaign.
  func selects(_ subject: Subject) -> Bool {
    campaign.select.matches(path: subject.path.text.isEmpty ? nil : subject.path)
      && selects(lane: subject.lane, rule: subject.rule, subject.level)
  }

  /// Says whether violations of a rule and level in a lane can belong to the campaign at all.
  func selects(lane: LaneKey, rule: String, _ level: Level) -> Bool {
    campaign.select.matches(lane: lane.tool, branch: lane.branch)
      && campaign.select.matches(rule: rule, level: level, tags: tags[lane]?[rule] ?? [])
  }

  /// Says whether an account belongs to the campaign while it is at a path.
  func selects(_ account: ViolationAccount, at path: RepoPath) throws -> Bool {
    guard let violation = try view.violations[account.violation] else { return false }
    return selects(violation, at: path)
  }

  /// The id of the priority that takes a violation at a path.
  func priority(of violation: Violation, at path: RepoPath) -> String {
    priority(of: violation.subject(at: path))
  }

  /// The id of the priority that takes a subject.
  func priority(of subject: Subject) -> String {
    campaign.priority(
      rule: subject.rule,
      path: subject.path.text.isEmpty ? nil : subject.path,
      level: subject.level
    )?.id ?? PriorityRule.unassignedID
  }

  /// One row of everything that belongs to the campaign.
  var everything: Statement.Key {
    { account, path, _ in try selects(account, at: path) ? "" : nil }
  }

  /// The key of a breakdown by its name; nil for a name that is none.
  func key(_ name: String) -> Statement.Key? {
    let inner: Statement.Key
    switch name {
    case "priority":
      inner = { account, path, _ in
        try view.violations[account.violation].map { priority(of: $0, at: path) }
      }
    case "rule": inner = Breakdown.rule { try view.violations[$0]?.rule }
    case "folder": inner = Breakdown.folder()
    case "tool": inner = Breakdown.tool
    case "path": inner = Breakdown.path
    default: return nil
    }
    // An empty key is the total, and a file at the top is not what has no file.
    let isByPlace = name == "folder" || name == "path"
    return { account, path, time in
      guard try selects(account, at: path) else { return nil }
      return isByPlace && path.text.isEmpty
        ? PlaceText.noFile : try inner(account, path, time)
    }
  }

  /// The balanced account between two points, whole or broken down.
  func statement(
    from: AccountPoint?,
    to: AccountPoint,
    by key: Statement.Key? = nil
  ) throws -> Statement {
    try Statement(accounts: accounts, from: from, to: to, by: key ?? everything)
  }

  /// The violations that are in a state at the end, with their paths; sorted by id.
  func violations(in state: AccountState) throws -> [(violation: Violation, path: RepoPath)] {
    let violations = try view.violations
    return try accounts.compactMap { account in
      guard account.state(at: view.now) == state, let violation = violations[account.violation]
      else { return nil }
      let path = account.path(at: view.now)
      return selects(violation, at: path) ? (violation, path) : nil
    }
  }

  /// Violations that are suppressed at the end, also those that were from their first sighting; sorted by id.
  func suppressed() throws -> [(violation: Violation, path: RepoPath)] {
    if view.isAtEnd {
      return try lanes.flatMap { try view.reader.violations(of: $0.lane, states: [.suppressed]) }
        .map { (violation: $0, path: $0.last.path) }
        .filter { selects($0.violation, at: $0.path) }
        .sorted { $0.violation.id < $1.violation.id }
    }
    // The books do not say when something that was suppressed went: by then it may have.
    let known = Set(try accounts.map(\.violation))
    let scans = Set(lanes.flatMap { $0.positions.flatMap { $0.scans } })
    let silent = try view.violations.values.filter {
      $0.state == .suppressed && !known.contains($0.id) && scans.contains($0.origin.scan)
        && selects($0, at: $0.last.path)
    }
    return (try violations(in: .suppressed) + silent.map { ($0, $0.last.path) })
      .sorted { $0.0.id < $1.0.id }
  }
}

extension Violation {
  /// What it is counted by at a path.
  fileprivate func subject(at path: RepoPath) -> Subject {
    Subject(lane: lane, rule: rule, level: level, path: path)
  }
}

/// Where a campaign began.
struct ResolvedBaseline {
  /// The point from which statements count; nil when nothing was scanned yet.
  let point: AccountPoint?
  /// The commit, where one is meant or was scanned then.
  let commit: CommitID?
  /// A declared number, which no statement is made from.
  let declared: Int?
}

extension CampaignView {
  /// Finds the baseline in the books.
  ///
  /// - Throws: ``TimeError`` when `tally.yml` names a commit that the ledger does not know.
  func baseline() throws -> ResolvedBaseline {
    let first = lanes.compactMap { $0.positions.first { $0.onLine } }.min { $0.time < $1.time }
    switch campaign.baseline {
    case .commit(let digits):
      return try baseline(commit: digits)
    case .date(let day):
      // On its own day a baseline is what is open until now.
      let last = day.adding(seconds: 86_399)
      let end = day <= view.asOf ? min(last, view.asOf) : last
      let commit = lanes.count == 1 ? lanes[0].positions.last { $0.time <= end }?.commit : nil
      return ResolvedBaseline(point: AccountPoint(time: end), commit: commit, declared: nil)
    case .number(let number):
      return ResolvedBaseline(point: first.map(point), commit: first?.commit, declared: number)
    case nil:
      return ResolvedBaseline(point: first.map(point), commit: first?.commit, declared: nil)
    }
  }

  private func baseline(commit digits: String) throws -> ResolvedBaseline {
    let matching = try view.reader.commits(byPrefix: digits)
    guard let commit = matching.first else {
      throw TimeError.unknownBaseline(campaign: campaign.id, commit: digits)
    }
    guard matching.count == 1 else {
      throw TimeError.ambiguousCommit(digits, count: matching.count)
    }
    return ResolvedBaseline(point: try point(at: commit), commit: commit, declared: nil)
  }

  private func point(_ position: LanePosition) -> AccountPoint {
    AccountPoint(time: position.time, positions: [position.lane: position.index])
  }

  /// The point of a commit: its positions where it was scanned, its time for the other lanes.
  func point(at commit: CommitID) throws -> AccountPoint {
    var places: [LaneKey: Int] = [:]
    var time = try view.clocks.commit(commit)?.committed
    for lane in lanes {
      guard let position = lane.positions.last(where: { $0.commit == commit }) else { continue }
      places[lane.lane] = position.index
      time = max(time ?? position.time, position.time)
    }
    guard let time else { throw TimeError.unknownPoint(commit.short) }
    return AccountPoint(time: time, positions: places)
  }
}
