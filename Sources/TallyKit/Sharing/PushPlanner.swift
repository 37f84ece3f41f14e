import Foundation
import TallyGit
import TallyLedger
import TallyModel

/// What one attempt of a push puts on the ref.
struct PushPlan {
  /// The new bundles, the first first.
  let bundles: [PackedBundle]
  /// How many entries of them are this ledger's, with that which records its order.
  let ownCount: Int
  /// Places of the journal of what the log and its queue lack.
  let pending: [Int]
  /// What leaves the queue with it.
  let joined: [RemoteRef.Waiting]
  /// The place behind them.
  let end: LogEnd
  /// The parts that stay.
  var kept: [SharedLog.Part]
  /// The files that are new.
  var files: [PackedBundle]
  /// What the ledger held when it was read.
  let sizeRead: Int
  let objectsRead: Int
  /// True where the log on the ref is our journal, before and after.
  let isLinear: Bool
  let state: SharedState

  /// What the commit on the ref says.
  var message: String {
    let count = bundles.reduce(0) { $0 + $1.count }
    let projects = Set(bundles.flatMap(\.projects)).sorted()
    let noun = count == 1 ? "entry" : "entries"
    let names = projects.prefix(3).joined(separator: ", ").filter { !$0.isNewline }
    return "\(count) \(noun)\(names.isEmpty ? "" : " of \(names)")\n\nroot \(end.size):\(end.root)"
  }
}

/// Decides what a push puts on the ref, from what the ledger remembers and what the ref holds now.
struct PushPlanner {
  let shared: SharedLedger
  let workspace: Workspace
  /// True once the ref was found to lack what was seen on it.
  private(set) var isRewritten = false
  private var known: [BundleID: EntryBundle] = [:]
  private var wanted: [SharedLog.Part] = []
  private var isComplete = false

  /// The most entries of one bundle that a push makes.
  static let bundleEntries = 4_096
  /// How many bundles of one level stand side by side before they become one.
  static let levelCount = 8
  /// The most entries of a bundle that others were joined to.
  static let joinedEntries = 16_384

  init(shared: SharedLedger, workspace: Workspace) {
    self.shared = shared
    self.workspace = workspace
  }

  /// The parts whose content an attempt needs and has not read.
  mutating func missing(in log: SharedLog, _ ledger: Ledger) throws -> [SharedLog.Part] {
    let state = try state(ledger)
    let isSeen = log.snapshot.commit.map { SharedState.mark($0) == state.seenCommit } ?? false
    if isSeen, try ledger.read({ try end(of: log, state, $0) }) != nil, state.filterSize >= log.size
    {
      wanted = []
    } else {
      // One part before what is new, too: it says whether the log continues what was seen.
      wanted = log.parts.filter { $0.end >= max(1, state.filterSize) }
    }
    return wanted.filter { known[$0.id] == nil }
  }

  private func state(_ ledger: Ledger) throws -> SharedState {
    isRewritten ? SharedState() : try ledger.read { try $0.sharedState(of: shared.name) }
  }

  /// The end of the log where the journal itself knows it.
  private func end(of log: SharedLog, _ state: SharedState, _ reader: LedgerReader) throws
    -> LogEnd?
  {
    if log.size == 0 { return .empty }
    guard state.seenSize == log.size, try reader.size() >= log.size else { return nil }
    let end = try reader.logEnd(at: log.size)
    return SharedState.mark(end) == state.seenRoot ? end : nil
  }

