import Foundation
import TallyModel
import Testing

@testable import TallyBooks

/// What a changed configuration explains, from the evidence about two commits, else from names.
@Suite("Tool configuration")
struct ToolConfigurationTests {
  /// Two commits between which `pyproject.toml` changed, and a finding went from a file that did not.
  private func world(
    tool: String = "ruff",
    _ before: [String: String]?,
    _ after: [String: String]?,
    versions: (Int, Int) = (1, 1)
  ) -> World {
    var world = World()
    world.lane = LaneKey(project: "p", tool: tool, category: "", branch: "main")
    world.commit("one", time: 10, files: ["a.py": "1", "pyproject.toml": "1"])
    world.commit("two", parents: ["one"], time: 20, files: ["a.py": "1", "pyproject.toml": "2"])
    world.scan("one", rows: ["a.py:1 R 1", "a.py:2 S 2"], rules: ["R", "S", "T"])
    world.scan("two", rows: ["a.py:2 S 2", "a.py:3 T 3"], rules: ["R", "S", "T"])
    for (name, files, version) in [("one", before, versions.0), ("two", after, versions.1)] {
      guard let files else { continue }
      world.facts.toolConfigurations.append(
        ToolConfigurationRecord(
          commit: World.commit(name),
          tool: tool,
          version: version,
          files: files.sorted { $0.key < $1.key }.map {
            ToolConfigurationFile(
              path: World.path($0.key),
              digest: SimFactWriter.content($0.value, RawDigest.init)
            )
          }
        )
      )
    }
    return world
  }

  private static let retired = ["1 retired assumed 1 a.py !", "1 surfaced assumed 3 a.py !"]
  /// What is missing though nothing of the tool changed is suspect, and what such a scan brings has surfaced.
  private static let suspect = [
    "0 brought forward direct 2 a.py", "1 surfaced assumed 3 a.py !",
  ]

  @Test("the tool's own part decides where it is known of both commits")
  func known() throws {
    let part = ["pyproject.toml": "x"]
    let same = world(part, part)
    #expect(same.story(try same.books()).suffix(2) == Self.suspect)
    for after in [["pyproject.toml": "y"], [:], ["pyproject.toml": "x", "b/ruff.toml": "x"]] {
      let changed = world(part, after)
      #expect(changed.story(try changed.books()).suffix(2) == Self.retired)
    }
    let none = world([:], [:])
    #expect(none.story(try none.books()).suffix(2) == Self.suspect)
  }

  @Test("where it is not known of both, or by another version, the names of what changed decide")
  func unknown() throws {
    let part = ["pyproject.toml": "x"]
    for world in [
      world(nil, nil), world(part, nil), world(nil, part), world(part, part, versions: (1, 2)),
    ] {
      #expect(world.story(try world.books()).suffix(2) == Self.retired)
    }
    let other = world(tool: "unheard-of", nil, nil)
    #expect(other.story(try other.books()).suffix(2) == Self.suspect)
  }

  @Test("evidence about another tool says nothing")
  func otherTool() throws {
    var world = world(nil, nil)
    world.facts.toolConfigurations = ["one", "two"].map {
      ToolConfigurationRecord(commit: World.commit($0), tool: "mypy", version: 1, files: [])
    }
    #expect(world.story(try world.books()).suffix(2) == Self.retired)
  }

  @Test(
    "files are told by their names, in every folder",
    arguments: [
      ("ruff", "ruff.toml", true), ("ruff", "a/b/.ruff.toml", true), ("ruff", "xruff.toml", false),
      ("ruff", "ruff.toml/x", false), ("mypy", "tox.ini", false), ("mypy", "a/setup.cfg", true),
      ("eslint", ".eslintrc", true), ("eslint", "eslint.config.mts", true),
      ("codeql", ".github/codeql/c.yml", true), ("codeql", "x/.github/codeql/c.yaml", true),
      ("codeql", "x.github/codeql/c.yml", false), ("codeql", "codeql/c.yml", false),
      ("codeql", ".github/codeql/a/c.yml", false), ("tsc", "tsconfig.build.json", true),
      ("tsc", "tsconfig.json", true), ("tsc", "tsconfigs.json", false),
      ("csc", "x.ruleset", true), ("detekt", "config/detekt/base.yml", true),
      ("detekt", "src/detekt/base.yml", false), ("tsc", "a/tsconfig.", false),
    ]
  )
  func names(_ tool: String, _ path: String, _ expected: Bool) throws {
    let configuration = try #require(ToolConfiguration.of(tool))
    #expect((configuration.part(of: World.path(path)) != nil) == expected)
  }

