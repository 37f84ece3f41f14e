import Foundation
import TallyGit
import TallyLedger
import TallyModel
import TallyReport

/// What a pull did.
public struct PullAnswer: CommandAnswer {
  /// The form of this answer.
  public var version = 1
  /// Where from: ref and remote.
  public var place: String
  /// Entries that are new here.
  public var taken = 0
  /// Scans among them.
  public var scans = 0
  /// True when the ref does not hold any more what was seen on it before.
  public var rewritten = false
  /// Entries of the shared ledger.
  public var sharedSize = 0
  /// How many entries the journal holds now.
  public var size = 0
  /// The root of the journal's log, 64 hexadecimal digits.
  public var root = ""
  /// Sentences worth a person's attention.
  public var warnings: [String] = []

  /// One sentence, and the journal's size and root.
  public func text(_ style: TextStyle) -> String {
    let what =
      taken == 0
      ? "nothing new on \(place)"
      : "took \(taken) \(taken == 1 ? "entry" : "entries") (\(scans) \(scans == 1 ? "scan" : "scans")) from \(place)"
    return "\(VisibleText.line(what))  root \(size):\(root.prefix(12))\n"
  }
}

extension Workspace {
  /// Takes what others put on the shared ref into this ledger, which is made where it is missing.
  ///
  /// - Throws: ``ShareError``, `RemoteError`, `BundleError`, `LedgerError`, `GitError`.
  public func pull(
    _ request: ShareRequest,
    progress: @Sendable (String) -> Void = { _ in }
  ) async throws -> PullAnswer {
    let shared = try await SharedLedger(request, workspace: self)
    defer { shared.close() }
    progress("Fetching \(shared.place)")
    let log = try await shared.fetch()
    return try await take(log, of: shared, progress: progress)
  }

  /// Unites the ledger with a log that was fetched.
  func take(
    _ log: SharedLog,
    of shared: SharedLedger,
    progress: @Sendable (String) -> Void
  ) async throws -> PullAnswer {
    let ledger = try openLedger(.create)
    let state = try ledger.read { try $0.sharedState(of: shared.name) }
    var wanted = PulledParts(log, state)
    if wanted.parts.isEmpty, let commit = log.snapshot.commit,
      SharedState.mark(commit) != state.seenCommit, let last = log.parts.last
    {
      // Nothing seems to be new, but the ref is another commit: its end has to be what was seen.
      wanted = PulledParts(parts: [last])
    }
    var files = try await shared.read(wanted.parts)
    let waiting = try await shared.waiting(in: log)
    do {
      return try take(wanted, files, waiting, log, shared, ledger, progress)
    } catch is RewrittenRef {
      let all = PulledParts(parts: log.parts)
      files = try await shared.read(all.parts)
      return try take(all, files, waiting, log, shared, ledger, progress, isRewritten: true)
    }
  }