  /// What to push; nil where the ref has everything.
  mutating func plan(
    _ log: SharedLog,
    _ files: [Data],
    _ waiting: [EntryBundle],
    _ reader: LedgerReader
  ) throws -> PushPlan? {
    for (part, file) in zip(wanted.filter { known[$0.id] == nil }, files) {
      let sources: [any BundleSource] = known.values.map { $0 } + [reader]
      known[part.id] = try shared.bundle(part, file, outside: BundleSources(sources), after: nil)
    }
    let bundles = wanted.compactMap { known[$0.id] }
    var state = isRewritten ? SharedState() : try reader.sharedState(of: shared.name)
    if !isRewritten, state.seenSize > 0, !continues(log, bundles, state) {
      // Everything is compared: what is on the ref by id, and what it lacks goes there whole.
      isRewritten = true
      state = SharedState()
      if log.size > 0, bundles.first?.start.size != 0 { throw RewrittenRef() }
    }
    try checkProjects(bundles, waiting, state, reader)
    let logged = Set(bundles.flatMap(\.entryIDs))
    let ids = logged.union(waiting.flatMap(\.entryIDs))
    let size = try reader.size()
    var pending: [Int] = []
    var next = state.pushedEntries + 1
    while next <= size {
      let heads = try reader.entryHeads(from: next)
      for head in heads where !ids.contains(head.id) { pending.append(head.sequence) }
      next += max(1, heads.count)
    }
    if pending.isEmpty, waiting.isEmpty { return nil }
    guard var start = try bundles.last?.end ?? end(of: log, state, reader) else {
      throw ShareError.gap(place: shared.place, what: "its end is not known")
    }
    var queue: [PackedBundle] = []
    if !waiting.isEmpty {
      let pushed = state.pushedEntries
      let copied = try EntryBundle.copying(waiting, after: start) { id in
        try logged.contains(id) || reader.sequence(of: id).map { $0 <= pushed } ?? false
      }
      if copied.count > 0 {
        queue = [copied]
        start = copied.end
      }
    }
    let before = size - pending.count
    let isLinear =
      try pending.isEmpty
      || (before == start.size && pending.first == before + 1 && reader.logEnd(at: before) == start)
    var first: [(draft: EntryDraft, receipt: Receipt)] = []
    if !isLinear {
      let leaves = try reader.logLeaves(from: state.recordedThere)
      let merge = EntryBody.merge(of: try reader.logEnd(), leaves: leaves)
      first = [(try EntryDraft(merge), workspace.receipt(importer: "push/1"))]
    }
    let own = pending.isEmpty ? [] : try pack(pending, first, start, state, reader)
    let packed = queue + own
    // Attestations and configurations are known by their content only.
    let names = try names(reader, bundles + waiting)
    try workspace.check(
      projects: packed.flatMap(\.projects),
      at: workspace.ledgerName,
      names: names
    )
    // What waits may be in the log already, where nobody may delete refs.
    guard let last = packed.last else { return nil }
    return PushPlan(
      bundles: packed,
      ownCount: own.reduce(0) { $0 + $1.count },
      pending: pending,
      joined: log.waiting.map(\.ref),
      end: last.end,
      kept: log.parts,
      files: packed,
      sizeRead: size,
      objectsRead: try reader.objectCount(),
      isLinear: isLinear && queue.isEmpty && !pending.isEmpty,
      state: state
    )
  }

  /// Refuses to push before anything is packed, where ref and ledger belong to different projects.
  private func checkProjects(
    _ bundles: [EntryBundle],
    _ waiting: [EntryBundle],
    _ state: SharedState,
    _ reader: LedgerReader
  ) throws {
    let names = try names(reader, bundles + waiting)
    try workspace.check(
      projects: bundles.flatMap(\.projects),
      at: shared.place,
      names: names
    )
    try workspace.check(
      projects: waiting.flatMap(\.projects),
      at: "the queue of \(shared.place)",
      names: names
    )
    // All of them: what was pushed before may be another project's that uses the same file.
    let ours = Set(try reader.projects(behind: 0))
    try workspace.check(projects: ours, at: workspace.ledgerName, names: names)
    if state.seenSize == 0 {
      let theirs = Set((bundles + waiting).flatMap(\.projects))
      try workspace.check(theirs, against: ours, at: shared.place)
    }
  }

  /// What projects are called, by this ledger and by what others put on the ref.
  private func names(_ reader: LedgerReader, _ bundles: [EntryBundle]) throws -> LaneNames {
    var names = try reader.names()
    for bundle in bundles {
      for (draft, _) in bundle.entries {
        if case .laneRename(let record) = draft.body, record.projects != nil { names.add(record) }
      }
    }
    return names
  }

  /// What stands for itself in the queue; nil where it is too much for it.
  func forQueue(_ plan: PushPlan, _ reader: LedgerReader) throws -> PackedBundle? {
    guard !plan.pending.isEmpty, plan.pending.count <= Self.bundleEntries else { return nil }
    var first: [(draft: EntryDraft, receipt: Receipt)] = []
    if !plan.isLinear {
      let leaves = try reader.logLeaves(from: plan.state.recordedThere)
      let merge = try EntryDraft(EntryBody.merge(of: try reader.logEnd(), leaves: leaves))
      first = [(merge, workspace.receipt(importer: "push/1"))]
    }
    return try reader.bundle(of: plan.pending, after: .empty, first: first)
  }

