internal import TallyModel

/// Builds a test run of the elements of a JUnit file.
final class JUnitBuilder: XMLHandler {
  /// What an element is to the builder.
  private enum Element {
    case suites
    case suite
    case testCase
    /// `failure`, `error`, `skipped` and their rerun forms.
    case verdict
    case properties
    /// An unknown element around suites, cases or verdicts, which is looked into.
    case group
    /// What a suite printed.
    case output
    /// What else may hold anything, the output of a case among it.
    case other
  }

  /// A `testcase` that has begun.
  private struct OpenCase {
    var testCase: JUnitCase
    let className: String
    let name: String
    let stated: JUnitStatement
    /// True for CTest's `status="notrun"`.
    let isNotRun: Bool
    /// The first text of its verdicts that say that it did not pass.
    var text = ""
    /// The type of that verdict.
    var type = ""
    var panicked = false
  }

  private let limits: ImportLimits
  private var elements: [Element] = []
  private var suiteNames: [String] = []
  private var suiteHosts: [String] = []
  private var suiteNumbers: [Int] = []
  private var open: [OpenCase] = []
  private var verdict = JUnitVerdict.failed
  private var verdictType = ""
  private var verdictText: [UInt8] = []
  /// What the verdict or the output of a suite says that is open.
  private var output = JUnitOutput()
  private var collected = JUnitCases()
  private var runner = JUnitRunner()
  private var totals = JUnitTotals()
  private var run = ImportedTestRun(runner: "junit")
  private var adjusted: [String: Int] = [:]
  private var ignored: [String: Int] = [:]
  /// Attributes of cases by name: the most frequent ones, so their full names are made only once.
  private var ignoredOfCases: [String: Int] = [:]
  private var totalSeconds: Double?
  private var suiteSeconds: Double?

  init(limits: ImportLimits) { self.limits = limits }

  /// Counts something that was put right.
  func adjust(_ reason: String, _ count: Int = 1) { adjusted[reason, default: 0] += count }

  var wantsText: Bool { elements.last == .verdict || elements.last == .output }

  func text(_ text: UnsafeBufferPointer<UInt8>) {
    output.take(text)
    guard elements.last == .verdict, verdictText.count < 1 << 16 else { return }
    if verdictText.isEmpty {
      verdictText.append(contentsOf: text.drop { isWhiteSpace($0) })
    } else {
      verdictText.append(contentsOf: text)
    }
  }

  // MARK: Elements

  func start(
    _ name: String,
    _ attributes: [(name: String, value: String)]
  ) -> XMLStream.Stop? {
    if elements.count >= limits.depthMax {
      return .limit(
        what: "elements inside of each other",
        found: elements.count + 1,
        limit: limits.depthMax
      )
    }
    if elements.isEmpty && name != "testsuites" && name != "testsuite" {
      return .malformed("the file is XML and starts with <\(name)>, not with <testsuites>")
    }
    switch elements.last {
    case .verdict, .output, .other:
      ignore(name)
      return nil
    case .properties:
      let isNamed = attributes.first { $0.name == "name" }
      if name == "property", open.isEmpty, let isNamed { runner.takeProperty(isNamed.value) }
      ignore(name)
      return nil
    case .suites, .suite, .testCase, .group, nil: break
    }
    switch name {
    case "testsuites" where elements.isEmpty:
      elements.append(.suites)
      startSuites(attributes)
    case "testsuites":
      // One in another: it may count, and names nothing.
      elements.append(.suites)
      totals.begin(name: attributes.first { $0.name == "name" }?.value ?? "", isRoot: false)
      for (attribute, value) in attributes where attribute != "name" {
        takeTotal(name, attribute, value)
      }
    case "testsuite":
      elements.append(.suite)
      return startSuite(attributes)
    case "testcase":
      elements.append(.testCase)
      return startCase(attributes)
    case "properties":
      elements.append(.properties)
      ignored[name, default: 0] += 1
    case "system-out", "system-err":
      ignore(name, as: open.isEmpty ? .output : .other)
      output = JUnitOutput()
    default:
      if let (verdict, isUsual) = JUnitVerdict.element(name) {
        return startVerdict(name, verdict, isUsual: isUsual, attributes)
      }
      elements.append(.group)
      ignored[name, default: 0] += 1
    }
    return nil
  }

  func end(_ name: String) -> XMLStream.Stop? {
    switch elements.removeLast() {
    case .suite:
      suiteNames.removeLast()
      suiteHosts.removeLast()
      suiteNumbers.removeLast()
      totals.end()
    case .suites: totals.end()
    case .testCase: endCase()
    case .verdict: endVerdict()
    case .output: endOutput()
    case .properties, .group, .other: break
    }
    return nil
  }

