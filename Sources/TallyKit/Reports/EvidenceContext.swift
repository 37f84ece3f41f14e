import TallyBooks
import TallyLedger
import TallyModel
import TallyReport

/// What a post offers as evidence: tests, measurements, attestations, waivers and the age of every lane.
struct EvidenceContext {
  let campaign: CampaignView
  let baseline: ResolvedBaseline
  let configuration: TallyConfiguration
  let project: String
  /// The account from the baseline to the end; nil when nothing was scanned.
  let totals: FlowTotals?
  let histories: [TestHistory]
  let series: [MeasurementSeries]
  /// What is not there any more, of each of ``histories``.
  let absences: [TestAbsence]

  init(
    _ campaign: CampaignView,
    headline: HeadlineContext,
    configuration: TallyConfiguration,
    project: String
  ) throws {
    self.campaign = campaign
    baseline = headline.baseline
    totals = headline.totals
    self.configuration = configuration
    self.project = project
    let reader = campaign.view.reader
    let branch = campaign.campaign.select.branch
    func isOnBranch(_ name: String) -> Bool { branch?.matches(name) ?? true }
    let clocks = campaign.view.clocks
    histories = try reader.testLanes().filter { isOnBranch($0.branch) }.map(clocks.tests)
    let (now, start) = (campaign.view.now, headline.baseline.point)
    absences = histories.map { history in
      func isIncluded(_ position: TestPosition, _ point: AccountPoint) -> Bool {
        point.includes(lane: history.lane, position: position.index, time: position.time)
      }
      return TestAbsence(history.positions.filter { $0.isOnLine && isIncluded($0, now) }) {
        position in
        !(start.map { isIncluded(position, $0) } ?? false)
      }
    }
    series = try clocks.measurements(project: project).filter { isOnBranch($0.branch) }
  }

  private var view: BooksView { campaign.view }

  // MARK: Tests

  /// The account of the tests that fit a pattern, since the baseline.
  func account(matching glob: [Glob] = []) throws -> TestAccount {
    let from = baseline.point.flatMap { $0.time <= view.asOf ? $0 : nil }
    return try TestAccount(histories: histories, from: from, to: view.now) { test in
      glob.isEmpty || glob.contains { $0.matches(test.id) }
    }
  }

  /// What the tests say, and what became of them since the baseline.
  func tests() throws -> ReportContext.Tests {
    var result = ReportContext.Tests()
    for history in histories {
      guard let position = history.position(at: view.now) else { continue }
      var suite = ReportContext.TestSuite()
      suite.name = history.lane.description
      suite.commit = position.commit.description
      suite.time = position.time.iso8601
      suite.succeeded = position.succeeded
      for state in position.states {
        switch state.outcome {
        case .passed: suite.passed += 1
        case .failed: suite.failed += 1
        case .error: suite.error += 1
        case .skipped: suite.skipped += 1
        case .flaky: suite.flaky += 1
        }
      }
      result.suites.append(suite)
    }
    let account = try account()
    let opening = Set(account.opening)
    let closing = Set(account.closing)
    let states = Dictionary(
      account.states.map { ($0.test, $0.state.outcome) },
      uniquingKeysWith: { first, _ in first }
    )
    result.broke = closing.subtracting(opening).map(\.id).sorted()
    result.repaired = opening.filter { states[$0] == .passed }.map(\.id).sorted()
    result.failingNames = account.states
      .filter { $0.state.outcome == .failed || $0.state.outcome == .error }.map(\.test.id)
    result.flakyNames = account.flaky.map(\.id)
    result.vanished = absences.flatMap(\.vanished).map(\.id).sorted()
    result.vanishedCount = result.vanished.count
    result.missing = absences.flatMap(\.missing).map(\.id).sorted()
    result.missingCount = result.missing.count
    result.points = points()
    result.isCompared =
      baseline.point.map { point in
        // Of a baseline to come nobody knows what passes there.
        point.time <= view.asOf && histories.contains { $0.position(at: point) != nil }
      } ?? false
    return result
  }

