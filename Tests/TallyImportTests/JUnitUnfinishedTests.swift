import TallyModel
import Testing

@testable import TallyImport

/// Pins which files say that tests did not run, so that nothing counts as removed by them.
@Suite struct JUnitUnfinishedTests {
  private func run(_ text: String) throws -> ImportedTestRun {
    try imported(Array(text.utf8), as: JUnitImporter()).testRuns[0]
  }

  private func suite(_ attributes: String, _ body: String) throws -> ImportedTestRun {
    try run("<testsuite \(attributes)>\(body)</testsuite>")
  }

  /// What each runner writes in the place of tests that it could not run.
  @Test(arguments: [
    ("JUnit 4", "classname='a.B' name='initializationError'", "<error message='no runner'/>"),
    ("JUnit 4", "classname='a.B' name='initializationError(a.B)'", "<error/>"),
    ("Gradle", "classname='a.B' name='classMethod'", "<failure message='m'/>"),
    ("Gradle", "classname='a.B' name='executionError'", "<failure message='m'/>"),
    ("Surefire", "classname='a.B' name=''", "<error message='beforeAll'/>"),
    ("Surefire", "classname='a.B' name='t'", "<error>The forked VM terminated early</error>"),
    ("Ant", "classname='a.B' name='t'", "<error message='Forked Java VM exited abnormally.'/>"),
    ("go-junit-report", "classname='a/b' name='[build failed]'", "<error message='Build error'/>"),
    ("go-junit-report 1", "classname='b' name='[build failed]'", "<failure message='Failed'/>"),
    ("go-junit-report", "classname='a/b' name='[setup failed]'", "<error message='Build error'/>"),
    ("go-junit-report", "classname='a/b' name='Failure'", "<error message='Runtime error'/>"),
    ("go-junit-report", "classname='a/b' name='TestA'", "<error message='No test result found'/>"),
    ("gotestsum", "classname='a/b' name='TestMain'", "<failure message='Failed'>x</failure>"),
    ("pytest", "classname='pytest' name='internal'", "<error message='internal error'/>"),
    ("pytest", "classname='' name='b'", "<error message='collection failure'>E</error>"),
    ("unittest", "classname='unittest.loader._FailedTest' name='a.b'", "<error/>"),
    ("unittest", "classname='x' name='setUpClass (a.B)'", "<error message='m'/>"),
    ("Jest", "classname='Test suite failed to run' name='a.spec.ts'", "<error>m</error>"),
    ("Jest", "classname='a' name='undefined'", "<error>Test suite failed to run\nX</error>"),
    ("Mocha", "classname='a' name='A &quot;before all&quot; hook'", "<failure message='m'/>"),
    (
      "Mocha", "classname='a' name='A &quot;before each&quot; hook for &quot;b&quot;'", "<failure/>"
    ),
    ("Ginkgo", "classname='a' name='[BeforeSuite]'", "<failure message='m'/>"),
    ("Jest", "classname='a' name='b'", "<error>  ● Test suite failed to run\n\nX</error>"),
    ("Surefire", "classname='a.B' name='t'", "<error message='E: The forked VM terminated'/>"),
    (
      "Cypress", "classname='a' name='An uncaught error'",
      "<failure message='An uncaught error was detected outside of a test'/>"
    ),
    ("nose", "classname='nose.failure.Failure' name='runTest'", "<error/>"),
    ("bats", "classname='a' name='setup_file failed'", "<failure/>"),
  ])
  func `a case in the place of others`(_ by: String, _ names: String, _ verdict: String) throws {
    let body = "<testcase \(names)>\(verdict)</testcase><testcase classname='c' name='d'/>"
    let run = try suite("name='s'", body)
    #expect(!run.succeeded && run.failure != nil, "\(by)")
    #expect(run.cases.count == 2)
  }

