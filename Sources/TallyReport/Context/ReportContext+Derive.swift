import TallyModel

extension ReportContext {
  /// Fills everything that is said to be derived, and cuts lists and texts to the limits.
  ///
  /// Doing it twice changes nothing.
  public mutating func derive(limits: ReportLimits = ReportLimits()) {
    version = ReportContext.currentVersion
    clipTexts(to: limits.textLength)
    project.url = Wording.plainURL(project.url)
    project.hasURL = !project.url.isEmpty
    footer.derive()
    deriveCampaigns(limits)
    statement.derive()
    campaign.takeGross(from: statement)
    campaign.suppressed = suppressions.count
    campaign.derive(asOf: footer.asOf)
    derivePriorities(limits)
    deriveViolations(limits)
    deriveOwners(limits)
    oldest = Array(oldest.prefix(limits.oldest))
    for index in oldest.indices { oldest[index].derive(isLast: index == oldest.count - 1) }
    hasOldest = !oldest.isEmpty
    since.derive(limits)
    deriveWeeks(limits)
    deriveCommits(limits)
    tests.derive(limits)
    for index in components.indices { components[index].derive() }
    hasComponents = !components.isEmpty
    let complete = components.count { $0.isComplete }
    componentsText = Self.componentsText(complete, of: components.count)
    for index in metrics.indices { metrics[index].derive(limits) }
    hasMetrics = metrics.contains { $0.hasCurrent }
    deriveNextSteps(limits)
    narrative.derive()
    criteria.derive()
    waivers.derive(limits, asOf: footer.asOf)
    suppressions.derive(limits)
    attestations.derive(limits, asOf: footer.asOf)
    verification.derive(limits)
    change.derive(limits)
    let warningCount = warnings.count
    warnings = Array(warnings.prefix(limits.warnings))
    moreWarnings.add(count: warningCount - warnings.count)
    hasWarnings = !warnings.isEmpty
    for index in lanes.indices {
      lanes[index].derive()
      lanes[index].hasProblemBefore = lanes[..<index].contains { !$0.isFine }
    }
    hasLanes = !lanes.isEmpty
    hasLaneProblems = lanes.contains { !$0.isFine }
    trend.derive(limits)
    forecast.derive(campaign, trend: trend)
    campaign.status = CampaignStanding(of: campaign, forecast, asOf: footer.asOf).status
    forecast.compare(with: campaign.status)
    campaign.hasChanges =
      campaign.hasGross || campaign.hasOther || campaign.hasAside || trend.hasPoints
      || !campaign.isUnchanged
    drawCharts(suffix: "")
  }

  /// `2 of 5 components are complete`; empty of none.
  private static func componentsText(_ complete: Int, of total: Int) -> String {
    if total == 0 { return "" }
    if complete == total {
      return total == 1
        ? "The only component is complete" : "All \(Wording.grouped(total)) components are complete"
    }
    let count = complete == 0 ? "None" : Wording.grouped(complete)
    let verb = complete < 2 ? "is" : "are"
    return "\(count) of \(Wording.counted(total, "component")) \(verb) complete"
  }

  private mutating func deriveCampaigns(_ limits: ReportLimits) {
    for index in campaigns.indices {
      campaigns[index].campaigns = []
      campaigns[index].derive(limits: limits)
      campaigns[index].drawCharts(suffix: "-\(index + 1)")
    }
    hasCampaigns = !campaigns.isEmpty
    var counts: [(title: String, count: Int)] = []
    for title in campaigns.map({ $0.campaign.status.title.lowercased() }) {
      if let known = counts.firstIndex(where: { $0.title == title }) {
        counts[known].count += 1
      } else {
        counts.append((title, 1))
      }
    }
    let parts = counts.map { "\(Wording.grouped($0.count)) \($0.title)" }
    campaignsText =
      hasCampaigns
      ? "\(Wording.counted(campaigns.count, "campaign")): \(parts.joined(separator: ", "))" : ""
  }

  private mutating func derivePriorities(_ limits: ReportLimits) {
    for index in priorities.indices {
      priorities[index].isUnassigned = priorities[index].id == "unassigned"
    }
    dropEmptyUnassigned()
    let total = priorities.reduce(0) { $0 + $1.count }
    for index in priorities.indices {
      priorities[index].derive(total: total, limits)
      priorities[index].isLast = index == priorities.count - 1
    }
    hasPriorities = priorities.contains { !$0.isUnassigned }
    hasRemaining = total > 0
  }

