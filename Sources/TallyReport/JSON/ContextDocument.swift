/// A context in its JSON form, derived, checked and complete: what `--context` prints and templates see.
public struct ContextDocument: Sendable, Hashable {
  /// The document; every name of the schema is there.
  public private(set) var json: JSONValue

  /// The form of a context that is derived already, with ``ReportContext/derive(limits:)``.
  ///
  /// - Throws: ``TemplateError/invalidContext(reason:)``; only a mistake in this package can cause it.
  public init(derived context: ReportContext) throws(TemplateError) {
    do {
      json = try ContextEncoder.encode(context)
    } catch {
      throw .invalidContext(reason: "\(error)")
    }
  }

  /// The form of a context, which is derived first.
  ///
  /// - Throws: as ``init(derived:)`` does.
  public init(of context: ReportContext) throws(TemplateError) {
    var copy = context
    copy.derive()
    try self.init(derived: copy)
  }

  /// A document that was printed before; names that it lacks are empty, names that no version knows are left out.
  ///
  /// - Throws: ``TemplateError/invalidContext(reason:)`` when it isn't a context of this version.
  public init(reading json: JSONValue) throws(TemplateError) {
    self.json = try ContextReader.complete(json)
  }

  /// What is said of one campaign; the document itself unless it is about several.
  public func campaign(_ index: Int) -> ContextDocument {
    guard case .array(let campaigns)? = json["campaigns"], campaigns.indices.contains(index) else {
      return self
    }
    return ContextDocument(whole: campaigns[index])
  }

  /// Puts the lead's own words, derived already, into what is said of a campaign.
  ///
  /// - Throws: as ``init(derived:)`` does.
  public mutating func set(
    _ narrative: ReportContext.Narrative,
    ofCampaign index: Int
  ) throws(TemplateError) {
    let value: JSONValue
    do {
      value = try ContextEncoder.encode(narrative)
    } catch {
      throw .invalidContext(reason: "\(error)")
    }
    if case .array(var campaigns)? = json["campaigns"], campaigns.indices.contains(index) {
      campaigns[index]["narrative"] = value
      json["campaigns"] = .array(campaigns)
    } else {
      json["narrative"] = value
    }
  }

  private init(whole json: JSONValue) { self.json = json }
}

/// Checks a document against the schema and completes it, so that a missing name is empty instead of being looked up further out.
private enum ContextReader {
  /// The complete document.
  static func complete(_ json: JSONValue) throws(TemplateError) -> JSONValue {
    guard case .object = json else {
      throw .invalidContext(reason: "the document is not an object")
    }
    guard json["version"] == .int(ReportContext.currentVersion) else {
      throw .invalidContext(
        reason: "its version is not \(ReportContext.currentVersion), the one this program knows"
      )
    }
    return try complete(json, .report, path: "")
  }

  private static func complete(
    _ json: JSONValue?,
    _ schema: ContextSchema,
    path: String
  ) throws(TemplateError) -> JSONValue {
    switch (schema, json) {
    case (.text, nil), (.text, .null): return .string("")
    case (.number, nil), (.number, .null): return .int(0)
    case (.boolean, nil), (.boolean, .null): return .bool(false)
    case (.list, nil), (.list, .null): return .array([])
    case (.text, .string), (.number, .number), (.boolean, .bool): return json ?? .null
    case (.list(let item), .array(let items)):
      var result: [JSONValue] = []
      for (index, value) in items.enumerated() {
        result.append(try complete(value, item, path: "\(path)[\(index)]"))
      }
      return .array(result)
    case (.object(let members), nil), (.object(let members), .null):
      return try object(members, [:], path: path)
    case (.object(let members), .object(let values)):
      return try object(members, values, path: path)
    default: throw .invalidContext(reason: "'\(path)' is not \(schema.kindName)")
    }
  }

  private static func object(
    _ members: [String: ContextSchema],
    _ values: [String: JSONValue],
    path: String
  ) throws(TemplateError) -> JSONValue {
    var result: [String: JSONValue] = [:]
    for (key, member) in members.sorted(by: { $0.key < $1.key }) {
      result[key] = try complete(
        values[key],
        member,
        path: path.isEmpty ? key : "\(path).\(key)"
      )
    }
    return .object(result)
  }
}
