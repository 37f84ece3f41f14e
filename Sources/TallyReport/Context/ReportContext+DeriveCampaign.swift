import TallyModel

extension ReportContext.Campaign {
  mutating func derive(asOf: String) {
    hasIssue = !issue.isEmpty
    isIssueNumber = hasIssue && issue.utf8.allSatisfy { (0x30...0x39).contains($0) }
    issueURL = Wording.plainURL(issueURL)
    hasIssueURL = hasIssue && !issueURL.isEmpty
    hasSummary = !summary.isEmpty
    hasSelection = !selection.isEmpty
    baseline.derive()
    openText = Wording.grouped(open)
    openNoun = Wording.noun(open, "violation")
    hasOpen = open > 0
    isOneOpen = open == 1
    targetText = Wording.grouped(target)
    hasTarget = target != 0
    remaining = max(0, open - target)
    remainingText = Wording.grouped(remaining)
    deriveChange()
    deriveGross()
    due.derive(asOf: asOf)
    status = CampaignStanding(of: self, asOf: asOf).status
  }

  /// Takes the gross numbers from the account, so that the two can't differ.
  mutating func takeGross(from statement: ReportContext.Statement) {
    guard statement.isKnown else { return }
    var counts: [String: Int] = [:]
    for line in statement.linesIn + statement.linesOut {
      counts[line.cause, default: 0] += line.count
    }
    fixed = counts["fixed"] ?? 0
    deleted = counts["deleted"] ?? 0
    introduced = counts["introduced"] ?? 0
    reopened = counts["reopened"] ?? 0
    let told: Set = [
      "fixed", "deleted", "introduced", "reopened", "waived", "suppressed",
    ]
    setAside = ["waived", "suppressed"].reduce(0) { $0 + (counts[$1] ?? 0) }
    setAside -= ["unwaived", "unsuppressed"].reduce(0) { $0 + (counts[$1] ?? 0) }
    setAside = max(0, setAside)
    let others = (statement.linesIn + statement.linesOut).filter { !told.contains($0.cause) }
    otherText = Wording.joined(others.map { "\(Wording.grouped($0.count)) \($0.cause)" })
    hasOther = !others.isEmpty
  }

  private mutating func deriveChange() {
    net = baseline.isKnown ? open - baseline.count : 0
    let size = abs(net)
    netText = Wording.signed(net)
    netSizeText = Wording.grouped(size)
    isDown = net < 0
    isUp = net > 0
    isUnchanged = net == 0
    direction = net < 0 ? "fewer" : net > 0 ? "more" : "unchanged"
    hasPercent = baseline.isKnown && baseline.count > 0 && net != 0
    percent = hasPercent ? Wording.percent(size, of: baseline.count) : 0
    percentText = hasPercent ? Wording.percentText(size, of: baseline.count) : "0 %"
  }

  private mutating func deriveGross() {
    fixedText = Wording.grouped(fixed)
    introducedText = Wording.grouped(introduced)
    waivedText = Wording.grouped(waived)
    suppressedText = Wording.grouped(suppressed)
    var gone: [String] = []
    if fixed > 0 { gone.append("\(fixedText) fixed") }
    if deleted > 0 {
      gone.append(
        "\(Wording.grouped(deleted)) deleted with \(deleted == 1 ? "its file" : "their files")"
      )
    }
    goneText = gone.isEmpty ? "nothing" : Wording.joined(gone)
    var came: [String] = []
    if introduced > 0 { came.append("\(introducedText) introduced") }
    if reopened > 0 { came.append("\(Wording.grouped(reopened)) reopened") }
    cameText = came.isEmpty ? "nothing" : Wording.joined(came)
    hasGross = !gone.isEmpty || !came.isEmpty
    var aside: [String] = []
    if waived > 0 { aside.append("\(waivedText) \(waived == 1 ? "is" : "are") waived") }
    if suppressed > 0 {
      aside.append("\(suppressedText) \(suppressed == 1 ? "is" : "are") suppressed")
    }
    asideText = Wording.joined(aside)
    hasAside = !aside.isEmpty
  }
}

extension ReportContext.Baseline {
  mutating func derive() {
    countText = Wording.grouped(count)
    short = String(commit.prefix(9))
    hasCommit = !commit.isEmpty
    date = Wording.date(time)
    hasDate = !date.isEmpty
    ledgerCountText = Wording.grouped(ledgerCount)
    differsBy = isKnown && isDeclared ? ledgerCount - count : 0
    differs = differsBy != 0
    differsByText = "\(Wording.grouped(abs(differsBy))) \(differsBy < 0 ? "fewer" : "more")"
  }
}

