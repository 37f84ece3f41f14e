import GRDB
import TallyLedger
import TallyModel
import Testing

/// The books as tables: what a step wrote comes back, and only what changed is written.
@Suite struct BooksTests {
  /// A lane with one file of two rows, then three.
  struct Story {
    let ledger: Ledger
    let folder: TemporaryFolder
    var scans: [EntryID] = []
    var ids: [ViolationID] = []

    init() throws {
      folder = try TemporaryFolder()
      ledger = try Ledger.open(folder.file("ledger.db"), mode: .create)
    }

    func position(_ index: Int, scans: [EntryID], superseded: [EntryID] = []) throws -> LanePosition
    {
      LanePosition(
        lane: Sample.lane,
        index: index,
        commit: try Sample.commit(index),
        time: Timestamp(seconds: 1_000 + Int64(index) * 100),
        scans: scans.sorted(),
        superseded: superseded.sorted(),
        succeeded: true,
        onLine: index != 7,
        coversAll: true
      )
    }

    func posting(
      _ kind: PostingKind,
      _ id: ViolationID,
      at position: Int?,
      time: Int64? = nil,
      source: EntryID? = nil
    ) throws -> Posting {
      Posting(
        violation: id,
        time: Timestamp(seconds: time ?? 1_000 + Int64(position ?? 0) * 100),
        position: position,
        lane: Sample.lane,
        kind: kind,
        basis: .indirect,
        path: path("a.py"),
        commit: try Sample.commit(position ?? 0),
        isExactCommit: position == 1,
        link: kind == .reopened
          ? LinkEvidence(stage: .window, score: 12, margin: position == nil ? 3 : nil) : nil,
        source: source
      )
    }

    func violation(_ id: ViolationID, _ origin: Sighting, state: ViolationState) -> Violation {
      Violation(
        id: id,
        lane: Sample.lane,
        rule: "TID251",
        level: .warning,
        message: StoredFormat.textID("m"),
        state: state,
        origin: origin,
        last: origin,
        firstPosition: 0,
        lastPosition: 0
      )
    }

    /// Records a scan whose file has rows on some lines, and returns its sheet.
    mutating func scan(_ lines: [Int], in tx: WriteTransaction) throws -> SheetID {
      let number = scans.count
      let draft = try SheetDraft(path: path("a.py"), sheet: try Sample.sheet(lines: lines))
      let commit = try Sample.commit(number)
      let scan = try EntryDraft(
        .scan(
          try Sample.scan(
            commit: commit,
            lines: [(draft.path, draft.claim)],
            count: lines.count,
            raw: number
          )
        )
      )
      let tree = try tx.saveCapture(in: Sample.lane, commit: commit, lines: [.sheet(draft)])
      _ = try tx.append(
        [scan, try EntryDraft(.evidence(.capture(scan: scan.id, tree: tree)))],
        receipt: Sample.receipt
      )
      scans.append(scan.id)
      return draft.id
    }

    func roster(_ sheet: SheetID, _ list: [ViolationID], blob: Int) throws -> Roster {
      Roster(
        path: path("a.py"),
        blob: try Sample.blob(blob),
        sheet: sheet,
        scan: scans[scans.count - 1],
        violations: list
      )
    }

    /// Two rows; a shift; then one fixed, one new, and one that moved.
    mutating func tell() throws {
      try ledger.write { tx in
        try tx.saveTexts(["m", "`redis.Redis` is banned"])
        let sheet = try scan([3, 9], in: tx)
        let origins = (0..<2).map {
          Sighting(scan: scans[0], path: path("a.py"), ordinal: $0)
        }
        ids = origins.map { Mint().mint($0) }
        var delta = LaneDelta(position: try position(0, scans: [scans[0]]))
        delta.violations = zip(ids, origins).map { violation($0, $1, state: .open) }
          .sorted { $0.id < $1.id }
        delta.postings = try ids.sorted().map { try posting(.broughtForward, $0, at: 0) }
        delta.rosters = [try roster(sheet, ids, blob: 1)]
        delta.warnings = ["b", "a"]
        try tx.apply(delta)
      }
      try ledger.write { tx in
        let sheet = try scan([4, 10], in: tx)
        var delta = LaneDelta(position: try position(1, scans: [scans[1]]))
        delta.rosters = [try roster(sheet, ids, blob: 2)]
        try tx.apply(delta)
      }
      try ledger.write { tx in
        let sheet = try scan([10, 20], in: tx)
        let origin = Sighting(scan: scans[2], path: path("a.py"), ordinal: 1)
        ids.append(Mint().mint(origin))
        var delta = LaneDelta(position: try position(2, scans: [scans[2]]))
        var gone = violation(
          ids[0],
          Sighting(scan: scans[0], path: path("a.py"), ordinal: 0),
          state: .closed
        )
        gone.lastPosition = 2
        delta.violations = [gone, violation(ids[2], origin, state: .suppressed)]
          .sorted { $0.id < $1.id }
        delta.postings = [
          try posting(.fixed, ids[0], at: 2), try posting(.introduced, ids[2], at: 2),
        ].sorted { $0.violation < $1.violation }
        delta.rosters = [try roster(sheet, [ids[1], ids[2]], blob: 3)]
        delta.moves = [
          ViolationMove(
            violation: ids[1],
            position: 2,
            from: path("a.py"),
            to: path("a.py"),
            evidence: LinkEvidence(stage: .window, score: 48, margin: 5),
            isAmbiguous: true
          )
        ]
        delta.aliases = [(ViolationID(high: 1, low: 2), ids[1])]
        try tx.apply(delta)
      }
    }
  }

