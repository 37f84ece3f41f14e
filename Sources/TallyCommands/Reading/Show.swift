import ArgumentParser
import TallyKit
import TallyModel

/// Tells a violation's life.
struct Show: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Tell the life of a violation",
    discussion: """
      Where it was, what happened to it, when, by which commit, and how that is known. Any id it was ever \
      shown under works.

      Exit status: 0 printed; 2 there is no such violation.
      """
  )

  @Argument(help: ArgumentHelp("Such as T-7K3QF2.", valueName: "id"))
  var violation: String

  @OptionGroup var time: TimeOptions
  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    try options.output.answer(try await workspace.show(violation, time: time.request))
  }
}
