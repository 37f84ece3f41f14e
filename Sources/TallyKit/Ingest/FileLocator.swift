import TallyGit
import TallyImport
import TallyLedger
import TallyModel
import TallyReport

/// The files of the commit that is recorded, asked only for what is needed.
struct CommitFiles {
  /// False where there is no git, or the clone lacks the commit's list of files.
  let isKnown: Bool
  /// All files.
  let all: () throws -> [RepoPath]
  /// Which of some files the commit has.
  let present: ([RepoPath]) throws -> Set<RepoPath>
}

extension CommitFiles {
  /// The files as the journal or git know them.
  init(_ evidence: CommitEvidence, in ledger: Ledger) {
    isKnown = evidence.knowsFiles
    all = { try ledger.read { try evidence.paths(reader: $0) } }
    present = { paths in
      Set(try ledger.read { try evidence.blobs(of: paths, reader: $0) }.keys)
    }
  }
}

/// Makes paths of the repository of what the runs of an ingest report.
final class FileLocator {
  /// The places of one run, looked up.
  struct Places {
    fileprivate(set) var paths: [ReportedPlace: RepoPath] = [:]
    /// Places whose file was told by the end of its path, or without case.
    fileprivate(set) var likely: Set<ReportedPlace> = []
    /// Places whose path fits several files of the commit.
    fileprivate(set) var several: Set<ReportedPlace> = []
    /// Places that the commit has no file for.
    fileprivate(set) var missing: Set<ReportedPlace> = []

    func path(_ place: ReportedPlace) -> RepoPath { paths[place] ?? RepoPath(normalized: "") }
    func path(_ location: ImportedLocation) -> RepoPath { path(.artifact(location)) }

    /// The file or folder of the commit that is meant; nil where none or several fit.
    func found(_ location: ImportedLocation) -> RepoPath? {
      let place = ReportedPlace.artifact(location)
      return missing.contains(place) || several.contains(place) ? nil : path(place)
    }
  }

  private let roots: [String]
  private let workspace: Workspace
  private let files: CommitFiles
  private lazy var tree = Result { TreePaths(try files.all()) }
  private lazy var folders = Result { TreePaths(Self.folders(of: try files.all())) }

  init(roots: [String], workspace: Workspace, files: CommitFiles) {
    self.roots = roots
    self.workspace = workspace
    self.files = files
  }

  /// Finds the files that the places of one run mean; a path without a file stays as it was reported.
  func places(
    _ reported: some Sequence<ReportedPlace>,
    bases: [ImportedBaseURI]
  ) throws -> Places {
    let resolver = PathResolver(
      repositoryRoot: workspace.repository?.root,
      rootPrefixes: roots,
      baseURIs: bases
    )
    var result = Places()
    var plain: [ReportedPlace: RepoPath] = [:]
    for place in reported {
      let path = resolver.path(of: place)
      result.paths[place] = path
      if !path.text.isEmpty { plain[place] = resolver.plainPath(of: place) }
    }
    guard files.isKnown else { return result }
    let present = try files.present(plain.values.sorted())
    let rest = result.paths.keys.filter { place in
      if let path = plain[place], present.contains(path) {
        result.paths[place] = path
        return false
      }
      return result.paths[place]?.text.isEmpty == false
    }
    if rest.isEmpty { return result }
    let folder = workspace.repository?.prefix ?? ""
    let found = FileFinder(resolver, in: try tree.get(), folder: folder).files(of: rest)
    let lacking = zip(rest, found).filter { if case .missing = $0.1 { true } else { false } }.map(
      \.0
    )
    let known = try findFolders(lacking, resolver)
    for (place, file) in zip(rest, found) {
      result.paths[place] = file.path
      if let folder = known[place] {
        result.paths[place] = folder
        continue
      }
      switch file {
      case .file: break
      case .likely: result.likely.insert(place)
      case .several: result.several.insert(place)
      case .missing: result.missing.insert(place)
      }
    }
    return result
  }

  /// The folders of the commit that some places mean, such as what a tool was told to scan.
  private func findFolders(
    _ places: [ReportedPlace],
    _ resolver: PathResolver
  ) throws -> [ReportedPlace: RepoPath] {
    if places.isEmpty { return [:] }
    let found = FileFinder(resolver, in: try folders.get()).files(of: places)
    var result: [ReportedPlace: RepoPath] = [:]
    for (place, folder) in zip(places, found) {
      switch folder {
      case .file(let path): result[place] = path
      // Not one of which only the end was reported.
      case .likely(let path) where resolver.path(of: place).text.hasSuffix(path.text):
        result[place] = path
      default: break
      }
    }
    return result
  }

  private static func folders(of files: [RepoPath]) -> Set<RepoPath> {
    var result: Set<RepoPath> = []
    for file in files {
      var text = file.text[...]
      while let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) {
        text = text[..<slash]
        if !result.insert(RepoPath(normalized: String(text))).inserted { break }
      }
    }
    return result
  }

  /// Sentences about findings whose file the commit lacks; one for each reason, whatever the number of files.
  static func warnings(
    _ places: Places,
    counts: [ImportedLocation: Int]
  ) -> [String] {
    func tell(
      _ set: Set<ReportedPlace>
    ) -> (findings: String, isOne: Bool, first: String, uri: String)? {
      let found = counts.filter { set.contains(.artifact($0.key)) }
      let least = found.keys.map { (path: places.path($0), uri: $0.uri) }
        .min { ($0.path, $0.uri) < ($1.path, $1.uri) }
      guard let least else { return nil }
      let count = found.values.reduce(0, +)
      return (Wording.counted(count, "finding"), count == 1, least.path.text, least.uri)
    }
    var result: [String] = []
    if let (findings, isOne, first, uri) = tell(places.likely) {
      result.append(
        "the file of \(findings) is the only one that is spelled alike, \(isOne ? "" : "the first ")"
          + "\(first) for \(uri): to be certain, run tally ingest in the folder that the tool ran in, "
          + "or strip the folder before it with --root PREFIX"
      )
    }
    if let (findings, isOne, first, _) = tell(places.missing) {
      result.append(
        isOne
          ? "\(findings) is in a file that the commit lacks, \(first): where it isn't generated, "
            + "--root PREFIX strips the folder it was scanned in"
          : "\(findings) are in files that the commit lacks, the first is \(first): where they aren't "
            + "generated, --root PREFIX strips the folder they were scanned in"
      )
    }
    if let (findings, isOne, first, _) = tell(places.several) {
      result.append(
        (isOne
          ? "\(findings) is in a file whose path fits several of the commit, \(first)"
          : "\(findings) are in files whose paths fit several of the commit, the first is \(first)")
          + ": run tally ingest in the folder that the tool ran in, or strip the folder before it with "
          + "--root PREFIX"
      )
    }
    return result
  }
}
