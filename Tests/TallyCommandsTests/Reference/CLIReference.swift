import Foundation
import TallyModel

/// Writes `docs/cli.md` from what the program says of itself, what the sources say of its answers, and examples that were run.
struct CLIReference {
  let help: HelpDump
  let sources: SourceReader
  /// A command line and what it printed, by command.
  let examples: [String: (line: String, output: String)]

  /// Options that are explained once.
  private static let shared: [(title: String, keys: [String])] = [
    ("Every command takes", ["ledger", "config", "output", "version", "help"]),
    ("Every command that reads the books takes", ["as-of", "known-at"]),
    ("Every command that shares takes", ["remote", "ref"]),
  ]

  /// Which structures a command answers with, the first one on top.
  private static let answers: [(commands: [String], types: [String])] = [
    (["init"], ["StartAnswer", "StartAnswer.File", "StartAnswer.Language", "StartAnswer.Tool"]),
    (["ingest"], ["IngestResult", "IngestedRun"]),
    (["measure", "waive", "attest", "confirm", "retract", "lane rename"], ["RecordedAnswer"]),
    (["split", "join"], ["CorrectionAnswer"]),
    (
      ["waive --file", "waive --end", "attest --file"],
      ["RecordedManyAnswer", "RecordedManyAnswer.Item"]
    ),
    (["ingest --bundle"], ["StrangerAnswer"]),
    (["statement"], ["StatementAnswer", "StatementAnswer.Row", "StatementAnswer.Cell"]),
    (["trend"], ["TrendAnswer", "TrendAnswer.Period"]),
    (["list"], ["ListAnswer", "ListAnswer.Item"]),
    (["show"], ["ShowAnswer", "ShowAnswer.Event"]),
    (
      ["why"],
      [
        "WhyAnswer", "WhyAnswer.Place", "WhyAnswer.Answer", "WhyAnswer.Operand",
        "WhyAnswer.Violation", "WhyAnswer.Posting", "WhyAnswer.Test", "WhyAnswer.Sample",
        "WhyAnswer.Entry",
      ]
    ),
    (["report --check"], ["CheckAnswer", "CheckAnswer.Post", "CheckAnswer.Difference"]),
    (["match"], ["MatchAnswer", "MatchAnswer.Pair", "MatchAnswer.Evidence"]),
    (["gate"], ["GateAnswer", "GateAnswer.Check", "GateAnswer.Lane", "GateAnswer.Item"]),
    (["templates list"], ["TemplateListAnswer", "TemplateListAnswer.Template"]),
    (["templates show"], ["TemplateTextAnswer"]),
    (["templates export"], ["TemplateExportAnswer"]),
    (["templates check"], ["TemplateCheckAnswer", "TemplateCheckAnswer.Problem"]),
    (["lane list"], ["LaneListAnswer", "LaneListAnswer.Lane"]),
    (["post github", "post gitlab", "post slack", "post webhook"], ["PostAnswer"]),
    (["push"], ["PushAnswer"]),
    (["pull"], ["PullAnswer"]),
    (["bundle"], ["BundleAnswer"]),
    (["install-git-drivers"], ["DriversAnswer"]),
    (["rebuild"], ["RebuildAnswer"]),
    (["verify"], ["VerifyAnswer"]),
  ]

  /// Every structure that is described.
  static var types: [String] { answers.flatMap(\.types) }

  /// The document.
  func markdown() -> String {
    let commands = help.command.leaves
    var text = """
      # Commands

      <!-- Written by a test (UPDATE_GOLDENS=1 swift test --filter ReferenceTests); edit the sources instead. -->

      \(help.command.abstract ?? ""). \(paragraphs(help.command.discussion))

      Standard output holds what was asked for and nothing else; warnings, errors and progress go to standard error. An error is
      one sentence with a code in brackets, and a hint. Colour is used on terminals only ([variables](ci-variables.md) say how to
      change that). A reader that goes away, as in `tally list | head`, is success.

      | command | does |
      |---|---|

      """
    for (name, command) in commands {
      let anchor = name.replacingOccurrences(of: " ", with: "-")
      text += "| [`tally \(name)`](#tally-\(anchor)) | \(command.abstract ?? "") |\n"
    }
    text += "\n## Options of many commands\n"
    for group in Self.shared {
      let found = group.keys.compactMap { key in
        commands.lazy.flatMap { $0.command.arguments ?? [] }.first { $0.key == key }
      }
      text += "\n\(group.title)\n\n" + table(found)
    }
    text += """

      `tally --generate-completion-script bash` (or `zsh`, `fish`) prints a completion script for the shell.

      """
    for (name, command) in commands { text += section(name, command) }
    return text + answersSection + wordsSection + codesSection
  }

