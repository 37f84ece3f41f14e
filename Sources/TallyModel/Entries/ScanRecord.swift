/// A rule as a scan listed it (SARIF `reportingDescriptor`).
public struct RuleRecord: Sendable, Hashable {
  /// The rule's id as results name it.
  public let id: String
  /// A readable name.
  public let name: String?
  /// The default level (SARIF 2.1.0 §3.50).
  public let defaultLevel: Level?
  /// Tags, sorted; `security` makes it a security rule.
  public let tags: [String]
  /// Ids the rule had before (SARIF 2.1.0 §3.49.4), sorted.
  public let deprecatedIDs: [String]
  /// Where it is documented.
  public let helpURI: String?
  /// One sentence about it, by hash.
  public let summary: TextID?
  /// `security-severity` as written, such as `7.5`.
  public let securitySeverity: String?

  /// Creates a rule.
  public init(
    id: String,
    name: String? = nil,
    defaultLevel: Level? = nil,
    tags: [String] = [],
    deprecatedIDs: [String] = [],
    helpURI: String? = nil,
    summary: TextID? = nil,
    securitySeverity: String? = nil
  ) {
    self.id = id
    self.name = name
    self.defaultLevel = defaultLevel
    self.tags = tags
    self.deprecatedIDs = deprecatedIDs
    self.helpURI = helpURI
    self.summary = summary
    self.securitySeverity = securitySeverity
  }
}

/// Something that went wrong while the tool ran (SARIF `toolExecutionNotifications` and configuration notifications).
public struct ScanNotice: Sendable, Hashable {
  /// How bad.
  public let level: Level
  /// The file it names; that file is not covered when the level is `error`.
  public let path: RepoPath?
  /// The rule that it is about (SARIF 2.1.0 §3.58.4); that rule is not covered when the level is `error`.
  public let rule: String?
  /// What the tool said, by hash.
  public let message: TextID

  /// Creates a notice.
  public init(level: Level, path: RepoPath?, rule: String? = nil, message: TextID) {
    self.level = level
    self.path = path
    self.rule = rule
    self.message = message
  }

  /// True for an error that names neither a file nor a rule: it may concern everything.
  public var isPlacelessError: Bool { level == .error && path == nil && rule == nil }
}

/// One tool run at one commit (SARIF `run`), without what git says of the commit.
///
/// The rows themselves are committed to by ``claims``: the hash over every path with the claimed part of its sheet. The sheets with their
/// captured windows come in an evidence entry, so that the same file ingested with and without git is the same scan.
public struct ScanRecord: Sendable, Hashable {
  /// Project, canonical tool, category, branch.
  public let lane: LaneKey
  /// The commit that was scanned.
  public let commit: CommitID
  /// The tool's name as it wrote it, such as `Ruff`.
  public let toolName: String
  /// The tool's version as it wrote it.
  public let toolVersion: String?
  /// The SHA-256 of the tool's configuration files at the commit, where they were named.
  public let configDigest: RawDigest?
  /// The SHA-256 of the ingested bytes, after decompression.
  public let rawDigest: RawDigest
  /// How many bytes those were.
  public let rawLength: Int
  /// Which run of the file, from 0.
  public let runIndex: Int
  /// A number that orders scans of commits with equal times, from `--sequence`.
  public let sequence: Int?
  /// When the run ended, else when it started, if the tool said.
  public let ended: Timestamp?
  /// Globs that were scanned, sorted; empty for what the lane has always covered.
  public let scope: [String]
  /// False when the tool, CI or the importer says that the run did not finish.
  public let succeeded: Bool
  /// The files that the report lists as analysed, by the hash of their paths, sorted, a line each; nil where it lists none.
  public let analysed: TextID?
  /// Errors and warnings of the run, in file order.
  public let notices: [ScanNotice]
  /// Rules the run listed, sorted by id.
  public let rules: [RuleRecord]
  /// True when the list holds rules that did not fire: then a rule that is absent was off.
  public let listsSilentRules: Bool
  /// What columns count.
  public let columnUnit: ColumnUnit
  /// The hash over paths and claimed rows (`docs/format.md`, "claims").
  public let claims: ContentID<ScanClaims>
  /// How many findings the claims hold.
  public let findingCount: Int
  /// What the importer dropped, by reason, sorted by reason.
  public let skipped: [SkippedCount]

  /// Creates a record.
  public init(
    lane: LaneKey,
    commit: CommitID,
    toolName: String,
    toolVersion: String?,
    configDigest: RawDigest?,
    rawDigest: RawDigest,
    rawLength: Int,
    runIndex: Int,
    sequence: Int?,
    ended: Timestamp?,
    scope: [String],
    succeeded: Bool,
    analysed: TextID? = nil,
    notices: [ScanNotice],
    rules: [RuleRecord],
    listsSilentRules: Bool,
    columnUnit: ColumnUnit,
    claims: ContentID<ScanClaims>,
    findingCount: Int,
    skipped: [SkippedCount]
  ) {
    self.lane = lane
    self.commit = commit
    self.toolName = toolName
    self.toolVersion = toolVersion
    self.configDigest = configDigest
    self.rawDigest = rawDigest
    self.rawLength = rawLength
    self.runIndex = runIndex
    self.sequence = sequence
    self.ended = ended
    self.scope = scope
    self.succeeded = succeeded
    self.analysed = analysed
    self.notices = notices
    self.rules = rules
    self.listsSilentRules = listsSilentRules
    self.columnUnit = columnUnit
    self.claims = claims
    self.findingCount = findingCount
    self.skipped = skipped
  }
}

/// Marks the hash over the claimed rows of a scan.
public enum ScanClaims {}

/// How many things were dropped for one reason.
public struct SkippedCount: Sendable, Hashable {
  /// A stable word, such as `kind-pass`, `duplicate` or `no-location`.
  public let reason: String
  /// How many; above 0.
  public let count: Int

  /// Creates a count.
  public init(reason: String, count: Int) {
    self.reason = reason
    self.count = count
  }
}
