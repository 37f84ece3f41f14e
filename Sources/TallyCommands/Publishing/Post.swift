import ArgumentParser

/// Sends a post to where people read it.
struct Post: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "post",
    abstract: "Send a status post to where people read it",
    discussion: """
      A comment is kept up to date instead of repeated: it is found again by a hidden marker. Tokens come from the \
      environment only, and curl sends the requests.
      """,
    subcommands: [PostGitHub.self, PostGitLab.self, PostSlack.self, PostWebhook.self]
  )
}
