public import TallyModel

/// The declared scope of a scan: any of some globs, or everything when there is none.
public struct ScanScope: Sendable, Hashable {
  /// The globs in the order given; empty for everything.
  public let globs: [Glob]

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
  }

  /// Says whether a path lies in the scope.
  public func covers(_ path: RepoPath) -> Bool {
    globs.isEmpty || globs.contains { $0.matches(path.text) }
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
