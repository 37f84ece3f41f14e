import TallyModel

/// Judges where a campaign stands: from its counts and dates, and from the forecast against the due date.
struct CampaignStanding {
  let campaign: ReportContext.Campaign
  let forecast: ReportContext.Forecast
  let now: Timestamp?
  let start: Timestamp?
  let lastClosed: Timestamp?

  /// Without a violation closed for this many days a campaign is stalled.
  static let stalledAfterDays = 28

  init(of campaign: ReportContext.Campaign, _ forecast: ReportContext.Forecast, asOf: String) {
    self.campaign = campaign
    self.forecast = forecast
    now = Timestamp(iso8601: asOf)
    start = Timestamp(iso8601: campaign.baseline.time)
    lastClosed = Timestamp(iso8601: campaign.lastClosed)
  }

  /// The judgement, beside the one that a person may have made.
  var status: ReportContext.Status {
    let (id, reason) = judged
    var result = ReportContext.Status()
    result.id = id
    result.reason = reason
    result.title = Self.title(of: id)
    result.isDone = id == "done"
    result.isOnTrack = id == "on-track"
    result.isBad = ["at-risk", "off-track", "stalled"].contains(id)
    result.overridden = campaign.status.overridden
    result.overridden.derive()
    return result
  }

  /// `At risk` for `at-risk`.
  static func title(of id: String) -> String {
    (id.prefix(1).uppercased() + id.dropFirst()).replacing("-", with: " ")
  }

  private var needed: String { Wording.grouped(campaign.remaining) }

  private var judged: (id: String, reason: String) {
    if !campaign.hasScans { return ("unknown", "No scan of this campaign is in the ledger.") }
    if campaign.open <= campaign.target {
      if campaign.doubt.isEmpty { return ("done", done) }
      let end = campaign.doubt.hasSuffix("?") ? "" : "."
      return ("unknown", "\(campaign.openText) open, but \(campaign.doubt)\(end)")
    }
    if campaign.due.isPast {
      return (
        "off-track",
        "The due date, \(campaign.due.date), passed \(campaign.due.text), and \(needed) "
          + "\(campaign.remaining == 1 ? "has" : "have") to go to reach \(campaign.goal)."
      )
    }
    if campaign.fixed == 0, campaign.deleted == 0 { return ("not-started", notStarted) }
    if let now, let lastClosed, now.days(since: lastClosed) >= Self.stalledAfterDays {
      let days = Wording.counted(now.days(since: lastClosed), "day")
      return ("stalled", "The last violation was fixed \(days) ago, on \(lastClosed.dateText).")
    }
    guard campaign.due.hasDate else {
      return ("in-progress", "\(needed) to go to reach \(campaign.goal). No due date is set.")
    }
    return expected
  }

  private var done: String {
    if campaign.foundNothing { return "Nothing that it selects was ever found." }
    if campaign.open == 0 {
      return campaign.hasAside ? "Nothing is open; \(campaign.asideText)." : "Nothing is open."
    }
    let verb = campaign.open == 1 ? "is" : "are"
    return "\(campaign.openText) \(verb) open, and the target is \(campaign.targetText)."
  }

  private var notStarted: String {
    if !campaign.baseline.isKnown { return "The count has not begun." }
    if let now, let start, now.dateText == start.dateText { return "The count begins today." }
    let aside = campaign.setAside
    if aside == 0 { return "Nothing has been fixed since the baseline." }
    let verb = aside == 1 ? "was" : "were"
    return "Nothing has been fixed since the baseline; \(Wording.grouped(aside)) \(verb) set aside."
  }

  /// What the forecast says of the due date: on track where 85 of 100 courses keep it, at risk where half of them do.
  private var expected: (id: String, reason: String) {
    (forecast.isKnown ? promised : guessed, forecast.text + ".")
  }

  private var promised: String {
    let due = campaign.due.date
    if !forecast.safe.isEmpty, forecast.safe <= due { return "on-track" }
    return !forecast.likely.isEmpty && forecast.likely <= due ? "at-risk" : "off-track"
  }

  /// Without a forecast the pace still says something where many weeks made it; of a few weeks nothing is said.
  private var guessed: String {
    guard forecast.isUnreliable else { return "in-progress" }
    let keepsUp = forecast.net * campaign.due.daysLeft >= campaign.remaining * 7 * forecast.weeks
    return keepsUp ? "at-risk" : "off-track"
  }
}
