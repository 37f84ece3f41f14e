import TallyModel
import Yams

/// One mapping of the file, read key by key; each thing that is wrong is added to the list and read as absent.
struct ConfigurationReader {
  let section: ConfigurationSection
  let mistakes: MistakeList
  /// Where the mapping begins.
  let mark: Mark?
  private let values: [String: Node]

  /// Takes a mapping, and adds its unknown keys to the mistakes; nil when the node is something else.
  init?(_ node: Node, _ section: ConfigurationSection, _ mistakes: MistakeList) {
    guard let pairs = Self.pairs(of: node, named: section.title, mistakes) else { return nil }
    var values: [String: Node] = [:]
    for (key, mark, value) in pairs {
      if section.keys.contains(key) {
        values[key] = value
      } else {
        mistakes.add(mark, "unknown key '\(key)' in \(section.title)", section.hint(for: key))
      }
    }
    self.section = section
    self.mistakes = mistakes
    self.values = values
    mark = node.mark
  }

  /// The keys and values of a mapping; nil when the node is something else.
  static func pairs(
    of node: Node,
    named name: String,
    _ mistakes: MistakeList
  ) -> [(key: String, mark: Mark?, value: Node)]? {
    guard case .mapping(let mapping) = node else {
      mistakes.add(
        node.mark,
        "\(name) must be a mapping of keys to values, but it is \(describe(node))"
      )
      return nil
    }
    var result: [(key: String, mark: Mark?, value: Node)] = []
    for (key, value) in mapping {
      guard mistakes.count(key.mark) else { return result }
      guard case .scalar(let scalar) = key else {
        mistakes.add(key.mark, "a key of \(name) must be a text")
        continue
      }
      result.append((scalar.string, scalar.mark, value))
    }
    return result
  }

  /// The value of a key; nil when it is absent or empty.
  func node(_ key: String) -> Node? {
    if !section.keys.contains(key) {
      mistakes.add(
        nil,
        "the program asks for '\(section.path(to: key))', which is in no list of keys"
      )
    }
    guard let node = values[key], mistakes.count(node.mark) else { return nil }
    if case .scalar(let scalar) = node, scalar.isNull { return nil }
    return node
  }

  /// Says that a key has to be there.
  func require(_ key: String, _ hint: String? = nil) {
    if node(key) == nil {
      mistakes.add(mark, "\(section.title) needs the key '\(key)'", hint)
    }
  }

  func text(_ key: String) -> String? {
    node(key).flatMap { Self.text($0, named: "'\(key)'", mistakes) }
  }

  func bool(_ key: String) -> Bool? {
    guard let node = node(key) else { return nil }
    if case .scalar(let scalar) = node, scalar.style == .plain {
      if scalar.string == "true" { return true }
      if scalar.string == "false" { return false }
    }
    mistakes.add(node.mark, "'\(key)' must be true or false, but it is \(Self.describe(node))")
    return nil
  }

  /// A whole number from a lowest one on.
  func int(_ key: String, from lowest: Int = 0) -> Int? {
    guard let node = node(key) else { return nil }
    if case .scalar(let scalar) = node, scalar.style == .plain, let value = Int(scalar.string) {
      if value >= lowest { return value }
      mistakes.add(node.mark, "'\(key)' must be at least \(lowest), but it is \(value)")
      return nil
    }
    mistakes.add(node.mark, "'\(key)' must be a whole number, but it is \(Self.describe(node))")
    return nil
  }

  func number(_ key: String) -> Double? {
    guard let node = node(key) else { return nil }
    if let value = Self.number(node) { return value }
    mistakes.add(node.mark, "'\(key)' must be a number, but it is \(Self.describe(node))")
    return nil
  }

