import TallyBooks
import TallyModel
import Testing

/// What vanishes from files that nobody edited stays open, and what ends that.
@Suite("Suspect scans")
struct SuspectTests {
  /// Commits after each other, each with the content of its files by name.
  private func chain(
    _ commits: [[String: String]],
    renames: [Int: [String: String]] = [:]
  ) -> World {
    var world = World()
    for (index, files) in commits.enumerated() {
      world.commit(
        "\(index)",
        parents: index == 0 ? [] : ["\(index - 1)"],
        time: Int64(index + 1) * 10,
        files: files,
        renames: renames[index] ?? [:]
      )
    }
    return world
  }

  /// One finding of two is missing in the second scan; only another file was edited.
  private func suspect(_ more: [[String: String]] = []) -> (world: World, scan: ScanFact) {
    var world = chain(
      [["a.py": "1", "b.py": "1", "c.py": "1"], ["a.py": "1", "b.py": "1", "c.py": "2"]] + more
    )
    world.map("1", "2", hunks: [LineHunk(oldStart: 1, oldCount: 1, newStart: 1, newCount: 1)])
    world.scan("0", rows: ["a.py:1 R 1", "b.py:1 R 2"])
    let scan = world.scan("1", rows: ["b.py:1 R 2"])
    return (world, scan)
  }

  private func movements(_ world: World, _ books: InMemoryBooks) -> [String] {
    world.story(books).filter { !$0.contains("brought forward") }
  }

