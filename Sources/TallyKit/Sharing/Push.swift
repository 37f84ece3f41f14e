import Foundation
import TallyGit
import TallyLedger
import TallyModel
import TallyReport

/// What a push did.
public struct PushAnswer: CommandAnswer {
  /// The form of this answer.
  public var version = 1
  /// Where to: ref and remote.
  public var place: String
  /// Entries that went there, with those that record another order.
  public var pushed = 0
  /// True where they stand in the queue of the ref, because others came first each time: the next push joins them.
  public var queued = false
  /// How often the ref was tried; more than once where others came first.
  public var attempts = 0
  /// The commit that the ref is now, all digits; nil where nothing was pushed.
  public var commit: String?
  /// Entries of the shared ledger now.
  public var sharedSize = 0
  /// The root of the shared ledger's log, 64 hexadecimal digits; nil where nothing was pushed.
  public var sharedRoot: String?
  /// True when the ref does not hold any more what was seen on it before.
  public var rewritten = false
  /// Sentences worth a person's attention.
  public var warnings: [String] = []

  /// One line: what was pushed, and the size and root of the shared ledger.
  public func text(_ style: TextStyle) -> String {
    sentences.map { VisibleText.line($0) }.joined(separator: "  ") + "\n"
  }

  /// What was pushed; then the size and root of the shared ledger.
  var sentences: [String] {
    if pushed == 0 { return ["nothing to push: \(place) holds everything"] }
    let noun = pushed == 1 ? "entry" : "entries"
    if queued {
      return ["put \(pushed) \(noun) in the queue of \(place): the next push joins them"]
    }
    return [
      "pushed \(pushed) \(noun) to \(place)",
      "root \(sharedSize):\((sharedRoot ?? "").prefix(12))",
    ]
  }
}

extension Workspace {
  /// Puts what the shared ref lacks there, whoever else does so at the same time.
  ///
  /// Nothing is lost where it stops: what has not arrived goes with the next push, and nothing goes twice.
  ///
  /// - Parameters:
  ///   - request: Which ref.
  ///   - progress: Gets a sentence at each stage.
  /// - Returns: What went there.
  /// - Throws: ``ShareError``, `RemoteError`, `BundleError`, `LedgerError`, `GitError`.
  public func push(
    _ request: ShareRequest,
    progress: @Sendable (String) -> Void = { _ in }
  ) async throws -> PushAnswer {
    let shared = try await SharedLedger(request, workspace: self)
    defer { shared.close() }
    let ledger = try openLedger(.readWrite)
    progress("Fetching \(shared.place)")
    let log = try await shared.fetch()
    return try await push(to: shared, from: log, ledger: ledger, progress: progress)
  }

  /// Pushes behind a log that was fetched, and behind whatever comes in between.
  func push(
    to shared: SharedLedger,
    from fetched: SharedLog,
    ledger: Ledger,
    progress: @Sendable (String) -> Void
  ) async throws -> PushAnswer {
    var log = fetched
    var answer = PushAnswer(place: shared.place)
    var backOff = BackOff()
    var planner = PushPlanner(shared: shared, workspace: self)
    while true {
      answer.attempts += 1
      progress("Pushing to \(shared.place)")
      let files = try await shared.read(planner.missing(in: log, ledger))
      let waiting = try await shared.waiting(in: log)
      let planned: PushPlan?
      do {
        planned = try ledger.read { try planner.plan(log, files, waiting, $0) }
      } catch is RewrittenRef {
        // Once more, with everything that is there.
        answer.attempts -= 1
        continue
      }
      guard var plan = planned else {
        answer.sharedSize = log.size
        answer.rewritten = planner.isRewritten
        return answer
      }
      if answer.attempts == 1, plan.joined.isEmpty {
        let parts = PushPlanner.run(of: log, with: plan.bundles)
        let files = parts.isEmpty ? [] : try await shared.read(parts)
        try ledger.read { try planner.compact(&plan, parts, files, log, $0) }
      }
      var stored: [RemoteRef.File] = []
      for bundle in plan.files {
        stored.append(try await shared.remote.store(bundle.bytes, as: SharedLog.name(bundle)))
      }
      let result = try await shared.remote.push(
        plan.kept.map(\.file) + stored,
        over: log.snapshot,
        message: plan.message,
        joined: plan.joined
      )
      if case .done(let commit) = result {
        answer.pushed = plan.ownCount
        answer.commit = commit.description
        answer.sharedSize = plan.end.size
        answer.sharedRoot = plan.end.root.description
        answer.rewritten = planner.isRewritten
        if planner.isRewritten { answer.warnings.append(shared.rewritten) }
        try planner.remember(plan, log, commit, ledger)
        return answer
      }
      if answer.attempts >= BackOff.attemptsBeforeQueue, plan.pending.isEmpty {
        // Everything of ours stands in the queue: somebody else is joining it.
        answer.sharedSize = log.size
        return answer
      }
      if answer.attempts >= BackOff.attemptsBeforeQueue,
        let bundle = try ledger.read({ try planner.forQueue(plan, $0) })
      {
        try await shared.remote.enqueue(
          bundle.bytes,
          as: bundle.id.description,
          message: plan.message
        )
        answer.pushed = bundle.count
        answer.queued = true
        return answer
      }
      guard let pause = backOff.next() else {
        throw RemoteError.contended(
          address: shared.remote.address.url,
          ref: shared.remote.ref,
          attempts: answer.attempts
        )
      }
      try await Task.sleep(nanoseconds: pause)
      log = try await shared.fetch()
    }
  }
}

/// How long to wait before the next attempt: a random part of a window that doubles up to a bound.
struct BackOff {
  /// More attempts mean that something else is wrong.
  static let attempts = 200
  /// So many lost races say that many are at it: what waits in the queue is joined by whoever wins.
  static let attemptsBeforeQueue = 2
  private var count = 0
  private static let first_ms = 40
  private static let longest_ms = 1_000

  /// The next pause in nanoseconds; nil when it is time to give up.
  mutating func next() -> UInt64? {
    count += 1
    if count >= Self.attempts { return nil }
    let window = min(Self.first_ms << min(count - 1, 10), Self.longest_ms)
    return UInt64.random(in: 0...UInt64(window)) * 1_000_000
  }
}
