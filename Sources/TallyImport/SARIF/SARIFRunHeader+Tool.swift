internal import TallyModel

extension SARIFRunHeader {
  /// Reads `tool`: the driver and its extensions (SARIF 2.1.0 §3.18).
  mutating func readTool(_ value: JSONValue) throws(JSONProblem) {
    for field in try value.object() {
      switch counts.name(of: field, in: .tool) {
      case .driver:
        for part in try field.object() where SARIFSchema.shared.name(part.key) == .name {
          run.toolName = try counts.neededText(part)
        }
        if run.toolName.isEmpty { throw field.problem("the property 'name' is missing") }
        (rules.components[0], notifications.components[0]) = readComponent(field)
      case .extensions:
        for part in counts.elements(field) {
          let (component, own) = readComponent(part)
          rules.components.append(component)
          notifications.components.append(own)
        }
      default: break
      }
    }
  }

  /// A component with its rules, and again with the descriptors of its notifications.
  private mutating func readComponent(
    _ value: JSONValue
  ) -> (rules: SARIFComponent, notifications: SARIFComponent) {
    var component = SARIFComponent()
    var notifications: [SARIFRule] = []
    for field in counts.members(value) {
      switch counts.name(of: field, in: .toolComponent) {
      case .name: component.name = counts.text(field) ?? ""
      case .guid: component.guid = counts.text(field)
      case .version: component.version = counts.text(field)
      case .semanticVersion: component.semanticVersion = counts.text(field)
      case .dottedQuadFileVersion: component.dottedVersion = counts.text(field)
      case .globalMessageStrings: component.globalMessages = readMessages(field)
      case .rules:
        for rule in counts.elements(field) { component.rules.append(readRule(rule)) }
      case .notifications:
        for descriptor in counts.elements(field) { notifications.append(readRule(descriptor)) }
      default: break
      }
    }
    return (component.indexed(component.rules), component.indexed(notifications))
  }

  private mutating func readRule(_ value: JSONValue) -> SARIFRule {
    var rule = SARIFRule(rule: ImportedRule(id: ""))
    var full: String?
    for field in counts.members(value) {
      switch counts.name(of: field, in: .reportingDescriptor) {
      case .id: rule.rule.id = counts.text(field) ?? ""
      case .name: rule.rule.name = counts.text(field)
      case .guid: rule.guid = counts.text(field)
      case .helpUri: rule.rule.helpURI = counts.text(field)
      case .shortDescription: rule.rule.summary = readText(field)
      case .fullDescription: full = readText(field)
      case .messageStrings: rule.messages = readMessages(field)
      case .defaultConfiguration: rule.rule.defaultLevel = readConfiguration(field)
      case .deprecatedIds:
        for id in counts.elements(field) {
          if let id = counts.text(id) { rule.rule.deprecatedIDs.append(id) }
        }
        rule.rule.deprecatedIDs = sortedUnique(rule.rule.deprecatedIDs)
      case .properties: readProperties(field, into: &rule.rule)
      default: break
      }
    }
    // It keeps its place, which results refer to.
    if rule.rule.id.isEmpty { counts.adjust("rule-without-id") }
    if rule.rule.summary == nil { rule.rule.summary = full }
    return rule
  }

  /// Reads `tags` and `security-severity` of a rule's property bag; the rest belongs to the tool.
  private mutating func readProperties(
    _ value: JSONValue,
    into rule: inout ImportedRule
  ) {
    for field in counts.members(value) {
      switch SARIFSchema.shared.name(field.key) {
      case .tags where field.kind == .array:
        for tag in field.children where tag.kind == .string {
          if let tag = counts.text(tag) { rule.tags.append(tag) }
        }
        rule.tags = sortedUnique(rule.tags)
      case .securitySeverity where field.kind == .string:
        rule.securitySeverity = counts.text(field)
      case .securitySeverity where field.kind == .number && field.raw.count < 100:
        rule.securitySeverity = String(decoding: field.raw, as: UTF8.self)
      default: break
      }
    }
  }

  private mutating func readConfiguration(_ value: JSONValue) -> Level? {
    var level: Level?
    for field in counts.members(value)
    where counts.name(of: field, in: .reportingConfiguration) == .level {
      level = field.level
      if level == nil {
        counts.adjust("invalid-level")
        level = field.spelledLevel
      }
    }
    return level
  }

  /// The text of a `multiformatMessageString`, else its Markdown; also of a plain string.
  private mutating func readText(_ value: JSONValue) -> String? {
    if value.kind == .string {
      counts.adjust("wrong-type")
      return counts.text(value)
    }
    var text: String?
    var markdown: String?
    for field in counts.members(value) {
      switch counts.name(of: field, in: .multiformatMessageString) {
      case .text: text = counts.text(field)
      case .markdown: markdown = counts.text(field)
      default: break
      }
    }
    return text ?? markdown
  }

