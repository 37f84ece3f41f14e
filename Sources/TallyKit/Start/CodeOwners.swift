import TallyModel

/// What a `CODEOWNERS` file says, as components of a campaign: who owns which paths.
struct CodeOwners: Sendable, Hashable {
  /// Owners as they are written together, and patterns over their paths in Tally's form.
  struct Part: Sendable, Hashable {
    let owners: String
    var paths: [String]
  }

  /// The most that are written down.
  static let partLimit = 20
  /// The most patterns of one owner that are written down.
  static let pathLimit = 50

  /// In the order in which owners are first met.
  private(set) var parts: [Part] = []
  /// Lines that name owners but could not be taken over.
  private(set) var leftOut = 0

  /// Reads a file; one that says nothing of owners gives no parts.
  ///
  /// Later lines win in `CODEOWNERS`, while a violation belongs to every component that names its path: the parts are a
  /// beginning for a person, not the same rule.
  init(_ text: String) {
    for (pattern, owners) in Self.rules(text) where !owners.isEmpty {
      let globs = Self.globs(pattern)
      if globs.isEmpty || globs.contains(where: { (try? Glob($0)) == nil }) {
        leftOut += 1
        continue
      }
      add(globs, of: owners)
    }
  }

  private mutating func add(_ globs: [String], of owners: String) {
    var index = parts.firstIndex { $0.owners == owners }
    if index == nil, parts.count < Self.partLimit {
      parts.append(Part(owners: owners, paths: []))
      index = parts.count - 1
    }
    guard let index, parts[index].paths.count + globs.count <= Self.pathLimit else {
      leftOut += 1
      return
    }
    for glob in globs where !parts[index].paths.contains(glob) { parts[index].paths.append(glob) }
  }

  /// Each line's pattern and its owners as they are written together, without comments and headings; empty where a line takes owners away.
  static func rules(_ text: String) -> [(pattern: String, owners: String)] {
    text.split(whereSeparator: \.isNewline).compactMap { line in
      var words = words(line)
      guard let pattern = words.first, let start = pattern.first, !"#[^".contains(start) else {
        return nil
      }
      words.removeFirst()
      if let comment = words.firstIndex(where: { $0.hasPrefix("#") }) {
        words.removeSubrange(comment...)
      }
      return (pattern, words.joined(separator: " "))
    }
  }

  /// The words of a line; a backslash before a blank keeps it in its word.
  private static func words(_ line: Substring) -> [String] {
    var result: [String] = []
    var word = ""
    var isEscaped = false
    for character in line {
      if isEscaped {
        word.append(character.isWhitespace ? "\(character)" : "\\\(character)")
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character.isWhitespace {
        if !word.isEmpty { result.append(word) }
        word = ""
      } else {
        word.append(character)
      }
    }
    if !word.isEmpty { result.append(word) }
    return result
  }

  /// A pattern of `.gitignore`'s kind as patterns of Tally's; none where it has no counterpart.
  static func globs(_ pattern: String) -> [String] {
    if pattern.hasPrefix("!") { return [] }
    var text = ""
    for character in pattern {
      // Braces and brackets stand for themselves in CODEOWNERS.
      if "{}[]".contains(character) { text.append("\\") }
      text.append(character)
    }
    let isFolder = text.hasSuffix("/")
    while text.hasSuffix("/") { text.removeLast() }
    let isAnchored = text.contains("/")
    while text.hasPrefix("/") { text.removeFirst() }
    if text.isEmpty || text == "*" || text == "**" {
      return isFolder && text == "*" ? ["*/**"] : ["**"]
    }
    if !isAnchored, !text.hasPrefix("**") { text = "**/" + text }
    if isFolder { return [text + "/**"] }
    // The name may be that of a file or of a folder; what ends in a star names files only.
    return text.hasSuffix("*") || text.hasSuffix("**") || isFileName(text)
      ? [text] : [text, text + "/**"]
  }

  /// True where the last part has an extension after a star, as in `*.js`.
  private static func isFileName(_ text: String) -> Bool {
    let name = text.split(separator: "/").last ?? ""
    return name.hasPrefix("*.")
  }
}
