import TallyBooks
import TallyModel
import Testing

@Suite("Tests and measurements")
struct TestAccountTests {
  private static let lane = LaneKey(project: "p", tool: "pytest", category: "", branch: "main")

  /// Cases as `id outcome`, with `p f e s k` for passed, failed, error, skipped, flaky.
  private func run(_ commit: String, _ cases: [String], succeeded: Bool = true, tag: String = "")
    -> TestRunFact
  {
    let outcomes: [String: TestOutcome] = [
      "p": .passed, "f": .failed, "e": .error, "s": .skipped, "k": .flaky,
    ]
    let record = TestRunRecord(
      lane: Self.lane,
      commit: World.commit(commit),
      rawDigest: SimFactWriter.content("raw", RawDigest.init),
      rawLength: 1,
      sequence: nil,
      started: nil,
      durationMilliseconds: nil,
      succeeded: succeeded,
      cases: cases.map { text in
        let words = text.split(separator: " ").map(String.init)
        return TestCaseResult(
          id: words[0],
          outcome: outcomes[words[1]] ?? .passed,
          message: nil,
          path: nil
        )
      },
      skipped: []
    )
    return TestRunFact(
      id: SimFactWriter.content("run \(commit) \(cases) \(tag)", EntryID.init),
      record: record
    )
  }

  private func history(_ runs: [TestRunFact], count: Int = 4) throws -> TestHistory {
    var world = World()
    for index in 0..<count {
      world.commit(
        "c\(index)",
        parents: index == 0 ? [] : ["c\(index - 1)"],
        time: Int64(index * 10)
      )
    }
    return try TestHistory(lane: Self.lane, runs: runs.shuffled(), facts: world.facts)
  }

  private func at(_ seconds: Int64) -> AccountPoint {
    AccountPoint(time: Timestamp(seconds: seconds))
  }

  @Test("every movement once; removed and skipped are not repaired")
  func movements() throws {
    let tests = try history([
      run("c0", ["a p", "b f", "c e", "d f", "x f"]),
      run("c1", ["a f", "b p", "d s", "x f", "y f", "z k"]),
    ])
    let account = try TestAccount(histories: [tests], from: at(0), to: at(10))
    #expect(account.opening.map(\.id) == ["b", "c", "d", "x"])
    #expect(account.items[.broke]?.map(\.test.id) == ["a"])
    #expect(account.items[.appearedFailing]?.map(\.test.id) == ["y", "z"])
    #expect(account.items[.repaired]?.map(\.test.id) == ["b"])
    #expect(account.items[.removed]?.map(\.test.id) == ["c"])
    #expect(account.items[.skipped]?.map(\.test.id) == ["d"])
    #expect(account.closing.map(\.id) == ["a", "x", "y", "z"])
    #expect(account.flaky.map(\.id) == ["z"])
    #expect(account.count(TestOutcome.passed) == 1)
    #expect(!account.isPassing())
  }

  @Test("both outcomes at one commit are flaky, in whatever order the runs came")
  func flaky() throws {
    let tests = try history([
      run("c0", ["a p", "b f", "c s", "d f", "e s"]),
      run("c0", ["a f", "b f", "c p", "d e", "e s"], tag: "2"),
    ])
    let outcomes = tests.positions[0].states.map(\.outcome)
    #expect(outcomes == [.flaky, .failed, .passed, .failed, .skipped])
    let account = try TestAccount(histories: [tests], from: nil, to: at(0)) { $0.id == "a" }
    #expect(!account.isPassing() && account.isPassing(allowFlaky: true))
    let none = try TestAccount(histories: [tests], from: nil, to: at(0)) { _ in false }
    #expect(!none.isPassing())
  }

