extension ReportContext {
  /// What happened since the last post of this template and campaign, or in the last 7 days where none was recorded.
  ///
  /// Nothing is known of a campaign whose first scan or baseline is younger than that.
  public struct Since: Codable, Sendable, Hashable {
    /// True when there is a time to compare with: that of the last recorded post, else 7 days ago if the baseline is older.
    public var isKnown = false
    /// True when it is the time of a recorded post.
    public var isPost = false
    /// The time, in ISO 8601.
    public var time = ""
    /// Derived: the date of ``time``.
    public var date = ""
    /// Derived: in words, such as `Since the last post, on 2026-11-13` or `In the last 7 days`.
    public var text = ""
    /// The id of the post's entry in the journal, in hexadecimal digits; empty when there is none.
    public var entry = ""
    /// How many were open then.
    public var opening = 0
    /// Derived: ``opening`` for people.
    public var openingText = ""
    /// How many are open now.
    public var closing = 0
    /// Derived: ``closing`` for people.
    public var closingText = ""
    /// Derived: the change in words, such as `3 fewer`, `2 more`, `no change`.
    public var changeText = ""
    /// Derived: true when the count fell.
    public var isDown = false
    /// Derived: true when the count rose.
    public var isUp = false
    /// What came and went, by cause, in the order of the posting kinds.
    public var lines: [StatementLine] = []
    /// Derived: what went, gross, such as `5 fixed`; `nothing` when nothing did.
    public var goneText = ""
    /// Derived: what came, gross, such as `2 introduced`; `nothing` when nothing did.
    public var cameText = ""
    /// Derived: true when anything was fixed, deleted, introduced or reopened.
    public var hasGross = false
    /// Derived: what came and went for other causes, such as `1 waived`.
    public var otherText = ""
    /// Derived: true when there are such causes.
    public var hasOther = false
    /// Commits that closed or opened violations, those that moved most first.
    public var commits: [Commit] = []
    /// Derived: true when there are any.
    public var hasCommits = false
    /// How many the list leaves out; what the limit cuts is added.
    public var moreCommits = More()
    /// Authors of these commits, who closed most first; ranges of commits have none.
    public var people: [Person] = []
    /// Derived: true when there are any.
    public var hasPeople = false
    /// How many the list leaves out; what the limit cuts is added.
    public var morePeople = More()
    /// Files and rules with more open violations than then, most first.
    public var worse: [Worse] = []
    /// Derived: true when there are any.
    public var hasWorse = false
    /// How many the list leaves out; what the limit cuts is added.
    public var moreWorse = More()
    /// Criteria that have another state than in that post.
    public var flips: [Flip] = []
    /// Derived: true when there are any.
    public var hasFlips = false
    /// Definitions that changed, a phrase each, such as `-4 in P1 by redefining the priorities on 2026-11-06 (9db238d37)`.
    public var definitions: [String] = []
    /// Derived: true when there are any.
    public var hasDefinitions = false
    /// How many the list leaves out; what the limit cuts is added.
    public var moreDefinitions = More()

    /// Creates a comparison without facts.
    public init() {}
  }

  /// An author of commits that moved the count.
  public struct Person: Codable, Sendable, Hashable {
    /// The author's name, without the address.
    public var name = ""
    /// How many violations their commits closed.
    public var closed = 0
    /// How many violations their commits opened.
    public var opened = 0
    /// Derived: what they did, such as `closed 3 and opened 1`.
    public var effect = ""
    /// Derived: true when this is the last of its list.
    public var isLast = false

    /// Creates a person without facts.
    public init() {}
  }

  /// A file or rule with more open violations than before.
  public struct Worse: Codable, Sendable, Hashable {
    /// True for a file, false for a rule.
    public var isFile = false
    /// The file's path or the rule's id.
    public var subject = ""
    /// How many more are open.
    public var change = 0
    /// Derived: ``change`` with its sign.
    public var changeText = ""
    /// How many are open now.
    public var count = 0
    /// Derived: ``count`` for people.
    public var countText = ""
    /// Derived: true when this is the last of its list.
    public var isLast = false

