internal import TallyModel

/// What became of a file between an earlier scan and the one that is posted.
enum FileFate {
  /// The same content, perhaps under another path.
  case same(RepoPath)
  /// Another content, perhaps under another path.
  case edited(RepoPath, BlobPair)
  /// Not there any more, or not there yet.
  case absent
  /// The blobs are not known.
  case unknown(RepoPath)

  /// True where the content is the same.
  var isSame: Bool {
    if case .same = self { return true }
    return false
  }

  /// The path on the other side; nil where there is none.
  var path: RepoPath? {
    switch self {
    case .same(let path), .edited(let path, _), .unknown(let path): path
    case .absent: nil
    }
  }
}

/// An earlier position as the base of a comparison with the new one.
final class Base {
  let commit: CommitID
  let difference: CommitDifference?
  let facts: any FactReader
  private let files: [RepoPath: CommitDifference.File]
  private let renamedTo: [RepoPath: MatchEvidence.Rename]
  private let renamedFrom: [RepoPath: MatchEvidence.Rename]
  let target: CommitID
  private let isNextCommit: Bool
  /// What ``changesConfiguration(of:)`` found, by tool.
  var configurationChanges: [String: Bool] = [:]

  init(commit: CommitID, target: CommitID, facts: any FactReader) throws {
    self.commit = commit
    self.target = target
    self.facts = facts
    difference = try facts.difference(from: commit, to: target)
    if difference?.isProvisional ?? true { facts.note(.difference(from: commit, to: target)) }
    files = Dictionary(
      (difference?.files ?? []).map { ($0.path, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    let renames = difference?.renames ?? []
    renamedTo = Dictionary(renames.map { ($0.from, $0) }, uniquingKeysWith: { first, _ in first })
    renamedFrom = Dictionary(renames.map { ($0.to, $0) }, uniquingKeysWith: { first, _ in first })
    isNextCommit = try facts.commit(target)?.parents.first == commit
  }

  /// The paths that differ; nil when not known.
  lazy var changedPaths: Set<RepoPath>? = difference.map { difference in
    Set(difference.files.map(\.path)).union(difference.renames.flatMap { [$0.from, $0.to] })
  }

  /// True where it is known what each commit between changed: a file that is not there any more went nowhere else.
  var knowsSteps: Bool { isNextCommit || !(difference?.steps ?? []).isEmpty }

  /// True when any file differs, or when that is not known of two different commits.
  var changesAnything: Bool { changedPaths.map { !$0.isEmpty } ?? (commit != target) }

  /// The new content of a file that differs.
  func changedBlob(_ path: RepoPath) -> BlobID? { files[path]?.new }

  func rename(to path: RepoPath) -> MatchEvidence.Rename? { renamedFrom[path] }
  func rename(from path: RepoPath) -> MatchEvidence.Rename? { renamedTo[path] }

  /// What became of a file that had a blob (nil: not known) at the base.
  func fate(_ path: RepoPath, blob: BlobID?) throws -> FileFate {
    if difference == nil {
      guard let answer = try facts.blobs(of: [path], at: target) else { return .unknown(path) }
      guard let new = answer[path] else { return .absent }
      return compare(path, old: blob, new: new)
    }
    if let rename = renamedTo[path] {
      let old = blob ?? files[path]?.old ?? files[rename.to]?.old
      return compare(rename.to, old: old, new: files[rename.to]?.new ?? old)
    }
    guard let file = files[path] else {
      return try isOutside(path, blob, target) ? .unknown(path) : .same(path)
    }
    guard let new = file.new else { return .absent }
    return compare(path, old: blob ?? file.old, new: new)
  }

  /// Where a file of the new commit comes from.
  func origin(_ path: RepoPath, newBlob: BlobID?) throws -> FileFate {
    if difference == nil {
      guard let answer = try facts.blobs(of: [path], at: commit) else { return .unknown(path) }
      guard let old = answer[path] else { return .absent }
      return compare(path, old: old, new: newBlob)
    }
    if let rename = renamedFrom[path] {
      let old = files[rename.from]?.old ?? files[path]?.old
      return compare(rename.from, old: old, new: files[path]?.new ?? newBlob ?? old)
    }
    guard let file = files[path] else {
      return try isOutside(path, newBlob, target) ? .unknown(path) : .same(path)
    }
    guard let old = file.old else { return .absent }
    return compare(path, old: old, new: file.new ?? newBlob)
  }

  /// True for a file that is not among the commit's though those are known: built, or outside the repository.
  private func isOutside(_ path: RepoPath, _ blob: BlobID?, _ commit: CommitID) throws -> Bool {
    if blob != nil { return false }
    return try facts.blobs(of: [path], at: commit).map { $0[path] == nil } ?? false
  }

  private func compare(_ path: RepoPath, old: BlobID?, new: BlobID?) -> FileFate {
    guard let old, let new else { return .unknown(path) }
    return old == new ? .same(path) : .edited(path, BlobPair(old: old, new: new))
  }

  /// The one commit of the range that touched any of the paths, else the new commit for the range.
  func attribution(_ paths: [RepoPath]) -> (commit: CommitID, isExact: Bool) {
    let steps = difference?.steps ?? []
    let touching = steps.filter { step in paths.contains { step.paths.contains($0) } }
    if touching.count == 1, let only = touching.first { return (only.commit, true) }
    if touching.isEmpty, steps.count == 1, let only = steps.first { return (only.commit, true) }
    return (target, steps.isEmpty && isNextCommit)
  }
}

extension FileMap {
  /// Says whether a hunk touches old lines of a region.
  func editsOld(_ region: SourceRegion) -> Bool {
    let last = region.endLine ?? region.startLine
    return hunks.contains {
      $0.oldCount > 0 && $0.oldStart <= last && $0.oldStart + $0.oldCount > region.startLine
    }
  }

  /// Says whether a hunk touches new lines of a region.
  func editsNew(_ region: SourceRegion) -> Bool {
    let last = region.endLine ?? region.startLine
    return hunks.contains {
      $0.newCount > 0 && $0.newStart <= last && $0.newStart + $0.newCount > region.startLine
    }
  }

  /// The new lines that an old place may have become: one where it is known, a hunk's where not, none where it is gone.
  func newLines(of region: SourceRegion) -> ClosedRange<Int>? {
    let line = region.startLine
    let exact = anchors.first { $0.oldLine == line && $0.oldColumn == (region.startColumn ?? 0) }
    if let anchor = exact ?? anchors.first(where: { $0.oldLine == line }) {
      return anchor.newLine.map { $0...$0 }
    }
    var shift = 0
    for hunk in hunks {
      let first = hunk.oldCount == 0 ? hunk.oldStart + 1 : hunk.oldStart
      if first > line { break }
      if hunk.oldCount > 0, line < hunk.oldStart + hunk.oldCount {
        if hunk.newCount == 0 { return nil }
        if hunk.newCount == hunk.oldCount {
          let mapped = hunk.newStart + line - hunk.oldStart
          return mapped...mapped
        }
        return hunk.newStart...(hunk.newStart + hunk.newCount - 1)
      }
      shift += hunk.newCount - hunk.oldCount
    }
    return (line + shift)...(line + shift)
  }

  /// Says whether a comment silences a rule where an old finding went.
  func suppresses(_ rule: String, at region: SourceRegion?) -> Bool {
    suppressions.contains { comment in
      guard comment.rules.isEmpty || comment.rules.contains(where: { rule.hasPrefix($0) }) else {
        return false
      }
      guard let region else { return comment.lastLine >= Int(Int32.max) }
      guard let lines = newLines(of: region) else { return false }
      return comment.firstLine <= lines.upperBound && comment.lastLine >= lines.lowerBound
    }
  }
}
