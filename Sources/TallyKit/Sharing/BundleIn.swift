import Foundation
import TallyGit
import TallyImport
import TallyLedger
import TallyModel
import TallyReport

/// A bundle that somebody else made, and what it may say.
public struct StrangerRequest: Sendable, Hashable {
  /// The file.
  public var file: String
  /// The commit it has to be about: a name git knows or all its digits; nil for that of this job.
  public var commit: String?
  /// The branch it has to be about; nil for any but the one that is checked out here.
  public var branch: String?
  /// Kinds of entries that are taken besides scans, test runs and measurements.
  public var allow: [String]

  /// Creates a request.
  public init(file: String, commit: String? = nil, branch: String? = nil, allow: [String] = []) {
    self.file = file
    self.commit = commit
    self.branch = branch
    self.allow = allow
  }

  /// What can be allowed.
  public static let kinds = [
    EntryKind.commit, .evidence, .config, .waiver, .attestation, .reportIssued, .correction,
    .confirmation, .retraction, .laneRename, .redaction,
  ].map(\.name)
}

/// What was taken from a bundle.
public struct StrangerAnswer: CommandAnswer {
  /// The form of this answer.
  public var version = 1
  /// The file, as it was named.
  public var file: String
  /// The commit that everything taken is about, all digits.
  public var commit: String
  /// Entries that are new here, by kind.
  public var taken: [String: Int] = [:]
  /// How many were here already.
  public var known = 0
  /// Entries that a stranger may not bring, by kind.
  public var leftOut: [String: Int] = [:]
  /// How many entries the journal holds now.
  public var size = 0
  /// The root of the journal's log, 64 hexadecimal digits.
  public var root = ""
  /// What went to the shared ref afterwards, with `--push`.
  public var push: PushAnswer?
  /// Sentences worth a person's attention.
  public var warnings: [String] = []

  /// One line.
  public func text(_ style: TextStyle) -> String {
    func list(_ counts: [String: Int]) -> String {
      counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }
    var parts = [taken.isEmpty ? "nothing new in \(file)" : "took \(list(taken)) from \(file)"]
    if !leftOut.isEmpty { parts.append("left out \(list(leftOut))") }
    if let push, push.pushed > 0 {
      parts += push.sentences
    } else {
      parts.append("root \(size):\(root.prefix(12))")
    }
    return parts.map { VisibleText.line($0) }.joined(separator: "  ") + "\n"
  }
}

extension Workspace {
  /// Takes scans, test runs and measurements from a bundle that may come from anybody: as data, for one commit.
  ///
  /// Nothing of it is run. Every hash is computed again, and every claim has to be about the expected project, commit and branch. What
  /// git says is asked here, not taken; who brought it and when is this job.
  ///
  /// - Throws: ``ShareError``, `BundleError`, `LedgerError`, `GitError`.
  public func ingest(
    _ request: StrangerRequest,
    progress: @Sendable (String) -> Void = { _ in }
  ) async throws -> StrangerAnswer {
    for kind in request.allow where !StrangerRequest.kinds.contains(kind) {
      throw ShareError.unknownKind(kind, known: StrangerRequest.kinds)
    }
    guard let bytes = readFile(request.file) else {
      throw ShareError.unreadable(path: request.file)
    }
    progress("Reading \(request.file)")
    let bundle = try EntryBundle(file: bytes, source: request.file)
    try bundle.checkClaims()
    let target = try await expected(request)
    let claims = try await StrangerClaims(bundle, target, request, workspace: self)
    let ledger = try openLedger(.create)
    var evidence = try await CommitEvidence.gather(target, in: ledger, workspace: self)
    // No map is made here, whatever the clone holds.
    try await evidence.addSilences(for: [], lacksMaps: true, in: ledger, workspace: self)
    let tools = bundle.entries.compactMap { entry -> String? in
      if case .scan(let record) = entry.draft.body { record.lane.tool } else { nil }
    }
    try await evidence.addToolConfigurations(of: Set(tools), in: ledger, workspace: self)
    progress("Posting")
    return try ledger.write { transaction in
      let recorder = Recorder(
        transaction: transaction,
        receipt: { self.receipt(importer: $0) },
        evidence: evidence
      )
      try transaction.saveTexts(evidence.texts)
      var taken = TakenEntries()
      taken.appended = try recorder.appendCommits()
      let own = taken.appended.count
      try transaction.take(
        bundle,
        where: claims.mayBeTaken,
        onlyNamed: true,
        receipt: { self.receipt(importer: $0.importer) },
        into: &taken
      )
      var answer = StrangerAnswer(file: request.file, commit: target.commit.description)
      answer.leftOut = claims.leftOut
      for draft in taken.appended.dropFirst(own) {
        answer.taken[draft.body.kind?.name ?? "unknown", default: 0] += 1
      }
      answer.known = taken.known
      answer.warnings = try target.warnings + Uniter(transaction: transaction).post(taken)
      answer.size = try transaction.size()
      answer.root = try transaction.root().description
      return answer
    }
  }

