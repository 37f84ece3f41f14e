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
      let books = try LanePoster.standard(facts: reader).derive(lane: lane)
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
    }
    return result
  }

  private static func sorted(_ postings: [Posting]) -> [Posting] {
    postings.sorted {
      ($0.position ?? -1, $0.violation, $0.kind.rawValue)
        < ($1.position ?? -1, $1.violation, $1.kind.rawValue)
    }
  }
}
