/// What stands behind the texts of a context: which numbers a phrase is made of, and what is no count at all.
///
/// One table for every name: a test walks every number of every built-in post and fails where it says nothing. A new phrase that holds a number gets a line
/// here, with its numbers in the order in which they stand in it.
enum NumberForms {
  /// A number of a phrase.
  ///
  /// Names are those beside the phrase; with `/` in front those of its campaign, and with `[]` every item of a list.
  enum Part: Sendable, Hashable {
    /// A number of the context, with or without its sign.
    case number(String)
    /// A number of the context in front of one of these words.
    case before([String], String)
    /// The counts of a list of causes, each in front of the name of its cause.
    case caused(String)
    /// The difference of two numbers, without its sign.
    case difference(String, String)
    /// How many items a list has.
    case length(of: String)
    /// Always the same number.
    case fixed(Int, String)
    /// Any number; what it is in words.
    case any(String)
  }

  /// What a name holds.
  enum Form: Sendable, Hashable {
    /// A phrase with numbers.
    case phrase([Part])
    /// A date or time.
    case date
    /// The name of a commit or entry, or a digest.
    case digest
    /// The id of a violation.
    case violation
    /// What people, tools or git called something.
    case data(String)
    /// What `tally.yml` says.
    case configuration(String)
    /// A measured value, or one that is made from two.
    case measured(String)
    /// A picture of many numbers: what it shows, and which of them.
    case picture(String, [String] = [])
    /// The lead's own words.
    case lead
  }

  /// What a name holds, by its pattern; nil where nobody said so.
  static func form(of pattern: String) -> Form? {
    if let known = forms[pattern] { return known }
    if kinds[pattern] == "number" { return .phrase([.number(lastKey(pattern))]) }
    let key = lastKey(pattern)
    if key.hasSuffix("_text") {
      let stem = String(key.dropLast("_text".count))
      if kinds[sibling(of: pattern, stem)] == "number" { return .phrase([.number(stem)]) }
    }
    if key == "text", kinds[sibling(of: pattern, "count")] == "number" {
      return .phrase([.number("count")])
    }
    return byKey[key]
  }

  /// What each name holds, by its pattern: `number`, `text` and so on.
  private static let kinds: [String: String] = Dictionary(
    ContextSchema.report.paths.map { ($0.path, $0.kind) },
    uniquingKeysWith: { first, _ in first }
  )

  private static func lastKey(_ pattern: String) -> String {
    let key = pattern.split(separator: ".").last.map(String.init) ?? pattern
    return key.hasSuffix("[]") ? String(key.dropLast(2)) : key
  }

  private static func sibling(of pattern: String, _ name: String) -> String {
    (pattern.split(separator: ".").dropLast() + [Substring(name)]).joined(separator: ".")
  }

  private static let tests: [Part] = [
    .number("passed"), .number("total"), .number("failing"), .number("flaky"),
    .number("skipped"), .number("missing_count"),
  ]
  private static let lines: [Part] = [
    .caused("/statement.lines_in"), .caused("/statement.lines_out"),
  ]

