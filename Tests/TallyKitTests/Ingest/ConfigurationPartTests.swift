import Foundation
import TallyBooks
import TallyModel
import Testing

@testable import TallyKit

/// What of a configuration file belongs to the tool.
///
/// Method: pairs of texts that must read alike or differ for the tool, never the normal form itself.
@Suite struct ConfigurationPartTests {
  private func part(_ text: String, _ part: ToolConfiguration.Part) -> [UInt8]? {
    ConfigurationPart.normalized(Array(text.utf8), part)
  }

  private static let project = """
    [project]
    name = "shop"
    readme = "README.md"

    [tool.ruff]
    line-length = 100  # wide
    exclude = [
      "build",
      'dist',  # "quoted" too
    ]

    [tool.ruff.lint]
    select = ["E", "F"]
    doc = \"\"\"
    [tool.black]
    \"\"\"

    [[tool.mypy.overrides]]
    module = "a"
    [[tool.mypy.overrides]]
    module = "b"

    """

  @Test(
    "a change beside the tool's tables, comments and white space change nothing",
    arguments: [
      ("README.md", "README.rst"), ("name = \"shop\"", "name = 'mall' # [tool.ruff]"),
      ("  # wide", ""), ("line-length = 100", "line-length=100   "),
      ("[tool.ruff]\n", "[ tool . \"ruff\" ]\n\n\n"),
      ("  \"build\",\n  'dist',", "'build', \"dist\""),
      ("\n[tool.ruff.lint]", "[tool.black]\nselect = 1\n# no\n[tool.ruff.lint]"),
      ("select = [\"E\", \"F\"]", "select = [\n  'E', 'F',\n]"),
      ("[project]\n", "\u{FEFF}[project]\r\n"), ("module = \"a\"", "module = \"c\""),
    ]
  )
  func equalTables(_ old: String, _ new: String) throws {
    let edited = Self.project.replacingOccurrences(of: old, with: new)
    #expect(edited != Self.project)
    let tables = ToolConfiguration.Part.tables(["tool.ruff"])
    let before = try #require(part(Self.project, tables))
    #expect(part(edited, tables) == before)
  }

  @Test(
    "a change within the tool's tables is one",
    arguments: [
      ("= 100", "= 99"), ("\"E\", \"F\"", "\"F\""), ("\"E\", \"F\"", "\"E\", \"F \""),
      ("[tool.ruff.lint]", "[tool.ruff.format]"), ("[tool.black]\n", "[tool.white]\n"),
      ("'dist'", "'dist '"), ("\n[tool.ruff.lint]", "\nfix = true\n[tool.ruff.lint]"),
      ("readme =", "[tool]\nruff.preview = true\n[project2]\nreadme ="),
      ("readme =", "[tool]\nruff = {preview = true}\n[project2]\nreadme ="),
    ]
  )
  func differentTables(_ old: String, _ new: String) throws {
    let edited = Self.project.replacingOccurrences(of: old, with: new)
    let tables = ToolConfiguration.Part.tables(["tool.ruff"])
    let before = try #require(part(Self.project, tables))
    let after = try #require(part(edited, tables))
    #expect(after != before)
  }

  @Test("tables of an array keep their order, and stand for themselves")
  func arrays() {
    let tables = ToolConfiguration.Part.tables(["tool.mypy"])
    let swapped = Self.project.replacingOccurrences(of: "module = \"a\"", with: "module = \"c\"")
      .replacingOccurrences(of: "module = \"b\"", with: "module = \"a\"")
    #expect(part(Self.project, tables) != part(swapped, tables))
  }

  @Test("a file without the tool's part does not configure it; an empty table does")
  func absent() {
    let ruff = ToolConfiguration.Part.tables(["tool.ruff"])
    #expect(part("[project]\nname = \"tool.ruff\"\n[tool.ruffle]\na = 1\n", ruff) == nil)
    #expect(part("", ruff) == nil)
    #expect(part("[tool.ruff]\n", ruff) != nil)
    #expect(part("tool.ruff.fix = true\n", ruff) != nil)
    #expect(part("tool = {ruff = {fix = true}}\n", ruff) != nil)
    #expect(part("[flake]\na = 1\n", .sections(["flake8"])) == nil)
    #expect(part(#"{"name": "eslintConfig"}"#, .members(["eslintConfig"])) == nil)
  }

  @Test("what cannot be read counts as a whole")
  func damaged() {
    let text = "[tool.ruff\nselect = [\"E\"\n"
    #expect(part(text, .tables(["tool.ruff"])) == Array("[tool.ruff\nselect = [\"E\"".utf8))
    #expect(part("{\"a\":", .members(["a"])) == Array("{\"a\":".utf8))
    let deep = String(repeating: "[", count: 100_000)
    #expect(part("{\"a\":\(deep)", .members(["a"])) != nil)
  }

