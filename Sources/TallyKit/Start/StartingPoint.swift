import Foundation
import TallyGit
import TallyImport
public import TallyModel

/// What `tally init` is told.
public struct StartRequest: Sendable {
  /// Where to write the configuration; nil for `tally.yml` at the top of the repository.
  public var configurationPath: String?
  /// What the configuration says of the ledger; nil for nothing.
  public var ledgerPath: String?
  /// The CI system; nil for those that the repository shows.
  public var host: PipelineHost?
  /// True to write the lines for CI into a file.
  public var writesPipeline: Bool
  /// True to replace files that are there.
  public var replaces: Bool

  /// Creates a request.
  public init(
    configurationPath: String? = nil,
    ledgerPath: String? = nil,
    host: PipelineHost? = nil,
    writesPipeline: Bool = false,
    replaces: Bool = false
  ) {
    self.configurationPath = configurationPath
    self.ledgerPath = ledgerPath
    self.host = host
    self.writesPipeline = writesPipeline
    self.replaces = replaces
  }
}

/// A repository that has no `tally.yml` yet, or one that is to be replaced.
///
/// Not a ``Workspace``: that reads the configuration, which may be what is wrong.
public struct StartingPoint: Sendable {
  /// The working directory, absolute.
  let folder: String
  /// The present.
  let now: Timestamp
  /// The repository; nil where there is none, or no git.
  let repository: Repository?
  /// The top of the work tree, else the working directory.
  let top: String
  private let isGitMissing: Bool

  /// Finds the repository.
  ///
  /// - Throws: ``StartError/noWorkTree``, `GitError`.
  public static func open(
    folder: String,
    environment: [String: String],
    now: Timestamp
  ) async throws -> StartingPoint {
    var repository: Repository?
    var isGitMissing = false
    do {
      repository = try await Repository.discover(at: folder, environment: environment)
    } catch GitError.gitMissing {
      isGitMissing = true
    }
    if let repository, repository.root == nil { throw StartError.noWorkTree }
    return StartingPoint(
      folder: folder,
      now: now,
      repository: repository,
      top: repository?.root ?? folder,
      isGitMissing: isGitMissing
    )
  }

  /// Looks at the repository, asks what it does not show, and writes the configuration.
  ///
  /// Either every file is written or none. `ask` answers a question, with nil for what nothing means.
  ///
  /// - Throws: ``StartError``, `GitError`, and what `ask` throws.
  public func start(
    _ request: StartRequest,
    ask: (StartQuestion) throws -> String? = { _ in nil }
  ) async throws -> StartAnswer {
    let configurationName = request.configurationPath ?? "tally.yml"
    let configurationFile = NewFile(
      top: top,
      path: request.configurationPath.map { Workspace.absolute($0, in: folder) }
        ?? "\(top)/tally.yml",
      name: configurationName
    )
    if configurationFile.exists, !request.replaces {
      throw StartError.exists(path: configurationName)
    }

    var warnings: [String] = []
    let inspection = RepositoryInspection(paths: try await paths(&warnings), text: text)
    let remote = try await repository?.remote()
    let branch = try await repository?.defaultBranch() ?? "main"
    var configuration = StartingConfiguration(
      inspection: inspection,
      project: repository?.projectName(remote: remote) ?? Self.lastComponent(top),
      repositoryURL: remote?.webURL,
      branch: branch,
      ledger: request.ledgerPath,
      today: now
    )
    let hosts = try hosts(request, inspection, ask)
    if inspection.scanners.isEmpty {
      configuration.namedTools = try namedTools(inspection, ask)
    }
    configuration.issue = try ask(.issue).flatMap(Self.issue)
    configuration.due = try ask(.due).flatMap {
      $0.utf8.count == 10 ? Timestamp(iso8601: $0) : nil
    }
    let tools =
      (inspection.scanners + inspection.tests).map(Self.tool)
      + configuration.namedTools.map(Self.tool)
    let pipeline = pipeline(tools, branch: branch, &warnings)
    if let repository, repository.isShallow, branch != "main" {
      warnings.append("this clone is shallow: make sure that \(branch) is the branch that counts")
    }

    var answer = StartAnswer(
      configuration: StartAnswer.File(
        path: configurationName,
        isWritten: true,
        text: try Self.checked(configuration)
      ),
      languages: inspection.languages.map { StartAnswer.Language(name: $0.name, files: $0.files) },
      scanners: inspection.scanners.map(Self.tool) + configuration.namedTools.map(Self.tool),
      tests: inspection.tests.map(Self.tool),
      hosts: hosts.map(\.rawValue),
      codeOwners: inspection.codeOwnersPath,
      baselines: inspection.baselines.map(\.path),
      pipelines: [],
      next: try await next(tools),
      warnings: warnings
    )
    for host in hosts {
      let wanted = try wantsFile(host, request, ask)
      answer.pipelines.append(
        StartAnswer.File(
          path: host.file ?? host.title,
          isWritten: wanted,
          text: pipeline.text(for: host),
          remark: host.remark
        )
      )
    }
    if request.writesPipeline, !answer.pipelines.contains(where: \.isWritten) {
      throw StartError.noFile(host: hosts[0])
    }
    try write(answer, configurationFile, replacing: request.replaces)
    return answer
  }

