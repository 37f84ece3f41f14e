public import TallyModel

/// The files of a commit, to be found by what reports call them.
///
/// Its indexes are made when they are first asked for: most reports name files as the commit does.
public final class TreePaths {
  private let paths: [RepoPath]
  private lazy var all = Set(paths)
  private lazy var byName = Dictionary(grouping: paths, by: \.name)
  private lazy var byFolded = Dictionary(grouping: paths) { $0.text.lowercased() }
  private lazy var byFoldedName = Dictionary(grouping: paths) { $0.name.lowercased() }

  /// Creates an index of the commit's files.
  public init(_ paths: some Sequence<RepoPath>) { self.paths = Array(paths) }

  /// The file with exactly this path, or the only one with it when case is ignored.
  func file(_ path: String, ignoringCase: Bool) -> RepoPath? {
    if ignoringCase { return TreePaths.only(byFolded[path.lowercased()]) }
    let path = RepoPath(normalized: path)
    return all.contains(path) ? path : nil
  }

  /// Says whether several files have this path when case is ignored.
  func isShared(_ path: String) -> Bool { (byFolded[path.lowercased()]?.count ?? 0) > 1 }

  /// The file that is the longest end of a path, of at least so many components.
  func longestEnd(of parts: [Substring], least: Int, ignoringCase: Bool) -> RepoPath? {
    guard parts.count >= least, least > 0 else { return nil }
    for start in 0...(parts.count - least) {
      let end = parts[start...].joined(separator: "/")
      if let found = file(end, ignoringCase: ignoringCase) { return found }
    }
    return nil
  }

  /// The files below some folder whose paths end with this one.
  func files(endingWith path: String, ignoringCase: Bool) -> [RepoPath] {
    let name = RepoPath(normalized: path).name
    let end = "/" + path
    if ignoringCase {
      let folded = end.lowercased()
      return (byFoldedName[name.lowercased()] ?? []).filter {
        $0.text.lowercased().utf8.ends(with: folded.utf8)
      }
    }
    return (byName[name] ?? []).filter { $0.text.utf8.ends(with: end.utf8) }
  }

  private static func only(_ found: [RepoPath]?) -> RepoPath? {
    found?.count == 1 ? found?.first : nil
  }
}

extension BidirectionalCollection where Element: Equatable {
  fileprivate func ends(with other: some BidirectionalCollection<Element>) -> Bool {
    reversed().starts(with: other.reversed())
  }
}
