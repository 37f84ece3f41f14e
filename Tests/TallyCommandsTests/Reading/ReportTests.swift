import Foundation
import Testing

/// Posts: where they go, which campaign and which time they speak of, and that they can be made again.
@Suite struct ReportTests {
  @Test("data printed and rendered later gives the bytes that the ledger gives")
  func context() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let post = try sandbox.ok("report")
    #expect(post.contains("(#7): status of 2026-03-03"))
    let context = try sandbox.ok("report", "--context")
    #expect(try sandbox.ok("report", "--output", "json") == context)
    try sandbox.write(context, to: "context.json")
    let elsewhere = sandbox.outside.appendingPathComponent("elsewhere")
    try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
    let file = sandbox.folder.appendingPathComponent("context.json").path
    let rendered = try sandbox.run(["report", "--from-context", file], in: elsewhere)
    #expect(rendered.status == 0)
    #expect(rendered.output == post)
    let piped = try sandbox.run(
      ["report", "status-update.md", "--from-context", "-"],
      input: Data(context.utf8)
    )
    #expect(piped.output == post)
  }

  @Test("-o writes the post to a file and nothing to standard output")
  func file() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let post = try sandbox.ok("report")
    #expect(try sandbox.ok("report", "-o", "post.md", "--chart", "chart.svg") == "")
    #expect(try sandbox.read("post.md") == post)
    #expect(try sandbox.read("chart.svg").hasPrefix("<svg"))
  }

  @Test("a report reads the ledger and leaves no trace, also in a folder that may not be written")
  func readOnly() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let before = sandbox.bytes()
    let files = try FileManager.default.contentsOfDirectory(atPath: sandbox.folder.path).sorted()
    for command in [["report"], ["list"], ["statement"], ["verify"]] {
      #expect(try sandbox.run(command).status == 0)
    }
    #expect(sandbox.bytes() == before)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: sandbox.folder.path).sorted() == files
    )
  }

  @Test("an old post comes back to the byte, whatever was recorded and configured since")
  func knownAt() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let id = try sandbox.violation("--rule", "no-eval", "--path", "src/app.py")
    let size = try #require(sandbox.json("verify")["size"] as? Int)
    let time = sandbox.now
    func post(_ more: String...) throws -> String {
      let outcome = try sandbox.run(["report", "--as-of", time, "--known-at", "\(size)"] + more)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return outcome.output
    }
    let old = try post()
    let data = try post("--context")
    let list = try sandbox.ok("list", "--as-of", time, "--known-at", "\(size)")
    let middle = try sandbox.git("rev-parse", "HEAD~1")
    #expect(old.contains("**4**"))

    try sandbox.edit("src/app.py", "exec(script)", "return script")
    try sandbox.commit("Run nothing (#7)")
    try sandbox.scan()
    try sandbox.ok("waive", id, "--why", "x", "--until", "9d", "--from", "2026-03-02")
    try sandbox.ok("measure", "rss_mb=9", "--commit", middle)
    try sandbox.edit("tally.yml", "title: No code from text", "title: Another title")
    try sandbox.commit("Redefine")
    try sandbox.scan()
    #expect(try post() == old)
    #expect(try post("--context") == data)

    let linter = Linter()
    let finding = linter.finding("no-eval", "src/app.py", line: 2, "eval( is not allowed here")
    try sandbox.write(try Linter.log([linter.run([finding])]), to: "late.sarif")
    let late = try Run(sandbox.json("ingest", "late.sarif", "--commit", middle))
    #expect(late.isLate)
    #expect(try post() == old)
    #expect(try post("--context") == data)
    #expect(try sandbox.ok("list", "--as-of", time, "--known-at", "\(size)") == list)
    #expect(try sandbox.ok("report", "--as-of", time) != old)
    try FileManager.default.removeItem(at: sandbox.folder.appendingPathComponent("tally.yml"))
    #expect(try post() == old)
    #expect(try sandbox.json("verify")["findings"] as? [String] == [])
  }

  @Test("every size that the journal ever had can be asked for")
  func everySize() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let full = try #require(sandbox.json("verify")["size"] as? Int)
    var counts: [Int] = []
    for size in 0...full {
      let list = try sandbox.json("list", "--known-at", "\(size)")["violations"] as? [Any]
      counts.append(list?.count ?? -1)
    }
    #expect(counts.first == 0 && counts.last == 7)
    #expect(counts == counts.sorted())
  }

  @Test("--known-at takes a date of arrival, too")
  func arrival() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    func count(_ knownAt: String) throws -> Int {
      let found = try sandbox.json("list", "--known-at", knownAt)["violations"] as? [Any]
      return found?.count ?? -1
    }
    #expect(try count("2026-02-28") == 0)
    #expect(try count("2026-03-01") == 6)
    #expect(try count("2026-03-02T11:59:59Z") == 6)
    #expect(try count("2026-03-02T12:00:00Z") == 7)
  }

  @Test("--as-of a date or a commit speaks of the state then")
  func asOf() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let first = try sandbox.git("rev-parse", "HEAD~2")
    for time in ["2026-03-01", String(first.prefix(9))] {
      let context = try sandbox.json("report", "--context", "--as-of", time)
      let campaign = context["campaign"] as? [String: Any] ?? [:]
      #expect(campaign["open"] as? Int == 4)
      #expect((context["trend"] as? [String: Any])?["has_points"] as? Bool == false)
    }
  }

  @Test("which campaign: the only one, the chosen one, or a sentence")
  func campaigns() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let more = """
        - {id: no-print, title: No printing, select: {rules: [no-print]}}

      """
    try sandbox.write(try sandbox.read("tally.yml") + more, to: "tally.yml")
    let several = try sandbox.tally("report")
    #expect(several.status == 2)
    #expect(several.errors.contains("there are 2 campaigns: no-eval, no-print [campaign.several]"))
    #expect(try sandbox.ok("report", "--campaign", "no-print").contains("No printing"))
    let unknown = try sandbox.tally("report", "--campaign", "no-exec")
    #expect(unknown.errors.contains("hint: the campaigns are: no-eval, no-print"))
    try sandbox.write("version: 1\n", to: "tally.yml")
    #expect(try sandbox.tally("report").errors.contains("[campaign.none]"))
  }

  @Test("partials of the lead are rendered into the post, and recorded with the configuration")
  func partials() throws {
    let sandbox = try Sandbox()
    try sandbox.writeConfiguration("    narrative: {five_whys: why.md}")
    try sandbox.write("Because {{campaign.open_text}} remain.\n", to: "why.txt")
    try sandbox.write(
      try sandbox.read("tally.yml").replacingOccurrences(of: "why.md", with: "why.txt"),
      to: "tally.yml"
    )
    try sandbox.writeShop()
    try sandbox.commit("Start")
    try sandbox.scan()
    #expect(try sandbox.ok("report").contains("Because 4 remain."))
    for file in ["tally.yml", "why.txt"] {
      try FileManager.default.removeItem(at: sandbox.folder.appendingPathComponent(file))
    }
    #expect(try sandbox.ok("report").contains("Because 4 remain."))
  }

  @Test("a team's own template is found by its name and by its file name")
  func templates() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let more = "templates: posts\n"
    try sandbox.write(try sandbox.read("tally.yml") + more, to: "tally.yml")
    try sandbox.write("{{campaign.open_text}} are left.\n", to: "posts/short.md")
    #expect(try sandbox.ok("report", "short") == "4 are left.\n")
    #expect(try sandbox.ok("report", "short.md") == "4 are left.\n")
    try sandbox.write("{{campain.open}}\n", to: "posts/wrong.md")
    let wrong = try sandbox.tally("report", "wrong")
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("wrong.md:1:1: "))
    #expect(wrong.errors.contains("did you mean"))
  }
}
