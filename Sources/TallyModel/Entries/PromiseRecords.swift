/// Names a sighting: row `ordinal` of the sheet of `path` in a scan.
///
/// What waivers and corrections hold on to.
public struct Sighting: Sendable, Hashable {
  /// The scan.
  public let scan: EntryID
  /// The file.
  public let path: RepoPath
  /// The row in the sheet, from 0.
  public let ordinal: Int

  /// Creates a sighting.
  public init(scan: EntryID, path: RepoPath, ordinal: Int) {
    self.scan = scan
    self.path = path
    self.ordinal = ordinal
  }
}

/// Accepted risk: who, why, until when.
public struct WaiverRecord: Sendable, Hashable {
  /// The project's name.
  public private(set) var project: String
  /// What is waived; sorted by scan, path, ordinal.
  public let sightings: [Sighting]
  /// The reason, by hash.
  public let reason: TextID
  /// Who accepts the risk.
  public let owner: String
  /// From when it counts.
  public let from: Timestamp
  /// Until when it counts, exclusive.
  public let until: Timestamp

  /// Creates a record.
  public init(
    project: String,
    sightings: [Sighting],
    reason: TextID,
    owner: String,
    from: Timestamp,
    until: Timestamp
  ) {
    self.project = project
    self.sightings = sightings
    self.reason = reason
    self.owner = owner
    self.from = from
    self.until = until
  }

  /// The same record, of a project that has another name now.
  public func of(project: String) -> WaiverRecord {
    var result = self
    result.project = project
    return result
  }
}

/// A person's "yes" for a criterion that no machine can check.
public struct AttestationRecord: Sendable, Hashable {
  /// The project's name.
  public private(set) var project: String
  /// The name a criterion asks for.
  public let criterion: String
  /// The reason, by hash.
  public let reason: TextID
  /// Who says so.
  public let owner: String
  /// From when it counts.
  public let from: Timestamp
  /// Until when it counts, exclusive.
  public let until: Timestamp

  /// Creates a record.
  public init(
    project: String,
    criterion: String,
    reason: TextID,
    owner: String,
    from: Timestamp,
    until: Timestamp
  ) {
    self.project = project
    self.criterion = criterion
    self.reason = reason
    self.owner = owner
    self.from = from
    self.until = until
  }

  /// The same record, of a project that has another name now.
  public func of(project: String) -> AttestationRecord {
    var result = self
    result.project = project
    return result
  }
}

/// A configuration file as it was when a command read it.
public struct ConfigRecord: Sendable, Hashable {
  /// One file of the configuration.
  public struct File: Sendable, Hashable {
    /// Relative to the folder of `tally.yml`.
    public let path: String
    /// Its text, by hash.
    public let text: TextID

    /// Creates a file.
    public init(path: String, text: TextID) {
      self.path = path
      self.text = text
    }
  }
  /// The project's name.
  public let project: String
  /// The commit at which the files stood so, if known.
  public let commit: CommitID?
  /// From when it counts: the commit's time, else when it was read.
  public let effective: Timestamp
  /// `tally.yml`, partials, templates, CODEOWNERS, sorted by path.
  public let files: [File]

  /// Creates a record.
  public init(project: String, commit: CommitID?, effective: Timestamp, files: [File]) {
    self.project = project
    self.commit = commit
    self.effective = effective
    self.files = files
  }
}

/// A post that was made, with the context it was rendered from.
public struct ReportIssuedRecord: Sendable, Hashable {
  /// The project's name.
  public let project: String
  /// The template's name.
  public let template: String
  /// The campaign.
  public let campaign: String
  /// The time the post speaks of.
  public let asOf: Timestamp
  /// How many entries of the journal were read.
  public let journalSize: Int
  /// The context as JSON, by hash.
  public let context: TextID
  /// The SHA-256 of the text that was posted.
  public let output: RawDigest

