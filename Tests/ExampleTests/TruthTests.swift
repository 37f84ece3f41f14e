import Foundation
import Testing

/// What Tally says of the story is what happened in it.
///
/// Method: `expected.json` comes from the steps that made the history and from the raw SARIF, never from Tally.
@Suite(.needsPrograms, .timeLimit(.minutes(5)))
struct TruthTests {
  let expected: Expected

  init() throws { expected = try Expected.load() }

  @Test("every balance at every scan", arguments: try Expected.load().scans)
  func balances(scan: Expected.Scan) throws {
    let ledger = try Rebuilt.get().ledger
    let whole = try listed(ledger, "--as-of", scan.commit, "--state", "open", "--state", "waived")
    #expect(whole.count == scan.laneOpen)
    let open = try listed(ledger, "--as-of", scan.commit, "--campaign", Example.campaign)
    #expect(open.count == scan.campaignOpen)
    let counts = Dictionary(grouping: open, by: \.priority).mapValues(\.count)
    #expect(counts == scan.byPriority.filter { $0.value > 0 })
    let waived = try listed(
      ledger,
      "--as-of",
      scan.commit,
      "--campaign",
      Example.campaign,
      "--state",
      "waived"
    )
    #expect(waived.count == scan.campaignWaived)
    let total = try Account(ledger, "..\(scan.commit)")
    #expect(total.balances)
    #expect(total.total.closing == scan.campaignOpen)
    let byPriority = try Account(ledger, "..\(scan.commit)", "--by", "priority")
    #expect(byPriority.balances)
    for row in byPriority.rows { #expect(row.closing == scan.byPriority[row.key] ?? 0) }
  }

  @Test("every cause at every scan, with its path and commit", arguments: try Expected.load().scans)
  func causes(scan: Expected.Scan) throws {
    let told = try Rebuilt.get()
    let posted = try rows(
      told.ledger,
      """
      SELECT p.kind, v.rule, p.path, p.git_commit, p.exact_commit
      FROM postings p JOIN violations v ON v.violation = p.violation
      JOIN scans s ON s.lane = p.lane AND s.position = p.position
      WHERE s.counts = 1 AND s.git_commit = '\(scan.commit)'
      """
    )
    let line = try firstParents(told.repository)
    let causes = scan.causes.filter(\.isPosted)
    let places = posted.map { $0.split(separator: "|").prefix(3).joined(separator: "|") }
    #expect(places.sorted() == causes.map { "\($0.cause)|\($0.rule)|\($0.path)" }.sorted())
    for cause in causes {
      guard let touched = cause.touchedBy else { continue }
      let own = posted.filter { $0.hasPrefix("\(cause.cause)|\(cause.rule)|\(cause.path)|") }
      #expect(!own.isEmpty)
      for row in own {
        // Books know the line of the branch: what a merged branch did is the merge's there.
        let isExact = touched.count == 1
        let commit = isExact ? try merge(of: touched[0], in: told.repository, line) : scan.commit
        #expect(row.hasSuffix("|\(commit)|\(isExact ? 1 : 0)"), "\(cause.cause) \(cause.path)")
      }
    }
  }

  @Test("what moved is the same violation at another path")
  func moves() throws {
    struct Shown: Decodable {
      struct Event: Decodable {
        let what: String
        let path: String
        let commit: String?
        let from: String?
      }
      let events: [Event]
    }
    let ledger = try Rebuilt.get().ledger
    var count = 0
    for scan in expected.scans {
      for cause in scan.causes where cause.cause == "moved" {
        let found = try listed(ledger, "--as-of", scan.commit, "--path", cause.path)
          .filter { $0.line == cause.line || $0.rule == cause.rule }
        #expect(!found.isEmpty, "nothing at \(cause.path)")
        for item in found {
          let shown = try JSONDecoder().decode(
            Shown.self,
            from: tally("show", item.id, "--output", "json", ledger: ledger)
          )
          let move = try #require(shown.events.first { $0.what == "moved" }, "\(item.id)")
          #expect(move.commit == scan.commit)
          #expect(move.path == cause.path)
          #expect(move.from == cause.from)
          count += 1
        }
      }
    }
    #expect(count >= 3)
  }

  @Test("the account from the baseline to the end")
  func statement() throws {
    let account = try Account(try Rebuilt.get().ledger, "baseline..", "--as-of", Example.lastDay)
    var told = ["opening": account.total.opening, "closing": account.total.closing]
    for (cause, cell) in account.total.entered { told[cause] = cell.count }
    for (cause, cell) in account.total.left { told[cause] = cell.count }
    // The waiver began and ended in between.
    #expect(told.removeValue(forKey: "waived") == 1)
    #expect(told.removeValue(forKey: "unwaived") == 1)
    #expect(told == expected.statement)
    #expect(account.balances)
    let files = Dictionary(
      grouping: try listed(
        try Rebuilt.get().ledger,
        "--as-of",
        Example.lastDay,
        "--campaign",
        Example.campaign
      ),
      by: \.path
    )
    #expect(files.mapValues(\.count) == expected.leftByFile)
    for by in ["priority", "rule", "folder", "tool", "path"] {
      let broken = try Account(
        try Rebuilt.get().ledger,
        "baseline..",
        "--as-of",
        Example.lastDay,
        "--by",
        by
      )
      #expect(broken.balances, "by \(by)")
      #expect(broken.rows.map(\.closing).reduce(0, +) == expected.open, "by \(by)")
    }
  }

  @Test("commits with what each closed, and those that name the issue")
  func keyCommits() throws {
    let context = try Context(try Rebuilt.get().ledger, asOf: Example.lastDay)
    let closing = context.commits.filter { $0.closed > 0 }
      .map { Expected.KeyCommit(commit: $0.sha, closed: $0.closed) }
    #expect(Set(closing) == Set(expected.keyCommits))
    #expect(closing.count == expected.keyCommits.count)
    // Two commits touched configuration.py between two scans: which of them closed it is not known.
    #expect(context.commits.filter(\.isRange).map(\.closed) == [1])
    let naming = Set(context.commits.filter(\.mentionsIssue).map(\.sha))
    #expect(naming.isSubset(of: Set(expected.mention226)))
    #expect(naming.count + context.moreCommits.count >= expected.mention226.count)
  }

  @Test("every test run's outcomes and what fails")
  func tests() throws {
    let ledger = try Rebuilt.get().ledger
    let told = try rows(
      ledger,
      "SELECT passed, failed, errors, skipped, flaky, git_commit FROM tests ORDER BY sequence"
    )
    let journal = try Journal.load()
    let steps = journal.steps.filter { $0.command.contains("junit") }
    #expect(steps.map(\.name) == expected.tests.map(\.name))
    #expect(
      told
        == zip(expected.tests, steps).map { run, step in
          let counts = ["passed", "failure", "error", "skipped"].map { run.outcomes[$0] ?? 0 }
          return (counts + [0]).map(String.init).joined(separator: "|") + "|\(step.commit)"
        }
    )
    let runs = Dictionary(grouping: zip(steps, expected.tests), by: { $0.0.commit })
    for (commit, own) in runs {
      let context = try Context(ledger, asOf: commit)
      let failing = own.flatMap { $0.1.failing }
      if own.count == 1 {
        // What passed at the baseline is named as broken, the rest as failing.
        let named = context.tests.failingNames + context.tests.broke
        #expect(named.sorted() == failing.sorted(), "at \(commit)")
        #expect(context.tests.flakyNames == [], "at \(commit)")
      } else {
        // Failed in one of two runs of one commit.
        #expect(context.tests.failingNames == [], "at \(commit)")
        #expect(context.tests.flakyNames == failing, "at \(commit)")
      }
    }
  }

