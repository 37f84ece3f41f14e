import ArgumentParser
import TallyKit
import TallyModel

/// Renames a lane.
struct LaneRename: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename",
    abstract: "Go on with the books of a lane or a project under another name",
    discussion: """
      For a category, a branch or a tool that has another name now: its violations keep their ids and their \
      history, and scans that still come under the old name are taken in under the new one. What the journal \
      recorded stays as it was; retracting the entry takes the rename back.

      With --project the names are those of projects: every lane of the old one goes along, with its tests, \
      measurements, waivers, attestations and configurations, and so does what is recorded under it later.

      Exit status: 0 recorded; 2 nothing recorded; 64 wrong usage.
      """
  )

  @Argument(
    help: ArgumentHelp(
      "The lane, such as ruff/old@main; a project after --project.",
      valueName: "from"
    )
  )
  var from: String

  @Argument(
    help: ArgumentHelp("What it is called now, such as ruff/new@main.", valueName: "to")
  )
  var to: String

  @Flag(name: .long, help: "Rename a project with everything that was recorded of it.")
  var project = false

  @Option(name: .long, help: ArgumentHelp("The reason.", valueName: "text"))
  var why: String

  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    try options.output.answer(
      project
        ? try await workspace.renameProject(from: from, to: to, reason: why)
        : try await workspace.renameLane(from: from, to: to, reason: why)
    )
  }
}