  /// CTest alone writes this of a test that it could not start; elsewhere it was not to run.
  @Test(arguments: [
    ("disabled='0' hostname=''", "<skipped message='Unable to find executable'/>", false),
    ("disabled='0' hostname=''", "<skipped message=''/>", false), ("", "<skipped/>", true),
    ("disabled='0' hostname=''", "<skipped message='Disabled'/>", true), ("", "", true),
  ])
  func `a test that is not run`(_ attributes: String, _ verdict: String, _ isFinished: Bool) throws
  {
    let case1 = "<testcase classname='a' name='a' status='notrun'>\(verdict)</testcase>"
    let run = try suite("name='s' \(attributes)", case1)
    #expect(run.succeeded == isFinished, "\(run.failure ?? "")")
    #expect(run.cases.map(\.outcome) == [.skipped])
  }

  /// Totals that tell of a test or a failure which is not in the file, as runners write them.
  @Test(arguments: [
    "<testsuite total='2' failed='1'><testcase name='a'/></testsuite>",
    "<testsuite tests=' 2 '><testcase name='a'/></testsuite>",
    "<testsuite tests='1' failures='1.0'><testcase name='a'/></testsuite>",
    "<testsuite tests='3' skipped='1' disabled='1'><testcase name='a'/></testsuite>",
    "<testsuites tests='4'><testsuite tests='2'><skipped/></testsuite><testsuite><testcase name='a'/></testsuite></testsuites>",
    "<testsuites><testsuites tests='2'><testsuite><testcase name='a'/></testsuite></testsuites></testsuites>",
    "<testsuite name='catch2' errors='0' failures='1' tests='3' hostname='tbd' time='1'><testcase classname='x.global' name='a' status='run'/></testsuite>",
  ])
  func `totals that tell of more than is in the file`(_ text: String) throws {
    #expect(try !run(text).succeeded)
  }

  /// What is counted and left out by intent, also where only a suite further in says so.
  @Test(arguments: [
    "<testsuites tests='3'><testsuite tests='3' skipped='2'><testcase name='a'/></testsuite></testsuites>",
    "<testsuites tests='3'><testsuite tests='2'><skipped/></testsuite><testsuite tests='1'><testcase name='a'/></testsuite></testsuites>",
  ])
  func `totals of what was skipped and is not written`(_ text: String) throws {
    #expect(try run(text).succeeded)
  }

  @Test(arguments: ["status='aborted'", "result='Crashed'", "status='TIMED_OUT'"])
  func `a suite that says that it broke off`(_ word: String) throws {
    #expect(try !suite(word, "<testcase name='a'/>").succeeded)
    #expect(try !run("<testsuites \(word)><testsuite/></testsuites>").succeeded)
  }

  /// An empty report of these is what they write when a file could not be loaded.
  @Test(arguments: [
    ("<testsuite name='rspec' tests='0' failures='0' errors='0'/>", false),
    ("<testsuites id='' name='' tests='0' failures='0'/>", false),
    ("<testsuite name='pytest' tests='3'/>", false), ("<testsuite name='pytest' tests='0'/>", true),
    ("<testsuite name='s' hostname='tbd' tests='3'/>", false), ("<testsuite name='s'/>", true),
  ])
  func `a report without a test`(_ text: String, _ isFinished: Bool) throws {
    #expect(try run(text).succeeded == isFinished)
  }

  /// The same names, and nothing that says that anything is missing.
  @Test(arguments: [
    "classname='a.B' name='classMethod'/>", "classname='' name='TestMain'/>",
    "classname='pytest' name='internal'/>", "classname='' name=''/>",
    "classname='a' name='A &quot;after all&quot; hook'><failure/></testcase>",
    "classname='a' name='initializationErrorIsShown'><failure/></testcase>",
    "classname='a' name='a' status='disabled'/>", "classname='A' name='b' status='notrun'/>",
    "classname='a' name='a'><failure message='m'/></testcase>",
    "classname='a' name='b'><failure message='panic: x'>panic: x\ngoroutine 1</failure></testcase>",
  ])
  func `a case like any other`(_ rest: String) throws {
    let run = try suite("name='s'", "<testcase \(rest)")
    #expect(run.succeeded, "\(run.failure ?? "")")
  }

