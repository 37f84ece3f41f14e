import Foundation
import TallyLedger
import TallyModel
import Testing

@testable import TallyKit

/// Ledgers that know parts of one history, united.
///
/// Method: the simulator's scans are dealt to two ledgers, some to both; each is posted as it comes. United either way, and once
/// more, the claims and the books are those of a ledger that got everything, and every root printed on the way can be told.
@Suite("United ledgers")
struct UnionTests {
  @Test("either way round one state and one set of books", arguments: 1..<13 as Range<UInt64>)
  func union(seed: UInt64) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("tally-union-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
    var random = SplitMix64(seed: seed &* 7_919)
    let simulation = LedgerSimulation(seed: seed)
    let all = Array(simulation.history.scans.indices)
    if all.isEmpty { return }
    let here = all.filter { _ in random.chance(60) }
    let there = all.filter { !here.contains($0) || random.chance(20) }
    let whole = try simulation.arrive(all, at: path("whole.db"), random: &random)
    _ = try simulation.arrive(here, at: path("here.db"), random: &random)
    _ = try simulation.arrive(there, at: path("there.db"), random: &random)
    for name in ["here", "there"] {
      try FileManager.default.copyItem(atPath: path("\(name).db"), toPath: path("\(name)-2.db"))
    }
    let first = try Ledger.open(path("here.db"), mode: .readWrite)
    let second = try Ledger.open(path("there-2.db"), mode: .readWrite)
    let anchors = try ["here-2", "there-2"].map { name in
      try Ledger.open(path("\(name).db"), mode: .readOnly).read { try $0.logEnd() }
    }
    func unite(_ name: String, into ledger: Ledger) throws -> Int {
      try LedgerUnion.unite(
        try Ledger.open(path("\(name).db"), mode: .readOnly),
        into: ledger,
        source: name,
        receipt: Receipt(
          arrived: Timestamp(seconds: 2_000_000_000),
          actor: "",
          runURL: nil,
          importer: "merge/1"
        )
      ).taken.appended.count
    }
    _ = try unite("there", into: first)
    _ = try unite("here-2", into: second)
    let expected = try whole.read { (try $0.stateDigest(), try $0.booksDigest()) }
    for (name, ledger) in [("there", first), ("here-2", second)] {
      let found = try ledger.read { (try $0.stateDigest(), try $0.booksDigest()) }
      #expect(found.0 == expected.0, "the claims after \(name)")
      #expect(found.1 == expected.1, "the books after \(name)")
      let size = try ledger.read { try $0.size() }
      #expect(try unite(name, into: ledger) == 0)
      #expect(try ledger.read { try $0.size() } == size, "the second time is nothing new")
      #expect(try ledger.verifyBasic() == [])
      try ledger.read { reader in
        #expect(try BooksComparison(reader: reader).differences() == [])
        let known = try reader.knownLogs()
        #expect(known.unfounded == [])
        for anchor in anchors {
          #expect(known.contains(size: anchor.size, root: anchor.root))
        }
      }
    }
  }
}
