import TallyBooks
import TallyModel
import Testing

/// Drives invented histories through the books and compares every posting with what the simulator did.
@Suite("Simulated histories")
struct SimulatorTests {
  static let lane = LaneKey(project: "sim", tool: "ruff", category: "", branch: "main")

  /// Causes, bases, paths and exact commits are the simulator's.
  @Test("causes are the simulator's")
  func causes() throws {
    for seed in UInt64(1)...300 {
      let history = SimHistory(seed: seed)
      var writer = SimFactWriter(lane: Self.lane)
      writer.write(history.commits)
      for scan in history.scans {
        writer.write(scan, of: history.commits, sequence: scan.index + 1)
      }
      let poster = LanePoster(facts: writer.facts, matcher: TruthMatcher(), mint: TestMint())
      let books = try poster.derive(lane: Self.lane)
      let found = try SimComparison.postings(books, writer.facts, history)
      let wanted = history.expected
      if found != wanted {
        let missing = Set(wanted).subtracting(found).sorted()
        let extra = Set(found).subtracting(wanted).sorted()
        Issue.record("seed \(seed): missing \(missing), extra \(extra)")
        return
      }
    }
  }
}

/// Reads books back in the simulator's terms.
enum SimComparison {
  static func postings(
    _ books: InMemoryBooks,
    _ facts: MemoryFacts,
    _ history: SimHistory
  ) throws -> [SimPosting] {
    let commits = Dictionary(
      history.commits.enumerated().map { ($0.element.id, $0.offset) },
      uniquingKeysWith: { first, _ in first }
    )
    return books.postings.map { posting in
      let origin = books.violations[posting.violation]?.origin
      let sheet = origin.flatMap { origin in
        facts.tree(of: origin.scan).lines.first { $0.path == origin.path }
      }.map { facts.sheet($0.sheet) }
      let row = origin.flatMap { sheet?.findings[$0.ordinal] }
      let position = posting.position.map { books.positions[$0] }
      return SimPosting(
        identity: row?.snippet.map(Int.init) ?? -1,
        scan: position.flatMap { commits[$0.commit] } ?? -1,
        kind: posting.kind,
        basis: posting.basis,
        path: posting.path.text,
        exactCommit: posting.isExactCommit ? posting.commit : nil
      )
    }.sorted()
  }
}
