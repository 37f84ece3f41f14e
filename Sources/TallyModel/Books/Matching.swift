/// A finding as the matcher sees it.
public struct TrackedFinding: Sendable, Hashable {
  /// The file, as the scan has it.
  public let path: RepoPath
  /// The file's content, if known.
  public let blob: BlobID?
  /// The claimed row.
  public let finding: Finding
  /// What was captured from the text.
  public let window: TokenWindow?
  /// Who captured it; windows of different lexers are never compared.
  public let lexerVersion: Int

  /// Creates a finding to match.
  public init(
    path: RepoPath,
    blob: BlobID?,
    finding: Finding,
    window: TokenWindow?,
    lexerVersion: Int
  ) {
    self.path = path
    self.blob = blob
    self.finding = finding
    self.window = window
    self.lexerVersion = lexerVersion
  }

  /// The same at another level.
  public func at(_ level: Level) -> TrackedFinding {
    var finding = finding
    finding.level = level
    return TrackedFinding(
      path: path,
      blob: blob,
      finding: finding,
      window: window,
      lexerVersion: lexerVersion
    )
  }
}

/// What is known of how the files of one scan became those of the next.
public struct MatchEvidence: Sendable {
  /// One file that has another name now.
  public struct Rename: Sendable, Hashable {
    /// The path before.
    public let from: RepoPath
    /// The path after.
    public let to: RepoPath
    /// In percent; 100 is exact.
    public let similarity: Int

    /// Creates a rename.
    public init(from: RepoPath, to: RepoPath, similarity: Int) {
      self.from = from
      self.to = to
      self.similarity = similarity
    }
  }
  /// Sorted by the new path.
  public var renames: [Rename]
  /// Line and token maps by (old blob, new blob).
  public var maps: [BlobPair: FileMap]
  /// Rule ids that mean another: old to canonical.
  public var ruleAliases: [String: String]

  /// Creates evidence; none by default.
  public init(
    renames: [Rename] = [],
    maps: [BlobPair: FileMap] = [:],
    ruleAliases: [String: String] = [:]
  ) {
    self.renames = renames
    self.maps = maps
    self.ruleAliases = ruleAliases
  }
}

/// Two contents of one file.
public struct BlobPair: Sendable, Hashable, Comparable {
  /// The content before.
  public let old: BlobID
  /// The content after.
  public let new: BlobID

  /// Creates a pair.
  public init(old: BlobID, new: BlobID) {
    self.old = old
    self.new = new
  }

  /// Says whether the left pair comes first: by old, then new.
  public static func < (lhs: Self, rhs: Self) -> Bool {
    (lhs.old, lhs.new) < (rhs.old, rhs.new)
  }
}

/// Whether the scans follow each other, or the earlier findings were closed in between.
public enum MatchMode: Sendable, Hashable {
  case successive
  /// Strict gates: equal windows, rule and template.
  case reopening
}

/// One pair that the matcher holds for the same violation.
public struct MatchLink: Sendable, Hashable {
  /// The place in the previous findings, from 0.
  public let previous: Int
  /// The place in the current findings, from 0.
  public let current: Int
  /// How it was found.
  public let evidence: LinkEvidence
  /// True when the margin is below the matcher's threshold.
  public let isAmbiguous: Bool

  /// Creates a link.
  public init(previous: Int, current: Int, evidence: LinkEvidence, isAmbiguous: Bool) {
    self.previous = previous
    self.current = current
    self.evidence = evidence
    self.isAmbiguous = isAmbiguous
  }
}

/// Decides which findings of two scans are the same violation.
///
/// Pure and deterministic.
public protocol FindingMatcher: Sendable {
  /// Links previous findings to current ones, each at most once; sorted by the place in `previous`.
  ///
  /// The result depends on the content of the findings only, never on their order in the arrays.
  func match(
    previous: [TrackedFinding],
    current: [TrackedFinding],
    evidence: MatchEvidence,
    mode: MatchMode
  ) -> [MatchLink]
}
