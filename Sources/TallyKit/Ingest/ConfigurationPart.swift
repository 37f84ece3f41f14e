import TallyBooks

/// A tool's own part of a configuration file, in a form that stays the same where nothing of it changed.
///
/// The forms belong to `ToolConfiguration.version`.
enum ConfigurationPart {
  /// The part as bytes to hash; nil for a file that holds none.
  ///
  /// A file that cannot be read counts as a whole: its tool may read it all the same.
  static func normalized(_ bytes: [UInt8], _ part: ToolConfiguration.Part) -> [UInt8]? {
    var bytes = bytes[...]
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    switch part {
    case .whole: return whole(bytes)
    case .sections(let names): return sections(bytes, names)
    case .tables(let keys):
      var reader = TOMLStatements(bytes)
      guard let statements = reader.read() else { return whole(bytes) }
      return tables(statements, keys.map { $0.split(separator: ".").map(String.init) })
    case .members(let names):
      var reader = JSONMembers(bytes)
      guard let members = reader.read() else { return whole(bytes) }
      let own = names.sorted().compactMap { name in members[name].map { "\(name):\($0)" } }
      return own.isEmpty ? nil : Array(own.joined(separator: "\n").utf8)
    }
  }

  /// Lines without white space at their ends, and without empty ones at the end of the file.
  private static func whole(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var lines = Self.lines(bytes).map(trimmedEnd)
    while lines.last?.isEmpty == true { lines.removeLast() }
    return Array(lines.joined(separator: [UInt8(ascii: "\n")]))
  }

  private static func lines(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  }

  // MARK: INI

  /// The settings of some sections, without comments; how far a continuation is indented does not count.
  private static func sections(_ bytes: ArraySlice<UInt8>, _ names: [String]) -> [UInt8]? {
    var result: [[UInt8]] = []
    var isOwn = false
    for line in lines(bytes).map(trimmedEnd) {
      let text = trimmed(line)
      guard let first = text.first, first != UInt8(ascii: "#"), first != UInt8(ascii: ";") else {
        continue
      }
      if line.first == UInt8(ascii: "["), let end = line.firstIndex(of: UInt8(ascii: "]")) {
        let name = String(decoding: line[(line.startIndex + 1)..<end], as: UTF8.self)
        isOwn = names.contains { own in
          name == own || [".", "-", ":"].contains { name.hasPrefix(own + $0) }
        }
        if isOwn { result.append(Array(line[...end])) }
      } else if isOwn {
        result.append(setting(line, text))
      }
    }
    return result.isEmpty ? nil : Array(result.joined(separator: [UInt8(ascii: "\n")]))
  }

  private static func setting(_ line: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> [UInt8] {
    if line.first.map(isBlank) ?? false { return [0x20] + text }
    let sign = text.firstIndex { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }
    guard let sign else { return Array(text) }
    return Array(trimmed(text[..<sign])) + [UInt8(ascii: "=")] + trimmed(text[(sign + 1)...])
  }

  // MARK: TOML

  /// The statements at and below some keys, in an order of their own.
  private static func tables(
    _ statements: [TOMLStatements.Statement],
    _ keys: [[String]]
  ) -> [UInt8]? {
    let own = statements.filter { statement in
      keys.contains { key in
        if statement.path.starts(with: key) { return true }
        // An inline table above the key, which may hold it.
        return key.starts(with: statement.path)
          && statement.value.map { value in
            key.dropFirst(statement.path.count).allSatisfy(value.contains)
          } ?? false
      }
    }
    // A table without a setting may still say that a folder has a configuration of its own.
    let lines = own.filter { $0.value != nil || keys.contains($0.path) }.map(\.line)
    return lines.isEmpty ? nil : Array(lines.sorted().joined(separator: "\n").utf8)
  }

  // MARK: White space

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

  private static func trimmedEnd(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    bytes[..<((bytes.lastIndex { !isBlank($0) } ?? bytes.startIndex - 1) + 1)]
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    trimmedEnd(bytes.drop(while: isBlank))
  }
}

/// Takes TOML apart into statements, as far as it takes to tell whose they are.
struct TOMLStatements {
  /// A key with its value, or the head of a table.
  struct Statement {
    /// The keys from the outermost table on.
    var path: [String]
    /// The same with the places of tables in arrays of tables.
    var name: String
    /// Without white space and comments; nil for the head of a table.
    var value: String?

