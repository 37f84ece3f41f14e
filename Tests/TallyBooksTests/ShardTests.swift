import TallyBooks
import TallyModel
import Testing

/// Several scans of one commit: parts of one run, tries, later runs, and what broke off.
@Suite("Several scans of one commit")
struct ShardTests {
  private func pair(_ before: [String: String], _ after: [String: String]) -> World {
    var world = World()
    world.commit("one", time: 10, files: before)
    world.commit("two", parents: ["one"], time: 20, files: after)
    world.map("1", "2", hunks: [LineHunk(oldStart: 1, oldCount: 2, newStart: 1, newCount: 2)])
    return world
  }

  private func run(_ number: Int = 1, attempt: Int = 1) -> CIRun {
    CIRun(series: "ci", id: "\(number)", order: number, attempt: attempt)
  }

  private func movements(_ world: World, _ books: InMemoryBooks) -> [String] {
    world.story(books).filter { !$0.contains("brought forward") }
  }

  /// Lets the scans arrive in every rotation and its reverse; each gives the books that are derived.
  private func checkOrders(_ world: World) throws -> InMemoryBooks {
    let expected = try world.books()
    let scans = world.facts.scanFacts
    for turn in scans.indices {
      let turned = Array(scans[turn...] + scans[..<turn])
      for order in [turned, turned.reversed()] {
        var empty = world.facts
        empty.scanFacts = []
        var books = ArrivingBooks(lane: world.lane, facts: empty, matcher: TruthMatcher())
        for scan in order { try books.take(scan) }
        #expect(books.books.fullText == expected.fullText, "\(order.map(\.sequence))")
      }
    }
    return expected
  }

