extension LedgerReader {
  /// The projects of scans, test runs, measurements and waivers behind a place of the journal, sorted bytewise.
  ///
  /// Each as it was recorded. Read from indexes, so that nothing has to be decoded for it.
  public func projects(behind sequence: Int) throws -> [String] {
    // Of the whole journal the lanes say it themselves.
    let lanes =
      sequence == 0
      ? "SELECT project FROM lane"
      : "SELECT l.project FROM entry e JOIN lane l ON l.number = e.lane WHERE e.sequence > ?1"
    let found = try session.rows(
      """
      \(lanes)
      UNION SELECT n.text FROM measurement m JOIN name n ON n.number = m.project WHERE m.entry > ?1
      UNION SELECT n.text FROM waiver w JOIN name n ON n.number = w.project WHERE w.entry > ?1
      """,
      .int(sequence)
    ) { $0.text(0) }
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
