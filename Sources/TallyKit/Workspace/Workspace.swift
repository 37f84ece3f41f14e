import Foundation
import TallyGit
import TallyLedger
public import TallyModel

/// Where a command runs: repository, CI system, configuration and ledger, found once.
public struct Workspace: Sendable {
  /// The working directory, absolute.
  public let folder: String
  /// The present.
  public internal(set) var now: Timestamp
  /// What the environment says of the process.
  public let settings: ProcessSettings
  /// What the CI system says; nil outside of one.
  public let ci: CIFacts?
  /// The repository the folder lies in; nil where there is none.
  let repository: Repository?
  /// The configuration on disk; nil where there is no `tally.yml`.
  public let configurationFile: LoadedConfiguration?
  /// Where the ledger is, absolute.
  public let ledgerPath: String
  /// What messages call the ledger: the path as it was typed, else relative to ``folder``.
  public let ledgerName: String
  /// True when the command line names the ledger.
  let isLedgerNamed: Bool
  /// The project's name, as far as it is known without a ledger.
  let projectName: String?
  /// True when there is no program `git`, so that nobody knows whether there is a repository.
  let isGitMissing: Bool
  /// Every environment variable, for git.
  let environment: [String: String]

  /// Finds out where a command runs.
  ///
  /// Nothing is written.
  ///
  /// - Parameters:
  ///   - folder: The working directory, absolute.
  ///   - environment: Every environment variable.
  ///   - now: The present.
  ///   - ledgerPath: What `--ledger` says.
  ///   - configurationPath: What `--config` says.
  /// - Returns: The workspace.
  /// - Throws: ``WorkspaceError``, ``ConfigurationError``, ``EnvironmentError``, `GitError`.
  public static func open(
    folder: String,
    environment: [String: String],
    now: Timestamp,
    ledgerPath: String? = nil,
    configurationPath: String? = nil
  ) async throws -> Workspace {
    let settings = try ProcessSettings(environment)
    let event = CIEnvironment.eventPath(environment).flatMap { path in
      FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
    let ci = CIEnvironment.detect(environment, event: event)
    let repository: Repository?
    let isGitMissing: Bool
    do {
      repository = try await Repository.discover(
        at: folder,
        environment: environment,
        // Without a configuration only the remote can name the project.
        withRemote: ci?.projectName == nil && configurationPath == nil
          && !LoadedConfiguration.isNear(folder)
      )
      isGitMissing = false
    } catch GitError.gitMissing {
      // A machine without git is one without a repository.
      repository = nil
      isGitMissing = true
    }
    let top = repository?.root ?? folder
    let configuration = try LoadedConfiguration.find(
      from: folder,
      upTo: top,
      named: configurationPath
    )
    let ledger: String
    if let ledgerPath {
      ledger = absolute(ledgerPath, in: folder)
    } else if let configuration, let named = configuration.configuration.ledger {
      ledger = absolute(named, in: configuration.folder)
    } else {
      ledger = absolute("ledger.db", in: repository?.root ?? configuration?.folder ?? folder)
    }
    var project = configuration?.configuration.project ?? ci?.projectName
    if project == nil, let repository {
      project = repository.projectName(remote: try await repository.remote())
    }
    return Workspace(
      folder: folder,
      now: now,
      settings: settings,
      ci: ci,
      repository: repository,
      configurationFile: configuration,
      ledgerPath: ledger,
      ledgerName: ledgerPath ?? relative(ledger, to: folder),
      isLedgerNamed: ledgerPath != nil,
      projectName: project,
      isGitMissing: isGitMissing,
      environment: environment
    )
  }

  /// Opens the ledger; its errors call it what the person called it.
  func openLedger(_ mode: Ledger.Mode) throws -> Ledger {
    try Ledger.open(ledgerPath, name: ledgerName, mode: mode)
  }

  /// A path of the command line as an absolute one.
  func absolute(_ path: String) -> String { Self.absolute(path, in: folder) }

  static func absolute(_ path: String, in folder: String) -> String {
    path.hasPrefix("/") ? path : "\(folder)/\(path)"
  }

  /// An absolute path as it would be typed in a folder: with `../` where it is beside it or above.
  static func relative(_ path: String, to folder: String) -> String {
    let target = path.split(separator: "/")
    let start = folder.split(separator: "/")
    var common = 0
    while common < min(target.count, start.count), target[common] == start[common] { common += 1 }
    if common == 0 || common == target.count { return path }
    let up = Array(repeating: "..", count: start.count - common)
    return (up + target[common...].map(String.init)).joined(separator: "/")
  }

  /// The bytes of a file; nil when it cannot be read.
  func readFile(_ path: String) -> [UInt8]? {
    FileManager.default.contents(atPath: absolute(path)).map { [UInt8]($0) }
  }

  /// Who brings an entry, now, with what.
  func receipt(importer: String) -> Receipt { receipt(importer: importer, actor: nil) }

  /// The same, by somebody whom the command line names.
  func receipt(importer: String, actor: String?) -> Receipt {
    Receipt(
      arrived: now,
      actor: actor ?? settings.actor ?? ci?.actor ?? "",
      runURL: ci?.runURL,
      importer: importer
    )
  }

  /// Who makes a promise: as told, else the person at the keyboard.
  ///
  /// - Throws: ``WorkspaceError/unknownPerson`` when nobody is known.
  func person(_ told: String?) async throws -> String {
    if let told, !told.isEmpty { return told }
    if let actor = settings.actor ?? ci?.actor { return actor }
    if let identity = try await Repository.identity(at: folder, environment: environment) {
      return identity
    }
    throw WorkspaceError.unknownPerson
  }
}

/// Why a command does not know where it is.
public enum WorkspaceError: UserFacingError, Hashable {
  /// Neither `tally.yml` nor git nor the CI system names the project.
  case noProject
  /// Neither git nor the CI system names the branch.
  case noBranch
  /// Nobody is known who could make a promise.
  case unknownPerson
  /// The ledger holds several projects, and none is chosen.
  case severalProjects([String])
  /// There is no file where `--config` points, or it cannot be read.
  case configurationMissing(String)
  /// `tally.yml` has no campaign of this id.
  case unknownCampaign(String, known: [String])
  /// A campaign is needed, and none is configured.
  case noCampaign
  /// There are several campaigns, and none is chosen.
  case severalCampaigns([String])
  /// `tally.yml` names a partial that does not exist.
  case missingPartial(String)

