import ArgumentParser
import TallyKit
import TallyModel

/// Links the findings of two scans without any ledger.
struct Match: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "match",
    abstract: "Link the findings of two scans, without a ledger",
    discussion: """
      The findings are linked by the stages that ingest uses. With the texts of both scans (two folders, or two \
      commits of a clone) every token is followed; without them the findings alone have to do.

      jsonl prints one object a line: {"old": 12, "new": 15, "state": "persisted", "stage": "token-map", \
      "score": 10, "margin": 6}. Places count from 0 among the results of the first run; states are persisted, \
      ambiguous, gone, new.

      Exit status: 0 linked; 2 not linked; 64 wrong usage.
      """
  )

  @Argument(
    help: ArgumentHelp("The earlier scan; - for standard input.", valueName: "old"),
    completion: .file()
  )
  var old: String

  @Argument(
    help: ArgumentHelp("The later scan; - for standard input.", valueName: "new"),
    completion: .file()
  )
  var new: String

  @Option(
    name: .customLong("old-source"),
    help: ArgumentHelp("The folder that the earlier scan looked at.", valueName: "folder"),
    completion: .directory
  )
  var oldSource: String?

  @Option(
    name: .customLong("new-source"),
    help: ArgumentHelp("The folder that the later scan looked at.", valueName: "folder"),
    completion: .directory
  )
  var newSource: String?

  @Option(
    name: .long,
    help: ArgumentHelp("A clone that holds both commits.", valueName: "folder"),
    completion: .directory
  )
  var repo: String?

  @Option(
    name: .customLong("old-commit"),
    help: ArgumentHelp("The commit that the earlier scan looked at.", valueName: "commit")
  )
  var oldCommit: String?

  @Option(
    name: .customLong("new-commit"),
    help: ArgumentHelp("The commit that the later scan looked at.", valueName: "commit")
  )
  var newCommit: String?

  @Option(
    name: .long,
    help: ArgumentHelp("The format of both files. Default: auto.", valueName: "name"),
    completion: .list(["auto"] + Importers.names)
  )
  var format = "auto"

  @Option(name: .long, help: ArgumentHelp("How to answer.", valueName: "form"))
  var output: MatchFormat = .text

  func validate() throws {
    if (oldSource == nil) != (newSource == nil) {
      throw ValidationError("--old-source and --new-source go together: name both folders")
    }
    let commits = [repo, oldCommit, newCommit]
    if commits.contains(nil), commits.contains(where: { $0 != nil }) {
      throw ValidationError("--repo, --old-commit and --new-commit go together: name all three")
    }
    if repo != nil, oldSource != nil {
      throw ValidationError("name folders or commits, not both")
    }
  }

  func run() async throws {
    let surroundings = try Surroundings.current()
    let workspace = try await Workspace.open(
      folder: surroundings.folder,
      environment: surroundings.environment,
      now: surroundings.now
    )
    let progress = ProgressLine()
    defer { progress.clear() }
    let answer = try await workspace.match(
      MatchRequest(
        old: old,
        new: new,
        format: format == "auto" ? nil : format,
        sources: sources
      ),
      progress: progress.show
    )
    progress.clear()
    switch output {
    case .text: try OutputFormat.text.answer(answer)
    case .json: try OutputFormat.json.answer(answer)
    case .jsonl:
      Output.write(answer.jsonLines())
      for warning in answer.warnings { Output.note("warning: \(warning)") }
    }
  }

  private var sources: MatchRequest.Sources {
    if let oldSource, let newSource { return .folders(old: oldSource, new: newSource) }
    if let repo, let oldCommit, let newCommit {
      return .commits(repository: repo, old: oldCommit, new: newCommit)
    }
    return .none
  }
}

/// How `tally match` answers.
enum MatchFormat: String, CaseIterable, ExpressibleByArgument {
  case text
  case json
  case jsonl
}
