import ArgumentParser
import TallyKit
import TallyModel

/// Accepts the risk of violations for a while.
struct Waive: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Accept the risk of violations until a date",
    discussion: """
      A waived violation leaves the open balance and is shown on its own line; it never counts as fixed. \
      It comes back on the day the waiver ends.

      Exit status: 0 recorded; 2 nothing recorded; 64 wrong usage.
      """
  )

  @Argument(help: ArgumentHelp("Violations, such as T-7K3QF2.", valueName: "id"))
  var violations: [String]

  @Option(name: .long, help: ArgumentHelp("The reason.", valueName: "text"))
  var why: String

  @Option(
    name: .long,
    help: ArgumentHelp("The first moment without the waiver.", valueName: "date|30d")
  )
  var until: String

  @Option(
    name: .long,
    help: ArgumentHelp(
      "From when it counts. Default: now.",
      discussion: "Backdating is allowed, and said.",
      valueName: "date"
    )
  )
  var from: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Who accepts the risk. Default: you.", valueName: "name")
  )
  var by: String?

  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let surroundings = try Surroundings.current()
    let workspace = try await options.workspace(surroundings)
    let result = try await workspace.waive(
      WaiveRequest(
        violations: violations,
        reason: why,
        from: try from.map { try parseMoment($0, option: "--from", now: surroundings.now) },
        until: try parseMoment(until, option: "--until", now: surroundings.now),
        owner: by
      )
    )
    try options.output.answer(result)
  }
}
