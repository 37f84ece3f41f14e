import Mustache

/// Turns a context into text by a template.
///
/// A pure function of the templates and the context's JSON form, so that a context printed by `--context` and read back by `--from-context`
/// gives the same bytes. A template is rendered once: `{{` in data stays text.
public struct Renderer: Sendable {
  /// The templates to choose from.
  public let templates: TemplateSet

  /// Creates a renderer.
  public init(templates: TemplateSet) { self.templates = templates }

  /// Renders a context, deriving it first.
  ///
  /// - Throws: ``TemplateError`` as ``render(_:json:)`` does.
  public func render(_ name: String, context: ReportContext) throws(TemplateError) -> String {
    try render(name, json: Renderer.json(of: context))
  }

  /// Renders a context in its JSON form.
  ///
  /// Names that the document lacks are empty; names that no version knows are ignored. The text ends with one line break.
  ///
  /// - Throws: ``TemplateError`` when there is no such template, when it or a partial is wrong, or when the document isn't a context of
  ///   this version.
  public func render(_ name: String, json: JSONValue) throws(TemplateError) -> String {
    if templates.isData(name) { return try ContextReader.complete(json).formatted() }
    let template = try templates.template(named: name)
    return try render(template, in: templates, json: json)
  }

  /// Renders the lead's own Markdown with the same context; the result is trusted and goes into ``ReportContext/Narrative``.
  ///
  /// - Parameters:
  ///   - text: Markdown with tags.
  ///   - file: where it is kept, for messages.
  ///   - json: the context in its JSON form.
  /// - Returns: the text without empty lines at its beginning and end.
  /// - Throws: ``TemplateError`` when the text has something wrong; it names the file, line and column.
  public func renderNarrative(
    _ text: String,
    file: String,
    json: JSONValue
  ) throws(TemplateError) -> String {
    let name = ContentType(fileName: file) == .markdown ? file : file + ".md"
    let set = templates.adding(name, text)
    let rendered = try render(set.template(named: name), in: set, json: json)
    return Renderer.trimmingLines(rendered)
  }

  /// The JSON form of a context.
  ///
  /// - Throws: ``TemplateError/invalidContext(reason:)``; only a mistake in this package can cause it.
  public static func json(
    of context: ReportContext,
    limits: ReportLimits = ReportLimits()
  ) throws(TemplateError) -> JSONValue {
    do {
      return try context.json(limits: limits)
    } catch {
      throw .invalidContext(reason: "\(error)")
    }
  }

  private func render(
    _ template: TemplateSet.Template,
    in set: TemplateSet,
    json: JSONValue
  ) throws(TemplateError) -> String {
    let problems = TemplateChecker.problems(of: template, in: set, schema: .report)
    if !problems.isEmpty { throw .invalid(problems) }
    let complete = try ContextReader.complete(json)
    let library: MustacheLibrary
    do {
      library = try MustacheBridge.library(for: template, in: set)
    } catch {
      throw .invalid([Renderer.problem(template, error)])
    }
    let text = library.render(MustacheBridge.value(complete), withTemplate: template.name) ?? ""
    return Renderer.trimmingLines(text) + "\n"
  }

  /// What swift-mustache refuses though our scan took it.
  private static func problem(
    _ template: TemplateSet.Template,
    _ error: any Error
  ) -> TemplateProblem {
    TemplateProblem(
      kind: .syntax,
      file: template.file,
      line: 1,
      column: 1,
      reason: "it can't be parsed: \(error)",
      suggestion: nil
    )
  }

  /// The text without empty lines at its beginning and end.
  private static func trimmingLines(_ text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    while let first = lines.first, first.allSatisfy({ $0 == " " }) { lines.removeFirst() }
    while let last = lines.last, last.allSatisfy({ $0 == " " }) { lines.removeLast() }
    return lines.joined(separator: "\n")
  }
}

/// Checks a document against the schema and completes it, so that a missing name is empty instead of being looked up further out.
enum ContextReader {
  /// The complete document.
  static func complete(_ json: JSONValue) throws(TemplateError) -> JSONValue {
    guard case .object = json else {
      throw .invalidContext(reason: "the document is not an object")
    }
    guard json["version"] == .int(ReportContext.currentVersion) else {
      throw .invalidContext(
        reason: "its version is not \(ReportContext.currentVersion), the one this program knows"
      )
    }
    return try complete(json, .report, path: "")
  }

  private static func complete(
    _ json: JSONValue?,
    _ schema: ContextSchema,
    path: String
  ) throws(TemplateError) -> JSONValue {
    switch (schema, json) {
    case (.text, nil), (.text, .null): return .string("")
    case (.number, nil), (.number, .null): return .int(0)
    case (.boolean, nil), (.boolean, .null): return .bool(false)
    case (.list, nil), (.list, .null): return .array([])
    case (.text, .string), (.number, .number), (.boolean, .bool): return json ?? .null
    case (.list(let item), .array(let items)):
      var result: [JSONValue] = []
      for (index, value) in items.enumerated() {
        result.append(try complete(value, item, path: "\(path)[\(index)]"))
      }
      return .array(result)
    case (.object(let members), nil), (.object(let members), .null):
      return try object(members, [:], path: path)
    case (.object(let members), .object(let values)):
      return try object(members, values, path: path)
    default: throw .invalidContext(reason: "'\(path)' is not \(schema.kindName)")
    }
  }

  private static func object(
    _ members: [String: ContextSchema],
    _ values: [String: JSONValue],
    path: String
  ) throws(TemplateError) -> JSONValue {
    var result: [String: JSONValue] = [:]
    for (key, member) in members.sorted(by: { $0.key < $1.key }) {
      result[key] = try complete(
        values[key],
        member,
        path: path.isEmpty ? key : "\(path).\(key)"
      )
    }
    return .object(result)
  }
}
