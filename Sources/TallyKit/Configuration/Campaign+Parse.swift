import TallyModel
import Yams

extension Campaign {
  /// Reads one entry of `campaigns`.
  static func read(_ reader: ConfigurationReader) -> Campaign? {
    let id = reader.needed("id")
    if let id, !id.isPlainName {
      reader.mistakes.add(
        reader.node("id")?.mark,
        "the id '\(id)' may hold letters, digits, '.', '_' and '-' only",
        "it is typed after --campaign"
      )
    }
    var result = Campaign(id: id ?? "")
    result.issue = reader.issue("issue")
    result.title = reader.text("title") ?? result.id
    result.summary = reader.text("summary")
    result.select = reader.selection("select")
    result.baseline = reader.baseline("baseline")
    result.target = reader.int("target") ?? 0
    result.due = reader.date("due")
    result.priorities = reader.items("priorities", .priority, unique: { $0.id }, PriorityRule.read)
    result.components = reader.items("components", .component, unique: { $0.name }) { entry in
      guard let name = entry.needed("name") else { return nil }
      return Component(
        name: name,
        paths: entry.globs("paths", .path),
        tests: entry.globs("tests", .testID)
      )
    }
    result.metrics = reader.items("metrics", .metric, unique: { $0.name }) { entry in
      guard let name = entry.needed("name") else { return nil }
      return Metric(
        name: name,
        title: entry.text("title") ?? name,
        better: entry.word("better", of: Metric.Direction.self) ?? .lower,
        target: entry.number("target")
      )
    }
    result.criteria = reader.items("criteria", .criterion, Criterion.read)
    result.mentions = result.issueReference.map { [$0] } ?? []
    if let node = reader.node("commits"),
      let entry = ConfigurationReader(node, .commits, reader.mistakes)
    {
      if entry.node("mention") != nil { result.mentions = entry.texts("mention") }
    }
    if let node = reader.node("narrative"),
      let entry = ConfigurationReader(node, .narrative, reader.mistakes)
    {
      for part in NarrativePartial.Part.allCases {
        if let path = entry.innerPath(part.rawValue) {
          result.narrative.append(NarrativePartial(part: part, path: path))
        }
      }
    }
    // A campaign without an id was a mistake; two of them are not two of one name.
    return id == nil ? nil : result
  }
}

extension PriorityRule {
  /// Reads one entry of `priorities`.
  static func read(_ reader: ConfigurationReader) -> PriorityRule? {
    guard let id = reader.needed("id") else { return nil }
    if id == unassignedID {
      reader.mistakes.add(
        reader.node("id")?.mark,
        "'\(unassignedID)' is what no priority takes",
        "choose another id"
      )
    }
    var result = PriorityRule(id: id)
    result.title = reader.text("title") ?? id
    result.paths = reader.globs("paths", .path)
    result.rules = reader.globs("rules", .name)
    result.levels = reader.levels("levels")
    result.impact = reader.text("impact")
    result.risk = reader.text("risk")
    return result
  }
}

extension Criterion {
  /// Reads one entry of `criteria`.
  static func read(_ reader: ConfigurationReader) -> Criterion? {
    let title = reader.needed("title")
    let present = ConfigurationSection.checks.filter { reader.node($0) != nil }
    guard present.count == 1 else {
      let names = ConfigurationSection.checks.joined(separator: ", ")
      reader.mistakes.add(
        reader.mark,
        present.isEmpty
          ? "a criterion needs something to check"
          : "a criterion checks one thing, but this one has \(present.joined(separator: " and "))",
        present.isEmpty ? "add one of \(names)" : "write a criterion for each"
      )
      return nil
    }
    guard let check = check(present[0], reader), let title else { return nil }
    return Criterion(title: title, check: check)
  }

  private static func check(_ key: String, _ reader: ConfigurationReader) -> Check? {
    switch key {
    case "violations": reader.int(key).map { .violations(atMost: $0) }
    case "tests": tests(reader)
    case "measurement": measurement(reader)
    case "no_new":
      reader.node(key)
        .flatMap { ConfigurationReader($0, .noNewCriterion, reader.mistakes) }
        .flatMap { entry in
          entry.require("since")
          return entry.word("since", of: Point.self).map { .noNew(since: $0) }
        }
    default: attested(reader.text(key), reader)
    }
  }

  private static func attested(_ name: String?, _ reader: ConfigurationReader) -> Check? {
    if let name, name.hasPrefix(StatusWord.prefix) {
      reader.mistakes.add(
        reader.node("attested")?.mark,
        "'\(StatusWord.prefix)' begins what people say of a campaign's status",
        "choose another name"
      )
    }
    return name.map { .attested(name: $0) }
  }

