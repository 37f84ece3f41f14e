import Foundation

/// Reads what the documentation repeats from the sources: fields of answers and codes of errors, each with its doc comment.
struct SourceReader {
  /// Every Swift file below `Sources`, with its lines without indentation; sorted by path.
  let files: [(path: String, lines: [String])]

  init() throws {
    let root = Golden.project.appendingPathComponent("Sources")
    let walker = FileManager.default.enumerator(atPath: root.path)
    var paths: [String] = []
    while let path = walker?.nextObject() as? String {
      if path.hasSuffix(".swift") { paths.append(path) }
    }
    files = try paths.sorted().map { path in
      let text = try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
      return (path, text.components(separatedBy: "\n"))
    }
  }

  /// A stored property as JSON shows it.
  struct Field {
    let name: String
    let type: String
    let meaning: String
  }

  /// The stored properties of a structure, in the order of the source; `Outer.Inner` for a nested one.
  func fields(of name: String) -> [Field] {
    let parts = name.split(separator: ".").map(String.init)
    for file in files {
      guard var at = file.lines.firstIndex(where: { $0.contains("struct \(parts[0]):") }) else {
        continue
      }
      for part in parts.dropFirst() {
        guard let next = file.lines[at...].firstIndex(where: { $0.contains("struct \(part):") })
        else { return [] }
        at = next
      }
      return fields(in: file.lines, from: at)
    }
    return []
  }

  private func fields(in lines: [String], from start: Int) -> [Field] {
    let depth = lines[start].prefix { $0 == " " }.count
    var result: [Field] = []
    for index in (start + 1)..<lines.count {
      let line = lines[index]
      if line == String(repeating: " ", count: depth) + "}" { break }
      guard line.prefix(while: { $0 == " " }).count == depth + 2,
        let match = line.wholeMatch(of: #/\s*public var (\w+)(?:: ([^{=]+?))?(?: = ([^{]+))?/#)
      else { continue }
      let (_, name, type, value) = match.output
      result.append(
        Field(
          name: String(name),
          type: type.map(String.init) ?? Self.type(of: value.map(String.init) ?? ""),
          meaning: Self.comment(above: index, in: lines)
        )
      )
    }
    return result
  }

  /// The type of a literal.
  private static func type(of value: String) -> String {
    if value == "true" || value == "false" { return "Bool" }
    return value.hasPrefix("\"") ? "String" : Int(value) != nil ? "Int" : "[\(value)]"
  }

  /// The doc comment that ends above a line.
  static func comment(above index: Int, in lines: [String]) -> String {
    var result: [String] = []
    var at = index - 1
    while at >= 0 {
      let line = lines[at].trimmingCharacters(in: .whitespaces)
      guard line.hasPrefix("///") else { break }
      result.insert(line.dropFirst(3).trimmingCharacters(in: .whitespaces), at: 0)
      at -= 1
    }
    return result.joined(separator: " ").replacingOccurrences(of: "``", with: "`")
      .trimmingCharacters(in: .whitespaces)
  }

  // MARK: Codes

  /// The code of an error, and when it is used.
  struct Code {
    let code: String
    let meaning: String
  }

  /// Every code, sorted.
  func codes() -> [Code] {
    var result: [String: String] = [:]
    for file in files {
      for start in file.lines.indices where file.lines[start].contains("var code: String {") {
        for (code, name) in codes(in: file.lines, from: start) {
          let meaning = meaning(of: name, in: file.lines, before: start)
          // What a case carries is of no interest to who reads the code.
          result[code] = meaning.replacing(#/; `[a-z].*/#, with: ".")
        }
      }
    }
    // The code of a wrong template is made of the kind of what is wrong.
    for file in files where file.path.hasSuffix("TemplateError.swift") {
      for (index, line) in file.lines.enumerated() where line.hasPrefix("    case ") {
        guard let match = line.wholeMatch(of: #/    case (\w+)(?: = "([a-z-]+)")?/#) else {
          continue
        }
        let kind = match.output.2.map(String.init) ?? String(match.output.1)
        result["template.\(kind)"] = Self.comment(above: index, in: file.lines)
      }
    }
    return result.map { Code(code: $0.key, meaning: $0.value) }.sorted { $0.code < $1.code }
  }

  private func codes(in lines: [String], from start: Int) -> [(code: String, name: String?)] {
    let depth = lines[start].prefix { $0 == " " }.count
    if let match = lines[start].firstMatch(of: #/\{ "([a-z.-]+)" \}/#) {
      return [(String(match.output.1), nil)]
    }
    var result: [(String, String?)] = []
    for line in lines[(start + 1)...] {
      if line == String(repeating: " ", count: depth) + "}" { break }
      if let match = line.firstMatch(of: #/case \.(\w+)[^"]*: "([a-z.-]+)"$/#) {
        result.append((String(match.output.2), String(match.output.1)))
      }
    }
    return result
  }

  /// The comment of a case, or of the type where the error has no cases.
  private func meaning(of name: String?, in lines: [String], before start: Int) -> String {
    let pattern = name.map { "    case \($0)" }
    for index in lines[..<start].indices.reversed() {
      let line = "  " + lines[index]
      if let pattern {
        guard line.hasPrefix(pattern) else { continue }
        let next = line.dropFirst(pattern.count).first
        if next != nil, next != "(" { continue }
      } else {
        guard line.contains(": UserFacingError") else { continue }
      }
      return Self.comment(above: index, in: lines)
    }
    return ""
  }
}
