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
