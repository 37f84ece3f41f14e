import Foundation
import TallyModel
import Testing

@testable import TallyImport

/// One object of the standard.
struct StandardObject: CustomTestStringConvertible, Sendable {
  let name: String
  let section: String
  let properties: [String]
  var testDescription: String { name }

  /// The list beside the fixtures, written down from the standard.
  static let all: [StandardObject] = {
    let file = fixtures.appendingPathComponent("sarif-properties.txt")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
      let parts = line.split(separator: ":", maxSplits: 1)
      let head = parts[0].split(separator: " ").map(String.init)
      guard parts.count == 2, head.count == 2 else { return nil }
      let properties = parts[1].split(separator: " ").map(String.init)
      return StandardObject(name: head[0], section: head[1], properties: properties)
    }
  }()
}

@Suite struct SARIFPropertyTests {
  /// The table of one object in `docs/sarif.md`: property to handling.
  private func documented(_ object: StandardObject) throws -> [String: String]? {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../docs/sarif.md")
    let text = try String(contentsOf: file, encoding: .utf8)
    let heading = "### `\(object.name)` (§\(object.section))\n"
    guard let start = text.range(of: heading) else { return nil }
    var table: [String: String] = [:]
    for line in text[start.upperBound...].split(separator: "\n") {
      if line.hasPrefix("#") { break }
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 2, cells[0].hasPrefix("`") else { continue }
      table[cells[0].filter { $0 != "`" }] = String(cells[1].prefix { $0.isLetter })
    }
    return table
  }

  private func row(_ object: StandardObject) -> [String: String]? {
    guard let row = SARIFSchema.rows.first(where: { $0.object.name == object.name }) else {
      return nil
    }
    var handling: [String: String] = [:]
    for (list, word) in [(row.kept, "kept"), (row.used, "used"), (row.ignored, "ignored")] {
      for name in list.split(separator: " ") { handling[String(name)] = word }
    }
    return handling
  }

  @Test func `the standard's list is there`() {
    #expect(StandardObject.all.count == 52)
    #expect(StandardObject.all.reduce(0) { $0 + $1.properties.count } > 350)
    #expect(SARIFSchema.rows.map(\.object) == SARIFObject.allCases)
  }

  /// Every property of the standard is in the importer's table and in the document, handled alike.
  @Test(arguments: StandardObject.all)
  func `every property is listed and documented`(_ object: StandardObject) throws {
    guard let row = row(object) else {
      // An object that is not looked into must be named, with its section.
      let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../docs/sarif.md")
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(text.contains("`\(object.name)` (§\(object.section))"))
      return
    }
    let documented = try #require(try documented(object))
    for property in object.properties {
      let handling = row[property]
      #expect(handling != nil, "\(object.name).\(property) is not in SARIFSchema")
      #expect(documented[property] == handling, "\(object.name).\(property) in docs/sarif.md")
    }
    // `state` is what drafts called `status`.
    let extra = object.name == "suppression" ? ["state"] : []
    #expect(Set(row.keys) == Set(object.properties + extra))
    #expect(Set(documented.keys) == Set(row.keys))
  }

  /// The names that are switched on are all in a table, and those in the tables are known.
  @Test func `names and tables agree`() {
    let read = Set(SARIFSchema.rows.flatMap { ($0.kept + " " + $0.used).split(separator: " ") })
    // These two are keys of a property bag, which has no table.
    let bagKeys: Set<Substring> = ["tags", "security-severity"]
    let switched = Set(SARIFName.allCases.map { Substring($0.rawValue) })
    #expect(switched.subtracting(bagKeys) == read)
  }

