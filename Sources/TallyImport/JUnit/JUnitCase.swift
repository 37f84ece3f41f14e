internal import Glibc
internal import TallyModel

/// One `testcase` element.
struct JUnitCase {
  let id: String
  private(set) var outcome: TestOutcome
  private(set) var message: String?
  let file: String?
  /// Which `testsuite` element of the file holds it, from 0.
  let suite: Int
  private var hasRerun = false
  private var wantsText = false

  init(id: String, outcome: TestOutcome, file: String?, suite: Int) {
    self.suite = suite
    self.id = id
    self.outcome = outcome
    self.file = file
  }

  /// Takes one of the elements that say what came of the case; the first message counts.
  mutating func take(verdict: String, message text: String?) {
    let found: TestOutcome
    switch verdict {
    case "failure": found = .failed
    case "error": found = .error
    case "skipped": found = .skipped
    default:
      hasRerun = true
      found = .passed
    }
    if found.rank > outcome.rank { outcome = found }
    if let text, !text.isEmpty {
      if message == nil { message = text }
      wantsText = false
    } else {
      wantsText = message == nil
    }
  }

  /// Takes the text of such an element, for one that has no message.
  mutating func take(text: String) {
    guard wantsText else { return }
    wantsText = false
    let line = text.prefix { !$0.isNewline }
    if !line.isEmpty { message = String(line) }
  }

  /// The outcome with reruns: passed in the end is flaky, failed every time is failed.
  var finalOutcome: TestOutcome { hasRerun && outcome == .passed ? .flaky : outcome }
}

extension TestOutcome {
  /// Which of two outcomes of one element counts: an error over a failure over a skip over nothing.
  fileprivate var rank: Int {
    switch self {
    case .passed: 0
    case .skipped: 1
    case .failed: 2
    case .error: 3
    case .flaky: 4
    }
  }
}

/// The cases of a run by id; equal ids are merged.
struct JUnitCases {
  private var places: [String: Int] = [:]
  private var cases: [ImportedTestCase] = []
  private var repeated = 0
  private var becameFlaky = 0
  private var lastSuite: [Int] = []
  private(set) var elementCount = 0

  /// Adds a case; `writesReruns` says that the runner repeats a case in its suite for each attempt.
  mutating func add(_ new: JUnitCase, writesReruns: Bool) {
    elementCount += 1
    let outcome = new.finalOutcome
    guard let place = places[new.id] else {
      places[new.id] = cases.count
      lastSuite.append(new.suite)
      cases.append(
        ImportedTestCase(id: new.id, outcome: outcome, message: new.message, file: new.file)
      )
      return
    }
    repeated += 1
    let before = cases[place].outcome
    let isRerun = writesReruns && lastSuite[place] == new.suite
    lastSuite[place] = new.suite
    let merged = isRerun ? JUnitCases.rerun(before, outcome) : JUnitCases.merge(before, outcome)
    if merged == .flaky && before != .flaky && outcome != .flaky { becameFlaky += 1 }
    if merged != .flaky && before == .flaky { becameFlaky -= 1 }
    cases[place].outcome = merged
    if merged == .passed {
      cases[place].message = nil
    } else if cases[place].message == nil || (outcome.isNotPassing && !before.isNotPassing) {
      cases[place].message = new.message ?? cases[place].message
    }
    if cases[place].file == nil { cases[place].file = new.file }
  }

  /// One more attempt of pytest-rerunfailures, which writes the attempts that failed as if they had
  /// passed: passed in the end is flaky, and a failure in the end is a failure every time.
  static func rerun(_ before: TestOutcome, _ last: TestOutcome) -> TestOutcome {
    if last == .passed { return .flaky }
    return before == .error && last == .failed ? .error : last
  }

  /// Both ways is flaky; a skip gives way to a run; an error counts over a failure.
  static func merge(_ left: TestOutcome, _ right: TestOutcome) -> TestOutcome {
    if left == .flaky || right == .flaky { return .flaky }
    if left == .skipped { return right }
    if right == .skipped { return left }
    if (left == .passed) != (right == .passed) { return .flaky }
    return left == .error ? left : right
  }

  /// What was merged, by reason.
  var counts: [(String, Int)] {
    [("repeated", repeated), ("flaky-merged", becameFlaky)].filter { $0.1 > 0 }
  }

  /// The cases sorted bytewise by id.
  func sorted() -> [ImportedTestCase] {
    cases.sorted { precedesBytewise($0.id, $1.id) }
  }
}

/// Makes the id of a test case: `path::name`.
enum TestID {
  /// The path is the class name, or where that is empty the names of the suites; their periods
  /// become slashes.
  static func text(className: String, suites: [String], name: String) -> String {
    if !className.isEmpty { return "\(path(className))::\(name)" }
    let joined = suites.filter { !$0.isEmpty }.map(path).joined(separator: "/")
    return "\(joined)::\(name)"
  }

  /// Turns periods into slashes, but not between backticks (Swift's raw identifiers), and not in
  /// what is a path already.
  static func path(_ name: String) -> String {
    if !name.utf8.contains(UInt8(ascii: ".")) { return name }
    var isQuoted = false
    var result: [UInt8] = []
    for byte in name.utf8 {
      if byte == UInt8(ascii: "`") { isQuoted.toggle() }
      if byte == UInt8(ascii: "/") && !isQuoted { return name }
      let isSeparator = byte == UInt8(ascii: ".") && !isQuoted
      result.append(isSeparator ? UInt8(ascii: "/") : byte)
    }
    return String(decoding: result, as: UTF8.self)
  }
}

/// Says whether the UTF-8 of the left text comes first; faster than comparing byte by byte.
func precedesBytewise(_ left: String, _ right: String) -> Bool {
  let order = left.utf8.withContiguousStorageIfAvailable { one in
    right.utf8.withContiguousStorageIfAvailable { other -> Bool in
      guard let first = one.baseAddress, let second = other.baseAddress else {
        return one.count < other.count
      }
      let order = memcmp(first, second, min(one.count, other.count))
      return order == 0 ? one.count < other.count : order < 0
    }
  }
  if let order, let order { return order }
  return left.utf8.lexicographicallyPrecedes(right.utf8)
}