  @Test func `a panic takes the package with it`() throws {
    let failure =
      "<failure message='Failed'>=== RUN TestA\npanic: x\n\ngoroutine 7 [running]:</failure>"
    let go = "<properties><property name='go.version' value='1'/></properties>"
    let run = try suite("name='a/b'", "\(go)<testcase name='TestA'>\(failure)</testcase>")
    #expect(run.failure?.contains("a panic in TestA") == true)
  }

  /// Totals above what the file holds; Jest counts the error of a suite that it did not write.
  @Test(arguments: [
    "<testsuite name='s' tests='0' errors='1'/>",
    "<testsuite name='s' tests='2'><testcase name='a'/></testsuite>",
    "<testsuite name='s' failures='1'><testcase name='a'/></testsuite>",
    "<testsuite name='s' failures='1' errors='1'><testcase name='a'><error/></testcase></testsuite>",
    "<testsuites errors='1'><testsuite name='s'><testcase name='a'/></testsuite></testsuites>",
    "<testsuites tests='3'><testsuite><testcase name='a'/></testsuite></testsuites>",
    "<testsuites failures='2'><testsuite><testcase name='a'><failure/></testcase></testsuite>"
      + "</testsuites>",
    "<testsuite><testsuite name='inner' tests='1'/><testcase name='a'/></testsuite>",
    "<testsuite name='s' failures='1'><testcase name='a'><oops/></testcase></testsuite>",
    "<testsuite name='pytest' failures='1' tests='1'><testcase name='a'/></testsuite>",
  ])
  func `totals beyond the file`(_ text: String) throws {
    let run = try run(text)
    #expect(!run.succeeded)
    #expect(run.failure?.contains("in the file") == true, "\(run.failure ?? "")")
  }

  /// Totals of whole runs of real runners that are no counts of the cases in the file.
  @Test(arguments: [
    // Nette Tester counts its failures as errors.
    "<testsuite tests='1' errors='1'><testcase name='a'><failure/></testcase></testsuite>",
    // Surefire counts every try.
    "<testsuite tests='3' failures='2'><testcase name='a'><flakyFailure/><flakyFailure/></testcase>"
      + "</testsuite>",
    "<testsuite tests='3' failures='3'><testcase name='a'><failure/><rerunFailure/><rerunFailure/>"
      + "</testcase></testsuite>",
    // pytest counts subtests that pass and does not write them.
    "<testsuite name='pytest' tests='15'><testcase name='a'/></testsuite>",
    // Catch2 counts assertions.
    "<testsuite name='s' tests='9' failures='2' hostname='tbd'><testcase name='a'><failure/>"
      + "</testcase></testsuite>",
    // gotestsum counts the lines of the compiler, warnings among them.
    "<testsuites errors='1'><testsuite name='a/b'><properties><property name='go.version'/>"
      + "</properties><testcase name='TestA'/></testsuite></testsuites>",
    // Skipped tests that are only counted, and a suite that was skipped as a whole (PHPUnit).
    "<testsuite tests='3' skipped='2'><testcase name='a'/></testsuite>",
    "<testsuite tests='3' pending='2'><testcase name='a'/></testsuite>",
    "<testsuite tests='3' not-run='2'><testcase name='a'/></testsuite>",
    "<testsuite tests='2'><testsuite tests='2'><skipped/></testsuite></testsuite>",
    // Totals below the file, and none.
    "<testsuite tests='1' failures='0'><testcase name='a'/><testcase name='b'><failure/></testcase>"
      + "</testsuite>", "<testsuite tests='' failures='many'/>",
    "<testsuite tests='1,000' skipped='999'><testcase name='a'/></testsuite>",
  ])
  func `totals of whole runs`(_ text: String) throws {
    let run = try run(text)
    #expect(run.succeeded, "\(run.failure ?? "")")
  }

  @Test func `a failure beside the cases`() throws {
    let run = try suite("name='s'", "<error message='m'/><testcase name='a'/>")
    #expect(!run.succeeded && run.cases.count == 1)
  }
}
