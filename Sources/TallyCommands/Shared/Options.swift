import ArgumentParser
import TallyKit
import TallyModel

/// Which ledger and which configuration: on every command.
struct PlaceOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The ledger.",
      discussion: "Default: what tally.yml says, else ledger.db at the repository's root.",
      valueName: "path"
    ),
    completion: .file(extensions: ["db"])
  )
  var ledger: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The configuration.",
      discussion:
        "Default: tally.yml in this folder or the nearest above it, else the ledger's own copy.",
      valueName: "path"
    ),
    completion: .file(extensions: ["yml", "yaml"])
  )
  var config: String?

  /// Opens the workspace these options speak of.
  func workspace(_ surroundings: Surroundings) async throws -> Workspace {
    try await Workspace.open(
      folder: surroundings.folder,
      environment: surroundings.environment,
      now: surroundings.now,
      ledgerPath: ledger,
      configurationPath: config
    )
  }
}

/// Where, and how to answer: on nearly every command.
struct LedgerOptions: ParsableArguments {
  @OptionGroup var place: PlaceOptions

  @Option(name: .long, help: ArgumentHelp("How to answer.", valueName: "form"))
  var output: OutputFormat = .text

  /// Opens the workspace these options speak of.
  func workspace(_ surroundings: Surroundings) async throws -> Workspace {
    try await place.workspace(surroundings)
  }
}

/// Which branch: on commands that read the balance.
struct BranchOption: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "This branch, or branches of this glob.",
      discussion: "Default: branch in tally.yml, else the only one, else main or master, else all.",
      valueName: "name"
    )
  )
  var branch: String?
}

/// Which time: on every reading command.
struct TimeOptions: ParsableArguments {
  @Option(
    name: .customLong("as-of"),
    help: ArgumentHelp(
      "Speak of this time.",
      discussion: "A date (its end), a time, or a commit by id or git name. Default: now.",
      valueName: "date|commit"
    )
  )
  var asOf: String?

  @Option(
    name: .customLong("known-at"),
    help: ArgumentHelp(
      "Read only what the journal held then.",
      discussion: "A number of entries, or a date of arrival (its end). Default: everything.",
      valueName: "size|date"
    )
  )
  var knownAt: String?

  /// The request in the kit's form.
  var request: TimeRequest { TimeRequest(asOf: asOf, knownAt: knownAt) }

  /// The request with the time of the configuration.
  func request(_ configuration: ConfigurationTimeOption) -> TimeRequest {
    TimeRequest(asOf: asOf, knownAt: knownAt, configAsOf: configuration.configAsOf)
  }
}

/// Whose configuration: on every reading command that campaigns matter to.
struct ConfigurationTimeOption: ParsableArguments {
  @Option(
    name: .customLong("config-as-of"),
    help: ArgumentHelp(
      "Apply the recorded configuration that counted then.",
      discussion: "A date (its end), a time, or a commit by id or git name. Default: the present.",
      valueName: "date|commit"
    )
  )
  var configAsOf: String?
}

extension OutputFormat {
  static var allValueStrings: [String] { allCases.map(\.rawValue) }
}

/// Reads `--until` and `--from`: a date, a time, or a distance from now such as `30d`.
func parseMoment(_ text: String, option: String, now: Timestamp) throws -> Timestamp {
  guard let moment = Moment.read(text, now: now) else {
    throw UsageError.notATime(option: option, value: text)
  }
  return moment
}
