public import TallyModel
import Yams

/// What `tally gate` asks of a change.
public struct GatePolicy: Sendable, Hashable {
  /// Which violations something is about.
  public struct Filter: Sendable, Hashable {
    /// A campaign's id: only what it selects.
    public var campaign: String?
    /// Ids of priorities; of the campaign, else of the only one.
    public var priorities: [String]
    /// Rule ids or patterns; empty for every one.
    public var rules: [Glob]
    /// Patterns over paths; empty for every one.
    public var paths: [Glob]
    /// The least level; nil for every one.
    public var level: Level?

    /// Creates a filter that takes everything.
    public init() {
      priorities = []
      rules = []
      paths = []
    }
  }

  /// How many violations may come with a change.
  public struct NoNew: Sendable, Hashable {
    /// Which ones are counted.
    public var filter: Filter
    /// How many may come.
    public var atMost: Int
    /// True when those count, too, that came because a tool, its rules or its configuration changed.
    public var countsSurfaced: Bool

    /// Creates a policy: nothing new of what the filter takes.
    public init(filter: Filter = Filter(), atMost: Int = 0, countsSurfaced: Bool = false) {
      self.filter = filter
      self.atMost = atMost
      self.countsSurfaced = countsSurfaced
    }
  }

  /// How many violations may be open.
  public struct Budget: Sendable, Hashable {
    /// A few words; what is counted where nothing was written.
    public var title: String?
    /// Which ones are counted.
    public var filter: Filter
    /// The budget; nil where only the ratchet says it.
    public var atMost: Int?
    /// True when the budget follows the balance of the base branch down.
    public var isRatchet: Bool
    /// The first day whose balance counts for the ratchet, as its midnight in UTC; nil for all.
    public var since: Timestamp?

    /// Creates a budget.
    public init(
      title: String? = nil,
      filter: Filter = Filter(),
      atMost: Int? = nil,
      isRatchet: Bool = false,
      since: Timestamp? = nil
    ) {
      self.title = title
      self.filter = filter
      self.atMost = atMost
      self.isRatchet = isRatchet
      self.since = since
    }
  }

  /// What happens when a policy is not kept.
  public enum Consequence: String, Sendable, Hashable, CaseIterable {
    case fail
    case warn
  }

  /// Waivers that end soon.
  public struct ExpiringWaivers: Sendable, Hashable {
    /// How soon, in seconds.
    public var withinSeconds: Int64
    /// What happens then.
    public var then: Consequence
  }

  /// Tests that do not pass, and did on the base branch.
  public struct BrokenTests: Sendable, Hashable {
    /// How many may.
    public var atMost: Int
    /// Which ones; nil for all.
    public var match: Glob?
    /// True when a flaky one passes.
    public var allowsFlaky: Bool
  }

  /// In the order written.
  public var noNew: [NoNew]
  /// In the order written.
  public var budgets: [Budget]
  /// Ids of campaigns whose criteria have to be met, in the order written.
  public var criteria: [String]
  /// How many suppressions a change may add; nil for any number, which is told.
  public var suppressionsAtMost: Int?
  /// Waivers that end soon.
  public var waivers: ExpiringWaivers
  /// Tests that a change broke.
  public var tests: BrokenTests
  /// False when a lane of the base branch needs no scan of the commit; one lane always does.
  public var requiresScans: Bool

  /// What counts where `tally.yml` says nothing of the gate.
  public init() {
    noNew = [NoNew()]
    budgets = []
    criteria = []
    waivers = ExpiringWaivers(withinSeconds: 14 * 86_400, then: .warn)
    tests = BrokenTests(atMost: 0, match: nil, allowsFlaky: false)
    requiresScans = true
  }
}