  @Test("sections of INI are told by their names")
  func sections() {
    let text = """
      [metadata]
      description = old
      [mypy]
      strict = True
      ; a comment
      [mypy-lib.*]
      ignore_missing_imports = True
      [flake8]
      extend-ignore =
          E203,
          E501

      """
    let mypy = ToolConfiguration.Part.sections(["mypy"])
    let flake8 = ToolConfiguration.Part.sections(["flake8"])
    func edit(_ old: String, _ new: String) -> String {
      text.replacingOccurrences(of: old, with: new)
    }
    #expect(part(edit("= old", "= new"), mypy) == part(text, mypy))
    #expect(part(edit("; a comment\n", "\n"), mypy) == part(text, mypy))
    #expect(part(edit("strict = True", "strict=True  "), mypy) == part(text, mypy))
    #expect(part(edit("E501", "E502"), mypy) == part(text, mypy))
    #expect(part(edit("mypy-lib", "mypy-bib"), mypy) != part(text, mypy))
    #expect(part(edit("strict = True", "strict = False"), mypy) != part(text, mypy))
    #expect(part(edit("        E203", "  E203"), flake8) == part(text, flake8))
    #expect(part(edit("E501", "E502"), flake8) != part(text, flake8))
    #expect(part(edit("E203,\n", "E203,\n# E501\n"), flake8) == part(text, flake8))
  }

  @Test("a member of JSON is the same however it is spaced and ordered")
  func members() {
    let eslint = ToolConfiguration.Part.members(["eslintConfig"])
    let text = #"""
      {"name": "shop", "version": "1.0.0",
       "eslintConfig": {"rules": {"no-eval": "error", "semi": ["error", {"a": "b]\"}"}]}, "root": true}}
      """#
    func edit(_ old: String, _ new: String) -> String {
      text.replacingOccurrences(of: old, with: new)
    }
    #expect(part(edit("1.0.0", "1.0.1"), eslint) == part(text, eslint))
    #expect(part(edit(#""root": true"#, #""root" : true "#), eslint) == part(text, eslint))
    let moved = edit(#", "root": true"#, "").replacingOccurrences(
      of: #"{"rules""#,
      with: #"{"root": true, "rules""#
    )
    #expect(part(moved, eslint) == part(text, eslint))
    #expect(part(edit(#""no-eval": "error""#, #""no-eval": "off""#), eslint) != part(text, eslint))
    #expect(part(edit("true", "false"), eslint) != part(text, eslint))
  }

  @Test("a whole file changes with its text, not with the ends of its lines")
  func whole() {
    #expect(part("a: 1\r\nb: 2  \n\n\n", .whole) == part("a: 1\nb: 2", .whole))
    #expect(part("a: 1\n b: 2", .whole) != part("a: 1\nb: 2", .whole))
    #expect(part("", .whole) == [])
  }

  @Test(
    "files that a configuration takes in are found where the commit has them",
    arguments: [
      ("extend = \"../base.toml\"", ["base.toml"]), ("extend = '../gone.toml'", []),
      ("tool.ruff.extend=\"../base.toml\"", ["base.toml"]), ("extended = \"../base.toml\"", []),
      (#"{"extends": ["./base.json", "eslint:recommended"]}"#, ["app/base.json"]),
      (#"{"extends": "./base"}"#, ["app/base.json"]),
      ("inherit_from: rules/ruby.yml", ["app/rules/ruby.yml"]),
      (
        "inherit_from:\n  - rules/ruby.yml\n  - '../top.yml' # more\nother:\n  - ../base.toml",
        ["app/rules/ruby.yml", "top.yml"]
      ),
      ("includes:\n\t- rules/ruby.yml\n", ["app/rules/ruby.yml"]),
      ("import own from \"./rules/own.js\";\nimport x from 'eslint'", ["app/rules/own.js"]),
      ("const own = require('./rules/own')", ["app/rules/own.js"]),
      ("extends: ../../../top.yml", []), ("extend = \"/base.toml\"", []), ("extend", []),
      ("extend = \"", []), ("files: ['base.json']", []),
    ]
  )
  func references(_ text: String, _ expected: [String]) {
    let tree = ["base.toml", "top.yml", "app/base.json", "app/rules/ruby.yml", "app/rules/own.js"]
    let keys = ["extend", "extends", "inherit_from", "includes", "import", "from", "require"]
    let found = ConfigurationReferences.files(Array(text.utf8), after: keys, in: "app") {
      tree.contains($0.text)
    }
    #expect(found.map(\.text) == expected)
  }

  /// Method: bytes cut out of real texts at random places; nothing may trap, and equal bytes give equal parts.
  @Test("any bytes can be read")
  func anyBytes() {
    var random = SplitMix64(seed: 13)
    let text = Array((Self.project + #"{"a": [1, "\""], "eslintConfig": {}}"#).utf8)
    for _ in 0..<2_000 {
      let first = Int.random(in: 0..<text.count, using: &random)
      var bytes = Array(text[first..<Int.random(in: first..<text.count, using: &random)])
      if !bytes.isEmpty { bytes[Int.random(in: 0..<bytes.count, using: &random)] = 0x5C }
      for part: ToolConfiguration.Part in [
        .whole, .tables(["tool"]), .sections(["project"]), .members(["eslintConfig"]),
      ] {
        let first = ConfigurationPart.normalized(bytes, part)
        #expect(ConfigurationPart.normalized(bytes, part) == first)
      }
      _ = ConfigurationReferences.files(bytes, after: ["select", "module"], in: "") { _ in true }
    }
  }
}
