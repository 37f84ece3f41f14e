import TallyBooks
import TallyLedger
public import TallyModel

/// Why a lane was not renamed.
public enum LaneError: UserFacingError, Hashable {
  /// What was typed is not `tool@branch` or `tool/category@branch`.
  case badName(String)
  /// No scan or test run was ever recorded in the lane.
  case unknown(String, known: [String])
  /// The scans of the lane were renamed before.
  case renamedBefore(String, to: String)
  /// Both names are of one lane.
  case same(String)
  /// What was typed is no name of a project.
  case badProject(String)
  /// Nothing was ever recorded of the project.
  case unknownProject(String, known: [String])
  /// The project was renamed before.
  case projectRenamedBefore(String, to: String)
  /// Both names are of one project.
  case sameProject(String)

  /// What scripts match on.
  public var code: String {
    switch self {
    case .badName: "lane.bad-name"
    case .unknown: "lane.unknown"
    case .renamedBefore: "lane.renamed-before"
    case .same: "lane.same"
    case .badProject: "lane.bad-project"
    case .unknownProject: "lane.unknown-project"
    case .projectRenamedBefore: "lane.project-renamed-before"
    case .sameProject: "lane.same-project"
    }
  }

  /// The sentence.
  public var description: String {
    switch self {
    case .badName(let name): "'\(name)' is not the name of a lane"
    case .unknown(let name, _): "there is no lane '\(name)'"
    case .renamedBefore(let name, let to): "the scans of '\(name)' belong to '\(to)' already"
    case .same(let name): "both names are of the lane '\(name)'"
    case .badProject(let name): "'\(name)' is no name of a project"
    case .unknownProject(let name, _): "nothing was recorded of a project '\(name)'"
    case .projectRenamedBefore(let name, let to): "the project '\(name)' is called '\(to)' already"
    case .sameProject(let name): "both names are of the project '\(name)'"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .badName: "write tool@branch or tool/category@branch, as 'tally lane list' does"
    case .unknown(_, let known):
      known.isEmpty
        ? "nothing was recorded yet" : "the lanes are: \(known.joined(separator: ", "))"
    case .renamedBefore(_, let to):
      "rename '\(to)', or retract the entry that renamed it: 'tally retract ENTRY --why TEXT'"
    case .badProject: "write it as 'project:' in tally.yml does"
    case .unknownProject(_, let known):
      known.isEmpty
        ? "nothing was recorded yet" : "the projects are: \(known.joined(separator: ", "))"
    case .projectRenamedBefore(_, let to):
      "rename '\(to)', or retract the entry that renamed it: 'tally retract ENTRY --why TEXT'"
    case .sameProject:
      "name another project, or retract an earlier rename: 'tally retract ENTRY --why TEXT'"
    case .same: "name another lane, or retract an earlier rename: 'tally retract ENTRY --why TEXT'"
    }
  }
}

extension Workspace {
  /// Says that the scans of one lane belong to another, and goes on with its books there.
  ///
  /// Ids and history are kept; where both lanes have scans, their positions are put in one order and both lanes' ids are answered to.
  ///
  /// - Throws: ``LaneError``, ``RecordingError``, ``WorkspaceError``, `LedgerError`.
  public func renameLane(
    from old: String,
    to new: String,
    reason: String
  ) async throws -> RecordedAnswer {
    let reason = reason.trimmed
    if reason.isEmpty { throw RecordingError.emptyReason }
    let ledger = try openLedger(.readWrite)
    return try ledger.write { transaction in
      let project = try project(in: transaction)
      let from = try LaneKey(typed: old, project: project)
      let to = try LaneKey(typed: new, project: project)
      if from == to { throw LaneError.same(old) }
      let known = Set(try transaction.lanes() + transaction.testLanes())
      if !known.contains(from) {
        let current = try transaction.current(from)
        if current != from { throw LaneError.renamedBefore(old, to: current.description) }
        let names = known.filter { $0.project == project }.sorted().map(\.description)
        throw LaneError.unknown(old, known: names)
      }
      // A lane that was renamed away takes no scans: they would go where its own went.
      let target = try transaction.current(to)
      if target == from { throw LaneError.same(old) }
      if target != to { throw LaneError.renamedBefore(new, to: target.description) }
      let record = LaneRenameRecord(from: from, to: to, reason: try transaction.saveText(reason))
      var answer = try Recorder(transaction: transaction, receipt: receipt, evidence: nil)
        .record(
          .laneRename(record),
          importer: "lane/1",
          sentence: "renamed \(from) to \(to)"
        )
      try transaction.resetLane(from)
      if try transaction.lanes().contains(to) {
        try BooksKeeper(transaction: transaction).derive(to)
      }
      answer.size = try transaction.size()
      if known.contains(to) {
        answer.warnings.append(
          "\(to) had scans of its own: the two are one lane now, in the order of their commits"
        )
      }
      return answer
    }
  }
}

