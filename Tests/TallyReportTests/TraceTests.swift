import TallyTemplates
import Testing

@testable import TallyReport

/// Where each number of a post comes from.
///
/// Method: every built-in template with every sample; what is traced has to be what is rendered, and every word with a digit in it has to have a source.
@Suite("Traced posts")
struct TraceTests {
  private func sample(_ name: String) throws -> ReportContext {
    try #require(SampleContexts.all.first { $0.name == name }?.context)
  }

  @Test(
    "the text is the rendered one, and nothing in it is unexplained",
    arguments: PostTests.cases
  )
  func sources(_ template: String, _ name: String) throws {
    let document = try ContextDocument(of: sample(name))
    let renderer = Renderer(templates: builtIn)
    let traced = try renderer.traced(template, document)
    #expect(try traced.text == renderer.render(template, document))
    let tokens = PostToken.all(in: traced.text, form: template.hasSuffix(".html") ? .html : .text)
    let sources = traced.sources(of: tokens, in: document.json)
    #expect(tokens.count == sources.count)
    let text = Array(traced.text.utf8)
    for (token, source) in zip(tokens, sources) {
      let line = text[..<token.range.lowerBound].count { $0 == 0x0A } + 1
      let span = traced.spans(at: token.range.lowerBound).last?.name ?? "the template"
      #expect(source != nil, "\(template) \(name), line \(line): \(token.text) in \(span)")
      guard let source, source.kind == .number else { continue }
      // A number that is said to be one of the context is that number.
      let values = source.operands.compactMap { $0.number(in: document.json) }
      #expect(values.map(\.magnitude) == [UInt(token.digits) ?? .max], "\(span): \(token.text)")
    }
  }

  @Test("every word of the data is known by its name", arguments: SampleContexts.all.map(\.name))
  func data(_ name: String) throws {
    let document = try ContextDocument(of: sample(name))
    let traced = document.json.traced()
    #expect(traced.text == document.json.formatted())
    let tokens = PostToken.all(in: traced.text, form: .data)
    let sources = traced.sources(of: tokens, in: document.json)
    for (token, source) in zip(tokens, sources) {
      let span = try #require(traced.spans(at: token.range.lowerBound).last, "\(token.text)")
      #expect(source != nil, "\(name): \(token.text) in \(span.name)")
      #expect(source?.kind != .template)
      if case .number(let text)? = ContextName(span.name).value(in: document.json) {
        #expect(text.hasSuffix(token.text) && source?.kind == .number, "\(span.name)")
      }
    }
    let numbers = tokens.filter { $0.kind == .number }.count
    #expect(numbers > 50, "\(numbers)")
  }

  @Test("in data, names and escapes are not read")
  func dataTokens() {
    func words(_ text: String) -> [String] {
      PostToken.all(in: text, form: .data).map { "\($0.sign)\($0.text)" }
    }
    #expect(words("  \"p50\": 7,\n  \"b\": -12\n") == ["7", "-12"])
    #expect(words("  \"a\": \"x\\n34 open\\u0031, 5\",") == ["34", "5"])
    #expect(words("  \"a\": \"\\\": 6\",\n  \"12, 13\"") == ["6", "12", "13"])
    #expect(words("  \"a\": \"<rect x=\\\"7\\\"/>8\"") == ["8"])
    #expect(words("{\n  \"a\": [],\n  \"b\": true\n}\n\"") == [])
  }

  @Test("of every text and number of the context is said what it holds")
  func forms() {
    let silent = ContextSchema.report.paths.filter { path in
      guard ["text", "number"].contains(path.kind) else { return false }
      return !path.path.hasPrefix("campaigns[].") && NumberForms.form(of: path.path) == nil
    }
    let unknown = Set(silent.map(\.path)).subtracting([
      // Words without digits, or names that no built-in template prints.
      "version", "campaign.status.id", "campaign.status.title",
    ])
    #expect(unknown.sorted() == [], "give these a line in NumberForms")
  }

  @Test("numbers beside their causes are those of the causes, whatever else is equal")
  func causes() throws {
    var context = try sample("full")
    context.statement.linesIn = [
      .init(cause: "introduced", count: 2), .init(cause: "surfaced", count: 1),
      .init(cause: "unwaived", count: 1), .init(cause: "retired", count: 1),
    ]
    let document = try ContextDocument(of: context)
    let traced = try Renderer(templates: builtIn).traced("status-update", document)
    let tokens = PostToken.all(in: traced.text, form: .text)
    let sources = traced.sources(of: tokens, in: document.json)
    let found = zip(tokens, sources).filter { token, _ in
      traced.spans(at: token.range.lowerBound).last?.name == "campaign.other_text"
    }.map { $1?.operands.map(\.description) ?? [] }
    let lines = context.statement.linesIn.indices.dropFirst()
      .map { ["statement.lines_in[\($0)].count"] }
    #expect(found.prefix(3).elementsEqual(lines))
  }

