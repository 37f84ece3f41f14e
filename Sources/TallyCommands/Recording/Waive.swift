import ArgumentParser
import TallyKit
import TallyModel

/// Accepts the risk of violations for a while.
struct Waive: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "waive",
    abstract: "Accept the risk of violations until a date",
    discussion: """
      A waived violation leaves the open balance and is shown on its own line; it never counts as fixed. \
      It comes back on the day the waiver ends. A file lists many, as YAML, JSON or comma-separated values \
      with violation, why, until, from and by; all of them are recorded, or none. `waivers:` in tally.yml \
      says how long a waiver may be, who may, how many, and what a reason looks like.

      Exit status: 0 recorded; 2 nothing recorded; 64 wrong usage.
      """
  )

  @Argument(help: ArgumentHelp("Violations, such as T-7K3QF2.", valueName: "id"))
  var violations: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp("A file of many waivers; - for standard input.", valueName: "file"),
    completion: .file(extensions: ["yml", "yaml", "json", "csv"])
  )
  var file: String?

  @Option(name: .long, help: ArgumentHelp("The reason.", valueName: "text"))
  var why: String?

  @Option(
    name: .long,
    help: ArgumentHelp("The first moment without the waiver.", valueName: "date|30d")
  )
  var until: String?

  @Flag(
    name: .long,
    help: ArgumentHelp(
      "End the waivers that hold, now or at --until.",
      discussion: "They count as they were until then."
    )
  )
  var end = false

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

  func validate() throws {
    if violations.isEmpty == (file == nil) {
      throw ValidationError("Name violations, or a file of waivers with --file.")
    }
    if end, file != nil || from != nil || by != nil {
      throw ValidationError("--end takes violations, --why and --until only.")
    }
    if file == nil, why == nil { throw ValidationError("Say why: --why <text>") }
    if file == nil, until == nil, !end {
      throw ValidationError("Say until when: --until <date|30d>")
    }
  }

  func run() async throws {
    let surroundings = try Surroundings.current()
    let workspace = try await options.workspace(surroundings)
    let from = try from.map { try parseMoment($0, option: "--from", now: surroundings.now) }
    let until = try until.map { try parseMoment($0, option: "--until", now: surroundings.now) }
    if let file {
      let result = try await workspace.waive(
        file: file,
        defaults: PromiseDefaults(reason: why, from: from, until: until, owner: by),
        standardInput: StandardInput.read
      )
      try options.output.answer(result)
    } else if end {
      try options.output.answer(
        try await workspace.endWaivers(of: violations, reason: why ?? "", at: until)
      )
    } else if let until {
      let result = try await workspace.waive(
        WaiveRequest(
          violations: violations,
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
