import ArgumentParser
import TallyKit
import TallyModel

/// Prints the account between two points in time.
struct StatementCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "statement",
    abstract: "Account for every change between two points in time",
    discussion: """
      opening + everything in - everything out = closing, to the row. A point is a date (its end), a time, \
      a recorded commit (at least 4 digits, or a git name such as HEAD~5) or `baseline`; A.. ends now, ..B \
      starts before the first scan.

      Exit status: 0 printed; 2 not printed.
      """
  )

  @Argument(help: ArgumentHelp("From A to B.", valueName: "A..B"))
  var range: String = ".."

  @Option(
    name: .long,
    help: ArgumentHelp("Break down by this.", valueName: "priority|rule|folder|tool|path"),
    completion: .list(StatementRequest.breakdowns)
  )
  var by: String?

  @Option(name: .long, help: ArgumentHelp("Only what this campaign selects.", valueName: "id"))
  var campaign: String?

  @OptionGroup var branches: BranchOption

  @Flag(name: .long, help: "List the violations behind each number.")
  var violations = false

  @OptionGroup var time: TimeOptions
  @OptionGroup var configurationTime: ConfigurationTimeOption
  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let surroundings = try Surroundings.current()
    let workspace = try await options.workspace(surroundings)
    let result = try await workspace.statement(
      StatementRequest(
        range: range,
        breakdown: by,
        campaign: campaign,
        branch: branches.branch,
        listsViolations: violations,
        time: time.request(configurationTime)
      )
    )
    try options.output.answer(result)
  }
}
