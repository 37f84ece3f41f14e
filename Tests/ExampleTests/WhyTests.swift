import Foundation
import Testing

/// Every number of the example's posts goes back to rows, and to as many as a query that knows nothing of Tally finds.
@Suite(.needsPrograms, .timeLimit(.minutes(5)))
struct WhyTests {
  /// The part of `tally why --output json` that is looked at.
  struct Answer: Decodable {
    struct Place: Decodable {
      let line: Int
      let text: String
      let isSame: Bool
      let answer: Int?
    }
    struct Explained: Decodable {
      struct Row: Decodable {
        let id: String
      }
      struct Entry: Decodable {
        let leaf: Int
        let path: [String]
        let isProved: Bool
      }
      struct Operand: Decodable {
        let name: String
        let value: String
      }
      let name: String?
      let kind: String
      let meaning: String?
      let how: String
      let count: Int?
      let operands: [Operand]
      let violations: [Row]
      let postings: [Row]
      let tests: [Row]
      let more: Int
      let entries: [Entry]
    }
    let root: String
    let places: [Place]
    let answers: [Explained]
  }

  static let templates = [
    "status-update.md", "status-update.html", "weekly.md", "slack.txt", "release-compliance.md",
  ]

  /// Writes a post to a file and gives its place.
  private func post(_ scratch: Scratch, _ arguments: [String]) throws -> URL {
    let outcome = try run(
      try Example.tally(),
      ["report", "--ledger", Example.committedLedger.path, "--as-of", Example.lastDay]
        + arguments,
      in: scratch.folder
    )
    try #require(outcome.status == 0, "\(outcome.errors)")
    let file = scratch.file("POST.md")
    try outcome.output.write(to: file)
    return file
  }

  private func why(_ scratch: Scratch, _ arguments: String...) throws -> Outcome {
    try run(
      try Example.tally(),
      ["why", "--ledger", Example.committedLedger.path] + arguments,
      in: scratch.folder
    )
  }

  private func every(_ scratch: Scratch, _ arguments: [String]) throws -> Answer {
    _ = try post(scratch, arguments)
    let outcome = try why(scratch, "all", "POST.md", "--all", "--output", "json")
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try JSONDecoder().decode(Answer.self, from: outcome.output)
  }

  @Test(
    "every word with a digit has an answer, and counts have as many rows",
    arguments: templates.map { [$0] } + [["weekly", "--all"], ["slack", "--all"]]
  )
  func everyNumber(_ arguments: [String]) throws {
    let answer = try every(Scratch(), arguments)
    #expect(answer.places.count > 5)
    var counted = 0
    for place in answer.places {
      #expect(place.isSame)
      let index = try #require(place.answer)
      let explained = answer.answers[index]
      #expect(!explained.how.contains("nobody"), "line \(place.line): \(place.text)")
      #expect(!explained.how.isEmpty)
      guard let count = explained.count else { continue }
      counted += 1
      let rows =
        explained.violations.count + explained.postings.count + explained.tests.count
      let what = "line \(place.line): \(place.text), \(explained.name ?? "")"
      #expect(rows == count && explained.more == 0, "\(what): \(rows) rows")
      #expect(Int(place.text.filter { $0 != "," }) == count, "\(what): \(count)")
      #expect(count == 0 || !explained.entries.isEmpty, "\(what): no entry")
      let isProved = explained.entries.allSatisfy { $0.isProved }
      #expect(isProved, "\(what): no proof")
    }
    #expect(counted > 2)
    #expect(answer.root.count == 64)
  }

  /// The numbers of the post that a query over the documented views gives.
  ///
  /// Waivers are no postings of the ledger: the one of the story has ended, so that nothing is waived at its last day.
  private static let queries: [String: String] = {
    let open = """
      SELECT count(*) FROM open_violations v JOIN lanes l ON l.lane = v.lane
      WHERE v.rule = 'TID251' AND l.branch = 'main'
      """
    let base = """
      (SELECT position FROM scans WHERE git_commit LIKE 'c5d49644d%')
      """
    func moved(_ kind: String) -> String {
      """
      SELECT count(*) FROM postings p JOIN violations v ON v.violation = p.violation
      WHERE p.kind = '\(kind)' AND p.position > \(base) AND v.rule = 'TID251'
      """
    }
    let opening = """
      SELECT sum(p.sign) FROM postings p JOIN violations v ON v.violation = p.violation
      WHERE p.position <= \(base) AND v.rule = 'TID251'
      """
    let agents = """
      (path GLOB 'netra_backend/app/agents/*'
       OR path = 'netra_backend/app/services/state_persistence_optimized.py')
      """
    let engine = "netra_backend/app/agents/supervisor/execution_engine.py"
    return [
      "campaign.open": open,
      "statement.closing": open,
      "campaign.baseline.count":
        opening,
      "statement.opening": opening,
      "campaign.fixed": moved("fixed"),
      "campaign.deleted": moved("deleted"),
      "campaign.introduced": moved("introduced"),
      "campaign.reopened": moved("reopened"),
      "campaign.suppressed":
        "SELECT count(*) FROM violations WHERE state = 'suppressed' AND rule = 'TID251'",
      "suppressions.count":
        "SELECT count(*) FROM violations WHERE state = 'suppressed' AND rule = 'TID251'",
      "statement.lines_in[0].count": moved("introduced"),
      "statement.lines_in[1].count": moved("surfaced"),
      "statement.lines_in[2].count": moved("reopened"),
      "statement.lines_in[3].count": "SELECT count(*) FROM waivers WHERE until_time < '2026-11-20'",
      "statement.lines_out[0].count": moved("fixed"),
      "statement.lines_out[1].count": moved("deleted"),
      "statement.lines_out[2].count": moved("suppressed"),
      "statement.lines_out[3].count": "SELECT count(*) FROM waivers WHERE from_time < '2026-11-20'",
      "priorities[0].count": "\(open) AND \(agents)",
      "priorities[1].count": "\(open) AND NOT \(agents) AND path NOT GLOB 'tests/*'",
      "priorities[2].count": "\(open) AND path GLOB 'tests/*'",
      "priorities[0].files[0].count": "\(open) AND path = '\(engine)'",
      "next_steps[0].count": "\(open) AND path = '\(engine)'",
      "components[0].open": """
      \(open) AND (path GLOB 'netra_backend/app/core/*' OR path GLOB 'netra_backend/app/services/*'
      OR path GLOB 'netra_backend/app/startup/*')
      """,
      "components[1].open": "\(open) AND path GLOB 'netra_backend/app/agents/*'",
      "components[3].open": "\(open) AND path GLOB 'auth_service/*'",
      "components[4].open": "\(open) AND path GLOB 'shared/*'",
      "tests.suites[0].passed": "SELECT passed FROM tests ORDER BY sequence DESC LIMIT 1",
      "tests.suites[0].skipped": "SELECT skipped FROM tests ORDER BY sequence DESC LIMIT 1",
      "tests.suites[0].total": """
      SELECT passed + failed + errors + skipped + flaky FROM tests ORDER BY sequence DESC LIMIT 1
      """,
      "waivers.items[0].count": "SELECT sightings FROM waivers",
    ]
  }()