    /// Creates a subject without facts.
    public init() {}
  }

  /// A criterion with another state than before.
  public struct Flip: Codable, Sendable, Hashable {
    /// The criterion's title.
    public var title = ""
    /// `met`, `not met` or `unknown` before.
    public var before = ""
    /// `met`, `not met` or `unknown` now.
    public var after = ""
    /// Derived: true when it is met now.
    public var isMet = false
    /// Derived: true when this is the last of its list.
    public var isLast = false

    /// Creates a flip without facts.
    public init() {}
  }

  /// An open violation, and since when it is open.
  public struct Oldest: Codable, Sendable, Hashable {
    /// Its id, short.
    public var id = ""
    /// The rule's id.
    public var rule = ""
    /// Its file; empty for one about no file.
    public var path = ""
    /// Derived: true when there is a file.
    public var hasPath = false
    /// Since how many days it is open.
    public var days = 0
    /// Derived: ``days`` in words.
    public var daysText = ""
    /// Derived: true when this is the last of its list.
    public var isLast = false

    /// Creates a violation without facts.
    public init() {}
  }

  /// A week, from Monday to Sunday.
  public struct Week: Codable, Sendable, Hashable {
    /// Its Monday, as a date.
    public var start = ""
    /// True when the week is over at the time of the report.
    public var isOver = false
    /// True when the week is over, and all of it lies behind the baseline.
    public var isWhole = false
    /// True when a scan of the campaign's lanes that succeeded lies in it.
    public var isScanned = false
    /// Fixed and deleted in it.
    public var gone = 0
    /// Introduced and reopened in it.
    public var came = 0
    /// Open before it.
    public var opening = 0
    /// Open after it, or now.
    public var closing = 0
    /// Derived: ``closing`` for people.
    public var closingText = ""
    /// Derived: ``closing`` minus ``opening``.
    public var net = 0
    /// Derived: ``net`` with its sign.
    public var netText = ""

    /// Creates a week without facts.
    public init() {}
  }

  /// How the weeks go.
  public struct Pace: Codable, Sendable, Hashable {
    /// Derived: what went in each of the last 40 weeks as blocks, such as `▁▇▁`; empty for fewer than two weeks.
    public var goneSparkline = ""
    /// Derived: what came in each of these weeks as blocks.
    public var cameSparkline = ""
    /// Derived: true when there are at least two weeks, and something went or came.
    public var hasSparklines = false
    /// Derived: how many weeks in a row went the same way, up to the last that is over or decided.
    public var streak = 0
    /// Derived: the streak in words, such as `3 weeks in a row with fewer open`; empty below 2.
    public var streakText = ""
    /// Derived: true when there is a streak of at least 2 weeks.
    public var hasStreak = false
    /// Derived: the best week in words, such as `5 fewer in the week of 2026-09-14`; empty when none was good.
    public var bestText = ""
    /// Derived: true when there are at least 3 weeks and one was good.
    public var hasBest = false

    /// Creates a pace that is not known.
    public init() {}
  }
}

extension ReportContext.Since {
  mutating func derive(_ limits: ReportLimits) {
    date = Wording.date(time)
    text = isPost ? "Since the last post, on \(date)" : isKnown ? "In the last 7 days" : ""
    openingText = Wording.grouped(opening)
    closingText = Wording.grouped(closing)
    isDown = closing < opening
    isUp = closing > opening
    let size = Wording.grouped(abs(closing - opening))
    changeText = isDown ? "\(size) fewer" : isUp ? "\(size) more" : "no change"
    lines.removeAll { $0.count == 0 }
    for index in lines.indices {
      lines[index].derive(sign: Self.enters(lines[index].cause) ? 1 : -1)
    }
    deriveGross()
    moreCommits.cut(&commits, to: limits.sinceItems) { $0.closed }
    for index in commits.indices { commits[index].derive() }
    hasCommits = !commits.isEmpty
    morePeople.cut(&people, to: limits.sinceItems) { $0.closed }
    for index in people.indices { people[index].derive(isLast: index == people.count - 1) }
    hasPeople = !people.isEmpty
    moreWorse.cut(&worse, to: limits.sinceItems) { $0.change }
    for index in worse.indices {
      worse[index].changeText = Wording.signed(worse[index].change)
      worse[index].countText = Wording.grouped(worse[index].count)
      worse[index].isLast = index == worse.count - 1
    }
    hasWorse = !worse.isEmpty
    for index in flips.indices {
      flips[index].isMet = flips[index].after == "met"
      flips[index].isLast = index == flips.count - 1
    }
    hasFlips = !flips.isEmpty
    moreDefinitions.cut(&definitions, to: limits.sinceItems)
    hasDefinitions = !definitions.isEmpty
  }

