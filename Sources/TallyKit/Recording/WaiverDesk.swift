import TallyBooks
import TallyLedger
import TallyModel

/// Records waivers one after the other in one transaction, each held against the policy and what was waived before it.
struct WaiverDesk: PromiseDesk {
  /// What receipts of waivers say that were recorded again to end early.
  static let importerOfEnds = "waive-end/1"

  private let workspace: Workspace
  private let transaction: WriteTransaction
  private let project: String
  private let policy: WaiverPolicy
  private let view: BooksView
  /// What is waived now, with what was waived here.
  private var waived: Set<ViolationID>

  init(_ workspace: Workspace, _ transaction: WriteTransaction) throws {
    self.workspace = workspace
    self.transaction = transaction
    project = try workspace.project(in: transaction)
    policy =
      try workspace.configuration(in: transaction, project: project)?.waivers
      ?? WaiverPolicy()
    let view = try BooksView.load(transaction, time: .present(workspace.now))
    self.view = view
    waived = Set(try view.accounts.filter { $0.state(at: view.now) == .waived }.map(\.violation))
  }

  private var recorder: Recorder {
    Recorder(transaction: transaction, receipt: workspace.receipt, evidence: nil)
  }

  mutating func record(_ request: WaiveRequest, owner: String) throws -> RecordedAnswer {
    let (reason, from) = try workspace.checked(
      request.reason,
      from: request.from,
      until: request.until
    )
    try check(reason, owner: owner, seconds: request.until.seconds - from.seconds)
    let named = try request.violations.map { try view.violation(named: $0) }
    for violation in named where violation.state != .open {
      throw RecordingError.notWaivable(
        try view.shortID(violation.id),
        state: String(describing: violation.state)
      )
    }
    let all = waived.union(named.map(\.id))
    if let limit = policy.atMost, all.count > limit {
      throw RecordingError.tooMany(count: all.count, limit: limit)
    }
    waived = all
    let record = WaiverRecord(
      project: project,
      sightings: Set(named.map(\.last)).sorted(by: Sighting.precedes),
      reason: try transaction.saveText(reason),
      owner: owner,
      from: from,
      until: request.until
    )
    let ids = try named.map { try view.shortID($0.id) }.joined(separator: ", ")
    var answer = try recorder.record(
      .waiver(record),
      importer: "waive/1",
      sentence: "waived \(ids) until \(request.until.dateText) by \(owner)"
    )
    answer.warnings += workspace.lateness(since: from)
    return answer
  }

  private func check(_ reason: String, owner: String, seconds: Int64) throws {
    if let longest = policy.longestSeconds, seconds > longest {
      throw RecordingError.tooLong(
        days: Int((seconds + 86_399) / 86_400),
        limit: Int(longest / 86_400)
      )
    }
    if !policy.allows(owner) { throw RecordingError.notAllowed(owner) }
    if let pattern = policy.reason, !pattern.matches(reason) {
      throw RecordingError.reasonDoesNotFit(pattern: pattern.pattern)
    }
  }

  // MARK: Ending early

  /// Replaces every waiver that holds for some violations at a time by one that ends then.
  mutating func end(
    _ written: [String],
    reason: String,
    at end: Timestamp
  ) throws -> [RecordedAnswer] {
    var named: Set<ViolationID> = []
    for id in written {
      let violation = try view.violation(named: id)
      guard view.waivers.waiver(of: violation.id, at: end) != nil else {
        throw RecordingError.notWaived(try view.shortID(violation.id), at: end)
      }
      named.insert(violation.id)
    }
    let why = try transaction.saveText(reason)
    var answers: [RecordedAnswer] = []
    for (id, record) in view.waiverRecords where record.project == project && record.until > end {
      var ended: [Sighting] = []
      var kept: [Sighting] = []
      for sighting in record.sightings {
        let isNamed = try transaction.violation(at: sighting).map(named.contains) ?? false
        if isNamed { ended.append(sighting) } else { kept.append(sighting) }
      }
      if ended.isEmpty { continue }
      let names = try Set(ended.compactMap { try transaction.violation(at: $0) }).sorted()
        .map(view.shortID).joined(separator: ", ")
      answers.append(
        try recorder.record(
          .retraction(RetractionRecord(target: id, reason: why)),
          importer: Self.importerOfEnds,
          sentence: "took back the waiver of \(names) until \(record.until.dateText)"
        )
      )
      if record.from < end {
        answers.append(try again(record, ended, until: end, names: names))
      }
      if !kept.isEmpty {
        let others = try Set(kept.compactMap { try transaction.violation(at: $0) }).sorted()
          .map(view.shortID).joined(separator: ", ")
        answers.append(try again(record, kept, until: record.until, names: others))
      }
    }
    return answers
  }

  /// Records some sightings of a waiver again, with an end.
  private func again(
    _ record: WaiverRecord,
    _ sightings: [Sighting],
    until: Timestamp,
    names: String
  ) throws -> RecordedAnswer {
    try recorder.record(
      .waiver(
        WaiverRecord(
          project: record.project,
          sightings: sightings,
          reason: record.reason,
          owner: record.owner,
          from: record.from,
          until: until
        )
      ),
      importer: Self.importerOfEnds,
      sentence: "waived \(names) until \(until.iso8601) by \(record.owner)"
    )
  }
}
