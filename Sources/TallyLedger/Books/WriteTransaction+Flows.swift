internal import TallyModel

/// What one step moved, by subject.
struct StepFlows {
  /// What violations had in common that moved alike.
  struct Group: Hashable {
    var kind: PostingKind
    var basis: Basis
    var isExactCommit: Bool
    var subject: Int
    var destination: Int?
    var commit: Int?
  }

  /// A violation has another rule or level from here on.
  struct Retitled: Hashable {
    let violation: Int
    let rule: Int
    let level: Int
  }

  var groups: [Group: Int] = [:]
  /// What violations had before.
  var retitled: [Retitled] = []
  /// When violations entered the balance.
  var opened: [ViolationID: Timestamp] = [:]
}

extension WriteTransaction {
  /// Counts what a step moves; to be asked before its violations are written.
  ///
  /// `unwritten` has the rows, by number, that are not what the table says yet.
  func flows(
    of delta: LaneDelta,
    unwritten: [Int: ChangingRow] = [:]
  ) throws -> StepFlows {
    var result = StepFlows()
    let postings = Dictionary(grouping: delta.postings, by: \.violation)
    let moves = Dictionary(grouping: delta.moves.filter { $0.from != $0.to }, by: \.violation)
    for violation in delta.violations {
      let before = try standing(of: violation.id, unwritten)
      let rule = try interner.makeName(violation.rule)
      let level = Int(violation.level.rawValue)
      if let before, before.rule != rule || before.level != level {
        result.retitled.append(
          StepFlows.Retitled(violation: before.number, rule: before.rule, level: before.level)
        )
      }
      let own = postings[violation.id] ?? []
      let moves = moves[violation.id] ?? []
      if own.isEmpty, moves.isEmpty { continue }
      var tracker = FlowTracker(
        isOpen: before?.isOpen ?? false,
        path: try before.map { try interner.path($0.path) } ?? violation.last.path
      )
      tracker.take(own, moves: moves.map(\.to))
      for step in tracker.steps {
        let group = StepFlows.Group(
          kind: step.kind,
          basis: step.basis,
          isExactCommit: step.posting?.isExactCommit ?? false,
          subject: try subject(rule, level, step.path),
          destination: try step.destination.map { try subject(rule, level, $0) },
          commit: try step.posting?.commit.map { try interner.makeCommit($0) }
        )
        result.groups[group, default: 0] += 1
        if let posting = step.posting, posting.kind.sign > 0 {
          result.opened[violation.id] = posting.time
        }
      }
    }
    return result
  }

  /// How a violation stands before a step; nil for one that is new.
  private func standing(
    of id: ViolationID,
    _ unwritten: [Int: ChangingRow]
  ) throws -> (number: Int, rule: Int, level: Int, isOpen: Bool, path: Int)? {
    guard let number = try violationNumber(id) else { return nil }
    if let row = unwritten[number] {
      return (number, row.rule, row.level, row.state == 0, row.path)
    }
    return try session.first(
      "SELECT rule, level, state, last_path FROM violation WHERE number = ?",
      .int(number)
    ) { (number, $0.int(0), $0.int(1), $0.int(2) == 0, $0.int(3)) }
  }

  private func subject(_ rule: Int, _ level: Int, _ path: RepoPath) throws -> Int {
    let key = SubjectKey(rule: rule, level: level, path: try interner.makePath(path))
    return try interner.makeSubject(key)
  }

  /// Writes what a step moved.
  func insert(_ flows: StepFlows, at position: LanePosition, _ lane: Int) throws {
    if flows.groups.isEmpty, flows.retitled.isEmpty { return }
    try session.run(
      "INSERT INTO flow (lane, place, groups) VALUES (?, ?, ?)",
      .int(lane),
      .int(position.index),
      .blob(flows.encoded(commit: try interner.makeCommit(position.commit)))
    )
  }
}

extension StepFlows {
  /// The stored form; commits as differences from that of the position.
  func encoded(commit: Int) -> [UInt8] {
    var writer = ByteWriter(capacity: 16 + groups.count * 8)
    writer.unsigned(UInt64(groups.count))
    var last = 0
    for (group, count) in groups.sorted(by: { $0.key < $1.key }) {
      writer.byte(group.kind.rawValue)
      writer.byte(group.basis.rawValue << 1 | (group.isExactCommit ? 1 : 0))
      writer.signed(Int64(group.subject - last))
      last = group.subject
      if group.kind == .movedOut {
        writer.signed(Int64((group.destination ?? group.subject) - group.subject))
      }
      writer.byte(group.commit == nil ? 0 : 1)
      if let own = group.commit { writer.signed(Int64(own - commit)) }
      writer.unsigned(UInt64(count))
    }
    writer.unsigned(UInt64(retitled.count))
    for item in retitled {
      writer.unsigned(UInt64(item.violation))
      writer.unsigned(UInt64(item.rule))
      writer.unsigned(UInt64(item.level))
    }
    return writer.bytes
  }
}

extension StepFlows.Group: Comparable {
  static func < (lhs: Self, rhs: Self) -> Bool { lhs.order.lexicographicallyPrecedes(rhs.order) }

  private var order: [Int] {
    [
      subject, Int(kind.rawValue), Int(basis.rawValue), isExactCommit ? 1 : 0, destination ?? 0,
      commit ?? 0,
    ]
  }
}
