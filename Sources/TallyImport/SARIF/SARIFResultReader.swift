internal import TallyModel

/// Makes findings of the results of one run.
struct SARIFResultReader {
  private let header: SARIFRunHeader
  var counts: SARIFCounts
  /// For each component and rule, whether a result named it.
  private var hasResult: [[Bool]]
  private var furtherLocations = 0
  /// The last location: results of one file follow each other.
  private var lastURI = ""

  init(_ header: SARIFRunHeader) {
    self.header = header
    counts = header.counts
    hasResult = header.rules.components.map { [Bool](repeating: false, count: $0.rules.count) }
  }

  /// The properties of a result, in the order they are needed and not that of the file.
  private struct Parts {
    var ruleID: JSONValue?
    var ruleIndex: JSONValue?
    var rule: JSONValue?
    var level: JSONValue?
    var kind: JSONValue?
    var message: JSONValue?
    var locations: JSONValue?
    var fingerprints: JSONValue?
    var partialFingerprints: JSONValue?
    var suppressions: JSONValue?
    var baselineState: JSONValue?
    var provenance: JSONValue?
  }

  private mutating func parts(of value: JSONValue) throws(JSONProblem) -> Parts {
    var parts = Parts()
    for field in try value.object() {
      switch counts.name(of: field, in: .result) {
      case .ruleId: parts.ruleID = field
      case .ruleIndex: parts.ruleIndex = field
      case .rule: parts.rule = field
      case .level: parts.level = field
      case .kind: parts.kind = field
      case .message: parts.message = field
      case .locations: parts.locations = field
      case .fingerprints: parts.fingerprints = field
      case .partialFingerprints: parts.partialFingerprints = field
      case .suppressions: parts.suppressions = field
      case .baselineState: parts.baselineState = field
      case .provenance: parts.provenance = field
      default: break
      }
    }
    return parts
  }

  /// Returns the finding of a result, or nil for one that was counted as skipped.
  mutating func finding(
    from value: JSONValue,
    index: Int
  ) throws(JSONProblem) -> ImportedFinding? {
    let parts = try parts(of: value)
    let (ruleID, place) = try rule(of: parts)
    guard let kind = try kind(of: parts.kind) else { return nil }
    if let state = parts.baselineState, state.isText("absent") {
      counts.skip("baseline-absent")
      return nil
    }
    guard let located = try locate(parts.locations) else {
      counts.skip("no-location")
      return nil
    }
    let finding = ImportedFinding(
      index: index,
      ruleID: ruleID,
      level: try level(of: parts, kind: kind, place: place),
      message: try message(of: parts.message, place: place),
      location: located.location
    )
    return try complete(finding, kind: kind, located: located, parts: parts)
  }

  private mutating func complete(
    _ start: ImportedFinding,
    kind: ImportedFinding.Kind,
    located: SARIFPlace,
    parts: Parts
  ) throws(JSONProblem) -> ImportedFinding {
    var finding = start
    finding.kind = kind
    finding.region = located.region
    finding.snippet = located.snippet
    finding.contextSnippet = located.contextSnippet
    finding.symbol = located.symbol
    finding.furtherLocations = located.further
    furtherLocations += located.further
    if let list = parts.fingerprints {
      try counts.readFingerprints(list, isFull: true, into: &finding.fingerprints)
    }
    if let list = parts.partialFingerprints {
      try counts.readFingerprints(list, isFull: false, into: &finding.fingerprints)
    }
    if finding.fingerprints.count > 1 { finding.fingerprints.sort(by: Fingerprint.precedes) }
    if let list = parts.suppressions {
      for suppression in try list.array() {
        finding.suppressions.append(try counts.readSuppression(suppression))
      }
    }
    return finding
  }

  /// Nil for a kind that says that nothing is wrong.
  private mutating func kind(of value: JSONValue?) throws(JSONProblem) -> ImportedFinding.Kind? {
    guard let value else { return .fail }
    if value.isText("fail") { return .fail }
    if value.isText("open") { return .open }
    if value.isText("review") { return .review }
    for word in ["pass", "notApplicable", "informational"] as [StaticString]
    where value.isText(word) {
      counts.skip("kind-\(word)")
      return nil
    }
    throw value.problem(
      "the value must be one of fail, pass, review, open, notApplicable, informational"
    )
  }

  private mutating func rule(of parts: Parts) throws(JSONProblem) -> (String, SARIFRulePlace?) {
    var reference = SARIFRuleReference()
    if let rule = parts.rule { reference = try counts.readReference(rule) }
    if let id = parts.ruleID { reference.id = try id.string(&counts.replaced) }
    if let index = parts.ruleIndex, let place = try index.place() { reference.index = place }
    let (place, isMismatch) = header.rules.find(reference)
    if isMismatch { counts.adjust("rule-index-mismatch") }
    if let place { hasResult[place.component][place.rule] = true }
    if let id = reference.id, !id.isEmpty { return (id, place) }
    if let place { return (header.rules[place].rule.id, place) }
    counts.adjust("unnamed-rule")
    return ("unnamed", nil)
  }

