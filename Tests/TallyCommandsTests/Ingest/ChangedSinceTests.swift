import Foundation
import Testing

/// Scans of changed files alone: nothing that they did not look at is fixed.
///
/// Method: real branches; the linter looks at the files that `git diff` names, as a CI job would have it.
@Suite struct ChangedSinceTests {
  /// Six files with a finding each, scanned.
  private func start() throws -> Sandbox {
    let sandbox = try Sandbox()
    for number in 1...6 {
      try sandbox.write("def f(x):\n    return eval(x + \(number))\n", to: "m\(number).py")
    }
    try sandbox.commit("Start")
    #expect(try sandbox.scan().open == 6)
    return sandbox
  }

  /// Records what the linter says of some files.
  private func scan(_ sandbox: Sandbox, _ paths: [String], _ more: String...) throws -> Run {
    try sandbox.write(report(sandbox, paths), to: "lint.sarif")
    return try Run(sandbox.run(["ingest", "lint.sarif", "--output", "json"] + more).json())
  }

  private func report(_ sandbox: Sandbox, _ paths: [String]) throws -> String {
    let linter = Linter()
    let results = try paths.flatMap { linter.findings(in: try sandbox.read($0), path: $0) }
    return try Linter.log([linter.run(results)])
  }

  @Test("findings of files that were not looked at stay, and a full scan at night finds them again")
  func changedFilesOnly() throws {
    let sandbox = try start()
    try sandbox.edit("m1.py", "def f", "# touched\ndef f")
    try sandbox.commit("Touch one")
    let touched = try scan(sandbox, ["m1.py"], "--changed-since", "HEAD~1")
    #expect(touched.postings == [:] && touched.open == 6)
    try sandbox.edit("m2.py", "eval(x + 2)", "x")
    try sandbox.commit("Put one right")
    let fixed = try scan(sandbox, ["m2.py"], "--changed-since", "HEAD~1")
    #expect(fixed.postings == ["fixed": 1] && fixed.open == 5)
    try sandbox.edit("m3.py", "def f", "# night\ndef f")
    try sandbox.commit("Night")
    let night = try sandbox.scan()
    #expect(night.postings == [:] && night.open == 5)
  }

  @Test("a branch is compared with where it left its base, not with what its base is now")
  func mergeBase() throws {
    let sandbox = try start()
    try sandbox.git("checkout", "-q", "-b", "topic")
    try sandbox.edit("m1.py", "eval(x + 1)", "x")
    try sandbox.commit("Put one right")
    try sandbox.git("checkout", "-q", "main")
    try sandbox.edit("m2.py", "def f", "# main\ndef f")
    try sandbox.commit("Work on main")
    try sandbox.git("checkout", "-q", "topic")
    let run = try scan(sandbox, ["m1.py"], "--changed-since", "main", "--branch", "main")
    // m2.py did not change on the branch: a scan that says nothing of it has not looked.
    #expect(run.postings["fixed"] ?? 0 <= 1)
    let list = try sandbox.ok("list")
    #expect(list.contains("m2.py"))
  }

  @Test("files that came, moved and went are in the scope, whatever their names")
  func names() throws {
    let sandbox = try start()
    try sandbox.write("eval(1)\n", to: "app/[id].py")
    try sandbox.write("eval(1)\n", to: "app/i.py")
    try sandbox.write("eval(1)\n", to: "odd/{a,b}*?.py")
    try sandbox.commit("Add odd names")
    #expect(try sandbox.scan().open == 9)
    try sandbox.git("mv", "m1.py", "moved.py")
    try sandbox.git("rm", "-q", "m2.py")
    try sandbox.edit("app/[id].py", "eval(1)", "1")
    try sandbox.edit("odd/{a,b}*?.py", "eval(1)", "1")
    try sandbox.write("eval(2)\n", to: "new.py")
    try sandbox.commit("Move, remove, edit, add")
    let run = try scan(sandbox, ["moved.py", "new.py"], "--changed-since", "HEAD~1")
    #expect(run.postings == ["fixed": 2, "deleted": 1, "introduced": 1])
    #expect(run.open == 7)
    #expect(try sandbox.ok("list").contains("app/i.py"))
  }

  @Test("with --scope only what changed within it was looked at")
  func withScope() throws {
    let sandbox = try start()
    try sandbox.write("eval(1)\n", to: "lib/a.py")
    try sandbox.commit("Add a library")
    #expect(try sandbox.scan().open == 7)
    try sandbox.edit("lib/a.py", "eval(1)", "1")
    try sandbox.edit("m1.py", "eval(x + 1)", "x")
    try sandbox.commit("Put two right")
    let run = try scan(sandbox, [], "--changed-since", "HEAD~1", "--scope", "lib/**")
    #expect(run.postings == ["fixed": 1] && run.open == 6)
  }

