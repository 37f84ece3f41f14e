import Foundation
import TallyLedger
import TallyModel
import Testing

/// A ledger that was made for a command that failed goes again, and takes nobody's entries with it.
@Suite struct NewLedgerTests {
  private static func append(to ledger: Ledger) throws {
    let body = try #require(try Vectors.bodies().first?.1)
    _ = try ledger.write { try $0.append([body], receipt: Sample.receipt) }
  }

  private static func size(of path: String) throws -> Int {
    try Ledger.open(path, mode: .readOnly).read { try $0.size() }
  }

  @Test("nothing is left of a new ledger without an entry")
  func empty() throws {
    let folder = try TemporaryFolder()
    let ledger = try Ledger.open(folder.file("ledger.db"), mode: .create)
    #expect(throws: CancellationError.self) {
      try ledger.write { _ in throw CancellationError() }
    }
    ledger.discardIfNew()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  @Test("a ledger with an entry stays, whoever wrote it, and so does one that was there before")
  func kept() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("ledger.db")
    let first = try Ledger.open(path, mode: .create)
    let second = try Ledger.open(path, mode: .create)
    second.discardIfNew()
    #expect(FileManager.default.fileExists(atPath: path))
    try Self.append(to: second)
    first.discardIfNew()
    #expect(try Self.size(of: path) == 1)
  }

  @Test("a writer whose file was taken away, or replaced, writes into the one that is there")
  func moved() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("ledger.db")
    let failing = try Ledger.open(path, mode: .create)
    let waiting = try Ledger.open(path, mode: .create)
    failing.discardIfNew()
    #expect(!FileManager.default.fileExists(atPath: path))
    try Self.append(to: waiting)
    #expect(try Self.size(of: path) == 1)

    let other = folder.file("other.db")
    try Self.append(to: try Ledger.open(other, mode: .create))
    let open = try Ledger.open(path, mode: .readWrite)
    try FileManager.default.removeItem(atPath: path)
    #expect(throws: LedgerError.missing(path: path)) { try Self.append(to: open) }
    try FileManager.default.moveItem(atPath: other, toPath: path)
    try Self.append(to: open)
    #expect(try Self.size(of: path) == 1, "the entry is the one that was there")
    #expect(try Ledger.open(path, mode: .readOnly).verifyBasic() == [])
  }
}
