import ArgumentParser
import TallyKit
import TallyModel

/// Tells git about a committed ledger.
struct InstallGitDrivers: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "install-git-drivers",
    abstract: "Let git merge and show a ledger that is committed in the tree",
    discussion: """
      Writes a line to .gitattributes, to be committed, and the drivers to the clone's configuration, which every \
      clone needs once. Branches that both recorded something then merge without a conflict, and 'git \
      diff' shows balances and entries.

      Exit status: 0 done; 2 not done.
      """
  )

  @Option(
    name: .long,
    help: ArgumentHelp("How git finds tally.", valueName: "path"),
    completion: .file()
  )
  var program = "tally"

  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    try options.output.answer(try await workspace.installGitDrivers(program: program))
  }
}

/// What git runs to merge two ledgers.
struct MergeDriver: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge-driver",
    abstract: "Unite two ledgers, for git merge",
    discussion: "Exit status: 0 united, in the second file; 2 not united, nothing changed.",
    shouldDisplay: false
  )

  @Argument(help: ArgumentHelp("The common ancestor's file; not needed.", valueName: "base"))
  var base: String

  @Argument(help: ArgumentHelp("This branch's file, which gets the result.", valueName: "ours"))
  var ours: String

  @Argument(help: ArgumentHelp("The other branch's file.", valueName: "theirs"))
  var theirs: String

  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    let result = try workspace.mergeDriver(ours: ours, theirs: theirs)
    // git merge talks to a person itself.
    if options.output == .json { try options.output.answer(result) }
  }
}

/// What git runs to show a ledger.
struct Textconv: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "textconv",
    abstract: "Write a ledger as text, for git diff",
    discussion: "Exit status: 0 written; 2 not written.",
    shouldDisplay: false
  )

  @Argument(help: ArgumentHelp("The ledger.", valueName: "file"), completion: .file())
  var file: String

  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    Output.write(try workspace.textconv(file))
  }
}
