internal import TallyModel

/// One `testcase` element.
struct JUnitCase {
  let id: String
  private(set) var file: String?
  /// Which `testsuite` element of the file holds it, from 0; -1 for none.
  let suite: Int
  private(set) var outcome = TestOutcome.passed
  private(set) var message: String?
  private(set) var hasVerdict = false
  private var hasRerun = false
  private var wantsText = false

  init(id: String, file: String?, suite: Int) {
    self.suite = suite
    self.id = id
    self.file = file
  }

  /// Takes one of the elements that say what came of the case; the first message counts.
  mutating func take(_ verdict: JUnitVerdict, message text: String?) {
    hasVerdict = true
    let found: TestOutcome
    switch verdict {
    case .failed: found = .failed
    case .error: found = .error
    case .skipped: found = .skipped
    case .rerun:
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

  /// Takes what an attribute says, where no element says more.
  mutating func settle(stated: JUnitVerdict?, isFlaky: Bool) {
    if !hasVerdict {
      switch stated {
      case .failed: outcome = .failed
      case .error: outcome = .error
      case .skipped: outcome = .skipped
      case .rerun: hasRerun = true
      case nil: break
      }
    }
    // Passed in the end is flaky, failed every time is failed.
    if (hasRerun || isFlaky) && outcome == .passed { outcome = .flaky }
  }

  /// Takes another try of the same test over, with the outcome that both come to.
  mutating func unite(_ next: JUnitCase, outcome merged: TestOutcome) {
    if merged == .passed {
      message = nil
    } else if message == nil || (next.outcome.isNotPassing && !outcome.isNotPassing) {
      message = next.message ?? message
    }
    outcome = merged
    file = file ?? next.file
  }
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

/// Makes the id of a test case: `path::name`.
enum TestID {
  /// What a case without a name is called.
  static let unnamed = "(unnamed)"

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