  @Test("what fails in one part of a run is not flaky where another part passes")
  func parts() throws {
    let one = run("c0", ["a p", "b k", "c e"])
    let two = run("c0", ["a f", "b p", "c f"], tag: "2")
    func outcomes(_ runs: [TestRunFact]) throws -> [TestOutcome] {
      try history(runs).positions[0].states.map(\.outcome)
    }
    let time = Timestamp(seconds: 1)
    let ingest = RecordingRecord(entries: [one.id, two.id], recorded: time, run: nil)
    let file = TestRunFact(id: two.id, record: two.record, recordings: [ingest])
    #expect(try outcomes([one, file]) == [.failed, .flaky, .failed])
    func job(_ fact: TestRunFact, attempt: Int) -> TestRunFact {
      let run = CIRun(series: "ci", id: "1", order: 1, attempt: attempt)
      let recording = RecordingRecord(entries: [fact.id], recorded: time, run: run)
      return TestRunFact(id: fact.id, record: fact.record, recordings: [recording])
    }
    let jobs = [job(one, attempt: 1), job(two, attempt: 1)]
    #expect(try outcomes(jobs) == [.failed, .flaky, .failed])
    let again = [job(one, attempt: 2), job(two, attempt: 1)]
    #expect(try outcomes(again) == [.flaky, .flaky, .failed])
  }

  @Test("a run that finished counts beside one that did not, also within one second")
  func finishedInTheSameSecond() throws {
    let runs = [run("c0", [], succeeded: false), run("c0", ["a p"])]
    let recordings = runs.map {
      RecordingRecord(entries: [$0.id], recorded: Timestamp(seconds: 1), run: nil)
    }
    func succeeded(_ recordings: [[RecordingRecord]]) throws -> Bool {
      let facts = zip(runs, recordings).map {
        TestRunFact(id: $0.id, record: $0.record, recordings: $1)
      }
      return try history(facts).positions[0].succeeded
    }
    #expect(try succeeded([[recordings[0]], [recordings[1]]]))
    // As parts of one run it takes both.
    let both = RecordingRecord(entries: runs.map(\.id), recorded: Timestamp(seconds: 1), run: nil)
    #expect(try !succeeded([[both], [both]]))
  }

  @Test("a run that did not finish removes nothing")
  func unfinished() throws {
    let tests = try history([run("c0", ["a f", "b f"]), run("c1", ["a p"], succeeded: false)])
    let account = try TestAccount(histories: [tests], from: at(0), to: at(10))
    #expect(account.closing.map(\.id) == ["b"])
    #expect(account.count(TestAccount.Movement.removed) == 0)
  }

  /// Method: random runs; between any two points the account balances and closes with what a look at the states says.
  @Test("balances between any two points")
  func property() throws {
    for seed in UInt64(1)...200 {
      var random = SplitMix64(seed: seed)
      var runs: [TestRunFact] = []
      for commit in 0..<6 {
        for tag in 0..<random.below(3) {
          let cases = ["a", "b", "c", "d"].filter { _ in random.chance(75) }.map {
            "\($0) \(random.pick(["p", "p", "f", "e", "s", "k"]) ?? "p")"
          }
          runs.append(run("c\(commit)", cases, succeeded: random.chance(80), tag: "\(tag)"))
        }
      }
      let tests = try history(runs, count: 6)
      let from = Int64(random.below(60) - 5)
      let to = from + Int64(random.below(60))
      let account = try TestAccount(histories: [tests], from: at(from), to: at(to))
      let before = try TestAccount(histories: [tests], from: nil, to: at(from))
      #expect(account.opening == before.closing, "seed \(seed)")
      #expect(account.isBalanced, "seed \(seed)")
    }
  }

  // MARK: Measurements

  @Test(
    "reads, writes and compares decimals exactly",
    arguments: [
      ("412", "412"), ("0.850", "0.85"), ("-0", "0"), ("+1.50", "1.5"), ("1e3", "1000"),
      ("1.5e-3", "0.0015"), ("-12.5E1", "-125"), (".5", "0.5"), ("7.", "7"), ("000.100", "0.1"),
      ("0.1234567890123456789012345", "0.1234567890123456789012345"),
    ]
  )
  func decimals(_ text: String, _ expected: String) {
    #expect(DecimalNumber(text)?.description == expected)
  }

  @Test(
    "refuses what is no decimal",
    arguments: ["", "-", ".", "1e", "1e9999", "0x1", "1,5", "NaN", "1.2.3", " 1", "inf"]
  )
  func noDecimals(_ text: String) {
    #expect(DecimalNumber(text) == nil)
  }

