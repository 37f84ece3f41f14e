import ArgumentParser
import TallyKit
import TallyModel

/// Takes what others shared.
struct Pull: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pull",
    abstract: "Take what others put on the shared ref",
    discussion: """
      The ledger is made where it is missing, and united with what is on the ref otherwise: nothing that was \
      recorded here is lost. Every hash of what comes is computed again.

      Exit status: 0 the ledger holds everything that is on the ref; 2 nothing changed.
      """
  )

  @OptionGroup var share: ShareOptions
  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    let progress = ProgressLine()
    let result = try await workspace.pull(share.request, progress: progress.show)
    progress.clear()
    try options.output.answer(result)
  }
}
