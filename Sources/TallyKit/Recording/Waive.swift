import TallyBooks
import TallyLedger
public import TallyModel
import TallyReport

/// Risk to accept.
public struct WaiveRequest: Sendable {
  /// Ids of violations, as typed.
  public var violations: [String]
  /// The reason.
  public var reason: String
  /// From when it counts; nil for now.
  public var from: Timestamp?
  /// The first moment without it.
  public var until: Timestamp
  /// Who accepts it; nil for the person at the keyboard.
  public var owner: String?

  /// Creates a request.
  public init(
    violations: [String],
    reason: String,
    from: Timestamp?,
    until: Timestamp,
    owner: String?
  ) {
    self.violations = violations
    self.reason = reason
    self.from = from
    self.until = until
    self.owner = owner
  }
}

/// What a command did that records many entries, all or none.
public struct RecordedManyAnswer: CommandAnswer {
  /// One entry.
  public struct Item: Codable, Sendable, Hashable {
    /// The entry, 64 hexadecimal digits.
    public var entry: String
    /// False when the journal held this entry already.
    public var isNew: Bool
    /// One line for people.
    public var sentence: String
  }

  /// The form of this answer.
  public var version = 1
  /// In the order of the file.
  public var entries: [Item]
  /// How many entries the journal holds now.
  public var size: Int
  /// The root of the journal's log, 64 hexadecimal digits.
  public var root: String
  /// Sentences worth a person's attention.
  public var warnings: [String] = []

  /// A line for each entry; the journal's size and root in the last.
  public func text(_ style: TextStyle) -> String {
    let lines = entries.map { item in
      VisibleText.line(item.sentence) + (item.isNew ? "" : "  recorded before, nothing changed")
    }
    return lines.joined(separator: "\n") + "  root \(size):\(root.prefix(12))\n"
  }
}

extension Workspace {
  /// Accepts the risk of violations until a time.
  ///
  /// - Throws: ``RecordingError``, ``WorkspaceError``, `LedgerError`.
  public func waive(_ request: WaiveRequest) async throws -> RecordedAnswer {
    try await record(request, at: WaiverDesk.self)
  }

  /// Accepts the risks that a file lists: all of them, or none.
  ///
  /// - Parameters:
  ///   - file: the file's path; `-` for standard input.
  ///   - defaults: what counts for waivers that do not say otherwise.
  ///   - standardInput: gives the bytes of standard input.
  /// - Returns: an entry for each waiver.
  /// - Throws: ``PromiseFileError``, ``WorkspaceError``, `LedgerError`.
  public func waive(
    file: String,
    defaults: PromiseDefaults,
    standardInput: @Sendable () throws -> [UInt8]
  ) async throws -> RecordedManyAnswer {
    let (bytes, source) = try contents(of: file, standardInput: standardInput)
    let records = try PromiseFile.waivers.read(bytes, source: source, defaults: defaults, now: now)
    let requests = records.map { item in
      WaiveRequest(
        violations: item.subjects,
        reason: item.reason,
        from: item.from,
        until: item.until,
        owner: item.owner
      )
    }
    return try await record(requests, lines: records.map(\.line), source, at: WaiverDesk.self)
  }

  /// Ends the waivers of violations early; they count as they were until then.
  ///
  /// Each waiver that holds is retracted, and recorded again with the earlier end; for violations that are not named it goes on.
  ///
  /// - Throws: ``RecordingError``, ``WorkspaceError``, `LedgerError`.
  public func endWaivers(
    of written: [String],
    reason: String,
    at end: Timestamp?
  ) async throws -> RecordedManyAnswer {
    let reason = reason.trimmed
    if reason.isEmpty { throw RecordingError.emptyReason }
    let end = end ?? now
    let ledger = try openLedger(.readWrite)
    return try ledger.write { transaction in
      var desk = try WaiverDesk(self, transaction)
      return RecordedManyAnswer(try desk.end(written, reason: reason, at: end))
    }
  }
}

extension RecordedManyAnswer {
  /// Several answers as one; the journal is that of the last.
  init(_ answers: [RecordedAnswer]) {
    self.init(
      entries: answers.map { Item(entry: $0.entry, isNew: $0.isNew, sentence: $0.sentence) },
      size: answers.last?.size ?? 0,
      root: answers.last?.root ?? ""
    )
    var seen: Set<String> = []
    warnings = answers.flatMap(\.warnings).filter { seen.insert($0).inserted }
  }
}
