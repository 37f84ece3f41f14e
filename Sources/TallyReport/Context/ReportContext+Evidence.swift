extension ReportContext {
  /// What the tests say.
  public struct Tests: Codable, Sendable, Hashable {
    /// The suites or lanes, sorted by name.
    public var suites: [TestSuite] = []
    /// Derived: true when there are suites.
    public var hasSuites = false
    /// Derived: all cases of all suites.
    public var total = 0
    /// Derived: ``total`` for people.
    public var totalText = ""
    /// Derived: `test` or `tests`, for ``total``.
    public var noun = ""
    /// Derived: cases that passed.
    public var passed = 0
    /// Derived: ``passed`` for people.
    public var passedText = ""
    /// Derived: failed and errored cases.
    public var failing = 0
    /// Derived: ``failing`` for people.
    public var failingText = ""
    /// Derived: skipped cases.
    public var skipped = 0
    /// Derived: ``skipped`` for people.
    public var skippedText = ""
    /// Derived: flaky cases.
    public var flaky = 0
    /// Derived: ``flaky`` for people.
    public var flakyText = ""
    /// Derived: the counts in words, such as `119 of 120 passed, 1 was skipped`.
    public var summary = ""
    /// Derived: true when nothing failed, errored, was flaky or is missing, and something passed.
    public var isPassing = false
    /// Cases that passed at the baseline and don't now, sorted.
    public var broke: [String] = []
    /// Derived: true when something broke.
    public var hasBroke = false
    /// How many of them the list leaves out; what the limit cuts is added.
    public var moreBroke = More()
    /// Cases that didn't pass at the baseline and do now, sorted.
    public var repaired: [String] = []
    /// Derived: true when something was repaired.
    public var hasRepaired = false
    /// How many of them the list leaves out; what the limit cuts is added.
    public var moreRepaired = More()
    /// Cases that failed or errored, sorted; those in ``broke`` are taken out when derived.
    public var failingNames: [String] = []
    /// Derived: true when something fails.
    public var hasFailingNames = false
    /// How many of them the list leaves out; what the limit cuts is added.
    public var moreFailing = More()
    /// Cases that were flaky, sorted.
    public var flakyNames: [String] = []
    /// Derived: true when something was flaky.
    public var hasFlakyNames = false
    /// How many of them the list leaves out; what the limit cuts is added.
    public var moreFlaky = More()
    /// Cases of the run before that the last run doesn't hold, though it finished, sorted.
    public var vanished: [String] = []
    /// How many cases ``vanished`` stands for, before it is cut.
    public var vanishedCount = 0
    /// Derived: ``vanishedCount`` with its noun, such as `2 tests`.
    public var vanishedText = ""
    /// Derived: true when something vanished.
    public var hasVanished = false
    /// How many of them the list leaves out; what the limit cuts is added.
    public var moreVanished = More()
    /// Cases that didn't pass, went with all others of their class or file, and weren't seen since, sorted.
    public var missing: [String] = []
    /// How many cases ``missing`` stands for, before it is cut.
    public var missingCount = 0
    /// Derived: ``missingCount`` with its noun, such as `2 tests`.
    public var missingText = ""
    /// Derived: true when something is missing.
    public var hasMissing = false
    /// How many of them the list leaves out; what the limit cuts is added.
    public var moreMissing = More()
    /// How many passed since the baseline, oldest first.
    public var points: [TestPoint] = []
    /// Derived: the part that passed as blocks, such as `▆▇█`, at most 40 wide; empty where it never changed.
    public var sparkline = ""
    /// Derived: true when that part changed.
    public var hasSparkline = false
    /// True when outcomes at the baseline are known, so that ``broke`` and ``repaired`` mean something.
    public var isCompared = false

    /// Creates tests without facts.
    public init() {}
  }

  /// One suite or lane of tests at one commit.
  public struct TestSuite: Codable, Sendable, Hashable {
    /// The lane or suite, such as `pytest@main`.
    public var name = ""
    /// The full name of the tested commit.
    public var commit = ""
    /// Derived: the first 9 digits of ``commit``.
    public var short = ""
    /// The time of the commit in ISO 8601, or a date.
    public var time = ""
    /// Derived: the date of ``time``.
    public var date = ""
    /// Cases that passed.
    public var passed = 0
    /// Cases that failed.
    public var failed = 0
    /// Cases that errored.
    public var error = 0
    /// Cases that were skipped.
    public var skipped = 0
    /// Cases that went both ways.
    public var flaky = 0
    /// Derived: all of them.
    public var total = 0
    /// Derived: the counts in words, such as `119 of 120 passed, 1 was skipped`.
    public var summary = ""
    /// Derived: true when nothing failed, errored or was flaky, and something passed.
    public var isPassing = false
    /// False when the run did not finish.
    public var succeeded = true

    /// Creates a suite without facts.
    public init() {}
  }

  /// A part of the system, and whether it is done.
  public struct Component: Codable, Sendable, Hashable {
    /// The name.
    public var name = ""
    /// Open violations in it.
    public var open = 0
    /// Derived: ``open`` for people.
    public var openText = ""
    /// Derived: `violation` or `violations`.
    public var noun = ""
    /// Open violations in it at the baseline.
    public var baselineCount = 0
    /// Derived: ``open`` minus ``baselineCount``, with its sign; `unchanged` for none.
    public var changeText = ""
    /// `passing`, `failing`, `flaky`, `unknown` (none ran, or too long ago) or `none` (no tests are configured).
    public var testsState = ""
    /// How many tests ran.
    public var tests = 0
    /// Derived: the tests in words, such as `24 tests pass`.
    public var testsText = ""
    /// Derived: `COMPLETE`, `OPEN` or `UNKNOWN`: complete only with nothing open, passing tests and fresh lanes.
    public var state = ""
    /// Why the state isn't what the counts suggest, set by whoever knows, such as `the ruff lane is 20 days old`; makes a complete component unknown.
    public var doubt = ""
    /// Derived: why the state is what it is, one phrase.
    public var reason = ""
    /// Derived: true for `COMPLETE`.
    public var isComplete = false
    /// Derived: true for `OPEN`.
    public var isOpen = false
    /// Derived: true for `UNKNOWN`.
    public var isUnknown = false

    /// Creates a component without facts.
    public init() {}
  }

  /// A measurement against where it began and where it is to go.
  public struct Metric: Codable, Sendable, Hashable {
    /// The measurement's name, which holds its unit, such as `rss_mb`.
    public var name = ""
    /// The title.
    public var title = ""
    /// The unit for people, such as `MB`; empty for none.
    public var unit = ""
    /// The median at the baseline, formatted; empty when not measured.
    public var baseline = ""
    /// The median now, formatted; empty when not measured.
    public var current = ""
    /// Current minus baseline, formatted with its sign, `unchanged` for none; empty when either is missing.
    public var change = ""
    /// The target, formatted; empty for none.
    public var target = ""
    /// What was measured since the baseline, oldest first.
    public var points: [MetricPoint] = []
    /// Derived: these values as SVG, with the target; empty for fewer than two.
    public var chart = ""
    /// Derived: true when there is such a picture.
    public var hasChart = false
    /// Derived: true when there is a value at the baseline.
    public var hasBaseline = false
    /// Derived: true when there is a value now.
    public var hasCurrent = false
    /// Derived: true when there is a change.
    public var hasChange = false
    /// Derived: true when there is a target.
    public var hasTarget = false
    /// Derived: true when there is a unit.
    public var hasUnit = false
    /// True when now is better than the baseline.
    public var isBetter = false
    /// True when now is worse than the baseline.
    public var isWorse = false
    /// True when there is a target and the value now reaches it.
    public var isMet = false
    /// Derived: `met`, `not met`, `no target` or `not measured`.
    public var verdict = ""

    /// Creates a metric without facts.
    public init() {}
  }

  /// The success criteria, and how many are met.
  public struct Criteria: Codable, Sendable, Hashable {
    /// In the order of `tally.yml`.
    public var items: [Criterion] = []
    /// Derived: true when there are criteria.
    public var hasItems = false
    /// Derived: how many are met.
    public var met = 0
    /// Derived: how many there are.
    public var total = 0
    /// Derived: how many are unknown.
    public var unknown = 0
    /// Derived: in words, such as `2 of 5 are met, 1 is unknown`.
    public var summary = ""
    /// Derived: true when there are criteria and all are met.
    public var isAllMet = false

    /// Creates criteria without facts.
    public init() {}
  }

  /// One success criterion.
  public struct Criterion: Codable, Sendable, Hashable {
    /// The title.
    public var title = ""
    /// `met`, `not met` or `unknown`.
    public var state = "unknown"
    /// Why, with the numbers, one phrase.
    public var evidence = ""
    /// Derived: true when met.
    public var isMet = false
    /// Derived: true when not met.
    public var isNotMet = false
    /// Derived: true when unknown.
    public var isUnknown = false
    /// Derived: true when there is evidence.
    public var hasEvidence = false

    /// Creates a criterion.
    public init(title: String = "", state: String = "unknown", evidence: String = "") {
      self.title = title
      self.state = state
      self.evidence = evidence
    }
  }

  /// Accepted risks of the campaign.
  public struct Waivers: Codable, Sendable, Hashable {
    /// Soonest end first.
    public var items: [Waiver] = []
    /// Derived: true when there are waivers.
    public var hasItems = false
    /// Derived: those that end within 14 days, in words, such as `2 waivers end within 14 days, the first on 2026-12-01`.
    public var soonText = ""
    /// Derived: true when a waiver ends within 14 days.
    public var hasSoon = false
    /// How many the list leaves out; what the limit cuts is added.
    public var more = More()

    /// Creates waivers without facts.
    public init() {}
  }

  /// One accepted risk.
  public struct Waiver: Codable, Sendable, Hashable {
    /// Who accepts it.
    public var owner = ""
    /// Why.
    public var reason = ""
    /// From when, in ISO 8601 or as a date.
    public var from = ""
    /// Derived: the date of ``from``.
    public var fromDate = ""
    /// Until when, exclusive, in ISO 8601 or as a date.
    public var until = ""
    /// Derived: the date of ``until``.
    public var untilDate = ""
    /// The id of its entry in the journal, in hexadecimal digits.
    public var entry = ""
    /// Derived: the first 12 digits of ``entry``.
    public var entryShort = ""
    /// The ids of the violations, short, sorted.
    public var violations: [String] = []
    /// How many of them the list leaves out; what the limit cuts is added.
    public var moreViolations = More()
    /// Derived: the ids as one phrase, such as `T-7K3QF2, T-M4Q9T1 and 3 more`.
    public var violationsText = ""
    /// How many violations of the campaign it covers.
    public var count = 0
    /// Derived: ``count`` for people.
    public var countText = ""
    /// Derived: `violation` or `violations`.
    public var noun = ""
    /// Derived: whole days left; negative when it has ended.
    public var daysLeft = 0
    /// Derived: true when it ends within 14 days.
    public var expiresSoon = false
    /// Derived: true when it has ended, so that its violations count again.
    public var isExpired = false

    /// Creates a waiver without facts.
    public init() {}
  }

  /// What the source or the tool itself suppresses.
  public struct Suppressions: Codable, Sendable, Hashable {
    /// Suppressed now.
    public var count = 0
    /// Derived: ``count`` for people.
    public var countText = ""
    /// Derived: `violation` or `violations`.
    public var noun = ""
    /// Suppressed since the baseline.
    public var added = 0
    /// Derived: the number in words, such as `3 violations, 1 of them since the baseline`.
    public var text = ""
    /// Files with suppressions, most first, then by path.
    public var files: [FileCount] = []
    /// How many files the list leaves out; what the limit cuts is added.
    public var moreFiles = More()
    /// Derived: true when something is suppressed.
    public var hasAny = false
    /// Derived: true when there are files.
    public var hasFiles = false

    /// Creates suppressions without facts.
    public init() {}
  }

  /// A lane that the numbers come from, at its last scan or test run.
  public struct Lane: Codable, Sendable, Hashable {
    /// The lane, such as `ruff/ssot@main`.
    public var name = ""
    /// The full name of the commit; empty for an expected lane without any.
    public var commit = ""
    /// Derived: the first 9 digits of ``commit``.
    public var short = ""
    /// The time of the commit in ISO 8601, or a date; empty for none.
    public var time = ""
    /// Derived: the date of ``time``.
    public var date = ""
    /// Whole days from ``time`` to the time of the report.
    public var ageDays = 0
    /// Derived: the age in words, such as `today` or `3 days`.
    public var ageText = ""
    /// True when it is older than `stale_after`.
    public var isStale = false
    /// False when the run failed or did not finish.
    public var succeeded = true
    /// True for a lane that `tally.yml` expects and the ledger doesn't have.
    public var isMissing = false
    /// How many open violations the run looked for and did not see though nobody edited their files.
    public var notSeen = 0
    /// True where the run says that it could not look at something that the campaign selects.
    public var isPartial = false
    /// Derived: `fresh`, `stale`, `partial`, `suspect`, `failed` or `missing`.
    public var state = ""
    /// Derived: true when the lane is fresh and its run succeeded.
    public var isFine = false
    /// Derived: true when a lane before this one in the list is not fine.
    public var hasProblemBefore = false

    /// Creates a lane without facts.
    public init() {}
  }
}
