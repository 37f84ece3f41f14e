/// A scan as the books need it: what it claims and when this journal got it.
public struct ScanFact: Sendable, Hashable {
  /// The entry.
  public let id: EntryID
  /// What it claims; its lane after lane renames.
  public let record: ScanRecord
  /// The entry's place in this journal, from 1.
  public let sequence: Int
  /// When this journal got it.
  public let arrived: Timestamp
  /// The importer that read it, such as `sarif/1`.
  public let importer: String
  /// With what it was recorded when, anywhere; sorted, each once.
  public let recordings: [RecordingRecord]

  /// Creates a fact.
  public init(
    id: EntryID,
    record: ScanRecord,
    sequence: Int,
    arrived: Timestamp,
    importer: String,
    recordings: [RecordingRecord] = []
  ) {
    self.id = id
    self.record = record
    self.sequence = sequence
    self.arrived = arrived
    self.importer = importer
    self.recordings = recordings
  }
}

/// Which files differ between two commits.
public struct CommitDifference: Sendable {
  /// One file that differs.
  public struct File: Sendable, Hashable {
    /// The path in the later commit; for a file that went, its path in the earlier one.
    public let path: RepoPath
    /// The content in the earlier commit; nil for a new file.
    public let old: BlobID?
    /// The content in the later commit; nil for a file that went.
    public let new: BlobID?

    /// Creates a difference.
    public init(path: RepoPath, old: BlobID?, new: BlobID?) {
      self.path = path
      self.old = old
      self.new = new
    }
  }
  /// Sorted by path.
  public var files: [File]
  /// Renames from the earlier to the later commit, composed over the commits between; sorted by the new path.
  public var renames: [MatchEvidence.Rename]
  /// The commits after the earlier one up to the later, oldest first, each with the paths it touched; empty when not known.
  public var steps: [(commit: CommitID, paths: [RepoPath])]
  /// True where git was asked neither for the commits between nor for the renames over the whole distance.
  public var isProvisional: Bool

  /// Creates a difference.
  public init(
    files: [File],
    renames: [MatchEvidence.Rename],
    steps: [(commit: CommitID, paths: [RepoPath])],
    isProvisional: Bool = false
  ) {
    self.files = files
    self.renames = renames
    self.steps = steps
    self.isProvisional = isProvisional
  }
}

/// A person's word on identity, as the books need it.
public struct CorrectionFact: Sendable, Hashable {
  /// The entry.
  public let id: EntryID
  /// What is said.
  public let record: CorrectionRecord
  /// True when it was taken back: it counts nowhere, but the ids that it made were shown.
  public let isRetracted: Bool

  /// Creates a fact.
  public init(id: EntryID, record: CorrectionRecord, isRetracted: Bool) {
    self.id = id
    self.record = record
    self.isRetracted = isRetracted
  }
}

/// The facts that books are made from.
///
/// Retracted entries are left out unless it says otherwise, lane renames are applied.
///
/// Implemented by TallyLedger over a journal up to some size, and by tests in memory. Every answer depends on the set of facts, never on the
/// order in which they came, but for the fields of ``ScanFact`` that say so.
public protocol FactReader {
  /// Every lane that has a scan, sorted.
  func lanes() throws -> [LaneKey]
  /// All scans of a lane, sorted by entry id.
  func scans(of lane: LaneKey) throws -> [ScanFact]
  /// Scans of a lane that were retracted, sorted by entry id: they count nowhere, and what they showed still answers to its ids.
  func retractedScans(of lane: LaneKey) throws -> [ScanFact]
  /// The sheets of a scan by path: of its best capture (most windows, then newest lexer, then greatest tree id).
  func tree(of scan: EntryID) throws -> Tree
  /// One sheet.
  func sheet(_ id: SheetID) throws -> Sheet
  /// What is known of a commit; nil if git was never asked.
  func commit(_ id: CommitID) throws -> CommitRecord?
  /// The blobs of some files at a commit; a file that is not there is absent from the answer. Nil when the commit's files are not known.
  func blobs(of paths: [RepoPath], at commit: CommitID) throws -> [RepoPath: BlobID]?
  /// What differs between two commits; nil when it cannot be told from the facts.
  func difference(from old: CommitID, to new: CommitID) throws -> CommitDifference?
  /// The line and token map between two contents, if there is evidence of it.
  func fileMap(_ pair: BlobPair) throws -> FileMap?
  /// The suppression comments of a content, if there is evidence of them.
  func silences(of blob: BlobID) throws -> SilencedText?
  /// What a commit holds of a tool's configuration, if there is evidence of it.
  func toolConfiguration(of tool: String, at commit: CommitID) throws -> ToolConfigurationRecord?
  /// Whether two sightings were said to be the same or different, retracted ones included; sorted by entry id.
  func corrections(of lane: LaneKey) throws -> [CorrectionFact]
  /// Every waiver, sorted by entry id.
  func waivers() throws -> [(id: EntryID, record: WaiverRecord)]
  /// The entry by which a person says that a scan is complete; of several the least id, nil where nobody does.
  func confirmation(of scan: EntryID) throws -> EntryID?
  /// The files that a scan lists as analysed; nil where it lists none, or the list was redacted.
  func analysedFiles(of scan: ScanRecord) throws -> Set<RepoPath>?
  /// Takes note of what the facts do not say and git might.
  func note(_ question: FactQuestion)
}

extension FactReader {
  /// Takes no note.
  public func note(_ question: FactQuestion) {}
}

