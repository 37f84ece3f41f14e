import TallyBooks
import TallyLedger
import TallyModel
import TallyReport

extension EvidenceContext {
  /// For how long a promise that has ended is still shown.
  static let recentSeconds: Int64 = 14 * 86_400

  /// Waivers that hold, and those that ended within the last 14 days; the soonest end first.
  func waivers() throws -> [ReportContext.Waiver] {
    let view = campaign.view
    var result: [ReportContext.Waiver] = []
    for (id, record) in view.waiverRecords where record.project == project {
      let isRecent = view.asOf.seconds - record.until.seconds < Self.recentSeconds
      guard record.from <= view.asOf, record.until > view.asOf || isRecent else { continue }
      let ids = Set(try record.sightings.compactMap { try view.reader.violation(at: $0) })
      let own = try ids.sorted().compactMap { try view.account(of: $0) }.filter { account in
        guard let violation = try view.violation(account.violation) else { return false }
        return campaign.lanes.contains { $0.lane == account.lane }
          && campaign.selects(violation, at: account.path(at: view.now))
      }
      if own.isEmpty { continue }
      var waiver = ReportContext.Waiver()
      waiver.owner = record.owner
      waiver.reason = try view.reader.text(record.reason) ?? "(redacted)"
      if let late = try view.reader.entry(id)?.lateness(since: record.from) {
        waiver.reason += " (\(late))"
      }
      waiver.from = record.from.iso8601
      waiver.until = record.until.iso8601
      waiver.entry = id.description
      waiver.count = own.count
      waiver.violations = try own.map { try view.shortID($0.violation) }.sorted()
      result.append(waiver)
    }
    return result.sorted {
      ($0.until, $0.owner, $0.reason, $0.entry) < ($1.until, $1.owner, $1.reason, $1.entry)
    }
  }

  /// What was signed off for the project and holds, and what ended within the last 14 days; the soonest end first.
  func attestations() throws -> [ReportContext.Attestation] {
    let view = campaign.view
    var result: [ReportContext.Attestation] = []
    for (id, record) in try view.reader.attestations() where record.project == project {
      let isRecent = view.asOf.seconds - record.until.seconds < Self.recentSeconds
      guard record.from <= view.asOf, record.until > view.asOf || isRecent else { continue }
      var item = ReportContext.Attestation()
      item.criterion = record.criterion
      item.owner = record.owner
      item.reason = try view.reader.text(record.reason) ?? "(redacted)"
      if let late = try view.reader.entry(id)?.lateness(since: record.from) {
        item.reason += " (\(late))"
      }
      item.from = record.from.iso8601
      item.until = record.until.iso8601
      item.entry = id.description
      result.append(item)
    }
    return result.sorted {
      ($0.until, $0.criterion, $0.owner, $0.entry) < ($1.until, $1.criterion, $1.owner, $1.entry)
    }
  }
}

extension VerifyAnswer {
  /// What a post says about it.
  var context: ReportContext.Verification {
    var result = ReportContext.Verification()
    result.isDone = true
    result.findings = findings
    return result
  }
}
