import Foundation
import TallyReport
import TallyTemplates
import Testing

/// Holds the documentation against the code.
@Suite("Documentation")
struct DocumentationTests {
  private func document(_ name: String) throws -> String {
    try String(contentsOf: projectRoot.appending(path: name), encoding: .utf8)
  }

  /// Method: the tables are made from the doc comments of the model; the introduction above the first of them is a person's.
  @Test("docs/template-context.md is what the model says")
  func contextTables() throws {
    let introduction = try document("docs/template-context.md").components(separatedBy: "\n## ")[0]
    try expectGolden(
      introduction + ContextReference().tables,
      "../../../docs/template-context.md"
    )
  }

  @Test("the names that tally why explains mean what the document says")
  func embeddedNames() throws {
    try expectGolden(ContextReference().names, "../../../Templates/context-names.txt")
  }

  @Test("docs/context.schema.json is what the model says")
  func contextSchema() throws {
    try expectGolden(ContextReference().schema, "../../../docs/context.schema.json")
  }

  /// Method: the names are read off the model by decoding it from nothing, and compared with the rows of the document.
  @Test("docs/template-context.md lists every name of the context with its kind, and no other")
  func contextNames() throws {
    let rows = try document("docs/template-context.md").split(separator: "\n")
      .compactMap { line -> String? in
        let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        guard line.hasPrefix("| `"), cells.count >= 3, !cells[2].isEmpty else { return nil }
        return "\(cells[0].replacing("`", with: "")) \(cells[1])"
      }
    // The reports of several campaigns have the names of a report.
    let names = ContextSchema.report.paths.filter { !$0.path.hasPrefix("campaigns[].") }
      .map { "\($0.path) \($0.kind)" }
    let missing = Set(names).subtracting(rows).sorted()
    let stale = Set(rows).subtracting(names).sorted()
    #expect(missing.isEmpty, "these have no doc comment: \(missing)")
    #expect(stale.isEmpty, "these are not in the context: \(stale)")
    #expect(rows.count == Set(rows).count, "a name is listed twice")
  }

  @Test("what the schema says is what the JSON holds")
  func schemaMatchesJSON() throws {
    // What a report about several campaigns holds is a report again.
    let paths = Set(ContextSchema.report.paths.map(\.path))
      .filter { !$0.hasPrefix("campaigns[].campaigns") }
    var found: Set<String> = []
    for sample in SampleContexts.all {
      collect(try ContextDocument(of: sample.context).json, "", &found)
    }
    #expect(found.filter { !$0.hasPrefix("campaigns[].campaigns") }.subtracting(paths).isEmpty)
    let unseen = paths.subtracting(found).filter { !$0.hasPrefix("campaigns[].") }
    #expect(unseen.sorted() == [], "the samples show every name")
  }

  private func collect(_ value: JSONValue, _ path: String, _ found: inout Set<String>) {
    switch value {
    case .object(let members):
      for (key, member) in members {
        let name = path.isEmpty ? key : "\(path).\(key)"
        found.insert(name)
        collect(member, name, &found)
      }
    case .array(let items):
      for item in items {
        if case .object = item {} else { found.insert(path + "[]") }
        collect(item, path + "[]", &found)
      }
    case .null, .bool, .number, .string: break
    }
  }

  @Test("docs/templates.md names every built-in template and partial")
  func templates() throws {
    let text = try document("docs/templates.md")
    for template in BuiltinTemplates.all {
      #expect(text.contains("`\(template.name)`"), "\(template.name) is not described")
    }
  }

  @Test("every file of Templates/builtin is embedded")
  func embedded() throws {
    let folder = projectRoot.appending(path: "Templates/builtin")
    var names: [String] = []
    for sub in ["", "partials/"] {
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path() + "/" + sub)
      names += files.filter { $0.contains(".") }.map { sub + $0 }
    }
    #expect(names.sorted() == BuiltinTemplates.all.map(\.name))
  }
}