/// An open or suppressed violation that stands in no row of its file's sheet.
public struct Standing: Sendable, Hashable {
  /// Why there is no such row.
  ///
  /// The numbers are stored. MUST NOT CHANGE.
  public enum Reason: UInt8, Sendable, Hashable, CaseIterable {
    /// Another scan of the position reported it: a shard beside the one whose sheet the roster has.
    case otherScan = 0
    /// No scan of the position looked for it.
    case notCovered = 1
    /// It was looked for and not reported though nobody edited its file, and nothing explains that.
    case unseen = 2
  }
  /// The violation.
  public let violation: ViolationID
  /// Where it was seen last.
  public let sighting: Sighting
  /// The sheet of its file there.
  public let sheet: SheetID
  /// The content of its file there, if known.
  public let blob: BlobID?
  /// Why it is not in the roster's sheet.
  public let reason: Reason

  /// Creates a standing violation.
  public init(
    violation: ViolationID,
    sighting: Sighting,
    sheet: SheetID,
    blob: BlobID?,
    reason: Reason
  ) {
    self.violation = violation
    self.sighting = sighting
    self.sheet = sheet
    self.blob = blob
    self.reason = reason
  }
}

/// From which position to which a violation stood in no row of a sheet.
public struct StandingSpan: Sendable, Hashable {
  /// What stood.
  public let standing: Standing
  /// The first position.
  public let since: Int
  /// The first position at which it did not any more; nil while it does.
  public var until: Int?

  /// Creates a span.
  public init(standing: Standing, since: Int, until: Int?) {
    self.standing = standing
    self.since = since
    self.until = until
  }
}

/// The violations of one file at the end of a lane, row by row.
public struct Roster: Sendable, Hashable {
  /// The file.
  public let path: RepoPath
  /// Its content when it was last covered, if known.
  public let blob: BlobID?
  /// The sheet the rows belong to.
  public let sheet: SheetID
  /// The scan whose sheet that is.
  public let scan: EntryID
  /// One violation a row of the sheet.
  public let violations: [ViolationID]

  /// Creates a roster.
  public init(
    path: RepoPath,
    blob: BlobID?,
    sheet: SheetID,
    scan: EntryID,
    violations: [ViolationID]
  ) {
    self.path = path
    self.blob = blob
    self.sheet = sheet
    self.scan = scan
    self.violations = violations
  }
}

/// What the books hold of one lane while it is being posted: read on demand, so that a step costs what changed.
public protocol LaneBooks {
  /// The last position; nil for a lane without one.
  func head() throws -> LanePosition?
  /// The paths that have open or suppressed findings at the head, sorted.
  func rosterPaths() throws -> [RepoPath]
  /// The roster of a file at the head; nil where there is none.
  func roster(_ path: RepoPath) throws -> Roster?
  /// A violation by its id.
  func violation(_ id: ViolationID) throws -> Violation?
  /// Violations of the lane that are closed or suppressed, with the given rule; sorted by id.
  func absentViolations(rule: String) throws -> [Violation]
  /// The violations that stand in no row of their file's sheet at the head, sorted by id.
  func standing() throws -> [Standing]
}

/// What one step changes in the books of a lane.
public struct LaneDelta: Sendable {
  /// The new head.
  public var position: LanePosition
  /// Postings of the position, sorted by violation, then kind.
  public var postings: [Posting]
  /// Violations that are new or changed, as they stand after the step; sorted by id.
  public var violations: [Violation]
  /// Rosters that are new or changed, sorted by path.
  public var rosters: [Roster]
  /// Paths whose roster is gone, sorted.
  public var removedRosters: [RepoPath]
  /// Violations that stand in no row of a sheet from this position on, or stand there otherwise; sorted by id.
  public var standing: [Standing]
  /// Those that did before and do not any more, sorted.
  public var settled: [ViolationID]
  /// Ids under which a violation may have been shown before a late scan came; not part of the books digest.
  public var aliases: [(alias: ViolationID, violation: ViolationID)]
  /// Links that were not exact, with their evidence, for `tally show`; sorted by violation.
  public var moves: [ViolationMove]
  /// Sentences worth a person's attention, such as a sudden zero; sorted.
  public var warnings: [String]

  /// Creates a delta that changes nothing but the head.
  public init(position: LanePosition) {
    self.position = position
    postings = []
    violations = []
    rosters = []
    removedRosters = []
    standing = []
    settled = []
    aliases = []
    moves = []
    warnings = []
  }
}

/// A violation was recognised at another place by something less than an equal blob.
public struct ViolationMove: Sendable, Hashable {
  /// The violation.
  public let violation: ViolationID
  /// At which position of the lane.
  public let position: Int
  /// The file before.
  public let from: RepoPath
  /// The file after.
  public let to: RepoPath
  /// How it was recognised.
  public let evidence: LinkEvidence
  /// True when the margin was below the threshold.
  public let isAmbiguous: Bool

  /// Creates a move.
  public init(
    violation: ViolationID,
    position: Int,
    from: RepoPath,
    to: RepoPath,
    evidence: LinkEvidence,
    isAmbiguous: Bool
  ) {
    self.violation = violation
    self.position = position
    self.from = from
    self.to = to
    self.evidence = evidence
    self.isAmbiguous = isAmbiguous
  }
}

/// Mints ids: the hash lives in TallyLedger, the moment of minting in TallyBooks.
public protocol ViolationMint: Sendable {
  /// The id of a violation whose earliest sighting this is.
  func mint(_ origin: Sighting) -> ViolationID
}
