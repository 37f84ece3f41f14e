/// Finds out which runner wrote a file, by what it always writes and never by how tests came out.
///
/// Where the content does not tell, the runner is `junit`: `--category` keeps such lanes apart.
struct JUnitRunner {
  private var found: String?
  private var isFirstSuite = true
  private var isFirstCase = true
  private var hasPlainRoot = false
  private var suiteNames: Set<String> = []
  private var hasSwiftNames = false
  private var hasDisabledTotal = false
  private var hasHostName = false
  private var looksLikeDoctest = false

  /// The runner as it is known by now; `junit` where nothing told yet.
  var name: String { found ?? "junit" }

  /// Takes the attributes of `testsuites`.
  mutating func takeRoot(_ attributes: [(name: String, value: String)]) {
    let values = Dictionary(attributes, uniquingKeysWith: { first, _ in first })
    hasPlainRoot = attributes.isEmpty
    switch values["name"] ?? "" {
    case "pytest tests": found = "pytest"
    case "jest tests": found = "jest"
    case "vitest tests": found = "vitest"
    case "Mocha Tests": found = "mocha"
    case "nextest-run": found = "nextest"
    case "bun test": found = "bun"
    case "deno test": found = "deno"
    case "AllTests" where values["disabled"] != nil: found = "googletest"
    case "" where values["name"] != nil && values["id"] == "": found = "playwright"
    default: break
    }
  }

  /// Takes the attributes of a `testsuite`.
  mutating func takeSuite(_ attributes: [(name: String, value: String)]) {
    let isFirst = isFirstSuite
    isFirstSuite = false
    let values = Dictionary(attributes, uniquingKeysWith: { first, _ in first })
    let name = values["name"] ?? ""
    if suiteNames.count < 2 { suiteNames.insert(name) }
    if name == "pytest" { found = "pytest" }
    guard isFirst, found == nil else { return }
    hasDisabledTotal = values["disabled"] != nil
    hasHostName = values["hostname"] != nil
    looksLikeDoctest = attributes.map(\.name) == Self.doctest
    if values["hostname"] == "tbd" {
      found = "catch2"
    } else if values.contains(where: {
      $0.key.hasSuffix("noNamespaceSchemaLocation") && $0.value.contains("surefire")
    }) {
      found = "surefire"
    } else if attributes.map(\.name) == Self.gradle {
      found = "gradle"
    } else if values["assertions"] != nil {
      found = name == "minitest" ? "minitest" : "phpunit"
    } else if name == "Mocha Tests" || name == "Root Suite" {
      found = "mocha"
    } else if name.hasPrefix("rspec"), name.dropFirst(5).allSatisfy(\.isWholeNumber) {
      found = "rspec"
    } else if name == "minitest" {
      found = "minitest"
    } else if name.hasSuffix(".dll") {
      found = "dotnet"
    } else if name.hasSuffix(".bats") {
      found = "bats"
    } else if JUnitRunner.withoutTime(name) != name {
      found = "unittest"
    }
  }

  /// Takes a `property` of a suite.
  mutating func takeProperty(_ name: String) {
    guard found == nil else { return }
    if name == "go.version" { found = "go" }
  }

  /// Takes the attributes of a case.
  mutating func takeCase(className: String, name: String, status: String?, hasResult: Bool) {
    if name.utf8.last == UInt8(ascii: ")") { hasSwiftNames = true }
    defer { isFirstCase = false }
    guard found == nil else { return }
    if className.hasPrefix("Test suite failed to run") { found = "jest" }
    guard isFirstCase else { return }
    if className == "test", hasPlainRoot {
      found = "node"
    } else if className.hasPrefix("CucumberJUnitReport-") {
      found = "webdriverio"
    } else if looksLikeDoctest, Self.sources.contains(where: { className.hasSuffix($0) }) {
      found = "doctest"
    } else if let status, Self.ctest.contains(status), hasDisabledTotal, hasHostName,
      className == name, !hasResult
    {
      found = "ctest"
    }
  }

  /// Takes the type of a skip: pytest names itself there.
  mutating func takeSkip(type: String) {
    if found == nil, type.hasPrefix("pytest.") { found = "pytest" }
  }

  /// The runner, once everything was taken.
  func finish() -> String {
    if suiteNames == ["TestResults"] { return hasSwiftNames ? "swift-testing" : found ?? "xctest" }
    return name
  }

  /// True where the runner repeats a case for each try and never writes two tests with one name.
  ///
  /// Go and pytest refuse equal names. For others two equal names are two tests.
  var repeatsTries: Bool { found == "pytest" || found == "go" }

  /// True where `tests` counts subtests as well, of which those that pass are not written.
  var countsSubtests: Bool { found == "pytest" }

  /// True where a file that cannot be loaded stops the whole run, and an empty report is written.
  var isSilentOnLoadErrors: Bool { found == "rspec" || found == "playwright" }

  /// True where the totals count assertions and not cases.
  var countsAssertions: Bool { found == "catch2" || found == "doctest" }

  /// True where the errors of the root are lines of the compiler, warnings among them.
  var countsCompilerLines: Bool { found == "go" }

  /// The name of a suite without the time at its end, which xmlrunner adds.
  static func withoutTime(_ suite: String) -> String {
    let tail = suite.suffix(15)
    guard suite.count > 15, tail.first == "-",
      tail.dropFirst().allSatisfy({ $0.isASCII && $0.isWholeNumber })
    else { return suite }
    return String(suite.dropLast(15))
  }

  private static let gradle = [
    "name", "tests", "skipped", "failures", "errors", "timestamp", "hostname", "time",
  ]
  private static let doctest = ["name", "errors", "failures", "tests"]
  private static let sources = [".cpp", ".cc", ".cxx", ".c", ".h", ".hpp", ".mm"]
  private static let ctest: Set<String> = ["run", "fail", "notrun", "disabled"]
}
