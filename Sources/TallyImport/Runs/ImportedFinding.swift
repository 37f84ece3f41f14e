public import TallyModel

/// One result of a run, as the report tells it: nothing is hashed and the path is not resolved yet.
public struct ImportedFinding: Sendable, Hashable {
  /// Why a result counts as a finding (SARIF 2.1.0 §3.27.9); other kinds are skipped and counted.
  public enum Kind: UInt8, Sendable, Hashable {
    case fail = 0
    case open = 1
    case review = 2
  }
  /// Its place among the results of its run, from 0.
  public var index: Int
  /// The rule's id as the result names it; `unnamed` where it names none.
  public var ruleID: String
  /// The effective level (SARIF 2.1.0 §3.27.10).
  public var level: Level
  /// Its kind.
  public var kind: Kind
  /// The message with its arguments put in.
  public var message: String
  /// The artifact of the first location, else the file that the tool was told to scan, else
  /// ``ImportedLocation/none``.
  public var location: ImportedLocation
  /// Where in the artifact; nil for a finding about the artifact as a whole.
  public var region: SourceRegion?
  /// The text of the region, as the tool quoted it.
  public var snippet: String?
  /// The text around the region, as the tool quoted it.
  public var contextSnippet: String?
  /// The tool's own fingerprints, sorted by key, version and kind.
  public var fingerprints: [Fingerprint]
  /// The tool's own suppressions in file order; empty for an active finding.
  public var suppressions: [ImportedSuppression]
  /// The fully qualified name of the first logical location (SARIF 2.1.0 §3.33.5); what a finding
  /// about no file is about.
  public var symbol: String?
  /// How many locations the result has beyond the first.
  public var furtherLocations: Int

  /// Creates a finding with what every finding has.
  public init(index: Int, ruleID: String, level: Level, message: String, location: ImportedLocation)
  {
    self.index = index
    self.ruleID = ruleID
    self.level = level
    self.kind = .fail
    self.message = message
    self.location = location
    self.fingerprints = []
    self.suppressions = []
    self.furtherLocations = 0
  }
}

/// Where an artifact is, exactly as the report spells it; ``PathResolver`` makes a path of it.
public struct ImportedLocation: Sendable, Hashable {
  /// The URI, still percent-encoded.
  public var uri: String
  /// The base it is relative to, such as `%SRCROOT%`.
  public var uriBaseID: String?

  /// The place of a finding about no file: an image, a setting, a file that is missing.
  public static let none = ImportedLocation(uri: "", uriBaseID: nil)
  /// True for ``none``.
  var isNone: Bool { uri.isEmpty }

  /// Creates a location.
  public init(uri: String, uriBaseID: String?) {
    self.uri = uri
    self.uriBaseID = uriBaseID
  }
}

/// A suppression with its text not yet hashed.
public struct ImportedSuppression: Sendable, Hashable {
  /// Where it is kept.
  public var kind: Suppression.Kind
  /// How far its review has come; `accepted` where the tool says nothing (SARIF 2.1.0 §3.35.3).
  public var status: Suppression.Status
  /// The reason, if one was given.
  public var justification: String?

  /// Creates a suppression.
  public init(kind: Suppression.Kind, status: Suppression.Status, justification: String?) {
    self.kind = kind
    self.status = status
    self.justification = justification
  }
}
