public import TallyModel

/// Writes all positions of a lane, one after the other: what ``WriteTransaction/apply(_:)`` would write, but no row more often than needed.
///
/// A violation and the head of a roster change again and again: up to the last positions, which are the only ones that are ever taken back,
/// they are stored once, with what they are then. Nothing of the lane's books may be read before the last position was taken.
public struct LaneLoader {
  private let transaction: WriteTransaction
  private let lane: Int
  /// The first position that keeps what it replaced.
  private let lasting: Int
  private var last: Int?
  /// Violations that are not what their rows say, by number.
  private var changed: [Int: WriteTransaction.ChangingRow] = [:]
  /// Heads that are not written yet, by path.
  private var heads: [Int: WriteTransaction.HeadRow] = [:]
  /// The list of each file as it was written last.
  private var lists: [Int: [UInt8]] = [:]
  /// The number of the next violation that begins in a file, as far as it was looked up.
  private var numbers: [Int: Int] = [:]

  /// Begins a lane of so many positions.
  ///
  /// - Throws: ``LedgerError`` where it has some already.
  public init(_ lane: LaneKey, positions: Int, in transaction: WriteTransaction) throws {
    self.transaction = transaction
    self.lane = try transaction.interner.makeLane(lane)
    lasting = positions - PositionUndo.positions
    transaction.cache.sheets.grow()
    if let head = try transaction.books(of: lane).head() {
      throw LedgerError.invalid(what: "\(lane)", reason: "it has \(head.index + 1) positions")
    }
  }

  /// Takes the next position.
  ///
  /// - Throws: ``LedgerError`` where it is not the next one.
  public mutating func take(_ delta: LaneDelta) throws {
    if delta.position.index < lasting {
      try load(delta)
    } else {
      try finish()
      try transaction.apply(delta)
    }
  }

  private mutating func load(_ delta: LaneDelta) throws {
    let position = delta.position
    try transaction.check(position, follows: last)
    last = position.index
    try transaction.insert(position, lane)
    let flows = try transaction.flows(of: delta, unwritten: changed)
    let sheets = LastSheets(delta)
    for violation in delta.violations {
      var row = try transaction.row(
        of: violation,
        opened: flows.opened[violation.id],
        sheet: sheets[violation]
      )
      if let number = try transaction.violationNumber(violation.id) {
        row.opened = row.opened ?? changed[number]?.opened
        changed[number] = row
      } else {
        try insert(violation, row)
      }
    }
    try transaction.insert(flows, at: position, lane)
    for posting in delta.postings { try transaction.insert(posting, lane) }
    for removed in delta.removedRosters {
      let path = try transaction.interner.makePath(removed)
      heads[path] = nil
      try write([], path, position.index)
    }
    for roster in delta.rosters {
      let path = try transaction.interner.makePath(roster.path)
      heads[path] = try transaction.head(of: roster)
      try write(try transaction.list(of: roster), path, position.index)
    }
    try transaction.insertRest(of: delta, lane)
  }

  /// Writes what violations and heads are now.
  private mutating func finish() throws {
    for (number, row) in changed.sorted(by: { $0.key < $1.key }) {
      try transaction.update(number, row)
    }
    for (path, head) in heads.sorted(by: { $0.key < $1.key }) {
      try transaction.write(head, lane, path)
    }
    changed = [:]
    heads = [:]
  }

  private mutating func insert(_ violation: Violation, _ row: WriteTransaction.ChangingRow) throws {
    let path = try transaction.interner.makePath(violation.origin.path)
    var number = try numbers[path] ?? transaction.newNumber(in: path)
    if let next = number, next >= WriteTransaction.firstNumber(in: path + 1) { number = nil }
    try transaction.insert(violation, row, lane, number: number, path)
    if let number {
      numbers[path] = number + 1
      transaction.cache.remember(violation.id, number)
    }
  }

  private mutating func write(_ list: [UInt8], _ path: Int, _ position: Int) throws {
    if (lists[path] ?? []) == list { return }
    lists[path] = list
    try transaction.insert(list, lane, path, position)
  }
}
