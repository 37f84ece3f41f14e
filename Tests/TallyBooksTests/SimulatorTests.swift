import TallyBooks
import TallyModel
import Testing

/// Drives invented histories through the books and compares everything with what the simulator did.
///
/// Method: truth comes from the names of lines and planted identities, which no part of TallyBooks sees; identity is decided by a matcher
/// that knows it, because tracking has its own tests (TallyKit runs the same histories with the real matcher and a real ledger).
@Suite("Simulated histories")
struct SimulatorTests {
  /// Causes, bases, paths and exact commits are the simulator's, in every arrival order, and the books are the same bytes.
  @Test("1,000 histories: causes, one digest, balanced statements", arguments: 0..<4)
  func everything(quarter: UInt64) throws {
    for seed in (quarter * 250 + 1)...(quarter * 250 + 250) {
      var random = SplitMix64(seed: seed &* 7919)
      let run = SimRun(history: SimHistory(seed: seed))
      let books = try run.derive(run.inOrder)
      let isTrue = run.postings(books) == run.history.expected
      try #require(isTrue, "\(run.difference(books))")
      try run.checkUnseen(books)
      let wrong = run.history.wronglyGone
      try #require(wrong.isEmpty, "seed \(seed): \(wrong)")
      let text = books.fullText
      if seed % 4 == 0 {
        let appended = try run.arrive(run.order, &random).fullText
        try #require(appended == text, "seed \(seed): in order")
      }
      let order = run.order.shuffled(using: &random)
      try #require(
        try run.arrive(order, &random).fullText == text,
        "seed \(seed): arrival \(order)"
      )
      try run.checkStatements(books, &random)
      if seed % 2 == 0 { try run.checkWaivers(books, &random) }
    }
  }

  /// Corrections, right ones and wrong ones, come at any time, also before the scans that they name.
  @Test("with corrections: one set of books in every order, and they balance", arguments: 0..<4)
  func corrections(quarter: UInt64) throws {
    var count = 0
    for seed in (quarter * 60 + 3_001)...(quarter * 60 + 3_060) {
      var random = SplitMix64(seed: seed &* 6271)
      let run = SimRun(history: SimHistory(seed: seed))
      let words = run.words(1 + random.below(5), &random)
      var facts = run.inOrder
      let plain = try run.derive(facts).fullText
      facts.correctionRecords = words
      let books = try run.derive(facts)
      let text = books.fullText
      if text != plain { count += 1 }
      for _ in 0..<3 {
        let order = run.order.shuffled(using: &random)
        try #require(
          try run.arrive(order, &random, words: words).fullText == text,
          "seed \(seed): arrival \(order)"
        )
      }
      // Every account opens and closes in turn, or this throws.
      let accounts = ViolationAccount.collect(
        postings: books.postings,
        moves: books.moves.map { (books.positions[$0.position].time, $0) }
      )
      guard let end = books.positions.last?.time else { continue }
      let statement = try Statement(accounts: accounts, from: nil, to: AccountPoint(time: end))
      let open = books.violations.values.filter { $0.state == .open }.map(\.id).sorted()
      try #require(statement.total.closing == open, "seed \(seed)")
    }
    #expect(count > 20)
  }

  /// Whatever id was shown after any arrival leads to the same violation when all scans are there.
  @Test("a violation answers for ever to every id it was shown under")
  func aliases() throws {
    var count = 0
    for seed in UInt64(2_001)...2_040 {
      var random = SplitMix64(seed: seed)
      let run = SimRun(history: SimHistory(seed: seed))
      let order = run.order.shuffled(using: &random)
      var shown: [ViolationID: Int] = [:]
      for count in 1...max(1, order.count) {
        let facts = run.facts(Array(order.prefix(count)))
        let books = try run.derive(facts)
        for id in books.violations.keys { shown[id] = run.identity(id, books, facts) }
      }
      let facts = run.facts(order)
      let books = try run.derive(facts)
      for (id, identity) in shown {
        let target = books.aliases[id] ?? id
        if target != id { count += 1 }
        try #require(
          books.violations[target] != nil && run.identity(target, books, facts) == identity,
          "seed \(seed): \(id) of \(identity) is lost; arrival \(order)"
        )
      }
    }
    #expect(count > 50)
  }
}
