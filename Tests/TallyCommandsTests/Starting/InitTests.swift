import Foundation
import Testing
import Yams

/// `tally init` in repositories as people have them.
///
/// Method: a real repository for each ecosystem; what is written and what is said are goldens, and both the program and the shipped
/// schema accept the file.
@Suite struct InitTests {
  @Test("each ecosystem gets its configuration", arguments: Ecosystem.all)
  func ecosystems(_ ecosystem: Ecosystem) throws {
    let sandbox = try Sandbox()
    try ecosystem.play(sandbox)
    let outcome = try sandbox.tally("init", "--yes")
    #expect(outcome.status == 0, "\(outcome.errors)")
    try expectGolden(outcome.output + outcome.errors, "init/\(ecosystem.name).txt")
    let text = try sandbox.read("tally.yml")
    try expectGolden(text, "init/\(ecosystem.name).yml")
    #expect(try Self.schemaMistakes(text) == [])
    #expect(try sandbox.git("status", "--porcelain") == "?? tally.yml")
    // Every command reads the file first: what is missing is the ledger alone.
    #expect(try sandbox.tally("list").errors.contains("[ledger.missing]"))
  }

  /// What the shipped schema says of a `tally.yml`.
  static func schemaMistakes(_ text: String) throws -> [String] {
    let file = Golden.project.appendingPathComponent("docs/tally.schema.json")
    let value = try Yams.load(yaml: text, .default.removing(.timestamp))
    return try JSONSchema(Data(contentsOf: file)).mistakes(in: try #require(value))
  }

  @Test("the schema check of these tests refuses what is wrong")
  func schemaCheckBites() throws {
    for wrong in [
      "project: x", "version: 2", "version: 1\nextra: 1", "version: 1\nstale_after: soon",
      "version: 1\ncampaigns: [{title: x}]", "version: 1\nlanes: [{tool: 1}]",
      "version: 1\ncampaigns: [{id: a, criteria: [{title: x, tests: maybe}]}]",
    ] {
      #expect(try !Self.schemaMistakes(wrong).isEmpty, "\(wrong)")
    }
  }

  @Test("from init to the post in four commands")
  func firstPost() throws {
    let sandbox = try Sandbox()
    try Ecosystem.all[0].play(sandbox)
    try sandbox.ok("init", "--yes")
    try sandbox.write("eval('1')\nprint(2)\n", to: "src/app.py")
    try sandbox.commit("Configure")
    let scan = try sandbox.scan(Linter(tool: "ruff"))
    #expect(scan.open == 2)
    let post = try sandbox.ok("report")
    #expect(post.contains("No new violations"))
    #expect(post.contains("Nothing new since the baseline"))
    #expect(post.contains("shop/all | OPEN"))
    #expect(post.contains("bandit"), "the lane that has no scan yet is named")
  }

  @Test("the answer as JSON")
  func json() throws {
    let sandbox = try Sandbox()
    try Ecosystem.all[0].play(sandbox)
    try sandbox.git("remote", "add", "origin", "https://ada:secret@git.example/shop/shop.git")
    let outcome = try sandbox.tally("init", "--ci", "--output", "json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(!outcome.output.contains("ada:secret"))
    try expectGolden(outcome.output, "json/init.json")
    #expect(try sandbox.read("tally.yml").contains("https://git.example/shop/shop"))
  }

  @Test("nothing is overwritten without --force, also by half")
  func force() throws {
    let sandbox = try Sandbox()
    try Ecosystem.all[0].play(sandbox)
    try sandbox.ok("init", "--yes")
    let first = try sandbox.read("tally.yml")
    try sandbox.write("version: [broken\n", to: "tally.yml")
    let again = try sandbox.tally("init", "--yes", "--ci")
    #expect(again.status == 2)
    #expect(
      again.errors
        == "error: 'tally.yml' is there already [start.exists]\nhint: look at it first; --force replaces it\n"
    )
    #expect(try sandbox.read("tally.yml") == "version: [broken\n")
    #expect(sandbox.bytes(".github/workflows/tally.yml") == nil)
    try sandbox.ok("init", "--yes", "--force", "--ci")
    #expect(try sandbox.read("tally.yml") == first)
    // The other way round: only the lines for CI are there.
    try FileManager.default.removeItem(at: sandbox.folder.appendingPathComponent("tally.yml"))
    let half = try sandbox.tally("init", "--yes", "--ci")
    #expect(half.errors.contains("'.github/workflows/tally.yml' is there already [start.exists]"))
    #expect(sandbox.bytes("tally.yml") == nil)
    // A second run gives the same bytes.
    try sandbox.ok("init", "--yes")
    #expect(try sandbox.read("tally.yml") == first)
  }

  @Test("a link in the way is not followed")
  func links() throws {
    let sandbox = try Sandbox()
    try Ecosystem.all[0].play(sandbox)
    let files = FileManager.default
    let target = sandbox.outside.appendingPathComponent("precious")
    try Data("precious\n".utf8).write(to: target)
    let link = sandbox.folder.appendingPathComponent("tally.yml")
    try files.createSymbolicLink(at: link, withDestinationURL: target)
    #expect(try sandbox.tally("init", "--yes").errors.contains("[start.exists]"))
    try sandbox.ok("init", "--yes", "--force")
    #expect(try String(contentsOf: target, encoding: .utf8) == "precious\n")
    #expect(try sandbox.read("tally.yml").contains("version: 1"))
    // A folder that leads out of the repository.
    let workflows = sandbox.folder.appendingPathComponent(".github/workflows")
    try files.removeItem(at: workflows)
    try files.removeItem(at: link)
    try files.createSymbolicLink(at: workflows, withDestinationURL: sandbox.outside)
    let outcome = try sandbox.tally("init", "--yes", "--ci", "--host", "github-actions")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("[start.leads-outside]"))
    #expect(sandbox.bytes("tally.yml") == nil)
    #expect(!files.fileExists(atPath: sandbox.outside.appendingPathComponent("tally.yml").path))
    // A configuration that is a link to somewhere else is not read.
    try files.removeItem(at: sandbox.folder.appendingPathComponent("pyproject.toml"))
    try files.createSymbolicLink(
      at: sandbox.folder.appendingPathComponent("pyproject.toml"),
      withDestinationURL: target
    )
    try sandbox.ok("init", "--yes")
    #expect(try !sandbox.read("tally.yml").contains("mypy"))
  }

