import TallyBooks
import TallyModel
import Testing

/// One invented history with its facts.
struct SimRun {
  let lane: LaneKey
  let history: SimHistory
  /// Everything that is known but which scans have arrived.
  private let base: MemoryFacts
  private let scans: [ScanFact]
  private let commits: [CommitID: Int]

  init(history: SimHistory) {
    self.history = history
    lane = LaneKey(project: "sim", tool: history.tool, category: "", branch: "main")
    var writer = SimFactWriter(lane: lane)
    writer.write(history.commits)
    for scan in history.scans {
      writer.write(
        scan,
        of: history.commits,
        sequence: 0,
        all: history.scans,
        order: history.order
      )
    }
    scans = writer.facts.scanFacts
    var facts = writer.facts
    facts.scanFacts = []
    base = facts
    commits = Dictionary(
      history.commits.enumerated().map { ($0.element.id, $0.offset) },
      uniquingKeysWith: { first, _ in first }
    )
  }

  var order: [Int] { Array(history.scans.indices) }
  var inOrder: MemoryFacts { facts(order) }

  /// The facts with some of the scans, arrived in the order given, and everything that people confirm.
  func facts(_ order: [Int]) -> MemoryFacts {
    var facts = base
    for index in history.confirmed { facts.confirmations[scans[index].id] = confirmation(index) }
    facts.scanFacts = order.enumerated().map { fact($0.element, arrival: $0.offset) }
    return facts
  }

  private func confirmation(_ index: Int) -> EntryID {
    SimFactWriter.content("confirmation \(index)", EntryID.init)
  }

  private func fact(_ index: Int, arrival: Int) -> ScanFact {
    ScanFact(
      id: scans[index].id,
      record: scans[index].record,
      sequence: arrival + 1,
      arrived: Timestamp(seconds: 1_900_000_000 + Int64(arrival)),
      importer: scans[index].importer,
      recordings: scans[index].recordings
    )
  }

  func poster(_ facts: MemoryFacts) -> LanePoster {
    LanePoster(facts: facts, matcher: TruthMatcher(), mint: TestMint())
  }

  func derive(_ facts: MemoryFacts) throws -> InMemoryBooks {
    try poster(facts).derive(lane: lane)
  }

  /// Something that becomes known beside the scans.
  private enum Word {
    case correction(CorrectionFact)
    case confirmation(EntryID?, of: EntryID)
    case recordings([RecordingRecord], of: EntryID)
  }

  /// Lets the scans arrive one by one, each word before one of them or behind all: corrections, confirmations, some of them taken back, and with
  /// what a scan was recorded.
  func arrive(
    _ order: [Int],
    _ random: inout SplitMix64,
    words: [CorrectionFact] = []
  ) throws -> InMemoryBooks {
    var books = ArrivingBooks(lane: lane, facts: base, matcher: TruthMatcher())
    var waiting: [Int: [Word]] = [:]
    for word in words {
      waiting[random.below(order.count + 1), default: []].append(.correction(word))
    }
    var late: Set<Int> = []
    for index in order {
      let id = scans[index].id
      let place = random.below(order.count + 1)
      if history.confirmed.contains(index) {
        waiting[place, default: []].append(.confirmation(confirmation(index), of: id))
      } else if random.chance(8) {
        waiting[place, default: []].append(.confirmation(confirmation(index), of: id))
        let end = place + random.below(order.count + 1 - place)
        waiting[end, default: []].append(.confirmation(nil, of: id))
      }
      if random.chance(15) {
        late.insert(index)
        waiting[order.count, default: []].append(.recordings(scans[index].recordings, of: id))
      }
    }
    func tell(_ words: [Word]) throws {
      for word in words {
        switch word {
        case .correction(let word): try books.take(word)
        case .confirmation(let entry, let scan): try books.take(entry, of: scan)
        case .recordings(let records, let scan): try books.take(records, of: scan)
        }
      }
    }
    for (arrival, index) in order.enumerated() {
      try tell(waiting[arrival] ?? [])
      let scan = fact(index, arrival: arrival)
      try books.take(late.contains(index) ? scan.recorded([]) : scan, again: random.chance(10))
    }
    try tell(waiting[order.count] ?? [])
    return books.books
  }

  /// Corrections of rows that are drawn by lot: people can be wrong, and the books have to stand it.
  func words(_ count: Int, _ random: inout SplitMix64) -> [CorrectionFact] {
    let facts = inOrder
    func sighting() -> Sighting? {
      guard let scan = random.pick(facts.scanFacts),
        let line = random.pick(facts.tree(of: scan.id).lines)
      else { return nil }
      let rows = facts.sheet(line.sheet).findings.count
      return Sighting(scan: scan.id, path: line.path, ordinal: random.below(max(1, rows)))
    }
    return (0..<count).compactMap { index in
      guard let first = sighting(), let second = sighting() else { return nil }
      return CorrectionFact(
        id: SimFactWriter.content("word \(history.seed) \(index)", EntryID.init),
        record: CorrectionRecord(
          verdict: random.chance(50) ? .same : .different,
          first: first,
          second: second,
          reason: SimFactWriter.text("seen")
        ),
        isRetracted: random.chance(15)
      )
    }.sorted { $0.id < $1.id }
  }

