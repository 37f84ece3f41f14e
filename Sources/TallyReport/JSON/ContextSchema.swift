/// Which names a context has and what each holds, read off the `Codable` model itself so that it can't fall behind.
public indirect enum ContextSchema: Sendable, Hashable {
  /// A string.
  case text
  /// A whole number.
  case number
  /// True or false.
  case boolean
  /// A list whose items all look alike.
  case list(ContextSchema)
  /// Names in snake case, and what each holds.
  case object([String: ContextSchema])

  /// The schema of ``ReportContext``.
  public static let report: ContextSchema = {
    let probe = SchemaProbe()
    _ = try? ReportContext(from: SchemaDecoder(probe: probe, codingPath: []))
    return probe.schema
  }()

  /// Every name with what it holds, sorted: `campaign.due.date`, `priorities[].files[].path`.
  public var paths: [(path: String, kind: String)] {
    var result: [(path: String, kind: String)] = []
    collect(into: &result, prefix: "")
    return result.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  /// The word for what it holds: `text`, `number`, `boolean`, `list` or `object`.
  public var kindName: String {
    switch self {
    case .text: "text"
    case .number: "number"
    case .boolean: "boolean"
    case .list: "list"
    case .object: "object"
    }
  }

  private func collect(into result: inout [(path: String, kind: String)], prefix: String) {
    switch self {
    case .text, .number, .boolean: break
    case .list(let item):
      if case .object = item {
        item.collect(into: &result, prefix: prefix + "[]")
      } else {
        result.append((prefix + "[]", item.kindName))
      }
    case .object(let members):
      for (key, member) in members {
        let path = prefix.isEmpty ? key : "\(prefix).\(key)"
        result.append((path, member.kindName))
        member.collect(into: &result, prefix: path)
      }
    }
  }
}

/// What is found out about one place while a type decodes itself from nothing.
private final class SchemaProbe {
  enum Content {
    case leaf(ContextSchema)
    case list(SchemaProbe)
    case members([String: SchemaProbe])
  }
  var content = Content.members([:])

  var schema: ContextSchema {
    switch content {
    case .leaf(let schema): schema
    case .list(let item): .list(item.schema)
    case .members(let members): .object(members.mapValues(\.schema))
    }
  }

  func member(_ key: String) -> SchemaProbe {
    let probe = SchemaProbe()
    var members: [String: SchemaProbe] = [:]
    if case .members(let existing) = content { members = existing }
    // Only one owner while it grows, or each name would copy all before it.
    content = .leaf(.text)
    members[key] = probe
    content = .members(members)
    return probe
  }

  func value<T: Decodable>(_ type: T.Type, codingPath: [any CodingKey]) throws -> T {
    if type == Bool.self, let value = false as? T {
      content = .leaf(.boolean)
      return value
    }
    if type == Int.self, let value = 0 as? T {
      content = .leaf(.number)
      return value
    }
    if type == String.self, let value = "" as? T {
      content = .leaf(.text)
      return value
    }
    if type == ReportContext.self, codingPath.count > 1, let value = ReportContext() as? T {
      // A report about several campaigns holds reports, which hold no further ones.
      return value
    }
    return try T(from: SchemaDecoder(probe: self, codingPath: codingPath))
  }
}

/// Answers every question of a decoding type with an empty value, and notes the question.
///
/// Lists have one item.
private struct SchemaDecoder: Decoder {
  let probe: SchemaProbe
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(ProbeMembers<Key>(probe: probe, codingPath: codingPath))
  }
  func unkeyedContainer() -> any UnkeyedDecodingContainer {
    let item = SchemaProbe()
    probe.content = .list(item)
    return ProbeItems(probe: item, codingPath: codingPath)
  }
  func singleValueContainer() -> any SingleValueDecodingContainer {
    ProbeSingle(probe: probe, codingPath: codingPath)
  }
}

private struct ProbeMembers<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let probe: SchemaProbe
  let codingPath: [any CodingKey]
  var allKeys: [Key] { [] }

  func contains(_ key: Key) -> Bool { true }
  func decodeNil(forKey key: Key) -> Bool { false }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    try probe.member(ContextKey.snakeCase(key.stringValue))
      .value(type, codingPath: codingPath + [key])
  }
  func nestedContainer<NestedKey>(
    keyedBy type: NestedKey.Type,
    forKey key: Key
  ) -> KeyedDecodingContainer<NestedKey> {
    decoder(key).container(keyedBy: type)
  }
  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedDecodingContainer {
    decoder(key).unkeyedContainer()
  }
  func superDecoder() -> any Decoder { SchemaDecoder(probe: probe, codingPath: codingPath) }
  func superDecoder(forKey key: Key) -> any Decoder { decoder(key) }

  private func decoder(_ key: Key) -> SchemaDecoder {
    SchemaDecoder(
      probe: probe.member(ContextKey.snakeCase(key.stringValue)),
      codingPath: codingPath + [key]
    )
  }
}

private struct ProbeItems: UnkeyedDecodingContainer {
  let probe: SchemaProbe
  let codingPath: [any CodingKey]
  var count: Int? { 1 }
  var currentIndex = 0
  var isAtEnd: Bool { currentIndex > 0 }

  init(probe: SchemaProbe, codingPath: [any CodingKey]) {
    self.probe = probe
    self.codingPath = codingPath
  }

  mutating func decodeNil() -> Bool { false }
  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
    currentIndex += 1
    return try probe.value(type, codingPath: codingPath)
  }
  mutating func nestedContainer<NestedKey>(
    keyedBy type: NestedKey.Type
  ) -> KeyedDecodingContainer<NestedKey> {
    currentIndex += 1
    return SchemaDecoder(probe: probe, codingPath: codingPath).container(keyedBy: type)
  }
  mutating func nestedUnkeyedContainer() -> any UnkeyedDecodingContainer {
    currentIndex += 1
    return SchemaDecoder(probe: probe, codingPath: codingPath).unkeyedContainer()
  }
  mutating func superDecoder() -> any Decoder {
    SchemaDecoder(probe: probe, codingPath: codingPath)
  }
}

private struct ProbeSingle: SingleValueDecodingContainer {
  let probe: SchemaProbe
  let codingPath: [any CodingKey]

  func decodeNil() -> Bool { false }
  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    try probe.value(type, codingPath: codingPath)
  }
}
