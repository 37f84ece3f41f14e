import ArgumentParser
import TallyKit

/// Checks templates.
struct TemplatesCheck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check templates without rendering them",
    discussion: """
      Says file, line, column and the nearest name of everything that is wrong: unknown names, missing partials, \
      partials that include each other, tags that are not closed. No ledger is needed.

      Exit status: 0 nothing is wrong; 1 something is; 2 not checked; 64 wrong usage.
      """
  )

  @Argument(
    help: ArgumentHelp(
      "Which. Default: the team's own templates and the narrative of every campaign.",
      valueName: "name"
    )
  )
  var names: [String] = []

  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    let answer = try workspace.checkTemplates(names)
    try options.output.answer(answer)
    if !answer.problems.isEmpty { throw ExitCode(1) }
  }
}
