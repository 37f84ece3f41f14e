import Foundation
import Testing

/// Comments that silence, seen from runners whose clones hold one commit: the text before is nowhere.
///
/// Method: real clones of depth 1, `ingest --push` on each, a fresh runner asks what the books say.
@Suite struct SilenceTests {
  /// Commits what was edited, pushes it, and gives the commit.
  private static func push(_ sandbox: Sandbox, _ message: String) throws -> String {
    let commit = try sandbox.commit(message)
    try sandbox.git("push", "-q", "origin", "main")
    return commit
  }

  /// A remote with the shop whose branches may be pushed to.
  private static func project() throws -> (Sandbox, Remote) {
    let sandbox = try Sandbox()
    return (sandbox, try Remote(sandbox, protects: false))
  }

  /// One job on a fresh clone of depth 1 of what was pushed last; gives what it posted.
  @discardableResult
  private static func scan(
    _ remote: Remote,
    _ name: String,
    _ linter: Linter = Linter(tool: "ruff")
  ) throws -> Run {
    let job = try remote.job(name)
    try job.lint(linter)
    return try Run(job.json("ingest", "--push", "lint.sarif"))
  }

  /// A fresh clone that holds one commit and nothing else.
  private static func runner(_ remote: Remote, _ name: String, _ commit: String) throws -> Job {
    let folder = remote.sandbox.outside.appendingPathComponent("\(name)/shop")
    let outcome = try remote.sandbox.shell(
      """
      git init -q '\(folder.path)' && cd '\(folder.path)' &&
        git remote add origin '\(remote.url)' &&
        git fetch -q --depth=1 origin \(commit) && git checkout -q FETCH_HEAD
      """
    )
    #expect(outcome.status == 0, "\(outcome.errors)")
    return Job(sandbox: remote.sandbox, folder: folder)
  }

  @Test("a comment is never a fix, and taking it away brings the violation back")
  func comment() throws {
    let (sandbox, remote) = try Self.project()
    #expect(try Self.scan(remote, "one").open == 6)
    try sandbox.edit("src/app.py", "exec(script)", "exec(script)  # noqa")
    _ = try Self.push(sandbox, "Silence it")
    let silenced = try Self.scan(remote, "two")
    #expect(silenced.postings == ["suppressed": 1] && silenced.open == 5)
    // The comment and other work in the same file at once, some of it a fix.
    try sandbox.edit("src/tools/export.py", "eval(cell)", "float(cell)")
    try sandbox.edit("src/tools/export.py", "print(row)", "print(row)  # noqa")
    _ = try Self.push(sandbox, "Silence another, and put one right")
    let both = try Self.scan(remote, "three")
    #expect(both.postings == ["suppressed": 1, "fixed": 1] && both.open == 3)
    try sandbox.edit("src/app.py", "exec(script)  # noqa", "exec(script)")
    _ = try Self.push(sandbox, "Take it seriously")
    let back = try Self.scan(remote, "four")
    #expect(back.postings == ["unsuppressed": 1] && back.open == 4)
    let person = try remote.job("person")
    try person.ok("pull")
    let answer = try person.json("list", "--state", "suppressed")
    let listed = answer["violations"] as? [[String: Any]] ?? []
    #expect(listed.map { $0["rule"] as? String } == ["no-print"])
    let digests = try person.digests()
    #expect(try person.json("rebuild")["after"] as? String == digests.books)
  }

  @Test("the gate tells a comment from a fix in a clone of depth 1")
  func gate() throws {
    let (sandbox, remote) = try Self.project()
    try Self.scan(remote, "one")
    try sandbox.git("checkout", "-q", "-b", "feature")
    try sandbox.edit("src/app.py", "exec(script)", "exec(script)  # noqa")
    _ = try sandbox.commit("Silence it")
    try sandbox.git("push", "-q", "origin", "feature")
    let place = sandbox.outside.appendingPathComponent("feature/shop").path
    try sandbox.git("clone", "-q", "--depth=1", "--branch=feature", remote.url, place)
    let job = Job(sandbox: sandbox, folder: URL(fileURLWithPath: place))
    try job.ok("pull")
    try job.lint(Linter(tool: "ruff"))
    try job.ok("ingest", "lint.sarif")
    let answer = try job.json("gate", "--base", "main")
    #expect(GateTests.paths(answer, "silenced") == ["src/app.py:10"])
    #expect(GateTests.paths(answer, "gone").isEmpty)
  }

