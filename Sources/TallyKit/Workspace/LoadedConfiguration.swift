import Foundation
import TallyLedger
import TallyModel

/// A configuration with the texts it consists of: `tally.yml`, partials, templates.
public struct LoadedConfiguration: Sendable {
  /// What `tally.yml` says.
  public let configuration: TallyConfiguration
  /// The folder that paths are relative to; empty for one from a journal.
  public let folder: String
  /// Every file by its path relative to the folder, sorted: `tally.yml` and what it names.
  public let files: [(path: String, text: String)]
  /// The moment that was asked for with `--config-as-of`; nil where the present configuration is applied.
  var chosenFor: Timestamp?

  /// The text of a file of the configuration.
  func text(of path: String) -> String? { files.first { $0.path == path }?.text }

  /// The team's templates, by their names relative to the folder of templates.
  var templates: [(name: String, text: String)] {
    guard let folder = configuration.templates else { return [] }
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    return files.filter { $0.path.hasPrefix(prefix) }
      .map { (String($0.path.dropFirst(prefix.count)), $0.text) }
  }

  /// The digest over all files, each with its path and length.
  var digest: RawDigest { Self.digest(of: files) }

  static func digest(of files: [(path: String, text: String)]) -> RawDigest {
    var digest = StreamingDigest()
    for (path, text) in files {
      let part = Array("\(path.utf8.count):\(path)\(text.utf8.count):\(text)".utf8)
      part.withUnsafeBytes { digest.update($0) }
    }
    return digest.finish()
  }

  // MARK: On disk

  /// True when a `tally.yml` lies in a folder or anywhere above it.
  static func isNear(_ folder: String) -> Bool {
    var current = folder[...]
    while true {
      if FileManager.default.fileExists(atPath: "\(current)/tally.yml") { return true }
      guard let slash = current.lastIndex(of: "/") else { return false }
      current = current[..<slash]
    }
  }

  /// Finds and reads `tally.yml` in a folder or the nearest above it; nil where there is none.
  ///
  /// Errors call the file what was typed, else by its path relative to the folder.
  static func find(
    from folder: String,
    upTo top: String,
    named path: String?
  ) throws -> LoadedConfiguration? {
    if let path {
      let place = Workspace.absolute(path, in: folder)
      guard let bytes = FileManager.default.contents(atPath: place) else {
        throw WorkspaceError.configurationMissing(path)
      }
      return try load([UInt8](bytes), at: place, named: path)
    }
    var current = folder
    while true {
      let candidate = "\(current)/tally.yml"
      if let bytes = FileManager.default.contents(atPath: candidate) {
        let name = Workspace.relative(candidate, to: folder)
        return try load([UInt8](bytes), at: candidate, named: name)
      }
      guard current != top, current.hasPrefix(top),
        let slash = current.lastIndex(of: "/"), slash != current.startIndex
      else { return nil }
      current = String(current[..<slash])
    }
  }

  private static func load(
    _ bytes: [UInt8],
    at path: String,
    named name: String
  ) throws -> LoadedConfiguration {
    let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    let configuration = try TallyConfiguration.parse(utf8: bytes, file: name)
    var files = [(path: "tally.yml", text: String(decoding: bytes, as: UTF8.self))]
    var wanted = Set(configuration.campaigns.flatMap { $0.narrative.map(\.path) })
    wanted.formUnion(["CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS"])
    if let templates = configuration.templates {
      let walker = FileManager.default.enumerator(atPath: "\(folder)/\(templates)")
      while let file = walker?.nextObject() as? String { wanted.insert("\(templates)/\(file)") }
    }
    for file in wanted {
      var isFolder: ObjCBool = false
      let place = "\(folder)/\(file)"
      guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder),
        !isFolder.boolValue, let data = FileManager.default.contents(atPath: place),
        let text = String(validating: data, as: UTF8.self)
      else { continue }
      files.append((file, text))
    }
    return LoadedConfiguration(
      configuration: configuration,
      folder: folder,
      files: files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    )
  }

  // MARK: In a journal

  /// The entry whose configuration counts at a moment, or after everything else; nil where the journal has none of before.
  static func fact(
    _ reader: LedgerReader,
    project: String,
    at moment: Timestamp? = nil,
    besides strange: Set<CommitID> = []
  ) throws -> ConfigFact? {
    try reader.configurationHistory(project: project, besides: strange).last { fact in
      moment.map { fact.effective <= $0 } ?? true
    }
  }

  /// The texts of a recorded configuration, without those that were redacted.
  static func files(
    of fact: ConfigFact,
    _ reader: LedgerReader
  ) throws -> [(path: String, text: String)] {
    try fact.record.files.compactMap { file in
      try reader.text(file.text).map { (file.path, $0) }
    }
  }

  /// The configuration that a journal holds of a project for a moment, or the latest; nil where there is none.
  static func recorded(
    _ reader: LedgerReader,
    project: String,
    at moment: Timestamp? = nil,
    besides strange: Set<CommitID> = []
  ) throws -> LoadedConfiguration? {
    let found = try fact(reader, project: project, at: moment, besides: strange)
    guard let fact = found, var result = try recorded(fact, reader) else { return nil }
    result.chosenFor = moment
    return result
  }

  /// The configuration of an entry; nil where its `tally.yml` was redacted.
  static func recorded(_ fact: ConfigFact, _ reader: LedgerReader) throws -> LoadedConfiguration? {
    let files = try files(of: fact, reader)
    guard let main = files.first(where: { $0.path == "tally.yml" }) else { return nil }
    return LoadedConfiguration(
      configuration: try TallyConfiguration.parse(main.text),
      folder: "",
      files: files
    )
  }

  /// The entry that records this configuration.
  func record(project: String, commit: CommitID?, effective: Timestamp) -> ConfigRecord {
    ConfigRecord(
      project: project,
      commit: commit,
      effective: effective,
      files: files.map { ConfigRecord.File(path: $0.path, text: StoredFormat.textID($0.text)) }
    )
  }
}
