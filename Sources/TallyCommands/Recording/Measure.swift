import ArgumentParser
import TallyKit
import TallyModel

/// Records numbers.
struct Measure: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure",
    abstract: "Record named numbers at one commit",
    discussion: """
      The unit is the last part of the name: rss_mb=412, p95_ms=18.5, coverage_percent=83. Every sample \
      is kept; the value of a name at a commit is the median of its samples. A file holds lines of the same \
      form, or JSON: {"rss_mb": 412, "p95_ms": [18.5, 19]} or [{"name": "rss_mb", "value": 412}]. A \
      measurement counts from the time of its commit on.

      Exit status: 0 recorded; 2 nothing recorded; 64 wrong usage.
      """
  )

  @Argument(help: ArgumentHelp("What was measured.", valueName: "name=number"))
  var samples: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp("More samples; - for standard input.", valueName: "file"),
    completion: .file()
  )
  var file: String?

  @Option(name: .long, help: ArgumentHelp("The measured commit.", valueName: "sha|HEAD"))
  var commit: String?

  @Option(name: .long, help: ArgumentHelp("The branch the commit is on.", valueName: "name"))
  var branch: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Who measured. Default: the CI system's or TALLY_ACTOR's name.",
      valueName: "name"
    )
  )
  var by: String?

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
      MeasureRequest(samples: pairs, commit: commit, branch: branch, file: file, owner: by),
      standardInput: StandardInput.read
    )
    try options.output.answer(result)
  }
}
