import TallyBooks
import TallyLedger
import TallyModel
import TallyReport
import TallyTemplates

/// Which post to write.
public struct ReportRequest: Sendable {
  /// The template's name.
  public var template: String
  /// The campaign's id; nil for the only one.
  public var campaign: String?
  /// Which time.
  public var time: TimeRequest

  /// Creates a request.
  public init(template: String, campaign: String? = nil, time: TimeRequest = TimeRequest()) {
    self.template = template
    self.campaign = campaign
    self.time = time
  }
}

/// A post before it is rendered: its data, and the template that was chosen.
public struct ReportDraft: Sendable {
  private let json: JSONValue
  private let renderer: Renderer
  private let template: String
  private let context: ReportContext

  init(context: ReportContext, renderer: Renderer, template: String) throws {
    var derived = context
    derived.derive()
    self.context = derived
    json = try Renderer.json(of: context)
    self.renderer = renderer
    self.template = template
  }

  /// The data as JSON, ending in a newline.
  public var contextJSON: String {
    let text = json.formatted()
    return text.hasSuffix("\n") ? text : text + "\n"
  }

  /// The balance since the baseline as a picture: SVG with title, description, light and dark.
  public var burnDown: String { BurnDown(context: context).svg }

  /// The post, ending in a newline.
  ///
  /// - Throws: `TemplateError`.
  public func rendered() throws -> String { try renderer.render(template, json: json) }
}

extension Workspace {
  /// Gathers what a post says.
  ///
  /// The ledger is opened read-only.
  ///
  /// - Throws: ``WorkspaceError``, ``TimeError``, `LedgerError`, `TemplateError`.
  public func report(_ request: ReportRequest) async throws -> ReportDraft {
    try await read(request.time) { view, configuration in
      let campaign = try CampaignView(
        configuration.campaign(orOnly: request.campaign),
        in: view
      )
      let renderer = Renderer(templates: configuration.templateSet)
      let context = try ContextBuilder(
        campaign: campaign,
        configuration: configuration,
        project: try project(in: view.reader),
        renderer: renderer
      ).context()
      return try ReportDraft(context: context, renderer: renderer, template: request.template)
    }
  }

  /// Renders data that a report printed earlier; no ledger is read.
  ///
  /// - Throws: `JSONError`, `TemplateError`.
  ///
  /// `source` is what errors call the data.
  public func render(
    template: String,
    contextJSON bytes: [UInt8],
    source: String = "the context"
  ) throws -> String {
    let json = try JSONValue(parsing: String(decoding: bytes, as: UTF8.self), source: source)
    let set = (configurationFile ?? LoadedConfiguration.none).templateSet
    return try Renderer(templates: set).render(template, json: json)
  }
}

extension LoadedConfiguration {
  /// The built-in templates with the team's own over them.
  var templateSet: TemplateSet {
    TemplateSet(
      builtIn: BuiltinTemplates.all,
      own: templates,
      folder: configuration.templates ?? ""
    )
  }
}

/// Puts the parts of a post together.
struct ContextBuilder {
  let campaign: CampaignView
  let configuration: LoadedConfiguration
  let project: String
  let renderer: Renderer

  /// Everything the post says, narrative included.
  func context() throws -> ReportContext {
    let view = campaign.view
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
    var context = ReportContext()
    context.project.name = project
    context.project.url = settings.repositoryURL ?? ""
    context.campaign = try headline.headline(settings)
    context.statement = headline.statementContext()
    context.priorities = try work.priorities()
    context.commits = try work.commits()
    context.nextSteps = work.nextSteps()
    context.tests = try evidence.tests()
    context.components = try evidence.components()
    context.metrics = evidence.metrics()
    context.criteria.items = try evidence.criteria()
    context.waivers.items = try evidence.waivers()
    context.suppressions = evidence.suppressions()
    context.lanes = evidence.lanes()
    context.trend = headline.trend(priorities: context.priorities.map(\.id))
    context.warnings = try warnings(headline.baseline)
    context.footer = try footer(view)
    context.narrative = try narrative(context)
    return context
  }

  /// What was noticed at scans since the baseline, and definitions that changed since.
  private func warnings(_ baseline: ResolvedBaseline) throws -> [String] {
    let start = baseline.point?.time ?? Timestamp(seconds: 0)
    var result: [String] = []
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
    let lost = Set(campaign.view.waivers.unresolved.map(\.waiver)).count
    if lost > 0 { result.append(WaiverBook.lostWarning(lost)) }
    let redefinitions = Redefinitions(
      view: campaign.view,
      project: project,
      configuration: configuration
    )
    return try result
      + redefinitions.sentences(of: campaign.campaign, since: start, until: campaign.view.asOf)
  }

  private func footer(_ view: BooksView) throws -> ReportContext.Footer {
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
    footer.templateDigest = StoredFormat.digest(renderer.templates.digestInput).description
    footer.generator = "tally \(TallyVersion.text)"
    return footer
  }

  /// The lead's own Markdown, rendered with the rest.
  private func narrative(_ context: ReportContext) throws -> ReportContext.Narrative {
    let json = try Renderer.json(of: context)
    var result = ReportContext.Narrative()
    for partial in campaign.campaign.narrative {
      guard let text = configuration.text(of: partial.path) else {
        throw WorkspaceError.missingPartial(partial.path)
      }
      let rendered = try renderer.renderNarrative(text, file: partial.path, json: json)
      switch partial.part {
      case .fiveWhys: result.fiveWhys = rendered
      case .business: result.business = rendered
      case .assessment: result.assessment = rendered
      case .recommendation: result.recommendation = rendered
      case .nextSteps: result.nextSteps = rendered
      }
    }
    return result
  }
}
