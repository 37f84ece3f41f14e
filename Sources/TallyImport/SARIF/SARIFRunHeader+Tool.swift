internal import TallyModel

extension SARIFRunHeader {
  /// Reads `tool`: the driver and its extensions (SARIF 2.1.0 §3.18).
  mutating func readTool(_ value: JSONValue) throws(JSONProblem) {
    for field in try value.object() {
      switch counts.name(of: field, in: .tool) {
      case .driver:
        rules.components[0] = try readComponent(field)
        run.toolName = rules.components[0].name
        if run.toolName.isEmpty { throw field.problem("the property 'name' is missing") }
      case .extensions:
        for part in try field.array() { rules.components.append(try readComponent(part)) }
      default: break
      }
    }
  }

  private mutating func readComponent(_ value: JSONValue) throws(JSONProblem) -> SARIFComponent {
    var component = SARIFComponent()
    for field in try value.object() {
      switch counts.name(of: field, in: .toolComponent) {
      case .name: component.name = try field.string(&counts.replaced)
      case .guid: component.guid = try field.string(&counts.replaced)
      case .version: component.version = try field.string(&counts.replaced)
      case .semanticVersion: component.semanticVersion = try field.string(&counts.replaced)
      case .dottedQuadFileVersion: component.dottedVersion = try field.string(&counts.replaced)
      case .globalMessageStrings: component.globalMessages = try readMessages(field)
      case .rules:
        for rule in try field.array() { component.rules.append(try readRule(rule)) }
      default: break
      }
    }
    for (index, rule) in component.rules.enumerated() {
      if component.ruleByID[rule.rule.id] == nil { component.ruleByID[rule.rule.id] = index }
      if let guid = rule.guid { component.ruleByGUID[guid] = index }
    }
    return component
  }

  private mutating func readRule(_ value: JSONValue) throws(JSONProblem) -> SARIFRule {
    var rule = SARIFRule(rule: ImportedRule(id: ""))
    var full: String?
    for field in try value.object() {
      switch counts.name(of: field, in: .reportingDescriptor) {
      case .id: rule.rule.id = try field.string(&counts.replaced)
      case .name: rule.rule.name = try field.string(&counts.replaced)
      case .guid: rule.guid = try field.string(&counts.replaced)
      case .helpUri: rule.rule.helpURI = try field.string(&counts.replaced)
      case .shortDescription: rule.rule.summary = try readText(field)
      case .fullDescription: full = try readText(field)
      case .messageStrings: rule.messages = try readMessages(field)
      case .defaultConfiguration: rule.rule.defaultLevel = try readConfiguration(field)
      case .deprecatedIds:
        for id in try field.array() {
          rule.rule.deprecatedIDs.append(try id.string(&counts.replaced))
        }
        rule.rule.deprecatedIDs = sortedUnique(rule.rule.deprecatedIDs)
      case .properties: try readProperties(field, into: &rule.rule)
      default: break
      }
    }
    if rule.rule.id.isEmpty { throw value.problem("the property 'id' is missing") }
    if rule.rule.summary == nil { rule.rule.summary = full }
    return rule
  }

  /// Reads `tags` and `security-severity` of a rule's property bag; the rest belongs to the tool.
  private mutating func readProperties(
    _ value: JSONValue,
    into rule: inout ImportedRule
  ) throws(JSONProblem) {
    for field in try value.object() {
      switch SARIFSchema.shared.name(field.key) {
      case .tags where field.kind == .array:
        for tag in field.children where tag.kind == .string {
          rule.tags.append(try tag.string(&counts.replaced))
        }
        rule.tags = sortedUnique(rule.tags)
      case .securitySeverity where field.kind == .string:
        rule.securitySeverity = try field.string(&counts.replaced)
      case .securitySeverity where field.kind == .number:
        rule.securitySeverity = String(decoding: field.raw, as: UTF8.self)
      default: break
      }
    }
  }

  private mutating func readConfiguration(_ value: JSONValue) throws(JSONProblem) -> Level? {
    var level: Level?
    for field in try value.object()
    where counts.name(of: field, in: .reportingConfiguration) == .level {
      level = try field.level()
      if level == nil { counts.adjust("invalid-level") }
    }
    return level
  }

  /// The text of a `multiformatMessageString`, else its Markdown.
  private mutating func readText(_ value: JSONValue) throws(JSONProblem) -> String? {
    var text: String?
    var markdown: String?
    for field in try value.object() {
      switch counts.name(of: field, in: .multiformatMessageString) {
      case .text: text = try field.string(&counts.replaced)
      case .markdown: markdown = try field.string(&counts.replaced)
      default: break
      }
    }
    return text ?? markdown
  }

  private mutating func readMessages(_ value: JSONValue) throws(JSONProblem) -> [String: String] {
    var messages: [String: String] = [:]
    for field in try value.object() { messages[field.keyText] = try readText(field) }
    return messages
  }

