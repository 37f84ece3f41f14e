public import TallyModel

/// The balanced account between two points: opening + everything in - everything out = closing, to the row.
///
/// Gross: a violation that was introduced and fixed in between counts in both columns. What is suppressed or waived is not in the balance.
/// Every number lists its violations. Creating one checks the balance of every row; there is no unbalanced statement.
public struct Statement: Sendable {
  /// One violation in one cell.
  public struct Item: Sendable, Hashable {
    /// The violation.
    public let violation: ViolationID
    /// The lane it lives in.
    public let lane: LaneKey
    /// How the cause is known.
    public let basis: Basis
    /// Its file: before for what leaves, after for what enters.
    public let path: RepoPath
    /// The posting; nil for what only changed its row.
    public let posting: Posting?
  }

  /// One row: a key of the breakdown, or the total.
  public struct Row: Sendable, Hashable {
    /// The key; empty for the total.
    public let key: String
    /// Open at the start, sorted.
    public internal(set) var opening: [ViolationID] = []
    /// Open at the end, sorted.
    public internal(set) var closing: [ViolationID] = []
    /// What moved, by kind; each sorted by violation, then in the order in which it happened.
    public internal(set) var items: [PostingKind: [Item]] = [:]

    init(key: String) { self.key = key }

    /// How many postings of a kind there are.
    public func count(_ kind: PostingKind) -> Int { items[kind]?.count ?? 0 }

    /// How many postings of a kind there are for each basis; none that is zero, in the order of ``Basis``.
    public func bases(_ kind: PostingKind) -> [(basis: Basis, count: Int)] {
      let all = items[kind] ?? []
      return Basis.allCases.compactMap { basis in
        let count = all.count { $0.basis == basis }
        return count == 0 ? nil : (basis, count)
      }
    }

    /// The violations of a cell, sorted; one that was counted twice comes twice.
    public func violations(_ kind: PostingKind) -> [ViolationID] {
      (items[kind] ?? []).map(\.violation)
    }

    /// Everything that entered.
    public var totalIn: Int { items.reduce(0) { $0 + ($1.key.sign > 0 ? $1.value.count : 0) } }

    /// Everything that left.
    public var totalOut: Int { items.reduce(0) { $0 + ($1.key.sign < 0 ? $1.value.count : 0) } }

    /// Says whether the row adds up, violation by violation.
    public var isBalanced: Bool {
      var counts: [ViolationID: Int] = [:]
      for violation in opening { counts[violation, default: 0] += 1 }
      for (kind, cell) in items {
        for item in cell { counts[item.violation, default: 0] += kind.sign }
      }
      for violation in closing { counts[violation, default: 0] -= 1 }
      return counts.values.allSatisfy { $0 == 0 }
        && opening.count + totalIn - totalOut == closing.count
    }
  }

  /// The row that a violation belongs to, by its path and time; nil where it is not part of the account.
  public typealias Key = (ViolationAccount, RepoPath, Timestamp) throws -> String?

  /// The earlier point; nil for the beginning of the books.
  public let from: AccountPoint?
  /// The later point.
  public let to: AccountPoint
  /// The rows of the breakdown, sorted bytewise by key; none that is all zero.
  public let rows: [Row]
  /// All rows together: what only went from one row to another is not in it.
  public let total: Row

  /// The kinds that occur in any row, in the order of their numbers: the columns to print.
  public var kinds: [PostingKind] {
    PostingKind.allCases.filter { kind in
      total.count(kind) > 0 || rows.contains { $0.count(kind) > 0 }
    }
  }

  /// True when every row and the total add up; a statement that does not cannot be created.
  public var isBalanced: Bool { total.isBalanced && rows.allSatisfy(\.isBalanced) }

  /// Makes the account.
  ///
  /// - Parameters:
  ///   - accounts: every violation, each once.
  ///   - from: what counts as opening; nil for nothing.
  ///   - to: the end. With `from` nil the statement is the balance as of this point.
  ///   - key: the breakdown; see ``Breakdown``.
  /// - Throws: ``StatementError`` when the postings do not balance, and what `key` throws.
  public init(
    accounts: [ViolationAccount],
    from: AccountPoint?,
    to: AccountPoint,
    by key: Key = Breakdown.none
  ) throws {
    self.from = from
    self.to = to
    var rows: [String: Row] = [:]
    var total: [String: Row] = [:]
    for account in accounts {
      try Statement.post(account, from, to, key, into: &rows)
      try Statement.post(
        account,
        from,
        to,
        { try key($0, $1, $2) == nil ? nil : "" },
        into: &total
      )
    }
    self.rows = rows.values.map(Statement.sorted).sorted {
      $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
    }
    self.total = Statement.sorted(total[""] ?? Row(key: ""))
    for row in self.rows + [self.total] where !row.isBalanced {
      throw StatementError.unbalanced(
        row: row.key,
        opening: row.opening.count,
        entered: row.totalIn,
        left: row.totalOut,
        closing: row.closing.count
      )
    }
  }