    var line: String { value.map { "\(name)=\($0)" } ?? "[\(name)]" }
  }

  private let bytes: ArraySlice<UInt8>
  private var at: Int
  private var counts: [String: Int] = [:]

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    at = bytes.startIndex
  }

  /// Every statement in order; nil for what is no TOML.
  mutating func read() -> [Statement]? {
    var result: [Statement] = []
    var table: [String] = []
    var prefix = ""
    while true {
      skip(newlines: true)
      guard let byte = peek() else { return result }
      if byte == UInt8(ascii: "[") {
        at += 1
        let isArray = peek() == UInt8(ascii: "[")
        if isArray { at += 1 }
        guard let path = key(until: UInt8(ascii: "]")) else { return nil }
        if isArray, take() != UInt8(ascii: "]") { return nil }
        table = path
        prefix = name(path, isArray: isArray)
        result.append(Statement(path: path, name: prefix))
      } else {
        guard let path = key(until: UInt8(ascii: "=")), let value = value() else { return nil }
        let own = path.map(Self.spelled).joined(separator: ".")
        result.append(
          Statement(
            path: table + path,
            name: prefix.isEmpty ? own : "\(prefix).\(own)",
            value: value
          )
        )
      }
    }
  }

  /// The name of a table, with the places of the arrays of tables that it lies in.
  private mutating func name(_ path: [String], isArray: Bool) -> String {
    var result = ""
    for (index, part) in path.enumerated() {
      result += (result.isEmpty ? "" : ".") + Self.spelled(part)
      if isArray, index == path.count - 1 { counts[result, default: 0] += 1 }
      if let count = counts[result] { result += "#\(count)" }
    }
    return result
  }

  private static func spelled(_ key: String) -> String {
    key.contains { ".#\"=[]".contains($0) } ? "'\(key)'" : key
  }

  private func peek() -> UInt8? { at < bytes.endIndex ? bytes[at] : nil }

  private mutating func take() -> UInt8? {
    guard let byte = peek() else { return nil }
    at += 1
    return byte
  }

  /// Skips white space and comments.
  private mutating func skip(newlines: Bool) {
    while let byte = peek() {
      if byte == UInt8(ascii: "#") {
        while let byte = peek(), byte != UInt8(ascii: "\n") { at += 1 }
      } else if ConfigurationPart.isBlank(byte) || (newlines && byte == UInt8(ascii: "\n")) {
        at += 1
      } else {
        return
      }
    }
  }

  private mutating func key(until end: UInt8) -> [String]? {
    var result: [String] = []
    while true {
      while let byte = peek(), ConfigurationPart.isBlank(byte) { at += 1 }
      guard let first = peek() else { return nil }
      if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
        guard let text = string() else { return nil }
        result.append(String(text.dropFirst().dropLast()))
      } else {
        let start = at
        while let byte = peek(), Self.isBare(byte) { at += 1 }
        if at == start { return nil }
        result.append(String(decoding: bytes[start..<at], as: UTF8.self))
      }
      while let byte = peek(), ConfigurationPart.isBlank(byte) { at += 1 }
      switch take() {
      case end: return result
      case UInt8(ascii: "."): continue
      default: return nil
      }
    }
  }

  private static func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// A value up to the end of its line, or beyond it within brackets.
  private mutating func value() -> String? {
    var result = ""
    var depth = 0
    while true {
      skip(newlines: depth > 0)
      guard let byte = peek(), byte != UInt8(ascii: "\n") else {
        return depth == 0 && !result.isEmpty ? result : nil
      }
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        guard let text = string() else { return nil }
        result += text
        continue
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth -= 1
        if depth < 0 { return nil }
        if result.last == "," { result.removeLast() }
      default: break
      }
      let start = at
      at += 1
      // The rest of a character of several bytes.
      while let next = peek(), next & 0xC0 == 0x80 { at += 1 }
      result += String(decoding: bytes[start..<at], as: UTF8.self)
    }
  }

  /// A string with its quotes; the two kinds of quotes are one where that makes no difference.
  private mutating func string() -> String? {
    guard let quote = peek() else { return nil }
    let three = [quote, quote, quote]
    let isLong = bytes[at...].starts(with: three)
    let start = at
    at += isLong ? 3 : 1
    while let byte = peek() {
      if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        at = min(at + 2, bytes.endIndex)
      } else if isLong ? bytes[at...].starts(with: three) : byte == quote {
        at += isLong ? 3 : 1
        // A long string may end with quotes of its own.
        while isLong, peek() == quote { at += 1 }
        let text = bytes[start..<at]
        if !isLong, quote == UInt8(ascii: "'"), !text.contains(UInt8(ascii: "\"")),
          !text.contains(UInt8(ascii: "\\"))
        {
          return "\"" + String(decoding: text.dropFirst().dropLast(), as: UTF8.self) + "\""
        }
        return String(decoding: text, as: UTF8.self)
      } else if !isLong, byte == UInt8(ascii: "\n") {
        return nil
      } else {
        at += 1
      }
    }
    return nil
  }
}

