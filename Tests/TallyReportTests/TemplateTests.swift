import TallyModel
import TallyReport
import TallyTemplates
import Testing

/// What a template can get wrong, and where we say it is.
@Suite("Template checks")
struct TemplateTests {
  private func problems(_ text: String, partials: [String: String] = [:]) throws -> [String] {
    let own = [("own.md", text)] + partials.map { ($0.key, $0.value) }
    let set = TemplateSet(builtIn: BuiltinTemplates.all, own: own, folder: "tally/templates")
    return try set.check("own.md").map(\.description)
  }

  @Test(
    "names file, line, column and the nearest name",
    arguments: [
      ("{{campaign.opne}}", "1:1: 'campaign' has no 'opne'; did you mean 'campaign.open'?"),
      (
        "a\nbc {{ campain.open }}",
        "2:4: the context has no 'campain.open' here; did you mean 'campaign.open'?"
      ),
      ("{{priorites}}", "1:1: the context has no 'priorites' here; did you mean 'priorities'?"),
      ("{{percent}}", "1:1: the context has no 'percent' here; did you mean 'campaign.percent'?"),
      ("{{campaign.title.x}}", "1:1: 'campaign.title' is text and holds no 'campaign.title.x'"),
      (
        "{{#priorities}}{{titel}}{{/priorities}}",
        "1:16: the context has no 'titel' here; did you mean 'title'?"
      ),
      ("{{campaign}}", "1:1: 'campaign' holds other names; print one of those"),
      ("{{priorities}}", "1:1: 'priorities' is a list; open a section with it"),
      ("{{has_commits}}", "1:1: 'has_commits' is true or false; open a section with it"),
      (
        "{{#campaign.title}}x{{/campaign.title}}",
        "1:1: 'campaign.title' is text, which is there even when empty; use a name that begins with has_ or is_"
      ),
      ("{{#has_commits}}", "1:1: section 'has_commits' is never closed"),
      ("{{/has_commits}}", "1:1: nothing named 'has_commits' is open here"),
      (
        "{{#has_lanes}}\n{{/has_commits}}",
        "2:1: 'has_commits' is closed, but 'has_lanes' of line 1 is open; did you mean 'has_lanes'?"
      ),
      ("x {{campaign.open", "1:3: the tag is never closed"),
      ("{{}}", "1:1: the tag has no name"),
      ("{{ a b }}", "1:1: 'a b' is not a name"),
      ("{{a..b}}", "1:1: 'a..b' is not a name"),
      (
        "{{uppercased(campaign.title)}}",
        "1:1: transforms like 'uppercased(campaign.title)' are not standard Mustache"
      ),
      ("{{=<% %>=}}", "1:1: other delimiters than {{ and }} are not supported"),
      ("{{%CONTENT_TYPE:HTML}}", "1:1: the content type follows from the file's name"),
      ("{{<layout}}{{/layout}}", "1:1: template inheritance is not supported; use a partial"),
      ("{{> *name}}", "1:1: the name of a partial can't come from the context"),
      ("{{> foter}}", "1:1: there is no partial 'foter' for .md templates; did you mean 'footer'?"),
      ("{{> own}}", "1:1: partials include each other: own.md > own.md"),
    ]
  )
  func problem(_ text: String, _ expected: String) throws {
    let found = try problems(text)
    #expect(found.first == "tally/templates/own.md:" + expected)
  }

