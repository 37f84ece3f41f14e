import ArgumentParser
import TallyKit
import TallyModel

/// Shows the balance from period to period.
struct Trend: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trend",
    abstract: "Show the balance from period to period",
    discussion: """
      Every period is a statement: opening + everything in - everything out = closing, and the next one \
      opens with that. Days, weeks (ISO 8601) and months are those of UTC. A period in which nothing was \
      scanned says `no scan`: its balance is carried over, and is a gap (`·`) in the line.

      Exit status: 0 printed; 2 not printed.
      """
  )

  /// How a table is answered.
  enum Form: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
    case csv
  }

  /// How long a period is.
  enum Period: String, CaseIterable, ExpressibleByArgument {
    case day
    case week
    case month
    case scan
  }

  @Option(
    name: .long,
    help: ArgumentHelp("Break down by this.", valueName: "priority|rule|folder|tool|path"),
    completion: .list(StatementRequest.breakdowns)
  )
  var by: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Begin with the period that this lies in. Default: the first scan.",
      valueName: "date|commit"
    )
  )
  var since: String?

  @Option(
    name: .long,
    help: ArgumentHelp("How long a period is.", valueName: "day|week|month|scan")
  )
  var every: Period = .week

  @Option(name: .long, help: ArgumentHelp("Only what this campaign selects.", valueName: "id"))
  var campaign: String?

  @OptionGroup var branches: BranchOption

  @Option(name: .long, help: ArgumentHelp("How to answer.", valueName: "text|json|csv"))
  var output: Form = .text

  @OptionGroup var time: TimeOptions
  @OptionGroup var configurationTime: ConfigurationTimeOption
  @OptionGroup var place: PlaceOptions

  func run() async throws {
    let workspace = try await place.workspace(try Surroundings.current())
    let result = try await workspace.trend(
      TrendRequest(
        breakdown: by,
        since: since,
        every: TrendRequest.Every(rawValue: every.rawValue) ?? .week,
        campaign: campaign,
        branch: branches.branch,
        time: time.request(configurationTime)
      )
    )
    switch output {
    case .text: try OutputFormat.text.answer(result)
    case .json: try OutputFormat.json.answer(result)
    case .csv: Output.write(result.csv)
    }
  }
}
