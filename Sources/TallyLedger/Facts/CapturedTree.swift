public import TallyModel

/// The capture that was saved last in a lane.
public struct CapturedTree: Sendable {
  /// One file.
  public struct Line: Sendable {
    /// The file.
    public let path: RepoPath
    /// Its sheet.
    public let sheet: SheetID
    /// The claimed part of that sheet.
    public let claim: ClaimID
  }
  /// The commit that was scanned.
  public let commit: CommitID
  /// The tree.
  public let tree: TreeID
  /// Sorted by path.
  public let lines: [Line]
}

extension LedgerReader {
  /// What was captured last in a lane: what the next capture shares most of its sheets with.
  public func captured(in lane: LaneKey) throws -> CapturedTree? {
    guard let number = try interner.findLane(lane),
      let row = try CapturedRow.read(session, number),
      let tree = TreeID(bytes: try objects.id(row.tree))
    else { return nil }
    return CapturedTree(
      commit: try interner.commit(row.commit),
      tree: tree,
      lines: try row.lines(objects).enumerated().map { index, line in
        guard let sheet = SheetID(bytes: row.sheets[index * 32..<index * 32 + 32]),
          let claim = ClaimID(bytes: row.claims[index * 32..<index * 32 + 32])
        else { throw Damage("the sheets of \(lane) are missing") }
        return CapturedTree.Line(path: ObjectStore.path(line.key), sheet: sheet, claim: claim)
      }
    )
  }
}

/// The last capture of a lane as it is stored: beside the tree the ids of its sheets and of their claims, which would
/// otherwise have to be gathered from as many pages.
struct CapturedRow {
  let commit: Int
  let tree: Int
  let sheets: [UInt8]
  let claims: [UInt8]

  static func read(_ session: Session, _ lane: Int) throws -> CapturedRow? {
    try session.first(
      "SELECT git_commit, tree, sheets, claims FROM captured WHERE lane = ?",
      .int(lane)
    ) {
      CapturedRow(
        commit: $0.int(0),
        tree: $0.int(1),
        sheets: $0.bytes(2),
        claims: $0.bytes(3)
      )
    }
  }

  /// The lines of the tree, sorted by path; whoever asks for one of their ids later gets it without reading.
  func lines(_ objects: ObjectStore) throws -> [StoredLine] {
    let lines = try objects.lines(tree, .tree)
    guard sheets.count == lines.count * 32, claims.count == sheets.count else {
      throw Damage("the last capture does not fit its tree \(tree)")
    }
    for (index, line) in lines.enumerated() {
      objects.remember(Array(sheets[index * 32..<index * 32 + 32]), line.reference)
    }
    return lines
  }
}
