import Foundation
import Testing

/// `tally report --check`: whether a posted text is what the ledger says.
@Suite struct CheckTests {
  /// A post of the shop as text.
  private func post(_ sandbox: Sandbox, _ arguments: String...) throws -> String {
    let outcome = try sandbox.run(["report"] + arguments)
    #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
    return outcome.output
  }

  /// Checks a text that comes through standard input.
  private func check(_ sandbox: Sandbox, _ text: String, _ more: String...) throws -> Outcome {
    try sandbox.run(["report", "--check", "-"] + more, input: Data(text.utf8))
  }

  /// A campaign more, so that a post has several.
  private let second = """
      - id: tools
        title: Tools
        select: {paths: ["src/tools/**"]}
    """

  @Test(
    "every built-in post is what the ledger says, at once and after more was recorded",
    arguments: [
      ["status-update.md"], ["status-update.html"], ["weekly"], ["slack"],
      ["release-compliance"], ["weekly", "--all"], ["slack", "--all"],
      ["status-update.html", "--all"], ["status-update", "--as-of", "2026-03-02"],
      ["weekly", "--known-at", "5"], ["violations"], ["violations", "--all"], ["json"],
      ["json", "--all"], ["weekly", "--context"], ["release-compliance", "--all"],
    ]
  )
  func same(_ kind: [String]) throws {
    let sandbox = try Sandbox()
    try sandbox.writeConfiguration(second)
    try sandbox.write(
      try sandbox.read("tally.yml") + "templates: tally\n",
      to: "tally.yml"
    )
    try sandbox.playShop()
    let own = kind.contains("--all") ? [] : ["--campaign", "no-eval"]
    let outcome = try sandbox.run(["report"] + kind + own)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let text = outcome.output
    let now = try check(sandbox, text)
    #expect(now.status == 0, "\(now.output)\(now.errors)")
    #expect(now.output.hasPrefix("standard input is what the ledger says\n"))

    try sandbox.edit("src/app.py", "exec(script)", "return script")
    try sandbox.edit("tally.yml", "title: No code from text", "title: Another title")
    try sandbox.commit("Run nothing (#7)")
    try sandbox.scan()
    try sandbox.ok("measure", "rss_mb=9")
    let later = try check(sandbox, text)
    #expect(later.status == 0, "\(later.output)\(later.errors)")
    #expect(later.output.contains(" came since\n"))
    try FileManager.default.removeItem(at: sandbox.folder.appendingPathComponent("tally.yml"))
    let bare = try check(sandbox, text)
    #expect(bare.status == 0, "\(bare.output)\(bare.errors)")
  }

