/// What a derivation would know of git and the facts do not say: who has the clone can find it out, and derive again.
public enum FactQuestion: Sendable, Hashable {
  /// What differs between two commits: what each between them changed, else the renames over the whole distance.
  case difference(from: CommitID, to: CommitID)
  /// Where the places of findings went.
  case map(MapQuestion)
}

/// Findings of one content of a file that are to be followed to another.
public struct MapQuestion: Sendable, Hashable {
  /// Both contents.
  public let pair: BlobPair
  /// The commit of the old content, and the file's path there.
  public let from: CommitID
  /// The path at ``from``.
  public let path: RepoPath
  /// The commit of the new content, and the file's path there.
  public let to: CommitID
  /// The path at ``to``.
  public let target: RepoPath
  /// The places of the old findings.
  public let regions: Set<SourceRegion>
  /// What their columns count.
  public let columnUnit: ColumnUnit

  /// Creates a question.
  public init(
    pair: BlobPair,
    from: CommitID,
    path: RepoPath,
    to: CommitID,
    target: RepoPath,
    regions: Set<SourceRegion>,
    columnUnit: ColumnUnit
  ) {
    self.pair = pair
    self.from = from
    self.path = path
    self.to = to
    self.target = target
    self.regions = regions
    self.columnUnit = columnUnit
  }
}