  private static func tests(_ reader: ConfigurationReader) -> Check? {
    guard let node = reader.node("tests") else { return nil }
    if case .scalar(let scalar) = node {
      if scalar.string == "passing" { return .tests(match: nil, allowsFlaky: false) }
      reader.mistakes.add(
        node.mark,
        "'tests' must be passing or a mapping, but it is '\(scalar.string)'",
        "write passing, or {match: \"tests/**\", passing: true}"
      )
      return nil
    }
    guard let entry = ConfigurationReader(node, .testsCriterion, reader.mistakes) else {
      return nil
    }
    entry.require("passing", "add passing: true")
    if entry.bool("passing") == false {
      reader.mistakes.add(
        entry.node("passing")?.mark,
        "'passing' must be true",
        "tests that have to fail cannot be asked for"
      )
    }
    return .tests(
      match: entry.glob("match", .testID),
      allowsFlaky: entry.bool("allow_flaky") ?? false
    )
  }

  private static func measurement(_ reader: ConfigurationReader) -> Check? {
    guard let node = reader.node("measurement"),
      let entry = ConfigurationReader(node, .measurementCriterion, reader.mistakes)
    else { return nil }
    let name = entry.needed("name")
    let bounds = Bound.allCases.filter { entry.node($0.rawValue) != nil }
    guard bounds.count == 1, let value = entry.node(bounds[0].rawValue) else {
      reader.mistakes.add(
        node.mark,
        "a measurement needs one limit, but this one has \(bounds.isEmpty ? "none" : "two")",
        "write at_most or at_least with a number or baseline"
      )
      return nil
    }
    let limit: Limit
    if let number = ConfigurationReader.number(value) {
      limit = .number(number)
    } else if case .scalar(let scalar) = value, scalar.string == "baseline" {
      limit = .baseline
    } else {
      reader.mistakes.add(
        value.mark,
        "'\(bounds[0].rawValue)' must be a number or baseline, but it is "
          + ConfigurationReader.describe(value)
      )
      return nil
    }
    return name.map { .measurement(name: $0, bound: bounds[0], limit: limit) }
  }
}

extension ConfigurationReader {
  /// A number or a key; a leading `#` is left out.
  fileprivate func issue(_ key: String) -> String? {
    guard let node = node(key), let text = text(key) else { return nil }
    let name = text.hasPrefix("#") ? String(text.dropFirst()) : text
    if !name.isEmpty, !name.contains(where: \.isWhitespace) { return name }
    mistakes.add(
      node.mark,
      "'\(key)' must be a number or a key, but it is '\(text)'",
      "write 226 or NET-226"
    )
    return nil
  }

  fileprivate func selection(_ key: String) -> Selection {
    var result = Selection()
    guard let node = node(key), let entry = ConfigurationReader(node, .select, mistakes) else {
      return result
    }
    result.rules = entry.globs("rules", .name)
    result.paths = entry.globs("paths", .path)
    result.levels = entry.levels("levels")
    result.tags = entry.globs("tags", .name)
    result.tools = entry.globs("tools", .name)
    result.branch = entry.glob("branch", .name)
    return result
  }

  fileprivate func baseline(_ key: String) -> BaselineSpec? {
    guard let node = node(key), let entry = ConfigurationReader(node, .baseline, mistakes) else {
      return nil
    }
    let present = entry.section.keys.filter { entry.node($0) != nil }
    guard present.count == 1 else {
      mistakes.add(
        node.mark,
        "a baseline is a commit, a date or a number, but this one has "
          + (present.isEmpty ? "none of them" : present.joined(separator: " and "))
      )
      return nil
    }
    switch present[0] {
    case "date": return entry.date("date").map(BaselineSpec.date)
    case "number": return entry.int("number").map(BaselineSpec.number)
    default:
      guard let text = entry.text("commit") else { return nil }
      if (7...64).contains(text.utf8.count), text.allSatisfy(\.isHexDigit) {
        return .commit(text.lowercased())
      }
      mistakes.add(
        entry.node("commit")?.mark,
        "'commit' must be the name of a commit, but it is '\(text)'",
        "write 7 to 64 hexadecimal digits: a branch would move"
      )
      return nil
    }
  }
}

extension String {
  /// True for letters, digits, `.`, `_` and `-` of ASCII.
  fileprivate var isPlainName: Bool {
    !isEmpty
      && unicodeScalars.allSatisfy {
        $0.isASCII && ($0.properties.isAlphabetic || "0123456789._-".unicodeScalars.contains($0))
      }
  }
}
