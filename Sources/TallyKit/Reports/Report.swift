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
  /// Holds a context by reference: a structure around it of this size is destroyed wrongly by Swift 6.3 without optimisation.
  private final class Facts: Sendable {
    let context: ReportContext

    init(_ context: ReportContext) { self.context = context }
  }

  /// The data.
  let document: ContextDocument
  private let renderer: Renderer
  private let template: String
  private let facts: Facts
  /// The template's full name.
  let name: String

  /// The data as facts.
  var context: ReportContext { facts.context }

  /// Derives the data and renders the lead's own words of each campaign with it.
  init(
    context: ReportContext,
    campaigns: [Campaign],
    limits: ReportLimits,
    builder: ContextBuilder,
    template: String
  ) throws {
    var derived = context
    derived.derive(limits: limits)
    var document = try ContextDocument(derived: derived)
    for (index, campaign) in campaigns.enumerated() where !campaign.narrative.isEmpty {
      try document.set(
        builder.narrative(campaign, document.campaign(index)),
        ofCampaign: index
      )
    }
    facts = Facts(derived)
    self.document = document
    self.template = template
    renderer = builder.renderer
    name = builder.template
  }

  /// True when the post is the data itself.
  public var isData: Bool { renderer.templates.isData(template) }

  /// The data as JSON, ending in a newline.
  public var contextJSON: String {
    let text = document.json.formatted()
    return text.hasSuffix("\n") ? text : text + "\n"
  }

  /// The post, with the name of the context that each part of it comes from.
  func traced(_ configuration: LoadedConfiguration) throws -> TracedText {
    var narrative: [String: TracedText] = [:]
    for (index, own) in campaigns.enumerated() {
      let id = own.context.campaign.id
      guard let campaign = configuration.configuration.campaign(id) else { continue }
      let base = context.hasCampaigns ? "campaigns[\(index)]." : ""
      var bare = own.document
      try bare.set(ReportContext.Narrative(), ofCampaign: 0)
      for partial in campaign.narrative {
        guard let text = configuration.text(of: partial.path) else { continue }
        let (markdown, html) = try renderer.tracedNarrative(
          text,
          file: partial.path,
          bare
        )
        let name = "\(base)narrative.\(partial.part.rawValue)"
        narrative[name] = markdown.naming(base)
        narrative[name + "_html"] = html.naming(base)
      }
    }
    return try renderer.traced(template, document, narrative: narrative)
  }

  /// How the post is made.
  var footer: ReportContext.Footer { context.footer }

  /// What is said of each campaign that the post is about.
  var campaigns: [(context: ReportContext, document: ContextDocument)] {
    if context.hasCampaigns {
      return context.campaigns.enumerated().map { ($1, document.campaign($0)) }
    }
    return context.campaign.id.isEmpty ? [] : [(context, document)]
  }

  /// The balance since the baseline as a picture: SVG with title, description, light and dark.
  public var burnDown: String { BurnDown(context: context).svg }

  /// The post, ending in a newline.
  ///
  /// - Throws: `TemplateError`.
  public func rendered() throws -> String { try renderer.render(template, document) }
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
  func needs(of request: ReportRequest, in set: TemplateSet) throws -> ReportNeeds {
    let needs = try ReportNeeds(template: request.template, in: set)
    if request.all, !needs.campaigns {
      throw ReportError.oneCampaign(template: request.template)
    }
    return needs
  }

  func draft(
    _ request: ReportRequest,
    _ needs: ReportNeeds,
    _ view: BooksView,
    _ configuration: LoadedConfiguration,
    _ change: ChangeContext? = nil,
    _ verification: ReportContext.Verification? = nil,
    claims: PostFooter? = nil
  ) throws -> ReportDraft {
    let renderer = try Renderer(
      templates: configuration.templateSet,
      preparing: request.template,
      hasNarrative: configuration.configuration.campaigns.contains { !$0.narrative.isEmpty }
    )
    let builder = ContextBuilder(
      view: view,
      configuration: configuration,
      project: try project(in: view.reader),
      renderer: renderer,
      template: needs.name,
      templateDigest: try configuration.templateDigest(needs.name, in: renderer.templates),
      claims: claims,
      listsViolations: needs.violations
    )
    let campaigns =
      request.all
      ? configuration.configuration.campaigns
      : needs.campaign ? [try configuration.campaign(orOnly: request.campaign)] : []
    var context: ReportContext
    if request.all {
      context = try builder.context(ofAll: campaigns)
    } else if let campaign = campaigns.first {
      context = try builder.context(of: campaign)
    } else {
      context = try builder.frame()
    }
    if let change {
      context.change = change.context()
      context.footer.commit = context.change.commit
      context.footer.branch = context.change.branch
      context.footer.base = context.change.base
      context.warnings += change.answer.warnings
    }
    if let verification { context.verification = verification }
    return try ReportDraft(
      context: context,
      campaigns: campaigns,
      limits: needs.verification ? .forAuditors : ReportLimits(),
      builder: builder,
      template: request.template
    )
  }

  /// The difference of a commit, for a template that shows one.
  func change(_ request: ReportRequest, _ needs: ReportNeeds) async throws -> ChangeContext? {
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
    let configuration = configurationFile ?? LoadedConfiguration.none
    let set = configuration.templateSet
    if set.isData(template) { return try Renderer(templates: set).render(template, json: json) }
    let name = try set.template(named: template).name
    return try Renderer(templates: set).render(
      template,
      json: json.made(with: name, digest: try configuration.templateDigest(name, in: set))
    )
  }
}

extension JSONValue {
  /// A context whose footer names the template it is rendered with, where it was made for another one.
  fileprivate func made(with template: String, digest: String) -> JSONValue {
    guard case .object(var context) = self, case .object(var footer)? = context["footer"],
      let known = footer["template"]?.text, !known.isEmpty, known != template
    else { return self }
    footer["template"] = .string(template)
    footer["template_digest"] = .string(digest)
    footer["template_short"] = .string(String(digest.prefix(12)))
    context["footer"] = .object(footer)
    return .object(context)
  }
}

extension LoadedConfiguration {
  /// The digest of a template and of the partials that it and the narrative reach, in hexadecimal digits.
  ///
  /// For the context itself it is that of its names, so that a form with other names is known from other data.
  func templateDigest(_ name: String, in set: TemplateSet) throws -> String {
    if set.isData(name) {
      let names = ContextSchema.report.paths.map { "\($0.path) \($0.kind)\n" }.joined()
      return StoredFormat.digest(Array(names.utf8)).description
    }
    let input = set.digestInput(
      of: try set.template(named: name),
      narrative: configuration.campaigns.flatMap(\.narrative).compactMap { text(of: $0.path) }
    )
    return StoredFormat.digest(input).description
  }

  /// The built-in templates with the team's own over them.
  var templateSet: TemplateSet {
    TemplateSet(
      builtIn: BuiltinTemplates.all,
      own: templates,
      folder: configuration.templates ?? ""
    )
  }
}
