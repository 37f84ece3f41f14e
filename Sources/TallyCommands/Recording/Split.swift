import ArgumentParser
import TallyKit
import TallyModel

/// Says that a violation was wrongly linked.
struct Split: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Say that from a commit on a violation is another one",
    discussion: """
      For rows that were linked though they are two violations. Up to the commit the id stays; from it on there is \
      another one. Your word is an entry of the journal and wins over tracking, also when scans arrive late; \
      'tally retract' takes it back.

      Exit status: 0 recorded; 2 nothing recorded; 64 wrong usage.
      """
  )

  @Argument(help: ArgumentHelp("The violation, such as T-7K3QF2.", valueName: "id"))
  var violation: String

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The first commit at which it is another one.",
      discussion: "Default: the last link that was not certain, as 'tally show' tells them.",
      valueName: "commit"
    )
  )
  var at: String?

  @Option(name: .long, help: ArgumentHelp("The reason.", valueName: "text"))
  var why: String

  @Option(name: .long, help: ArgumentHelp("Who says so. Default: you.", valueName: "name"))
  var by: String?

  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    try options.output.answer(
      try await workspace.split(violation, at: at, reason: why, by: by)
    )
  }
}
