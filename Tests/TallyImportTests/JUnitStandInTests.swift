import TallyModel
import Testing

@testable import TallyImport

/// Pins what stands in the place of tests that did not run, where only the runner, the place or the
/// text of a failure tells.
@Suite struct JUnitStandInTests {
  private func run(_ text: String) throws -> ImportedTestRun {
    try imported(Array(text.utf8), as: JUnitImporter()).testRuns[0]
  }

  private func suite(_ attributes: String, _ names: String, _ verdict: String) throws
    -> ImportedTestRun
  {
    try run("<testsuite \(attributes)><testcase \(names)>\(verdict)</testcase></testsuite>")
  }

  /// The attributes of a suite, the names of the case, its verdict.
  @Test(arguments: [
    ("name='@setup-script:db'", "name='db' classname='db'", "<failure type='exit code 1'/>"),
    ("name='s'", "name='(It is not a test it is a sbt.testing.SuiteSelector)'", "<error/>"),
    ("name='s'", "name='loading test/a_test.dart'", "<error message='Failed to load'/>"),
    ("name='s'", "name='A (setUpAll)'", "<failure/>"),
    ("name='s'", "name='Number of runned tests does not match plan.'", "<error/>"),
    ("name='s'", "name='setup_suite'", "<failure/>"),
    ("name='s'", "name='An uncaught error was detected outside of a test'", "<failure/>"),
    ("name='s'", "classname='nose2.loader.LoadTestsFailure' name='a'", "<error/>"),
    ("name='src/a.test.ts'", "name='src/a.test.ts' classname='src/a.test.ts'", "<failure/>"),
    ("name='a.B'", "name='a.B' classname='a.B'", "<failure/>"),
    ("name='K' assertions='1'", "name='K' classname='K'", "<error>boom</error>"),
    ("name='JUnit Jupiter'", "name='a.B' classname='a.B'", "<failure/>"),
    ("name='p/t'", "name='p/t'", "<error message='exited with error code 137'/>"),
    ("name='p/t'", "name='p/t'", "<error message='Timed out'/>"),
    ("name='k'", "classname='k' name='y'", "<error type='a.SurefireBooterForkException'>x</error>"),
    ("name='k'", "classname='k' name='k'", "<error>Call retries were exceeded</error>"),
    ("name='k'", "name='y'", "<error message='Test run failed to complete. Expected 5 tests'/>"),
    ("name='k'", "name='y'", "<error message='No pass/skip/fail event found for test'/>"),
    ("name='k'", "name='y'", "<error message='Interrupted'/>"),
  ])
  func `failed as a whole`(_ attributes: String, _ names: String, _ verdict: String) throws {
    let run = try suite(attributes, names, verdict)
    #expect(!run.succeeded)
    #expect(run.cases.count == 1)
    let passed = try suite(attributes, names, "")
    #expect(passed.succeeded, "\(passed.failure ?? "")")
  }

  /// A test that failed, and is called or says nearly so.
  @Test(arguments: [
    // Meson calls suite and class after the project.
    ("name='zlib'", "name='zlib' classname='zlib'", "<failure/>"),
    // A class may have a test of its name.
    ("name='Foo' disabled='0' hostname='tbd'", "name='Foo' classname='Foo'", "<failure/>"),
    // Bazel writes this of every program without a report of its own.
    ("name='p/t'", "name='p/t'", "<error message='exited with error code 1'/>"),
    ("name='s'", "name='loading a file.txt'", "<failure/>"),
    ("name='s'", "classname='k' name='y'", "<failure message='Failed'>panic: x</failure>"),
    // Jest's own tests show what Jest said.
    (
      "name='s'", "classname='k' name='y'",
      "<failure>Error: expect(received)\n  ● Test suite failed to run</failure>"
    ),
  ])
  func `failed alone`(_ attributes: String, _ names: String, _ verdict: String) throws {
    let run = try suite(attributes, names, verdict)
    #expect(run.succeeded, "\(run.failure ?? "")")
  }

  /// Node writes a file as a case where its process failed beside its tests; real output.
  @Test func `a file of Node`() throws {
    func report(_ message: String, _ text: String) throws -> ImportedTestRun {
      try run(
        "<testsuites>\n<testcase name='/r/a.test.js' classname='test' failure='\(message)'>"
          + "<failure type='testCodeFailure' message='\(message)'>\n\(text)</failure></testcase>"
          + "</testsuites>"
      )
    }
    let text =
      "[Error: test failed] { code: 'ERR_TEST_FAILURE', cause: 'test failed', exitCode: 1 }"
    #expect(try !report("test failed", text).succeeded)
    #expect(try report("x", "[Error [ERR_TEST_FAILURE]: x] { code: 'ERR_TEST_FAILURE' }").succeeded)
  }

  /// The tests behind a crash are missing where xdist may not start another worker; real output.
  @Test func `a worker of pytest crashed`() throws {
    let said = "worker 'gw0' crashed while running 'test_crash.py::test_2'"
    let error = "<error message=\"failed on setup with '\(said)'\">\(said)</error>"
    let run = try suite("name='pytest' errors='1' tests='1'", "name='test_2'", error)
    #expect(run.failure == "a worker crashed in test_2, so tests may be missing")
    let shown = "<failure message='assert 0'>def test():\n  \(said)</failure>"
    #expect(try suite("name='pytest'", "name='test_2'", shown).succeeded)
  }

  @Test(arguments: ["panic: boom", "fatal error: all goroutines are asleep", "SIGSEGV: violation"])
  func `a Go panic where no property names Go`(_ panic: String) throws {
    func report(_ message: String, _ log: String) throws -> ImportedTestRun {
      let text = "\(log)\(panic)\n\ngoroutine 7 [running]:\n"
      let failure = "<failure message='\(message)'>\(text)</failure>"
      return try suite("name='s'", "classname='k' name='y'", failure)
    }
    #expect(try !report("Failed", "").succeeded)
    #expect(try !report("Failed", String(repeating: "log line\n", count: 20_000)).succeeded)
    // What a test of another language shows of a program in Go.
    #expect(try report("assert 0", "").succeeded)
    #expect(try report("Failed", "> ").succeeded)
  }
}