  private func take(
    _ wanted: PulledParts,
    _ files: [Data],
    _ waiting: [EntryBundle],
    _ log: SharedLog,
    _ shared: SharedLedger,
    _ ledger: Ledger,
    _ progress: @Sendable (String) -> Void,
    isRewritten: Bool = false
  ) throws -> PullAnswer {
    var answer = PullAnswer(place: shared.place)
    answer.sharedSize = log.size
    let ids = waiting.flatMap(\.entryIDs)
    let isWaited = try !ids.isEmpty && ledger.read { try $0.contains(ids).count } < ids.count
    if wanted.parts.isEmpty, !isWaited {
      let state = try ledger.read { try $0.sharedState(of: shared.name) }
      if log.parts.isEmpty, state.seenSize > 0 {
        try ledger.write { try $0.save(SharedState(), of: shared.name) }
        answer.rewritten = true
        answer.warnings = [shared.rewritten]
      }
      try ledger.read { reader in
        answer.size = try reader.size()
        answer.root = try reader.root().description
      }
      return answer
    }
    // Where nothing is here yet, and nothing but the log comes, books are made while the journal is written.
    let isFirst = try answer.sharedSize > 0 && waiting.isEmpty && ledger.read { try $0.size() } == 0
    let isSmall = files.reduce(0) { $0 + $1.count } <= PullAhead.mostFileBytes
    let ahead =
      isFirst && isSmall && wanted.parts.first?.start == 0
      ? PullAhead(wanted.parts, files, of: shared) : nil
    defer { ahead?.stop() }
    return try ledger.write { transaction in
      var pull = try PullRun(
        transaction: transaction,
        shared: shared,
        log: log,
        workspace: self,
        isRewritten: isRewritten,
        ahead: ahead
      )
      try pull.take(wanted.parts, files)
      try pull.remember()
      // What waits has no place in the log yet; it is remembered as ours to push, in case nobody joins it.
      try pull.take(waiting)
      progress("Posting")
      let warnings = try Uniter(transaction: transaction).post(
        pull.taken,
        ahead: pull.isWhole ? ahead : nil
      )
      answer.taken = pull.taken.appended.count
      answer.scans = pull.taken.appended.count { $0.body.kind == .scan }
      answer.rewritten = isRewritten
      answer.size = try transaction.size()
      answer.root = try transaction.root().description
      answer.warnings = pull.warnings + warnings
      return answer
    }
  }
}

/// The log on the ref does not hold what was seen on it before.
struct RewrittenRef: Error {}

/// The parts of a log that a pull has to read.
private struct PulledParts {
  let parts: [SharedLog.Part]

  init(parts: [SharedLog.Part]) { self.parts = parts }

  init(_ log: SharedLog, _ state: SharedState) {
    if let commit = log.snapshot.commit, SharedState.mark(commit) == state.seenCommit {
      parts = []
      return
    }
    let from = min(state.seenSize, state.recordedHere)
    parts = log.parts.filter { $0.end > from }
  }
}

/// One pull inside its transaction.
private struct PullRun {
  let transaction: WriteTransaction
  let shared: SharedLedger
  let log: SharedLog
  let workspace: Workspace
  let isRewritten: Bool
  private let ahead: PullAhead?
  var taken = TakenEntries()
  var warnings: [String] = []
  private var state: SharedState
  private let sizeBefore: Int
  private var isContinuation = false
  private var end: LogEnd?
  private var latestArrival: Timestamp?
  private var earlyArrivals = 0

  init(
    transaction: WriteTransaction,
    shared: SharedLedger,
    log: SharedLog,
    workspace: Workspace,
    isRewritten: Bool,
    ahead: PullAhead?
  ) throws {
    self.transaction = transaction
    self.ahead = ahead
    self.shared = shared
    self.log = log
    self.workspace = workspace
    self.isRewritten = isRewritten
    state = isRewritten ? SharedState() : try transaction.sharedState(of: shared.name)
    sizeBefore = try transaction.size()
    if isRewritten {
      warnings.append(shared.rewritten)
    }
  }

  /// True where the journal was empty and is the log now.
  var isWhole: Bool { sizeBefore == 0 && isContinuation && taken.appended.count == log.size }

