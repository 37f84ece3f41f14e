import Mustache

/// Turns a context into text by a template.
///
/// A pure function of the templates and the context's JSON form, so that a context printed by `--context` and read back by `--from-context`
/// gives the same bytes. A template is rendered once: `{{` in data stays text.
public struct Renderer: Sendable {
  /// The templates to choose from.
  public let templates: TemplateSet
  private let prepared: PreparedTemplate?

  /// Creates a renderer.
  public init(templates: TemplateSet) {
    self.templates = templates
    prepared = nil
  }

  /// Creates a renderer that begins to read a template at once, beside whatever its caller goes on to do.
  ///
  /// - Parameters:
  ///   - templates: the templates to choose from.
  ///   - name: the one that will be rendered.
  ///   - hasNarrative: whether the lead's own Markdown will be rendered before it.
  /// - Throws: ``TemplateError/unknownTemplate(name:suggestion:)`` when there is no such template.
  public init(
    templates: TemplateSet,
    preparing name: String,
    hasNarrative: Bool
  ) throws(TemplateError) {
    self.templates = templates
    let isData = templates.isData(name)
    let template =
      isData ? nil : PreparedTemplate(try templates.template(named: name), in: templates)
    prepared = template
    Task.detached {
      if hasNarrative { _ = ContextSchema.report }
      _ = try? template?.library()
    }
  }

  /// Renders a context, deriving it first.
  ///
  /// - Throws: ``TemplateError`` as ``render(_:json:)`` does.
  public func render(_ name: String, context: ReportContext) throws(TemplateError) -> String {
    try render(name, ContextDocument(of: context))
  }

  /// Renders a context in its JSON form.
  ///
  /// Names that the document lacks are empty; names that no version knows are ignored. The text ends with one line break.
  ///
  /// - Throws: ``TemplateError`` when there is no such template, when it or a partial is wrong, or when the document isn't a context of
  ///   this version.
  public func render(_ name: String, json: JSONValue) throws(TemplateError) -> String {
    try render(name, ContextDocument(reading: json))
  }

  /// Renders a context that is a document already.
  ///
  /// - Throws: ``TemplateError`` when there is no such template, or when it or a partial is wrong.
  public func render(_ name: String, _ document: ContextDocument) throws(TemplateError) -> String {
    if templates.isData(name) { return document.json.formatted() }
    return try render(templates.template(named: name), in: templates, document)
  }

  /// Renders the lead's own Markdown with the same context; the result is trusted and goes into ``ReportContext/Narrative``.
  ///
  /// - Parameters:
  ///   - text: Markdown with tags.
  ///   - file: where it is kept, for messages.
  ///   - document: the context.
  /// - Returns: the text without empty lines at its beginning and end.
  /// - Throws: ``TemplateError`` when the text has something wrong; it names the file, line and column.
  public func renderNarrative(
    _ text: String,
    file: String,
    _ document: ContextDocument
  ) throws(TemplateError) -> String {
    let name = ContentType(fileName: file) == .markdown ? file : file + ".md"
    let set = templates.adding(name, text)
    let rendered = try render(set.template(named: name), in: set, document)
    return Renderer.trimmingLines(rendered)
  }

  private func render(
    _ template: TemplateSet.Template,
    in set: TemplateSet,
    _ document: ContextDocument
  ) throws(TemplateError) -> String {
    let known = prepared.flatMap { $0.template == template ? $0 : nil }
    let library = try (known ?? PreparedTemplate(template, in: set)).library()
    let value = MustacheBridge.value(document.json)
    let text = library.render(value, withTemplate: template.name) ?? ""
    return Renderer.trimmingLines(text) + "\n"
  }

  /// What swift-mustache refuses though our scan took it.
  static func problem(
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
  static func trimmingLines(_ text: String) -> String {
    // By bytes: a page of thousands of rows is not taken apart for its edges.
    let (space, newline) = (UInt8(ascii: " "), UInt8(ascii: "\n"))
    let bytes = text.utf8
    var (start, end) = (bytes.startIndex, bytes.endIndex)
    var index = start
    while index < bytes.endIndex, bytes[index] == space || bytes[index] == newline {
      let isEnd = bytes[index] == newline
      index = bytes.index(after: index)
      if isEnd { start = index }
    }
    if index == bytes.endIndex { return "" }
    index = end
    while index > start {
      let before = bytes.index(before: index)
      if bytes[before] == newline {
        if before > start, bytes[bytes.index(before: before)] == UInt8(ascii: "\r") { break }
        end = before
      } else if bytes[before] != space {
        break
      }
      index = before
    }
    return String(text[start..<end])
  }
}