  // MARK: Looking

  private func paths(_ warnings: inout [String]) async throws -> [String] {
    let tracked = try await repository?.indexedPaths().map(\.text) ?? []
    if !tracked.isEmpty { return tracked }
    if isGitMissing {
      warnings.append("git is not installed: scans are tied to commits, so Tally needs it")
    } else if repository == nil {
      warnings.append("this is no git repository: scans are tied to commits, so Tally needs one")
    } else {
      warnings.append("git tracks no file yet: what lies in the folder was looked at instead")
    }
    return walk()
  }

  /// How many files a folder without git is looked through for.
  private static let walkLimit = 20_000

  private func walk() -> [String] {
    let skipped: Set<String> = [
      ".git", "node_modules", ".build", ".venv", "venv", "target", "dist",
    ]
    var result: [String] = []
    let walker = FileManager.default.enumerator(atPath: top)
    while let path = walker?.nextObject() as? String, result.count < Self.walkLimit {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      if walker?.fileAttributes?[.type] as? FileAttributeType == .typeDirectory {
        if skipped.contains(name) { walker?.skipDescendants() }
      } else {
        result.append(path)
      }
    }
    return result.sorted()
  }

  /// The longest file that is read.
  private static let sizeLimit = 1 << 20

  private func text(_ path: String) -> String? {
    let place = "\(top)/\(path)"
    // Never through a link: it may lead anywhere.
    let attributes = try? FileManager.default.attributesOfItem(atPath: place)
    guard attributes?[.type] as? FileAttributeType == .typeRegular,
      let size = attributes?[.size] as? Int, size <= Self.sizeLimit,
      let data = FileManager.default.contents(atPath: place)
    else { return nil }
    return String(decoding: data, as: UTF8.self)
  }

