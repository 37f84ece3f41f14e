public import TallyModel

/// A commit that says it was made after this journal had got to know it.
public struct AheadCommit: Sendable, Hashable {
  /// The commit.
  public let commit: CommitID
  /// When it says that it was made; where git was not asked, the latest time that its scans have in the books.
  public let claimed: Timestamp
  /// When the journal got what it knows of it.
  public let arrived: Timestamp
}

extension LedgerReader {
  /// The commits whose time lies after their arrival here, by name.
  ///
  /// A wrong clock is the only way for a commit to be known before it was made, so nearly always there is none.
  public func commitsAhead() throws -> [AheadCommit] {
    let rows = try session.rows(
      """
      SELECT c.id, c.committed, r.arrived, r.number FROM git_commit c
      JOIN entry e ON e.sequence = c.entry JOIN receipt r ON r.number = e.receipt
      WHERE c.committed > (SELECT min(arrived) FROM receipt) AND c.entry <= ?
        AND c.committed > r.arrived
      UNION ALL
      SELECT c.id, max(p.time), min(r.arrived), min(r.number) FROM lane_position p
      CROSS JOIN git_commit c ON c.number = p.git_commit
      JOIN position_scan s ON s.lane = p.lane AND s.place = p.place
      JOIN entry e ON e.sequence = s.entry JOIN receipt r ON r.number = e.receipt
      WHERE c.entry IS NULL
      GROUP BY c.id HAVING max(p.time) > min(r.arrived)
      """,
      .int(visibleSize)
    ) { row in
      (
        id: row.withBytes(0, CommitID.init(bytes:)), claimed: row.int(1), arrived: row.int(2),
        receipt: row.int(3)
      )
    }
    return try rows.compactMap { row in
      guard let id = row.id else { throw Damage("a commit has no name") }
      // Time does not run back: what came before was here already.
      let known = try session.int(
        "SELECT max(arrived) FROM receipt WHERE number <= ?",
        .int(row.receipt)
      )
      let arrived = max(row.arrived, known ?? row.arrived)
      if row.claimed <= arrived { return nil }
      return AheadCommit(
        commit: id,
        claimed: Timestamp(seconds: Int64(row.claimed)),
        arrived: Timestamp(seconds: Int64(arrived))
      )
    }
    .sorted { $0.commit < $1.commit }
  }

  /// The latest time of a commit, no later than its arrival, that lies after a moment; nil where none does.
  public func latestCommit(after moment: Timestamp) throws -> Timestamp? {
    try session.int(
      """
      SELECT max(min(c.committed, r.arrived)) FROM git_commit c
      JOIN entry e ON e.sequence = c.entry JOIN receipt r ON r.number = e.receipt
      WHERE c.committed > ?1 AND c.entry <= ?2 AND r.arrived > ?1
      """,
      .int(Int(moment.seconds)),
      .int(visibleSize)
    ).map { Timestamp(seconds: Int64($0)) }
  }
}
