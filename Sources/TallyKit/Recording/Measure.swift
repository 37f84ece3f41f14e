import TallyBooks
import TallyLedger
public import TallyModel
import TallyReport

/// Numbers to record.
public struct MeasureRequest: Sendable {
  /// Name and value, as typed.
  public var samples: [(name: String, value: String)]
  /// The measured commit.
  public var commit: String?
  /// Its branch.
  public var branch: String?
  /// A file with more samples; `-` for standard input.
  public var file: String?
  /// Who measured; nil for the CI system's or the person's name.
  public var owner: String?

  /// Creates a request.
  public init(
    samples: [(name: String, value: String)],
    commit: String?,
    branch: String?,
    file: String? = nil,
    owner: String? = nil
  ) {
    self.samples = samples
    self.commit = commit
    self.branch = branch
    self.file = file
    self.owner = owner
  }
}

/// Why something was not recorded.
public enum RecordingError: UserFacingError, Hashable {
  /// The value of a measurement is not a decimal number.
  case notANumber(name: String, value: String)
  /// The name of a measurement holds something else than letters, digits, `_`, `.` and `-`.
  case badName(String)
  /// `--why` is empty.
  case emptyReason
  /// `--until` is not after `--from`, or not after now.
  case endsBeforeItBegins(from: Timestamp, until: Timestamp)
  /// No violation was ever shown under this id.
  case unknownViolation(String)
  /// Several violations have an id that begins like this.
  case ambiguousViolation(String, matches: [String])
  /// The journal has no entry of this id.
  case unknownEntry(String)
  /// The entry is not a scan that counts.
  case noScan(String)
  /// Several entries have an id that begins like this.
  case ambiguousEntry(String, count: Int)
  /// The entry is what was captured of a scan's sources, without which the scan cannot be read.
  case partOfScan(String, scan: String)
  /// Only an open violation can be waived.
  case notWaivable(String, state: String)
  /// The waiver is longer than `waivers.longest` allows.
  case tooLong(days: Int, limit: Int)
  /// `waivers.who` does not name this person.
  case notAllowed(String)
  /// More violations would be waived at once than `waivers.at_most` allows.
  case tooMany(count: Int, limit: Int)
  /// The reason does not fit the pattern of `waivers.reason`.
  case reasonDoesNotFit(pattern: String)
  /// No waiver holds for the violation, so that none can end.
  case notWaived(String, at: Timestamp)
  /// Neither a measurement nor a file is named.
  case nothingMeasured
  /// A campaign has no such status.
  case unknownStatus(String)
  /// A campaign is named for a criterion, which belongs to none.
  case notAboutCampaign(String)

  /// What scripts match on.
  public var code: String {
    switch self {
    case .notANumber: "measure.not-a-number"
    case .badName: "measure.bad-name"
    case .emptyReason: "record.no-reason"
    case .endsBeforeItBegins: "record.backwards"
    case .unknownViolation: "violation.unknown"
    case .ambiguousViolation: "violation.ambiguous"
    case .unknownEntry: "entry.unknown"
    case .noScan: "entry.no-scan"
    case .ambiguousEntry: "entry.ambiguous"
    case .partOfScan: "entry.part-of-scan"
    case .notWaivable: "waive.not-open"
    case .tooLong: "waive.too-long"
    case .notAllowed: "waive.not-allowed"
    case .tooMany: "waive.too-many"
    case .reasonDoesNotFit: "waive.reason"
    case .notWaived: "waive.not-waived"
    case .nothingMeasured: "measure.nothing"
    case .unknownStatus: "attest.unknown-status"
    case .notAboutCampaign: "attest.no-status"
    }
  }

