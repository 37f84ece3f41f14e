import TallyKit
import TallyModel
import Testing

/// What a `tally.yml` without mistakes means.
struct ConfigurationParseTests {
  static let complete = """
    version: 1
    project: netra
    ledger: ledger.db
    repository_url: https://github.com/example/netra/
    stale_after: 36h
    time_zone: Europe/Berlin
    templates: tally/templates
    lanes:
      - {tool: ruff, category: ssot, branch: main}
      - {tool: mypy}
    rule_aliases:
      UP007: UP045
      UP045: UP100
      mypy: {UP007: other, "1e3": number}
    waivers: {longest: 90d, who: ["*@example.com"], at_most: 10}
    campaigns:
      - id: redis-ssot
        issue: 226
        title: Redis SSOT remediation
        summary: One sentence what this is about.
        select: {rules: [TID251, "py/*"], paths: ["**"], levels: [error, warning], tags: [], tools: [ruff], branch: main}
        baseline: {date: 2026-01-05}
        target: 3
        due: 2026-12-18
        priorities:
          - {id: P1, title: Agent execution, paths: ["backend/agents/**"], impact: AI response quality, risk: medium}
          - {id: P2, rules: [TID251], levels: [error]}
          - {id: P3}
        components:
          - {name: Backend, paths: ["backend/**"], tests: ["tests/backend/**"]}
        metrics:
          - {name: rss_mb, title: Resident memory, better: lower, target: 400}
          - {name: coverage_percent, better: higher, target: 82.5}
        criteria:
          - {title: Zero, violations: 0}
          - {title: Tests, tests: passing}
          - {title: Isolation, tests: {match: "isolation/**", passing: true, allow_flaky: true}}
          - {title: Memory, measurement: {name: rss_mb, at_most: baseline}}
          - {title: Coverage, measurement: {name: coverage_percent, at_least: 80}}
          - {title: Nothing new, no_new: {since: last report}}
          - {title: Sign-off, attested: security-sign-off}
        commits: {mention: ["#226", "NET-226"]}
        narrative:
          next_steps: tally/next-steps.md
          five_whys: tally/five-whys.md
    """

