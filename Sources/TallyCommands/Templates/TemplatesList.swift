import ArgumentParser
import TallyKit

/// Lists templates.
struct TemplatesList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List every template",
    discussion: """
      Reports first, then the partials they share; a team's own with its file.

      Exit status: 0 printed; 2 not printed.
      """
  )

  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    try options.output.answer(try workspace.templates())
  }
}
