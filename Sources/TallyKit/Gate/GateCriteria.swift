import TallyBooks
import TallyLedger
import TallyModel
import TallyReport

/// Evaluates the criteria of a campaign as they would stand after a change.
struct GateCriteria {
  let ground: GateGround
  let selector: GateSelector

  init(_ ground: GateGround, _ selector: GateSelector) {
    self.ground = ground
    self.selector = selector
  }

  func checks(of id: String) throws -> [GateAnswer.Check] {
    guard let campaign = ground.configuration.campaign(id) else { return [] }
    return try campaign.criteria.map { criterion in
      let (state, found) = try evaluate(criterion.check, of: campaign)
      return GateAnswer.Check(
        policy: "criteria",
        title: "\(campaign.id): \(criterion.title)",
        state: state,
        found: found,
        remedy: state == .pass
          ? nil
          : state == .fail
            ? "meet the criterion" : "record what the criterion needs, then ask again",
        violations: []
      )
    }
  }

  private func evaluate(
    _ check: Criterion.Check,
    of campaign: Campaign
  ) throws -> (GateAnswer.State, String) {
    switch check {
    case .violations(let atMost):
      let open = ground.findings.count {
        ($0.state == .new || $0.state == .unchanged) && !$0.isWaived && selects($0, campaign)
      }
      return (
        open <= atMost ? .pass : .fail,
        "\(open) open\(open <= atMost || atMost == 0 ? "" : ", at most \(atMost) wanted")"
      )
    case .tests(let match, let allowsFlaky): return tests(match, allowsFlaky)
    case .measurement(let name, let bound, let limit):
      return try measurement(name, bound, limit, campaign)
    case .noNew(.mergeBase):
      let new = ground.findings.count {
        $0.state == .new && !$0.isWaived && $0.kind != .surfaced && selects($0, campaign)
      }
      return (new == 0 ? .pass : .fail, "\(new) new since the merge base")
    case .noNew, .attested: return try onBase(check, campaign)
    }
  }

  private func selects(_ finding: GateFinding, _ campaign: Campaign) -> Bool {
    selector.selects(
      campaign,
      rule: finding.rule,
      level: finding.level,
      path: finding.path,
      tool: finding.lane.tool
    )
  }

  private func tests(_ match: Glob?, _ allowsFlaky: Bool) -> (GateAnswer.State, String) {
    if ground.tests.contains(where: { $0.after == nil }) {
      return (.undecided, "no test run of \(ground.target.commit.short)")
    }
    let states = ground.tests.flatMap { $0.after?.states ?? [] }
      .filter { match?.matches($0.id) ?? true }
    let ran = states.filter { $0.outcome != .skipped }
    if ran.isEmpty {
      return (.undecided, match.map { "no test matches \($0.pattern)" } ?? "no test ran yet")
    }
    let bad = ran.count {
      $0.outcome.isNotPassing && !(allowsFlaky && $0.outcome == .flaky)
    }
    let words = "\(ran.count - bad) of \(ran.count) passed"
    if bad > 0 { return (.fail, words) }
    let missing = ground.tests.flatMap(\.absence.missing).filter { match?.matches($0.id) ?? true }
    if let first = missing.first {
      let verb = missing.count == 1 ? "is" : "are"
      return (
        .undecided,
        "\(words), but \(missing.count) that did not pass \(verb) gone with all others of "
          + "\(missing.count == 1 ? "its" : "their") class or file, such as \(first.id)"
      )
    }
    if let broken = ground.tests.first(where: { $0.after?.succeeded == false }) {
      return (.undecided, "\(words), but the run of \(broken.lane) did not finish")
    }
    return (.pass, words)
  }

  /// The value at the commit, else the last of the base branch.
  private func measurement(
    _ name: String,
    _ bound: Criterion.Bound,
    _ limit: Criterion.Limit,
    _ campaign: Campaign
  ) throws -> (GateAnswer.State, String) {
    let series = try ground.view.clocks.measurements(project: ground.target.project)
      .filter { $0.name == name }
    let here = series.first { $0.branch == ground.target.branch }?
      .point(of: ground.target.commit)?.median
    let base = series.first { $0.branch == ground.base.branch }
    guard let value = here ?? base?.point(at: ground.view.asOf)?.median else {
      return (.undecided, "\(name) was never measured")
    }
    let place = here == nil ? " on '\(ground.base.branch)'" : ""
    let wanted: DecimalNumber
    switch limit {
    case .number(let number):
      guard let parsed = DecimalNumber(EvidenceContext.text(number)) else {
        return (.undecided, "the limit of \(name) is no number")
      }
      wanted = parsed
    case .baseline:
      let baseline = try CampaignView(campaign, in: ground.view).baseline()
      let atCommit = baseline.commit.flatMap { base?.point(of: $0)?.median }
      guard
        let known = atCommit
          ?? baseline.point.flatMap({ base?.point(at: $0.time)?.median })
      else {
        return (.undecided, "\(name) is \(value)\(place), and was not measured at the baseline")
      }
      wanted = known
    }
    let isMet = bound == .atMost ? !(wanted < value) : !(value < wanted)
    let words = bound == .atMost ? "at most" : "at least"
    return (isMet ? .pass : .fail, "\(name) is \(value)\(place), \(words) \(wanted)")
  }

  /// What a change cannot alter is evaluated as a post would.
  private func onBase(
    _ check: Criterion.Check,
    _ campaign: Campaign
  ) throws -> (GateAnswer.State, String) {
    var only = campaign
    only.criteria = [Criterion(title: "", check: check)]
    let view = try CampaignView(only, in: ground.view)
    let evidence = try EvidenceContext(
      view,
      headline: HeadlineContext(view),
      configuration: ground.configuration,
      project: ground.target.project
    )
    guard let item = try evidence.criteria().first else { return (.undecided, "nothing to check") }
    switch item.state {
    case "met": return (.pass, item.evidence)
    case "not met": return (.fail, item.evidence)
    default: return (.undecided, item.evidence)
    }
  }
}
