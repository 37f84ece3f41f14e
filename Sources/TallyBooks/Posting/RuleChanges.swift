internal import TallyModel

/// Decides why rows came and went, in the order of the table of postings.
///
/// Holds what the whole step shows about rules and about how far the scan can be believed.
struct RuleChanges {
  let step: Step
  private let work: Settlement
  private var on: Set<String> = []
  /// Violations that went under a comment, by evidence about the new content alone.
  private let silenced: Set<ViolationID>
  /// Rules of which something came or went in files that nobody edited.
  private var moved: Set<String> = []
  private let unchanged: UnchangedFiles
  private var suspicion = Suspicion()
  /// Violations of unedited files that only scans brought which hid others, all of which this one sees again.
  private var undone: Set<ViolationID> = []

  /// Why a row entered.
  struct Decision {
    let kind: PostingKind
    let basis: Basis
    var attribution: (commit: CommitID, isExact: Bool)
  }

  /// What becomes of a row that is not reported any more.
  enum Leaving {
    /// It leaves the balance; the entry is that of a person who said so.
    case goes(PostingKind, Basis, EntryID?)
    /// It stays, because nobody looked for it or because the scan cannot be believed.
    case stays(Standing.Reason)
  }

  /// Looks at what the whole step shows.
  ///
  /// - Parameters:
  ///   - step: The step.
  ///   - work: The rows of the affected files.
  ///   - gone: Rows before whose violation no row goes on with.
  ///   - fresh: Rows that go on with no row before, what comes back included.
  /// - Throws: What reading the facts throws.
  init(step: Step, work: Settlement, gone: [Row], fresh: [Int]) throws {
    self.step = step
    self.work = work
    unchanged = UnchangedFiles(step: step, work: work)
    silenced = try Self.silenced(step, work, gone)
    for row in gone {
      guard let file = work.file(of: row), file.fate.isSame else { continue }
      let rule = row.tracked.finding.rule
      // What was not seen before either has not moved, nor what nobody looked for.
      if let id = row.violation, step.unseenBefore.contains(id) { continue }
      if try step.coverage.closes(rule, in: file.fate.path ?? row.path) { moved.insert(rule) }
    }
    for index in fresh {
      let row = work.current[index]
      guard let comparison = try step.bases.comparison(forNew: row.path),
        let list = comparison.rules
      else { continue }
      let origin = try comparison.base.origin(row.path, newBlob: step.newBlobs?[row.path])
      guard origin.isSame else { continue }
      let rule = row.tracked.finding.rule
      moved.insert(rule)
      if list.omits(rule) { on.insert(rule) }
    }
    try suspect(gone)
  }

  /// Those of the rows that went whose file has another content, with no map to it, and a comment there that silences them.
  private static func silenced(
    _ step: Step,
    _ work: Settlement,
    _ gone: [Row]
  ) throws -> Set<ViolationID> {
    let rows = Dictionary(grouping: gone) { $0.file ?? -1 }
    var result: Set<ViolationID> = []
    for index in rows.keys.sorted() where index >= 0 {
      guard let own = rows[index], case .edited(_, let pair) = work.old[index].fate,
        try step.map(pair) == nil, let new = try step.facts.silences(of: pair.new)
      else { continue }
      let before = try step.facts.silences(of: pair.old)
      for place in step.findSilenced(new, before, own.map(\.tracked), step.lane) {
        if let violation = own[place].violation { result.insert(violation) }
      }
    }
    return result
  }

  // MARK: How far the scan can be believed

  /// Finds out whether findings are missing that nothing explains.
  private mutating func suspect(_ gone: [Row]) throws {
    var missing: [Row] = []
    for row in gone {
      guard let file = work.file(of: row), file.fate.isSame,
        try explained(row, file) == nil,
        try step.coverage.confirmation(of: file.fate.path ?? row.path) == nil
      else { continue }
      missing.append(row)
    }
    if missing.isEmpty { return }
    if try isUndone(missing, gone) {
      undone = Set(missing.compactMap(\.violation))
      return
    }
    step.keptUnchanged = try unchanged.counts().values.reduce(0, +)
    let bases = missing.compactMap { work.file(of: $0)?.comparison.base }
    suspicion = Suspicion(
      tool: step.lane.tool,
      unchanged: Suspicion.Unchanged(
        missing: missing.map { (path: $0.path, rule: $0.tracked.finding.rule) },
        keptByRule: try unchanged.counts(),
        keptFiles: unchanged.linkedFiles
      ),
      hasOtherChanges: bases.contains(where: \.changesAnything),
      changesDependencies: bases.contains(where: \.changesDependencies)
    )
  }

