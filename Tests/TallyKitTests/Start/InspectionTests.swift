import Foundation
import TallyModel
import Testing

@testable import TallyKit

/// What `tally init` recognises, from paths and texts alone.
@Suite struct InspectionTests {
  static func inspect(_ files: [String: String]) -> RepositoryInspection {
    RepositoryInspection(paths: files.keys.sorted(), text: { files[$0] })
  }

  @Test("every tool is recognised by each of its traces")
  func everyTrace() {
    for tool in KnownTool.all {
      for trace in tool.traces {
        let name = trace.file.hasSuffix("*") ? trace.file.dropLast() + "x" : trace.file[...]
        let text = trace.text ?? trace.line.map { "# first\n  \($0)\n" } ?? ""
        let found = Self.inspect(["deep/\(name)": text, "README.md": ""])
        let all = (found.scanners + found.tests).map(\.tool.id)
        #expect(all.contains(tool.id), "\(tool.id): \(trace.file)")
      }
    }
  }

  @Test("a table of another name, a comment and a missing text are no trace")
  func noTrace() {
    let found = Self.inspect([
      "pyproject.toml": "# [tool.ruff]\n[tool.black]\nx = \"[tool.mypy]\"\n",
      "setup.cfg": "[metadata]\n", "package.json": "{\"name\": \"x\"}",
    ])
    #expect(found.scanners.isEmpty)
    #expect(found.tests.isEmpty)
    let unread = RepositoryInspection(paths: ["pyproject.toml"], text: { _ in nil })
    #expect(unread.scanners.isEmpty)
  }

  @Test("the place nearest to the top counts, and other people's code does not")
  func places() throws {
    let found = Self.inspect([
      "a/deep/ruff.toml": "", "z/ruff.toml": "", "node_modules/x/.eslintrc.json": "",
      "vendor/y/.golangci.yml": "", "Tests/Fixtures/p/biome.json": "", "node_modules/x/i.js": "",
      "z/a.py": "",
    ])
    #expect(found.scanners.map(\.path) == ["z/ruff.toml"])
    #expect(found.scanners.map(\.others) == [1])
    #expect(found.languages.map(\.name) == ["Python"])
  }

  @Test("languages are counted by extension, most files first, then by name")
  func languages() {
    let found = Self.inspect([
      "a.ts": "", "b.tsx": "", "c.py": "", "d.go": "", ".py": "", "py": "", "e.unknown": "",
      "f.PY": "",
    ])
    #expect(
      found.languages.map { "\($0.name) \($0.files)" } == ["TypeScript 2", "Go 1", "Python 1"]
    )
  }

  @Test("every CI system is recognised, also several at once")
  func hosts() {
    let files = [
      ".github/workflows/ci.yml", ".gitlab-ci.yml", "Jenkinsfile", "azure-pipelines.yml",
      ".buildkite/pipeline.yml", ".circleci/config.yml",
    ]
    for (host, file) in zip(PipelineHost.allCases, files) {
      #expect(Self.inspect([file: ""]).hosts == [host])
    }
    let all = Self.inspect(Dictionary(uniqueKeysWithValues: files.map { ($0, "") }))
    #expect(all.hosts == PipelineHost.allCases)
    #expect(Self.inspect(["docs/Jenkinsfile": "", ".github/CODEOWNERS": ""]).hosts.isEmpty)
  }

  @Test("baselines are found with the tool they quieten")
  func baselines() {
    let found = Self.inspect([
      "phpstan-baseline.neon": "", "app/detekt-baseline.xml": "", ".secrets.baseline": "",
      ".betterer.results": "", "eslint-suppressions.json": "", "node_modules/.trivyignore": "",
    ])
    #expect(
      found.baselines.map { "\($0.path) \($0.tool)" } == [
        ".betterer.results betterer", ".secrets.baseline detect-secrets",
        "app/detekt-baseline.xml detekt", "eslint-suppressions.json eslint",
        "phpstan-baseline.neon phpstan",
      ]
    )
  }

  @Test("the lines for CI name only words that no shell takes for anything else")
  func plainCommands() {
    for tool in KnownTool.all {
      for command in [tool.command] + tool.traces.map(\.command) {
        #expect(command?.contains("'") != true, "\(tool.id)")
        #expect(command?.contains("$(") != true, "\(tool.id)")
      }
      #expect((tool.command == nil) == tool.report.isEmpty, "\(tool.id)")
    }
  }
}

