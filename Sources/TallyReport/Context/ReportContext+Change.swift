extension ReportContext {
  /// What one commit adds to its base branch and removes from it, as the gate sees it.
  public struct Change: Codable, Sendable, Hashable {
    /// True when a commit was compared; only templates that use a name of the change have one.
    public var hasChange = false
    /// The branch of the commit.
    public var branch = ""
    /// The full name of the commit.
    public var commit = ""
    /// Derived: the first 9 digits of ``commit``.
    public var short = ""
    /// Where the commit can be read; empty when the repository's web address is not known.
    ///
    /// Cleared when it is no plain `https` or `http` address.
    public var commitURL = ""
    /// Derived: true when there is an address.
    public var hasCommitURL = false
    /// The base branch.
    public var base = ""
    /// The full name of the commit that the base branch counts up to; empty when nobody knows it.
    public var baseCommit = ""
    /// Derived: the first 9 digits of ``baseCommit``.
    public var baseShort = ""
    /// Derived: true when that commit is known.
    public var hasBaseCommit = false
    /// How that commit was found: `merge base`, `merged into`, `previous` or `newest`.
    public var comparedWith = ""
    /// Derived: what it was compared with, such as `the merge base with main`.
    public var comparedText = ""
    /// What the gate would decide: `pass`, `fail` or `undecided`.
    public var decision = ""
    /// Derived: true for `pass`.
    public var isPass = false
    /// Derived: true for `fail`.
    public var isFail = false
    /// Derived: true for `undecided`.
    public var isUndecided = false
    /// Whose policies count, such as `tally.yml of main at 61d2fab2c`.
    public var policies = ""
    /// Derived: what the change does, such as `adds 2 violations and removes 3`.
    public var summary = ""
    /// Derived: true when something came, went or was silenced.
    public var hasDifference = false
    /// The policies, in the order of `tally.yml`.
    public var checks: [Check] = []
    /// Derived: true when a policy is not kept, only warned about, or not decided.
    public var hasProblems = false
    /// What came, sorted by path and line.
    public var added = ChangeList()
    /// What went, sorted by path and line.
    public var removed = ChangeList()
    /// What the change silences, sorted by path and line.
    public var silenced = ChangeList()
    /// The lanes that were compared, sorted.
    public var lanes: [ChangeLane] = []
    /// Derived: true when a lane has no scan of the commit, or one that failed.
    public var hasLaneProblems = false

    /// Creates a change without facts.
    public init() {}
  }

  /// One policy of the gate.
  public struct Check: Codable, Sendable, Hashable {
    /// What is asked for.
    public var title = ""
    /// `pass`, `warn`, `fail` or `undecided`.
    public var state = ""
    /// What was found.
    public var found = ""
    /// What would pass; empty for a policy that is kept.
    public var remedy = ""
    /// Derived: true when something would pass.
    public var hasRemedy = false
    /// Derived: true for `pass`.
    public var isPass = false

    /// Creates a policy without facts.
    public init() {}
  }

  /// Violations that came, went or were silenced.
  public struct ChangeList: Codable, Sendable, Hashable {
    /// The first of them.
    public var items: [ChangeItem] = []
    /// Derived: how many there are, those left out among them.
    public var count = 0
    /// Derived: ``count`` for people.
    public var countText = ""
    /// Derived: `violation` or `violations`.
    public var noun = ""
    /// Derived: true when there are any.
    public var hasItems = false
    /// How many the list leaves out; what the limit cuts is added.
    public var more = More()

    /// Creates an empty list.
    public init() {}
  }

  /// One violation that came, went or was silenced.
  public struct ChangeItem: Codable, Sendable, Hashable {
    /// Its id, short, such as `T-7K3QF2`.
    public var id = ""
    /// The cause, such as `introduced`.
    public var cause = ""
    /// The rule's id.
    public var rule = ""
    /// `none`, `note`, `warning` or `error`.
    public var level = ""
    /// The file; empty for a violation about no file.
    public var path = ""
    /// The line, from 1; 0 for one about the file as a whole.
    public var line = 0
    /// Derived: file and line, such as `src/a.c:12`.
    public var place = ""
    /// Derived: true when there is a file.
    public var hasPlace = false
    /// Where the line can be read; empty when the repository's web address is not known.
    ///
    /// Cleared when it is no plain `https` or `http` address.
    public var url = ""
    /// Derived: true when there is an address.
    public var hasURL = false
    /// What the tool said; empty when it was redacted.
    public var message = ""
    /// Derived: true when the tool said something.
    public var hasMessage = false
    /// True when a waiver holds.
    public var isWaived = false

    /// Creates an item without facts.
    public init() {}
  }

  /// A lane of the base branch, and the scan or test run of the commit that belongs to it.
  public struct ChangeLane: Codable, Sendable, Hashable {
    /// The lane of the commit, such as `ruff@feature`.
    public var name = ""
    /// True for tests.
    public var isTests = false
    /// `compared`, `missing`, `failed`, or `first` where the base branch has nothing to compare with.
    public var state = ""
    /// How many violations came; of tests, how many broke.
    public var added = 0
    /// How many went; of tests, how many were repaired.
    public var removed = 0
    /// How many are open, waived ones included; of tests, how many do not pass.
    public var open = 0
    /// Derived: what the state means, in words.
    public var text = ""
    /// Derived: true for `compared` and `first`.
    public var isFine = false

    /// Creates a lane without facts.
    public init() {}
  }
}

