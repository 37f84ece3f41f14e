import ArgumentParser
import TallyKit

/// Shows a template.
struct TemplatesShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print the text of a template",
    discussion: """
      A partial is named with its folder: partials/footer.md.

      Exit status: 0 printed; 2 not printed.
      """
  )

  @Argument(help: ArgumentHelp("The template.", valueName: "name"))
  var name: String

  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    try options.output.answer(try workspace.template(named: name))
  }
}
