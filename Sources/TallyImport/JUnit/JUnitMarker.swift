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
    /// The type of the verdict that the text is of.
    let type: String
    /// True where a verdict holds the panic of a Go program.
    let panicked: Bool
    let runner: String
  }

  /// Why tests are missing, where this case, which did not pass, says so.
  static func reason(_ failed: Case) -> String? {
    reasonInName(failed) ?? reasonInPlace(failed) ?? reasonInText(failed)
  }

  // MARK: Names

  private static func reasonInName(_ failed: Case) -> String? {
    let name = failed.name
    for marker in names where name == marker || name.hasPrefix("\(marker)(") {
      return "\(name) stands for the tests of \(place(failed)), which did not run"
    }
    if prefixes.contains(where: { name.hasPrefix($0) }) || isDartMarker(name)
      || failed.suite.hasPrefix("@setup-script:")
    {
      return "\(name) failed, so the tests behind it did not run"
    }
    if hooks.contains(where: { name.contains($0) }) {
      return "the hook \(name) failed, so the tests behind it did not run"
    }
    if sentences.contains(where: { name.contains($0) }) {
      return "\(place(failed)) did not run to its end: \(name)"
    }
    if failed.className == "pytest" && name == "internal" {
      return "pytest broke down itself, so tests may be missing"
    }
    if classNames.contains(where: { failed.className.hasPrefix($0) }) {
      return "the tests of \(name) could not be loaded, so they did not run"
    }
    return nil
  }

  private static func isDartMarker(_ name: String) -> Bool {
    name.hasPrefix("loading ") && name.hasSuffix(".dart") || name == "(setUpAll)"
      || name.hasSuffix(" (setUpAll)")
  }

  /// JUnit 4 and Gradle; `go-junit-report`; gotestsum for a package that did not build or start; bats.
  private static let names = [
    "initializationError", "executionError", "classMethod", "[build failed]", "[setup failed]",
    "[run failed]", "TestMain", "failed to execute tests", "setup_file failed", "setup_suite",
  ]
  /// `unittest` (with the name of the class behind it), Ginkgo, sbt.
  private static let prefixes = [
    "setUpClass (", "setUpModule (", "[BeforeSuite]", "[SynchronizedBeforeSuite]",
    "(It is not a test it is a sbt.testing.",
  ]
  /// Mocha and what is built on it; after a failed `before each` it leaves the rest of a suite out.
  private static let hooks = [
    "\"before all\" hook", "\"before each\" hook", "\"after each\" hook",
  ]
  /// Cypress; TAP.
  private static let sentences = [
    "An uncaught error was detected outside of a test",
    "Number of runned tests does not match plan", "Test died too soon, even before plan",
  ]
  /// Jest; `unittest`; nose.
  private static let classNames = [
    "Test suite failed to run", "unittest.loader._FailedTest",
    "unittest.loader.ModuleImportFailure", "unittest.loader.LoadTestsFailure",
    "nose.failure.Failure", "nose2.loader.ModuleImportFailure", "nose2.loader.LoadTestsFailure",
  ]

  // MARK: Places

  /// A case that is called like what it stands in: the class, file or program failed as a whole.
  private static func reasonInPlace(_ failed: Case) -> String? {
    guard failed.name.isEmpty || isClass(failed) || wasKilled(failed) || isNodeFile(failed) else {
      return nil
    }
    let whole = failed.name.isEmpty ? place(failed) : failed.name
    return "\(whole) failed as a whole, so some of its tests may be missing"
  }

  /// Where the runner is not known, only a name with a path or package in it is surely a class.
  private static func isClass(_ failed: Case) -> Bool {
    guard failed.name == failed.className else { return false }
    let isSuite = failed.name == failed.suite
    switch failed.runner {
    case "surefire": return true
    case "vitest", "gradle", "phpunit": return isSuite
    case "jest", "junit":
      return failed.name.contains { "./\\".contains($0) } && (isSuite || ofPlatform(failed))
    default: return false
    }
  }

  /// The console launcher of JUnit 5 names its suites after the engines.
  private static func ofPlatform(_ failed: Case) -> Bool {
    ["JUnit Jupiter", "JUnit Vintage"].contains(failed.suite)
  }

  /// What Bazel writes for a program that left no report, where it was stopped from outside or crashed.
  ///
  /// Any other exit code may be the verdict of a program that is one test and never writes a report.
  private static func wasKilled(_ failed: Case) -> Bool {
    guard failed.className.isEmpty, failed.name == failed.suite, let message = failed.message else {
      return false
    }
    if message == "Timed out" || message.hasPrefix("Terminated by signal ") { return true }
    let exit = "exited with error code "
    guard message.hasPrefix(exit), let code = Int(message.dropFirst(exit.count)) else {
      return false
    }
    return code > 128
  }

  /// A file whose process failed by itself: the tests that it reported passed or failed without it.
  private static func isNodeFile(_ failed: Case) -> Bool {
    failed.runner == "node" && failed.message == "test failed"
      && failed.text.contains("ERR_TEST_FAILURE") && failed.text.contains("exitCode: ")
  }

  private static func place(_ failed: Case) -> String {
    if !failed.className.isEmpty { return failed.className }
    return failed.suite.isEmpty ? "a suite" : failed.suite
  }

  // MARK: Texts

  private static func reasonInText(_ failed: Case) -> String? {
    let message = failed.message ?? ""
    if message == "collection failure" {
      return "tests could not be collected, so some may be missing"
    }
    if brokeOff(failed, message) {
      return "the tests of \(place(failed)) broke off, so some may be missing"
    }
    let heads = [firstLine(message), firstLine(failed.text), failed.type[...]]
    for phrase in phrases where heads.contains(where: { $0.contains(phrase) }) {
      return "\(place(failed)) did not run to its end: \(phrase)"
    }
    if failed.runner == "catch2", failed.text.contains("due to a fatal error condition:") {
      return "\(place(failed)) did not run to its end: \(failed.name) crashed"
    }
    if failed.runner == "pytest", failed.text.hasPrefix("worker '"),
      failed.text.contains("' crashed while running '")
    {
      return "a worker crashed in \(failed.name), so tests may be missing"
    }
    // rules_go names itself nowhere; its message is this word.
    if failed.panicked, failed.runner == "go" || failed.runner == "junit" && message == "Failed" {
      return "a panic in \(failed.name) ended the tests of \(place(failed)), so some may be missing"
    }
    return nil
  }

  /// `go-junit-report` and rules_go.
  private static func brokeOff(_ failed: Case, _ message: String) -> Bool {
    switch message {
    case "No test result found", "No pass/skip/fail event found for test": true
    case "Runtime error": failed.name == "Failure"
    case "Interrupted": failed.runner == "go" || failed.runner == "junit"
    default: false
    }
  }

  private static func firstLine(_ text: String) -> Substring {
    text.drop { $0.isWhitespace }.prefix { !$0.isNewline }
  }

  /// Jest, Surefire, Ant, pytest, Cypress, PHPUnit, Android, Gradle, .NET, Xcode.
  ///
  /// They begin what the runner says. Further down a test may show what another runner said.
  private static let phrases = [
    "Test suite failed to run", "Call retries were exceeded", "A jest worker process (pid=",
    "The forked VM terminated", "SurefireBooterForkException",
    "Forked Java VM exited abnormally", "INTERNALERROR",
    "An uncaught error was detected outside of a test", "The data provider specified for ",
    "Instrumentation run failed", "Test run failed to complete. Expected ",
    "Could not complete execution for Gradle Test Executor", "Test host process crashed",
    "Early unexpected exit, operation never finished", "Test runner exited before starting test",
  ]

  // MARK: Skips

  /// Why tests are missing, where CTest could not start a test; `reason` is what it says of it.
  static func notRun(ctest name: String, reason: String) -> String? {
    if reason.hasPrefix("SKIP_") || reason == "Disabled" { return nil }
    return "CTest could not run \(name)" + (reason.isEmpty ? "" : ": \(reason)")
  }
}
