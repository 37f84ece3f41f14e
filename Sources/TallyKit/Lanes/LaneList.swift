import TallyBooks
import TallyLedger
import TallyModel
import TallyReport

/// Every lane of the project, with what came in last.
public struct LaneListAnswer: CommandAnswer {
  /// One lane.
  public struct Lane: Codable, Sendable, Hashable {
    /// As it is typed: `ruff@main`, or `ruff/ssot@main` with a category.
    public var name: String
    /// `scan` or `tests`.
    public var kind: String
    /// The project's name.
    public var project: String
    /// The canonical id of the tool or test runner.
    public var tool: String
    /// What keeps scans of one tool apart; empty for none.
    public var category: String
    /// The branch.
    public var branch: String
    /// The last commit that was scanned, 40 or 64 hexadecimal digits; nil where none is on line.
    public var commit: String?
    /// The time of that commit, in UTC; nil where none is on line.
    public var last: String?
    /// How many whole days ago that was; nil where none is on line.
    public var ageDays: Int?
    /// True when that is longer ago than `stale_after` allows.
    public var isStale: Bool
    /// False when the last scan did not finish.
    public var succeeded: Bool
    /// Open violations, or tests that do not pass.
    public var open: Int
    /// How many of these the last scan looked for and did not see though nobody edited their files.
    public var notSeen = 0
    /// How many commits were scanned.
    public var scans: Int
    /// How many of them did not finish.
    public var failed: Int
    /// How many of them are not on the branch's line any more.
    public var offLine: Int
    /// Lanes whose scans were renamed to this one, as they are typed; with ` of NAME` where the project had another name.
    public var renamedFrom: [String]
  }

  /// The form of this answer.
  public var version = 1
  /// Sorted by project, tool, category, branch, kind.
  public var lanes: [Lane]
  /// Sentences worth a person's attention.
  public var warnings: [String] = []

  /// A table.
  public func text(_ style: TextStyle) -> String {
    if lanes.isEmpty { return "no lanes\n" }
    var table = TextTable(columns: [
      .init("Lane", minimum: 12), .init("Kind"), .init("Last"), .init("Commit"),
      .init("Age", .right), .init("Open", .right), .init("Scans", .right),
      .init("Off line", .right),
      .init(""),
    ])
    for lane in lanes {
      var notes: [String] = []
      if lane.isStale { notes.append("stale") }
      if lane.notSeen > 0 { notes.append("\(lane.notSeen) not seen") }
      if !lane.succeeded { notes.append("failed") }
      if !lane.renamedFrom.isEmpty {
        notes.append("was \(lane.renamedFrom.joined(separator: ", "))")
      }
      table.add([
        .init(lane.name, .bold), .init(lane.kind), .init(String(lane.last?.prefix(10) ?? "never")),
        .init(String(lane.commit?.prefix(9) ?? "")), .init(lane.ageDays.map { "\($0) d" } ?? ""),
        .init(Wording.grouped(lane.open)), .init(Wording.grouped(lane.scans)),
        lane.offLine == 0 ? "" : .init(Wording.grouped(lane.offLine)),
        .init(notes.joined(separator: ", "), .notable),
      ])
    }
    return table.rendered(width: style.columns, colour: style.colour)
  }
}

extension Workspace {
  /// Lists the lanes of the project.
  ///
  /// - Throws: ``WorkspaceError``, ``TimeError``, `LedgerError`.
  public func lanes(_ time: TimeRequest = TimeRequest()) async throws -> LaneListAnswer {
    try await read(time) { view, configuration in
      let reader = view.reader
      let renamed = try reader.renamedLanes()
      var lanes: [(key: LaneKey, lane: LaneListAnswer.Lane)] = []
      func add(_ key: LaneKey, _ fill: (inout LaneListAnswer.Lane) -> Void) {
        var lane = LaneListAnswer.Lane(key)
        lane.renamedFrom = renamed.filter { $0.to == key }.map { old, _ in
          old.project == key.project ? old.description : "\(old) of \(old.project)"
        }
        fill(&lane)
        lanes.append((key, lane))
      }
      let stale = configuration.configuration.staleAfterSeconds
      for item in view.lanes where !item.positions.isEmpty {
        let open = try view.accounts.count {
          $0.lane == item.lane && $0.state(at: view.now) == .open
        }
        let notSeen = try view.unseen(in: item).count
        add(item.lane) { lane in
          lane.open = open
          lane.notSeen = notSeen
          lane.scans = item.positions.count
          lane.failed = item.positions.count { !$0.succeeded }
          lane.offLine = item.positions.count { !$0.onLine }
          lane.take(
            item.last.map { ($0.commit, $0.time, $0.succeeded) },
            asOf: view.asOf,
            staleAfterSeconds: stale
          )
        }
      }
      for key in try reader.testLanes() {
        let history = try view.clocks.tests(of: key)
        let positions = history.positions.filter { $0.time <= view.asOf }
        if positions.isEmpty { continue }
        let account = try TestAccount(histories: [history], from: nil, to: view.now)
        add(key) { lane in
          lane.kind = "tests"
          lane.open = account.closing.count
          lane.scans = positions.count
          lane.failed = positions.count { !$0.succeeded }
          lane.offLine = positions.count { !$0.isOnLine }
          lane.take(
            positions.last { $0.isOnLine }.map { ($0.commit, $0.time, $0.succeeded) },
            asOf: view.asOf,
            staleAfterSeconds: stale
          )
        }
      }
      return LaneListAnswer(
        lanes: lanes.sorted { ($0.key, $0.lane.kind) < ($1.key, $1.lane.kind) }.map(\.lane),
        warnings: try view.remarks(on: view.lanes)
      )
    }
  }
}

extension LaneListAnswer.Lane {
  fileprivate init(_ key: LaneKey) {
    self.init(
      name: key.description,
      kind: "scan",
      project: key.project,
      tool: key.tool,
      category: key.category,
      branch: key.branch,
      isStale: false,
      succeeded: true,
      open: 0,
      scans: 0,
      failed: 0,
      offLine: 0,
      renamedFrom: []
    )
  }

  fileprivate mutating func take(
    _ position: (commit: CommitID, time: Timestamp, succeeded: Bool)?,
    asOf: Timestamp,
    staleAfterSeconds: Int64
  ) {
    guard let position else { return }
    commit = position.commit.description
    last = position.time.iso8601
    ageDays = max(0, asOf.days(since: position.time))
    isStale = asOf.seconds - position.time.seconds > staleAfterSeconds
    succeeded = position.succeeded
  }
}
