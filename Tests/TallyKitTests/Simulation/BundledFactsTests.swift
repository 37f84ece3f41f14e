import Foundation
import TallyBooks
import TallyLedger
import TallyModel
import Testing

@testable import TallyKit

/// What a first pull does ahead: facts read from bundles, and books written a whole lane at a time.
///
/// Method: the simulator's scans arrive in any order in a ledger; its bundles answer what the ledger answers, and give the same steps.
@Suite("Facts of bundles")
struct BundledFactsTests {
  private func withLedger(
    seed: UInt64,
    _ body: (Ledger, (String) -> String) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("tally-ahead-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
    var random = SplitMix64(seed: seed &* 6_151)
    let simulation = LedgerSimulation(seed: seed)
    let all = Array(simulation.history.scans.indices)
    if all.isEmpty { return }
    try body(try simulation.arrive(all, at: path("whole.db"), random: &random), path)
  }

  /// Every step of every lane, and what was asked on the way, as text.
  private func told(_ reader: LedgerReader) throws -> [String] {
    var lines: [String] = []
    for lane in try reader.lanes() {
      for scan in try reader.scans(of: lane) {
        lines.append("\(scan.id) \(scan.sequence) \(scan.arrived) \(scan.record.lane)")
        for line in try reader.tree(of: scan.id).lines {
          lines.append("\(line) \(try reader.sheet(line.sheet))")
        }
        lines.append("\(try reader.commit(scan.record.commit).map(String.init(describing:)) ?? "")")
        lines.append("\(try reader.manifest(at: scan.record.commit)?.lines ?? [])")
      }
      lines.append("\(try reader.retractedScans(of: lane)) \(try reader.corrections(of: lane))")
      _ = try LanePoster.standard(facts: reader, of: lane).derive(lane: lane) { delta, _ in
        lines.append("\(delta)")
      }
    }
    return lines
  }

  @Test("the facts of bundles are those of the journal", arguments: 1..<9 as Range<UInt64>)
  func equalFacts(seed: UInt64) throws {
    try withLedger(seed: seed) { ledger, _ in
      let size = try ledger.read { try $0.size() }
      var facts = BundledFacts()
      var read: [EntryBundle] = []
      var shared = SharedPart.nothing
      // In three bundles: the later ones leave out what those before brought.
      for end in [size / 3, size * 2 / 3, size] where end > facts.size {
        let packed = try ledger.read(knownAt: end) { reader in
          try reader.bundle(
            of: Array((facts.size + 1)...end),
            after: read.last?.end ?? .empty,
            shared: shared
          )
        }
        let bundle = try EntryBundle(
          file: packed.bytes,
          source: "part",
          outside: BundleSources(read.reversed())
        )
        shared = SharedPart(entries: end, objects: 0)
        facts.add(bundle)
        read.append(bundle)
      }
      #expect(facts.size == size)
      guard facts.suffice else { return }
      #expect(try facts.read(told) == ledger.read(told))
    }
  }

  @Test("a lane written at once is the one written step by step", arguments: 1..<9 as Range<UInt64>)
  func atOnce(seed: UInt64) throws {
    try withLedger(seed: seed) { ledger, path in
      let steps = try ledger.read { reader in
        var steps: [(lane: LaneKey, deltas: [LaneDelta])] = []
        for lane in try reader.lanes() {
          var deltas: [LaneDelta] = []
          let poster = try LanePoster.standard(facts: reader, of: lane)
          _ = try poster.derive(lane: lane) { delta, _ in deltas.append(delta) }
          steps.append((lane, deltas))
        }
        return steps
      }
      func told(_ reader: LedgerReader) throws -> [String] {
        var lines = ["\(try reader.booksDigest())"]
        for step in steps {
          for violation in try reader.violations(of: step.lane) { lines.append("\(violation)") }
          for roster in try reader.rosters(of: step.lane) { lines.append("\(roster)") }
          for posting in try reader.postings(of: step.lane) { lines.append("\(posting)") }
          for move in try reader.moves(of: step.lane) { lines.append("\(move)") }
        }
        return lines
      }
      var found: [[String]] = []
      // All one by one, then all but the last two, and all but the last, at once.
      for single in [Int.max, 2, 1] {
        try FileManager.default.copyItem(atPath: path("whole.db"), toPath: path("\(single).db"))
        let copy = try Ledger.open(path("\(single).db"), mode: .readWrite)
        try copy.write { transaction in
          try transaction.resetBooks()
          for step in steps {
            let loaded = max(0, step.deltas.count - min(single, step.deltas.count))
            var loader = try LaneLoader(
              step.lane,
              positions: loaded + PositionUndo.positions,
              in: transaction
            )
            for delta in step.deltas { try loader.take(delta) }
          }
        }
        #expect(try copy.verifyBasic() == [])
        found.append(try copy.read(told))
      }
      for other in found.dropFirst() {
        #expect(other == found[0])
      }
    }
  }

  @Test("a lane that has positions is not written at once, and none is left out")
  func refused() throws {
    try withLedger(seed: 3) { ledger, _ in
      let lane = try #require(try ledger.read { try $0.postedLanes().first })
      #expect(throws: LedgerError.self) {
        try ledger.write { _ = try LaneLoader(lane, positions: 100, in: $0) }
      }
      let last = try #require(try ledger.read { try $0.positions(of: lane).last })
      #expect(throws: LedgerError.self) {
        try ledger.write { transaction in
          try transaction.resetLane(lane)
          var loader = try LaneLoader(lane, positions: 100, in: transaction)
          try loader.take(
            LaneDelta(
              position: LanePosition(
                lane: lane,
                index: 1,
                commit: last.commit,
                time: last.time,
                scans: last.scans,
                superseded: [],
                succeeded: true,
                onLine: true,
                coversAll: true
              )
            )
          )
        }
      }
    }
  }
}

/// Values that go from one thread to another.
@Suite struct ConveyorTests {
  struct Broken: Error {}

  @Test("values arrive in order, the error behind them, and again")
  func order() throws {
    let conveyor = Conveyor<Int>(limit: 10)
    let thread = Thread {
      for number in 0..<5_000 { try? conveyor.put(number, weight: number % 15) }
      conveyor.fail(Broken())
    }
    thread.start()
    for number in 0..<5_000 {
      #expect(try conveyor.take() == number)
    }
    for _ in 0..<2 {
      #expect(throws: Broken.self) { try conveyor.take() }
    }
  }

  @Test("who puts waits for room, and is let go when nobody takes any more")
  func abandoned() throws {
    let conveyor = Conveyor<Int>(limit: 3)
    let ended = DispatchSemaphore(value: 0)
    let thread = Thread {
      do {
        for number in 0..<100 { try conveyor.put(number, weight: 2) }
      } catch {
        ended.signal()
      }
    }
    thread.start()
    #expect(try conveyor.take() == 0)
    conveyor.abandon()
    #expect(ended.wait(timeout: .now() + 60) == .success)
  }
}
