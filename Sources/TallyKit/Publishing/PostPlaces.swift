import TallyGit
import TallyHost
import TallyReport

/// Where a post goes, as far as it is known without a token.
struct PlannedPlace {
  /// The place with its token; where there is none, it can be named but not asked.
  var place: PostPlace
  /// The token; nil where none is set.
  var token: String?
  /// Why it cannot be asked; nil with a token.
  var missing: PostError?
  /// The address of the API.
  var api: String
}

extension Workspace {
  private var host: HostEnvironment { HostEnvironment(variables: environment) }

  /// Finds the issue or pull request on GitHub.
  func githubPlace(
    repository named: String?,
    issue: Int?,
    pullRequest: Int?,
    for draft: ReportDraft
  ) async throws -> PlannedPlace {
    let github = EnvironmentVariable.githubAPIURL.rawValue
    var api = try host.address(.githubAPIURL)
    var repository = named ?? environment[.githubRepository]
    if repository == nil || api == nil {
      let home = try await home()
      if api == nil, let home {
        // A token goes to no host that only a clone names: whoever wrote the address would get it.
        guard home.host.lowercased() == "github.com" || named != nil else {
          throw PostError.unknownHost(host: home.host, variable: github)
        }
      }
      repository = repository ?? home?.slug
    }
    api = api ?? "https://api.github.com"
    guard let repository, let api else {
      throw PostError.noRepository(
        host: "GitHub",
        hint: "say --repository OWNER/NAME, or set GITHUB_REPOSITORY"
      )
    }
    let parts = repository.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy(Self.isName) else {
      throw PostError.badRepository(repository)
    }
    let (number, isPullRequest) = try number(
      issue: issue,
      change: pullRequest,
      option: "--pull-request",
      for: draft
    )
    let token = try host.secret(.ghToken) ?? host.secret(.githubToken)
    return PlannedPlace(
      place: .github(
        GitHubIssue(
          api: api,
          repository: repository,
          number: number,
          isPullRequest: isPullRequest,
          token: token ?? ""
        )
      ),
      token: token,
      missing: token == nil
        ? .noToken(
          variable: "GITHUB_TOKEN",
          hint: "in a workflow: 'env: {GITHUB_TOKEN: ${{ github.token }}}' and "
            + "'permissions: {\(isPullRequest ? "pull-requests" : "issues"): write}'"
        ) : nil,
      api: api
    )
  }

  /// Finds the issue or merge request on GitLab.
  func gitlabPlace(
    project named: String?,
    issue: Int?,
    mergeRequest: Int?,
    for draft: ReportDraft
  ) async throws -> PlannedPlace {
    var api = try host.address(.ciAPIV4URL)
    var project = named ?? environment[.ciProjectID]
    if project == nil || api == nil {
      let home = try await home()
      if api == nil, let home {
        guard home.host.lowercased() == "gitlab.com" || named != nil else {
          throw PostError.unknownHost(
            host: home.host,
            variable: EnvironmentVariable.ciAPIV4URL.rawValue
          )
        }
      }
      project = project ?? home?.slug
    }
    api = api ?? "https://gitlab.com/api/v4"
    guard let project, let api else {
      throw PostError.noRepository(
        host: "GitLab",
        hint: "say --project PATH, or set CI_PROJECT_ID"
      )
    }
    guard project.split(separator: "/", omittingEmptySubsequences: false).allSatisfy(Self.isName)
    else { throw PostError.badRepository(project) }
    let (number, isMergeRequest) = try number(
      issue: issue,
      change: mergeRequest,
      option: "--merge-request",
      for: draft
    )
    let token = try host.secret(.gitlabToken)
    let jobToken =
      environment[.ciJobToken] == nil ? "" : "; CI_JOB_TOKEN may not comment, so it is not used"
    return PlannedPlace(
      place: .gitlab(
        GitLabNoteable(
          api: api,
          project: project,
          number: number,
          isMergeRequest: isMergeRequest,
          projectURL: named == nil ? environment[.ciProjectURL] : nil,
          token: token ?? ""
        )
      ),
      token: token,
      missing: token == nil
        ? .noToken(
          variable: "GITLAB_TOKEN",
          hint: "make a project access token with the scope 'api' and the role Reporter, and store "
            + "it as a masked variable\(jobToken)"
        ) : nil,
      api: api
    )
  }

  /// Finds the channel of a Slack app; nil where posts go through an incoming webhook.
  func slackPlace(channel named: String?) throws -> PlannedPlace? {
    guard let token = try host.secret(.slackBotToken) else {
      if named == nil { return nil }
      throw PostError.noToken(
        variable: "SLACK_BOT_TOKEN",
        hint: "only an app can post to a channel by its name; docs/posting.md says how to make one"
      )
    }
    guard let channel = try named ?? host.secret(.slackChannel) else {
      if try host.secret(.slackWebhookURL) != nil { return nil }
      throw PostError.noChannel
    }
    let api = try host.address(.slackAPIURL) ?? "https://slack.com/api"
    return PlannedPlace(
      place: .slack(SlackChannel(api: api, channel: channel, token: token)),
      token: token,
      missing: nil,
      api: api
    )
  }

  /// The address in a variable, which may be a secret.
  func secretAddress(_ variable: EnvironmentVariable, hint: String) throws -> String {
    guard let secret = try host.secret(variable) else {
      throw PostError.noToken(variable: variable.rawValue, hint: hint)
    }
    // Only slashes at the end differ, which belong to the address.
    _ = try host.address(variable)
    return secret
  }

  /// The secret that signs what goes to a webhook; nil where none is set.
  func webhookSecret() throws -> String? { try host.secret(.tallyWebhookSecret) }

  /// The repository's host and path, as `tally.yml` or a remote names it.
  private func home() async throws -> (host: String, slug: String)? {
    var address = configurationFile?.configuration.repositoryURL.map { RemoteAddress($0) }
    if address?.slug == nil { address = try await repository?.remote() }
    guard let host = address?.host, let slug = address?.slug else { return nil }
    return (host, slug)
  }

  /// The number to comment on, and whether it is that of a pull request.
  private func number(
    issue: Int?,
    change: Int?,
    option: String,
    for draft: ReportDraft
  ) throws -> (Int, isChange: Bool) {
    if let issue { return (issue, false) }
    if let change { return (change, true) }
    if draft.isAboutChange {
      guard let number = ci?.pullRequest?.number else {
        throw PostError.noPullRequest(option: option)
      }
      return (number, true)
    }
    guard draft.campaigns.count == 1, let campaign = draft.campaigns.first?.context.campaign,
      !campaign.issue.isEmpty
    else { throw PostError.noIssue }
    guard let number = Int(campaign.issue), number > 0 else {
      throw PostError.badIssue(campaign: campaign.id, issue: campaign.issue)
    }
    return (number, false)
  }

  private static func isName(_ part: Substring) -> Bool {
    !part.isEmpty && part != "." && part != ".."
      && part.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
          UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }
}
