import TallyModel
import TallyReport

/// A file of measurements: JSON, or lines such as `rss_mb=412`.
enum MeasurementFile {
  /// Reads the samples in the order of the file; those of an object by name.
  static func read(_ bytes: [UInt8], source: String) throws -> [(name: String, value: String)] {
    if bytes.count > PromiseFileError.sizeLimit { throw PromiseFileError.tooLong(source: source) }
    guard let text = String(validating: bytes, as: UTF8.self), !text.trimmed.isEmpty else {
      throw PromiseFileError.unreadable(source: source)
    }
    let first = text.trimmed.first
    let samples: [(name: String, value: String)]
    if first == "{" || first == "[" {
      do {
        samples = try json(JSONValue(parsing: text, source: source), source)
      } catch let error as JSONError {
        throw PromiseFileError.malformed(
          source: source,
          line: error.line,
          reason: "this is not valid JSON: \(error.reason)",
          hint: "write {\"rss_mb\": 412, \"p95_ms\": [18.5, 19]}"
        )
      }
    } else {
      samples = try lines(text, source)
    }
    if samples.isEmpty { throw PromiseFileError.unreadable(source: source) }
    if samples.count > PromiseFileError.recordLimit {
      throw PromiseFileError.tooLong(source: source)
    }
    return samples
  }

  private static func lines(
    _ text: String,
    _ source: String
  ) throws -> [(name: String, value: String)] {
    var result: [(name: String, value: String)] = []
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let words = String(line).trimmed
      if words.isEmpty || words.hasPrefix("#") { continue }
      guard let equals = words.firstIndex(of: "="), equals != words.startIndex else {
        throw PromiseFileError.malformed(
          source: source,
          line: index + 1,
          reason: "'\(words.prefix(60))' is not a measurement",
          hint: "write NAME=NUMBER, such as rss_mb=412, or JSON"
        )
      }
      result.append(
        (
          String(words[..<equals]).trimmed,
          String(words[words.index(after: equals)...]).trimmed
        )
      )
    }
    return result
  }

  /// `{"rss_mb": 412, "p95_ms": [18.5, 19]}`, or `[{"name": "rss_mb", "value": 412}, …]`.
  private static func json(
    _ value: JSONValue,
    _ source: String
  ) throws -> [(name: String, value: String)] {
    func fail(_ what: String) -> PromiseFileError {
      .malformed(
        source: source,
        line: 1,
        reason: what,
        hint: "write {\"rss_mb\": 412, \"p95_ms\": [18.5, 19]}"
      )
    }
    func numbers(_ value: JSONValue?, of name: String) throws -> [String] {
      switch value {
      case .number(let text): return [text]
      case .array(let items): return try items.flatMap { try numbers($0, of: name) }
      default: throw fail("the value of '\(name)' is neither a number nor a list of numbers")
      }
    }
    switch value {
    case .object(let members):
      if case .array? = members["samples"], members.count == 1 {
        return try json(members["samples"] ?? .null, source)
      }
      return try members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .flatMap { name, value in try numbers(value, of: name).map { (name, $0) } }
    case .array(let items):
      return try items.flatMap { item -> [(name: String, value: String)] in
        guard let name = item["name"]?.text else { throw fail("a measurement has no 'name'") }
        return try numbers(item["value"] ?? item["values"], of: name).map { (name, $0) }
      }
    default: throw fail("the file holds no measurements")
    }
  }
}
