import Foundation
import GRDB
import TallyModel
import Testing

@testable import TallyLedger

/// Bad files and bad moments: each has its own sentence, and nothing is lost.
@Suite struct ErrorTests {
  private func error(
    _ path: String,
    _ mode: Ledger.Mode
  ) -> LedgerError? {
    do {
      _ = try Ledger.open(path, mode: mode)
      return nil
    } catch {
      return error
    }
  }

  @Test("a missing file, a folder and a missing folder are told apart")
  func missing() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("ledger.db")
    #expect(error(file, .readOnly) == .missing(path: file))
    #expect(error(file, .readWrite) == .missing(path: file))
    #expect(error(folder.path, .readOnly) == .isDirectory(path: folder.path))
    #expect(error(folder.path, .create) == .isDirectory(path: folder.path))
    let deep = folder.file("no/such/ledger.db")
    #expect(error(deep, .create) == .noFolder(path: deep))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("other files are refused and left alone")
  func notALedger() throws {
    let folder = try TemporaryFolder()
    let text = folder.file("notes.txt")
    let bytes = Array(String(repeating: "These are notes, not a ledger. ", count: 99).utf8)
    try folder.write(bytes, to: "notes.txt")
    for mode in [Ledger.Mode.readOnly, .readWrite, .create] {
      #expect(error(text, mode) == .notALedger(path: text))
    }
    #expect(try folder.bytes("notes.txt") == bytes)
    let other = folder.file("other.db")
    try DatabaseQueue(path: other).write { try $0.execute(sql: "CREATE TABLE t (a)") }
    let before = try folder.bytes("other.db")
    for mode in [Ledger.Mode.readOnly, .readWrite, .create] {
      #expect(error(other, mode) == .notALedger(path: other))
    }
    #expect(try folder.bytes("other.db") == before)
    let empty = folder.file("empty.db")
    try folder.write([], to: "empty.db")
    #expect(error(empty, .readOnly) == .notALedger(path: empty))
  }

