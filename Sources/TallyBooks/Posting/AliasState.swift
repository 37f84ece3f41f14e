internal import TallyModel

/// Finds the ids under which a violation was shown before a scan with an earlier sighting came.
///
/// Only a violation born in a scan that came after a later position's costs anything.
struct AliasState {
  /// By position: the smallest arrival of a scan there or later.
  private var earliestFrom: [Int]
  /// The smallest arrival among the sightings so far, for violations that a later sighting may undercut.
  private var arrivals: [ViolationID: Int] = [:]

  /// Looks at the positions from one on; ids that only earlier ones gave up are not told again.
  init(candidates: ArraySlice<PositionCandidate>) {
    earliestFrom = Array(repeating: .max, count: candidates.endIndex + 1)
    for (index, candidate) in zip(candidates.indices, candidates).reversed() {
      let own = (candidate.claims.counting + candidate.claims.superseded).map(\.sequence).min()
      earliestFrom[index] = min(earliestFrom[index + 1], own ?? .max)
    }
  }

  /// Finds ids that scans of a position would have given.
  ///
  /// - Parameters:
  ///   - delta: What the position changes.
  ///   - candidate: The position.
  ///   - books: The books behind it.
  ///   - alone: The books behind the position as if one superseded scan were its only one.
  ///   - facts: What is read.
  ///   - mint: Makes ids.
  /// - Returns: The ids with the violations that answer to them.
  /// - Throws: What reading the facts and books throws.
  mutating func emit(
    after delta: LaneDelta,
    at candidate: PositionCandidate,
    books: BooksAfter,
    alone: (ScanFact) throws -> BooksAfter,
    facts: any FactReader,
    mint: any ViolationMint
  ) throws -> [(alias: ViolationID, violation: ViolationID)] {
    let counting = candidate.claims.counting
    for violation in delta.violations where violation.firstPosition == candidate.index {
      guard let origin = counting.first(where: { $0.id == violation.origin.scan }) else { continue }
      if earliestFrom[candidate.index] < origin.sequence {
        arrivals[violation.id] = origin.sequence
      }
    }
    if arrivals.isEmpty { return [] }
    var result: [(alias: ViolationID, violation: ViolationID)] = []
    // What broke off shows what it reports, too.
    let scans = counting + candidate.claims.superseded
    for scan in scans.sorted(by: { $0.sequence > $1.sequence }) {
      let waiting = arrivals.filter { $0.value > scan.sequence }.keys.sorted()
      if waiting.isEmpty { continue }
      let tree = try facts.tree(of: scan.id)
      if tree.lines.isEmpty { continue }
      // What a later scan of less does not show any more, one that it superseded showed.
      let isSuperseded = candidate.claims.superseded.contains { $0.id == scan.id }
      var other: BooksAfter?
      for id in waiting {
        var found = try sighting(of: id, in: scan, tree, books, facts)
        if found == nil, isSuperseded {
          let own = try other ?? alone(scan)
          other = own
          found = try sighting(of: id, in: scan, tree, own, facts)
        }
        guard let sighting = found else { continue }
        arrivals[id] = scan.sequence
        let alias = mint.mint(sighting)
        result.append((alias, id))
      }
    }
    // Nothing later can undercut these any more.
    let earliest = earliestFrom[candidate.index + 1]
    arrivals = arrivals.filter { $0.value > earliest }
    return result
  }

  /// The row of a scan in which a violation is seen.
  private func sighting(
    of id: ViolationID,
    in scan: ScanFact,
    _ tree: Tree,
    _ books: BooksAfter,
    _ facts: any FactReader
  ) throws -> Sighting? {
    guard let violation = try books.violation(id) else { return nil }
    let path = violation.last.path
    let sheet: SheetID
    let ordinal: Int
    if let roster = try books.roster(path), let place = roster.violations.firstIndex(of: id) {
      (sheet, ordinal) = (roster.sheet, place)
    } else if let own = try books.standing(id) {
      (sheet, ordinal) = (own.sheet, own.sighting.ordinal)
    } else {
      return nil
    }
    guard let line = tree.line(path) else { return nil }
    if line.sheet == sheet { return Sighting(scan: scan.id, path: path, ordinal: ordinal) }
    // Another scan of the position, or one that was superseded: the equal row, if it has one.
    let rows = try facts.sheet(sheet).findings
    guard ordinal < rows.count else { return nil }
    let row = rows[ordinal]
    guard let place = try facts.sheet(line.sheet).findings.firstIndex(of: row) else { return nil }
    return Sighting(scan: scan.id, path: path, ordinal: place)
  }
}
