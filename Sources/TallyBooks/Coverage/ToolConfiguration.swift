public import TallyModel

/// The files that decide what a tool reports, by the names their tools document.
///
/// Which of them a commit holds, and the hash of the tool's own part, is asked of git at ingest and kept as evidence. Few tools say in
/// their output which file they read, so all of them count, wherever in the repository they lie. What a scan names with
/// `--tool-config` counts as well (`ScanRecord.configDigest`).
public struct ToolConfiguration: Sendable, Hashable {
  /// The version of ``all``, of the parts and of their normal forms; stored with each record.
  ///
  /// Raise it with any change that gives another record for the same commit.
  public static let version = 1

  /// What of a file belongs to the tool.
  public enum Part: Sendable, Hashable {
    /// The whole file.
    case whole
    /// Tables and keys of TOML with what lies below them, each as dotted key.
    case tables([String])
    /// Sections of INI: of the name, or that begin with it and `.`, `-` or `:`.
    case sections([String])
    /// Members of the outermost object of JSON.
    case members([String])
  }

  /// Files of one name.
  public struct Source: Sendable, Hashable {
    /// The file's name, or the end of its path; one `*` in the name stands for anything.
    public let pattern: String
    /// What of it counts.
    public let part: Part
    private let folder: String
    private let head: String
    private let tail: String?

    init(_ pattern: String, _ part: Part) {
      self.pattern = pattern
      self.part = part
      let path = RepoPath(normalized: pattern)
      let parts = path.name.split(separator: "*", maxSplits: 1, omittingEmptySubsequences: false)
      folder = path.folder
      head = String(parts[0])
      tail = parts.count > 1 ? String(parts[1]) : nil
    }

    /// Says whether a file is meant, by its name and folder.
    func matches(_ name: String, in other: () -> String) -> Bool {
      guard let tail else { return name == head && matches(other) }
      return name.utf8.count >= head.utf8.count + tail.utf8.count && name.hasPrefix(head)
        && name.hasSuffix(tail) && matches(other)
    }

    private func matches(_ other: () -> String) -> Bool {
      if folder.isEmpty { return true }
      let other = other()
      return other == folder || other.hasSuffix("/" + folder)
    }
  }

  /// The canonical id of the tool.
  public let tool: String
  /// Where its configuration may lie.
  public let sources: [Source]
  /// Keys whose values name further files of the repository, such as `extend`.
  public let references: [String]

  /// What is known of a tool; nil for one whose files are not listed.
  public static func of(_ tool: String) -> ToolConfiguration? { byTool[tool] }

  private static let byTool = Dictionary(
    all.map { ($0.tool, $0) },
    uniquingKeysWith: { first, _ in first }
  )

  /// What of a file belongs to the tool; nil for a file that does not configure it.
  public func part(of path: RepoPath) -> Part? {
    let name = path.name
    return sources.first { $0.matches(name, in: { path.folder }) }?.part
  }
}

extension Base {
  /// True when what configures a tool differs; false when that is not known.
  ///
  /// From the evidence about both commits; where there is none, or of different versions, from the names of the files that changed.
  func changesConfiguration(of tool: String) throws -> Bool {
    if let known = configurationChanges[tool] { return known }
    let answer: Bool
    if let old = try facts.toolConfiguration(of: tool, at: commit),
      let new = try facts.toolConfiguration(of: tool, at: target), old.version == new.version
    {
      answer = old.files != new.files
    } else if let configuration = ToolConfiguration.of(tool) {
      answer = changedPaths?.contains { configuration.part(of: $0) != nil } ?? false
    } else {
      answer = false
    }
    configurationChanges[tool] = answer
    return answer
  }
}