  @Test("the lead's own words keep the names of the numbers in them")
  func narrative() throws {
    let document = try ContextDocument(of: sample("full"))
    let renderer = Renderer(templates: builtIn)
    let text = "We have **{{campaign.open}}** of {{campaign.baseline.count_text}}, and 7 of ours."
    let (markdown, html) = try renderer.tracedNarrative(text, file: "a.md", document)
    for traced in [markdown, html] {
      let tokens = PostToken.all(in: traced.text, form: .html)
      let sources = traced.sources(of: tokens, in: document.json)
      #expect(
        sources.map { $0?.operands.map(\.description) ?? [] }
          == [["campaign.open"], ["campaign.baseline.count"], []]
      )
    }
    #expect(try renderer.renderNarrative(text, file: "a.md", document) == markdown.text)
    #expect(html.text.contains("<strong>"))
  }

  @Test("marks in data act on nothing")
  func hostileMarks() throws {
    var context = try sample("full")
    context.campaign.title = "\u{FFF9}0\u{FFFA}1\u{FFFB} 5"
    context.commits[0].subject = "\u{FFFB}\u{FFF9}99999\u{FFFA} 12 \u{FFF9}"
    let document = try ContextDocument(of: context)
    let renderer = Renderer(templates: builtIn)
    for template in builtIn.reports.map(\.name) {
      let traced = try renderer.traced(template, document)
      #expect(try traced.text == renderer.render(template, document))
    }
  }

  @Test("words with digits, as a reader sees them")
  func tokens() {
    func words(_ text: String, form: PostToken.Form = .text) -> [String] {
      PostToken.all(in: text, form: form).map { "\($0.sign)\($0.text)" }
    }
    #expect(
      words("**43 → 34** (21 %), -9, +1, 99,950 and 3.5.") == [
        "43", "34", "21", "-9", "+1", "99,950", "3.5",
      ]
    )
    #expect(words("[43, 39], 1,2") == ["43", "39", "1", "2"])
    #expect(
      words("2026-11-20T08:00:00Z a1b2 src/a2.c:12 T-7K") == [
        "2026-11-20T08:00:00Z", "a1b2", "src/a2.c:12", "T-7K",
      ]
    )
    #expect(
      words("<p class=\"x9\">5 &#39;6</p><style>h1 { top: 7px }</style>8", form: .html) == [
        "5", "6", "8",
      ]
    )
    #expect(words("no digit _here_ — nowhere…") == [])
    #expect(words("7") == ["7"])
  }

  @Test("what a person types fits what stands there")
  func fits() throws {
    func fits(_ query: String, _ text: String) -> Bool {
      PostToken.all(in: text, form: .text).first?.fits(query, in: Array(text.utf8)) ?? false
    }
    #expect(fits("34", "34 open") && fits("34", "+34") && fits("34", "-34"))
    #expect(fits("-9", "-9, from") && fits("+4", "+4"))
    #expect(!fits("-9", "9") && !fits("+9", "-9") && !fits("3", "34"))
    #expect(fits("99950", "99,950") && fits("99,950", "99,950") && fits("99,950", "99950"))
    #expect(fits("21%", "21 % fewer") && fits("21 %", "21% fewer") && !fits("21%", "21 fewer"))
    #expect(fits("2026-11-20", "2026-11-20") && !fits("2026", "2026-11-20"))
    #expect(!fits("", "34"))
  }

  @Test("a footer is read back as it was written, from every kind of text")
  func footers() throws {
    var context = try sample("full")
    context.footer.entries = 12_345
    context.footer.commit = "4d3a443fc0000000000000000000000000000000"
    context.footer.branch = "feature/a-b_c"
    context.footer.base = "main"
    context.footer.configAsOf = "2026-11-01T00:00:00Z"
    context.footer.configThenDigest = String(repeating: "ab", count: 32)
    context.footer.knownAt = "12,345 entries"
    for template in builtIn.reports.map(\.name) {
      let text = try Renderer(templates: builtIn).render(template, context: context)
      let found = PostFooter.all(in: PostedText(text))
      #expect(found.count == 1, "\(template)")
      let footer = try #require(found.first?.footer)
      #expect(footer.asOf == context.footer.asOf)
      #expect(footer.entries == 12_345)
      #expect(footer.knownAt == "12,345 entries")
      #expect(footer.campaign == "redis-ssot" && !footer.isAll)
      let change = footer.change.map { [$0.commit, $0.branch, $0.base] }
      #expect(change == ["4d3a443fc000", "feature/a-b_c", "main"])
      #expect(footer.configurationDate == "2026-11-01")
      #expect(context.footer.root.hasPrefix(footer.root) && footer.root.count == 12)
      #expect(footer.template == context.footer.template)
      #expect(footer.generator == "tally 0.1.0")
    }
  }
}