  /// How many passed after each run since the baseline, over the last run of every lane.
  private func points() -> [ReportContext.TestPoint] {
    let start = baseline.point?.time ?? Timestamp(seconds: 0)
    var last: [LaneKey: (passed: Int, total: Int)] = [:]
    var result: [ReportContext.TestPoint] = []
    let positions = histories.flatMap(\.positions).filter { $0.isOnLine && $0.time <= view.asOf }
      .sorted { ($0.time, $0.lane, $0.index) < ($1.time, $1.lane, $1.index) }
    for position in positions {
      let ran = position.states.filter { $0.outcome != .skipped }
      last[position.lane] = (ran.count { $0.outcome == .passed }, ran.count)
      guard position.time >= start else { continue }
      let passed = last.values.reduce(0) { $0 + $1.passed }
      let total = last.values.reduce(0) { $0 + $1.total }
      let point = ReportContext.TestPoint(
        time: position.time.iso8601,
        passed: passed,
        total: total
      )
      if result.last?.time == point.time { result.removeLast() }
      result.append(point)
    }
    return result
  }

  // MARK: Components

  /// The state of every component.
  func components() throws -> [ReportContext.Component] {
    if campaign.campaign.components.isEmpty { return [] }
    let doubt = try doubt() ?? ""
    let files = try campaign.flows().book.files
    let open = try campaign.open().byFile()
    let before = baseline.point.flatMap { $0.time <= view.asOf ? $0 : nil }
    let opened = try before.map { try campaign.flows().open(at: $0).byFile() } ?? []
    func count(_ counts: [Int], in paths: [Glob]) -> Int {
      counts.enumerated().reduce(0) { sum, item in
        guard item.element != 0, paths.contains(where: { $0.matches(files[item.offset].text) })
        else { return sum }
        return sum + item.element
      }
    }
    return try campaign.campaign.components.map { component in
      var result = ReportContext.Component()
      result.name = component.name
      result.open = count(open, in: component.paths)
      result.baselineCount = count(opened, in: component.paths)
      if component.tests.isEmpty {
        result.testsState = "none"
      } else {
        let account = try account(matching: component.tests)
        result.tests = account.states.count { $0.state.outcome != .skipped }
        result.testsState = testsState(account, matching: component.tests)
      }
      result.doubt = doubt
      return result
    }
  }

  private func testsState(_ account: TestAccount, matching globs: [Glob]) -> String {
    if account.states.isEmpty || staleTests() != nil { return "unknown" }
    if account.isPassing() { return doubtOfTests(matching: globs) == nil ? "passing" : "unknown" }
    let fails = account.states.contains {
      $0.state.outcome == .failed || $0.state.outcome == .error
    }
    if fails { return "failing" }
    return account.flaky.isEmpty ? "unknown" : "flaky"
  }

  // MARK: Measurements

  /// The measurements that the campaign shows.
  func metrics() -> [ReportContext.Metric] {
    campaign.campaign.metrics.map { metric in
      var result = ReportContext.Metric()
      result.name = metric.name
      result.title = metric.title
      result.unit = Self.unit(of: metric.name)
      let before = value(of: metric.name, atBaseline: true)
      let now = value(of: metric.name, atBaseline: false)
      result.baseline = before?.description ?? ""
      result.current = now?.description ?? ""
      if let target = metric.target { result.target = Self.text(target) }
      let start = baseline.point?.time ?? Timestamp(seconds: 0)
      result.points = series.filter { $0.name == metric.name }.flatMap(\.points)
        .filter { $0.isOnLine && $0.time >= start && $0.time <= view.asOf }
        .sorted { $0.time < $1.time }
        .map { .init(time: $0.time.iso8601, value: $0.median.description) }
      if let before, let now {
        let change = now - before
        let words = change.description
        result.change = words == "0" ? "unchanged" : (words.hasPrefix("-") ? "" : "+") + words
        let isLess = now < before
        result.isBetter = now != before && isLess == (metric.better == .lower)
        result.isWorse = now != before && isLess != (metric.better == .lower)
      }
      if let now, let target = metric.target, let wanted = DecimalNumber(Self.text(target)) {
        result.isMet = metric.better == .lower ? !(wanted < now) : !(now < wanted)
      }
      return result
    }
  }

  /// The median of a measurement at the baseline's commit (else at its time), or now.
  private func value(of name: String, atBaseline: Bool) -> DecimalNumber? {
    point(of: name, atBaseline: atBaseline)?.point.median
  }

