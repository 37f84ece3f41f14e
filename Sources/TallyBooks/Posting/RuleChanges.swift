internal import TallyModel

/// Decides why rows came and went, in the order of the table of postings.
///
/// Holds what the whole step shows about rules: one that vanished from an unchanged, covered file and is not listed any more is off for the scan.
struct RuleChanges {
  let step: Step
  private var lists: [EntryID: RuleList] = [:]
  private var off: Set<String> = []
  private var on: Set<String> = []
  private var isSuddenZero = false
  /// Violations that went under a comment, by evidence about the new content alone.
  private var silenced: Set<ViolationID> = []

  /// Why a row left or entered.
  struct Decision {
    let kind: PostingKind
    let basis: Basis
    var attribution: (commit: CommitID, isExact: Bool)
  }

  init(step: Step, work: Settlement, gone: [Row], fresh: [Int]) throws {
    self.step = step
    for scan in step.coverage.scans { lists[scan.id] = RuleList(scan.record) }
    for file in work.old.values {
      if let scan = file.comparison.scan, lists[scan.id] == nil {
        lists[scan.id] = RuleList(scan.record)
      }
    }
    var unchanged = 0
    for row in gone {
      guard let file = work.old[row.path], case .same(let path) = file.fate else { continue }
      unchanged += 1
      let rule = row.tracked.finding.rule
      if let list = try newList(path), list.omits(rule) { off.insert(rule) }
    }
    let found = try step.coverage.lines().isEmpty
    isSuddenZero = found && unchanged == gone.count && !gone.isEmpty && step.coversAll
    if isSuddenZero {
      let isOne = gone.count == 1
      step.warnings.insert(
        (isOne ? "the only finding" : "all \(gone.count) findings")
          + " of \(step.lane) vanished at \(step.candidate.commit.short) though "
          + (isOne ? "its file did not change" : "none of their files changed")
          + ": counted as retired, not fixed"
      )
    }
    silenced = try Self.silenced(step, work, gone)
    for index in fresh {
      let row = work.current[index]
      guard let comparison = try step.bases.comparison(forNew: row.path),
        let scan = comparison.scan
      else { continue }
      if lists[scan.id] == nil { lists[scan.id] = RuleList(scan.record) }
      let rule = row.tracked.finding.rule
      guard let list = lists[scan.id], list.omits(rule) else { continue }
      let blob = step.newBlobs?[row.path]
      if case .same = try comparison.base.origin(row.path, newBlob: blob) { on.insert(rule) }
    }
  }

  /// Those of the rows that went whose file has another content, with no map to it, and a comment there that silences them.
  private static func silenced(
    _ step: Step,
    _ work: Settlement,
    _ gone: [Row]
  ) throws -> Set<ViolationID> {
    let rows = Dictionary(grouping: gone, by: \.path)
    var result: Set<ViolationID> = []
    for path in rows.keys.sorted() {
      guard let own = rows[path], case .edited(_, let pair)? = work.old[path]?.fate,
        try step.map(pair) == nil, let new = try step.facts.silences(of: pair.new)
      else { continue }
      let before = try step.facts.silences(of: pair.old)
      for place in step.findSilenced(new, before, own.map(\.tracked), step.lane) {
        if let violation = own[place].violation { result.insert(violation) }
      }
    }
    return result
  }

  private func newList(_ path: RepoPath) throws -> RuleList? {
    guard let scan = try step.coverage.covering(path) else { return nil }
    return lists[step.coverage.scans[scan].id]
  }

  // MARK: Leaving

