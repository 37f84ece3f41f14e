import TallyBooks
import TallyGit
import TallyLedger
import TallyModel

/// Finds the configuration of tools in a commit.
struct ToolConfigurationGatherer {
  /// The most files of one tool that are looked at.
  static let fileLimit = 20_000

  let repository: Repository
  /// The files of the commit with their contents.
  let files: [RepoPath: BlobID]

  /// What a commit holds of a tool's configuration; nil where the clone lacks a text of it.
  func gather(
    _ configuration: ToolConfiguration,
    at commit: CommitID
  ) async throws -> ToolConfigurationRecord? {
    var found: [RepoPath: RawDigest] = [:]
    var seen: Set<RepoPath> = []
    var wanted = Set(
      files.keys.filter { configuration.part(of: $0) != nil && !Self.isInstalled($0) }
    )
    while !wanted.isEmpty {
      seen.formUnion(wanted)
      if seen.count > Self.fileLimit { return nil }
      let paths = wanted.sorted()
      wanted = []
      for first in stride(from: 0, to: paths.count, by: 128) {
        let portion = paths[first..<min(first + 128, paths.count)]
        let texts = try await repository.blobs(portion.compactMap { files[$0] })
        for path in portion {
          guard let text = files[path].flatMap({ texts[$0]?.bytes }) else { return nil }
          let part = configuration.part(of: path) ?? .whole
          guard let own = ConfigurationPart.normalized(text, part) else { continue }
          found[path] = Self.digest(own)
          wanted.formUnion(
            ConfigurationReferences.files(
              own,
              after: configuration.references,
              in: path.folder
            ) { files[$0] != nil }
          )
        }
      }
      wanted.subtract(seen)
    }
    return ToolConfigurationRecord(
      commit: commit,
      tool: configuration.tool,
      version: ToolConfiguration.version,
      files: found.sorted { $0.key < $1.key }.map {
        ToolConfigurationFile(path: $0.key, digest: $0.value)
      }
    )
  }

  private static func digest(_ bytes: [UInt8]) -> RawDigest {
    bytes.withUnsafeBytes { bytes in
      var digest = StreamingDigest()
      digest.update(bytes)
      return digest.finish()
    }
  }

  /// Says whether a file belongs to a package that was committed with the project.
  private static func isInstalled(_ path: RepoPath) -> Bool {
    path.text.hasPrefix("node_modules/") || path.text.contains("/node_modules/")
  }

  /// The record of a commit before, for one that changes nothing about it; nil where the commit has to be looked at.
  static func unchanged(
    _ configuration: ToolConfiguration,
    since evidence: CommitEvidence,
    reader: LedgerReader
  ) throws -> ToolConfigurationRecord? {
    guard let previous = evidence.previous,
      let record = try reader.toolConfiguration(of: configuration.tool, at: previous),
      record.version == ToolConfiguration.version
    else { return nil }
    let changed: [RepoPath]
    if evidence.base == previous, evidence.snapshot == nil {
      changed = evidence.overlay.blobs.keys.sorted() + evidence.overlay.origins.values.sorted()
    } else if let difference = try reader.difference(from: previous, to: evidence.commit) {
      changed = difference.files.map(\.path) + difference.renames.flatMap { [$0.from, $0.to] }
    } else {
      return nil
    }
    let own = Set(record.files.map(\.path))
    // A new file may be one that a configuration named in vain.
    let mayConfigure = changed.contains { path in
      own.contains(path) || configuration.part(of: path) != nil
        || (!configuration.references.isEmpty && !own.isEmpty && isText(path))
    }
    if mayConfigure { return nil }
    return ToolConfigurationRecord(
      commit: evidence.commit,
      tool: record.tool,
      version: record.version,
      files: record.files
    )
  }

  /// Says whether a configuration could take the file in, by its name's end.
  private static func isText(_ path: RepoPath) -> Bool {
    let ends = [
      ".toml", ".json", ".json5", ".jsonc", ".yml", ".yaml", ".neon", ".php", ".cjs", ".mjs",
    ]
    return ends.contains { path.name.hasSuffix($0) } || path.name.contains("config")
  }
}

extension CommitEvidence {
  /// Adds the configuration of some tools, as far as their files are known and the journal does not hold it.
  ///
  /// - Parameters:
  ///   - tools: Canonical ids.
  ///   - ledger: What is known already.
  ///   - workspace: The clone.
  /// - Throws: `GitError`, `LedgerError`.
  mutating func addToolConfigurations(
    of tools: Set<String>,
    in ledger: Ledger,
    workspace: Workspace
  ) async throws {
    guard let repository = workspace.repository, knowsFiles else { return }
    let evidence = self
    var files: [RepoPath: BlobID]?
    for configuration in tools.sorted().compactMap(ToolConfiguration.of) {
      let known = try ledger.read { (reader: LedgerReader) throws in
        try reader.toolConfiguration(of: configuration.tool, at: evidence.commit)
      }
      if let known, known.version >= ToolConfiguration.version { continue }
      let unchanged = try ledger.read { (reader: LedgerReader) throws in
        try ToolConfigurationGatherer.unchanged(configuration, since: evidence, reader: reader)
      }
      if let unchanged {
        toolConfigurations.append(unchanged)
        continue
      }
      let all = try files ?? ledger.read { try evidence.files(reader: $0) }
      files = all
      let gatherer = ToolConfigurationGatherer(repository: repository, files: all)
      if let record = try await gatherer.gather(configuration, at: commit) {
        toolConfigurations.append(record)
      }
    }
  }
}
