import Foundation
import TallyBooks
import TallyGit
import TallyImport
import TallyLedger
import TallyModel
import TallyTracking

extension Workspace {
  /// Records scans and test runs for one commit, and posts what they change.
  ///
  /// Reads every file before anything is written; one transaction holds it all. Ingesting the same file again changes nothing.
  ///
  /// - Parameters:
  ///   - request: What to ingest.
  ///   - progress: Gets a sentence at each stage.
  /// - Returns: What each run did to the books.
  /// - Throws: ``IngestError``, `ImportError`, `GitError`, `LedgerError`, ``WorkspaceError``.
  public func ingest(
    _ request: IngestRequest,
    progress: @Sendable (String) -> Void = { _ in }
  ) async throws -> IngestResult {
    guard request.files.count(where: { $0 == "-" }) < 2 else {
      throw IngestError.standardInputTwice
    }
    var request = request
    request.scope = try request.scope.map(IngestRequest.scopePattern)
    let (read, target) = try await collect(request, progress: progress)
    // Everything that can be refused is, before a ledger is made.
    let configDigest = try RunBuilder.digest(of: request.toolConfiguration, workspace: self)
    var (collected, warnings) = (read, [String]())
    if let changed = try await changedFiles(request, at: target) {
      request.scope = changed.scope
      // Without a scope a scan would be taken to have looked at everything.
      if changed.paths.isEmpty {
        warnings = leaveOutScans(of: &collected, changed, at: target.commit)
        if collected.isEmpty { return try nothingRecorded(warnings) }
      }
    }
    let ledger = try openLedger(.create)
    do {
      var result = try await record(
        collected,
        of: request,
        configDigest: configDigest,
        at: target,
        in: ledger,
        progress: progress
      )
      result.warnings = warnings + result.warnings
      return result
    } catch {
      ledger.discardIfNew()
      throw error
    }
  }

  /// Takes the scans out of what was read, and the files that hold nothing else; gives a sentence for each file with a scan.
  private func leaveOutScans(
    of collected: inout [CollectedFile],
    _ changed: ChangedFiles,
    at commit: CommitID
  ) -> [String] {
    let scanned = collected.filter { !$0.collector.runs.isEmpty }
    for index in collected.indices { collected[index].collector.dropScans() }
    collected.removeAll { $0.collector.testRuns.isEmpty }
    return scanned.map { changed.nothingChanged($0, at: commit) }
  }

  /// The answer where nothing is written.
  private func nothingRecorded(_ warnings: [String]) throws -> IngestResult {
    var result = IngestResult()
    result.warnings = warnings
    if FileManager.default.fileExists(atPath: ledgerPath) {
      let ledger = try openLedger(.readOnly)
      (result.size, result.root) = try ledger.read { (try $0.size(), try $0.root().description) }
    }
    return result
  }

  /// Captures and posts what was read, in one transaction.
  private func record(
    _ collected: [CollectedFile],
    of request: IngestRequest,
    configDigest: RawDigest?,
    at target: Target,
    in ledger: Ledger,
    progress: @Sendable (String) -> Void
  ) async throws -> IngestResult {
    var evidence = try await CommitEvidence.gather(target, in: ledger, workspace: self)
    var pending: [PendingRun] = []
    let builder = RunBuilder(
      request: request,
      target: target,
      workspace: self,
      configDigest: configDigest,
      files: CommitFiles(evidence, in: ledger)
    )
    for file in collected { pending += try builder.runs(of: file) }
    var gaps: [String] = []
    pending = try ledger.read { reader in
      try pending.map { run in
        var run = run
        run.lane = try reader.current(run.lane)
        return run
      }
    }
    for index in pending.indices {
      progress("Looking at the sources of \(pending[index].lane)")
      let gap = try await pending[index]
        .capture(target, evidence: evidence, in: ledger, workspace: self)
      if let gap { gaps.append(gap) }
    }
    let scans = pending.filter { if case .scan = $0.body { true } else { false } }
    if !scans.isEmpty {
      try await evidence.addSilences(for: scans, in: ledger, workspace: self)
      let tools = Set(scans.map(\.lane.tool))
      try await evidence.addToolConfigurations(of: tools, in: ledger, workspace: self)
    }
    progress("Posting")
    let receipt = { (importer: String) in self.receipt(importer: importer) }
    let wanted = pending.reduce(into: Set<TextID>()) { $0.formUnion($1.texts) }
    let texts =
      collected.flatMap { $0.collector.texts.filter { wanted.contains($0.value) }.keys }
      + builder.texts.keys
    let asking = scans.isEmpty ? nil : try await repositoryToAsk(of: evidence)
    var result = try await post(&evidence, asking, in: ledger, progress) {
      transaction,
      evidence in
      try transaction.saveTexts(texts.sorted() + evidence.texts)
      try recordConfiguration(target, in: transaction)
      var result = try Recorder(
        transaction: transaction,
        receipt: receipt,
        evidence: evidence,
        recorded: (now, ci?.run)
      ).record(pending)
      result.warnings += try namesakes(of: pending, at: target, in: transaction)
      return result
    }
    result.warnings = builder.warnings + target.warnings + gaps + result.warnings
    return result
  }

  /// Posts in one transaction; where books asked what the facts do not say, git is asked, and all of it is posted again.
  private func post<Answer>(
    _ evidence: inout CommitEvidence,
    _ asking: Asking?,
    in ledger: Ledger,
    _ progress: (String) -> Void,
    _ body: (WriteTransaction, CommitEvidence) throws -> Answer
  ) async throws -> Answer {
    for _ in 0..<Self.mostRounds {
      guard let asking else { break }
      do {
        return try ledger.write { [evidence] transaction in
          let answer = try body(transaction, evidence)
          let questions = transaction.takeQuestions().filter(asking.mayAnswer)
          if evidence.answers.isNew(questions) { throw OpenQuestions(questions: questions) }
          return answer
        }
      } catch let open as OpenQuestions {
        progress("Asking git what lies between")
        let isAnswered = try await evidence.answers.ask(
          open.questions,
          of: asking.repository,
          in: ledger
        )
        if !isAnswered { break }
      }
    }
    return try ledger.write { [evidence] in try body($0, evidence) }
  }