  private func pack(
    _ pending: [Int],
    _ first: [(draft: EntryDraft, receipt: Receipt)],
    _ start: LogEnd,
    _ state: SharedState,
    _ reader: LedgerReader
  ) throws -> [PackedBundle] {
    var packed: [PackedBundle] = []
    var end = start
    var rest = pending[...]
    let shared = SharedPart(entries: state.pushedEntries, objects: state.pushedObjects)
    while !rest.isEmpty {
      let portion = Array(rest.prefix(Self.bundleEntries))
      let bundle = try reader.bundle(
        of: portion,
        after: end,
        first: packed.isEmpty ? first : [],
        shared: shared
      )
      packed.append(bundle)
      end = bundle.end
      rest = rest.dropFirst(portion.count)
    }
    return packed
  }

  /// Says whether the log still begins with what was seen of it.
  private func continues(_ log: SharedLog, _ bundles: [EntryBundle], _ state: SharedState) -> Bool {
    if let commit = log.snapshot.commit, SharedState.mark(commit) == state.seenCommit {
      return true
    }
    guard log.size >= state.seenSize else { return false }
    guard
      let bundle = bundles.first(where: {
        $0.start.size <= state.seenSize && state.seenSize <= $0.end.size
      })
    else { return false }
    return SharedState.mark(bundle.end(after: state.seenSize - bundle.start.size)) == state.seenRoot
  }

  // MARK: Few files instead of many

  /// The parts at the end of the log that should become one with new bundles; empty for none.
  ///
  /// Bundles grow by levels of eight, so that an entry is written again only as often as its log grows eightfold.
  static func run(of log: SharedLog, with bundles: [PackedBundle]) -> [SharedLog.Part] {
    let fresh = bundles.reduce(0) { $0 + $1.count }
    var longest: [SharedLog.Part] = []
    var bound = 64
    while bound <= joinedEntries {
      let run = Array(log.parts.reversed().prefix { $0.count < bound }.reversed())
      let total = run.reduce(fresh) { $0 + $1.count }
      if run.count >= levelCount, fresh < bound, total <= joinedEntries { longest = run }
      bound *= 8
    }
    return longest
  }

  /// Joins parts with the new bundles; leaves everything as it is where that makes a bundle too large.
  mutating func compact(
    _ plan: inout PushPlan,
    _ parts: [SharedLog.Part],
    _ files: [Data],
    _ log: SharedLog,
    _ reader: LedgerReader
  ) throws {
    if parts.isEmpty { return }
    var bundles: [EntryBundle] = []
    do {
      for (part, file) in zip(parts, files) {
        let sources: [any BundleSource] = bundles.reversed() + [reader]
        let outside = BundleSources(sources)
        bundles.append(
          try known[part.id]
            ?? shared.bundle(part, file, outside: outside, after: bundles.last?.end)
        )
      }
      for bundle in plan.bundles {
        let sources: [any BundleSource] = bundles.reversed() + [reader]
        bundles.append(
          try EntryBundle(
            file: bundle.bytes,
            source: "the new bundle",
            outside: BundleSources(sources)
          )
        )
      }
      plan.files = [try EntryBundle.joining(bundles)]
      plan.kept = Array(log.parts.dropLast(parts.count))
    } catch BundleError.tooLarge, BundleError.incomplete {
      return
    }
  }

  // MARK: Afterwards

  /// Notes that the ref has everything that was read.
  func remember(
    _ plan: PushPlan,
    _ log: SharedLog,
    _ commit: CommitID,
    _ ledger: Ledger
  ) throws {
    try ledger.write { transaction in
      let current = try transaction.sharedState(of: shared.name)
      // Somebody else pulled or pushed with this file meanwhile: the next push compares.
      guard isRewritten || current == plan.state else { return }
      var state = plan.state
      state.pushedEntries = plan.sizeRead
      state.pushedObjects = plan.objectsRead
      if !plan.pending.isEmpty { state.recordedThere = plan.sizeRead }
      // Entries from the queue are not in this journal yet: they are seen by the next pull.
      if plan.state.seenSize == log.size, !isRewritten, plan.joined.isEmpty {
        if plan.isLinear, state.recordedHere == log.size { state.recordedHere = plan.end.size }
        state.seenSize = plan.end.size
        state.seenRoot = SharedState.mark(plan.end)
        state.seenCommit = SharedState.mark(commit)
      }
      state.filterSize = state.seenSize
      try transaction.save(state, of: shared.name)
    }
  }
}