  @Test("measurements are the medians of their samples")
  func measurements() throws {
    let ledger = try Rebuilt.get().ledger
    for point in expected.measurements {
      let samples = try rows(
        ledger,
        "SELECT value FROM measurements WHERE git_commit = '\(point.commit)' ORDER BY value + 0"
      ).compactMap(Double.init)
      #expect(samples[samples.count / 2] == point.median)
      let metric = try Context(ledger, asOf: point.commit).metrics.first
      #expect(metric?.current.flatMap(Double.init) == point.median, "at \(point.commit)")
      #expect(metric?.baseline.flatMap(Double.init) == expected.measurements[0].median)
    }
  }

  @Test("the checklist at the baseline, when a test is flaky, and at the end")
  func criteria() throws {
    let ledger = try Rebuilt.get().ledger
    func states(_ asOf: String) throws -> [String] {
      try Context(ledger, asOf: asOf).criteria.items.map(\.state)
    }
    let first = try #require(expected.scans.first).commit
    #expect(try states(first) == ["not met", "not met", "not met", "met", "not met"])
    let journal = try Journal.load()
    let flaky = try #require(journal.commits["24"])
    #expect(try states(flaky) == ["not met", "not met", "met", "met", "not met"])
    let slow = try #require(journal.commits["27"])
    #expect(try states(slow) == ["not met", "met", "met", "not met", "not met"])
    #expect(try states(Example.lastDay) == ["not met", "met", "met", "met", "met"])
    // Six weeks without a scan: what nobody looked at is not known.
    #expect(try states("2027-01-05") == ["unknown", "unknown", "unknown", "met", "met"])
  }

