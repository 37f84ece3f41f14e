import ArgumentParser
import TallyKit
import TallyModel

/// Records scans and test runs.
struct Ingest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Record scans and test runs for one commit",
    discussion: """
      Recording the same file twice changes nothing. Scans may arrive in any order. Commit, branch and \
      project come from git or from the variables of the CI system.

      Exit status: 0 recorded; 2 nothing recorded; 64 wrong usage.
      """
  )

  @Argument(
    help: ArgumentHelp("SARIF or JUnit files, also .gz; - for standard input.", valueName: "file"),
    completion: .file()
  )
  var files: [String]

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

  @OptionGroup var options: LedgerOptions

  private static var formatNames: String { Importers.names.joined(separator: ", ") }

  func run() async throws {
    let surroundings = try Surroundings.current()
    let workspace = try await options.workspace(surroundings)
    let request = IngestRequest(
      files: files,
      format: format == "auto" ? nil : format,
      commit: commit,
      branch: branch,
      category: category,
      scope: scope,
      roots: root,
      toolConfiguration: toolConfig,
      sequence: sequence,
      failed: failed
    )
    let progress = ProgressLine()
    let result = try await workspace.ingest(
      request,
      standardInput: StandardInput.read,
      progress: progress.show
    )
    progress.clear()
    try options.output.answer(result)
  }
}