  /// Says whether a cause enters the balance.
  static func enters(_ cause: String) -> Bool {
    let entering: Set = [
      "brought forward", "introduced", "surfaced", "reopened", "unsuppressed", "unwaived",
      "unattributed in", "moved in", "redefined in", "rematched in",
    ]
    return entering.contains(cause)
  }

  private mutating func deriveGross() {
    var counts: [String: Int] = [:]
    for line in lines { counts[line.cause, default: 0] += line.count }
    let gone = ["fixed", "deleted"].filter { counts[$0] != nil }
    let came = ["introduced", "reopened"].filter { counts[$0] != nil }
    func words(_ causes: [String]) -> String {
      causes.isEmpty
        ? "nothing"
        : Wording.joined(causes.map { "\(Wording.grouped(counts[$0] ?? 0)) \($0)" })
    }
    goneText = words(gone)
    cameText = words(came)
    hasGross = !gone.isEmpty || !came.isEmpty
    let others = lines.filter { !(gone + came).contains($0.cause) }
    otherText = Wording.joined(others.map { "\(Wording.grouped($0.count)) \($0.cause)" })
    hasOther = !others.isEmpty
  }
}

extension ReportContext.Person {
  mutating func derive(isLast: Bool) {
    var parts: [String] = []
    if closed > 0 { parts.append("closed \(Wording.grouped(closed))") }
    if opened > 0 { parts.append("opened \(Wording.grouped(opened))") }
    effect = Wording.joined(parts)
    self.isLast = isLast
  }
}

extension ReportContext.Oldest {
  mutating func derive(isLast: Bool) {
    hasPath = !path.isEmpty
    daysText = Wording.age(days)
    self.isLast = isLast
  }
}

extension ReportContext {
  mutating func deriveWeeks(_ limits: ReportLimits) {
    weeks = Array(weeks.suffix(limits.weeks))
    for index in weeks.indices {
      weeks[index].closingText = Wording.grouped(weeks[index].closing)
      weeks[index].net = weeks[index].closing - weeks[index].opening
      weeks[index].netText = Wording.signed(weeks[index].net)
    }
    pace = Pace()
    pace.hasSparklines = weeks.count > 1 && weeks.contains { $0.gone + $0.came > 0 }
    if pace.hasSparklines {
      pace.goneSparkline = Sparkline.text(weeks.suffix(40).map(\.gone), width: 40)
      pace.cameSparkline = Sparkline.text(weeks.suffix(40).map(\.came), width: 40)
    }
    // The week that is not over yet counts once it went somewhere.
    let decided = weeks.last.map { $0.isOver || $0.net != 0 } ?? false ? weeks : weeks.dropLast()
    guard let last = decided.last else { return }
    pace.streak = decided.reversed().prefix { $0.net.signum() == last.net.signum() }.count
    pace.hasStreak = pace.streak > 1
    if pace.hasStreak {
      let how =
        last.net < 0 ? "with fewer open" : last.net > 0 ? "with more open" : "without a change"
      pace.streakText = "\(Wording.counted(pace.streak, "week")) in a row \(how)"
    }
    guard weeks.count > 2, let best = weeks.min(by: { $0.net < $1.net }), best.net < 0 else {
      return
    }
    pace.hasBest = true
    pace.bestText = "\(Wording.grouped(-best.net)) fewer in the week of \(best.start)"
  }
}