  static func number(_ node: Node) -> Double? {
    guard case .scalar(let scalar) = node, scalar.style == .plain,
      let value = Double(scalar.string), value.isFinite,
      scalar.string.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) })
    else { return nil }
    return value
  }

  /// A calendar day, as its midnight in UTC.
  func date(_ key: String) -> Timestamp? {
    guard let node = node(key) else { return nil }
    if case .scalar(let scalar) = node, scalar.string.utf8.count == 10,
      let value = Timestamp(iso8601: scalar.string)
    {
      return value
    }
    mistakes.add(
      node.mark,
      "'\(key)' must be a date, but it is \(Self.describe(node))",
      "write year, month and day, such as 2026-12-18"
    )
    return nil
  }

  /// A length of time such as `14d`, in seconds.
  func duration(_ key: String) -> Int64? {
    guard let node = node(key) else { return nil }
    let units: [Character: Int64] = ["w": 604_800, "d": 86_400, "h": 3600, "m": 60]
    if case .scalar(let scalar) = node, let unit = scalar.string.last.flatMap({ units[$0] }),
      let count = Int64(scalar.string.dropLast()), (1...100_000).contains(count)
    {
      return count * unit
    }
    mistakes.add(
      node.mark,
      "'\(key)' must be a length of time, but it is \(Self.describe(node))",
      "write a number and one of w, d, h, m, such as 14d"
    )
    return nil
  }

  /// One of some words.
  func word<Value: RawRepresentable & CaseIterable>(
    _ key: String,
    of type: Value.Type
  ) -> Value? where Value.RawValue == String {
    node(key).flatMap { word($0, key, among: Value.allCases.map { ($0.rawValue, $0) }) }
  }

  func word<Value>(_ node: Node, _ key: String, among words: [(String, Value)]) -> Value? {
    guard let text = Self.text(node, named: "'\(key)'", mistakes) else { return nil }
    if let match = words.first(where: { $0.0 == text }) { return match.1 }
    let names = words.map(\.0)
    let choices = names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    mistakes.add(
      node.mark,
      "'\(key)' must be \(choices), but it is '\(text)'",
      Suggestion.nearest(to: text, among: names).map { "did you mean '\($0)'?" }
    )
    return nil
  }

  /// The entries of a list; empty when the key is absent.
  func list(_ key: String) -> [Node] {
    guard let node = node(key) else { return [] }
    guard case .sequence(let sequence) = node else {
      var hint: String?
      if case .scalar(let scalar) = node { hint = "write [\(scalar.string)]" }
      mistakes.add(node.mark, "'\(key)' must be a list, but it is \(Self.describe(node))", hint)
      return []
    }
    return sequence.filter { mistakes.count($0.mark) }
  }

  func texts(_ key: String) -> [String] {
    list(key).compactMap { Self.text($0, named: "an entry of '\(key)'", mistakes) }
  }

  func levels(_ key: String) -> [Level] {
    list(key).compactMap { word($0, key, among: Level.allCases.reversed().map { ($0.name, $0) }) }
  }

  func globs(_ key: String, _ dialect: Glob.Dialect) -> [Glob] {
    list(key).compactMap { glob($0, "an entry of '\(key)'", dialect) }
  }

  func glob(_ key: String, _ dialect: Glob.Dialect) -> Glob? {
    node(key).flatMap { glob($0, "'\(key)'", dialect) }
  }

  private func glob(_ node: Node, _ name: String, _ dialect: Glob.Dialect) -> Glob? {
    guard let text = Self.text(node, named: name, mistakes) else { return nil }
    if dialect == .path, text.hasPrefix("/") || text.hasPrefix("./") || text.hasPrefix("../") {
      mistakes.add(
        node.mark,
        "'\(text)' must be a pattern over paths from the top of the repository",
        "write it without the leading '\(text.prefix { $0 == "." })/'"
      )
      return nil
    }
    let isWindows = zip(text, text.dropFirst()).contains { $0 == "\\" && $1.isLetter }
    if dialect == .path, isWindows {
      mistakes.add(node.mark, "'\(text)' separates folders with '\\'", "write '/' instead")
      return nil
    }
    do {
      return try Glob(text, dialect: dialect)
    } catch {
      mistakes.add(node.mark, "'\(text)' is no pattern: \(error.reason)")
      return nil
    }
  }

  /// A path below the folder of the file.
  func innerPath(_ key: String) -> String? {
    guard let node = node(key), let text = text(key) else { return nil }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    if text.hasPrefix("/") || parts.contains("..") || text.contains("\\") {
      mistakes.add(
        node.mark,
        "'\(key)' must be a path below the folder of tally.yml, but it is '\(text)'",
        "put the file into the repository"
      )
      return nil
    }
    return text
  }

  static func text(_ node: Node, named name: String, _ mistakes: MistakeList) -> String? {
    guard case .scalar(let scalar) = node, !scalar.isNull else {
      mistakes.add(node.mark, "\(name) must be a text, but it is \(describe(node))")
      return nil
    }
    if scalar.string.isEmpty {
      mistakes.add(node.mark, "\(name) must not be empty", "leave it out instead")
      return nil
    }
    return scalar.string
  }

  /// What a value is, for a sentence.
  static func describe(_ node: Node) -> String {
    switch node {
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .alias: "an alias"
    case .scalar(let scalar):
      if scalar.isNull {
        "empty"
      } else if scalar.style == .plain {
        "'\(scalar.string.prefix(60))'"
      } else {
        "the text '\(scalar.string.prefix(60))'"
      }
    }
  }
}

extension Node.Scalar {
  /// True for a value that was left out.
  var isNull: Bool { style == .plain && ["", "~", "null", "Null", "NULL"].contains(string) }
}

extension ConfigurationSection {
  /// How the mapping is called in a sentence.
  var title: String { rawValue.isEmpty ? "the file" : "'\(rawValue)'" }

  /// What was probably meant by an unknown key.
  func hint(for key: String) -> String {
    if let near = Suggestion.nearest(to: key, among: keys) { return "did you mean '\(near)'?" }
    if key == "<<" { return "merge keys are not supported: repeat the keys" }
    if let other = Self.allCases.first(where: { $0 != self && $0.keys.contains(key) }) {
      return "'\(key)' belongs to \(other.title)"
    }
    return "known keys: \(keys.joined(separator: ", "))"
  }
}
