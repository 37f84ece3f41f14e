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
  private var texts: [RepoPath: (blob: BlobID, bytes: [UInt8])] = [:]
  private var problems: [RepoPath: TextProblem] = [:]

  /// Files beyond this are not looked at.
  private static let largestText_bytes = 64 << 20
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

  /// Reads the texts of some files, each once; those of a commit with one question to git.
  mutating func load(_ paths: some Sequence<RepoPath>) async throws {
    let wanted = paths.filter { texts[$0] == nil && problems[$0] == nil }
    for path in wanted where !known.contains(path) { problems[path] = .absent }
    switch place {
    case .folder(let folder):
      for path in wanted where known.contains(path) { read(path, below: folder) }
    case .commit(let repository, let blobs):
      let ids = wanted.compactMap { blobs[$0] }
      let contents = try await repository.blobs(ids, sizeLimit: Self.largestText_bytes)
      for path in wanted {
        guard let blob = blobs[path] else { continue }
        switch contents[blob] {
        case .bytes(let bytes): texts[path] = (blob, bytes)
        case .tooLarge: problems[path] = .tooLarge
        default: problems[path] = .absent
        }
      }
    }
  }

  /// The text of a file with a name for it; nil where it was not loaded, or there is none that can be used.
  func text(of path: RepoPath) -> (blob: BlobID, bytes: [UInt8])? { texts[path] }

  /// Why a loaded file has no text.
  func problem(of path: RepoPath) -> TextProblem? { problems[path] }

  private mutating func read(_ path: RepoPath, below folder: String) {
    // A file may have gone since the folder was listed, or be one that may not be read.
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(path.text)") else {
      problems[path] = .absent
      return
    }
    if data.count > Self.largestText_bytes {
      problems[path] = .tooLarge
      return
    }
    var digest = StreamingDigest()
    data.withUnsafeBytes { digest.update($0) }
    guard let blob = BlobID(bytes: digest.finish().bytes) else { return }
    texts[path] = (blob, [UInt8](data))
  }
}

/// Why a text is not compared; what was reported has to do.
enum TextProblem: Int, CaseIterable {
  case absent
  case otherText
  case unreadable
  case tooLarge

  /// What is said of such files, after their number.
  var reason: String {
    switch self {
    case .absent: "not there"
    case .otherText: "not what was scanned"
    case .unreadable: "binary, or with a line of more than 1 MiB"
    case .tooLarge: "larger than 64 MiB"
    }
  }
}

/// The texts of both scans.
struct SourcePair {
  var old: SourceTree
  var new: SourceTree
  /// What git says became of files; nil where the texts have to say.
  private let renames: [MatchEvidence.Rename]?
  /// The clone and its two commits; nil for folders.
  private let commits: (repository: Repository, old: CommitID, new: CommitID)?

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
        renames: nil,
        commits: nil
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
        },
        commits: (repository, first, second)
      )
    }
  }

  /// Renames, and maps of the files with findings.
  mutating func evidence(_ before: ScanRows, _ after: ScanRows) async throws -> MatchEvidence {
    var moved = renames ?? []
    if renames == nil { moved = try await likelyRenames(before) }
    let chains = try await chains(before)
    for (path, chain) in (chains?.byPath ?? [:]).sorted(by: { $0.key < $1.key }) {
      // What the commits between say of a file is more than what its ends look like.
      guard let target = chain.path, target != path else { continue }
      moved.removeAll { $0.from == path && $0.to != target }
      if !moved.contains(where: { $0.from == path }) {
        moved.append(MatchEvidence.Rename(from: path, to: target, similarity: 100))
      }
    }
    var targets: [RepoPath: [RepoPath]] = [:]
    for rename in moved { targets[rename.from, default: []].append(rename.to) }
    var wanted: [(old: RepoPath, new: RepoPath)] = []
    for path in before.byPath.keys.sorted() {
      for target in [path] + (targets[path] ?? []) { wanted.append((path, target)) }
    }
    try await new.load(wanted.map(\.new))
    var maps: [BlobPair: FileMap] = [:]
    for (path, target) in wanted {
      guard let oldBlob = before.blobs[path], let oldText = old.text(of: path)?.bytes,
        let (newBlob, newText) = new.text(of: target), newBlob != oldBlob,
        after.blobs[target] == newBlob || after.byPath[target] == nil
      else { continue }
      let rows = before.byPath[path] ?? []
      let regions = rows.compactMap { before.rows[$0].finding.region }
      let unit = before.columnUnit
      let pair = BlobPair(old: oldBlob, new: newBlob)
      if let repository = commits?.repository {
        let request = MapRequest(
          pair,
          target: target,
          chain: chains?.byPath[path],
          regions: regions,
          columnUnit: unit
        )
        maps[pair] = try await repository.maps([request]).maps.first
        continue
      }
      maps[pair] = FileMapper.map(
        old: oldText,
        new: newText,
        oldBlob: oldBlob,
        newBlob: newBlob,
        positions: regions,
        columnUnit: unit
      )
    }
    return MatchEvidence(renames: moved.sorted { ($0.to, $0.from) < ($1.to, $1.from) }, maps: maps)
  }

  /// What the commits between made of the files with findings; nil where nothing is known of them.
  private func chains(_ before: ScanRows) async throws -> FileChains? {
    guard let commits else { return nil }
    let files = before.blobs.sorted { $0.key < $1.key }.map { (path: $0.key, blob: $0.value) }
    return try await .between(files, commits.old, commits.new, in: commits.repository)
  }

  /// Files that went or came, by their lines; only files with findings are asked for.
  private mutating func likelyRenames(
    _ before: ScanRows
  ) async throws -> [MatchEvidence.Rename] {
    let gone = before.byPath.keys.filter { !new.contains($0) && old.contains($0) }.sorted()
    if gone.isEmpty { return [] }
    let came = new.paths.filter { !old.contains($0) }
    try await new.load(came)
    var finder = RenameFinder()
    for path in gone {
      if let text = old.text(of: path)?.bytes { finder.addGone(path, text) }
    }
    for path in came {
      if let text = new.text(of: path)?.bytes { finder.addCame(path, text) }
    }
    return finder.renames()
  }
}
