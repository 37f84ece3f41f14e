import TallyLedger
public import TallyModel
import TallyReport

/// Which time a reading command speaks of, as it was typed.
public struct TimeRequest: Sendable, Hashable {
  /// A date (its end), a time or a commit; nil for now.
  public let asOf: String?
  /// A number of entries or a date of arrival (its end); nil for everything.
  public let knownAt: String?
  /// A date (its end), a time or a commit whose configuration is applied; nil for the present one.
  public let configAsOf: String?

  /// True when a time was chosen.
  var speaksOfPast: Bool { asOf != nil || configAsOf != nil }

  /// Creates a request.
  public init(asOf: String? = nil, knownAt: String? = nil, configAsOf: String? = nil) {
    self.asOf = asOf
    self.knownAt = knownAt
    self.configAsOf = configAsOf
  }
}

/// Which time a reading command speaks of.
struct ResolvedTime: Sendable, Hashable {
  /// Nothing after this moment is seen, unless it is the present.
  let asOf: Timestamp
  /// How many entries are read; nil for all.
  let knownAt: Int?
  /// Whose configuration is applied; nil for the present one.
  var configAsOf: Timestamp? = nil
  /// True for the present: every lane is read to its end, also where that is ahead of the clock.
  var isPresent = false
  /// The commit that ``asOf`` is the time of; nil for a date.
  var commit: CommitID? = nil

  /// The present, with everything that is known.
  static func present(_ now: Timestamp) -> ResolvedTime {
    ResolvedTime(asOf: now, knownAt: nil, isPresent: true)
  }
}

/// Why a time cannot be used.
public enum TimeError: UserFacingError, Hashable {
  /// What was typed is neither a date nor a recorded commit.
  case unknownPoint(String)
  /// Several recorded commits begin with what was typed.
  case ambiguousCommit(String, count: Int)
  /// What was typed after `--known-at` is neither a number nor a date.
  case unknownSize(String)
  /// The journal has fewer entries than `--known-at` says.
  case beyondJournal(Int, size: Int)
  /// The journal holds no configuration from before what was typed after `--config-as-of`.
  case noConfiguration(String, first: String?)
  /// The first point of a statement is after the second.
  case backwards(from: String, to: String)
  /// `baseline` was typed, and the campaign has none.
  case noBaseline
  /// A campaign's baseline is a commit that the ledger does not know.
  case unknownBaseline(campaign: String, commit: String)

  /// What scripts match on.
  public var code: String {
    switch self {
    case .unknownPoint: "time.unknown"
    case .ambiguousCommit: "time.ambiguous"
    case .unknownSize: "time.unknown-size"
    case .beyondJournal: "time.beyond-journal"
    case .noConfiguration: "time.no-configuration"
    case .backwards: "time.backwards"
    case .noBaseline: "time.no-baseline"
    case .unknownBaseline: "time.unknown-baseline"
    }
  }

  /// The sentence.
  public var description: String {
    switch self {
    case .unknownPoint(let text): "'\(text)' is neither a date nor a commit of this ledger"
    case .ambiguousCommit(let text, let count): "'\(text)' is the beginning of \(count) commits"
    case .unknownSize(let text): "'\(text)' is neither a number of entries nor a date"
    case .beyondJournal(let wanted, let size):
      "the journal holds \(Wording.counted(size, "entry", "entries")), not \(wanted)"
    case .noConfiguration(let text, _):
      "the ledger holds no configuration from before '\(text)'"
    case .backwards(let from, let to): "the first point '\(from)' is after the second '\(to)'"
    case .noBaseline: "no campaign says what the baseline is"
    case .unknownBaseline(let campaign, let commit):
      "the baseline of '\(campaign)', the commit '\(commit)', is not in the ledger"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .unknownPoint:
      "write 2026-11-20, 2026-11-20T08:00:00Z or at least 4 digits of a recorded commit"
    case .ambiguousCommit: "write more digits"
    case .unknownSize: "write a number such as 412, or 2026-11-20, or 2026-11-20T08:00:00Z"
    case .beyondJournal: "every ingest prints the size of the journal before the root"
    case .noConfiguration(_, let first):
      first.map { "the first one that was recorded counts from \($0)" }
        ?? "tally ingest records tally.yml with the commit it takes a scan of"
    case .backwards: "swap the two points"
    case .noBaseline: "give the campaign a baseline in tally.yml, or name a date"
    case .unknownBaseline:
      "record a scan of it with --commit, or choose another baseline in tally.yml"
    }
  }
}

extension TimeRequest {
  /// Finds the moment and the size in a ledger.
  func resolve(in reader: LedgerReader, now: Timestamp) throws -> ResolvedTime {
    var size: Int?
    if let knownAt {
      let full = try reader.size()
      if let number = Int(knownAt) {
        guard (0...full).contains(number) else {
          throw TimeError.beyondJournal(number, size: full)
        }
        size = number
      } else {
        guard let moment = Timestamp(endOf: knownAt) else { throw TimeError.unknownSize(knownAt) }
        size = try reader.size(arrivedUpTo: moment)
      }
    }
    let point = try asOf.map { try Point($0, in: reader) }
    return ResolvedTime(
      asOf: point?.moment ?? now,
      knownAt: size,
      configAsOf: try configAsOf.map { try Self.moment($0, in: reader) },
      isPresent: point == nil,
      commit: point?.commit
    )
  }

  /// The moment that a date (its end), a time or a commit stands for.
  static func moment(_ text: String, in reader: LedgerReader) throws -> Timestamp {
    try Point(text, in: reader).moment
  }

  /// A moment, and the commit that was typed for it.
  private struct Point {
    let moment: Timestamp
    var commit: CommitID?

    init(_ text: String, in reader: LedgerReader) throws {
      if let moment = Timestamp(endOf: text) {
        self.moment = moment
        return
      }
      guard text.count >= 4 else { throw TimeError.unknownPoint(text) }
      let commits = try reader.commits(byPrefix: text)
      guard let commit = commits.first else { throw TimeError.unknownPoint(text) }
      guard commits.count == 1 else {
        throw TimeError.ambiguousCommit(text, count: commits.count)
      }
      guard let record = try CommitClocks(reader).commit(commit) else {
        throw TimeError.unknownPoint(text)
      }
      self.commit = commit
      moment = record.committed
    }
  }
}

extension Timestamp {
  /// The last second of a date, or the time itself where one is written.
  init?(endOf text: String) {
    guard let moment = Timestamp(iso8601: text) else { return nil }
    self = text.utf8.count == 10 ? moment.adding(seconds: 86_399) : moment
  }
}
