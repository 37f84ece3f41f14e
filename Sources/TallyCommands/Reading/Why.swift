import ArgumentParser
import TallyKit
import TallyModel

/// Takes a number of a post to its rows.
struct Why: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Take a number of a posted text to its rows, entries and proof",
    discussion: """
      The post is made again from what its last line says, and every number of it is known by the name it has \
      in the template. A number that means several things is shown with each; --line chooses. `all` stands for \
      every number. Write `-- -9` for a number with a sign in front.

      Exit status: 0 explained; 1 the line it stands in is not what the ledger says; 2 not explained.
      """
  )

  @Argument(
    help: ArgumentHelp("The number as it stands in the post, or all.", valueName: "number")
  )
  var number: String

  @Argument(
    help: ArgumentHelp("The text of the post; - for standard input.", valueName: "file"),
    completion: .file()
  )
  var post: String

  @Option(
    name: .long,
    help: ArgumentHelp("Only where it stands in this line of the text.", valueName: "n")
  )
  var line: Int?

  @Flag(name: .long, help: "List every row and entry, not only the first ten.")
  var all = false

  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    let answer = try await workspace.why(
      WhyRequest(
        number: number,
        post: PostFile.read(post),
        source: PostFile.name(post),
        line: line,
        listsAll: all
      )
    )
    try options.output.answer(answer)
    if answer.differs { throw ExitCode(1) }
  }
}
