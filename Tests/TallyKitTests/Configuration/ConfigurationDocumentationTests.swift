import Foundation
import TallyKit
import Testing

/// Keeps the documentation and the schema of `tally.yml` complete.
struct ConfigurationDocumentationTests {
  /// The top of the project, also where the tests are reached through a link.
  static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  @Test("every key is in a table of the documentation, and no other")
  func documentation() throws {
    let rows = try Self.text("docs/tally-yml.md").split(separator: "\n")
    let named = rows.compactMap { row -> String? in
      guard row.hasPrefix("| `"), let end = row.dropFirst(3).firstIndex(of: "`") else { return nil }
      return String(row[row.index(row.startIndex, offsetBy: 3)..<end])
    }
    let patterns = named.filter { !$0.contains { "*?[\\{".contains($0) } || $0.contains("[].") }
    #expect(Set(patterns) == Set(TallyConfiguration.keyPaths))
    #expect(patterns.count == Set(patterns).count)
  }

  @Test("the schema knows every key, and no other")
  func schema() throws {
    let data = Data(try Self.text("docs/tally.schema.json").utf8)
    let schema = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    var found: Set<String> = []
    Self.collect(schema, path: "", into: &found)
    #expect(found == Set(TallyConfiguration.keyPaths))
  }

  /// Every mapping with named keys refuses others, and every key is explained.
  private static func collect(_ schema: [String: Any], path: String, into found: inout Set<String>)
  {
    if let properties = schema["properties"] as? [String: Any] {
      #expect(schema["additionalProperties"] as? Bool == false, "\(path)")
      for (key, value) in properties {
        guard let value = value as? [String: Any] else { continue }
        let inner = path.isEmpty ? key : "\(path).\(key)"
        found.insert(inner)
        #expect((value["description"] as? String)?.hasSuffix(".") == true, "\(inner)")
        collect(value, path: inner, into: &found)
      }
    }
    if let items = schema["items"] as? [String: Any] {
      collect(items, path: path + "[]", into: &found)
    }
    for branch in schema["anyOf"] as? [[String: Any]] ?? [] {
      collect(branch, path: path, into: &found)
    }
  }

  @Test("the example of the documentation is read")
  func example() throws {
    let text = try Self.text("docs/tally-yml.md")
    let parts = text.components(separatedBy: "```")
    let yaml = try #require(parts.dropFirst().first { $0.hasPrefix("yaml\n") })
    let configuration = try TallyConfiguration.parse(String(yaml.dropFirst(5)))
    #expect(configuration.campaigns.map(\.id) == ["redis-ssot"])
  }

  @Test("the worked example's file is read")
  func workedExample() throws {
    let configuration = try TallyConfiguration.parse(Self.text("Examples/redis-ssot/tally.yml"))
    let campaign = try #require(configuration.campaign("redis-ssot"))
    #expect(campaign.priorities.count == 3)
    #expect(campaign.criteria.count == 5)
  }
}
