internal import TallyModel

/// Makes findings of the results of one run.
struct SARIFResultReader {
  private let header: SARIFRunHeader
  private let messageBytesMax: Int
  var counts: SARIFCounts
  /// For each component and rule, whether a result named it.
  private var hasResult: [[Bool]]
  private var furtherLocations = 0
  /// The last location: results of one file follow each other.
  private var lastURI = ""

  init(_ header: SARIFRunHeader, messageBytesMax: Int) {
    self.header = header
    self.messageBytesMax = messageBytesMax
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
    var analysisTarget: JSONValue?
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
      case .analysisTarget: parts.analysisTarget = field
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
    guard let kind = kind(of: parts.kind) else { return nil }
    if let state = parts.baselineState {
      if state.isText("absent") {
        counts.skip("baseline-absent")
        return nil
      }
      if state.kind != .string { counts.adjust("wrong-type") }
    }
    let located = try locate(parts)
    let finding = ImportedFinding(
      index: index,
      ruleID: ruleID,
      level: level(of: parts, kind: kind, place: place),
      message: try message(of: parts.message, place: place),
      location: located.location
    )
    return complete(finding, kind: kind, located: located, parts: parts)
  }

  private mutating func complete(
    _ start: ImportedFinding,
    kind: ImportedFinding.Kind,
    located: SARIFPlace,
    parts: Parts
  ) -> ImportedFinding {
    var finding = start
    finding.kind = kind
    finding.region = located.region
    finding.snippet = located.snippet
    finding.contextSnippet = located.contextSnippet
    finding.symbol = located.symbol
    finding.furtherLocations = located.further
    furtherLocations += located.further
    if let list = parts.fingerprints {
      counts.readFingerprints(list, isFull: true, into: &finding.fingerprints)
    }
    if let list = parts.partialFingerprints {
      counts.readFingerprints(list, isFull: false, into: &finding.fingerprints)
    }
    if finding.fingerprints.count > 1 { finding.fingerprints.sort(by: Fingerprint.precedes) }
    if let list = parts.suppressions {
      finding.suppressions = counts.elements(list).compactMap { counts.readSuppression($0) }
    }
    return finding
  }

  /// Nil for a kind that says that nothing is wrong; a word that is none says nothing.
  private mutating func kind(of value: JSONValue?) -> ImportedFinding.Kind? {
    guard let value else { return .fail }
    if value.isText("fail") { return .fail }
    if value.isText("open") { return .open }
    if value.isText("review") { return .review }
    for word in ["pass", "notApplicable", "informational"] as [StaticString]
    where value.isText(word) {
      counts.skip("kind-\(word)")
      return nil
    }
    counts.adjust("invalid-kind")
    return .fail
  }

  private mutating func rule(of parts: Parts) throws(JSONProblem) -> (String, SARIFRulePlace?) {
    var reference = SARIFRuleReference()
    if let rule = parts.rule { reference = counts.readReference(rule) }
    if let id = parts.ruleID { reference.id = try counts.neededText(id) }
    if let index = parts.ruleIndex, let place = counts.place(index) { reference.index = place }
    let (place, isMismatch) = header.rules.find(reference)
    if isMismatch { counts.adjust("rule-index-mismatch") }
    if let place { hasResult[place.component][place.rule] = true }
    if let id = reference.id, !id.isEmpty { return (id, place) }
    if let place, !header.rules[place].rule.id.isEmpty {
      return (header.rules[place].rule.id, place)
    }
    counts.adjust("unnamed-rule")
    return ("unnamed", nil)
  }

