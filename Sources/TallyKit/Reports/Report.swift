import TallyGit
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
  /// True for every campaign of `tally.yml` in one post.
  public var all: Bool
  /// Which time.
  public var time: TimeRequest
  /// Which commit, for a template that shows what one adds and removes.
  public var change: GateRequest

  /// Creates a request.
  public init(
    template: String,
    campaign: String? = nil,
    all: Bool = false,
    time: TimeRequest = TimeRequest(),
    change: GateRequest = GateRequest()
  ) {
    self.template = template
    self.campaign = campaign
    self.all = all
    self.time = time
    self.change = change
  }
}

/// A post before it is rendered: its data, and the template that was chosen.
public struct ReportDraft: Sendable {
  private let json: JSONValue
  private let renderer: Renderer
  private let template: String
  private let context: ReportContext
  /// The template's full name.
  let name: String

  init(
    context: ReportContext,
    limits: ReportLimits,
    renderer: Renderer,
    template: String,
    name: String
  ) throws {
    self.name = name
    var derived = context
    derived.derive(limits: limits)
    self.context = derived
    json = try Renderer.json(of: context, limits: limits)
    self.renderer = renderer
    self.template = template
  }

  /// The data as JSON, ending in a newline.
  public var contextJSON: String {
    let text = json.formatted()
    return text.hasSuffix("\n") ? text : text + "\n"
  }

  /// The facts of each campaign that the post is about.
  var campaigns: [ReportContext] {
    if context.hasCampaigns { return context.campaigns }
    return context.campaign.id.isEmpty ? [] : [context]
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
  /// - Throws: ``WorkspaceError``, ``TimeError``, ``ReportError``, `LedgerError`, `TemplateError`; for a template that shows a change
  ///   what ``gate(_:)`` throws.
  public func report(_ request: ReportRequest) async throws -> ReportDraft {
    // Most posts need nothing but the books, which are read once.
    let plain = try await read(request.time) { view, configuration -> ReportDraft? in
      let needs = try self.needs(of: request, in: configuration.templateSet)
      return needs.isPlain && !request.change.namesAnything
        ? try draft(request, needs, view, configuration) : nil
    }
    if let plain { return plain }
    let needs = try self.needs(of: request, in: await configuration(of: request.time).templateSet)
    let change = try await change(request, needs)
    let verification = needs.verification ? try await verify().context : nil
    return try await read(request.time) { view, configuration in
      try draft(request, needs, view, configuration, change, verification)
    }
  }

  /// What a template needs, once it is known that it can be what was asked for.
  private func needs(of request: ReportRequest, in set: TemplateSet) throws -> ReportNeeds {
    let needs = try ReportNeeds(template: request.template, in: set)
    if request.all, !needs.campaigns {
      throw ReportError.oneCampaign(template: request.template)
    }
    return needs
  }

  private func draft(
    _ request: ReportRequest,
    _ needs: ReportNeeds,
    _ view: BooksView,
    _ configuration: LoadedConfiguration,
    _ change: ChangeContext? = nil,
    _ verification: ReportContext.Verification? = nil
  ) throws -> ReportDraft {
    let renderer = Renderer(templates: configuration.templateSet)
    let builder = ContextBuilder(
      view: view,
      configuration: configuration,
      project: try project(in: view.reader),
      renderer: renderer,
      template: needs.name
    )
    var context: ReportContext
    if request.all {
      context = try builder.contextOfAll()
    } else if needs.campaign {
      context = try builder.context(of: configuration.campaign(orOnly: request.campaign))
    } else {
      context = try builder.frame()
    }
    if let change {
      context.change = change.context()
      context.warnings += change.answer.warnings
    }
    if let verification { context.verification = verification }
    return try ReportDraft(
      context: context,
      limits: needs.verification ? .forAuditors : ReportLimits(),
      renderer: renderer,
      template: request.template,
      name: needs.name
    )
  }

  /// The difference of a commit, for a template that shows one.
  private func change(_ request: ReportRequest, _ needs: ReportNeeds) async throws -> ChangeContext?
  {
    let change = request.change
    guard needs.change else {
      if change.namesAnything {
        throw ReportError.noChange(template: request.template)
      }
      return nil
    }
    if request.time != TimeRequest() { throw ReportError.changeIsNow(template: request.template) }
    let answer = try await gate(change)
    var url = configurationFile?.configuration.repositoryURL
    if url == nil { url = try await repository?.remote()?.webURL }
    return ChangeContext(answer: answer, links: url.map(RepositoryLinks.init))
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
