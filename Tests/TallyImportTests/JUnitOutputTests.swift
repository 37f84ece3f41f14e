import TallyModel
import Testing

@testable import TallyImport

/// Pins which sentences in the output of a suite say that the run broke off.
@Suite struct JUnitOutputTests {
  private func run(_ inside: String, suite: String = "name='s'") throws -> ImportedTestRun {
    let text = "<testsuites><testsuite \(suite)>\(inside)</testsuite></testsuites>"
    return try imported(Array(text.utf8), as: JUnitImporter()).testRuns[0]
  }

  private let test = "<testcase classname='k' name='y'/>"

  @Test(arguments: [
    "The active test run was aborted. Reason: Test host process crashed : Stack overflow.",
    "Error - The active test run was aborted. Reason: Test host process crashed",
    "Error - Testhost process for source(s) '/a/T.dll' exited with error: no runtime",
    "Error - An exception occurred while invoking executor 'executor://nunit': x",
    "[ERROR] The forked VM terminated without properly saying goodbye. VM crash or System.exit?",
    "Process 'Gradle Test Executor 1' finished with non-zero exit value 134",
    "# A fatal error has been detected by the Java Runtime Environment:", "Bail out! no database",
    "A jest worker process (pid=12) was terminated by another process: signal=SIGSEGV",
    "-- Test timed out at 2026-11-30 10:00:00 UTC --", "INTERNALERROR> Traceback",
    "xdist: maximum crashed workers reached: 4",
  ])
  func `a run that broke off`(_ sentence: String) throws {
    for element in ["system-out", "system-err"] {
      let output = "<\(element)>one\r\n  \(sentence)\r\nmore</\(element)>"
      let run = try run(test + output)
      #expect(run.failure == "s broke off: \("  " + sentence)")
      #expect(run.cases.count == 1)
      // What a test printed may be about any run.
      let inside = "<testcase name='y'>\(output)</testcase><properties>\(output)</properties>"
      #expect(try self.run(inside).succeeded)
      // It is the begin of a line, and no part of one.
      #expect(try self.run("\(test)<\(element)>see: \(sentence)</\(element)>").succeeded)
    }
  }

  @Test func `output of any length`() throws {
    let log = String(repeating: "a line that is long enough to say nothing\n", count: 50_000)
    let long = String(repeating: "x", count: 100_000)
    #expect(try run("\(test)<system-out>\(log)\(long)\n\(log)</system-out>").succeeded)
    let broken = try run("\(test)<system-out>\(log)\(long)\nBail out!</system-out>")
    #expect(broken.failure == "s broke off: Bail out!")
    let parts = "<system-out><![CDATA[Bail]]><![CDATA[ out!]]></system-out>"
    #expect(try !run(test + parts).succeeded)
  }

  @Test func `a panic in the output of a Go package`() throws {
    let go = "<properties><property name='go.version' value='1'/></properties>"
    let output = "<system-out>panic: x\n\ngoroutine 1 [running]:\n</system-out>"
    #expect(try !run(go + test + output).succeeded)
    #expect(try run(test + output).succeeded)
    #expect(try run(go + test + "<system-out>panic: x\n</system-out>").succeeded)
  }
}