extension ReportContext.Change {
  mutating func derive(_ limits: ReportLimits) {
    short = String(commit.prefix(9))
    commitURL = Wording.plainURL(commitURL)
    hasCommitURL = !commitURL.isEmpty
    baseShort = String(baseCommit.prefix(9))
    hasBaseCommit = !baseCommit.isEmpty
    switch comparedWith {
    case "merge base": comparedText = "the merge base with \(base)"
    case "merged into": comparedText = "the commit of \(base) that it was merged into"
    case "previous": comparedText = "the scan before"
    case "newest": comparedText = "the newest scan of \(base)"
    default: comparedText = base
    }
    isPass = decision == "pass"
    isFail = decision == "fail"
    isUndecided = decision == "undecided"
    added.derive(limits)
    removed.derive(limits)
    silenced.derive(limits)
    for index in checks.indices {
      checks[index].hasRemedy = !checks[index].remedy.isEmpty
      checks[index].isPass = checks[index].state == "pass"
    }
    hasProblems = checks.contains { !$0.isPass }
    for index in lanes.indices { lanes[index].derive() }
    hasLaneProblems = lanes.contains { !$0.isFine }
    hasDifference = added.hasItems || removed.hasItems || silenced.hasItems
    summary = Self.summary(added.count, removed.count, silenced.count)
  }

  /// `adds 2 violations, removes 3 and silences 1`; `changes nothing`.
  private static func summary(_ added: Int, _ removed: Int, _ silenced: Int) -> String {
    var parts: [String] = []
    for (verb, count) in [("adds", added), ("removes", removed), ("silences", silenced)]
    where count > 0 {
      let what = parts.isEmpty ? Wording.counted(count, "violation") : Wording.grouped(count)
      parts.append("\(verb) \(what)")
    }
    return parts.isEmpty ? "adds and removes nothing" : Wording.joined(parts)
  }
}

extension ReportContext.ChangeList {
  mutating func derive(_ limits: ReportLimits) {
    more.cut(&items, to: limits.changeItems)
    count = items.count + more.count
    countText = Wording.grouped(count)
    noun = Wording.noun(count, "violation")
    hasItems = count > 0
    for index in items.indices { items[index].derive() }
  }
}

extension ReportContext.ChangeItem {
  mutating func derive() {
    place = line > 0 ? "\(path):\(line)" : path
    hasPlace = !path.isEmpty
    url = Wording.plainURL(url)
    hasURL = hasPlace && !url.isEmpty
    hasMessage = !message.isEmpty
  }
}

extension ReportContext.ChangeLane {
  mutating func derive() {
    isFine = state == "compared" || state == "first"
    let what = isTests ? "test run" : "scan"
    switch state {
    case "compared":
      text =
        isTests
        ? "\(Wording.grouped(added)) broken, \(Wording.grouped(removed)) repaired"
        : "\(Wording.grouped(added)) added, \(Wording.grouped(removed)) removed"
    case "first": text = "the base branch has no \(what) to compare with"
    case "missing": text = "the commit has no \(what)"
    case "failed": text = "the \(what) of the commit did not finish"
    default: text = state
    }
  }
}
