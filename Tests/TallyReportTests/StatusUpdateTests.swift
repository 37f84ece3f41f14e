import TallyReport
import TallyTemplates
import Testing

let builtIn = TemplateSet(builtIn: BuiltinTemplates.all)

/// Pins the status post for each kind of campaign.
///
/// Method: a context of facts only, rendered and compared whole.
@Suite("The status post")
struct StatusUpdateTests {
  @Test("reads as recorded", arguments: SampleContexts.all.map(\.name))
  func golden(_ name: String) throws {
    let context = try #require(SampleContexts.all.first { $0.name == name }?.context)
    let text = try Renderer(templates: builtIn).render("status-update", context: context)
    try expectGolden(text, "status-update/\(name).md")
  }

  @Test("is the same from the printed context", arguments: SampleContexts.all.map(\.name))
  func fromContext(_ name: String) throws {
    let context = try #require(SampleContexts.all.first { $0.name == name }?.context)
    let renderer = Renderer(templates: builtIn)
    let printed = try Renderer.json(of: context).formatted()
    let read = try JSONValue(parsing: printed)
    #expect(read.formatted() == printed)
    #expect(
      try renderer.render("status-update", json: read)
        == renderer.render("status-update", context: context)
    )
  }
}
