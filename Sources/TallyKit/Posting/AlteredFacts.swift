import TallyBooks
import TallyLedger
import TallyModel

/// The facts of a ledger, with something else in place of a part of them.
struct AlteredFacts: FactReader {
  let facts: LedgerReader
  /// The scans of any lane that is asked for; nil for those of the ledger.
  var own: [ScanFact]?
  /// Maps that the ledger does not hold.
  var maps: [BlobPair: FileMap] = [:]
  /// When commits were made that say something impossible.
  var times: [CommitID: Timestamp] = [:]

  func lanes() throws -> [LaneKey] { try facts.lanes() }
  func scans(of lane: LaneKey) throws -> [ScanFact] { try own ?? facts.scans(of: lane) }
  func retractedScans(of lane: LaneKey) throws -> [ScanFact] {
    try own == nil ? facts.retractedScans(of: lane) : []
  }
  func tree(of scan: EntryID) throws -> Tree { try facts.tree(of: scan) }
  func sheet(_ id: SheetID) throws -> Sheet { try facts.sheet(id) }
  func commit(_ id: CommitID) throws -> CommitRecord? {
    let record = try facts.commit(id)
    return times[id].flatMap { record?.made($0) } ?? record
  }
  func blobs(of paths: [RepoPath], at commit: CommitID) throws -> [RepoPath: BlobID]? {
    try facts.blobs(of: paths, at: commit)
  }
  func difference(from old: CommitID, to new: CommitID) throws -> CommitDifference? {
    try facts.difference(from: old, to: new)
  }
  func fileMap(_ pair: BlobPair) throws -> FileMap? { try facts.fileMap(pair) ?? maps[pair] }
  func silences(of blob: BlobID) throws -> SilencedText? { try facts.silences(of: blob) }
  func toolConfiguration(of tool: String, at commit: CommitID) throws -> ToolConfigurationRecord? {
    try facts.toolConfiguration(of: tool, at: commit)
  }
  func corrections(of lane: LaneKey) throws -> [CorrectionFact] {
    try facts.corrections(of: lane)
  }
  func confirmation(of scan: EntryID) throws -> EntryID? { try facts.confirmation(of: scan) }
  func analysedFiles(of scan: ScanRecord) throws -> Set<RepoPath>? {
    try facts.analysedFiles(of: scan)
  }
  func waivers() throws -> [(id: EntryID, record: WaiverRecord)] { try facts.waivers() }
}
