internal import TallyModel

/// What a scan misses in files that nobody edited, though nothing declares why, and what else of it is not believed then.
///
/// A tool that looks at one file at a time reports the same of a file that is the same: whatever it misses is suspect. One that looks at the
/// whole program does fix at a distance, a finding here and there: it is suspect where a file or a rule falls silent, or much is missing.
/// What the line was drawn by: `docs/decisions/0018-suspect-scans.md`.
struct Suspicion {
  private var missing: Set<Place> = []
  private var kept: [String: Int] = [:]
  private var isWhole = false
  private var rules: Set<String> = []

  private struct Place: Hashable {
    let path: RepoPath
    let rule: String
  }

  /// What is known of the findings of files that nobody edited.
  struct Unchanged {
    /// What vanished there without an explanation.
    var missing: [(path: RepoPath, rule: String)]
    /// How many the scan goes on to report, by rule.
    var keptByRule: [String: Int]
    /// The files with something missing in which it goes on to report something.
    var keptFiles: Set<RepoPath>
  }

  /// Nothing is suspect.
  init() {}

  /// Looks at what is missing in files that nobody edited.
  ///
  /// - Parameters:
  ///   - tool: The canonical tool id.
  ///   - unchanged: The findings of files that nobody edited.
  ///   - hasOtherChanges: True when any file changed between the two scans.
  ///   - changesDependencies: True when what the program is built with changed.
  init(
    tool: String,
    unchanged: Unchanged,
    hasOtherChanges: Bool,
    changesDependencies: Bool
  ) {
    let total = unchanged.keptByRule.values.reduce(0, +)
    switch ToolReach(tool) {
    case .file: break
    case .program:
      if changesDependencies { return }
      if hasOtherChanges, !Self.isCollapse(unchanged, total) { return }
    case .advisories:
      let count = unchanged.missing.count
      if total > 0, count < 2 || count < total { return }
    }
    missing = Set(unchanged.missing.map { Place(path: $0.path, rule: $0.rule) })
    kept = unchanged.keptByRule
    rules = Set(unchanged.missing.map(\.rule))
    isWhole = total == 0
  }

  /// A file or a rule that had findings has none, or a quarter of them is missing.
  private static func isCollapse(_ unchanged: Unchanged, _ total: Int) -> Bool {
    let count = unchanged.missing.count
    return count * 4 >= count + total
      || unchanged.missing.contains {
        !unchanged.keptFiles.contains($0.path) || unchanged.keptByRule[$0.rule] == nil
      }
  }

  /// True when anything is suspect.
  var isRaised: Bool { !missing.isEmpty }

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
  /// - Returns: True for a rule of which nothing is left in the files that nobody edited; and for a file of which the scan says nothing,
  ///   where its own lines were not edited or nothing at all is left elsewhere.
  func doubts(_ rule: String, isEdited: Bool, isReported: Bool) -> Bool {
    if !isRaised { return false }
    if rules.contains(rule), kept[rule] == nil { return true }
    return !isReported && (isWhole || !isEdited)
  }
}

/// What the findings of a tool in one file depend on.
enum ToolReach {
  /// On that file: what it reports of a file that is the same is the same. Taken of every tool that is not known.
  case file
  /// On the program around it: types, calls, data flow.
  case program
  /// On what is known of dependencies, which changes while no file does.
  case advisories

  /// What is known of a tool, by its canonical id.
  init(_ tool: String) {
    if WholeProgramTools.dependencyScanners.contains(tool) {
      self = .advisories
    } else {
      self = WholeProgramTools.contains(tool) ? .program : .file
    }
  }
}
