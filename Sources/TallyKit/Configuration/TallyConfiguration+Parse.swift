import TallyModel
import Yams

extension TallyConfiguration {
  /// Reads a `tally.yml`.
  ///
  /// Every mistake is found in one go, but for those of the YAML itself, which hide the rest.
  ///
  /// - Parameters:
  ///   - text: The file's text.
  ///   - file: The file's name as errors show it.
  /// - Returns: What it says, with defaults filled in.
  /// - Throws: ``ConfigurationError``.
  public static func parse(
    _ text: String,
    file: String = "tally.yml"
  ) throws(ConfigurationError) -> TallyConfiguration {
    let mistakes = MistakeList()
    let configuration = read(text, mistakes)
    if mistakes.mistakes.isEmpty { return configuration }
    throw ConfigurationError(file: file, mistakes: mistakes.sorted)
  }

  /// Reads a `tally.yml` from its bytes, which have to be UTF-8.
  ///
  /// - Throws: ``ConfigurationError``.
  public static func parse(
    utf8 bytes: [UInt8],
    file: String = "tally.yml"
  ) throws(ConfigurationError) -> TallyConfiguration {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let mistake = ConfigurationError.Mistake(
        line: 0,
        column: 0,
        sentence: "the file is not UTF-8",
        hint: "save it as UTF-8"
      )
      throw ConfigurationError(file: file, mistakes: [mistake])
    }
    return try parse(text, file: file)
  }

  private static func read(_ text: String, _ mistakes: MistakeList) -> TallyConfiguration {
    var result = TallyConfiguration()
    let body =
      text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    guard let root = YAMLDocument.root(of: body, mistakes: mistakes) else {
      if mistakes.mistakes.isEmpty {
        mistakes.add(nil, "the file is empty", "begin with 'version: 1'")
      }
      return result
    }
    guard let reader = ConfigurationReader(root, .top, mistakes) else { return result }
    reader.require("version", "begin with 'version: 1'")
    if let version = reader.int("version", from: 1), version != currentVersion {
      mistakes.add(
        reader.node("version")?.mark,
        "this program reads version \(currentVersion) of the form, but the file has \(version)",
        version > currentVersion ? "use a newer tally" : nil
      )
    }
    result.project = reader.text("project")
    result.branch = reader.text("branch")
    result.ledger = reader.text("ledger")
    result.repositoryURL = reader.webAddress("repository_url")
    if let seconds = reader.duration("stale_after") { result.staleAfterSeconds = seconds }
    if let zone = reader.timeZone("time_zone") { result.timeZone = zone }
    result.templates = reader.innerPath("templates")
    result.lanes = reader.items("lanes", .lane) { entry in
      guard let tool = entry.needed("tool") else { return nil }
      return LaneExpectation(
        tool: tool,
        category: entry.text("category") ?? "",
        branch: entry.text("branch")
      )
    }
    (result.ruleAliases, result.toolRuleAliases) = reader.aliases("rule_aliases")
    if let entry = reader.inner("waivers", .waivers) {
      result.waivers = WaiverPolicy(
        longestSeconds: entry.duration("longest"),
        who: entry.globs("who", .name),
        atMost: entry.int("at_most"),
        reason: entry.glob("reason", .name)
      )
    }
    if let node = reader.node("share"),
      let entry = ConfigurationReader(node, .share, mistakes)
    {
      result.share = SharePolicy(
        remote: entry.text("remote"),
        ref: entry.text("ref"),
        projects: entry.globs("projects", .name)
      )
    }
    result.campaigns = reader.items("campaigns", .campaign, unique: { $0.id }, Campaign.read)
    if let entry = reader.inner("gate", .gate) {
      result.gate = GatePolicy.read(entry)
      result.gate.check(against: result.campaigns, entry)
    }
    return result
  }
}

extension ConfigurationReader {
  /// A text that has to be there.
  func needed(_ key: String) -> String? {
    require(key)
    return text(key)
  }