  /// The effective level, as SARIF 2.1.0 §3.27.10 says.
  private mutating func level(
    of parts: Parts,
    kind: ImportedFinding.Kind,
    place: SARIFRulePlace?
  ) -> Level {
    if let value = parts.level {
      if let level = value.level { return level }
      counts.adjust("invalid-level")
      if let level = value.spelledLevel { return level }
    }
    if kind != .fail { return .none }
    guard let place else { return .warning }
    var invocation = header.levelOverrides.count == 1 ? 0 : nil
    if let provenance = parts.provenance {
      for field in counts.members(provenance)
      where counts.name(of: field, in: .resultProvenance) == .invocationIndex {
        invocation = counts.place(field) ?? invocation
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
    let parts = try value.map { (value) throws(JSONProblem) in
      try counts.readMessage(value, bytesMax: messageBytesMax)
    }
    var text = parts?.text
    if text == nil, let id = parts?.id {
      if let place { text = header.rules[place].messages[id] }
      text = text ?? header.rules.components[place?.component ?? 0].globalMessages[id]
    }
    if let text {
      return fillPlaceholders(text, parts?.arguments ?? [], bytesMax: messageBytesMax)
    }
    counts.adjust("no-message")
    guard let place, let summary = header.rules[place].rule.summary else { return parts?.id ?? "" }
    return summary
  }

  /// The place of a result: the first location in an artifact, else what it says it is about.
  ///
  /// A result needs no location (SARIF 2.1.0 §3.27.12); one without is about the file that the tool
  /// was told to scan, or about no file.
  private mutating func locate(_ parts: Parts) throws(JSONProblem) -> SARIFPlace {
    var found: SARIFPlace?
    var symbol: String?
    var count = 0
    if let locations = parts.locations {
      for location in counts.elements(locations) {
        count += 1
        if found != nil { continue }
        var place = SARIFPlace()
        try read(location, into: &place)
        if !place.location.isNone { found = place }
        symbol = symbol ?? place.symbol
      }
    }
    if var found {
      found.further = count - 1
      takeLine(outOf: &found)
      return found
    }
    var place = SARIFPlace()
    place.symbol = symbol
    place.further = max(0, count - 1)
    if let target = parts.analysisTarget { place.location = try artifact(target) }
    return place
  }

  /// Takes a line that stands behind the URI, such as `#L10`, for the region where there is none.
  private mutating func takeLine(outOf place: inout SARIFPlace) {
    guard let fragment = LineFragment(place.location.uri) else { return }
    place.location.uri = fragment.uri
    counts.adjust("line-in-uri")
    if place.region == nil {
      place.region = try? SourceRegion(
        startLine: fragment.line,
        startColumn: nil,
        endLine: fragment.endLine,
        endColumn: nil
      )
    }
  }

  private mutating func read(
    _ value: JSONValue,
    into place: inout SARIFPlace
  ) throws(JSONProblem) {
    if value.kind == .string {
      place.location = try artifact(value)
      return
    }
    for field in counts.members(value) {
      switch counts.name(of: field, in: .location) {
      case .physicalLocation: try readPhysical(field, into: &place)
      case .logicalLocations:
        for logical in counts.elements(field) where place.symbol == nil {
          place.symbol = symbol(of: logical)
        }
      default: break
      }
    }
  }

  private mutating func readPhysical(
    _ value: JSONValue,
    into place: inout SARIFPlace
  ) throws(JSONProblem) {
    if value.kind == .string {
      place.location = try artifact(value)
      return
    }
    for field in counts.members(value) {
      switch counts.name(of: field, in: .physicalLocation) {
      case .artifactLocation: place.location = try artifact(field)
      case .region: (place.region, place.snippet) = counts.readRegion(field)
      case .contextRegion: place.contextSnippet = counts.readRegion(field).snippet
      default: break
      }
    }
  }

  private mutating func artifact(_ value: JSONValue) throws(JSONProblem) -> ImportedLocation {
    let parts = counts.readArtifactLocation(value)
    let uri = try parts.uri.map { (value) throws(JSONProblem) in try self.uri(value) } ?? ""
    if uri.isEmpty, let listed = parts.listed {
      if let found = header.listedLocation(listed, &counts.replaced) { return found }
      counts.adjust("missing-artifact")
      return .none
    }
    let base = uri.isEmpty ? nil : parts.base.flatMap { counts.text($0) }
    return ImportedLocation(uri: uri, uriBaseID: base)
  }

  /// The text, sharing its storage with the result before where it is the same.
  private mutating func uri(_ value: JSONValue) throws(JSONProblem) -> String {
    if value.kind == .string && value.raw.count == lastURI.utf8.count {
      let isSame = lastURI.utf8.withContiguousStorageIfAvailable { $0.elementsEqual(value.raw) }
      if isSame == true { return lastURI }
    }
    lastURI = try counts.neededText(value)
    return lastURI
  }

  private mutating func symbol(of value: JSONValue) -> String? {
    var full: JSONValue?
    var short: JSONValue?
    var listed: Int?
    for field in counts.members(value) {
      switch counts.name(of: field, in: .logicalLocation) {
      case .fullyQualifiedName: full = field
      case .name: short = field
      case .index: listed = counts.place(field)
      default: break
      }
    }
    if let value = full, let text = counts.text(value) { return text }
    if let listed, header.logicalLocations.indices.contains(listed),
      let slice = header.logicalLocations[listed]
    {
      return slice.string(in: header.text, &counts.replaced)
    }
    return short.flatMap { counts.text($0) }
  }

  /// Writes what was counted into the end of the run.
  func finish(_ end: inout ImportedRunEnd) {
    counts.report(into: &end)
    end.furtherLocations = furtherLocations
    end.listsSilentRules = zip(header.rules.components, hasResult).contains { component, has in
      zip(component.rules, has).contains { !$0.rule.id.isEmpty && !$1 }
    }
  }
}

/// The first place of a result.
struct SARIFPlace {
  var location = ImportedLocation.none
  var region: SourceRegion?
  var snippet: String?
  var contextSnippet: String?
  var symbol: String?
  var further = 0
}