  private static let forms: [String: Form] = [
    "campaign.issue": .configuration("the number of the issue"),
    "campaign.gone_text": .phrase([.number("fixed"), .number("deleted")]),
    "campaign.came_text": .phrase([.number("introduced"), .number("reopened")]),
    "campaign.other_text": .phrase(lines),
    "campaign.aside_text": .phrase([.number("waived"), .number("suppressed")]),
    "campaign.net_size_text": .phrase([.number("net")]),
    "campaign.doubt": .phrase([.any("the age of a lane, in days")]),
    "campaign.status.reason": .phrase([
      .before(["is waived", "are waived"], "/campaign.waived"),
      .before(["is suppressed", "are suppressed"], "/campaign.suppressed"),
      .before(["more set aside"], "/campaign.set_aside"),
      .before(["has to go", "have to go", "to go"], "/campaign.remaining"),
      .before(["is open", "are open", "open, but"], "/campaign.open"),
      .before(["day ago", "days ago"], "/campaign.due.days_left"),
      .before([".", ";"], "/campaign.target"),
      .any("worked out from the counts and dates of the campaign, as the sentence says"),
    ]),
    "campaign.due.date": .configuration("the due date"),
    "campaign.due.text": .phrase([.number("days_left")]),
    "campaigns_text": .phrase([
      .length(of: "campaigns"), .any("how many of the campaigns have that status"),
    ]),
    "statement.lines_in[].amount_text": .phrase([.number("count")]),
    "statement.lines_out[].amount_text": .phrase([.number("count")]),
    "since.lines[].amount_text": .phrase([.number("count")]),
    "statement.lines_in[].basis": .phrase([.any("how many of them are known in that way")]),
    "statement.lines_out[].basis": .phrase([.any("how many of them are known in that way")]),
    "priorities[].share_text": .phrase([.number("share")]),
    "owners[].share_text": .phrase([.any("the part of everything that is open, in percent")]),
    "since.text": .phrase([.fixed(7, "the days that are looked back where no post was recorded")]),
    "since.change_text": .phrase([.difference("closing", "opening")]),
    "since.gone_text": .phrase([.caused("lines")]),
    "since.came_text": .phrase([.caused("lines")]),
    "since.other_text": .phrase([.caused("lines")]),
    "since.commits[].effect": .phrase([.number("closed"), .number("opened")]),
    "commits[].effect": .phrase([.number("closed"), .number("opened")]),
    "since.people[].effect": .phrase([.number("closed"), .number("opened")]),
    "since.definitions[]": .phrase([
      .any("by how much the count moved: both definitions, applied at the time of the change")
    ]),
    "priorities[].oldest_text": .phrase([.number("oldest_days")]),
    "lanes[].age_text": .phrase([.number("age_days")]),
    "pace.best_text": .phrase([.number("/weeks[].net")]),
    "pace.gone_sparkline": .picture("what went in each week", ["/weeks[].gone"]),
    "pace.came_sparkline": .picture("what came in each week", ["/weeks[].came"]),
    "tests.summary": .phrase(tests),
    "tests.vanished_text": .phrase([.number("vanished_count")]),
    "tests.missing_text": .phrase([.number("missing_count")]),
    "tests.suites[].summary": .phrase([
      .number("passed"), .number("total"), .number("failed"), .number("error"), .number("flaky"),
      .number("skipped"), .any("failed and errored cases together"),
    ]),
    "components[].change_text": .phrase([.difference("open", "baseline_count")]),
    "components[].tests_text": .phrase([.number("tests")]),
    "components[].reason": .phrase([
      .number("open"), .number("tests"), .any("the age of a lane, in days"),
    ]),
    "components[].doubt": .phrase([.any("the age of a lane, in days")]),
    "components_text": .phrase([
      .any("how many components are complete"), .length(of: "components"),
    ]),
    "metrics[].baseline": .measured("the median of the samples at the baseline"),
    "metrics[].current": .measured("the median of the samples now"),
    "metrics[].change": .measured("the value now minus the one at the baseline"),
    "metrics[].target": .configuration("the target of the metric"),
    "metrics[].chart": .picture("what was measured since the baseline"),
    "metrics[].points[].value": .measured("the median of the samples at one commit"),
    "criteria.items[].evidence": .phrase([.any("what the criterion was judged by")]),
    "criteria.summary": .phrase([.number("met"), .number("total"), .number("unknown")]),
    "waivers.soon_text": .phrase([
      .any("how many waivers end then"), .fixed(14, "the days in which an end is soon"),
    ]),
    "waivers.items[].violations_text": .phrase([.number("more_violations.count")]),
    "waivers.items[].violations[]": .violation,
    "suppressions.text": .phrase([.number("count"), .number("added")]),
    "verification.summary": .phrase([.any("how many things the verification found")]),
    "verification.findings[]": .data("what the verification found"),
    "change.summary": .phrase([
      .number("added.count"), .number("removed.count"), .number("silenced.count"),
    ]),
    "change.policies": .data("whose policies count"),
    "change.compared_text": .data("what the commit was compared with"),
    "change.checks[].title": .configuration("what the policy asks for"),
    "change.checks[].found": .phrase([.any("what was found for the policy")]),
    "change.checks[].remedy": .phrase([.any("what would pass")]),
    "change.lanes[].text": .phrase([.number("added"), .number("removed"), .number("open")]),
    "warnings[]": .phrase([.any("what was noticed when the books were made")]),
    "trend.high_text": .phrase([.number("points[].open"), .any("the highest balance since then")]),
    "trend.low_text": .phrase([.number("points[].open"), .any("the lowest balance since then")]),
    "trend.sparkline": .picture("the balance at each scan", ["points[].open"]),
    "tests.sparkline": .picture("the part of the tests that passed"),
    "charts.burn_down": .picture(
      "the balance after each scan, and the line to the target",
      ["/trend.points[].open", "/campaign.target"]
    ),
    "charts.mermaid": .picture(
      "the balance after each week, and the line to the target",
      ["/weeks[].closing", "/weeks[].opening", "/campaign.target"]
    ),
    "charts.throughput": .picture(
      "what went and came in each week",
      ["/weeks[].gone", "/weeks[].came"]
    ),
    "charts.pass_rate": .picture(
      "the part of the tests that pass",
      ["/tests.points[].passed", "/tests.points[].total"]
    ),
    "narrative.five_whys": .lead, "narrative.five_whys_html": .lead,
    "narrative.business": .lead, "narrative.business_html": .lead,
    "narrative.assessment": .lead, "narrative.assessment_html": .lead,
    "narrative.recommendation": .lead, "narrative.recommendation_html": .lead,
    "narrative.next_steps": .lead, "narrative.next_steps_html": .lead,
    "forecast.text": .phrase([
      .before(["years"], "horizon_years"),
      .before(["needed"], "needed_weeks"), .before(["for four weeks"], "checked"),
      .before(["of"], "held"), .before(["week", "scanned week"], "scanned_weeks"),
      .any("worked out by the forecast"),
    ]),
    "forecast.weeks_text": .phrase([
      .before(["week"], "weeks"), .before(["went"], "gone"), .before(["came"], "came"),
      .before(["of them"], "scanned_weeks"), .any("worked out by the forecast"),
    ]),
    "forecast.pace_text": .phrase([.any("what went less what came, for each of these weeks")]),
    "forecast.need_text": .phrase([
      .before(["today", "in"], "/campaign.remaining"),
      .before(["day"], "/campaign.due.days_left"),
      .any("what remains, for each week until the due date"),
    ]),
    "forecast.due_text": .phrase([.any("what the forecast says of that day")]),
    "forecast.check_text": .phrase([.any("how forecasts from earlier weeks fared")]),
    "forecast.sparkline": .picture("the likely balance ahead"),
    "forecast.likely": .date,
    "forecast.safe": .date,
    "footer.known_at": .phrase([.number("entries")]),
    "footer.generator": .data("the version of the program"),
    "project.name": .data("the name of the project"),
    "campaign.selection": .configuration("what the campaign selects"),
    "campaign.summary": .configuration("the sentence on the campaign"),
    "campaign.title": .configuration("the title of the campaign"),
    "priorities[].id": .configuration("the id of the priority"),
    "priorities[].title": .configuration("the title of the priority"),
    "priorities[].impact": .configuration("the impact of the priority"),
    "priorities[].risk": .configuration("the risk of the priority"),
    "violations[].priority": .configuration("the id of the priority"),
    "violations[].priority_text": .configuration("the id and title of the priority"),
    "components[].name": .configuration("the name of the component"),
    "metrics[].title": .configuration("the title of the metric"),
    "criteria.items[].title": .configuration("the title of the criterion"),
    "since.flips[].title": .configuration("the title of the criterion"),
    "next_steps[].priority": .configuration("the title of the priority"),
  ]

