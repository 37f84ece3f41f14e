import TallyModel

extension ReportContext {
  /// What people signed off.
  public struct Attestations: Codable, Sendable, Hashable {
    /// Those that hold at the time of the report or ended within the last 14 days, soonest end first.
    public var items: [Attestation] = []
    /// Derived: true when there are any.
    public var hasItems = false
    /// How many the list leaves out; what the limit cuts is added.
    public var more = More()

    /// Creates a list without facts.
    public init() {}
  }

  /// A person's word that a criterion is met.
  public struct Attestation: Codable, Sendable, Hashable {
    /// The name that a criterion asks for.
    public var criterion = ""
    /// Who says so.
    public var owner = ""
    /// What was looked at.
    public var reason = ""
    /// From when it counts, in ISO 8601 or as a date.
    public var from = ""
    /// Derived: the date of ``from``.
    public var fromDate = ""
    /// Until when, exclusive, in ISO 8601 or as a date.
    public var until = ""
    /// Derived: the date of ``until``.
    public var untilDate = ""
    /// Derived: whole days left; negative when it has ended.
    public var daysLeft = 0
    /// Derived: true when it ends within 14 days.
    public var expiresSoon = false
    /// Derived: true when it has ended.
    public var isExpired = false
    /// The id of its entry in the journal, in hexadecimal digits.
    public var entry = ""
    /// Derived: the first 12 digits of ``entry``.
    public var entryShort = ""

    /// Creates an attestation without facts.
    public init() {}
  }

  /// Whether the ledger is what its journal says; only templates that use a name of the verification have it made.
  public struct Verification: Codable, Sendable, Hashable {
    /// True when the ledger was verified for this report.
    public var isDone = false
    /// Derived: true when it was verified and nothing is wrong.
    public var isValid = false
    /// What is wrong, a sentence each.
    public var findings: [String] = []
    /// Derived: true when something is wrong.
    public var hasFindings = false
    /// How many of them the list leaves out; what the limit cuts is added.
    public var moreFindings = More()
    /// Derived: the result in words.
    public var summary = ""

    /// Creates a verification that was not made.
    public init() {}
  }
}

extension ReportContext.Attestations {
  mutating func derive(_ limits: ReportLimits, asOf: String) {
    more.cut(&items, to: limits.attestations)
    for index in items.indices { items[index].derive(asOf: asOf) }
    hasItems = !items.isEmpty
  }
}

extension ReportContext.Attestation {
  mutating func derive(asOf: String) {
    fromDate = Wording.date(from)
    untilDate = Wording.date(until)
    entryShort = String(entry.prefix(12))
    guard let end = Timestamp(iso8601: until), let now = Timestamp(iso8601: asOf) else { return }
    daysLeft = end.days(since: now)
    isExpired = end <= now
    expiresSoon = !isExpired && daysLeft < 14
  }
}

extension ReportContext.Verification {
  mutating func derive(_ limits: ReportLimits) {
    moreFindings.cut(&findings, to: limits.warnings)
    let count = findings.count + moreFindings.count
    hasFindings = isDone && count > 0
    isValid = isDone && count == 0
    if !isDone {
      summary = "The ledger was not verified for this report."
    } else if isValid {
      summary = "Nothing is wrong: every entry was hashed again, the log and the books agree."
    } else {
      summary = "\(Wording.counted(count, "thing")) \(count == 1 ? "is" : "are") wrong."
    }
  }
}
