import TallyLedger
import TallyModel
import TallyReport

/// A promise of a person, to record.
protocol PromiseRequest {
  /// Who makes it; nil for the person at the keyboard.
  var owner: String? { get }
}

extension WaiveRequest: PromiseRequest {}
extension AttestRequest: PromiseRequest {}

/// Records promises of one kind one after the other in one transaction.
protocol PromiseDesk {
  associatedtype Request: PromiseRequest

  init(_ workspace: Workspace, _ transaction: WriteTransaction) throws

  /// Records one promise.
  ///
  /// - Throws: ``RecordingError`` or ``WorkspaceError`` where it is refused.
  mutating func record(_ request: Request, owner: String) throws -> RecordedAnswer
}

extension Workspace {
  /// Records one promise.
  func record<Desk: PromiseDesk>(
    _ request: Desk.Request,
    at kind: Desk.Type
  ) async throws -> RecordedAnswer {
    let owner = try await person(request.owner)
    let ledger = try openLedger(.readWrite)
    return try ledger.write { transaction in
      var desk = try kind.init(self, transaction)
      return try desk.record(request, owner: owner)
    }
  }

  /// Records the promises of a file: all of them, or none.
  ///
  /// - Parameters:
  ///   - requests: The promises, in the order of the file.
  ///   - lines: The line of each.
  ///   - source: What errors call the file.
  ///   - kind: Who records them.
  /// - Returns: An entry for each.
  /// - Throws: ``PromiseFileError``, ``WorkspaceError``, `LedgerError`.
  func record<Desk: PromiseDesk>(
    _ requests: [Desk.Request],
    lines: [Int],
    _ source: String,
    at kind: Desk.Type
  ) async throws -> RecordedManyAnswer {
    var owners: [String] = []
    for request in requests { owners.append(try await person(request.owner)) }
    let ledger = try openLedger(.readWrite)
    return try ledger.write { transaction in
      var desk = try kind.init(self, transaction)
      var answers: [RecordedAnswer] = []
      for (index, request) in requests.enumerated() {
        func refuse(_ reason: any UserFacingError) -> PromiseFileError {
          .refused(source: source, line: lines[index], because: reason)
        }
        do {
          answers.append(try desk.record(request, owner: owners[index]))
        } catch let error as RecordingError {
          throw refuse(error)
        } catch let error as WorkspaceError {
          throw refuse(error)
        }
      }
      return RecordedManyAnswer(answers)
    }
  }

  /// The bytes of a file that an option names, and what errors call it.
  func contents(
    of file: String,
    standardInput: () throws -> [UInt8]
  ) throws -> (bytes: [UInt8], source: String) {
    if file == "-" { return (try standardInput(), "standard input") }
    guard let bytes = readFile(file) else { throw PromiseFileError.unreadable(source: file) }
    return (bytes, file)
  }

  /// The reason without blanks at its ends, and the beginning.
  ///
  /// - Throws: ``RecordingError``.
  func checked(
    _ reason: String,
    from: Timestamp?,
    until: Timestamp
  ) throws -> (reason: String, from: Timestamp) {
    let reason = reason.trimmed
    if reason.isEmpty { throw RecordingError.emptyReason }
    let start = from ?? now
    guard start < until else {
      throw RecordingError.endsBeforeItBegins(from: start, until: until)
    }
    return (reason, start)
  }

  /// A sentence where something counts from a day or more before now.
  func lateness(since from: Timestamp) -> [String] {
    let days = now.days(since: from)
    if days < 1 { return [] }
    return [
      "recorded \(Wording.counted(days, "day")) after it begins to count; posts will say so"
    ]
  }
}