  private func firstParents(_ repository: URL) throws -> [String] {
    try git(repository, "rev-list", "--first-parent", "main")
  }

  private func git(_ repository: URL, _ arguments: String...) throws -> [String] {
    let outcome = try run(try Example.program("git"), arguments, in: repository)
    try #require(outcome.status == 0, "git: \(outcome.errors)")
    return outcome.text.split(separator: "\n").map(String.init)
  }

  /// The commit of the line that brought another one.
  private func merge(of commit: String, in repository: URL, _ line: [String]) throws -> String {
    if line.contains(commit) { return commit }
    let later = Set(try git(repository, "rev-list", "--ancestry-path", "\(commit)..main"))
    return try #require(line.last { later.contains($0) })
  }
}

/// The answer of `tally statement`, of the campaign.
struct Account: Decodable {
  struct Cell: Decodable { let count: Int }
  struct Row: Decodable {
    let key: String
    let opening: Int
    let entered: [String: Cell]
    let left: [String: Cell]
    let closing: Int
  }
  let rows: [Row]
  let total: Row
  let balances: Bool

  init(_ ledger: URL, _ arguments: String...) throws {
    let outcome = try run(
      try Example.tally(),
      ["statement"] + arguments
        + ["--campaign", Example.campaign, "--output", "json", "--ledger", ledger.path],
      in: FileManager.default.temporaryDirectory
    )
    try #require(outcome.status == 0, "tally statement: \(outcome.errors)")
    self = try JSONDecoder().decode(Account.self, from: outcome.output)
  }
}

/// What the tests read of `tally report --context`.
struct Context: Decodable {
  struct Commit: Decodable {
    let sha: String
    let closed: Int
    let isRange: Bool
    let mentionsIssue: Bool
  }
  struct More: Decodable {
    let count: Int
    let violations: Int
  }
  struct Tests: Decodable {
    let broke: [String]
    let failingNames: [String]
    let flakyNames: [String]
  }
  struct Metric: Decodable {
    let baseline: String?
    let current: String?
  }
  struct Criterion: Decodable { let state: String }
  struct Criteria: Decodable { let items: [Criterion] }
  struct NextStep: Decodable {
    let subject: String
    let count: Int
    let resultingOpen: Int
    let runningOpen: Int
  }

  let commits: [Commit]
  let moreCommits: More
  let tests: Tests
  let metrics: [Metric]
  let criteria: Criteria
  let nextSteps: [NextStep]

  /// Reads a post's data at a commit or a date.
  init(_ ledger: URL, asOf: String) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(
      Context.self,
      from: tally("report", "--context", "--as-of", asOf, ledger: ledger)
    )
  }
}