  private static func sorted(_ row: Row) -> Row {
    var row = row
    row.opening.sort()
    row.closing.sort()
    for (kind, cell) in row.items {
      // Stable: what happened to one violation stays in the order in which it happened.
      row.items[kind] = cell.enumerated().sorted {
        ($0.element.violation, $0.offset) < ($1.element.violation, $1.offset)
      }.map(\.element)
    }
    return row
  }

  // MARK: One violation

  private static func post(
    _ account: ViolationAccount,
    _ from: AccountPoint?,
    _ to: AccountPoint,
    _ key: Key,
    into rows: inout [String: Row]
  ) throws {
    var walk = Walk(account: account, rows: rows)
    rows = [:]
    defer { rows = walk.rows }
    var isOpened = from == nil
    for event in account.events {
      if !account.isIncluded(event, to) { continue }
      if let from, !account.isIncluded(event, from) {
        if !isOpened { try walk.begin(at: from, key) }
        isOpened = true
      }
      try walk.take(event, counts: isOpened, key)
    }
    if let from, !isOpened { try walk.begin(at: from, key) }
    try walk.end(at: to, key)
  }
}

/// Goes through the events of one violation and books each in its row.
private struct Walk {
  let account: ViolationAccount
  var rows: [String: Statement.Row]
  private var isOpen = false
  private var row: String?
  private var path: RepoPath

  init(account: ViolationAccount, rows: [String: Statement.Row]) {
    self.account = account
    self.rows = rows
    path = account.postings.first?.path ?? RepoPath(normalized: "")
  }

  mutating func begin(at point: AccountPoint, _ key: Statement.Key) throws {
    row = isOpen ? try key(account, path, point.time) : nil
    if let row { rows[row, default: Statement.Row(key: row)].opening.append(account.violation) }
  }

  mutating func take(
    _ event: ViolationAccount.Event,
    counts: Bool,
    _ key: Statement.Key
  ) throws {
    switch event {
    case .move(let move):
      if counts, isOpen {
        try change(to: key(account, path, move.time), .redefinedOut, .redefinedIn, path)
        let old = path
        path = move.path
        try change(to: key(account, path, move.time), .movedOut, .movedIn, old)
      }
      path = move.path
    case .posting(let posting):
      let enters = posting.kind.sign > 0
      if enters == isOpen {
        throw StatementError.impossible(violation: account.violation, kind: posting.kind)
      }
      if counts {
        let target = try key(account, posting.path, posting.time)
        if isOpen {
          let here = try key(account, path, posting.time)
          try change(to: here, .redefinedOut, .redefinedIn, path)
          try change(to: target, .movedOut, .movedIn, path)
        }
        if let target { book(posting.kind, posting.basis, posting.path, posting, in: target) }
        row = enters ? target : nil
      }
      isOpen = enters
      path = posting.path
    }
  }

  /// Closes the account; what the definition changed in the meantime is booked here.
  mutating func end(at point: AccountPoint, _ key: Statement.Key) throws {
    if isOpen {
      try change(to: key(account, path, point.time), .redefinedOut, .redefinedIn, path)
    }
    // Asked again and not carried over, so that a mistake above does not balance itself.
    let state = account.state(at: point)
    let closing =
      state == .open ? try key(account, account.path(at: point), point.time) : nil
    if let closing {
      rows[closing, default: Statement.Row(key: closing)].closing.append(account.violation)
    }
  }

  private mutating func change(
    to target: String?,
    _ out: PostingKind,
    _ into: PostingKind,
    _ oldPath: RepoPath
  ) throws {
    if target == row { return }
    if let row { book(out, .direct, oldPath, nil, in: row) }
    if let target { book(into, .direct, path, nil, in: target) }
    row = target
  }

  private mutating func book(
    _ kind: PostingKind,
    _ basis: Basis,
    _ path: RepoPath,
    _ posting: Posting?,
    in row: String
  ) {
    let item = Statement.Item(
      violation: account.violation,
      lane: account.lane,
      basis: basis,
      path: path,
      posting: posting
    )
    rows[row, default: Statement.Row(key: row)].items[kind, default: []].append(item)
  }
}

/// Why a statement cannot be made: the books are damaged.
public enum StatementError: UserFacingError, Equatable {
  /// A row does not add up.
  case unbalanced(row: String, opening: Int, entered: Int, left: Int, closing: Int)
  /// A violation enters the balance twice, or leaves it without being in it.
  case impossible(violation: ViolationID, kind: PostingKind)

  /// The code for scripts.
  public var code: String {
    switch self {
    case .unbalanced: "books.unbalanced"
    case .impossible: "books.impossible-posting"
    }
  }

  /// What is wrong, in one sentence.
  public var description: String {
    switch self {
    case .unbalanced(let row, let opening, let entered, let left, let closing):
      "the statement does not balance in \(row.isEmpty ? "the total" : "row '\(row)'"): "
        + "\(opening) + \(entered) - \(left) is not \(closing)"
    case .impossible(let violation, let kind):
      "\(violation.short()) is posted as \(kind.name), which its state does not allow"
    }
  }

  /// What to do about it.
  public var hint: String? { "run 'tally rebuild' to derive the books from the journal again" }
}
