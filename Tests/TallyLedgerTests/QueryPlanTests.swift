import GRDB
import TallyModel
import Testing

@testable import TallyLedger

/// No query that every ingest or report makes may read a whole table.
///
/// Method: SQLite tells every statement that ingests, derivations and reports prepare; each is explained.
@Suite struct QueryPlanTests {
  /// Tables that stay small whatever is recorded, the subjects that sums are of, and digests, which read everything on purpose.
  static let allowed = [
    "SCAN subject", "SCAN path", "SCAN lane", "SCAN l", "SCAN retracted", "SCAN CONSTANT",
    "SCAN sqlite_schema", "SCAN books",
  ]

  final class Statements: @unchecked Sendable {
    var found: Set<String> = []
  }

  private func plans(
    _ ledger: Ledger,
    _ statements: Set<String>
  ) throws -> [(sql: String, line: String)] {
    try DatabaseQueue(path: ledger.path).read { db in
      var result: [(sql: String, line: String)] = []
      for sql in statements.sorted() {
        // Values change no plan; a parameter without one is NULL.
        let bare = sql.replacing(/\?[0-9]*/, with: "NULL")
        for row in try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(bare)") {
          result.append((sql, row["detail"] ?? ""))
        }
      }
      return result
    }
  }

  @Test("hot statements use an index")
  func hotStatements() throws {
    let folder = try TemporaryFolder()
    let ledger = try Ledger.open(folder.file("ledger.db"), mode: .create)
    let statements = Statements()
    var project = try GrowingProject(files: 20, findingsPerFile: 3, seed: 6)
    for _ in 0..<3 { _ = try project.scan(editing: 2, into: ledger) }
    try ledger.write { tx in
      tx.session.db.trace { event in
        if case .statement(let statement) = event { statements.found.insert(statement.sql) }
      }
    }
    for _ in 0..<3 { _ = try project.scan(editing: 3, into: ledger) }
    try ledger.write { (tx: WriteTransaction) throws in
      for (_, body) in try Vectors.bodies() { _ = try tx.append([body], receipt: Sample.receipt) }
      try exercise(tx)
      tx.session.db.trace(nil)
    }
    #expect(statements.found.count > 60)
    let queries = statements.found.filter { sql in
      ["SELECT", "INSERT", "UPDATE", "DELETE"].contains { sql.hasPrefix($0) }
    }
    for plan in try plans(ledger, queries) {
      let start = plan.line.split(separator: " ").prefix(2).joined(separator: " ")
      let isScan = start.hasPrefix("SCAN") && !Self.allowed.contains(start)
      #expect(!isScan, "\(plan.line): \(plan.sql)")
      #expect(!plan.line.contains("AUTOMATIC"), "\(plan.line): \(plan.sql)")
    }
  }

  /// What an ingest and a report ask.
  private func exercise(_ tx: WriteTransaction) throws {
    let lane = Sample.lane
    let books = tx.books(of: lane)
    let head = try #require(try books.head())
    let scan = head.scans[0]
    let commit = head.commit
    _ = try tx.unknownEntryCount()
    _ = try tx.lanes()
    _ = try tx.testLanes()
    _ = try tx.scans(of: lane)
    _ = try tx.scans(of: lane, at: commit)
    _ = try tx.scan(scan)
    _ = try tx.captured(in: lane)
    let tree = try tx.tree(of: scan)
    _ = try tx.sheet(tree.lines[0].sheet)
    _ = try tx.commit(commit)
    _ = try tx.hasCommit([commit])
    _ = try tx.hasChanges(commit)
    _ = try tx.hasFileMaps([BlobPair(old: try Sample.blob(1), new: try Sample.blob(2))])
    _ = try tx.manifestDistance(of: commit)
    _ = try tx.blobs(of: tree.lines.map(\.path), at: commit)
    _ = try tx.difference(from: try Sample.commit(2), to: commit)
    _ = try tx.isReferenced(commit)
    _ = try tx.corrections(of: lane)
    _ = try tx.waivers()
    _ = try tx.attestations()
    _ = try tx.configs(project: "shop")
    _ = try tx.measurements(project: "shop")
    _ = try tx.issuedReports(project: "shop")
    _ = try tx.testRuns(of: lane)
    _ = try tx.entryHeads(from: 2, limit: 3)
    _ = try tx.resolveEntry(prefix: scan.description)
    _ = try tx.commits(byPrefix: "ab")
    _ = try tx.text(StoredFormat.textID("m"))
    _ = try tx.root(at: 3)
    _ = try books.rosterPaths()
    let roster = try #require(try books.roster(tree.lines[0].path))
    let violation = roster.violations[0]
    _ = try books.violation(violation)
    _ = try books.absentViolations(rule: "TID251")
    _ = try books.latestAbsent(rule: "TID251", in: tree.lines.map(\.path), limit: 3)
    let message = StoredFormat.textID("m")
    _ = try books.latestAbsent(rule: "TID251", messages: [message], state: .closed, limit: 3)
    _ = try tx.positions(of: lane)
    _ = try tx.openCount(of: lane)
    _ = try tx.violations(of: lane)
    _ = try tx.violations(withPrefix: violation.short())
    _ = try tx.postings(of: lane, after: Timestamp(seconds: 5), upTo: Timestamp(seconds: 9))
    _ = try tx.postings(of: lane, at: head)
    _ = try tx.postings(of: violation)
    _ = try tx.moves(of: violation)
    _ = try tx.moves(of: lane)
    _ = try tx.warnings(of: lane)
    _ = try tx.place(of: scan)
    _ = try tx.sighting(of: violation, atOrBefore: 1)
    _ = try tx.flows(of: [lane])
    _ = try tx.openTimes(of: lane)
    _ = try tx.openViolations(of: lane, since: head.time, limit: 3)
    _ = try tx.violationIDs(like: violation)
    _ = try tx.firstPositions(restingOn: [commit], between: [(commit, commit)])
    _ = try tx.undo(of: lane)
    _ = try books.standing()
    _ = try tx.standing(of: lane, at: 1)
    _ = try tx.standingSpans(of: lane)
    _ = try tx.confirmation(of: scan)
    _ = try tx.recordings(of: scan)
    #expect(try tx.rewind(lane, to: head.index))
    try tx.resetLane(lane)
  }
}