  private mutating func readMessages(_ value: JSONValue) -> [String: String] {
    var messages: [String: String] = [:]
    for field in counts.members(value) { messages[field.keyText] = readText(field) }
    return messages
  }

  /// What properties of an invocation were called in drafts of the standard, which some tools still write.
  private static let draftNames: [String: SARIFName] = [
    "configurationNotifications": .toolConfigurationNotifications,
    "toolExecutionSuccessful": .executionSuccessful,
    "toolNotifications": .toolExecutionNotifications,
  ]

  /// Reads one entry of `invocations` (SARIF 2.1.0 §3.20).
  mutating func readInvocation(_ value: JSONValue) {
    var list: [Override] = []
    let firstNotice = run.notices.count
    var noticeLevels: [Override] = []
    var signal: String?
    var isSuccessful: Bool?
    var isStated = false
    var exitCode: Int?
    for field in counts.members(value) {
      switch counts.name(of: field, in: .invocation) ?? Self.draftNames[field.keyText] {
      case .executionSuccessful:
        isSuccessful = counts.flag(field)
        isStated = true
        if isSuccessful == false && run.failure == nil {
          run.failure = "the tool says that its run was not successful"
        }
      case .exitSignalName: signal = counts.text(field)
      case .processStartFailureMessage:
        run.failure = "the tool could not be started: \(counts.text(field) ?? "")"
      case .exitCode:
        exitCode = counts.integer(field)
        if (run.exitCode ?? 0) == 0, let exitCode { run.exitCode = exitCode }
      case .startTimeUtc:
        if let time = time(field) { run.started = min(run.started ?? time, time) }
      case .endTimeUtc:
        if let time = time(field) { run.ended = max(run.ended ?? time, time) }
      case .toolExecutionNotifications, .toolConfigurationNotifications:
        for notice in counts.elements(field) { readNotice(notice) }
      case .ruleConfigurationOverrides:
        for override in counts.elements(field) { list.append(readOverride(override)) }
      case .notificationConfigurationOverrides:
        for override in counts.elements(field) { noticeLevels.append(readOverride(override)) }
      default: break
      }
    }
    if !noticeLevels.isEmpty {
      for notice in firstNotice..<run.notices.count {
        noticeReferences[notice].overrides = noticeLevels
      }
    }
    if let signal, !signal.isEmpty, isSuccessful == nil, run.failure == nil {
      run.failure = "the signal \(signal) ended the tool"
    }
    // Without a word that can be read the exit code is all that is known; 1 mostly says that there are findings.
    if isSuccessful == nil, let exitCode, exitCode > (isStated ? 0 : 1), run.failure == nil {
      run.failure =
        "it ended with the exit code \(exitCode), and does not say that it was successful"
    }
    overrides.append(list)
  }

  private mutating func time(_ value: JSONValue) -> Timestamp? {
    guard let text = counts.text(value) else { return nil }
    // The year 1 stands for a time that was never set.
    let time = Timestamp(iso8601: text).flatMap { $0.seconds > 0 ? $0 : nil }
    if time == nil { counts.adjust("invalid-time") }
    return time
  }

  private mutating func readOverride(_ value: JSONValue) -> Override {
    var reference = SARIFRuleReference()
    var level: Level?
    for field in counts.members(value) {
      switch counts.name(of: field, in: .configurationOverride) {
      case .descriptor: reference = counts.readReference(field)
      case .configuration: level = readConfiguration(field)
      default: break
      }
    }
    return Override(rule: reference, level: level)
  }

  private mutating func readNotice(_ value: JSONValue) {
    var references = NoticeReferences()
    var places: [(location: ImportedLocation?, artifact: Int?)] = []
    var notice = ImportedNotice(level: .warning, location: nil, message: "", descriptorID: nil)
    for field in counts.members(value) {
      switch counts.name(of: field, in: .notification) {
      case .level:
        references.level = field.level
        if references.level == nil {
          // What is none may say anything: the safe side is that something failed.
          counts.adjust("invalid-level")
          references.level = field.spelledLevel ?? .error
        }
      case .message: notice.message = readNoticeText(field)
      case .descriptor:
        let descriptor = counts.readReference(field)
        notice.descriptorID = descriptor.id
        references.descriptor = descriptor
      case .locations:
        for location in counts.elements(field) {
          let place = readNoticeLocation(location)
          if place.location != nil || place.artifact != nil { places.append(place) }
        }
      case .associatedRule: references.rule = counts.readReference(field)
      case .exception: references.isThrown = field.kind == .object
      default: break
      }
    }
    // Each file that it names is left out.
    for place in places.isEmpty ? [(location: nil, artifact: nil)] : places {
      notice.location = place.location
      references.artifact = place.artifact
      run.notices.append(notice)
      noticeReferences.append(references)
    }
  }

