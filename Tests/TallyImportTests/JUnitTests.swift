import Foundation
import TallyModel
import Testing

@testable import TallyImport

@Suite struct JUnitTests {
  private func run(_ body: String) throws(ImportError) -> ImportedTestRun {
    try imported(Array("<testsuites>\(body)</testsuites>".utf8), as: JUnitImporter()).testRuns[0]
  }

  @Test(arguments: [
    ("tests.backend.test_a.TestX", [], "test_y", "tests/backend/test_a/TestX::test_y"),
    ("", ["outer", "inner.one"], "n", "outer/inner/one::n"), ("", [], "n", "::n"),
    ("", ["", "s"], "n", "s::n"), ("src/color.test.ts", [], "n", "src/color.test.ts::n"),
    ("./app.py", [], "n", "./app.py::n"), ("M.`a.b/c`.D", [], "`x.y`()", "M/`a.b/c`/D::`x.y`()"),
    ("A::B", ["s"], "t::u", "A::B::t::u"),
  ])
  func `ids`(_ className: String, _ suites: [String], _ name: String, _ id: String) {
    #expect(TestID.text(className: className, suites: suites, name: name) == id)
  }

  /// What two tries of one case come to, of a runner that repeats the case for each try.
  @Test(arguments: [
    ("", "", "passed"), ("<failure/>", "", "flaky"), ("", "<error/>", "flaky"),
    ("<failure/>", "<failure/>", "failed"), ("<failure/>", "<error/>", "error"),
    ("<error/>", "<failure/>", "error"), ("<skipped/>", "", "passed"),
    ("<skipped/>", "<failure/>", "failed"), ("<skipped/>", "<skipped/>", "skipped"),
    ("<flakyFailure/>", "<failure/>", "flaky"),
  ])
  func `tries of a Go test are merged`(_ first: String, _ second: String, _ outcome: String) throws
  {
    let both = [first, second].map { "<testcase name='TestA'>\($0)</testcase>" }.joined()
    let go = "<properties><property name='go.version' value='go1.26'/></properties>"
    let run = try run("<testsuite name='a/b'>\(go)\(both)</testsuite>")
    #expect(run.runner == "go")
    #expect(run.cases.map(\.outcome.name) == [outcome])
    #expect(run.elementCount == 2)
    #expect(run.adjusted.contains { $0.reason == "repeated" && $0.count == 1 })
  }

  /// pytest-rerunfailures writes the attempts that failed as elements without a verdict.
  @Test(arguments: [
    (["", ""], "flaky"), (["", "", ""], "flaky"), (["", "<failure/>"], "failed"),
    (["", "", "<error/>"], "error"), (["<failure/>", "<error/>"], "error"), ([""], "passed"),
    (["", "", "<failure/>", "<error/>"], "error"),
  ])
  func `reruns of pytest`(_ attempts: [String], _ outcome: String) throws {
    let cases = attempts.map { "<testcase name='a'>\($0)</testcase>" }.joined()
    let run = try run("<testsuite name='pytest'>\(cases)</testsuite>")
    #expect(run.cases.map(\.outcome.name) == [outcome])
    #expect(run.runner == "pytest")
  }

  @Test func `shards joined in one file are no reruns`() throws {
    let suite = "<testsuite name='pytest'><testcase name='a'/></testsuite>"
    let run = try run(suite + suite)
    #expect(run.cases.map(\.id) == ["pytest::a", "pytest::a #2"])
    #expect(run.cases.map(\.outcome) == [.passed, .passed])
  }