  /// Creates a record.
  public init(
    project: String,
    template: String,
    campaign: String,
    asOf: Timestamp,
    journalSize: Int,
    context: TextID,
    output: RawDigest
  ) {
    self.project = project
    self.template = template
    self.campaign = campaign
    self.asOf = asOf
    self.journalSize = journalSize
    self.context = context
    self.output = output
  }
}

/// A person's word on identity, which wins over the matcher from then on.
public struct CorrectionRecord: Sendable, Hashable {
  /// What is said.
  public enum Verdict: UInt8, Sendable, Hashable {
    /// The two sightings are one violation.
    case same = 0
    /// They are two.
    case different = 1
  }
  /// What is said.
  public let verdict: Verdict
  /// The earlier sighting.
  public let first: Sighting
  /// The later sighting.
  public let second: Sighting
  /// The reason, by hash.
  public let reason: TextID

  /// Creates a record.
  public init(verdict: Verdict, first: Sighting, second: Sighting, reason: TextID) {
    self.verdict = verdict
    self.first = first
    self.second = second
    self.reason = reason
  }
}

/// A person's word that a scan is complete: what it does not report, though nobody edited its file, is gone.
public struct ConfirmationRecord: Sendable, Hashable {
  /// The scan.
  public let scan: EntryID
  /// The reason, by hash.
  public let reason: TextID

  /// Creates a record.
  public init(scan: EntryID, reason: TextID) {
    self.scan = scan
    self.reason = reason
  }
}

/// Takes an entry out of the books; the entry itself stays in the journal.
public struct RetractionRecord: Sendable, Hashable {
  /// The entry that no longer counts.
  public let target: EntryID
  /// The reason, by hash.
  public let reason: TextID

  /// Creates a record.
  public init(target: EntryID, reason: TextID) {
    self.target = target
    self.reason = reason
  }
}

/// Says that scans of one lane belong to another from the first on.
public struct LaneRenameRecord: Sendable, Hashable {
  /// The lane that goes.
  public let from: LaneKey
  /// The lane that takes its scans.
  public let to: LaneKey
  /// The reason, by hash.
  public let reason: TextID

  /// Creates a record.
  public init(from: LaneKey, to: LaneKey, reason: TextID) {
    self.from = from
    self.to = to
    self.reason = reason
  }

  /// Creates a record that gives a project another name, with everything that was ever recorded under the old one.
  public init(project from: String, to: String, reason: TextID) {
    self.init(from: LaneKey(project: from), to: LaneKey(project: to), reason: reason)
  }

  /// The old and the new name of a project, where its lanes have no name of their own; nil where one lane is renamed.
  public var projects: (from: String, to: String)? {
    from.isProject && to.isProject ? (from.project, to.project) : nil
  }
}

extension LaneKey {
  /// Every lane of a project: without tool, category and branch, as no scan has it.
  fileprivate init(project: String) {
    self.init(project: project, tool: "", category: "", branch: "")
  }

  fileprivate var isProject: Bool { tool.isEmpty && category.isEmpty && branch.isEmpty }

  /// The same lane of another project.
  public func of(project: String) -> LaneKey {
    LaneKey(project: project, tool: tool, category: category, branch: branch)
  }
}

/// Says that a text was removed on purpose; its hash stays.
public struct RedactionRecord: Sendable, Hashable {
  /// The text that is gone.
  public let text: TextID
  /// The reason, by hash.
  public let reason: TextID

  /// Creates a record.
  public init(text: TextID, reason: TextID) {
    self.text = text
    self.reason = reason
  }
}

/// Says that another journal's entries were united with this one.
public struct MergeRecord: Sendable, Hashable {
  /// How many entries the other journal had.
  public let size: Int
  /// Its root hash.
  public let root: ContentID<MergeRecord>
  /// The other journal's log leaves in its order, so that its anchors still verify.
  public let leaves: [ContentID<Receipt>]

  /// Creates a record.
  public init(size: Int, root: ContentID<MergeRecord>, leaves: [ContentID<Receipt>]) {
    self.size = size
    self.root = root
    self.leaves = leaves
  }
}
