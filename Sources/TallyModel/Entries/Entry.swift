/// One append-only fact of the journal.
public struct Entry: Sendable, Hashable {
  /// The hash of everything the entry claims.
  public let id: EntryID
  /// What it claims.
  public let body: EntryBody
  /// Who brought it, when.
  public let receipt: Receipt
  /// Its place in this journal, from 1, without gaps.
  public let sequence: Int

  /// Creates an entry as read from a journal.
  public init(id: EntryID, body: EntryBody, receipt: Receipt, sequence: Int) {
    self.id = id
    self.body = body
    self.receipt = receipt
    self.sequence = sequence
  }
}

/// Who brought an entry, when and with what: under the root of the log, but not part of the entry's id.
public struct Receipt: Sendable, Hashable {
  /// When it was appended to this journal.
  public let arrived: Timestamp
  /// Who appended it, such as `Ada <ada@example.com>` or `github-actions`; empty when unknown.
  public let actor: String
  /// The CI run, if any.
  public let runURL: String?
  /// The importer's or command's version, such as `sarif/1`.
  public let importer: String

  /// Creates a receipt.
  public init(arrived: Timestamp, actor: String, runURL: String?, importer: String) {
    self.arrived = arrived
    self.actor = actor
    self.runURL = runURL
    self.importer = importer
  }
}

/// The kinds of entry, with the numbers they are stored under.
///
/// MUST NOT CHANGE.
public enum EntryKind: UInt8, Sendable, Hashable, CaseIterable {
  case scan = 1
  case tests = 2
  case measurements = 3
  case commit = 4
  case evidence = 5
  case config = 6
  case waiver = 7
  case attestation = 8
  case reportIssued = 9
  case correction = 10
  case retraction = 11
  case laneRename = 12
  case redaction = 13
  case merge = 14
  case confirmation = 15

  /// The word used in output, such as `lane-rename`.
  public var name: String {
    switch self {
    case .reportIssued: "report-issued"
    case .laneRename: "lane-rename"
    default: String(describing: self)
    }
  }
}

/// What an entry claims.
public enum EntryBody: Sendable, Hashable {
  case scan(ScanRecord)
  case tests(TestRunRecord)
  case measurements(MeasurementRecord)
  case commit(CommitRecord)
  case evidence(EvidenceRecord)
  case config(ConfigRecord)
  case waiver(WaiverRecord)
  case attestation(AttestationRecord)
  case reportIssued(ReportIssuedRecord)
  case correction(CorrectionRecord)
  case retraction(RetractionRecord)
  case laneRename(LaneRenameRecord)
  case redaction(RedactionRecord)
  case merge(MergeRecord)
  case confirmation(ConfirmationRecord)
  /// A kind or version this reader does not know; stored and counted, never interpreted.
  case unknown(kind: UInt8, version: UInt8, bytes: [UInt8])

  /// The kind; nil for an unknown one.
  public var kind: EntryKind? {
    switch self {
    case .scan: .scan
    case .tests: .tests
    case .measurements: .measurements
    case .commit: .commit
    case .evidence: .evidence
    case .config: .config
    case .waiver: .waiver
    case .attestation: .attestation
    case .reportIssued: .reportIssued
    case .correction: .correction
    case .retraction: .retraction
    case .laneRename: .laneRename
    case .redaction: .redaction
    case .merge: .merge
    case .confirmation: .confirmation
    case .unknown: nil
    }
  }
}

/// The scans that follow each other: project, tool, category and branch.
public struct LaneKey: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The project's name.
  public let project: String
  /// The canonical tool id, lowercase, such as `ruff`.
  public let tool: String
  /// SARIF's `automationDetails.id` without its run part, or what `--category` said; empty for none.
  public let category: String
  /// The branch's short name, such as `main`.
  public let branch: String

  /// Creates a key.
  public init(project: String, tool: String, category: String, branch: String) {
    self.project = project
    self.tool = tool
    self.category = category
    self.branch = branch
  }

  /// `tool/category@branch`, without the category where it is empty.
  public var description: String {
    category.isEmpty ? "\(tool)@\(branch)" : "\(tool)/\(category)@\(branch)"
  }

  /// Says whether the left key comes first: by project, tool, category, branch, bytewise.
  public static func < (lhs: Self, rhs: Self) -> Bool {
    for (left, right) in [
      (lhs.project, rhs.project), (lhs.tool, rhs.tool), (lhs.category, rhs.category),
      (lhs.branch, rhs.branch),
    ] where left != right {
      return left.utf8.lexicographicallyPrecedes(right.utf8)
    }
    return false
  }
}
