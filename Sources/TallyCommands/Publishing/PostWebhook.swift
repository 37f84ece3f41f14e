import ArgumentParser
import TallyKit

/// Sends to any address.
struct PostWebhook: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "webhook",
    abstract: "Send a post as JSON to an address of your own",
    discussion: """
      The address comes from TALLY_WEBHOOK_URL. With TALLY_WEBHOOK_SECRET the document is signed: \
      X-Tally-Signature-256 holds its HMAC-SHA256. A repeated delivery has the same X-Tally-Delivery. The ledger \
      is only read, unless --record is given.

      Exit status: 0 sent; 2 not sent; 64 wrong usage.
      """
  )

  @OptionGroup var post: PostOptions

  func run() async throws { try await post.send(to: .webhook) }
}
