public import TallyModel

extension LedgerReader {
  /// How many entries the journal held at the end of a moment: those up to the last that had arrived.
  public func size(arrivedUpTo moment: Timestamp) throws -> Int {
    let last = try session.int(
      """
      SELECT max(e.sequence) FROM entry e JOIN receipt r ON r.number = e.receipt
      WHERE r.arrived <= ?
      """,
      .int(Int(moment.seconds))
    )
    return min(last ?? 0, visibleSize)
  }
}
