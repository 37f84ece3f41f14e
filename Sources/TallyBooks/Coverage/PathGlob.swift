public import TallyModel

/// A pattern over repository paths: `*` and `?` within a component, `**` across components.
///
/// Anchored at the top of the repository, case-sensitive, bytewise. `**` stands for any number of components where it is one
/// (`src/**/a.py` matches `src/a.py`), else for any bytes. A pattern without a wildcard matches the file of that name and everything below the folder of that
/// name; a trailing slash is ignored. `.` and the empty pattern match everything.
public struct PathGlob: Sendable, Hashable {
  /// The pattern as it was given.
  public let pattern: String
  private let forms: [[Token]]

  private enum Token: Sendable, Hashable {
    case byte(UInt8)
    /// `?`: one byte but the slash.
    case one
    /// `*`: any bytes but the slash.
    case component
    /// `**`: any bytes.
    case any
    /// `**/` begins here: it may stand for nothing, or for what ``folders`` takes.
    case foldersStart
    /// Any bytes that end in a slash.
    case folders
  }

  /// Creates a pattern; every text is one.
  public init(_ pattern: String) {
    self.pattern = pattern
    var bytes = Array(pattern.utf8)
    let slash = UInt8(ascii: "/")
    while bytes.starts(with: [UInt8(ascii: "."), slash]) { bytes.removeFirst(2) }
    while bytes.last == slash { bytes.removeLast() }
    if bytes.isEmpty || bytes == [UInt8(ascii: ".")] {
      forms = [[.any]]
      return
    }
    let tokens = PathGlob.tokens(bytes)
    let isLiteral = tokens.allSatisfy { if case .byte = $0 { true } else { false } }
    forms = isLiteral ? [tokens, tokens + [.byte(slash), .any]] : [tokens]
  }

  /// Says whether the pattern matches a path.
  public func matches(_ path: RepoPath) -> Bool {
    var text = path.text
    return text.withUTF8 { bytes in forms.contains { PathGlob.matches($0, bytes) } }
  }

  /// Says whether no path can match both patterns, as far as their literal beginnings and ends tell.
  ///
  /// Conservative: false where it cannot be told. Patterns without wildcards are compared exactly.
  public func isDisjoint(with other: PathGlob) -> Bool {
    forms.allSatisfy { left in
      other.forms.allSatisfy { right in PathGlob.areDisjoint(left, right) }
    }
  }

  /// Says whether every path of the other pattern matches this one, as far as can be told without searching; false where it cannot.
  public func contains(_ other: PathGlob) -> Bool {
    if forms == other.forms || forms == [[.any]] { return true }
    return other.forms.allSatisfy { form in
      forms.contains { own in
        if own == form { return true }
        // `a/b/**` holds whatever begins with `a/b/`; a literal is held by what matches it.
        if let literal = PathGlob.literal(form) {
          return literal.withUnsafeBufferPointer { PathGlob.matches(own, $0) }
        }
        guard own.last == .any, PathGlob.literal(Array(own.dropLast())) != nil else { return false }
        return form.starts(with: own.dropLast())
      }
    }
  }

  private static func tokens(_ bytes: [UInt8]) -> [Token] {
    var result: [Token] = []
    var index = 0
    let star = UInt8(ascii: "*")
    let slash = UInt8(ascii: "/")
    while index < bytes.count {
      let byte = bytes[index]
      if byte == star {
        var end = index
        while end < bytes.count, bytes[end] == star { end += 1 }
        let isDouble = end - index > 1
        let startsComponent = index == 0 || bytes[index - 1] == slash
        if isDouble, startsComponent, end < bytes.count, bytes[end] == slash {
          result += [.foldersStart, .folders]
          end += 1
        } else {
          result.append(isDouble ? .any : .component)
        }
        index = end
      } else {
        result.append(byte == UInt8(ascii: "?") ? .one : .byte(byte))
        index += 1
      }
    }
    return result
  }

  /// Walks the set of reachable tokens, so that no pattern costs more than its length for each byte.
  private static func matches(_ tokens: [Token], _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    // Most scopes are a folder: a literal beginning decides before any state is walked.
    var literal = 0
    while literal < tokens.count, case .byte(let wanted) = tokens[literal] {
      if literal >= bytes.count || bytes[literal] != wanted { return false }
      literal += 1
    }
    if literal == tokens.count { return literal == bytes.count }
    if literal == tokens.count - 1, tokens[literal] == .any { return true }
    var states = [Bool](repeating: false, count: tokens.count + 1)
    states[0] = true
    let slash = UInt8(ascii: "/")
    skipEmpty(tokens, &states)
    for byte in bytes {
      var next = [Bool](repeating: false, count: tokens.count + 1)
      for (index, token) in tokens.enumerated() where states[index] {
        switch token {
        case .byte(let wanted): if wanted == byte { next[index + 1] = true }
        case .one: if byte != slash { next[index + 1] = true }
        case .component: if byte != slash { next[index] = true }
        case .any: next[index] = true
        case .foldersStart: break
        case .folders:
          next[index] = true
          if byte == slash { next[index + 1] = true }
        }
      }
      states = next
      skipEmpty(tokens, &states)
    }
    return states[tokens.count]
  }

  private static func skipEmpty(_ tokens: [Token], _ states: inout [Bool]) {
    for (index, token) in tokens.enumerated() where states[index] {
      switch token {
      case .component, .any: states[index + 1] = true
      case .foldersStart:
        states[index + 1] = true
        states[index + 2] = true
      default: break
      }
    }
  }

  private static func literal(_ tokens: [Token]) -> [UInt8]? {
    var result: [UInt8] = []
    for token in tokens {
      guard case .byte(let byte) = token else { return nil }
      result.append(byte)
    }
    return result
  }

  private static func areDisjoint(_ left: [Token], _ right: [Token]) -> Bool {
    if let text = literal(left) {
      return !text.withUnsafeBufferPointer { matches(right, $0) }
    }
    if let text = literal(right) {
      return !text.withUnsafeBufferPointer { matches(left, $0) }
    }
    return differs(left, right) || differs(left.reversed(), right.reversed())
  }

  /// True when two texts differ before the first wildcard of either.
  private static func differs(_ left: some Sequence<Token>, _ right: some Sequence<Token>) -> Bool {
    for (one, other) in zip(left, right) {
      guard case .byte(let first) = one, case .byte(let second) = other else { return false }
      if first != second { return true }
    }
    return false
  }
}

/// The declared scope of a scan: any of some globs, or everything when there is none.
public struct ScanScope: Sendable, Hashable {
  /// The globs in the order given; empty for everything.
  public let globs: [PathGlob]

  /// Creates a scope from the globs of a scan.
  public init(_ patterns: [String]) { globs = patterns.map(PathGlob.init) }

  /// True when the scope was not narrowed.
  public var isEverything: Bool { globs.isEmpty }

  /// Says whether a path lies in the scope.
  public func covers(_ path: RepoPath) -> Bool {
    globs.isEmpty || globs.contains { $0.matches(path) }
  }

  /// Says whether no path can lie in both scopes; false where it cannot be told.
  public func isDisjoint(with other: ScanScope) -> Bool {
    if globs.isEmpty || other.globs.isEmpty { return false }
    return globs.allSatisfy { glob in other.globs.allSatisfy { glob.isDisjoint(with: $0) } }
  }

  /// Says whether every path of the other scope lies in this one; false where it cannot be told.
  public func contains(_ other: ScanScope) -> Bool {
    if globs.isEmpty { return true }
    if other.globs.isEmpty { return false }
    return other.globs.allSatisfy { glob in globs.contains { $0.contains(glob) } }
  }
}
