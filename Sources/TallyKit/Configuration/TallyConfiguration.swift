public import TallyModel

/// What `tally.yml` says, checked and with its defaults filled in.
///
/// Made by ``parse(_:file:)``; every key is documented in `docs/tally-yml.md`. Paths are relative to the folder of the file.
public struct TallyConfiguration: Sendable, Hashable {
  /// The version of the form that this program reads.
  public static let currentVersion = 1

  /// The project's name; nil for the name of the repository.
  public var project: String?
  /// The branch that counts where a campaign chooses none.
  public var branch: String?
  /// Where the ledger is.
  public var ledger: String?
  /// Where the repository is in a browser, without a trailing slash; for links.
  public var repositoryURL: String?
  /// How old a lane's last scan may be before criteria that need it are unknown, in seconds; 14 days unless told.
  public var staleAfterSeconds: Int64
  /// The name of the zone times are shown in; `UTC` unless told.
  public var timeZone: String
  /// The folder that overrides or adds templates.
  public var templates: String?
  /// The lanes a report expects, in the order written.
  public var lanes: [LaneExpectation]
  /// Rule ids that mean another, as written, whichever tool has them: old to new.
  public var ruleAliases: [String: String]
  /// The same for the rules of one tool, by its canonical id.
  public var toolRuleAliases: [String: [String: String]]
  /// What waivers may be.
  public var waivers: WaiverPolicy
  /// What a change has to keep to.
  public var gate: GatePolicy
  /// Where the ledger is shared.
  public var share: SharePolicy
  /// In the order written, each with an id of its own.
  public var campaigns: [Campaign]

  /// What counts where there is no `tally.yml`.
  public init() {
    staleAfterSeconds = 14 * 86_400
    timeZone = "UTC"
    lanes = []
    ruleAliases = [:]
    toolRuleAliases = [:]
    waivers = WaiverPolicy()
    gate = GatePolicy()
    share = SharePolicy()
    campaigns = []
  }

  /// The campaign with an id.
  public func campaign(_ id: String) -> Campaign? { campaigns.first { $0.id == id } }

  /// Old rule ids with the present ones for the findings of one tool; what is said of the tool wins.
  public func ruleAliases(of tool: String) -> [String: String] {
    ruleAliases.merging(toolRuleAliases[tool] ?? [:]) { $1 }
  }
}

/// A lane that a report expects; one that is absent is said.
public struct LaneExpectation: Sendable, Hashable {
  /// The canonical tool id, such as `ruff`.
  public var tool: String
  /// The category; empty for none.
  public var category: String
  /// The branch; nil for any.
  public var branch: String?

  /// Creates an expectation.
  public init(tool: String, category: String = "", branch: String? = nil) {
    self.tool = tool
    self.category = category
    self.branch = branch
  }

  /// Says whether a lane is the one expected.
  public func matches(_ lane: LaneKey) -> Bool {
    lane.tool == tool && lane.category == category && (branch ?? lane.branch) == lane.branch
  }
}

/// Where the ledger is shared, and with whom.
public struct SharePolicy: Sendable, Hashable {
  /// A remote of git or an address; nil for `origin`.
  public var remote: String?
  /// The full name of the ref; nil for `refs/tally/ledger`.
  public var ref: String?
  /// Patterns over other projects that may be on the same ref.
  public var projects: [Glob]

  /// Creates a policy; nobody else by default.
  public init(remote: String? = nil, ref: String? = nil, projects: [Glob] = []) {
    self.remote = remote
    self.ref = ref
    self.projects = projects
  }
}

/// What waivers may be.
public struct WaiverPolicy: Sendable, Hashable {
  /// The longest a waiver may last, in seconds; nil for no limit.
  public var longestSeconds: Int64?
  /// Patterns over `Name <mail>` or the mail alone of those who may accept risk; empty for everybody.
  public var who: [Glob]
  /// How many violations may be waived at once; nil for no limit.
  public var atMost: Int?
  /// A pattern that the reason has to fit, such as `*NET-*`; nil for any reason.
  public var reason: Glob?

  /// Creates a policy; without limits by default.
  public init(
    longestSeconds: Int64? = nil,
    who: [Glob] = [],
    atMost: Int? = nil,
    reason: Glob? = nil
  ) {
    self.longestSeconds = longestSeconds
    self.who = who
    self.atMost = atMost
    self.reason = reason
  }

  /// Says whether a person may accept risk, given as `Name <mail>` or as a mail alone.
  public func allows(_ person: String) -> Bool {
    if who.isEmpty { return true }
    var names = [person]
    if let open = person.lastIndex(of: "<"), person.hasSuffix(">") {
      names.append(String(person[person.index(after: open)...].dropLast()))
    }
    return who.contains { pattern in names.contains(where: pattern.matches) }
  }
}
