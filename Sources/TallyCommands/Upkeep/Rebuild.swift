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

      Exit status: 0 the books are what they were; 1 they differed, and are right now; 2 nothing changed.
      """
  )

  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    let progress = ProgressLine()
    let result = try await workspace.rebuild(progress: progress.show)
    progress.clear()
    try options.output.answer(result)
    if result.changed { throw ExitCode(1) }
  }
}
