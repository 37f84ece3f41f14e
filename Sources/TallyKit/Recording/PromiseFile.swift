import TallyBooks
public import TallyModel
import TallyReport
import Yams

/// Why a file of promises or measurements was refused: nothing of it was recorded.
public enum PromiseFileError: UserFacingError {
  /// The file cannot be read, or holds nothing.
  case unreadable(source: String)
  /// The file is longer than 1 MiB, or holds more than 10,000 records.
  case tooLong(source: String)
  /// A line of the file is not what it should be.
  case malformed(source: String, line: Int, reason: String, hint: String?)
  /// One of the promises is refused, as it would be on the command line.
  case refused(source: String, line: Int, because: any UserFacingError)

  /// The longest file, in bytes.
  static let sizeLimit = 1 << 20
  /// The most records of a file.
  static let recordLimit = 10_000

  /// What scripts match on; of a refused promise the code of the reason.
  public var code: String {
    switch self {
    case .unreadable: "promise.unreadable"
    case .tooLong: "promise.too-long"
    case .malformed: "promise.malformed"
    case .refused(_, _, let reason): reason.code
    }
  }

  /// The sentence.
  public var description: String {
    switch self {
    case .unreadable(let source): "\(source) cannot be read, or is empty"
    case .tooLong(let source):
      "\(source) is longer than \(Self.sizeLimit) bytes or \(Self.recordLimit) records"
    case .malformed(let source, let line, let reason, _): "\(source):\(line): \(reason)"
    case .refused(let source, let line, let reason): "\(source):\(line): \(reason.description)"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .unreadable: "check the path after --file"
    case .tooLong: "split it"
    case .malformed(_, _, _, let hint): hint
    case .refused(_, _, let reason): reason.hint
    }
  }
}

/// A file of many waivers: YAML (so JSON, too) or comma-separated values.
enum WaiverFile {
  /// The columns and keys.
  static let keys = ["violation", "why", "until", "from", "by"]

  private static let advice =
    "each waiver has violation, why and until; from and by may be left out"

  /// Reads the waivers, each with its line.
  ///
  /// What the command line says counts where the file says nothing.
  static func read(
    _ bytes: [UInt8],
    source: String,
    defaults: WaiveRequest.Defaults,
    now: Timestamp
  ) throws -> [(line: Int, request: WaiveRequest)] {
    if bytes.count > PromiseFileError.sizeLimit { throw PromiseFileError.tooLong(source: source) }
    guard let text = String(validating: bytes, as: UTF8.self), !text.trimmed.isEmpty else {
      throw PromiseFileError.unreadable(source: source)
    }
    let name = source.lowercased()
    let isTable =
      name.hasSuffix(".csv")
      || !name.hasSuffix(".yml") && !name.hasSuffix(".yaml")
        && !name.hasSuffix(".json") && looksLikeTable(text)
    let records = isTable ? try table(text, source) : try yaml(text, source)
    if records.count > PromiseFileError.recordLimit {
      throw PromiseFileError.tooLong(source: source)
    }
    if records.isEmpty { throw PromiseFileError.unreadable(source: source) }
    return try records.map { line, values in
      func fail(_ reason: String, _ hint: String? = nil) -> PromiseFileError {
        .malformed(source: source, line: line, reason: reason, hint: hint ?? advice)
      }
      func moment(_ key: String) throws -> Timestamp? {
        guard let text = values[key]?.first else { return nil }
        guard let moment = Moment.read(text, now: now) else {
          throw fail("'\(text)' after '\(key)' is not a date or time", "write 2026-11-20 or 30d")
        }
        return moment
      }
      let violations = values["violation"] ?? []
      if violations.isEmpty { throw fail("the waiver names no violation") }
      guard let why = values["why"]?.first ?? defaults.reason else {
        throw fail("the waiver has no reason")
      }
      guard let until = try moment("until") ?? defaults.until else {
        throw fail("the waiver has no end")
      }
      return (
        line,
        WaiveRequest(
          violations: violations,
          reason: why,
          from: try moment("from") ?? defaults.from,
          until: until,
          owner: values["by"]?.first ?? defaults.owner
        )
      )
    }
  }

  private static func looksLikeTable(_ text: String) -> Bool {
    let heading = text.prefix { !$0.isNewline }.lowercased()
    return heading.contains("violation") && (heading.contains(",") || heading.contains(";"))
      && !heading.contains("{") && !heading.contains("[")
  }

  // MARK: Tables

  private static func table(
    _ text: String,
    _ source: String
  ) throws -> [(line: Int, values: [String: [String]])] {
    let records: [(line: Int, fields: [String])]
    do {
      records = try Table.records(of: text)
    } catch {
      throw PromiseFileError.malformed(
        source: source,
        line: error.line,
        reason: error.reason,
        hint: "write a quotation mark inside a quoted field twice"
      )
    }
    guard let heading = records.first else { return [] }
    let names = heading.fields.map { $0.trimmed.lowercased() }
    for name in names where !keys.contains(name) || names.count(where: { $0 == name }) > 1 {
      throw PromiseFileError.malformed(
        source: source,
        line: heading.line,
        reason: keys.contains(name)
          ? "the column '\(name)' is there twice" : "there is no column '\(name)'",
        hint: "the columns are: \(keys.joined(separator: ", "))"
      )
    }
    return try records.dropFirst().map { line, fields in
      if fields.count != names.count {
        throw PromiseFileError.malformed(
          source: source,
          line: line,
          reason: "\(fields.count) fields, but \(names.count) columns",
          hint: "put quotation marks around a text that holds a comma"
        )
      }
      var values: [String: [String]] = [:]
      for (name, field) in zip(names, fields) where !field.trimmed.isEmpty {
        values[name] =
          name == "violation"
          ? field.split { $0 == " " || $0 == "," || $0 == ";" }.map(String.init)
          : [field.trimmed]
      }
      return (line, values)
    }
  }

  // MARK: YAML

  private static func yaml(
    _ text: String,
    _ source: String
  ) throws -> [(line: Int, values: [String: [String]])] {
    let mistakes = MistakeList()
    let root = YAMLDocument.root(of: text, mistakes: mistakes)
    if let first = mistakes.sorted.first {
      throw PromiseFileError.malformed(
        source: source,
        line: first.line,
        reason: first.sentence,
        hint: first.hint
      )
    }
    func fail(_ node: Node?, _ reason: String) -> PromiseFileError {
      .malformed(source: source, line: node?.mark?.line ?? 1, reason: reason, hint: advice)
    }
    guard let root else { return [] }
    guard case .sequence(let sequence) = root["waivers"] ?? root else {
      throw fail(root, "the file is neither a list of waivers nor a mapping with 'waivers'")
    }
    return try sequence.map { node in
      guard case .mapping(let mapping) = node else { throw fail(node, "a waiver is a mapping") }
      var values: [String: [String]] = [:]
      for (key, value) in mapping {
        var name = key.string ?? ""
        if name == "violations" { name = "violation" }
        guard keys.contains(name) else { throw fail(key, "there is no key '\(name)'") }
        let nodes = name == "violation" ? value.sequence.map { Array($0) } ?? [value] : [value]
        values[name] = try nodes.map { node in
          guard case .scalar(let scalar) = node, !scalar.string.isEmpty else {
            throw fail(node, "'\(name)' must be a text")
          }
          return scalar.string
        }
      }
      return (node.mark?.line ?? 1, values)
    }
  }
}

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
