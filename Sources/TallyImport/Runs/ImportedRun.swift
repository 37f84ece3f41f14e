public import TallyModel

/// One tool run as a report tells it, before git is asked anything.
public struct ImportedRun: Sendable, Hashable {
  /// Which run of the file, from 0.
  public var index: Int
  /// The tool's name as it wrote it, such as `Semgrep OSS`.
  public var toolName: String
  /// The canonical tool id, lowercase, such as `semgrep` (`docs/sarif.md`, "Tool ids").
  public var toolID: String
  /// The tool's version as it wrote it: `semanticVersion`, else `version`, else
  /// `dottedQuadFileVersion`.
  public var toolVersion: String?
  /// `automationDetails.id` up to its last slash (SARIF 2.1.0 §3.17.3); empty when it has none, nil
  /// when it is absent.
  public var category: String?
  /// The rules the run listed, sorted bytewise by id, each id once.
  public var rules: [ImportedRule]
  /// What columns count; nil when the run does not say, which most tools mean as code points.
  public var columnUnit: ColumnUnit?
  /// False when the run says that it did not finish or did not scan, or keeps its results in
  /// another file.
  public var succeeded: Bool
  /// Why ``succeeded`` is false, one sentence fragment.
  public var failure: String?
  /// The first exit code that is not 0, else the last one given.
  public var exitCode: Int?
  /// Errors and warnings of the run, in file order.
  public var notices: [ImportedNotice]
  /// The earliest start of its invocations.
  public var started: Timestamp?
  /// The latest end of its invocations.
  public var ended: Timestamp?
  /// What the run says about version control, in file order.
  public var revisions: [ImportedRevision]
  /// `originalUriBaseIds`, sorted bytewise by name.
  public var baseURIs: [ImportedBaseURI]
  /// How many artifacts the run lists.
  public var artifactCount: Int
  /// The files the tool was told to analyse, in file order: artifacts with the role `analysisTarget`
  /// (SARIF 2.1.0 §3.24.6); nil when no artifact has it, which says nothing about coverage.
  public var analysed: [ImportedLocation]?

  /// Creates a run of which only the tool is known.
  public init(index: Int, toolName: String, toolID: String) {
    self.index = index
    self.toolName = toolName
    self.toolID = toolID
    self.rules = []
    self.succeeded = true
    self.notices = []
    self.revisions = []
    self.baseURIs = []
    self.artifactCount = 0
  }
}

/// A rule as a run listed it: ``RuleRecord`` with its text not yet hashed.
public struct ImportedRule: Sendable, Hashable {
  /// The rule's id as results name it.
  public var id: String
  /// A readable name.
  public var name: String?
  /// The default level (SARIF 2.1.0 §3.50.3), if the tool said.
  public var defaultLevel: Level?
  /// Tags, sorted bytewise, each once.
  public var tags: [String]
  /// Ids the rule had before (SARIF 2.1.0 §3.49.4), sorted bytewise.
  public var deprecatedIDs: [String]
  /// Where it is documented.
  public var helpURI: String?
  /// `shortDescription`, else `fullDescription`.
  public var summary: String?
  /// `security-severity` as written, such as `7.5`.
  public var securitySeverity: String?

  /// Creates a rule of which only the id is known.
  public init(id: String) {
    self.id = id
    self.tags = []
    self.deprecatedIDs = []
  }
}

/// Something that went wrong while the tool ran: ``ScanNotice`` with its path not yet resolved.
public struct ImportedNotice: Sendable, Hashable {
  /// How bad; `warning` where the tool does not say.
  public var level: Level
  /// The file it names.
  public var location: ImportedLocation?
  /// What the tool said.
  public var message: String
  /// The id of the notification's descriptor, if any.
  public var descriptorID: String?
  /// The id of the rule it is about (SARIF 2.1.0 §3.58.3), if it names one.
  public var ruleID: String?

  /// Creates a notice.
  public init(level: Level, location: ImportedLocation?, message: String, descriptorID: String?) {
    self.level = level
    self.location = location
    self.message = message
    self.descriptorID = descriptorID
  }

  /// True where the descriptor's id names something that keeps a tool from reading what it was given: `SyntaxError`, `Timeout`.
  ///
  /// Semgrep and others report that as a warning.
  var namesFailure: Bool {
    guard let descriptorID else { return false }
    let name = descriptorID.lowercased().filter(\.isLetter)
    return ["syntax", "parse", "parsing", "lexical", "timeout", "outofmemory", "fatal", "crash"]
      .contains(where: name.contains)
  }
}

/// What a run says about the commit it scanned (SARIF 2.1.0 §3.23).
public struct ImportedRevision: Sendable, Hashable {
  /// Where the repository is.
  public var repositoryURI: String?
  /// The commit, as the tool wrote it.
  public var revisionID: String?
  /// The branch, as the tool wrote it.
  public var branch: String?

  /// Creates a revision.
  public init(repositoryURI: String?, revisionID: String?, branch: String?) {
    self.repositoryURI = repositoryURI
    self.revisionID = revisionID
    self.branch = branch
  }
}

/// What a `uriBaseId` stands for (SARIF 2.1.0 §3.14.14).
public struct ImportedBaseURI: Sendable, Hashable {
  /// The name, such as `%SRCROOT%`.
  public var name: String
  /// The URI; nil when the run leaves it open.
  public var uri: String?
  /// The base the URI is relative to.
  public var baseName: String?

  /// Creates a base.
  public init(name: String, uri: String?, baseName: String?) {
    self.name = name
    self.uri = uri
    self.baseName = baseName
  }
}

/// What was counted over a run, known when its last result was read.
public struct ImportedRunEnd: Sendable, Hashable {
  /// Results in the file, whatever became of them: findings plus everything in ``skipped``.
  public var resultCount: Int
  /// Results that became findings.
  public var findingCount: Int
  /// Results that did not, by reason (`kind-pass`, `baseline-absent` …), sorted by reason.
  public var skipped: [SkippedCount]
  /// Findings that were taken with something put right (`invalid-region`, `null-value` …), sorted
  /// by reason.
  public var adjusted: [SkippedCount]
  /// Properties of the standard that were met and not kept, as `object.property`, sorted.
  public var ignoredProperties: [SkippedCount]
  /// Properties that are not in the standard, as `object.property`, sorted; all but the first 1,000
  /// names under `(more)`.
  public var unknownProperties: [SkippedCount]
  /// Locations beyond the first of their result.
  public var furtherLocations: Int
  /// True when at least one listed rule has no result: then a rule that is absent was off.
  public var listsSilentRules: Bool

  /// Creates the end of a run without results.
  public init() {
    resultCount = 0
    findingCount = 0
    skipped = []
    adjusted = []
    ignoredProperties = []
    unknownProperties = []
    furtherLocations = 0
    listsSilentRules = false
  }
}
