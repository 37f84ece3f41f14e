import Foundation
import Testing

/// A rule that was switched off in the tool's configuration is retired; what else changes in a shared file changes nothing.
///
/// Method: the linter stops to report a rule that it still lists, in files that nobody edits, beside an edit of the configuration.
@Suite struct ToolConfigurationTests {
  /// The shop with a configuration file, scanned; then the file is edited, and two findings of `no-print` are not reported any more.
  private func step(
    tool: String,
    _ files: [String: String],
    edit path: String,
    _ old: String,
    _ new: String
  ) throws -> (run: Run, sandbox: Sandbox) {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    for (path, text) in files { try sandbox.write(text, to: path) }
    try sandbox.commit("Start")
    try sandbox.scan(Linter(tool: tool))
    try sandbox.edit(path, old, new)
    try sandbox.commit("Edit \(path)")
    return (try sandbox.scan(Linter(tool: tool, muted: ["no-print"])), sandbox)
  }

  private static let pyproject = """
    [project]
    name = "shop"
    readme = "README.md"

    [tool.ruff.lint]
    select = ["E", "T20"]  # no print

    """
  private static let package = #"""
    {"name": "shop", "version": "1.0.0", "eslintConfig": {"rules": {"no-print": "error"}}}
    """#

  @Test(
    "an edit beside the tool's part retires nothing",
    arguments: [
      ("ruff", "pyproject.toml", pyproject, "README.md", "README.rst"),
      ("ruff", "pyproject.toml", pyproject, "  # no print", ""),
      ("mypy", "pyproject.toml", pyproject, "\"T20\"", "\"T201\""),
      ("eslint", "package.json", package, "1.0.0", "1.0.1"),
      ("eslint", "pyproject.toml", pyproject, "\"T20\"", "\"T201\""),
      ("flake8", "setup.cfg", "[metadata]\nname = shop\n[flake8]\nmax = 1\n", "shop", "mall"),
      ("unheard-of", "pyproject.toml", pyproject, "\"T20\"", "\"T201\""),
    ]
  )
  func beside(
    _ tool: String,
    _ path: String,
    _ text: String,
    _ old: String,
    _ new: String
  ) throws {
    let run = try step(tool: tool, [path: text], edit: path, old, new).run
    #expect(run.postings["retired"] == nil)
  }

  @Test(
    "a rule that goes with an edit of the tool's part is retired",
    arguments: [
      ("ruff", "pyproject.toml", pyproject, ", \"T20\"", ""),
      ("ruff", "tools/deep/ruff.toml", "line-length = 100\n", "100", "99"),
      ("mypy", "setup.cfg", "[mypy]\nstrict = True\n", "True", "False"),
      ("eslint", "package.json", package, "\"error\"", "\"off\""),
      ("eslint", "web/eslint.config.mjs", "export default [{}];\n", "{}", ""),
      ("rubocop", ".rubocop_todo.yml", "A:\n  Enabled: true\n", "true", "false"),
      ("codeql", ".github/codeql/config.yml", "paths: [a]\n", "[a]", "[b]"),
    ]
  )
  func within(
    _ tool: String,
    _ path: String,
    _ text: String,
    _ old: String,
    _ new: String
  ) throws {
    let run = try step(tool: tool, [path: text], edit: path, old, new).run
    #expect(run.postings == ["retired": 2])
  }

  @Test("a file that the configuration takes in is a part of it")
  func extended() throws {
    let files = [
      "pyproject.toml": "[tool.ruff]\nextend = \"tools/base.toml\"\n",
      "tools/base.toml": "line-length = 100\n", "tools/other.toml": "line-length = 100\n",
    ]
    let base = try step(tool: "ruff", files, edit: "tools/base.toml", "100", "99")
    #expect(base.run.postings == ["retired": 2])
    let other = try step(tool: "ruff", files, edit: "tools/other.toml", "100", "99")
    #expect(other.run.postings["retired"] == nil)
  }

  @Test("a configuration that appears, moves or goes is a changed one")
  func moved() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    try sandbox.scan(Linter(tool: "ruff"))
    try sandbox.write("line-length = 100\n", to: "ruff.toml")
    try sandbox.commit("Configure")
    let appeared = try sandbox.scan(Linter(tool: "ruff", muted: ["no-print"]))
    #expect(appeared.postings == ["retired": 2])
    try sandbox.git("mv", "ruff.toml", ".ruff.toml")
    try sandbox.commit("Rename it")
    let moved = try sandbox.scan(Linter(tool: "ruff", muted: ["no-print", "no-exec"]))
    #expect(moved.postings == ["retired": 1])
    try sandbox.git("rm", "-q", ".ruff.toml")
    try sandbox.commit("Remove it")
    // A commit between, and another tool, whose evidence says nothing about ruff.
    try sandbox.scan(Linter(tool: "mypy"))
    let gone = try sandbox.scan(Linter(tool: "ruff"))
    #expect(gone.postings == ["reopened": 3])
    try sandbox.ok("rebuild")
    try sandbox.ok("verify")
  }

  @Test("the books are the same when they are made again, and from whatever came first")
  func order() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.write(Self.pyproject, to: "pyproject.toml")
    try sandbox.commit("Start")
    try sandbox.lint(Linter(tool: "ruff"), to: "one.sarif")
    try sandbox.edit("pyproject.toml", "README.md", "README.rst")
    let second = try sandbox.commit("Rename the page")
    try sandbox.lint(Linter(tool: "ruff", muted: ["no-print"]), to: "two.sarif")
    let first = try sandbox.git("rev-parse", "HEAD~1")
      .trimmingCharacters(in: .whitespacesAndNewlines)
    var digests: Set<String> = []
    for files in [["one", "two"], ["two", "one"]] {
      let ledger = "\(files[0]).db"
      for file in files {
        let commit = file == "one" ? first : second
        try sandbox.ok("ingest", "\(file).sarif", "--commit", commit, "--ledger", ledger)
      }
      digests.insert(try sandbox.ok("statement", "--ledger", ledger))
      try sandbox.ok("rebuild", "--ledger", ledger)
      digests.insert(try sandbox.ok("statement", "--ledger", ledger))
    }
    #expect(digests.count == 1)
    #expect(!(digests.first ?? "retired").contains("retired"))
  }

  @Test("a scan has the same id with and without git")
  func entry() throws {
    let (run, sandbox) = try step(
      tool: "ruff",
      ["pyproject.toml": Self.pyproject],
      edit: "pyproject.toml",
      "README.md",
      "README.rst"
    )
    let bare = try Sandbox(git: false)
    try bare.write("version: 1\nproject: shop\n", to: "tally.yml")
    try bare.write(sandbox.read("lint.sarif"), to: "lint.sarif")
    let answer = try bare.json(
      "ingest",
      "lint.sarif",
      "--commit",
      run.commit,
      "--branch",
      "main"
    )
    #expect(try Run(answer).entry == run.entry)
  }

  @Test("runners whose clones hold one commit tell a changed configuration from a changed page")
  func shallow() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.write(Self.pyproject, to: "pyproject.toml")
    let remote = try Remote(sandbox, protects: false)
    func scan(_ name: String, _ linter: Linter) throws -> Run {
      let job = try remote.job(name)
      try job.lint(linter)
      return try Run(job.json("ingest", "--push", "lint.sarif"))
    }
    func push(_ message: String) throws {
      try sandbox.commit(message)
      try sandbox.git("push", "-q", "origin", "main")
    }
    try push("Configure")
    _ = try scan("one", Linter(tool: "ruff"))
    try sandbox.edit("pyproject.toml", "README.md", "README.rst")
    try push("Rename the page")
    let page = try scan("two", Linter(tool: "ruff", muted: ["no-exec"]))
    #expect(page.postings["retired"] == nil)
    try sandbox.edit("pyproject.toml", ", \"T20\"", "")
    try push("Allow to print")
    let select = try scan("three", Linter(tool: "ruff", muted: ["no-print", "no-exec"]))
    // What was missing before for no reason has one now.
    #expect(select.postings == ["retired": 3])
  }
}
