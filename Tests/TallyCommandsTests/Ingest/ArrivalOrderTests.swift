import Foundation
import Testing

/// One set of books, in whatever order scans arrive.
@Suite struct ArrivalOrderTests {
  private static let count = Int(ProcessInfo.processInfo.environment["TALLY_HISTORIES"] ?? "") ?? 12

  /// Ingests scans of commits in an order into a ledger of their own; gives its digest and movements.
  private func play(
    _ scans: [(commit: String, report: String)],
    _ order: [Int],
    in sandbox: Sandbox
  ) throws -> [String] {
    for file in ["o.db", "o.db-wal", "o.db-shm"] {
      try? FileManager.default.removeItem(at: sandbox.folder.appendingPathComponent(file))
    }
    for index in order {
      try sandbox.write(scans[index].report, to: "o.sarif")
      try sandbox.ok(
        "ingest",
        "o.sarif",
        "--ledger",
        "o.db",
        "--branch",
        "main",
        "--commit",
        scans[index].commit
      )
    }
    let verdict = try sandbox.json("verify", "--ledger", "o.db")
    #expect(verdict["findings"] as? [String] == [])
    let statement = try sandbox.ok("statement", "..", "--ledger", "o.db")
    let movements = statement.split(separator: "\n").map {
      $0.split(separator: " ").joined(separator: " ")
    }
    return [verdict["booksDigest"] as? String ?? ""] + movements
  }

  /// In order, backwards and shuffled, the books are the same to the byte.
  ///
  /// Method: real repositories in which files are renamed and edited at once, split, merged, silenced and taken back; some of the commits
  /// are scanned, side commits among them.
  @Test("random histories in real repositories", arguments: 0..<4)
  func histories(part: Int) throws {
    for seed in stride(from: part + 1, through: Self.count, by: 4) {
      let sandbox = try Sandbox()
      var random = SeededGenerator(seed: UInt64(seed) &* 7919)
      let steps = Int.random(in: 3...8, using: &random)
      let history = try MovingHistory(seed: UInt64(seed), steps: steps, in: sandbox)
      let scans = try history.commits.enumerated().filter { index, _ in
        index == 0 || Int.random(in: 0..<100, using: &random) < 65
      }.map { (commit: $1.id, report: try MovingHistory.report($1)) }
      let inOrder = Array(scans.indices)
      let expected = try play(scans, inOrder, in: sandbox)
      for order in [inOrder.reversed(), inOrder.shuffled(using: &random)] {
        #expect(try play(scans, order, in: sandbox) == expected, "seed \(seed), order \(order)")
      }
    }
  }

  private struct Story {
    let sandbox: Sandbox
    var scans: [(commit: String, report: String)] = []

    init() throws { sandbox = try Sandbox() }

    mutating func scan(_ message: String) throws {
      var linter = Linter()
      linter.tool = "flake8"
      let commit = try sandbox.commit(message)
      let isSilenced = (try? sandbox.read("src/app.py"))?.hasPrefix("# flake8: noqa") == true
      let run = isSilenced ? linter.run([]) : try linter.look(at: sandbox.folder)
      scans.append((commit, try Linter.log([run])))
    }
  }

  private func app(_ first: String, _ second: String, prefix: String = "") -> String {
    let functions = (0..<12).map { "def f\($0)(x):\n    y = x + \($0)\n    return y * \($0)\n\n" }
    return prefix + functions.joined() + "def g():\n    \(first)\n    \(second)\n"
  }

  private func check(_ story: Story, _ movements: [String]) throws {
    let orders =
      story.scans.count == 2
      ? [[0, 1], [1, 0]] : [[0, 1, 2], [2, 0, 1], [2, 1, 0], [1, 2, 0]]
    for order in orders {
      let found = try play(story.scans, order, in: story.sandbox)
      for movement in movements { #expect(found.contains(movement), "\(order): \(found)") }
      #expect(
        found.count { $0.contains(" +") || $0.contains(" -") } == movements.count,
        "\(order): \(found)"
      )
    }
  }

  @Test("a renamed file with one of two findings fixed is no deleted one")
  func renamedAndFixed() throws {
    var story = try Story()
    try story.sandbox.write(app("eval('1')", "exec('2')"), to: "app.py")
    try story.scan("One")
    try story.sandbox.git("mv", "app.py", "core.py")
    try story.sandbox.write(app("pass", "exec('2')"), to: "core.py")
    try story.scan("Two")
    try check(story, ["Brought forward +2", "Fixed -1"])
  }

  @Test("a renamed file with its flagged line edited goes on")
  func renamedAndEdited() throws {
    var story = try Story()
    try story.sandbox.write(app("eval('1')", "pass"), to: "app.py")
    try story.scan("One")
    try story.sandbox.git("mv", "app.py", "core.py")
    let text = app("return eval('1 + 2', scope)", "pass")
    try story.sandbox.write(
      text.replacingOccurrences(of: "x + 3\n", with: "x - 3\n"),
      to: "core.py"
    )
    try story.scan("Two")
    try check(story, ["Brought forward +1"])
  }

  @Test(
    "a comment that silences a renamed file is no fix, also where a commit between was not scanned in time"
  )
  func silenced() throws {
    var story = try Story()
    try story.sandbox.write(app("eval('1')", "exec('2')"), to: "app.py")
    try story.scan("One")
    try story.sandbox.write("x\n", to: "README")
    try story.scan("Two")
    try FileManager.default.createDirectory(
      at: story.sandbox.folder.appendingPathComponent("src"),
      withIntermediateDirectories: true
    )
    try story.sandbox.git("mv", "app.py", "src/app.py")
    try story.sandbox.write(
      app("eval('1')", "exec('2')", prefix: "# flake8: noqa\n"),
      to: "src/app.py"
    )
    try story.scan("Three")
    try check(story, ["Brought forward +2", "Suppressed -2"])
  }
}
