import Foundation
import Testing

/// A folder of its own with a git repository, where the real `tally` runs with a cleared environment and a clock that a test moves.
///
/// Every commit is made at 10:00 UTC of the next day, the first on 2026-03-01; `tally` runs at 12:00 of the same day. So ids, digests and
/// outputs are the same on every machine.
final class Sandbox {
  /// The checkout; its name is the project's.
  let folder: URL
  /// Where nothing of the repository is.
  let outside: URL
  /// The time `tally` sees.
  var now = "2026-03-01T09:00:00Z"
  /// More variables for `tally`; an empty text takes one away.
  var environment: [String: String] = [:]
  private(set) var day = 0

  /// Makes the folders and, unless told otherwise, an empty repository on branch `main`.
  init(project: String = "shop", git isRepository: Bool = true) throws {
    outside = FileManager.default.temporaryDirectory
      .appendingPathComponent("tally-test-\(UUID().uuidString)")
    folder = outside.appendingPathComponent(project)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    if isRepository { try git("init", "-q", "-b", "main", ".") }
  }

  deinit { try? FileManager.default.removeItem(at: outside) }

  /// The built program, which lies beside the test bundle.
  static let program: URL? = {
    var folder = Bundle.main.bundleURL
    for _ in 0..<4 {
      let candidate = folder.appendingPathComponent("tally")
      if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
      folder.deleteLastPathComponent()
    }
    return nil
  }()

  /// The program's path for shell scripts.
  static var path: String { program?.path ?? "tally" }

  // MARK: Running

  /// Runs `tally`, by default at the top of the repository.
  @discardableResult
  func run(_ arguments: [String], input: Data? = nil, in place: URL? = nil) throws -> Outcome {
    let program = try #require(Self.program, "the tally program is not built")
    return try Outcome.of(
      program,
      arguments,
      variables: variables,
      input: input,
      folder: place ?? folder,
      scratch: outside
    )
  }

  /// Runs `tally`, whatever comes of it.
  func tally(_ arguments: String..., input: String? = nil) throws -> Outcome {
    try run(arguments, input: input.map { Data($0.utf8) })
  }

  /// Runs `tally`, expects status 0, and gives standard output.
  @discardableResult
  func ok(
    _ arguments: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let outcome = try run(arguments)
    #expect(
      outcome.status == 0,
      "tally \(arguments.joined(separator: " ")): \(outcome.errors)",
      sourceLocation: sourceLocation
    )
    return outcome.output
  }

  /// Runs `tally … --output json`, expects status 0, and gives the answer.
  func json(
    _ arguments: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [String: Any] {
    let outcome = try run(arguments + ["--output", "json"])
    #expect(
      outcome.status == 0,
      "tally \(arguments.joined(separator: " ")): \(outcome.errors)",
      sourceLocation: sourceLocation
    )
    return try outcome.json()
  }

  /// Runs a shell script in the repository; `$TALLY` is the program.
  func shell(_ script: String, input: Data? = nil) throws -> Outcome {
    var all = variables
    all["TALLY"] = Self.path
    return try Outcome.of(
      URL(fileURLWithPath: "/bin/sh"),
      ["-c", script],
      variables: all,
      input: input,
      folder: folder,
      scratch: outside
    )
  }

  private var variables: [String: String] {
    var result = Self.base(home: outside.path)
    result["TALLY_NOW"] = now
    result["TALLY_ACTOR"] = "Ada <ada@shop.example>"
    result.merge(environment) { $1 }
    return result.filter { !$0.value.isEmpty }
  }

  private static func base(home: String) -> [String: String] {
    let own = ProcessInfo.processInfo.environment
    var result = [
      "HOME": home, "LC_ALL": "C.UTF-8", "GIT_CONFIG_GLOBAL": "/dev/null",
      "GIT_CONFIG_NOSYSTEM": "1",
    ]
    for name in ["PATH", "LD_LIBRARY_PATH"] { result[name] = own[name] }
    return result
  }

  // MARK: The repository

  /// Runs git, expects success, and gives its output without blanks at the ends.
  @discardableResult
  func git(_ arguments: String..., in place: URL? = nil) throws -> String {
    try git(arguments, in: place)
  }

  /// Runs git, expects success, and gives its output without blanks at the ends.
  @discardableResult
  func git(_ arguments: [String], in place: URL? = nil) throws -> String {
    let date = Self.time(day: max(day, 1), hour: 10)
    let outcome = try Outcome.of(
      URL(fileURLWithPath: "/usr/bin/env"),
      ["git"] + arguments,
      variables: Self.base(home: outside.path).merging([
        "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@shop.example",
        "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@shop.example",
        "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date,
      ]) { $1 },
      input: nil,
      folder: place ?? folder,
      scratch: outside
    )
    #expect(outcome.status == 0, "git \(arguments): \(outcome.errors)")
    return outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Commits everything but ledgers and reports on the next day, and gives the commit's name.
  @discardableResult
  func commit(_ message: String) throws -> String {
    day += 1
    now = Self.time(day: day, hour: 12)
    try git("add", "-A", "--", ".", ":!*.db", ":!*.sarif", ":!*.xml", ":!*.md")
    try git("commit", "-q", "--allow-empty", "-m", message)
    return try git("rev-parse", "HEAD")
  }

  /// Makes a commit of a tree on the next day, of any parents, and gives its name.
  func commit(tree: String, parents: [String]) throws -> String {
    day += 1
    now = Self.time(day: day, hour: 12)
    return try git(["commit-tree", tree, "-m", "Step"] + parents.flatMap { ["-p", $0] })
  }

  /// Lets days go by before the next commit.
  func pass(days: Int) { day += days }

  /// A time of the sandbox's calendar; day 1 is 2026-03-01.
  static func time(day: Int, hour: Int) -> String {
    let start = 1_772_323_200 + (day - 1) * 86_400 + hour * 3600
    return ISO8601DateFormatter().string(from: Date(timeIntervalSince1970: TimeInterval(start)))
  }

  // MARK: Files

  /// Writes a file of the repository.
  func write(_ text: String, to path: String) throws { try write(Data(text.utf8), to: path) }

  /// Writes a file of the repository.
  func write(_ data: Data, to path: String) throws {
    let file = folder.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try data.write(to: file)
  }

  /// A file of the repository as text.
  func read(_ path: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
  }

  /// The bytes of a file; nil where there is none.
  ///
  /// Compared before and after, they say whether a ledger changed.
  func bytes(_ path: String = "ledger.db") -> Data? {
    FileManager.default.contents(atPath: folder.appendingPathComponent(path).path)
  }
}