  @Test("counts are those of independent queries")
  func queried() throws {
    let scratch = try Scratch()
    let answer = try every(scratch, ["status-update.md"])
    var checked = 0
    for (name, sql) in Self.queries.sorted(by: { $0.key < $1.key }) {
      let found = answer.answers.first { $0.name == name }
      let explained = try #require(found, "\(name) is not in the post")
      let expected = try rows(Example.committedLedger, sql)
      #expect(explained.count.map { ["\($0)"] } == expected, "\(name): \(expected)")
      checked += 1
    }
    #expect(checked == Self.queries.count)
    // Every file that the post counts.
    let files = try rows(
      Example.committedLedger,
      "SELECT path, count(*) FROM open_violations WHERE rule = 'TID251' GROUP BY path"
    )
    let counts = Dictionary(
      uniqueKeysWithValues: files.map { row in
        let parts = row.split(separator: "|")
        return (String(parts[0]), Int(parts[1]) ?? -1)
      }
    )
    for explained in answer.answers where explained.name?.contains(".files[") == true {
      guard explained.name?.hasPrefix("priorities") == true else { continue }
      let path = explained.how.replacing("open now in ", with: "").prefix { $0 != "," }
      #expect(counts[String(path)] == explained.count, "\(path)")
    }
    // The rows are those that a list gives.
    let open = try #require(answer.answers.first { $0.name == "campaign.open" })
    let listed = try listed(Example.committedLedger, "--as-of", Example.lastDay)
    #expect(open.violations.map(\.id).sorted() == listed.map(\.id).sorted())
  }

  @Test("what a person reads", arguments: ["34", "14", "21", "371"])
  func text(_ number: String) throws {
    let scratch = try Scratch()
    _ = try post(scratch, ["status-update.md"])
    var text = "$ tally why \(number) POST.md\n"
    let overview = try why(scratch, number, "POST.md")
    #expect(overview.status == 0, "\(overview.errors)")
    text += overview.text
    if let line = overview.text.split(separator: "\n").dropFirst().first?.split(separator: " ")
      .first,
      overview.text.contains("choose one")
    {
      text += "\n$ tally why \(number) POST.md --line \(line)\n"
      text += try why(scratch, number, "POST.md", "--line", String(line)).text
    }
    try expectGolden(text, "why-\(number).txt")
  }

  @Test("a forged post is told from the ledger, line by line")
  func forged() throws {
    let scratch = try Scratch()
    let file = try post(scratch, ["status-update.md"])
    let text = try String(contentsOf: file, encoding: .utf8)
    func check() throws -> Outcome {
      try run(
        try Example.tally(),
        ["report", "--check", "POST.md", "--ledger", Example.committedLedger.path],
        in: scratch.folder
      )
    }
    let digest = #/Template `([^`]+)` `[0-9a-f]{12}`|template       [0-9a-f]{12}/#
    let honest = try check()
    #expect(honest.status == 0, "\(honest.text)")
    try text.replacing("43 → 34", with: "43 → 33").write(
      to: file,
      atomically: true,
      encoding: .utf8
    )
    let outcome = try check()
    #expect(outcome.status == 1)
    try expectGolden(
      (honest.text + "\n" + outcome.text).replacing(digest, with: "template       …"),
      "check.txt"
    )
    let number = try why(scratch, "33", "POST.md", "--line", "3")
    #expect(number.status == 1)
    #expect(number.text.hasPrefix("line 3 is not what the ledger says\n"))
    let other = try why(scratch, "34", "POST.md", "--line", "16")
    #expect(other.status == 0)
    #expect(other.text.contains("rows      34\n"))
  }
}