  /// What scripts match on.
  public var code: String {
    switch self {
    case .noProject: "workspace.no-project"
    case .noBranch: "workspace.no-branch"
    case .unknownPerson: "workspace.no-person"
    case .severalProjects: "workspace.several-projects"
    case .configurationMissing: "config.missing"
    case .unknownCampaign: "campaign.unknown"
    case .noCampaign: "campaign.none"
    case .severalCampaigns: "campaign.several"
    case .missingPartial: "config.missing-partial"
    }
  }

  /// The sentence.
  public var description: String {
    switch self {
    case .noProject:
      "the project's name is not known: this is no git repository, and no tally.yml names it"
    case .noBranch:
      "the branch is not known: none is checked out, and no variable of a CI system names one"
    case .unknownPerson: "it is not known who says this"
    case .severalProjects(let names):
      "the ledger holds \(names.count) projects: \(names.joined(separator: ", "))"
    case .configurationMissing(let path): "there is no configuration at '\(path)'"
    case .unknownCampaign(let id, _): "there is no campaign '\(id)'"
    case .noCampaign: "no campaign is configured"
    case .severalCampaigns(let ids):
      "there are \(ids.count) campaigns: \(ids.joined(separator: ", "))"
    case .missingPartial(let path): "tally.yml names the partial '\(path)', which does not exist"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .noProject: "run inside the repository, or say 'project: NAME' in tally.yml"
    case .noBranch: "name it: --branch NAME"
    case .unknownPerson: "say --by 'Name <mail>', or set user.name and user.email in git"
    case .severalProjects: "say 'project: NAME' in tally.yml"
    case .configurationMissing: "check the path after --config"
    case .unknownCampaign(_, let known):
      known.isEmpty
        ? "tally.yml has no campaigns" : "the campaigns are: \(known.joined(separator: ", "))"
    case .noCampaign: "add 'campaigns:' to tally.yml; docs/tally-yml.md shows how"
    case .severalCampaigns: "choose one: --campaign ID"
    case .missingPartial: "write it, or take it out of 'narrative:'"
    }
  }
}