  private func ignore(_ name: String, as element: Element = .other) {
    elements.append(element)
    ignored[name, default: 0] += 1
  }

  // MARK: Suites

  private func startSuites(_ attributes: [(name: String, value: String)]) {
    let name = attributes.first { $0.name == "name" }?.value ?? ""
    totals.begin(name: name, isRoot: true)
    runner.takeRoot(attributes)
    for (name, value) in attributes {
      switch name {
      case "name": break
      case "time": totalSeconds = seconds(value)
      case "timestamp": started(value)
      default: takeTotal("testsuites", name, value)
      }
    }
  }

  private func takeTotal(_ element: String, _ attribute: String, _ value: String) {
    if totals.take(attribute, value) { return }
    ignored["\(element)@\(attribute)", default: 0] += 1
    if attribute == "status" || attribute == "result", JUnitVerdict.isBrokenOff(value) {
      fail("a suite is marked as \(value), so some of its tests may be missing")
    }
  }

  private func startSuite(_ attributes: [(name: String, value: String)]) -> XMLStream.Stop? {
    if collected.suiteCount > limits.testCasesMax {
      return .limit(
        what: "test suites",
        found: collected.suiteCount + 1,
        limit: limits.testCasesMax + 1
      )
    }
    let isOutermost = suiteNames.isEmpty
    let suiteName = attributes.first { $0.name == "name" }?.value ?? ""
    var host = ""
    totals.begin(name: suiteName, isRoot: false)
    runner.takeSuite(attributes)
    for (name, value) in attributes {
      switch name {
      case "name": break
      case "hostname": host = value
      case "time":
        if isOutermost, let time = seconds(value) { suiteSeconds = (suiteSeconds ?? 0) + time }
      case "timestamp": started(value)
      default: takeTotal("testsuite", name, value)
      }
    }
    suiteNames.append(suiteName)
    suiteHosts.append(host.isEmpty ? suiteHosts.last ?? "" : host)
    let path = suiteNames.map(JUnitRunner.withoutTime).joined(separator: "/")
    let suite = JUnitCases.Suite(path: path, host: suiteHosts.last ?? "")
    suiteNumbers.append(collected.add(suite))
    if isOutermost && !suiteName.isEmpty && !run.suites.contains(suiteName) {
      run.suites.append(suiteName)
    }
    return nil
  }

  // MARK: Cases

  private func startCase(_ attributes: [(name: String, value: String)]) -> XMLStream.Stop? {
    var className = ""
    var caseName: String?
    var file: String?
    var status: String?
    var hasResult = false
    var stated = JUnitStatement()
    for (name, value) in attributes {
      switch name {
      case "classname": className = value
      case "name": caseName = value
      case "file": file = value.isEmpty ? nil : value
      default: if !stated.take(name, value) { ignoredOfCases[name, default: 0] += 1 }
      }
      if name == "status" { status = value }
      if name == "result" { hasResult = true }
    }
    if collected.elementCount + open.count >= limits.testCasesMax {
      return .limit(
        what: "test cases",
        found: collected.elementCount + open.count + 1,
        limit: limits.testCasesMax
      )
    }
    if caseName == nil { adjust("unnamed-case") }
    let name = caseName ?? TestID.unnamed
    if stated.unknownWords > 0 { adjust("unknown-status", stated.unknownWords) }
    let around = suiteNames + open.map(\.name)
    let id = TestID.text(className: className, suites: around, name: name)
    runner.takeCase(className: className, name: name, status: status, hasResult: hasResult)
    totals.sawCase()
    open.append(
      OpenCase(
        testCase: JUnitCase(id: id, file: file, suite: suiteNumbers.last ?? -1),
        className: className,
        name: name,
        stated: stated,
        isNotRun: status == "notrun" && runner.name == "ctest"
      )
    )
    return nil
  }

  private func endCase() {
    guard var ended = open.popLast() else { return }
    let stated = ended.stated.verdict
    if !ended.testCase.hasVerdict, let stated, stated != .rerun { totals.saw(stated) }
    ended.testCase.settle(stated: stated, isFlaky: ended.stated.isFlaky)
    let outcome = ended.testCase.outcome
    if outcome == .failed || outcome == .error {
      let marker = JUnitMarker.Case(
        className: ended.className,
        name: ended.name,
        suite: suiteNames.last ?? "",
        message: ended.testCase.message,
        text: ended.text,
        type: ended.type,
        panicked: ended.panicked,
        runner: runner.name
      )
      if let reason = JUnitMarker.reason(marker) { fail(reason) }
    } else if ended.isNotRun, outcome == .skipped {
      let reason = ended.testCase.message ?? ""
      if let reason = JUnitMarker.notRun(ctest: ended.name, reason: reason) { fail(reason) }
    }
    collected.add(ended.testCase)
  }

