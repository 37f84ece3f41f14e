import ArgumentParser
import TallyKit
import TallyModel

/// Shares what was recorded.
struct Push: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "push",
    abstract: "Put what was recorded on the shared ref",
    discussion: """
      Entries travel as bundles on a ref of a git remote, so that runners can be thrown away. Any number of \
      jobs may push at once: whoever comes second goes behind the first. A push that was interrupted \
      is finished by the next.

      Exit status: 0 pushed, or nothing to push; 2 not pushed.
      """
  )

  @OptionGroup var share: ShareOptions
  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    let progress = ProgressLine()
    let result = try await workspace.push(share.request, progress: progress.show)
    progress.clear()
    try options.output.answer(result)
  }
}
