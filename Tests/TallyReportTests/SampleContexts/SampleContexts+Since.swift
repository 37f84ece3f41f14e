import TallyReport

extension SampleContexts {
  static func person(_ name: String, _ closed: Int, _ opened: Int) -> ReportContext.Person {
    var person = ReportContext.Person()
    person.name = name
    person.closed = closed
    person.opened = opened
    return person
  }

  static func worse(
    _ subject: String,
    _ change: Int,
    _ count: Int,
    isFile: Bool = true
  ) -> ReportContext.Worse {
    var worse = ReportContext.Worse()
    worse.isFile = isFile
    worse.subject = subject
    worse.change = change
    worse.count = count
    return worse
  }

  static func flip(_ title: String, _ before: String, _ after: String) -> ReportContext.Flip {
    var flip = ReportContext.Flip()
    flip.title = title
    flip.before = before
    flip.after = after
    return flip
  }

  static func owner(_ name: String, _ count: Int, was baseline: Int) -> ReportContext.Owner {
    var owner = ReportContext.Owner()
    owner.name = name
    owner.count = count
    owner.baselineCount = baseline
    return owner
  }

  static func oldest(_ id: String, _ path: String, _ days: Int) -> ReportContext.Oldest {
    var oldest = ReportContext.Oldest()
    oldest.id = id
    oldest.rule = "TID251"
    oldest.path = path
    oldest.days = days
    return oldest
  }

  static func week(_ start: String, _ counts: [Int], isOver: Bool = true) -> ReportContext.Week {
    var week = ReportContext.Week()
    week.start = start
    week.opening = counts[0]
    week.gone = counts[1]
    week.came = counts[2]
    week.closing = counts[3]
    week.isOver = isOver
    return week
  }

  /// 37 a week ago, 34 now; two people, one worse file, a criterion that flipped, a definition that moved.
  static var fullSince: ReportContext.Since {
    var since = ReportContext.Since()
    since.isKnown = true
    since.isPost = true
    since.time = "2026-11-13T08:00:00Z"
    since.entry = "9057" + String(repeating: "0", count: 60)
    since.opening = 37
    since.closing = 34
    since.lines = [
      .init(cause: "introduced", count: 1), .init(cause: "fixed", count: 3),
      .init(cause: "waived", count: 1),
    ]
    var fix = commit(
      "a7a37eea5c0f0d7a1b2c3d4e5f60718293a4b5c6",
      "fix(services): Flush the state of agents through the manager (#226)",
      "2026-11-18T10:20:00Z",
      closed: 3
    )
    fix.url = "https://github.com/example/netra/commit/\(fix.sha)"
    let feature = commit(
      "36301685f00f0d7a1b2c3d4e5f60718293a4b5c6",
      "feat(auth): Log in with a token",
      "2026-11-16T08:00:00Z",
      opened: 1
    )
    since.commits = [fix, feature]
    since.people = [person("Mara Okafor", 3, 0), person("Tomas Lind", 0, 1)]
    since.worse = [worse("auth_service/main.py", 1, 4)]
    since.flips = [flip("Memory stays at or below the baseline", "unknown", "met")]
    since.definitions = [
      "-4 in P1 and +4 in P2 by redefining the priorities on 2026-11-14 (9db238d37)"
    ]
    return since
  }

  /// The weeks of the story, the last one not over.
  static var fullWeeks: [ReportContext.Week] {
    [
      week("2026-09-07", [43, 0, 0, 43]), week("2026-09-14", [43, 0, 1, 44]),
      week("2026-09-21", [44, 4, 0, 40]), week("2026-09-28", [40, 1, 1, 40]),
      week("2026-10-05", [40, 1, 0, 39]), week("2026-10-12", [39, 0, 2, 41]),
      week("2026-10-19", [41, 4, 1, 38]), week("2026-10-26", [38, 0, 0, 38]),
      week("2026-11-02", [38, 1, 0, 37]), week("2026-11-09", [37, 2, 1, 36]),
      week("2026-11-16", [36, 3, 1, 34], isOver: false),
    ]
  }

  static var fullOwners: [ReportContext.Owner] {
    [
      owner("@netra/backend", 23, was: 30), owner("@netra/auth @mara", 4, was: 6),
      owner("", 7, was: 7),
    ]
  }

  /// Three campaigns in one post: one off track, one done, one that has just begun.
  static var several: ReportContext {
    var context = ReportContext()
    context.project = full.project
    context.campaigns = [full, finished, oneScan]
    context.campaigns[0].campaign.status.overridden.id = "at-risk"
    context.campaigns[0].campaign.status.overridden.owner = "Mara Okafor"
    context.campaigns[0].campaign.status.overridden.reason = "Two more people start on Monday"
    context.campaigns[0].campaign.status.overridden.until = "2026-12-04"
    context.attestations = full.attestations
    context.verification.isDone = true
    context.owners = fullOwners
    context.footer = fullFooter
    context.footer.campaign = ""
    context.footer.isAll = true
    return context
  }
}
