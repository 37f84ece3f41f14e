public import TallyModel

/// Earlier positions of a lane and their scans, read one at a time while a step is posted.
///
/// A step reads the position before it; further back only where that one did not cover a file.
public protocol LaneHistory {
  /// The position with an index; nil where there is none.
  func position(_ index: Int) throws -> LanePosition?
  /// A scan of the lane; nil when it is not one of the facts.
  func scan(_ id: EntryID) throws -> ScanFact?
  /// The list of a file's violations, row by row, as a position left it; empty where it had none.
  ///
  /// Asked only of books whose last positions are posted again.
  func violations(in path: RepoPath, atOrBefore position: Int) throws -> [ViolationID]
  /// The violation of a row that an earlier position showed; nil where it showed none.
  func violation(at sighting: Sighting, position: Int) throws -> ViolationID?
  /// The violations that a query selects, sorted by id.
  ///
  /// Books that also are ``LaneBooks`` get an answer from all absent violations of the rule, which grows with the history; a ledger with
  /// an index answers in the time of the limits.
  func absentViolations(_ query: AbsentQuery) throws -> [Violation]
  /// The sheet of a violation's last sighting; nil where the scan has none for the file.
  ///
  /// Books that do not keep it beside the violation look into the scan.
  func lastSheet(of violation: Violation, facts: any FactReader) throws -> SheetID?
}

extension LaneHistory {
  /// Nothing: books that are always posted from the start need not remember.
  public func violations(in path: RepoPath, atOrBefore position: Int) throws -> [ViolationID] { [] }

  /// Takes the row of the file's list.
  public func violation(at sighting: Sighting, position: Int) throws -> ViolationID? {
    let list = try violations(in: sighting.path, atOrBefore: position)
    return list.indices.contains(sighting.ordinal) ? list[sighting.ordinal] : nil
  }

  /// Looks into the scan.
  public func lastSheet(of violation: Violation, facts: any FactReader) throws -> SheetID? {
    try facts.tree(of: violation.last.scan).line(violation.last.path)?.sheet
  }
}

/// Which closed or suppressed violations of a rule new rows may go on with: three lists, united.
///
/// Each list takes the violations with the greatest last position first, those of one position by id, up to its limit.
public struct AbsentQuery: Sendable, Hashable {
  /// The rule.
  public let rule: String
  /// The files of the new rows, sorted.
  public let paths: [RepoPath]
  /// The messages of the new rows, sorted.
  public let messages: [TextID]
  /// How many closed or suppressed ones whose last sighting is in one of the files.
  public let nearLimit: Int
  /// How many closed ones with one of the messages, wherever they were.
  public let closedLimit: Int
  /// How many suppressed ones with one of the messages, wherever they were.
  public let suppressedLimit: Int

  /// Creates a query.
  public init(
    rule: String,
    paths: [RepoPath],
    messages: [TextID],
    nearLimit: Int,
    closedLimit: Int,
    suppressedLimit: Int
  ) {
    self.rule = rule
    self.paths = paths
    self.messages = messages
    self.nearLimit = nearLimit
    self.closedLimit = closedLimit
    self.suppressedLimit = suppressedLimit
  }

  /// Selects from all closed and suppressed violations of the rule; sorted by id.
  public func select(from all: [Violation]) -> [Violation] {
    let (paths, messages) = (Set(paths), Set(messages))
    let latest = all.filter { $0.rule == rule && $0.state != .open }.sorted {
      $0.lastPosition == $1.lastPosition
        ? $0.id < $1.id : $0.lastPosition > $1.lastPosition
    }
    let near = latest.lazy.filter { paths.contains($0.last.path) }.prefix(nearLimit)
    func alike(_ state: ViolationState, _ limit: Int) -> [Violation] {
      Array(
        latest.lazy.filter { $0.state == state && messages.contains($0.message) }.prefix(limit)
      )
    }
    var result: [ViolationID: Violation] = [:]
    let lists = Array(near) + alike(.closed, closedLimit) + alike(.suppressed, suppressedLimit)
    for violation in lists { result[violation.id] = violation }
    return result.values.sorted { $0.id < $1.id }
  }
}

extension LaneHistory where Self: LaneBooks {
  /// Selects from all absent violations of the rule.
  public func absentViolations(_ query: AbsentQuery) throws -> [Violation] {
    query.select(from: try absentViolations(rule: query.rule))
  }
}

