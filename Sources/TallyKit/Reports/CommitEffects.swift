import TallyBooks
import TallyLedger
import TallyModel
import TallyReport

/// The commit, or the range that it ends, which something counts for.
struct EffectKey: Hashable {
  let commit: CommitID
  let isRange: Bool
}

/// What a commit or range did.
private struct Effect {
  var closed = 0
  var opened = 0
  /// Where a range ends, in the numbers of the book.
  var last: (position: Int32, lane: Int32)?

  mutating func add(_ flow: Flow) {
    if flow.kind.sign < 0 { closed += Int(flow.count) } else { opened += Int(flow.count) }
    if !flow.isExactCommit { last = (flow.position, flow.lane) }
  }
}

/// A commit or range before its message is read.
private struct Listed {
  let key: EffectKey
  let effect: Effect
  let time: Timestamp?

  /// Newest first; a commit may stand for itself and for the range it ends.
  static func isBefore(_ left: Listed, _ right: Listed) -> Bool {
    if left.time != right.time {
      guard let time = right.time else { return true }
      return left.time.map { time < $0 } ?? false
    }
    if left.key.commit != right.key.commit { return right.key.commit < left.key.commit }
    return !left.key.isRange && right.key.isRange
  }
}

extension WorkContext {
  /// Commits that closed or opened violations of the campaign since the baseline, and those that name its issue; newest first.
  func commits() throws -> [ReportContext.Commit] {
    try unordered(limit: .max).sorted(by: Listed.isBefore).map(context)
  }

  /// The same, but of so many those that closed most; with what is left out.
  ///
  /// Where so many closed something, those that only name the issue are none of them, and not looked for.
  func commits(
    atMost limit: Int
  ) throws -> (commits: [ReportContext.Commit], more: Int, moreClosed: Int) {
    let ranked = try unordered(limit: limit).sorted {
      $0.effect.closed == $1.effect.closed
        ? Listed.isBefore($0, $1) : $0.effect.closed > $1.effect.closed
    }
    let cut = ranked.dropFirst(limit)
    return (
      try ranked.prefix(limit).sorted(by: Listed.isBefore).map(context), cut.count,
      cut.reduce(0) { $0 + $1.effect.closed }
    )
  }

  private func unordered(limit: Int) throws -> [Listed] {
    guard let start = baseline.point else { return [] }
    var effects = try effects(since: start)
    if effects.count(where: { $0.effect.closed > 0 }) < limit {
      let known = Set(effects.map(\.key))
      for commit in try mentioning(since: start.time)
      where !known.contains(EffectKey(commit: commit, isRange: true))
        && !known.contains(EffectKey(commit: commit, isRange: false))
      {
        effects.append((EffectKey(commit: commit, isRange: false), Effect()))
      }
    }
    let known = try view.commits()
    return effects.map { key, effect in
      Listed(key: key, effect: effect, time: known[key.commit]?.committed)
    }
  }

  private func mentioning(since start: Timestamp) throws -> [CommitID] {
    try view.reader
      .commits(
        mentioning: campaign.campaign.mentionTexts,
        after: start,
        // A clock that is ahead hides no commit.
        upTo: view.clocks.times.isEmpty ? view.asOf : Timestamp(seconds: .max)
      )
      .filter { commit in
        guard let record = try view.clocks.commit(commit), record.committed <= view.asOf,
          record.committed > start
        else { return false }
        return try campaign.campaign.isMentioned(in: view.reader.text(record.message) ?? "")
      }
  }

  // MARK: What commits did

