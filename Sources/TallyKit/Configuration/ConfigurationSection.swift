/// The mappings of `tally.yml` with the keys each one knows: the one list that reading, suggestions, documentation and schema
/// are held against.
enum ConfigurationSection: String, CaseIterable, Sendable {
  case top = ""
  case lane = "lanes[]"
  case waivers = "waivers"
  case share = "share"
  case campaign = "campaigns[]"
  case select = "campaigns[].select"
  case baseline = "campaigns[].baseline"
  case priority = "campaigns[].priorities[]"
  case component = "campaigns[].components[]"
  case metric = "campaigns[].metrics[]"
  case criterion = "campaigns[].criteria[]"
  case testsCriterion = "campaigns[].criteria[].tests"
  case measurementCriterion = "campaigns[].criteria[].measurement"
  case noNewCriterion = "campaigns[].criteria[].no_new"
  case commits = "campaigns[].commits"
  case narrative = "campaigns[].narrative"
  case gate = "gate"
  case gateNew = "gate.no_new[]"
  case gateBudget = "gate.budgets[]"
  case gateSuppressions = "gate.suppressions"
  case gateWaivers = "gate.waivers"
  case gateTests = "gate.tests"

  /// The keys, in the order the documentation has them.
  var keys: [String] {
    switch self {
    case .top:
      [
        "version", "project", "branch", "ledger", "repository_url", "stale_after", "time_zone",
        "templates", "lanes", "rule_aliases", "waivers", "gate", "share", "campaigns",
      ]
    case .lane: ["tool", "category", "branch"]
    case .waivers: ["longest", "who", "at_most", "reason"]
    case .gate:
      ["no_new", "budgets", "criteria", "suppressions", "waivers", "tests", "scans"]
    case .gateNew: Self.filter + ["at_most", "surfaced"]
    case .gateBudget: ["title"] + Self.filter + ["at_most", "ratchet", "since"]
    case .gateSuppressions: ["at_most"]
    case .gateWaivers: ["expiring_within", "then"]
    case .gateTests: ["at_most", "match", "allow_flaky"]
    case .share: ["remote", "ref", "projects"]
    case .campaign:
      [
        "id", "issue", "title", "summary", "select", "baseline", "target", "due", "priorities",
        "components", "metrics", "criteria", "commits", "narrative",
      ]
    case .select: ["rules", "paths", "levels", "tags", "tools", "branch"]
    case .baseline: ["commit", "date", "number"]
    case .priority: ["id", "title", "paths", "rules", "levels", "impact", "risk"]
    case .component: ["name", "paths", "tests"]
    case .metric: ["name", "title", "better", "target"]
    case .criterion: ["title"] + Self.checks
    case .testsCriterion: ["match", "passing", "allow_flaky"]
    case .measurementCriterion: ["name"] + Criterion.Bound.allCases.map(\.rawValue)
    case .noNewCriterion: ["since"]
    case .commits: ["mention"]
    case .narrative: NarrativePartial.Part.allCases.map(\.rawValue)
    }
  }

  /// The keys that say which violations a policy of the gate is about.
  static let filter = ["campaign", "priorities", "rules", "paths", "level"]

  /// The keys of a criterion of which one has to be there.
  static let checks = ["violations", "tests", "measurement", "no_new", "attested"]

  /// A key with the way to it, such as `campaigns[].select.rules`.
  func path(to key: String) -> String { rawValue.isEmpty ? key : "\(rawValue).\(key)" }
}

extension TallyConfiguration {
  /// Every key that is read, with the way to it, such as `campaigns[].select.rules`; in the order of the documentation.
  public static let keyPaths: [String] = ConfigurationSection.allCases.flatMap { section in
    section.keys.map(section.path(to:))
  }
}
