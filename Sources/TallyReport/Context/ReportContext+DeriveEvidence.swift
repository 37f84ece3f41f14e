import TallyModel

extension ReportContext.Tests {
  mutating func derive(_ limits: ReportLimits) {
    for index in suites.indices { suites[index].derive() }
    hasSuites = !suites.isEmpty
    total = suites.reduce(0) { $0 + $1.total }
    passed = suites.reduce(0) { $0 + $1.passed }
    failing = suites.reduce(0) { $0 + $1.failed + $1.error }
    skipped = suites.reduce(0) { $0 + $1.skipped }
    flaky = suites.reduce(0) { $0 + $1.flaky }
    totalText = Wording.grouped(total)
    noun = Wording.noun(total, "test")
    passedText = Wording.grouped(passed)
    failingText = Wording.grouped(failing)
    skippedText = Wording.grouped(skipped)
    flakyText = Wording.grouped(flaky)
    summary = Self.summary(passed: passed, failing: failing, skipped: skipped, flaky: flaky)
    vanishedText = Wording.counted(vanishedCount, "test")
    hasVanished = vanishedCount > 0
    missingText = Wording.counted(missingCount, "test")
    hasMissing = missingCount > 0
    if hasMissing {
      let count = Wording.grouped(missingCount)
      summary +=
        "; \(count) that did not pass \(missingCount == 1 ? "is" : "are") gone, not repaired"
    }
    isPassing =
      passed > 0 && failing == 0 && flaky == 0 && !hasMissing && suites.allSatisfy(\.succeeded)
    points = ReportContext.thinned(points, to: limits.trendPoints)
    let rates = points.map { $0.passed * 100 / max(1, $0.total) }
    hasSparkline = Set(rates).count > 1
    sparkline = hasSparkline ? Sparkline.text(rates, width: 40) : ""
    if isCompared {
      let known = Set(broke)
      failingNames.removeAll { known.contains($0) }
    } else {
      (broke, repaired) = ([], [])
    }
    moreBroke.cut(&broke, to: limits.testNames)
    moreRepaired.cut(&repaired, to: limits.testNames)
    moreFailing.cut(&failingNames, to: limits.testNames)
    moreFlaky.cut(&flakyNames, to: limits.testNames)
    moreVanished.cut(&vanished, to: limits.testNames)
    moreMissing.cut(&missing, to: limits.testNames)
    hasBroke = !broke.isEmpty
    hasRepaired = !repaired.isEmpty
    hasFailingNames = !failingNames.isEmpty
    hasFlakyNames = !flakyNames.isEmpty
  }

  /// `All 120 passed`, `118 of 120 passed, 1 failed and 1 was skipped`, `No test ran`.
  static func summary(passed: Int, failing: Int, skipped: Int, flaky: Int) -> String {
    let total = passed + failing + skipped + flaky
    if total == 0 { return "No test ran" }
    if passed == total {
      return total == 1 ? "The only test passed" : "All \(Wording.grouped(total)) passed"
    }
    var rest: [String] = []
    if failing > 0 { rest.append("\(Wording.grouped(failing)) failed") }
    if flaky > 0 { rest.append("\(Wording.grouped(flaky)) \(flaky == 1 ? "was" : "were") flaky") }
    if skipped > 0 {
      rest.append("\(Wording.grouped(skipped)) \(skipped == 1 ? "was" : "were") skipped")
    }
    return "\(Wording.grouped(passed)) of \(Wording.grouped(total)) passed, "
      + Wording.joined(rest)
  }
}

extension ReportContext.TestSuite {
  mutating func derive() {
    short = String(commit.prefix(9))
    date = Wording.date(time)
    total = passed + failed + error + skipped + flaky
    summary = ReportContext.Tests.summary(
      passed: passed,
      failing: failed + error,
      skipped: skipped,
      flaky: flaky
    )
    isPassing = passed > 0 && failed + error + flaky == 0 && succeeded
  }
}

extension ReportContext.Component {
  mutating func derive() {
    openText = Wording.grouped(open)
    noun = Wording.noun(open, "violation")
    changeText = open == baselineCount ? "unchanged" : Wording.signed(open - baselineCount)
    let count = tests > 0 ? Wording.counted(tests, "test") : "the tests"
    switch testsState {
    case "passing": testsText = "\(count) pass\(tests == 1 ? "es" : "")"
    case "failing": testsText = "tests fail"
    case "flaky": testsText = "tests are flaky"
    case "none": testsText = "no tests are named for it"
    default: testsText = "no recent test results"
    }
    let openPhrase = open == 0 ? "nothing open" : "\(openText) \(noun) open"
    var parts = [openPhrase, testsText]
    if !doubt.isEmpty { parts.append(doubt) }
    reason = parts.joined(separator: ", ")
    if open > 0 || testsState == "failing" || testsState == "flaky" {
      state = "OPEN"
    } else if testsState == "passing", doubt.isEmpty {
      state = "COMPLETE"
    } else {
      state = "UNKNOWN"
    }
    isComplete = state == "COMPLETE"
    isOpen = state == "OPEN"
    isUnknown = state == "UNKNOWN"
  }
}