  /// A log that holds every object the importer looks at, with `extra` among the properties of
  /// each.
  private func log(_ extra: (String) -> String) -> String {
    func object(_ name: String, _ properties: String) -> String {
      let more = extra(name)
      let comma = properties.isEmpty || more.isEmpty ? "" : ", "
      return "{\(properties)\(comma)\(more)}"
    }
    let artifactLocation = object("artifactLocation", #""uri": "a.py""#)
    let content = object("artifactContent", #""text": "s""#)
    let region = object("region", #""startLine": 1, "snippet": \#(content)"#)
    let physical = object(
      "physicalLocation",
      #""artifactLocation": \#(artifactLocation), "region": \#(region)"#
    )
    let logical = object("logicalLocation", #""name": "f""#)
    let location = object(
      "location",
      #""physicalLocation": \#(physical), "logicalLocations": [\#(logical)]"#
    )
    let message = object("message", #""text": "m""#)
    let component = object("toolComponentReference", #""index": -1"#)
    let rule = object("reportingDescriptorReference", #""id": "R", "toolComponent": \#(component)"#)
    let provenance = object("resultProvenance", #""invocationIndex": 0"#)
    let suppression = object("suppression", #""kind": "inSource""#)
    let result = object(
      "result",
      """
      "message": \(message), "locations": [\(location)], "rule": \(rule), "provenance": \(provenance),
      "suppressions": [\(suppression)]
      """
    )
    let configuration = object("reportingConfiguration", #""level": "note""#)
    let multi = object("multiformatMessageString", #""text": "t""#)
    let descriptor = object(
      "reportingDescriptor",
      #""id": "R", "defaultConfiguration": \#(configuration), "shortDescription": \#(multi)"#
    )
    let driver = object("toolComponent", #""name": "t", "rules": [\#(descriptor)]"#)
    let tool = object("tool", #""driver": \#(driver)"#)
    let override = object("configurationOverride", #""descriptor": {}, "configuration": {}"#)
    let notification = object("notification", #""message": {}"#)
    let invocation = object(
      "invocation",
      """
      "executionSuccessful": true, "ruleConfigurationOverrides": [\(override)],
      "toolExecutionNotifications": [\(notification)]
      """
    )
    let revision = object("versionControlDetails", "")
    let artifact = object("artifact", #""location": {}"#)
    let automation = object("runAutomationDetails", #""id": "a/b""#)
    let external = object("externalPropertyFileReferences", "")
    let run = object(
      "run",
      """
      "tool": \(tool), "invocations": [\(invocation)], "versionControlProvenance": [\(revision)],
      "artifacts": [\(artifact)], "automationDetails": \(automation),
      "externalPropertyFileReferences": \(external), "results": [\(result)]
      """
    )
    return object("sarifLog", #""version": "2.1.0", "runs": [\#(run)]"#)
  }

  /// Method: one log with every object; each has a property that the standard does not know.
  @Test func `a property that is not in the standard is counted by name`() throws {
    let sink = try sarif(log { _ in #""zz\u0079": {"a": [1]}"# })
    let counted = Dictionary(
      uniqueKeysWithValues: sink.ends[0].unknownProperties.map { ($0.reason, $0.count) }
    )
    for object in SARIFObject.allCases {
      #expect((counted["\(object.name).zzy"] ?? 0) >= 1, "\(object.name)")
    }
    #expect(counted.count == SARIFObject.allCases.count)
    #expect(sink.ends[0].ignoredProperties.isEmpty)
    #expect(sink.findings.count == 1)
  }

  /// Method: the same log; each object has all properties that are ignored, with values of any
  /// type.
  @Test func `an ignored property is counted by name`() throws {
    let sink = try sarif(
      log { name in
        let row = SARIFSchema.rows.first { $0.object.name == name }
        return (row?.ignored ?? "").split(separator: " ").map { #""\#($0)": [{}, 0.5]"# }
          .joined(separator: ", ")
      }
    )
    let counted = Set(sink.ends[0].ignoredProperties.map(\.reason))
    var expected: Set<String> = []
    for row in SARIFSchema.rows {
      for name in row.ignored.split(separator: " ") {
        expected.insert("\(row.object.name).\(name)")
      }
    }
    #expect(counted == expected)
    #expect(sink.ends[0].unknownProperties.isEmpty)
  }

  @Test func `many unknown names are counted together`() throws {
    let many = (0..<1500).map { #""u\#($0)": 0"# }.joined(separator: ",")
    let sink = try sarifRun(results: result(many + ","))
    let unknown = sink.ends[0].unknownProperties
    #expect(unknown.count == 1001)
    #expect(unknown.first { $0.reason == "(more)" }?.count == 500)
  }
}
