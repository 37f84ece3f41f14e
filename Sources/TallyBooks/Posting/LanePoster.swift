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
    let step = try Step(
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
  /// The scan of the later sighting.
  public let scan: EntryID
  /// The file of the later sighting.
  public let path: RepoPath
  /// The row of the later sighting.
  public let ordinal: Int

  /// The later sighting.
  var later: Sighting { Sighting(scan: scan, path: path, ordinal: ordinal) }
}

/// One row of an affected file, before or after.
struct Row {
  let path: RepoPath
  let ordinal: Int
  var tracked: TrackedFinding
  /// The violation of an earlier row.
  let violation: ViolationID?
  /// The file of an earlier row, as a place in ``Settlement/old``.
  let file: Int?
  /// The sheet of a new row.
  let line: Coverage.Line?
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
  var freed: [Int: Ruling] = [:]
  /// Violations of the new rows.
  var assigned: [ViolationID?] = []
  /// What stands in no row of a roster.
  var standing: [ViolationID: Standing] = [:]
  /// What was looked for and not seen at the position before.
  var unseenBefore: Set<ViolationID> = []
  var coversAll = true
  /// How many findings the scans go on to report in files that nobody edited; nil where nothing had to be explained.
  var keptUnchanged: Int?
  private var moves = false
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
  ) throws {
    facts = poster.facts
    matcher = poster.matcher
    mint = poster.mint
    silences = poster.silences
    findSilenced = poster.findSilenced
    renamedRules = poster.renamedRules
    self.books = books
    self.candidate = candidate
    self.rulings = rulings
    coverage = try Coverage(candidate.claims, facts: poster.facts)
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
        "a scan of \(lane) at \(candidate.commit.short) did not finish: what it reports counts, "
          + "and nothing that it does not report is closed"
      )
      coversAll = false
    }
    moves = try candidate.isOnLine && !coverage.isSilent()
    guard moves else { return finish() }
    if let base = try bases.latest() {
      try compare(with: base)
    } else {
      try bringForward()
    }
    return finish()
  }

  private func finish() -> LaneDelta {
    delta.position = Step.position(candidate, coversAll: moves && coversAll)
    delta.postings = postings.sorted {
      ($0.violation, $0.kind.order) < ($1.violation, $1.kind.order)
    }
    delta.violations = changed.values.sorted { $0.id < $1.id }
    delta.rosters.sort { $0.path < $1.path }
    delta.removedRosters.sort()
    delta.standing.sort { $0.violation < $1.violation }
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
    var files: [NewFile] = []
    for (path, line) in try coverage.lines() {
      if try coverage.isSyntaxErrorOnly(line.sheet) {
        warnUnparsed(path, kept: 0)
      } else {
        files.append(NewFile(path: path, lines: [line] + (try coverage.furtherLines(path))))
      }
    }
    if coverage.leavesOut { coversAll = false }
    newBlobs = try facts.blobs(of: files.map(\.path), at: candidate.commit)
    for file in files {
      let rows = try rows(of: file)
      assigned = rows.map { row in
        let id = open(row)
        if !row.tracked.finding.isSuppressed {
          post(.broughtForward, .direct, id, path: row.path, by: (candidate.commit, false))
        }
        return id
      }
      addRosters(of: [file], rows)
    }
    delta.standing = Array(standing.values)
    if !standing.isEmpty { coversAll = false }
  }

  // MARK: Making violations, rosters and postings

  /// The place of a row of the new scans.
  func sighting(_ row: Row) -> Sighting {
    Sighting(
      scan: coverage.scans[row.line?.scan ?? 0].id,
      path: row.path,
      ordinal: row.ordinal
    )
  }

  /// Mints a violation for a row.
  func open(_ row: Row) -> ViolationID {
    let finding = row.tracked.finding
    let sighting = sighting(row)
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
