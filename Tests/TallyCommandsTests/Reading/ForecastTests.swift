import Foundation
import Testing

/// Forecasts from real histories, a person's word beside the computed status, and the post of a first day.
@Suite struct ForecastTests {
  /// A campaign that goes from 30 to 30 minus 2 for each of some weeks, scanned every Sunday from 2026-03-01 on.
  private func campaign(weeks: Int, due: String? = nil) throws -> Sandbox {
    let sandbox = try Sandbox()
    try sandbox.writeConfiguration()
    if let due { try sandbox.edit("tally.yml", "target: 0", "target: 0\n    due: \(due)") }
    var lines = (1...30).map { "value_\($0) = eval(text_\($0))" }
    for week in 0...weeks {
      if week > 0 { sandbox.pass(days: 6) }
      try sandbox.write(lines.joined(separator: "\n") + "\n", to: "src/app.py")
      try sandbox.commit("Week \(week)")
      try sandbox.scan()
      lines.removeFirst(2)
    }
    return sandbox
  }

  private func context(_ sandbox: Sandbox, _ options: String...) throws -> [String: Any] {
    try sandbox.run(["report", "json"] + options).json()
  }

  private func forecast(_ sandbox: Sandbox, _ options: String...) throws -> [String: Any] {
    let context = try sandbox.run(["report", "json"] + options).json()
    return try #require(context["forecast"] as? [String: Any])
  }

  private func status(_ sandbox: Sandbox) throws -> [String: Any] {
    let campaign = try context(sandbox)["campaign"] as? [String: Any]
    return try #require(campaign?["status"] as? [String: Any])
  }

