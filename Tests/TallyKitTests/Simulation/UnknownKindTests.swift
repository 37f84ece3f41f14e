import Foundation
import TallyLedger
import TallyModel
import Testing

@testable import TallyKit

/// Entries of a kind that only a newer tally understands, brought by a ledger that has one.
@Suite("Unknown kinds of entries")
struct UnknownKindTests {
  @Test("they are kept and counted, no books are made over them, and they go on")
  func kept() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("tally-unknown-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
    var random = SplitMix64(seed: 5)
    let simulation = LedgerSimulation(seed: 5)
    let all = Array(simulation.history.scans.indices)
    let here = try simulation.arrive(Array(all.prefix(2)), at: path("here.db"), random: &random)
    let there = try simulation.arrive(all, at: path("there.db"), random: &random)
    let receipt = Receipt(
      arrived: Timestamp(seconds: 2_000_000_000),
      actor: "",
      runURL: nil,
      importer: "later/1"
    )
    _ = try there.write { tx in
      try tx.saveText("a text that only the entry names")
      return try tx.append([.unknown(kind: 60, version: 1, bytes: [1, 2])], receipt: receipt)
    }
    let before = try here.read { try $0.booksDigest() }
    let theirState = try there.read { try $0.stateDigest() }
    let (taken, warnings) = try LedgerUnion.unite(
      there,
      into: here,
      source: "there",
      receipt: receipt
    )
    #expect(taken.unknown == 1)
    #expect(warnings.count == 1 && warnings[0].hasPrefix("1 entry is of a kind that only a newer"))
    try here.read { (reader: LedgerReader) throws in
      #expect(try reader.unknownEntryCount() == 1)
      #expect(try reader.booksDigest() == before)
      #expect(try reader.stateDigest() == theirState)
    }
    #expect(try here.verifyBasic() == [])
    // Whatever would make books of the others, or read those that are there, is refused.
    #expect(throws: LedgerError.newerEntries(1)) {
      try here.write { try BooksKeeper(transaction: $0).deriveAll() }
    }
    #expect(throws: LedgerError.newerEntries(1)) {
      try here.read { _ = try BooksView.load($0, time: .present(receipt.arrived)) }
    }
    #expect(try here.read { try $0.booksDigest() } == before)
  }

  @Test("kinds from 128 on never touch a balance: the books go on beside them")
  func ancillary() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("tally-ancillary-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var random = SplitMix64(seed: 5)
    let simulation = LedgerSimulation(seed: 5)
    let ledger = try simulation.arrive(
      Array(simulation.history.scans.indices),
      at: folder.appendingPathComponent("here.db").path,
      random: &random
    )
    let before = try ledger.read { try $0.booksDigest() }
    let receipt = Receipt(
      arrived: Timestamp(seconds: 2_000_000_000),
      actor: "",
      runURL: nil,
      importer: "later/1"
    )
    try ledger.write { tx in
      _ = try tx.append([.unknown(kind: 128, version: 1, bytes: [1, 2])], receipt: receipt)
      #expect(try tx.unknownEntryCount() == 0)
      try BooksKeeper(transaction: tx).deriveAll()
      #expect(try tx.booksDigest() == before)
    }
    #expect(try ledger.verifyBasic() == [])
  }
}