/// How `CODEOWNERS` becomes components.
@Suite struct CodeOwnersTests {
  @Test(
    "patterns stand for the same paths",
    arguments: [
      ("*", ["a.py", "a/b.py"], []),
      ("*.js", ["a.js", "x/y/a.js"], ["a.jsx"]),
      ("/build/logs/", ["build/logs/a"], ["x/build/logs/a", "build/logs"]),
      ("docs/*", ["docs/a.md"], ["docs/b/a.md", "x/docs/a.md"]),
      ("apps/", ["apps/a", "x/apps/b/c"], ["apps", "xapps/a"]),
      ("/docs/", ["docs/a/b"], ["x/docs/a"]),
      ("/scripts", ["scripts", "scripts/a"], ["x/scripts"]),
      ("**/logs", ["logs", "a/logs", "a/b/logs/c"], ["a/xlogs"]),
      ("/a{b}c.py", ["a{b}c.py"], ["abc.py"]),
    ] as [(String, [String], [String])]
  )
  func patterns(pattern: String, inside: [String], outside: [String]) throws {
    let globs = try CodeOwners.globs(pattern).map { try Glob($0) }
    for path in inside { #expect(globs.contains { $0.matches(path) }, "\(pattern): \(path)") }
    for path in outside { #expect(!globs.contains { $0.matches(path) }, "\(pattern): \(path)") }
  }

  @Test("owners are grouped, comments, sections and lines without owners left out")
  func file() {
    let owners = CodeOwners(
      """
      # Everybody
      *            @org/all
      [Section] @x
      /src/        @org/core @ada   # and friends
      /src/old/
      /docs\\ old/  ada@shop.example
      /lib/        @org/core @ada
      !/no/        @org/all
      """
    )
    #expect(owners.parts.map(\.owners) == ["@org/all", "@org/core @ada", "ada@shop.example"])
    #expect(owners.parts.map(\.paths) == [["**"], ["src/**", "lib/**"], ["docs old/**"]])
    #expect(owners.leftOut == 1)
  }

  @Test("a long file is cut with a count")
  func limits() {
    let many = (0..<100).map { "/p\($0)/ @team\($0)\n/q\($0)/ @one\n" }.joined()
    let owners = CodeOwners(many)
    #expect(owners.parts.count == CodeOwners.partLimit)
    #expect(owners.parts.allSatisfy { $0.paths.count <= CodeOwners.pathLimit })
    #expect(owners.leftOut == 200 - owners.parts.reduce(0) { $0 + $1.paths.count })
  }
}

/// Whatever a repository is called or holds, what is written is read back as it was.
@Suite struct StartingConfigurationTests {
  static let nasty = [
    "plain", "with space", "true", "No", "null", "12", "a: b", "- x", "#", "a #b", "\"q\" 'r'",
    "back\\slash", "line\nbreak", "tab\t", "\u{1B}[31m", "\u{202E}gnp", "ü", "{x: y}", "[a]", "*a",
    "&a", "!t", "%d", "@at", "`b`", "${{ github.token }}", "", "\u{85}\u{2028}", "🦑",
  ]

  @Test("names come back as they were", arguments: nasty)
  func names(_ name: String) throws {
    var start = StartingConfiguration(
      inspection: InspectionTests.inspect([
        "ruff.toml": "", "x\(name)y/mypy.ini": "",
        "CODEOWNERS": "/src/ \(name.isEmpty ? "@x" : name.replacing("#", with: "@"))\n",
        "\(name)z/.secrets.baseline": "",
      ]),
      project: name.isEmpty ? "x" : name,
      branch: name.isEmpty ? "main" : name,
      today: try #require(Timestamp(iso8601: "2026-03-01T10:00:00Z"))
    )
    start.ledger = name.isEmpty ? nil : name
    start.issue = "NET-1"
    start.due = Timestamp(iso8601: "2026-12-18")
    let read = try TallyConfiguration.parse(start.text)
    #expect(read.project == start.project)
    #expect(read.ledger == start.ledger)
    #expect(read.lanes.map(\.tool) == ["ruff"])
    #expect(read.lanes.first?.branch == start.branch)
    let campaign = try #require(read.campaign("no-new"))
    #expect(campaign.select.branch?.matches(start.branch) == true)
    #expect(campaign.select.branch?.matches(start.branch + "x") == false)
    #expect(campaign.issue == "NET-1")
    #expect(campaign.due?.dateText == "2026-12-18")
    #expect(start.text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
  }
}
