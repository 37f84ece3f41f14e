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
  }
  /// A level that an invocation sets for a rule (SARIF 2.1.0 §3.20.5).
  struct Override {
    let rule: SARIFRuleReference
    let level: Level?
  }

  var run: ImportedRun
  let text: UnsafePointer<UInt8>
  var rules = SARIFRules()
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
      for invocation in try value.array() { try readInvocation(invocation) }
    case .automationDetails: try readAutomation(value)
    case .columnKind: try readColumnKind(value)
    case .versionControlProvenance:
      for details in try value.array() { try readRevision(details) }
    case .originalUriBaseIds: try readBases(value)
    case .externalPropertyFileReferences:
      for field in try value.object()
      where counts.name(of: field, in: .externalPropertyFileReferences) == .results {
        hasExternalResults = true
      }
    default: throw value.problem("the value must be an array")
    }
  }

  /// Reads one entry of `artifacts` or `logicalLocations`, which results refer to by their place.
  mutating func addListed(_ value: JSONValue, as name: SARIFName?) throws(JSONProblem) {
    if name == .artifacts {
      var listed: Listed?
      for field in try value.object() {
        switch counts.name(of: field, in: .artifact) {
        case .location: listed = try readListed(field)
        case .roles:
          if try field.array().contains(where: { $0.isText("analysisTarget") }) {
            targets.append(artifacts.count)
          }
        default: break
        }
      }
      artifacts.append(listed)
    } else {
      var full: JSONSlice?
      var short: JSONSlice?
      for field in try value.object() {
        switch counts.name(of: field, in: .logicalLocation) {
        case .fullyQualifiedName: full = try field.stringSlice()
        case .name: short = try field.stringSlice()
        default: break
        }
      }
      logicalLocations.append(full ?? short)
    }
  }

  private mutating func readListed(_ value: JSONValue) throws(JSONProblem) -> Listed? {
    var uri: JSONSlice?
    var base: JSONSlice?
    for part in try value.object() {
      switch counts.name(of: part, in: .artifactLocation) {
      case .uri: uri = try part.stringSlice()
      case .uriBaseId: base = try part.stringSlice()
      default: break
      }
    }
    return uri.map { Listed(text: $0, base: base) }
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

  private mutating func readColumnKind(_ value: JSONValue) throws(JSONProblem) {
    if value.isText("utf16CodeUnits") {
      run.columnUnit = .utf16CodeUnits
    } else if value.isText("unicodeCodePoints") {
      run.columnUnit = .unicodeCodePoints
    } else {
      throw value.problem("the value must be 'utf16CodeUnits' or 'unicodeCodePoints'")
    }
  }

  private mutating func readAutomation(_ value: JSONValue) throws(JSONProblem) {
    for field in try value.object() where counts.name(of: field, in: .runAutomationDetails) == .id {
      let id = try field.string(&counts.replaced)
      run.category = id.lastIndex(of: "/").map { String(id[..<$0]) } ?? ""
    }
  }

  private mutating func readRevision(_ value: JSONValue) throws(JSONProblem) {
    var revision = ImportedRevision(repositoryURI: nil, revisionID: nil, branch: nil)
    for field in try value.object() {
      switch counts.name(of: field, in: .versionControlDetails) {
      case .repositoryUri: revision.repositoryURI = try field.string(&counts.replaced)
      case .revisionId: revision.revisionID = try field.string(&counts.replaced)
      case .branch: revision.branch = try field.string(&counts.replaced)
      default: break
      }
    }
    run.revisions.append(revision)
  }

  private mutating func readBases(_ value: JSONValue) throws(JSONProblem) {
    for field in try value.object() {
      var base = ImportedBaseURI(name: field.keyText, uri: nil, baseName: nil)
      for part in try field.object() {
        switch counts.name(of: part, in: .artifactLocation) {
        case .uri: base.uri = try part.string(&counts.replaced)
        case .uriBaseId: base.baseName = try part.string(&counts.replaced)
        default: break
        }
      }
      run.baseURIs.append(base)
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
    let analysed = targets.compactMap { listedLocation($0, &counts.replaced) }
    run.analysed = analysed.isEmpty ? nil : analysed
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
      if run.notices[index].location == nil, let place = references.artifact {
        run.notices[index].location = listedLocation(place, &counts.replaced)
      }
      guard let reference = references.rule else { continue }
      if let id = reference.id, !id.isEmpty {
        run.notices[index].ruleID = id
      } else if let place = rules.find(reference).place {
        run.notices[index].ruleID = rules[place].rule.id
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
      for rule in component.rules {
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
  /// The bytes of a string, to be decoded later.
  func stringSlice() throws(JSONProblem) -> JSONSlice {
    if kind != .string { throw problem("the value must be a string") }
    return slice
  }

  /// The level a string names; nil for a word that is none.
  func level() throws(JSONProblem) -> Level? {
    if kind != .string { throw problem("the value must be a string") }
    if isText("error") { return .error }
    if isText("warning") { return .warning }
    if isText("note") { return .note }
    if isText("none") { return Level.none }
    return nil
  }
}
