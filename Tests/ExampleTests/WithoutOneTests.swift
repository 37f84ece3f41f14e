import Foundation
import Testing

/// Taking results out of the last scan changes every number that depends on them, and nothing else.
///
/// Method: the ledger as it was before the last scan gets that scan without some results; what Tally then says is compared
/// with a count of the raw SARIF and with SQL over the documented views.
@Suite(.needsPrograms, .timeLimit(.minutes(5)))
struct WithoutOneTests {
  let told: Rebuilt
  let journal: Journal

  init() throws {
    told = try Rebuilt.get()
    journal = try Journal.load()
  }

  /// Makes the ledger's end with another last scan.
  private func replay(_ scan: RawScan, into ledger: URL, onlyScan: Bool = false) throws {
    let scratch = try Scratch()
    let file = scratch.file("\(Rebuilt.lastScan).sarif")
    try scan.write(to: file)
    try FileManager.default.copyItem(at: told.ledgerBeforeLastScan, to: ledger)
    let player = Player(
      repository: told.repository,
      ledger: ledger,
      checksOut: false,
      replacements: [file.lastPathComponent: file]
    )
    let start = try #require(journal.steps.firstIndex { $0.isScan && $0.name == Rebuilt.lastScan })
    for step in onlyScan ? journal.steps[start...start] : journal.steps[start...] {
      try player.play(step)
    }
    // What is missing in files that nobody edited stays open until somebody knows that the scan is complete.
    let unseen = "SELECT 1 FROM warning WHERE text LIKE '%is the scan complete?%'"
    if try rows(ledger, unseen).isEmpty { return }
    let scan = "SELECT id FROM entries WHERE kind = 'scan' ORDER BY sequence DESC LIMIT 1"
    let id = try #require(try rows(ledger, scan).first)
    _ = try tally("confirm", id, "--why", "Looked at everything", "--by", "Ada", ledger: ledger)
  }

  private func context(_ ledger: URL) throws -> Data {
    try tally("report", "--context", "--as-of", Example.lastDay, ledger: ledger)
  }

  @Test("the recorded scan, written anew, gives the same post")
  func nothingTaken() throws {
    let scratch = try Scratch()
    let ledger = scratch.file("ledger.db")
    try replay(try RawScan(Rebuilt.lastScan, root: journal.root), into: ledger)
    let changes = try changes(from: context(told.ledger), to: context(ledger))
    // The bytes of the file differ, and so do the entry and the root.
    #expect(changes == ["footer.root", "footer.root_short"].map { "\($0): (another)\n" }.joined())
  }

  @Test(
    "one result less",
    arguments: [
      ("P1", "netra_backend/app/agents/supervisor/execution_engine.py"),
      ("P2", "auth_service/auth_core/failover.py"),
      ("P3", "tests/helpers/redis_fixtures.py"),
    ]
  )
  func oneLess(priority: String, path: String) throws {
    var scan = try RawScan(Rebuilt.lastScan, root: journal.root)
    let before = scan.paths
    scan.remove(at: path, count: 1)
    let left = scan.paths
    #expect(left.count == 33 && before.count == 34)
    #expect(Told.priority(path) == priority)
    let scratch = try Scratch()
    let ledger = scratch.file("ledger.db")
    try replay(scan, into: ledger)

    // Counted by SQL, without Tally: the lane's open violations, none of which is waived that day.
    let open = try rows(
      ledger,
      "SELECT path FROM open_violations WHERE rule = 'TID251' ORDER BY path"
    )
    #expect(open == left.sorted())
    let waived = "SELECT count(*) FROM waivers WHERE until_time > '\(Example.lastDay)'"
    #expect(try rows(ledger, waived) == ["0"])
    let fixed = try rows(
      ledger,
      """
      SELECT count(*) FROM postings p JOIN violations v ON v.violation = p.violation
      WHERE p.kind = 'fixed' AND v.rule = 'TID251'
      """
    )
    #expect(fixed == ["15"])

    let data = try context(ledger)
    let facts = try flattened(data)
    func check(_ key: String, _ value: Int, _ location: SourceLocation = #_sourceLocation) {
      #expect(facts[key] == "\(value)", "\(key)", sourceLocation: location)
    }
    check("campaign.open", open.count)
    check("campaign.net", open.count - 43)
    check("campaign.percent", Told.percent(43 - open.count, 43))
    check("campaign.fixed", 15)
    check("campaign.remaining", open.count)
    check("statement.closing", open.count)
    check("statement.opening", 43)
    check("statement.lines_out[fixed].count", 15)
    for id in ["P1", "P2", "P3"] {
      let own = open.filter { Told.priority($0) == id }
      check("priorities[\(id)].count", own.count)
      check("priorities[\(id)].share", Told.percent(own.count, open.count))
      for file in Told.ranked(own).prefix(5) {
        check("priorities[\(id)].files[\(file.path)].count", file.count)
      }
    }
    for (name, own) in Dictionary(grouping: open, by: Told.component) {
      if let name { check("components[\(name)].open", own.count) }
    }
    var running = open.count
    for (index, file) in Told.ranked(open).prefix(5).enumerated() {
      running -= file.count
      check("next_steps[\(file.path)].number", index + 1)
      check("next_steps[\(file.path)].count", file.count)
      check("next_steps[\(file.path)].resulting_open", open.count - file.count)
      check("next_steps[\(file.path)].running_open", running)
    }
    let credited = try Context(ledger, asOf: Example.lastDay)
    let closed = credited.commits.map(\.closed).reduce(0, +) + credited.moreCommits.violations
    #expect(closed == 15 + 1, "every fix and deletion has a commit or a range")
    #expect(facts["criteria.items[Reduce violations to zero].evidence"] == "\(open.count) open")
    let last = try #require(journal.steps.last).commit
    let point =
      try rows(
        ledger,
        "SELECT committed FROM commits WHERE git_commit = '\(last)'"
      )[0].replacingOccurrences(of: " ", with: "T") + "Z"
    check("trend.points[\(point)].open", open.count)

    // The other commands say the same.
    let list = try listed(ledger, "--as-of", Example.lastDay, "--campaign", Example.campaign)
    #expect(list.map(\.path).sorted() == open)
    #expect(list.count { $0.priority == priority } == open.count { Told.priority($0) == priority })
    let account = try Account(ledger, "baseline..", "--as-of", Example.lastDay, "--by", "priority")
    #expect(account.balances && account.total.closing == open.count)
    #expect(account.total.left["fixed"]?.count == 15)
    for row in account.rows {
      #expect(row.closing == open.count { Told.priority($0) == row.key }, "\(row.key)")
    }
    let post = try tally("report", "--as-of", Example.lastDay, ledger: ledger)
    #expect(
      String(decoding: post, as: UTF8.self).contains("**43 → 33** open violations (23 % fewer)")
    )

