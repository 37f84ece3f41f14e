import TallyBooks
import TallyLedger
import TallyModel
import TallyReport

/// Puts the parts of a post together.
struct ContextBuilder {
  let view: BooksView
  let configuration: LoadedConfiguration
  let project: String
  let renderer: Renderer
  /// The full name of the template.
  let template: String
  /// The digest of the template, in hexadecimal digits.
  let templateDigest: String
  /// What the footer of a post says that is made again; nil for a new post.
  var claims: PostFooter?
  /// True for a template that lists every open violation.
  var listsViolations = false

  /// What a post says without a campaign.
  func frame(campaign: String = "", isAll: Bool = false) throws -> ReportContext {
    var context = ReportContext()
    context.project.name = project
    context.project.url = configuration.configuration.repositoryURL ?? ""
    context.footer = try footer()
    context.footer.campaign = campaign
    context.footer.isAll = isAll
    return context
  }

  /// Everything the post says of a campaign but the lead's own words, which are rendered with it.
  func context(of definition: Campaign) throws -> ReportContext {
    let campaign = try CampaignView(definition, in: view)
    let settings = configuration.configuration
    let headline = try HeadlineContext(campaign)
    let work = WorkContext(
      campaign: campaign,
      baseline: headline.baseline,
      configuration: settings
    )
    let evidence = try EvidenceContext(
      campaign,
      headline: headline,
      configuration: settings,
      project: project
    )
    var context = try frame(campaign: definition.id)
    context.campaign = try headline.headline(settings)
    context.campaign.doubt = try evidence.doubt() ?? ""
    context.campaign.status.overridden = try evidence.statusOverride()
    context.statement = headline.statementContext()
    context.priorities = try work.priorities()
    let rollUp = RollUpContext(campaigns: [campaign], starts: [headline.baseline.point])
    context.owners = try rollUp.owners(configuration.ownerRules)
    context.oldest = try rollUp.oldest(limit: ReportLimits().oldest)
    if listsViolations {
      let list = OpenListContext(
        campaign: campaign,
        owners: configuration.ownerRules,
        links: settings.repositoryURL.map(RepositoryLinks.init)
      )
      context.violations = try list.violations(limit: ReportLimits().violations)
      context.moreViolations.count = context.campaign.open - context.violations.count
    }
    let commits = try work.commits(atMost: ReportLimits().commits)
    context.commits = commits.commits
    context.moreCommits.count = commits.more
    context.moreCommits.violations = commits.moreClosed
    context.nextSteps = try work.nextSteps(atMost: ReportLimits().nextSteps)
    context.tests = try evidence.tests()
    context.components = try evidence.components()
    context.metrics = evidence.metrics()
    context.criteria.items = try evidence.criteria()
    context.waivers.items = try evidence.waivers()
    context.suppressions = try evidence.suppressions()
    context.attestations.items = try evidence.attestations()
    context.lanes = try evidence.lanes()
    let balances = try headline.balances(priorities: context.priorities.count)
    context.trend = headline.trend(balances)
    context.weeks = try WeekContext(campaign: campaign, baseline: headline.baseline)
      .weeks(balances)
    context.forecast =
      ForecastContext(
        campaign: definition,
        open: context.campaign.open,
        weeks: context.weeks,
        project: project,
        asOf: view.asOf
      ).context()
    context.since = try SinceContext(
      campaign: campaign,
      configuration: configuration,
      project: project,
      template: template,
      baseline: headline.baseline
    ).context(criteria: context.criteria.items)
    context.warnings = try warnings(campaign, headline.baseline)
    return context
  }