extension ReportContext.Due {
  mutating func derive(asOf: String) {
    hasDate = !date.isEmpty
    daysLeft = 0
    isPast = false
    text = ""
    guard let end = Timestamp(iso8601: date),
      let now = Timestamp(iso8601: asOf),
      let today = Timestamp(iso8601: now.dateText)
    else { return }
    daysLeft = end.days(since: today)
    isPast = daysLeft < 0
    switch daysLeft {
    case 0: text = "due today"
    case 1...: text = Wording.counted(daysLeft, "day") + " left"
    default: text = Wording.counted(-daysLeft, "day") + " ago"
    }
  }
}

/// Judges where a campaign stands from its counts and dates, by a straight line: no forecast is made.
struct CampaignStanding {
  let campaign: ReportContext.Campaign
  let now: Timestamp?
  let start: Timestamp?
  let lastClosed: Timestamp?

  /// Without a violation closed for this many days a campaign is stalled.
  static let stalledAfterDays = 28

  init(of campaign: ReportContext.Campaign, asOf: String) {
    self.campaign = campaign
    now = Timestamp(iso8601: asOf)
    start = Timestamp(iso8601: campaign.baseline.time)
    lastClosed = Timestamp(iso8601: campaign.lastClosed)
  }

  var status: ReportContext.Status {
    let (id, reason) = judged
    var result = ReportContext.Status()
    result.id = id
    result.reason = reason
    result.title = (id.prefix(1).uppercased() + id.dropFirst()).replacing("-", with: " ")
    result.isDone = id == "done"
    result.isOnTrack = id == "on-track"
    result.isBad = ["at-risk", "off-track", "stalled"].contains(id)
    return result
  }

  private var needed: String { Wording.grouped(campaign.remaining) }
  private var target: String {
    campaign.target == 0 ? "zero" : "the target of \(campaign.targetText)"
  }

  private var judged: (id: String, reason: String) {
    if !campaign.hasScans { return ("unknown", "No scan of this campaign is in the ledger.") }
    if campaign.open <= campaign.target {
      return ("done", done)
    }
    if campaign.due.isPast {
      return (
        "off-track",
        "The due date, \(campaign.due.date), passed \(campaign.due.text), and \(needed) "
          + "\(campaign.remaining == 1 ? "has" : "have") to go to reach \(target)."
      )
    }
    if campaign.fixed == 0, campaign.deleted == 0, campaign.net >= 0 {
      return ("not-started", "Nothing has been fixed since the baseline.")
    }
    if let now, let lastClosed, now.days(since: lastClosed) >= Self.stalledAfterDays {
      let days = Wording.counted(now.days(since: lastClosed), "day")
      return ("stalled", "The last violation was fixed \(days) ago, on \(lastClosed.dateText).")
    }
    return pace
  }

  private var done: String {
    if campaign.foundNothing { return "Nothing that it selects was ever found." }
    if campaign.open == 0 {
      return campaign.hasAside ? "Nothing is open; \(campaign.asideText)." : "Nothing is open."
    }
    let verb = campaign.open == 1 ? "is" : "are"
    return "\(campaign.openText) \(verb) open, and the target is \(campaign.targetText)."
  }

  /// The straight line from the baseline through now to the due date.
  private var pace: (id: String, reason: String) {
    guard campaign.due.hasDate else {
      return ("in-progress", "\(needed) to go to reach \(target). No due date is set.")
    }
    guard let now, let start, now > start, campaign.baseline.isKnown else {
      return (
        "in-progress", "\(needed) to go by \(campaign.due.date); there is no pace to go by yet."
      )
    }
    let days = max(1, now.days(since: start))
    let left = campaign.due.daysLeft
    // What was only set aside is no progress that a date could be told from.
    let aside = min(campaign.setAside, max(0, -campaign.net))
    let closed = max(0, -campaign.net) - aside
    let verb = campaign.remaining == 1 ? "has" : "have"
    if closed == 0 {
      let what =
        aside == 0
        ? "There are no fewer open violations than at the baseline, "
        : "Nothing but what was set aside is gone since the baseline, "
      return (
        "off-track",
        "\(what)\(Wording.counted(days, "day")) ago; \(needed) \(verb) to go by "
          + "\(campaign.due.date)."
      )
    }
    let expected = closed * left / days
    let reason =
      "So far \(Wording.grouped(closed)) fewer in \(Wording.counted(days, "day"))"
      + "\(aside == 0 ? "" : ", and \(Wording.grouped(aside)) more set aside"). At that pace "
      + "\(expected == 0 ? "nothing" : "about " + Wording.grouped(expected)) more will be gone by \(campaign.due.date); \(needed) "
      + "\(verb) to go to reach \(target)."
    if expected >= campaign.remaining { return ("on-track", reason) }
    return (expected * 4 >= campaign.remaining * 3 ? "at-risk" : "off-track", reason)
  }
}
