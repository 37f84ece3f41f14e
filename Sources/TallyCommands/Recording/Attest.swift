import ArgumentParser
import TallyKit
import TallyModel

/// Says yes to a criterion that no machine can check.
struct Attest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attest",
    abstract: "Sign off a criterion that no machine can check",
    discussion: """
      With `status:at-risk` for a name, posts print your judgement of a campaign beside the computed one, until the date you give. \
      A file lists many, as YAML, JSON or comma-separated values with criterion, campaign, why, until, from and by; \
      all of them are recorded, or none.

      Exit status: 0 recorded; 2 nothing recorded; 64 wrong usage.
      """
  )

  @Argument(
    help: ArgumentHelp(
      "The name that tally.yml gives after `attested:`, or status:done, status:on-track, status:at-risk, status:off-track, status:stalled.",
      valueName: "criterion"
    )
  )
  var criterion: String?

  @Option(
    name: .long,
    help: ArgumentHelp("A file of many attestations; - for standard input.", valueName: "file"),
    completion: .file(extensions: ["yml", "yaml", "json", "csv"])
  )
  var file: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The campaign whose status is meant. Default: the only one.",
      valueName: "id"
    )
  )
  var campaign: String?

  @Option(name: .long, help: ArgumentHelp("What was looked at.", valueName: "text"))
  var why: String?

  @Option(
    name: .long,
    help: ArgumentHelp("The first moment without the attestation.", valueName: "date|90d")
  )
  var until: String?

  @Option(name: .long, help: ArgumentHelp("From when it counts. Default: now.", valueName: "date"))
  var from: String?

  @Option(name: .long, help: ArgumentHelp("Who says so. Default: you.", valueName: "name"))
  var by: String?

  @OptionGroup var options: LedgerOptions

  func validate() throws {
    if (criterion == nil) == (file == nil) {
      throw ValidationError("Name a criterion, or a file of attestations with --file.")
    }
    if file == nil, why == nil { throw ValidationError("Say what was looked at: --why <text>") }
    if file == nil, until == nil {
      throw ValidationError("Say until when: --until <date|90d>")
    }
  }

  func run() async throws {
    let surroundings = try Surroundings.current()
    let workspace = try await options.workspace(surroundings)
    let from = try from.map { try parseMoment($0, option: "--from", now: surroundings.now) }
    let until = try until.map { try parseMoment($0, option: "--until", now: surroundings.now) }
    if let file {
      let result = try await workspace.attest(
        file: file,
        campaign: campaign,
        defaults: PromiseDefaults(reason: why, from: from, until: until, owner: by),
        standardInput: StandardInput.read
      )
      try options.output.answer(result)
    } else if let criterion, let until {
      let result = try await workspace.attest(
        AttestRequest(
          criterion: criterion,
          campaign: campaign,
          reason: why ?? "",
          from: from,
          until: until,
          owner: by
        )
      )
      try options.output.answer(result)
    }
  }
}
