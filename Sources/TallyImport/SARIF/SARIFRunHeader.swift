internal import TallyModel

/// Everything of a run but its results.
struct SARIFRunHeader {
  /// What is known of the `results` property.
  enum ResultsState {
    case absent
    case isNull
    case present
  }
  /// An artifact's or a logical location's entry in a list of the run.
  struct Listed {
    let text: JSONSlice
    let base: JSONSlice?
  }
  /// What a notice refers to, which may be listed behind it.
  struct NoticeReferences {
    var rule: SARIFRuleReference?
    var artifact: Int?
    var descriptor: SARIFRuleReference?
    /// The level that it gives itself.
    var level: Level?
    var isThrown = false
    /// The levels that its invocation gives descriptors.
    var overrides: [Override] = []
  }
  /// A level that an invocation sets for a rule (SARIF 2.1.0 §3.20.5).
  struct Override {
    let rule: SARIFRuleReference
    let level: Level?
  }

  /// The longest text of a notice, in UTF-8 bytes; a longer one is left out.
  static let noticeBytesMax = 1 << 20

  var run: ImportedRun
  let text: UnsafePointer<UInt8>
  var rules = SARIFRules()
  /// The descriptors of notifications, in place of rules.
  var notifications = SARIFRules()
  var overrides: [[Override]] = []
  var levelOverrides: [[SARIFRulePlace: Level]] = []
  var artifacts: [Listed?] = []
  /// The places of artifacts that the tool was told to analyse.
  var targets: [Int] = []
  /// For each notice of the run.
  var noticeReferences: [NoticeReferences] = []
  var logicalLocations: [JSONSlice?] = []
  var resultsState = ResultsState.absent
  var resultsOffset = 0
  var counts = SARIFCounts()
  private var hasExternalResults = false

  init(index: Int, text: UnsafePointer<UInt8>) {
    run = ImportedRun(index: index, toolName: "", toolID: "")
    self.text = text
  }

  /// Reads one property of the run; nil is one that is counted and not read.
  mutating func read(_ value: JSONValue, as name: SARIFName?) throws(JSONProblem) {
    guard let name else { return }
    if value.isNull {
      counts.adjust("null-value")
      return
    }
    switch name {
    case .tool: try readTool(value)
    case .invocations:
      for invocation in counts.elements(value) { readInvocation(invocation) }
    case .automationDetails: readAutomation(value)
    case .columnKind: readColumnKind(value)
    case .versionControlProvenance:
      for details in counts.elements(value) { readRevision(details) }
    case .originalUriBaseIds: readBases(value)
    case .externalPropertyFileReferences:
      for field in counts.members(value)
      where counts.name(of: field, in: .externalPropertyFileReferences) == .results {
        hasExternalResults = true
      }
    default:
      for entry in counts.elements(value) { addListed(entry, as: name) }
    }
  }

  /// Reads one entry of `artifacts` or `logicalLocations`, which results refer to by their place.
  mutating func addListed(_ value: JSONValue, as name: SARIFName?) {
    if name == .artifacts {
      var listed: Listed?
      for field in counts.members(value) {
        switch counts.name(of: field, in: .artifact) {
        case .location: listed = readListed(field)
        case .roles:
          // One role may stand there without its list.
          if field.isText("analysisTarget")
            || field.children.contains(where: { $0.isText("analysisTarget") })
          {
            targets.append(artifacts.count)
          }
        default: break
        }
      }
      artifacts.append(listed)
    } else {
      var full: JSONSlice?
      var short: JSONSlice?
      for field in counts.members(value) {
        switch counts.name(of: field, in: .logicalLocation) {
        case .fullyQualifiedName: full = counts.slice(field)
        case .name: short = counts.slice(field)
        default: break
        }
      }
      logicalLocations.append(full ?? short)
    }
  }

  private mutating func readListed(_ value: JSONValue) -> Listed? {
    let parts = counts.readArtifactLocation(value)
    let base = parts.base.flatMap { counts.slice($0) }
    return parts.uri.flatMap { counts.slice($0) }.map { Listed(text: $0, base: base) }
  }

  /// The location of the artifact at a place of the list; nil where there is none.
  func listedLocation(_ place: Int, _ replaced: inout UInt32) -> ImportedLocation? {
    guard artifacts.indices.contains(place), let artifact = artifacts[place] else { return nil }
    let location = ImportedLocation(
      uri: artifact.text.string(in: text, &replaced),
      uriBaseID: artifact.base?.string(in: text, &replaced)
    )
    return location.uri.isEmpty ? nil : location
  }

