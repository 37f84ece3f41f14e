import TallyBooks
import TallyLedger
import TallyModel
import TallyReport

/// When commits were made, as far as their clocks can be believed.
///
/// Nobody can record a commit before it was made: one that says so was made by a clock that is ahead. It counts from when the journal got
/// to know it, and the commits behind it from their own times. The order of the books is not touched by that, only what a date means.
struct CommitClocks {
  /// The times of the commits whose own is later than their arrival.
  let times: [CommitID: Timestamp]
  /// What those commits say.
  private let claims: [CommitID: Timestamp]
  private let facts: AlteredFacts

  /// Looks for such commits.
  init(_ reader: LedgerReader) throws {
    var times: [CommitID: Timestamp] = [:]
    var claims: [CommitID: Timestamp] = [:]
    for found in try reader.commitsAhead() {
      claims[found.commit] = found.claimed
      times[found.commit] = found.arrived
    }
    self.times = times
    self.claims = claims
    facts = AlteredFacts(facts: reader, times: times)
  }

  /// What is known of a commit, with the time that counts.
  func commit(_ id: CommitID) throws -> CommitRecord? { try facts.commit(id) }

  /// The tests of a lane in the order of their commits.
  func tests(of lane: LaneKey) throws -> TestHistory {
    let runs = try facts.facts.testRuns(of: lane).map { run in
      TallyBooks.TestRunFact(
        id: run.id,
        record: run.record.started(by: run.arrived),
        recordings: run.recordings
      )
    }
    return try TestHistory(lane: lane, runs: runs, facts: facts)
  }

  /// What was measured in a project.
  func measurements(project: String) throws -> [MeasurementSeries] {
    let records = try facts.facts.measurements(project: project).map(\.record)
    return try MeasurementSeries.collect(records, facts: facts)
  }

  // MARK: Positions

  /// The times of the positions of a lane that have others than the books say, by place; nothing where all clocks are right.
  func times(of positions: [LanePosition]) throws -> [Int: Timestamp] {
    if times.isEmpty { return [:] }
    let wrong = Set(times.keys.compactMap { claims[$0] })
    if !positions.contains(where: { wrong.contains($0.time) }) { return [:] }
    var result: [Int: Timestamp] = [:]
    var latest = Timestamp(seconds: .min)
    for position in positions {
      latest = max(latest, try time(of: position))
      if latest != position.time { result[position.index] = latest }
    }
    return result
  }

  /// The time that a position has by itself: see ``LaneOrder``.
  private func time(of position: LanePosition) throws -> Timestamp {
    if let record = try facts.commit(position.commit) {
      return try record.parents.reduce(record.committed) { latest, parent in
        max(latest, try facts.commit(parent)?.committed ?? latest)
      }
    }
    let ends = try (position.scans + position.superseded).compactMap { id -> Timestamp? in
      guard let scan = try facts.facts.scan(id), let ended = scan.record.ended else { return nil }
      return min(ended, scan.arrived)
    }
    return ends.min() ?? Timestamp(seconds: 0)
  }

  /// One sentence on the commits of some positions that say that they were made after a time; nil where none does.
  func warning(of positions: [LanePosition], after end: Timestamp) throws -> String? {
    if claims.isEmpty { return nil }
    var found: [CommitID: LanePosition] = [:]
    for position in positions {
      if let claim = claims[position.commit], claim > end { found[position.commit] = position }
    }
    let sorted = found.values.sorted { ($0.time, $0.commit) < ($1.time, $1.commit) }
    guard let first = sorted.first, let claim = claims[first.commit] else { return nil }
    let time = "it counts from \(first.time.iso8601), when it was recorded"
    if sorted.count == 1 {
      return "commit \(first.commit.short) says that it was made on \(claim.iso8601), after it was "
        + "recorded: the clock that made it is ahead; \(time)"
    }
    return "\(Wording.grouped(sorted.count)) commits say that they were made after they were "
      + "recorded: a clock is ahead; the first is \(first.commit.short), of \(claim.iso8601), and "
      + time
  }
}

extension TestRunRecord {
  /// The same run, begun no later than it was recorded.
  fileprivate func started(by arrived: Timestamp) -> TestRunRecord {
    guard let started, started > arrived else { return self }
    return TestRunRecord(
      lane: lane,
      commit: commit,
      rawDigest: rawDigest,
      rawLength: rawLength,
      sequence: sequence,
      started: arrived,
      durationMilliseconds: durationMilliseconds,
      succeeded: succeeded,
      cases: cases,
      skipped: skipped
    )
  }
}
