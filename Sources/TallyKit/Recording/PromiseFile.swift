public import TallyModel
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

/// What counts for every promise of a file that does not say otherwise.
public struct PromiseDefaults: Sendable {
  /// The reason.
  public var reason: String?
  /// From when it counts.
  public var from: Timestamp?
  /// The first moment without it.
  public var until: Timestamp?
  /// Who makes it.
  public var owner: String?

  /// Creates defaults.
  public init(reason: String?, from: Timestamp?, until: Timestamp?, owner: String?) {
    self.reason = reason
    self.from = from
    self.until = until
    self.owner = owner
  }
}

/// A file of many promises of one kind: YAML (so JSON, too) or comma-separated values.
struct PromiseFile {
  /// What each promise is called, such as `waiver`; with an s it is the key of a list.
  let noun: String
  /// The key of what a promise is about, such as `violation`.
  let subject: String
  /// The same key for many; nil where a promise is about one.
  let subjects: String?
  /// Keys that this kind has beside those of all.
  let ownKeys: [String]

  static let waivers = PromiseFile(
    noun: "waiver",
    subject: "violation",
    subjects: "violations",
    ownKeys: []
  )
  static let attestations = PromiseFile(
    noun: "attestation",
    subject: "criterion",
    subjects: nil,
    ownKeys: ["campaign"]
  )

  /// One promise, as it was written.
  struct Record {
    let line: Int
    /// What it is about; one, unless the kind has a key for many.
    let subjects: [String]
    /// The values of the kind's own keys.
    let own: [String: String]
    let reason: String
    let from: Timestamp?
    let until: Timestamp
    let owner: String?
  }

  private typealias Values = (line: Int, values: [String: [String]])

  /// The columns and keys.
  private var keys: [String] { [subject] + ownKeys + ["why", "until", "from", "by"] }

  private var advice: String {
    let rest = (ownKeys + ["from"]).joined(separator: ", ")
    return "each \(noun) has \(subject), why and until; \(rest) and by may be left out"
  }

  /// Reads the promises, each with its line.
  ///
  /// What the command line says counts where the file says nothing.
  func read(
    _ bytes: [UInt8],
    source: String,
    defaults: PromiseDefaults,
    now: Timestamp
  ) throws -> [Record] {
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
      let named = values[subject] ?? []
      if named.isEmpty { throw fail("the \(noun) names no \(subject)") }
      guard let why = values["why"]?.first ?? defaults.reason else {
        throw fail("the \(noun) has no reason")
      }
      guard let until = try moment("until") ?? defaults.until else {
        throw fail("the \(noun) has no end")
      }
      return Record(
        line: line,
        subjects: named,
        own: values.filter { ownKeys.contains($0.key) }.compactMapValues(\.first),
        reason: why,
        from: try moment("from") ?? defaults.from,
        until: until,
        owner: values["by"]?.first ?? defaults.owner
      )
    }
  }

  private func looksLikeTable(_ text: String) -> Bool {
    let heading = text.prefix { !$0.isNewline }.lowercased()
    return heading.contains(subject) && (heading.contains(",") || heading.contains(";"))
      && !heading.contains("{") && !heading.contains("[")
  }

  // MARK: Tables

  private func table(_ text: String, _ source: String) throws -> [Values] {
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
          name == subject && subjects != nil
          ? field.split { $0 == " " || $0 == "," || $0 == ";" }.map(String.init)
          : [field.trimmed]
      }
      return (line, values)
    }
  }

  // MARK: YAML

  private func yaml(_ text: String, _ source: String) throws -> [Values] {
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
    guard case .sequence(let sequence) = root["\(noun)s"] ?? root else {
      throw fail(root, "the file is neither a list of \(noun)s nor a mapping with '\(noun)s'")
    }
    return try sequence.map { node in
      guard case .mapping(let mapping) = node else {
        throw fail(node, "each \(noun) is a mapping")
      }
      var values: [String: [String]] = [:]
      for (key, value) in mapping {
        var name = key.string ?? ""
        if name == subjects { name = subject }
        guard keys.contains(name) else { throw fail(key, "there is no key '\(name)'") }
        let isMany = name == subject && subjects != nil
        let nodes = isMany ? value.sequence.map { Array($0) } ?? [value] : [value]
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
