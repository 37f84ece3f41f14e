import TallyBooks
import TallyLedger
import TallyModel

extension Workspace {
  /// Draws up one account after the other.
  ///
  /// Every period is a statement: each violation that moved is in exactly one of them.
  ///
  /// - Throws: ``TrendError``, ``ListError``, ``TimeError``, ``WorkspaceError``, `LedgerError`.
  public func trend(_ request: TrendRequest) async throws -> TrendAnswer {
    var request = request
    request.since = await commitName(request.since)
    return try await read(request.time) { [request] view, configuration in
      let needsCampaign = request.campaign != nil || request.breakdown == "priority"
      let definition = needsCampaign ? try configuration.campaign(orOnly: request.campaign) : nil
      let branch = try request.branch.map { try Glob(typed: $0, dialect: .name) }
      let campaign = try CampaignView(definition, branch: branch, in: view)
      var key = campaign.everything
      if let name = request.breakdown {
        guard let found = campaign.key(name) else { throw TrendError.unknownBreakdown(name) }
        key = found
      }
      var answer = TrendAnswer(
        by: request.breakdown,
        every: request.every.rawValue,
        causesIn: [],
        causesOut: [],
        periods: []
      )
      var kinds: Set<PostingKind> = []
      let spans = try TrendSpans(campaign, request).spans
      for span in spans {
        let statement = try campaign.statement(from: span.from, to: span.to, by: key)
        kinds.formUnion(statement.kinds)
        let scans = campaign.lanes.flatMap { lane in
          lane.positions.filter { position in
            guard position.onLine, span.to.includes(position) else { return false }
            return !(span.from?.includes(position) ?? false)
          }
        }
        answer.periods.append(
          TrendAnswer.Period(
            name: span.name,
            range: span.range,
            from: span.from?.time.iso8601,
            to: span.to.time.iso8601,
            scans: scans.count(where: \.succeeded),
            failedScans: scans.count { !$0.succeeded },
            isPartial: span.isPartial,
            rows: request.breakdown == nil
              ? [] : try statement.rows.map { try StatementAnswer.Row($0) },
            total: try StatementAnswer.Row(statement.total)
          )
        )
      }
      answer.causesIn = PostingKind.allCases.filter { $0.sign > 0 && kinds.contains($0) }
        .map(\.name)
      answer.causesOut = PostingKind.allCases.filter { $0.sign < 0 && kinds.contains($0) }
        .map(\.name)
      answer.warnings = try view.remarks(on: campaign.lanes)
      if let first = spans.first, let last = spans.last {
        answer.warnings += try redefinitions(
          of: definition,
          configuration,
          from: first.from?.time ?? Timestamp(seconds: 0),
          to: last.to.time,
          comparing: [.selection, request.breakdown == "priority" ? .priorities : []],
          in: view
        )
      }
      return answer
    }
  }
}

extension AccountPoint {
  /// Says whether a position lies at or before the point.
  fileprivate func includes(_ position: LanePosition) -> Bool {
    includes(lane: position.lane, position: position.index, time: position.time)
  }
}

/// The periods of a trend, one after the other.
private struct TrendSpans {
  /// One period.
  struct Span {
    let name: String
    let range: String
    let from: AccountPoint?
    let to: AccountPoint
    let isPartial: Bool
  }

  private(set) var spans: [Span] = []

  init(_ campaign: CampaignView, _ request: TrendRequest) throws {
    let reader = campaign.view.reader
    let first = campaign.lanes.compactMap { $0.positions.first { $0.onLine }?.time }.min()
    var start = first
    if let since = request.since {
      start = try Timestamp(iso8601: since) ?? TimeRequest.moment(since, in: reader)
    }
    guard let start, first != nil else { return }
    if start > campaign.view.asOf {
      throw TimeError.backwards(
        from: request.since ?? start.iso8601,
        to: request.time.asOf ?? campaign.view.asOf.iso8601
      )
    }
    if request.every == .scan {
      try addScans(campaign, since: request.since == nil ? nil : start)
    } else {
      try addPeriods(campaign.view.asOf, from: start, every: request.every)
    }
  }

  private mutating func add(_ span: Span) throws {
    if spans.count == TrendError.limit {
      throw TrendError.tooManyPeriods(limit: TrendError.limit)
    }
    spans.append(span)
  }

  private mutating func addPeriods(
    _ asOf: Timestamp,
    from first: Timestamp,
    every: TrendRequest.Every
  ) throws {
    var start = Calendar.start(of: first, every)
    while start <= asOf {
      let next = Calendar.next(after: start, every)
      let from = start.adding(seconds: -1)
      let to = min(next.adding(seconds: -1), asOf)
      try add(
        Span(
          name: Calendar.name(of: start, every),
          range: "\(from.iso8601)..\(to.iso8601)",
          from: AccountPoint(time: from),
          to: AccountPoint(time: to),
          isPartial: next.adding(seconds: -1) > asOf
        )
      )
      start = next
    }
  }

  private mutating func addScans(_ campaign: CampaignView, since: Timestamp?) throws {
    // Two lanes may have a commit at different times; its account ends with the later one.
    var ends: [CommitID: (time: Timestamp, index: Int)] = [:]
    for position in campaign.lanes.flatMap(\.positions) where position.onLine {
      let known = ends[position.commit]
      if known.map({ (position.time, position.index) > $0 }) ?? true {
        ends[position.commit] = (position.time, position.index)
      }
    }
    let sorted = ends.sorted {
      ($0.value.time, $0.value.index, $0.key) < ($1.value.time, $1.value.index, $1.key)
    }
    var from = since.map { AccountPoint(time: $0.adding(seconds: -1)) }
    var words = from?.time.iso8601 ?? ""
    for (commit, end) in sorted where since.map({ end.time >= $0 }) ?? true {
      let to = try campaign.point(at: commit)
      try add(
        Span(
          name: commit.short,
          range: "\(words)..\(commit)",
          from: from,
          to: to,
          isPartial: false
        )
      )
      (from, words) = (to, commit.description)
    }
  }
}
