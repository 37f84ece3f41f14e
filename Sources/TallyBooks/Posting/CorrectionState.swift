internal import TallyModel

/// The sightings that corrections name, resolved as their positions are posted.
struct CorrectionState {
  private let records: [CorrectionRecord]
  private var violations: [Sighting: ViolationID] = [:]

  init(_ records: [CorrectionRecord]) { self.records = records }

  /// What is said of rows of this position and something earlier.
  func rulings(at candidate: PositionCandidate) -> [Ruling] {
    if records.isEmpty { return [] }
    let scans = Set(candidate.claims.counting.map(\.id))
    var result: [Ruling] = []
    for record in records {
      for (earlier, later) in [(record.first, record.second), (record.second, record.first)] {
        guard scans.contains(later.scan), !scans.contains(earlier.scan),
          let violation = violations[earlier]
        else { continue }
        result.append(
          Ruling(
            verdict: record.verdict,
            violation: violation,
            path: later.path,
            ordinal: later.ordinal
          )
        )
      }
    }
    return result
  }

  /// Takes down which violations the named rows of a position are.
  mutating func resolve(at candidate: PositionCandidate, in books: BooksAfter) throws {
    if records.isEmpty { return }
    let scans = Set(candidate.claims.counting.map(\.id))
    for sighting in records.flatMap({ [$0.first, $0.second] }) where scans.contains(sighting.scan) {
      if let id = try books.violation(at: sighting.path, row: sighting.ordinal) {
        violations[sighting] = id
      }
    }
  }
}
