import Foundation
import Testing

/// Where the worked example is, and what its tests need of the machine.
enum Example {
  /// The checkout, found from this file's own path.
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let folder = root.appendingPathComponent("Examples/redis-ssot")
  static let recordings = folder.appendingPathComponent("recordings")
  /// The ledger of the clone, made from the recordings only.
  static let committedLedger = root.appendingPathComponent("ledger.db")
  /// The last day of the story.
  static let lastDay = "2026-11-20"
  static let campaign = "redis-ssot"

  private static let environment = ProcessInfo.processInfo.environment

  /// Where CI is set nothing is skipped: what is missing fails.
  static let isStrict = !(environment["CI"] ?? "").isEmpty
  static let missingPrograms = ["python3", "git"].filter { find($0) == nil }
  static let canRun = missingPrograms.isEmpty || isStrict

  /// The folder of the pinned ruff and pytest, if `TALLY_TEST_PYTHON_TOOLS` names one that has them.
  static let pythonTools: URL? = environment["TALLY_TEST_PYTHON_TOOLS"].flatMap { path in
    let folder = URL(fileURLWithPath: path)
    let ruff = folder.appendingPathComponent("ruff").path
    return FileManager.default.isExecutableFile(atPath: ruff) ? folder : nil
  }
  static let canReplay = canRun && (pythonTools != nil || isStrict)

  /// A program on the PATH.
  static func program(_ name: String) throws -> URL {
    try #require(find(name), "\(name) is not on the PATH")
  }

  private static func find(_ name: String) -> URL? {
    (environment["PATH"] ?? "").split(separator: ":")
      .map { URL(fileURLWithPath: String($0)).appendingPathComponent(name) }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }

  /// The built program, which lies beside the test bundle.
  static func tally() throws -> URL {
    var folder = Bundle.main.bundleURL
    for _ in 0..<4 {
      let candidate = folder.appendingPathComponent("tally")
      if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
      folder.deleteLastPathComponent()
    }
    return try #require(nil, "the tally program is not built beside \(Bundle.main.bundlePath)")
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips where the programs are missing, unless CI is set.
  static var needsPrograms: Self {
    .enabled(if: Example.canRun, "skipped: python3 or git is not on the PATH, and CI is not set")
  }
}

/// A folder of its own that goes with the last reference to it.
final class Scratch: Sendable {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("tally-example-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func file(_ name: String) -> URL { folder.appendingPathComponent(name) }
}

/// What a process left behind.
struct Outcome {
  let status: Int32
  let output: Data
  let errors: String

  var text: String { String(decoding: output, as: UTF8.self) }
}

/// Runs a program with an environment of its own: no CI, no settings of the user, no clock unless given.
func run(
  _ program: URL,
  _ arguments: [String],
  in folder: URL,
  environment: [String: String] = [:]
) throws -> Outcome {
  let own = ProcessInfo.processInfo.environment
  var variables = [
    "HOME": "/nonexistent", "LC_ALL": "C.UTF-8", "TZ": "UTC", "NO_COLOR": "1",
    "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
  ]
  variables["PATH"] = own["PATH"]
  variables["LD_LIBRARY_PATH"] = own["LD_LIBRARY_PATH"]
  variables.merge(environment) { $1 }
  // Files rather than pipes: a full pipe would stall the program.
  let scratch = try Scratch()
  let process = Process()
  process.executableURL = program
  process.arguments = arguments
  process.currentDirectoryURL = folder
  process.environment = variables
  process.standardInput = FileHandle.nullDevice
  for name in ["out", "err"] {
    _ = FileManager.default.createFile(atPath: scratch.file(name).path, contents: nil)
  }
  process.standardOutput = try FileHandle(forWritingTo: scratch.file("out"))
  process.standardError = try FileHandle(forWritingTo: scratch.file("err"))
  try process.run()
  process.waitUntilExit()
  return Outcome(
    status: process.terminationStatus,
    output: try Data(contentsOf: scratch.file("out")),
    errors: String(decoding: try Data(contentsOf: scratch.file("err")), as: UTF8.self)
  )
}

/// Runs a reading command of `tally` over a ledger and expects success.
func tally(
  _ arguments: String...,
  ledger: URL,
  environment: [String: String] = [:],
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> Data {
  let outcome = try run(
    try Example.tally(),
    arguments + ["--ledger", ledger.path],
    in: FileManager.default.temporaryDirectory,
    environment: environment
  )
  let words = arguments.joined(separator: " ")
  try #require(
    outcome.status == 0,
    "tally \(words): \(outcome.errors)",
    sourceLocation: sourceLocation
  )
  return outcome.output
}