  func identity(_ id: ViolationID, _ books: InMemoryBooks, _ facts: MemoryFacts) -> Int {
    guard let origin = books.violations[id]?.origin,
      let line = facts.tree(of: origin.scan).lines.first(where: { $0.path == origin.path })
    else { return -1 }
    return facts.sheet(line.sheet).findings[origin.ordinal].snippet.map(Int.init) ?? -1
  }

  /// The postings of books in the simulator's terms, sorted.
  func postings(_ books: InMemoryBooks) -> [SimPosting] {
    let facts = inOrder
    var identities: [ViolationID: Int] = [:]
    for id in books.violations.keys { identities[id] = identity(id, books, facts) }
    return books.postings.map { posting in
      let position = posting.position.map { books.positions[$0] }
      return SimPosting(
        identity: identities[posting.violation] ?? -1,
        scan: position.flatMap { commits[$0.commit] } ?? -1,
        kind: posting.kind,
        basis: posting.basis,
        path: posting.path.text,
        exactCommit: posting.isExactCommit ? posting.commit : nil
      )
    }.sorted()
  }

  func difference(_ books: InMemoryBooks) -> String {
    let found = postings(books)
    let missing = Set(history.expected).subtracting(found).sorted()
    let extra = Set(found).subtracting(history.expected).sorted()
    return "seed \(history.seed): missing \(missing), extra \(extra)"
  }

