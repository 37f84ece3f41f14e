import Mustache

/// A rendered text of which is known which name of the context each part came from.
public struct TracedText: Sendable, Hashable {
  /// A part that one name gave.
  public struct Span: Sendable, Hashable {
    /// From where to where, in bytes of UTF-8.
    public let range: Range<Int>
    /// The name with its places in lists, from 0: `priorities[1].count_text`.
    public let name: String
  }

  /// The text, as it is rendered without tracing.
  public let text: String
  /// The parts, sorted by beginning, outer ones before inner ones.
  public let spans: [Span]

  init(text: String, spans: [Span]) {
    self.text = text
    self.spans = spans.sorted {
      ($0.range.lowerBound, -$0.range.upperBound) < ($1.range.lowerBound, -$1.range.upperBound)
    }
  }

  /// The parts that hold a place, outermost first.
  public func spans(at offset: Int) -> [Span] { spans.filter { $0.range.contains(offset) } }

  /// The same with something in front of every name.
  public func naming(_ base: String) -> TracedText {
    if base.isEmpty { return self }
    return TracedText(
      text: text,
      spans: spans.map { Span(range: $0.range, name: base + $0.name) }
    )
  }

  /// The text with the parts of others where a name of theirs stands in it as it is.
  func inserting(_ others: [String: TracedText]) -> TracedText {
    let bytes = Array(text.utf8)
    var result = spans
    for span in spans {
      guard let inner = others[span.name], bytes[span.range].elementsEqual(inner.text.utf8) else {
        continue
      }
      result += inner.spans.map { $0.moved(by: span.range.lowerBound) }
    }
    return TracedText(text: text, spans: result)
  }
}

extension TracedText.Span {
  fileprivate func moved(by distance: Int) -> TracedText.Span {
    TracedText.Span(
      range: range.lowerBound + distance..<range.upperBound + distance,
      name: name
    )
  }
}

extension Renderer {
  /// Renders a context, and tells where each part of the text comes from.
  ///
  /// - Parameters:
  ///   - name: the template.
  ///   - document: the context.
  ///   - narrative: the lead's own words as ``tracedNarrative(_:file:_:)`` gives them, by their names in the context.
  /// - Returns: the text that ``render(_:_:)`` gives, with its parts.
  /// - Throws: ``TemplateError`` as ``render(_:_:)`` does.
  public func traced(
    _ name: String,
    _ document: ContextDocument,
    narrative: [String: TracedText] = [:]
  ) throws(TemplateError) -> TracedText {
    let template = try templates.template(named: name)
    let (text, names) = try marked(template, in: templates, document)
    return TraceMarks.read(text, names: names).inserting(narrative)
  }

  /// Renders the lead's own Markdown, and tells where each part of it comes from.
  ///
  /// - Returns: what ``renderNarrative(_:file:_:)`` gives and the HTML that ``ReportContext/Narrative`` makes of it, with their parts.
  /// - Throws: ``TemplateError`` when the text has something wrong.
  public func tracedNarrative(
    _ text: String,
    file: String,
    _ document: ContextDocument
  ) throws(TemplateError) -> (markdown: TracedText, html: TracedText) {
    let name = ContentType(fileName: file) == .markdown ? file : file + ".md"
    let set = templates.adding(name, text)
    let (rendered, names) = try marked(set.template(named: name), in: set, document)
    let inner = Renderer.trimmingLines(rendered)
    return (
      TraceMarks.read(inner, names: names),
      TraceMarks.read(TraceMarks.keeping(inner, MarkdownPage.html), names: names)
    )
  }

  /// The text with marks around every value that holds a digit, and the names the marks stand for.
  private func marked(
    _ template: TemplateSet.Template,
    in set: TemplateSet,
    _ document: ContextDocument
  ) throws(TemplateError) -> (text: String, names: [String]) {
    let problems = TemplateChecker.problems(of: template, in: set, schema: .report)
    if !problems.isEmpty { throw .invalid(problems) }
    var names: [String] = []
    let value = MustacheBridge.tracedValue(document.json, name: "", &names)
    let library: MustacheLibrary
    do {
      library = try MustacheBridge.library(for: template, in: set, isTraced: true)
    } catch {
      throw .invalid([Renderer.problem(template, error)])
    }
    let text = library.render(value, withTemplate: template.name) ?? ""
    return (Renderer.trimmingLines(text) + "\n", names)
  }
}
