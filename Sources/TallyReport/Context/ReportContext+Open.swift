extension ReportContext {
  /// An open violation, in a list of every one.
  public struct OpenViolation: Codable, Sendable, Hashable {
    /// Its id in the fewest digits that no other's begins with, such as `T-7K3QF2`.
    public var id = ""
    /// The rule's id.
    public var rule = ""
    /// `none`, `note`, `warning` or `error`.
    public var level = ""
    /// The file, from the top of the repository; empty for a finding about no file.
    public var path = ""
    /// The line where it was seen last, from 1; 0 for a finding about the file as a whole.
    public var line = 0
    /// Derived: path and line, such as `src/app.py:12`.
    public var place = ""
    /// Derived: true when it is in a file.
    public var hasPlace = false
    /// Where to read that line at the commit of the last scan; empty without an address of the repository.
    public var url = ""
    /// Derived: true when there is an address.
    public var hasURL = false
    /// What the tool said last; empty when it was redacted.
    public var message = ""
    /// Derived: true when there is a message.
    public var hasMessage = false
    /// The id of its priority, `unassigned` for none.
    public var priority = ""
    /// Derived: the priority for people, such as `P1 Agent execution`; empty where a campaign has no priorities.
    public var priorityText = ""
    /// Derived: true when it is the first of its priority in the list, and the campaign has priorities.
    public var isFirstOfPriority = false
    /// Whoever `CODEOWNERS` names for the path; empty for nobody.
    public var owner = ""
    /// Derived: true when there is an owner.
    public var hasOwner = false
    /// Since when it has been open without a gap, in ISO 8601.
    public var since = ""
    /// Derived: the date of ``since``.
    public var sinceDate = ""

    /// Creates a violation without facts.
    public init() {}
  }
}

extension ReportContext {
  /// Priorities have to be derived already.
  mutating func deriveViolations(_ limits: ReportLimits) {
    moreViolations.cut(&violations, to: limits.violations)
    var titles: [String: String] = [:]
    for priority in priorities where hasPriorities {
      titles[priority.id] =
        priority.isUnassigned ? "Unassigned" : "\(priority.id) \(priority.title)"
    }
    var previous: String?
    for index in violations.indices {
      let priority = violations[index].priority
      violations[index].derive(titles[priority] ?? "", isFirst: previous != priority)
      previous = priority
    }
    hasViolations = !violations.isEmpty
  }
}

extension ReportContext.OpenViolation {
  mutating func derive(_ priorityText: String, isFirst: Bool) {
    place = line > 0 && !path.isEmpty ? "\(path):\(line)" : path
    hasPlace = !path.isEmpty
    url = Wording.plainURL(url)
    hasURL = !url.isEmpty && hasPlace
    hasMessage = !message.isEmpty
    self.priorityText = priorityText
    isFirstOfPriority = isFirst && !priorityText.isEmpty
    hasOwner = !owner.isEmpty
    sinceDate = Wording.date(since)
  }
}
