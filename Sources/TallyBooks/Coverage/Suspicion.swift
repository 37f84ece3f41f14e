internal import TallyModel

/// What a scan misses in files that nobody edited, though nothing declares why, and what else of it is not believed then.
///
/// A tool that looks at one file at a time reports the same of a file that is the same: whatever it misses is suspect. One that looks at the
/// whole program does fix at a distance; it is suspect where nothing of a rule is left in any file that nobody edited.
/// How the line was drawn: `docs/books.md`, "Suspect".
struct Suspicion {
  private var missing: Set<Place> = []
  private var kept: [String: Int] = [:]
  private var isWhole = false
  private var rules: Set<String> = []

  private struct Place: Hashable {
    let path: RepoPath
    let rule: String
  }

  /// Nothing is suspect.
  init() {}

  /// Looks at what is missing in files that nobody edited.
  ///
  /// - Parameters:
  ///   - tool: The canonical tool id.
  ///   - missing: What vanished there without an explanation.
  ///   - kept: How many findings the scan goes on to report there, by rule.
  ///   - hasOtherChanges: True when any file changed between the two scans.
  ///   - changesDependencies: True when what the program is built with changed.
  init(
    tool: String,
    missing: [(path: RepoPath, rule: String)],
    kept: [String: Int],
    hasOtherChanges: Bool,
    changesDependencies: Bool
  ) {
    let looksFurther = WholeProgram.contains(tool)
    if looksFurther, changesDependencies { return }
    let total = kept.values.reduce(0, +)
    let isCollapse = total == 0
    if looksFurther, hasOtherChanges, !isCollapse { return }
    self.missing = Set(missing.map { Place(path: $0.path, rule: $0.rule) })
    self.kept = kept
    rules = Set(missing.map(\.rule))
    isWhole = isCollapse
  }

  /// Says whether something that vanished from a file that nobody edited is suspect.
  func misses(_ rule: String, in path: RepoPath) -> Bool {
    missing.contains(Place(path: path, rule: rule))
  }

  /// Says whether something that vanished from an edited file is not believed either.
  ///
  /// - Parameters:
  ///   - rule: Its rule.
  ///   - isEdited: True when its own lines were edited.
  ///   - isReported: True when the scan reports anything in the file.
  /// - Returns: True for a file of which the scan says nothing, where its own lines were not edited or nothing at all is left elsewhere.
  func doubts(_ rule: String, isEdited: Bool, isReported: Bool) -> Bool {
    if missing.isEmpty { return false }
    if isWhole && !isReported { return true }
    if isEdited { return false }
    return !isReported || (rules.contains(rule) && kept[rule] == nil)
  }
}

/// Tools whose findings in one file depend on others.
enum WholeProgram {
  private static let tools: Set<String> = [
    "mypy", "pyright", "basedpyright", "codeql", "tsc", "pylint", "clippy", "rustc", "spotbugs",
    "infer", "psalm", "phpstan", "staticcheck", "golangci-lint", "govulncheck", "trivy", "grype",
    "osv-scanner", "snyk", "pip-audit", "npm-audit", "cargo-audit",
  ]

  /// Says whether a tool is known to look at more than one file at a time.
  static func contains(_ tool: String) -> Bool { tools.contains(tool) }
}