  /// Leaves `unassigned` out, with its column of the trend, when nothing ever was.
  private mutating func dropEmptyUnassigned() {
    guard let index = priorities.firstIndex(where: \.isUnassigned),
      priorities[index].count == 0, priorities[index].baselineCount == 0
    else { return }
    let columns = priorities.count
    let isEmpty = trend.points.allSatisfy { point in
      point.byPriority.count != columns || point.byPriority[index] == 0
    }
    if !isEmpty { return }
    priorities.remove(at: index)
    for point in trend.points.indices where trend.points[point].byPriority.count == columns {
      trend.points[point].byPriority.remove(at: index)
    }
  }

  private mutating func deriveCommits(_ limits: ReportLimits) {
    if commits.count > limits.commits {
      // The ones that closed most stay, in the order they came in.
      let ranked = commits.indices.sorted {
        (-commits[$0].closed, $0) < (-commits[$1].closed, $1)
      }
      let kept = ranked.prefix(limits.commits).sorted()
      let cut = ranked.dropFirst(limits.commits)
      moreCommits.add(
        count: cut.count,
        violations: cut.reduce(0) { $0 + commits[$1].closed }
      )
      commits = kept.map { commits[$0] }
    }
    moreCommits.derive()
    for index in commits.indices { commits[index].derive() }
    hasCommits = !commits.isEmpty
  }

  private mutating func deriveNextSteps(_ limits: ReportLimits) {
    nextSteps = Array(nextSteps.prefix(limits.nextSteps))
    for index in nextSteps.indices {
      nextSteps[index].number = index + 1
      nextSteps[index].isFirst = index == 0
      nextSteps[index].derive()
    }
    hasNextSteps = !nextSteps.isEmpty
  }

  /// Cuts what came from scanners, tests and git; what a person wrote in `tally.yml` is theirs to keep short.
  private mutating func clipTexts(to length: Int) {
    func clip(_ text: inout String) { text = Wording.clipped(text, to: length) }
    for index in commits.indices { clip(&commits[index].subject) }
    for index in since.commits.indices { clip(&since.commits[index].subject) }
    for index in since.people.indices { clip(&since.people[index].name) }
    for index in since.definitions.indices { clip(&since.definitions[index]) }
    for index in priorities.indices {
      for file in priorities[index].files.indices { clip(&priorities[index].files[file].path) }
    }
    for index in suppressions.files.indices { clip(&suppressions.files[index].path) }
    for index in nextSteps.indices { clip(&nextSteps[index].subject) }
    for index in tests.suites.indices { clip(&tests.suites[index].name) }
    for index in tests.broke.indices { clip(&tests.broke[index]) }
    for index in tests.repaired.indices { clip(&tests.repaired[index]) }
    for index in tests.failingNames.indices { clip(&tests.failingNames[index]) }
    for index in tests.flakyNames.indices { clip(&tests.flakyNames[index]) }
    for index in tests.vanished.indices { clip(&tests.vanished[index]) }
    for index in tests.missing.indices { clip(&tests.missing[index]) }
    clip(&campaign.status.overridden.reason)
    clip(&campaign.status.overridden.owner)
    for index in waivers.items.indices {
      clip(&waivers.items[index].reason)
      clip(&waivers.items[index].owner)
    }
    for index in criteria.items.indices { clip(&criteria.items[index].evidence) }
    for index in attestations.items.indices {
      clip(&attestations.items[index].reason)
      clip(&attestations.items[index].owner)
    }
    for index in verification.findings.indices { clip(&verification.findings[index]) }
    for index in change.added.items.indices { clip(&change.added.items[index].message) }
    for index in change.removed.items.indices { clip(&change.removed.items[index].message) }
    for index in change.silenced.items.indices { clip(&change.silenced.items[index].message) }
    for index in warnings.indices { clip(&warnings[index]) }
    for index in violations.indices {
      clip(&violations[index].path)
      clip(&violations[index].message)
    }
  }
}

extension ReportContext.More {
  mutating func add(count extra: Int, violations extraViolations: Int = 0) {
    count += extra
    violations += extraViolations
    derive()
  }

  mutating func derive() {
    text = Wording.grouped(count)
    violationsText = Wording.counted(violations, "violation")
    hasAny = count > 0
    isOne = count == 1
    hasViolations = violations > 0
  }

  /// Cuts a list and counts what went.
  mutating func cut<Item>(_ list: inout [Item], to limit: Int, weight: (Item) -> Int = { _ in 0 }) {
    let rest = list.dropFirst(limit)
    add(count: rest.count, violations: rest.reduce(0) { $0 + weight($1) })
    list = Array(list.prefix(limit))
  }
}

