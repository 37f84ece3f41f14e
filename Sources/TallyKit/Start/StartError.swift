public import TallyModel

/// Why `tally init` wrote nothing.
public enum StartError: UserFacingError, Hashable {
  /// The file is there already.
  case exists(path: String)
  /// The file cannot be written.
  case cannotWrite(path: String, reason: String)
  /// The file's folder is a link that leads out of the repository.
  case leadsOutside(path: String)
  /// The repository is bare: there is no work tree to look at.
  case noWorkTree
  /// Lines for CI are wanted, and it is not known for which system.
  case noHost
  /// The lines of this CI system have no file of their own.
  case noFile(host: PipelineHost)

  /// What scripts match on.
  public var code: String {
    switch self {
    case .exists: "start.exists"
    case .cannotWrite: "start.cannot-write"
    case .leadsOutside: "start.leads-outside"
    case .noWorkTree: "start.no-work-tree"
    case .noHost: "start.no-host"
    case .noFile: "start.no-file"
    }
  }

  /// The sentence.
  public var description: String {
    switch self {
    case .exists(let path): "'\(path)' is there already"
    case .cannotWrite(let path, let reason): "'\(path)' cannot be written: \(reason)"
    case .leadsOutside(let path):
      "the folder of '\(path)' is a link that leads out of the repository"
    case .noWorkTree: "the repository is bare: there is no work tree to look at"
    case .noHost: "it is not known which CI system runs here"
    case .noFile(let host): "the lines for \(host.title) cannot stand in a file of their own"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .exists: "look at it first; --force replaces it"
    case .cannotWrite: "check who may write to the folder"
    case .leadsOutside: "make it a folder of the repository"
    case .noWorkTree: "run it in a clone"
    case .noHost:
      "name it: --host \(PipelineHost.allCases.map(\.rawValue).joined(separator: "|"))"
    case .noFile(let host): "leave out --ci, and \(host.remark)"
    }
  }
}