  @Test("the last positions can be taken back, the first cannot")
  func rewind() throws {
    var story = try Story()
    try story.tell()
    let (ids, scans) = (story.ids, story.scans)
    try story.ledger.write { (tx: WriteTransaction) throws in
      #expect(try tx.undo(of: Sample.lane).map(\.place) == [0, 1, 2])
      #expect(try tx.undo(of: Sample.lane)[2].violations[ids[2]] == .some(nil))
      #expect(try tx.undo(of: Sample.lane)[2].violations[ids[0]]??.state == .open)
      #expect(try !tx.rewind(Sample.lane, to: 0))
      #expect(try tx.rewind(Sample.lane, to: 1))
      let books = tx.books(of: Sample.lane)
      #expect(try books.head() == story.position(0, scans: [scans[0]]))
      #expect(try books.roster(path("a.py"))?.violations == [ids[0], ids[1]])
      #expect(try books.roster(path("a.py"))?.blob == Sample.blob(1))
      #expect(try books.roster(path("a.py"))?.scan == scans[0])
      #expect(try books.violation(ids[0])?.state == .open)
      #expect(try books.violation(ids[0])?.lastPosition == 0)
      #expect(try books.violation(ids[2]) == nil)
      #expect(try tx.postings(of: Sample.lane).map(\.kind) == [.broughtForward, .broughtForward])
      #expect(try tx.moves(of: Sample.lane).isEmpty)
      #expect(try tx.undo(of: Sample.lane).map(\.place) == [0])
      #expect(try tx.violations(in: path("a.py"), of: Sample.lane, atOrBefore: 9).count == 2)
      #expect(try tx.violation(ViolationID(high: 1, low: 2))?.id == ids[1])
    }
    #expect(try story.ledger.verifyBasic().isEmpty)
  }

