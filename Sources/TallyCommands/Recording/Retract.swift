import ArgumentParser
import TallyKit
import TallyModel

/// Takes an entry out of the books.
struct Retract: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retract",
    abstract: "Take an entry out of the books",
    discussion: """
      The entry stays in the journal, and so does this retraction with its reason; the books are made as \
      if the entry had never come.

      Exit status: 0 recorded; 2 nothing recorded; 64 wrong usage.
      """
  )

  @Argument(
    help: ArgumentHelp("The entry's id or an unambiguous beginning of it.", valueName: "entry")
  )
  var entry: String

  @Option(name: .long, help: ArgumentHelp("The reason.", valueName: "text"))
  var why: String

  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    try options.output.answer(try await workspace.retract(entry: entry, reason: why))
  }
}
