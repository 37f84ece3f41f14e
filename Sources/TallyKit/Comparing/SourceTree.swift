import Foundation
import TallyGit
import TallyLedger
import TallyModel
import TallyTracking

/// The texts of one scan: a folder, or a commit.
struct SourceTree {
  private enum Place {
    case folder(String)
    case commit(Repository, [RepoPath: BlobID])
  }

  /// The folder that absolute paths are below; nil where it is not known.
  let root: String?
  /// Every file, sorted.
  let paths: [RepoPath]
  private let place: Place
  private let known: Set<RepoPath>

  /// Files beyond this are not looked at.
  private static let largestText = 64 << 20
  private static let mostFiles = 200_000

  /// Lists a folder; version control's own folders are left out.
  static func folder(_ path: String, option: String, named: String) throws -> SourceTree {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue,
      let walker = FileManager.default.enumerator(atPath: path)
    else { throw MatchError.noFolder(option: option, path: named) }
    var paths: [RepoPath] = []
    while let name = walker.nextObject() as? String, paths.count < mostFiles {
      let last = name.split(separator: "/").last ?? ""
      if last == ".git" || last == ".hg" || last == ".svn" {
        walker.skipDescendants()
        continue
      }
      if walker.fileAttributes?[.type] as? FileAttributeType == .typeRegular {
        paths.append(RepoPath(normalized: name.precomposedStringWithCanonicalMapping))
      }
    }
    let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    return SourceTree(root: real, paths: paths.sorted(), place: .folder(path))
  }

  /// Lists a commit.
  static func commit(_ id: CommitID, of repository: Repository) async throws -> SourceTree {
    let lines = try await repository.manifest(of: id).lines
    let blobs = Dictionary(
      lines.map { ($0.path, $0.blob) },
      uniquingKeysWith: { first, _ in first }
    )
    return SourceTree(
      root: repository.root,
      paths: lines.map(\.path),
      place: .commit(repository, blobs)
    )
  }

  private init(root: String?, paths: [RepoPath], place: Place) {
    self.root = root
    self.paths = paths
    self.place = place
    known = Set(paths)
  }

  func contains(_ path: RepoPath) -> Bool { known.contains(path) }

  /// The text of a file with a name for it; nil where there is none, or one that is too large.
  func text(of path: RepoPath) async throws -> (blob: BlobID, bytes: [UInt8])? {
    guard known.contains(path) else { return nil }
    switch place {
    case .folder(let folder):
      guard let data = FileManager.default.contents(atPath: "\(folder)/\(path.text)"),
        data.count <= Self.largestText
      else { return nil }
      let bytes = [UInt8](data)
      var digest = StreamingDigest()
      bytes.withUnsafeBytes { digest.update($0) }
      guard let blob = BlobID(bytes: digest.finish().bytes) else { return nil }
      return (blob, bytes)
    case .commit(let repository, let blobs):
      guard let blob = blobs[path], let text = try await repository.blobs([blob])[blob]?.bytes
      else { return nil }
      return (blob, text)
    }
  }
}

/// The texts of both scans.
struct SourcePair {
  let old: SourceTree
  let new: SourceTree
  /// What git says became of files; nil where the texts have to say.
  private let renames: [MatchEvidence.Rename]?

  static func open(
    _ sources: MatchRequest.Sources,
    workspace: Workspace
  ) async throws -> SourcePair? {
    switch sources {
    case .none: return nil
    case .folders(let old, let new):
      return SourcePair(
        old: try .folder(workspace.absolute(old), option: "--old-source", named: old),
        new: try .folder(workspace.absolute(new), option: "--new-source", named: new),
        renames: nil
      )
    case .commits(let path, let old, let new):
      let found = try await Repository.discover(
        at: workspace.absolute(path),
        environment: workspace.environment
      )
      guard let repository = found else { throw MatchError.noRepository(path: path) }
      let (first, second) = (try await repository.resolve(old), try await repository.resolve(new))
      return SourcePair(
        old: try await .commit(first, of: repository),
        new: try await .commit(second, of: repository),
        renames: try await repository.renames(from: first, to: second).compactMap { change in
          change.renamedFrom.map {
            MatchEvidence.Rename(from: $0, to: change.path, similarity: change.similarity)
          }
        }
      )
    }
  }

  /// Renames, and maps of the files with findings.
  func evidence(_ before: ScanRows, _ after: ScanRows) async throws -> MatchEvidence {
    var moved = renames ?? []
    if renames == nil { moved = try await likelyRenames(before) }
    var targets: [RepoPath: [RepoPath]] = [:]
    for rename in moved { targets[rename.from, default: []].append(rename.to) }
    let (oldRows, newRows) = (before.byPath, after.byPath)
    var maps: [BlobPair: FileMap] = [:]
    for (path, rows) in oldRows.sorted(by: { $0.key < $1.key }) {
      guard let oldBlob = before.blobs[path], let oldText = try await old.text(of: path)?.bytes
      else { continue }
      for target in [path] + (targets[path] ?? []) {
        guard let (newBlob, newText) = try await new.text(of: target), newBlob != oldBlob,
          after.blobs[target] == newBlob || newRows[target] == nil
        else { continue }
        let pair = BlobPair(old: oldBlob, new: newBlob)
        maps[pair] = FileMapper.map(
          old: oldText,
          new: newText,
          oldBlob: oldBlob,
          newBlob: newBlob,
          positions: rows.compactMap { before.rows[$0].finding.region },
          columnUnit: before.columnUnit
        )
      }
    }
    return MatchEvidence(renames: moved, maps: maps)
  }

  /// Files that went or came, by their lines; only files with findings are asked for.
  private func likelyRenames(_ before: ScanRows) async throws -> [MatchEvidence.Rename] {
    let gone = before.byPath.keys.filter { !new.contains($0) && old.contains($0) }.sorted()
    if gone.isEmpty { return [] }
    var finder = RenameFinder()
    for path in gone {
      if let text = try await old.text(of: path)?.bytes { finder.addGone(path, text) }
    }
    for path in new.paths where !old.contains(path) {
      if let text = try await new.text(of: path)?.bytes { finder.addCame(path, text) }
    }
    return finder.renames()
  }
}
