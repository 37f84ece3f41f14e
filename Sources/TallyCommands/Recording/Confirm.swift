import ArgumentParser
import TallyKit
import TallyModel

/// Says that a scan is complete.
struct Confirm: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "confirm",
    abstract: "Say that a scan is complete, though findings are missing",
    discussion: """
      Findings that vanish from files that nobody edited stay open until it is known why: the scan may have \
      looked at less. Where you know that it looked at everything, say so: what it does not report is gone. Your \
      word is an entry of the journal, with your name and the reason; 'tally retract' takes it back.

      Exit status: 0 recorded; 2 nothing recorded; 64 wrong usage.
      """
  )

  @Argument(
    help: ArgumentHelp(
      "The scan's entry, or an unambiguous beginning of its id.",
      valueName: "scan"
    )
  )
  var scan: String

  @Option(name: .long, help: ArgumentHelp("The reason.", valueName: "text"))
  var why: String

  @Option(name: .long, help: ArgumentHelp("Who says so. Default: you.", valueName: "name"))
  var by: String?

  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    try options.output.answer(try await workspace.confirm(scan: scan, reason: why, by: by))
  }
}
