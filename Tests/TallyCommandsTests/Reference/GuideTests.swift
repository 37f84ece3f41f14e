import Foundation
import Testing

/// The guides work when they are typed as they stand.
///
/// Method: every block of a page, from top to bottom, in one repository: a configuration is written to `tally.yml`, lines that call `tally` are given to
/// a shell. The scanner's files are there already, an example's id becomes a real one, and nothing is piped to another site's program.
@Suite struct GuideTests {
  @Test(
    "every command of the page works, in the order of the page",
    arguments: ["README.md", "docs/getting-started.md"]
  )
  func page(_ name: String) throws {
    let page = try String(
      contentsOf: Golden.project.appendingPathComponent(name),
      encoding: .utf8
    )
    let sandbox = try Sandbox()
    try sandbox.write("import redis\n\nclient = redis.Redis()\n", to: "src/agents/run.py")
    try sandbox.commit("Start")
    var linter = Linter()
    linter.tool = "ruff"
    linter.rules = ["TID251", "F401"]
    let finding = linter.finding("TID251", "src/agents/run.py", line: 3, "`redis.Redis` is banned")
    try sandbox.write(try Linter.log([linter.run([finding])]), to: "ruff.sarif")
    try sandbox.write(
      "<testsuites><testsuite name=\"a\"><testcase name=\"b\" classname=\"tests.auth.a\"/></testsuite></testsuites>\n",
      to: "tests.xml"
    )
    sandbox.now = "2026-11-20T12:00:00Z"
    var (calls, configurations) = (0, 0)
    for block in page.matches(of: #/(?s)```(\w+)\n(.*?)```/#) {
      let text = String(block.output.2)
      if block.output.1 == "yaml", text.hasPrefix("version:") {
        try sandbox.write(text, to: "tally.yml")
        configurations += 1
      }
      guard block.output.1 == "sh" else { continue }
      for line in text.split(separator: "\n") where line.hasPrefix("tally ") {
        var call = line.replacing(#/\s*\| gh .*/#, with: "")
        if call.contains("T-7K3QF2") {
          call = call.replacing("T-7K3QF2", with: try sandbox.violation("--rule", "TID251"))
        }
        let outcome = try sandbox.shell("PATH=$(dirname \"$TALLY\"):$PATH; \(call)")
        #expect(outcome.status == 0, "\(name): \(call): \(outcome.errors)")
        #expect(outcome.output != "" || call.contains(" -o "), "\(name): \(call) prints nothing")
        calls += 1
      }
    }
    #expect(calls >= 2 && configurations == 1, "the page has blocks of another form now")
  }
}
