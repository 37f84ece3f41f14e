import ArgumentParser
import TallyKit
import TallyModel

#if canImport(Glibc)
  import Glibc
#endif

/// Writes the first configuration.
struct Init: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Look at the repository, and write tally.yml and the lines for CI",
    discussion: """
      Languages, scanners, tests, CI systems, owners and baselines are recognised by the tracked files. \
      On a terminal it asks what no file says. The file goes to the top of the repository, or where \
      --config says; --ledger is written into it. The lines for CI are printed, and written only with \
      --ci or a yes.

      Exit status: 0 written; 2 nothing written; 64 wrong usage.
      """
  )

  @Flag(name: .long, help: "Ask nothing.")
  var yes = false

  @Flag(name: .long, help: "Write the lines for CI into a file of their own.")
  var ci = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The CI system.",
      discussion: "Default: those that the repository shows.",
      valueName: hostNames.joined(separator: "|")
    ),
    completion: .list(hostNames)
  )
  var host: String?

  @Flag(name: .long, help: "Replace files that are there.")
  var force = false

  @OptionGroup var options: LedgerOptions

  private static var hostNames: [String] { PipelineHost.allCases.map(\.rawValue) }

  func validate() throws {
    if let host, PipelineHost(rawValue: host) == nil {
      throw ValidationError(
        "'\(host)' is no CI system Tally writes lines for: \(Self.hostNames.joined(separator: ", "))"
      )
    }
  }

  func run() async throws {
    let surroundings = try Surroundings.current()
    let start = try await StartingPoint.open(
      folder: surroundings.folder,
      environment: surroundings.environment,
      now: surroundings.now
    )
    let request = StartRequest(
      configurationPath: options.place.config,
      ledgerPath: options.place.ledger,
      host: host.flatMap(PipelineHost.init(rawValue:)),
      writesPipeline: ci,
      replaces: force
    )
    let asks =
      !yes && options.output == .text && isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1
    let answer = try await start.start(request) { question in asks ? Self.ask(question) : nil }
    try options.output.answer(answer)
  }

  /// Asks on standard error; nil for an empty line or the end of the input.
  private static func ask(_ question: StartQuestion) -> String? {
    Output.prompt(question.text + " ")
    guard let line = readLine() else { return nil }
    let words = line.split(whereSeparator: \.isWhitespace)
    return words.isEmpty ? nil : words.joined(separator: " ")
  }
}