  @Test("a failed scan that reports a part of a file opens that part and leaves the rest open")
  func failedPart() throws {
    var world = pair(["a.py": "1", "b.py": "1"], ["a.py": "2", "b.py": "1"])
    world.commit("three", parents: ["two"], time: 30, files: ["a.py": "3", "b.py": "1"])
    world.scan("one", rows: ["a.py:1 R 1", "a.py:5 S 2", "b.py:1 R 3"])
    world.scan("two", rows: ["a.py:2 T 4", "a.py:5 S 2"], succeeded: false)
    let books = try checkOrders(world)
    #expect(movements(world, books) == ["1 introduced direct 4 a.py !"])
    #expect(world.open(books) == [1, 2, 3, 4])
    #expect(world.standing(books, .notCovered) == [1])
    #expect(world.unseen(books).isEmpty)
    world.scan("three", rows: ["a.py:5 S 2", "b.py:1 R 3"])
    let after = try checkOrders(world)
    #expect(
      movements(world, after) == [
        "1 introduced direct 4 a.py !", "2 fixed direct 1 a.py", "2 fixed direct 4 a.py !",
      ]
    )
    #expect(after.standing().isEmpty)
  }

  @Test("two shards report one file: equal rows once, other rows both, the same ids in any order")
  func sharedFile() throws {
    var world = pair(["a.py": "1", "b.py": "1"], ["a.py": "1", "b.py": "2"])
    world.scan("one", rows: ["a.py:1 R 1", "a.py:2 R 2"], recorded: 10, run: run())
    world.scan("one", rows: ["a.py:2 R 2", "a.py:3 R 3", "b.py:1 S 4"], recorded: 11, run: run())
    let books = try checkOrders(world)
    #expect(
      world.story(books) == [
        "0 brought forward direct 1 a.py", "0 brought forward direct 2 a.py",
        "0 brought forward direct 3 a.py", "0 brought forward direct 4 b.py",
      ]
    )
    #expect(books.violations.count == 4)
    for first in world.facts.scanFacts {
      // Whatever was shown while only one shard was there is answered to.
      var alone = world
      alone.facts.scanFacts = [first]
      let shown = try alone.books()
      for id in shown.violations.keys {
        let identity = world.identity(books.aliases[id] ?? id, books)
        #expect(identity == alone.identity(id, shown), "\(first.id)")
      }
    }
    // One scan that reports all of it goes on with the same violations.
    world.scan("two", rows: ["a.py:1 R 1", "a.py:2 R 2", "a.py:3 R 3", "b.py:8 S 4"])
    let after = try checkOrders(world)
    #expect(movements(world, after).isEmpty && after.violations.count == 4)
    #expect(after.standing().isEmpty)
  }

  @Test("an error notice with a rule leaves that rule uncovered, and no other")
  func ruleNotice() throws {
    var world = pair(["a.py": "1", "b.py": "1"], ["a.py": "2", "b.py": "1"])
    world.scan("one", rows: ["a.py:1 R 1", "a.py:2 S 2", "b.py:1 R 3", "b.py:2 S 4"])
    let notice = ScanNotice(
      level: .error,
      path: nil,
      rule: "R",
      message: SimFactWriter.text("the rule crashed")
    )
    world.scan("two", rows: ["b.py:2 S 4"], notices: [notice])
    let books = try checkOrders(world)
    #expect(movements(world, books) == ["1 fixed direct 2 a.py !"])
    #expect(world.open(books) == [1, 3, 4])
    #expect(world.standing(books, .notCovered) == [1, 3] && world.unseen(books).isEmpty)
  }

  @Test("an error notice without a place covers only what the report reports")
  func placelessNotice() throws {
    var world = pair(["a.py": "1", "b.py": "1"], ["a.py": "2", "b.py": "2"])
    world.scan("one", rows: ["a.py:1 R 1", "a.py:5 R 2", "b.py:1 R 3"])
    let notice = ScanNotice(level: .error, path: nil, message: SimFactWriter.text("out of memory"))
    world.scan("two", rows: ["a.py:5 R 2"], notices: [notice])
    let books = try checkOrders(world)
    #expect(movements(world, books) == ["1 fixed direct 1 a.py !"])
    #expect(world.open(books) == [2, 3])
  }

  @Test("where a part of the tool failed, a rule of which nothing is reported may be one of it")
  func silentRuleOfAPartialScan() throws {
    var world = pair(["a.py": "1", "b.py": "1"], ["a.py": "2", "b.py": "1"])
    world.scan("one", rows: ["a.py:1 R 1", "a.py:2 S 2", "b.py:1 R 3"])
    let notice = ScanNotice(level: .error, path: nil, message: SimFactWriter.text("S crashed"))
    world.scan("two", rows: ["a.py:5 T 4", "b.py:1 R 3"], notices: [notice])
    let books = try checkOrders(world)
    #expect(
      movements(world, books) == ["1 fixed direct 1 a.py !", "1 introduced direct 4 a.py !"]
    )
    #expect(world.open(books) == [2, 3, 4] && world.standing(books, .notCovered) == [2])
  }

  @Test("of two levels that parts of a run give one finding, the severer counts")
  func levels() throws {
    var world = pair(["a.py": "1"], ["a.py": "2"])
    world.scan("one", rows: ["a.py:1 R 1 note", "a.py:2 R 2"], recorded: 10, run: run())
    world.scan("one", rows: ["a.py:1 R 1", "a.py:2 R 2 note"], recorded: 11, run: run())
    let books = try checkOrders(world)
    #expect(books.violations.count == 2)
    #expect(books.violations.values.map(\.level) == [.error, .error])
  }

  @Test("a second try of what broke off lets the run close again")
  func secondTry() throws {
    var world = pair(["a.py": "1", "b.py": "1"], ["a.py": "2", "b.py": "2"])
    world.scan("one", rows: ["a.py:1 R 1", "b.py:1 R 2", "b.py:9 R 3"])
    world.scan("two", rows: [], tag: "left", recorded: 20, run: run())
    world.scan("two", rows: ["b.py:9 R 3"], succeeded: false, recorded: 21, run: run())
    let broken = try checkOrders(world)
    #expect(movements(world, broken).isEmpty)
    #expect(world.open(broken) == [1, 2, 3])
    world.scan("two", rows: ["b.py:9 R 3"], tag: "again", recorded: 30, run: run(attempt: 2))
    let whole = try checkOrders(world)
    #expect(movements(world, whole) == ["1 fixed direct 1 a.py !", "1 fixed direct 2 b.py !"])
    #expect(whole.positions[1].superseded.count == 1)
  }

  @Test("a later scan of a narrower scope counts there, and leaves the earlier one its rest")
  func narrowerLater() throws {
    var world = pair(["a/x.py": "1", "b/x.py": "1"], ["a/x.py": "2", "b/x.py": "2"])
    world.scan("one", rows: ["a/x.py:1 R 1", "b/x.py:1 R 2"])
    world.scan(
      "two",
      rows: ["a/x.py:1 R 1", "b/x.py:1 R 2", "b/x.py:2 R 3"],
      recorded: 20,
      run: run(1)
    )
    world.scan("two", rows: [], scope: ["a/**"], recorded: 30, run: run(2))
    let books = try checkOrders(world)
    #expect(
      movements(world, books) == ["1 fixed direct 1 a/x.py !", "1 introduced direct 3 b/x.py !"]
    )
    #expect(books.positions[1].superseded.isEmpty)
  }

  @Test("a later scan that did not look at all of its scope leaves the earlier one that rest too")
  func incompleteLater() throws {
    func world(_ analysed: [String]?, _ notices: [ScanNotice]) -> World {
      var world = pair(["a.py": "1", "b.py": "1"], ["a.py": "2", "b.py": "2"])
      world.scan("one", rows: ["a.py:1 R 1", "b.py:1 R 2"])
      world.scan("two", rows: ["b.py:2 R 3"], recorded: 20)
      world.scan("two", rows: ["a.py:2 R 4"], notices: notices, analysed: analysed, recorded: 30)
      return world
    }
    let text = SimFactWriter.text("no")
    let worlds = [
      world(["a.py"], []), world(nil, [ScanNotice(level: .error, path: nil, message: text)]),
      world(nil, [ScanNotice(level: .error, path: World.path("b.py"), message: text)]),
    ]
    for (index, world) in worlds.enumerated() {
      let books = try checkOrders(world)
      #expect(
        movements(world, books) == [
          "1 fixed direct 1 a.py !", "1 fixed direct 2 b.py !", "1 introduced direct 3 b.py !",
          "1 introduced direct 4 a.py !",
        ],
        "\(index)"
      )
    }
  }

  @Test("what a later run that broke off reads counts, where the one before could not parse it")
  func unparsedBefore() throws {
    var world = pair(["a.py": "1", "b.py": "1"], ["a.py": "1", "b.py": "1"])
    world.scan("one", rows: ["a.py:1 invalid-syntax 9", "b.py:1 R 2"], recorded: 10)
    world.scan("one", rows: ["a.py:3 R 1"], succeeded: false, recorded: 20)
    #expect(world.open(try checkOrders(world)) == [1, 2])
  }

  @Test(
    "a job that ran again says nothing about what another job of the first try found in the same file"
  )
  func failedJobsAgain() throws {
    var world = pair(["a.py": "1"], ["a.py": "2"])
    world.scan("two", rows: ["a.py:1 R 1"], recorded: 10, run: run(attempt: 1))
    world.scan("two", rows: ["a.py:5 S 2"], tag: "other", recorded: 20, run: run(attempt: 2))
    #expect(world.open(try checkOrders(world)) == [1, 2])
  }

  @Test("what one run of a file could not look at, the other did not look at for it")
  func sharedNotices() throws {
    let before = ["a.py": "1", "b.py": "1", "d/c.py": "1"]
    let cases: [(notice: ScanNotice, open: [UInt64])] = [
      (ScanNotice(level: .error, path: nil, message: SimFactWriter.text("m")), [1, 2, 3]),
      (ScanNotice(level: .error, path: World.path("d"), message: SimFactWriter.text("m")), [1, 3]),
      (
        ScanNotice(level: .error, path: nil, rule: "R", message: SimFactWriter.text("m")),
        [1, 2, 3]
      ),
    ]
    for (notice, open) in cases {
      var world = pair(before, ["a.py": "1", "b.py": "2", "d/c.py": "2"])
      world.scan("one", rows: ["a.py:1 R/sub 1", "b.py:1 R/sub 2", "d/c.py:1 R/sub 3"])
      world.scan("two", rows: ["a.py:1 R/sub 1"], notices: [notice], recorded: 10)
      world.scan("two", rows: ["a.py:1 R/sub 1"], tag: "other", recorded: 10)
      #expect(world.open(try world.books()) == open, "\(notice)")
    }
  }

  @Test("a recording that becomes known later decides anew which scan counts")
  func lateRecording() throws {
    var world = pair(["a.py": "1", "b.py": "1"], ["a.py": "2", "b.py": "1"])
    world.scan("one", rows: ["a.py:1 R 1", "b.py:1 R 2"])
    let first = world.scan("two", rows: ["a.py:1 R 1", "b.py:1 R 2"], recorded: 20, run: run(1))
    let second = world.scan("two", rows: ["b.py:1 R 2"], recorded: 30, run: run(2))
    let expected = try world.books()
    #expect(movements(world, expected) == ["1 fixed direct 1 a.py !"])
    var books = ArrivingBooks(
      lane: world.lane,
      facts: {
        var facts = world.facts
        facts.scanFacts = []
        return facts
      }(),
      matcher: TruthMatcher()
    )
    for scan in world.facts.scanFacts { try books.take(scan.recorded([])) }
    #expect(movements(world, books.books).isEmpty)
    try books.take(second.recordings, of: second.id)
    #expect(movements(world, books.books).isEmpty)
    try books.take(first.recordings, of: first.id)
    #expect(books.books.fullText == expected.fullText)
  }
}
