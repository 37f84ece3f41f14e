import Foundation

/// As much of JSON Schema as the schemas of this project use; what it does not know it refuses.
struct JSONSchema {
  private let root: [String: Any]

  init(_ data: Data) throws {
    root = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }

  /// What is wrong with a value, as sentences with the way to it.
  func mistakes(in value: Any) -> [String] { check(value, root, "") }

  private static let known: Set<String> = [
    "$schema", "$defs", "$ref", "title", "description", "default", "format", "type", "properties",
    "additionalProperties", "required", "minProperties", "maxProperties", "items", "enum", "const",
    "pattern", "minLength", "maxLength", "minimum", "anyOf", "oneOf", "not",
  ]

  private func check(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
    var found = schema.keys.filter { !Self.known.contains($0) }.sorted()
      .map { "\(place): keyword \($0) is not known here" }
    if let reference = schema["$ref"] as? String,
      let defined = root["$defs"] as? [String: [String: Any]],
      let target = defined[String(reference.dropFirst("#/$defs/".count))]
    {
      found += check(value, target, place)
    }
    if let types = schema["type"] as? [String] ?? (schema["type"] as? String).map({ [$0] }),
      !types.contains(where: { Self.isOf($0, value) })
    {
      found.append("\(place): is no \(types.joined(separator: " or "))")
    }
    if let wanted = schema["const"], !Self.equal(wanted, value) { found.append("\(place): const") }
    if let words = schema["enum"] as? [Any], !words.contains(where: { Self.equal($0, value) }) {
      found.append("\(place): is none of the words")
    }
    if let object = value as? [String: Any] { found += check(object: object, schema, place) }
    if let list = value as? [Any], let items = schema["items"] as? [String: Any] {
      for (index, item) in list.enumerated() { found += check(item, items, "\(place)[\(index)]") }
    }
    if let text = value as? String { found += check(text: text, schema, place) }
    if let least = schema["minimum"] as? Double, let number = value as? Double, number < least {
      found.append("\(place): below \(least)")
    }
    if let some = schema["anyOf"] as? [[String: Any]],
      !some.contains(where: { check(value, $0, place).isEmpty })
    {
      found.append("\(place): fits none of anyOf")
    }
    if let one = schema["oneOf"] as? [[String: Any]],
      one.count(where: { check(value, $0, place).isEmpty }) != 1
    {
      found.append("\(place): does not fit one of oneOf")
    }
    if let no = schema["not"] as? [String: Any], check(value, no, place).isEmpty {
      found.append("\(place): fits what it must not")
    }
    return found
  }

  private func check(object: [String: Any], _ schema: [String: Any], _ place: String) -> [String] {
    var found: [String] = []
    let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
    for key in schema["required"] as? [String] ?? [] where object[key] == nil {
      found.append("\(place): needs \(key)")
    }
    for (key, inner) in object.sorted(by: { $0.key < $1.key }) {
      if let property = properties[key] {
        found += check(inner, property, "\(place).\(key)")
      } else if schema["additionalProperties"] as? Bool == false {
        found.append("\(place): unknown key \(key)")
      } else if let other = schema["additionalProperties"] as? [String: Any] {
        found += check(inner, other, "\(place).\(key)")
      }
    }
    if let least = schema["minProperties"] as? Int, object.count < least {
      found.append("\(place): too few keys")
    }
    if let most = schema["maxProperties"] as? Int, object.count > most {
      found.append("\(place): too many keys")
    }
    return found
  }

  private func check(text: String, _ schema: [String: Any], _ place: String) -> [String] {
    var found: [String] = []
    if let pattern = schema["pattern"] as? String,
      text.range(of: pattern, options: .regularExpression) == nil
    {
      found.append("\(place): '\(text)' does not fit \(pattern)")
    }
    if let least = schema["minLength"] as? Int, text.count < least {
      found.append("\(place): too short")
    }
    if let most = schema["maxLength"] as? Int, text.count > most { found.append("\(place): long") }
    return found
  }

  private static func isOf(_ type: String, _ value: Any) -> Bool {
    switch type {
    case "object": value is [String: Any]
    case "array": value is [Any]
    case "string": value is String
    case "boolean": value is Bool
    case "integer": value is Int
    case "number": value is Int || value is Double
    case "null": value is NSNull
    default: false
    }
  }

  private static func equal(_ left: Any, _ right: Any) -> Bool { "\(left)" == "\(right)" }
}
