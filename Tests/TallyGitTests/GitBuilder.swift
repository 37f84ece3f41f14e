import Foundation
import TallyGit
import TallyModel
import Testing

/// A throw-away repository made by the real git, with fixed names and dates and nobody's configuration.
final class GitBuilder {
  /// The variables git runs with, in the builder and in what is tested.
  static let environment = [
    "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": "",
  ]

  let folder: String
  private let scratch: String
  private var clock = 1_760_000_000

  /// Makes an empty repository on branch main.
  init(arguments: [String] = [], name: String = "netra") throws {
    scratch = NSTemporaryDirectory() + "tally-git-\(UUID().uuidString)"
    folder = scratch + "/" + name
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try git(["init", "-q", "-b", "main"] + arguments)
  }

  deinit { try? FileManager.default.removeItem(atPath: scratch) }

  /// A folder beside the repository.
  func beside(_ name: String) -> String { scratch + "/" + name }

  /// Runs git and gives its output without the last line end.
  @discardableResult
  func git(_ arguments: [String], in other: String? = nil, input: Data? = nil) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git"] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: other ?? folder)
    process.environment = Self.environment.merging([
      "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C",
      "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com",
      "GIT_COMMITTER_NAME": "Ben", "GIT_COMMITTER_EMAIL": "ben@example.com",
      "GIT_AUTHOR_DATE": "\(clock) +0100", "GIT_COMMITTER_DATE": "\(clock + 60) +0000",
    ]) { $1 }
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    if let input {
      let file = scratch + "/input"
      try input.write(to: URL(fileURLWithPath: file))
      process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
    } else {
      process.standardInput = FileHandle.nullDevice
    }
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    let message = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    if process.terminationStatus != 0 {
      throw BuilderError(text: "git \(arguments): " + String(decoding: message, as: UTF8.self))
    }
    var text = String(decoding: bytes, as: UTF8.self)
    if text.hasSuffix("\n") { text.removeLast() }
    return text
  }

  /// Writes a program that may be started at once.
  ///
  /// Another process writes it: what this one has open for writing, a process that a test beside this one starts may still hold, and then
  /// the program is "busy".
  func writeProgram(_ text: String, at path: String) throws {
    let draft = path + ".draft"
    try Data(text.utf8).write(to: URL(fileURLWithPath: draft))
    let copy = try Process.run(
      URL(fileURLWithPath: "/bin/sh"),
      arguments: ["-c", "cp \"$0\" \"$1\" && chmod 755 \"$1\"", draft, path]
    )
    copy.waitUntilExit()
    if copy.terminationStatus != 0 { throw BuilderError(text: "\(path) cannot be written") }
  }

  /// Writes a file of the work tree.
  func write(_ path: String, _ text: String) throws {
    let url = URL(fileURLWithPath: folder + "/" + path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try Data(text.utf8).write(to: url)
  }

  /// Removes a file of the work tree.
  func remove(_ path: String) throws {
    try FileManager.default.removeItem(atPath: folder + "/" + path)
  }

  /// Commits everything as it stands, an hour after the one before.
  @discardableResult
  func commit(_ message: String = "A change") throws -> CommitID {
    clock += 3600
    try git(["add", "-A"])
    try git(["commit", "-q", "--allow-empty", "-m", message])
    return try head()
  }

  /// The commit HEAD stands on.
  func head(in other: String? = nil) throws -> CommitID {
    try #require(CommitID(hex: git(["rev-parse", "HEAD"], in: other)))
  }

  /// Opens a repository as a user would.
  func open(_ other: String? = nil) async throws -> Repository {
    try await Repository.open(at: other ?? folder, environment: Self.environment)
  }
}

struct BuilderError: Error, CustomStringConvertible {
  let text: String
  var description: String { text }
}

/// Fifty lines that no other number gives, so that similarity means something.
func lines(_ seed: Int, count: Int = 50) -> String {
  (0..<count).map { "value_\($0) = compute(\($0 * 7919 + seed * 104_729))\n" }.joined()
}

extension FileChange {
  /// A short form for expectations: `A path`, `D path`, `R100 old -> new`.
  var summary: String {
    if let renamedFrom { return "R\(similarity) \(renamedFrom) -> \(path)" }
    return blob == nil ? "D \(path)" : "W \(path)"
  }
}