    // Whatever else changed is written down and reviewed.
    try expectGolden(
      changes(from: context(told.ledger), to: data),
      "without-one/\(priority).txt"
    )
  }

  /// Every key whose value differs, sorted; of several lines those that differ, of the journal's root only that it does.
  private func changes(from old: Data, to new: Data) throws -> String {
    let (before, after) = (try flattened(old), try flattened(new))
    let (elements, others) = (
      Set(before.keys.compactMap(element)), Set(after.keys.compactMap(element))
    )
    var lines: Set<String> = []
    for key in Set(before.keys).union(after.keys) where before[key] != after[key] {
      if let name = element(key), !elements.contains(name) || !others.contains(name) {
        lines.insert("\(name): \(elements.contains(name) ? "gone" : "new")")
      } else if key.hasPrefix("footer.root") {
        lines.insert("\(key): (another)")
      } else {
        let was = (before[key] ?? "(absent)").split(
          separator: "\n",
          omittingEmptySubsequences: false
        )
        let now = (after[key] ?? "(absent)").split(
          separator: "\n",
          omittingEmptySubsequences: false
        )
        for (line, other) in zip(was, now) where line != other {
          lines.insert("\(key): \(line) -> \(other)")
        }
        #expect(was.count == now.count, "\(key)")
      }
    }
    return lines.sorted().map { "\($0)\n" }.joined()
  }

  /// The last list element that a key lies in.
  private func element(_ key: String) -> String? {
    key.lastIndex(of: "]").map { String(key[...$0]) }
  }

  @Test("each next step closes what it says, alone and after those before it")
  func nextSteps() throws {
    let steps = try Context(told.ledger, asOf: Example.lastDay).nextSteps
    #expect(steps.count == 5)
    var together = try RawScan(Rebuilt.lastScan, root: journal.root)
    for step in steps {
      var alone = try RawScan(Rebuilt.lastScan, root: journal.root)
      let before = alone.paths.count
      alone.remove(at: step.subject)
      together.remove(at: step.subject)
      #expect(before - alone.paths.count == step.count, "\(step.subject)")
      #expect(try openAfter(alone) == step.resultingOpen, "\(step.subject) alone")
      #expect(try openAfter(together) == step.runningOpen, "\(step.subject) after the others")
    }
  }

  private func openAfter(_ scan: RawScan) throws -> Int {
    let scratch = try Scratch()
    let ledger = scratch.file("ledger.db")
    try replay(scan, into: ledger, onlyScan: true)
    return try listed(ledger, "--as-of", Example.lastDay, "--campaign", Example.campaign).count
  }
}
