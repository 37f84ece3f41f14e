import Foundation
import Testing

/// The balance from period to period.
@Suite struct TrendTests {
  /// The shop's history, a pause of three weeks, a failed scan, a waiver that ends in the pause, and one more fix.
  static func play(_ sandbox: Sandbox) throws {
    try sandbox.playShop()
    let id = try sandbox.violation("--rule", "no-eval", "--path", "src/tools/*")
    try sandbox.ok("waive", id, "--why", "Later", "--until", "2026-03-12")
    for _ in 0..<20 { try sandbox.commit("Nothing") }
    try sandbox.scan(Linter(succeeds: false))
    for _ in 0..<7 { try sandbox.commit("Nothing") }
    try sandbox.edit("src/app.py", "exec(script)", "return script")
    try sandbox.commit("Run nothing")
    try sandbox.scan()
    sandbox.now = "2026-04-01T12:00:00Z"
  }

  static func periods(_ answer: [String: Any]) -> [[String: Any]] {
    answer["periods"] as? [[String: Any]] ?? []
  }

  @Test(
    "every row is the statement of its period, and opens with what the one before closed with",
    arguments: ["day", "week", "month", "scan"],
    [nil, "priority", "rule", "folder", "tool", "path"]
  )
  func rows(_ every: String, _ by: String?) throws {
    let sandbox = try Sandbox()
    try Self.play(sandbox)
    let breakdown = by.map { ["--by", $0] } ?? []
    let trend = try sandbox.run(["trend", "--every", every, "--output", "json"] + breakdown)
    #expect(trend.status == 0, "\(trend.errors)")
    let periods = try Self.periods(trend.json())
    #expect(periods.count == ["day": 32, "week": 6, "month": 2, "scan": 5][every])
    var closing = 0
    // Days are many and alike: those with a scan and every fifth.
    for (index, period) in periods.enumerated() {
      let total = try #require(period["total"] as? [String: Any])
      #expect(total["opening"] as? Int == closing)
      closing = total["closing"] as? Int ?? -1
      if every == "day", period["scans"] as? Int == 0, index % 5 > 0 { continue }
      let range = try #require(period["range"] as? String)
      let statement = try sandbox.run(["statement", range, "--output", "json"] + breakdown).json()
      #expect(statement["total"] as? NSDictionary == total as NSDictionary, "\(range)")
      if by != nil {
        #expect(statement["rows"] as? NSArray == period["rows"] as? NSArray, "\(range)")
      }
      #expect(statement["to"] as? String == period["to"] as? String)
    }
    let open = try sandbox.json("statement", "--output", "json")["total"] as? [String: Any]
    if by != "priority" { #expect(open?["closing"] as? Int == closing) }
  }

  @Test("a period without a scan says so, in every form, and is never zero")
  func withoutScan() throws {
    let sandbox = try Sandbox()
    try Self.play(sandbox)
    try expectGolden(try sandbox.ok("trend"), "trend/weeks.txt")
    try expectGolden(try sandbox.ok("trend", "--by", "rule"), "trend/rules.txt")
    let csv = try sandbox.ok("trend", "--by", "priority", "--output", "csv")
    #expect(csv.utf8.count { $0 == 0x0A } == csv.utf8.count { $0 == 0x0D })
    try expectGolden(csv.replacingOccurrences(of: "\r", with: ""), "trend/priorities.csv")
    let periods = Self.periods(try sandbox.json("trend"))
    #expect(periods.map { $0["scans"] as? Int } == [1, 2, 0, 0, 0, 1])
    #expect(periods.map { $0["failedScans"] as? Int } == [0, 0, 0, 0, 1, 0])
    #expect(periods[2]["name"] as? String == "2026-W11")
    let quiet = try #require(periods[3]["total"] as? [String: Any])
    #expect(quiet["opening"] as? Int == 7 && quiet["closing"] as? Int == 7)
    // The waiver's end moves the balance although nothing was scanned.
    let waived = try #require(periods[2]["total"] as? [String: Any])
    #expect((waived["entered"] as? [String: Any])?.keys.sorted() == ["unwaived"])
    #expect(periods.map { $0["isPartial"] as? Bool } == Array(repeating: false, count: 5) + [true])
  }

  @Test("a trend begins with the period that a date or a commit lies in")
  func since() throws {
    let sandbox = try Sandbox()
    try Self.play(sandbox)
    func names(_ options: String...) throws -> [String] {
      let outcome = try sandbox.run(["trend", "--output", "json"] + options)
      return try Self.periods(outcome.json()).compactMap { $0["name"] as? String }
    }
    #expect(try names("--since", "2026-03-18").first == "2026-W12")
    #expect(try names("--since", "2026-03-03", "--every", "day").first == "2026-03-03")
    #expect(try names("--since", "2026-03-31", "--every", "month") == ["2026-03", "2026-04"])
    let head = try sandbox.git("rev-parse", "HEAD")
    #expect(try names("--since", head, "--every", "scan").count == 1)
    #expect(try names("--as-of", "2026-03-09").last == "2026-W11")
    #expect(try names("--known-at", "0") == [])
    #expect(try sandbox.ok("trend", "--known-at", "0") == "no scans\n")
    let later = try sandbox.tally("trend", "--since", "2026-05-01")
    #expect(later.status == 2 && later.errors.contains("[time.backwards]"))
    let unknown = try sandbox.tally("trend", "--by", "person")
    #expect(unknown.status == 2 && unknown.errors.contains("[trend.breakdown]"))
    let many = try sandbox.tally("trend", "--since", "2020-01-01", "--every", "day")
    #expect(many.status == 2 && many.errors.contains("[trend.too-many]"))
  }

  @Test("weeks are those of ISO 8601, also around a new year")
  func weeks() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    try sandbox.scan()
    sandbox.now = "2027-01-05T00:00:00Z"
    let periods = Self.periods(try sandbox.json("trend", "--since", "2026-12-20"))
    #expect(
      periods.map { $0["name"] as? String } == ["2026-W51", "2026-W52", "2026-W53", "2027-W01"]
    )
    #expect(periods[2]["from"] as? String == "2026-12-27T23:59:59Z")
    #expect(periods[2]["to"] as? String == "2027-01-03T23:59:59Z")
    let python = try sandbox.shell(
      "python3 -c 'import datetime as d; print(*d.date(2027,1,3).isocalendar())'"
    )
    if python.status == 0 { #expect(python.output == "2026 53 7\n") }
  }

  @Test("what scanners name is neutral in a spreadsheet")
  func formulas() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    let linter = Linter(rules: ["=1+1", "@SUM(A1)", "a,\"b\"\nc"])
    let results = linter.rules.map { linter.finding($0, "src/app.py", line: 1, "x") }
    try sandbox.write(try Linter.log([linter.run(results)]), to: "lint.sarif")
    try sandbox.ok("ingest", "lint.sarif")
    let csv = try sandbox.ok("trend", "--by", "rule", "--every", "month", "--output", "csv")
    let rows = csv.components(separatedBy: "\r\n")
    #expect(rows[0].hasPrefix("period,from,to,rule,scans,"))
    #expect(rows[1].hasPrefix("2026-03,2026-02-28T23:59:59Z,2026-03-01T12:00:00Z,'=1+1,1,"))
    #expect(rows[2].contains(",'@SUM(A1),1,"))
    #expect(rows[3].contains(",\"a,\"\"b\"\" c\",1,"))
    #expect(rows[4] == "" && rows.count == 5)
  }
}
