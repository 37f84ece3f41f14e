import Foundation
import Testing

/// The ledger as `build_ledger.py` makes it from the recordings: once for all tests, each of which copies what it changes.
struct Rebuilt: Sendable {
  /// Holds the git history in `netra` and the recordings beside it.
  let folder: URL
  let ledger: URL
  /// The ledger as it was before the last scan arrived.
  let ledgerBeforeLastScan: URL

  var repository: URL { folder.appendingPathComponent("netra") }

  /// The name of the last scan's recording.
  static let lastScan = "19-state-flush"

  private static let place = FileManager.default.temporaryDirectory
    .appendingPathComponent("tally-example-\(UUID().uuidString)")
  private static let shared = Result { try Rebuilt() }

  static func get() throws -> Rebuilt { try shared.get() }

  private init() throws {
    folder = Self.place
    ledger = folder.appendingPathComponent("ledger.db")
    ledgerBeforeLastScan = folder.appendingPathComponent("before.db")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(at: Rebuilt.place) }
    let outcome = try run(
      try Example.program("python3"),
      [
        "-B", Example.folder.appendingPathComponent("build_ledger.py").path,
        try Example.tally().path, ledger.path, "--quiet", "--keep", folder.path,
        "--before", Self.lastScan, ledgerBeforeLastScan.path,
      ],
      in: folder
    )
    try #require(outcome.status == 0, "build_ledger.py: \(outcome.errors)")
  }
}

/// The commands of `recordings/journal.json`.
struct Journal: Decodable {
  struct Step: Decodable {
    let at: String
    let actor: String
    let commit: String
    let command: [String]
    let expectExit: Int32
    let select: Place?

    /// What the command is about: a recording's name for an ingest.
    var name: String {
      URL(fileURLWithPath: command[2]).deletingPathExtension().lastPathComponent
    }
    var isScan: Bool { command.contains("ssot") }
  }
  struct Place: Decodable {
    let path: String
    let rule: String
    let line: Int
  }

  let root: String
  let commits: [String: String]
  let steps: [Step]

  static func load() throws -> Journal {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let data = try Data(contentsOf: Example.recordings.appendingPathComponent("journal.json"))
    return try decoder.decode(Journal.self, from: data)
  }
}

/// Runs steps of the journal into a ledger, in a repository of the story.
struct Player {
  let repository: URL
  let ledger: URL
  /// Whether the commit of each step is checked out first, as CI does.
  var checksOut = true
  /// Files to record in place of recordings, by their names with the extension.
  var replacements: [String: URL] = [:]

  /// Runs one step and gives what it left behind.
  func outcome(of step: Journal.Step) throws -> Outcome {
    if checksOut {
      let git = try run(
        try Example.program("git"),
        ["checkout", "-q", "--detach", step.commit],
        in: repository
      )
      try #require(git.status == 0, "git checkout: \(git.errors)")
    }
    var arguments = Array(step.command.dropFirst())
    for (index, argument) in arguments.enumerated() {
      if argument == "{violation}" {
        arguments[index] = try violation(try #require(step.select))
      } else if argument.hasPrefix("{recordings}/") {
        let file = argument.dropFirst("{recordings}/".count)
        let name = file.split(separator: "/").last.map(String.init) ?? ""
        arguments[index] =
          replacements[name]?.path ?? Example.recordings.appendingPathComponent(String(file)).path
      }
    }
    return try run(
      try Example.tally(),
      arguments + ["--ledger", ledger.path],
      in: repository,
      environment: ["TALLY_NOW": step.at, "TALLY_ACTOR": step.actor]
    )
  }

  /// Runs one step and expects the status that the journal says.
  func play(_ step: Journal.Step) throws {
    let outcome = try outcome(of: step)
    try #require(outcome.status == step.expectExit, "\(step.command): \(outcome.errors)")
  }

  private func violation(_ place: Journal.Place) throws -> String {
    let found = try listed(ledger).filter {
      ($0.path, $0.rule, $0.line) == (place.path, place.rule, place.line)
    }
    try #require(found.count == 1, "\(found.count) violations at \(place)")
    return found[0].id
  }
}

/// One violation of `tally list --output json`.
struct Listed: Decodable, Hashable {
  let id: String
  let state: String
  let rule: String
  let path: String
  let line: Int?
  let priority: String
}

/// The answer of `tally list`.
func listed(_ ledger: URL, _ arguments: String...) throws -> [Listed] {
  struct Answer: Decodable { let violations: [Listed] }
  let outcome = try run(
    try Example.tally(),
    ["list", "--output", "json", "--ledger", ledger.path] + arguments,
    in: FileManager.default.temporaryDirectory
  )
  try #require(outcome.status == 0, "tally list: \(outcome.errors)")
  return try JSONDecoder().decode(Answer.self, from: outcome.output).violations
}

/// The answer of `tally verify`.
struct Verified: Decodable, Equatable {
  let findings: [String]
  let size: Int
  let root: String
  let stateDigest: String
  let booksDigest: String

  init(_ ledger: URL) throws {
    let data = try tally("verify", "--output", "json", ledger: ledger)
    self = try JSONDecoder().decode(Verified.self, from: data)
  }
}