  /// What was fixed, deleted, introduced and reopened after a point, by the commit or range it counts for.
  private func effects(
    since start: AccountPoint
  ) throws -> [(key: EffectKey, effect: Effect)] {
    let flows = try campaign.flows()
    let book = flows.book
    let from = FlowPoint(start, in: book)
    let known = try view.commits()
    let merges = book.commits.map { known[$0]?.isMerge == true }
    let authors = MergedCommits(reader: view.reader, since: start.time)
    // By commit: as one commit, as a range.
    var plain = Array(repeating: Effect(), count: book.commits.count * 2)
    var merged: [EffectKey: Effect] = [:]
    for flow in flows.flows {
      guard flow.commit >= 0, flow.time <= view.asOf, Self.isEffect(flow.kind),
        !from.includes(flow), flows.isCounted(flow.subject)
      else { continue }
      let commit = Int(flow.commit)
      if merges[commit] {
        let key = try key(
          of: book.commits[commit],
          isExact: flow.isExactCommit,
          path: book.subject(flow.subject).path,
          authors
        )
        merged[key, default: Effect()].add(flow)
      } else {
        let place = commit * 2 + (flow.isExactCommit ? 0 : 1)
        plain[place].add(flow)
      }
    }
    var result: [(key: EffectKey, effect: Effect)] = []
    for (place, effect) in plain.enumerated() where effect.closed + effect.opened > 0 {
      let key = EffectKey(commit: book.commits[place / 2], isRange: place % 2 == 1)
      // A commit of a merged branch may have been scanned itself.
      let other = merged.removeValue(forKey: key)
      var sum = effect
      sum.closed += other?.closed ?? 0
      sum.opened += other?.opened ?? 0
      result.append((key, sum))
    }
    result += merged.filter { $0.value.closed + $0.value.opened > 0 }.map { ($0.key, $0.value) }
    return result
  }

  /// The postings behind ``commits()``, one by one.
  func postings(
    since start: AccountPoint?
  ) throws -> [(key: EffectKey, posting: Posting)] {
    guard let start else { return [] }
    var result: [(key: EffectKey, posting: Posting)] = []
    let merged = MergedCommits(reader: view.reader, since: start.time)
    for account in try campaign.accounts {
      for posting in account.postings {
        let isBefore = start.includes(
          lane: posting.lane,
          position: posting.position,
          time: posting.time
        )
        guard let commit = posting.commit, !isBefore, posting.time <= view.asOf,
          Self.isEffect(posting.kind), try campaign.selects(account, at: posting.path)
        else { continue }
        let key = try key(
          of: commit,
          isExact: posting.isExactCommit,
          path: posting.path,
          merged
        )
        result.append((key, posting))
      }
    }
    return result
  }

  private static func isEffect(_ kind: PostingKind) -> Bool {
    switch kind {
    case .fixed, .deleted, .introduced, .reopened: true
    default: false
    }
  }

  private func key(
    of commit: CommitID,
    isExact: Bool,
    path: RepoPath,
    _ merged: MergedCommits
  ) throws -> EffectKey {
    let author = isExact ? try merged.author(of: commit, path: path) : nil
    return EffectKey(commit: author ?? commit, isRange: !isExact)
  }

  private func context(_ item: Listed) throws -> ReportContext.Commit {
    var result = ReportContext.Commit()
    result.sha = item.key.commit.description
    result.closed = item.effect.closed
    result.opened = item.effect.opened
    result.isRange = item.key.isRange
    result.rangeFrom =
      try item.effect.last.flatMap { try before($0.position, in: $0.lane) }?.short ?? ""
    if let record = try view.clocks.commit(item.key.commit) {
      let message = try view.reader.text(record.message) ?? ""
      result.subject = String(message.prefix { $0 != "\n" && $0 != "\r\n" })
      result.time = record.committed.iso8601
      result.mentionsIssue =
        record.committed <= view.asOf && campaign.campaign.isMentioned(in: message)
        && baseline.point.map { $0.time < record.committed } ?? false
    }
    if let url = configuration.repositoryURL { result.url = "\(url)/commit/\(item.key.commit)" }
    return result
  }

  /// The commit of the position before one.
  private func before(_ position: Int32, in lane: Int32) throws -> CommitID? {
    let key = try campaign.flows().book.lanes[Int(lane)]
    guard let lane = campaign.lanes.first(where: { $0.lane == key }) else { return nil }
    return lane.positions.last { $0.index < position && $0.onLine && $0.succeeded }?.commit
  }
}

extension String {
  /// Says whether a text stands here and no letter or digit follows it: `#22` is not found in `#226`.
  func mentions(_ text: String) -> Bool {
    var rest = self[...]
    while let found = rest.firstRange(of: text) {
      rest = rest[found.upperBound...]
      guard let next = rest.unicodeScalars.first else { return true }
      if !next.properties.isAlphabetic && !("0"..."9").contains(next) { return true }
    }
    return false
  }
}

extension Campaign {
  /// Says whether a message names the campaign's issue.
  func isMentioned(in message: String) -> Bool {
    mentionTexts.contains { message.mentions($0) }
  }

  /// Texts that make a commit a key commit: as written, else the issue's reference.
  var mentionTexts: [String] {
    mentions.isEmpty ? (issueReference.map { [$0] } ?? []) : mentions
  }
}