  @Test("counts with decimals as with whole numbers")
  func arithmetic() throws {
    var random = SplitMix64(seed: 3)
    for _ in 0..<2_000 {
      let (left, right) = (random.below(4_000) - 2_000, random.below(4_000) - 2_000)
      func number(_ thousandths: Int) throws -> DecimalNumber {
        try #require(DecimalNumber("\(thousandths)e-3"))
      }
      let (one, other) = (try number(left), try number(right))
      let (sum, difference) = (try number(left + right), try number(left - right))
      #expect(one + other == sum)
      #expect(one - other == difference)
      #expect((one < other) == (left < right))
      #expect(one.half + one.half == one)
    }
  }

  @Test("takes the median, of an even count the mean of the middle two")
  func median() throws {
    func median(_ texts: [String]) -> String? {
      MeasurementSeries.median(texts.compactMap(DecimalNumber.init))?.description
    }
    #expect(median(["3", "1", "2"]) == "2")
    #expect(median(["0.1", "0.2"]) == "0.15")
    #expect(median(["-1", "4", "2", "10"]) == "3")
    #expect(median([]) == nil)
  }

  @Test("gives one series a name, in the order of the commits")
  func series() throws {
    var world = World()
    world.commit("c0", time: 0)
    world.commit("c1", parents: ["c0"], time: 10)
    func record(_ commit: String, _ values: [String]) -> MeasurementRecord {
      MeasurementRecord(
        project: "p",
        branch: "main",
        commit: World.commit(commit),
        measured: Timestamp(seconds: 99),
        samples: values.map { .init(name: "rss_mb", value: $0) } + [.init(name: "t_ms", value: "1")]
      )
    }
    let all = try MeasurementSeries.collect(
      [record("c1", ["410", "400"]), record("c0", ["420"]), record("c1", ["406"])],
      facts: world.facts
    )
    #expect(all.map(\.name) == ["rss_mb", "t_ms"])
    #expect(all[0].points.map(\.median.description) == ["420", "406"])
    #expect(all[0].points.map(\.sampleCount) == [1, 3])
    #expect(all[0].point(at: Timestamp(seconds: 9))?.median.description == "420")
    #expect(all[0].point(of: World.commit("c1"))?.median.description == "406")
  }

  // MARK: Tests that are not there any more

  @Test("a failing test that goes with all others of its file is missing until the file is back")
  func missing() throws {
    let runs = [
      run("c0", ["a::x p", "a::y p", "b::x f", "b::z p"]), run("c1", ["a::x p"]),
      run("c2", ["a::x p"]), run("c3", ["a::x p", "b::z p"]),
    ]
    func absence(_ count: Int) throws -> TestAbsence {
      TestAbsence(try history(Array(runs.prefix(count))).positions)
    }
    #expect(try absence(1).vanished.isEmpty)
    #expect(try absence(2).vanished.map(\.id) == ["a::y", "b::x", "b::z"])
    #expect(try absence(2).missing.map(\.id) == ["b::x"])
    // Told once, and missing as long as nothing of its file is seen.
    #expect(try absence(3).vanished.isEmpty)
    #expect(try absence(3).missing.map(\.id) == ["b::x"])
    #expect(try absence(4).missing.isEmpty)
  }

  @Test("what was deleted from its file, moved, or was passing is not missing")
  func explained() throws {
    let before = run("c0", ["a::x f", "a::y p", "b::z f", "c::w p"])
    let after = run("c1", ["a::y p", "d::z p"])
    let absence = TestAbsence(try history([before, after]).positions)
    #expect(absence.vanished.map(\.id) == ["a::x", "b::z", "c::w"])
    #expect(absence.missing.isEmpty)
  }

  @Test("a run that did not finish says nothing of what it lacks")
  func unfinishedAbsence() throws {
    let broken = run("c1", ["a::y p"], succeeded: false)
    let absence = TestAbsence(try history([run("c0", ["a::y p", "b::z f"]), broken]).positions)
    #expect(absence.vanished.isEmpty && absence.missing.isEmpty)
  }

  @Test("what went before the baseline is not missing since")
  func absenceBeforeBaseline() throws {
    let tests = try history([
      run("c0", ["a::y p", "b::z f"]), run("c1", ["a::y p"]), run("c2", ["a::y p"]),
    ])
    let absence = TestAbsence(tests.positions) { $0.index > 1 }
    #expect(absence.missing.isEmpty)
  }
}
