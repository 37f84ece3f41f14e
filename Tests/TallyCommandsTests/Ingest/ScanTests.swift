import Foundation
import Testing

/// What happens to the books when scans come.
///
/// Method: a real repository, a linter that reports what the sources hold, the real program; the numbers are those of the edits.
@Suite struct ScanTests {
  @Test("the first scan brings everything forward")
  func first() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    let commit = try sandbox.commit("Start")
    let run = try sandbox.scan()
    #expect(run.lane == "lintel@main")
    #expect(run.commit == commit)
    #expect(run.postings == ["brought forward": 6])
    #expect(run.open == 6)
    #expect(run.before == nil)
    #expect(run.isNew && !run.isLate && !run.failed)
    #expect(run.warnings == [])
  }

  @Test("a rescan of an unchanged commit by another run changes the journal only")
  func rescan() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    let first = try sandbox.scan()
    try sandbox.commit("Say nothing new")
    let second = try sandbox.scan()
    #expect(second.isNew)
    #expect(second.postings == [:])
    #expect(second.open == 6)
    #expect(second.before == 6)
    #expect(second.size > first.size)
    #expect(try sandbox.ok("list").hasSuffix("6 violations\n"))
  }

  @Test("the same file again changes nothing, not even the size of the journal")
  func again() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    let first = try sandbox.scan()
    let before = sandbox.bytes()
    sandbox.now = "2026-04-01T00:00:00Z"
    let second = try sandbox.scan()
    #expect(!second.isNew)
    #expect(second.size == first.size)
    #expect(second.root == first.root)
    #expect(second.entry == first.entry)
    #expect(second.open == 6)
    #expect(sandbox.bytes() == before)
    let text = try sandbox.ok("ingest", "lint.sarif")
    #expect(text.hasPrefix("lintel@main  6 open  recorded before, nothing changed  root "))
  }

  @Test("the line for people says what came, what went and where the journal stands")
  func sentence() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    let first = try sandbox.scan()
    #expect(first.size == 5)
    try sandbox.edit("src/app.py", "eval(text)", "float(text)")
    try sandbox.edit("src/app.py", "print(amount)", "print(amount); exec(amount)")
    try sandbox.commit("Change")
    try sandbox.lint()
    let text = try sandbox.ok("ingest", "lint.sarif")
    #expect(
      text.wholeMatch(
        of: #/lintel@main  \+1 introduced  -2 fixed  5 open \(was 6\)  root 11:[0-9a-f]{12}\n/#
      ) != nil,
      "\(text)"
    )
  }

  @Test("fixed, introduced, moved with edits: each finding gets its own cause")
  func causes() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    try sandbox.scan()
    let id = try sandbox.violation("--path", "src/tools/*", "--rule", "no-eval")

    try sandbox.edit("src/app.py", "exec(script)", "return script")
    try sandbox.commit("Fix one")
    let fixed = try sandbox.scan()
    #expect(fixed.postings == ["fixed": 1])

    try sandbox.write("print(1)\n", to: "src/new.py")
    try sandbox.commit("Add one")
    let added = try sandbox.scan()
    #expect(added.postings == ["introduced": 1])

    try sandbox.git("mv", "src/tools/export.py", "src/tools/csv.py")
    try sandbox.edit("src/tools/csv.py", "def export", "import os\n\n\ndef export")
    try sandbox.commit("Rename with edits")
    let renamed = try sandbox.scan()
    #expect(renamed.postings == [:])
    #expect(try sandbox.violation("--path", "src/tools/csv.py", "--rule", "no-eval") == id)
    let whole = try #require(try sandbox.json("show", id)["fullID"] as? String)
    #expect(try sandbox.json("show", whole.lowercased())["fullID"] as? String == whole)
    let life = try sandbox.json("show", id)
    let events = life["events"] as? [[String: Any]] ?? []
    #expect(events.last?["what"] as? String == "moved")
    #expect(events.last?["from"] as? String == "src/tools/export.py")

    try sandbox.git("rm", "-q", "src/new.py")
    try sandbox.commit("Delete a file")
    let deleted = try sandbox.scan()
    #expect(deleted.postings == ["deleted": 1])

    try sandbox.write("print(1)\n", to: "src/new.py")
    try sandbox.commit("Bring it back")
    let back = try sandbox.scan()
    #expect(back.postings == ["reopened": 1])
    #expect(back.open == 6)
  }

  @Test("a noqa suppresses, and is never a fix; taking it away brings the violation back")
  func noqa() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    // A comment counts for tools that obey it.
    let ruff = Linter(tool: "ruff")
    try sandbox.scan(ruff)
    let id = try sandbox.violation("--rule", "no-exec")
    try sandbox.edit("src/app.py", "exec(script)", "exec(script)  # noqa")
    try sandbox.commit("Silence it")
    let silenced = try sandbox.scan(ruff)
    #expect(silenced.postings == ["suppressed": 1])
    #expect(silenced.open == 5)
    #expect(try sandbox.violation("--state", "suppressed") == id)
    try sandbox.edit("src/app.py", "exec(script)  # noqa", "exec(script)")
    try sandbox.commit("Take it seriously")
    let back = try sandbox.scan(ruff)
    #expect(back.postings == ["unsuppressed": 1])
    #expect(try sandbox.violation("--rule", "no-exec") == id)
  }

  @Test("a scan that failed closes nothing, whether the tool or CI says so")
  func failed() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    try sandbox.scan()
    try sandbox.commit("Nothing")
    try sandbox.write(try Linter.log([Linter().run([])]), to: "lint.sarif")
    let outcome = try sandbox.tally("ingest", "lint.sarif", "--failed")
    #expect(outcome.output.contains("6 open  did not finish: closes nothing"))
    try sandbox.commit("Nothing again")
    var broken = Linter()
    broken.succeeds = false
    try sandbox.write(try Linter.log([broken.run([])]), to: "lint.sarif")
    let run = try Run(sandbox.json("ingest", "lint.sarif"))
    #expect(run.failed)
    #expect(run.postings == [:])
    #expect(run.open == 6)
    #expect(run.warnings.contains { $0.contains("lintel says that it did not finish") })
    try sandbox.commit("It works again")
    let next = try sandbox.scan()
    #expect(next.postings == [:])
    #expect(next.open == 6)
  }

  @Test("a late scan takes its place in the order of commits, and says that it is late")
  func late() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    try sandbox.scan()
    try sandbox.edit("src/app.py", "exec(script)", "return script")
    let middle = try sandbox.commit("Fix one")
    try sandbox.lint(to: "middle.sarif")
    try sandbox.edit("src/app.py", "print(amount)", "pass")
    try sandbox.commit("Fix another")
    let last = try sandbox.scan()
    #expect(last.postings == ["fixed": 2])
    #expect(!last.isLate)

    let late = try Run(sandbox.json("ingest", "middle.sarif", "--commit", middle))
    #expect(late.isLate)
    #expect(late.postings == ["fixed": 1])
    #expect(late.open == 4)
    let statement = try sandbox.json("statement", "\(middle)..")
    let total = statement["total"] as? [String: Any] ?? [:]
    #expect(total["opening"] as? Int == 5)
    #expect(total["closing"] as? Int == 4)

    let other = try Sandbox()
    try other.writeShop()
    try other.commit("Start")
    try other.scan()
    try other.edit("src/app.py", "exec(script)", "return script")
    try other.commit("Fix one")
    try other.scan()
    try other.edit("src/app.py", "print(amount)", "pass")
    try other.commit("Fix another")
    try other.scan()
    let here = try sandbox.json("verify")
    let there = try other.json("verify")
    #expect(here["booksDigest"] as? String == there["booksDigest"] as? String)
    #expect(here["findings"] as? [String] == [])
  }
}
