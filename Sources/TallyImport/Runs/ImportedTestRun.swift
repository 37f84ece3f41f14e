public import TallyModel

/// The test run of one JUnit file.
public struct ImportedTestRun: Sendable, Hashable {
  /// The runner, told by what it always writes: `pytest`, `jest`, `go` …, else `junit`.
  public var runner: String
  /// The names of the outermost suites, in file order, each once.
  public var suites: [String]
  /// The earliest start of its suites.
  public var started: Timestamp?
  /// The run's total duration in milliseconds, if the file says.
  public var durationMilliseconds: Int?
  /// False when the file says that tests did not run, or counts more than it holds.
  public var succeeded: Bool
  /// Why ``succeeded`` is false, one sentence fragment.
  public var failure: String?
  /// Every case, sorted bytewise by id, each id once.
  public var cases: [ImportedTestCase]
  /// `testcase` elements in the file.
  public var elementCount: Int
  /// What was merged or repaired (`repeated`, `flaky-merged`, `repaired-line` …), sorted by reason.
  public var adjusted: [SkippedCount]
  /// Elements and attributes that were met and not kept, as `testcase@line` or `system-out`,
  /// sorted.
  public var ignored: [SkippedCount]

  /// Creates a run without cases.
  public init(runner: String) {
    self.runner = runner
    self.suites = []
    self.succeeded = true
    self.cases = []
    self.elementCount = 0
    self.adjusted = []
    self.ignored = []
  }
}

/// One test case: ``TestCaseResult`` with its text not yet hashed and its path not resolved.
public struct ImportedTestCase: Sendable, Hashable {
  /// `suite/path::name` (`docs/junit.md`, "Ids").
  public var id: String
  /// What came of it.
  public var outcome: TestOutcome
  /// The failure's or skip's message: its `message` attribute, else the first line of its text.
  public var message: String?
  /// The file that holds it, as the runner wrote it.
  public var file: String?

  /// Creates a case.
  public init(id: String, outcome: TestOutcome, message: String?, file: String?) {
    self.id = id
    self.outcome = outcome
    self.message = message
    self.file = file
  }
}
