import TallyGit
import TallyLedger

extension Workspace {
  /// Takes what is new on the shared ref, records, and pushes: everything that a job on a fresh runner needs.
  ///
  /// - Throws: what ``pull(_:progress:)``, ``ingest(_:progress:)`` and ``push(_:progress:)`` throw. When the remote
  ///   cannot be reached or refuses the push, what was recorded stays in the ledger, for the next push.
  public func ingestAndPush(
    _ request: IngestRequest,
    share: ShareRequest,
    progress: @Sendable (String) -> Void = { _ in }
  ) async throws -> IngestResult {
    let (recorded, pulled, pushed) = try await between(share, progress) {
      try await ingest(request, progress: progress)
    }
    var result = recorded
    result.warnings = pulled.warnings + result.warnings + pushed.warnings
    result.pull = pulled
    result.push = pushed
    return result
  }

  /// Takes what is new on the shared ref, takes a bundle as data, and pushes.
  ///
  /// - Throws: what ``pull(_:progress:)``, ``ingest(_:progress:)`` and ``push(_:progress:)`` throw.
  public func ingestAndPush(
    _ request: StrangerRequest,
    share: ShareRequest,
    progress: @Sendable (String) -> Void = { _ in }
  ) async throws -> StrangerAnswer {
    let (recorded, pulled, pushed) = try await between(share, progress) {
      try await ingest(request, progress: progress)
    }
    var result = recorded
    result.warnings = pulled.warnings + result.warnings + pushed.warnings
    result.push = pushed
    return result
  }

  /// Refuses a ledger of another project before anything is put beside it that could not be pushed.
  private func checkLedger() throws {
    let ledger: Ledger
    do {
      ledger = try openLedger(.readOnly)
    } catch LedgerError.missing {
      return
    }
    try ledger.read { reader in
      try check(projects: reader.projects(behind: 0), at: ledgerName, names: reader.names())
    }
  }

  /// Takes what is new on the shared ref, records, and pushes behind what was fetched.
  private func between<Recorded>(
    _ share: ShareRequest,
    _ progress: @Sendable (String) -> Void,
    record: () async throws -> Recorded
  ) async throws -> (recorded: Recorded, pull: PullAnswer, push: PushAnswer) {
    try checkLedger()
    let shared = try await SharedLedger(share, workspace: self)
    defer { shared.close() }
    progress("Fetching \(shared.place)")
    let log: SharedLog
    do {
      log = try await shared.fetch()
    } catch let error as RemoteError {
      // What was scanned is kept although nobody can be reached: the next push brings it.
      _ = try await record()
      throw error
    }
    let pulled = try await take(log, of: shared, progress: progress)
    let recorded = try await record()
    let pushed = try await push(
      to: shared,
      from: log,
      ledger: try openLedger(.readWrite),
      progress: progress
    )
    return (recorded, pulled, pushed)
  }
}
