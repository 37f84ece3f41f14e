import Foundation
import Testing

/// Sources that are not what was scanned, in part or altogether, and what is done without them.
///
/// Method: programs in Swift, C and JavaScript are linted, edited and linted again; then one of their texts is damaged. Whatever
/// was done to it, every finding has the partner it had, and what was not used is said.
@Suite struct MatchSourceTests {
  private static let programs: [(path: String, text: String)] = [
    (
      "Sources/Store.swift",
      """
      struct Store {
        func load(_ name: String) throws -> Int {
          print(name)
          return eval(name)
        }

        func save(_ name: String, value: Int) {
          if value > 3 { exec(name) }
          print(name, value)
          print(value)
        }
      }
      """
    ),
    (
      "src/store.c",
      """
      #include <stdio.h>

      static int load(const char *name) {
        print(name);
        return eval(name);
      }

      int save(const char *name, int value) {
        if (value > 3) exec(name);
        print(name);
        print(value);
        return 0;
      }
      """
    ),
    (
      "web/store.js",
      """
      export function load(name) {
        print(name);
        return eval(name);
      }

      export function save(name, value) {
        if (value > 3) exec(name);
        print(name);
        print(value);
      }
      """
    ),
  ]

  /// What is done to the text of one file of one side after it was scanned.
  private enum Damage: String, CaseIterable {
    case none, gone, emptied, shortened, binary, longLine, otherText, folder, loop

    func apply(_ path: String, _ text: String, _ sandbox: Sandbox) throws {
      let file = sandbox.folder.appendingPathComponent(path)
      switch self {
      case .none: return
      case .gone: try FileManager.default.removeItem(at: file)
      case .emptied: try Data().write(to: file)
      case .shortened: try Data(text.prefix(60).utf8).write(to: file)
      case .binary: try Data([0x7F, 0x45, 0, 0x46, 0x0A]).write(to: file)
      case .longLine:
        try Data((String(repeating: "eval(x);", count: 200_000) + "\n" + text).utf8).write(to: file)
      case .otherText: try Data("a\nb\nc\n".utf8).write(to: file)
      case .folder:
        try FileManager.default.removeItem(at: file)
        try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
      case .loop:
        try FileManager.default.removeItem(at: file)
        try FileManager.default.createSymbolicLink(at: file, withDestinationURL: file)
      }
    }
  }

  /// Both scans with their folders: two lines above all others.
  private func scanned(_ sandbox: Sandbox) throws -> [(old: Int, new: Int)] {
    var pairs: [(old: Int, new: Int)] = []
    for (path, text) in Self.programs {
      try sandbox.write(text, to: "old/\(path)")
      try sandbox.write("\n\n" + text, to: "new/\(path)")
    }
    for side in ["old", "new"] { try lint(side, sandbox) }
    for index in 0..<15 { pairs.append((index, index)) }
    return pairs
  }

  private func lint(_ side: String, _ sandbox: Sandbox) throws {
    let linter = Linter(tool: "lintel", rules: [])
    var findings: [[String: Any]] = []
    for (path, text) in Self.programs {
      let lines = ((side == "new" ? "\n\n" : "") + text).split(
        separator: "\n",
        omittingEmptySubsequences: false
      )
      for (index, line) in lines.enumerated() {
        for word in ["print", "eval", "exec"] where line.contains("\(word)(") {
          findings.append(linter.finding("no-\(word)", path, line: index + 1, "no \(word) here"))
        }
      }
    }
    try sandbox.write(Linter.log([linter.run(findings)]), to: "\(side).sarif")
  }

  @Test("whatever became of a text, every finding has its partner, and it is said")
  func damaged() throws {
    let sandbox = try Sandbox(git: false)
    for side in ["old", "new"] {
      for damage in Damage.allCases {
        for (path, text) in Self.programs {
          let wanted = try scanned(sandbox)
          try damage.apply("\(side)/\(path)", text, sandbox)
          let outcome = try sandbox.tally(
            "match",
            "old.sarif",
            "new.sarif",
            "--old-source",
            "old",
            "--new-source",
            "new",
            "--output",
            "jsonl"
          )
          let what = "\(damage) \(side)/\(path)"
          #expect(outcome.status == 0, "\(what): \(outcome.errors)")
          let found = try links(outcome.output)
          #expect(found.map { [$0.old, $0.new] } == wanted.map { [$0.old, $0.new] }, "\(what)")
          #expect(outcome.errors.contains("warning: \(side).sarif") == (damage != .none), "\(what)")
          try FileManager.default.removeItem(at: sandbox.folder.appendingPathComponent(side))
        }
      }
    }
  }