  /// The mapping of a key; nil when it is absent or something else.
  func inner(_ key: String, _ section: ConfigurationSection) -> ConfigurationReader? {
    node(key).flatMap { ConfigurationReader($0, section, mistakes) }
  }

  /// The mappings of a list, each read by `read`; of two with one name the second is a mistake.
  func items<Item>(
    _ key: String,
    _ section: ConfigurationSection,
    unique name: ((Item) -> String)? = nil,
    _ read: (ConfigurationReader) -> Item?
  ) -> [Item] {
    var result: [Item] = []
    var seen: Set<String> = []
    for node in list(key) {
      guard let reader = ConfigurationReader(node, section, mistakes), let item = read(reader)
      else { continue }
      if let name = name?(item), !seen.insert(name).inserted {
        mistakes.add(node.mark, "'\(key)' has two entries named '\(name)'", "rename one of them")
      }
      result.append(item)
    }
    return result
  }

  /// An address for a browser, without slashes at the end.
  func webAddress(_ key: String) -> String? {
    guard let node = node(key), var text = text(key) else { return nil }
    let host = text.drop { $0 != "/" }.drop { $0 == "/" }.prefix { $0 != "/" }
    let isWeb = text.hasPrefix("https://") || text.hasPrefix("http://")
    if !isWeb || host.isEmpty || text.contains(where: \.isWhitespace) {
      mistakes.add(
        node.mark,
        "'\(key)' must be an address, but it is '\(text)'",
        "begin with https://"
      )
      return nil
    }
    if host.contains("@") {
      mistakes.add(node.mark, "'\(key)' holds a user name or a password", "leave it out")
      return nil
    }
    while text.hasSuffix("/") { text.removeLast() }
    return text
  }

  /// The name of a time zone, checked for its form only.
  func timeZone(_ key: String) -> String? {
    guard let node = node(key), let text = text(key) else { return nil }
    let isName =
      text == "UTC"
      || (text.contains("/") && !text.hasPrefix("/") && !text.contains("..")
        && text.unicodeScalars.allSatisfy {
          $0.isASCII && ($0.properties.isAlphabetic || "0123456789_+-/".unicodeScalars.contains($0))
        })
    if isName { return text }
    mistakes.add(
      node.mark,
      "'\(key)' must be UTC or the name of a zone, but it is '\(text)'",
      "write it as Europe/Berlin"
    )
    return nil
  }

  /// Rule ids and what they mean, of all tools and of one each; a circle is a mistake.
  func aliases(_ key: String) -> (all: [String: String], tools: [String: [String: String]]) {
    guard let node = node(key), let pairs = Self.pairs(of: node, named: "'\(key)'", mistakes)
    else { return ([:], [:]) }
    var tools: [String: [String: String]] = [:]
    var plain: [(key: String, mark: Mark?, value: Node)] = []
    for pair in pairs {
      guard case .mapping = pair.value else {
        plain.append(pair)
        continue
      }
      if pair.key != pair.key.lowercased() {
        mistakes.add(
          pair.mark,
          "'\(pair.key)' of '\(key)' is no tool: their ids are lowercase",
          "write it as '\(pair.key.lowercased())'"
        )
      }
      let inner = Self.pairs(of: pair.value, named: "'\(key).\(pair.key)'", mistakes) ?? []
      tools[pair.key] = aliases(inner)
    }
    return (aliases(plain), tools)
  }

  private func aliases(_ pairs: [(key: String, mark: Mark?, value: Node)]) -> [String: String] {
    var result: [String: String] = [:]
    for (rule, _, value) in pairs {
      result[rule] = Self.text(value, named: "the meaning of '\(rule)'", mistakes)
    }
    for (rule, mark, _) in pairs {
      var seen: Set<String> = [rule]
      var current = rule
      while let next = result[current], seen.insert(next).inserted { current = next }
      if result[current] == rule {
        mistakes.add(mark, "the alias '\(rule)' leads back to itself", "name the newest id last")
      }
    }
    return result
  }
}
