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
    case other
  }

  private let limits: ImportLimits
  private var elements: [Element] = []
  private var suiteNames: [String] = []
  private var suiteNumbers: [Int] = []
  private var suiteCount = 0
  private var current: JUnitCase?
  private var verdictText: [UInt8] = []
  private var collected = JUnitCases()
  private var run = ImportedTestRun(runner: "junit")
  private var adjusted: [String: Int] = [:]
  private var ignored: [String: Int] = [:]
  /// Attributes of cases by name: the most frequent ones, so their full names are made only once.
  private var ignoredOfCases: [String: Int] = [:]
  private var totalSeconds: Double?
  private var suiteSeconds: Double?
  private var hasSwiftNames = false

  init(limits: ImportLimits) { self.limits = limits }

  /// Counts something that was put right.
  func adjust(_ reason: String, _ count: Int = 1) { adjusted[reason, default: 0] += count }

  var wantsText: Bool { current != nil && elements.last == .verdict && verdictText.count < 4096 }

  func text(_ text: UnsafeBufferPointer<UInt8>) {
    if verdictText.isEmpty {
      verdictText.append(contentsOf: text.drop { isWhiteSpace($0) })
    } else {
      verdictText.append(contentsOf: text)
    }
  }

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
    switch name {
    case "testsuites" where elements.isEmpty:
      elements.append(.suites)
      startSuites(attributes)
    case "testsuite" where current == nil && elements.last != .other:
      elements.append(.suite)
      startSuite(attributes)
    case "testcase" where current == nil && elements.last != .other:
      elements.append(.testCase)
      return startCase(attributes)
    case "failure", "error", "skipped", "flakyFailure", "flakyError", "rerunFailure", "rerunError",
      "rerun":
      return startVerdict(name, attributes)
    default:
      elements.append(.other)
      ignored[name, default: 0] += 1
    }
    return nil
  }

  func end(_ name: String) -> XMLStream.Stop? {
    switch elements.removeLast() {
    case .suite:
      suiteNames.removeLast()
      suiteNumbers.removeLast()
    case .testCase: return endCase()
    case .verdict:
      if current != nil && elements.last == .testCase {
        current?.take(text: String(decoding: verdictText, as: UTF8.self))
      }
    case .suites, .other: break
    }
    return nil
  }

  private func startSuites(_ attributes: [(name: String, value: String)]) {
    for (name, value) in attributes {
      switch name {
      case "name": if value == "pytest tests" { run.runner = "pytest" }
      case "time": totalSeconds = seconds(value)
      case "timestamp": started(value)
      default: ignored["testsuites@\(name)", default: 0] += 1
      }
    }
  }

  private func startSuite(_ attributes: [(name: String, value: String)]) {
    let isOutermost = suiteNames.isEmpty
    var suiteName = ""
    for (name, value) in attributes {
      switch name {
      case "name": suiteName = value
      case "time" where isOutermost:
        if let time = seconds(value) { suiteSeconds = (suiteSeconds ?? 0) + time }
      case "timestamp": started(value)
      default: ignored["testsuite@\(name)", default: 0] += 1
      }
    }
    suiteNames.append(suiteName)
    suiteNumbers.append(suiteCount)
    suiteCount += 1
    if isOutermost && !suiteName.isEmpty && !run.suites.contains(suiteName) {
      run.suites.append(suiteName)
    }
    if suiteName == "pytest" { run.runner = "pytest" }
  }

  private func startCase(_ attributes: [(name: String, value: String)]) -> XMLStream.Stop? {
    var className = ""
    var caseName: String?
    var file: String?
    var outcome = TestOutcome.passed
    for (name, value) in attributes {
      switch name {
      case "classname": className = value
      case "name": caseName = value
      case "file": file = value.isEmpty ? nil : value
      // GoogleTest and CTest say so of disabled tests; they write no element.
      case "status" where value == "notrun" || value == "disabled": outcome = .skipped
      case "result" where value == "suppressed" || value == "skipped": outcome = .skipped
      default: ignoredOfCases[name, default: 0] += 1
      }
    }
    guard let caseName else { return .malformed("a <testcase> has no 'name'") }
    if collected.elementCount >= limits.testCasesMax {
      return .limit(
        what: "test cases",
        found: collected.elementCount + 1,
        limit: limits.testCasesMax
      )
    }
    if caseName.utf8.last == UInt8(ascii: ")") { hasSwiftNames = true }
    let id = TestID.text(className: className, suites: suiteNames, name: caseName)
    current = JUnitCase(id: id, outcome: outcome, file: file, suite: suiteNumbers.last ?? -1)
    return nil
  }

  private func startVerdict(
    _ name: String,
    _ attributes: [(name: String, value: String)]
  ) -> XMLStream.Stop? {
    guard elements.last == .testCase, current != nil else {
      elements.append(.other)
      ignored[current == nil ? "testsuite/\(name)" : name, default: 0] += 1
      if current == nil && (name == "failure" || name == "error") {
        fail("a suite failed outside of its cases, so some may be missing")
      }
      return nil
    }
    elements.append(.verdict)
    verdictText.removeAll(keepingCapacity: true)
    var message: String?
    for (attribute, value) in attributes {
      if attribute == "message" {
        message = value
      } else {
        ignored["\(name)@\(attribute)", default: 0] += 1
      }
    }
    if let length = message?.utf8.count, length > limits.messageBytesMax {
      return .limit(what: "bytes in one message", found: length, limit: limits.messageBytesMax)
    }
    if name == "error" && message == "collection failure" {
      fail("tests could not be collected, so some may be missing")
    }
    current?.take(verdict: name, message: message)
    return nil
  }

  private func fail(_ reason: String) {
    run.failure = run.failure ?? reason
    run.succeeded = false
  }

  private func endCase() -> XMLStream.Stop? {
    if let finished = current { collected.add(finished, writesReruns: run.runner == "pytest") }
    current = nil
    return nil
  }

  private func started(_ text: String) {
    guard let time = Timestamp(iso8601: text) else {
      adjust("invalid-time")
      return
    }
    run.started = min(run.started ?? time, time)
  }

  /// Seconds as a decimal number; Surefire groups the thousands with commas.
  private func seconds(_ text: String) -> Double? {
    let plain = text.filter { $0 != "," }
    guard let value = Double(plain), value.isFinite, value >= 0, value < 1e12 else {
      adjust("invalid-time")
      return nil
    }
    return value
  }

  /// The run, once the document has ended.
  func finish() -> ImportedTestRun {
    run.elementCount = collected.elementCount
    run.cases = collected.sorted()
    for (reason, count) in collected.counts { adjust(reason, count) }
    run.adjusted = sorted(adjusted)
    for (name, count) in ignoredOfCases { ignored["testcase@\(name)"] = count }
    run.ignored = sorted(ignored)
    let total = totalSeconds.flatMap { $0 > 0 ? $0 : nil } ?? suiteSeconds ?? totalSeconds
    run.durationMilliseconds = total.map { Int(($0 * 1000).rounded()) }
    if run.suites == ["TestResults"] && hasSwiftNames { run.runner = "swift-testing" }
    return run
  }
}