  @Test("the kinds of evidence are counted")
  func counted() throws {
    let sandbox = try Sandbox(git: false)
    _ = try scanned(sandbox)
    try Data([0]).write(to: sandbox.folder.appendingPathComponent("new/src/store.c"))
    try Damage.shortened.apply("old/web/store.js", Self.programs[2].text, sandbox)
    let answer = try sandbox.json(
      "match",
      "old.sarif",
      "new.sarif",
      "--old-source",
      "old",
      "--new-source",
      "new"
    )
    let evidence = try #require(answer["evidence"] as? [String: Int])
    #expect(
      evidence == [
        "texts": 4, "textsMissing": 2, "placesMissing": 0, "maps": 1, "renames": 0,
      ]
    )
  }

  @Test("contents that a partial clone lacks are not fetched, and said")
  func partialClone() throws {
    let sandbox = try Sandbox()
    _ = try scanned(sandbox)
    for (path, text) in Self.programs { try sandbox.write(text, to: path) }
    try sandbox.commit("Before")
    for (path, text) in Self.programs { try sandbox.write("\n\n" + text, to: path) }
    try sandbox.commit("After")
    try clonePartially(sandbox)
    let outcome = try matchPartially(sandbox)
    #expect(try links(outcome.output).allSatisfy { $0.old == $0.new })
    #expect(outcome.errors.contains("3 not there"), "\(outcome.errors)")
  }

  /// Git asks for contents to find out that an edited file was renamed, and would fetch them.
  @Test("in a partial clone renames cost neither a fetch nor an identity")
  func partialCloneRenames() throws {
    let sandbox = try Sandbox()
    func write(_ folder: String, _ begin: String) throws {
      for name in ["alpha", "beta", "gamma"] {
        let lines = (0..<12).map { line in
          "\(name)_\(line) = \(line % 4 == 0 ? "eval" : "other")(\(name), \(line))"
        }
        let first = name == "alpha" ? "" : begin
        try sandbox.write(first + lines.joined(separator: "\n") + "\n", to: "\(folder)/\(name).py")
      }
    }
    try write("src", "")
    try sandbox.commit("Before")
    try sandbox.lint(to: "old.sarif")
    try sandbox.git("mv", "src", "moved")
    try write("moved", "first = 1\nsecond = 2\n")
    try sandbox.commit("Rename all, edit all but one")
    try sandbox.lint(to: "new.sarif")
    try clonePartially(sandbox)
    func missing() throws -> String {
      try sandbox.shell("git -C ../partial rev-list --objects --missing=print HEAD | grep -c '^?'")
        .output
    }
    #expect(try missing() == "5\n")
    let outcome = try matchPartially(sandbox)
    #expect(outcome.errors.contains("3 not there"), "\(outcome.errors)")
    let links = try links(outcome.output)
    #expect(links.count == 9)
    #expect(links.allSatisfy { $0.old == $0.new }, "\(outcome.output)")
    // The same in the books.
    let ingest = """
      cd ../partial && "$TALLY" ingest ../*/old.sarif --commit HEAD~1 --branch main --ledger l.db &&
        "$TALLY" ingest ../*/new.sarif --commit HEAD --branch main --ledger l.db
      """
    let ingested = try sandbox.shell(ingest)
    #expect(ingested.status == 0, "\(ingested.errors)")
    #expect(ingested.output.contains("+9 brought forward  9 open"), "\(ingested.output)")
    #expect(ingested.output.contains("lintel@main  9 open"), "\(ingested.output)")
    #expect(try missing() == "5\n")
  }

  @Test("a file is followed through the commits between, however little is left of it")
  func history() throws {
    let sandbox = try Sandbox()
    func write(_ path: String, _ kept: Range<Int>, _ added: Int) throws {
      let old = kept.map { $0 == 4 ? "    first = eval(text)" : "    value_\($0) = other_\($0)" }
      let new = (0..<added).map { "    later_\($0) = something(\($0))" }
      let lines = ["def load(text):"] + new + old
      try sandbox.write(lines.joined(separator: "\n") + "\n", to: path)
    }
    try write("src/app.py", 0..<40, 0)
    try sandbox.commit("Before")
    try sandbox.lint(to: "old.sarif")
    try sandbox.git("mv", "src/app.py", "src/library.py")
    try sandbox.commit("Rename")
    try write("src/library.py", 0..<40, 60)
    try sandbox.commit("Grow")
    try write("src/library.py", 2..<9, 60)
    try sandbox.commit("Shrink")
    try sandbox.lint(to: "new.sarif")
    let outcome = try sandbox.tally(
      "match",
      "old.sarif",
      "new.sarif",
      "--repo",
      ".",
      "--old-commit",
      "HEAD~3",
      "--new-commit",
      "HEAD",
      "--output",
      "jsonl"
    )
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      outcome.output == """
        {"margin":null,"new":0,"old":0,"score":1000,"stage":"file-map","state":"persisted"}

        """
    )
  }

  @Test("in the books, too, a text that cannot be looked at costs no identity")
  func ingested() throws {
    for begin in [Data([0x7F, 0, 0x46, 0x0A]), Data(repeating: 0x61, count: 1_200_000)] {
      let sandbox = try Sandbox()
      _ = try scanned(sandbox)
      var last: [String: Any] = [:]
      for side in ["old", "new"] {
        for (path, text) in Self.programs {
          try sandbox.write(begin + Data((side + text).utf8), to: path)
        }
        try sandbox.commit(side)
        last = try sandbox.json("ingest", "\(side).sarif")
      }
      let run = try Run(last)
      #expect(run.open == 15)
      #expect(run.postings.isEmpty, "\(run.postings)")
    }
  }

  /// A clone beside the sandbox that has no contents of files.
  private func clonePartially(_ sandbox: Sandbox) throws {
    let cloned = try sandbox.shell(
      """
      git config uploadpack.allowFilter true
      git clone -q --no-checkout --filter=blob:none "file://$PWD" ../partial
      """
    )
    #expect(cloned.status == 0, "\(cloned.errors)")
  }

  private func matchPartially(_ sandbox: Sandbox) throws -> Outcome {
    let outcome = try sandbox.tally(
      "match",
      "old.sarif",
      "new.sarif",
      "--repo",
      "../partial",
      "--old-commit",
      "HEAD~1",
      "--new-commit",
      "HEAD",
      "--output",
      "jsonl"
    )
    #expect(outcome.status == 0, "\(outcome.errors)")
    return outcome
  }

  private func links(_ output: String) throws -> [(old: Int?, new: Int?)] {
    try output.split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      let item = try #require(object)
      return (item["old"] as? Int, item["new"] as? Int)
    }
  }
}
