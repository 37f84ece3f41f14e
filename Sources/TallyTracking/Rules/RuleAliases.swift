/// Names that tools gave their rules before, so that a new version of a tool does not close and open everything.
///
/// Only renames that a tool published, one rule for one. Where a rule was cut in two nothing is named: which half a finding belongs to is not
/// told by its name.
public enum RuleAliases {
  /// Old names with the present ones, by canonical tool id.
  ///
  /// ruff: its rule redirects and the breaking changes of its releases. SwiftLint: `deprecatedAliases` of its rules. ESLint: rules of
  /// the core that were superseded under another name of the core. Pylint: `old_names` of its messages.
  public static let published: [String: [String: String]] = [
    "ruff": ruff,
    "eslint": [
      "no-negated-in-lhs": "no-unsafe-negation",
      "no-spaced-func": "func-call-spacing",
      "no-native-reassign": "no-global-assign",
      "no-new-object": "no-object-constructor",
      "no-new-symbol": "no-new-native-nonconstructor",
    ],
    "swiftlint": ["variable_name": "identifier_name"],
    "pylint": ["blacklisted-name": "disallowed-name", "C0102": "C0104"],
  ]

  private static let ruff: [String: String] = [
    "IC001": "ICN001", "M001": "RUF100", "I252": "TID252",
    "R501": "RET501", "R502": "RET502", "R503": "RET503", "R504": "RET504", "R505": "RET505",
    "R506": "RET506", "R507": "RET507", "R508": "RET508",
    "T001": "FIX001", "T002": "FIX002", "T003": "FIX003", "T004": "FIX004",
    "SIM111": "SIM110", "RUF004": "B026", "RUF011": "B035", "RUF035": "S704", "PIE802": "C419",
    "PLW0130": "B033", "PLR1701": "SIM101", "PGH001": "S307", "PGH002": "G010", "TRY200": "B904",
    "TYP001": "TC001", "TCH001": "TC001", "TCH002": "TC002", "TCH003": "TC003", "TCH004": "TC004",
    "TCH005": "TC005", "TCH006": "TC010", "TCH010": "TC010",
    "TRIO100": "ASYNC100", "TRIO105": "ASYNC105", "TRIO109": "ASYNC109", "TRIO110": "ASYNC110",
    "TRIO115": "ASYNC115", "ASYNC101": "ASYNC210", "ASYNC102": "ASYNC220",
  ]

  /// The names to read as others, for the findings of one tool.
  ///
  /// - Parameters:
  ///   - tool: its canonical id.
  ///   - listed: what a scan says itself (SARIF's `deprecatedIds`, §3.49.4): old name, present name. The first that names a rule counts.
  ///   - configured: what `tally.yml` says; it wins.
  /// - Returns: Old name to present name.
  public static func of(
    tool: String,
    listed: [(old: String, new: String)] = [],
    configured: [String: String] = [:]
  ) -> [String: String] {
    if listed.isEmpty, configured.isEmpty { return published[tool] ?? [:] }
    var result = configured
    for (old, new) in listed where result[old] == nil { result[old] = new }
    for (old, new) in published[tool] ?? [:] where result[old] == nil { result[old] = new }
    return result
  }
}
