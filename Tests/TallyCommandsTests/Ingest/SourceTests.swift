import Foundation
import Testing

/// Where reports come from: files, standard input, compressed, several at once, shards, several tools, tests.
@Suite struct SourceTests {
  @Test("shards of one commit unite, whatever their order, and leave the rest alone")
  func shards() throws {
    var digests: Set<String> = []
    for order in [["src", "tests"], ["tests", "src"]] {
      let sandbox = try Sandbox()
      try sandbox.writeShop()
      try sandbox.write("eval('1')\n", to: "tests/test_eval.py")
      try sandbox.commit("Start")
      for shard in order {
        let run = try sandbox.scan(Linter(only: [shard]), "--scope", "\(shard)/**")
        #expect(!run.isLate)
        #expect(run.warnings == [])
      }
      #expect(try sandbox.ok("list").hasSuffix("7 violations\n"))
      try sandbox.edit("src/app.py", "exec(script)", "return script")
      try sandbox.write("pass\n", to: "tests/test_eval.py")
      try sandbox.commit("Fix in both")
      let source = try sandbox.scan(Linter(only: ["src"]), "--scope", "src/**")
      #expect(source.postings == ["fixed": 1])
      #expect(source.open == 6)
      let tests = try sandbox.scan(Linter(only: ["tests"]), "--scope", "tests/**")
      #expect(tests.open == 5)
      let verdict = try sandbox.json("verify")
      #expect(verdict["findings"] as? [String] == [])
      digests.insert(verdict["booksDigest"] as? String ?? "")
    }
    #expect(digests.count == 1)
  }