  @Test("a tool that Tally does not know obeys any comment, one that it knows its own")
  func tools() throws {
    let (sandbox, remote) = try Self.project()
    for tool in ["lintel", "bandit"] { try Self.scan(remote, tool + "1", Linter(tool: tool)) }
    try sandbox.edit("src/app.py", "exec(script)", "exec(script)  # noqa")
    _ = try Self.push(sandbox, "Silence it")
    #expect(try Self.scan(remote, "l2", Linter(tool: "lintel")).postings == ["suppressed": 1])
    #expect(try Self.scan(remote, "b2", Linter(tool: "bandit")).postings == ["fixed": 1])
  }

  @Test("three commits in any order of arrival give the same books")
  func orders() throws {
    let (sandbox, remote) = try Self.project()
    var commits = [try sandbox.git("rev-parse", "HEAD")]
    var reports = [try Linter(tool: "ruff").sarif(of: sandbox.folder)]
    let silent = "exec(script)  # noqa"
    for (old, new) in [("exec(script)", silent), (silent, "exec(script)")] {
      try sandbox.edit("src/app.py", old, new)
      try sandbox.edit("src/tools/export.py", "def export", "# Note.\ndef export")
      commits.append(try Self.push(sandbox, new))
      reports.append(try Linter(tool: "ruff").sarif(of: sandbox.folder))
    }
    try remote.git("config", "uploadpack.allowAnySHA1InWant", "true")
    var found: Set<String> = []
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    for order in orders {
      let name = order.map(String.init).joined()
      let ref = "refs/tally/\(name)"
      for place in order {
        let job = try Self.runner(remote, "\(name)-\(place)", commits[place])
        try Data(reports[place].utf8).write(to: job.folder.appendingPathComponent("lint.sarif"))
        try job.ok(
          "ingest",
          "--push",
          "--ref",
          ref,
          "lint.sarif",
          "--commit",
          commits[place],
          "--branch",
          "main"
        )
      }
      let reader = try remote.job("\(name)-reader")
      try reader.ok("pull", "--ref", ref)
      let digests = try reader.digests()
      found.insert(digests.books)
      #expect(try reader.json("rebuild")["after"] as? String == digests.books, "\(name)")
      for (step, cause) in [(1, "suppressed"), (2, "unsuppressed")] {
        let range = "\(commits[step - 1])..\(commits[step])"
        let total = try reader.json("statement", range)["total"] as? [String: Any]
        let side = total?[step == 1 ? "left" : "entered"] as? [String: Any]
        #expect(side?.keys.sorted() == [cause], "\(name) \(range)")
      }
    }
    #expect(found.count == 1)
  }

  @Test("another job of the commit, and the same scan again, add no evidence")
  func rescan() throws {
    let (sandbox, remote) = try Self.project()
    for number in 0..<200 {
      try sandbox.write("x = eval(a)  # noqa\ny = \(number)\n", to: "src/many/\(number).py")
    }
    _ = try Self.push(sandbox, "Many")
    let job = try remote.job("one")
    try job.lint(Linter(tool: "ruff"))
    try job.ok("ingest", "lint.sarif")
    func evidence() throws -> Int {
      try job.ok("textconv", "ledger.db").components(separatedBy: "\n")
        .count { $0.contains(" evidence") }
    }
    let before = try evidence()
    // A file's length, and twice the same: the pages that are there have room or not.
    let file = job.folder.appendingPathComponent("ledger.db")
    let size = try Data(contentsOf: file).count
    try job.ok("ingest", "lint.sarif")
    #expect(try evidence() == before)
    #expect(try Data(contentsOf: file).count - size <= 4_096)
    try job.lint(Linter(tool: "flintel"))
    try job.ok("ingest", "lint.sarif")
    #expect(try evidence() == before + 2)
    let script = "python3 -B '\(Tools.path("read_ledger.py"))' '\(file.path)'"
    #expect(try sandbox.shell(script).status == 0)
  }

  @Test("a full clone records none, a partial one does")
  func clones() throws {
    let (sandbox, remote) = try Self.project()
    try remote.git("config", "uploadpack.allowFilter", "true")
    try sandbox.edit("src/app.py", "exec(script)", "exec(script)  # noqa")
    _ = try Self.push(sandbox, "Silence it")
    var entries: [Int] = []
    for (name, filter) in [("full", ""), ("partial", "--filter=blob:none")] {
      let place = sandbox.outside.appendingPathComponent("\(name)/shop").path
      #expect(try sandbox.shell("git clone -q \(filter) '\(remote.url)' '\(place)'").status == 0)
      let job = Job(sandbox: sandbox, folder: URL(fileURLWithPath: place))
      try job.lint(Linter(tool: "ruff"))
      try job.ok("ingest", "lint.sarif")
      entries.append(try job.digests().size)
    }
    #expect(entries[1] == entries[0] + 1)
  }
}