  private func paragraphs(_ discussion: String?) -> String { discussion ?? "" }

  private func section(_ name: String, _ command: HelpDump.Command) -> String {
    let shared = Set(Self.shared.flatMap(\.keys))
    let own = (command.arguments ?? []).filter { $0.shouldDisplay && !shared.contains($0.key) }
    var text = "\n## tally \(name)\n\n\(command.abstract ?? "").\n\n"
    if let discussion = command.discussion { text += discussion + "\n" }
    if !own.isEmpty { text += "\n" + table(own) }
    let keys = Set((command.arguments ?? []).map(\.key))
    if keys.contains("as-of") {
      text += "\n`--as-of` and `--known-at` choose [the time](#options-of-many-commands).\n"
    }
    if let example = examples[name] {
      text += "\n```console\n$ \(example.line)\n\(example.output)```\n"
    }
    return text
  }

  private func table(_ arguments: [HelpDump.Argument]) -> String {
    var text = "| | |\n|---|---|\n"
    for argument in arguments {
      let spelling = argument.spelling.replacingOccurrences(of: "|", with: "\\|")
      let needed = argument.kind != "flag" && !argument.isOptional ? " Needed." : ""
      text += "| `\(spelling)` | \(cell(argument.meaning))\(needed) |\n"
    }
    return text
  }

  private func cell(_ text: String) -> String {
    text.replacingOccurrences(of: "\n", with: " ").replacingOccurrences(of: "|", with: "\\|")
  }

  // MARK: Answers