  @Test(arguments: [
    (
      #"<testcase classname="M.`a < b`" name="`x & "y"`()" time="0.1" />"#,
      "M/`a < b`::`x & \"y\"`()"
    ),
    (#"<testcase classname="M" name="`a <> b`()" />"#, "M::`a <> b`()"),
    (#"<testcase classname="M" name="`&lt; & <`()" time="1e-05" />"#, "M::`< & <`()"),
    (#"<testcase classname="M" name="`&#x41; & &amp;`()" />"#, "M::`A & &`()"),
  ])
  func `unescaped names are repaired`(_ line: String, _ id: String) throws {
    let run = try run("<testsuite name='TestResults'>\n  \(line)\n</testsuite>")
    #expect(run.cases.map(\.id) == [id])
    #expect(run.adjusted == [SkippedCount(reason: "repaired-line", count: 1)])
  }

  @Test(arguments: [
    #"<testcase classname="M" name="a" name="b < c" time="0.1" />"#,
    #"<testcase name="a < b" classname="M" />"#,
    #"<testcase classname="M" name="a < b" line="3" x"#,
    #"<x/><testcase classname="M" name="a < b" />"#, #"<testcase classname="M" time=""#,
  ])
  func `other shapes are refused`(_ line: String) {
    let text = Array("<testsuites><testsuite>\n\(line)\n</testsuite></testsuites>".utf8)
    #expect(refusal(text, as: JUnitImporter())?.contains("[import.malformed]") == true)
  }

  @Test func `times`() throws {
    let first = "<testsuite name='a' time='1,200.25' timestamp='2026-11-20T10:00:00'/>"
    let second = "<testsuite name='b' time='0.5' timestamp='2026-11-20T09:00:00+00:00'/>"
    let both = try run(first + second)
    #expect(both.durationMilliseconds == 1_200_750)
    #expect(both.started?.iso8601 == "2026-11-20T09:00:00Z")
    #expect(both.suites == ["a", "b"])
    let bad = try run("<testsuite time='fast' timestamp='today'/>")
    #expect(bad.durationMilliseconds == nil && bad.started == nil)
    #expect(bad.adjusted == [SkippedCount(reason: "invalid-time", count: 2)])
  }

  @Test func `an empty run is a run`() throws {
    let run = try run("")
    #expect(run.cases.isEmpty && run.succeeded && run.runner == "junit")
  }

  /// Every element is a case, or merged into one and counted.
  @Test func `nothing is lost`() throws {
    for name in fixtureNames("junit") {
      let path = fixtures.appendingPathComponent("junit/\(name)").path
      var sink = RecordingSink()
      let input = try InputBytes(path: path)
      try JUnitImporter().importRuns(from: input, limits: ImportLimits(), to: &sink)
      let run = sink.testRuns[0]
      let repeated = run.adjusted.first { $0.reason == "repeated" }?.count ?? 0
      #expect(run.elementCount == run.cases.count + repeated, "\(name)")
      #expect(Set(run.cases.map(\.id)).count == run.cases.count)
    }
  }

  @Test(arguments: [
    ("status='killed'", TestOutcome.error, 0), ("status='Inconclusive'", .skipped, 0),
    ("executed='False'", .skipped, 0), ("disabled='true'", .skipped, 0),
    ("status='completed'", .passed, 0), ("status='xyz'", .passed, 1),
    ("status='XFAIL'", .skipped, 0), ("status='xpass'", .passed, 1), ("status='flaky'", .flaky, 0),
    ("status='FLAKYPASS'", .flaky, 0), ("status='unexpected'", .failed, 0),
    ("status='running'", .error, 0), ("status='UNRESOLVED'", .error, 0),
    ("status='unsupported'", .skipped, 0), ("outcome='Failed'", .failed, 0),
    ("outcome='Passed'", .passed, 0), ("success='False'", .failed, 0), ("success='0'", .failed, 0),
    ("success='True'", .passed, 0), ("success='Turue'", .passed, 1),
    ("status='passed' success='no'", .failed, 0), ("executed='False' success='False'", .failed, 0),
    ("status='run' result='failed'", .failed, 0), ("status='a' result='b'", .passed, 2),
  ])
  func `words for states that are no element`(
    _ attributes: String,
    _ outcome: TestOutcome,
    _ unknown: Int
  ) throws {
    let text = "<testsuite><testcase name='a' \(attributes)/></testsuite>"
    let run = try imported(Array(text.utf8), as: JUnitImporter()).testRuns[0]
    #expect(run.cases.map(\.outcome) == [outcome])
    #expect(run.adjusted.first(where: { $0.reason == "unknown-status" })?.count ?? 0 == unknown)
  }

  @Test(
    arguments: [
      ("1,234.5", 1_234_500), ("0,123", 123), ("12,5", 12_500), ("1,234", 1_234_000),
      ("1.234,5", nil),
    ] as [(String, Int?)]
  )
  func `a comma groups thousands, or stands for the point`(_ time: String, _ milliseconds: Int?)
    throws
  {
    let text = "<testsuite time='\(time)'><testcase name='a'/></testsuite>"
    let run = try imported(Array(text.utf8), as: JUnitImporter()).testRuns[0]
    #expect(run.durationMilliseconds == milliseconds)
  }
}
