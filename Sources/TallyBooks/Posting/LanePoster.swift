public import TallyModel

/// Posts the positions of a lane one after the other: facts and the books so far in, a delta out.
///
/// Pure: the same books, facts and matcher give the same delta. A step reads the trees of the two scans and otherwise only the files whose
/// sheet or content differs; a rescan that found the same does no work for single findings.
public struct LanePoster {
  let facts: any FactReader
  let matcher: any FindingMatcher
  let mint: any ViolationMint
  let silences: SilenceTest
  let findSilenced: SilenceSearch
  private(set) var renamedRules: RuleRenames
  private let published: RuleRenames?

  /// Gives the names that a tool's rules had before: old name, present name; and what a scan says itself: old names and present ones.
  public typealias RuleRenames =
    @Sendable (_ tool: String, _ listed: [(old: String, new: String)]) -> [String: String]

  /// Says whether a comment of the new text of a map silences an old finding of a lane at the place where it went.
  public typealias SilenceTest = @Sendable (FileMap, Finding, LaneKey) -> Bool

  /// Finds among findings of a lane that vanished from a file those that a new comment of its text silences, without the text before.
  ///
  /// Gets the comments of the new text, those of the old one where they are known, and the findings; gives places among these.
  public typealias SilenceSearch =
    @Sendable (SilencedText, SilencedText?, [TrackedFinding], LaneKey) -> Set<Int>

  /// Creates a poster.
  ///
  /// - Parameters:
  ///   - facts: what is read.
  ///   - matcher: decides which findings are the same violation.
  ///   - mint: makes ids.
  ///   - silences: knows which tool obeys which comment, and how it names rules. Without it every comment counts that names no rule, or the
  ///     rule or a beginning of it.
  ///   - findSilenced: does the same where no map of the contents is known. Without it none is found.
  ///   - renamedRules: knows renames that tools published, and those that the team names. Without it only those count that scans list.
  ///   - published: the same without the team's, where it names some: violations were shown before it did.
  public init(
    facts: any FactReader,
    matcher: any FindingMatcher,
    mint: any ViolationMint,
    silences: SilenceTest? = nil,
    findSilenced: SilenceSearch? = nil,
    renamedRules: RuleRenames? = nil,
    published: RuleRenames? = nil
  ) {
    self.facts = facts
    self.matcher = matcher
    self.mint = mint
    self.silences =
      silences ?? { map, finding, _ in
        map.suppresses(finding.rule, at: finding.region)
      }
    self.published = published
    self.findSilenced = findSilenced ?? { _, _, _, _ in [] }
    self.renamedRules =
      renamedRules ?? { _, listed in
        Dictionary(listed.map { ($0.old, $0.new) }, uniquingKeysWith: { first, _ in first })
      }
  }

  /// The same as if the team named no rules; nil where it does not.
  var unconfigured: LanePoster? {
    guard let published else { return nil }
    var poster = self
    poster.renamedRules = published
    return poster
  }

  /// Posts the next position of a lane.
  ///
  /// A position that is off line, or whose scans all failed, moves nothing: its delta holds the position and a warning.
  ///
  /// - Parameters:
  ///   - books: the lane as the positions before left it.
  ///   - candidate: the position, as ``LaneOrder`` gives it.
  ///   - rulings: what corrections say of this position's sightings; none when appending, for a correction names scans that are known.
  /// - Returns: what the position changes.
  /// - Throws: what reading the books and facts throws.
  public func step(
    lane books: any LaneBooks & LaneHistory,
    at candidate: PositionCandidate,
    rulings: [Ruling] = []
  ) throws -> LaneDelta {
    var covered: Coverage?
    return try step(lane: books, at: candidate, rulings: rulings, covered: &covered)
  }

  /// The same where the next position follows at once: `covered` is what the last position covered, and what this one does then.
  func step(
    lane books: any LaneBooks & LaneHistory,
    at candidate: PositionCandidate,
    rulings: [Ruling],
    covered: inout Coverage?
  ) throws -> LaneDelta {
    let step = Step(
      poster: self,
      books: books,
      candidate: candidate,
      rulings: rulings,
      before: covered
    )
    covered = step.coverage
    return try step.run()
  }
}

