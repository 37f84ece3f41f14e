internal import TallyModel

/// An element or a word in an attribute that says what came of a case.
enum JUnitVerdict: Equatable {
  case failed
  case error
  case skipped
  /// A try that did not pass and was followed by another one.
  case rerun

  /// Reads the name of an element; nil for one that says nothing about the outcome.
  ///
  /// No schema has `failed` or `ignored`, and runners write them; `isUsual` is false for these.
  static func element(_ name: String) -> (verdict: JUnitVerdict, isUsual: Bool)? {
    switch name {
    case "failure": return (.failed, true)
    case "error": return (.error, true)
    case "skipped": return (.skipped, true)
    case "flakyFailure", "flakyError", "rerunFailure", "rerunError", "rerun": return (.rerun, true)
    default: break
    }
    if let verdict = word(name) { return (verdict, false) }
    switch folded(name) {
    case "flakyfailure", "flakyerror", "rerunfailure", "rerunerror": return (.rerun, false)
    default: return nil
    }
  }

  /// Reads a word such as `status="ignored"`; nil for `run`, `passed` and what is not known.
  static func word(_ text: String) -> JUnitVerdict? {
    switch folded(text) {
    case "failed", "fail", "failure", "undefined", "ambiguous": .failed
    case "error", "errored", "broken", "crashed", "crash", "aborted", "panicked", "timedout",
      "timeout", "exception", "killed", "interrupted", "hookerror", "notrunnable":
      .error
    case "skipped", "skip", "ignored", "ignore", "disabled", "notrun", "suppressed", "pending",
      "inactive", "excluded", "notexecuted", "notapplicable", "untested", "todo", "inconclusive",
      "canceled", "cancelled", "blocked", "norun", "notstarted", "didnotrun", "unexecuted",
      "incomplete", "deselected":
      .skipped
    default: nil
    }
  }

  /// Says whether a word, as the status of a suite, means that the suite did not run to its end.
  static func isBrokenOff(_ text: String) -> Bool {
    switch folded(text) {
    case "aborted", "crashed", "crash", "interrupted", "incomplete", "timedout", "timeout",
      "killed", "canceled", "cancelled", "terminated":
      true
    default: false
    }
  }

  /// Says whether a word is known to mean that the test passed, or ran and says nothing more.
  static func isPassed(_ text: String) -> Bool {
    switch folded(text) {
    case "", "run", "passed", "pass", "ok", "success", "successful", "succeeded", "completed",
      "complete", "executed", "finished", "done", "expected", "active", "passing":
      true
    default: false
    }
  }

  /// The word in lower case, without what stands between its parts: `Not Run` and `not_run`.
  fileprivate static func folded(_ text: String) -> String {
    String(text.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " })
  }
}

/// What the attributes of a case say of its outcome, for where no element says more.
struct JUnitStatement {
  private var word: JUnitVerdict?
  private var isLeftOut = false
  private(set) var isFlaky = false
  /// Words of which it is not known whether they mean that the test passed.
  private(set) var unknownWords = 0

  /// The first word that says that the test did not simply pass, else whether it was left out.
  var verdict: JUnitVerdict? { word ?? (isLeftOut ? .skipped : nil) }

  /// Takes an attribute; false for one that says nothing about the outcome.
  mutating func take(_ attribute: String, _ value: String) -> Bool {
    switch attribute {
    case "status", "result", "outcome": takeWord(value)
    case "success":
      switch Self.truth(value) {
      case true?: break
      case false?: word = word ?? .failed
      case nil: takeWord(value)
      }
    case "flaky": isFlaky = Self.truth(value) == true
    case "ignored", "disabled", "skipped": isLeftOut = isLeftOut || Self.truth(value) == true
    case "executed": isLeftOut = isLeftOut || Self.truth(value) == false
    default: return false
    }
    return true
  }

  private mutating func takeWord(_ text: String) {
    if let verdict = Self.ofAttributes(text) ?? JUnitVerdict.word(text) {
      word = word ?? verdict
    } else if !JUnitVerdict.isPassed(text) {
      unknownWords += 1
    }
  }

  /// Words that say this only as a value: as elements they may hold anything.
  private static func ofAttributes(_ text: String) -> JUnitVerdict? {
    switch JUnitVerdict.folded(text) {
    case "flaky", "flakypass", "unstable": .rerun
    case "unexpected": .failed
    case "running", "inprogress", "started", "unresolved": .error
    case "xfail", "xfailed", "expectedfailure", "expectedfail", "unsupported",
      "assumptionfailure":
      .skipped
    default: nil
    }
  }

  private static func truth(_ value: String) -> Bool? {
    switch value.lowercased() {
    case "true", "1", "yes": true
    case "false", "0", "no": false
    default: nil
    }
  }
}
