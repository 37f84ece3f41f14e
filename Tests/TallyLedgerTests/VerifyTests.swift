import GRDB
import TallyModel
import Testing

@testable import TallyLedger

/// Edits made outside the program, which verification has to find.
@Suite struct VerifyTests {
  private func ledger(_ folder: TemporaryFolder) throws -> Ledger {
    let ledger = try Ledger.open(folder.file("ledger.db"), mode: .create)
    var project = try GrowingProject(files: 12, findingsPerFile: 3, seed: 4)
    for round in 0..<14 { _ = try project.scan(editing: round == 0 ? 0 : 3, into: ledger) }
    return ledger
  }

  /// Method: one statement each, on a copy that was sound before.
  @Test(
    "an edit outside the program is found",
    arguments: [
      ("UPDATE receipt SET actor = 2 WHERE number = 3", "log.root"),
      ("UPDATE receipt SET run_url = NULL WHERE number = 3", "log.root"),
      ("UPDATE entry SET lane = NULL WHERE kind = 1 AND sequence > 20", "entry.row"),
      ("UPDATE entry SET kind = 7 WHERE sequence = 3", "entry.row"),
      ("UPDATE entry SET id = randomblob(32) WHERE sequence = 3", "entry.hash"),
      ("UPDATE entry SET body = x'00' WHERE sequence = 3", "entry.hash"),
      ("UPDATE text SET body = body || ' ' WHERE number = 2", "text.hash"),
      ("UPDATE text SET body = NULL WHERE number = 2", "text.missing"),
      ("UPDATE object SET id = randomblob(32) WHERE number = 2", "object.hash"),
      ("UPDATE object SET body = substr(body, 2) WHERE number = 9", "object.hash"),
      ("UPDATE path SET text = text || 'x' WHERE number = 1", ""),
      ("UPDATE log SET peaks = zeroblob(length(peaks))", "log.root"),
      ("UPDATE log_node SET hash = zeroblob(32)", "log.node"),
      ("DELETE FROM fact WHERE entry = 5", "index.fact"),
      ("DELETE FROM tip_file WHERE path LIKE '%_3.py'", "index.tip"),
      ("UPDATE tip SET distance = distance + 1", "index.tip"),
      ("INSERT INTO fact SELECT key + 1, entry FROM fact WHERE entry = 5", "index.fact"),
      ("CREATE VIEW spoof AS SELECT 1", "file.schema"),
      ("DROP VIEW open_violations", "file.schema"),
      (
        "CREATE TRIGGER t AFTER INSERT ON entry BEGIN DELETE FROM waiver; END", "file.schema"
      ),
      ("PRAGMA foreign_keys = OFF; DELETE FROM receipt WHERE number = 2", "file.reference"),
    ]
  )
  func edits(_ sql: String, _ code: String) throws {
    let folder = try TemporaryFolder()
    let ledger = try ledger(folder)
    #expect(try ledger.verifyBasic() == [])
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    try DatabaseQueue(path: ledger.path, configuration: configuration).writeWithoutTransaction {
      try $0.execute(sql: sql)
    }
    let codes = Set(try ledger.verifyBasic().map(\.code))
    // Paths are interned for the books; what the journal says of them is elsewhere.
    if code.isEmpty { return }
    #expect(codes.contains(code), "\(codes.sorted())")
  }

  @Test("random flips of bytes are found or change nothing that is read")
  func flips() throws {
    let folder = try TemporaryFolder()
    let sound = try ledger(folder)
    let root = try sound.read { try $0.root() }
    let state = try sound.read { try $0.stateDigest() }
    let bytes = try folder.bytes("ledger.db")
    var random = Random(seed: 11)
    for round in 0..<60 {
      var damaged = bytes
      damaged[random.below(bytes.count)] ^= UInt8(1 << random.below(8))
      try folder.write(damaged, to: "flip.db")
      guard let ledger = try? Ledger.open(folder.file("flip.db"), mode: .readOnly),
        let findings = try? ledger.verifyBasic()
      else { continue }
      if findings.isEmpty {
        let same = try ledger.read { try $0.root() == root && $0.stateDigest() == state }
        #expect(same, "round \(round)")
      }
    }
  }
}
