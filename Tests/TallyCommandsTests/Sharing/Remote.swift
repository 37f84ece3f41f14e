import Foundation
import Testing

/// A bare repository that a sandbox's project is pushed to, whose branches are protected afterwards, and jobs on fresh clones of it.
struct Remote {
  let sandbox: Sandbox
  let folder: URL

  var url: String { "file://\(folder.path)" }

  /// Makes the remote, commits the shop and pushes it; from then on a hook refuses branches.
  init(_ sandbox: Sandbox, name: String = "shop", protects: Bool = true) throws {
    self.sandbox = sandbox
    folder = sandbox.outside.appendingPathComponent("\(name).git")
    try sandbox.git("init", "-q", "--bare", "-b", "main", folder.path)
    try sandbox.writeShop()
    try sandbox.commit("Start the shop")
    try sandbox.git("remote", "add", "origin", url)
    try sandbox.git("push", "-q", "origin", "main")
    if protects {
      try hook(
        """
        while read old new ref; do
          case "$ref" in refs/heads/*) echo "$ref is protected" >&2; exit 1;; esac
        done
        """
      )
    }
  }

  /// Sets what runs before a push is taken.
  ///
  /// A shell writes it: while this process has a file open for writing, a program that another test starts keeps it busy for a moment.
  func hook(_ script: String) throws {
    let file = folder.appendingPathComponent("hooks/pre-receive").path
    let outcome = try sandbox.shell(
      "mkdir -p '\(folder.path)/hooks' && cat > '\(file)' && chmod 755 '\(file)'",
      input: Data("#!/bin/sh\n\(script)\n".utf8)
    )
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  /// A fresh runner: a depth-1 clone without a ledger.
  func job(_ name: String, url: String? = nil) throws -> Job {
    let place = sandbox.outside.appendingPathComponent("\(name)/shop")
    try FileManager.default.createDirectory(
      at: place.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try sandbox.git("clone", "-q", "--depth=1", url ?? self.url, place.path)
    return Job(sandbox: sandbox, folder: place)
  }

  /// Runs git in the bare repository.
  @discardableResult
  func git(_ arguments: String..., input: String? = nil) throws -> String {
    let words = arguments.map { "'\($0)'" }.joined(separator: " ")
    let outcome = try sandbox.shell(
      "cd '\(folder.path)' && GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x@x GIT_COMMITTER_NAME=x "
        + "GIT_COMMITTER_EMAIL=x@x git \(words)",
      input: Data((input ?? "").utf8)
    )
    #expect(outcome.status == 0, "git \(arguments): \(outcome.errors)")
    return outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  static let ref = "refs/tally/ledger"

  /// The names of the files on the ref.
  func files() throws -> [String] {
    try git("ls-tree", "--name-only", Self.ref).components(separatedBy: "\n").filter { !$0.isEmpty }
  }

  /// Puts a tree of given lines on the ref.
  func put(_ tree: String) throws {
    let id = try git("mktree", input: tree)
    let commit = try git("commit-tree", id, "-m", "by hand")
    try git("update-ref", Self.ref, commit)
  }
}

/// A clone in which `tally` runs.
struct Job {
  let sandbox: Sandbox
  let folder: URL

  /// Runs `tally`, whatever comes of it.
  func tally(_ arguments: String...) throws -> Outcome { try sandbox.run(arguments, in: folder) }

  /// Runs `tally`, expects status 0, and gives standard output.
  @discardableResult
  func ok(
    _ arguments: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let outcome = try sandbox.run(arguments, in: folder)
    #expect(outcome.status == 0, "\(arguments): \(outcome.errors)", sourceLocation: sourceLocation)
    return outcome.output
  }

  /// Runs `tally … --output json`, expects status 0, and gives the answer.
  func json(
    _ arguments: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [String: Any] {
    let outcome = try sandbox.run(arguments + ["--output", "json"], in: folder)
    #expect(outcome.status == 0, "\(arguments): \(outcome.errors)", sourceLocation: sourceLocation)
    return try outcome.json()
  }

  /// Writes what a linter says of the sandbox's checkout.
  func lint(_ linter: Linter = Linter(), to file: String = "lint.sarif") throws {
    try Data(linter.sarif(of: sandbox.folder).utf8)
      .write(to: folder.appendingPathComponent(file))
  }

  /// The digests of claims and books, and the size.
  func digests() throws -> (state: String, books: String, size: Int) {
    let answer = try json("verify")
    return (
      answer["stateDigest"] as? String ?? "", answer["booksDigest"] as? String ?? "",
      answer["size"] as? Int ?? -1
    )
  }

  /// The ids of the scans that the ledger holds, as they are.
  func scans() throws -> [String] {
    try ok("textconv", "ledger.db").components(separatedBy: "\n")
      .filter { $0.contains(" scan ") }
      .map { String($0.split(separator: " ")[0]) }
  }

  func git(_ arguments: String...) throws -> String {
    let words = arguments.map { "'\($0)'" }.joined(separator: " ")
    return try sandbox.shell("cd '\(folder.path)' && git \(words)").output
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
