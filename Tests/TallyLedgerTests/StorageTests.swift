import TallyModel
import Testing

@testable import TallyLedger

/// How bytes and lines are kept in less room, and come back.
@Suite struct StorageTests {
  let bytes = ByteDelta(deflate: Deflate())
  let lines = LineDelta(deflate: Deflate())

  @Test("bytes come back from their difference")
  func byteDelta() throws {
    var random = Random(seed: 5)
    for round in 0..<300 {
      let base = (0..<random.below(round < 290 ? 400 : 80_000)).map { _ in
        UInt8(random.below(round % 2 == 0 ? 4 : 256))
      }
      var next = base
      for _ in 0..<random.below(5) where !next.isEmpty {
        let place = random.below(next.count)
        switch random.below(3) {
        case 0: next[place] = UInt8(random.below(256))
        case 1: next.insert(UInt8(random.below(256)), at: place)
        default: next.remove(at: place)
        }
      }
      let stored = bytes.encode(next, base: base)
      #expect(try bytes.decode(stored, base: base) == next, "round \(round)")
      #expect(stored.count <= next.count + 12)
    }
  }

  @Test("a shift of a sheet is a few bytes")
  func shift() throws {
    let rows = (0..<200).map { 10 + $0 * 7 }
    let windows = rows.map { Sample.window($0) }
    func encoded(by shift: Int) throws -> [UInt8] {
      try SheetEncoding.encode(
        Sheet(
          findings: try rows.map { try Sample.finding(line: $0 + shift) },
          lexerVersion: 1,
          windows: windows
        )
      )
    }
    let (before, after) = (try encoded(by: 0), try encoded(by: 5))
    let stored = bytes.encode(after, base: before)
    #expect(stored.count <= 8)
    #expect(try bytes.decode(stored, base: before) == after)
  }

  private func line(_ random: inout Random) -> StoredLine {
    StoredLine(
      key: (0..<1 + random.below(4)).map { _ in UInt8(97 + random.below(4)) },
      reference: random.below(3) == 0 ? random.below(1 << 40) : random.below(9),
      value: (0..<random.below(3)).map { _ in UInt8(random.below(256)) }
    )
  }

  @Test("lines come back from their difference, equal keys too")
  func lineDelta() throws {
    var random = Random(seed: 6)
    func list() -> [StoredLine] {
      (0..<random.below(30)).map { _ in line(&random) }
        .sorted { $0.key.lexicographicallyPrecedes($1.key) }
    }
    var base = list()
    for round in 0..<400 {
      var next = list()
      if round % 2 == 0 {
        next = base.filter { _ in random.below(5) > 0 }
        for index in next.indices where random.below(6) == 0 { next[index].reference += 1 }
      }
      let stored = lines.encode(next, base: base)
      #expect(try lines.decode(stored, base: base) == next, "round \(round)")
      base = next
    }
  }

  @Test("rubbish is refused without harm")
  func rubbish() throws {
    var random = Random(seed: 7)
    let base = (0..<10).map { StoredLine(key: [UInt8(97 + $0)], reference: $0) }
    for _ in 0..<3_000 {
      let stored = (0..<random.below(40)).map { _ in UInt8(random.below(256)) }
      _ = try? bytes.decode(stored, base: [1, 2, 3])
      _ = try? lines.decode(stored, base: base)
      _ = try? lines.decode([0] + stored, base: base)
    }
  }

  @Test("a sheet's chain never has more than nine steps")
  func chains() {
    for generation in 1...63 {
      var steps = 0
      var current = generation
      while current > 0 {
        let base = ObjectStore.sheetBase(current)
        #expect(base < current)
        current = base
        steps += 1
      }
      #expect(steps <= ObjectStore.longestSheetChain)
    }
  }

  /// The base of a version has to be found by going back from the version before.
  @Test("a sheet's base is an ancestor of the version before")
  func ancestors() {
    for generation in 1...63 {
      var current = generation - 1
      let wanted = ObjectStore.sheetBase(generation)
      while current > wanted { current = ObjectStore.sheetBase(current) }
      #expect(current == wanted)
    }
  }

  @Test("thousands of versions of one sheet, rule list and run of tests come back")
  func versions() throws {
    let folder = try TemporaryFolder()
    let ledger = try Ledger.open(folder.file("ledger.db"), mode: .create)
    let lane = LaneKey(project: "shop", tool: "pytest", category: "", branch: "main")
    try ledger.write { tx in
      for round in 0..<1_100 {
        let sheet = try Sample.sheet(lines: [round + 1, round + 30], windows: false)
        let draft = try SheetDraft(path: path("a.py"), sheet: sheet)
        _ = try tx.saveCapture(
          in: lane,
          commit: try Sample.commit(round),
          lines: [.sheet(draft)]
        )
      }
      for round in 0..<90 {
        let cases = (0..<50).map {
          TestCaseResult(
            id: "tests/test_\(100 + $0).py::test",
            outcome: ($0 + round) % 17 == 0 ? .failed : .passed,
            message: nil,
            path: nil
          )
        }
        let run = TestRunRecord(
          lane: lane,
          commit: try Sample.commit(round),
          rawDigest: try Sample.id(round),
          rawLength: round,
          sequence: nil,
          started: nil,
          durationMilliseconds: nil,
          succeeded: true,
          cases: cases,
          skipped: []
        )
        let result = try tx.append([.tests(run)], receipt: Sample.receipt)
        #expect(try tx.entry(result.appended[0])?.body == .tests(run))
      }
    }
    #expect(try ledger.verifyBasic() == [])
    let runs = try ledger.read { try $0.testRuns(of: lane) }
    #expect(runs.count == 90)
    #expect(runs.allSatisfy { $0.record.cases.count == 50 })
    let size = try folder.bytes("ledger.db").count
    #expect(size < 500_000, "\(size)")
  }
}
