import TallyBooks
import TallyModel
import Testing

/// One life with everything that can happen to a scan, written down by hand, arriving in every order there is.
///
/// Method: seven scans and corrections; all permutations of six of these at a time are 720 each, and each has to give the same bytes.
@Suite("Every order of a lifecycle")
struct LifecycleTests {
  /// Start, a scan of one folder, one that crashed, a fix and a rename, a revert that brings it back, a branch that was merged, and a
  /// cherry-pick that is off the line.
  private static func life() -> (world: World, scans: [String: ScanFact]) {
    var world = World()
    let src = ["src/a.py": "1", "src/b.py": "1", "lib/c.py": "1"]
    world.commit("start", time: 10, files: src)
    world.commit("part", parents: ["start"], time: 20, files: src.merging(["src/b.py": "2"]) { $1 })
    world.commit(
      "fix",
      parents: ["part"],
      time: 30,
      files: ["src/x.py": "2", "src/b.py": "2", "lib/c.py": "2"],
      renames: ["src/x.py": "src/a.py"]
    )
    world.commit(
      "revert",
      parents: ["fix"],
      time: 40,
      files: ["src/x.py": "3", "src/b.py": "2", "lib/c.py": "1"]
    )
    world.commit("side", parents: ["part"], time: 35, files: src.merging(["lib/c.py": "9"]) { $1 })
    world.commit(
      "merge",
      parents: ["revert", "side"],
      time: 50,
      files: ["src/x.py": "3", "src/b.py": "2", "lib/c.py": "9"]
    )
    world.commit("pick", parents: ["part"], time: 33, files: src.merging(["src/b.py": "7"]) { $1 })
    var scans: [String: ScanFact] = [:]
    scans["start"] = world.scan(
      "start",
      rows: ["src/a.py:1 R 1", "src/a.py:9 R 2", "src/b.py:1 R 3", "lib/c.py:1 R 4"]
    )
    scans["part"] = world.scan(
      "part",
      rows: ["src/a.py:1 R 1", "src/a.py:9 R 2", "src/b.py:4 R 5"],
      scope: ["src/**"]
    )
    scans["crash"] = world.scan("fix", rows: [], succeeded: false, tag: "crash", recorded: 1)
    scans["fix"] = world.scan(
      "fix",
      rows: ["src/x.py:1 R 1", "src/b.py:4 R 5", "lib/c.py:1 R 4"],
      recorded: 2
    )
    scans["revert"] = world.scan(
      "revert",
      rows: ["src/x.py:2 R 1", "src/x.py:10 R 2", "src/b.py:4 R 5", "lib/c.py:1 R 4"]
    )
    scans["pick"] = world.scan(
      "pick",
      rows: ["src/a.py:1 R 1", "src/a.py:9 R 2", "src/b.py:8 R 6"]
    )
    scans["merge"] = world.scan(
      "merge",
      rows: ["src/x.py:2 R 1", "src/x.py:10 R 2", "src/b.py:4 R 5", "lib/c.py:3 R 8"]
    )
    return (world, scans)
  }

  private static func word(
    _ verdict: CorrectionRecord.Verdict,
    _ first: (scan: ScanFact?, path: String, row: Int),
    _ second: (scan: ScanFact?, path: String, row: Int)
  ) throws -> CorrectionFact {
    func sighting(_ end: (scan: ScanFact?, path: String, row: Int)) throws -> Sighting {
      let scan = try #require(end.scan)
      return Sighting(scan: scan.id, path: World.path(end.path), ordinal: end.row)
    }
    return CorrectionFact(
      id: SimFactWriter.content("\(verdict) \(first.path) \(second.path)", EntryID.init),
      record: CorrectionRecord(
        verdict: verdict,
        first: try sighting(first),
        second: try sighting(second),
        reason: SimFactWriter.text("seen")
      ),
      isRetracted: false
    )
  }

  private enum Event {
    case scan(ScanFact)
    case word(CorrectionFact)
  }

  @Test("all permutations give the same bytes", arguments: 0..<4)
  func permutations(part: Int) throws {
    let (world, scans) = Self.life()
    let joined = try Self.word(
      .same,
      (scans["revert"], "lib/c.py", 0),
      (scans["merge"], "lib/c.py", 0)
    )
    let split = try Self.word(
      .different,
      (scans["start"], "src/a.py", 1),
      (scans["revert"], "src/x.py", 1)
    )
    // What stays is there from the beginning; the others come in every order.
    let choices: [(first: [String], words: [CorrectionFact])] = [
      (["start"], []), (["start", "crash"], [joined]), (["crash", "part"], [split]),
      (["pick", "merge", "crash"], [joined, split]),
    ]
    let (first, words) = choices[part]
    let rest = scans.keys.filter { !first.contains($0) }.sorted()
    let events = try rest.map { Event.scan(try #require(scans[$0])) } + words.map(Event.word)
    var facts = world.facts
    facts.correctionRecords = words.sorted { $0.id < $1.id }
    let books = try LanePoster(facts: facts, matcher: TruthMatcher(), mint: TestMint())
      .derive(lane: world.lane)
    let expected = books.canonicalText
    #expect(books.positions.map(\.onLine) == [true, true, true, false, true, true])
    var empty = world.facts
    empty.scanFacts = []
    empty.correctionRecords = []
    var start = ArrivingBooks(lane: world.lane, facts: empty, matcher: TruthMatcher())
    for name in first { try start.take(try #require(scans[name])) }
    let before = start.facts
    var count = 0
    try Self.permute(events) { order in
      count += 1
      var books = ArrivingBooks(lane: world.lane, facts: empty, matcher: TruthMatcher())
      for scan in before.scanFacts { try books.take(scan) }
      for event in order {
        switch event {
        case .scan(let scan): try books.take(scan)
        case .word(let word): try books.take(word)
        }
      }
      try #require(books.books.canonicalText == expected, "\(order)")
    }
    #expect(count == 720)
  }

  @Test("what happened is what was written down")
  func story() throws {
    let (world, scans) = Self.life()
    var facts = world.facts
    let plain = try world.books()
    #expect(
      world.story(plain)
        == [
          "0 brought forward direct 1 src/a.py", "0 brought forward direct 2 src/a.py",
          "0 brought forward direct 3 src/b.py", "0 brought forward direct 4 lib/c.py",
          "1 fixed direct 3 src/b.py !", "1 introduced direct 5 src/b.py !",
          "2 fixed direct 2 src/a.py !", "4 reopened direct 2 src/x.py !",
          "5 fixed direct 4 lib/c.py !", "5 introduced direct 8 lib/c.py !",
        ].sorted()
    )
    facts.correctionRecords = [
      try Self.word(.same, (scans["revert"], "lib/c.py", 0), (scans["merge"], "lib/c.py", 0))
    ]
    let books = try LanePoster(facts: facts, matcher: TruthMatcher(), mint: TestMint())
      .derive(lane: world.lane)
    #expect(world.story(books) == world.story(plain).filter { !$0.hasPrefix("5") })
  }

  /// Heap's algorithm.
  private static func permute(_ events: [Event], _ body: ([Event]) throws -> Void) throws {
    var events = events
    func visit(_ count: Int) throws {
      if count < 2 { return try body(events) }
      for index in 0..<count {
        try visit(count - 1)
        events.swapAt(count.isMultiple(of: 2) ? index : 0, count - 1)
      }
    }
    try visit(events.count)
  }
}