  @Test("finds cycles over several partials, and problems inside partials at their place")
  func partials() throws {
    let found = try problems(
      "{{> a}}",
      partials: [
        "partials/a.md": "{{> b}}", "partials/b.md": "\n  {{> a}}{{#lanes}}{{nmae}}{{/lanes}}",
      ]
    )
    #expect(
      found == [
        "tally/templates/partials/b.md:2:3: partials include each other: "
          + "own.md > partials/a.md > partials/b.md > partials/a.md",
        "tally/templates/partials/b.md:2:20: the context has no 'nmae' here; did you mean 'name'?",
      ]
    )
  }

  @Test(
    "takes what is right",
    arguments: [
      "{{! any comment \n at all }}",
      "{{#priorities}}{{#files}}{{path}} of {{title}}{{/files}}{{/priorities}}",
      "{{#warnings}}{{.}}{{/warnings}}{{^warnings}}none{{/warnings}}",
      "{{{narrative.business}}} {{&campaign.title}}",
      "{{#campaign}}{{#baseline}}{{count}}{{/baseline}}{{/campaign}}", "{{> footer}}", "{ { } }",
    ]
  )
  func right(_ text: String) throws {
    #expect(try problems(text) == [])
  }

  @Test("built-in templates are right, standard, and all listed")
  func builtIns() throws {
    for report in builtIn.reports {
      #expect(try builtIn.check(report.name) == [])
    }
    for template in builtIn.all {
      for tag in template.text.matches(of: /\{\{\{\s*([a-z_.]+)\s*\}\}\}|\{\{&\s*([a-z_.]+)\s*\}\}/)
      {
        let name = String(tag.output.1 ?? tag.output.2 ?? "")
        #expect(
          name.hasPrefix("narrative.") || name.hasPrefix("charts.") || name == "chart"
            || name.hasSuffix("url"),
          "\(template.name): \(name) is not trusted"
        )
      }
    }
  }

  @Test("what the built-in templates need is what is found in them")
  func needs() throws {
    let set = TemplateSet(builtIn: BuiltinTemplates.all)
    // Beside a template of a team's own the built-in ones are read too.
    let beside = TemplateSet(builtIn: BuiltinTemplates.all, own: [("other.md", "")])
    for template in set.reports {
      let found = try beside.namesOnDemand(usedBy: template.name)
      #expect(try set.namesOnDemand(usedBy: template.name) == found, "\(template.name)")
      #expect(!found.isEmpty, "\(template.name)")
    }
    let own = TemplateSet(
      builtIn: BuiltinTemplates.all,
      own: [
        ("weekly.md", "{{> part}}"), ("partials/part.md", "{{#violations}}{{id}}{{/violations}}"),
      ]
    )
    #expect(try own.namesOnDemand(usedBy: "weekly") == ["violations"])
  }

  @Test("a team's template overrides a built-in one, and its partials too")
  func overrides() throws {
    let own = [
      ("status-update.md", "{{campaign.open}} {{> footer}}"), ("partials/footer.md", "the end"),
      ("slack.txt", "*{{campaign.title}}*"), ("partials/foot.slack.txt", "x"),
    ]
    let set = TemplateSet(builtIn: BuiltinTemplates.all, own: own)
    let renderer = Renderer(templates: set)
    let context = SampleContexts.full
    #expect(try renderer.render("status-update", context: context) == "34 the end\n")
    #expect(try renderer.render("slack", context: context) == "*Redis SSOT remediation*\n")
    #expect(set.reports.filter { !$0.isBuiltIn }.map(\.name) == ["slack.txt", "status-update.md"])
    #expect(set.all.filter(\.isBuiltIn).contains { $0.name == "partials/statement.md" })
  }

  @Test("an unknown template is an error with the nearest name")
  func unknown() throws {
    #expect(
      throws: TemplateError.unknownTemplate(name: "status-updat", suggestion: "status-update")
    ) {
      try Renderer(templates: builtIn).render("status-updat", context: SampleContexts.empty)
    }
  }

  @Test("sections on their own line leave no line behind, even the first")
  func standalone() throws {
    let text =
      "{{#campaign.has_open}}\nopen\n{{/campaign.has_open}}\n{{^campaign.has_open}}\nnone\n{{/campaign.has_open}}\nend\n"
    let set = TemplateSet(builtIn: [("x.md", text)])
    #expect(try Renderer(templates: set).render("x", context: SampleContexts.full) == "open\nend\n")
  }

  @Test("a missing name is empty, never a name from further out")
  func missingNames() throws {
    let set = TemplateSet(
      builtIn: [("x.txt", "{{#campaign}}{{#baseline}}[{{commit}}]{{/baseline}}{{/campaign}}")]
    )
    let json = try JSONValue(
      parsing: #"{"version":1,"campaign":{"baseline":{}},"commit":"outer","new":[1.5]}"#
    )
    #expect(try Renderer(templates: set).render("x", json: json) == "[]\n")
  }

  @Test(
    "a document that is no context is refused",
    arguments: [
      ("[]", "the document is not an object"),
      ("{}", "its version is not 1, the one this program knows"),
      (#"{"version":2}"#, "its version is not 1, the one this program knows"),
      (#"{"version":1,"campaign":{"open":"34"}}"#, "'campaign.open' is not number"),
      (#"{"version":1,"priorities":[{"files":{}}]}"#, "'priorities[0].files' is not list"),
    ]
  )
  func invalidContext(_ text: String, _ reason: String) throws {
    let json = try JSONValue(parsing: text)
    #expect(throws: TemplateError.invalidContext(reason: reason)) {
      try Renderer(templates: builtIn).render("status-update", json: json)
    }
  }

  @Test("narrative partials are rendered with the same context, and are trusted")
  func narrative() throws {
    let renderer = Renderer(templates: builtIn)
    let document = try ContextDocument(of: SampleContexts.full)
    let text =
      "\n**{{campaign.baseline.count}}** to {{campaign.open}}: [why](https://example.com)\n\n"
    #expect(
      try renderer.renderNarrative(text, file: "tally/why.md", document)
        == "**43** to 34: [why](https://example.com)"
    )
    #expect {
      try renderer.renderNarrative("a\n{{campaign.perc}}", file: "tally/why.md", document)
    } throws: { error in
      let description = (error as? TemplateError)?.description ?? ""
      return description.hasPrefix("tally/why.md:2:1: 'campaign' has no 'perc'")
    }
  }

  @Test("swaps count as one edit")
  func distance() {
    #expect(EditDistance.between("", "abc") == 3)
    #expect(EditDistance.between("opne", "open") == 1)
    #expect(EditDistance.between("kitten", "sitting") == 3)
    #expect(EditDistance.nearest(to: "zzz", among: ["campaign", "open"]) == nil)
  }
}