  @Test("runs of one file that differ are one scan, whichever comes first")
  func severalRuns() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    let linter = Linter()
    let runs = [try linter.look(at: sandbox.folder), linter.run([])]
    try sandbox.write(try Linter.log(runs), to: "lint.sarif")
    let answer = try sandbox.json("ingest", "lint.sarif")
    let warnings = answer["warnings"] as? [String] ?? []
    #expect(warnings.isEmpty)
    let found = try linter.look(at: sandbox.folder)["results"] as? [Any] ?? []
    let open = try sandbox.json("list")["violations"] as? [Any] ?? []
    #expect(!found.isEmpty && open.count == found.count)
  }

  @Test("standard input, gzip and a file give the same entry")
  func bytes() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    let file = try sandbox.scan()
    let text = try sandbox.read("lint.sarif")
    let piped = try Run(sandbox.tally("ingest", "-", "--output", "json", input: text).json())
    #expect(!piped.isNew)
    #expect(piped.entry == file.entry)
    #expect(
      try sandbox.shell("gzip -nk lint.sarif && gzip -n < lint.sarif > packed.sarif").status == 0
    )
    for name in ["lint.sarif.gz", "packed.sarif"] {
      let packed = try Run(sandbox.json("ingest", name))
      #expect(packed.entry == file.entry, "\(name)")
      #expect(!packed.isNew)
    }
    let stream = try sandbox.shell("gzip -n < lint.sarif | \"$TALLY\" ingest - --output json")
    #expect(try Run(stream.json()).entry == file.entry)
  }

  @Test("several files, several runs and several tools go in together, one line each")
  func several() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    let scripts = Linter(tool: "Scripts", category: "scripts/", rules: ["no-exec"])
    let prints = Linter(tool: "Prints", rules: ["no-print"])
    let runs = [try scripts.look(at: sandbox.folder), try prints.look(at: sandbox.folder)]
    try sandbox.write(try Linter.log(runs), to: "two.sarif")
    try sandbox.lint(Linter(rules: ["no-eval"]), to: "one.sarif")
    let text = try sandbox.ok("ingest", "two.sarif", "one.sarif")
    let lines = text.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines.first == "scripts/scripts@main  +1 brought forward  1 open")
    #expect(lines.dropFirst().first == "prints@main  +2 brought forward  2 open")
    #expect(lines.last?.hasPrefix("lintel@main  +3 brought forward  3 open  root ") == true)
    let answer = try sandbox.json("ingest", "two.sarif", "one.sarif")
    #expect((answer["runs"] as? [Any])?.count == 3)
    #expect(try Run(answer, at: 1).isNew == false)
    let table = try sandbox.ok("statement", "--by", "tool")
    for tool in ["scripts", "prints", "lintel"] { #expect(table.contains(tool)) }
  }

  @Test("one bad file among good ones: nothing is recorded")
  func allOrNothing() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    try sandbox.lint()
    try sandbox.write("{\"version\": \"2.1.0\", \"runs\": [", to: "cut.sarif")
    let outcome = try sandbox.tally("ingest", "lint.sarif", "cut.sarif")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("cut.sarif"))
    #expect(sandbox.bytes() == nil)
  }

  @Test("categories keep scans of one tool apart")
  func categories() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    let strict = try sandbox.scan(Linter(), "--category", "strict")
    #expect(strict.lane == "lintel/strict@main")
    let loose = try sandbox.scan(Linter(rules: ["no-exec"]), "--category", "loose")
    #expect(loose.lane == "lintel/loose@main")
    #expect(loose.open == 1)
    #expect(try sandbox.ok("list").hasSuffix("7 violations\n"))
  }

  @Test("paths of another machine are found with --root, and said when they are not found")
  func roots() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    let linter = Linter()
    let results = [
      linter.finding("no-eval", "file:///builds/shop/src/app.py", line: 2, "eval"),
      linter.finding("no-eval", "file:///elsewhere/gone.py", line: 2, "eval"),
    ]
    try sandbox.write(try Linter.log([linter.run(results)]), to: "lint.sarif")
    let answer = try sandbox.json("ingest", "lint.sarif", "--root", "/builds/shop")
    let warnings = answer["warnings"] as? [String] ?? []
    #expect(
      warnings == [
        "lint.sarif: 1 finding is in a file that the commit lacks, /elsewhere/gone.py: where it "
          + "isn't generated, --root PREFIX strips the folder it was scanned in"
      ]
    )
    #expect(try sandbox.ok("list").contains("src/app.py:2"))
  }

  @Test("tests: outcomes are counted, both outcomes at one commit are flaky")
  func tests() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    func suite(_ load: String) -> String {
      """
      <testsuites><testsuite name="tests">
      <testcase classname="tests.test_app" name="test_price"/>
      <testcase classname="tests.test_app" name="test_load">\(load)</testcase>
      <testcase classname="tests.test_app" name="test_later"><skipped/></testcase>
      </testsuite></testsuites>
      """
    }
    try sandbox.commit("Test more")
    try sandbox.write(suite("<failure message=\"no\"/>"), to: "tests.xml")
    let first = try Run(sandbox.json("ingest", "tests.xml"))
    #expect(first.outcomes == ["passed": 1, "failed": 1, "skipped": 1])
    try sandbox.write(suite(""), to: "tests.xml")
    let text = try sandbox.ok("ingest", "tests.xml")
    #expect(text.contains("@main  2 passed  1 skipped  root "))
    let context = try sandbox.json("report", "--context")
    let tests = context["tests"] as? [String: Any] ?? [:]
    #expect(tests["flaky_names"] as? [String] == ["tests/test_app::test_load"])
    #expect(try sandbox.ok("report").contains("Flaky"))
  }

  @Test("what was dropped is counted and said")
  func dropped() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    let linter = Linter()
    let finding = linter.finding("no-eval", "src/app.py", line: 2, "eval( is not allowed here")
    var absent = linter.finding("no-eval", "src/app.py", line: 5, "eval( is not allowed here")
    absent["baselineState"] = "absent"
    try sandbox.write(try Linter.log([linter.run([finding, finding, absent])]), to: "lint.sarif")
    let run = try Run(sandbox.json("ingest", "lint.sarif"))
    #expect(run.count == 1)
    #expect(run.skipped["duplicate"] == 1)
    #expect(run.skipped.values.reduce(0, +) == 2)
    let text = try sandbox.ok("ingest", "lint.sarif")
    #expect(text.contains("1 skipped (duplicate)"))
  }

  @Test("contents that the clone lacks are said, and the scan is recorded all the same")
  func absentContents() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    try sandbox.lint()
    for (count, file) in ["src/app.py", "src/tools/export.py"].enumerated() {
      let blob = try sandbox.git("rev-parse", "HEAD:\(file)")
      try FileManager.default.removeItem(
        at: sandbox.folder
          .appendingPathComponent(".git/objects/\(blob.prefix(2))/\(blob.dropFirst(2))")
      )
      let outcome = try sandbox.tally("ingest", "lint.sarif", "--ledger", "\(count).db")
      #expect(outcome.status == 0)
      #expect(outcome.output.contains("+6 brought forward"))
      let what = count == 0 ? "1 file are not in this clone; its" : "2 files are not"
      #expect(
        outcome.errors.hasPrefix("warning: lintel@main: the contents of \(what)"),
        "\(outcome.errors)"
      )
    }
  }

  /// The commit has other lines where the tool looked: its text would place each finding wrongly.
  @Test("a scan of changes that are in no commit costs no identity", arguments: [true, false])
  func uncommitted(quotes: Bool) throws {
    let sandbox = try Sandbox()
    let linter = Linter(quotes: quotes)
    let plain = (0..<12).map { "    value_\($0) = other_\($0)" }
    let calls = ["    first = eval(text)", "    second = eval(line)", "    third = eval(word)"]
    func write(_ added: Int) throws {
      let new = (0..<added).map { "    later_\($0) = eval(text_\($0))" }
      let lines = ["def load(text):"] + new + plain + calls + (quotes ? plain + plain : [])
      try sandbox.write(lines.joined(separator: "\n") + "\n", to: "src/app.py")
    }
    try write(0)
    try sandbox.commit("Before")
    _ = try sandbox.scan(linter)
    try sandbox.write("note\n", to: "NOTES.md")
    try sandbox.commit("Take a note")
    try write(8)
    let dirty = try sandbox.scan(linter)
    #expect(dirty.postings == ["surfaced": 8])
    #expect(dirty.open == 11)
    #expect(
      dirty.warnings.contains {
        $0.contains("the contents of 1 file are not what was scanned")
      },
      "\(dirty.warnings)"
    )
    try sandbox.commit("Commit it")
    let clean = try sandbox.scan(linter)
    #expect(clean.postings == [:])
    #expect(clean.open == 11)
  }

  /// Between the ends the old line stayed and another came; only the commits between know that it was edited before its double came.
  @Test("a line is followed through the commits that a scan skips")
  func throughCommits() throws {
    let sandbox = try Sandbox()
    func write(_ added: String...) throws {
      let rest = (0..<12).map { "    value_\($0) = other_\($0)" }
      let lines = ["def load(text):"] + rest[..<6] + added + rest[6...]
      try sandbox.write(lines.joined(separator: "\n") + "\n", to: "src/app.py")
    }
    func lines() throws -> [String: Int] {
      let rows = try sandbox.json("list")["violations"] as? [[String: Any]] ?? []
      return Dictionary(
        uniqueKeysWithValues: rows.map { ($0["id"] as? String ?? "", $0["line"] as? Int ?? 0) }
      )
    }
    try write("    first = eval(text)")
    try sandbox.commit("Before")
    _ = try sandbox.scan()
    let before = try lines()
    #expect(before.values.sorted() == [8])
    try write("    second = eval(text, mode)")
    try sandbox.commit("Edit it")
    try write("    first = eval(text)", "    second = eval(text, mode)")
    try sandbox.commit("Bring a double of what it was")
    let later = try sandbox.scan()
    #expect(later.postings == ["introduced": 1])
    let after = try lines()
    #expect(before.keys.allSatisfy { after[$0] == 9 }, "\(before) \(after)")
    let books = try sandbox.json("verify")["booksDigest"] as? String
    // The map is a fact: books that are made again without the repository say the same.
    _ = try sandbox.shell("mv .git elsewhere")
    _ = try sandbox.ok("rebuild")
    #expect(try sandbox.json("verify")["booksDigest"] as? String == books)
  }
}
