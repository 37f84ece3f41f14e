public import TallyModel

/// The declared scope of a scan: any of some globs, or everything when there is none.
public struct ScanScope: Sendable, Hashable {
  /// The globs in the order given; empty for everything.
  public let globs: [Glob]
  /// Patterns that stand for one path and what lies below it: a scan of changed files has thousands.
  private let paths: Set<String>
  /// The others.
  private let wildcards: [Glob]

  /// Creates a scope from the globs of a scan.
  ///
  /// Ingesting refuses what is no pattern. Where an entry holds one all the same, it stands for the path that is spelled like it.
  public init(_ patterns: [String]) {
    globs = patterns.map { pattern in
      do {
        return try Glob(pattern)
      } catch {
        return Glob(literal: pattern)
      }
    }
    // Brackets also stand for the path that is spelled like the pattern: only plain text is one path.
    func isPlain(_ glob: Glob) -> Bool {
      !glob.pattern.utf8.contains { "*?[]{}\\".utf8.contains($0) }
        && !glob.pattern.hasPrefix("./") && glob.pattern != "." && !glob.pattern.hasSuffix("/")
    }
    paths = Set(globs.lazy.filter(isPlain).map(\.pattern))
    wildcards = globs.filter { !isPlain($0) }
  }

  /// Says whether a path lies in the scope.
  public func covers(_ path: RepoPath) -> Bool {
    globs.isEmpty || isNamed(path.text[...]) || wildcards.contains { $0.matches(path.text) }
  }

  /// Says whether a path, or a folder that it lies in, is one of ``paths``.
  private func isNamed(_ path: Substring) -> Bool {
    if paths.isEmpty { return false }
    var path = path
    while true {
      if paths.contains(String(path)) { return true }
      guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return false }
      path = path[..<slash]
    }
  }

  /// Says whether no path can lie in both scopes; false where it cannot be told.
  public func isDisjoint(with other: ScanScope) -> Bool {
    if globs.isEmpty || other.globs.isEmpty { return false }
    if wildcards.isEmpty, other.wildcards.isEmpty {
      return !paths.contains { other.isNamed($0[...]) }
        && !other.paths.contains { isNamed($0[...]) }
    }
    return globs.allSatisfy { glob in other.globs.allSatisfy { glob.isDisjoint(with: $0) } }
  }

  /// Says whether every path of the other scope lies in this one; false where it cannot be told.
  public func contains(_ other: ScanScope) -> Bool {
    if globs.isEmpty { return true }
    if other.globs.isEmpty { return false }
    if other.wildcards.isEmpty, wildcards.isEmpty {
      return other.paths.allSatisfy { isNamed($0[...]) }
    }
    return other.globs.allSatisfy { glob in globs.contains { $0.contains(glob) } }
  }
}