  @Test("what steps wrote comes back")
  func roundTrip() throws {
    var story = try Story()
    try story.tell()
    let (ids, scans) = (story.ids, story.scans)
    try story.ledger.read { (reader: LedgerReader) throws in
      let books = reader.books(of: Sample.lane)
      #expect(try books.head() == story.position(2, scans: [scans[2]]))
      #expect(try books.position(0) == story.position(0, scans: [scans[0]]))
      #expect(try books.position(3) == nil)
      #expect(try books.rosterPaths() == [path("a.py")])
      #expect(try books.roster(path("a.py"))?.violations == [ids[1], ids[2]])
      #expect(try books.roster(path("a.py"))?.blob == Sample.blob(3))
      #expect(try books.roster(path("b.py")) == nil)
      #expect(try books.violation(ids[1])?.state == .open)
      #expect(try books.absentViolations(rule: "TID251").map(\.id) == [ids[0], ids[2]].sorted())
      #expect(try books.absentViolations(rule: "X").isEmpty)
      #expect(try reader.openCount(of: Sample.lane) == 1)
      #expect(try reader.violations(of: Sample.lane).count == 3)
      #expect(try reader.violations(of: Sample.lane, states: [.closed]).map(\.id) == [ids[0]])
      let all = try reader.postings(of: Sample.lane)
      #expect(all.count == 4)
      #expect(
        try reader.postings(of: Sample.lane, after: Timestamp(seconds: 1_000)).map(\.kind).sorted {
          $0.rawValue < $1.rawValue
        } == [.introduced, .fixed]
      )
      #expect(
        try reader.postings(of: ids[0])
          == [
            story.posting(.broughtForward, ids[0], at: 0), story.posting(.fixed, ids[0], at: 2),
          ]
      )
      #expect(try reader.moves(of: ids[1]).map(\.evidence.score) == [48])
      #expect(try reader.moves(of: Sample.lane).count == 1)
      #expect(try reader.warnings(of: Sample.lane).map(\.text) == ["b", "a"])
      #expect(try reader.place(of: scans[1])?.position == 1)
    }
    #expect(try story.ledger.verifyBasic() == [])
  }

  @Test("a violation is found where it was, and by every id it was shown under")
  func history() throws {
    var story = try Story()
    try story.tell()
    let (ids, scans) = (story.ids, story.scans)
    try story.ledger.read { (reader: LedgerReader) throws in
      let before = try reader.sighting(of: ids[1], atOrBefore: 1)
      #expect(before == Sighting(scan: scans[1], path: path("a.py"), ordinal: 1))
      let after = try reader.sighting(of: ids[1], atOrBefore: 2)
      #expect(after == Sighting(scan: scans[2], path: path("a.py"), ordinal: 0))
      #expect(try reader.sighting(of: ids[0], atOrBefore: 2) == nil)
      #expect(try reader.sighting(of: ids[2], atOrBefore: 1) == nil)
      #expect(try before.flatMap { try reader.violation(at: $0) } == ids[1])
      #expect(try before.flatMap { try reader.row($0) }?.finding.region?.startLine == 10)
      let beyond = Sighting(scan: scans[0], path: path("a.py"), ordinal: 2)
      #expect(try reader.violation(at: beyond) == nil)
      #expect(try reader.row(beyond) == nil)
      #expect(try reader.violation(ViolationID(high: 1, low: 2))?.id == ids[1])
      for count in [4, 6, 13, 25] {
        let found = try reader.violations(withPrefix: ids[1].short(digits: count).lowercased())
        #expect(found.map(\.id) == [ids[1]], "\(count)")
      }
      let alias = ViolationID(high: 1, low: 2).description
      #expect(try reader.violations(withPrefix: alias).map(\.id) == [ids[1]])
      #expect(try reader.violations(withPrefix: "T-?").isEmpty)
      let digits = ids[1].bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
      for written in [digits.joined(), digits.joined().uppercased()] {
        #expect(try reader.violations(withPrefix: written).map(\.id) == [ids[1]])
      }
      #expect(try reader.violations(withPrefix: String(repeating: "0", count: 32)).isEmpty)
    }
    // SQL says the same id as people see.
    let shown = try DatabaseQueue(path: story.ledger.path).read { db in
      try String.fetchAll(db, sql: "SELECT id FROM violations")
    }
    #expect(shown.sorted() == ids.map(\.description).sorted())
  }

  /// Method: rows of the tables counted around a step that shifts lines only.
  @Test("a shift writes no list, no posting and no violation")
  func shiftIsCheap() throws {
    var story = try Story()
    try story.tell()
    func rows() throws -> [Int] {
      try DatabaseQueue(path: story.ledger.path).read { db in
        try ["roster", "roster_head", "posting", "violation"].map {
          try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0)") ?? 0
        }
      }
    }
    let before = try rows()
    try story.ledger.write { tx in
      let sheet = try story.scan([11, 21], in: tx)
      var delta = LaneDelta(position: try story.position(3, scans: [story.scans[3]]))
      delta.rosters = [try story.roster(sheet, [story.ids[1], story.ids[2]], blob: 4)]
      try tx.apply(delta)
    }
    #expect(try rows() == before)
  }

  @Test("positions follow each other without gaps")
  func order() throws {
    var story = try Story()
    try story.tell()
    for index in [0, 2, 4] {
      #expect(throws: LedgerError.self) {
        try story.ledger.write { tx in
          try tx.apply(LaneDelta(position: try story.position(index, scans: [])))
        }
      }
    }
  }

  @Test("books that are made again have the same digest, and remember ids")
  func digest() throws {
    var story = try Story()
    try story.tell()
    var again = try Story()
    try again.ledger.write { tx in
      // Other numbers for rows of the same content.
      try tx.saveTexts(["x", "y"])
      for branch in ["a", "b"] {
        let lane = LaneKey(project: "shop", tool: "z", category: "", branch: branch)
        _ = try tx.append(
          [
            .scan(
              try Sample.scan(
                lane: lane,
                commit: try Sample.commit(9),
                lines: [],
                count: 0,
                raw: 99
              )
            )
          ],
          receipt: Sample.receipt
        )
      }
    }
    try again.tell()
    let digests = try [story, again].map { try $0.ledger.read { try $0.booksDigest() } }
    #expect(digests[0] == digests[1])
    try story.ledger.write { tx in
      try tx.resetLane(Sample.lane)
      #expect(try tx.booksDigest() != digests[0])
      #expect(try tx.books(of: Sample.lane).head() == nil)
      #expect(try tx.violations(of: Sample.lane).isEmpty)
    }
    #expect(try story.ledger.verifyBasic() == [])
  }
}