  /// A post about every campaign: what they have together, and a report for each.
  func context(ofAll definitions: [Campaign]) throws -> ReportContext {
    if definitions.isEmpty { throw WorkspaceError.noCampaign }
    var context = try frame(isAll: true)
    context.campaigns = try definitions.map { try self.context(of: $0) }
    // What is to be said of the ledger is said with the first of them.
    let said = Set(context.campaigns.first?.warnings ?? [])
      .intersection(try view.remarks(on: view.lanes) + view.remarks(on: []))
    for index in context.campaigns.indices.dropFirst() {
      context.campaigns[index].warnings.removeAll { said.contains($0) }
    }
    let campaigns = try definitions.map { try CampaignView($0, in: view) }
    let rollUp = RollUpContext(
      campaigns: campaigns,
      starts: try campaigns.map { try $0.baseline().point }
    )
    context.owners = try rollUp.owners(configuration.ownerRules)
    context.oldest = try rollUp.oldest(limit: ReportLimits().oldest)
    // They are given for the project, so every campaign has the same.
    context.attestations = context.campaigns.first?.attestations ?? context.attestations
    return context
  }

  /// What was noticed at scans since the baseline, and definitions that changed since.
  private func warnings(
    _ campaign: CampaignView,
    _ baseline: ResolvedBaseline
  ) throws -> [String] {
    let start = baseline.point?.time ?? Timestamp(seconds: 0)
    var result = try view.remarks(on: campaign.lanes)
    for lane in campaign.lanes {
      var times: [Int: Timestamp] = [:]
      for position in lane.positions { times[position.index] = position.time }
      result += lane.warnings.compactMap { warning in
        (times[warning.position] ?? start) >= start && times[warning.position] != nil
          ? warning.text : nil
      }
      let offLine = lane.positions.count { !$0.onLine }
      if offLine > 0 {
        result.append(
          "\(offLine) scanned \(offLine == 1 ? "commit is" : "commits are") not on the line of "
            + "\(lane.lane) any more and left out"
        )
      }
    }
    let lost = Set(view.waivers.unresolved.map(\.waiver)).count
    if lost > 0 { result.append(WaiverBook.lostWarning(lost)) }
    let redefinitions = Redefinitions(
      view: view,
      project: project,
      configuration: configuration
    )
    return try result
      + redefinitions.sentences(of: campaign.campaign, since: start, until: view.asOf)
  }

  private func footer() throws -> ReportContext.Footer {
    var footer = ReportContext.Footer()
    footer.asOf = view.asOf.iso8601
    footer.knownAt = view.knownAt.map { Wording.counted($0, "entry", "entries") } ?? ""
    footer.entries = try view.reader.size()
    footer.root = try view.reader.root().description
    footer.configDigest = configuration.digest.description
    footer.configAsOf = configuration.chosenFor?.iso8601 ?? ""
    let then = try LoadedConfiguration.fact(
      view.reader,
      project: project,
      at: view.asOf,
      besides: view.strangeCommits
    )
    if let then {
      let files = try LoadedConfiguration.files(of: then, view.reader)
      let digest = LoadedConfiguration.digest(of: files).description
      if digest != footer.configDigest { footer.configThenDigest = digest }
    }
    footer.template = template
    footer.templateDigest = templateDigest
    footer.generator = "tally \(TallyVersion.text)"
    if let claims {
      // What was asked for, and with what version, is only known from the post.
      footer.knownAt = claims.knownAt
      footer.generator = claims.generator
    }
    return footer
  }

  /// The lead's own words about a campaign, rendered with everything else that is said of it.
  func narrative(
    _ campaign: Campaign,
    _ document: ContextDocument
  ) throws -> ReportContext.Narrative {
    var result = ReportContext.Narrative()
    for partial in campaign.narrative {
      guard let text = configuration.text(of: partial.path) else {
        throw WorkspaceError.missingPartial(partial.path)
      }
      let rendered = try renderer.renderNarrative(text, file: partial.path, document)
      switch partial.part {
      case .fiveWhys: result.fiveWhys = rendered
      case .business: result.business = rendered
      case .assessment: result.assessment = rendered
      case .recommendation: result.recommendation = rendered
      case .nextSteps: result.nextSteps = rendered
      }
    }
    result.derive()
    return result
  }
}
