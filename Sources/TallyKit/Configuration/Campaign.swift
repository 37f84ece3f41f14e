public import TallyModel

/// The thing a status post is about.
public struct Campaign: Sendable, Hashable {
  /// Unique in the file; letters, digits, `.`, `_` and `-`.
  public var id: String
  /// The issue's number or key as written, such as `226` or `NET-226`.
  public var issue: String?
  /// A few words; the id where nothing was written.
  public var title: String
  /// One sentence.
  public var summary: String?
  /// What belongs to it.
  public var select: Selection
  /// What it is measured against.
  public var baseline: BaselineSpec?
  /// How many open violations are the goal.
  public var target: Int
  /// The last day, as its midnight in UTC.
  public var due: Timestamp?
  /// In the order they are tried.
  public var priorities: [PriorityRule]
  /// In the order written.
  public var components: [Component]
  /// In the order written.
  public var metrics: [Metric]
  /// In the order written.
  public var criteria: [Criterion]
  /// Texts that make a commit a key commit; `#226` for issue 226 where nothing was written.
  public var mentions: [String]
  /// The Markdown partials, sorted by part.
  public var narrative: [NarrativePartial]

  /// Creates a campaign with an id and nothing else.
  public init(id: String) {
    self.id = id
    title = id
    select = Selection()
    target = 0
    priorities = []
    components = []
    metrics = []
    criteria = []
    mentions = []
    narrative = []
  }

  /// The issue as it is mentioned: `#226` for a number, else as written.
  public var issueReference: String? {
    issue.map { Int($0) == nil ? $0 : "#\($0)" }
  }

  /// The first priority that takes a violation; nil is ``PriorityRule/unassignedID``.
  public func priority(rule: String, path: RepoPath?, level: Level) -> PriorityRule? {
    priorities.first { $0.matches(rule: rule, path: path, level: level) }
  }

  /// The partial of a part, relative to the folder of `tally.yml`.
  public func partial(_ part: NarrativePartial.Part) -> String? {
    narrative.first { $0.part == part }?.path
  }
}

/// Which violations belong to something: every list that is not empty has to have an entry that fits.
public struct Selection: Sendable, Hashable {
  /// Rule ids or patterns.
  public var rules: [Glob]
  /// Patterns over paths.
  public var paths: [Glob]
  /// Levels.
  public var levels: [Level]
  /// Tags of the rule, or patterns.
  public var tags: [Glob]
  /// Canonical tool ids, or patterns.
  public var tools: [Glob]
  /// The branch, or a pattern; nil for every one.
  public var branch: Glob?

  /// Selects everything.
  public init() {
    rules = []
    paths = []
    levels = []
    tags = []
    tools = []
    branch = nil
  }

  /// Says whether a violation belongs to the selection.
  ///
  /// One without a path belongs only where no path is asked for.
  public func matches(
    rule: String,
    path: RepoPath?,
    level: Level,
    tags: [String],
    tool: String,
    branch: String
  ) -> Bool {
    matches(lane: tool, branch: branch) && matches(rule: rule, level: level, tags: tags)
      && matches(path: path)
  }

  /// Says whether violations of a rule and level can belong to the selection at all.
  func matches(rule: String, level: Level, tags: [String]) -> Bool {
    (levels.isEmpty || levels.contains(level)) && rules.admits(rule)
      && (self.tags.isEmpty || tags.contains { self.tags.admits($0) })
  }

  /// Says whether violations at a path can belong to the selection at all.
  func matches(path: RepoPath?) -> Bool {
    paths.admits(path)
  }

  /// Says whether violations of a lane can belong to the selection at all.
  public func matches(lane tool: String, branch: String) -> Bool {
    tools.admits(tool) && (self.branch.map { [$0].admits(branch) } ?? true)
  }
}

extension [Glob] {
  /// Says whether the list is empty or one of its patterns stands for the path; without a path only where no path is asked for.
  func admits(_ path: RepoPath?) -> Bool { isEmpty || path.map { admits($0.text) } ?? false }

  /// Says whether the list is empty or one of its patterns stands for the text, literally or as a pattern.
  func admits(_ text: String) -> Bool {
    isEmpty || contains { $0.pattern == text || $0.matches(text) }
  }
}

/// A bucket of a campaign.
public struct PriorityRule: Sendable, Hashable {
  /// What takes everything that no priority takes; never a priority's own id.
  public static let unassignedID = "unassigned"