  /// The sentence.
  public var description: String {
    switch self {
    case .notANumber(let name, let value): "the value of \(name) is not a number: '\(value)'"
    case .badName(let name): "'\(name)' is not the name of a measurement"
    case .emptyReason: "the reason is empty"
    case .endsBeforeItBegins(let from, let until):
      "it would end (\(until)) before it begins (\(from))"
    case .unknownViolation(let id): "there is no violation '\(id)'"
    case .ambiguousViolation(let id, let matches):
      "'\(id)' is the beginning of \(matches.count) ids: \(matches.prefix(5).joined(separator: ", "))"
    case .unknownEntry(let id): "there is no entry '\(id)'"
    case .noScan(let id): "the entry '\(id)' is no scan that counts"
    case .ambiguousEntry(let id, let count): "'\(id)' is the beginning of \(count) entries' ids"
    case .partOfScan(let id, _): "the entry '\(id)' is a part of a scan"
    case .notWaivable(let id, let state): "\(id) is \(state): there is nothing to waive"
    case .tooLong(let days, let limit):
      "a waiver of \(Wording.counted(days, "day")) is longer than tally.yml allows, which is \(Wording.counted(limit, "day"))"
    case .notAllowed(let person): "\(person) may not accept risk in this project"
    case .tooMany(let count, let limit):
      "\(count) violations would be waived at once, and tally.yml allows \(limit)"
    case .reasonDoesNotFit(let pattern):
      "the reason does not fit '\(pattern)', which tally.yml asks for"
    case .notWaived(let id, let time): "no waiver of \(id) holds at \(time)"
    case .nothingMeasured: "nothing was measured"
    case .unknownStatus(let name): "'\(name)' is no status of a campaign"
    case .notAboutCampaign(let name): "the criterion '\(name)' belongs to no campaign"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .notANumber: "write a decimal number, such as rss_mb=412 or p95_ms=18.5"
    case .badName: "use letters, digits, _ . and -, with the unit last, such as rss_mb"
    case .emptyReason: "say why: --why TEXT"
    case .endsBeforeItBegins:
      "--until has to be after --from, and after now where there is no --from"
    case .unknownViolation: "'tally list' shows the ids"
    case .ambiguousViolation: "write more of the id"
    case .unknownEntry, .noScan:
      "the ids of scans are in the output of 'tally ingest --output json'"
    case .ambiguousEntry: "write more of the id"
    case .partOfScan(_, let scan): "retract the scan: \(scan)"
    case .notWaivable: "'tally show ID' tells its life"
    case .tooLong: "choose an earlier --until, or change waivers.longest"
    case .notAllowed: "ask one of those that waivers.who names in tally.yml"
    case .tooMany: "fix some, or change waivers.at_most"
    case .reasonDoesNotFit: "write it so that it fits, or change waivers.reason"
    case .notWaived: "'tally show ID' tells its life, waivers included"
    case .nothingMeasured: "name what was measured, such as rss_mb=412, or a file with --file"
    case .unknownStatus:
      "write one of "
        + StatusWord.State.allCases.map { StatusWord.prefix + $0.rawValue }.joined(separator: ", ")
    case .notAboutCampaign: "leave --campaign out: it goes with a status, such as status:at-risk"
    }
  }
}

/// What a recording command did.
public struct RecordedAnswer: CommandAnswer {
  /// The form of this answer.
  public var version = 1
  /// The entry, 64 hexadecimal digits.
  public var entry: String
  /// False when the journal held this entry already.
  public var isNew: Bool
  /// One line for people.
  public var sentence: String
  /// How many entries the journal holds now.
  public var size: Int
  /// The root of the journal's log, 64 hexadecimal digits.
  public var root: String
  /// Sentences worth a person's attention.
  public var warnings: [String] = []

  /// The sentence, and the journal's size and root.
  public func text(_ style: TextStyle) -> String {
    let note = isNew ? "" : "  recorded before, nothing changed"
    return "\(VisibleText.line(sentence))\(note)  root \(size):\(root.prefix(12))\n"
  }
}

extension Workspace {
  /// Records numbers at a commit.
  ///
  /// - Throws: ``RecordingError``, ``PromiseFileError``, ``WorkspaceError``, ``IngestError``, `GitError`,
  ///   `LedgerError`.
  public func measure(
    _ request: MeasureRequest,
    standardInput: @Sendable () throws -> [UInt8] = { [] }
  ) async throws -> RecordedAnswer {
    var typed = request.samples
    if let file = request.file {
      let (bytes, source) = try contents(of: file, standardInput: standardInput)
      typed += try MeasurementFile.read(bytes, source: source)
    }
    if typed.isEmpty { throw RecordingError.nothingMeasured }
    let samples = try typed.map { name, value in
      let isName =
        !name.isEmpty && name.utf8.count <= 100
        && name.utf8.allSatisfy { byte in
          (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
            || (0x61...0x7A).contains(byte) || [0x5F, 0x2E, 0x2D].contains(byte)
        }
      if !isName { throw RecordingError.badName(name) }
      guard let number = DecimalNumber(value) else {
        throw RecordingError.notANumber(name: name, value: value)
      }
      return MeasurementRecord.Sample(name: name, value: number.description)
    }
    let target = try await target(commit: request.commit, branch: request.branch)
    let ledger = try openLedger(.create)
    do {
      return try await record(samples, at: target, by: request.owner, in: ledger)
    } catch {
      ledger.discardIfNew()
      throw error
    }
  }

  private func record(
    _ samples: [MeasurementRecord.Sample],
    at target: Target,
    by owner: String?,
    in ledger: Ledger
  ) async throws -> RecordedAnswer {
    let evidence = try await CommitEvidence.gather(target, in: ledger, workspace: self)
    let record = MeasurementRecord(
      project: target.project,
      branch: target.branch,
      commit: target.commit,
      measured: now,
      samples: samples.sorted {
        if $0.name == $1.name { return $0.value.utf8.lexicographicallyPrecedes($1.value.utf8) }
        return $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
      }
    )
    let shown = samples.prefix(10).map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    let words = samples.count > 10 ? "\(shown) and \(samples.count - 10) more" : shown
    let receipt = { importer in self.receipt(importer: importer, actor: owner) }
    return try ledger.write { transaction in
      try Recorder(transaction: transaction, receipt: receipt, evidence: evidence)
        .record(
          .measurements(record),
          importer: "measure/1",
          sentence: "measured \(words) at \(target.commit.short)"
        )
    }
  }
}
