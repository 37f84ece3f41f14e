public import TallyModel

extension LedgerReader {
  /// How many entries the journal held at the end of a moment: those before the first that arrived later.
  ///
  /// What another ledger recorded keeps its time of arrival there when it is united with this one; it comes behind a merge entry that
  /// arrived now, so that what was known here at a time stays what it was.
  public func size(arrivedUpTo moment: Timestamp) throws -> Int {
    let first = try session.int(
      """
      SELECT min(e.sequence) FROM entry e JOIN receipt r ON r.number = e.receipt
      WHERE r.arrived > ?
      """,
      .int(Int(moment.seconds))
    )
    return min(first.map { $0 - 1 } ?? visibleSize, visibleSize)
  }
}
