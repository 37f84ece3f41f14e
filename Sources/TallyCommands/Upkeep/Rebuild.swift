import ArgumentParser
import TallyKit
import TallyModel

/// Makes the books again.
struct Rebuild: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rebuild",
    abstract: "Make the books again from the journal",
    discussion: """
      The journal is not touched and no repository is needed. The books that come out are the books that \
      were there, and the command says so: their digests are compared.

      --matcher moves the books to another version of tracking: an entry of the journal says so, what was \
      posted before stays as it was, and what is held for something else from now on is posted as rematched.

      Exit status: 0 the books are what they were, or moved; 1 they differed, and are right now; 2 nothing \
      changed.
      """
  )

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The version of tracking that links findings from now on.",
      discussion: "Default: the one that does.",
      valueName: "version"
    )
  )
  var matcher: Int?

  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    let progress = ProgressLine()
    let result = try await workspace.rebuild(matcher: matcher, progress: progress.show)
    progress.clear()
    try options.output.answer(result)
    if result.changed, result.entry == nil { throw ExitCode(1) }
  }
}