  @Test("every key comes through")
  func everyKey() throws {
    let configuration = try TallyConfiguration.parse(Self.complete)
    #expect(configuration.project == "netra")
    #expect(configuration.ledger == "ledger.db")
    #expect(configuration.repositoryURL == "https://github.com/example/netra")
    #expect(configuration.staleAfterSeconds == 36 * 3600)
    #expect(configuration.timeZone == "Europe/Berlin")
    #expect(configuration.templates == "tally/templates")
    #expect(
      configuration.lanes == [
        LaneExpectation(tool: "ruff", category: "ssot", branch: "main"),
        LaneExpectation(tool: "mypy"),
      ]
    )
    #expect(configuration.ruleAliases(of: "ruff") == ["UP007": "UP045", "UP045": "UP100"])
    #expect(
      configuration.ruleAliases(of: "mypy")
        == ["UP007": "other", "UP045": "UP100", "1e3": "number"]
    )
    #expect(configuration.waivers.longestSeconds == 7_776_000)
    #expect(configuration.waivers.atMost == 10)
    #expect(configuration.waivers.allows("Ada <ada@example.com>"))
    #expect(configuration.waivers.allows("ada@example.com"))
    #expect(!configuration.waivers.allows("Eve <eve@example.org>"))

    let campaign = try #require(configuration.campaign("redis-ssot"))
    #expect(campaign.issue == "226")
    #expect(campaign.issueReference == "#226")
    #expect(campaign.summary == "One sentence what this is about.")
    #expect(campaign.select.rules.map(\.pattern) == ["TID251", "py/*"])
    #expect(campaign.select.levels == [.error, .warning])
    #expect(campaign.select.tags == [])
    #expect(campaign.select.branch?.pattern == "main")
    #expect(campaign.baseline == .date(try #require(Timestamp(iso8601: "2026-01-05"))))
    #expect(campaign.target == 3)
    #expect(campaign.due?.dateText == "2026-12-18")
    #expect(campaign.priorities.map(\.title) == ["Agent execution", "P2", "P3"])
    #expect(campaign.priorities[0].risk == "medium")
    #expect(campaign.components[0].tests.map(\.pattern) == ["tests/backend/**"])
    #expect(
      campaign.metrics == [
        Metric(name: "rss_mb", title: "Resident memory", better: .lower, target: 400),
        Metric(
          name: "coverage_percent",
          title: "coverage_percent",
          better: .higher,
          target: 82.5
        ),
      ]
    )
    #expect(
      campaign.criteria.map(\.check) == [
        .violations(atMost: 0), .tests(match: nil, allowsFlaky: false),
        .tests(match: try Glob("isolation/**", dialect: .testID), allowsFlaky: true),
        .measurement(name: "rss_mb", bound: .atMost, limit: .baseline),
        .measurement(name: "coverage_percent", bound: .atLeast, limit: .number(80)),
        .noNew(since: .lastReport), .attested(name: "security-sign-off"),
      ]
    )
    #expect(campaign.mentions == ["#226", "NET-226"])
    #expect(campaign.partial(.fiveWhys) == "tally/five-whys.md")
    #expect(campaign.partial(.nextSteps) == "tally/next-steps.md")
    #expect(campaign.partial(.business) == nil)
  }

  @Test("what is left out has its default")
  func defaults() throws {
    let configuration = try TallyConfiguration.parse(
      "version: 1\ncampaigns: [{id: a, issue: NET-7}]"
    )
    #expect(configuration.staleAfterSeconds == 14 * 86_400)
    #expect(configuration.timeZone == "UTC")
    let campaign = try #require(configuration.campaigns.first)
    #expect(campaign.title == "a")
    #expect(campaign.target == 0)
    #expect(campaign.mentions == ["NET-7"])
    #expect(campaign.baseline == nil)
    #expect(
      try TallyConfiguration.parse("version: 1\nlanes:\nproject: ~\n") == TallyConfiguration()
    )
    #expect(try TallyConfiguration.parse("\u{FEFF}version: 1\r\n") == TallyConfiguration())
  }

  @Test(
    "the forms of a baseline and of an issue",
    arguments: [
      ("{commit: 61D2FAB2}", BaselineSpec.commit("61d2fab2")),
      ("{commit: 1234567}", .commit("1234567")),
      ("{number: 43}", .number(43)),
    ]
  )
  func baseline(_ text: String, _ expected: BaselineSpec) throws {
    let configuration = try TallyConfiguration.parse(
      "version: 1\ncampaigns: [{id: a, issue: \"#226\", baseline: \(text)}]"
    )
    #expect(configuration.campaigns[0].baseline == expected)
    #expect(configuration.campaigns[0].issue == "226")
  }

  @Test("anchors save writing")
  func anchors() throws {
    let configuration = try TallyConfiguration.parse(
      """
      version: 1
      campaigns:
        - id: a
          select: &what {paths: &backend ["backend/**"]}
        - id: b
          select: *what
          priorities: [{id: P1, paths: *backend}]
      """
    )
    #expect(configuration.campaigns[1].select.paths.map(\.pattern) == ["backend/**"])
    #expect(configuration.campaigns[1].priorities[0].paths.map(\.pattern) == ["backend/**"])
  }

  @Test("a selection asks for every key that is there, and for one entry of each")
  func selection() throws {
    let campaign = try TallyConfiguration.parse(Self.complete).campaigns[0]
    func matches(
      rule: String = "TID251",
      path: String? = "backend/a.py",
      level: Level = .error,
      tags: [String] = [],
      tool: String = "ruff",
      branch: String = "main"
    ) -> Bool {
      campaign.select.matches(
        rule: rule,
        path: path.map { RepoPath(normalized: $0) },
        level: level,
        tags: tags,
        tool: tool,
        branch: branch
      )
    }
    #expect(matches())
    #expect(matches(rule: "py/sql/injection"))
    #expect(!matches(rule: "TID252"))
    #expect(!matches(path: nil))
    #expect(!matches(level: .note))
    #expect(!matches(tool: "mypy"))
    #expect(!matches(branch: "dev"))
    #expect(matches(tags: ["security"]))

    var tagged = Selection()
    tagged.tags = [try Glob("security", dialect: .name)]
    let path = RepoPath(normalized: "a")
    #expect(
      tagged.matches(
        rule: "x",
        path: path,
        level: .none,
        tags: ["b", "security"],
        tool: "t",
        branch: "b"
      )
    )
    #expect(!tagged.matches(rule: "x", path: nil, level: .none, tags: [], tool: "t", branch: "b"))
  }

  @Test("the first priority that fits takes a violation")
  func priority() throws {
    let campaign = try TallyConfiguration.parse(Self.complete).campaigns[0]
    func id(_ rule: String, _ path: String?, _ level: Level) -> String? {
      campaign.priority(
        rule: rule,
        path: path.map { RepoPath(normalized: $0) },
        level: level
      )?.id
    }
    #expect(id("TID251", "backend/agents/a.py", .error) == "P1")
    #expect(id("TID251", "backend/b.py", .error) == "P2")
    #expect(id("TID251", "backend/b.py", .warning) == "P3")
    #expect(id("TID251", nil, .note) == "P3")
    let none = Campaign(id: "x")
    #expect(none.priority(rule: "x", path: nil, level: .error) == nil)
  }

  @Test("a rule whose id looks like a pattern fits literally")
  func literalRule() throws {
    var selection = Selection()
    selection.rules = [try Glob("no[a]*", dialect: .name)]
    #expect(
      selection.matches(rule: "no[a]*", path: nil, level: .error, tags: [], tool: "t", branch: "b")
    )
  }
}