  /// Reads one entry of `invocations` (SARIF 2.1.0 §3.20).
  mutating func readInvocation(_ value: JSONValue) throws(JSONProblem) {
    var list: [Override] = []
    for field in try value.object() {
      switch counts.name(of: field, in: .invocation) {
      case .executionSuccessful:
        if try !field.bool() && run.failure == nil {
          run.failure = "the tool says that its run was not successful"
        }
      case .processStartFailureMessage:
        run.failure = "the tool could not be started: \(try field.string(&counts.replaced))"
      case .exitCode:
        let code = try field.integer()
        if (run.exitCode ?? 0) == 0 { run.exitCode = code }
      case .startTimeUtc:
        if let time = try time(field) { run.started = min(run.started ?? time, time) }
      case .endTimeUtc:
        if let time = try time(field) { run.ended = max(run.ended ?? time, time) }
      case .toolExecutionNotifications, .toolConfigurationNotifications:
        for notice in try field.array() { try readNotice(notice) }
      case .ruleConfigurationOverrides:
        for override in try field.array() { list.append(try readOverride(override)) }
      default: break
      }
    }
    overrides.append(list)
  }

  private mutating func time(_ value: JSONValue) throws(JSONProblem) -> Timestamp? {
    let time = Timestamp(iso8601: try value.string(&counts.replaced))
    if time == nil { counts.adjust("invalid-time") }
    return time
  }

  private mutating func readOverride(_ value: JSONValue) throws(JSONProblem) -> Override {
    var reference = SARIFRuleReference()
    var level: Level?
    for field in try value.object() {
      switch counts.name(of: field, in: .configurationOverride) {
      case .descriptor: reference = try counts.readReference(field)
      case .configuration: level = try readConfiguration(field)
      default: break
      }
    }
    return Override(rule: reference, level: level)
  }

  private mutating func readNotice(_ value: JSONValue) throws(JSONProblem) {
    var references = NoticeReferences()
    var notice = ImportedNotice(level: .warning, location: nil, message: "", descriptorID: nil)
    for field in try value.object() {
      switch counts.name(of: field, in: .notification) {
      case .level:
        if let level = try field.level() {
          notice.level = level
        } else {
          counts.adjust("invalid-level")
        }
      case .message: notice.message = try readNoticeText(field)
      case .descriptor: notice.descriptorID = try counts.readReference(field).id
      case .locations:
        for location in try field.array()
        where notice.location == nil && references.artifact == nil {
          (notice.location, references.artifact) = try readNoticeLocation(location)
        }
      case .associatedRule: references.rule = try counts.readReference(field)
      default: break
      }
    }
    run.notices.append(notice)
    noticeReferences.append(references)
  }

  private mutating func readNoticeText(_ value: JSONValue) throws(JSONProblem) -> String {
    let parts = try counts.readMessage(value)
    let template =
      parts.text ?? parts.id.flatMap { rules.components[0].globalMessages[$0] } ?? parts.id
    return fillPlaceholders(template ?? "", parts.arguments)
  }

  /// The file of a location, or the place of the artifact that it refers to.
  private mutating func readNoticeLocation(
    _ value: JSONValue
  ) throws(JSONProblem) -> (ImportedLocation?, artifact: Int?) {
    for field in try value.object()
    where counts.name(of: field, in: .location) == .physicalLocation {
      for part in try field.object()
      where counts.name(of: part, in: .physicalLocation) == .artifactLocation {
        var location = ImportedLocation(uri: "", uriBaseID: nil)
        var listed: Int?
        for detail in try part.object() {
          switch counts.name(of: detail, in: .artifactLocation) {
          case .uri: location.uri = try detail.string(&counts.replaced)
          case .uriBaseId: location.uriBaseID = try detail.string(&counts.replaced)
          case .index: listed = try detail.place()
          default: break
          }
        }
        if !location.uri.isEmpty { return (location, nil) }
        if let listed { return (nil, listed) }
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
  /// Reads a `message`, without looking its id up.
  mutating func readMessage(_ value: JSONValue) throws(JSONProblem) -> SARIFMessage {
    var message = SARIFMessage()
    var markdown: JSONValue?
    for field in try value.object() {
      switch name(of: field, in: .message) {
      case .text: message.text = try field.string(&replaced)
      case .markdown: markdown = field
      case .id: message.id = try field.string(&replaced)
      case .arguments:
        for argument in try field.array() {
          message.arguments.append(try argument.string(&replaced))
        }
      default: break
      }
    }
    if message.text == nil, let markdown { message.text = try markdown.string(&replaced) }
    return message
  }

  /// Reads a `reportingDescriptorReference` (SARIF 2.1.0 §3.52).
  mutating func readReference(_ value: JSONValue) throws(JSONProblem) -> SARIFRuleReference {
    var reference = SARIFRuleReference()
    for field in try value.object() {
      switch name(of: field, in: .reportingDescriptorReference) {
      case .id: reference.id = try field.string(&replaced)
      case .index: reference.index = try field.place()
      case .guid: reference.guid = try field.string(&replaced)
      case .toolComponent:
        for part in try field.object() {
          switch name(of: part, in: .toolComponentReference) {
          case .name: reference.componentName = try part.string(&replaced)
          case .index: reference.componentIndex = try part.place()
          case .guid: reference.componentGUID = try part.string(&replaced)
          default: break
          }
        }
      default: break
      }
    }
    return reference
  }
}

extension JSONValue {
  /// An index into a list; nil for -1, which stands for none.
  func place() throws(JSONProblem) -> Int? {
    let value = try integer()
    if value < -1 { throw problem("the value must be -1 or more") }
    return value == -1 ? nil : value
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