  /// The effective level, as SARIF 2.1.0 §3.27.10 says.
  private mutating func level(
    of parts: Parts,
    kind: ImportedFinding.Kind,
    place: SARIFRulePlace?
  ) throws(JSONProblem) -> Level {
    if let value = parts.level {
      if let level = try value.level() { return level }
      counts.adjust("invalid-level")
    }
    if kind != .fail { return .none }
    guard let place else { return .warning }
    var invocation = header.levelOverrides.count == 1 ? 0 : nil
    if let provenance = parts.provenance {
      for field in try provenance.object()
      where counts.name(of: field, in: .resultProvenance) == .invocationIndex {
        invocation = try field.place() ?? invocation
      }
    }
    if let invocation, header.levelOverrides.indices.contains(invocation),
      let level = header.levelOverrides[invocation][place]
    {
      return level
    }
    return header.rules[place].rule.defaultLevel ?? .warning
  }

  /// The message's text; where it has an id, the text the rule or its component has for it.
  private mutating func message(
    of value: JSONValue?,
    place: SARIFRulePlace?
  ) throws(JSONProblem) -> String {
    let parts = try value.map { (value) throws(JSONProblem) in try counts.readMessage(value) }
    var text = parts?.text
    if text == nil, let id = parts?.id {
      if let place { text = header.rules[place].messages[id] }
      text = text ?? header.rules.components[place?.component ?? 0].globalMessages[id]
    }
    if let text { return fillPlaceholders(text, parts?.arguments ?? []) }
    counts.adjust("no-message")
    guard let place, let summary = header.rules[place].rule.summary else { return parts?.id ?? "" }
    return summary
  }

  private mutating func locate(_ value: JSONValue?) throws(JSONProblem) -> SARIFPlace? {
    guard let value else { return nil }
    var found: SARIFPlace?
    var count = 0
    for location in try value.array() {
      count += 1
      if found == nil {
        var place = SARIFPlace(location: ImportedLocation(uri: "", uriBaseID: nil))
        try read(location, into: &place)
        if !place.location.uri.isEmpty { found = place }
      } else if location.kind != .object {
        throw location.problem("the value must be an object")
      }
    }
    found?.further = count - 1
    return found
  }

  private mutating func read(
    _ value: JSONValue,
    into place: inout SARIFPlace
  ) throws(JSONProblem) {
    for field in try value.object() {
      switch counts.name(of: field, in: .location) {
      case .physicalLocation: try readPhysical(field, into: &place)
      case .logicalLocations:
        for logical in try field.array() where place.symbol == nil {
          place.symbol = try symbol(of: logical)
        }
      default: break
      }
    }
  }

  private mutating func readPhysical(
    _ value: JSONValue,
    into place: inout SARIFPlace
  ) throws(JSONProblem) {
    for field in try value.object() {
      switch counts.name(of: field, in: .physicalLocation) {
      case .artifactLocation: place.location = try artifact(field)
      case .region: (place.region, place.snippet) = try counts.readRegion(field)
      case .contextRegion: place.contextSnippet = try counts.readRegion(field).snippet
      default: break
      }
    }
  }

  private mutating func artifact(_ value: JSONValue) throws(JSONProblem) -> ImportedLocation {
    var location = ImportedLocation(uri: "", uriBaseID: nil)
    var listed: Int?
    for field in try value.object() {
      switch counts.name(of: field, in: .artifactLocation) {
      case .uri: location.uri = try uri(field)
      case .uriBaseId: location.uriBaseID = try field.string(&counts.replaced)
      case .index: listed = try field.place()
      default: break
      }
    }
    if location.uri.isEmpty, let listed {
      return header.listedLocation(listed, &counts.replaced) ?? location
    }
    return location
  }

  /// The text, sharing its storage with the result before where it is the same.
  private mutating func uri(_ value: JSONValue) throws(JSONProblem) -> String {
    if value.kind == .string && value.raw.count == lastURI.utf8.count {
      let isSame = lastURI.utf8.withContiguousStorageIfAvailable { $0.elementsEqual(value.raw) }
      if isSame == true { return lastURI }
    }
    lastURI = try value.string(&counts.replaced)
    return lastURI
  }

  private mutating func symbol(of value: JSONValue) throws(JSONProblem) -> String? {
    var full: JSONValue?
    var short: JSONValue?
    var listed: Int?
    for field in try value.object() {
      switch counts.name(of: field, in: .logicalLocation) {
      case .fullyQualifiedName: full = field
      case .name: short = field
      case .index: listed = try field.place()
      default: break
      }
    }
    if let value = full { return try value.string(&counts.replaced) }
    if let listed, header.logicalLocations.indices.contains(listed),
      let slice = header.logicalLocations[listed]
    {
      return slice.string(in: header.text, &counts.replaced)
    }
    return try short.map { (value) throws(JSONProblem) in try value.string(&counts.replaced) }
  }

  /// Writes what was counted into the end of the run.
  func finish(_ end: inout ImportedRunEnd) {
    counts.report(into: &end)
    end.furtherLocations = furtherLocations
    end.listsSilentRules = hasResult.contains { $0.contains(false) }
  }
}

/// The first place of a result.
struct SARIFPlace {
  var location: ImportedLocation
  var region: SourceRegion?
  var snippet: String?
  var contextSnippet: String?
  var symbol: String?
  var further = 0
}
