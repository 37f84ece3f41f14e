public import ArgumentParser
import TallyKit
import TallyModel

#if canImport(Glibc)
  import Glibc
#endif

/// The program.
public struct TallyCommand: AsyncParsableCommand {
  /// Name, abstract and every subcommand, grouped as the help shows them.
  public static let configuration = CommandConfiguration(
    commandName: "tally",
    abstract: "Keep balanced books of rule violations",
    discussion: """
      CI appends scanner results and test outcomes to a ledger; a template turns the ledger into the \
      status post.

      Exit status: 0 done; 1 done, and a policy asked for a failure; 2 not done, nothing changed; \
      64 wrong usage.
      """,
    version: TallyVersion.text,
    groupedSubcommands: [
      CommandGroup(name: "Starting", subcommands: [Init.self]),
      CommandGroup(
        name: "Recording",
        subcommands: [
          Ingest.self, Measure.self, Waive.self, Attest.self, Split.self, Join.self,
          Confirm.self, Retract.self,
        ]
      ),
      CommandGroup(
        name: "Reading",
        subcommands: [
          Report.self, Why.self, StatementCommand.self, Trend.self, List.self, Show.self,
          Match.self, Gate.self, Templates.self,
        ]
      ),
      CommandGroup(
        name: "Sharing",
        subcommands: [
          Post.self, Push.self, Pull.self, BundleCommand.self, InstallGitDrivers.self,
        ]
      ),
      CommandGroup(name: "Upkeep", subcommands: [Lane.self, Rebuild.self, Verify.self]),
      CommandGroup(name: "Plumbing", subcommands: [MergeDriver.self, Textconv.self]),
    ]
  )

  /// Creates the command.
  public init() {}

  /// Answers `--version` and ends the process; does nothing for any other arguments, which begin behind the program's name.
  ///
  /// Scripts ask it before every step, and reading every command's declaration takes four times as long as the answer.
  public static func answerAtOnce(_ arguments: [String]) {
    guard arguments == ["--version"] else { return }
    signal(SIGPIPE, SIG_IGN)
    print(TallyVersion.text)
    Glibc.exit(0)
  }

  /// Parses the arguments behind the program's name, runs, and ends the process with the documented status.
  public static func runProcess(_ arguments: [String]) async {
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot(arguments)
      if var asyncCommand = command as? any AsyncParsableCommand {
        try await asyncCommand.run()
      } else {
        try command.run()
      }
    } catch let error as any UserFacingError {
      Output.report(error)
      Glibc.exit(2)
    } catch {
      // What the parser throws has a status of its own; nothing else may end with one that means something.
      if !(error is ExitCode), exitCode(for: error) == .failure {
        Output.report(UnexpectedError(error: error))
        Glibc.exit(2)
      }
      exit(withError: error)
    }
  }
}