  /// What names hold that mean the same wherever they stand.
  private static let byKey: [String: Form] = {
    var result: [String: Form] = [:]
    for key in [
      "date", "time", "from", "until", "from_date", "until_date", "to_date", "start", "as_of",
      "as_of_date", "last_closed", "end", "since", "since_date", "config_as_of",
      "config_as_of_date",
    ] { result[key] = .date }
    for key in [
      "commit", "short", "sha", "range_from", "from_commit", "to_commit", "base_commit",
      "base_short", "entry", "entry_short", "root", "root_short", "config_digest", "config_short",
      "config_then_digest", "config_then_short", "template_digest", "template_short",
      "commit_short",
    ] { result[key] = .digest }
    for key in ["id", "oldest_id"] { result[key] = .violation }
    for key in ["url", "issue_url", "commit_url"] { result[key] = .data("a web address") }
    for (key, words) in [
      ("path", "a path"), ("subject", "a path, a rule or the subject of a commit"),
      ("place", "a path and a line"), ("rule", "the name of a rule"), ("name", "a name"),
      ("owner", "a name"), ("title", "a name"), ("message", "what a tool said"),
      ("reason", "what a person wrote"), ("criterion", "the name of a criterion"),
      ("branch", "the name of a branch"), ("base", "the name of a branch"),
      ("template", "the name of a template"), ("campaign", "the id of a campaign"),
      ("broke", "the name of a test"), ("repaired", "the name of a test"),
      ("failing_names", "the name of a test"), ("flaky_names", "the name of a test"),
      ("vanished", "the name of a test"), ("missing", "the name of a test"),
      ("unit", "the unit of a metric"), ("impact", "what a priority affects"),
      ("risk", "the risk of a priority"), ("policies", "whose policies count"),
    ] { result[key] = .data(words) }
    for key in [
      "noun", "open_noun", "entries_noun", "direction", "trend", "arrow", "state", "verdict",
      "cause", "basis", "tests_state", "level", "decision", "before", "after", "compared_with",
    ] { result[key] = .data("a word") }
    return result
  }()
}
