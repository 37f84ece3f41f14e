import Foundation
import Testing

/// `tally why`: from a number of a post to its rows.
@Suite struct WhyTests {
  private func why(_ sandbox: Sandbox, _ text: String, _ arguments: String...) throws -> Outcome {
    try sandbox.run(["why"] + arguments, input: Data(text.utf8))
  }

  /// The only answer to a number in a line.
  private func answer(
    _ sandbox: Sandbox,
    _ text: String,
    _ number: String,
    in words: String,
    _ more: String...
  ) throws -> [String: Any] {
    let lines = text.components(separatedBy: "\n")
    let line = try #require(lines.firstIndex { $0.contains(words) }, "\(words) is not there")
    let outcome = try sandbox.run(
      ["why", number, "-", "--line", "\(line + 1)", "--output", "json"] + more,
      input: Data(text.utf8)
    )
    #expect(outcome.status == 0, "\(outcome.errors)")
    let answers = try outcome.json()["answers"] as? [[String: Any]] ?? []
    #expect(answers.count == 1, "\(words): \(answers.count)")
    return answers.first ?? [:]
  }

  private func ids(_ answer: [String: Any], _ key: String = "violations") -> [String] {
    (answer[key] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }.sorted()
  }

  @Test("each kind of number goes back to what it was made of")
  func kinds() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let waived = try sandbox.violation("--rule", "no-eval", "--path", "src/app.py")
    try sandbox.ok("waive", waived, "--why", "Old orders need it", "--until", "9d")
    try sandbox.ok("attest", "operations", "--why", "Drill 7 passed", "--until", "90d")
    let text = try sandbox.ok("report")
    let open = try answer(sandbox, text, "3", in: "3** open violations")
    #expect(open["name"] as? String == "campaign.open")
    #expect(open["count"] as? Int == 3)
    let listed = try sandbox.json("list", "--campaign", "no-eval")["violations"] as? [[String: Any]]
    #expect(ids(open) == (listed ?? []).compactMap { $0["id"] as? String }.sorted())
    let command = try #require(open["command"] as? String)
    let again = try sandbox.shell(command.replacingOccurrences(of: "tally ", with: "\"$TALLY\" "))
    #expect(again.status == 0, "\(command): \(again.errors)")
    for id in ids(open) { #expect(again.output.contains(id)) }

    let aside = try answer(sandbox, text, "1", in: "Set aside, and not counted")
    #expect(ids(aside) == [waived])
    let kinds = (aside["entries"] as? [[String: Any]] ?? []).compactMap { $0["kind"] as? String }
    #expect(kinds.contains("waiver") && kinds.contains("scan"))
    let fixed = try answer(sandbox, text, "1", in: "| Fixed |")
    #expect(fixed["count"] as? Int == 1)
    let posting = try #require((fixed["postings"] as? [[String: Any]])?.first)
    #expect(posting["cause"] as? String == "fixed")
    #expect(posting["basis"] as? String == "direct")
    #expect(posting["subject"] as? String == "Read prices as numbers (#7)")
    let passed = try answer(sandbox, text, "2", in: "of 2 passed")
    #expect(ids(passed, "tests") == ["tests/test_app::test_load", "tests/test_app::test_price"])
    let memory = try answer(sandbox, text, "412", in: "Memory (MB)")
    let samples = memory["samples"] as? [[String: Any]] ?? []
    #expect(samples.map { $0["value"] as? String } == ["412"])
    let reason = try answer(sandbox, text, "7", in: "Operations agreed")
    #expect(reason["kind"] as? String == "sentence")
    let issue = try answer(sandbox, text, "7", in: "## No code")
    #expect(issue["kind"] as? String == "configuration")
    let date = try answer(sandbox, text, "2026-03-03", in: "## No code")
    #expect(date["kind"] as? String == "date")
    let size = try answer(sandbox, text, "25", in: "Journal: ")
    #expect(size["name"] as? String == "footer.entries")
  }