extension Workspace {
  /// Says that a project has another name now: everything that was and will be recorded under the old one belongs to the new one.
  ///
  /// Scans, test runs, measurements, waivers, attestations, configurations and posts. Ids and history are kept.
  ///
  /// - Throws: ``LaneError``, ``RecordingError``, `LedgerError`.
  public func renameProject(
    from old: String,
    to new: String,
    reason: String
  ) async throws -> RecordedAnswer {
    let reason = reason.trimmed
    if reason.isEmpty { throw RecordingError.emptyReason }
    for name in [old, new] {
      let isPlain = !name.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
      if name.trimmed.isEmpty || !isPlain { throw LaneError.badProject(name) }
    }
    let ledger = try openLedger(.readWrite)
    return try ledger.write { transaction in
      let names = try transaction.names()
      let recorded = Set(try transaction.projects(behind: 0))
      if old == new { throw LaneError.sameProject(old) }
      let current = names.current(project: old)
      if current != old { throw LaneError.projectRenamedBefore(old, to: current) }
      let known = Set(recorded.map(names.current(project:)))
      if !known.contains(old) { throw LaneError.unknownProject(old, known: known.sorted()) }
      // What was renamed away takes nothing: it would go where its own went.
      let target = names.current(project: new)
      if target == old { throw LaneError.sameProject(old) }
      if target != new { throw LaneError.projectRenamedBefore(new, to: target) }
      let record = LaneRenameRecord(
        project: old,
        to: new,
        reason: try transaction.saveText(reason)
      )
      var answer = try Recorder(transaction: transaction, receipt: receipt, evidence: nil)
        .record(
          .laneRename(record),
          importer: "lane/1",
          sentence: "renamed the project \(old) to \(new)"
        )
      try BooksKeeper(transaction: transaction).deriveAll()
      answer.size = try transaction.size()
      if known.contains(new) {
        answer.warnings.append(
          "\(new) had entries of its own: the two are one project now, each lane in the order of its "
            + "commits"
        )
      }
      if let projectName, projectName == old {
        answer.warnings.append(
          "tally.yml and the repository still call this project '\(old)': that is read as '\(new)'"
        )
      }
      return answer
    }
  }
}

extension LaneKey {
  /// Reads `tool@branch` or `tool/category@branch`.
  ///
  /// The branch begins after the last `@`, as a category may hold one.
  init(typed text: String, project: String) throws(LaneError) {
    let isPlain = !text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
    guard isPlain, let at = text.lastIndex(of: "@") else { throw .badName(text) }
    let branch = String(text[text.index(after: at)...])
    let front = text[..<at]
    let slash = front.firstIndex(of: "/")
    let tool = String(front[..<(slash ?? front.endIndex)])
    let category = slash.map { String(front[front.index(after: $0)...]) } ?? ""
    if tool.isEmpty || branch.isEmpty || slash != nil && category.isEmpty { throw .badName(text) }
    self.init(project: project, tool: tool.lowercased(), category: category, branch: branch)
  }
}