  /// Where a measurement has that value, and on which branch.
  func point(
    of name: String,
    atBaseline: Bool
  ) -> (branch: String, point: MeasurementSeries.Point)? {
    let own = series.filter { $0.name == name }
    if atBaseline, let commit = baseline.commit {
      for series in own {
        if let point = series.point(of: commit) { return (series.branch, point) }
      }
    }
    guard let time = atBaseline ? baseline.point?.time : view.asOf else { return nil }
    return own.compactMap { series in series.point(at: time).map { (series.branch, $0) } }
      .max { $0.1.time < $1.1.time }
  }

  /// The time of the last post of the campaign that was recorded; nil for none.
  func lastReport() throws -> Timestamp? {
    try view.reader.issuedReports(project: project).last {
      $0.record.campaign == campaign.campaign.id && $0.record.asOf <= view.asOf
    }?.record.asOf
  }

  /// The last part of a name where it is a unit, as people write it.
  static func unit(of name: String) -> String {
    let units = [
      "mb": "MB", "kb": "kB", "gb": "GB", "mib": "MiB", "kib": "KiB", "gib": "GiB", "b": "B",
      "ms": "ms", "s": "s", "us": "µs", "ns": "ns", "percent": "%", "pct": "%", "count": "",
    ]
    guard let last = name.split(separator: "_").last else { return "" }
    return units[last.lowercased()] ?? ""
  }

  /// A number in its shortest decimal form.
  static func text(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15
      ? String(Int64(number)) : String(number)
  }

  // MARK: Criteria

  /// The checklist with its evidence.
  func criteria() throws -> [ReportContext.Criterion] {
    try campaign.campaign.criteria.map { criterion in
      let (state, evidence) = try evaluate(criterion.check)
      return ReportContext.Criterion(title: criterion.title, state: state, evidence: evidence)
    }
  }

  private func evaluate(_ check: Criterion.Check) throws -> (state: String, evidence: String) {
    switch check {
    case .violations(let atMost): return try violations(atMost: atMost)
    case .tests(let match, let allowsFlaky):
      return try tests(matching: match, allowsFlaky: allowsFlaky)
    case .measurement(let name, let bound, let limit):
      return measurement(name, bound, limit)
    case .noNew(let since): return try noNew(since: since)
    case .attested(let name): return try attested(name)
    }
  }

  private func violations(atMost: Int) throws -> (String, String) {
    let open = try campaign.open().total
    let words = "\(Wording.grouped(open)) open"
    guard campaign.lanes.contains(where: { !$0.positions.isEmpty }) else {
      return ("unknown", "nothing was scanned yet")
    }
    if let stale = staleLanes() {
      return ("unknown", "\(words), but \(stale)")
    }
    if let unseen = try unseen(), try open - unseenCount() <= atMost {
      return ("unknown", "\(words), but \(unseen)")
    }
    if open > atMost {
      return (
        "not met", atMost == 0 ? words : "\(words), at most \(Wording.grouped(atMost)) wanted"
      )
    }
    if let gap = try gap() { return ("unknown", "\(words), but \(gap)") }
    return ("met", words)
  }

  private func tests(matching glob: Glob?, allowsFlaky: Bool) throws -> (String, String) {
    let account = try account(matching: glob.map { [$0] } ?? [])
    let ran = account.states.filter { $0.state.outcome != .skipped }
    if ran.isEmpty {
      return ("unknown", glob.map { "no test matches \($0.pattern)" } ?? "no test ran yet")
    }
    let failing = ran.count { $0.state.outcome == .failed || $0.state.outcome == .error }
    let flaky = account.flaky.count
    let passed = Wording.grouped(ran.count - failing - flaky)
    var words = "\(passed) of \(Wording.grouped(ran.count)) passed"
    if flaky > 0 { words += ", \(flaky) flaky" }
    let skipped = account.states.count - ran.count
    if skipped > 0 { words += ", \(skipped) skipped" }
    if let stale = staleTests() { return ("unknown", "\(words), but \(stale)") }
    guard account.isPassing(allowFlaky: allowsFlaky) else { return ("not met", words) }
    if let doubt = doubtOfTests(matching: glob.map { [$0] } ?? []) {
      return ("unknown", "\(words), but \(doubt)")
    }
    return ("met", words)
  }

