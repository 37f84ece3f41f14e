import ArgumentParser
import TallyKit
import TallyModel

/// Records numbers.
struct Measure: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Record named numbers at one commit",
    discussion: """
      The unit is the last part of the name: rss_mb=412, p95_ms=18.5, coverage_percent=83. Every sample \
      is kept; the value of a name at a commit is the median of its samples.

      Exit status: 0 recorded; 2 nothing recorded; 64 wrong usage.
      """
  )

  @Argument(help: ArgumentHelp("What was measured.", valueName: "name=number"))
  var samples: [String]

  @Option(name: .long, help: ArgumentHelp("The measured commit.", valueName: "sha|HEAD"))
  var commit: String?

  @Option(name: .long, help: ArgumentHelp("The branch the commit is on.", valueName: "name"))
  var branch: String?

  @OptionGroup var options: LedgerOptions

  func run() async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    let pairs = try samples.map { text throws -> (name: String, value: String) in
      guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
        throw UsageError.notAMeasurement(value: text)
      }
      return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }
    let result = try await workspace.measure(
      MeasureRequest(samples: pairs, commit: commit, branch: branch)
    )
    try options.output.answer(result)
  }
}
