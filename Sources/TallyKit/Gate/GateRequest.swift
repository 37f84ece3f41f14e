import TallyLedger
public import TallyModel

/// Which change to judge.
public struct GateRequest: Sendable {
  /// The branch it is compared with; nil for what the CI system says, else `main`.
  public var base: String?
  /// The commit; nil for what the CI system says, else HEAD.
  public var commit: String?
  /// Its branch; nil for what the CI system says, else the one checked out.
  public var branch: String?

  /// Creates a request.
  public init(base: String? = nil, commit: String? = nil, branch: String? = nil) {
    self.base = base
    self.commit = commit
    self.branch = branch
  }

  /// True when anything was typed.
  var namesAnything: Bool { base != nil || commit != nil || branch != nil }
}

/// Why there is nothing to judge.
public enum GateError: UserFacingError, Hashable {
  /// The base branch was never scanned.
  case noBase(String, known: [String], remark: String?)
  /// The change's own `tally.yml` points to another ledger than the base branch's.
  case otherLedger(base: String)
  /// The change's own `tally.yml` names another project than the base branch's.
  case otherProject(base: String, theirs: String, ours: String)

  /// What scripts match on.
  public var code: String {
    switch self {
    case .noBase: "gate.no-base"
    case .otherLedger: "gate.other-ledger"
    case .otherProject: "gate.other-project"
    }
  }

  /// The sentence.
  public var description: String {
    switch self {
    case .noBase(let branch, _, _): "no scan of '\(branch)' is in the ledger to compare with"
    case .otherLedger(let base):
      "tally.yml of this change points to another ledger than the one of '\(base)'"
    case .otherProject(let base, _, _):
      "tally.yml of this change names another project than the one of '\(base)'"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .noBase(_, _, let remark?): remark
    case .noBase(_, let known, nil):
      known.isEmpty
        ? "record a scan of it first: 'tally ingest FILE --branch NAME'"
        : "the branches with scans are: \(known.joined(separator: ", ")); choose one with --base"
    case .otherLedger: "name the ledger: --ledger PATH"
    case .otherProject(_, let theirs, let ours):
      "change it on the base branch first; if it is the same project under another name, "
        + "'\(LaneNames.command(renaming: theirs, to: ours))'"
    }
  }
}