  private func measurement(
    _ name: String,
    _ bound: Criterion.Bound,
    _ limit: Criterion.Limit
  ) -> (String, String) {
    guard let now = value(of: name, atBaseline: false) else {
      return ("unknown", "\(name) was never measured")
    }
    let wanted: DecimalNumber
    let words: String
    switch limit {
    case .number(let number):
      guard let value = DecimalNumber(Self.text(number)) else {
        return ("unknown", "the limit of \(name) is no number")
      }
      wanted = value
      words = "\(bound == .atMost ? "at most" : "at least") \(value)"
    case .baseline:
      guard let value = value(of: name, atBaseline: true) else {
        return ("unknown", "\(name) is \(now), and was not measured at the baseline")
      }
      wanted = value
      words = "\(value) at the baseline"
    }
    let isMet = bound == .atMost ? !(wanted < now) : !(now < wanted)
    return (isMet ? "met" : "not met", "\(name) is \(now), \(words)")
  }

  private func noNew(since: Criterion.Point) throws -> (String, String) {
    let from: AccountPoint?
    let words: String
    switch since {
    case .baseline:
      from = baseline.point
      words = "since the baseline"
    case .lastReport:
      from = try lastReport().map { AccountPoint(time: $0) }
      words = "since the last report"
    case .mergeBase:
      return ("unknown", "only a pull request has a merge base")
    }
    guard let from, from.time <= view.asOf else { return ("unknown", "nothing to compare with") }
    let total = try campaign.flows().totals(from: from, to: view.now)
    let new = total.count(.introduced) + total.count(.reopened)
    if let stale = staleLanes() {
      return ("unknown", "\(Wording.grouped(new)) new \(words), but \(stale)")
    }
    if new == 0, let doubt = try unseen() ?? gap() {
      return ("unknown", "\(Wording.grouped(new)) new \(words), but \(doubt)")
    }
    return (new == 0 ? "met" : "not met", "\(Wording.grouped(new)) new \(words)")
  }

  private func attested(_ name: String) throws -> (String, String) {
    let own = try view.reader.attestations().filter {
      $0.record.criterion == name && $0.record.project == project && $0.record.from <= view.asOf
    }
    let latest = own.max {
      ($0.record.until, $0.record.from, $0.id) < ($1.record.until, $1.record.from, $1.id)
    }
    guard let last = latest?.record else {
      return ("not met", "nobody signed it off")
    }
    if last.until <= view.asOf {
      return ("not met", "the sign-off by \(last.owner) ended on \(last.until.dateText)")
    }
    let reason = try view.reader.text(last.reason) ?? "reason redacted"
    let late = try latest.flatMap { try view.reader.entry($0.id)?.lateness(since: last.from) }
    return (
      "met",
      "signed off by \(last.owner) until \(last.until.dateText): \(reason)"
        + (late.map { " (\($0))" } ?? "")
    )
  }

  // MARK: Lanes

