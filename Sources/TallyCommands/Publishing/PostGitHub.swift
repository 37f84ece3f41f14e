import ArgumentParser
import TallyKit

/// Comments on GitHub.
struct PostGitHub: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "github",
    abstract: "Keep a comment on a GitHub issue or pull request up to date",
    discussion: """
      The first post of a campaign and template is a new comment, and every later one changes that comment. The token \
      comes from GITHUB_TOKEN or GH_TOKEN, the repository and the API's address from the workflow. The ledger is \
      only read, unless --record is given.

      Exit status: 0 posted, or there already; 2 not posted; 64 wrong usage.
      """
  )

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The issue to comment on.",
      discussion: "Default: the campaign's; for 'pull-request' the job's pull request.",
      valueName: "number"
    )
  )
  var issue: IssueNumber?

  @Option(
    name: .long,
    help: ArgumentHelp("The pull request to comment on, instead of an issue.", valueName: "number")
  )
  var pullRequest: IssueNumber?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The repository.",
      discussion: "Default: GITHUB_REPOSITORY, else that of tally.yml or of the git remote.",
      valueName: "owner/name"
    )
  )
  var repository: String?

  @OptionGroup var append: AppendOption
  @OptionGroup var post: PostOptions

  func validate() throws {
    if issue != nil, pullRequest != nil {
      throw ValidationError("choose --issue or --pull-request, not both")
    }
  }

  func run() async throws {
    try await post.send(
      to: .github(
        repository: repository,
        issue: issue?.value,
        pullRequest: pullRequest?.value
      ),
      append: append.choice
    )
  }
}
