/// How bad a result is (SARIF 2.1.0 §3.27.10), ordered from `none` to `error`.
public enum Level: UInt8, Sendable, Hashable, Comparable, CaseIterable {
  case none = 0
  case note = 1
  case warning = 2
  case error = 3

  /// The word SARIF uses.
  public var name: String {
    switch self {
    case .none: "none"
    case .note: "note"
    case .warning: "warning"
    case .error: "error"
    }
  }

  /// Says whether the left level is milder.
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// Why a line or column was refused.
public struct InvalidRegion: Error, Sendable, Hashable {
  /// The number that is out of range.
  public let value: Int
}

/// A place in one artifact, as an analyzer reported it.
///
/// Lines and columns are **1-based** (SARIF 2.1.0 §3.30) and columns count the units of the run (``ColumnUnit``), never bytes.
/// The end column is that of the first character after the region. What was not reported is nil, never 1.
public struct SourceRegion: Sendable, Hashable {
  /// The line of the first character; 1 is the first line.
  public let startLine: Int
  /// The column of the first character.
  public let startColumn: Int?
  /// The line of the last character.
  public let endLine: Int?
  /// The column after the last character.
  public let endColumn: Int?

  /// Creates a region from values that came from outside the process.
  ///
  /// - Throws: ``InvalidRegion`` if a number is below 1 or above 2,147,483,647, or the end is before the start.
  public init(
    startLine: Int,
    startColumn: Int? = nil,
    endLine: Int? = nil,
    endColumn: Int? = nil
  ) throws(InvalidRegion) {
    for value in [startLine, startColumn, endLine, endColumn] {
      if let value, !(1...2_147_483_647).contains(value) { throw InvalidRegion(value: value) }
    }
    if let endLine, endLine < startLine { throw InvalidRegion(value: endLine) }
    self.startLine = startLine
    self.startColumn = startColumn
    self.endLine = endLine
    self.endColumn = endColumn
  }
}

/// What a column counts (SARIF 2.1.0 §3.14.17).
public enum ColumnUnit: UInt8, Sendable, Hashable {
  case utf16CodeUnits = 0
  case unicodeCodePoints = 1
  case utf8Bytes = 2
}

/// A fingerprint as a tool wrote it: `primaryLocationLineHash/v1` is key `primaryLocationLineHash`, version 1.
public struct Fingerprint: Sendable, Hashable {
  /// The key without its version.
  public let key: String
  /// The number after `/v`; nil when there is none.
  public let version: Int?
  /// The value, untouched.
  public let value: String
  /// True for SARIF `fingerprints`, false for `partialFingerprints`.
  public let isFull: Bool

  /// Creates a fingerprint.
  public init(key: String, version: Int?, value: String, isFull: Bool) {
    self.key = key
    self.version = version
    self.value = value
    self.isFull = isFull
  }
}

/// A suppression that the tool itself reported (SARIF 2.1.0 §3.35).
public struct Suppression: Sendable, Hashable {
  /// Where the suppression is kept.
  public enum Kind: UInt8, Sendable, Hashable {
    case inSource = 0
    case external = 1
  }
  /// How far its review has come; `accepted` where the tool says nothing (SARIF 2.1.0 §3.35.3).
  public enum Status: UInt8, Sendable, Hashable {
    case accepted = 0
    case underReview = 1
    case rejected = 2
  }
  /// Where it is kept.
  public let kind: Kind
  /// Only `accepted` takes a finding out of the balance.
  public let status: Status
  /// The reason, if one was given.
  public let justification: TextID?

  /// Creates a suppression.
  public init(kind: Kind, status: Status, justification: TextID?) {
    self.kind = kind
    self.status = status
    self.justification = justification
  }
}

/// One thing a tool reported in one file, as it is stored: a row of a sheet.
public struct Finding: Sendable, Hashable {
  /// The canonical rule id: the tool's own, with published aliases applied by nobody but reports.
  public let rule: String
  /// The effective level after the rule's default configuration.
  public internal(set) var level: Level
  /// Where in the file; nil for a finding about the file as a whole.
  public let region: SourceRegion?
  /// The message, by hash.
  public let message: TextID
  /// The first 8 bytes (big-endian) of the SHA-256 of the message with numbers and quoted spans masked.
  public let template: UInt64
  /// The tool's own fingerprints, sorted by key, then version.
  public let fingerprints: [Fingerprint]
  /// The tool's own suppressions in file order; empty for an active finding.
  public let suppressions: [Suppression]
  /// The fully qualified name of the innermost logical location (SARIF 2.1.0 §3.33.5).
  public let symbol: String?
  /// The FNV-1a hash in 64 bits of the snippet the tool quoted, white space removed; nil when none was quoted.
  public let snippet: UInt64?

  /// Creates a row.
  public init(
    rule: String,
    level: Level,
    region: SourceRegion?,
    message: TextID,
    template: UInt64,
    fingerprints: [Fingerprint] = [],
    suppressions: [Suppression] = [],
    symbol: String? = nil,
    snippet: UInt64? = nil
  ) {
    self.rule = rule
    self.level = level
    self.region = region
    self.message = message
    self.template = template
    self.fingerprints = fingerprints
    self.suppressions = suppressions
    self.symbol = symbol
    self.snippet = snippet
  }

  /// Says whether two rows of one file say the same: equal rule, place and message, whatever else was kept of them.
  public func isSame(as other: Finding) -> Bool {
    rule == other.rule && region == other.region && message == other.message
      && isSuppressed == other.isSuppressed
      // Without a region the logical name is the place.
      && (region != nil || symbol == other.symbol)
  }

  /// True where the tool reported suppressions, none of which is rejected or under review (SARIF 2.1.0 §3.27.23).
  public var isSuppressed: Bool {
    !suppressions.isEmpty && suppressions.allSatisfy { $0.status == .accepted }
  }
}
