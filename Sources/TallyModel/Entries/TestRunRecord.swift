/// What came of a test case.
public enum TestOutcome: UInt8, Sendable, Hashable, CaseIterable {
  case passed = 0
  case failed = 1
  case error = 2
  case skipped = 3
  /// Both ways at one commit, or passed only after a retry.
  case flaky = 4

  /// The word used in output.
  public var name: String { String(describing: self) }

  /// True for `failed`, `error` and `flaky`.
  public var isNotPassing: Bool { self == .failed || self == .error || self == .flaky }
}

/// One test case in one run.
public struct TestCaseResult: Sendable, Hashable {
  /// `suite/path::name`, unique in its run; repeated runs of one case are merged to `flaky` where they differ.
  public let id: String
  /// What came of it.
  public let outcome: TestOutcome
  /// The failure's or skip's message, by hash.
  public let message: TextID?
  /// The file that holds it, if the runner said.
  public let path: RepoPath?

  /// Creates a result.
  public init(id: String, outcome: TestOutcome, message: TextID?, path: RepoPath?) {
    self.id = id
    self.outcome = outcome
    self.message = message
    self.path = path
  }
}

/// One run of tests at one commit (one JUnit file).
public struct TestRunRecord: Sendable, Hashable {
  /// Project, runner (`pytest`, `swift-testing`, else `junit`), category, branch.
  public let lane: LaneKey
  /// The commit that was tested.
  public let commit: CommitID
  /// The SHA-256 of the ingested bytes, after decompression.
  public let rawDigest: RawDigest
  /// How many bytes those were.
  public let rawLength: Int
  /// A number that orders runs of commits with equal times.
  public let sequence: Int?
  /// When the run began, if the file says.
  public let started: Timestamp?
  /// The run's total duration in milliseconds, if the file says.
  public let durationMilliseconds: Int?
  /// False when the run did not finish.
  public let succeeded: Bool
  /// Every case, sorted bytewise by id, each id once.
  public let cases: [TestCaseResult]
  /// What the importer dropped, by reason.
  public let skipped: [SkippedCount]

  /// Creates a record.
  public init(
    lane: LaneKey,
    commit: CommitID,
    rawDigest: RawDigest,
    rawLength: Int,
    sequence: Int?,
    started: Timestamp?,
    durationMilliseconds: Int?,
    succeeded: Bool,
    cases: [TestCaseResult],
    skipped: [SkippedCount]
  ) {
    self.lane = lane
    self.commit = commit
    self.rawDigest = rawDigest
    self.rawLength = rawLength
    self.sequence = sequence
    self.started = started
    self.durationMilliseconds = durationMilliseconds
    self.succeeded = succeeded
    self.cases = cases
    self.skipped = skipped
  }
}

/// Named numbers at one commit.
///
/// Every sample is kept; the value of a name at a commit is the median of its samples.
public struct MeasurementRecord: Sendable, Hashable {
  /// One number.
  public struct Sample: Sendable, Hashable {
    /// The name with its unit last, such as `rss_mb`.
    public let name: String
    /// The value as a decimal text in its shortest form, such as `412` or `0.85`.
    public let value: String

    /// Creates a sample.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }
  /// The project's name.
  public private(set) var project: String
  /// The branch's short name.
  public let branch: String
  /// The commit that was measured.
  public let commit: CommitID
  /// When it was measured; part of the claim, so that two equal samples are two.
  public let measured: Timestamp
  /// Sorted by name, then in the order given.
  public let samples: [Sample]

  /// Creates a record.
  public init(
    project: String,
    branch: String,
    commit: CommitID,
    measured: Timestamp,
    samples: [Sample]
  ) {
    self.project = project
    self.branch = branch
    self.commit = commit
    self.measured = measured
    self.samples = samples
  }

  /// The same record, of a project that has another name now.
  public func of(project: String) -> MeasurementRecord {
    var result = self
    result.project = project
    return result
  }
}
