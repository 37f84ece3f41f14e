/// Turns a `Codable` value into JSON with keys in snake case.
///
/// Takes what a context is made of: booleans, integers, strings, arrays and keyed values. Anything else is an error of this package, found by
/// the first test that encodes it.
enum ContextEncoder {
  /// The JSON form of a value.
  static func encode(_ value: some Encodable) throws -> JSONValue {
    let node = Node()
    try value.encode(to: ValueEncoder(node: node, codingPath: []))
    return node.value
  }
}

/// A place in the document that is being made.
private final class Node {
  enum Content {
    case empty
    case leaf(JSONValue)
    case list([Node])
    case members([String: Node])
  }
  var content = Content.empty

  var value: JSONValue {
    switch content {
    case .empty: .object([:])
    case .leaf(let value): value
    case .list(let nodes): .array(nodes.map(\.value))
    case .members(let members): .object(members.mapValues(\.value))
    }
  }

  func member(_ key: String) -> Node {
    let node = Node()
    var members: [String: Node] = [:]
    if case .members(let existing) = content { members = existing }
    // Only one owner while it grows, or each name would copy all before it.
    content = .empty
    members[key] = node
    content = .members(members)
    return node
  }

  func item() -> Node {
    let node = Node()
    var nodes: [Node] = []
    if case .list(let existing) = content { nodes = existing }
    content = .empty
    nodes.append(node)
    content = .list(nodes)
    return node
  }

  func set(_ value: some Encodable, codingPath: [any CodingKey]) throws {
    switch value {
    case let flag as Bool: content = .leaf(.bool(flag))
    case let number as Int: content = .leaf(.int(number))
    case let text as String: content = .leaf(.string(text))
    default: try value.encode(to: ValueEncoder(node: self, codingPath: codingPath))
    }
  }
}

private struct ValueEncoder: Encoder {
  let node: Node
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    node.content = .members([:])
    return KeyedEncodingContainer(Members<Key>(node: node, codingPath: codingPath))
  }
  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    node.content = .list([])
    return Items(node: node, codingPath: codingPath)
  }
  func singleValueContainer() -> any SingleValueEncodingContainer {
    Single(node: node, codingPath: codingPath)
  }
}

private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let node: Node
  let codingPath: [any CodingKey]

  mutating func encodeNil(forKey key: Key) throws {
    node.member(ContextKey.snakeCase(key.stringValue)).content = .leaf(.null)
  }
  mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    try node.member(ContextKey.snakeCase(key.stringValue))
      .set(value, codingPath: codingPath + [key])
  }
  mutating func nestedContainer<NestedKey>(
    keyedBy keyType: NestedKey.Type,
    forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> {
    ValueEncoder(
      node: node.member(ContextKey.snakeCase(key.stringValue)),
      codingPath: codingPath + [key]
    ).container(keyedBy: keyType)
  }
  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    ValueEncoder(
      node: node.member(ContextKey.snakeCase(key.stringValue)),
      codingPath: codingPath + [key]
    ).unkeyedContainer()
  }
  mutating func superEncoder() -> any Encoder {
    ValueEncoder(node: node.member("super"), codingPath: codingPath)
  }
  mutating func superEncoder(forKey key: Key) -> any Encoder {
    ValueEncoder(
      node: node.member(ContextKey.snakeCase(key.stringValue)),
      codingPath: codingPath + [key]
    )
  }
}

private struct Items: UnkeyedEncodingContainer {
  let node: Node
  let codingPath: [any CodingKey]
  var count: Int { if case .list(let nodes) = node.content { nodes.count } else { 0 } }

  mutating func encodeNil() throws { node.item().content = .leaf(.null) }
  mutating func encode<T: Encodable>(_ value: T) throws {
    try node.item().set(value, codingPath: codingPath)
  }
  mutating func nestedContainer<NestedKey>(
    keyedBy keyType: NestedKey.Type
  ) -> KeyedEncodingContainer<NestedKey> {
    ValueEncoder(node: node.item(), codingPath: codingPath).container(keyedBy: keyType)
  }
  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    ValueEncoder(node: node.item(), codingPath: codingPath).unkeyedContainer()
  }
  mutating func superEncoder() -> any Encoder {
    ValueEncoder(node: node.item(), codingPath: codingPath)
  }
}

private struct Single: SingleValueEncodingContainer {
  let node: Node
  let codingPath: [any CodingKey]

  mutating func encodeNil() throws { node.content = .leaf(.null) }
  mutating func encode(_ value: Bool) throws { node.content = .leaf(.bool(value)) }
  mutating func encode(_ value: Int) throws { node.content = .leaf(.int(value)) }
  mutating func encode(_ value: String) throws { node.content = .leaf(.string(value)) }
  mutating func encode<T: Encodable>(_ value: T) throws {
    if value is any BinaryInteger || value is any BinaryFloatingPoint {
      throw EncodingError.invalidValue(
        value,
        .init(codingPath: codingPath, debugDescription: "a context holds Bool, Int and String only")
      )
    }
    try node.set(value, codingPath: codingPath)
  }
}