  /// What the bundle has to be about.
  private func expected(_ request: StrangerRequest) async throws -> Target {
    do {
      return try await target(commit: request.commit, branch: request.branch)
    } catch let error as GitError {
      // A fork's commit need not be in this clone: all its digits are enough.
      guard case .unknownRevision = error, let text = request.commit,
        let id = CommitID(hex: text), let projectName
      else { throw error }
      return Target(
        project: projectName,
        branch: request.branch ?? "",
        commit: id,
        committed: nil,
        assumptions: ["commit \(id.short) is not in this clone: its sources are not looked at"]
      )
    }
  }
}

/// Checks what a stranger's bundle says.
private struct StrangerClaims {
  private(set) var leftOut: [String: Int] = [:]
  private let scans: Set<EntryID>
  private let allowed: Set<EntryKind>

  init(
    _ bundle: EntryBundle,
    _ target: Target,
    _ request: StrangerRequest,
    workspace: Workspace
  ) async throws {
    let source = bundle.source
    // A ledger that is not there yet has renamed nothing.
    let names = (try? workspace.openLedger(.readOnly).read { try $0.names() }) ?? LaneNames()
    let kinds = Set(request.allow)
    allowed = Set(EntryKind.allCases.filter { kinds.contains($0.name) })
    let repositoryBranch = try await workspace.repository?.branch()
    let ownBranches = [workspace.ci?.branch, repositoryBranch].compactMap { $0 }
    var scans: Set<EntryID> = []
    func check(_ project: String, _ branch: String, _ commit: CommitID) throws {
      if names.current(project: project) != names.current(project: target.project) {
        throw ShareError.otherClaim(
          source: source,
          what: "project",
          found: project,
          expected: target.project
        )
      }
      if commit != target.commit {
        throw ShareError.otherClaim(
          source: source,
          what: "commit",
          found: commit.short,
          expected: target.commit.short
        )
      }
      if let wanted = request.branch {
        if branch != wanted {
          throw ShareError.otherClaim(
            source: source,
            what: "branch",
            found: branch,
            expected: wanted
          )
        }
      } else if ownBranches.contains(branch) {
        throw ShareError.ownBranch(source: source, branch: branch)
      }
    }
    var claimed = 0
    for (draft, receipt) in bundle.entries {
      switch draft.body {
      case .scan(let record):
        try check(record.lane.project, record.lane.branch, record.commit)
        scans.insert(draft.id)
      case .tests(let record):
        try check(record.lane.project, record.lane.branch, record.commit)
      case .measurements(let record):
        try check(record.project, record.branch, record.commit)
      default: continue
      }
      claimed += 1
      if !Self.isKnown(receipt.importer) {
        throw ShareError.unknownImporter(source: source, importer: receipt.importer)
      }
    }
    if claimed == 0 { throw ShareError.nothingToTake(source: source) }
    self.scans = scans
    for (draft, _) in bundle.entries where !mayBeTaken(draft.body) {
      leftOut[draft.body.kind?.name ?? "unknown", default: 0] += 1
    }
  }

  /// Says whether an entry is data about the commit, or was allowed.
  func mayBeTaken(_ body: EntryBody) -> Bool {
    switch body {
    case .scan, .tests, .measurements: true
    case .evidence(.capture(let scan, _)) where scans.contains(scan): true
    case .unknown: false
    default: body.kind.map { allowed.contains($0) } ?? false
    }
  }

  /// A newer importer beats an older one, so that nobody may invent one.
  private static func isKnown(_ importer: String) -> Bool {
    if importer == "measure/1" { return true }
    let words = importer.split(separator: "/", omittingEmptySubsequences: false)
    guard words.count == 2, let version = Int(words[1]), version > 0 else { return false }
    return allImporters.contains { $0.formatName == words[0] && version <= $0.version }
  }
}
