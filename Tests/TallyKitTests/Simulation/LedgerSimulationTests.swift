import Foundation
import TallyBooks
import TallyLedger
import TallyModel
import Testing

@testable import TallyKit

/// Drives invented histories through a real ledger file with the real tracking.
///
/// Method: the simulator knows what was done. Each history arrives twice, in two random orders, with git absent now and then and some
/// scans twice; the state digest and the books digest have to be equal, every cause the simulator's, every statement balanced,
/// and the ledger whole. `TALLY_SIMULATIONS` says how many histories; the same under TallyBooksTests runs 1,000 in memory.
@Suite("Simulated histories in a ledger")
struct LedgerSimulationTests {
  static let count: UInt64 =
    ProcessInfo.processInfo.environment["TALLY_SIMULATIONS"].flatMap(UInt64.init) ?? 20

  @Test("one state, one set of books, the simulator's causes", arguments: 0..<4 as Range<UInt64>)
  func everything(part: UInt64) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("tally-simulation-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for seed in 1...Self.count where seed % 4 == part {
      var random = SplitMix64(seed: seed &* 104_729)
      let simulation = LedgerSimulation(seed: seed)
      let order = Array(simulation.history.scans.indices)
      if order.isEmpty { continue }
      let first = try simulation.arrive(
        order,
        at: folder.appendingPathComponent("\(seed)-a.db").path,
        random: &random
      )
      let shuffled = order.shuffled(using: &random)
      let second = try simulation.arrive(
        shuffled,
        at: folder.appendingPathComponent("\(seed)-b.db").path,
        random: &random
      )
      let (state, books) = try first.read { (try $0.stateDigest(), try $0.booksDigest()) }
      let (otherState, otherBooks) = try second.read {
        (try $0.stateDigest(), try $0.booksDigest())
      }
      try #require(state == otherState, "seed \(seed): the state after \(shuffled) differs")
      try #require(books == otherBooks, "seed \(seed): the books after \(shuffled) differ")
      let (missing, extra) = simulation.history.compare(try first.read(simulation.postings))
      try #require(
        missing.isEmpty && extra.isEmpty,
        "seed \(seed): missing \(missing), extra \(extra)"
      )
      try second.read { reader in
        let differences = try BooksComparison(reader: reader).differences()
        try #require(differences.isEmpty, "seed \(seed): \(differences)")
        try Self.checkStatements(reader, seed: seed, &random)
      }
      let wrong = try second.verifyBasic()
      try #require(wrong.isEmpty, "seed \(seed): \(wrong)")
    }
  }

  /// People say what is one and what is two, rightly or not, at any time; a ledger that hears it before the scans agrees with one that
  /// hears it behind them, and with its journal.
  @Test("with corrections one set of books too", arguments: 0..<2 as Range<UInt64>)
  func corrections(part: UInt64) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("tally-words-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for seed in 401...(400 + max(4, Self.count / 2)) where seed % 2 == part {
      var random = SplitMix64(seed: seed &* 15_485_863)
      let simulation = LedgerSimulation(seed: seed)
      let order = Array(simulation.history.scans.indices)
      if order.isEmpty { continue }
      func path(_ name: String) -> String { folder.appendingPathComponent("\(seed)-\(name)").path }
      let first = try simulation.arrive(order, at: path("a.db"), random: &random)
      let words = try first.read { try simulation.words(1 + random.below(4), $0, &random) }
      for word in words { try simulation.record(word, in: first) }
      let shuffled = order.shuffled(using: &random)
      let second = try simulation.arrive(shuffled, at: path("b.db"), words: words, random: &random)
      let digests = try [first, second].map { ledger in
        try ledger.read { (try $0.stateDigest(), try $0.booksDigest()) }
      }
      try #require(
        digests[0].0 == digests[1].0,
        "seed \(seed): the state after \(shuffled) differs"
      )
      try #require(digests[0].1 == digests[1].1, "seed \(seed): the books after \(shuffled) differ")
      for ledger in [first, second] {
        try ledger.read { reader in
          let differences = try BooksComparison(reader: reader).differences()
          try #require(differences.isEmpty, "seed \(seed): \(differences)")
          try Self.checkStatements(reader, seed: seed, &random)
        }
      }
    }
  }

  @Test("clones of depth 1 alone, in any order: no comment is a fix, and the books are the same")
  func depthOne() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("tally-simulation-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var silenced = 0
    for seed in 1...Self.count {
      var random = SplitMix64(seed: seed &* 15_485_863)
      let simulation = LedgerSimulation(seed: seed)
      let order = Array(simulation.history.scans.indices)
      if order.isEmpty { continue }
      let path = folder.appendingPathComponent("\(seed)").path
      let first = try simulation.arriveShallow(order, at: path + "-a.db")
      let shuffled = order.shuffled(using: &random)
      let second = try simulation.arriveShallow(shuffled, at: path + "-b.db")
      let books = try first.read { try $0.booksDigest() }
      let others = try second.read { try $0.booksDigest() }
      try #require(books == others, "seed \(seed): the books after \(shuffled) differ")
      let found = try first.read(simulation.postings)
      for wanted in simulation.history.expected where wanted.kind == .suppressed {
        silenced += 1
        let fixed = found.filter {
          $0.identity == wanted.identity && $0.scan == wanted.scan && $0.kind == .fixed
        }
        #expect(fixed.isEmpty, "seed \(seed): \(fixed)")
      }
    }
    #expect(silenced > 0)
  }

  /// Draws up statements between random points in every breakdown; one that does not balance throws.
  private static func checkStatements(
    _ reader: LedgerReader,
    seed: UInt64,
    _ random: inout SplitMix64
  ) throws {
    let end = Timestamp(seconds: Int64(UInt32.max))
    let view = try BooksView.load(reader, time: ResolvedTime(asOf: end, knownAt: nil))
    let campaign = try CampaignView(Campaign(id: ""), in: view)
    let times = try reader.positions(of: LedgerSimulation.lane).map(\.time)
    for name in StatementRequest.breakdowns {
      guard let key = campaign.key(name), let from = random.pick(times), let to = random.pick(times)
      else { continue }
      let statement = try campaign.statement(
        from: AccountPoint(time: min(from, to)),
        to: AccountPoint(time: max(from, to)),
        by: key
      )
      let open = try campaign.statement(
        from: nil,
        to: AccountPoint(time: max(from, to))
      ).total.closing
      try #require(statement.isBalanced, "seed \(seed), by \(name)")
      try #require(statement.total.closing == open, "seed \(seed), by \(name)")
    }
  }
}
