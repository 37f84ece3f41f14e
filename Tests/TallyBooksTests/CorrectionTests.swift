import TallyBooks
import TallyModel
import Testing

/// What people say of identity: who goes on, how it is posted, which ids are answered.
@Suite("Corrections")
struct CorrectionTests {
  private func world(_ before: [String: String], _ after: [String: String]) -> World {
    var world = World()
    world.commit("one", time: 10, files: before)
    world.commit("two", parents: ["one"], time: 20, files: after)
    return world
  }

  private func correction(
    _ verdict: CorrectionRecord.Verdict,
    _ first: (scan: ScanFact, row: Int),
    _ second: (scan: ScanFact, row: Int),
    in path: String = "a.py",
    name: String = "1",
    isRetracted: Bool = false
  ) -> CorrectionFact {
    CorrectionFact(
      id: SimFactWriter.content("correction \(name)", EntryID.init),
      record: CorrectionRecord(
        verdict: verdict,
        first: Sighting(scan: first.scan.id, path: World.path(path), ordinal: first.row),
        second: Sighting(scan: second.scan.id, path: World.path(path), ordinal: second.row),
        reason: SimFactWriter.text("seen")
      ),
      isRetracted: isRetracted
    )
  }

  @Test("a join takes the closing and the opening back, and the other id is answered to")
  func join() throws {
    var world = world(["a.py": "1"], ["a.py": "2"])
    let first = world.scan("one", rows: ["a.py:1 R 1", "a.py:2 R 2"])
    let second = world.scan("two", rows: ["a.py:1 R 7", "a.py:2 R 2"])
    let before = try world.books()
    #expect(before.postings.count == 4)
    let gone = try #require(before.postings.first { $0.kind == .introduced }?.violation)
    world.facts.correctionRecords = [correction(.same, (first, 0), (second, 0))]
    let books = try world.books()
    #expect(books.postings.map(\.kind) == [.broughtForward, .broughtForward])
    let kept = try #require(books.aliases[gone])
    #expect(books.violations[kept]?.state == .open && books.violations[gone] == nil)
    #expect(books.moves.map(\.evidence.stage) == [.correction])
    #expect(books.moves.map(\.violation) == [kept])
  }