  /// Says whether all that was hidden is seen again, and what is missing only came meanwhile, in files that were the same when the first of
  /// it was seen last: what another configuration brought goes with it.
  private func isUndone(_ missing: [Row], _ gone: [Row]) throws -> Bool {
    let hidden = step.unseenBefore
    if gone.contains(where: { $0.violation.map(hidden.contains) ?? false }) { return false }
    let seen = try hidden.compactMap { try step.books.violation($0)?.lastPosition }.min()
    guard let seen, let commit = try step.books.position(seen)?.commit,
      let blobs = try step.facts.blobs(of: Set(missing.map(\.path)).sorted(), at: commit)
    else { return false }
    return try missing.allSatisfy { row in
      guard let id = row.violation, let violation = try step.books.violation(id),
        let blob = work.file(of: row)?.blob
      else { return false }
      return violation.firstPosition > seen && blobs[row.path] == blob
    }
  }

  /// Why a finding of a file that nobody edited is gone, where something declares it; nil where nothing does.
  private func explained(_ row: Row, _ file: OldFile) throws -> Leaving? {
    let rule = row.tracked.finding.rule
    let target = file.fate.path ?? row.path
    guard try step.coverage.closes(rule, in: target) else { return .stays(.notCovered) }
    let new = try step.coverage.rules(of: target)
    if new?.declaresOff(rule) == true { return .goes(.retired, .declared, nil) }
    if try isAnotherTool(new, file.comparison), try isTouched(rule) {
      return .goes(.retired, .assumed, nil)
    }
    if step.coverage.declares(target) {
      return file.comparison.base.changesAnything
        ? .goes(.fixed, .indirect, nil) : .goes(.retired, .assumed, nil)
    }
    return nil
  }

  /// Says whether the version or configuration of the tool is another one than at the scan before.
  private func isAnotherTool(_ new: RuleList?, _ comparison: Comparison) throws -> Bool {
    if let new, let old = comparison.rules, !new.hasEqualTool(old) { return true }
    return try comparison.base.changesConfiguration(of: step.lane.tool)
  }

  /// Says whether a change of the tool may have touched a rule: not where its findings in files that nobody edited are what they were.
  private func isTouched(_ rule: String) throws -> Bool {
    if moved.contains(rule) { return true }
    return try unchanged.counts()[rule] == nil
  }

  // MARK: Leaving

  /// What becomes of the violation of a row that is not reported any more.
  func leaving(_ row: Row, _ file: OldFile, isAmbiguous: Bool) throws -> Leaving {
    let finding = row.tracked.finding
    let target = file.fate.path ?? row.path
    guard try step.coverage.closes(finding.rule, in: target) else { return .stays(.notCovered) }
    if row.path.text.isEmpty { return try leavingUnknown(row, file) }
    let edited: Bool?
    var suppressed = false
    switch file.fate {
    case .same: return try leavingUnchanged(row, file, isAmbiguous: isAmbiguous)
    case .absent: edited = true
    case .unknown: edited = nil
    case .edited(_, let pair):
      let map = try step.map(pair)
      edited = map.flatMap { map in finding.region.map(map.editsOld) } ?? true
      suppressed =
        map.map { step.silences($0, finding, step.lane) }
        ?? row.violation.map(silenced.contains) ?? false
    }
    let new = try step.coverage.rules(of: target)
    if edited != true, new?.declaresOff(finding.rule) == true {
      return .goes(.retired, .declared, nil)
    }
    if edited == false, try isAnotherTool(new, file.comparison), try isTouched(finding.rule) {
      return .goes(.retired, .assumed, nil)
    }
    if suppressed { return .goes(.suppressed, .direct, nil) }
    if case .absent = file.fate {
      return .goes(.deleted, file.comparison.base.knowsSteps ? .direct : .assumed, nil)
    }
    if case .unknown = file.fate { return try leavingUnknown(row, file) }
    if try isDoubted(finding.rule, in: target, isEdited: edited == true) { return .stays(.unseen) }
    return .goes(.fixed, isAmbiguous ? .ambiguous : .direct, nil)
  }

