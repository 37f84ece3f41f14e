import TallyModel

extension ReportContext.Forecast {
  /// Puts the forecast in words, for a campaign whose counts and dates are derived already.
  mutating func derive(_ campaign: ReportContext.Campaign, trend: ReportContext.Trend) {
    net = gone - came
    isNever = isKnown && likely.isEmpty
    derivePace()
    let isOpen = campaign.hasScans && campaign.open > campaign.target
    text = isOpen ? outcome(campaign) : ""
    hasText = !text.isEmpty
    let isAhead = campaign.due.hasDate && !campaign.due.isPast && isOpen
    needText = isAhead ? need(campaign) : ""
    hasNeed = !needText.isEmpty
    dueText = ""
    if isAhead, isKnown, let last = points.last, last.time == campaign.due.date {
      dueText = "\(Wording.grouped(last.likely)) open"
      if last.high > last.likely {
        dueText += ", and with 85 % certainty no more than \(Wording.grouped(last.high))"
      }
    }
    hasDue = !dueText.isEmpty
    checkText = isOpen && isKnown ? check : ""
    hasCheck = !checkText.isEmpty
    let past = trend.points.map(\.open)
    let ahead = points.map(\.likely)
    sparkline =
      isOpen && isKnown && !ahead.isEmpty
      ? String(Sparkline.text(past + ahead, width: past.count + ahead.count).suffix(ahead.count))
      : ""
    hasSparkline = !sparkline.isEmpty
  }

  /// Notes whether the status says what the forecast says.
  mutating func compare(with status: ReportContext.Status) {
    isTold = hasText && status.reason == text + "."
    hasDetails = hasText && (!isTold || hasPace || hasNeed)
  }

  private mutating func derivePace() {
    hasPace = weeks > 0
    guard hasPace else {
      (paceText, weeksText) = ("", "")
      return
    }
    paceText =
      net == 0
      ? "no change" : "\(Self.rate(abs(net), per: weeks)) \(net > 0 ? "fewer" : "more") a week"
    let span = weeks == 1 ? "the last whole week" : "the last \(Wording.grouped(weeks)) weeks"
    weeksText =
      "in \(span) \(Self.count(gone)) went and \(Self.count(came)) came"
    if scannedWeeks < weeks {
      let verb = scannedWeeks == 1 ? "was" : "were"
      weeksText += "; \(Wording.grouped(scannedWeeks)) of them \(verb) scanned"
    }
  }

  private static func count(_ count: Int) -> String {
    count == 0 ? "none" : Wording.grouped(count)
  }

  private func outcome(_ campaign: ReportContext.Campaign) -> String {
    let goal = campaign.goal
    if isNever {
      if net > 0 {
        return "At this pace never: reaching \(goal) takes more than \(horizonYears) years"
      }
      return "At this pace never: \(net == 0 ? "as many came as went" : "more came than went")"
    }
    if isKnown {
      let first = "\(goal.prefix(1).uppercased())\(goal.dropFirst()) is likely reached by \(likely)"
      if safe == likely { return "\(first), with 85 % certainty too" }
      return safe.isEmpty
        ? "\(first); for 85 % certainty it takes more than \(horizonYears) years"
        : "\(first), and with 85 % certainty by \(safe)"
    }
    if isUnreliable {
      let count = held == 0 ? "none" : "only \(Wording.grouped(held))"
      return "Not enough history for a forecast: made from what was known in earlier weeks, "
        + "\(count) of \(Wording.grouped(checked)) for four weeks ahead held"
    }
    if scannedWeeks == 0 {
      return "Not enough history for a forecast: no whole week was scanned yet, and "
        + "\(neededWeeks) are needed"
    }
    let kind = scannedWeeks < weeks ? "scanned week" : "week"
    return "Not enough history for a forecast: \(Wording.counted(scannedWeeks, kind)) of "
      + "\(neededWeeks) needed"
  }

  private func need(_ campaign: ReportContext.Campaign) -> String {
    let days = campaign.due.daysLeft
    let goal = "to reach \(campaign.goal) by \(campaign.due.date)"
    if days < 7 {
      let span = days == 0 ? "today" : "in \(Wording.counted(days, "day"))"
      return "\(campaign.remainingText) \(span) \(goal)"
    }
    return "\(Self.need(campaign.remaining, within: days)) a week \(goal)"
  }

  /// How forecasts fared that are made from what was known in earlier weeks.
  private var check: String {
    let known = "made from what was known in earlier weeks, "
    let ahead = "for four weeks ahead"
    var doubt = checked < neededForecasts ? "; \(neededForecasts) are needed to judge" : ""
    if marginCount > 0, marginWeeks > 0 {
      let rate = Self.rate(marginCount, per: marginWeeks)
      doubt = ". For what they missed by, 85 % certainty allows for \(rate) more a week"
    }
    if checked == 0 { return "there is no earlier week yet to check a forecast from" }
    if checked == 1 {
      return "\(known)the one forecast \(ahead) \(held == 1 ? "held" : "did not hold")\(doubt)"
    }
    let count =
      held == checked
      ? "all \(Wording.grouped(checked))"
      : "\(held == 0 ? "none" : Wording.grouped(held)) of \(Wording.grouped(checked))"
    return "\(known)\(count) forecasts \(ahead) held\(doubt)"
  }

  /// So many in so many weeks, a week, with a digit behind the point: `0.9`, `12`, `under 0.1`.
  static func rate(_ count: Int, per weeks: Int) -> String {
    let tenths = (20 * count + weeks) / (2 * weeks)
    return tenths == 0 && count > 0 ? "under 0.1" : text(tenths: tenths)
  }

  /// What has to go each week for so many within some days, rounded up.
  static func need(_ count: Int, within days: Int) -> String {
    text(tenths: (70 * count + days - 1) / max(1, days))
  }

  private static func text(tenths: Int) -> String {
    Wording.grouped(tenths / 10) + (tenths % 10 == 0 ? "" : ".\(tenths % 10)")
  }
}

extension ReportContext.Campaign {
  /// `zero`, or `the target of 50,000`.
  var goal: String { target == 0 ? "zero" : "the target of \(targetText)" }
}
