public import TallyModel

/// Finds the files of a commit that reports recorded elsewhere are about.
///
/// A container may have scanned `/workdir/src/app.py`, or a tool run in a folder `app.py`. The file
/// that is meant is the one that shares the most components at the end, where all components of
/// either path are shared; when two share as many, there is none.
public struct TreePaths: Sendable {
  private let byName: [String: [RepoPath]]

  /// Creates an index of the commit's files.
  public init(_ paths: some Sequence<RepoPath>) {
    var byName: [String: [RepoPath]] = [:]
    for path in paths { byName[path.name, default: []].append(path) }
    self.byName = byName
  }

  /// Returns the file that is meant, which is the path itself where the commit has it; nil when
  /// there is none or no single one.
  public func match(_ reported: RepoPath) -> RepoPath? {
    guard let candidates = byName[reported.name] else { return nil }
    let wanted = parts(of: reported)
    var best: RepoPath?
    var bestCount = 0
    var isUnique = false
    for candidate in candidates {
      if candidate == reported { return candidate }
      let found = parts(of: candidate)
      let count = sharedAtEnd(wanted, found)
      if count == 0 || count < min(wanted.count, found.count) || count < bestCount { continue }
      // All of both beats all of one: `/main.tf` is `main.tf` and not `modules/main.tf`.
      let isWhole = found.count == wanted.count
      if count > bestCount || isWhole {
        (best, bestCount, isUnique) = (candidate, count, true)
        if isWhole { return candidate }
      } else {
        isUnique = false
      }
    }
    return isUnique ? best : nil
  }

  private func parts(of path: RepoPath) -> [Substring] {
    Array(path.text.split(separator: "/").drop { $0 == ".." })
  }

  private func sharedAtEnd(_ left: [Substring], _ right: [Substring]) -> Int {
    var count = 0
    for (one, other) in zip(left.reversed(), right.reversed()) {
      if !one.utf8.elementsEqual(other.utf8) { break }
      count += 1
    }
    return count
  }
}
