import Foundation
import TallyLedger
import TallyModel
import Testing

/// How much a scan costs on disk.
@Suite struct GrowthTests {
  private func size(_ file: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: file)
    return (attributes[.size] as? Int) ?? 0
  }

  /// Pins the bar of the project: cost follows what changed.
  ///
  /// Method: a synthetic project of 600 files and 3,000 findings, 30 files edited before each scan, everything an ingest writes.
  @Test("30 changed files of 600 cost at most 8 KiB a scan")
  func changedFiles() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("ledger.db")
    let ledger = try Ledger.open(file, mode: .create)
    var project = try GrowingProject(files: 600, findingsPerFile: 5, seed: 7)
    let scans = ProcessInfo.processInfo.environment["GROWTH_SCANS"].flatMap(Int.init) ?? 60
    _ = try project.scan(editing: 0, into: ledger)
    for _ in 0..<20 { _ = try project.scan(editing: 30, into: ledger) }
    let start = try size(file)
    for _ in 0..<scans { _ = try project.scan(editing: 30, into: ledger) }
    let perScan = (try size(file) - start) / scans
    print("growth: \(perScan) bytes a scan over \(scans) scans")
    if let keep = ProcessInfo.processInfo.environment["GROWTH_KEEP"] {
      try? FileManager.default.removeItem(atPath: keep)
      try FileManager.default.copyItem(atPath: file, toPath: keep)
    }
    #expect(perScan <= 8_192)
    #expect(try ledger.verifyBasic() == [])
  }

  @Test("an identical rescan costs at most 4 KiB")
  func identicalRescan() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("ledger.db")
    let ledger = try Ledger.open(file, mode: .create)
    var project = try GrowingProject(files: 200, findingsPerFile: 5, seed: 8)
    for _ in 0..<5 { _ = try project.scan(editing: 0, into: ledger) }
    let start = try size(file)
    for _ in 0..<20 { _ = try project.scan(editing: 0, into: ledger) }
    let perScan = (try size(file) - start) / 20
    print("growth: \(perScan) bytes an identical scan")
    #expect(perScan <= 4_096)
  }
}
