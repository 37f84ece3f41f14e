import Foundation
import TallyBooks
import TallyLedger
import TallyModel

/// Reads the bundles of a log, and derives the books of what they hold, on a thread of its own, while both are written.
///
/// For a ledger that is empty. What is derived is what the journal would give: the same facts through the same code, only earlier.
final class PullAhead: Sendable {
  /// Logs with larger files are read one bundle after the other: everything is kept here until it is written.
  static let mostFileBytes = 16 << 20
  /// So many rows of books may wait to be written.
  private static let mostRows = 400_000

  private enum Step: Sendable {
    case bundle(EntryBundle)
    /// Every bundle was read; the lanes whose books follow, nil where none do.
    case lanes([LaneKey]?)
    case lane(positions: Int)
    case delta(LaneDelta)
  }

  private let conveyor = Conveyor<Step>(limit: mostRows)

  /// Begins to read.
  init(_ parts: [SharedLog.Part], _ files: [Data], of shared: SharedLedger) {
    let conveyor = conveyor
    let thread = Thread {
      do {
        try Self.run(parts, files, shared, conveyor)
      } catch {
        conveyor.fail(error)
      }
    }
    thread.name = "pull"
    thread.stackSize = 8 << 20
    thread.start()
  }

  private static func run(
    _ parts: [SharedLog.Part],
    _ files: [Data],
    _ shared: SharedLedger,
    _ conveyor: Conveyor<Step>
  ) throws {
    var facts = BundledFacts()
    var read: [EntryBundle] = []
    for (part, file) in zip(parts, files) {
      let bundle = try shared.bundle(
        part,
        file,
        outside: BundleSources(read.reversed()),
        after: read.last?.end
      )
      facts.add(bundle)
      read.append(bundle)
      try conveyor.put(.bundle(bundle))
    }
    read = []
    guard facts.suffice else { return try conveyor.put(.lanes(nil)) }
    try facts.read { reader in
      let lanes = try reader.lanes()
      try conveyor.put(.lanes(lanes))
      for lane in lanes {
        let plan = try DerivationPlan(lane: lane, facts: reader)
        try conveyor.put(.lane(positions: plan.candidates.count))
        _ = try LanePoster.standard(facts: reader, of: lane).derive(plan) { delta, _ in
          try conveyor.put(.delta(delta), weight: delta.rows)
        }
      }
    }
  }

  /// The next bundle.
  ///
  /// - Throws: What reading it throws.
  func bundle() throws -> EntryBundle {
    guard case .bundle(let bundle) = try conveyor.take() else { throw Conveyor<Step>.Abandoned() }
    return bundle
  }

  /// The lanes whose books follow, once all bundles were taken; nil where they have to be made from the journal.
  func lanes() throws -> [LaneKey]? {
    guard case .lanes(let lanes) = try conveyor.take() else { throw Conveyor<Step>.Abandoned() }
    return lanes
  }

  /// Writes the books of the next lane.
  func load(_ lane: LaneKey, into transaction: WriteTransaction) throws {
    guard case .lane(let positions) = try conveyor.take() else {
      throw Conveyor<Step>.Abandoned()
    }
    var loader = try LaneLoader(lane, positions: positions, in: transaction)
    for _ in 0..<positions {
      guard case .delta(let delta) = try conveyor.take() else {
        throw Conveyor<Step>.Abandoned()
      }
      try loader.take(delta)
    }
  }

  /// Stops; what was not taken is dropped.
  func stop() { conveyor.abandon() }
}

extension LaneDelta {
  /// About how many rows of books it changes, and one for the position.
  fileprivate var rows: Int {
    1 + violations.count + postings.count + moves.count
      + rosters.reduce(0) { $0 + 1 + $1.violations.count }
  }
}
