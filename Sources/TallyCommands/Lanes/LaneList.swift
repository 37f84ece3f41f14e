import ArgumentParser
import TallyKit
import TallyModel

/// Lists lanes.
struct LaneList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List every lane with its last scan",
    discussion: """
      Scan lanes with their open violations, test lanes with the tests that do not pass. A lane is stale \
      when its last scan is older than `stale_after` of tally.yml.

      Exit status: 0 printed; 2 not printed.
      """
  )

  @OptionGroup var time: TimeOptions
  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    try options.output.answer(try await workspace.lanes(time.request))
  }
}
