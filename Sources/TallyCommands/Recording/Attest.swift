import ArgumentParser
import TallyKit
import TallyModel

/// Says yes to a criterion that no machine can check.
struct Attest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attest",
    abstract: "Sign off a criterion that no machine can check",
    discussion: """
      With `status:at-risk` for a name, posts print your judgement of a campaign beside the computed one, until the date you give.

      Exit status: 0 recorded; 2 nothing recorded; 64 wrong usage.
      """
  )

  @Argument(
    help: ArgumentHelp(
      "The name that tally.yml gives after `attested:`, or status:done, status:on-track, status:at-risk, status:off-track, status:stalled.",
      valueName: "criterion"
    )
  )
  var criterion: String

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The campaign whose status is meant. Default: the only one.",
      valueName: "id"
    )
  )
  var campaign: String?

  @Option(name: .long, help: ArgumentHelp("What was looked at.", valueName: "text"))
  var why: String

  @Option(
    name: .long,
    help: ArgumentHelp("The first moment without the attestation.", valueName: "date|90d")
  )
  var until: String

  @Option(name: .long, help: ArgumentHelp("From when it counts. Default: now.", valueName: "date"))
  var from: String?

  @Option(name: .long, help: ArgumentHelp("Who says so. Default: you.", valueName: "name"))
  var by: String?

  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let surroundings = try Surroundings.current()
    let workspace = try await options.workspace(surroundings)
    let result = try await workspace.attest(
      AttestRequest(
        criterion: criterion,
        campaign: campaign,
        reason: why,
        from: try from.map { try parseMoment($0, option: "--from", now: surroundings.now) },
        until: try parseMoment(until, option: "--until", now: surroundings.now),
        owner: by
      )
    )
    try options.output.answer(result)
  }
}