  /// Unique in the campaign, such as `P1`.
  public var id: String
  /// A few words; the id where nothing was written.
  public var title: String
  /// Patterns over paths; empty for every one.
  public var paths: [Glob]
  /// Rule ids or patterns; empty for every one.
  public var rules: [Glob]
  /// Levels; empty for every one.
  public var levels: [Level]
  /// What is at stake.
  public var impact: String?
  /// How likely it is to go wrong, such as `medium`.
  public var risk: String?

  /// Creates a priority that takes everything.
  public init(id: String) {
    self.id = id
    title = id
    paths = []
    rules = []
    levels = []
  }

  /// Says whether it takes a violation.
  ///
  /// One without a path is taken only where no path is asked for.
  public func matches(rule: String, path: RepoPath?, level: Level) -> Bool {
    matches(rule: rule, level: level) && matches(path: path)
  }

  /// Says whether it takes violations of a rule and level at all.
  func matches(rule: String, level: Level) -> Bool {
    (levels.isEmpty || levels.contains(level)) && rules.admits(rule)
  }

  /// Says whether it takes violations at a path at all.
  func matches(path: RepoPath?) -> Bool {
    paths.admits(path)
  }
}

/// A part of the system whose state a report shows.
public struct Component: Sendable, Hashable {
  /// Unique in the campaign.
  public var name: String
  /// Patterns over paths; a violation belongs to every component that has one for it.
  public var paths: [Glob]
  /// Patterns over test ids.
  public var tests: [Glob]

  /// Creates a component.
  public init(name: String, paths: [Glob], tests: [Glob]) {
    self.name = name
    self.paths = paths
    self.tests = tests
  }
}

/// A measurement that a report shows.
public struct Metric: Sendable, Hashable {
  /// Which way is better.
  public enum Direction: String, Sendable, Hashable, CaseIterable {
    case lower
    case higher
  }
  /// The measurement's name with its unit last, such as `rss_mb`.
  public var name: String
  /// A few words; the name where nothing was written.
  public var title: String
  /// Which way is better; `lower` unless told.
  public var better: Direction
  /// The value to reach.
  public var target: Double?

  /// Creates a metric.
  public init(name: String, title: String, better: Direction, target: Double?) {
    self.name = name
    self.title = title
    self.better = better
    self.target = target
  }
}

/// What a campaign is measured against.
public enum BaselineSpec: Sendable, Hashable {
  /// The balance at a commit, by its name of 7 to 64 digits as written.
  case commit(String)
  /// The balance at the end of a day, given as its midnight in UTC.
  case date(Timestamp)
  /// A declared number, which no statement is made from.
  case number(Int)
}

/// A Markdown file that becomes a part of the report.
public struct NarrativePartial: Sendable, Hashable {
  /// The parts of a report that a person writes.
  public enum Part: String, Sendable, Hashable, CaseIterable {
    case fiveWhys = "five_whys"
    case business
    case assessment
    case recommendation
    case nextSteps = "next_steps"
  }
  /// Which part.
  public var part: Part
  /// Relative to the folder of `tally.yml`.
  public var path: String

  /// Creates a partial.
  public init(part: Part, path: String) {
    self.part = part
    self.path = path
  }
}

/// A line of the checklist: met, not met or unknown.
public struct Criterion: Sendable, Hashable {
  /// What is checked.
  public enum Check: Sendable, Hashable {
    /// At most so many open violations of the campaign.
    case violations(atMost: Int)
    /// Every test whose id fits passes; nil for all tests. There has to be one.
    case tests(match: Glob?, allowsFlaky: Bool)
    /// The last value of a measurement is on the right side of a limit.
    case measurement(name: String, bound: Bound, limit: Limit)
    /// No violation was introduced since a point.
    case noNew(since: Point)
    /// A person said yes, and it still counts.
    case attested(name: String)
  }
  /// Which side of the limit is right.
  public enum Bound: String, Sendable, Hashable, CaseIterable {
    case atMost = "at_most"
    case atLeast = "at_least"
  }
  /// What a measurement is held against.
  public enum Limit: Sendable, Hashable {
    case number(Double)
    /// Its value at the campaign's baseline.
    case baseline
  }
  /// Since when.
  public enum Point: String, Sendable, Hashable, CaseIterable {
    case baseline
    case lastReport = "last report"
    case mergeBase = "merge base"
  }

  /// The line's text.
  public var title: String
  /// What is checked.
  public var check: Check

  /// Creates a criterion.
  public init(title: String, check: Check) {
    self.title = title
    self.check = check
  }
}
