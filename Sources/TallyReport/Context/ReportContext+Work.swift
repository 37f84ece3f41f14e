extension ReportContext {
  /// A bucket of the campaign, and what is left in it.
  public struct Priority: Codable, Sendable, Hashable {
    /// The id in `tally.yml`, such as `P1`; `unassigned` for what no priority matches.
    public var id = ""
    /// The title.
    public var title = ""
    /// Open violations now.
    public var count = 0
    /// Derived: ``count`` for people.
    public var countText = ""
    /// Derived: `violation` or `violations`.
    public var noun = ""
    /// Derived: true when nothing is open.
    public var isEmpty = false
    /// Derived: the part of all open violations in percent, half rounded up.
    public var share = 0
    /// Derived: ``share`` for people, such as `35 %`.
    public var shareText = ""
    /// Open violations at the baseline, by today's definition of the priority.
    public var baselineCount = 0
    /// Derived: ``baselineCount`` for people.
    public var baselineCountText = ""
    /// Derived: ``count`` minus ``baselineCount``.
    public var change = 0
    /// Derived: ``change`` with its sign; `unchanged` for none.
    public var changeText = ""
    /// Derived: `down`, `up` or `flat`, since the baseline.
    public var trend = ""
    /// Derived: an arrow for ``trend``.
    public var arrow = ""
    /// Derived: true when ``trend`` is `up`.
    public var isUp = false
    /// The id of the violation that has been open longest; empty for none.
    public var oldestID = ""
    /// Since how many days it is open.
    public var oldestDays = 0
    /// Derived: ``oldestDays`` in words, such as `81 days` or `less than a day`.
    public var oldestText = ""
    /// Derived: true when there is an oldest one.
    public var hasOldest = false
    /// What it affects; empty when `tally.yml` doesn't say.
    public var impact = ""
    /// Derived: true when the impact is said.
    public var hasImpact = false
    /// The risk, such as `medium`; empty when `tally.yml` doesn't say.
    public var risk = ""
    /// Derived: true when the risk is said.
    public var hasRisk = false
    /// Files with open violations, most first, then by path.
    public var files: [FileCount] = []
    /// Derived: true when there are files.
    public var hasFiles = false
    /// How many files the list leaves out; what the limit cuts is added.
    public var moreFiles = More()
    /// Derived: true for what no priority matches: the id is `unassigned`.
    public var isUnassigned = false
    /// Derived: true when this is the last of its list.
    public var isLast = false

    /// Creates a priority without facts.
    public init() {}
  }

  /// A file and how many violations are open in it.
  public struct FileCount: Codable, Sendable, Hashable {
    /// The path in the repository.
    public var path = ""
    /// Open violations in it.
    public var count = 0
    /// Derived: ``count`` for people.
    public var countText = ""
    /// Derived: `violation` or `violations`.
    public var noun = ""
    /// Derived: true when this is the last of its list.
    public var isLast = false

    /// Creates a count.
    public init(path: String = "", count: Int = 0) {
      self.path = path
      self.count = count
    }
  }

  /// A commit, or a range of commits between two scans, and what it did to the campaign.
  public struct Commit: Codable, Sendable, Hashable {
    /// The full name; for a range its last commit.
    public var sha = ""
    /// Derived: the first 9 digits of ``sha``.
    public var short = ""
    /// The first line of the message; empty when it is not known.
    public var subject = ""
    /// Derived: true when the subject is known.
    public var hasSubject = false
    /// The commit's time in ISO 8601, or a date.
    public var time = ""
    /// Derived: the date of ``time``.
    public var date = ""
    /// How many violations of the campaign it closed: fixed and deleted.
    public var closed = 0
    /// How many violations of the campaign it opened: introduced and reopened.
    public var opened = 0
    /// Derived: what it did, such as `closed 3 violations and opened 1`; empty when it did neither.
    public var effect = ""
    /// Derived: true when it closed or opened something.
    public var hasEffect = false
    /// True when the effect belongs to a range of commits of which this is the last.
    public var isRange = false
    /// The short name of the commit before the range; empty when this is no range.
    public var rangeFrom = ""
    /// True when its message names the campaign's issue.
    public var mentionsIssue = false
    /// Where it can be read; empty when no repository is configured.
    ///
    /// Cleared when it is no plain `https` or `http` address.
    public var url = ""
    /// Derived: true when there is an address.
    public var hasURL = false

    /// Creates a commit without facts.
    public init() {}
  }

  /// A place where violations can be closed next, and what would be left.
  public struct NextStep: Codable, Sendable, Hashable {
    /// Derived: its place in the list, from 1.
    public var number = 0
    /// Derived: true for the first.
    public var isFirst = false
    /// True when the step is a file, false when it is a rule.
    public var isFile = false
    /// The file's path or the rule's id.
    public var subject = ""
    /// How many open violations it would close.
    public var count = 0
    /// Derived: ``count`` for people.
    public var countText = ""
    /// Derived: `violation` or `violations`.
    public var noun = ""
    /// How many would be open after this step alone.
    public var resultingOpen = 0
    /// Derived: ``resultingOpen`` for people.
    public var resultingOpenText = ""
    /// How many would be open after this and all steps before it.
    public var runningOpen = 0
    /// Derived: ``runningOpen`` for people.
    public var runningOpenText = ""
    /// The title of the priority most of them belong to; empty for none.
    public var priority = ""
    /// Derived: true when the priority is known.
    public var hasPriority = false

    /// Creates a step without facts.
    public init() {}
  }

  /// The balance over time.
  public struct Trend: Codable, Sendable, Hashable {
    /// One point a day or scan, oldest first.
    public var points: [TrendPoint] = []
    /// Derived: true when there are at least two points.
    public var hasPoints = false
    /// Derived: the balance as blocks, such as `█▇▆`, at most 40 wide.
    public var sparkline = ""
    /// Derived: the highest balance, for people.
    public var highText = ""
    /// Derived: the lowest balance, for people.
    public var lowText = ""

    /// Creates a trend without facts.
    public init() {}
  }

  /// The balance at one time.
  public struct TrendPoint: Codable, Sendable, Hashable {
    /// The time in ISO 8601, or a date.
    public var time = ""
    /// Derived: the date of ``time``.
    public var date = ""
    /// The full name of the scanned commit; empty when several lanes moved.
    public var commit = ""
    /// Derived: the first 9 digits of ``commit``.
    public var short = ""
    /// Open violations.
    public var open = 0
    /// Open violations by priority, in the order of ``ReportContext/priorities``; empty when it is not known.
    public var byPriority: [Int] = []

    /// Creates a point.
    public init(time: String = "", commit: String = "", open: Int = 0, byPriority: [Int] = []) {
      self.time = time
      self.commit = commit
      self.open = open
      self.byPriority = byPriority
    }
  }
}
