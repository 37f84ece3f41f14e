import Foundation
import TallyReport

/// Writes the documents that list every name of the context, from the doc comments of the model.
struct ContextReference {
  /// A stored property of the model.
  struct Field {
    let name: String
    let type: String
    let meaning: String
  }

  /// Stored properties by structure, in the order of the source.
  private let fields: [String: [Field]]

  init() throws {
    let folder = projectRoot.appending(path: "Sources/TallyReport/Context")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path())
    var fields: [String: [Field]] = [:]
    for file in files.sorted() where file.hasSuffix(".swift") {
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      Self.read(text.components(separatedBy: "\n"), into: &fields)
    }
    self.fields = fields
  }

  private static func read(_ lines: [String], into fields: inout [String: [Field]]) {
    var open: [(name: String, depth: Int)] = []
    for (index, line) in lines.enumerated() {
      let depth = line.prefix { $0 == " " }.count
      while let last = open.last, line == String(repeating: " ", count: last.depth) + "}" {
        open.removeLast()
      }
      if let match = line.firstMatch(of: #/^ *public struct (\w+): Codable/#) {
        open.append((String(match.output.1), depth))
      }
      guard let owner = open.last, depth == owner.depth + 2,
        let match = line.wholeMatch(of: #/\s*public var (\w+)(?:: ([^{=]+?))?(?: = ([^{]+))?/#)
      else { continue }
      let (_, name, type, value) = match.output
      fields[owner.name, default: []].append(
        Field(
          name: String(name),
          type: type.map(String.init) ?? Self.type(of: value.map(String.init) ?? ""),
          meaning: comment(above: index, in: lines)
        )
      )
    }
  }

  /// The type of a value as it is written.
  private static func type(of value: String) -> String {
    if value == "true" || value == "false" { return "Bool" }
    if value.hasPrefix("\"") { return "String" }
    if value.hasSuffix("()") { return String(value.dropLast(2)) }
    return "Int"
  }

  private static func comment(above index: Int, in lines: [String]) -> String {
    var result: [String] = []
    for line in lines[..<index].reversed() {
      let text = line.trimmingCharacters(in: .whitespaces)
      guard text.hasPrefix("///") else { break }
      result.insert(text.dropFirst(3).trimmingCharacters(in: .whitespaces), at: 0)
    }
    return result.joined(separator: " ").replacing("  ", with: " ")
      .replacing(#/``([\w\/]+)``/#) { match in
        "`\(snakeCase(String(match.output.1.split(separator: "/").last ?? "")))`"
      }
      .trimmingCharacters(in: .whitespaces)
  }

  /// The name as JSON has it.
  private static func snakeCase(_ name: String) -> String {
    var result = ""
    let characters = Array(name)
    for (index, character) in characters.enumerated() {
      if character.isUppercase, index > 0 {
        let followsSmall = !characters[index - 1].isUppercase
        let startsWord = index + 1 < characters.count && characters[index + 1].isLowercase
        if followsSmall || startsWord { result += "_" }
      }
      result += character.lowercased()
    }
    return result
  }

  /// The structure a type holds, and whether it is a list of them.
  private static func parts(_ type: String) -> (name: String, isList: Bool) {
    let isList = type.hasPrefix("[")
    let bare = isList ? String(type.dropFirst().dropLast()) : type
    return (bare.replacing("ReportContext.", with: ""), isList)
  }

  private static func word(_ type: String) -> String? {
    switch type {
    case "String": "text"
    case "Int": "number"
    case "Bool": "boolean"
    default: nil
    }
  }

  // MARK: docs/template-context.md

  /// The tables, a section for each name of the outermost context that holds others or is a list.
  var tables: String {
    var text = ""
    for field in fields["ReportContext"] ?? [] {
      let (name, isList) = Self.parts(field.type)
      let isMore = field.name.hasPrefix("more")
      if (isList || Self.word(name) == nil) && !isMore || text.isEmpty {
        let title = Self.snakeCase(field.name).replacing("_", with: " ")
        text += "\n## \(title.prefix(1).uppercased() + title.dropFirst())\n\n"
        text += "| Name | Kind | Meaning |\n|---|---|---|\n"
      }
      add(field, prefix: "", to: &text)
    }
    return text
  }

  private func add(_ field: Field, prefix: String, to text: inout String) {
    let (type, isList) = Self.parts(field.type)
    let path = prefix + Self.snakeCase(field.name)
    let kind = isList ? "list" : Self.word(type) ?? "object"
    let meaning = field.meaning.replacing("|", with: "\\|")
    text += "| `\(path)` | \(kind) | \(meaning) |\n"
    if let word = Self.word(type) {
      if isList { text += "| `\(path)[]` | \(word) | One of them. |\n" }
      return
    }
    // A report in a report has the names of a report.
    if type == "ReportContext" { return }
    for inner in fields[type] ?? [] {
      add(inner, prefix: path + (isList ? "[]." : "."), to: &text)
    }
  }

  // MARK: Templates/context-names.txt

  /// A line for each name: the name, a tab, what it means.
  var names: String {
    tables.split(separator: "\n").compactMap { line -> String? in
      let cells = line.replacing("\\|", with: "\u{1}").split(separator: "|")
        .map { $0.trimmingCharacters(in: .whitespaces) }
      guard line.hasPrefix("| `"), cells.count == 3 else { return nil }
      let meaning = cells[2].replacing("\u{1}", with: "|").replacing("`", with: "")
      return "\(cells[0].replacing("`", with: ""))\t\(meaning)\n"
    }.joined()
  }

  // MARK: docs/context.schema.json

  /// The JSON Schema of the context.
  var schema: String {
    var definitions: [String: JSONValue] = [:]
    for (name, members) in fields {
      var properties: [String: JSONValue] = [:]
      for member in members {
        let (type, isList) = Self.parts(member.type)
        var value: [String: JSONValue]
        switch type {
        case "String": value = ["type": .string("string")]
        case "Int": value = ["type": .string("integer")]
        case "Bool": value = ["type": .string("boolean")]
        default: value = ["$ref": .string("#/$defs/\(Self.snakeCase(type))")]
        }
        if isList { value = ["type": .string("array"), "items": .object(value)] }
        value["description"] = .string(member.meaning)
        if name == "ReportContext", member.name == "version" {
          value = ["const": .int(1), "description": .string(member.meaning)]
        }
        properties[Self.snakeCase(member.name)] = .object(value)
      }
      var object: [String: JSONValue] = [
        "type": .string("object"), "properties": .object(properties),
      ]
      if name == "ReportContext" { object["required"] = .array([.string("version")]) }
      definitions[Self.snakeCase(name)] = .object(object)
    }
    return JSONValue.object([
      "$schema": .string("https://json-schema.org/draft/2020-12/schema"),
      "title": .string("The context of a report"),
      "description": .string("What tally report --context prints and templates see, version 1."),
      "$ref": .string("#/$defs/report_context"),
      "$defs": .object(definitions),
    ]).formatted()
  }
}

/// The root of the checkout.
let projectRoot = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()
