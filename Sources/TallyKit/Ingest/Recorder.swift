import TallyBooks
import TallyGit
import TallyLedger
import TallyModel

/// Appends what an ingest gathered, and posts it: everything inside one transaction.
struct Recorder {
  let transaction: WriteTransaction
  /// Who brings it, for an importer's name and version.
  let receipt: (String) -> Receipt
  /// What git said; nil for entries that are about no commit.
  let evidence: CommitEvidence?
  /// When and by which run of CI runs of tools are recorded; nil for what is none.
  var recorded: (time: Timestamp, run: CIRun?)?

  /// Appends the runs with their evidence and gives the answer of the command.
  func record(_ runs: [PendingRun]) throws -> IngestResult {
    var news = try JournalNews(appendCommits().map(\.body), in: transaction)
    var result = IngestResult()
    var posted: [LaneKey: [Int]] = [:]
    var fresh: [LaneKey: [EntryID]] = [:]
    for entry in try appendRecording(of: runs) {
      if let place = try transaction.place(of: entry) { news.touch(place.lane, place.position) }
    }
    for var run in runs {
      // A rename may have come since the sources were looked at.
      run.lane = try transaction.current(run.lane)
      let appended = try append(run)
      posted[run.lane, default: []].append(result.runs.count)
      result.runs.append(appended.summary)
      guard appended.summary.kind == "scan" else { continue }
      if appended.summary.isNew {
        fresh[run.lane, default: []].append(appended.entry)
      } else if appended.isNewCapture, let place = try transaction.place(of: appended.entry) {
        // The same scan, with more known of its sources.
        news.touch(place.lane, place.position)
      }
    }
    let keeper = try BooksKeeper(transaction: transaction)
    let known = try transaction.lanes()
    let lanes = Set(fresh.keys).union(news.lanes(of: known)).union(try keeper.renaming(known))
    for lane in lanes.sorted() {
      let scans = try (fresh[lane] ?? []).compactMap { try transaction.scan($0) }
      let outcome = try keeper.post(scans, in: lane, news: news)
      result.warnings += outcome.warnings
      for index in posted[lane] ?? [] { result.runs[index].take(outcome) }
    }
    for (lane, indexes) in posted where !lanes.contains(lane) {
      for index in indexes where result.runs[index].kind == "scan" {
        result.runs[index].openAfter = try transaction.openCount(of: lane)
      }
    }
    result.size = try transaction.size()
    result.root = try transaction.root().description
    return result
  }

  /// Appends one entry that needs no posting.
  func record(_ body: EntryBody, importer: String, sentence: String) throws -> RecordedAnswer {
    if let evidence {
      try transaction.saveTexts(evidence.texts)
      let news = try JournalNews(appendCommits().map(\.body), in: transaction)
      try BooksKeeper(transaction: transaction).catchUp(with: news)
    }
    let draft = try EntryDraft(body)
    let appended = try transaction.append([draft], receipt: receipt(importer))
    return RecordedAnswer(
      entry: draft.id.description,
      isNew: !appended.appended.isEmpty,
      sentence: sentence,
      size: try transaction.size(),
      root: try transaction.root().description
    )
  }

  /// Appends what git says; returns what of it the journal did not know.
  func appendCommits() throws -> [EntryDraft] {
    guard let evidence else { return [] }
    var drafts = try evidence.bodies.map { try EntryDraft($0) }
    var manifests = evidence.answers.manifests
    if let snapshot = evidence.snapshot {
      let own = evidence.commits.first { $0.id == evidence.commit }
      manifests.append((evidence.commit, own?.parents.first, snapshot))
    }
    for (commit, parent, manifest) in manifests {
      let id = try transaction.saveManifest(manifest, basedOn: parent)
      drafts.append(try EntryDraft(.evidence(.manifest(commit: commit, manifest: id))))
    }
    let new = Set(try transaction.append(drafts, receipt: receipt("git/1")).appended)
    return drafts.filter { new.contains($0.id) }
  }

  private func append(
    _ run: PendingRun
  ) throws -> (summary: IngestedRun, entry: EntryID, isNewCapture: Bool) {
    let draft = try EntryDraft(run.body)
    let commit: CommitID
    switch run.body {
    case .scan(let record): commit = record.commit
    case .tests(let record): commit = record.commit
    default: return (IngestedRun(source: run.source), draft.id, false)
    }
    // Before the scan itself, so that a scan can be read as soon as the journal holds it: `--known-at` takes any size.
    let isNewCapture = try appendCapture(run, of: draft.id)
    let isNew = !(try transaction.append([draft], receipt: receipt(run.importer))).appended.isEmpty
    var summary = IngestedRun(source: run.source)
    summary.lane = run.lane.description
    summary.commit = commit.description
    summary.entry = draft.id.description
    summary.kind = "tests"
    summary.isNew = isNew
    for count in run.skipped { summary.skipped[count.reason] = count.count }
    for count in run.adjusted { summary.adjusted[count.reason] = count.count }
    for count in run.ignored { summary.ignored[count.reason] = count.count }
    for count in run.unknown { summary.unknown[count.reason] = count.count }
    switch run.body {
    case .scan(let record):
      summary.kind = "scan"
      summary.count = record.findingCount
      summary.failed = !record.succeeded
      return (summary, draft.id, isNewCapture)
    case .tests(let record):
      summary.count = record.cases.count
      summary.failed = !record.succeeded
      for test in record.cases { summary.outcomes[test.outcome.name, default: 0] += 1 }
    default: break
    }
    return (summary, draft.id, false)
  }

  /// Appends that these runs were recorded together, now; returns them where that was not known.
  ///
  /// Outside of CI it is known already where the very same were: only the earliest time counts.
  private func appendRecording(of runs: [PendingRun]) throws -> [EntryID] {
    let entries = try runs.map { try EntryDraft($0.body).id }
    guard let first = entries.first, let moment = recorded else { return [] }
    let record = RecordingRecord(entries: entries, recorded: moment.time, run: moment.run)
    let known = try transaction.recordings(of: first).contains {
      $0.run == record.run && Set($0.entries).isSuperset(of: record.entries)
    }
    if known { return [] }
    let draft = try EntryDraft(.evidence(.recording(record)))
    _ = try transaction.append([draft], receipt: receipt("git/1"))
    return record.entries
  }

  /// Appends what was captured of a scan's sources; says whether the journal did not hold it yet.
  private func appendCapture(_ run: PendingRun, of scan: EntryID) throws -> Bool {
    guard case .scan(let record) = run.body else { return false }
    let tree = try transaction.saveCapture(in: run.lane, commit: record.commit, lines: run.sheets)
    var drafts = [try EntryDraft(.evidence(.capture(scan: scan, tree: tree)))]
    if !run.maps.isEmpty { drafts.append(try EntryDraft(.evidence(.maps(run.maps)))) }
    return !(try transaction.append(drafts, receipt: receipt("git/1"))).appended.isEmpty
  }
}

extension IngestedRun {
  /// Takes over what posting did to the run's lane.
  mutating func take(_ outcome: BooksKeeper.Outcome) {
    openBefore = outcome.openBefore
    openAfter = outcome.openAfter
    isLate = outcome.isLate
    suspect = outcome.suspect
    superseded = outcome.superseded
    for posting in outcome.postings { postings[posting.kind.name, default: 0] += 1 }
  }
}