  /// Each answer may lead to another question: which commits lie between, then which file was which, then where its lines went.
  private static let mostRounds = 6

  /// What is rolled back.
  private struct OpenQuestions: Error {
    let questions: [FactQuestion]
  }

  /// A clone that may know more than the facts.
  private struct Asking {
    let repository: Repository
    /// False where the clone holds only some contents.
    let hasContents: Bool

    func mayAnswer(_ question: FactQuestion) -> Bool {
      if case .map = question { hasContents } else { true }
    }
  }

  /// The clone; nil where there is none, or it ends before the last scan.
  private func repositoryToAsk(of evidence: CommitEvidence) async throws -> Asking? {
    guard let repository else { return nil }
    if repository.isShallow {
      guard let previous = evidence.previous, try await repository.commit(previous) != nil else {
        return nil
      }
    }
    let isPartial: Bool
    if let known = evidence.isPartialClone {
      isPartial = known
    } else {
      isPartial = try await repository.isPartial()
    }
    return Asking(repository: repository, hasContents: !isPartial)
  }

  /// What may be known under another name already: the tool of a new lane, or the project.
  private func namesakes(
    of runs: [PendingRun],
    at target: Target,
    in transaction: WriteTransaction
  ) throws -> [String] {
    let lanes = try runs.map { try transaction.current($0.lane) }
    var result = try LikelyRename(reader: transaction).sentences(of: lanes, at: target.commit)
    let project = try transaction.current(project: target.project)
    let projects = try transaction.lanes().map(\.project) + transaction.testLanes().map(\.project)
    if projects.contains(where: { $0 != project }) {
      let configuration = configurationFile?.configuration
      result += try BooksView.load(transaction, time: .present(now)).speaking(
        of: project,
        branch: configuration?.branch,
        besides: configuration?.share.projects ?? []
      ).remarks(on: [])
    }
    return result
  }

  /// Appends the configuration of the commit, also one that did not change: what is recorded must not depend on which scan comes first.
  ///
  /// Without git there is no commit's time to say it of; there it is appended when it changed.
  private func recordConfiguration(
    _ target: Target,
    in transaction: WriteTransaction
  ) throws {
    guard let configurationFile else { return }
    let effective = target.committed ?? now
    let record = configurationFile.record(
      project: target.project,
      commit: target.committed == nil ? nil : target.commit,
      effective: effective
    )
    if target.committed == nil {
      let known = try LoadedConfiguration.fact(
        transaction,
        project: target.project,
        at: effective
      )
      if known?.record.files == record.files { return }
    }
    try transaction.saveTexts(configurationFile.files.map(\.text))
    _ = try transaction.append(
      [try EntryDraft(.config(record))],
      receipt: receipt(importer: "config/1")
    )
  }

  /// Reads the files, and asks git meanwhile what they are recorded for.
  private func collect(
    _ request: IngestRequest,
    progress: (String) -> Void
  ) async throws -> ([CollectedFile], Target) {
    // No child task, which would be cancelled where a file is refused: a process that ends while it starts another says on
    // standard error that it leaks.
    let asked = Task { try await target(commit: request.commit, branch: request.branch) }
    do {
      var collected: [CollectedFile] = []
      for file in request.files {
        progress("Reading \(file)")
        collected.append(try await collect(file, request: request))
      }
      return (collected, try await asked.value)
    } catch {
      _ = await asked.result
      throw error
    }
  }

  private func collect(
    _ file: String,
    request: IngestRequest
  ) async throws -> CollectedFile {
    let (input, importer) = try open(file, format: request.format)
    // On another core while this one reads.
    async let digest = Self.digest(of: input)
    var collector = RunCollector()
    try importer.importRuns(from: input, limits: ImportLimits(), to: &collector)
    guard !collector.runs.isEmpty || !collector.testRuns.isEmpty else {
      throw IngestError.noRuns(source: file)
    }
    return CollectedFile(
      name: file,
      importer: "\(importer.formatName)/\(importer.version)",
      digest: try await digest,
      length: input.count,
      collector: collector
    )
  }

  private static func digest(of input: InputBytes) throws -> RawDigest {
    try input.withUnsafeBytes { bytes in
      var digest = StreamingDigest()
      digest.update(bytes)
      return digest.finish()
    }
  }
}

extension Workspace {
  /// Opens a report (`-` is standard input) and finds out which importer reads it.
  func open(_ file: String, format: String?) throws -> (InputBytes, any ReportImporter) {
    let input =
      file == "-"
      ? try InputBytes(descriptor: FileHandle.standardInput.fileDescriptor, name: "standard input")
      : try InputBytes(path: absolute(file), name: file)
    guard let format else { return (input, try detectFormat(of: input, fileName: file)) }
    guard let named = allImporters.first(where: { $0.formatName == format }) else {
      throw IngestError.unknownFormat(format, known: Importers.names)
    }
    return (input, named)
  }
}

/// A file that was read, with what is claimed of its bytes.
struct CollectedFile {
  let name: String
  let importer: String
  let digest: RawDigest
  let length: Int
  var collector: RunCollector
}

/// The formats of this build.
public enum Importers {
  /// What can be typed after `--format`, in the order the help shows.
  public static var names: [String] { allImporters.map(\.formatName) }
}