  private mutating func readColumnKind(_ value: JSONValue) {
    if value.isText("utf16CodeUnits") {
      run.columnUnit = .utf16CodeUnits
    } else if value.isText("unicodeCodePoints") {
      run.columnUnit = .unicodeCodePoints
    } else {
      counts.adjust("invalid-column-kind")
    }
  }

  private mutating func readAutomation(_ value: JSONValue) {
    for field in counts.members(value)
    where counts.name(of: field, in: .runAutomationDetails) == .id {
      guard let id = counts.text(field) else { continue }
      run.category = id.lastIndex(of: "/").map { String(id[..<$0]) } ?? ""
    }
  }

  private mutating func readRevision(_ value: JSONValue) {
    var revision = ImportedRevision(repositoryURI: nil, revisionID: nil, branch: nil)
    for field in counts.members(value) {
      switch counts.name(of: field, in: .versionControlDetails) {
      case .repositoryUri: revision.repositoryURI = counts.text(field)
      case .revisionId: revision.revisionID = counts.text(field)
      case .branch: revision.branch = counts.text(field)
      default: break
      }
    }
    run.revisions.append(revision)
  }

  private mutating func readBases(_ value: JSONValue) {
    for field in counts.members(value) {
      let parts = counts.readArtifactLocation(field)
      run.baseURIs.append(
        ImportedBaseURI(
          name: field.keyText,
          uri: parts.uri.flatMap { counts.text($0) },
          baseName: parts.base.flatMap { counts.text($0) }
        )
      )
    }
    run.baseURIs.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// Puts together what needs more than one property.
  mutating func finish() {
    let driver = rules.components[0]
    run.toolVersion = driver.semanticVersion ?? driver.version ?? driver.dottedVersion
    run.toolID = ToolIdentity.canonicalID(of: run.toolName)
    run.artifactCount = artifacts.count
    collectRules()
    completeNotices()
    // One without a URI is in no file of the commit.
    if !targets.isEmpty {
      run.analysed = targets.compactMap { listedLocation($0, &counts.replaced) }
    }
    levelOverrides = overrides.map { list in
      var levels: [SARIFRulePlace: Level] = [:]
      for override in list {
        if let level = override.level, let place = rules.find(override.rule).place {
          levels[place] = level
        }
      }
      return levels
    }
    if run.failure == nil { run.failure = resultsFailure }
    if run.failure != nil { run.succeeded = false }
  }

  /// Looks up what notices refer to, now that all of the run is known.
  private mutating func completeNotices() {
    for (index, references) in noticeReferences.enumerated() {
      completeLevel(of: index)
      if run.notices[index].location == nil, let place = references.artifact {
        run.notices[index].location = listedLocation(place, &counts.replaced)
      }
      guard let reference = references.rule else { continue }
      if let place = rules.find(reference).place {
        run.notices[index].ruleID = rules[place].rule.id
      } else if let id = reference.id, !id.isEmpty {
        run.notices[index].ruleID = id
      }
    }
  }

  private var resultsFailure: String? {
    if hasExternalResults { return "its results are in other files, which are not read" }
    switch resultsState {
    case .present: return nil
    case .isNull: return "it has null for results, which says that the tool could not scan"
    case .absent: return "it has no 'results', so it is not a scan"
    }
  }

  private mutating func collectRules() {
    var seen: Set<String> = []
    for component in rules.components {
      for rule in component.rules where !rule.rule.id.isEmpty {
        if seen.insert(rule.rule.id).inserted {
          run.rules.append(rule.rule)
        } else {
          counts.adjust("repeated-rule")
        }
      }
    }
    run.rules.sort { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
  }
}

extension JSONValue {
  /// The level a string names; nil for what names none.
  var level: Level? {
    if isText("error") { return .error }
    if isText("warning") { return .warning }
    if isText("note") { return .note }
    if isText("none") { return Level.none }
    return nil
  }

  /// The level that a string in another case names.
  var spelledLevel: Level? {
    guard kind == .string, raw.count < 10 else { return nil }
    switch String(decoding: raw, as: UTF8.self).lowercased() {
    case "error": return .error
    case "warning": return .warning
    case "note": return .note
    case "none": return Level.none
    default: return nil
    }
  }
}
