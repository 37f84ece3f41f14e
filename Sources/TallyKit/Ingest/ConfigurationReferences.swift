import TallyModel

/// Finds the files that a configuration takes in: ruff's `extend`, `extends` of eslint and tsconfig, `inherit_from` of RuboCop.
///
/// A name counts where the commit has the file. What a package manager installs is no file of the commit: a lockfile says which.
enum ConfigurationReferences {
  /// What a name may leave out.
  private static let ends = [
    "", ".js", ".cjs", ".mjs", ".ts", ".json", ".yml", "/index.js", "/tsconfig.json",
  ]

  /// The files that a text names after one of some keys, in order.
  ///
  /// - Parameters:
  ///   - bytes: The text, or the tool's own part of it.
  ///   - keys: The keys.
  ///   - folder: Where the file lies that holds the text, as in `RepoPath.folder`.
  ///   - exists: Says whether the commit has a file.
  /// - Returns: The files.
  static func files(
    _ bytes: [UInt8],
    after keys: [String],
    in folder: String,
    where exists: (RepoPath) -> Bool
  ) -> [RepoPath] {
    if keys.isEmpty { return [] }
    var scanner = Scanner(bytes: bytes, keys: Set(keys))
    return scanner.names().compactMap { name in
      guard let path = resolve(name, in: folder) else { return nil }
      return ends.lazy.map { RepoPath(normalized: path + $0) }.first(where: exists)
    }
  }

  /// The path from the top of the repository; nil for one that leaves it.
  private static func resolve(_ name: String, in folder: String) -> String? {
    if name.isEmpty || name.hasPrefix("/") || name.contains("://") { return nil }
    var parts: [Substring] = []
    for part in "\(folder)/\(name)".split(separator: "/") where part != "." {
      if part != ".." {
        parts.append(part)
      } else if parts.popLast() == nil {
        return nil
      }
    }
    return parts.joined(separator: "/")
  }

  /// Looks for keys and takes the values behind them, whatever the language.
  private struct Scanner {
    let bytes: [UInt8]
    let keys: Set<String>
    var at = 0

    init(bytes: [UInt8], keys: Set<String>) {
      self.bytes = bytes
      self.keys = keys
    }

    mutating func names() -> [String] {
      var result: [String] = []
      while at < bytes.count {
        guard Self.isWord(bytes[at]) else {
          at += 1
          continue
        }
        let word = word()
        if keys.contains(word) { result += values() }
      }
      return result
    }

    private static func isWord(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: byte >= 0x80
      }
    }

    private mutating func word() -> String {
      let start = at
      while at < bytes.count, Self.isWord(bytes[at]) { at += 1 }
      return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private mutating func skipBlanks() {
      while at < bytes.count, ConfigurationPart.isBlank(bytes[at]) { at += 1 }
    }

    private var isQuote: Bool {
      at < bytes.count && [0x22, 0x27, 0x60].contains(bytes[at])
    }

    private mutating func values() -> [String] {
      // The closing quote of a key of JSON.
      let isQuotedKey = isQuote
      if isQuotedKey { at += 1 }
      skipBlanks()
      let hasSign = at < bytes.count && ":=(".utf8.contains(bytes[at])
      if hasSign { at += 1 }
      skipBlanks()
      guard at < bytes.count else { return [] }
      if isQuote { return isQuotedKey && !hasSign ? [] : [quoted()] }
      if !hasSign { return [] }
      switch bytes[at] {
      case UInt8(ascii: "["): return list()
      case UInt8(ascii: "\n"), UInt8(ascii: "#"): return lines()
      default: return [bare()]
      }
    }

    private mutating func quoted() -> String {
      let quote = bytes[at]
      at += 1
      let start = at
      while at < bytes.count, bytes[at] != quote, bytes[at] != UInt8(ascii: "\n") { at += 1 }
      defer { at += 1 }
      return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private mutating func bare() -> String {
      let start = at
      while at < bytes.count, !",]})#\n".utf8.contains(bytes[at]),
        !ConfigurationPart.isBlank(bytes[at])
      {
        at += 1
      }
      return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private mutating func list() -> [String] {
      var result: [String] = []
      at += 1
      while at < bytes.count, bytes[at] != UInt8(ascii: "]") {
        if isQuote {
          result.append(quoted())
        } else if Self.isWord(bytes[at]) || bytes[at] == UInt8(ascii: ".") {
          result.append(bare())
        } else {
          at += 1
        }
      }
      return result
    }

    /// A list of YAML below its key.
    private mutating func lines() -> [String] {
      var result: [String] = []
      while true {
        while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
        let end = at
        while at < bytes.count, bytes[at] == 0x0A || ConfigurationPart.isBlank(bytes[at]) {
          at += 1
        }
        guard at < bytes.count, bytes[at] == UInt8(ascii: "-") else {
          at = end
          return result
        }
        at += 1
        skipBlanks()
        result.append(isQuote ? quoted() : bare())
      }
    }
  }
}
