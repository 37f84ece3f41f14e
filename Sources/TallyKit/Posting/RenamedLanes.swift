import TallyBooks
import TallyLedger
import TallyModel

/// Knows under which ids violations were shown before lanes were renamed, from the facts alone.
///
/// A violation's id comes from its earliest sighting. Where a lane with scans of its own takes those of another, an earlier sighting may
/// be found, and with it another id; the old one has to be answered to.
struct RenamedLanes {
  let reader: LedgerReader

  /// The first sightings of the violations of a lane and of those that were renamed to it, each alone, with their ids; sorted by id.
  ///
  /// Empty where at most one of them has scans: nothing changes its id then.
  func shown(in lane: LaneKey) throws -> [(sighting: Sighting, id: ViolationID)] {
    let renamed = try reader.renamedLanes().filter { $0.to == lane }.map(\.from)
    if renamed.isEmpty { return [] }
    let parts = try (renamed + [lane]).map { try reader.scans(recordedIn: $0) }
      .filter { !$0.isEmpty }
    if parts.count < 2 { return [] }
    var result: [(sighting: Sighting, id: ViolationID)] = []
    for scans in parts {
      let facts = AlteredFacts(facts: reader, own: scans)
      let books = try LanePoster.standard(facts: facts, of: lane, in: reader).derive(lane: lane)
      for violation in books.violations.values {
        result.append((violation.origin, violation.id))
      }
    }
    return result.sorted { $0.id < $1.id }
  }
}