/// What a correction says of one row of the position that is posted.
public struct Ruling: Sendable, Hashable {
  /// The correction.
  public let entry: EntryID
  /// What is said.
  public let verdict: CorrectionRecord.Verdict
  /// The violation of the earlier sighting.
  public let violation: ViolationID
  /// The file of the later sighting.
  public let path: RepoPath
  /// The row of the later sighting.
  public let ordinal: Int
}

/// One row of an affected file, before or after.
struct Row {
  let path: RepoPath
  let ordinal: Int
  let tracked: TrackedFinding
  /// The violation of an earlier row.
  let violation: ViolationID?
}

/// A row of the new scans.
struct RowPlace: Hashable {
  let path: RepoPath
  let ordinal: Int
}

/// The work of one step.
final class Step {
  let facts: any FactReader
  let matcher: any FindingMatcher
  let mint: any ViolationMint
  let silences: LanePoster.SilenceTest
  let findSilenced: LanePoster.SilenceSearch
  let renamedRules: LanePoster.RuleRenames
  let books: any LaneBooks & LaneHistory
  let candidate: PositionCandidate
  let rulings: [Ruling]
  let coverage: Coverage
  var bases: BaseFinder
  var delta: LaneDelta
  var changed: [ViolationID: Violation] = [:]
  var postings: [Posting] = []
  var warnings: Set<String> = []
  var maps: [BlobPair: FileMap?] = [:]
  var newBlobs: [RepoPath: BlobID]?
  /// The correction that parted a violation from what it was linked with, by violation.
  var parted: [ViolationID: Ruling] = [:]
  /// The correction that says what a new row is not, or not any more, by row.
  var freed: [RowPlace: Ruling] = [:]
  /// Violations of the new rows, by path.
  var assigned: [RepoPath: [ViolationID?]] = [:]
  var coversAll = true
  /// Rule ids that had another name before.
  lazy var ruleAliases: [String: String] = renamedRules(
    lane.tool,
    coverage.scans.flatMap(\.record.rules).flatMap { rule in
      rule.deprecatedIDs.map { (old: $0, new: rule.id) }
    }
  )
  private var unparsed: [RepoPath: Int] = [:]

  init(
    poster: LanePoster,
    books: any LaneBooks & LaneHistory,
    candidate: PositionCandidate,
    rulings: [Ruling],
    before: Coverage?
  ) {
    facts = poster.facts
    matcher = poster.matcher
    mint = poster.mint
    silences = poster.silences
    findSilenced = poster.findSilenced
    renamedRules = poster.renamedRules
    self.books = books
    self.candidate = candidate
    self.rulings = rulings
    coverage = Coverage(scans: candidate.claims.counting, facts: poster.facts)
    bases = BaseFinder(
      books: books,
      facts: poster.facts,
      target: candidate.commit,
      before: before
    )
    delta = LaneDelta(position: Step.position(candidate, coversAll: false))
  }

  static func position(_ candidate: PositionCandidate, coversAll: Bool) -> LanePosition {
    LanePosition(
      lane: candidate.lane,
      index: candidate.index,
      commit: candidate.commit,
      time: candidate.time,
      scans: candidate.claims.counting.map(\.id),
      superseded: candidate.claims.superseded.map(\.id),
      succeeded: candidate.claims.counting.allSatisfy(\.record.succeeded),
      onLine: candidate.isOnLine,
      coversAll: coversAll
    )
  }

  var lane: LaneKey { candidate.lane }

  func run() throws -> LaneDelta {
    let failed = candidate.claims.counting.count { !$0.record.succeeded }
    if failed > 0 {
      warnings.insert(
        "a scan of \(lane) at \(candidate.commit.short) did not finish and closes nothing"
      )
      coversAll = false
    }
    guard candidate.isOnLine, !coverage.scans.isEmpty else { return finish() }
    if let base = try bases.latest() {
      try compare(with: base)
    } else {
      try bringForward()
    }
    return finish()
  }