  @Test("a steady pace is told to the week, and the status is the forecast against the due date")
  func steady() throws {
    let sandbox = try campaign(weeks: 10, due: "2026-06-14")
    #expect(sandbox.now == "2026-05-10T12:00:00Z")
    let found = try forecast(sandbox)
    // The week of the last scan is not over.
    #expect((found["weeks"] as? Int, found["scanned_weeks"] as? Int) == (9, 9))
    #expect((found["gone"] as? Int, found["came"] as? Int) == (18, 0))
    #expect((found["start"] as? String, found["end"] as? String) == ("2026-03-02", "2026-05-03"))
    #expect((found["likely"] as? String, found["safe"] as? String) == ("2026-06-14", "2026-06-14"))
    #expect(found["pace_text"] as? String == "2 fewer a week")
    #expect(found["need_text"] as? String == "2 a week to reach zero by 2026-06-14")
    #expect(try status(sandbox)["id"] as? String == "on-track")
    let post = try sandbox.ok("report")
    #expect(
      post.contains(
        "**Status: On track.** Zero is likely reached by 2026-06-14, with 85 % certainty too."
      )
    )
    #expect(post.contains("### Forecast\n\n- Pace: 2 fewer a week; in the last 9 weeks 18 went"))
    try sandbox.edit("tally.yml", "due: 2026-06-14", "due: 2026-06-13")
    #expect(try status(sandbox)["id"] as? String == "off-track")
    // What is only accepted does not speed anything up.
    let list = try sandbox.json("list")["violations"] as? [[String: Any]] ?? []
    let id = try #require(list.first?["id"] as? String)
    try sandbox.ok("waive", id, "--why", "Vendor", "--until", "90d")
    sandbox.now = "2026-05-11T12:00:00Z"
    let after = try forecast(sandbox)
    #expect((after["gone"] as? Int, after["weeks"] as? Int) == (20, 10))
  }

  @Test("equal facts give equal bytes, whatever is recorded later")
  func reproducible() throws {
    let sandbox = try campaign(weeks: 9, due: "2026-12-18")
    let time = sandbox.now
    let first = try sandbox.ok("report", "json", "--as-of", time)
    #expect(try sandbox.ok("report", "json", "--as-of", time) == first)
    let before = try forecast(sandbox, "--as-of", time)
    sandbox.pass(days: 20)
    try sandbox.commit("Later")
    try sandbox.scan()
    let after = try forecast(sandbox, "--as-of", time)
    #expect(NSDictionary(dictionary: before) == NSDictionary(dictionary: after))
    #expect(try !sandbox.json("report", "json").isEmpty)
  }

  @Test("too few weeks, and weeks without a scan, are said")
  func early() throws {
    let sandbox = try campaign(weeks: 9, due: "2026-12-18")
    let text = try forecast(sandbox, "--as-of", "2026-03-25")["text"] as? String
    #expect(text == "Not enough history for a forecast: 3 weeks of 6 needed")
    let post = try sandbox.ok("report", "weekly", "--as-of", "2026-03-25")
    #expect(
      post.contains("**In progress.** Not enough history for a forecast: 3 weeks of 6 needed.")
    )
    // Four weeks later nothing was scanned: nothing is known of them.
    let late = try forecast(sandbox, "--as-of", "2026-05-31")
    #expect((late["weeks"] as? Int, late["end"] as? String) == (9, "2026-05-03"))
    sandbox.pass(days: 27)
    try sandbox.commit("After the holidays")
    try sandbox.scan()
    sandbox.now = "2026-06-01T12:00:00Z"
    let joined = try forecast(sandbox)
    #expect((joined["weeks"] as? Int, joined["scanned_weeks"] as? Int) == (13, 10))
    #expect(
      (joined["weeks_text"] as? String)?.hasSuffix("; 10 of them were scanned") == true
    )
  }

  @Test("a person's word is printed beside the computed status until it ends")
  func override() throws {
    let sandbox = try campaign(weeks: 10, due: "2026-05-20")
    let said = try sandbox.ok(
      "attest",
      "status:at-risk",
      "--why",
      "Two more people start on Monday",
      "--until",
      "14d"
    )
    #expect(said.hasPrefix("attested status:no-eval:at-risk until 2026-05-24 by Ada "))
    for template in ["status-update", "weekly", "slack"] {
      let post = try sandbox.ok("report", template)
      #expect(post.contains("Off track"), "\(template)")
      #expect(post.contains("Overridden: At risk"), "\(template)")
      #expect(post.contains("until 2026-05-24: Two more people start on Monday"), "\(template)")
    }
    let audit = try sandbox.ok("report", "release-compliance")
    #expect(audit.contains("The computed status is **Off track**. Ada"))
    let word = try status(sandbox)["overridden"] as? [String: Any]
    #expect((word?["id"] as? String, word?["is_set"] as? Bool) == ("at-risk", true))
    #expect(try status(sandbox)["id"] as? String == "off-track")
    // The latest word counts, and taking it back brings the one before.
    sandbox.now = "2026-05-11T12:00:00Z"
    let answer = try sandbox.json(
      "attest",
      "status:on-track",
      "--campaign",
      "no-eval",
      "--why",
      "They are here",
      "--until",
      "9d"
    )
    #expect(try sandbox.ok("report").contains("**Overridden: On track**"))
    try sandbox.ok("retract", try #require(answer["entry"] as? String), "--why", "Too early")
    #expect(try sandbox.ok("report").contains("**Overridden: At risk**"))
    sandbox.now = "2026-05-24T12:00:00Z"
    #expect(try !sandbox.ok("report").contains("Overridden"))
  }

  @Test("a status that is none, a campaign for a criterion, a reserved name")
  func refused() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    func attest(_ words: String...) throws -> Outcome {
      try sandbox.run(["attest"] + words + ["--why", "x", "--until", "9d"])
    }
    let unknown = try attest("status:great")
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("'great' is no status of a campaign [attest.unknown-status]"))
    let criterion = try attest("operations", "--campaign", "no-eval")
    #expect(criterion.status == 2 && criterion.errors.contains("[attest.no-status]"))
    let campaign = try attest("status:at-risk", "--campaign", "no-evil")
    #expect(campaign.status == 2 && campaign.errors.contains("[campaign.unknown]"))
    try sandbox.edit("tally.yml", "attested: operations", "attested: \"status:mine\"")
    let reserved = try sandbox.tally("list")
    #expect(reserved.status == 2)
    #expect(reserved.errors.contains("begins what people say of a campaign's status"))
  }

  @Test("the post of a first day knows its baseline, and says nothing of days that were not")
  func firstDay() throws {
    let sandbox = try Sandbox()
    try sandbox.writeConfiguration()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    try sandbox.scan()
    for template in ["status-update", "weekly", "slack", "status-update.html"] {
      let post = try sandbox.ok("report", template)
      #expect(!post.contains("no baseline yet"), "\(template)")
      #expect(post.contains("as many as at the baseline on 2026-03-01"), "\(template)")
      #expect(post.contains("The count begins today."), "\(template)")
      #expect(!post.contains("for today") && !post.contains("0 days"), "\(template)")
    }
    #expect(try sandbox.ok("report").contains("open for less than a day"))
    #expect(try context(sandbox)["criteria"] != nil)
    let statement = try sandbox.ok("statement", "baseline..", "--campaign", "no-eval")
    #expect(statement.contains("4"))
    // A baseline to come is none.
    try sandbox.edit("tally.yml", "{date: 2026-03-01}", "{date: 2026-04-01}")
    let post = try sandbox.ok("report")
    #expect(post.contains("There is no baseline yet to compare with."))
    #expect(post.contains("**Status: Not started.** The count has not begun."))
  }
}
