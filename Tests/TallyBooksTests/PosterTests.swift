import TallyBooks
import TallyModel
import Testing

/// One rule of the table of postings a test, as lines of `position kind basis identity path`, `!` for an exact commit.
@Suite("Postings")
struct PosterTests {
  private func pair(
    _ before: [String: String] = ["a.py": "1", "b.py": "1"],
    _ after: [String: String]
  ) -> World {
    var world = World()
    world.commit("one", time: 10, files: before)
    world.commit("two", parents: ["one"], time: 20, files: after)
    return world
  }

  @Test("brings forward, then says direct, indirect and deleted")
  func causes() throws {
    var world = pair(["a.py": "1", "b.py": "1", "c.py": "1"], ["a.py": "2", "b.py": "1"])
    world.use("mypy")
    world.map("1", "2", hunks: [LineHunk(oldStart: 1, oldCount: 1, newStart: 1, newCount: 1)])
    world.scan("one", rows: ["a.py:1 R 1", "b.py:1 R 2", "c.py:1 R 3", "b.py:9 R 4"])
    world.scan("two", rows: ["a.py:9 R 5", "b.py:9 R 4"], analysed: ["a.py", "b.py", "c.py"])
    #expect(
      world.story(try world.books()) == [
        "0 brought forward direct 1 a.py", "0 brought forward direct 2 b.py",
        "0 brought forward direct 3 c.py", "0 brought forward direct 4 b.py",
        "1 deleted direct 3 c.py !", "1 fixed direct 1 a.py !", "1 fixed indirect 2 b.py !",
        "1 introduced direct 5 a.py !",
      ]
    )
  }

  @Test(
    "a new tool retires and surfaces where the lines were not edited, and fixes where they were"
  )
  func toolUpgrade() throws {
    var world = pair(["a.py": "1"], ["a.py": "2"])
    world.map("1", "2", hunks: [LineHunk(oldStart: 1, oldCount: 1, newStart: 1, newCount: 1)])
    world.scan("one", rows: ["a.py:1 R 1", "a.py:5 R 2"])
    world.scan("two", rows: ["a.py:1 R 3", "a.py:7 R 4"], version: "2")
    #expect(
      world.story(try world.books()).suffix(4) == [
        "1 fixed direct 1 a.py !", "1 introduced direct 3 a.py !", "1 retired assumed 2 a.py !",
        "1 surfaced assumed 4 a.py !",
      ]
    )
  }

  @Test(
    "a changed configuration counts like a changed tool; without a map an edited file is edited"
  )
  func configuration() throws {
    var world = pair(["a.py": "1", "b.py": "1"], ["a.py": "2", "b.py": "1"])
    world.scan("one", rows: ["a.py:1 R 1", "b.py:1 R 2"], config: "x")
    world.scan("two", rows: [], config: "y")
    #expect(
      world.story(try world.books()).suffix(2) == [
        "1 fixed direct 1 a.py !", "1 retired assumed 2 b.py !",
      ]
    )
  }

  @Test("a rule that is not listed any more is declared off, whatever else is known")
  func declaredOff() throws {
    var world = World()
    world.commit("one", time: 10)
    world.commit("two", parents: ["one"], time: 20)
    world.scan("one", rows: ["a.py:1 R 1"], rules: ["R", "S"], listsSilentRules: true)
    world.scan("two", rows: ["a.py:3 S 2"], rules: ["S"], listsSilentRules: true)
    #expect(
      world.story(try world.books()).suffix(2) == [
        "1 retired declared 1 a.py !", "1 unattributed in unknown 2 a.py !",
      ]
    )
  }

  @Test(
    "a rule that is missing from a list of fired rules is not declared off: what it leaves is unseen"
  )
  func firedOnly() throws {
    var world = pair(
      ["a.py": "1", "b.py": "1", "c.py": "1"],
      ["a.py": "1", "b.py": "2", "c.py": "2"]
    )
    world.map("1", "2", hunks: [LineHunk(oldStart: 1, oldCount: 1, newStart: 1, newCount: 1)])
    world.scan("one", rows: ["a.py:1 R 1", "b.py:1 R 2", "c.py:5 R 3", "c.py:6 S 4", "a.py:2 T 6"])
    world.scan("two", rows: ["a.py:2 T 6"])
    let books = try world.books()
    #expect(world.story(books).filter { $0.hasPrefix("1") }.isEmpty)
    // Nothing of R is left in a file that nobody edited: an edit of its lines in another does not say that it was looked for.
    #expect(world.unseen(books) == [1, 2, 3, 4])
  }

  @Test("a sudden zero with unchanged sources stays open, with a warning")
  func suddenZero() throws {
    var world = pair(
      ["a.py": "1", "b.py": "1", "README": "1"],
      ["a.py": "1", "b.py": "1", "README": "2"]
    )
    world.scan("one", rows: ["a.py:1 R 1", "b.py:1 R 2"], rules: ["R"], listsSilentRules: true)
    world.scan("two", rows: [], rules: ["R"], listsSilentRules: true)
    let books = try world.books()
    #expect(books.postings.count == 2)
    #expect(world.unseen(books) == [1, 2])
    #expect(books.warnings.map(\.text).contains { $0.hasPrefix("2 of 2 findings of ruff@main") })
  }

  @Test("a comment suppresses, its going unsuppresses; the tool's own word does too")
  func suppression() throws {
    var world = World()
    world.commit("one", time: 10, files: ["a.py": "1"])
    world.commit("two", parents: ["one"], time: 20, files: ["a.py": "2"])
    world.commit("three", parents: ["two"], time: 30, files: ["a.py": "3"])
    let hunk = LineHunk(oldStart: 1, oldCount: 1, newStart: 1, newCount: 1)
    let comment = SuppressionComment(
      line: 1,
      firstLine: 1,
      lastLine: 1,
      marker: "noqa",
      rules: ["R"]
    )
    world.map("1", "2", hunks: [hunk], suppressions: [comment])
    world.map("2", "3", hunks: [hunk])
    world.scan("one", rows: ["a.py:1 R 1", "a.py:2 R 2", "a.py:3 R 3 suppressed"])
    world.scan("two", rows: ["a.py:2 R 2 suppressed", "a.py:3 R 3"])
    world.scan("three", rows: ["a.py:1 R 1", "a.py:2 R 2"])
    let books = try world.books()
    #expect(
      world.story(books) == [
        "0 brought forward direct 1 a.py", "0 brought forward direct 2 a.py",
        "1 suppressed declared 2 a.py !", "1 suppressed direct 1 a.py !",
        "1 unsuppressed declared 3 a.py !", "2 fixed direct 3 a.py !",
        "2 unsuppressed declared 2 a.py !", "2 unsuppressed direct 1 a.py !",
      ]
    )
    #expect(books.violations.count == 3)
  }

  @Test("without a map the comments of the new content decide; with one they are not asked")
  func silences() throws {
    var world = World()
    world.commit("one", time: 10, files: ["a.py": "1", "b.py": "7"])
    world.commit("two", parents: ["one"], time: 20, files: ["a.py": "2", "b.py": "8"])
    world.commit("three", parents: ["two"], time: 30, files: ["a.py": "3", "b.py": "8"])
    world.scan("one", rows: ["a.py:1 R 1", "a.py:2 R 2", "b.py:1 R 3"])
    world.scan("two", rows: [])
    world.scan("three", rows: ["a.py:1 R 1", "a.py:2 R 2"])
    let comment = SuppressionComment(
      line: 1,
      firstLine: 1,
      lastLine: 1,
      marker: "noqa",
      rules: ["R"]
    )
    for name in ["1", "2", "8"] {
      world.facts.silencedTexts[World.blob(name)] = SilencedText(
        blob: World.blob(name),
        lexerVersion: 1,
        silences: [Silence(comment: comment)]
      )
    }
    world.map("7", "8")
    let own = world.lane
    let poster = LanePoster(
      facts: world.facts,
      matcher: TruthMatcher(),
      mint: TestMint(),
      findSilenced: { new, before, gone, lane in
        #expect(new.blob == World.blob("2") && before?.blob == World.blob("1"))
        #expect(lane == own)
        return Set(gone.indices.filter { gone[$0].finding.region?.startLine == 1 })
      }
    )
    let books = try poster.derive(lane: world.lane)
    #expect(
      world.story(books) == [
        "0 brought forward direct 1 a.py", "0 brought forward direct 2 a.py",
        "0 brought forward direct 3 b.py", "1 fixed direct 2 a.py !", "1 fixed direct 3 b.py !",
        "1 suppressed direct 1 a.py !", "2 reopened direct 2 a.py !",
        "2 unsuppressed direct 1 a.py !",
      ]
    )
  }

  @Test("reopens what was closed, with the link as evidence")
  func reopened() throws {
    var world = World()
    for (index, name) in ["one", "two", "three"].enumerated() {
      world.commit(
        name,
        parents: index == 0 ? [] : [["one", "two"][index - 1]],
        time: Int64(index),
        files: ["a.py": name]
      )
    }
    world.scan("one", rows: ["a.py:1 R 1"])
    world.scan("two", rows: [])
    world.scan("three", rows: ["a.py:4 R 1"])
    let books = try world.books()
    #expect(books.violations.count == 1)
    #expect(books.postings.map(\.kind) == [.broughtForward, .fixed, .reopened])
    #expect(books.postings.last?.link?.stage == .window)
  }

  @Test("a failed scan opens what it reports, closes nothing and says so")
  func failed() throws {
    var world = pair(["a.py": "1"], ["a.py": "2"])
    world.scan("one", rows: ["a.py:1 R 1"])
    world.scan("two", rows: ["a.py:2 R 2"], succeeded: false)
    let books = try world.books()
    #expect(world.story(books).suffix(1) == ["1 introduced direct 2 a.py !"])
    #expect(books.violations.values.map(\.state) == [.open, .open])
    #expect(books.positions[1].succeeded == false)
    #expect(books.warnings.map(\.position) == [1])
  }

  @Test("what is not covered stays: scope, files with errors, files that could not be parsed")
  func uncovered() throws {
    let before = ["a.py": "1", "b.py": "1", "c.py": "1", "d/e.py": "1"]
    var world = pair(before, before.mapValues { _ in "2" })
    world.scan(
      "one",
      rows: ["a.py:1 R 1", "b.py:1 R 2", "c.py:1 R 3", "d/e.py:1 R 4"]
    )
    world.scan(
      "two",
      rows: ["b.py:1 invalid-syntax 9"],
      scope: ["*.py"],
      notices: [
        ScanNotice(
          level: .error,
          path: World.path("c.py"),
          message: SimFactWriter.text("no")
        )
      ]
    )
    let books = try world.books()
    #expect(world.story(books).suffix(1) == ["1 fixed direct 1 a.py !"])
    #expect(books.rosterPaths().map(\.text) == ["b.py", "c.py", "d/e.py"])
    #expect(books.positions[1].coversAll == false)
    #expect(
      books.warnings.map(\.text).contains {
        $0.hasPrefix("b.py could not be parsed") && $0.hasSuffix("its finding stays as it was")
      }
    )
  }

  @Test("what comes from a folder that was never scanned has surfaced, not been introduced")
  func wideScope() throws {
    var world = pair(
      ["a/x.py": "1", "b/x.py": "1"],
      ["a/x.py": "1", "b/x.py": "1", "b/y.py": "1"]
    )
    world.scan("one", rows: ["a/x.py:1 R 1"], scope: ["a"])
    world.scan("two", rows: ["a/x.py:1 R 1", "b/x.py:1 R 2", "b/y.py:1 R 3"])
    #expect(
      world.story(try world.books()).suffix(2) == [
        "1 introduced direct 3 b/y.py !", "1 surfaced declared 2 b/x.py !",
      ]
    )
  }

  @Test("shards of one commit unite")
  func shards() throws {
    let files = ["a/x.py": "1", "b/x.py": "1"]
    var world = pair(files, files.mapValues { _ in "2" })
    world.scan("one", rows: ["a/x.py:1 R 1"], scope: ["a"])
    world.scan("one", rows: ["b/x.py:1 R 2"], scope: ["b"])
    world.scan("two", rows: [], scope: ["a"])
    world.scan("two", rows: ["b/x.py:1 R 2"], scope: ["b"])
    let books = try world.books()
    #expect(
      world.story(books) == [
        "0 brought forward direct 1 a/x.py", "0 brought forward direct 2 b/x.py",
        "1 fixed direct 1 a/x.py !",
      ]
    )
    #expect(books.positions.map(\.scans.count) == [2, 2])
  }

  @Test("without blobs everything is unattributed")
  func withoutBlobs() throws {
    var world = World()
    world.scan("one", rows: ["a.py:1 R 1", "a.py:2 R 2"], ended: 1)
    world.scan("two", rows: ["a.py:2 R 2", "a.py:3 R 3"], ended: 2)
    #expect(
      world.story(try world.books()).suffix(2) == [
        "1 unattributed in unknown 3 a.py", "1 unattributed out unknown 1 a.py",
      ]
    )
  }

  @Test("a file that is not in the repository is unattributed, whatever else is known")
  func outside() throws {
    var world = pair(["a.py": "1"], ["a.py": "2"])
    world.scan("one", rows: ["build/x.py:1 R 1", "../y.py:1 R 2", "a.py:3 S 4"])
    world.scan("two", rows: ["../y.py:1 R 2", "build/z.py:1 R 3", "a.py:3 S 4"])
    #expect(
      world.story(try world.books()).suffix(2) == [
        "1 unattributed in unknown 3 build/z.py !", "1 unattributed out unknown 1 build/x.py !",
      ]
    )
  }

  @Test("a range is a range: two commits touched the file")
  func range() throws {
    var world = pair(["a.py": "1", "b.py": "1"], ["a.py": "2", "b.py": "1"])
    world.commit("three", parents: ["two"], time: 30, files: ["a.py": "3", "b.py": "3"])
    world.scan("one", rows: ["a.py:1 R 1", "b.py:1 R 2"])
    world.scan("three", rows: [])
    let books = try world.books()
    #expect(
      world.story(books).suffix(2) == ["1 fixed direct 1 a.py", "1 fixed direct 2 b.py !"]
    )
  }

  @Test("an off-line position is listed and moves nothing")
  func offLine() throws {
    var world = World()
    world.commit("root", time: 1, files: ["a.py": "1"])
    world.commit("old", parents: ["root"], time: 10, files: ["a.py": "2"])
    world.commit("new", parents: ["root"], time: 20, files: ["a.py": "3"])
    world.scan("root", rows: ["a.py:1 R 1"])
    world.scan("old", rows: ["a.py:1 R 1", "a.py:2 R 2"])
    let before = try world.books()
    #expect(before.postings.count == 2)
    world.scan("new", rows: ["a.py:1 R 1"])
    let after = try world.books()
    #expect(after.positions.map(\.onLine) == [true, false, true])
    #expect(after.postings.count == 1)
    #expect(after.aliases.isEmpty)
  }

  @Test("nothing is compared with an off-line position")
  func offLineBase() throws {
    var world = World()
    world.commit("root", time: 1, files: ["a.py": "1", "b.py": "1"])
    world.commit("old", parents: ["root"], time: 10, files: ["a.py": "2", "b.py": "1"])
    world.commit("new", parents: ["root"], time: 20, files: ["a.py": "1", "b.py": "2"])
    world.use("mypy")
    world.scan("root", rows: ["a.py:1 R 1", "a.py:2 R 2", "b.py:9 R 3"])
    world.scan("old", rows: ["a.py:1 R 1", "b.py:9 R 3"], version: "2")
    world.scan("new", rows: ["a.py:1 R 1", "b.py:9 R 3"], analysed: ["a.py", "b.py"])
    #expect(world.story(try world.books()).suffix(1) == ["2 fixed indirect 2 a.py !"])
  }

  @Test("what was suppressed by the tool from the start comes and goes without a posting")
  func suppressedAllAlong() throws {
    var world = pair(["a.py": "1"], ["a.py": "2"])
    world.scan("one", rows: ["a.py:1 R 1 suppressed"])
    world.scan("two", rows: [])
    let books = try world.books()
    #expect(books.postings.isEmpty)
    #expect(books.violations.values.map(\.state) == [.closed])
  }

  @Test("a file that could not be read makes a position incomplete, findings or not")
  func incomplete() throws {
    var world = pair(["a.py": "1", "b.py": "1"], ["a.py": "1", "b.py": "2"])
    world.scan("one", rows: ["a.py:1 R 1"])
    let notice = ScanNotice(
      level: .error,
      path: World.path("b.py"),
      message: SimFactWriter.text("no")
    )
    world.scan("two", rows: ["a.py:1 R 1"], notices: [notice])
    #expect(try world.books().positions.map(\.coversAll) == [true, false])
  }

  @Test("what a rebased commit introduced answers to the id it was shown under")
  func offLineAlias() throws {
    var world = World()
    world.commit("root", time: 1, files: ["a.py": "1"])
    world.commit("old", parents: ["root"], time: 10, files: ["a.py": "2"])
    world.commit("new", parents: ["root"], time: 20, files: ["a.py": "3"])
    world.scan("root", rows: ["a.py:1 R 1"])
    world.scan("old", rows: ["a.py:1 R 1", "a.py:2 R 2"])
    let shown = try world.books().postings.filter { $0.kind == .introduced }.map(\.violation)
    world.scan("new", rows: ["a.py:1 R 1", "a.py:5 R 2"])
    let books = try world.books()
    let now = books.postings.filter { $0.kind == .introduced }.map(\.violation)
    #expect(shown.count == 1 && now.count == 1 && shown != now)
    #expect(books.aliases[shown[0]] == now[0])
  }

  @Test("an identical rescan reads no sheet and writes nothing but its position")
  func identicalRescan() throws {
    var world = pair(["a.py": "1", "b.py": "1"], ["a.py": "1", "b.py": "1"])
    world.scan("one", rows: ["a.py:1 R 1", "b.py:1 R 2"])
    var books = try world.books()
    let scan = world.scan("two", rows: ["a.py:1 R 1", "b.py:1 R 2"])
    let head = try #require(books.head())
    let candidate = try #require(
      try LaneOrder.appending([scan], after: head, facts: world.facts)
    )
    books.learn([scan])
    let counting = CountingFacts(world.facts)
    let poster = LanePoster(facts: counting, matcher: TruthMatcher(), mint: TestMint())
    let delta = try poster.step(lane: books, at: candidate)
    #expect(counting.sheetsRead == 0)
    #expect(delta.postings.isEmpty && delta.violations.isEmpty && delta.rosters.isEmpty)
    #expect(delta.moves.isEmpty && delta.removedRosters.isEmpty && delta.warnings.isEmpty)
    #expect(delta.position.coversAll)
  }

  /// A scan that is retracted takes the ids it minted along; what it showed still answers to them.
  @Test("after a retraction the ids that were shown lead to what is left")
  func retractedIDs() throws {
    var world = World()
    world.commit("a", time: 10, files: ["x.py": "1"])
    world.commit("b", parents: ["a"], time: 20, files: ["x.py": "2"])
    let first = world.scan("a", rows: ["x.py:1 R 1", "x.py:5 R 2"])
    world.scan("b", rows: ["x.py:2 R 1"])
    let before = try world.books()
    let shown = try #require(before.violations.values.first { $0.state == .open }?.id)
    let closed = try #require(before.violations.values.first { $0.state == .closed }?.id)
    world.facts.scanFacts.removeAll { $0.id == first.id }
    world.facts.retractedFacts = [first]
    let after = try world.books()
    let left = try #require(after.violations.keys.first)
    #expect(after.violations.count == 1)
    #expect(left != shown)
    #expect(after.aliases[shown] == left)
    #expect(after.aliases[closed] == nil)
    #expect(after.postings.map(\.kind) == [.broughtForward])
  }
}