extension ReportContext.Footer {
  mutating func derive() {
    asOfDate = Wording.date(asOf)
    entriesText = Wording.grouped(entries)
    entriesNoun = Wording.noun(entries, "entry", "entries")
    rootShort = String(root.prefix(12))
    configShort = String(configDigest.prefix(12))
    configAsOfDate = String(configAsOf.prefix(10))
    configThenShort = String(configThenDigest.prefix(12))
    hasConfigAsOf = !configAsOf.isEmpty
    hasConfigThen = !configThenDigest.isEmpty
    templateShort = String(templateDigest.prefix(12))
    hasKnownAt = !knownAt.isEmpty
    hasRoot = !root.isEmpty
    hasConfig = !configDigest.isEmpty
    hasTemplate = !templateDigest.isEmpty
    hasCampaign = !campaign.isEmpty
    commitShort = String(commit.prefix(12))
    hasChange = !commit.isEmpty
    hasGenerator = !generator.isEmpty
  }
}

extension ReportContext.Narrative {
  /// Fills in what follows from the texts.
  public mutating func derive() {
    fiveWhysHTML = MarkdownPage.html(fiveWhys)
    businessHTML = MarkdownPage.html(business)
    assessmentHTML = MarkdownPage.html(assessment)
    recommendationHTML = MarkdownPage.html(recommendation)
    nextStepsHTML = MarkdownPage.html(nextSteps)
    hasFiveWhys = !fiveWhys.isEmpty
    hasBusiness = !business.isEmpty
    hasAssessment = !assessment.isEmpty
    hasRecommendation = !recommendation.isEmpty
    hasNextSteps = !nextSteps.isEmpty
  }
}

extension ReportContext.Statement {
  mutating func derive() {
    linesIn.removeAll { $0.count == 0 }
    linesOut.removeAll { $0.count == 0 }
    for index in linesIn.indices { linesIn[index].derive(sign: 1) }
    for index in linesOut.indices { linesOut[index].derive(sign: -1) }
    totalIn = linesIn.reduce(0) { $0 + $1.count }
    totalOut = linesOut.reduce(0) { $0 + $1.count }
    openingText = Wording.grouped(opening)
    totalInText = Wording.signed(totalIn)
    totalOutText = Wording.signed(-totalOut)
    closingText = Wording.grouped(closing)
    hasFromCommit = !fromCommit.isEmpty
    hasToCommit = !toCommit.isEmpty
    hasLines = !linesIn.isEmpty || !linesOut.isEmpty
    balances = opening + totalIn - totalOut == closing
  }
}

extension ReportContext.StatementLine {
  mutating func derive(sign: Int) {
    title = cause.prefix(1).uppercased() + cause.dropFirst()
    amountText = Wording.signed(sign * count)
    hasBasis = !basis.isEmpty
  }
}

extension ReportContext.Priority {
  mutating func derive(total: Int, _ limits: ReportLimits) {
    countText = Wording.grouped(count)
    noun = Wording.noun(count, "violation")
    isEmpty = count == 0
    share = Wording.percent(count, of: total)
    shareText = Wording.percentText(count, of: total)
    baselineCountText = Wording.grouped(baselineCount)
    change = count - baselineCount
    changeText = change == 0 ? "unchanged" : Wording.signed(change)
    trend = change == 0 ? "flat" : change < 0 ? "down" : "up"
    arrow = change == 0 ? "→" : change < 0 ? "↓" : "↑"
    isUp = change > 0
    hasOldest = !oldestID.isEmpty
    oldestText = Wording.age(oldestDays)
    hasImpact = !impact.isEmpty
    hasRisk = !risk.isEmpty
    moreFiles.cut(&files, to: limits.files) { $0.count }
    for index in files.indices { files[index].derive(isLast: index == files.count - 1) }
    hasFiles = !files.isEmpty
  }
}

extension ReportContext.FileCount {
  mutating func derive(isLast: Bool) {
    countText = Wording.grouped(count)
    noun = Wording.noun(count, "violation")
    self.isLast = isLast
  }
}

extension ReportContext.Commit {
  mutating func derive() {
    short = String(sha.prefix(9))
    hasSubject = !subject.isEmpty
    date = Wording.date(time)
    var parts: [String] = []
    if closed > 0 { parts.append("closed " + Wording.counted(closed, "violation")) }
    if opened > 0 {
      parts.append(
        "opened "
          + (closed > 0 ? Wording.grouped(opened) : Wording.counted(opened, "violation"))
      )
    }
    effect = Wording.joined(parts)
    hasEffect = !parts.isEmpty
    url = Wording.plainURL(url)
    hasURL = !url.isEmpty
  }
}

extension ReportContext.NextStep {
  mutating func derive() {
    countText = Wording.grouped(count)
    noun = Wording.noun(count, "violation")
    resultingOpenText = Wording.grouped(resultingOpen)
    runningOpenText = Wording.grouped(runningOpen)
    hasPriority = !priority.isEmpty
  }
}
