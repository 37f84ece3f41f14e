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
  private static func folded(_ text: String) -> String {
    String(text.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " })
  }
}

/// Tells the cases that runners write in the place of tests that did not run.
///
/// Such a case fails, and what it stands for is missing from the file: taken as a whole run it would
/// count every test of that class as removed.
enum JUnitMarker {
  /// What is known of a case when it ends.
  struct Case {
    let className: String
    let name: String
    /// The innermost suite's name.
    let suite: String
    let message: String?
    /// The first text of its verdicts.
    let text: String
    let runner: String
  }

  /// Why tests are missing, where this case, which did not pass, says so.
  static func reason(_ failed: Case) -> String? {
    let name = failed.name
    for marker in names where name == marker || name.hasPrefix("\(marker)(") {
      return "\(name) stands for the tests of \(place(failed)), which did not run"
    }
    if prefixes.contains(where: { name.hasPrefix($0) }) {
      return "\(name) failed, so the tests behind it did not run"
    }
    if hooks.contains(where: { name.contains($0) }) {
      return "the hook \(name) failed, so the tests behind it did not run"
    }
    if name.isEmpty {
      return "\(place(failed)) failed as a whole, so some of its tests may be missing"
    }
    if failed.className == "pytest" && name == "internal" {
      return "pytest broke down itself, so tests may be missing"
    }
    if failed.runner == "vitest", name == failed.suite, failed.className == name {
      return "\(name) could not be loaded, so its tests did not run"
    }
    if failed.runner == "surefire", name == failed.className {
      return "\(name) failed as a whole, so some of its tests may be missing"
    }
    if classNames.contains(where: { failed.className.hasPrefix($0) }) {
      return "the tests of \(name) could not be loaded, so they did not run"
    }
    return reasonInText(failed)
  }

  private static func reasonInText(_ failed: Case) -> String? {
    let message = failed.message ?? ""
    if message == "collection failure" {
      return "tests could not be collected, so some may be missing"
    }
    if name(failed, is: "Failure", with: "Runtime error") || message == "No test result found" {
      return "the tests of \(place(failed)) broke off, so some may be missing"
    }
    for phrase in phrases where message.contains(phrase) || failed.text.contains(phrase) {
      return "\(place(failed)) did not run to its end: \(phrase)"
    }
    if failed.runner == "go", brokeOff(failed.text) || brokeOff(message) {
      return "a panic in \(failed.name) ended the tests of \(place(failed)), so some may be missing"
    }
    return nil
  }

  private static func name(_ failed: Case, is name: String, with message: String) -> Bool {
    failed.name == name && failed.message == message
  }

  private static func place(_ failed: Case) -> String {
    if !failed.className.isEmpty { return failed.className }
    return failed.suite.isEmpty ? "a suite" : failed.suite
  }

  /// A Go test that panics takes the other tests of its package with it.
  private static func brokeOff(_ text: String) -> Bool {
    text.contains("goroutine ")
      && ["panic: ", "fatal error: ", "SIGSEGV: "].contains {
        text.hasPrefix($0) || text.contains("\n\($0)")
      }
  }

  /// JUnit 4 and Gradle; `go-junit-report`; gotestsum for a package that did not build or start.
  private static let names = [
    "initializationError", "executionError", "classMethod", "[build failed]", "[setup failed]",
    "[run failed]", "TestMain", "failed to execute tests", "setup_file failed",
  ]
  /// `unittest` (with the name of the class behind it) and Ginkgo.
  private static let prefixes = [
    "setUpClass (", "setUpModule (", "[BeforeSuite]", "[SynchronizedBeforeSuite]",
  ]
  /// Mocha and what is built on it; after a failed `before each` it leaves the rest of a suite out.
  private static let hooks = [
    "\"before all\" hook", "\"before each\" hook", "\"after each\" hook",
  ]
  /// Jest; `unittest`.
  private static let classNames = [
    "Test suite failed to run", "unittest.loader._FailedTest",
    "unittest.loader.ModuleImportFailure", "unittest.loader.LoadTestsFailure",
    "nose.failure.Failure",
  ]
  /// Jest, Surefire, Ant, pytest, Cypress, Catch2, PHPUnit, Android, TAP, .NET.
  private static let phrases = [
    "Test suite failed to run", "The forked VM terminated", "SurefireBooterForkException",
    "Forked Java VM exited abnormally", "INTERNALERROR",
    "An uncaught error was detected outside of a test", "fatal error condition",
    "The data provider specified for ", "Instrumentation run failed",
    "Number of runned tests does not match plan", "Test host process crashed",
  ]

  /// Why tests are missing, where CTest could not start a test; `reason` is what it says of it.
  static func notRun(ctest name: String, reason: String) -> String? {
    if reason.hasPrefix("SKIP_") || reason == "Disabled" { return nil }
    return "CTest could not run \(name)" + (reason.isEmpty ? "" : ": \(reason)")
  }
}