  /// After each position what is open though it was not seen is what the simulator says.
  func checkUnseen(_ books: InMemoryBooks) throws {
    let facts = inOrder
    let spans = books.standingSpans.filter { $0.standing.reason == .unseen }
    let identities = spans.map { identity($0.standing.violation, books, facts) }
    for position in books.positions {
      let commit = commits[position.commit] ?? -1
      guard let balance = history.balances.last(where: { $0.commit <= commit }) else { continue }
      let found = zip(spans, identities).filter { span, _ in
        span.since <= position.index && span.until.map { position.index < $0 } ?? true
      }.map(\.1)
      try #require(
        Set(found) == balance.unseen,
        """
        seed \(history.seed), commit \(commit): unseen \(found.sorted()), not \
        \(balance.unseen.sorted())
        """
      )
    }
  }

  private func accounts(_ books: InMemoryBooks, _ waivers: WaiverBook?) -> [ViolationAccount] {
    ViolationAccount.collect(
      postings: books.postings,
      moves: books.moves.map { (books.positions[$0.position].time, $0) },
      waivers: waivers
    )
  }

  private static var breakdowns: [(name: String, key: Statement.Key)] {
    [
      ("none", Breakdown.none), ("tool", Breakdown.tool), ("path", Breakdown.path),
      ("folder", Breakdown.folder(depth: 1)),
    ]
  }

  /// Sums say what the statement says of some files that are drawn by lot: what moves there, and what moves between them and the others.
  private func checkTotals(
    _ accounts: [ViolationAccount],
    _ books: InMemoryBooks,
    from: AccountPoint,
    to: AccountPoint,
    _ random: inout SplitMix64
  ) throws {
    let flows = FlowBook(accounts: accounts) { id in
      books.violations[id].map { ($0.rule, $0.level) }
    }
    let all = flows.files.sorted()
    let paths = Set(all.filter { _ in random.chance(60) })
    let statement = try Statement(accounts: accounts, from: from, to: to) { _, path, _ in
      paths.contains(path) ? "" : nil
    }
    let totals = FlowTotals(
      flows.flows,
      from: FlowPoint(from, in: flows),
      to: FlowPoint(to, in: flows)
    ) { paths.contains(flows.files[Int(flows.subjects[Int($0)].file)]) }
    #expect(totals.opening == statement.total.opening.count, "seed \(history.seed)")
    #expect(totals.closing == statement.total.closing.count, "seed \(history.seed)")
    #expect(totals.kinds == statement.kinds, "seed \(history.seed)")
    for kind in statement.kinds {
      let (sums, cells) = (totals.bases(kind), statement.total.bases(kind))
      #expect(sums.elementsEqual(cells, by: ==), "seed \(history.seed): \(kind)")
    }
  }

  private func point(_ books: InMemoryBooks, _ position: LanePosition) -> AccountPoint {
    AccountPoint(time: position.time, positions: [lane: position.index])
  }

  /// Between any two positions every breakdown balances, opens and closes with what the simulator has open, and counts its postings.
  func checkStatements(_ books: InMemoryBooks, _ random: inout SplitMix64) throws {
    let accounts = accounts(books, nil)
    let facts = inOrder
    var identities: [ViolationID: Int] = [:]
    for id in books.violations.keys { identities[id] = identity(id, books, facts) }
    let places = Dictionary(
      books.positions.map { (commits[$0.commit] ?? -1, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    guard let first = random.pick(Array(history.balances.indices)) else { return }
    let second = first + random.below(history.balances.count - first)
    let (opening, closing) = (history.balances[first], history.balances[second])
    guard let from = places[opening.commit], let to = places[closing.commit] else {
      Issue.record("seed \(history.seed): a position is missing")
      return
    }
    try checkTotals(accounts, books, from: point(books, from), to: point(books, to), &random)
    for (name, key) in SimRun.breakdowns {
      let statement = try Statement(
        accounts: accounts,
        from: point(books, from),
        to: point(books, to),
        by: key
      )
      #expect(statement.isBalanced)
      func expected(_ balance: SimBalance) -> [String: Set<Int>] {
        var result: [String: Set<Int>] = [:]
        for (identity, path) in balance.open {
          let key =
            switch name {
            case "none": ""
            case "tool": lane.tool
            case "path": path
            default: String(path.prefix { $0 != "/" })
            }
          result[key, default: []].insert(identity)
        }
        return result
      }
      func found(_ cell: (Statement.Row) -> [ViolationID]) -> [String: Set<Int>] {
        var result: [String: Set<Int>] = [:]
        for row in statement.rows where !cell(row).isEmpty {
          result[row.key] = Set(cell(row).map { identities[$0] ?? -1 })
        }
        return result
      }
      try #require(
        found(\.opening) == expected(opening),
        "seed \(history.seed) by \(name): opening"
      )
      try #require(
        found(\.closing) == expected(closing),
        "seed \(history.seed) by \(name): closing"
      )
      for kind in PostingKind.allCases where ![.movedIn, .movedOut].contains(kind) {
        let count = history.expected.count {
          $0.kind == kind && $0.scan > opening.commit && $0.scan <= closing.commit
        }
        try #require(statement.total.count(kind) == count, "seed \(history.seed): \(kind.name)")
      }
    }
  }

  /// Waived is what is open and has a waiver at the time, no more and no less, and the statements still balance.
  func checkWaivers(_ books: InMemoryBooks, _ random: inout SplitMix64) throws {
    guard let start = books.positions.first?.time, let end = books.positions.last?.time else {
      return
    }
    let violations = books.violations.values.sorted { $0.id < $1.id }
    var waivers: [(id: EntryID, record: WaiverRecord)] = []
    let span = Int(end.seconds - start.seconds) + 20_000
    for index in 0..<4 {
      guard let one = random.pick(violations), let other = random.pick(violations) else { return }
      let from = start.adding(seconds: Int64(random.below(span) - 5_000))
      waivers.append(
        (
          SimFactWriter.content("waiver \(index)", EntryID.init),
          WaiverRecord(
            project: "sim",
            sightings: [one.origin, other.last],
            reason: SimFactWriter.text("accepted"),
            owner: "Ada",
            from: from,
            until: from.adding(seconds: Int64(1 + random.below(15_000)))
          )
        )
      )
    }
    let byOrigin = Dictionary(
      violations.map { ($0.origin, $0.id) },
      uniquingKeysWith: { a, _ in a }
    )
    let byLast = Dictionary(violations.map { ($0.last, $0.id) }, uniquingKeysWith: { a, _ in a })
    let book = WaiverBook(waivers: waivers) { [byOrigin[$0] ?? byLast[$0]].compactMap(\.self) }
    let accounts = accounts(books, book)
    let plain = self.accounts(books, nil)
    let times =
      [start, end] + (0..<4).map { _ in start.adding(seconds: Int64(random.below(span))) }
    for time in times {
      let point = AccountPoint(time: time)
      let statement = try Statement(accounts: accounts, from: AccountPoint(time: start), to: point)
      var wanted: Set<ViolationID> = []
      for account in plain where account.state(at: point) == .open {
        let isWaived = waivers.contains { waiver in
          waiver.record.from <= time && time < waiver.record.until
            && waiver.record.sightings.contains {
              (byOrigin[$0] ?? byLast[$0]) == account.violation
            }
        }
        if !isWaived { wanted.insert(account.violation) }
      }
      try #require(
        Set(statement.total.closing) == wanted,
        "seed \(history.seed): waived at \(time)"
      )
      try checkTotals(accounts, books, from: AccountPoint(time: start), to: point, &random)
      if let key = random.pick(SimRun.breakdowns)?.key {
        _ = try Statement(accounts: accounts, from: AccountPoint(time: start), to: point, by: key)
      }
    }
  }
}
