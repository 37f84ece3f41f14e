extension ReportContext {
  /// Whoever `CODEOWNERS` names for a path, and what is open there.
  public struct Owner: Codable, Sendable, Hashable {
    /// The owners as they are written together, such as `@backend`; empty for paths that nobody owns.
    public var name = ""
    /// Derived: ``name``, or `nobody`.
    public var title = ""
    /// Derived: true when nobody owns the paths.
    public var isNobody = false
    /// Open violations now.
    public var count = 0
    /// Derived: ``count`` for people.
    public var countText = ""
    /// Derived: `violation` or `violations`.
    public var noun = ""
    /// Derived: the part of all open violations for people, such as `35 %`.
    public var shareText = ""
    /// Open violations at the baseline, in the paths they own now.
    public var baselineCount = 0
    /// Derived: ``count`` minus ``baselineCount``.
    public var change = 0
    /// Derived: ``change`` with its sign; `unchanged` for none.
    public var changeText = ""
    /// Derived: true when this is the last of its list.
    public var isLast = false

    /// Creates an owner without facts.
    public init() {}
  }
}

extension ReportContext {
  mutating func deriveOwners(_ limits: ReportLimits) {
    let total = owners.reduce(0) { $0 + $1.count } + moreOwners.violations
    moreOwners.cut(&owners, to: limits.owners) { $0.count }
    for index in owners.indices {
      owners[index].derive(total: total, isLast: index == owners.count - 1)
    }
    hasOwners = !owners.isEmpty
  }
}

extension ReportContext.Owner {
  mutating func derive(total: Int, isLast: Bool) {
    isNobody = name.isEmpty
    title = isNobody ? "nobody" : name
    countText = Wording.grouped(count)
    noun = Wording.noun(count, "violation")
    shareText = Wording.percentText(count, of: total)
    change = count - baselineCount
    changeText = change == 0 ? "unchanged" : Wording.signed(change)
    self.isLast = isLast
  }
}
