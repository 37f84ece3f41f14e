import TallyGit
public import TallyModel
import TallyReport

/// Which template to write to a file, to be changed there.
public struct TemplateExportRequest: Sendable {
  /// The template's name.
  public var name: String
  /// The folder; nil for the one that `tally.yml` names, else `tally/templates`.
  public var folder: String?
  /// Whether the partials it includes are written, too.
  public var withPartials: Bool
  /// Whether files that are there are replaced.
  public var replaces: Bool

  /// Creates a request.
  public init(
    name: String,
    folder: String? = nil,
    withPartials: Bool = false,
    replaces: Bool = false
  ) {
    self.name = name
    self.folder = folder
    self.withPartials = withPartials
    self.replaces = replaces
  }
}

/// What was written.
public struct TemplateExportAnswer: CommandAnswer {
  /// The form of this answer.
  public var version = 1
  /// The files, as they would be typed.
  public var files: [String]
  /// What to do next; nil where nothing is left to do.
  public var next: String?
  /// Sentences worth a person's attention.
  public var warnings: [String] = []

  /// A line a file, and what to do next.
  public func text(_ style: TextStyle) -> String {
    files.map { "wrote \(VisibleText.line($0))\n" }.joined() + (next.map { $0 + "\n" } ?? "")
  }
}

/// Why a template is not written.
public enum TemplateExportError: UserFacingError, Hashable {
  /// The context itself is no template.
  case isData

  /// What scripts match on.
  public var code: String { "template.is-data" }

  /// The sentence.
  public var description: String { "'json' is the context itself, and has no text to change" }

  /// What to do about it.
  public var hint: String? { "'tally templates list' shows the others" }
}

extension Workspace {
  /// Writes the text of a template to the team's folder, where it replaces the one it came from.
  ///
  /// - Throws: `TemplateError`, ``TemplateExportError``, ``StartError`` where a file is there or can't be written.
  public func exportTemplate(_ request: TemplateExportRequest) throws -> TemplateExportAnswer {
    let set = (configurationFile ?? .none).templateSet
    if set.isData(request.name) { throw TemplateExportError.isData }
    let template = try set.template(named: request.name)
    let parts = request.withPartials ? set.partials(includedBy: template) : []
    let base = configurationFile?.folder ?? repository?.root ?? folder
    let configured = configurationFile?.configuration.templates
    let target =
      request.folder.map(absolute)
      ?? Self.absolute(configured ?? "tally/templates", in: base)
    let files = ([template] + parts).map { template in
      let path = "\(target)/\(template.name)"
      return (
        file: NewFile(
          top: repository?.root ?? folder,
          path: path,
          name: Self.relative(path, to: folder)
        ), text: template.text
      )
    }
    if !request.replaces, let there = files.first(where: { $0.file.exists }) {
      throw StartError.exists(path: there.file.name)
    }
    for (file, text) in files { try file.write(text, replacing: request.replaces) }
    var answer = TemplateExportAnswer(files: files.map(\.file.name))
    let isUsed = configured.map { Self.absolute($0, in: base) == target } ?? false
    if !isUsed {
      let place = Self.relative(target, to: base)
      let named = place.hasPrefix(base + "/") ? String(place.dropFirst(base.count + 1)) : place
      answer.next = "to use it, say 'templates: \(VisibleText.line(named))' in tally.yml"
    }
    return answer
  }
}
