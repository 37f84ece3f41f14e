import TallyBooks
import TallyLedger
import TallyModel
import TallyReport

/// Holds a change against the policies.
struct GateJudge {
  let ground: GateGround
  let policy: GatePolicy
  let selector: GateSelector

  init(_ ground: GateGround) throws {
    self.ground = ground
    policy = ground.configuration.gate
    selector = GateSelector(ground)
  }

  /// Every policy, in the order of `tally.yml`; what is not asked for is left out.
  func checks() throws -> [GateAnswer.Check] {
    var result = [scans()]
    result += policy.noNew.map(noNew)
    result += try policy.budgets.map { try GateBudget(ground, selector).check($0) }
    for id in policy.criteria { result += try GateCriteria(ground, selector).checks(of: id) }
    result += suppressions() + [try waivers()].compactMap { $0 }
    if !ground.tests.isEmpty { result.append(tests()) }
    return result
  }

  // MARK: Scans

  private func scans() -> GateAnswer.Check {
    let lanes = ground.lanes.map(\.answer)
    let missing = lanes.filter { $0.state == "missing" }
    let failed = lanes.filter { $0.state == "failed" || $0.state == "partial" }
    let present = lanes.count - missing.count
    let isNeeded = policy.requiresScans || present - failed.count < 1
    var check = GateAnswer.Check(
      policy: "scans",
      title: policy.requiresScans
        ? "a scan of \(ground.target.commit.short) in every lane of '\(ground.base.branch)'"
        : "a scan of \(ground.target.commit.short)",
      state: .pass,
      found: "\(present - failed.count) of \(Wording.counted(lanes.count, "lane"))",
      violations: []
    )
    let configured = ground.configuration.lanes.filter { expected in
      (expected.branch ?? ground.base.branch) == ground.base.branch
        && !lanes.contains { lane in
          ground.lanes.contains {
            $0.answer == lane
              && expected.matches($0.lane.on(expected.branch ?? $0.lane.branch))
          }
        }
    }
    var words: [String] = []
    if !missing.isEmpty {
      words.append("no scan in \(Wording.joined(missing.map(\.name)))")
    }
    for lane in failed {
      words.append(
        lane.name + (lane.state == "partial" ? " could not look at everything" : " did not finish")
      )
    }
    if !configured.isEmpty {
      let names = configured.map { $0.category.isEmpty ? $0.tool : "\($0.tool)/\($0.category)" }
      words.append("no scan of \(Wording.joined(names)), which tally.yml expects")
    }
    let suspect = lanes.filter { $0.notSeen > 0 }
    for lane in suspect {
      words.append("\(lane.notSeen) not seen by \(lane.name) in files that nobody edited")
    }
    if lanes.isEmpty && configured.isEmpty && ground.tests.isEmpty {
      check.found += ": nothing is recorded of the change, nor of '\(ground.base.branch)'"
      check.state = .undecided
      check.remedy = "record a scan with 'tally ingest', then ask again"
      return check
    }
    if words.isEmpty { return check }
    check.found += ": " + words.joined(separator: "; ")
    check.state = isNeeded || !suspect.isEmpty ? .undecided : .warn
    if !suspect.isEmpty {
      check.remedy =
        "record a scan that looks at everything, or say that this one does: tally confirm SCAN --why TEXT"
      return check
    }
    let isWhole = missing.isEmpty && configured.isEmpty
    let needed =
      failed.contains { $0.state == "partial" } ? "a scan without errors" : "a scan that finished"
    check.remedy =
      "record \(isWhole ? needed : "the missing scans") with 'tally ingest', then ask again"
    return check
  }

  // MARK: Violations

  private func noNew(_ policy: GatePolicy.NoNew) -> GateAnswer.Check {
    let came = ground.findings.filter { $0.state == .new && selector.takes(policy.filter, $0) }
    let counted = came.filter {
      !$0.isWaived && (policy.countsSurfaced || $0.kind != .surfaced)
        && ![.broughtForward, .rematchedIn].contains($0.kind)
    }
    let words = policy.filter.words
    var check = GateAnswer.Check(
      policy: "no_new",
      title: (policy.atMost == 0 ? "no new violations" : "at most \(policy.atMost) new violations")
        + (words.isEmpty ? "" : ": \(words)"),
      state: counted.count > policy.atMost ? .fail : .pass,
      found: "\(counted.count) new",
      violations: counted.map(\.shortID)
    )
    func add(_ count: Int, _ words: String) {
      if count > 0 { check.found += ", \(count) \(words)" }
    }
    add(came.count(where: \.isWaived), "waived")
    if !policy.countsSurfaced {
      add(
        came.count { $0.kind == .surfaced && !$0.isWaived },
        "surfaced by another tool, rule set, configuration or scope"
      )
    }
    add(
      came.count { $0.kind == .broughtForward && !$0.isWaived },
      "brought forward in lanes that '\(ground.base.branch)' does not have"
    )
    if check.state == .fail {
      let excess = counted.count - policy.atMost
      check.remedy =
        "fix \(excess == counted.count ? "" : "\(excess) of ")\(excess == 1 ? "it" : "them"), or "
        + "accept the risk: tally waive \(counted.prefix(3).map(\.shortID).joined(separator: " "))"
        + "\(counted.count > 3 ? " …" : "") --why TEXT --until DATE"
    }
    return check
  }

