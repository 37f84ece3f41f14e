internal import TallyModel

/// The sightings that corrections name, resolved as their positions are posted.
struct CorrectionState {
  private let corrections: [CorrectionFact]
  private var violations: [Sighting: ViolationID] = [:]

  /// Takes up the corrections of a lane.
  ///
  /// Where not the whole lane is posted, the earlier sightings are looked up in the books before.
  ///
  /// - Parameters:
  ///   - corrections: those of the lane.
  ///   - before: the positions that are not posted again.
  ///   - books: the lane as they left it.
  ///   - facts: what is read.
  /// - Throws: What reading the books and facts throws.
  init(
    _ corrections: [CorrectionFact],
    before: ArraySlice<PositionCandidate>,
    books: any LaneHistory,
    facts: any FactReader
  ) throws {
    self.corrections = corrections
    if corrections.isEmpty { return }
    for candidate in before {
      for sighting in named(in: candidate) {
        guard let row = try candidate.row(of: sighting, facts) else { continue }
        violations[sighting] = try books.violation(at: row, position: candidate.index)
      }
    }
  }

  /// The sightings of a position's scans that a correction names, superseded scans included.
  private func named(in candidate: PositionCandidate) -> [Sighting] {
    let scans = Set((candidate.claims.counting + candidate.claims.superseded).map(\.id))
    return corrections.flatMap { [$0.record.first, $0.record.second] }
      .filter { scans.contains($0.scan) }
  }

  /// What is said of a row of this position and something earlier.
  private func words(
    at candidate: PositionCandidate
  ) -> [(correction: CorrectionFact, violation: ViolationID, later: Sighting)] {
    let here = Set(named(in: candidate))
    if here.isEmpty { return [] }
    return corrections.compactMap { correction in
      let ends = [correction.record.first, correction.record.second]
      for (earlier, later) in [(ends[0], ends[1]), (ends[1], ends[0])] {
        if here.contains(later), !here.contains(earlier), let violation = violations[earlier] {
          return (correction, violation, later)
        }
      }
      return nil
    }
  }

  /// What is said of rows of this position and something earlier: first what is the same, then what is not, which wins.
  func rulings(at candidate: PositionCandidate, _ facts: any FactReader) throws -> [Ruling] {
    var result: [Ruling] = []
    for word in words(at: candidate) where !word.correction.isRetracted {
      guard let row = try candidate.row(of: word.later, facts) else { continue }
      result.append(
        Ruling(
          entry: word.correction.id,
          verdict: word.correction.record.verdict,
          violation: word.violation,
          scan: row.scan,
          path: row.path,
          ordinal: row.ordinal
        )
      )
    }
    return result.filter { $0.verdict == .same } + result.filter { $0.verdict == .different }
  }

  /// Takes down which violations the named rows of a position are.
  ///
  /// - Returns: The ids that those rows have without a correction, or with one that was taken back, and what they are now.
  /// - Throws: What reading the books and facts throws.
  mutating func resolve(
    at candidate: PositionCandidate,
    in books: BooksAfter,
    _ facts: any FactReader,
    _ mint: any ViolationMint
  ) throws -> [(alias: ViolationID, violation: ViolationID)] {
    if corrections.isEmpty { return [] }
    let words = words(at: candidate)
    for sighting in named(in: candidate) {
      guard let row = try candidate.row(of: sighting, facts),
        let id = try books.violation(at: row, facts)
      else { continue }
      violations[sighting] = id
    }
    return words.compactMap { word in
      violations[word.later].map { (mint.mint(word.later), $0) }
    }
  }
}

extension PositionCandidate {
  /// The row of a scan that counts here which a sighting means; nil for one of another position.
  ///
  /// A sighting in a scan that another one superseded means the equal row, if there is one.
  fileprivate func row(
    of sighting: Sighting,
    _ facts: any FactReader
  ) throws -> Sighting? {
    if claims.counting.contains(where: { $0.id == sighting.scan }) { return sighting }
    guard claims.superseded.contains(where: { $0.id == sighting.scan }),
      let old = try facts.tree(of: sighting.scan).line(sighting.path)
    else { return nil }
    for scan in claims.counting {
      guard let new = try facts.tree(of: scan.id).line(sighting.path) else { continue }
      func here(_ ordinal: Int) -> Sighting {
        Sighting(scan: scan.id, path: sighting.path, ordinal: ordinal)
      }
      if new.sheet == old.sheet { return here(sighting.ordinal) }
      let rows = try facts.sheet(old.sheet).findings
      guard rows.indices.contains(sighting.ordinal) else { return nil }
      let row = rows[sighting.ordinal]
      return try facts.sheet(new.sheet).findings.firstIndex(of: row).map(here)
    }
    return nil
  }
}