  @Test("files with hostile names and a branch like an expression do no harm")
  func hostile() throws {
    let sandbox = try Sandbox(project: "sh\u{1B}[31mop - {y}")
    let nasty = "d\u{1B}[2J\"'`$(touch owned)${{ x }}\nversion: 2\n\u{202E}"
    try sandbox.write("", to: "\(nasty)/mypy.ini")
    try sandbox.write("", to: "\(nasty)/semgrep.yml")
    try sandbox.write("", to: "\(nasty)/.secrets.baseline")
    try sandbox.write("", to: "-rf/ruff.toml")
    try sandbox.write("*.py @\u{1B}[31m\"x\": &y\n/a[ @z\n", to: "CODEOWNERS")
    try sandbox.write("on: push\n", to: ".github/workflows/x.yml")
    try sandbox.git("add", "-A")
    try sandbox.commit("Begin")
    try sandbox.git("branch", "-m", "${{x}}$(id)")
    let outcome = try sandbox.tally("init", "--yes", "--ci")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let yaml = try sandbox.read("tally.yml")
    #expect(try Self.schemaMistakes(yaml) == [])
    let workflow = try sandbox.read(".github/workflows/tally.yml")
    for text in [outcome.output, outcome.errors, yaml, workflow] {
      #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
      #expect(!text.contains("\u{202E}"))
      #expect(text == yaml || !text.contains("touch owned)\n"))
    }
    #expect(!workflow.contains("touch"))
    #expect(!workflow.contains("${{x}}"))
    #expect(workflow.contains("tally gate --base main"))
    let document = try #require(try Yams.load(yaml: yaml) as? [String: Any])
    #expect(document["project"] as? String == "sh\u{1B}[31mop - {y}")
    #expect(document["version"] as? Int == 1)
  }

  @Test("without a repository, without git, without a commit, in a bare one")
  func withoutGit() throws {
    let plain = try Sandbox(git: false)
    try plain.write("", to: "ruff.toml")
    try plain.write("", to: "node_modules/x/.eslintrc")
    let folder = try plain.tally("init", "--yes")
    #expect(folder.status == 0)
    #expect(folder.errors.contains("warning: this is no git repository"))
    #expect(folder.output.hasSuffix("wrote tally.yml\nnext: git init\n"))
    #expect(try plain.read("tally.yml").contains("tool: ruff"))

    let gitless = try Sandbox(git: false)
    gitless.environment = ["PATH": ""]
    let outcome = try gitless.tally("init", "--yes")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("git is not installed"))