  /// Silenced findings; told where there are any, though no policy asks.
  private func suppressions() -> [GateAnswer.Check] {
    let added = ground.findings.filter { $0.state == .silenced }
    guard let limit = policy.suppressionsAtMost else {
      if added.isEmpty { return [] }
      return [
        GateAnswer.Check(
          policy: "suppressions",
          title: "suppressions",
          state: .warn,
          found: "\(added.count) added",
          violations: added.map(\.shortID)
        )
      ]
    }
    return [
      GateAnswer.Check(
        policy: "suppressions",
        title: limit == 0 ? "no suppressions added" : "at most \(limit) suppressions added",
        state: added.count > limit ? .fail : .pass,
        found: "\(added.count) added",
        remedy: added.count > limit
          ? "take the comments out and fix what they silence, or accept the risk with 'tally waive', "
            + "which has an owner and an end" : nil,
        violations: added.map(\.shortID)
      )
    ]
  }

  // MARK: Waivers

  /// Waivers that end soon; nil where none does.
  private func waivers() throws -> GateAnswer.Check? {
    let view = ground.view
    let limit = view.asOf.adding(seconds: policy.waivers.withinSeconds)
    var ending: [(id: String, until: Timestamp)] = []
    for finding in ground.findings where finding.isWaived && finding.state != .absent {
      guard let until = view.waivers.waiver(of: finding.id, at: view.asOf)?.until, until <= limit
      else { continue }
      ending.append((finding.shortID, until))
    }
    let days = Int(policy.waivers.withinSeconds / 86_400)
    if ending.isEmpty, policy.waivers.then == .warn { return nil }
    let first = ending.map(\.until).min()
    return GateAnswer.Check(
      policy: "waivers",
      title: "no waiver ends within \(Wording.counted(days, "day"))",
      state: ending.isEmpty ? .pass : policy.waivers.then == .fail ? .fail : .warn,
      found: "\(ending.count) end\(ending.count == 1 ? "s" : "")"
        + (first.map { ", the first on \($0.dateText)" } ?? ""),
      remedy: ending.isEmpty ? nil : "fix what is waived, or renew it with 'tally waive'",
      violations: ending.map(\.id)
    )
  }

  // MARK: Tests

  private func tests() -> GateAnswer.Check {
    let rule = policy.tests
    let broken = ground.tests.flatMap { pair in
      pair.broken { state in
        (rule.match?.matches(state.id) ?? true)
          && !(rule.allowsFlaky && state.outcome == .flaky)
      }
    }
    let skipped = ground.tests.reduce(0) { count, pair in
      let failed = (pair.before?.states ?? []).filter(\.outcome.isNotPassing)
      let now = Dictionary(
        (pair.after?.states ?? []).map { ($0.id, $0.outcome) },
        uniquingKeysWith: { first, _ in first }
      )
      if pair.after == nil { return count }
      return count + failed.count { (now[$0.id] ?? .skipped) == .skipped }
    }
    var check = GateAnswer.Check(
      policy: "tests",
      title: (rule.atMost == 0 ? "no test broken" : "at most \(rule.atMost) tests broken")
        + (rule.match.map { ": \($0.pattern)" } ?? ""),
      state: broken.count > rule.atMost ? .fail : .pass,
      found: "\(broken.count) broken",
      violations: []
    )
    if !broken.isEmpty {
      let names = broken.prefix(5).map(\.id).joined(separator: ", ")
      check.found += ": \(names)\(broken.count > 5 ? ", …" : "")"
    }
    if skipped > 0 {
      check.found += "; \(skipped) failing before are skipped or gone, not repaired"
    }
    let vanished = ground.tests.filter { $0.after != nil }.flatMap(\.absence.vanished)
    if let first = vanished.first {
      check.found +=
        "; \(Wording.counted(vanished.count, "test")) of the run before not in this one, "
        + "such as \(first.id)"
    }
    if check.state == .fail { check.remedy = "repair \(broken.count == 1 ? "it" : "them")" }
    return check
  }
}

/// Decides which violations a policy is about.
struct GateSelector {
  private let configuration: TallyConfiguration
  private let branch: String
  private let tags: [String: [String: [String]]]

  init(_ ground: GateGround) {
    configuration = ground.configuration
    branch = ground.base.branch
    tags = ground.tags
  }

  /// The campaign that a filter speaks of: the one it names; for priorities the only one there is.
  func campaign(_ filter: GatePolicy.Filter) -> Campaign? {
    if let id = filter.campaign { return configuration.campaign(id) }
    return filter.priorities.isEmpty ? nil : configuration.campaigns.first
  }

  func takes(_ filter: GatePolicy.Filter, _ finding: GateFinding) -> Bool {
    takes(
      filter,
      rule: finding.rule,
      level: finding.level,
      path: finding.path,
      tool: finding.lane.tool
    )
  }

  /// Says whether a violation counts; on the base branch, whatever branch the change is on.
  func takes(
    _ filter: GatePolicy.Filter,
    rule: String,
    level: Level,
    path: RepoPath,
    tool: String
  ) -> Bool {
    let place = path.text.isEmpty ? nil : path
    guard filter.rules.admits(rule), level >= filter.level ?? .none,
      filter.paths.isEmpty || place.map({ filter.paths.admits($0.text) }) ?? false
    else { return false }
    guard let campaign = campaign(filter) else { return true }
    guard selects(campaign, rule: rule, level: level, path: path, tool: tool) else { return false }
    if filter.priorities.isEmpty { return true }
    let priority = campaign.priority(rule: rule, path: place, level: level)?.id
    return filter.priorities.contains(priority ?? PriorityRule.unassignedID)
  }

  /// Says whether a violation belongs to a campaign.
  func selects(
    _ campaign: Campaign,
    rule: String,
    level: Level,
    path: RepoPath,
    tool: String
  ) -> Bool {
    campaign.select.matches(
      rule: rule,
      path: path.text.isEmpty ? nil : path,
      level: level,
      tags: tags[tool]?[rule] ?? [],
      tool: tool,
      branch: branch
    )
  }
}