  /// Every lane that the numbers come from, at its last scan or test run.
  func lanes() throws -> [ReportContext.Lane] {
    var result = try campaign.lanes.compactMap { lane -> ReportContext.Lane? in
      guard let last = lane.last else { return nil }
      var result = context(last.lane, last.commit, last.time, succeeded: last.succeeded)
      result.notSeen = try view.unseen(in: lane).count
      result.isPartial = try error(of: last, in: lane.lane) != nil
      return result
    }
    for history in histories {
      guard let position = history.position(at: view.now) else { continue }
      result.append(
        context(history.lane, position.commit, position.time, succeeded: position.succeeded)
      )
    }
    let known = campaign.lanes.map(\.lane) + histories.map(\.lane)
    for expected in configuration.lanes where !known.contains(where: expected.matches) {
      var lane = ReportContext.Lane()
      let branch = expected.branch ?? "any branch"
      lane.name =
        expected.category.isEmpty
        ? "\(expected.tool)@\(branch)" : "\(expected.tool)/\(expected.category)@\(branch)"
      lane.isMissing = true
      result.append(lane)
    }
    return result.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  private func context(
    _ key: LaneKey,
    _ commit: CommitID,
    _ time: Timestamp,
    succeeded: Bool
  ) -> ReportContext.Lane {
    var lane = ReportContext.Lane()
    lane.name = key.description
    lane.commit = commit.description
    lane.time = time.iso8601
    lane.ageDays = max(0, view.asOf.days(since: time))
    lane.isStale = isStale(time)
    lane.succeeded = succeeded
    return lane
  }

  private func isStale(_ time: Timestamp) -> Bool {
    view.asOf.seconds - time.seconds > configuration.staleAfterSeconds
  }

  /// Why lanes make a criterion unknown; nil when all of them are fresh.
  private func staleLanes() -> String? {
    let stale = campaign.lanes.filter { $0.last.map { isStale($0.time) } ?? true }
    guard let first = stale.first else { return nil }
    let age =
      first.last.map { "\(Wording.counted(view.asOf.days(since: $0.time), "day")) old" } ?? "empty"
    return "the lane \(first.lane) is \(age)"
  }

  /// Why more may be there than what is open; nil where nothing says so.
  func doubt() throws -> String? {
    try staleLanes() ?? unseen() ?? gap()
  }

  /// What the last scan of a lane says that it could not look at, of what the campaign selects; nil where each finished and says nothing.
  private func gap() throws -> String? {
    for lane in campaign.lanes {
      guard let last = lane.last else { continue }
      if !last.succeeded { return "the last scan of \(lane.lane) did not finish" }
      guard let first = try error(of: last, in: lane.lane) else { continue }
      let what = first.rule.map { "the rule \($0)" } ?? first.path?.text ?? "everything"
      return "the last scan of \(lane.lane) says that it could not look at \(what)"
    }
    return nil
  }

  /// The first that the tool says it could not look at, of what the campaign may select.
  private func error(of position: LanePosition, in lane: LaneKey) throws -> ScanNotice? {
    try position.scans.compactMap { try view.reader.scan($0) }.flatMap(\.record.notices)
      .first { $0.level == .error && concerns($0, lane) }
  }

  /// Says whether a notice is about what the campaign may select.
  private func concerns(_ notice: ScanNotice, _ lane: LaneKey) -> Bool {
    if let path = notice.path, !campaign.campaign.select.matches(path: path) { return false }
    guard let rule = notice.rule else { return true }
    return Level.allCases.contains { campaign.selects(lane: lane, rule: rule, $0) }
  }

  /// How many violations of the campaign its lanes' last scans did not see in files that nobody edited.
  private func unseenCount() throws -> Int {
    try campaign.lanes.reduce(0) { sum, lane in
      try sum
        + view.unseen(in: lane).keys.count { id in
          guard let violation = try view.violation(id) else { return false }
          return campaign.selects(violation, at: violation.last.path)
        }
    }
  }

  /// Why scans make a criterion unknown that did not see what they should have; nil where none is.
  private func unseen() throws -> String? {
    let count = try unseenCount()
    if count == 0 { return nil }
    let places = try campaign.lanes.filter { try !view.unseen(in: $0).isEmpty }
      .compactMap { lane in lane.last.map { "\(lane.lane) at \($0.commit.short)" } }
    return
      "\(Wording.grouped(count)) \(count == 1 ? "was" : "were") not seen in files that nobody edited "
      + "by \(Wording.joined(places)): is the scan complete?"
  }

  private func staleTests() -> String? {
    let last = histories.compactMap { $0.position(at: view.now) }
    guard let oldest = last.min(by: { $0.time < $1.time }), isStale(oldest.time) else {
      return nil
    }
    let days = Wording.counted(view.asOf.days(since: oldest.time), "day")
    return "the tests of \(oldest.lane) are \(days) old"
  }

  /// Why tests that all pass may not be all tests; nil for no reason.
  private func doubtOfTests(matching globs: [Glob]) -> String? {
    let missing = absences.flatMap(\.missing).filter { state in
      globs.isEmpty || globs.contains { $0.matches(state.id) }
    }
    if let first = missing.first {
      let count = Wording.grouped(missing.count)
      return
        "\(count) that did not pass \(missing.count == 1 ? "is" : "are") gone with all others of "
        + "\(missing.count == 1 ? "its" : "their") class or file, such as \(first.id)"
    }
    let unfinished = histories.first { $0.position(at: view.now)?.succeeded == false }
    return unfinished.map { "the last run of \($0.lane) did not finish" }
  }

  // MARK: Accepted risk

  /// What the source or the tool suppresses.
  func suppressions() throws -> ReportContext.Suppressions {
    var result = ReportContext.Suppressions()
    let suppressed = try campaign.suppressed()
    result.count = suppressed.count
    result.added = totals?.count(.suppressed) ?? 0
    result.files = WorkContext.files(suppressed.map(\.path))
    return result
  }
}
