public import TallyLedger
public import TallyModel

/// Why a shared ledger cannot be used.
///
/// Nothing has been written, here or there, when this is thrown.
public enum ShareError: UserFacingError, Hashable {
  /// The ref holds something that tally did not put there.
  case foreign(place: String, name: String)
  /// The bundles of the ref do not follow each other.
  case gap(place: String, what: String)
  /// A bundle of the ref is not what its name or its root says.
  case altered(BundleError, ref: String)
  /// The ref belongs to other projects.
  case otherProject(place: String, theirs: [String], ours: String)
  /// A bundle from elsewhere speaks of another project, branch or commit than was told.
  case otherClaim(source: String, what: String, found: String, expected: String)
  /// A bundle from elsewhere may not speak of the branch that is checked out here.
  case ownBranch(source: String, branch: String)
  /// Everything that was recorded is on the shared ref already.
  case nothingNew(ledger: String)
  /// A bundle holds nothing that may be taken.
  case nothingToTake(source: String)
  /// A report in a bundle was read by an importer that this tally does not have.
  case unknownImporter(source: String, importer: String)
  /// A name after `--allow` is no kind of entry.
  case unknownKind(String, known: [String])
  /// A file cannot be read.
  case unreadable(path: String)
  /// A file cannot be written.
  case unwritable(path: String)
  /// Drivers can be installed in a clone only.
  case noClone

  /// What scripts match on.
  public var code: String {
    switch self {
    case .foreign: "share.foreign"
    case .gap: "share.gap"
    case .altered(let reason, _): reason.code
    case .otherProject: "share.other-project"
    case .otherClaim: "share.other-claim"
    case .ownBranch: "share.own-branch"
    case .nothingNew: "share.nothing-new"
    case .nothingToTake: "share.nothing-to-take"
    case .unknownImporter: "share.unknown-importer"
    case .unknownKind: "share.unknown-kind"
    case .unreadable: "share.unreadable"
    case .unwritable: "share.unwritable"
    case .noClone: "share.no-clone"
    }
  }

  /// The sentence.
  public var description: String {
    switch self {
    case .foreign(let place, let name): "\(place) holds '\(name)', which tally did not put there"
    case .gap(let place, let what): "\(place) is not whole: \(what)"
    case .altered(let reason, _): reason.description
    case .otherProject(let place, let theirs, let ours):
      "\(place) holds the ledger of \(theirs.map { "'\($0)'" }.joined(separator: ", ")), and this is '\(ours)'"
    case .otherClaim(let source, let what, let found, let expected):
      "\(source) speaks of the \(what) '\(found)', and '\(expected)' was expected"
    case .ownBranch(let source, let branch):
      "\(source) speaks of the branch '\(branch)', which is checked out here"
    case .nothingNew(let ledger): "everything in '\(ledger)' is on the shared ref already"
    case .nothingToTake(let source): "\(source) holds no scan, test run or measurement"
    case .unknownImporter(let source, let importer):
      "\(source) holds a report that '\(importer)' read, which this tally does not have"
    case .unknownKind(let kind, _): "there are no entries of the kind '\(kind)'"
    case .unreadable(let path): "'\(path)' cannot be read"
    case .unwritable(let path): "'\(path)' cannot be written"
    case .noClone: "this is no clone of a repository"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .foreign: "update tally if a newer one wrote it, else choose another ref with --ref"
    case .gap: "push from a ledger that holds everything to another ref, and use that: --ref"
    case .altered(_, let ref):
      "find out who wrote it; then set \(ref) back to a commit before that, or push a whole ledger to another ref with --ref"
    case .otherProject(_, let theirs, let ours):
      "if it is the same project under another name, "
        + "'\(LaneNames.command(renaming: theirs.first ?? "", to: ours))' in the ledger that holds it; "
        + "if they are two, give each tally.yml a ledger and a ref of its own (ledger: NAME.db, "
        + "share: {ref: refs/tally/NAME}), or let both allow the other: "
        + "share: {projects: [\(theirs.joined(separator: ", "))]} here, "
        + "share: {projects: [\(ours)]} there"
    case .otherClaim(_, let what, let found, _):
      "if it is the right one, say so: --\(what) \(found)"
    case .ownBranch(_, let branch):
      "a stranger's scans belong to a branch of their own; if it is none, say --branch \(branch)"
    case .nothingNew: "there is nothing that a bundle would bring"
    case .nothingToTake: "check that the job that made it recorded something"
    case .unknownImporter: "use the same version of tally in both jobs"
    case .unknownKind(_, let known): "the kinds are: \(known.joined(separator: ", "))"
    case .unreadable: "check the path and its permissions"
    case .unwritable: "check that the folder exists and may be written to"
    case .noClone: "run it inside the clone whose ledger is committed"
    }
  }
}
