public import TallyModel

/// Passes questions on and remembers those that the facts could not answer.
///
/// Books made through it change when one of these becomes known: a caller that keeps them knows which lanes new evidence concerns, and that
/// all others stay as they are.
public final class RecordingFacts: FactReader {
  private let facts: any FactReader
  /// Commits that git was never asked for.
  public private(set) var unknownCommits: Set<CommitID> = []
  /// Commits whose files are not known.
  public private(set) var unknownFiles: Set<CommitID> = []
  /// Pairs of commits, the earlier first, whose difference is not known.
  public private(set) var unknownDifferences: Set<[CommitID]> = []
  /// Pairs of contents that have no map.
  public private(set) var unknownMaps: Set<BlobPair> = []
  /// Contents whose suppression comments are not known.
  public private(set) var unknownSilences: Set<BlobID> = []

  /// Creates a reader that passes on to another.
  public init(_ facts: any FactReader) { self.facts = facts }

  /// Every lane that has a scan, sorted.
  public func lanes() throws -> [LaneKey] { try facts.lanes() }
  /// All scans of a lane, sorted by entry id.
  public func scans(of lane: LaneKey) throws -> [ScanFact] { try facts.scans(of: lane) }
  /// Scans of a lane that were retracted, sorted by entry id.
  public func retractedScans(of lane: LaneKey) throws -> [ScanFact] {
    try facts.retractedScans(of: lane)
  }
  /// The sheets of a scan by path.
  public func tree(of scan: EntryID) throws -> Tree { try facts.tree(of: scan) }
  /// One sheet.
  public func sheet(_ id: SheetID) throws -> Sheet { try facts.sheet(id) }
  /// Whether two sightings were said to be the same or different.
  public func corrections(of lane: LaneKey) throws -> [CorrectionFact] {
    try facts.corrections(of: lane)
  }
  /// Every waiver, sorted by entry id.
  public func waivers() throws -> [(id: EntryID, record: WaiverRecord)] { try facts.waivers() }
  /// The entry by which a person says that a scan is complete.
  public func confirmation(of scan: EntryID) throws -> EntryID? {
    try facts.confirmation(of: scan)
  }
  /// The files that a scan lists as analysed.
  public func analysedFiles(of scan: ScanRecord) throws -> Set<RepoPath>? {
    try facts.analysedFiles(of: scan)
  }

  /// What is known of a commit; nil, and remembered, if git was never asked.
  public func commit(_ id: CommitID) throws -> CommitRecord? {
    let answer = try facts.commit(id)
    if answer == nil { unknownCommits.insert(id) }
    return answer
  }

  /// The blobs of some files at a commit; nil, and remembered, when its files are not known.
  public func blobs(of paths: [RepoPath], at commit: CommitID) throws -> [RepoPath: BlobID]? {
    let answer = try facts.blobs(of: paths, at: commit)
    if answer == nil { unknownFiles.insert(commit) }
    return answer
  }

  /// What differs between two commits; nil, and remembered, when it cannot be told.
  public func difference(from old: CommitID, to new: CommitID) throws -> CommitDifference? {
    let answer = try facts.difference(from: old, to: new)
    if answer == nil { unknownDifferences.insert([old, new]) }
    return answer
  }

  /// The map between two contents; nil, and remembered, if there is no evidence of it.
  public func fileMap(_ pair: BlobPair) throws -> FileMap? {
    let answer = try facts.fileMap(pair)
    if answer == nil { unknownMaps.insert(pair) }
    return answer
  }

  /// The suppression comments of a content; nil, and remembered, if there is no evidence of them.
  public func silences(of blob: BlobID) throws -> SilencedText? {
    let answer = try facts.silences(of: blob)
    if answer == nil { unknownSilences.insert(blob) }
    return answer
  }
}