  @Test("a number of data goes back to the same rows as one of the post")
  func data() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let post = try sandbox.ok("report")
    let data = try sandbox.ok("report", "json")
    let open = try answer(sandbox, post, "4", in: "4** open violations")
    let same = try answer(sandbox, data, "4", in: "    \"open\": 4,")
    #expect(same["name"] as? String == "campaign.open")
    #expect(ids(same) == ids(open) && ids(same).count == 4)
    let fixed = try answer(sandbox, data, "1", in: "    \"fixed\": 1,")
    #expect(fixed["name"] as? String == "campaign.fixed")
    let every = try why(sandbox, data, "all", "-")
    #expect(every.status == 0, "\(every.errors)")
    #expect(!every.output.contains("nobody has explained"))
  }

  @Test("rows and proofs stay what they were, whatever was recorded since")
  func later() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let text = try sandbox.ok("report")
    let before = try answer(sandbox, text, "4", in: "4** open violations", "--all")
    try sandbox.edit("src/app.py", "exec(script)", "return script")
    try sandbox.commit("Run nothing (#7)")
    try sandbox.scan()
    let after = try answer(sandbox, text, "4", in: "4** open violations", "--all")
    #expect(NSDictionary(dictionary: before).isEqual(to: after))
    let entries = before["entries"] as? [[String: Any]] ?? []
    #expect(!entries.isEmpty)
    #expect(entries.allSatisfy { $0["isProved"] as? Bool == true })
  }

  @Test("several campaigns each have their own numbers")
  func several() throws {
    let sandbox = try Sandbox()
    try sandbox.writeConfiguration(
      """
        - id: printing
          title: No printing
          select: {rules: [no-print]}
      """
    )
    let configuration = try sandbox.read("tally.yml")
    try sandbox.playShop()
    try sandbox.write(configuration, to: "tally.yml")
    let text = try sandbox.ok("report", "weekly", "--all")
    let first = try answer(sandbox, text, "4", in: "| No code from text")
    let second = try answer(sandbox, text, "3", in: "| No printing")
    #expect(first["name"] as? String == "campaigns[0].campaign.open")
    #expect(second["name"] as? String == "campaigns[1].campaign.open")
    let rules = (second["violations"] as? [[String: Any]] ?? []).map { $0["rule"] as? String }
    #expect(rules == ["no-print", "no-print", "no-print"])
  }

  @Test("a change's numbers go back to what the commit adds and removes")
  func change() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    try sandbox.git("checkout", "-q", "-b", "feature")
    try sandbox.edit("src/app.py", "exec(script)", "return script")
    try sandbox.commit("Run nothing (#7)")
    try sandbox.scan()
    let text = try sandbox.ok("report", "pull-request")
    let removed = try answer(sandbox, text, "1", in: "**Removed: 1")
    #expect(removed["name"] as? String == "change.removed.count")
    #expect(ids(removed).count == 1)
  }

  @Test("what is not in the post is refused, with what is near")
  func missing() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let text = try sandbox.ok("report")
    func refused(_ code: String, _ hint: String, _ text: String, _ arguments: String...) throws {
      let outcome = try sandbox.run(["why"] + arguments, input: Data(text.utf8))
      #expect(outcome.status == 2)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.contains("[\(code)]"), "\(outcome.errors)")
      #expect(hint.isEmpty || outcome.errors.contains(hint), "\(outcome.errors)")
    }
    try refused("why.no-such-number", "the nearest numbers are 25, 75 and 412", text, "500", "-")
    try refused("why.no-such-number", "it stands in line", text, "412", "-", "--line", "1")
    try refused("why.no-such-number", "the nearest numbers are", text, "-", "-")
    try refused("why.no-such-number", "the nearest", text, "99999999999999999999999", "-")
    try refused("check.no-footer", "", "34\n", "34", "-")
    try refused("check.several-footers", "", text + text, "4", "-")
    try refused("check.not-text", "", text + "\0", "4", "-")
    try refused(
      "why.not-reproducible",
      "name the ledger",
      text.replacingOccurrences(
        of: "root `[0-9a-f]{12}",
        with: "root `000000000000",
        options: .regularExpression
      ),
      "4",
      "-"
    )
    let gone = try sandbox.tally("why", "4", "gone.md")
    #expect(gone.status == 2 && gone.errors.contains("[check.unreadable]"))
    #expect(try sandbox.tally("why", "4").status == 64)
  }

  @Test("a line that was changed is not explained but told from the ledger")
  func tampered() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let text = try sandbox.ok("report")
    let forged = text.replacingOccurrences(of: "4** open violations", with: "3** open violations")
    let outcome = try why(sandbox, forged, "3", "-", "--line", "3")
    #expect(outcome.status == 1)
    #expect(outcome.output.hasPrefix("line 3 is not what the ledger says\n  the post:    **"))
    #expect(outcome.output.contains("\n  the ledger:  **"))
    let answer = try why(sandbox, forged, "3", "-", "--output", "json").json()
    #expect(answer["differs"] as? Bool == true)
    let places = answer["places"] as? [[String: Any]] ?? []
    #expect(places.first?["isSame"] as? Bool == false)
    #expect((places.first?["ledger"] as? String)?.contains("4** open violations") == true)
    // The others are explained all the same.
    #expect(try why(sandbox, forged, "412", "-").status == 0)
    let quoted = text.components(separatedBy: "\n").map { "> \($0)" }.joined(separator: "\r\n")
    #expect(try why(sandbox, quoted, "412", "-").status == 0)
  }

  @Test("what scanners say stays data, whatever numbers are in it")
  func hostile() throws {
    let sandbox = try Sandbox()
    try sandbox.writeConfiguration()
    try sandbox.write("print(1)\neval(2)\n", to: "src/4 open [34](x) \u{202E}7.py")
    try sandbox.commit("Close 99 \u{FFF9}0\u{FFFA} **12** violations (#7)")
    try sandbox.scan()
    for template in ["status-update", "status-update.html", "weekly", "slack"] {
      let text = try sandbox.ok("report", template)
      let outcome = try why(sandbox, text, "all", "-", "--output", "json")
      #expect(outcome.status == 0, "\(template): \(outcome.errors)")
      let answers = try outcome.json()["answers"] as? [[String: Any]] ?? []
      for answer in answers {
        #expect((answer["how"] as? String)?.contains("nobody") == false, "\(answer)")
      }
      let plain = try why(sandbox, text, "all", "-")
      #expect(!plain.output.contains("\u{202E}"))
    }
  }
}
