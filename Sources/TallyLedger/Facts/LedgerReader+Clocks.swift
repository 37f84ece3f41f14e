public import TallyModel

/// A commit that says it was made after this journal had got to know it, or after the present.
public struct AheadCommit: Sendable, Hashable {
  /// The commit.
  public let commit: CommitID
  /// When it says that it was made; where git was not asked, the latest time that its scans have in the books.
  public let claimed: Timestamp
  /// When the journal got what it knows of it.
  public let arrived: Timestamp
}

extension LedgerReader {
  /// The commits whose time lies after their arrival here or after a moment, by name.
  ///
  /// A wrong clock is the only way for a commit to be known before it was made, so nearly always there is none.
  public func commitsAhead(of moment: Timestamp) throws -> [AheadCommit] {
    let rows = try session.rows(
      """
      SELECT c.id, c.committed, r.arrived FROM git_commit c
      JOIN entry e ON e.sequence = c.entry JOIN receipt r ON r.number = e.receipt
      WHERE c.committed > (SELECT min(arrived) FROM receipt) AND c.entry <= ?1
        AND (c.committed > r.arrived OR c.committed > ?2)
      UNION ALL
      SELECT c.id, max(p.time), min(r.arrived) FROM lane_position p
      CROSS JOIN git_commit c ON c.number = p.git_commit
      JOIN position_scan s ON s.lane = p.lane AND s.place = p.place
      JOIN entry e ON e.sequence = s.entry JOIN receipt r ON r.number = e.receipt
      WHERE c.entry IS NULL
      GROUP BY c.id HAVING max(p.time) > min(r.arrived) OR max(p.time) > ?2
      """,
      .int(visibleSize),
      .int(Int(moment.seconds))
    ) { row in
      (
        id: row.withBytes(0, CommitID.init(bytes:)), claimed: row.int(1), arrived: row.int(2)
      )
    }
    return try rows.map { row in
      guard let id = row.id else { throw Damage("a commit has no name") }
      return AheadCommit(
        commit: id,
        claimed: Timestamp(seconds: Int64(row.claimed)),
        arrived: Timestamp(seconds: Int64(row.arrived))
      )
    }
    .sorted { $0.commit < $1.commit }
  }
}
