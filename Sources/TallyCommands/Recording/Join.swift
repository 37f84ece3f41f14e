import ArgumentParser
import TallyKit
import TallyModel

/// Says that two violations are one.
struct Join: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "join",
    abstract: "Say that two violations are one",
    discussion: """
      For one that was closed and opened under another id though it only changed its place or its text. The \
      one that began first goes on, and answers to both ids. Your word is an entry of the journal and wins \
      over tracking, also when scans arrive late; 'tally retract' takes it back.

      Exit status: 0 recorded; 2 nothing recorded; 64 wrong usage.
      """
  )

  @Argument(help: ArgumentHelp("A violation, such as T-7K3QF2.", valueName: "id"))
  var first: String

  @Argument(help: ArgumentHelp("The violation that is the same.", valueName: "other-id"))
  var second: String

  @Option(name: .long, help: ArgumentHelp("The reason.", valueName: "text"))
  var why: String

  @Option(name: .long, help: ArgumentHelp("Who says so. Default: you.", valueName: "name"))
  var by: String?

  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    try options.output.answer(
      try await workspace.join(first, second, reason: why, by: by)
    )
  }
}
