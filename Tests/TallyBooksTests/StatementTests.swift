import TallyBooks
import TallyModel
import Testing

@Suite("Statements and waivers")
struct StatementTests {
  private static let lane = LaneKey(project: "p", tool: "ruff", category: "", branch: "main")

  private func posting(
    _ violation: UInt64,
    _ kind: PostingKind,
    _ position: Int,
    _ path: String = "a/x.py",
    basis: Basis = .direct,
    time: Int64? = nil
  ) -> Posting {
    Posting(
      violation: ViolationID(high: violation, low: 0),
      time: Timestamp(seconds: time ?? Int64(position * 10)),
      position: position,
      lane: Self.lane,
      kind: kind,
      basis: basis,
      path: World.path(path),
      commit: nil,
      isExactCommit: false,
      link: nil,
      source: nil
    )
  }

  private func move(_ violation: UInt64, _ position: Int, _ from: String, _ to: String)
    -> (time: Timestamp, move: ViolationMove)
  {
    (
      Timestamp(seconds: Int64(position * 10)),
      ViolationMove(
        violation: ViolationID(high: violation, low: 0),
        position: position,
        from: World.path(from),
        to: World.path(to),
        evidence: LinkEvidence(stage: .sameBlob, score: 0, margin: nil),
        isAmbiguous: false
      )
    )
  }

  private func at(_ seconds: Int64) -> AccountPoint {
    AccountPoint(time: Timestamp(seconds: seconds))
  }

  private func text(_ row: Statement.Row, _ kinds: [PostingKind]) -> String {
    let cells = kinds.filter { row.count($0) > 0 }.map { kind in
      let bases = row.bases(kind).map { "\($0.count) \($0.basis.name)" }.joined(separator: ", ")
      return "\(kind.sign > 0 ? "+" : "-")\(row.count(kind)) \(kind.name) (\(bases))"
    }
    return "\(row.key): \(row.opening.count) \(cells.joined(separator: " ")) = \(row.closing.count)"
  }

