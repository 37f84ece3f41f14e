import TallyModel
import TallyTracking
import Testing

/// What comments silence.
@Suite("Suppression comments")
struct SuppressionTests {
  /// Each text with the tool, the rule, and the lines on which it is silenced; lines from 1, up to the text's last.
  static let cases: [(text: String, tool: String, rule: String, lines: [Int])] = [
    ("x\ny  # noqa\nz", "ruff", "E501", [2]),
    ("x\ny  # NOQA: E501,F401\nz", "flake8", "F401", [2]),
    ("x\ny  # noqa: E501 F401 because\nz", "ruff", "F401", [2]),
    ("x\ny  # noqa: E5\nz", "flake8", "E501", [2]),
    ("x\ny  # noqa:E501\nz", "ruff", "F401", []),
    ("x\ny  # noqa\nz", "bandit", "B101", []),
    ("x\ny = noqa\nz", "ruff", "E501", []),
    ("# ruff: noqa\nx\ny", "ruff", "E501", [1, 2, 3]),
    ("x\n# ruff: noqa: F401\ny", "ruff", "F401", [1, 2, 3]),
    ("x\n# ruff: noqa: F401\ny", "ruff", "E501", []),
    ("# flake8: noqa\nx", "flake8", "E501", [1, 2]),
    ("x  # nosec\ny", "bandit", "B101", [1]),
    ("x  # nosec B101, B102\ny", "bandit", "B102", [1]),
    ("x  # nosec: B101\ny", "bandit", "B102", []),
    ("x; // NOSONAR\ny", "sonarqube", "S100", [1]),
    ("x; // NOSONARX\ny", "sonarqube", "S100", []),
    ("x  # nosemgrep: no-eval, b\ny", "semgrep", "python.lang.no-eval", [1]),
    ("# nosemgrep\nx\ny", "semgrep-oss", "a", [2]),
    ("x  # pylint: disable=unused-import, C0114\ny", "pylint", "C0114", [1]),
    ("def f():\n    # pylint: disable=W1\n    x\ny", "pylint", "W1", [2, 3]),
    ("# pylint: disable=W1\nx\n# pylint: enable=W1\ny", "pylint", "W1", [1, 2, 3]),
    ("x  # type: ignore[arg-type, misc]\ny", "mypy", "misc", [1]),
    ("# type: ignore\nx\ny", "mypy", "misc", [1, 2, 3]),
    ("x  # pyright: ignore\ny", "pyright", "reportX", [1]),
    ("# mypy: ignore-errors\nx", "mypy", "misc", [1, 2]),
    ("/* eslint-disable */\nx\n/* eslint-enable */\ny", "eslint", "semi", [1, 2, 3]),
    ("/* eslint-disable a, b */\nx\n/* eslint-enable a */\ny", "eslint", "b", [1, 2, 3, 4]),
    ("/* eslint-disable a, b */\nx\n/* eslint-enable a */\ny", "eslint", "a", [1, 2, 3]),
    ("x // eslint-disable-line no-alert -- why\ny", "eslint", "no-alert", [1]),
    ("// eslint-disable-next-line\nx\ny", "eslint", "semi", [2]),
    (
      "// swiftlint:disable force_cast line_length\nx\n// swiftlint:enable force_cast\ny",
      "swiftlint", "force_cast", [1, 2, 3]
    ),
    ("// swiftlint:disable:next force_cast\nx\ny", "swiftlint", "force_cast", [2]),
    ("x // swiftlint:disable:this force_cast\ny", "swiftlint", "force_cast", [1]),
    ("x\n// swiftlint:disable:previous all\ny", "swiftlint", "force_cast", [1]),
    (
      "#!/bin/sh\n# shellcheck disable=SC2034,SC2086\nx=1\ny", "shellcheck", "SC2086", [1, 2, 3, 4]
    ),
    ("a\n# shellcheck disable=SC2034\nx=1\ny", "shellcheck", "SC2034", [3]),
    ("x() //nolint:errcheck,gosec // why\ny", "golangci-lint", "gosec", [1]),
    (
      "//nolint:errcheck\nfunc f(a struct{}) {\n  x\n}\ny", "golangci-lint", "errcheck",
      [1, 2, 3, 4]
    ),
    ("x; // NOLINT(google-*, b)\ny", "clang-tidy", "google-explicit", [1]),
    ("// NOLINTNEXTLINE\nx;\ny", "clang-tidy", "a", [2]),
    ("// NOLINTBEGIN(a)\nx;\n// NOLINTEND(a)\ny", "clang-tidy", "a", [1, 2, 3]),
    (
      "@SuppressWarnings({\"unchecked\", \"x\"})\nvoid f() {\n  y;\n}\nz", "javac", "x",
      [1, 2, 3, 4]
    ),
    ("a {\n  #checkov:skip=CKV_AWS_1:reason\n}", "checkov", "CKV_AWS_1", [2]),
    ("#tfsec:ignore:aws-x\nresource\ny", "tfsec", "aws-x", [2]),
    ("x # rubocop:disable Style/A\ny", "rubocop", "Style/A", [1]),
    ("# rubocop:disable Style/A, B\nx\n# rubocop:enable B\ny", "rubocop", "Style/A", [1, 2, 3, 4]),
    ("/* stylelint-disable */\na\n/* stylelint-enable */\nb", "stylelint", "a", [1, 2, 3]),
    ("# hadolint ignore=DL3006,DL3008\nFROM x\ny", "hadolint", "DL3008", [2]),
    ("x # zizmor: ignore[artipacked]\ny", "zizmor", "zizmor/artipacked", [1]),
    ("SELECT 1 -- noqa: LT01\nx", "sqlfluff", "LT01", [1]),
    ("SELECT 1 -- noqa: disable=LT01\nx", "sqlfluff", "LT01", [1]),
    ("a: b  # yamllint disable-line rule:colons\nx", "yamllint", "colons", [1]),
  ]

