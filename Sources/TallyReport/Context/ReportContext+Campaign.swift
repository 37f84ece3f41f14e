extension ReportContext {
  /// What the report is about, and the headline numbers.
  public struct Campaign: Codable, Sendable, Hashable {
    /// The id in `tally.yml`.
    public var id = ""
    /// The issue's number or key without `#`; empty for none.
    public var issue = ""
    /// Derived: true when there is an issue.
    public var hasIssue = false
    /// Derived: true when the issue is a number, to be written with `#`.
    public var isIssueNumber = false
    /// The issue's address; empty when it is not known.
    ///
    /// Cleared when it is no plain `https` or `http` address.
    public var issueURL = ""
    /// Derived: true when the issue's address is known.
    public var hasIssueURL = false
    /// The title.
    public var title = ""
    /// One sentence on what it is about; empty for none.
    public var summary = ""
    /// Derived: true when there is a summary.
    public var hasSummary = false
    /// What it selects, in words, such as `rule TID251 on main`.
    public var selection = ""
    /// Derived: true when the selection is put in words.
    public var hasSelection = false
    /// True when a scan of the campaign's lanes is in the ledger at the time of the report.
    public var hasScans = false
    /// True when nothing that it selects was ever found, though there are scans.
    public var foundNothing = false
    /// Why more may be there than what is open, such as `the lane ruff@main is 20 days old`; empty for no reason.
    ///
    /// Makes a campaign that has reached its target unknown.
    public var doubt = ""
    /// Where it began.
    public var baseline = Baseline()
    /// Open violations now; waived and suppressed ones are not among them.
    public var open = 0
    /// Derived: ``open`` for people.
    public var openText = ""
    /// Derived: `violation` or `violations`, for ``open``.
    public var openNoun = ""
    /// Derived: true when something is open.
    public var hasOpen = false
    /// Derived: true when ``open`` is 1.
    public var isOneOpen = false
    /// The count at which the campaign is done.
    public var target = 0
    /// Derived: ``target`` for people.
    public var targetText = ""
    /// Derived: true when the target is not 0.
    public var hasTarget = false
    /// Derived: by how much ``open`` is above the target; 0 when it isn't.
    public var remaining = 0
    /// Derived: ``remaining`` for people.
    public var remainingText = ""
    /// Derived: ``open`` minus the baseline's count.
    public var net = 0
    /// Derived: ``net`` with its sign, such as `-9`.
    public var netText = ""
    /// Derived: ``net`` without its sign.
    public var netSizeText = ""
    /// Derived: the change in percent of the baseline, without sign, half rounded up; 100 only when nothing is left of the baseline.
    public var percent = 0
    /// Derived: ``percent`` for people, such as `21 %`, `under 1 %`, `over 99 %`.
    public var percentText = ""
    /// Derived: true when there is a baseline above 0 and the count has changed.
    public var hasPercent = false
    /// Derived: `fewer`, `more` or `unchanged`.
    public var direction = ""
    /// Derived: true when the count fell.
    public var isDown = false
    /// Derived: true when the count rose.
    public var isUp = false
    /// Derived: true when the count is the baseline's.
    public var isUnchanged = false
    /// Gross: fixed since the baseline; taken from the statement where that is known, as are the next three.
    public var fixed = 0
    /// Gross: went with their files since the baseline.
    public var deleted = 0
    /// Gross: introduced since the baseline.
    public var introduced = 0
    /// Gross: closed before and open again since the baseline.
    public var reopened = 0
    /// Waived now.
    public var waived = 0
    /// Derived: suppressed now, as ``ReportContext/suppressions`` has it.
    public var suppressed = 0
    /// Derived: how many more were waived or suppressed since the baseline than came back from there; 0 for fewer.
    public var setAside = 0
    /// Derived: ``fixed`` for people.
    public var fixedText = ""
    /// Derived: ``introduced`` for people.
    public var introducedText = ""
    /// Derived: ``waived`` for people.
    public var waivedText = ""
    /// Derived: ``suppressed`` for people.
    public var suppressedText = ""
    /// Derived: what went, gross, such as `14 fixed and 2 deleted with their files`; `nothing` when nothing did.
    public var goneText = ""
    /// Derived: what came, gross, such as `6 introduced and 1 reopened`; `nothing` when nothing did.
    public var cameText = ""
    /// Derived: true when anything was fixed, deleted, introduced or reopened.
    public var hasGross = false
    /// Derived: what came and went for other causes than these and setting aside, per the statement, such as `2 surfaced`.
    public var otherText = ""
    /// Derived: true when the statement has such causes.
    public var hasOther = false
    /// Derived: what is set aside now, such as `2 are waived and 1 is suppressed`.
    public var asideText = ""
    /// Derived: true when something is waived or suppressed.
    public var hasAside = false
    /// Derived: true when there is something to say about how the count changed.
    public var hasChanges = false
    /// When the last violation was fixed or deleted, in ISO 8601; empty when none was.
    public var lastClosed = ""
    /// Where it stands.
    public var status = Status()
    /// When it is to be done.
    public var due = Due()

    /// Creates a campaign without facts.
    public init() {}
  }

  /// Where a campaign began.
  public struct Baseline: Codable, Sendable, Hashable {
    /// True when the baseline is known: declared, or found in the ledger.
    public var isKnown = false
    /// How many were open: the declared number, else the ledger's.
    public var count = 0
    /// Derived: ``count`` for people.
    public var countText = ""
    /// The full commit name; empty when there is none.
    public var commit = ""
    /// Derived: the first 9 digits of ``commit``.
    public var short = ""
    /// Derived: true when there is a commit.
    public var hasCommit = false
    /// The time of the baseline, in ISO 8601 or as a date; empty when there is none.
    public var time = ""
    /// Derived: the date of ``time``.
    public var date = ""
    /// Derived: true when there is a date.
    public var hasDate = false
    /// True when `tally.yml` states the number instead of a place in the history.
    public var isDeclared = false
    /// What the ledger counts at its first scan; meaningful for a declared baseline.
    public var ledgerCount = 0
    /// Derived: ``ledgerCount`` for people.
    public var ledgerCountText = ""
    /// Derived: the ledger's count minus the declared one; 0 when it was not declared.
    public var differsBy = 0
    /// Derived: ``differsBy`` in words, such as `3 more`.
    public var differsByText = ""
    /// Derived: true when the ledger's count is not the declared one.
    public var differs = false

    /// Creates a baseline without facts.
    public init() {}
  }

  /// Where a campaign stands, and how that was found.
  public struct Status: Codable, Sendable, Hashable {
    /// Derived: `done`, `on-track`, `at-risk`, `off-track`, `stalled`, `not-started`, `in-progress` (no due date, or too early to tell) or `unknown`.
    public var id = ""
    /// Derived: the id for people, such as `On track`.
    public var title = ""
    /// Derived: one or two sentences on how the status was found.
    public var reason = ""
    /// Derived: true for `done`.
    public var isDone = false
    /// Derived: true for `on-track`.
    public var isOnTrack = false
    /// Derived: true for `at-risk`, `off-track` and `stalled`.
    public var isBad = false
    /// What a person says instead, printed beside it.
    public var overridden = StatusOverride()

    /// Creates a status without facts.
    public init() {}
  }

  /// When a campaign is to be done.
  public struct Due: Codable, Sendable, Hashable {
    /// The due date as `2026-12-18`; empty for none.
    public var date = ""
    /// Derived: true when there is a due date.
    public var hasDate = false
    /// Derived: whole days from the day of the report to the due date; negative when it has passed.
    public var daysLeft = 0
    /// Derived: in words, such as `25 days left`, `due today`, `3 days ago`.
    public var text = ""
    /// Derived: true when the due date has passed.
    public var isPast = false

    /// Creates a due date without facts.
    public init() {}
  }

  /// The balanced account between two points in time.
  public struct Statement: Codable, Sendable, Hashable {
    /// True when there are two points to account between.
    public var isKnown = false
    /// The opening date.
    public var fromDate = ""
    /// The opening commit, short; empty when there is none.
    public var fromCommit = ""
    /// Derived: true when the opening commit is known.
    public var hasFromCommit = false
    /// The closing date.
    public var toDate = ""
    /// The closing commit, short; empty when there is none.
    public var toCommit = ""
    /// Derived: true when the closing commit is known.
    public var hasToCommit = false
    /// How many were open at the start.
    public var opening = 0
    /// Derived: ``opening`` for people.
    public var openingText = ""
    /// What came, by cause, in the order of the posting kinds; causes without any are left out.
    public var linesIn: [StatementLine] = []
    /// What went, by cause, in the order of the posting kinds; causes without any are left out.
    public var linesOut: [StatementLine] = []
    /// Derived: the sum of ``linesIn``.
    public var totalIn = 0
    /// Derived: ``totalIn`` for people.
    public var totalInText = ""
    /// Derived: the sum of ``linesOut``.
    public var totalOut = 0
    /// Derived: ``totalOut`` for people.
    public var totalOutText = ""
    /// How many were open at the end.
    public var closing = 0
    /// Derived: ``closing`` for people.
    public var closingText = ""
    /// Derived: true when opening + in - out = closing.
    public var balances = false
    /// Derived: true when something came or went.
    public var hasLines = false

    /// Creates a statement without facts.
    public init() {}
  }

  /// One cause of a statement.
  public struct StatementLine: Codable, Sendable, Hashable {
    /// The cause: the name of the posting kind, such as `fixed` or `brought forward`.
    public var cause = ""
    /// Derived: the cause with a capital letter.
    public var title = ""
    /// How many.
    public var count = 0
    /// Derived: ``count`` for people, with its sign: `+6`, `-14`.
    public var amountText = ""
    /// How the cause is known, in words, such as `13 direct, 1 indirect`.
    public var basis = ""
    /// Derived: true when the basis is said.
    public var hasBasis = false

    /// Creates a line.
    public init(cause: String = "", count: Int = 0, basis: String = "") {
      self.cause = cause
      self.count = count
      self.basis = basis
    }
  }
}
