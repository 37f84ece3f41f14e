import ArgumentParser
import TallyKit
import TallyModel

/// Lists violations.
struct List: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List violations",
    discussion: """
      Open ones unless told otherwise, sorted by path and line.

      Exit status: 0 printed; 2 not printed.
      """
  )

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Which state; may be repeated. Default: open.",
      valueName: "open|suppressed|waived|closed"
    ),
    completion: .list(ListRequest.states)
  )
  var state: [String] = []

  @Option(name: .long, help: ArgumentHelp("Only this rule; may be repeated.", valueName: "rule"))
  var rule: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp("Only files of this glob; may be repeated.", valueName: "glob")
  )
  var path: [String] = []

  @Option(name: .long, help: ArgumentHelp("Only what this campaign selects.", valueName: "id"))
  var campaign: String?

  @OptionGroup var branches: BranchOption

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Only this priority of the campaign, or of the only one there is.",
      valueName: "id"
    )
  )
  var priority: String?

  @OptionGroup var time: TimeOptions
  @OptionGroup var configurationTime: ConfigurationTimeOption
  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    let result = try await workspace.list(
      ListRequest(
        states: state,
        rules: rule,
        paths: path,
        campaign: campaign,
        branch: branches.branch,
        priority: priority,
        time: time.request(configurationTime)
      )
    )
    try options.output.answer(result)
  }
}
