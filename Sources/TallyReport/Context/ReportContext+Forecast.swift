import TallyModel

extension ReportContext {
  /// What becomes of the count if the weeks to come are like the weeks that were.
  ///
  /// A simulation over whole weeks: what was fixed, deleted, introduced and reopened in them. What surfaced, was waived or suppressed, or moved by
  /// a definition is no pace and not among it.
  public struct Forecast: Codable, Sendable, Hashable {
    /// True when there is one: enough weeks were scanned, and earlier forecasts of this campaign did not fail too often.
    public var isKnown = false
    /// How many whole weeks were looked at, from Monday to Sunday; those behind the last scan are not among them.
    public var weeks = 0
    /// In how many of them a scan shows what happened.
    public var scannedWeeks = 0
    /// How many scanned weeks a forecast takes.
    public var neededWeeks = 0
    /// The first day that was looked at; empty for none.
    public var start = ""
    /// The last day that was looked at; empty for none.
    public var end = ""
    /// Fixed and deleted in these weeks.
    public var gone = 0
    /// Introduced and reopened in these weeks.
    public var came = 0
    /// The date by which half of the simulated courses reach the target (P50); empty for no forecast, and for never.
    public var likely = ""
    /// The date by which 85 of 100 courses reach the target (P85); empty for no forecast, and beyond the horizon.
    public var safe = ""
    /// How many of 100 courses reach the target by the due date; 0 without one.
    public var percentInTime = 0
    /// How many years a course may take.
    public var horizonYears = 0
    /// How many earlier forecasts of this campaign, made the same way for the next four weeks, were held against what happened.
    public var checked = 0
    /// At how many of them at least as much went as 85 of 100 courses had, less the margin that was known then.
    public var held = 0
    /// What 85 of 100 of them did not miss by more than: so many violations in ``marginWeeks`` weeks; 0 where they were safe.
    public var marginCount = 0
    /// The weeks that ``marginCount`` is for; 0 where there is none.
    public var marginWeeks = 0
    /// How many earlier forecasts it takes to judge.
    public var neededForecasts = 0
    /// True when there were enough of them to judge, and fewer than 75 of 100 held: then no forecast is made.
    public var isUnreliable = false
    /// What may be open at times to come, up to the due date where there is one; empty for no forecast.
    public var points: [ForecastPoint] = []
    /// Derived: true when there is a forecast, and fewer than half of the courses reach the target within the horizon.
    public var isNever = false
    /// Derived: ``gone`` minus ``came``.
    public var net = 0
    /// Derived: the pace, such as `0.9 fewer a week`, `0.4 more a week`, `no change`; empty without weeks.
    public var paceText = ""
    /// Derived: what the pace is made of, such as `in the last 10 weeks 14 went and 5 came`; empty without weeks.
    public var weeksText = ""
    /// Derived: when the target is reached, or why that is not said, as a sentence without its end; empty when it is reached already.
    public var text = ""
    /// Derived: what the due date asks for, such as `8.5 a week to reach zero by 2026-12-18`; empty without a due date to come.
    public var needText = ""
    /// Derived: what may be open at the due date, such as `31 open, and with 85 % certainty no more than 34`; empty without one to come.
    public var dueText = ""
    /// Derived: how earlier forecasts fared, such as `made from what was known in earlier weeks, 10 of 12 forecasts for four weeks ahead held`; empty for no forecast.
    public var checkText = ""
    /// Derived: what is likely open at the end of each week to come, as blocks in the scale of ``Trend/sparkline``; empty for no forecast.
    public var sparkline = ""
    /// Derived: true when ``text`` says something.
    public var hasText = false
    /// Derived: true when the reason of the campaign's status is ``text``, so that a post need not say it twice.
    public var isTold = false
    /// Derived: true when there is something to say besides a ``text`` that is told.
    public var hasDetails = false
    /// Derived: true when weeks were looked at.
    public var hasPace = false
    /// Derived: true when ``needText`` says something.
    public var hasNeed = false
    /// Derived: true when ``dueText`` says something.
    public var hasDue = false
    /// Derived: true when ``checkText`` says something.
    public var hasCheck = false
    /// Derived: true when there is a ``sparkline``.
    public var hasSparkline = false

    /// Creates a forecast without facts.
    public init() {}
  }

  /// What may be open at one time to come.
  public struct ForecastPoint: Codable, Sendable, Hashable {
    /// The date.
    public var time = ""
    /// Half of the courses have no more open.
    public var likely = 0
    /// 85 of 100 courses have at least as many open.
    public var low = 0
    /// 85 of 100 courses have no more open.
    public var high = 0

    /// Creates a point.
    public init(time: String = "", likely: Int = 0, low: Int = 0, high: Int = 0) {
      self.time = time
      self.likely = likely
      self.low = low
      self.high = high
    }
  }

  /// A person's word on where a campaign stands, beside what is computed.
  public struct StatusOverride: Codable, Sendable, Hashable {
    /// `done`, `on-track`, `at-risk`, `off-track` or `stalled`; empty for none.
    public var id = ""
    /// Derived: the id for people, such as `At risk`.
    public var title = ""
    /// Who says so.
    public var owner = ""
    /// Why.
    public var reason = ""
    /// Until when it counts, exclusive, in ISO 8601 or as a date.
    public var until = ""
    /// Derived: the date of ``until``.
    public var untilDate = ""
    /// The id of its entry in the journal, in hexadecimal digits.
    public var entry = ""
    /// Derived: the first 12 digits of ``entry``.
    public var entryShort = ""
    /// Derived: true when there is one.
    public var isSet = false

    /// Creates none.
    public init() {}
  }
}

extension ReportContext.StatusOverride {
  mutating func derive() {
    isSet = !id.isEmpty
    title = CampaignStanding.title(of: id)
    untilDate = Wording.date(until)
    entryShort = String(entry.prefix(12))
  }
}
