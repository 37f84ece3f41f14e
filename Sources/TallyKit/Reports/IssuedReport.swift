import TallyLedger
import TallyModel
import TallyReport

extension Workspace {
  /// Records that a post was made: one entry for each campaign it is about.
  ///
  /// The same post of a ledger in which nothing else was recorded since is not recorded again.
  ///
  /// - Returns: A sentence for each entry.
  /// - Throws: ``ReportError/nothingToRecord(template:)``, ``WorkspaceError``, `LedgerError`.
  public func record(_ draft: ReportDraft, text: String) throws -> [String] {
    let campaigns = draft.campaigns
    if campaigns.isEmpty { throw ReportError.nothingToRecord(template: draft.name) }
    var digest = StreamingDigest()
    Array(text.utf8).withUnsafeBytes { digest.update($0) }
    let output = digest.finish()
    let ledger = try openLedger(.readWrite)
    return try ledger.write { transaction in
      let project = try project(in: transaction)
      var sentences: [String] = []
      for (context, document) in campaigns {
        guard let asOf = Timestamp(iso8601: context.footer.asOf) else { continue }
        let id = context.campaign.id
        if try isRecorded(draft.name, id, asOf, project, transaction) {
          sentences.append("recorded already: \(draft.name) for \(id) as of \(asOf.iso8601)")
          continue
        }
        let record = ReportIssuedRecord(
          project: project,
          template: draft.name,
          campaign: id,
          asOf: asOf,
          journalSize: context.footer.entries,
          context: try transaction.saveText(document.json.formatted()),
          output: output
        )
        let answer = try Recorder(transaction: transaction, receipt: receipt, evidence: nil)
          .record(
            .reportIssued(record),
            importer: "report/1",
            sentence: "recorded \(draft.name) for \(id)"
          )
        let entry = answer.entry.prefix(12)
        sentences.append("\(answer.sentence) as of \(asOf.iso8601), entry \(entry)")
      }
      return sentences
    }
  }

  /// Says whether the same post is the last of its kind, and only posts were recorded since what it read.
  private func isRecorded(
    _ template: String,
    _ campaign: String,
    _ asOf: Timestamp,
    _ project: String,
    _ reader: LedgerReader
  ) throws -> Bool {
    let posts = try reader.issuedReports(project: project)
    guard
      let last = posts.last(where: {
        $0.record.template == template && $0.record.campaign == campaign
      })?.record
    else { return false }
    let since = posts.count { $0.record.journalSize >= last.journalSize }
    return try last.asOf == asOf && reader.size() == last.journalSize + since
  }
}
