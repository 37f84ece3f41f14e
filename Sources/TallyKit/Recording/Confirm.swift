import TallyBooks
import TallyLedger
import TallyModel

extension Workspace {
  /// Records a person's word that a scan is complete: what it does not report, though nobody edited its file, is gone.
  ///
  /// - Parameters:
  ///   - digits: the scan's entry, or an unambiguous beginning of its id.
  ///   - reason: why.
  ///   - owner: who says so; nil for the person at the keyboard.
  /// - Returns: What was recorded, and how many violations went.
  /// - Throws: ``RecordingError``, ``WorkspaceError``, `LedgerError`.
  public func confirm(
    scan digits: String,
    reason: String,
    by owner: String?
  ) async throws -> RecordedAnswer {
    let reason = reason.trimmed
    if reason.isEmpty { throw RecordingError.emptyReason }
    let owner = try await person(owner)
    let receipt = { importer in self.receipt(importer: importer, actor: owner) }
    let ledger = try openLedger(.readWrite)
    return try ledger.write { transaction in
      let matching = try transaction.resolveEntry(prefix: digits)
      let scans = try matching.compactMap { try transaction.scan($0) }
      guard let scan = scans.first else {
        throw matching.isEmpty
          ? RecordingError.unknownEntry(digits) : RecordingError.noScan(digits)
      }
      if scans.count > 1 { throw RecordingError.ambiguousEntry(digits, count: scans.count) }
      let lane = scan.record.lane
      let place = try transaction.place(of: scan.id)
      let missing = try place.map { try transaction.unseen(in: lane, at: $0.position) } ?? 0
      let record = ConfirmationRecord(scan: scan.id, reason: try transaction.saveText(reason))
      var answer = try Recorder(transaction: transaction, receipt: receipt, evidence: nil)
        .record(.confirmation(record), importer: "confirm/1", sentence: "")
      var news = JournalNews()
      if let place { news.touch(lane, place.position) }
      let keeper = try BooksKeeper(transaction: transaction)
      _ = try keeper.post([], in: lane, news: news)
      let name = "\(scan.id.brief) of \(lane) at \(scan.record.commit.short)"
      let gone =
        missing == 1 ? "1 finding it did not see is" : "\(missing) findings it did not see are"
      answer.sentence = "confirmed \(name) by \(owner): \(gone) gone"
      answer.size = try transaction.size()
      return answer
    }
  }
}

extension LedgerReader {
  /// How many open violations were looked for at a position and not seen, though nobody edited their files.
  func unseen(in lane: LaneKey, at position: Int) throws -> Int {
    try standing(of: lane, at: position).count { item in
      guard item.reason == .unseen else { return false }
      return try violation(item.violation).map { $0.state != .suppressed } ?? false
    }
  }
}