  private var answersSection: String {
    var text = """

      ## Answers as JSON

      `--output json` prints one object. `version` is the version of its form: fields may be added to a version, none is taken away or
      changes its meaning. A field whose value is not known is left out. Keys are sorted. Times are in UTC, such as
      `2026-03-01T10:00:00Z`. Characters that act on a terminal are written as `\\u` escapes.

      `tally report --output json` prints the [context](template-context.md) of the template.

      """
    for answer in Self.answers {
      let names = answer.commands.map { "`tally \($0)`" }.joined(separator: ", ")
      text += "\n### \(names)\n"
      for (index, type) in answer.types.enumerated() {
        if index > 0 { text += "\n\(title(of: type)):\n" }
        text += "\n| field | value | meaning |\n|---|---|---|\n"
        for field in sources.fields(of: type) {
          let meaning = cell(field.meaning).replacing(#/\bnil\b/#, with: "left out")
          text += "| `\(field.name)` | \(words(field.type)) | \(meaning) |\n"
        }
      }
    }
    return text
  }

  private func title(of type: String) -> String {
    switch type {
    case "StartAnswer.File": "`configuration`, and an element of `pipelines`"
    case "StartAnswer.Language": "An element of `languages`"
    case "StartAnswer.Tool": "An element of `scanners` or `tests`"
    case "IngestedRun": "An element of `runs`"
    case "StatementAnswer.Row": "`total`, and an element of `rows`; also of `tally trend`"
    case "TrendAnswer.Period": "An element of `periods`"
    case "RecordedManyAnswer.Item": "An element of `entries`"
    case "GateAnswer.Check": "An element of `checks`"
    case "GateAnswer.Lane": "An element of `lanes`"
    case "GateAnswer.Item": "An element of `new`, `gone` or `silenced`"
    case "TemplateListAnswer.Template": "An element of `templates`"
    case "TemplateCheckAnswer.Problem": "An element of `problems`"
    case "LaneListAnswer.Lane": "An element of `lanes`"
    case "StatementAnswer.Cell": "A value of `entered` or `left`"
    case "ListAnswer.Item": "An element of `violations`, and `violation` of `tally show`"
    case "ShowAnswer.Event": "An element of `events`"
    case "WhyAnswer.Place": "An element of `places`"
    case "WhyAnswer.Answer": "An element of `answers`"
    case "WhyAnswer.Operand": "An element of `operands`"
    case "WhyAnswer.Violation": "An element of `violations`"
    case "WhyAnswer.Posting": "An element of `postings`"
    case "WhyAnswer.Test": "An element of `tests`"
    case "WhyAnswer.Sample": "An element of `samples`"
    case "WhyAnswer.Entry": "An element of `entries`"
    case "CheckAnswer.Post": "`post`, also of `tally why`"
    case "CheckAnswer.Difference": "An element of `differences`"
    case "MatchAnswer.Pair": "An element of `pairs`"
    case "MatchAnswer.Evidence": "`evidence`"
    default: type
    }
  }

  /// A Swift type in JSON's words.
  private func words(_ type: String) -> String {
    if type.hasSuffix("?") { return words(String(type.dropLast())) + ", or left out" }
    if type.hasPrefix("[String: ") {
      return "object of \(words(String(type.dropFirst(9).dropLast())))s"
    }
    if type.hasPrefix("[") { return "list of \(words(String(type.dropFirst().dropLast())))s" }
    switch type {
    case "Int": return "number"
    case "String", "State", "Result": return "string"
    case "Bool": return "boolean"
    default: return "object"
    }
  }

  private var wordsSection: String {
    let causes = PostingKind.allCases
    func list(_ kinds: [PostingKind]) -> String {
      kinds.map { "`\($0.name)`" }.joined(separator: ", ")
    }
    let bases = Basis.allCases.map { "`\($0.name)`" }.joined(separator: ", ")
    return """

      ### Causes and bases

      In: \(list(causes.filter { $0.sign > 0 })).

      Out: \(list(causes.filter { $0.sign < 0 })).

      Bases: \(bases). [books.md](books.md) says what each means.

      Outcomes of tests: `passed`, `failed`, `error`, `skipped`, `flaky`.

      Kinds of entries: \(EntryKind.allCases.map { "`\($0.name)`" }.joined(separator: ", ")), `unknown`.

      """
  }

  /// What the codes of a group are about, by the word before the period.
  private static let subjects = [
    "attest": "an attestation",
    "books": "the books", "bundle": "a bundle", "campaign": "a campaign",
    "check": "the text of a post", "config": "`tally.yml`",
    "correction": "a person's word on identity",
    "entry": "an entry of the journal", "environment": "a variable of the environment",
    "gate": "the gate", "git": "git and the repository",
    "host": "the host that a post is sent to", "import": "a report",
    "ingest": "an ingest",
    "internal": "tally itself", "json": "data after `--from-context`",
    "lane": "a lane", "ledger": "the ledger's file",
    "list": "a list", "match": "two scans", "measure": "a measurement",
    "post": "sending a post",
    "promise": "a file of promises or measurements",
    "record": "a promise or a retraction",
    "remote": "the remote of a shared ledger", "report": "a post", "share": "a shared ledger",
    "start": "what `tally init` writes", "statement": "a statement",
    "stream": "standard input and output", "template": "a template",
    "time": "a point in time", "trend": "a trend", "usage": "a value on the command line",
    "violation": "a violation", "why": "a number of a post",
    "waive": "a waiver", "workspace": "what is found around the command",
  ]

  private var codesSection: String {
    var text = """

      ## Codes of errors

      A code never changes. After an error nothing was recorded, and the status is 2; `stream.output` alone can come after something
      was recorded, and with `tally ingest --push` an error of a push: what was recorded goes with the next.

      | code | about | when |
      |---|---|---|

      """
    for code in sources.codes() {
      let subject = Self.subjects[String(code.code.prefix { $0 != "." })] ?? "?"
      text += "| `\(code.code)` | \(subject) | \(cell(code.meaning)) |\n"
    }
    return text
  }
}