  @Test("where no file changed nothing is recorded, and it is said")
  func nothingChanged() throws {
    let sandbox = try start()
    let before = sandbox.bytes()
    for more in [["--changed-since", "HEAD"], ["--changed-since", "HEAD~1", "--scope", "lib/**"]] {
      if more.contains("HEAD~1") {
        try sandbox.edit("m1.py", "def f", "# touched\ndef f")
        try sandbox.commit("Touch one")
      }
      try sandbox.write(report(sandbox, ["m1.py"]), to: "lint.sarif")
      let outcome = try sandbox.run(["ingest", "lint.sarif"] + more)
      #expect(outcome.status == 0)
      #expect(outcome.errors.contains("the scan is not recorded, nor is its finding"))
      #expect(outcome.output.hasPrefix("root "))
      #expect(sandbox.bytes() == before)
    }
    try sandbox.commit("Nothing")
    let fresh = try sandbox.tally(
      "ingest",
      "lint.sarif",
      "--changed-since",
      "HEAD",
      "--ledger",
      "new.db"
    )
    #expect(fresh.status == 0)
    #expect(sandbox.bytes("new.db") == nil)
  }

  @Test("test runs beside a scan of nothing are recorded")
  func tests() throws {
    let sandbox = try start()
    try sandbox.write(
      "<testsuite name=\"t\"><testcase classname=\"t\" name=\"a\"/></testsuite>",
      to: "tests.xml"
    )
    let answer = try sandbox.json(
      "ingest",
      "lint.sarif",
      "tests.xml",
      "--changed-since",
      "HEAD"
    )
    let runs = answer["runs"] as? [[String: Any]] ?? []
    #expect(runs.map { $0["kind"] as? String } == ["tests"])
  }

  @Test("a base that the clone lacks is refused, with what to fetch, and nothing is written")
  func refused() throws {
    let sandbox = try start()
    try sandbox.edit("m1.py", "def f", "# touched\ndef f")
    try sandbox.commit("Touch one")
    let before = sandbox.bytes()
    let unknown = try sandbox.tally("ingest", "lint.sarif", "--changed-since", "origin/main")
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("[ingest.unknown-base]"))
    #expect(unknown.errors.contains("git fetch"))
    try sandbox.git("checkout", "-q", "--orphan", "other")
    try sandbox.commit("Begin anew")
    let apart = try sandbox.tally("ingest", "lint.sarif", "--changed-since", "main")
    #expect(apart.status == 2)
    #expect(apart.errors.contains("[ingest.no-common-commit]"))
    #expect(sandbox.bytes() == before)
    let bare = try Sandbox(git: false)
    try bare.write("version: 1\nproject: shop\n", to: "tally.yml")
    try bare.write(sandbox.read("lint.sarif"), to: "lint.sarif")
    let folder = try bare.tally(
      "ingest",
      "lint.sarif",
      "--changed-since",
      "main",
      "--branch",
      "main",
      "--commit",
      String(repeating: "a", count: 40)
    )
    #expect(folder.status == 2)
    #expect(folder.errors.contains("[ingest.changed-since-needs-git]"))
    #expect(bare.bytes() == nil)
    let both = try sandbox.tally("ingest", "--bundle", "x", "--changed-since", "main")
    #expect(both.status == 64)
  }

  @Test("a shallow clone that lacks the base, or where the two part, is told so")
  func shallow() throws {
    let sandbox = try start()
    for number in 1...3 {
      try sandbox.edit("m1.py", "def f", "# \(number)\ndef f")
      try sandbox.commit("Touch \(number)")
    }
    try sandbox.git("branch", "base", "HEAD~3")
    for (depth, base, status) in [(1, "HEAD~1", 2), (2, "HEAD~1", 0), (2, "origin/base", 2)] {
      let clone = sandbox.outside.appendingPathComponent("clone-\(depth)-\(status)")
      let made = try sandbox.shell(
        """
        git clone -q --depth=\(depth) --no-single-branch 'file://\(sandbox.folder.path)' \
            '\(clone.path)' &&
          cp '\(sandbox.folder.path)/lint.sarif' '\(clone.path)'
        """
      )
      #expect(made.status == 0, "\(made.errors)")
      let outcome = try sandbox.run(
        ["ingest", "lint.sarif", "--changed-since", base],
        in: clone
      )
      #expect(outcome.status == status, "\(depth) \(base): \(outcome.errors)")
      if status == 2 {
        #expect(outcome.errors.contains("shallow") && outcome.errors.contains("git fetch"))
        #expect(!FileManager.default.fileExists(atPath: clone.path + "/ledger.db"))
      }
    }
  }
}