  /// Why the violation of a row is not reported any more.
  func leaving(_ row: Row, _ file: OldFile, isAmbiguous: Bool) throws -> Decision {
    let finding = row.tracked.finding
    let path = file.fate.path ?? row.path
    let nothing = (commit: step.candidate.commit, isExact: false)
    func decide(_ kind: PostingKind, _ basis: Basis) -> Decision {
      Decision(kind: kind, basis: basis, attribution: nothing)
    }
    if row.path.text.isEmpty { return decide(.unattributedOut, .unknown) }
    let edited: Bool?
    var suppressed = false
    switch file.fate {
    case .absent: edited = true
    case .same: edited = false
    case .unknown: edited = nil
    case .edited(_, let pair):
      let map = try step.map(pair)
      edited = map.flatMap { map in finding.region.map(map.editsOld) } ?? true
      suppressed =
        map.map { step.silences($0, finding, step.lane) }
        ?? row.violation.map(silenced.contains) ?? false
    }
    let new = try newList(path)
    let old = file.comparison.scan.flatMap { lists[$0.id] }
    if edited != true, new?.declaresOff(finding.rule) == true { return decide(.retired, .declared) }
    if edited == false {
      if let new, let old, !new.hasEqualTool(old) { return decide(.retired, .assumed) }
      if file.comparison.base.changesConfiguration(of: step.lane.tool) {
        return decide(.retired, .assumed)
      }
      if off.contains(finding.rule) || isSuddenZero { return decide(.retired, .assumed) }
    }
    if suppressed { return decide(.suppressed, .direct) }
    switch file.fate {
    case .absent: return decide(.deleted, .direct)
    case .edited: return decide(.fixed, isAmbiguous ? .ambiguous : .direct)
    case .same:
      if isAmbiguous { return decide(.fixed, .ambiguous) }
      if file.comparison.base.changesAnything { return decide(.fixed, .indirect) }
      warnUnexplained("went")
      return decide(.retired, .assumed)
    case .unknown: return decide(.unattributedOut, .unknown)
    }
  }

  // MARK: Entering

  /// Why a row is reported that was not before.
  func entering(_ row: Row, _ file: NewFile, isAmbiguous: Bool) throws -> Decision {
    let finding = row.tracked.finding
    guard let comparison = try step.bases.comparison(forNew: row.path), !row.path.text.isEmpty
    else {
      let attribution = (commit: step.candidate.commit, isExact: false)
      return Decision(kind: .unattributedIn, basis: .unknown, attribution: attribution)
    }
    let origin = try comparison.base.origin(row.path, newBlob: step.newBlobs?[row.path])
    let attribution = step.attribution(comparison.base, row.path, origin.path)
    func decide(_ kind: PostingKind, _ basis: Basis) -> Decision {
      Decision(kind: kind, basis: basis, attribution: attribution)
    }
    let edited: Bool?
    switch origin {
    case .absent: edited = true
    case .same: edited = false
    case .unknown: edited = nil
    case .edited(_, let pair):
      edited = try step.map(pair).flatMap { map in finding.region.map(map.editsNew) } ?? true
    }
    let new = lists[step.coverage.scans[file.line.scan].id]
    if let scan = comparison.scan {
      let old = lists[scan.id] ?? RuleList(scan.record)
      if edited != true, old.declaresOff(finding.rule) { return decide(.surfaced, .declared) }
      if edited == false {
        if let new, !new.hasEqualTool(old) { return decide(.surfaced, .assumed) }
        if comparison.base.changesConfiguration(of: step.lane.tool) {
          return decide(.surfaced, .assumed)
        }
        if on.contains(finding.rule) { return decide(.surfaced, .assumed) }
      }
    } else if edited == false {
      // No scan had the file in its scope: the scope is declared by the scans themselves.
      return decide(.surfaced, .declared)
    }
    switch origin {
    case .absent, .edited: return decide(.introduced, isAmbiguous ? .ambiguous : .direct)
    case .same:
      if isAmbiguous { return decide(.introduced, .ambiguous) }
      if comparison.base.changesAnything { return decide(.introduced, .indirect) }
      warnUnexplained("came")
      return decide(.surfaced, .assumed)
    case .unknown: return decide(.unattributedIn, .unknown)
    }
  }

  private func warnUnexplained(_ verb: String) {
    step.warnings.insert(
      "findings of \(step.lane) \(verb) at \(step.candidate.commit.short) though no source changed"
    )
  }
}
