import TallyModel

/// Who owns a path by a `CODEOWNERS` file: the last line that fits wins, as on the hosts that read it.
struct OwnerRules {
  private let rules: [(globs: [Glob], owners: String)]

  /// Reads a file.
  init(_ text: String) {
    rules = CodeOwners.rules(text).compactMap { pattern, owners in
      let globs = CodeOwners.globs(pattern).compactMap { try? Glob($0) }
      return globs.isEmpty ? nil : (globs, owners)
    }
  }

  /// The owners as they are written together; empty where nobody owns the path.
  func owners(of path: RepoPath) -> String {
    rules.last { $0.globs.contains { $0.matches(path.text) } }?.owners ?? ""
  }
}

extension LoadedConfiguration {
  /// The rules of the project's `CODEOWNERS`; nil where there is none.
  ///
  /// Hosts look into three places; the first that has one counts.
  var ownerRules: OwnerRules? {
    for path in [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] {
      if let text = text(of: path) { return OwnerRules(text) }
    }
    return nil
  }
}
