import TallyModel

/// Whether a change may go in, and what would let it.
public struct GateAnswer: CommandAnswer {
  /// What a policy came to.
  public enum State: String, Codable, Sendable, Hashable {
    /// It is kept.
    case pass
    /// It is not kept, and that is only told.
    case warn
    /// It is not kept.
    case fail
    /// What it needs is not there.
    case undecided
  }

  /// One policy.
  public struct Check: Codable, Sendable, Hashable {
    /// `scans`, `no_new`, `budgets`, `criteria`, `suppressions`, `waivers` or `tests`, as in `tally.yml`.
    public var policy: String
    /// What is asked for.
    public var title: String
    /// `pass`, `warn`, `fail` or `undecided`.
    public var state: State
    /// What was found.
    public var found: String
    /// What would pass; nil for a policy that is kept.
    public var remedy: String?
    /// The violations it is about.
    public var violations: [String]
  }

  /// One lane of the base branch, and the scan of the commit that belongs to it.
  public struct Lane: Codable, Sendable, Hashable {
    /// The lane of the commit, such as `ruff@feature`.
    public var name: String
    /// `scan` or `tests`.
    public var kind: String
    /// `compared`; `missing`, `failed`, or `partial` where the tool reports an error that names no file; else `first` where the
    /// base branch has no scan to compare with.
    public var state: String
    /// The commit of the base branch that it is compared with; nil where there is none.
    public var base: String?
    /// How many violations came; of tests, how many broke.
    public var new: Int
    /// How many went.
    public var gone: Int
    /// How many are open, waived ones included; of tests, how many do not pass.
    public var open: Int
    /// How many of these the scan looked for and did not see though nobody edited their files.
    public var notSeen = 0
  }

  /// One violation that came, went, or was silenced.
  public struct Item: Codable, Sendable, Hashable {
    /// Short, such as `T-7K3QF2`.
    public var id: String
    /// The cause, such as `introduced`.
    public var cause: String
    /// How the cause is known; nil for one that was silenced from the start.
    public var basis: String?
    /// The rule's id.
    public var rule: String
    /// `none`, `note`, `warning` or `error`.
    public var level: String
    /// The file, from the top of the repository; empty for a finding about no file.
    public var path: String
    /// The line, from 1; nil for a finding about the file as a whole.
    public var line: Int?
    /// The column, from 1, if the tool said.
    public var column: Int?
    /// What the tool said; nil when it was redacted.
    public var message: String?
    /// The lane, such as `ruff@feature`.
    public var lane: String
    /// True when a waiver holds.
    public var isWaived: Bool
  }

  /// The form of this answer.
  public var version = 1
  /// `pass`, `fail` or `undecided`.
  public var decision: State
  /// The judged commit, 40 or 64 hexadecimal digits.
  public var commit: String
  /// Its branch.
  public var branch: String
  /// The base branch.
  public var base: String
  /// The commit up to which the base branch counts; nil where nobody knows it.
  public var baseCommit: String?
  /// How that commit was found: `merge base`, `merged into`, `previous` or `newest`.
  public var comparedWith: String
  /// Where the policies are from, such as `tally.yml of main at 61d2fab2c`.
  public var policies: String
  /// The policies, in the order of `tally.yml`.
  public var checks: [Check]
  /// The lanes, sorted.
  public var lanes: [Lane]
  /// What came, sorted by path and line.
  public var new: [Item]
  /// What went, sorted by path and line.
  public var gone: [Item]
  /// What the change silences, sorted by path and line.
  public var silenced: [Item]
  /// Sentences worth a person's attention.
  public var warnings: [String]

  /// What the files for other programs are made of; not part of the answer.
  let findings: [GateFinding]
  /// Tool names, versions and rules by lane; not part of the answer.
  let tools: [LaneKey: GateTool]

  enum CodingKeys: String, CodingKey {
    case version, decision, commit, branch, base, baseCommit, comparedWith, policies, checks, lanes
    case new, gone, silenced, warnings
  }
}

/// The tool of a lane, for SARIF.
struct GateTool: Sendable {
  let name: String
  let version: String?
  let rules: [RuleRecord]
}

extension GateAnswer.Item {
  init(_ finding: GateFinding) {
    self.init(
      id: finding.shortID,
      cause: finding.kind?.name ?? "suppressed",
      basis: finding.basis?.name,
      rule: finding.rule,
      level: finding.level.name,
      path: finding.path.text,
      line: finding.region?.startLine,
      column: finding.region?.startColumn,
      message: finding.message,
      lane: finding.lane.description,
      isWaived: finding.isWaived
    )
  }
}
