import ArgumentParser
import TallyKit
import TallyModel

/// Which post: on every command that sends one.
struct PostOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The template.",
      discussion: "Default: status-update, for Slack slack.",
      valueName: "name"
    )
  )
  var template: String?

  @OptionGroup var about: CampaignOptions

  @Flag(name: .long, help: "Say what would be done, and print the post; send nothing.")
  var dryRun = false

  @Flag(name: .long, help: "Record in the ledger that this post was made, once it is.")
  var record = false

  @OptionGroup var change: ChangeOptions

  @OptionGroup var time: TimeOptions
  @OptionGroup var configurationTime: ConfigurationTimeOption
  @OptionGroup var options: LedgerOptions

  func validate() throws {
    if dryRun, record {
      throw ValidationError("a dry run records nothing: leave out --record or --dry-run")
    }
  }

  /// Sends the post and prints what became of it.
  func send(
    to destination: PostRequest.Destination,
    append: PostRequest.Append? = nil,
    template standard: String = "status-update"
  ) async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    let report = ReportRequest(
      template: template ?? standard,
      campaign: about.campaign,
      all: about.all,
      time: time.request(configurationTime),
      change: change.request
    )
    let request = PostRequest(
      report: report,
      destination: destination,
      append: append,
      records: record,
      isDryRun: dryRun
    )
    try options.output.answer(try await workspace.post(request) { Output.note($0) })
  }
}

/// When there is another comment: on commands that keep one.
struct AppendOption: ParsableArguments {
  /// The kit's words for it.
  enum Mode: String, CaseIterable, ExpressibleByArgument {
    case always
    case weekly
  }

  @Option(
    name: .long,
    defaultAsFlag: .always,
    help: ArgumentHelp(
      "Add a comment instead of keeping one up to date.",
      discussion:
        "Left out, one is kept. 'weekly' adds one a week, which the rest of the week updates; "
        + "'always', or no word, one each time.",
      valueName: "always|weekly"
    )
  )
  var append: Mode?

  /// The choice in the kit's form.
  var choice: PostRequest.Append? { append.flatMap { PostRequest.Append(rawValue: $0.rawValue) } }
}

/// A number of an issue as it is typed: `226` or `#226`.
struct IssueNumber: ExpressibleByArgument {
  let value: Int

  init?(argument: String) {
    let digits = argument.drop { $0 == "#" || $0 == "!" }
    guard argument.count - digits.count <= 1, let value = Int(digits), value > 0 else { return nil }
    self.value = value
  }
}