/// The members of the outermost object of a JSON text, each in one spelling: no white space, keys sorted.
struct JSONMembers {
  private static let depthLimit = 200
  private let bytes: ArraySlice<UInt8>
  private var at: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    at = bytes.startIndex
  }

  /// The members; nil for what is no object of JSON.
  mutating func read() -> [String: String]? {
    guard next() == UInt8(ascii: "{"), let members = members(depth: 0) else { return nil }
    return next() == nil ? members : nil
  }

  /// The next byte that is no white space.
  private mutating func next() -> UInt8? {
    while at < bytes.endIndex {
      defer { at += 1 }
      if !ConfigurationPart.isBlank(bytes[at]), bytes[at] != UInt8(ascii: "\n") { return bytes[at] }
    }
    return nil
  }

  private mutating func members(depth: Int) -> [String: String]? {
    var result: [String: String] = [:]
    guard var byte = next() else { return nil }
    if byte == UInt8(ascii: "}") { return result }
    while true {
      guard byte == UInt8(ascii: "\""), let key = string(), next() == UInt8(ascii: ":"),
        let value = value(depth: depth)
      else { return nil }
      result[key] = value
      switch next() {
      case UInt8(ascii: "}"): return result
      case UInt8(ascii: ","):
        guard let following = next() else { return nil }
        byte = following
      default: return nil
      }
    }
  }

  private mutating func value(depth: Int) -> String? {
    guard depth < Self.depthLimit, let byte = next() else { return nil }
    switch byte {
    case UInt8(ascii: "{"):
      guard let members = members(depth: depth + 1) else { return nil }
      let own = members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
      return "{\(own.joined(separator: ","))}"
    case UInt8(ascii: "["): return array(depth: depth)
    case UInt8(ascii: "\""): return string().map { "\"\($0)\"" }
    default:
      let start = at - 1
      while at < bytes.endIndex, !",}] \t\r\n".utf8.contains(bytes[at]) { at += 1 }
      return String(decoding: bytes[start..<at], as: UTF8.self)
    }
  }

  private mutating func array(depth: Int) -> String? {
    var items: [String] = []
    while true {
      guard let byte = next() else { return nil }
      if byte == UInt8(ascii: "]"), items.isEmpty { return "[]" }
      at -= 1
      guard let item = value(depth: depth + 1) else { return nil }
      items.append(item)
      switch next() {
      case UInt8(ascii: "]"): return "[\(items.joined(separator: ","))]"
      case UInt8(ascii: ","): continue
      default: return nil
      }
    }
  }

  /// The rest of a string, as it is spelled.
  private mutating func string() -> String? {
    let start = at
    while at < bytes.endIndex {
      if bytes[at] == UInt8(ascii: "\\") {
        at += 2
      } else if bytes[at] == UInt8(ascii: "\"") {
        defer { at += 1 }
        return String(decoding: bytes[start..<at], as: UTF8.self)
      } else {
        at += 1
      }
    }
    return nil
  }
}
