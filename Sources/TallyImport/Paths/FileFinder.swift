public import TallyModel

/// What becomes of a reported place when the commit's files are known.
public enum FoundFile: Sendable, Hashable {
  /// The commit has the file.
  case file(RepoPath)
  /// Several files of the commit are as likely; the path is kept as it was reported.
  case several(RepoPath)
  /// The commit has no such file; the path is kept as it was reported.
  case missing(RepoPath)

  /// The path to record.
  public var path: RepoPath {
    switch self {
    case .file(let path), .several(let path), .missing(let path): path
    }
  }
}

/// Finds the files of a commit that the places of one run mean.
///
/// The order is in `docs/sarif.md`, "Paths". Each place is looked for by itself, so that scans of other
/// commits find the same file as long as it is there; the other places of the run only decide
/// between files that are as likely.
public struct FileFinder {
  private let resolver: PathResolver
  private let tree: TreePaths
  private let folder: String

  /// Creates a finder.
  ///
  /// - Parameters:
  ///   - resolver: knows the run's bases and the roots.
  ///   - tree: the files of the commit.
  ///   - folder: the folder of the repository that the tool may have run in, with a slash behind it;
  ///     empty for its top.
  public init(_ resolver: PathResolver, in tree: TreePaths, folder: String = "") {
    self.resolver = resolver
    self.tree = tree
    self.folder = folder
  }

  /// Finds the files of places, in their order.
  public func files(of places: [ReportedPlace]) -> [FoundFile] {
    let found = places.map(search)
    let folders = Set(found.compactMap(\.folder))
    guard folders.count == 1, let folder = folders.first else { return found.map(\.file) }
    // All that could be told for certain lies below one folder: the tool ran there.
    return found.map { result in
      guard case .several = result.file, let end = result.end,
        let file = tree.file(folder + end, ignoringCase: false)
      else { return result.file }
      return .file(file)
    }
  }

  private struct Result {
    var file: FoundFile
    /// The folder that was put before a path, with its slash, where that was the only way.
    var folder: String?
    /// The path that several files end with.
    var end: String?
  }

  private func search(_ place: ReportedPlace) -> Result {
    let reported = resolver.path(of: place)
    if reported.text.isEmpty { return Result(file: .file(reported)) }
    let readings = resolver.readings(of: place)
    for ignoringCase in [false, true] {
      if let file = whole(readings, ignoringCase) { return Result(file: .file(file)) }
      for reading in readings where !reading.isBelowRepository {
        guard !reading.end.isEmpty else { continue }
        let files = tree.files(endingWith: reading.end, ignoringCase: ignoringCase)
        if files.count > 1 { return Result(file: .several(reported), end: reading.end) }
        if let file = files.first {
          let folder = String(file.text.prefix(file.text.count - reading.end.count))
          return Result(file: .file(file), folder: ignoringCase ? nil : folder)
        }
      }
    }
    if readings.contains(where: { tree.isShared($0.path) }) {
      return Result(file: .several(reported))
    }
    return Result(file: .missing(reported))
  }

  /// The file that needs nothing put before its path.
  private func whole(_ readings: [PathReading], _ ignoringCase: Bool) -> RepoPath? {
    for reading in readings {
      if !reading.isOutside, let file = tree.file(reading.path, ignoringCase: ignoringCase) {
        return file
      }
      if !folder.isEmpty, reading.isAsWritten {
        let below = ReportedPath(path: folder + reading.path).normalized
        if let file = tree.file(below, ignoringCase: ignoringCase) { return file }
      }
    }
    // A tool that ran in the folder above.
    for reading in readings where reading.isAsWritten {
      guard let name = resolver.repositoryName, reading.path.hasPrefix(name) else { continue }
      let path = String(reading.path.dropFirst(name.count))
      if let file = tree.file(path, ignoringCase: ignoringCase) { return file }
    }
    for reading in readings where reading.isOutside {
      if let path = reading.belowCheckout, let file = tree.file(path, ignoringCase: ignoringCase) {
        return file
      }
      let parts = reading.parts
      let least = reading.leastParts
      if let file = tree.longestEnd(of: parts, least: least, ignoringCase: ignoringCase) {
        return file
      }
    }
    return nil
  }
}
