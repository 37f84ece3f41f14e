import TallyModel

/// How people read where a finding is.
enum PlaceText {
  /// Stands for the path of a finding about no file; no path has these brackets around it.
  static let noFile = "(no file)"

  /// File and line; ``noFile`` for an empty path.
  static func of(_ path: String, line: Int?) -> String {
    if path.isEmpty { return noFile }
    return line.map { "\(path):\($0)" } ?? path
  }
}

extension RepoPath {
  /// The path as people read and type it.
  var shown: String { PlaceText.of(text, line: nil) }
}
