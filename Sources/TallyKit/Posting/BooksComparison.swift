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
      if books.moves != (try reader.moves(of: lane)) {
        result.append("the moves of \(lane) are not those of its scans")
      }
      let warnings = try reader.warnings(of: lane)
      if !books.warnings.elementsEqual(warnings, by: { $0 == $1 }) {
        result.append("the warnings of \(lane) are not those of its scans")
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
