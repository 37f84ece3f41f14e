import TallyBooks
import TallyLedger
import TallyModel

/// Makes books in memory and compares them with those of the tables.
struct BooksComparison {
  let reader: LedgerReader

  /// A sentence for each lane whose books are not what its facts say.
  func differences() throws -> [String] {
    var result: [String] = []
    for lane in try reader.lanes() {
      var undo: [PositionUndo] = []
      let books = try LanePoster.standard(facts: reader, of: lane).derive(lane: lane) {
        delta,
        before in
        undo.append(try PositionUndo(delta, in: before))
        if undo.count > PositionUndo.positions { undo.removeFirst() }
      }
      let stored = try reader.postings(of: lane)
      if books.positions != (try reader.positions(of: lane)) {
        result.append("the positions of \(lane) are not those of its scans")
      }
      if Self.sorted(books.postings) != Self.sorted(stored) {
        result.append(
          "the postings of \(lane) are not those of its scans: \(stored.count) are stored, "
            + "\(books.postings.count) follow from the journal"
        )
      }
      let violations = books.violations.values.sorted { $0.id < $1.id }
      if violations != (try reader.violations(of: lane)) {
        result.append("the violations of \(lane) are not those of its scans")
      }
      if books.rosters.values.sorted(by: { $0.path < $1.path }) != (try reader.rosters(of: lane)) {
        result.append("the files of \(lane) do not list the violations of its scans")
      }
      let spans = books.standingSpans.sorted {
        ($0.standing.violation, $0.since) < ($1.standing.violation, $1.since)
      }
      if spans != (try reader.standingSpans(of: lane)) {
        result.append("what \(lane) was not seen to have is not what its scans say")
      }
      if books.moves != (try reader.moves(of: lane)) {
        result.append("the moves of \(lane) are not those of its scans")
      }
      let warnings = try reader.warnings(of: lane)
      if !books.warnings.elementsEqual(warnings, by: { $0 == $1 }) {
        result.append("the warnings of \(lane) are not those of its scans")
      }
      if try hasWrongFlows(books, of: lane) {
        result.append("the sums of \(lane) are not those of its postings")
      }
      if try hasWrongSheets(violations) {
        result.append("the violations of \(lane) do not name the sheets of their last sightings")
      }
      if undo != (try reader.undo(of: lane)) {
        result.append("what the last positions of \(lane) replaced is not what they did replace")
      }
    }
    return result
  }

  /// Says whether what is counted by subject, or since when something is open, is not what the postings say one by one.
  private func hasWrongFlows(_ books: InMemoryBooks, of lane: LaneKey) throws -> Bool {
    let times = Dictionary(uniqueKeysWithValues: books.positions.map { ($0.index, $0.time) })
    let accounts = ViolationAccount.collect(
      postings: books.postings,
      moves: books.moves.compactMap { move in times[move.position].map { ($0, move) } }
    )
    let flows = FlowBook(accounts: accounts) { id in
      books.violations[id].map { ($0.rule, $0.level) }
    }
    if try reader.flows(of: [lane]).sums != flows.sums { return true }
    var opened: [ViolationID: Timestamp] = [:]
    for account in accounts where books.violations[account.violation]?.state == .open {
      opened[account.violation] = account.postings.last { $0.kind.sign > 0 }?.time
    }
    var stored: [ViolationID: Timestamp] = [:]
    for time in try reader.openTimes(of: lane) {
      for violation in try reader.openViolations(of: lane, since: time, limit: .max) {
        stored[violation.id] = time
      }
    }
    return stored != opened
  }

  private func hasWrongSheets(_ violations: [Violation]) throws -> Bool {
    for (scan, seen) in Dictionary(grouping: violations, by: \.last.scan) {
      let tree = try reader.tree(of: scan)
      for violation in seen {
        let sheet = try reader.books(of: violation.lane).lastSheet(of: violation, facts: reader)
        if sheet != tree.line(of: violation.last.path)?.sheet { return true }
      }
    }
    return false
  }

  private static func sorted(_ postings: [Posting]) -> [Posting] {
    postings.sorted {
      ($0.position ?? -1, $0.violation, $0.kind.order)
        < ($1.position ?? -1, $1.violation, $1.kind.order)
    }
  }
}
