import Foundation
import Testing

/// What changed since the last post, several campaigns in one, owners, and posts about campaigns at their edges.
@Suite struct SinceTests {
  /// A post without its footer, whose digests cover every template.
  static func body(_ post: String) -> String {
    let body = post.components(separatedBy: "\n---\n")[0]
    let lines = body.components(separatedBy: "\n").filter { !$0.hasPrefix("_As of ") }
    return lines.joined(separator: "\n")
  }

  static func expectGolden(_ post: String, _ name: String) throws {
    var normaliser = Normaliser()
    try TallyCommandsTests.expectGolden(normaliser.text(body(post)), "posts/\(name)")
  }

  /// The shop with a recorded post of day 3, then a fix, a new one and another definition on days 4 and 5.
  private static func played() throws -> Sandbox {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let recorded = try sandbox.tally("report", "weekly", "--record")
    #expect(recorded.status == 0)
    #expect(recorded.errors.hasPrefix("recorded weekly.md for no-eval as of 2026-03-03T12:00:00Z"))
    try sandbox.edit("src/app.py", "exec(script)", "return script")
    try sandbox.edit("src/app.py", "return eval(text)", "return float(text)")
    try sandbox.write("def late(text):\n    return eval(text)\n", to: "src/tools/late.py")
    try sandbox.commit("Run nothing, evaluate late (#7)")
    try sandbox.scan()
    try sandbox.edit("tally.yml", "paths: [\"src/*\"]", "paths: [\"src/**\"]")
    try sandbox.commit("Take the tools in")
    try sandbox.scan()
    try sandbox.write(
      "<testsuites><testsuite name=\"t\"><testcase classname=\"tests.test_app\" name=\"test_load\"/></testsuite></testsuites>\n",
      to: "tests.xml"
    )
    try sandbox.ok("ingest", "tests.xml")
    return sandbox
  }

