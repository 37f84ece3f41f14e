import ArgumentParser
import Foundation
import TallyKit
import TallyModel

/// Writes a status post.
struct Report: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a status post from the ledger",
    discussion: """
      The ledger is only read, unless --record is given. The same ledger, configuration, template and times give \
      the same bytes; the footer carries their digests. A recorded post is what the next one of the same template \
      and campaign is compared with.

      --check reads a posted text instead, makes the post again from what its last line says, and compares.

      Exit status: 0 written, or the text is what the ledger says; 1 the text differs; 2 not written, or it \
      can't be told.
      """
  )

  @Argument(help: ArgumentHelp("The template.", valueName: "name"))
  var template = "status-update"

  @OptionGroup var about: CampaignOptions

  @Flag(
    name: .long,
    help: "Record in the ledger that this post was made, before it is printed."
  )
  var record = false

  @Option(
    name: [.customShort("o"), .customLong("out")],
    help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"),
    completion: .file()
  )
  var file: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Write the burn-down as an SVG picture, too.", valueName: "file"),
    completion: .file(extensions: ["svg"])
  )
  var chart: String?

  @Flag(name: .long, help: "Print the data the template gets, as JSON.")
  var context = false

  @Option(
    name: .customLong("from-context"),
    help: ArgumentHelp(
      "Render data that --context printed; no ledger is read.",
      valueName: "file"
    ),
    completion: .file(extensions: ["json"])
  )
  var fromContext: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Say whether a posted text is what the ledger says; - for standard input.",
      valueName: "file"
    ),
    completion: .file()
  )
  var check: String?

  @OptionGroup var change: ChangeOptions

  @OptionGroup var time: TimeOptions
  @OptionGroup var configurationTime: ConfigurationTimeOption
  @OptionGroup var options: LedgerOptions

  func validate() throws {
    if about.all, chart != nil {
      throw ValidationError("--chart shows one campaign: leave out --all")
    }
    if check != nil {
      let isAlone =
        !about.all && !record && !context && file == nil && chart == nil && fromContext == nil
        && about.campaign == nil && change.base == nil && change.commit == nil
        && change.branch == nil
        && time.asOf == nil && time.knownAt == nil && configurationTime.configAsOf == nil
      if !isAlone {
        throw ValidationError("--check finds everything in the post: leave the other options out")
      }
    }
    if record, fromContext != nil || context || options.output == .json {
      throw ValidationError(
        "--record is for a post: leave out --from-context, --context and --output json"
      )
    }
  }

  func run() async throws {
    let workspace = try await options.workspace(try Surroundings.current())
    if let check { return try await self.check(check, in: workspace) }
    let text: String
    if let fromContext {
      let isInput = fromContext == "-"
      text = try workspace.render(
        template: template,
        contextJSON: isInput ? try StandardInput.read() : try readFile(fromContext),
        source: isInput ? "standard input" : fromContext
      )
    } else {
      let request = ReportRequest(
        template: template,
        campaign: about.campaign,
        all: about.all,
        time: time.request(configurationTime),
        change: change.request
      )
      let report = try await workspace.report(request)
      if let chart { try OutputFile.write(report.burnDown, to: chart, option: "--chart") }
      let isData = context || options.output == .json || report.isData
      text = isData ? VisibleOutput.json(report.contextJSON) : try report.rendered()
      if record {
        for line in try workspace.record(report, text: text) { Output.note(line) }
      }
    }
    if let file {
      try OutputFile.write(text, to: file, option: "-o")
    } else {
      Output.write(text)
    }
  }

  private func check(_ path: String, in workspace: Workspace) async throws {
    let answer = try await workspace.check(
      post: PostFile.read(path),
      source: PostFile.name(path)
    )
    try options.output.answer(answer)
    switch answer.result {
    case .same: break
    case .different: throw ExitCode(1)
    case .unknown: throw ExitCode(2)
    }
  }

  private func readFile(_ path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw UsageError.invalidValue(
        option: "--from-context",
        value: path,
        reason: "cannot be read",
        hint: "name a file that --context wrote, or - for standard input"
      )
    }
    return [UInt8](data)
  }
}