    let fresh = try Sandbox()
    try fresh.write("", to: "ruff.toml")
    let unborn = try fresh.tally("init", "--yes")
    #expect(unborn.errors.contains("git tracks no file yet"))
    #expect(unborn.output.hasSuffix("next: git add . && git commit\n"))

    let bare = try Sandbox(git: false)
    try bare.git("init", "-q", "--bare", ".")
    let refused = try bare.tally("init", "--yes")
    #expect(refused.status == 2)
    #expect(refused.errors.contains("[start.no-work-tree]"))
  }

  @Test("from a folder below, the file goes to the top; --config and --ledger choose otherwise")
  func places() throws {
    let sandbox = try Sandbox()
    try Ecosystem.all[0].play(sandbox)
    let below = sandbox.folder.appendingPathComponent("src/tools")
    #expect(try sandbox.run(["init", "--yes"], in: below).status == 0)
    #expect(try sandbox.read("tally.yml").contains("version: 1"))
    let other = try sandbox.run(
      ["init", "--yes", "--config", "x/other.yml", "--ledger", "../books.db"],
      in: below
    )
    #expect(other.status == 0, "\(other.errors)")
    #expect(other.output.contains("wrote x/other.yml"))
    #expect(try sandbox.read("src/tools/x/other.yml").contains("ledger: \"../books.db\""))
  }

  @Test("a folder nobody may write to, and a host without a file, are refused with nothing written")
  func refused() throws {
    let sandbox = try Sandbox()
    try Ecosystem.all[2].play(sandbox)
    let jenkins = try sandbox.tally("init", "--yes", "--ci")
    #expect(jenkins.status == 2)
    #expect(jenkins.errors.contains("[start.no-file]"))
    let none = try Sandbox()
    try Ecosystem.all[6].play(none)
    #expect(try none.tally("init", "--yes", "--ci").errors.contains("[start.no-host]"))
    #expect(try none.tally("init", "--host", "travis").status == 64)
    #expect(none.bytes("tally.yml") == nil)
    // Root may write anywhere: another user tries.
    let outcome = try sandbox.shell(
      """
      [ "$(id -u)" = 0 ] || { chmod a-w . && exec "$TALLY" init --yes; }
      command -v setpriv >/dev/null || exit 77
      chmod -R a+rX "$PWD/.."; chmod a-w .
      exec setpriv --reuid 65534 --regid 65534 --clear-groups "$TALLY" init --yes
      """
    )
    if outcome.status != 77 {
      #expect(outcome.status == 2, "\(outcome.errors)")
      #expect(outcome.errors.contains("[start.cannot-write]") || outcome.errors.contains("[git."))
    }
    _ = try sandbox.shell("chmod u+w .")
    #expect(sandbox.bytes("tally.yml") == nil)
  }

  @Test("on a terminal it asks what no file says", .enabled(if: TerminalTests.hasScript))
  func questions() throws {
    let sandbox = try Sandbox()
    try Ecosystem.all[6].play(sandbox)
    sandbox.environment = ["TERM": "dumb"]
    func answer(_ lines: String) throws -> Outcome {
      try sandbox.shell(
        "script -qec '\"$TALLY\" init --force' /dev/null",
        input: Data(lines.utf8)
      )
    }
    let outcome = try answer("gitlab\nruff, My Linter\n#12\n2026-12-18\nyes\n")
    #expect(outcome.status == 0, "\(outcome.output)")
    for question in [
      "Which CI system runs here", "Which scanners run here, with commas between? [ruff,eslint]",
      "Which issue", "On which day", "Write the lines for CI to .gitlab/tally.yml? [no]",
    ] {
      #expect(outcome.output.contains(question), "\(question)")
    }
    let yaml = try sandbox.read("tally.yml")
    for line in ["tool: ruff", "tool: my-linter", "issue: \"12\"", "due: 2026-12-18"] {
      #expect(yaml.contains(line), "\(line)")
    }
    #expect(try Self.schemaMistakes(yaml) == [])
    #expect(try sandbox.read(".gitlab/tally.yml").contains("tally ingest --push ruff.sarif"))
    // Empty lines mean nothing.
    let silent = try answer("\n\n\n\n\n")
    #expect(silent.status == 0)
    #expect(try sandbox.read("tally.yml").contains("# issue: 12"))
  }
}
