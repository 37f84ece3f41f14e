import TallyReport
import TallyTemplates
import Testing

/// No post gives a command to the host of a CI job that prints it.
///
/// Method: every text of a whole context is replaced by one that tries, in every built-in template as the set lists them, and in templates of
/// a team's own that begin lines with values.
@Suite("Posts in the log of a CI job")
struct CommandMarkTests {
  private static let attempts = [
    "::error file=x::y", "a\n::error::b\n\t ::set-output name=x::y", "##vso[task.complete]x",
    "a\r\n##[error]b", "##teamcity[buildProblem description='x']", "a\u{2028}::warning::b",
    "#\n##VSO[task]", "a\nsection_start:1:a[collapsed=true]", "section_end:1:a",
  ]

  /// The same value with another text in place of each; addresses, charts and the lead's own words stay, which are made elsewhere.
  private func replacing(_ value: JSONValue, key: String, with text: String) -> JSONValue {
    if key.hasSuffix("url") || ["chart", "charts", "narrative"].contains(key) { return value }
    return switch value {
    case .string: .string(text)
    case .array(let items): .array(items.map { replacing($0, key: key, with: text) })
    case .object(let members):
      .object(
        Dictionary(
          uniqueKeysWithValues: members.map { ($0, replacing($1, key: $0, with: text)) }
        )
      )
    default: value
    }
  }

  private func expectNone(_ post: String, _ name: String) {
    for line in post.split(whereSeparator: \.isNewline) {
      let start = line.drop(while: \.isWhitespace)
      #expect(!start.hasPrefix("::"), "\(name): \(line)")
      if name.contains("html") {
        #expect(start.prefixMatch(of: #/section_(?:start|end):/#) == nil, "\(name): \(line)")
      }
      #expect(line.firstMatch(of: #/##(?i:vso|teamcity)?\[/#) == nil, "\(name): \(line)")
    }
  }

  @Test("hold no command, whatever a tool, a test or a message said", arguments: attempts)
  func builtInTemplates(_ attempt: String) throws {
    let renderer = Renderer(templates: builtIn)
    // Some parts are shown of some contexts only.
    for sample in SampleContexts.all where ["full", "several", "empty"].contains(sample.name) {
      let json = replacing(try ContextDocument(of: sample.context).json, key: "", with: attempt)
      for template in builtIn.reports where !builtIn.isData(template.name) {
        let document = try ContextDocument(reading: json)
        expectNone(try renderer.render(template.name, document), template.name)
      }
    }
  }

  @Test("hold none where a template of one's own begins a line with a value", arguments: attempts)
  func ownTemplates(_ attempt: String) throws {
    let context = try #require(SampleContexts.all.first { $0.name == "full" }?.context)
    let json = replacing(try ContextDocument(of: context).json, key: "", with: attempt)
    let text = "{{campaign.title}}\n{{#commits}}\n  {{subject}}\n{{/commits}}\n"
    let names = ["own.md", "own.html", "own.htm", "own.txt", "own.csv", "own.slack.txt"]
    let set = TemplateSet(builtIn: BuiltinTemplates.all, own: names.map { ($0, text) })
    for name in names {
      let post = try Renderer(templates: set).render(name, ContextDocument(reading: json))
      expectNone(post, name)
    }
  }

  @Test("hold none in the lead's own words, which become HTML")
  func narrative() throws {
    for attempt in Self.attempts {
      var context = try #require(SampleContexts.all.first { $0.name == "full" }?.context)
      context.narrative.business = "Words\n\(attempt)\n\n- \(attempt)\n\n    \(attempt)\n"
      context.narrative.assessment = "```\n\(attempt)\n```\n"
      let post = try Renderer(templates: builtIn).render("status-update.html", context: context)
      expectNone(post, "status-update.html")
    }
  }
}
