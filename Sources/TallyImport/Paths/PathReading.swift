/// One way to read what a report says about where a file is.
struct PathReading: Hashable {
  /// The path with its base before it and the roots cut off.
  let path: String
  /// What was reported below a base that is absolute and below no root.
  var relative: String?
  /// True where the repository's own root was cut off: then the place is known, and only the file may
  /// be missing.
  var isBelowRepository = false
  /// True for a relative path without a base that says where it is.
  var isAsWritten = false
  /// True where the base says no more than that the path is absolute.
  var isBaseBare = false

  /// False for a URI that is no file's and no page's: a member of an archive, a name.
  var isSearched = true

  /// True for an absolute path, a URI, or one that climbs out: a file that no commit holds.
  var isOutside: Bool {
    if path.hasPrefix("/") || path.hasPrefix("../") || path == ".." { return true }
    let head = path.utf8.prefix { $0 != UInt8(ascii: "/") }
    return head.last == UInt8(ascii: ":")
  }

  /// True for a URI of another scheme than `file`.
  var isAddress: Bool { path.contains("://") }

  /// The components, without those that climb out.
  var parts: [Substring] { path.split(separator: "/").drop { $0 == ".." }.map { $0 } }

  /// The end that the path of a file below some folder must have.
  var end: String { relative ?? parts.joined(separator: "/") }

  /// How many components at the end a file must share: all of what was reported below a base, and
  /// the folder that only what somebody else wrote is in.
  var leastParts: Int {
    let parts = parts
    let isAbsolute = path.hasPrefix("/") || ReportedPath.hasDrive(path)
    let foreign =
      ForeignFolders.last(in: parts, isAbsolute: isAbsolute).map { parts.count - $0 } ?? 1
    guard let relative, !isBaseBare else { return foreign }
    return max(foreign, relative.split(separator: "/").count { $0 != ".." })
  }

  /// Says whether the end may be that of any file.
  var isFree: Bool { !end.isEmpty && leastParts <= end.split(separator: "/").count }

  /// The path below the checkout of a hosted runner, which names the repository's folder twice:
  /// `/home/runner/work/shop/shop/…`, `D:/a/shop/shop/…`.
  var belowCheckout: String? {
    let parts = parts
    guard let work = parts.firstIndex(where: { ["work", "a", "__w"].contains($0) }),
      work + 3 < parts.count, parts[work + 1] == parts[work + 2]
    else { return nil }
    return parts[(work + 3)...].joined(separator: "/")
  }
}

/// A place as a report names it.
public enum ReportedPlace: Sendable, Hashable {
  /// An artifact of a SARIF run: a URI, with its base.
  case artifact(ImportedLocation)
  /// A file of a test run: a path and no URI.
  case file(String)
}