  @Test("data is compared as what it says, however it is laid out")
  func data() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let text = try post(sandbox, "json")
    let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let dense = try JSONSerialization.data(withJSONObject: value)
    let body = try JSONSerialization.data(withJSONObject: ["context": value, "version": 1])
    #expect(try check(sandbox, String(decoding: dense, as: UTF8.self)).status == 0)
    #expect(try check(sandbox, "\u{FEFF}" + text).status == 0)
    let outer = try check(sandbox, String(decoding: body, as: UTF8.self))
    #expect(outer.status == 2 && outer.errors.contains("[check.no-data-footer]"))
    let forged = text.replacingOccurrences(of: "\"open\": 4,", with: "\"open\": 3,")
    #expect(forged != text)
    let answer = try check(sandbox, forged)
    #expect(answer.status == 1)
    #expect(answer.output.contains("the ledger:      \"open\": 4,"))
    let cut = try check(sandbox, String(text.dropLast(20)))
    #expect(cut.status == 2 && cut.errors.contains("[check.broken-data]"))
    let form = text.replacingOccurrences(
      of: "\"template_digest\": \"[0-9a-f]{4}",
      with: "\"template_digest\": \"0000",
      options: .regularExpression
    )
    let other = try check(sandbox, form)
    #expect(other.status == 2)
    #expect(other.output.contains("the form of the data changed since"))
  }

  @Test("a number that was changed is found, with its line and what the ledger says")
  func tampered() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let text = try post(sandbox)
    #expect(text.contains("**4**") || text.contains("→ 4**"))
    let lines = text.components(separatedBy: "\n")
    let place = try #require(lines.firstIndex { $0.contains("4** open violations") })
    let forged = text.replacingOccurrences(of: "4** open violations", with: "3** open violations")
    let outcome = try check(sandbox, forged)
    #expect(outcome.status == 1)
    let verdict = "standard input differs from what the ledger says in 1 line\n"
    #expect(outcome.output.hasPrefix(verdict))
    let line = lines[place].replacingOccurrences(of: "4** o", with: "3** o")
    #expect(outcome.output.contains("line \(place + 1), the post:    \(line)\n"))
    #expect(outcome.output.contains("the ledger:  \(lines[place])\n"))
    let more =
      forged
      .replacingOccurrences(of: "### Next steps", with: "All is well.\n\n### Next steps")
      .replacingOccurrences(of: "Counted: ", with: "Not counted: ")
    let answer = try check(sandbox, more, "--output", "json")
    #expect(answer.status == 1)
    #expect(try answer.json()["result"] as? String == "different")
    #expect(try answer.json()["differing"] as? Int == 4)
    let nothing = try check(sandbox, String(lines.suffix(3).joined(separator: "\n")))
    #expect(nothing.status == 1)
    #expect(nothing.output.contains("… and "))
  }

  @Test("what places do to a text that is pasted there is left out, and nothing else")
  func pasted() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let text = try post(sandbox)
    let lines = text.components(separatedBy: "\n")
    func isSame(_ text: String) throws -> Bool { try check(sandbox, text).status == 0 }
    #expect(try isSame(lines.joined(separator: "\r\n")))
    #expect(try isSame(lines.joined(separator: "\r")))
    #expect(try isSame("\u{FEFF}\n\n" + lines.joined(separator: "  \t\n") + "\n\n\n"))
    #expect(try isSame(lines.map { $0.isEmpty ? ">" : "> \($0)" }.joined(separator: "\n")))
    #expect(try isSame("<!-- tally:no-eval -->\n" + text))
    #expect(try isSame(text + "\n<!-- tally post -->"))
    #expect(try isSame(String(text.dropLast())))
    #expect(try !isSame("Hello.\n\n" + text))
    #expect(try !isSame("<!-- tally --> Hello <!-- -->\n" + text))
    #expect(try !isSame(text.replacingOccurrences(of: "  ", with: " ")))
    #expect(try !isSame(lines.map { "  \($0)" }.joined(separator: "\n")))
  }

  @Test("a post can't be told where the history, the configuration or the template is not there")
  func unknown() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let text = try post(sandbox)
    func unknown(_ text: String, _ words: String, _ more: String...) throws {
      let outcome = try sandbox.run(
        ["report", "--check", "-"] + more,
        input: Data(text.utf8)
      )
      #expect(outcome.status == 2, "\(words): \(outcome.output)")
      #expect(outcome.output.contains(words), "\(outcome.output)")
      #expect(!outcome.output.contains("is what the ledger says\n"))
    }
    // Another ledger, and one that is behind.
    try sandbox.ok("measure", "rss_mb=1", "--ledger", "other.db")
    try unknown(text, "this ledger holds 4\n", "--ledger", "other.db")
    for number in 2...30 { try sandbox.ok("measure", "rss_mb=\(number)", "--ledger", "other.db") }
    try unknown(text, "it is not the same history", "--ledger", "other.db")
    // Every part of the last line counts.
    func changing(_ pattern: String, _ new: String) -> String {
      text.replacingOccurrences(of: pattern, with: new, options: .regularExpression)
    }
    try unknown(changing("root `[0-9a-f]{12}", "root `000000000000"), "it is not the same history")
    #expect(
      try check(sandbox, changing("root `([0-9a-f]{4})[0-9a-f]{8}", "root `$1")).errors
        .contains("[check.no-footer]"),
      "a few digits of a root prove nothing"
    )
    try unknown(
      changing("Configuration `[0-9a-f]{12}", "Configuration `000000000000"),
      "the configuration 000000000000 is neither tally.yml as it is nor in the ledger"
    )
    let template = "Template `status-update.md` `"
    try unknown(
      changing("\(template)[0-9a-f]{12}", "\(template)000000000000"),
      "the template status-update.md changed since"
    )
    try unknown(changing("Template `status-update.md`", "Template `no.md`"), "there is no template")
    try unknown(changing("Campaign `no-eval`", "Campaign `no-evil`"), "no campaign 'no-evil'")
    try unknown(changing("Journal: [0-9]+", "Journal: 999"), "it was made from 999 entries")
    #expect(try check(sandbox, changing("Written by tally", "Written by sally")).status == 0)
    // A template of the team's own is in the configuration, however it changed since.
    try sandbox.write("# {{campaign.open}}\n{{> footer}}\n", to: "tally/own.md")
    try sandbox.write(try sandbox.read("tally.yml") + "templates: tally\n", to: "tally.yml")
    try sandbox.git("add", "tally/own.md")
    try sandbox.commit("Write our own")
    try sandbox.scan()
    let own = try post(sandbox, "own")
    #expect(try check(sandbox, own).status == 0)
    try sandbox.write("# {{campaign.open_text}}!\n{{> footer}}\n", to: "tally/own.md")
    #expect(try check(sandbox, own).status == 0)
    #expect(try post(sandbox, "own") != own)
  }

  @Test("a post that was recorded is known by its digest")
  func recorded() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let text = try post(sandbox, "weekly", "--record")
    let answer = try check(sandbox, text, "--output", "json").json()
    #expect(answer["result"] as? String == "same")
    #expect((answer["recorded"] as? String)?.count == 64)
    #expect((answer["root"] as? String)?.count == 64)
    #expect(try check(sandbox, text + " \n").output.contains("this very text, in entry "))
    let forged = try check(sandbox, text.replacingOccurrences(of: "week of", with: "week off"))
    #expect(forged.status == 1)
    #expect(!forged.output.contains("this very text"))
  }

  @Test("a post about a change is checked until the next ingest")
  func change() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    try sandbox.git("checkout", "-q", "-b", "feature")
    try sandbox.edit("src/app.py", "exec(script)", "return script")
    let commit = try sandbox.commit("Run nothing (#7)")
    try sandbox.scan()
    let text = try post(sandbox, "pull-request")
    #expect(text.contains("Change `\(commit.prefix(12))` of `feature` against `main`."))
    sandbox.now = "2027-01-01T00:00:00Z"
    let now = try check(sandbox, text)
    #expect(now.status == 0, "\(now.output)\(now.errors)")
    try sandbox.ok("measure", "rss_mb=9")
    let later = try check(sandbox, text)
    #expect(later.status == 2)
    #expect(later.output.contains("1 entry came since"))
  }

  @Test("what is no post is refused")
  func refused() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let text = try post(sandbox)
    func refused(_ data: Data, _ code: String) throws {
      let outcome = try sandbox.run(["report", "--check", "-"], input: data)
      #expect(outcome.status == 2)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.contains("[\(code)]"), "\(outcome.errors)")
    }
    try refused(Data(), "check.no-footer")
    try refused(Data("Nothing here.\n".utf8), "check.no-footer")
    try refused(Data((text + text).utf8), "check.several-footers")
    try refused(Data([0xFF, 0xFE, 0x41]), "check.not-text")
    try refused(Data(text.utf8 + [0]), "check.not-text")
    try refused(Data(repeating: 0x61, count: 17 << 20), "check.too-large")
    let gone = try sandbox.tally("report", "--check", "gone.md")
    #expect(gone.status == 2)
    #expect(gone.errors.contains("'gone.md' cannot be read [check.unreadable]"))
    #expect(try sandbox.tally("report", "--check", "src").status == 2)
    #expect(try sandbox.tally("report", "--check", "x.md", "--all").status == 64)
  }
}
