import ArgumentParser
import TallyKit
import TallyModel

/// Writes a bundle.
struct BundleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bundle",
    abstract: "Write what a push would share to a file",
    discussion: """
      For jobs that may not push, such as those of a fork's pull request: the file is uploaded as an artifact, \
      and a trusted job takes it with 'tally ingest --bundle'. It stands for itself: no ref is needed to \
      read it.

      Exit status: 0 written; 2 not written.
      """
  )

  @Option(
    name: [.customShort("o"), .customLong("out")],
    help: ArgumentHelp("Where to write it.", valueName: "file"),
    completion: .file()
  )
  var file: String

  @OptionGroup var share: ShareOptions
  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    try options.output.answer(try await workspace.bundle(to: file, share: share.request))
  }
}