  private func finish() -> LaneDelta {
    let moves = candidate.isOnLine && !coverage.scans.isEmpty
    delta.position = Step.position(candidate, coversAll: moves && coversAll)
    delta.postings = postings.sorted {
      ($0.violation, $0.kind.order) < ($1.violation, $1.kind.order)
    }
    delta.violations = changed.values.sorted { $0.id < $1.id }
    delta.rosters.sort { $0.path < $1.path }
    delta.removedRosters.sort()
    delta.moves.sort { ($0.violation, $0.to) < ($1.violation, $1.to) }
    for (path, count) in unparsed {
      warnings.insert(
        "\(path) could not be parsed at \(candidate.commit.short): "
          + (count == 1 ? "its finding stays as it was" : "its \(count) findings stay as they were")
      )
    }
    delta.warnings = warnings.sorted()
    return delta
  }

  // MARK: The first position

  private func bringForward() throws {
    var lines: [(path: RepoPath, line: Coverage.Line)] = []
    for (path, line) in try coverage.lines() {
      if try coverage.isSyntaxErrorOnly(line.sheet) {
        warnUnparsed(path, kept: 0)
      } else {
        lines.append((path, line))
      }
    }
    if coverage.leavesOutFiles { coversAll = false }
    newBlobs = try facts.blobs(of: lines.map(\.path), at: candidate.commit)
    for (path, line) in lines {
      let sheet = try facts.sheet(line.sheet)
      var ids: [ViolationID] = []
      for (ordinal, finding) in sheet.findings.enumerated() {
        let id = open(finding, path: path, ordinal: ordinal, scan: line.scan)
        ids.append(id)
        if finding.isSuppressed { continue }
        post(
          .broughtForward,
          .direct,
          id,
          path: path,
          by: (candidate.commit, false)
        )
      }
      addRoster(path, line, ids)
    }
  }

  // MARK: Making violations, rosters and postings

  /// Mints a violation for a row.
  func open(_ finding: Finding, path: RepoPath, ordinal: Int, scan: Int) -> ViolationID {
    let sighting = Sighting(scan: coverage.scans[scan].id, path: path, ordinal: ordinal)
    let id = mint.mint(sighting)
    changed[id] = Violation(
      id: id,
      lane: lane,
      rule: finding.rule,
      level: finding.level,
      message: finding.message,
      state: finding.isSuppressed ? .suppressed : .open,
      origin: sighting,
      last: sighting,
      firstPosition: candidate.index,
      lastPosition: candidate.index
    )
    return id
  }

  func addRoster(_ path: RepoPath, _ line: Coverage.Line, _ ids: [ViolationID]) {
    delta.rosters.append(
      Roster(
        path: path,
        blob: newBlobs?[path],
        sheet: line.sheet,
        scan: coverage.scans[line.scan].id,
        violations: ids
      )
    )
  }

  func post(
    _ kind: PostingKind,
    _ basis: Basis,
    _ violation: ViolationID,
    path: RepoPath,
    by attribution: (commit: CommitID, isExact: Bool),
    link: LinkEvidence? = nil,
    source: EntryID? = nil
  ) {
    postings.append(
      Posting(
        violation: violation,
        time: candidate.time,
        position: candidate.index,
        lane: lane,
        kind: kind,
        basis: basis,
        path: path,
        commit: attribution.commit,
        isExactCommit: attribution.isExact,
        link: link,
        source: source
      )
    )
  }

  func warnUnparsed(_ path: RepoPath, kept count: Int) {
    coversAll = false
    unparsed[path] = max(unparsed[path] ?? 0, count)
  }

  /// The violation as it stands, this step's changes included.
  func current(_ id: ViolationID) throws -> Violation? {
    if let violation = changed[id] { return violation }
    return try books.violation(id)
  }

  func map(_ pair: BlobPair) throws -> FileMap? {
    if let known = maps[pair] { return known }
    let map = try facts.fileMap(pair)
    maps[pair] = .some(map)
    return map
  }
}
