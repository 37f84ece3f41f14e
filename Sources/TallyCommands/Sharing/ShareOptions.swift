import ArgumentParser
import TallyKit

/// Where the ledger is shared: on every command that talks to a git ref.
struct ShareOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The remote that holds the shared ledger.",
      discussion:
        "A name that git knows, or an address. Default: what tally.yml says, else origin.",
      valueName: "name"
    )
  )
  var remote: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The ref that holds it.",
      discussion: "Default: what tally.yml says, else \(ShareRequest.defaultRef).",
      valueName: "ref"
    )
  )
  var ref: String?

  /// The request in the kit's form.
  var request: ShareRequest { ShareRequest(remote: remote, ref: ref) }
}