  @Test("every tool is there once, with something to look for")
  func table() {
    let ids = ToolConfiguration.all.map(\.tool)
    #expect(Set(ids).count == ids.count)
    for configuration in ToolConfiguration.all {
      #expect(!configuration.sources.isEmpty)
      for source in configuration.sources {
        let path = World.path("x/" + source.pattern.replacingOccurrences(of: "*", with: "y"))
        #expect(configuration.part(of: path) == source.part, "\(configuration.tool) \(path)")
      }
    }
  }

  @Test(
    "lockfiles and declarations of dependencies are told from other files",
    arguments: [
      ("package-lock.json", true), ("web/yarn.lock", true), ("requirements.txt", true),
      ("requirements-dev.in", true), ("requirements/base.txt", true), ("constraints.txt", true),
      ("go.sum", true), ("Package.resolved", true), ("a/build.gradle.kts", true),
      ("Shop.csproj", true), ("pyproject.toml", false), ("package.json", false),
      ("docs/base.txt", false), ("requirements.py", false), ("lock", false),
    ]
  )
  func dependencies(_ path: String, _ expected: Bool) throws {
    #expect(DependencyFiles.contains(World.path(path)) == expected)
    var world = World()
    world.commit("one", time: 10, files: ["a.py": "1", path: "1"])
    world.commit("two", parents: ["one"], time: 20, files: ["a.py": "2", path: "2"])
    let base = try Base(
      commit: World.commit("one"),
      target: World.commit("two"),
      facts: world.facts
    )
    #expect(base.changesDependencies == expected)
  }

  @Test("tools that look further than one file are known, linters of one file are not among them")
  func wholeProgram() {
    for tool in ["mypy", "pyright", "codeql", "tsc", "trivy", "osv-scanner"] {
      #expect(WholeProgramTools.contains(tool))
    }
    for tool in ["ruff", "flake8", "shellcheck", "hadolint", "yamllint"] {
      #expect(!WholeProgramTools.contains(tool))
    }
  }

  /// The page is written from the table, so that it cannot lag behind.
  @Test("the documentation lists the files of every tool")
  func documentation() throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../docs/tool-configuration.md").standardizedFileURL
    let text = try String(contentsOf: page, encoding: .utf8)
    let marks = ["<!-- files -->\n", "<!-- end -->"]
    let parts = text.components(separatedBy: marks[0])
    try #require(parts.count == 2)
    let rest = parts[1].components(separatedBy: marks[1])
    try #require(rest.count == 2)
    let rows = ToolConfiguration.all.sorted { $0.tool < $1.tool }.map(Self.row)
    let table = (["| tool | files |", "| --- | --- |"] + rows).joined(separator: "\n") + "\n"
    if rest[0] != table, ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
      try (parts[0] + marks[0] + table + marks[1] + rest[1])
        .write(to: page, atomically: true, encoding: .utf8)
    }
    #expect(rest[0] == table, "UPDATE_GOLDENS=1 writes the table")
  }

  private static func row(_ configuration: ToolConfiguration) -> String {
    var files = configuration.sources.map { source in
      let name = "`\(source.pattern)`"
      switch source.part {
      case .whole: return name
      case .tables(let keys): return "\(name) (\(keys.map { "`\($0)`" }.joined(separator: ", ")))"
      case .sections(let names):
        return "\(name) (\(names.map { "`[\($0)]`" }.joined(separator: ", ")))"
      case .members(let names):
        return "\(name) (\(names.map { "`\($0)`" }.joined(separator: ", ")))"
      }
    }
    if !configuration.references.isEmpty {
      let keys = configuration.references.map { "`\($0)`" }.joined(separator: ", ")
      files.append("what these take in with \(keys)")
    }
    return "| \(configuration.tool) | \(files.joined(separator: ", ")) |"
  }
}
