public import TallyModel

/// What becomes of a reported place when the commit's files are known.
public enum FoundFile: Sendable, Hashable {
  /// The commit has the file.
  case file(RepoPath)
  /// The commit has one file that fits, of which more is known than was reported: a folder before it,
  /// another case.
  case likely(RepoPath)
  /// Several files of the commit are as likely; the path is kept as it was reported.
  case several(RepoPath)
  /// The commit has no such file; the path is kept as it was reported, or below the folder that the
  /// run's other places show.
  case missing(RepoPath)

  /// The path to record.
  public var path: RepoPath {
    switch self {
    case .file(let path), .likely(let path), .several(let path), .missing(let path): path
    }
  }
}

/// Finds the files of a commit that the places of one run mean.
///
/// The order is in `docs/sarif.md`, "Paths". Each place is looked for by itself; then the folder that
/// most of them show decides on the others.
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
    let isOwn = found.contains { $0.isBelowRepository && $0.isFound }
    let own = isOwn ? resolver.repositoryPrefix.map(ShownRoot.init(top:)) : nil
    let root = own ?? ShownRoot(found.compactMap { item in item.root.map { ($0, item.file.path) } })
    return found.map { result in
      if case .several = result.file, let end = result.end, folders.count == 1,
        let folder = folders.first, let file = tree.file(folder + end, ignoringCase: false)
      {
        // All that could be told lies below one folder: the tool ran there.
        return .likely(file)
      }
      return root.map { decide(result, by: $0) } ?? result.file
    }
  }

  /// What is below the folder that the run shows is there and nowhere else; what is not, is no file of the commit.
  private func decide(_ result: Result, by root: ShownRoot) -> FoundFile {
    guard let place = result.outside else { return result.file }
    if case .file = result.file { return result.file }
    if let path = root.path(below: place) {
      let file = tree.file(path, ignoringCase: false)
      if let file { return root.isTop && file.text.contains("/") ? .file(file) : .likely(file) }
      return result.isFolded ? result.file : .missing(RepoPath(normalized: path))
    }
    guard case .likely = result.file, root.isSure else { return result.file }
    return .missing(result.reported)
  }

  struct Result {
    let reported: RepoPath
    var file: FoundFile
    /// The folder that was put before a path, with its slash, where that was the only way.
    var folder: String?
    /// The path that several files end with.
    var end: String?
    /// The whole path of a place outside of the repository.
    var outside: String?
    /// True for a place below the repository's own root.
    var isBelowRepository = false
    /// True where only another case made it fit.
    var isFolded = false

    var isFound: Bool {
      switch file {
      case .file, .likely: true
      case .several, .missing: false
      }
    }

    /// Where the repository lies, by this place alone; nil where it says nothing.
    var root: ShownRoot? {
      guard isFound, !isFolded, !isBelowRepository else { return nil }
      return outside.map { ShownRoot($0, is: file.path.text) }
    }
  }

  private func search(_ place: ReportedPlace) -> Result {
    let reported = resolver.path(of: place)
    var result = Result(reported: reported, file: .file(reported))
    if reported.text.isEmpty { return result }
    let readings = resolver.readings(of: place).filter(\.isSearched)
    result.outside = readings.first { $0.isOutside && !$0.isAddress }?.path
    result.isBelowRepository = readings.contains { $0.isBelowRepository }
    for ignoringCase in [false, true] {
      result.isFolded = ignoringCase
      if let file = whole(readings, ignoringCase) {
        result.file = ignoringCase && !result.isBelowRepository ? .likely(file) : .file(file)
        return result
      }
      if let (file, place) = longestEnd(readings, ignoringCase) {
        result.file = .likely(file)
        result.outside = place
        return result
      }
      for reading in readings where !reading.isBelowRepository && reading.isFree {
        let files = tree.files(endingWith: reading.end, ignoringCase: ignoringCase)
        if files.count > 1 {
          result.file = .several(reported)
          result.end = reading.end
          return result
        }
        if let file = files.first {
          result.file = .likely(file)
          result.outside = reading.isOutside ? reading.path : nil
          let folder = String(file.text.prefix(file.text.count - reading.end.count))
          result.folder = ignoringCase ? nil : folder
          return result
        }
      }
    }
    result.isFolded = false
    let isShared = readings.contains { tree.isShared($0.path) }
    result.file = isShared ? .several(reported) : .missing(reported)
    return result
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
    }
    return nil
  }

  /// The file that is the longest end of a path from elsewhere, and that path; nil for it where it is a web address.
  private func longestEnd(
    _ readings: [PathReading],
    _ ignoringCase: Bool
  ) -> (file: RepoPath, place: String?)? {
    for reading in readings where reading.isOutside {
      let parts = reading.parts
      let least = reading.leastParts
      if let file = tree.longestEnd(of: parts, least: least, ignoringCase: ignoringCase) {
        return (file, reading.isAddress ? nil : reading.path)
      }
    }
    return nil
  }
}

/// A folder of another machine, and the folder of the repository that it is.
struct ShownRoot: Hashable {
  /// The folder as it is reported, with a slash behind it.
  private let there: String
  /// The repository's folder, with a slash behind it; empty for its top.
  private let here: String
  /// True where more than one file shows it, or where it is the repository's own.
  private(set) var isSure = false

  /// True where nothing has to be put before what is below the folder.
  var isTop: Bool { here.isEmpty }

  /// The top of the repository.
  init(top: String) { (there, here, isSure) = (top, "", true) }

  /// Takes off what a reported path and the path of its file have in common at the end.
  init(_ reported: String, is file: String) {
    var (outer, inner) = (reported.split(separator: "/")[...], file.split(separator: "/")[...])
    while let last = outer.last, last == inner.last {
      outer.removeLast()
      inner.removeLast()
    }
    let start = reported.hasPrefix("/") ? "/" : ""
    there = start + outer.map { $0 + "/" }.joined()
    here = inner.map { $0 + "/" }.joined()
  }

  /// The root that more files show than any other; of those as often shown, one that is the top of the repository.
  init?(_ shown: [(root: ShownRoot, file: RepoPath)]) {
    let files = Dictionary(grouping: shown, by: \.root).mapValues { Set($0.map(\.file)).count }
    let most = files.values.max() ?? 0
    let likely = files.filter { $0.value == most }.keys
    let tops = likely.filter(\.isTop)
    guard let root = tops.isEmpty ? likely.first : tops.first,
      (tops.isEmpty ? likely.count : tops.count) == 1
    else { return nil }
    self = root
    isSure = most > 1
  }

  /// The path in the repository of what is below the folder; nil for what is elsewhere.
  func path(below reported: String) -> String? {
    guard reported.utf8.starts(with: there.utf8) else { return nil }
    return here + String(Substring(reported.utf8.dropFirst(there.utf8.count)))
  }
}
