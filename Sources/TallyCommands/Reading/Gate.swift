import ArgumentParser
import TallyKit
import TallyModel

/// Judges a change.
struct Gate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gate",
    abstract: "Judge a change against the policies of its base branch",
    discussion: """
      Compares the scans of a commit with those of the base branch where the change began, and holds the \
      difference against `gate:` of the base branch's own tally.yml: a change cannot loosen its policies. \
      Record the scans first; a commit without one is not passed. Nothing is written to the ledger.

      Exit status: 0 every policy is kept; 1 one is not, and what would pass is said; 2 not decided, because \
      something that a policy needs is missing; 64 wrong usage.
      """
  )

  /// How remarks beside the code are written.
  enum Annotations: String, CaseIterable, ExpressibleByArgument {
    case auto
    case github
    case gitlab
    case azure
    case none
  }

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The branch to compare with.",
      discussion: "Default: the one a pull request goes to, else main.",
      valueName: "branch"
    )
  )
  var base: String?

  @Option(name: .long, help: ArgumentHelp("The commit to judge.", valueName: "sha|HEAD"))
  var commit: String?

  @Option(name: .long, help: ArgumentHelp("The branch the commit is on.", valueName: "name"))
  var branch: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Write remarks for this host, too.",
      discussion: "Beside the text on standard output; beside JSON on standard error.",
      valueName: "auto|github|gitlab|azure|none"
    )
  )
  var annotations: Annotations = .auto

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Write a summary in Markdown.",
      discussion: "Default: added to the file that GITHUB_STEP_SUMMARY names, if it is set.",
      valueName: "file"
    ),
    completion: .file(extensions: ["md"])
  )
  var summary: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Write every violation as SARIF with its baselineState.",
      valueName: "file"
    ),
    completion: .file(extensions: ["sarif"])
  )
  var sarif: String?

  @Option(
    name: .customLong("code-quality"),
    help: ArgumentHelp(
      "Write a code quality report for GitLab.",
      discussion: "Default in a GitLab job: gl-code-quality-report.json.",
      valueName: "file"
    ),
    completion: .file(extensions: ["json"])
  )
  var codeQuality: String?

  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let surroundings = try Surroundings.current()
    let workspace = try await options.workspace(surroundings)
    let result = try await workspace.gate(
      GateRequest(base: base, commit: commit, branch: branch)
    )
    let form =
      annotations == .auto
      ? AnnotationForm(workspace.ci?.provider)
      : AnnotationForm(rawValue: annotations.rawValue) ?? .none
    // Files first: a reader of the text that goes away ends the process.
    if let summary {
      try OutputFile.write(result.summary, to: summary, option: "--summary")
    } else if let file = workspace.settings.summaryFile {
      try OutputFile.append(result.summary, to: file, option: "--summary")
    }
    if let sarif { try OutputFile.write(result.sarif, to: sarif, option: "--sarif") }
    let report = codeQuality ?? (form == .gitlab ? "gl-code-quality-report.json" : nil)
    if let report { try OutputFile.write(result.codeQuality, to: report, option: "--code-quality") }
    try options.output.answer(result)
    let remarks = result.annotations(form)
    switch options.output {
    case .text: Output.write(remarks)
    case .json: Output.commands(remarks)
    }
    switch result.decision {
    case .pass, .warn: return
    case .fail: throw ExitCode(1)
    case .undecided: throw ExitCode(2)
    }
  }
}
