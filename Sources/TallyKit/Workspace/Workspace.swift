import Foundation
import TallyGit
import TallyLedger
public import TallyModel

/// Where a command runs: repository, CI system, configuration and ledger, found once.
public struct Workspace: Sendable {
  /// The working directory, absolute.
  public let folder: String
  /// The present.
  public let now: Timestamp
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
  /// The project's name, as far as it is known without a ledger.
  let projectName: String?
  private let environment: [String: String]

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
    let repository = try await discover(folder, environment: environment)
    let top = repository?.root ?? folder
    let configuration = try LoadedConfiguration.find(
      from: folder,
      upTo: top,
      named: configurationPath.map { absolute($0, in: folder) }
    )
    let ledger: String
    if let ledgerPath {
      ledger = absolute(ledgerPath, in: folder)
    } else if let configuration, let named = configuration.configuration.ledger {
      ledger = absolute(named, in: configuration.folder)
    } else {
      ledger = absolute("ledger.db", in: configuration?.folder ?? top)
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
      projectName: project,
      environment: environment
    )
  }

  /// A machine without git is one without a repository.
  private static func discover(
    _ folder: String,
    environment: [String: String]
  ) async throws -> Repository? {
    do {
      return try await Repository.discover(at: folder, environment: environment)
    } catch GitError.gitMissing {
      return nil
    }
  }

  /// What counts as configuration where none is on disk.
  var configuration: TallyConfiguration { configurationFile?.configuration ?? TallyConfiguration() }

  /// A path of the command line as an absolute one.
  func absolute(_ path: String) -> String { Self.absolute(path, in: folder) }

  static func absolute(_ path: String, in folder: String) -> String {
    path.hasPrefix("/") ? path : "\(folder)/\(path)"
  }

  /// The bytes of a file; nil when it cannot be read.
  func readFile(_ path: String) -> [UInt8]? {
    FileManager.default.contents(atPath: absolute(path)).map { [UInt8]($0) }
  }

  /// Who brings an entry, now, with what.
  func receipt(importer: String) -> Receipt {
    Receipt(
      arrived: now,
      actor: settings.actor ?? ci?.actor ?? "",
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
  case noProject
  case noBranch
  case unknownPerson
  case severalProjects([String])
  case configurationMissing(String)
  case unknownCampaign(String, known: [String])
  case noCampaign
  case severalCampaigns([String])
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
    case .noProject: "the project's name is not known"
    case .noBranch: "the branch is not known: HEAD is detached and this is no CI job"
    case .unknownPerson: "it is not known who says this"
    case .severalProjects(let names):
      "the ledger holds \(names.count) projects: \(names.joined(separator: ", "))"
    case .configurationMissing(let path): "there is no configuration at \(path)"
    case .unknownCampaign(let id, _): "there is no campaign '\(id)'"
    case .noCampaign: "no campaign is configured"
    case .severalCampaigns(let ids):
      "there are \(ids.count) campaigns: \(ids.joined(separator: ", "))"
    case .missingPartial(let path): "tally.yml names the partial \(path), which does not exist"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .noProject: "say 'project: NAME' in tally.yml, or run inside the repository"
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