  // MARK: Verdicts

  private func startVerdict(
    _ name: String,
    _ verdict: JUnitVerdict,
    isUsual: Bool,
    _ attributes: [(name: String, value: String)]
  ) -> XMLStream.Stop? {
    guard elements.last(where: { $0 != .group }) == .testCase else {
      takeOutside(name, verdict)
      return nil
    }
    elements.append(.verdict)
    verdictText.removeAll(keepingCapacity: true)
    verdictType = attributes.first { $0.name == "type" }?.value ?? ""
    output = JUnitOutput()
    self.verdict = verdict
    if !isUsual { adjust("other-verdict") }
    var message: String?
    for (attribute, value) in attributes {
      switch attribute {
      case "message": message = value
      case "type" where verdict == .skipped:
        runner.takeSkip(type: value)
        ignored["\(name)@type", default: 0] += 1
      default: ignored["\(name)@\(attribute)", default: 0] += 1
      }
    }
    if let length = message?.utf8.count, length > limits.messageBytesMax {
      return .limit(what: "bytes in one message", found: length, limit: limits.messageBytesMax)
    }
    totals.saw(verdict)
    if let last = open.indices.last { open[last].testCase.take(verdict, message: message) }
    return nil
  }

  /// A verdict on a suite: what is skipped is so by intent, what failed may have tests missing.
  private func takeOutside(_ name: String, _ verdict: JUnitVerdict) {
    elements.append(.other)
    ignored["testsuite/\(name)", default: 0] += 1
    switch verdict {
    case .failed, .error: fail("a suite failed outside of its cases, so some may be missing")
    case .skipped: totals.skipSuite()
    case .rerun: break
    }
  }

  private func endVerdict() {
    guard let last = open.indices.last else { return }
    let text = String(decoding: verdictText, as: UTF8.self)
    open[last].testCase.take(text: text)
    guard verdict == .failed || verdict == .error else { return }
    if open[last].text.isEmpty { (open[last].text, open[last].type) = (text, verdictType) }
    output.endLine()
    open[last].panicked = open[last].panicked || output.panicked
  }

  private func endOutput() {
    output.endLine()
    let place = suiteNames.last { !$0.isEmpty } ?? "the run"
    if let sentence = output.sentence { fail("\(place) broke off: \(sentence)") }
    if output.panicked, runner.name == "go" {
      fail("a panic ended the tests of \(place), so some may be missing")
    }
  }

  // MARK: The run

  private func fail(_ reason: String) {
    run.failure = run.failure ?? reason
    run.succeeded = false
  }

  private func started(_ text: String) {
    guard let time = Timestamp(iso8601: text) else {
      adjust("invalid-time")
      return
    }
    run.started = min(run.started ?? time, time)
  }

  /// Seconds as a decimal number; Surefire groups the thousands with commas, others write a decimal comma.
  private func seconds(_ text: String) -> Double? {
    let groups = text.split(separator: ",", omittingEmptySubsequences: false)
    let isGrouped = groups.dropFirst().allSatisfy { $0.prefix { $0 != "." }.count == 3 }
    let isDecimal = groups.count == 2 && !text.contains(".") && (!isGrouped || groups[0] == "0")
    let plain = isDecimal ? text.replacing(",", with: ".") : text.filter { $0 != "," }
    guard isGrouped || isDecimal, let value = Double(plain), value.isFinite, value >= 0,
      value < 1e12
    else {
      adjust("invalid-time")
      return nil
    }
    return value
  }

  /// The run, once the document has ended.
  func finish() -> ImportedTestRun {
    if let reason = unmatchedTotals() { fail(reason) }
    run.runner = runner.finish()
    run.elementCount = collected.elementCount
    run.cases = collected.finish(runner)
    for (reason, count) in collected.counts { adjust(reason, count) }
    run.adjusted = sorted(adjusted)
    for (name, count) in ignoredOfCases { ignored["testcase@\(name)"] = count }
    run.ignored = sorted(ignored)
    let total = totalSeconds.flatMap { $0 > 0 ? $0 : nil } ?? suiteSeconds ?? totalSeconds
    run.durationMilliseconds = total.map { Int(($0 * 1000).rounded()) }
    return run
  }

  /// Why the totals do not fit what was seen, as far as this runner counts what it writes.
  private func unmatchedTotals() -> String? {
    if runner.isSilentOnLoadErrors, collected.elementCount == 0 {
      return "no test is in the file, which is all that is written where one could not be loaded"
    }
    if runner.countsAssertions { return totals.silentReason ?? totals.emptyReason }
    return totals.reason ?? (runner.countsCompilerLines ? nil : totals.rootErrorsReason)
      ?? (runner.countsSubtests ? totals.emptyReason : totals.testsReason)
  }
}
