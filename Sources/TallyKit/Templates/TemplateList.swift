import TallyModel
import TallyReport
import TallyTemplates

/// Every template that a report can use.
public struct TemplateListAnswer: CommandAnswer {
  /// One template.
  public struct Template: Codable, Sendable, Hashable {
    /// The file's name relative to its folder, such as `weekly.md`.
    public var name: String
    /// `report`, `partial`, or `data` for the context itself.
    public var kind: String
    /// `built-in` or `own`.
    public var origin: String
    /// True for a team's own that stands in for a built-in one.
    public var replaces: Bool
    /// The file, relative to the folder of `tally.yml`; nil for a built-in one.
    public var file: String?
    /// What it is for, of a built-in one; nil for a team's own.
    public var about: String?
  }

  /// The form of this answer.
  public var version = 1
  /// Reports first, then partials; sorted by name.
  public var templates: [Template]

  /// A table.
  public func text(_ style: TextStyle) -> String {
    var table = TextTable(columns: [
      .init("Template", minimum: 12), .init("Kind"), .init("Origin"), .init("", minimum: 20),
    ])
    for template in templates {
      let note = template.about ?? (template.replaces ? "replaces the built-in one" : "")
      table.add([
        .init(template.name, .bold), .init(template.kind), .init(template.file ?? template.origin),
        .init(note, .dim),
      ])
    }
    return table.rendered(width: style.columns, colour: style.colour)
  }
}

/// One template with its text.
public struct TemplateTextAnswer: CommandAnswer {
  /// The form of this answer.
  public var version = 1
  /// The file's name relative to its folder.
  public var name: String
  /// `built-in` or `own`.
  public var origin: String
  /// The text.
  public var source: String

  /// The text as it is.
  public func text(_ style: TextStyle) -> String {
    source.hasSuffix("\n") || source.isEmpty ? source : source + "\n"
  }
}

extension Workspace {
  /// Lists every template: the built-in ones and the team's own.
  ///
  /// - Throws: ``WorkspaceError``, ``ConfigurationError``.
  public func templates() throws -> TemplateListAnswer {
    let set = (configurationFile ?? .none).templateSet
    var items = set.all.map { template in
      TemplateListAnswer.Template(
        name: template.name,
        kind: template.name.hasPrefix("partials/") ? "partial" : "report",
        origin: template.isBuiltIn ? "built-in" : "own",
        replaces: !template.isBuiltIn && BuiltinTemplates.all.contains { $0.name == template.name },
        file: template.isBuiltIn ? nil : template.file,
        about: template.isBuiltIn ? Self.about(template.name) : nil
      )
    }
    if set.isData(TemplateSet.dataName) {
      items.append(
        TemplateListAnswer.Template(
          name: TemplateSet.dataName,
          kind: "data",
          origin: "built-in",
          replaces: false,
          about: "the context itself, as --context prints it"
        )
      )
    }
    let reports = items.filter { $0.kind != "partial" }.sorted { $0.name < $1.name }
    return TemplateListAnswer(templates: reports + items.filter { $0.kind == "partial" })
  }

  /// The text of a template; a partial is named with its folder, `partials/footer.md`.
  ///
  /// - Throws: `TemplateError`.
  public func template(named name: String) throws -> TemplateTextAnswer {
    let template = try (configurationFile ?? .none).templateSet.template(named: name)
    return TemplateTextAnswer(
      name: template.name,
      origin: template.isBuiltIn ? "built-in" : "own",
      source: template.text
    )
  }

  /// What a built-in template is for; a partial of several formats is the same in each.
  static func about(_ name: String) -> String? {
    about[name] ?? parts[TemplateSet.stem(name)]
  }

  private static let parts = [
    "partials/campaign.slack": "a campaign in a few lines",
    "partials/change-item": "one violation that a change adds or removes",
    "partials/changes": "what changed since the last post and since the baseline",
    "partials/commits": "the commits and what each closed",
    "partials/compliance": "statement, criteria and accepted risks of a campaign",
    "partials/compliance-summary": "what auditors read first of a campaign",
    "partials/criteria": "the checklist with its evidence",
    "partials/evidence": "the lanes that the numbers come from",
    "partials/footer": "time, journal, digests",
    "partials/forecast": "when the target is reached, and how sure that is",
    "partials/headline": "title, baseline and balance, status, warnings",
    "partials/integrity": "whether the ledger was found whole",
    "partials/next-steps": "where most violations can be closed next",
    "partials/open-list": "every open violation of one campaign",
    "partials/owners": "what is open by owner",
    "partials/post": "the status post of one campaign, part by part",
    "partials/remaining": "what is left, by priority",
    "partials/set-aside": "waivers and suppressions",
    "partials/signed-off": "what people signed off",
    "partials/since": "what changed since the last post",
    "partials/statement": "the account from the baseline to now",
    "partials/style": "the style of the page",
    "partials/system": "components and measurements",
    "partials/tests": "what the tests say, and what became of them",
    "partials/week": "a campaign in a few lines",
  ]

  private static let about = [
    "pull-request.md": "what a commit adds and removes beside its base branch",
    "release-compliance.md": "statement, accepted risks and verification, for auditors",
    "slack.txt": "a few lines for a channel",
    "status-update.html": "the status post as one page, for mail and print",
    "status-update.md": "the status post of a campaign",
    "violations.html": "every open violation as one page",
    "weekly.md": "the short post",
  ]
}
