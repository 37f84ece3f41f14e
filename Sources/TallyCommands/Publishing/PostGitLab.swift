import ArgumentParser
import TallyKit

/// Comments on GitLab.
struct PostGitLab: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gitlab",
    abstract: "Keep a note on a GitLab issue or merge request up to date",
    discussion: """
      The first post of a campaign and template is a new note, and every later one changes that note. The token comes \
      from GITLAB_TOKEN (a job's own token may not comment), the project and the API's address from the pipeline. \
      The ledger is only read, unless --record is given.

      Exit status: 0 posted, or there already; 2 not posted; 64 wrong usage.
      """
  )

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The issue to comment on.",
      discussion: "Default: the campaign's; for 'pull-request' the pipeline's merge request.",
      valueName: "number"
    )
  )
  var issue: IssueNumber?

  @Option(
    name: .long,
    help: ArgumentHelp("The merge request to comment on, instead of an issue.", valueName: "number")
  )
  var mergeRequest: IssueNumber?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The project.",
      discussion: "Default: CI_PROJECT_ID, else that of tally.yml or of the git remote.",
      valueName: "path|id"
    )
  )
  var project: String?

  @OptionGroup var append: AppendOption
  @OptionGroup var post: PostOptions

  func validate() throws {
    if issue != nil, mergeRequest != nil {
      throw ValidationError("choose --issue or --merge-request, not both")
    }
  }

  func run() async throws {
    try await post.send(
      to: .gitlab(project: project, issue: issue?.value, mergeRequest: mergeRequest?.value),
      append: append.choice
    )
  }
}