extension ReportContext.Metric {
  mutating func derive(_ limits: ReportLimits) {
    points = ReportContext.thinned(points, to: limits.trendPoints)
    if title.isEmpty { title = name }
    hasBaseline = !baseline.isEmpty
    hasCurrent = !current.isEmpty
    hasChange = !change.isEmpty
    hasTarget = !target.isEmpty
    hasUnit = !unit.isEmpty
    if !hasCurrent {
      verdict = "not measured"
    } else if !hasTarget {
      verdict = "no target"
    } else {
      verdict = isMet ? "met" : "not met"
    }
  }
}

extension ReportContext.Criteria {
  mutating func derive() {
    for index in items.indices { items[index].derive() }
    hasItems = !items.isEmpty
    total = items.count
    met = items.count { $0.isMet }
    unknown = items.count { $0.isUnknown }
    isAllMet = hasItems && met == total
    if total == 1 {
      summary = "The only criterion is \(items[0].state)"
    } else if isAllMet {
      summary = "All \(Wording.grouped(total)) are met"
    } else {
      summary =
        "\(met == 0 ? "None" : Wording.grouped(met)) of \(Wording.grouped(total))"
        + " \(met < 2 ? "is" : "are") met"
      if unknown > 0 {
        summary += ", \(Wording.grouped(unknown)) \(unknown == 1 ? "is" : "are") unknown"
      }
    }
  }
}

extension ReportContext.Criterion {
  mutating func derive() {
    isMet = state == "met"
    isNotMet = state == "not met"
    isUnknown = !isMet && !isNotMet
    if isUnknown { state = "unknown" }
    hasEvidence = !evidence.isEmpty
  }
}

extension ReportContext.Waivers {
  mutating func derive(_ limits: ReportLimits, asOf: String) {
    for index in items.indices { items[index].derive(limits, asOf: asOf) }
    if !more.hasAny {
      // Counted before the list is cut.
      let soon = items.filter(\.expiresSoon)
      hasSoon = !soon.isEmpty
      let verb = soon.count == 1 ? "ends" : "end"
      let first = soon.map(\.untilDate).min().map {
        soon.count == 1 ? ", on \($0)" : ", the first on \($0)"
      }
      soonText =
        hasSoon
        ? "\(Wording.counted(soon.count, "waiver")) \(verb) within 14 days\(first ?? "")" : ""
    }
    more.cut(&items, to: limits.waivers) { $0.count }
    hasItems = !items.isEmpty
  }
}

extension ReportContext.Waiver {
  mutating func derive(_ limits: ReportLimits, asOf: String) {
    moreViolations.cut(&violations, to: limits.testNames)
    let rest = moreViolations.hasAny ? ["\(moreViolations.text) more"] : []
    violationsText = Wording.joined(violations + rest)
    fromDate = Wording.date(from)
    entryShort = String(entry.prefix(12))
    untilDate = Wording.date(until)
    countText = Wording.grouped(count)
    noun = Wording.noun(count, "violation")
    guard let end = Timestamp(iso8601: until), let now = Timestamp(iso8601: asOf) else { return }
    daysLeft = end.days(since: now)
    isExpired = end <= now
    expiresSoon = !isExpired && daysLeft < 14
  }
}

extension ReportContext.Suppressions {
  mutating func derive(_ limits: ReportLimits) {
    countText = Wording.grouped(count)
    noun = Wording.noun(count, "violation")
    text = Wording.counted(count, "violation")
    if added > 0, added < count {
      text += ", \(Wording.grouped(added)) of them since the baseline"
    } else if added > 0 {
      text += count == 1 ? ", since the baseline" : ", all since the baseline"
    }
    moreFiles.cut(&files, to: limits.files) { $0.count }
    for index in files.indices { files[index].derive(isLast: index == files.count - 1) }
    hasAny = count > 0
    hasFiles = !files.isEmpty
  }
}

extension ReportContext.Lane {
  mutating func derive() {
    short = String(commit.prefix(9))
    date = Wording.date(time)
    ageText = ageDays <= 0 ? "today" : Wording.counted(ageDays, "day")
    state =
      isMissing
      ? "missing"
      : !succeeded
        ? "failed"
        : notSeen > 0 ? "suspect" : isPartial ? "partial" : isStale ? "stale" : "fresh"
    isFine = state == "fresh"
  }
}

extension ReportContext.Trend {
  mutating func derive(_ limits: ReportLimits) {
    if points.count > limits.trendPoints, limits.trendPoints > 1 {
      let last = limits.trendPoints - 1
      points = (0...last).map { points[$0 * (points.count - 1) / last] }
    }
    for index in points.indices {
      points[index].date = Wording.date(points[index].time)
      points[index].short = String(points[index].commit.prefix(9))
    }
    // A line that never leaves zero shows nothing.
    hasPoints = points.count > 1 && points.contains { $0.open > 0 }
    let balances = points.map(\.open)
    sparkline = hasPoints ? Sparkline.text(balances, width: 40) : ""
    highText = Wording.grouped(balances.max() ?? 0)
    lowText = Wording.grouped(balances.min() ?? 0)
  }
}
