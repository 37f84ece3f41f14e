import Foundation
import Testing

/// Two scans linked without a ledger.
///
/// Method: real folders and commits, edited so that what became of each finding is known; places are those of the reports' results.
@Suite struct MatchTests {
  /// One line of the answer.
  private struct Pair: Hashable, CustomStringConvertible {
    let old: Int?
    let new: Int?
    let state: String
    let stage: String?

    init(_ old: Int?, _ new: Int?, _ state: String, _ stage: String? = nil) {
      (self.old, self.new, self.state, self.stage) = (old, new, state, stage)
    }

    var description: String { "\(old ?? -1)-\(new ?? -1) \(state) \(stage ?? "-")" }
  }

  private func pairs(_ outcome: Outcome) throws -> [Pair] {
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try outcome.output.split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      let item = try #require(object)
      #expect(Set(item.keys) == ["old", "new", "state", "stage", "score", "margin"])
      return Pair(
        item["old"] as? Int,
        item["new"] as? Int,
        try #require(item["state"] as? String),
        item["stage"] as? String
      )
    }
  }

  private static let before = """
    import os


    def load(text):
        first = eval(text)
        return first


    def show(value):
        print(value)
        exec(value)
    """

  /// Lines above, a finding fixed, one new, and a file under another name.
  private func edited(_ sandbox: Sandbox) throws {
    try sandbox.write(Self.before, to: "src/app.py")
    try sandbox.write(
      "def run(a):\n    print(a)\n    exec(a)\n    return eval(a)\n\n\nrun('1')\nVALUES = [1, 2]\n",
      to: "src/run.py"
    )
    try sandbox.commit("Before")
    try sandbox.lint(to: "old.sarif")
    try sandbox.shellOK("mkdir ../old && cp -r src ../old/")
    try sandbox.write(
      "import sys\n" + Self.before.replacingOccurrences(of: "    exec(value)", with: "    pass")
        + "\n\ndef more(x):\n    return eval(x + 'more')\n",
      to: "src/app.py"
    )
    try sandbox.git("mv", "src/run.py", "src/runner.py")
    try sandbox.commit("After")
    try sandbox.lint(to: "new.sarif")
    try sandbox.shellOK("mkdir ../new && cp -r src ../new/")
  }

  /// By the order of the reports: app.py eval, print, exec, then run.py print, exec, eval.
  private static let wanted = [
    Pair(0, 0, "persisted", "file-map"), Pair(1, 1, "persisted", "file-map"), Pair(2, nil, "gone"),
    Pair(3, 3, "persisted", "file-map"), Pair(4, 4, "persisted", "file-map"),
    Pair(5, 5, "persisted", "file-map"), Pair(nil, 2, "new"),
  ]
  private static var places: [[Int?]] { wanted.map { [$0.old, $0.new] } }

  @Test("follows findings with folders, with commits, and without sources")
  func kinds() throws {
    let sandbox = try Sandbox()
    try edited(sandbox)
    let folders = try pairs(
      sandbox.tally(
        "match",
        "old.sarif",
        "new.sarif",
        "--old-source",
        "../old",
        "--new-source",
        "../new",
        "--output",
        "jsonl"
      )
    )
    #expect(folders == Self.wanted)
    let commits = try pairs(
      sandbox.tally(
        "match",
        "old.sarif",
        "new.sarif",
        "--repo",
        ".",
        "--old-commit",
        "HEAD~1",
        "--new-commit",
        "HEAD",
        "--output",
        "jsonl"
      )
    )
    #expect(commits == folders)
    let blind = try pairs(sandbox.tally("match", "old.sarif", "new.sarif", "--output", "jsonl"))
    #expect(blind.map { [$0.old, $0.new] } == folders.map { [$0.old, $0.new] })
    #expect(!sandbox.outside.appendingPathComponent("shop/ledger.db").isThere)
  }

  @Test("for people: a summary, then what changed")
  func text() throws {
    let sandbox = try Sandbox()
    try edited(sandbox)
    let answer = try sandbox.ok(
      "match",
      "old.sarif",
      "new.sarif",
      "--old-source",
      "../old",
      "--new-source",
      "../new"
    )
    #expect(
      answer == """
        5 persisted  0 ambiguous  1 gone  1 new  with 4 texts
        gone      src/app.py:11  no-exec  exec() is not allowed here
        persisted src/run.py:2  no-print  print() is not allowed here -> src/runner.py:2
        persisted src/run.py:3  no-exec  exec() is not allowed here -> src/runner.py:3
        persisted src/run.py:4  no-eval  eval() is not allowed here -> src/runner.py:4
        new       src/app.py:15  no-eval  eval() is not allowed here

        """
    )
    let json = try sandbox.json("match", "old.sarif", "new.sarif")
    #expect(json["version"] as? Int == 1)
    #expect((json["counts"] as? [String: Int])?["persisted"] == 5)
    #expect((json["pairs"] as? [Any])?.count == 7)
  }

  @Test("sources of another time are not believed, and said")
  func wrongSources() throws {
    let sandbox = try Sandbox()
    try edited(sandbox)
    try sandbox.write("\n", to: "../old/src/app.py")
    try sandbox.write(Data([0x65, 0x00, 0x66, 0x0A]), to: "../new/src/app.py")
    let outcome = try sandbox.tally(
      "match",
      "old.sarif",
      "new.sarif",
      "--old-source",
      "../old",
      "--new-source",
      "../new",
      "--output",
      "jsonl"
    )
    let found = try pairs(outcome)
    #expect(
      found.map { [$0.old, $0.new] } == Self.places
    )
    #expect(
      outcome.errors.contains(
        "warning: old.sarif: the text of 1 file is not used, what was reported has to do: "
          + "1 not what was scanned"
      ),
      "\(outcome.errors)"
    )
  }

  @Test("absolute paths of two machines are the same files")
  func roots() throws {
    let sandbox = try Sandbox()
    try edited(sandbox)
    for (file, root) in [("old", "/home/ada/shop"), ("new", "/builds/7/shop")] {
      let text = try sandbox.read("\(file).sarif")
      let moved = text.replacingOccurrences(of: #"src\/"#, with: "file:///\(root.dropFirst())/src/")
        .replacingOccurrences(of: #""src/"#, with: "\"file://\(root)/src/")
      try sandbox.write(moved, to: "\(file).sarif")
    }
    let found = try pairs(sandbox.tally("match", "old.sarif", "new.sarif", "--output", "jsonl"))
    #expect(
      found.map { [$0.old, $0.new] } == Self.places
    )
  }

  @Test("a rule that its tool renamed is the same rule, and tally.yml can name more")
  func aliases() throws {
    let sandbox = try Sandbox()
    func report(_ tool: String, _ rule: String) throws -> String {
      let linter = Linter(tool: tool, rules: [])
      return try Linter.log([linter.run([linter.finding(rule, "a.py", line: 3, "a word")])])
    }
    try sandbox.write(report("ruff", "TCH001"), to: "old.sarif")
    try sandbox.write(report("ruff", "TC001"), to: "new.sarif")
    let ruff = try pairs(sandbox.tally("match", "old.sarif", "new.sarif", "--output", "jsonl"))
    #expect(ruff.map(\.state) == ["persisted"])
    try sandbox.write(report("lintel", "X1"), to: "old.sarif")
    try sandbox.write(report("lintel", "Y1"), to: "new.sarif")
    let unknown = try pairs(sandbox.tally("match", "old.sarif", "new.sarif", "--output", "jsonl"))
    #expect(unknown.map(\.state) == ["gone", "new"])
    try sandbox.write("version: 1\nrule_aliases: {X1: Y1}\n", to: "tally.yml")
    let named = try pairs(sandbox.tally("match", "old.sarif", "new.sarif", "--output", "jsonl"))
    #expect(named.map(\.state) == ["persisted"])
  }

  @Test(
    "what cannot be linked is refused with a sentence",
    arguments: [
      (["old.sarif", "tests.xml"], "match.tests"),
      (["old.sarif", "new.sarif", "--old-source", "nowhere", "--new-source", "."], "match.folder"),
      (
        ["old.sarif", "new.sarif", "--repo", "/", "--old-commit", "a", "--new-commit", "b"],
        "match.repository"
      ),
      (["-", "-"], "ingest.standard-input"),
      (["old.sarif", "none.sarif"], "import.not-found"),
    ]
  )
  func refused(arguments: [String], code: String) throws {
    let sandbox = try Sandbox()
    try edited(sandbox)
    try sandbox.write(
      "<testsuite name='a'><testcase classname='a' name='b'/></testsuite>",
      to: "tests.xml"
    )
    let outcome = try sandbox.run(["match"] + arguments)
    #expect(outcome.status == 2, "\(arguments)")
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("[\(code)"), "\(outcome.errors)")
    #expect(outcome.errors.contains("hint: "), "\(outcome.errors)")
  }

  @Test("options that go together are asked for together")
  func usage() throws {
    let sandbox = try Sandbox()
    for arguments in [
      ["--old-source", "."], ["--repo", "."],
      [
        "--repo", ".", "--old-commit", "a", "--new-commit", "b", "--old-source", ".",
        "--new-source", ".",
      ],
    ] {
      let outcome = try sandbox.run(["match", "a.sarif", "b.sarif"] + arguments)
      #expect(outcome.status == 64, "\(arguments): \(outcome.errors)")
    }
  }
}

extension URL {
  fileprivate var isThere: Bool { FileManager.default.fileExists(atPath: path) }
}

extension Sandbox {
  fileprivate func shellOK(_ script: String) throws {
    let outcome = try shell(script)
    #expect(outcome.status == 0, "\(script): \(outcome.errors)")
  }
}
