import TallyReport

/// What `tally init` saw and wrote.
public struct StartAnswer: CommandAnswer {
  /// A file that was written, or would be.
  public struct File: Sendable, Encodable {
    /// Relative to the top of the repository; as it was typed after `--config`.
    public var path: String
    /// False when it was only shown.
    public var isWritten: Bool
    /// What it holds.
    public var text: String
    /// What else has to be done with it, nil when nothing has.
    public var remark: String?
  }

  /// A language.
  public struct Language: Sendable, Encodable {
    /// Its name.
    public var name: String
    /// How many tracked files have one of its extensions.
    public var files: Int
  }

  /// A scanner or a test runner that was recognised.
  public struct Tool: Sendable, Encodable {
    /// Its id, such as `ruff`.
    public var tool: String
    /// The file that gave it away; nil where a person named the tool.
    public var path: String?
    /// The command that writes its report; nil where it writes none that Tally reads.
    public var command: String?
    /// What the command writes.
    public var report: String?
  }

  /// The form of this answer.
  public var version = 1
  /// The configuration.
  public var configuration: File
  /// Most files first.
  public var languages: [Language]
  /// The scanners.
  public var scanners: [Tool]
  /// The test runners.
  public var tests: [Tool]
  /// The CI systems: `github-actions`, `gitlab`, `jenkins`, `azure-pipelines`, `buildkite`, `circleci`.
  public var hosts: [String]
  /// The file that says who owns what; nil where there is none.
  public var codeOwners: String?
  /// Lists that keep a tool from reporting what it finds, sorted.
  public var baselines: [String]
  /// The lines for each CI system.
  public var pipelines: [File]
  /// The command to type next.
  public var next: String
  /// Sentences worth a person's attention.
  public var warnings: [String] = []

  /// What was seen, what was written, the lines for CI, and the next command.
  public func text(_ style: TextStyle) -> String {
    var text = ""
    if !languages.isEmpty {
      let words = languages.prefix(8).map { "\($0.name) \($0.files)" }
      text += "files      \(words.joined(separator: ", "))\n"
    }
    let tools = (scanners + tests).map { tool in
      tool.path.map { "\(tool.tool) (\(VisibleText.line($0)))" } ?? tool.tool
    }
    if !tools.isEmpty { text += "tools      \(tools.joined(separator: ", "))\n" }
    let named = hosts.compactMap { PipelineHost(rawValue: $0)?.title }
    if !named.isEmpty { text += "CI         \(named.joined(separator: ", "))\n" }
    if let codeOwners { text += "owners     \(VisibleText.line(codeOwners))\n" }
    if !baselines.isEmpty {
      text += "baselines  \(baselines.map(VisibleText.line).joined(separator: ", "))\n"
    }
    for pipeline in pipelines where !pipeline.isWritten {
      text += "\nFor \(VisibleText.line(pipeline.path)):\n\n"
      text += pipeline.text.split(separator: "\n").map { "    \($0)\n" }.joined()
    }
    if !text.isEmpty { text += "\n" }
    for file in [configuration] + pipelines where file.isWritten {
      text += "wrote \(VisibleText.line(file.path))\n"
    }
    for pipeline in pipelines {
      if let remark = pipeline.remark { text += "then: \(remark)\n" }
    }
    return text + "next: \(next)\n"
  }
}
