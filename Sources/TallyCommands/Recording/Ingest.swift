import ArgumentParser
import TallyKit
import TallyModel

/// Records scans and test runs.
struct Ingest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest",
    abstract: "Record scans and test runs for one commit",
    discussion: """
      Recording the same file twice changes nothing. Scans may arrive in any order. Commit, branch and \
      project come from git or from the variables of the CI system.

      With --push everything that a job on a fresh runner needs is done: what others shared is taken, the \
      files are recorded, and the shared ref gets them. With --bundle what another job wrote with \
      'tally bundle' is taken as data: scans, test runs and measurements of one commit, and nothing else.

      Exit status: 0 recorded; 2 nothing recorded, or with --push not pushed: then the next push brings it; 64 \
      wrong usage.
      """
  )

  @Argument(
    help: ArgumentHelp("SARIF or JUnit files, also .gz; - for standard input.", valueName: "file"),
    completion: .file()
  )
  var files: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp("The files' format: auto, \(formatNames).", valueName: "format"),
    completion: .list(["auto"] + Importers.names)
  )
  var format = "auto"

  @Option(name: .long, help: ArgumentHelp("The scanned commit.", valueName: "sha|HEAD"))
  var commit: String?

  @Option(name: .long, help: ArgumentHelp("The branch the commit is on.", valueName: "name"))
  var branch: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Keeps scans of one tool with different settings apart.", valueName: "name")
  )
  var category: String?

  @Option(
    name: .long,
    help: ArgumentHelp("What was scanned, if not everything; may be repeated.", valueName: "glob")
  )
  var scope: [String] = []

  @Option(
    name: .customLong("changed-since"),
    help: ArgumentHelp(
      "Only files that changed since the branch left this commit were scanned.",
      discussion: "With --scope, those in it. Where none changed nothing is recorded.",
      valueName: "commit"
    )
  )
  var changedSince: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A prefix to strip from the files' paths; may be repeated.",
      valueName: "prefix"
    )
  )
  var root: [String] = []

  @Option(
    name: .customLong("tool-config"),
    help: ArgumentHelp(
      "The tool's configuration file; may be repeated.",
      discussion: "So that a changed setting is told from changed code.",
      valueName: "path"
    ),
    completion: .file()
  )
  var toolConfig: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp("Orders scans of commits with equal times.", valueName: "number")
  )
  var sequence: Int?

  @Flag(name: .long, help: "The tool did not finish: what is missing is not taken for fixed.")
  var failed = false

  @Flag(name: .long, help: "Take what others shared before, and share what was recorded.")
  var push = false

  @Option(
    name: .long,
    help: ArgumentHelp("Take what 'tally bundle' wrote in another job.", valueName: "file"),
    completion: .file()
  )
  var bundle: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A kind of entry that is taken from the bundle as well; may be repeated.",
      valueName: "kind"
    ),
    completion: .list(StrangerRequest.kinds)
  )
  var allow: [String] = []

  @OptionGroup var share: ShareOptions
  @OptionGroup var options: LedgerOptions

  private static var formatNames: String { Importers.names.joined(separator: ", ") }

  func validate() throws {
    if files.isEmpty, bundle == nil {
      throw ValidationError("Name a report, or a bundle with --bundle.")
    }
    if !files.isEmpty, bundle != nil {
      throw ValidationError("Name reports or a bundle, not both.")
    }
    if changedSince != nil, bundle != nil {
      throw ValidationError("--changed-since is about reports: a bundle says what was scanned.")
    }
    if !allow.isEmpty, bundle == nil {
      throw ValidationError("--allow is about a bundle: name one with --bundle.")
    }
  }

  func run() async throws {
    let surroundings = try Surroundings.current()
    let workspace = try await options.workspace(surroundings)
    let progress = ProgressLine()
    if let bundle {
      let stranger = StrangerRequest(file: bundle, commit: commit, branch: branch, allow: allow)
      let result =
        push
        ? try await workspace.ingestAndPush(
          stranger,
          share: share.request,
          progress: progress.show
        ) : try await workspace.ingest(stranger, progress: progress.show)
      progress.clear()
      return try options.output.answer(result)
    }
    let request = IngestRequest(
      files: files,
      format: format == "auto" ? nil : format,
      commit: commit,
      branch: branch,
      category: category,
      scope: scope,
      changedSince: changedSince,
      roots: root,
      toolConfiguration: toolConfig,
      sequence: sequence,
      failed: failed
    )
    let result =
      push
      ? try await workspace.ingestAndPush(
        request,
        share: share.request,
        progress: progress.show
      )
      : try await workspace.ingest(request, progress: progress.show)
    progress.clear()
    try options.output.answer(result)
  }
}