  /// Says whether what vanished beside what is suspect is not believed, and nobody confirmed it.
  private func isDoubted(_ rule: String, in path: RepoPath, isEdited: Bool) throws -> Bool {
    let isReported = try step.coverage.line(path) != nil
    if !suspicion.doubts(rule, isEdited: isEdited, isReported: isReported) { return false }
    return try step.coverage.confirmation(of: path) == nil
  }

  /// The same for a finding about no file, or in one that is not the repository's: no edit speaks for it, and in the same tree nothing does.
  private func leavingUnknown(_ row: Row, _ file: OldFile) throws -> Leaving {
    let target = file.fate.path ?? row.path
    if !file.comparison.base.changesAnything {
      if let known = try explained(row, file) { return known }
      if case .advisories = ToolReach(step.lane.tool) { return .goes(.retired, .assumed, nil) }
      if try step.coverage.confirmation(of: target) == nil { return .stays(.unseen) }
    }
    if try isDoubted(row.tracked.finding.rule, in: target, isEdited: false) {
      return .stays(.unseen)
    }
    return .goes(.unattributedOut, .unknown, nil)
  }

  /// The same for a file that nobody edited.
  private func leavingUnchanged(
    _ row: Row,
    _ file: OldFile,
    isAmbiguous: Bool
  ) throws -> Leaving {
    if let known = try explained(row, file) { return known }
    if let id = row.violation, undone.contains(id) { return .goes(.retired, .assumed, nil) }
    let rule = row.tracked.finding.rule
    let target = file.fate.path ?? row.path
    let confirmation = try step.coverage.confirmation(of: target)
    if confirmation == nil, suspicion.misses(rule, in: row.path) { return .stays(.unseen) }
    let basis: Basis = confirmation == nil ? .indirect : .declared
    if isAmbiguous { return .goes(.fixed, .ambiguous, confirmation) }
    if confirmation != nil, try step.coverage.rules(of: target)?.omits(rule) == true {
      return .goes(.retired, basis, confirmation)
    }
    if case .advisories = ToolReach(step.lane.tool), confirmation == nil {
      // The same versions, judged by other data.
      return .goes(.retired, .assumed, nil)
    }
    if file.comparison.base.changesAnything { return .goes(.fixed, basis, confirmation) }
    return .goes(.retired, confirmation == nil ? .assumed : .declared, confirmation)
  }

  // MARK: Entering

  /// Why a row is reported that was not before.
  func entering(_ row: Row, isAmbiguous: Bool) throws -> Decision {
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
    if let old = comparison.rules {
      if edited != true, old.declaresOff(finding.rule) { return decide(.surfaced, .declared) }
      if edited == false {
        let new = try step.coverage.rules(of: row.path)
        if try isAnotherTool(new, comparison), try isTouched(finding.rule) {
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
      if suspicion.isRaised { return decide(.surfaced, .assumed) }
      if isAmbiguous { return decide(.introduced, .ambiguous) }
      if comparison.base.changesAnything { return decide(.introduced, .indirect) }
      step.warnings.insert(
        "findings of \(step.lane) came at \(step.candidate.commit.short) though no source changed"
      )
      return decide(.surfaced, .assumed)
    case .unknown: return decide(.unattributedIn, .unknown)
    }
  }
}

/// What the scan goes on to report in files that nobody edited.
final class UnchangedFiles {
  private let step: Step
  private let work: Settlement
  private var known: [String: Int]?

  init(step: Step, work: Settlement) {
    self.step = step
    self.work = work
  }

  /// The earlier paths of files of which it goes on to report something, among those that had to be looked at.
  var linkedFiles: Set<RepoPath> {
    Set(
      work.links.map { work.previous[$0.previous] }
        .filter { work.file(of: $0)?.fate.isSame == true }.map(\.path)
    )
  }

  /// How many findings it goes on to report there, by rule: read only where something has to be explained.
  func counts() throws -> [String: Int] {
    if let known { return known }
    var result: [String: Int] = [:]
    let looked = Set(work.new.keys)
    for (path, line) in try step.coverage.lines() where !looked.contains(path) {
      // A syntax error that stopped the tool is nothing that it goes on to report.
      if try step.coverage.isSyntaxErrorOnly(line.sheet) { continue }
      for finding in try step.facts.sheet(line.sheet).findings {
        result[finding.rule, default: 0] += 1
      }
    }
    for link in work.links {
      let row = work.previous[link.previous]
      if let file = work.file(of: row), file.fate.isSame {
        result[row.tracked.finding.rule, default: 0] += 1
      }
    }
    known = result
    return result
  }
}
