/// What `tally --experimental-dump-help` prints.
struct HelpDump: Decodable {
  let command: Command

  /// A command with its arguments.
  struct Command: Decodable {
    let commandName: String
    let abstract: String?
    let discussion: String?
    let shouldDisplay: Bool?
    let subcommands: [Command]?
    let arguments: [Argument]?

    /// The commands that people type, each with its whole name: `list`, `lane rename`; plumbing is described where it is used.
    var leaves: [(name: String, command: Command)] {
      let shown = (subcommands ?? []).filter {
        $0.commandName != "help" && $0.shouldDisplay != false
      }
      return shown.flatMap { command in
        let inner = command.leaves
        if inner.isEmpty { return [(command.commandName, command)] }
        return inner.map { ("\(command.commandName) \($0.name)", $0.command) }
      }
    }
  }

  /// An argument, option or flag.
  struct Argument: Decodable {
    let kind: String
    let abstract: String?
    let discussion: String?
    let defaultValue: String?
    let allValues: [String]?
    let names: [Name]?
    let valueName: String?
    let isOptional: Bool
    let isRepeating: Bool
    let shouldDisplay: Bool

    /// As it is typed: `-o`, `--out <file>`, `<file>…`.
    var spelling: String {
      let value = valueName.map { "<\($0)>" } ?? ""
      switch kind {
      case "positional": return value + (isRepeating ? "…" : "")
      case "flag": return flags
      default: return "\(flags) \(value)"
      }
    }

    /// The long name, or the argument's.
    var key: String { names?.first { $0.kind == "long" }?.name ?? valueName ?? "" }

    private var flags: String {
      (names ?? []).map { $0.kind == "short" ? "-\($0.name)" : "--\($0.name)" }
        .joined(separator: ", ")
    }

    /// Everything that the help says of it, as one paragraph.
    var meaning: String {
      var text = [abstract, discussion].compactMap { $0 }.joined(separator: " ")
      if let allValues { text += " One of \(allValues.map { "`\($0)`" }.joined(separator: ", "))." }
      if let defaultValue { text += " Default: `\(defaultValue)`." }
      return text
    }
  }

  /// One way to type an option.
  struct Name: Decodable {
    let kind: String
    let name: String
  }
}