  /// The level of a notice: its own, else that of its descriptor (SARIF 2.1.0 §3.58.6); an error where it tells of a failure.
  mutating func completeLevel(of notice: Int) {
    let references = noticeReferences[notice]
    let descriptor = references.descriptor.flatMap { notifications.find($0).place }
    let overriding = references.overrides.last {
      descriptor != nil && notifications.find($0.rule).place == descriptor
    }
    let level =
      references.level ?? overriding?.level
      ?? descriptor.flatMap { notifications[$0].rule.defaultLevel } ?? .warning
    run.notices[notice].level = level
    if level == .warning, references.isThrown || run.notices[notice].namesFailure {
      run.notices[notice].level = .error
      counts.adjust("failure-as-warning")
    }
  }

  private mutating func readNoticeText(_ value: JSONValue) -> String {
    guard let parts = try? counts.readMessage(value, bytesMax: SARIFRunHeader.noticeBytesMax) else {
      counts.adjust("too-long")
      return ""
    }
    let template =
      parts.text ?? parts.id.flatMap { rules.components[0].globalMessages[$0] } ?? parts.id
    let text = fillPlaceholders(
      template ?? "",
      parts.arguments,
      bytesMax: SARIFRunHeader.noticeBytesMax
    )
    if text.utf8.count <= SARIFRunHeader.noticeBytesMax { return text }
    counts.adjust("too-long")
    return ""
  }

  /// The file of a location, or the place of the artifact that it refers to.
  private mutating func readNoticeLocation(
    _ value: JSONValue
  ) -> (location: ImportedLocation?, artifact: Int?) {
    for field in counts.members(value)
    where counts.name(of: field, in: .location) == .physicalLocation {
      for part in counts.members(field)
      where counts.name(of: part, in: .physicalLocation) == .artifactLocation {
        let parts = counts.readArtifactLocation(part)
        if let uri = parts.uri.flatMap({ counts.text($0) }), !uri.isEmpty {
          let base = parts.base.flatMap { counts.text($0) }
          return (ImportedLocation(uri: uri, uriBaseID: base), nil)
        }
        if let listed = parts.listed { return (nil, listed) }
      }
    }
    return (nil, nil)
  }
}

/// The parts of a `message` (SARIF 2.1.0 §3.11).
struct SARIFMessage {
  /// `text`, else `markdown`.
  var text: String?
  var id: String?
  var arguments: [String] = []
}

extension SARIFCounts {
  /// The parts of an `artifactLocation`; a plain string is its URI.
  mutating func readArtifactLocation(
    _ value: JSONValue
  ) -> (uri: JSONValue?, base: JSONValue?, listed: Int?) {
    if value.kind == .string {
      adjust("wrong-type")
      return (value, nil, nil)
    }
    var uri: JSONValue?
    var base: JSONValue?
    var listed: Int?
    for part in members(value) {
      switch name(of: part, in: .artifactLocation) {
      case .uri: uri = part
      case .uriBaseId: base = part
      case .index: listed = place(part)
      default: break
      }
    }
    return (uri, base, listed)
  }

  /// Reads a `message`, without looking its id up; `bytesMax` is the longest text that is read.
  mutating func readMessage(
    _ value: JSONValue,
    bytesMax: Int
  ) throws(JSONProblem) -> SARIFMessage {
    var message = SARIFMessage()
    var markdown: JSONValue?
    if value.kind == .string {
      adjust("wrong-type")
      message.text = try value.string(&replaced, bytesMax: bytesMax)
      return message
    }
    for field in members(value) {
      switch name(of: field, in: .message) {
      case .text where field.kind == .string:
        message.text = try field.string(&replaced, bytesMax: bytesMax)
      case .text: message.text = text(field)
      case .markdown: markdown = field
      case .id: message.id = text(field)
      case .arguments:
        // One that cannot be read keeps its place.
        for argument in elements(field) { message.arguments.append(text(argument) ?? "") }
      default: break
      }
    }
    if message.text == nil, let markdown {
      message.text =
        markdown.kind == .string
        ? try markdown.string(&replaced, bytesMax: bytesMax) : text(markdown)
    }
    return message
  }

  /// Reads a `reportingDescriptorReference` (SARIF 2.1.0 §3.52).
  mutating func readReference(_ value: JSONValue) -> SARIFRuleReference {
    var reference = SARIFRuleReference()
    for field in members(value) {
      switch name(of: field, in: .reportingDescriptorReference) {
      case .id: reference.id = text(field)
      case .index: reference.index = place(field)
      case .guid: reference.guid = text(field)
      case .toolComponent:
        for part in members(field) {
          switch name(of: part, in: .toolComponentReference) {
          case .name: reference.componentName = text(part)
          case .index: reference.componentIndex = place(part)
          case .guid: reference.componentGUID = text(part)
          default: break
          }
        }
      default: break
      }
    }
    return reference
  }
}

/// The texts sorted bytewise, each once.
func sortedUnique(_ texts: [String]) -> [String] {
  var result: [String] = []
  for text in texts.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  where result.last.map({ !$0.utf8.elementsEqual(text.utf8) }) ?? true {
    result.append(text)
  }
  return result
}