  @Test("a recorded post is what the next one is compared with")
  func since() throws {
    let sandbox = try Self.played()
    let post = try sandbox.ok("report", "weekly")
    try Self.expectGolden(post, "weekly-since.md")
    try Self.expectGolden(try sandbox.ok("report", "slack"), "slack-since.txt")
    let context = try sandbox.json("report", "weekly")
    let since = try #require(context["since"] as? [String: Any])
    #expect(since["is_post"] as? Bool == true)
    #expect((since["opening"] as? Int, since["closing"] as? Int) == (4, 3))
    let people = since["people"] as? [[String: Any]] ?? []
    #expect(people.first?["closed"] as? Int == 2)
    #expect(people.first?["opened"] as? Int == 1)
    #expect(
      (since["worse"] as? [[String: Any]])?.first?["subject"] as? String == "src/tools/late.py"
    )
    let flips = since["flips"] as? [[String: Any]] ?? []
    #expect(flips.map { $0["title"] as? String } == ["Tests pass"])
    let commit = try sandbox.git("rev-parse", "HEAD")
    #expect(
      since["definitions"] as? [String]
        == [
          "+2 in P1 and -2 in P2 by redefining the priorities on 2026-03-05 (\(commit.prefix(9)))"
        ]
    )
    // A post of another kind was never recorded.
    let other = try sandbox.json("report", "status-update")["since"] as? [String: Any]
    #expect(other?["is_post"] as? Bool == false)
  }

  @Test("reading records nothing, recording twice records once, and the books stay whole")
  func record() throws {
    let sandbox = try Self.played()
    let before = sandbox.bytes()
    try sandbox.ok("report", "weekly")
    #expect(sandbox.bytes() == before)
    let time = sandbox.now
    let first = try sandbox.tally("report", "weekly", "--record", "--as-of", time)
    let second = try sandbox.tally("report", "weekly", "--record", "--as-of", time)
    #expect(first.errors.hasPrefix("recorded weekly.md for no-eval as of \(time), entry "))
    #expect(second.errors == "recorded already: weekly.md for no-eval as of \(time)\n")
    #expect(Self.body(second.output) == Self.body(first.output))
    let size = try #require(sandbox.json("verify")["size"] as? Int)
    #expect(try sandbox.json("verify")["findings"] as? [String] == [])
    // The post that was recorded last can be made again from what was known then.
    let again = try sandbox.ok("report", "weekly", "--as-of", time, "--known-at", "\(size - 1)")
    #expect(again.contains("Since the last post, on 2026-03-03"))
    sandbox.now = "2026-03-06T12:00:00Z"
    let next = try sandbox.ok("report", "weekly")
    #expect(next.contains("**Since the last post, on 2026-03-05:** 3 → 3, no change."))
    for wrong in [["--context"], ["--output", "json"], ["--from-context", "x.json"]] {
      #expect(try sandbox.run(["report", "--record"] + wrong).status == 64)
    }
  }

  @Test("without a recorded post, the last 7 days are told")
  func week() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    #expect(!(try sandbox.ok("report", "weekly").contains("In the last 7 days")))
    sandbox.now = "2026-03-09T12:00:00Z"
    #expect(
      try sandbox.ok("report", "weekly").contains("**In the last 7 days:** 4 → 4, no change.")
    )
  }

  @Test("several campaigns in one post, recorded each, with owners over all of them")
  func all() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let more = """
        - {id: no-print, title: No printing, issue: SHOP-9, select: {rules: [no-print]}, target: 5}
        - {id: nothing, title: Nothing at all, select: {rules: [no-such-rule]}}

      """
    try sandbox.write(try sandbox.read("tally.yml") + more, to: "tally.yml")
    try sandbox.write(
      "* @everybody\n/src/tools/ @tools @exports # both\n/src/debug.py\n",
      to: "CODEOWNERS"
    )
    let post = try sandbox.ok("report", "weekly", "--all")
    try Self.expectGolden(post, "weekly-all.md")
    #expect(post.contains("By owner: @​everybody"))
    try Self.expectGolden(try sandbox.ok("report", "slack", "--all"), "slack-all.txt")
    let page = try sandbox.ok("report", "status-update.html", "--all")
    #expect(page.ranges(of: "<article>").count == 3)
    let ids = page.matches(of: #/ id="([^"]+)"/#).map { String($0.output.1) }
    #expect(ids.count == Set(ids).count, "an id is on the page twice")
    let data = try sandbox.ok("report", "weekly", "--all", "--context")
    try sandbox.write(data, to: "all.json")
    #expect(try sandbox.ok("report", "weekly", "--from-context", "all.json") == post)
    let recorded = try sandbox.tally("report", "weekly", "--all", "--record")
    #expect(recorded.errors.split(separator: "\n").count == 3)
    sandbox.now = "2026-03-04T12:00:00Z"
    let next = try sandbox.ok("report", "weekly", "--campaign", "no-print")
    #expect(next.contains("Since the last post, on 2026-03-03"))
    let record = try sandbox.ok("report", "release-compliance", "--all")
    #expect(record.ranges(of: "## Integrity of the ledger").count == 1)
    #expect(record.ranges(of: "## Accepted risks").count == 3)
    try sandbox.write("{{campaign.title}}\n", to: "posts/short.md")
    try sandbox.write(try sandbox.read("tally.yml") + "templates: posts\n", to: "tally.yml")
    let one = try sandbox.tally("report", "short", "--all")
    #expect(one.errors.contains("[report.one-campaign]"))
    #expect(try sandbox.tally("report", "--all", "--campaign", "no-eval").status == 64)
    #expect(try sandbox.tally("report", "weekly", "--all", "--chart", "x.svg").status == 64)
    let change = try sandbox.tally("report", "pull-request", "--record")
    #expect(change.errors.contains("[report.nothing-to-record]"))
  }

  @Test(
    "campaigns at their edges: nothing selected, target below, due date passed, baseline before the first scan"
  )
  func edges() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let campaigns: [(title: String, lines: String)] = [
      ("Selects nothing", "select: {rules: [no-such-rule]}, due: 2026-04-01"),
      ("Done and below", "select: {rules: [no-eval]}, target: 50, due: 2026-04-01"),
      ("Past due", "select: {rules: [no-eval]}, due: 2026-03-02"),
      (
        "Before the first scan",
        "select: {rules: [no-eval]}, baseline: {date: 2025-01-01}, due: 2026-04-01"
      ),
      ("Begins later", "select: {rules: [no-eval]}, baseline: {date: 2027-01-01}"),
      ("Another branch", "select: {branch: nowhere}"),
    ]
    let list = campaigns.enumerated().map { index, campaign in
      "  - {id: c\(index), title: \(campaign.title), \(campaign.lines)}\n"
    }.joined()
    try sandbox.write("version: 1\nproject: shop\ncampaigns:\n\(list)", to: "tally.yml")
    let weekly = try sandbox.ok("report", "weekly", "--all")
    let full = try sandbox.ok("report", "status-update", "--all")
    try Self.expectGolden(weekly, "edges-weekly.md")
    try Self.expectGolden(full, "edges-status.md")
    try Self.expectGolden(try sandbox.ok("report", "slack", "--all"), "edges-slack.txt")
    let record = try sandbox.ok("report", "release-compliance", "--all")
    try Self.expectGolden(record, "edges-release-compliance.md")
    for name in ["status-update.html", "violations.html"] {
      let page = try sandbox.ok("report", name, "--all")
      try Self.expectGolden(Self.bare(page), "edges-\(name)")
    }
    for index in campaigns.indices {
      let one = try sandbox.ok("report", "release-compliance", "--campaign", "c\(index)")
      #expect(one.contains("**\(campaigns[index].title)**"))
    }
    for post in [weekly, full, record] { #expect(!post.contains("0 of 0")) }
    let later = try #require(full.components(separatedBy: "## Begins later").last)
    #expect(!later.contains("at the baseline"), "of a baseline to come nothing is known")
  }

  @Test("a ledger without a scan, in every format")
  func empty() throws {
    let empty = try Sandbox()
    try empty.writeConfiguration()
    try empty.commit("Start")
    try empty.ok("measure", "rss_mb=1")
    var all = ""
    for name in [
      "weekly.md", "status-update.md", "slack.txt", "release-compliance.md", "status-update.html",
      "violations.html",
    ] {
      let post = try empty.ok("report", name)
      #expect(post.contains("No scan of this campaign is in the ledger"))
      all += "==== \(name)\n\n\(Self.body(name.hasSuffix(".html") ? Self.bare(post) : post))\n"
    }
    try Self.expectGolden(all, "empty-ledger.txt")
    let data = try empty.json("report", "json")
    #expect((data["campaign"] as? [String: Any])?["has_scans"] as? Bool == false)
  }

  /// A page without its style, its pictures and its footer.
  static func bare(_ page: String) -> String {
    page.replacing(#/(?s)^.*?<body>\n/#, with: "")
      .replacing(#/(?s)<svg.*?<\/svg>/#, with: "[picture]")
      .replacing(#/(?s)<footer>.*$/#, with: "")
  }
}
