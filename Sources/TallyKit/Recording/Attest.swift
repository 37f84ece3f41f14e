import TallyLedger
public import TallyModel

/// A criterion to sign off.
public struct AttestRequest: Sendable {
  /// The name that a criterion asks for, or `status:` with one of `done`, `on-track`, `at-risk`, `off-track` and `stalled`.
  public var criterion: String
  /// The campaign that a status is about; nil for the only one.
  public var campaign: String?
  /// What was looked at.
  public var reason: String
  /// From when it counts; nil for now.
  public var from: Timestamp?
  /// The first moment without it.
  public var until: Timestamp
  /// Who says so; nil for the person at the keyboard.
  public var owner: String?

  /// Creates a request.
  public init(
    criterion: String,
    campaign: String? = nil,
    reason: String,
    from: Timestamp?,
    until: Timestamp,
    owner: String?
  ) {
    self.criterion = criterion
    self.campaign = campaign
    self.reason = reason
    self.from = from
    self.until = until
    self.owner = owner
  }
}

extension Workspace {
  /// Signs off a criterion until a time, or says where a campaign stands.
  ///
  /// - Throws: ``RecordingError``, ``WorkspaceError``, `LedgerError`.
  public func attest(_ request: AttestRequest) async throws -> RecordedAnswer {
    try await record(request, at: AttestationDesk.self)
  }

  /// Signs off what a file lists: all of it, or nothing.
  ///
  /// - Parameters:
  ///   - file: the file's path; `-` for standard input.
  ///   - campaign: the campaign that a word on a status is about, where the file says none; nil for the only one.
  ///   - defaults: what counts for attestations that do not say otherwise.
  ///   - standardInput: gives the bytes of standard input.
  /// - Returns: an entry for each attestation.
  /// - Throws: ``PromiseFileError``, ``WorkspaceError``, `LedgerError`.
  public func attest(
    file: String,
    campaign: String?,
    defaults: PromiseDefaults,
    standardInput: @Sendable () throws -> [UInt8]
  ) async throws -> RecordedManyAnswer {
    let (bytes, source) = try contents(of: file, standardInput: standardInput)
    let records = try PromiseFile.attestations
      .read(bytes, source: source, defaults: defaults, now: now)
    let requests = records.map { item in
      let criterion = item.subjects.joined()
      return AttestRequest(
        criterion: criterion,
        campaign: item.own["campaign"]
          ?? (criterion.hasPrefix(StatusWord.prefix) ? campaign : nil),
        reason: item.reason,
        from: item.from,
        until: item.until,
        owner: item.owner
      )
    }
    return try await record(requests, lines: records.map(\.line), source, at: AttestationDesk.self)
  }
}

/// Records attestations one after the other in one transaction.
struct AttestationDesk: PromiseDesk {
  private let workspace: Workspace
  private let transaction: WriteTransaction
  private let project: String
  private let configuration: TallyConfiguration?

  init(_ workspace: Workspace, _ transaction: WriteTransaction) throws {
    self.workspace = workspace
    self.transaction = transaction
    project = try workspace.project(in: transaction)
    configuration = try workspace.configuration(in: transaction, project: project)
  }

  mutating func record(_ request: AttestRequest, owner: String) throws -> RecordedAnswer {
    let (reason, from) = try workspace.checked(
      request.reason,
      from: request.from,
      until: request.until
    )
    let word = try StatusWord(
      typed: request.criterion,
      campaign: request.campaign,
      in: configuration
    )
    let record = AttestationRecord(
      project: project,
      criterion: word?.criterion ?? request.criterion,
      reason: try transaction.saveText(reason),
      owner: owner,
      from: from,
      until: request.until
    )
    let recorder = Recorder(
      transaction: transaction,
      receipt: workspace.receipt,
      evidence: nil
    )
    var answer = try recorder.record(
      .attestation(record),
      importer: "attest/1",
      sentence: "attested \(record.criterion) until \(request.until.dateText) by \(owner)"
    )
    answer.warnings += workspace.lateness(since: from)
    let wanted = configuration?.campaigns.flatMap(\.criteria).compactMap { item -> String? in
      if case .attested(let name) = item.check { return name }
      return nil
    }
    if let wanted, word == nil, !wanted.contains(request.criterion) {
      let known = wanted.isEmpty ? "none is configured" : wanted.joined(separator: ", ")
      answer.warnings.append(
        "no criterion of tally.yml asks for '\(request.criterion)' (\(known))"
      )
    }
    return answer
  }
}