/// The books of one lane in memory: what derivation posts into, and what tests compare.
public struct InMemoryBooks: LaneBooks, LaneHistory, Sendable {
  /// The lane.
  public let lane: LaneKey
  /// Every position, in order.
  public private(set) var positions: [LanePosition] = []
  /// Every posting, by position, then violation, then kind.
  public private(set) var postings: [Posting] = []
  /// Every violation by its id.
  public private(set) var violations: [ViolationID: Violation] = [:]
  /// The rosters at the head by path.
  public private(set) var rosters: [RepoPath: Roster] = [:]
  /// The violations that stand in no row of a sheet at the head.
  private var stands: [ViolationID: Standing] = [:]
  /// Since when each stood so, until when, by position.
  public private(set) var standingSpans: [StandingSpan] = []
  private var openSpans: [ViolationID: Int] = [:]
  /// Every recorded move, by position.
  public private(set) var moves: [ViolationMove] = []
  /// Other ids of violations, as they were emitted.
  public private(set) var aliases: [ViolationID: ViolationID] = [:]
  /// Every warning with its position.
  public private(set) var warnings: [(position: Int, text: String)] = []
  private var absent = AbsentIndex()
  /// The sheets of the last sightings of violations that are closed or suppressed.
  private var lastSheets: [ViolationID: SheetID] = [:]
  private var scans: [EntryID: ScanFact]

  /// Creates empty books over the scans of a lane.
  public init(lane: LaneKey, scans: [ScanFact]) {
    self.lane = lane
    self.scans = Dictionary(scans.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Adds scans that came after the books were made, before they are posted.
  public mutating func learn(_ new: [ScanFact]) {
    for scan in new { scans[scan.id] = scan }
  }

  /// Takes what a step changed.
  public mutating func apply(_ delta: LaneDelta) {
    positions.append(delta.position)
    postings += delta.postings
    moves += delta.moves
    warnings += delta.warnings.map { (delta.position.index, $0) }
    for violation in delta.violations {
      if let before = violations[violation.id] { absent.remove(before) }
      violations[violation.id] = violation
      absent.insert(violation)
    }
    keepSheets(delta)
    for id in delta.settled + delta.standing.map(\.violation) {
      stands[id] = nil
      if let span = openSpans.removeValue(forKey: id) {
        standingSpans[span].until = delta.position.index
      }
    }
    for item in delta.standing {
      stands[item.violation] = item
      openSpans[item.violation] = standingSpans.count
      standingSpans.append(StandingSpan(standing: item, since: delta.position.index, until: nil))
    }
    for path in delta.removedRosters { rosters[path] = nil }
    for roster in delta.rosters { rosters[roster.path] = roster }
    for (alias, violation) in delta.aliases { aliases[alias] = violation }
  }

  /// Remembers where those that are gone were seen last, while their rosters are still there.
  ///
  /// Reading the tree of the scan for each would cost what the scan holds, at every position again.
  private mutating func keepSheets(_ delta: LaneDelta) {
    var new: [RepoPath: Roster] = [:]
    for roster in delta.rosters { new[roster.path] = roster }
    for violation in delta.violations {
      let last = violation.last
      let roster = [new[last.path], rosters[last.path]].lazy.compactMap(\.self)
        .first { $0.scan == last.scan }
      if violation.state == .open {
        lastSheets[violation.id] = nil
      } else if let roster {
        lastSheets[violation.id] = roster.sheet
      }
    }
  }

  /// The sheet of a violation's last sighting; looked for in the scan where no roster told it.
  public func lastSheet(of violation: Violation, facts: any FactReader) throws -> SheetID? {
    try lastSheets[violation.id]
      ?? facts.tree(of: violation.last.scan).line(violation.last.path)?.sheet
  }

  mutating func alias(_ alias: ViolationID, _ violation: ViolationID) {
    aliases[alias] = violation
  }

  /// The last position; nil for a lane without one.
  public func head() -> LanePosition? { positions.last }
  /// The paths that have open or suppressed findings at the head, sorted.
  public func rosterPaths() -> [RepoPath] { rosters.keys.sorted() }
  /// The roster of a file at the head; nil where there is none.
  public func roster(_ path: RepoPath) -> Roster? { rosters[path] }
  /// A violation by its id.
  public func violation(_ id: ViolationID) -> Violation? { violations[id] }
  /// The violations that stand in no row of their file's sheet at the head, sorted by id.
  public func standing() -> [Standing] { stands.values.sorted { $0.violation < $1.violation } }
  /// Violations that are closed or suppressed, with the given rule; sorted by id.
  public func absentViolations(rule: String) -> [Violation] {
    violations.values.filter { $0.rule == rule && $0.state != .open }.sorted { $0.id < $1.id }
  }
  /// Selects from all absent violations of the rule, without looking at more than are asked for.
  public func absentViolations(_ query: AbsentQuery) -> [Violation] {
    absent.select(query).sorted().compactMap { violations[$0] }
  }
  /// The position with an index; nil where there is none.
  public func position(_ index: Int) -> LanePosition? {
    positions.indices.contains(index) ? positions[index] : nil
  }
  /// A scan of the lane; nil when it is not one of the facts.
  public func scan(_ id: EntryID) -> ScanFact? { scans[id] }
}
