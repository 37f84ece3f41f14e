import ArgumentParser
import TallyKit

/// Writes a template to a file.
struct TemplatesExport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a template to the team's folder, to change it there",
    discussion: """
      A file of the same name in the folder that `templates:` of tally.yml names counts instead of the built-in one.

      Exit status: 0 written; 2 not written; 64 wrong usage.
      """
  )

  @Argument(help: ArgumentHelp("The template.", valueName: "name"))
  var name: String

  @Option(
    name: .customLong("to"),
    help: ArgumentHelp(
      "The folder.",
      discussion: "Default: the one that tally.yml names, else tally/templates beside it.",
      valueName: "folder"
    ),
    completion: .directory
  )
  var folder: String?

  @Flag(name: .customLong("with-partials"), help: "Write the partials it includes, too.")
  var withPartials = false

  @Flag(name: .long, help: "Replace files that are there.")
  var force = false

  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    try options.output.answer(
      try workspace.exportTemplate(
        TemplateExportRequest(
          name: name,
          folder: folder,
          withPartials: withPartials,
          replaces: force
        )
      )
    )
  }
}