extension GatePolicy {
  /// Reads the mapping `gate`.
  static func read(_ reader: ConfigurationReader) -> GatePolicy {
    var result = GatePolicy()
    if reader.node("no_new") != nil {
      result.noNew = reader.items("no_new", .gateNew) { entry in
        NoNew(
          filter: Filter.read(entry),
          atMost: entry.int("at_most") ?? 0,
          countsSurfaced: entry.bool("surfaced") ?? false
        )
      }
    }
    result.budgets = reader.items("budgets", .gateBudget) { entry in
      let budget = Budget(
        title: entry.text("title"),
        filter: Filter.read(entry),
        atMost: entry.int("at_most"),
        isRatchet: entry.bool("ratchet") ?? false,
        since: entry.date("since")
      )
      if budget.atMost == nil, !budget.isRatchet {
        entry.mistakes.add(
          entry.mark,
          "a budget needs a limit",
          "write at_most with a number, ratchet: true, or both"
        )
        return nil
      }
      if budget.since != nil, !budget.isRatchet {
        entry.mistakes.add(
          entry.node("since")?.mark,
          "'since' is where a ratchet begins, and this budget has none",
          "add ratchet: true"
        )
      }
      return budget
    }
    result.criteria = reader.texts("criteria")
    if let entry = reader.inner("suppressions", .gateSuppressions) {
      result.suppressionsAtMost = entry.int("at_most")
    }
    if let entry = reader.inner("waivers", .gateWaivers) {
      if let seconds = entry.duration("expiring_within") { result.waivers.withinSeconds = seconds }
      result.waivers.then = entry.word("then", of: Consequence.self) ?? .warn
    }
    if let entry = reader.inner("tests", .gateTests) {
      result.tests = BrokenTests(
        atMost: entry.int("at_most") ?? 0,
        match: entry.glob("match", .testID),
        allowsFlaky: entry.bool("allow_flaky") ?? false
      )
    }
    if let node = reader.node("scans") {
      let word = reader.word(node, "scans", among: [("required", true), ("optional", false)])
      result.requiresScans = word ?? true
    }
    return result
  }

  /// Adds what names a campaign or a priority that is not there to the mistakes.
  func check(against campaigns: [Campaign], _ reader: ConfigurationReader) {
    let known = campaigns.map(\.id)
    func complain(_ key: String, _ what: String, _ name: String, among names: [String]) {
      let near = Suggestion.nearest(to: name, among: names).map { "did you mean '\($0)'?" }
      reader.mistakes.add(
        reader.node(key)?.mark,
        "'\(key)' names the \(what) '\(name)', which is not there",
        near ?? (names.isEmpty ? "there is none" : "there are: \(names.joined(separator: ", "))")
      )
    }
    for name in criteria where !known.contains(name) {
      complain("criteria", "campaign", name, among: known)
    }
    for (key, filter) in noNew.map({ ("no_new", $0.filter) })
      + budgets.map({ ("budgets", $0.filter) })
    {
      if let name = filter.campaign, !known.contains(name) {
        complain(key, "campaign", name, among: known)
        continue
      }
      if filter.priorities.isEmpty { continue }
      let campaign = campaigns.first { filter.campaign == nil || $0.id == filter.campaign }
      guard let campaign, filter.campaign != nil || campaigns.count == 1 else {
        reader.mistakes.add(
          reader.node(key)?.mark,
          "'\(key)' names priorities, but not of which campaign",
          "add campaign: ID"
        )
        continue
      }
      let names = campaign.priorities.map(\.id) + [PriorityRule.unassignedID]
      for name in filter.priorities where !names.contains(name) {
        complain(key, "priority", name, among: names)
      }
    }
  }
}

extension GatePolicy.Filter {
  /// Reads the keys that say which violations something is about.
  fileprivate static func read(_ reader: ConfigurationReader) -> GatePolicy.Filter {
    var result = GatePolicy.Filter()
    result.campaign = reader.text("campaign")
    result.priorities = reader.texts("priorities")
    result.rules = reader.globs("rules", .name)
    result.paths = reader.globs("paths", .path)
    if let node = reader.node("level") {
      result.level = reader.word(
        node,
        "level",
        among: Level.allCases.reversed().map { ($0.name, $0) }
      )
    }
    return result
  }

  /// What is taken, in words: `error and above, rule TID251, in src/**`; empty for everything.
  var words: String {
    var parts: [String] = []
    func list(_ noun: String, _ plural: String, _ values: [String]) {
      if values.isEmpty { return }
      parts.append("\(values.count == 1 ? noun : plural) \(values.joined(separator: ", "))")
    }
    if let campaign { parts.append(campaign) }
    list("priority", "priorities", priorities)
    list("rule", "rules", rules.map(\.pattern))
    if let level { parts.append("level \(level.name)\(level == .error ? "" : " or above")") }
    if !paths.isEmpty { parts.append("in \(paths.map(\.pattern).joined(separator: ", "))") }
    return parts.joined(separator: ", ")
  }
}
