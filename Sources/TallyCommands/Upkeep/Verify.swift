import ArgumentParser
import TallyKit
import TallyModel

/// Checks the ledger.
struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check that the ledger is whole and its books follow from its journal",
    discussion: """
      Hashes every entry, object and text again, checks the log's root and the database, and makes the \
      books anew in memory to compare them.

      Exit status: 0 all is well; 1 something is wrong, and is named; 2 it could not be checked.
      """
  )

  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    let progress = ProgressLine()
    let result = try await workspace.verify(progress: progress.show)
    progress.clear()
    try options.output.answer(result)
    if !result.findings.isEmpty { throw ExitCode(1) }
  }
}
