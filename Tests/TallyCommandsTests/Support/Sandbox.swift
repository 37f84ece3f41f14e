import Foundation
import Testing

/// A folder of its own with a git repository, where the real `tally` runs with a cleared environment.
final class Sandbox {
  let folder: URL
  /// The time `tally` sees; a test moves it on.
  var now = "2026-03-02T09:00:00Z"
  /// More variables for `tally`.
  var environment: [String: String] = [:]
  private var commitCount = 0

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("tally-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// What a process left behind.
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String
  }

  /// The built program, which lies beside the test bundle.
  static var tally: URL {
    get throws {
      var folder = Bundle.main.bundleURL
      for _ in 0..<4 {
        let candidate = folder.appendingPathComponent("tally")
        if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
        folder.deleteLastPathComponent()
      }
      return try #require(nil, "the tally program is not built beside \(Bundle.main.bundlePath)")
    }
  }

  /// Runs `tally` in the sandbox.
  @discardableResult
  func tally(_ arguments: String..., input: String? = nil) throws -> Outcome {
    var variables = ["TALLY_NOW": now, "TALLY_ACTOR": "tester"]
    variables.merge(environment) { $1 }
    return try run(try Self.tally, arguments, environment: variables, input: input)
  }

  /// Runs `tally` and expects success.
  @discardableResult
  func tallySucceeds(
    _ arguments: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    var variables = ["TALLY_NOW": now, "TALLY_ACTOR": "tester"]
    variables.merge(environment) { $1 }
    let outcome = try run(try Self.tally, arguments, environment: variables)
    #expect(
      outcome.status == 0,
      "\(arguments.joined(separator: " ")): \(outcome.errors)",
      sourceLocation: sourceLocation
    )
    return outcome.output
  }

  /// Runs git and expects success.
  @discardableResult
  func git(_ arguments: String...) throws -> String {
    let date = "2026-03-01T10:\(String(format: "%02d", commitCount % 60)):00Z"
    let outcome = try run(
      URL(fileURLWithPath: "/usr/bin/env"),
      ["git"] + arguments,
      environment: [
        "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com",
        "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com",
        "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date,
      ]
    )
    #expect(outcome.status == 0, "git \(arguments): \(outcome.errors)")
    return outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Makes the repository, on branch `main`.
  func initialize() throws {
    try git("init", "-q", "-b", "main", ".")
  }

  /// Writes a file.
  func write(_ text: String, to path: String) throws {
    let file = folder.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try Data(text.utf8).write(to: file)
  }

  /// Commits everything but ledgers and reports, and gives the commit's name.
  @discardableResult
  func commit(_ message: String) throws -> String {
    try git("add", "-A", "--", ".", ":!*.db", ":!*.sarif", ":!*.xml")
    commitCount += 1
    try git("commit", "-q", "--allow-empty", "-m", message)
    return try git("rev-parse", "HEAD")
  }

  private func run(
    _ program: URL,
    _ arguments: [String],
    environment: [String: String],
    input: String? = nil
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    var variables = environment
    let own = ProcessInfo.processInfo.environment
    variables["PATH"] = variables["PATH"] ?? own["PATH"]
    variables["LD_LIBRARY_PATH"] = own["LD_LIBRARY_PATH"]
    variables["HOME"] = variables["HOME"] ?? folder.path
    variables["GIT_CONFIG_GLOBAL"] = "/dev/null"
    variables["GIT_CONFIG_NOSYSTEM"] = "1"
    variables["LC_ALL"] = "C"
    process.environment = variables
    // Files rather than pipes: a full pipe would stall the program.
    let outFile = folder.appendingPathComponent(".out-\(UUID().uuidString)")
    let errFile = folder.appendingPathComponent(".err-\(UUID().uuidString)")
    defer {
      try? FileManager.default.removeItem(at: outFile)
      try? FileManager.default.removeItem(at: errFile)
    }
    _ = FileManager.default.createFile(atPath: outFile.path, contents: nil)
    _ = FileManager.default.createFile(atPath: errFile.path, contents: nil)
    process.standardOutput = try FileHandle(forWritingTo: outFile)
    process.standardError = try FileHandle(forWritingTo: errFile)
    if let input {
      let pipe = Pipe()
      process.standardInput = pipe
      try process.run()
      pipe.fileHandleForWriting.write(Data(input.utf8))
      try pipe.fileHandleForWriting.close()
    } else {
      process.standardInput = FileHandle.nullDevice
      try process.run()
    }
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: outFile), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errFile), as: UTF8.self)
    )
  }
}

/// Writes the smallest SARIF that a real tool could have written.
func sarif(
  tool: String = "ruff",
  rules: [String] = [],
  results: [(rule: String, path: String, line: Int, message: String)]
) throws -> String {
  let log: [String: Any] = [
    "version": "2.1.0",
    "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
    "runs": [
      [
        "tool": ["driver": ["name": tool, "version": "1.0", "rules": rules.map { ["id": $0] }]],
        "results": results.map { result in
          [
            "ruleId": result.rule, "level": "error", "message": ["text": result.message],
            "locations": [
              [
                "physicalLocation": [
                  "artifactLocation": ["uri": result.path],
                  "region": ["startLine": result.line, "startColumn": 1],
                ]
              ]
            ],
          ] as [String: Any]
        },
      ]
    ],
  ]
  let data = try JSONSerialization.data(withJSONObject: log, options: [.sortedKeys])
  return String(decoding: data, as: UTF8.self)
}