  private static func lastComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? "project"
  }

  // MARK: Asking

  private func hosts(
    _ request: StartRequest,
    _ inspection: RepositoryInspection,
    _ ask: (StartQuestion) throws -> String?
  ) throws -> [PipelineHost] {
    if let host = request.host { return [host] }
    if !inspection.hosts.isEmpty { return inspection.hosts }
    if let host = try ask(.host).flatMap(PipelineHost.init(rawValue:)) { return [host] }
    if request.writesPipeline { throw StartError.noHost }
    return []
  }

  private func namedTools(
    _ inspection: RepositoryInspection,
    _ ask: (StartQuestion) throws -> String?
  ) throws -> [String] {
    let languages = Set(inspection.languages.map(\.name))
    let suggested = KnownTool.all.filter { !languages.isDisjoint(with: $0.suggestedFor) }
      .map(\.id)
    guard let answer = try ask(.scanners(suggested: suggested)) else { return [] }
    var result: [String] = []
    for name in answer.split(separator: ",") {
      let id = ToolIdentity.canonicalID(of: String(name))
      if id != "unnamed", id != "none", !result.contains(id) { result.append(id) }
    }
    return result
  }

  private static func issue(_ text: String) -> String? {
    let name = text.hasPrefix("#") ? String(text.dropFirst()) : text
    return name.isEmpty || name.contains(where: \.isWhitespace) ? nil : name
  }

  private func wantsFile(
    _ host: PipelineHost,
    _ request: StartRequest,
    _ ask: (StartQuestion) throws -> String?
  ) throws -> Bool {
    guard let path = host.file else { return false }
    if request.writesPipeline { return true }
    let answer = try ask(.writeFile(path: path))?.lowercased()
    return answer == "y" || answer == "yes"
  }

  // MARK: Writing

  private static func tool(_ found: RepositoryInspection.FoundTool) -> StartAnswer.Tool {
    var command = found.trace.command ?? found.tool.command
    if let text = command, text.contains("{config}") {
      command = isPlain(found.path) ? text.replacing("{config}", with: found.path) : nil
    }
    var report = found.trace.report ?? found.tool.report
    // What a build tool writes lies beside its file, wherever it was started.
    if let slash = found.path.lastIndex(of: "/"), report.contains("/") {
      let folder = String(found.path[..<slash])
      if isPlain(folder) { report = "\(folder)/\(report)" }
    }
    return StartAnswer.Tool(
      tool: found.tool.id,
      path: found.path,
      command: command,
      report: command == nil ? nil : report
    )
  }

  private static func tool(_ id: String) -> StartAnswer.Tool {
    let known = KnownTool.named(id)
    let command = known?.command.flatMap { $0.contains("{config}") ? nil : $0 }
    return StartAnswer.Tool(
      tool: id,
      path: nil,
      command: command,
      report: command == nil ? nil : known?.report
    )
  }

  /// True for a text that no shell, no YAML and no CI system takes for anything else than a path or a branch.
  private static func isPlain(_ text: String) -> Bool {
    !text.isEmpty && !text.hasPrefix("-")
      && text.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
          || [0x2D, 0x2E, 0x2F, 0x5F].contains($0)
      }
  }

  private func pipeline(
    _ tools: [StartAnswer.Tool],
    branch: String,
    _ warnings: inout [String]
  ) -> Pipeline {
    if !Self.isPlain(branch) {
      warnings.append("the lines for CI say main: put the name of the branch in yourself")
    }
    let commands = tools.compactMap { tool -> String? in
      guard let command = tool.command else { return nil }
      return KnownTool.named(tool.tool)?.tolerance.map { "\(command) || \($0)" } ?? command
    }
    return Pipeline(
      commands: commands,
      reports: tools.compactMap(\.report),
      branch: Self.isPlain(branch) ? branch : "main"
    )
  }

  private func next(_ tools: [StartAnswer.Tool]) async throws -> String {
    guard let repository else { return "git init" }
    do {
      _ = try await repository.commit("HEAD")
    } catch GitError.noCommits {
      return "git add . && git commit"
    }
    guard let tool = tools.first(where: { $0.command != nil }), let command = tool.command,
      let report = tool.report
    else { return "tally ingest REPORT.sarif" }
    return "\(command); tally ingest \(report)"
  }

  /// The text, which the program itself has to be able to read.
  private static func checked(_ configuration: StartingConfiguration) throws -> String {
    let text = configuration.text
    _ = try TallyConfiguration.parse(text)
    return text
  }

  private func write(_ answer: StartAnswer, _ file: NewFile, replacing: Bool) throws {
    var files = [(file, answer.configuration.text)]
    for pipeline in answer.pipelines where pipeline.isWritten {
      files.append(
        (NewFile(top: top, path: "\(top)/\(pipeline.path)", name: pipeline.path), pipeline.text)
      )
    }
    if !replacing, let present = files.first(where: { $0.0.exists }) {
      throw StartError.exists(path: present.0.name)
    }
    var written: [NewFile] = []
    do {
      for (file, text) in files {
        let isNew = !file.exists
        try file.write(text, replacing: replacing)
        if isNew { written.append(file) }
      }
    } catch {
      for file in written { file.remove() }
      throw error
    }
  }
}