  @Test("a split fixes and introduces where the file changed, and says who said so")
  func split() throws {
    var world = world(["a.py": "1"], ["a.py": "2"])
    let first = world.scan("one", rows: ["a.py:1 R 1"])
    let second = world.scan("two", rows: ["a.py:5 R 1"])
    #expect(try world.books().postings.count == 1)
    let word = correction(.different, (first, 0), (second, 0))
    world.facts.correctionRecords = [word]
    let books = try world.books()
    #expect(
      world.story(books).suffix(2) == ["1 fixed direct 1 a.py !", "1 introduced direct 1 a.py !"]
    )
    #expect(books.postings.suffix(2).map(\.source) == [word.id, word.id])
    #expect(books.postings.suffix(2).allSatisfy { $0.link?.stage == .correction })
    // Taken back, the id that it made leads to the violation that was there all the time.
    let made = try #require(books.postings.first { $0.kind == .introduced }?.violation)
    world.facts.correctionRecords = [
      correction(.different, (first, 0), (second, 0), isRetracted: true)
    ]
    let after = try world.books()
    #expect(after.postings.count == 1)
    #expect(after.aliases[made] == after.postings[0].violation)
  }

  @Test("where the file is the same nothing was fixed: a split is rematched, and balances")
  func splitUnchanged() throws {
    var world = world(["a.py": "1", "b.py": "1"], ["a.py": "1", "b.py": "2"])
    let first = world.scan("one", rows: ["a.py:1 R 1", "b.py:1 R 2"])
    let second = world.scan("two", rows: ["a.py:1 R 1", "b.py:1 R 2"])
    world.facts.correctionRecords = [correction(.different, (first, 0), (second, 0))]
    let books = try world.books()
    #expect(
      world.story(books).suffix(2) == [
        "1 rematched in declared 1 a.py !", "1 rematched out declared 1 a.py !",
      ]
    )
    #expect(books.warnings.isEmpty)
    #expect(books.violations.values.count { $0.state == .open } == 2)
  }

  @Test("a row that is taken from another violation is rematched, and that one's id leads on")
  func takenRow() throws {
    var world = World()
    world.commit("one", time: 10, files: ["a.py": "1"])
    world.commit("two", parents: ["one"], time: 20, files: ["a.py": "2"])
    world.commit("three", parents: ["two"], time: 30, files: ["a.py": "3"])
    let first = world.scan("one", rows: ["a.py:1 R 1"])
    // What the correction was made for came late: another sighting of the second violation.
    world.scan("two", rows: ["a.py:1 R 7"])
    let third = world.scan("three", rows: ["a.py:1 R 7"])
    world.facts.correctionRecords = [correction(.same, (first, 0), (third, 0))]
    let books = try world.books()
    #expect(
      world.story(books).suffix(4) == [
        "1 fixed direct 1 a.py !", "1 introduced direct 7 a.py !",
        "2 rematched in declared 1 a.py !", "2 rematched out declared 7 a.py !",
      ]
    )
    #expect(books.violations.values.count { $0.state == .open } == 1)
  }

  @Test("of two that contradict each other the split wins, whatever their names")
  func contradiction() throws {
    var world = world(["a.py": "1"], ["a.py": "2"])
    let first = world.scan("one", rows: ["a.py:1 R 1"])
    let second = world.scan("two", rows: ["a.py:1 R 1"])
    for names in [("x", "y"), ("y", "x")] {
      world.facts.correctionRecords = [
        correction(.different, (first, 0), (second, 0), name: names.0),
        correction(.same, (first, 0), (second, 0), name: names.1),
      ].sorted { $0.id < $1.id }
      #expect(try world.books().postings.map(\.kind).count { $0 == .fixed } == 1)
    }
  }

  @Test("two words about one position do not get into each other's way")
  func swap() throws {
    var world = world(["a.py": "1"], ["a.py": "2"])
    let first = world.scan("one", rows: ["a.py:1 R 1", "a.py:2 R 2"])
    let second = world.scan("two", rows: ["a.py:1 R 1", "a.py:2 R 2"])
    world.facts.correctionRecords = [
      correction(.same, (first, 0), (second, 1), name: "1"),
      correction(.same, (first, 1), (second, 0), name: "2"),
    ].sorted { $0.id < $1.id }
    let books = try world.books()
    #expect(books.postings.map(\.kind) == [.broughtForward, .broughtForward])
    let roster = try #require(books.roster(World.path("a.py")))
    let origins = roster.violations.compactMap { books.violations[$0]?.origin.ordinal }
    #expect(origins == [1, 0])
  }

  @Test("a violation that is open elsewhere is left alone, with a warning")
  func openElsewhere() throws {
    var world = world(["a.py": "1", "b.py": "1"], ["a.py": "1", "b.py": "2"])
    let first = world.scan("one", rows: ["a.py:1 R 1"])
    let second = world.scan("two", rows: ["a.py:1 R 1", "b.py:1 R 2"])
    var word = correction(.same, (first, 0), (second, 0))
    word = CorrectionFact(
      id: word.id,
      record: CorrectionRecord(
        verdict: .same,
        first: word.record.first,
        second: Sighting(scan: second.id, path: World.path("b.py"), ordinal: 0),
        reason: word.record.reason
      ),
      isRetracted: false
    )
    let before = try world.books().canonicalText
    world.facts.correctionRecords = [word]
    let books = try world.books()
    #expect(books.canonicalText == before)
    #expect(
      books.warnings.map(\.text) == [
        "a correction names a violation that is open elsewhere: it is left out"
      ]
    )
  }

  @Test("a word about a scan that another one supersedes counts for the equal row")
  func superseded() throws {
    var world = world(["a.py": "1"], ["a.py": "2"])
    let first = world.scan("one", rows: ["a.py:1 R 1"])
    let second = world.scan("two", rows: ["a.py:5 R 1"], recorded: 10)
    world.facts.correctionRecords = [correction(.different, (first, 0), (second, 0))]
    let alone = try world.books().postings.map(\.kind)
    // The job ran again with a newer importer, and found one more.
    world.scan(
      "two",
      rows: ["a.py:2 R 9", "a.py:5 R 1"],
      importer: "sarif/2",
      tag: "again",
      recorded: 20
    )
    let books = try world.books()
    #expect(books.positions[1].superseded == [second.id])
    #expect(Set(alone) == [.broughtForward, .fixed, .introduced])
    #expect(
      world.story(books).suffix(3) == [
        "1 fixed direct 1 a.py !", "1 introduced direct 1 a.py !", "1 introduced direct 9 a.py !",
      ]
    )
  }
}