  @Test("a finding that is missing in a file nobody edited stays open until a scan sees it again")
  func seenAgain() throws {
    var (world, _) = suspect([["a.py": "1", "b.py": "1", "c.py": "2"]])
    let before = try world.books()
    #expect(movements(world, before).isEmpty)
    #expect(world.unseen(before) == [1] && world.open(before) == [1, 2])
    #expect(before.positions[1].coversAll == false)
    let warning = try #require(before.warnings.map(\.text).first)
    #expect(
      warning.hasPrefix("1 of 2 findings of ruff@main in files that nobody edited was not seen at")
    )
    world.scan("2", rows: ["a.py:1 R 1", "b.py:1 R 2"])
    let after = try world.books()
    #expect(movements(world, after).isEmpty)
    #expect(world.unseen(after).isEmpty)
    #expect(after.standingSpans.map { [$0.since, $0.until] } == [[1, 2]])
    #expect(after.positions[2].coversAll)
  }

  @Test("it ends when the file is edited: then it is fixed, or introduced by nobody if it is there")
  func fileEdited() throws {
    let files = ["a.py": "2", "b.py": "1", "c.py": "2"]
    var (gone, _) = suspect([files])
    gone.scan("2", rows: ["b.py:1 R 2"])
    let fixed = try gone.books()
    #expect(movements(gone, fixed) == ["2 fixed direct 1 a.py !"])
    #expect(gone.unseen(fixed).isEmpty)
    var (there, _) = suspect([files])
    there.scan("2", rows: ["a.py:7 R 1", "b.py:1 R 2"])
    let books = try there.books()
    #expect(movements(there, books).isEmpty)
    #expect(there.unseen(books).isEmpty && there.open(books) == [1, 2])
  }

  @Test("it stays for as long as nothing happens to its file, and the warning is repeated")
  func staysUnseen() throws {
    var (world, _) = suspect([["a.py": "1", "b.py": "2", "c.py": "2"]])
    world.scan("2", rows: ["b.py:3 R 2"])
    let books = try world.books()
    #expect(movements(world, books).isEmpty)
    #expect(world.unseen(books) == [1])
    #expect(books.standingSpans.map { [$0.since, $0.until] } == [[1, nil]])
    #expect(books.warnings.map(\.position) == [1, 2])
  }

  @Test("a list of analysed files vouches for those that it names, and says nothing of the others")
  func analysed() throws {
    func world(_ list: [String]) -> World {
      var world = chain([
        ["a.py": "1", "b.py": "1", "c.py": "1"], ["a.py": "1", "b.py": "1", "c.py": "2"],
      ])
      world.scan("0", rows: ["a.py:1 R 1", "b.py:1 R 2"])
      world.scan("1", rows: ["b.py:1 R 2"], analysed: list)
      return world
    }
    let declared = world(["a.py", "b.py"])
    #expect(movements(declared, try declared.books()) == ["1 fixed indirect 1 a.py !"])
    // A folder stands for what is below it, the top for all.
    for folder in ["", "lib"] {
      let whole = world([folder, "b.py"])
      let expected = folder.isEmpty ? ["1 fixed indirect 1 a.py !"] : []
      #expect(movements(whole, try whole.books()) == expected)
    }
    let narrow = world(["b.py"])
    let books = try narrow.books()
    #expect(movements(narrow, books).isEmpty)
    #expect(narrow.open(books) == [1, 2] && books.warnings.isEmpty)
    #expect(books.positions[1].coversAll == false)
  }

  @Test("a person confirms and takes it back: every step gives the books that are derived")
  func confirmed() throws {
    let (world, scan) = suspect()
    let entry = SimFactWriter.content("confirmation", EntryID.init)
    var facts = world.facts
    facts.scanFacts = []
    var books = ArrivingBooks(lane: world.lane, facts: facts, matcher: TruthMatcher())
    for scan in world.facts.scanFacts { try books.take(scan) }
    let before = try world.books()
    #expect(books.books.fullText == before.fullText)

    try books.take(entry, of: scan.id)
    var confirmed = world
    confirmed.facts.confirmations[scan.id] = entry
    let after = try confirmed.books()
    #expect(movements(confirmed, after) == ["1 fixed declared 1 a.py !"])
    #expect(after.postings.last?.source == entry)
    #expect(confirmed.unseen(after).isEmpty && after.warnings.isEmpty)
    #expect(books.books.fullText == after.fullText)

    try books.take(nil, of: scan.id)
    #expect(books.books.fullText == before.fullText)
  }

  @Test("where nothing changed at all, what a person confirms was no fix: it is retired")
  func confirmedWithoutChange() throws {
    var world = chain([["a.py": "1", "b.py": "1"], ["a.py": "1", "b.py": "1"]])
    world.scan("0", rows: ["a.py:1 R 1", "b.py:1 R 2"])
    let scan = world.scan("1", rows: ["b.py:1 R 2"])
    #expect(world.unseen(try world.books()) == [1])
    world.facts.confirmations[scan.id] = SimFactWriter.content("confirmation", EntryID.init)
    #expect(movements(world, try world.books()) == ["1 retired declared 1 a.py !"])
  }

  @Test("a renamed file is as unchanged as one that stayed")
  func renamed() throws {
    var world = chain(
      [
        ["a.py": "1", "b.py": "1"], ["d.py": "1", "b.py": "1"], ["d.py": "1", "b.py": "1"],
        ["d.py": "2", "b.py": "1"],
      ],
      renames: [1: ["d.py": "a.py"]]
    )
    world.map("1", "2", hunks: [LineHunk(oldStart: 1, oldCount: 1, newStart: 1, newCount: 1)])
    world.scan("0", rows: ["a.py:1 R 1", "b.py:1 R 2"])
    world.scan("1", rows: ["b.py:1 R 2"])
    let before = try world.books()
    #expect(movements(world, before).isEmpty && world.unseen(before) == [1])
    var back = world
    back.scan("2", rows: ["b.py:1 R 2", "d.py:1 R 1"])
    let seen = try back.books()
    #expect(movements(back, seen).isEmpty && back.unseen(seen).isEmpty)
    #expect(seen.moves.map(\.to.text) == ["d.py"])
    world.scan("2", rows: ["b.py:1 R 2"])
    #expect(world.unseen(try world.books()) == [1])
    world.scan("3", rows: ["b.py:1 R 2"])
    let edited = try world.books()
    #expect(movements(world, edited) == ["3 fixed direct 1 a.py"])
  }

  @Test("a part of what one unchanged file held is missing: the rest goes on in its rows")
  func partOfAFile() throws {
    var world = chain([
      ["a.py": "1", "c.py": "1"], ["a.py": "1", "c.py": "2"], ["a.py": "1", "c.py": "3"],
    ])
    world.scan("0", rows: ["a.py:1 R 1", "a.py:2 R 2", "a.py:3 S 3"])
    world.scan("1", rows: ["a.py:2 R 2"])
    let before = try world.books()
    #expect(movements(world, before).isEmpty)
    #expect(world.unseen(before) == [1, 3])
    #expect(before.roster(World.path("a.py"))?.violations.count == 1)
    world.scan("2", rows: ["a.py:1 R 1", "a.py:2 R 2", "a.py:3 S 3"])
    let after = try world.books()
    #expect(movements(world, after).isEmpty && world.unseen(after).isEmpty)
    #expect(after.violations.count == 3)
  }

  @Test("where nothing is left at all, what vanished from edited files is not believed either")
  func collapse() throws {
    let before = ["a.py": "1", "b.py": "1"]
    for tool in ["ruff", "mypy"] {
      var world = chain([before, ["a.py": "1", "b.py": "2"]])
      world.use(tool)
      world.map("1", "2", hunks: [LineHunk(oldStart: 1, oldCount: 1, newStart: 1, newCount: 1)])
      world.scan("0", rows: ["a.py:1 R 1", "b.py:1 R 2"])
      world.scan("1", rows: [])
      let books = try world.books()
      #expect(movements(world, books).isEmpty, "\(tool)")
      #expect(world.unseen(books) == [1, 2], "\(tool)")
    }
  }

  @Test("in the same tree nothing that is about no file, or in a built one, is gone")
  func onlyNoFile() throws {
    var world = chain([["a.py": "1"], ["a.py": "1"], ["a.py": "1"]])
    world.scan("0", rows: [":1 R 1", "build/x.py:1 R 2"])
    let empty = world.scan("1", rows: [])
    var some = world
    let books = try world.books()
    #expect(world.unseen(books) == [1, 2] && movements(world, books).isEmpty)
    some.scan("2", rows: [":1 R 1"])
    let partly = try some.books()
    #expect(some.unseen(partly) == [2] && movements(some, partly).isEmpty)
    world.facts.confirmations[empty.id] = SimFactWriter.content("confirmation", EntryID.init)
    #expect(try movements(world, world.books()).count == 2)
  }

  @Test("what only a scan with another configuration brought goes with it")
  func undone() throws {
    let tree = ["a.py": "1", "b.py": "1", "c.py": "1"]
    var world = chain([tree, tree, tree].enumerated().map { $1.merging(["n": "\($0)"]) { $1 } })
    world.scan("0", rows: ["a.py:1 R 1", "b.py:1 R 2"])
    world.scan("1", rows: ["a.py:1 R 1", "c.py:1 D 3"])
    var partly = world
    world.scan("2", rows: ["a.py:1 R 1", "b.py:1 R 2"])
    let books = try world.books()
    #expect(world.unseen(books).isEmpty)
    #expect(
      movements(world, books) == ["1 surfaced assumed 3 c.py !", "2 retired assumed 3 c.py !"]
    )
    // While something is hidden still, nobody knows.
    partly.scan("2", rows: ["a.py:1 R 1"])
    let doubted = try partly.books()
    #expect(partly.unseen(doubted) == [2, 3])
    #expect(movements(partly, doubted) == ["1 surfaced assumed 3 c.py !"])
  }

  @Test("what is about no file, or in a built one, goes no further than the scan can be believed")
  func noFile() throws {
    let rows = ["a.py:1 R 1", ":1 R 2", "build/x.py:1 R 3"]
    // All is missing; the rest is there.
    let cases: [(rows: [String], unseen: [UInt64], left: [String])] = [
      ([], [1, 2, 3], []),
      (
        ["a.py:1 R 1"], [],
        ["1 unattributed out unknown 2  !", "1 unattributed out unknown 3 build/x.py !"]
      ),
    ]
    for (seen, unseen, left) in cases {
      var world = chain([["a.py": "1", "b.py": "1"], ["a.py": "1", "b.py": "2"]])
      world.scan("0", rows: rows)
      world.scan("1", rows: seen)
      let books = try world.books()
      #expect(world.unseen(books) == unseen, "\(seen)")
      #expect(movements(world, books) == left, "\(seen)")
    }
  }

  /// Method: what vanishes from unedited files by the table of docs/books.md, "Suspect", in a file of many findings.
  @Test(
    "a tool that looks at the whole program fixes at a distance, but for silent files and rules",
    arguments: [
      (["a.py:1 R 1"], "1 fixed indirect 1 a.py !"), (["a.py:9 S 9"], ""),
      (["b.py:1 R 8"], ""), (["a.py:1 R 1", "a.py:2 R 2", "a.py:3 R 3"], ""),
    ]
  )
  func wholeProgram(gone: [String], story: String) throws {
    var world = chain([
      ["a.py": "1", "b.py": "1", "c.py": "1"], ["a.py": "1", "b.py": "1", "c.py": "2"],
    ])
    world.use("mypy")
    let rows = (1...7).map { "a.py:\($0) R \($0)" } + ["b.py:1 R 8", "a.py:9 S 9"]
    world.scan("0", rows: rows)
    world.scan("1", rows: rows.filter { !gone.contains($0) })
    let books = try world.books()
    #expect(movements(world, books).joined(separator: ", ") == story)
    #expect(world.unseen(books).isEmpty == !story.isEmpty)
  }

  @Test("a syntax error that stopped the tool is nothing that is left")
  func stoppedBySyntaxError() throws {
    var world = chain([
      ["a.py": "1", "b.py": "1", "c.py": "1"], ["a.py": "1", "b.py": "1", "c.py": "2"],
      ["a.py": "1", "b.py": "1", "c.py": "2"],
    ])
    world.use("mypy")
    world.scan("0", rows: ["a.py:1 R 1", "b.py:1 R 2"])
    world.scan("1", rows: ["c.py:1 syntax-error 9"])
    let books = try world.books()
    #expect(movements(world, books).isEmpty)
    #expect(world.unseen(books) == [1, 2])
  }

  @Test("a late scan between two that did see it changes nothing, in every order of arrival")
  func lateScan() throws {
    var (world, scan) = suspect([["a.py": "1", "b.py": "1", "c.py": "3"]])
    world.scan("2", rows: ["a.py:1 R 1", "b.py:1 R 2"])
    let entry = SimFactWriter.content("confirmation", EntryID.init)
    for isConfirmed in [false, true] {
      var known = world
      known.facts.confirmations = isConfirmed ? [scan.id: entry] : [:]
      let expected = try known.books()
      #expect(
        movements(known, expected)
          == (isConfirmed ? ["1 fixed declared 1 a.py !", "2 reopened indirect 1 a.py !"] : [])
      )
      let scans = world.facts.scanFacts
      for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        var empty = world.facts
        empty.scanFacts = []
        for place in 0...(isConfirmed ? 3 : 0) {
          var books = ArrivingBooks(lane: world.lane, facts: empty, matcher: TruthMatcher())
          for (arrival, index) in order.enumerated() {
            if isConfirmed, arrival == place { try books.take(entry, of: scan.id) }
            try books.take(scans[index])
          }
          if isConfirmed, place == 3 { try books.take(entry, of: scan.id) }
          #expect(books.books.fullText == expected.fullText, "\(order) \(place)")
        }
      }
    }
  }
}