  @Test("43 to 43 hides nothing: gross numbers, to the row, with their bases")
  func gross() throws {
    let postings = [
      posting(1, .broughtForward, 0), posting(2, .broughtForward, 0),
      posting(1, .fixed, 1), posting(3, .introduced, 1), posting(3, .fixed, 2, basis: .indirect),
      posting(4, .introduced, 2), posting(2, .suppressed, 2), posting(2, .unsuppressed, 3),
    ]
    let accounts = ViolationAccount.collect(postings: postings)
    let statement = try Statement(accounts: accounts, from: at(0), to: at(30))
    #expect(
      text(statement.total, statement.kinds)
        == ": 2 +2 introduced (2 direct) +1 unsuppressed (1 direct) "
        + "-2 fixed (1 direct, 1 indirect) -1 suppressed (1 direct) = 2"
    )
    let now = try Statement(accounts: accounts, from: nil, to: at(20))
    #expect(now.total.closing == [ViolationID(high: 4, low: 0)])
    #expect(now.total.opening.isEmpty)
  }

  @Test("a move across a boundary is moved out of one row and into another, and not in the total")
  func moved() throws {
    let accounts = ViolationAccount.collect(
      postings: [
        posting(1, .broughtForward, 0, "a/x.py"), posting(2, .broughtForward, 0, "a/y.py"),
        posting(1, .fixed, 2, "b/x.py"), posting(2, .suppressed, 1, "a/y.py"),
        posting(2, .unsuppressed, 2, "b/y.py"),
      ],
      moves: [move(1, 1, "a/x.py", "b/x.py"), move(2, 1, "a/y.py", "b/y.py")]
    )
    let statement = try Statement(
      accounts: accounts,
      from: at(0),
      to: at(20),
      by: Breakdown.folder(depth: 1)
    )
    #expect(
      statement.rows.map { text($0, statement.kinds) } == [
        "a: 2 -1 suppressed (1 direct) -1 moved out (1 direct) = 0",
        "b: 0 +1 unsuppressed (1 direct) +1 moved in (1 direct) -1 fixed (1 direct) = 1",
      ]
    )
    #expect(statement.total.count(.movedIn) == 0)
    #expect(
      text(statement.total, statement.kinds)
        == ": 2 +1 unsuppressed (1 direct) -1 fixed (1 direct) -1 suppressed (1 direct) = 1"
    )
  }

  @Test("a changed definition is redefined, also into and out of a campaign")
  func redefined() throws {
    let accounts = ViolationAccount.collect(
      postings: [
        posting(1, .broughtForward, 0, "a/x.py"), posting(2, .broughtForward, 0, "b/x.py"),
        posting(3, .broughtForward, 0, "c/x.py"),
      ]
    )
    let statement = try Statement(accounts: accounts, from: at(0), to: at(50)) { _, path, time in
      let isNew = time.seconds >= 40
      switch path.folder {
      case "a": return isNew ? "P2" : "P1"
      case "b": return isNew ? nil : "P1"
      default: return isNew ? "P1" : nil
      }
    }
    #expect(
      statement.rows.map { text($0, statement.kinds) } == [
        "P1: 2 +1 redefined in (1 direct) -2 redefined out (2 direct) = 1",
        "P2: 0 +1 redefined in (1 direct) = 1",
      ]
    )
    #expect(
      text(statement.total, statement.kinds)
        == ": 2 +1 redefined in (1 direct) -1 redefined out (1 direct) = 2"
    )
  }

  @Test("refuses books that cannot be")
  func damaged() throws {
    let twice = ViolationAccount.collect(
      postings: [posting(1, .broughtForward, 0), posting(1, .introduced, 1)]
    )
    let error = StatementError.impossible(
      violation: ViolationID(high: 1, low: 0),
      kind: .introduced
    )
    #expect(throws: error) { try Statement(accounts: twice, from: nil, to: at(50)) }
    #expect(error.description == "T-000000 is posted as introduced, which its state does not allow")
    let never = ViolationAccount.collect(postings: [posting(1, .fixed, 0)])
    #expect(throws: StatementError.self) { try Statement(accounts: never, from: nil, to: at(50)) }
  }

  @Test("a commit means its position, also between two of one time")
  func positions() throws {
    let accounts = ViolationAccount.collect(
      postings: [
        posting(1, .broughtForward, 0, time: 5), posting(1, .fixed, 1, time: 5),
      ]
    )
    let first = AccountPoint(time: Timestamp(seconds: 5), positions: [Self.lane: 0])
    #expect(try Statement(accounts: accounts, from: nil, to: first).total.closing.count == 1)
    #expect(try Statement(accounts: accounts, from: nil, to: at(5)).total.closing.isEmpty)
    #expect(accounts[0].state(at: first) == .open)
    #expect(accounts[0].state(at: at(5)) == .closed)
    #expect(accounts[0].state(at: at(4)) == nil)
  }

  // MARK: Waivers

  private func book(_ spans: [(from: Int64, until: Int64)]) -> WaiverBook {
    WaiverBook(
      waivers: spans.enumerated().map { index, span in
        (
          SimFactWriter.content("waiver \(index)", EntryID.init),
          WaiverRecord(
            project: "p",
            sightings: [
              Sighting(
                scan: SimFactWriter.content("s", EntryID.init),
                path: World.path("x"),
                ordinal: index == 9 ? 1 : 0
              )
            ],
            reason: SimFactWriter.text("why"),
            owner: "Ada",
            from: Timestamp(seconds: span.from),
            until: Timestamp(seconds: span.until)
          )
        )
      },
      resolve: { $0.ordinal == 0 ? [ViolationID(high: 1, low: 0)] : [] }
    )
  }

  private func story(_ postings: [Posting], _ spans: [(from: Int64, until: Int64)]) -> [String] {
    book(spans).overlay(postings).map { "\($0.time.seconds) \($0.kind.name) \($0.position ?? -1)" }
  }

  @Test("waivers start, expire, overlap, and are lifted by what ends the violation")
  func waivers() {
    let life = [posting(1, .broughtForward, 1), posting(1, .fixed, 5), posting(1, .reopened, 8)]
    #expect(
      story(life, [(20, 30)]) == [
        "10 brought forward 1", "20 waived -1", "30 unwaived -1", "50 fixed 5", "80 reopened 8",
      ]
    )
    #expect(
      story(life, [(0, 20), (15, 40), (40, 45)]) == [
        "10 brought forward 1", "10 waived 1", "45 unwaived -1", "50 fixed 5", "80 reopened 8",
      ]
    )
    #expect(
      story(life, [(30, 90)]) == [
        "10 brought forward 1", "30 waived -1", "50 unwaived 5", "50 fixed 5", "80 reopened 8",
        "80 waived 8", "90 unwaived -1",
      ]
    )
    #expect(story(life, [(50, 80)]) == story(life, []))
    #expect(story(life, [(30, 30)]) == story(life, []))
  }

  @Test("waived is not fixed, and a statement over it balances")
  func waivedStatement() throws {
    let life = [posting(1, .broughtForward, 1), posting(1, .fixed, 5)]
    let waived = ViolationAccount.collect(postings: life, waivers: book([(20, 90)]))
    let middle = try Statement(accounts: waived, from: at(10), to: at(30))
    #expect(text(middle.total, middle.kinds) == ": 1 -1 waived (1 direct) = 0")
    #expect(waived[0].state(at: at(30)) == .waived)
    let whole = try Statement(accounts: waived, from: at(10), to: at(50))
    #expect(
      text(whole.total, whole.kinds)
        == ": 1 +1 unwaived (1 direct) -1 fixed (1 direct) -1 waived (1 direct) = 0"
    )
    #expect(
      book([(20, 90)]).waiver(of: ViolationID(high: 1, low: 0), at: Timestamp(seconds: 20)) != nil
    )
    #expect(
      book([(20, 90)]).waiver(of: ViolationID(high: 1, low: 0), at: Timestamp(seconds: 90)) == nil
    )
  }

  @Test("a sighting that is not in the books is said")
  func unresolved() {
    let spans = (0..<10).map { (from: Int64($0), until: Int64($0 + 1)) }
    #expect(book(spans).unresolved.map(\.sighting.ordinal) == [1])
  }
}
