internal import TallyModel

/// Moves books from one matcher to another behind a position: the rows stay, what they are held for changes.
///
/// What only the matcher before knew leaves as *rematched out*, what only the other knows enters as *rematched in*. What was posted
/// before stays as it was.
struct Rematching {
  let change: MatcherChange
  /// The lane up to the position as the other matcher has it from the start.
  let other: InMemoryBooks

  /// Changes what a position leaves behind.
  ///
  /// - Parameters:
  ///   - delta: the position, as the matcher before posted it.
  ///   - books: the lane before it.
  /// - Returns: What left, with what the same row is held for now.
  /// - Throws: What reading the books throws.
  func apply(
    to delta: inout LaneDelta,
    before books: any LaneBooks
  ) throws -> [(alias: ViolationID, violation: ViolationID)] {
    let after = BooksAfter(books: books, delta: delta)
    var paths = Set(try books.rosterPaths()).subtracting(delta.removedRosters)
    paths.formUnion(delta.rosters.map(\.path))
    var rosters = Dictionary(delta.rosters.map { ($0.path, $0) }, uniquingKeysWith: { $1 })
    var pairs: [(old: ViolationID, new: ViolationID, path: RepoPath)] = []
    for path in paths.sorted() {
      guard let old = try after.roster(path), let new = other.roster(path), old.sheet == new.sheet,
        old.violations.count == new.violations.count
      else { continue }
      let differing = zip(old.violations, new.violations).filter { $0 != $1 }
      if differing.isEmpty { continue }
      rosters[path] = new
      pairs += differing.map { ($0, $1, path) }
    }
    if pairs.isEmpty { return [] }
    var violations = Dictionary(delta.violations.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    var postings = delta.postings
    var moves = delta.moves
    let entering = Set(pairs.map(\.new))
    for pair in pairs where !entering.contains(pair.old) {
      guard var violation = try after.violation(pair.old) else { continue }
      if violation.state == .open {
        // What leaves at a position leaves from where it was before.
        let move = moves.first { $0.violation == pair.old && $0.from != $0.to }
        moves.removeAll { $0.violation == pair.old && $0.from != $0.to }
        let path = move?.from ?? pair.path
        postings.append(posting(.rematchedOut, pair.old, path, at: delta.position))
      }
      violation.state = .closed
      violations[pair.old] = violation
    }
    // A violation that stays may have another row now, even in another file.
    for pair in pairs {
      guard let violation = other.violation(pair.new) else { continue }
      let before = try after.violation(pair.new)
      let wasOpen = before?.state == .open
      let isOpen = violation.state == .open
      violations[pair.new] = violation
      if wasOpen != isOpen {
        let kind: PostingKind = isOpen ? .rematchedIn : .rematchedOut
        postings.append(posting(kind, pair.new, pair.path, at: delta.position))
        continue
      }
      let known = moves.first { $0.violation == pair.new && $0.from != $0.to }
      let last = before?.last.path
      if !isOpen || (known?.to ?? last) == pair.path { continue }
      moves.removeAll { $0.violation == pair.new && $0.from != $0.to }
      let from = known?.from ?? last ?? pair.path
      if from == pair.path { continue }
      moves.append(
        ViolationMove(
          violation: pair.new,
          position: delta.position.index,
          from: from,
          to: pair.path,
          evidence: .correction,
          isAmbiguous: false
        )
      )
    }
    delta.moves = moves.sorted { ($0.violation, $0.to) < ($1.violation, $1.to) }
    delta.rosters = rosters.values.sorted { $0.path < $1.path }
    delta.violations = violations.values.sorted { $0.id < $1.id }
    delta.postings = postings.sorted {
      ($0.violation, $0.kind.order) < ($1.violation, $1.kind.order)
    }
    return pairs.filter { !entering.contains($0.old) }.map { ($0.old, $0.new) }
  }

  private func posting(
    _ kind: PostingKind,
    _ id: ViolationID,
    _ path: RepoPath,
    at position: LanePosition
  ) -> Posting {
    Posting(
      violation: id,
      time: position.time,
      position: position.index,
      lane: position.lane,
      kind: kind,
      basis: .declared,
      path: path,
      commit: position.commit,
      isExactCommit: false,
      link: nil,
      source: change.entry
    )
  }
}
