/// How the numbers of a context that are no counts of rows follow from others.
enum NumberDerivations {
  /// From which numbers one follows, and how in words.
  struct Derivation: Sendable, Hashable {
    /// Names as in ``NumberForms/Part``.
    let operands: [String]
    let words: String
  }

  /// The derivation of a number; nil for a count of rows and for what is a fact by itself.
  static func derivation(of pattern: String) -> Derivation? {
    if let known = derivations[pattern] { return known }
    if pattern.hasSuffix("more.count") || pattern.contains("more_") && pattern.hasSuffix(".count") {
      return Derivation(operands: [], words: "how many items the list leaves out to stay short")
    }
    if pattern.contains("more_") && pattern.hasSuffix(".violations")
      || pattern.hasSuffix("more.violations")
    {
      return Derivation(
        operands: [],
        words: "how many violations the items stand for that the list leaves out"
      )
    }
    return nil
  }

  private static let derivations: [String: Derivation] = [
    "campaign.net": Derivation(
      operands: ["open", "baseline.count"],
      words: "what is open now minus what was open at the baseline"
    ),
    "campaign.percent": Derivation(
      operands: ["net", "baseline.count"],
      words: "the change in percent of the baseline, half rounded up, without its sign"
    ),
    "campaign.remaining": Derivation(
      operands: ["open", "target"],
      words: "by how much what is open is above the target"
    ),
    "campaign.set_aside": Derivation(
      operands: ["/statement.lines_in[].count", "/statement.lines_out[].count"],
      words: "waived and suppressed since the baseline, less what came back from there"
    ),
    "campaign.baseline.differs_by": Derivation(
      operands: ["ledger_count", "count"],
      words: "the ledger's count minus the declared one"
    ),
    "campaign.due.days_left": Derivation(
      operands: ["date", "/footer.as_of_date"],
      words: "whole days from the day of the report to the due date"
    ),
    "statement.total_in": Derivation(
      operands: ["lines_in[].count"],
      words: "the sum of what came, by cause"
    ),
    "statement.total_out": Derivation(
      operands: ["lines_out[].count"],
      words: "the sum of what went, by cause"
    ),
    "priorities[].share": Derivation(
      operands: ["count", "/campaign.open"],
      words: "its part of what is open, in percent, half rounded up"
    ),
    "priorities[].change": Derivation(
      operands: ["count", "baseline_count"],
      words: "what is open now minus what was open at the baseline"
    ),
    "owners[].change": Derivation(
      operands: ["count", "baseline_count"],
      words: "what is open now minus what was open at the baseline"
    ),
    "weeks[].net": Derivation(
      operands: ["closing", "opening"],
      words: "what was open after the week minus what was open before it"
    ),
    "pace.streak": Derivation(
      operands: ["/weeks[].net"],
      words: "how many weeks in a row went the same way, up to the last one"
    ),
    "next_steps[].number": Derivation(operands: [], words: "its place in the list"),
    "next_steps[].resulting_open": Derivation(
      operands: ["/campaign.open", "count"],
      words: "what is open less what this step closes"
    ),
    "next_steps[].running_open": Derivation(
      operands: ["/campaign.open", "/next_steps[].count"],
      words: "what is open less what this step and those before it close"
    ),
    "lanes[].age_days": Derivation(
      operands: ["date", "/footer.as_of_date"],
      words: "whole days from the lane's last commit to the time of the report"
    ),
    "criteria.met": Derivation(operands: ["items[].state"], words: "how many criteria are met"),
    "criteria.unknown": Derivation(
      operands: ["items[].state"],
      words: "how many criteria are unknown"
    ),
    "criteria.total": Derivation(operands: ["items[].state"], words: "how many criteria there are"),
    "tests.total": Derivation(operands: ["suites[].total"], words: "the cases of every suite"),
    "tests.passed": Derivation(operands: ["suites[].passed"], words: "the sum over every suite"),
    "tests.failing": Derivation(
      operands: ["suites[].failed", "suites[].error"],
      words: "failed and errored cases of every suite"
    ),
    "tests.skipped": Derivation(operands: ["suites[].skipped"], words: "the sum over every suite"),
    "tests.flaky": Derivation(operands: ["suites[].flaky"], words: "the sum over every suite"),
    "waivers.items[].days_left": Derivation(
      operands: ["until_date", "/footer.as_of_date"],
      words: "whole days until it ends"
    ),
    "attestations.items[].days_left": Derivation(
      operands: ["until_date", "/footer.as_of_date"],
      words: "whole days until it ends"
    ),
  ]
}
