import Foundation
import Testing

/// Promises in their full form: files of many, from a pipeline, backdated, ended early, and held against a policy.
@Suite struct PromiseTests {
  private func shop(_ policy: String = "") throws -> (Sandbox, [String]) {
    let sandbox = try Sandbox()
    try sandbox.writeConfiguration()
    if !policy.isEmpty {
      try sandbox.write(try sandbox.read("tally.yml") + policy + "\n", to: "tally.yml")
    }
    try sandbox.writeShop()
    try sandbox.commit("Start")
    try sandbox.scan()
    let list = try sandbox.json("list")["violations"] as? [[String: Any]] ?? []
    return (sandbox, list.compactMap { $0["id"] as? String })
  }

  private func waived(_ sandbox: Sandbox, _ options: String...) throws -> Set<String> {
    let outcome = try sandbox.run(["list", "--state", "waived", "--output", "json"] + options)
    let list = try outcome.json()["violations"] as? [[String: Any]] ?? []
    return Set(list.compactMap { $0["id"] as? String })
  }

  // MARK: Files

  @Test("a file of many waivers is recorded as a whole: CSV, YAML, JSON, standard input")
  func files() throws {
    let (_, ids) = try shop()
    let cases = [
      (
        "w.csv",
        "violation,why,until,by\r\n\(ids[0]),\"Old, \"\"agreed\"\"\",2026-04-01,Ben\r\n"
          + "\"\(ids[1]), \(ids[2])\",Two at once,30d,\r\n"
      ),
      ("w.csv", "violation;why;until;by\n\(ids[0]);Old;30d;Ben\n\(ids[1]) \(ids[2]);Two;30d;\n"),
      (
        "w.yml",
        """
        waivers:
          - {violation: \(ids[0]), why: Old, until: 2026-04-01, by: Ben}
          - violations: [\(ids[1]), \(ids[2])]
            why: Two at once
            until: 30d
        """
      ),
      (
        "w.json",
        """
        [{"violation": "\(ids[0])", "why": "Old", "until": "30d", "by": "Ben"},
         {"violations": ["\(ids[1])", "\(ids[2])"], "why": "Two", "until": "30d"}]
        """
      ),
    ]
    for (index, (name, text)) in cases.enumerated() {
      let (sandbox, own) = try shop()
      #expect(own == ids)
      let outcome: Outcome
      if index % 2 == 0 {
        try sandbox.write(text, to: name)
        outcome = try sandbox.tally("waive", "--file", name)
      } else {
        outcome = try sandbox.tally("waive", "--file", "-", input: text)
      }
      #expect(outcome.status == 0, "\(index): \(outcome.errors)")
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.count == 2)
      #expect(lines[0].hasPrefix("waived \(ids[0]) until ") && lines[0].hasSuffix(" by Ben"))
      #expect(lines[1].contains(" by Ada <ada@shop.example>  root "))
      #expect(try waived(sandbox) == Set(ids.prefix(3)))
      #expect(try sandbox.json("verify")["findings"] as? [String] == [])
    }
  }

  @Test("one wrong line refuses the file, and names the line")
  func wrongFile() throws {
    let (sandbox, ids) = try shop("waivers: {longest: 30d, at_most: 2}")
    let cases: [(String, String, String)] = [
      (
        "w.csv", "violation,why,until\n\(ids[0]),x,9d\n\(ids[1]),x,99d\n", "w.csv:3: a waiver of 99"
      ),
      (
        "w.csv", "violation,why,until\n\(ids[0]),x,9d\nT-ZZZZZZ,x,9d\n", "w.csv:3: there is no viol"
      ),
      ("w.csv", "violation,why,until\n\(ids[0]),,9d\n", "w.csv:2: the waiver has no reason"),
      ("w.csv", "violation,why,until\n\(ids[0]),x,soon\n", "'soon' after 'until' is not a date"),
      ("w.csv", "violation,why,until\n\(ids[0]),x\n", "w.csv:2: 2 fields, but 3 columns"),
      ("w.csv", "violation,reason\n\(ids[0]),x\n", "w.csv:1: there is no column 'reason'"),
      ("w.csv", "violation,why,why\n\(ids[0]),x,y\n", "the column 'why' is there twice"),
      (
        "w.csv", "violation,why,until\n\"\(ids[0]),x,9d\n",
        "w.csv:2: a quotation mark is not closed"
      ),
      ("w.csv", "violation,why,until\n", "w.csv cannot be read, or is empty"),
      ("w.csv", "", "w.csv cannot be read, or is empty"),
      ("w.yml", "waivers:\n  - {violation: \(ids[0]), until: 9d}\n", "w.yml:2: the waiver has no"),
      ("w.yml", "waivers:\n  - {violation: x, whi: y}\n", "w.yml:2: there is no key 'whi'"),
      ("w.yml", "waivers: 3\n", "neither a list of waivers nor"),
      ("w.yml", "- {violation: [\n", "w.yml:"),
      (
        "w.yml", "- {violations: [\(ids.prefix(3).joined(separator: ", "))], why: x, until: 9d}\n",
        "w.yml:1: 3 violations would be waived at once"
      ),
    ]
    for (name, text, sentence) in cases {
      try sandbox.write(text, to: name)
      let before = sandbox.bytes()
      let outcome = try sandbox.tally("waive", "--file", name)
      #expect(outcome.status == 2 && outcome.output == "", "\(text)")
      #expect(outcome.errors.contains(sentence), "\(text): \(outcome.errors)")
      #expect(sandbox.bytes() == before, "\(text)")
    }
    #expect(try sandbox.tally("waive", "--file", "missing.csv").status == 2)
    #expect(try sandbox.tally("waive", ids[0], "--file", "w.csv").status == 64)
    #expect(try sandbox.tally("waive", ids[0], "--why", "x").status == 64)
    #expect(try sandbox.tally("waive", ids[0], "--until", "9d").status == 64)
  }

  @Test("a reason has to fit the pattern of the policy, in a file as on the command line")
  func reason() throws {
    let (sandbox, ids) = try shop("waivers: {reason: \"*NET-[0-9]*\"}")
    let refused = try sandbox.tally("waive", ids[0], "--why", "Later", "--until", "9d")
    #expect(refused.status == 2)
    #expect(
      refused.errors == """
        error: the reason does not fit '*NET-[0-9]*', which tally.yml asks for [waive.reason]
        hint: write it so that it fits, or change waivers.reason

        """
    )
    try sandbox.ok("waive", ids[0], "--why", "Until NET-12 is done", "--until", "9d")
  }

  // MARK: Ending early

  @Test("a waiver that is ended early counts until then, and goes on for what is not named")
  func end() throws {
    let (sandbox, ids) = try shop()
    try sandbox.ok("waive", ids[0], ids[1], "--why", "Agreed", "--until", "90d")
    sandbox.now = "2026-03-10T12:00:00Z"
    let outcome = try sandbox.tally("waive", ids[0], "--end", "--why", "The customer left")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("took back the waiver of \(ids[0]), \(ids[1])") == false)
    #expect(outcome.output.hasPrefix("took back the waiver of \(ids[0]) until 2026-05-30\n"))
    #expect(outcome.output.contains("waived \(ids[0]) until 2026-03-10T12:00:00Z by Ada"))
    #expect(outcome.output.contains("waived \(ids[1]) until 2026-05-30T12:00:00Z by Ada"))
    sandbox.now = "2026-03-11T12:00:00Z"
    #expect(try waived(sandbox) == [ids[1]])
    #expect(try waived(sandbox, "--as-of", "2026-03-05") == [ids[0], ids[1]])
    let life = try sandbox.json("show", ids[0])["events"] as? [[String: Any]] ?? []
    #expect(
      life.map { $0["what"] as? String } == ["brought forward", "waived", "unwaived"]
    )
    #expect(life[2]["time"] as? String == "2026-03-10T12:00:00Z")
    // It was recorded again, not late: nothing says "days later".
    #expect(life[1]["note"] as? String == "Ada <ada@shop.example>: Agreed")
    #expect(try sandbox.json("statement")["balances"] as? Bool == true)
    #expect(try sandbox.json("verify")["findings"] as? [String] == [])
    let again = try sandbox.tally("waive", ids[0], "--end", "--why", "x")
    #expect(again.status == 2 && again.errors.contains("[waive.not-waived]"))
    let empty = try sandbox.tally("waive", ids[1], "--end", "--why", " ")
    #expect(empty.status == 2 && empty.errors.contains("[record.no-reason]"))
  }

  @Test("of two waivers that overlap both are ended")
  func endBoth() throws {
    let (sandbox, ids) = try shop()
    try sandbox.ok("waive", ids[0], "--why", "Agreed", "--until", "30d")
    sandbox.now = "2026-03-05T12:00:00Z"
    // Open again for a moment in the books, so that it can be renewed before it ends.
    try sandbox.ok("waive", ids[0], "--why", "Renewed", "--until", "90d")
    sandbox.now = "2026-03-10T12:00:00Z"
    try sandbox.ok("waive", ids[0], "--end", "--why", "Fixed instead")
    sandbox.now = "2026-03-12T12:00:00Z"
    #expect(try waived(sandbox).isEmpty)
    #expect(try sandbox.json("statement")["balances"] as? Bool == true)
  }

  // MARK: Late

  @Test("what was recorded late says so: in its life, in a post, in a sign-off")
  func late() throws {
    let (sandbox, ids) = try shop()
    sandbox.now = "2026-03-10T09:00:00Z"
    try sandbox.ok("waive", ids[0], "--why", "Agreed", "--from", "2026-03-02", "--until", "90d")
    let attest = try sandbox.tally(
      "attest",
      "operations",
      "--why",
      "Drill",
      "--from",
      "2026-03-03",
      "--until",
      "90d"
    )
    #expect(
      attest.errors == "warning: recorded 7 days after it begins to count; posts will say so\n"
    )
    let life = try sandbox.json("show", ids[0])["events"] as? [[String: Any]] ?? []
    #expect(
      life.first { $0["what"] as? String == "waived" }?["note"] as? String
        == "Ada <ada@shop.example>: Agreed (recorded 8 days later)"
    )
    let context = try sandbox.json("report", "--context")
    let waivers = (context["waivers"] as? [String: Any])?["items"] as? [[String: Any]] ?? []
    #expect(waivers.first?["reason"] as? String == "Agreed (recorded 8 days later)")
    let criteria = (context["criteria"] as? [String: Any])?["items"] as? [[String: Any]] ?? []
    #expect(
      (criteria.last?["evidence"] as? String)?.hasSuffix(": Drill (recorded 7 days later)") == true
    )
    // The balance of the day is the one without it, as long as only what was known then is read.
    #expect(try waived(sandbox, "--as-of", "2026-03-04") == [ids[0]])
    #expect(try waived(sandbox, "--as-of", "2026-03-04", "--known-at", "2026-03-04").isEmpty)
  }

  // MARK: Measurements

  @Test("a file of measurements: JSON, a list, lines; several samples, exact, from a pipeline")
  func measure() throws {
    let cases = [
      ("{\"rss_mb\": [412, 420.50, 4.3e2], \"p95_ms\": 18.25}", true),
      ("{\"samples\": [{\"name\": \"rss_mb\", \"values\": [412, 420.5]}]}", false),
      ("[{\"name\": \"rss_mb\", \"value\": 412}, {\"name\": \"rss_mb\", \"value\": 412}]", true),
      ("# from the probe\nrss_mb=412\n\n rss_mb = 430 \r\np95_ms=18.25\n", false),
    ]
    let medians = ["420.5", "416.25", "412", "421"]
    for (index, (text, isPipe)) in cases.enumerated() {
      let (sandbox, _) = try shop()
      let outcome: Outcome
      if isPipe {
        outcome = try sandbox.shell(
          "printf '%s' \"$(cat)\" | \"$TALLY\" measure --file - --by 'Probe 7'",
          input: Data(text.utf8)
        )
      } else {
        try sandbox.write(text, to: "metrics.json")
        outcome = try sandbox.tally("measure", "--file", "metrics.json", "--by", "Probe 7")
      }
      #expect(outcome.status == 0, "\(index): \(outcome.errors)")
      let metrics = try sandbox.json("report", "--context")["metrics"] as? [[String: Any]] ?? []
      #expect(metrics.first?["current"] as? String == medians[index])
      #expect(try sandbox.json("verify")["findings"] as? [String] == [])
    }
  }

  @Test("a file of measurements that is none is refused with its place")
  func wrongMeasurements() throws {
    let (sandbox, _) = try shop()
    let cases = [
      ("{\"rss_mb\": \"412\"}", "[promise.malformed]"),
      ("{\"rss_mb\": }", "metrics.json:1: this is not valid JSON"),
      ("[412]", "[promise.malformed]"),
      ("{\"rss mb\": 412}", "[measure.bad-name]"),
      ("rss_mb\n", "metrics.json:1: 'rss_mb' is not a measurement"),
      ("a=1\nrss_mb=x\n", "[measure.not-a-number]"),
      ("{}", "[promise.unreadable]"),
      ("\n", "[promise.unreadable]"),
    ]
    for (text, sentence) in cases {
      try sandbox.write(text, to: "metrics.json")
      let before = sandbox.bytes()
      let outcome = try sandbox.tally("measure", "--file", "metrics.json")
      #expect(outcome.status == 2, "\(text)")
      #expect(outcome.errors.contains(sentence), "\(text): \(outcome.errors)")
      #expect(sandbox.bytes() == before)
    }
    let nothing = try sandbox.tally("measure")
    #expect(nothing.status == 2 && nothing.errors.contains("[measure.nothing]"))
  }
}
