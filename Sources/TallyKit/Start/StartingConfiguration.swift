import TallyModel

/// The `tally.yml` that a repository begins with: commented, and as much of it filled in as the repository shows.
struct StartingConfiguration: Sendable {
  /// What the repository shows.
  var inspection: RepositoryInspection
  /// Tools a person named where none was recognised, as canonical ids.
  var namedTools: [String] = []
  /// The project's name.
  var project: String
  /// Where the repository is in a browser.
  var repositoryURL: String?
  /// The branch that counts.
  var branch: String
  /// Where the ledger is, where that was told.
  var ledger: String?
  /// The issue's number or key.
  var issue: String?
  /// The last day.
  var due: Timestamp?
  /// Today.
  var today: Timestamp

  /// The file, ending in a newline.
  var text: String {
    var lines = [
      "# What Tally counts in this repository, and what a report is about.",
      "# Written by 'tally init'; change it as you like: docs/tally-yml.md explains every key.",
      "version: 1",
      "project: \(YAMLText.scalar(project))",
    ]
    if let repositoryURL { lines.append("repository_url: \(YAMLText.quoted(repositoryURL))") }
    if let ledger {
      lines.append("ledger: \(YAMLText.quoted(ledger))")
    } else {
      lines.append("# ledger: ledger.db          # the default: at the top of the repository")
    }
    lines += ["", "# \(languages)"]
    lines += laneLines + baselineLines
    lines += [
      "", "# What waivers may be. Without this anybody may waive anything for any time.",
      "# waivers:", "#   longest: 90d", "#   who: [\"*@example.com\"]", "#   at_most: 50",
    ]
    lines += campaignLines
    return lines.joined(separator: "\n") + "\n"
  }

  private var languages: String {
    if inspection.languages.isEmpty { return "No language was recognised by the tracked files." }
    let words = inspection.languages.prefix(8).map { "\($0.name) (\($0.files))" }
    let rest = inspection.languages.count - words.count
    return "Tracked files by language: " + words.joined(separator: ", ")
      + (rest > 0 ? " and \(rest) more" : "")
  }

  private var laneLines: [String] {
    var result = [
      "", "# How old a lane's last scan may be before the criteria that need it are unknown.",
      "stale_after: 14d", "",
      "# A lane is the scans of one tool on one branch. A report says which of these is absent.",
    ]
    let scanners = inspection.scanners.filter { $0.tool.command != nil }
    let tools = scanners.map { ($0.tool.id, Self.place($0)) } + namedTools.map { ($0, "named") }
    if tools.isEmpty {
      result += ["# lanes:", "#   - {tool: ruff, branch: \(YAMLText.scalar(branch))}"]
    } else {
      result.append("lanes:")
    }
    for (id, place) in tools {
      let lane = "{tool: \(YAMLText.scalar(id)), branch: \(YAMLText.scalar(branch))}"
      result.append("  - \(lane) # \(place)")
    }
    for silent in inspection.scanners where silent.tool.command == nil {
      result.append(
        "  # \(silent.tool.id) (\(Self.place(silent))) writes no SARIF: its output has to be converted"
      )
    }
    return result
  }

  private static func place(_ found: RepositoryInspection.FoundTool) -> String {
    let more = found.others == 0 ? "" : " and \(found.others) more"
    return YAMLText.comment(found.path) + more
  }

  private var baselineLines: [String] {
    if inspection.baselines.isEmpty { return [] }
    let places = inspection.baselines.prefix(10).map {
      "#   \(YAMLText.comment($0.path)) (\($0.tool))"
    }
    return [
      "",
      "# These lists keep a tool from reporting what it finds. What is not reported is in no balance:",
    ] + places + ["# scan without them, and let Tally tell old from new."]
  }

  private var campaignLines: [String] {
    var result = [
      "", "# What a status post is about: 'tally report --campaign no-new' writes it.",
      "campaigns:", "  - id: no-new", "    title: No new violations",
    ]
    if let issue {
      result.append("    issue: \(YAMLText.scalar(issue))")
    } else {
      result.append("    # issue: 12               # commits that mention #12 become key commits")
    }
    result += [
      "    # Narrow it: rules: [F401], paths: [\"src/**\"], levels: [error], tools: [ruff].",
      "    select: {branch: \(YAMLText.scalar(Self.literal(branch)))}",
      "    baseline: {date: \(today.dateText)} # the day of the first scan: move it if that comes later",
      "    # target: 0",
    ]
    if let due {
      result.append("    due: \(due.dateText)")
    } else {
      result.append("    # due: 2026-12-18")
    }
    result += [
      "    # The first priority that fits takes a violation.",
      "    # priorities:",
      "    #   - {id: P1, title: Core, paths: [\"src/core/**\"], impact: Data gets lost, risk: high}",
    ]
    result += componentLines
    result += [
      "    criteria:", "      - {title: Nothing new since the baseline, no_new: {since: baseline}}",
    ]
    if inspection.tests.isEmpty {
      result.append("      # - {title: Every test passes, tests: passing}")
    } else {
      result.append("      - {title: Every test passes, tests: passing}")
    }
    result.append("      # - {title: Operations has agreed, attested: operations}")
    return result
  }

  /// A pattern that stands for one text only.
  private static func literal(_ text: String) -> String {
    var result = ""
    for character in text {
      if "*?[]{}\\".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }

  private var componentLines: [String] {
    guard let path = inspection.codeOwnersPath, let owners = inspection.codeOwners,
      !owners.parts.isEmpty
    else {
      return [
        "    # components:",
        "    #   - {name: Core, paths: [\"src/core/**\"], tests: [\"tests/core/**\"]}",
      ]
    }
    var result = ["    components: # the owners in \(YAMLText.comment(path))"]
    if owners.leftOut > 0 {
      let noun = owners.leftOut == 1 ? "line was" : "lines were"
      result.append("      # \(owners.leftOut) \(noun) left out")
    }
    for part in owners.parts {
      result.append(
        "      - {name: \(YAMLText.quoted(part.owners)), paths: \(YAMLText.list(part.paths))}"
      )
    }
    return result
  }
}
