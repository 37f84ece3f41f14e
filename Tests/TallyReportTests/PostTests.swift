import TallyReport
import TallyTemplates
import Testing

let builtIn = TemplateSet(builtIn: BuiltinTemplates.all)

/// Pins every built-in post for each kind of campaign.
///
/// Method: a context of facts only, rendered and compared whole.
@Suite("The built-in posts")
struct PostTests {
  /// Every built-in template with every sample.
  static let cases: [(template: String, sample: String)] = builtIn.reports.flatMap { template in
    SampleContexts.all.map { (template.name, $0.name) }
  }

  private func sample(_ name: String) throws -> ReportContext {
    try #require(SampleContexts.all.first { $0.name == name }?.context)
  }

  @Test("reads as recorded", arguments: cases)
  func golden(_ template: String, _ name: String) throws {
    let text = try Renderer(templates: builtIn).render(template, context: sample(name))
    let ending = template.split(separator: ".").last.map(String.init) ?? ""
    let folder = template == "status-update.html" ? "status-update-html" : stem(template)
    try expectGolden(text, "\(folder)/\(name).\(ending)")
  }

  private func stem(_ name: String) -> String {
    name.split(separator: ".").first.map(String.init) ?? name
  }

  @Test("is the same from the printed context", arguments: cases)
  func fromContext(_ template: String, _ name: String) throws {
    let context = try sample(name)
    let renderer = Renderer(templates: builtIn)
    let document = try ContextDocument(of: context)
    let printed = document.json.formatted()
    let read = try JSONValue(parsing: printed)
    #expect(read.formatted() == printed)
    // Nothing is missing in what is encoded, so that only what is read back has to be completed.
    #expect(try ContextDocument(reading: read) == document)
    #expect(
      try renderer.render(template, json: read) == renderer.render(template, context: context)
    )
  }

  @Test("json is the context itself")
  func data() throws {
    let context = try sample("full")
    let renderer = Renderer(templates: builtIn)
    #expect(
      try renderer.render("json", context: context) == ContextDocument(of: context).json.formatted()
    )
    let own = TemplateSet(builtIn: BuiltinTemplates.all, own: [("json.md", "mine")])
    #expect(try Renderer(templates: own).render("json", context: context) == "mine\n")
  }

  /// What no post may hold, whatever a golden says.
  @Test("has no empty heading, no empty list, no blank lines in a row", arguments: cases)
  func tidy(_ template: String, _ name: String) throws {
    let text = try Renderer(templates: builtIn).render(template, context: sample(name))
    #expect(!text.contains("0 of 0"))
    #expect(!text.contains("\n\n\n"), "\(template) \(name)")
    let lines = text.split(separator: "\n").map(String.init)
    for (line, next) in zip(lines, lines.dropFirst() + ["#"]) {
      if template.hasSuffix(".md"), line.hasPrefix("#") {
        #expect(!next.hasPrefix("#") && next != "---", "\(template) \(name): \(line)")
      }
      if line.hasPrefix("<h2>") { #expect(!next.hasPrefix("<h2>"), "\(template) \(name): \(line)") }
      #expect(line != "<ul>" && line != "<ol>" || next.hasPrefix("<li>"), "\(template) \(name)")
    }
    for word in ["1 violations", "1 commits", "1 days", "1 tests", " 1 are ", "1 have"] {
      let found = text.ranges(of: word).filter { range in
        let before = text[..<range.lowerBound].last
        return before.map { !$0.isNumber && $0 != "," } ?? true
      }
      #expect(found.isEmpty, "\(template) \(name): \(word)")
    }
  }

  @Test("a list of every violation is long, and ends somewhere")
  func open() throws {
    var context = SampleContexts.veryLarge
    context.moreViolations = .init()
    context.violations = (0..<12_000).map { index in
      SampleContexts.open("T-\(100_000 + index)", "P1", "src/m\(index / 5).c", index)
    }
    let text = try Renderer(templates: builtIn).render("violations", context: context)
    #expect(text.ranges(of: "<tr><td><code>T-").count == 10_000)
    #expect(text.contains("<p>… and 2,000 more.</p>"))
    #expect(text.ranges(of: "<tr><th colspan").count == 1)
  }

  @Test("stays short however large the campaign is", arguments: builtIn.reports.map(\.name))
  func short(_ template: String) throws {
    let text = try Renderer(templates: builtIn)
      .render(template, context: SampleContexts.veryLarge)
    #expect(text.utf8.count < (template.hasSuffix(".html") ? 60_000 : 10_000))
  }
}
