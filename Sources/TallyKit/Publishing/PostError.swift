public import TallyModel
import TallyReport

/// Why a post cannot be sent as it was asked for.
///
/// Nothing was sent, unless the sentence says so.
public enum PostError: UserFacingError, Hashable {
  /// No token, or no address that is a secret, is in the environment.
  case noToken(variable: String, hint: String)
  /// A token or an address in the environment has a line break or another character that none has.
  case badSecret(variable: String)
  /// A variable that has to hold an address holds something else.
  case badAddress(variable: String)
  /// It is not known to which repository or project to post.
  case noRepository(host: String, hint: String)
  /// What is to be the name of a repository is none.
  case badRepository(String)
  /// The repository is on a host that no variable names, and a token goes nowhere else.
  case unknownHost(host: String, variable: String)
  /// It is not known on which issue to comment.
  case noIssue
  /// The campaign's issue is no number.
  case badIssue(campaign: String, issue: String)
  /// A post about a change is asked for, and there is no pull request.
  case noPullRequest(option: String)
  /// The template makes another kind of text than the place shows.
  case wrongKind(template: String, place: String, hint: String)
  /// The post is longer than the place takes, and cannot be cut.
  case tooLong(characters: Int, limit: Int)
  /// What comes through an incoming webhook of Slack cannot be found again.
  case cannotUpdate
  /// No channel is named for the Slack app.
  case noChannel
  /// It was posted, but could not be recorded in the ledger.
  case notRecorded(place: String, reason: String)

  /// What scripts match on.
  public var code: String {
    switch self {
    case .noToken: "post.no-token"
    case .badSecret: "post.bad-secret"
    case .badAddress: "post.bad-address"
    case .noRepository: "post.no-repository"
    case .badRepository: "post.bad-repository"
    case .unknownHost: "post.unknown-host"
    case .noIssue: "post.no-issue"
    case .badIssue: "post.bad-issue"
    case .noPullRequest: "post.no-pull-request"
    case .wrongKind: "post.wrong-kind"
    case .tooLong: "post.too-long"
    case .cannotUpdate: "post.cannot-update"
    case .noChannel: "post.no-channel"
    case .notRecorded: "post.not-recorded"
    }
  }

  /// The sentence.
  public var description: String {
    switch self {
    case .noToken(let variable, _): "\(variable) is not set"
    case .badSecret(let variable):
      "\(variable) holds a blank, a line break or another character that does not belong there"
    case .badAddress(let variable): "\(variable) does not hold an address that begins with https://"
    case .noRepository(let host, _): "it is not known where on \(host) to post"
    case .badRepository(let name): "'\(name)' is not the name of a repository"
    case .unknownHost(let host, _):
      "the repository is on '\(host)', which no variable names: the token is not sent there"
    case .noIssue: "it is not known on which issue to comment"
    case .badIssue(let campaign, let issue):
      "the issue '\(issue)' of the campaign '\(campaign)' is not a number on this host"
    case .noPullRequest: "the template is about a pull request, and this job belongs to none"
    case .wrongKind(let template, let place, _):
      "'\(template)' makes another kind of text than \(place) shows"
    case .tooLong(let characters, let limit):
      "the post has \(Wording.grouped(characters)) characters, \(Wording.grouped(limit)) fit, "
        + "and there is no place to cut it"
    case .cannotUpdate:
      "a message through an incoming webhook of Slack cannot be found again or changed"
    case .noChannel: "SLACK_BOT_TOKEN is set, and no channel is named"
    case .notRecorded(let place, let reason):
      "it was posted to \(place), but not recorded: \(reason)"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .noToken(_, let hint), .noRepository(_, let hint), .wrongKind(_, _, let hint): hint
    case .badSecret: "store it again, without quotes and without a line break at its end"
    case .badAddress: "write it with its scheme, such as https://git.example.com/api/v4"
    case .badRepository: "write owner/name"
    case .unknownHost(let host, let variable):
      variable == EnvironmentVariable.githubAPIURL.rawValue
        ? "set \(variable) to the address of its API: https://\(host)/api/v3"
        : "set \(variable) to the address of its API: https://\(host)/api/v4"
    case .noIssue: "say --issue NUMBER, or give the campaign an 'issue:' in tally.yml"
    case .badIssue: "say --issue NUMBER"
    case .noPullRequest(let option): "say \(option) NUMBER"
    case .tooLong: "choose a shorter template, such as 'weekly'"
    case .cannotUpdate:
      "leave out --append, or use an app: SLACK_BOT_TOKEN and SLACK_CHANNEL; docs/posting.md says how"
    case .noChannel: "say --channel ID, or set SLACK_CHANNEL, such as C024BE91L"
    case .notRecorded: "record it with 'tally report --record', for the same time"
    }
  }
}