  @Test("a ledger of another layout is refused and left alone, with what to do", arguments: [1, 7])
  func otherLayout(number: Int) throws {
    let folder = try TemporaryFolder()
    let file = folder.file("ledger.db")
    _ = try Ledger.open(file, mode: .create)
    try DatabaseQueue(path: file).write { try $0.execute(sql: "PRAGMA user_version = \(number)") }
    let before = try folder.bytes("ledger.db")
    let expected: LedgerError =
      number < Schema.layout
      ? .olderVersion(path: file, found: number, known: Schema.layout)
      : .newerVersion(path: file, found: number, known: Schema.layout)
    for mode in [Ledger.Mode.readOnly, .readWrite, .create] {
      #expect(error(file, mode) == expected)
    }
    #expect(
      expected.description
        == "'\(file)' has layout \(number), and this tally reads layout \(Schema.layout)"
    )
    let hint = number < Schema.layout ? "ingest the reports again" : "update"
    #expect(expected.hint?.hasPrefix(hint) == true)
    #expect(try folder.bytes("ledger.db") == before)
  }

  @Test("a file that was cut off is damaged or no ledger, and never crashes")
  func truncated() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("ledger.db")
    let ledger = try Ledger.open(file, mode: .create)
    var project = try GrowingProject(files: 30, findingsPerFile: 3, seed: 1)
    for _ in 0..<4 { _ = try project.scan(editing: 4, into: ledger) }
    let whole = try folder.bytes("ledger.db")
    for count in [50, 100, 4_096, 10_000, whole.count / 2, whole.count - 4_096] {
      try folder.write(Array(whole.prefix(count)), to: "cut.db")
      let cut = folder.file("cut.db")
      #expect(throws: LedgerError.self, "\(count)") {
        let ledger = try Ledger.open(cut, mode: .readOnly)
        let findings = try ledger.verifyBasic()
        if !findings.isEmpty {
          throw LedgerError.corrupt(path: cut, what: findings[0].what)
        }
      }
    }
  }

  @Test("a read-only ledger is not written, not even beside it")
  func readOnly() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("ledger.db")
    _ = try Ledger.open(file, mode: .create)
    let before = try folder.bytes("ledger.db")
    let ledger = try Ledger.open(file, mode: .readOnly)
    #expect(try ledger.read { try $0.size() } == 0)
    #expect(throws: LedgerError.readOnly(path: file)) {
      try ledger.write { try $0.saveText("x") }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["ledger.db"])
    #expect(try folder.bytes("ledger.db") == before)
  }

  @Test("permissions are told apart", .enabled(if: geteuid() != 0))
  func permissions() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("ledger.db")
    _ = try Ledger.open(file, mode: .create)
    chmod(file, 0o444)
    #expect(error(file, .readWrite) == .readOnly(path: file))
    #expect(error(file, .readOnly) == nil)
    chmod(file, 0)
    #expect(error(file, .readOnly) == .notPermitted(path: file))
  }

  @Test("SQLite's codes have sentences of their own")
  func codes() {
    let path = "l.db"
    let expected: [(Int32, LedgerError)] = [
      (13, .diskFull(path: path)),
      (5, .locked(path: path)),
      (8, .readOnly(path: path)),
      (8 | 3 << 8, .interrupted(path: path)),
      (26, .notALedger(path: path)),
      (11, .corrupt(path: path, what: "m")),
      (10 | 3 << 8, .inputOutput(path: path, reason: "m")),
    ]
    for (code, error) in expected {
      #expect(LedgerError(SQLiteFailure(code: code, message: "m"), path: path) == error)
      let other = DatabaseError(resultCode: ResultCode(rawValue: code), message: "m")
      #expect(LedgerError(other, path: path) == error)
    }
  }

  @Test("every error has a code, a sentence without a period, and a hint where one helps")
  func sentences() {
    let errors: [LedgerError] = [
      .missing(path: "p"), .noFolder(path: "p"), .isDirectory(path: "p"), .notALedger(path: "p"),
      .olderVersion(path: "p", found: 1, known: 3), .newerVersion(path: "p", found: 2, known: 1),
      .readOnly(path: "p"), .notPermitted(path: "p"),
      .diskFull(path: "p"), .locked(path: "p"), .interrupted(path: "p"),
      .corrupt(path: "p", what: "w"), .inputOutput(path: "p", reason: "r"),
      .limitExceeded(what: "w", found: 2, limit: 1), .invalid(what: "w", reason: "r"),
    ]
    #expect(Set(errors.map(\.code)).count == errors.count)
    for error in errors {
      #expect(error.code.hasPrefix("ledger."))
      #expect(!error.description.hasSuffix("."))
      #expect(!error.description.isEmpty)
    }
  }

  struct Stop: Error, Equatable {}

  @Test("what is thrown in the middle of a write leaves the file as it was")
  func rollback() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("ledger.db")
    let ledger = try Ledger.open(file, mode: .create)
    var project = try GrowingProject(files: 20, findingsPerFile: 3, seed: 2)
    _ = try project.scan(editing: 0, into: ledger)
    let before = try folder.bytes("ledger.db")
    #expect(throws: Stop()) {
      try ledger.write { tx in
        for seed in 0..<500 { try tx.saveText("text \(seed)") }
        _ = try tx.append(
          [.retraction(RetractionRecord(target: try Sample.id(1), reason: try Sample.id(2)))],
          receipt: Sample.receipt
        )
        try tx.resetBooks()
        throw Stop()
      }
    }
    #expect(try folder.bytes("ledger.db") == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["ledger.db"])
    _ = try project.scan(editing: 3, into: ledger)
    #expect(try ledger.verifyBasic() == [])
  }

  /// Method: the file and its journal copied in the middle of a write, as a killed writer would leave them.
  @Test("what a killed writer left is mended by the next one")
  func hotJournal() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("ledger.db")
    let ledger = try Ledger.open(file, mode: .create)
    var project = try GrowingProject(files: 20, findingsPerFile: 3, seed: 2)
    _ = try project.scan(editing: 0, into: ledger)
    let size = try ledger.read { try $0.size() }
    #expect(throws: Stop()) {
      try ledger.write { (tx: WriteTransaction) throws -> Void in
        // More than the page cache holds, so that the file itself is changed before the commit.
        try tx.session.db.execute(sql: "PRAGMA cache_size = 8")
        for seed in 0..<3_000 {
          try tx.saveText("text \(seed) " + String(repeating: "x", count: 90))
        }
        let whole = try folder.bytes("ledger.db")
        try folder.write(whole, to: "killed.db")
        let journal = try folder.bytes("ledger.db-journal")
        try folder.write(journal, to: "killed.db-journal")
        throw Stop()
      }
    }
    let killed = folder.file("killed.db")
    #expect(try folder.bytes("killed.db") != folder.bytes("ledger.db"))
    #expect(error(killed, .readOnly) == .interrupted(path: killed))
    let mended = try Ledger.open(killed, mode: .readWrite)
    #expect(try mended.read { try $0.size() } == size)
    #expect(try mended.verifyBasic() == [])
  }

  @Test("a writer that waits too long says so")
  func locked() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("ledger.db")
    let ledger = try Ledger.open(file, mode: .create, lockWaitMilliseconds: 30)
    do {
      let lock = try LockFile(ledger: file, name: file, waitMilliseconds: 0)
      #expect(throws: LedgerError.locked(path: file)) {
        try ledger.write { try $0.saveText("x") }
      }
      _ = consume lock
    }
    try ledger.write { _ = try $0.saveText("x") }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["ledger.db"])
  }

  @Test("writers in many threads take turns")
  func manyWriters() async throws {
    let folder = try TemporaryFolder()
    let file = folder.file("ledger.db")
    _ = try Ledger.open(file, mode: .create)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<6 {
        group.addTask {
          let ledger = try Ledger.open(file, mode: .readWrite)
          for round in 0..<8 {
            let body = EntryBody.retraction(
              RetractionRecord(
                target: try Sample.id(writer * 100 + round),
                reason: try Sample.id(0)
              )
            )
            _ = try ledger.write { try $0.append([body], receipt: Sample.receipt) }
          }
        }
      }
      try await group.waitForAll()
    }
    let ledger = try Ledger.open(file, mode: .readOnly)
    #expect(try ledger.read { try $0.size() } == 48)
    #expect(try ledger.verifyBasic() == [])
  }
}