  @Test("silence the lines, tools and rules they say", arguments: cases)
  func silences(_ example: (text: String, tool: String, rule: String, lines: [Int])) {
    let comments = SuppressionScanner.comments(Array(example.text.utf8))
    let count = example.text.split(separator: "\n").count
    let silenced = (1...count).filter { line in
      comments.contains { $0.silences(lines: line...line, tool: example.tool, rule: example.rule) }
    }
    #expect(silenced == example.lines, "\(comments)")
  }

  @Test("a map keeps all comments of the new text, whichever findings were followed")
  func inMaps() throws {
    let old = Marked("a = 1\nx = 1️⃣eval(a)\nb = 2\nc = eval(b)  # noqa\n")
    let new = Marked("import z\na = 1\nx = eval(a)  # noqa: S307\nb = 2\nc = eval(b)  # noqa\n")
    let map = try #require(
      FileMapper.map(
        old: old.bytes,
        new: new.bytes,
        oldBlob: blobID(of: old.bytes),
        newBlob: blobID(of: new.bytes),
        positions: [try SourceRegion(startLine: 2, startColumn: 5)],
        columnUnit: .unicodeCodePoints
      )
    )
    #expect(
      map.suppressions == [
        SuppressionComment(line: 3, firstLine: 3, lastLine: 3, marker: "noqa", rules: ["S307"]),
        SuppressionComment(line: 5, firstLine: 5, lastLine: 5, marker: "noqa", rules: []),
      ]
    )
    #expect(map.isSuppressed(finding(rule: "S307", line: 2, column: 5), tool: "ruff"))
    #expect(!map.isSuppressed(finding(rule: "S301", line: 2, column: 5), tool: "ruff"))
    #expect(!map.isSuppressed(finding(rule: "S307", line: 2, column: 5), tool: "bandit"))
    #expect(!map.isSuppressed(finding(rule: "S307", line: 1), tool: "ruff"))
  }

  @Test("hostile texts take no quadratic time")
  func hostile() {
    let line = String(repeating: "# noqa ", count: 1_000) + "\n"
    let text = String(repeating: line, count: 20)
    #expect(!SuppressionScanner.comments(Array(text.utf8)).isEmpty)
    let blocks = String(repeating: "@SuppressWarnings(\"a\") f() {\n", count: 5_000)
    #expect(SuppressionScanner.comments(Array(blocks.utf8)).count == 5_000)
  }
}