  mutating func take(_ parts: [SharedLog.Part], _ files: [Data]) throws {
    if log.size < state.seenSize { throw RewrittenRef() }
    let mine = try transaction.logEnd()
    // Where our whole journal is the beginning of theirs, the rest follows as it is there. Nil until that is known.
    var continues: Bool? = sizeBefore > log.size ? false : nil
    var held: [EntryBundle] = []
    var projects: Set<String> = []
    for (part, file) in zip(parts, files) {
      let bundle: EntryBundle
      if let ahead {
        bundle = try ahead.bundle()
      } else {
        let sources: [any BundleSource] = held.reversed() + [transaction]
        bundle = try shared.bundle(part, file, outside: BundleSources(sources), after: end)
      }
      projects.formUnion(bundle.projects)
      if state.seenSize > 0, part.start <= state.seenSize, state.seenSize <= part.end {
        let seen = bundle.end(after: state.seenSize - part.start)
        if SharedState.mark(seen) != state.seenRoot { throw RewrittenRef() }
      }
      if continues == nil, part.start > sizeBefore { continues = false }
      if continues == nil, sizeBefore <= part.end {
        continues = bundle.end(after: sizeBefore - part.start) == mine
      }
      end = bundle.end
      note(bundle)
      held.append(bundle)
      if continues == true {
        for bundle in held {
          let first = max(0, min(bundle.count, sizeBefore - bundle.start.size))
          try transaction.take(bundle, from: first, into: &taken)
        }
        held = []
      }
    }
    let ours = state.seenSize == 0 ? Set(try transaction.projects(behind: 0)) : nil
    isContinuation = continues == true
    if !isContinuation { try unite(held) }
    // What came may say that a project has another name; nothing of it stays where it is refused.
    try workspace.check(projects: projects, at: shared.place, names: transaction.names())
    if let ours { try workspace.check(projects, against: ours, at: shared.place) }
    noteClocks()
  }

  /// Takes what waits in the queue.
  mutating func take(_ waiting: [EntryBundle]) throws {
    for bundle in waiting { try transaction.take(bundle, into: &taken) }
    try workspace.check(
      projects: waiting.flatMap(\.projects),
      at: "the queue of \(shared.place)",
      names: transaction.names()
    )
  }

  private mutating func note(_ bundle: EntryBundle) {
    for (draft, receipt) in bundle.entries {
      latestArrival = max(latestArrival ?? receipt.arrived, receipt.arrived)
      if case .commit(let record) = draft.body,
        receipt.arrived < record.committed.adding(seconds: -86_400)
      {
        earlyArrivals += 1
      }
    }
  }

  /// Appends what is missing behind an entry that records their log.
  private mutating func unite(_ bundles: [EntryBundle]) throws {
    guard let first = bundles.first, let end else { return }
    let ids = bundles.flatMap(\.entryIDs)
    if try transaction.contains(ids).count == ids.count {
      taken.known += ids.count
      return
    }
    let from = max(state.recordedHere, first.start.size)
    let leaves = bundles.flatMap(\.leaves).dropFirst(from - first.start.size)
    _ = try transaction.append(
      [EntryBody.merge(of: end, leaves: Array(leaves))],
      receipt: workspace.receipt(importer: "pull/1")
    )
    for bundle in bundles { try transaction.take(bundle, into: &taken) }
    state.recordedHere = end.size
  }

  /// A clock that is wrong by days shows in the times of arrival.
  private mutating func noteClocks() {
    let limit = workspace.now.adding(seconds: 86_400)
    if let latestArrival, latestArrival > limit {
      warnings.append(
        "\(shared.place) holds entries that arrived on \(latestArrival.dateText), "
          + "\(latestArrival.days(since: workspace.now)) days from now: a clock is wrong, here or there"
      )
    }
    if earlyArrivals > 0 {
      let noun = earlyArrivals == 1 ? "commit" : "commits"
      warnings.append(
        "\(shared.place) holds \(earlyArrivals) \(noun) that arrived more than a day before they were "
          + "made: the clock of a job is behind"
      )
    }
  }

  /// Notes what is known of the ref now.
  mutating func remember() throws {
    guard let end, let commit = log.snapshot.commit else { return }
    let size = try transaction.size()
    if isContinuation, size == end.size {
      state.pushedEntries = size
      state.pushedObjects = try transaction.objectCount()
      state.filterSize = end.size
      state.recordedHere = end.size
      state.recordedThere = size
    } else if sizeBefore == state.pushedEntries {
      state.pushedEntries = size
      state.pushedObjects = try transaction.objectCount()
      state.filterSize = end.size
    } else {
      state.filterSize = min(state.filterSize, state.seenSize)
    }
    state.seenSize = end.size
    state.seenRoot = SharedState.mark(end)
    state.seenCommit = SharedState.mark(commit)
    try transaction.save(state, of: shared.name)
  }
}