/// Counts what is read.
final class CountingFacts: FactReader {
  private let facts: MemoryFacts
  private(set) var sheetsRead = 0

  init(_ facts: MemoryFacts) { self.facts = facts }

  func lanes() -> [LaneKey] { facts.lanes() }
  func scans(of lane: LaneKey) -> [ScanFact] { facts.scans(of: lane) }
  func retractedScans(of lane: LaneKey) -> [ScanFact] { facts.retractedScans(of: lane) }
  func tree(of scan: EntryID) -> Tree { facts.tree(of: scan) }
  func sheet(_ id: SheetID) -> Sheet {
    sheetsRead += 1
    return facts.sheet(id)
  }
  func commit(_ id: CommitID) -> CommitRecord? { facts.commit(id) }
  func blobs(of paths: [RepoPath], at commit: CommitID) -> [RepoPath: BlobID]? {
    facts.blobs(of: paths, at: commit)
  }
  func difference(from old: CommitID, to new: CommitID) -> CommitDifference? {
    facts.difference(from: old, to: new)
  }
  func fileMap(_ pair: BlobPair) -> FileMap? { facts.fileMap(pair) }
  func silences(of blob: BlobID) -> SilencedText? { facts.silences(of: blob) }
  func toolConfiguration(of tool: String, at commit: CommitID) -> ToolConfigurationRecord? {
    facts.toolConfiguration(of: tool, at: commit)
  }
  func corrections(of lane: LaneKey) -> [CorrectionFact] { [] }
  func confirmation(of scan: EntryID) -> EntryID? { facts.confirmation(of: scan) }
  func analysedFiles(of scan: ScanRecord) -> Set<RepoPath>? { facts.analysedFiles(of: scan) }
  func waivers() -> [(id: EntryID, record: WaiverRecord)] { [] }
}
