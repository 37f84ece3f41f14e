import ArgumentParser
import TallyKit

/// Writes to Slack.
struct PostSlack: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slack",
    abstract: "Write a post to a Slack channel",
    discussion: """
      An app keeps one message up to date: its token comes from SLACK_BOT_TOKEN, the channel from --channel or \
      SLACK_CHANNEL. An incoming webhook (SLACK_WEBHOOK_URL) can only add messages. The ledger is only read, \
      unless --record is given.

      Exit status: 0 posted, or there already; 2 not posted; 64 wrong usage.
      """
  )

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The channel's id, for an app.",
      discussion: "Default: SLACK_CHANNEL.",
      valueName: "id"
    )
  )
  var channel: String?

  @OptionGroup var append: AppendOption
  @OptionGroup var post: PostOptions

  func run() async throws {
    try await post.send(to: .slack(channel: channel), append: append.choice, template: "slack")
  }
}
