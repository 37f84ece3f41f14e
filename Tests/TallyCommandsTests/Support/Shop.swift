import Foundation
import Testing

extension Sandbox {
  /// A small program with 6 findings: 4 in `src/app.py`, 2 in `src/tools/export.py`.
  func writeShop() throws {
    try write(
      """
      def load(text):
          return eval(text)

      def price(text):
          amount = eval(text)
          print(amount)
          return amount

      def run(script):
          exec(script)

      """,
      to: "src/app.py"
    )
    try write(
      """
      def export(rows):
          for row in rows:
              print(row)

      def parse(cell):
          return eval(cell)

      """,
      to: "src/tools/export.py"
    )
    try write("def test_price():\n    assert True\n", to: "tests/test_app.py")
  }

  /// Replaces text in a file; the text has to be there.
  func edit(_ path: String, _ old: String, _ new: String) throws {
    let text = try read(path)
    guard text.contains(old) else { throw Refused(errors: "\(path) does not hold \(old)") }
    try write(text.replacingOccurrences(of: old, with: new), to: path)
  }

  /// A `tally.yml` with one campaign over everything and two priorities.
  func writeConfiguration(_ more: String = "") throws {
    try write(
      """
      version: 1
      project: shop
      stale_after: 30d
      campaigns:
        - id: no-eval
          issue: 7
          title: No code from text
          select: {rules: [no-eval, no-exec], branch: main}
          baseline: {date: 2026-03-01}
          target: 0
          priorities:
            - {id: P1, title: Application, paths: ["src/*"]}
            - {id: P2, title: Tools, paths: ["src/tools/**"]}
          metrics:
            - {name: rss_mb, title: Memory, better: lower}
          criteria:
            - {title: Nothing evaluates text, violations: 0}
            - {title: Tests pass, tests: passing}
            - {title: Operations agreed, attested: operations}
      \(more)
      """,
      to: "tally.yml"
    )
  }

  /// The shop's history: 6 findings on day 1, then a fix, a new one, a rename with edits, tests and a measurement.
  func playShop() throws {
    try writeConfiguration()
    try writeShop()
    try commit("Start the shop")
    try scan()
    try edit("src/app.py", "amount = eval(text)", "amount = float(text)")
    try write(
      "def debug(order):\n    print(order)\n\ndef run(code):\n    return exec(code)\n",
      to: "src/debug.py"
    )
    try commit("Read prices as numbers (#7)")
    try scan()
    try git("mv", "src/tools/export.py", "src/tools/csv.py")
    try edit("src/tools/csv.py", "def export(rows):", "def export(rows, out):")
    try commit("Name the exporter after its format")
    try scan()
    try write(
      """
      <testsuites><testsuite name="tests">
      <testcase classname="tests.test_app" name="test_price"/>
      <testcase classname="tests.test_app" name="test_load"><failure message="no"/></testcase>
      </testsuite></testsuites>
      """,
      to: "tests.xml"
    )
    try ok("ingest", "tests.xml")
    try ok("measure", "rss_mb=412")
  }

  /// The id of the only open violation that a list with these options shows.
  func violation(_ options: String...) throws -> String {
    let answer = try run(["list", "--output", "json"] + options).json()
    let found = answer["violations"] as? [[String: Any]] ?? []
    guard found.count == 1, let id = found[0]["id"] as? String else {
      throw Refused(errors: "\(found.count) violations for \(options)")
    }
    return id
  }
}
