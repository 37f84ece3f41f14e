/// One way to tell a tool to be silent.
struct SuppressionMarker: Sendable {
  /// Which lines a comment silences.
  enum Scope: Sendable {
    /// The line it stands on.
    case line
    /// The next line that is neither empty nor only a comment.
    case nextLine
    /// The line before.
    case previousLine
    /// Its line after code; alone on a line the next one.
    case lineOrNext
    /// From its line until it is switched on again, or to the end of the file.
    case block
    /// Its line after code; alone on a line like ``block``.
    case lineOrBlock
    /// Its line after code; alone on a line until the indentation becomes less, or it is switched on again.
    case lineOrIndented
    /// Its line and the braces that open next.
    case declaration
    /// Its line after code; alone on a line the next line or braces.
    case lineOrDeclaration
    /// The whole file.
    case file
    /// Its line after code; alone at the top the whole file, alone elsewhere nothing.
    case lineOrTop
    /// The next line; before the first code the whole file.
    case nextOrTop
  }

  /// How the rules are written after the marker.
  enum Rules: Sendable {
    /// None can be named.
    case none
    /// A colon or not, then codes such as `E501` with commas or spaces: anything else ends them.
    case codes
    /// A colon, then names with commas.
    case colon
    /// An equals sign, then names with commas.
    case equals
    /// `[a, b]`.
    case brackets
    /// `(a, b)`, with or without quotes and braces.
    case parentheses
    /// Names with commas up to the end of the comment or ` -- `.
    case words
    /// Names with spaces up to the end of the comment.
    case spaces
  }

  /// What is stored of it.
  let marker: String
  /// The canonical ids of the tools that obey it.
  let tools: [String]
  /// What it silences.
  let scope: Scope
  /// How rules follow.
  let rules: Rules
  /// Text that switches the tool on again, for blocks.
  let end: String?
  /// True when it stands in code, not in a comment.
  let isCode: Bool

  init(
    _ marker: String,
    _ tools: String,
    _ scope: Scope,
    _ rules: Rules,
    end: String? = nil,
    isCode: Bool = false
  ) {
    self.marker = marker
    self.tools = tools.split(separator: " ").map(String.init)
    self.scope = scope
    self.rules = rules
    self.end = end
    self.isCode = isCode
  }

  /// Every marker this version knows.
  ///
  /// A longer marker stands before one that it begins with.
  static let all: [SuppressionMarker] = [
    .init("ruff: noqa", "ruff", .file, .codes),
    .init("flake8: noqa", "flake8 pycodestyle pyflakes ruff", .file, .codes),
    .init("sqlfluff: noqa", "sqlfluff", .line, .codes),
    .init("noqa", "ruff flake8 pycodestyle pyflakes pydocstyle vulture sqlfluff", .line, .codes),
    .init("nosec", "bandit gosec", .line, .codes),
    .init("bandit: skip", "bandit", .line, .words),
    .init("NOSONAR", "sonar sonarqube sonarcloud sonarlint", .line, .none),
    .init("nosemgrep", "semgrep opengrep", .lineOrNext, .colon),
    .init("pylint: disable-next", "pylint", .nextLine, .equals),
    .init("pylint: disable", "pylint", .lineOrIndented, .equals, end: "pylint: enable"),
    .init("pylint: skip-file", "pylint", .file, .none),
    .init("type: ignore", "mypy pyright basedpyright pyre pytype ty", .lineOrTop, .brackets),
    .init("pyright: ignore", "pyright basedpyright", .line, .brackets),
    .init("ty: ignore", "ty", .line, .brackets),
    .init("mypy: ignore-errors", "mypy", .file, .none),
    .init("eslint-disable-next-line", "eslint oxlint", .nextLine, .words),
    .init("eslint-disable-line", "eslint oxlint", .line, .words),
    .init("eslint-disable", "eslint oxlint", .block, .words, end: "eslint-enable"),
    .init("biome-ignore", "biome", .nextLine, .none),
    .init("@ts-ignore", "tsc typescript", .nextLine, .none),
    .init("@ts-expect-error", "tsc typescript", .nextLine, .none),
    .init("@ts-nocheck", "tsc typescript", .file, .none),
    .init("swiftlint:disable:next", "swiftlint", .nextLine, .spaces),
    .init("swiftlint:disable:this", "swiftlint", .line, .spaces),
    .init("swiftlint:disable:previous", "swiftlint", .previousLine, .spaces),
    .init("swiftlint:disable", "swiftlint", .block, .spaces, end: "swiftlint:enable"),
    .init("swift-format-ignore", "swift-format", .nextLine, .colon),
    .init("shellcheck disable", "shellcheck", .nextOrTop, .equals),
    .init("NOLINTNEXTLINE", "clang-tidy cpplint", .nextLine, .parentheses),
    .init("NOLINTBEGIN", "clang-tidy cpplint", .block, .parentheses, end: "NOLINTEND"),
    .init("NOLINT", "clang-tidy cpplint", .line, .parentheses),
    .init("nolint", "golangci-lint staticcheck revive gosec", .lineOrDeclaration, .colon),
    .init(
      "@SuppressWarnings",
      "javac pmd checkstyle sonar sonarqube errorprone qodana ecj",
      .declaration,
      .parentheses,
      isCode: true
    ),
    .init("checkov:skip", "checkov", .line, .equals),
    .init("bridgecrew:skip", "checkov", .line, .equals),
    .init("tfsec:ignore", "tfsec trivy", .lineOrNext, .colon),
    .init("trivy:ignore", "trivy", .lineOrNext, .colon),
    .init("rubocop:disable", "rubocop", .lineOrBlock, .words, end: "rubocop:enable"),
    .init("rubocop:todo", "rubocop", .lineOrBlock, .words, end: "rubocop:enable"),
    .init("stylelint-disable-next-line", "stylelint", .nextLine, .words),
    .init("stylelint-disable-line", "stylelint", .line, .words),
    .init("stylelint-disable", "stylelint", .block, .words, end: "stylelint-enable"),
    .init("hadolint global ignore", "hadolint", .file, .equals),
    .init("hadolint ignore", "hadolint", .nextLine, .equals),
    .init("zizmor: ignore", "zizmor", .line, .brackets),
    .init("yamllint disable-line", "yamllint", .lineOrNext, .spaces),
    .init("yamllint disable-file", "yamllint", .file, .none),
    .init("yamllint disable", "yamllint", .block, .spaces, end: "yamllint enable"),
    .init("gitleaks:allow", "gitleaks", .line, .none),
    .init("pragma: allowlist nextline secret", "detect-secrets", .nextLine, .none),
    .init("pragma: allowlist secret", "detect-secrets", .line, .none),
  ]

  /// Finds a marker by what is stored of it.
  static let byName: [String: SuppressionMarker] = {
    var result: [String: SuppressionMarker] = [:]
    for marker in all { result[marker.marker] = marker }
    return result
  }()

  /// True for markers of tools that report nothing but secrets.
  var isAboutSecrets: Bool { tools.contains { $0 == "gitleaks" || $0 == "detect-secrets" } }

  /// Says whether a tool obeys this marker: its own id, or one that begins with it and a hyphen.
  ///
  /// Of a tool that no marker names it is not known: every marker counts, for what went under a comment is never called fixed.
  func concerns(_ tool: String) -> Bool {
    names(tool) || !Self.all.contains { $0.names(tool) }
  }

  private func names(_ tool: String) -> Bool {
    tools.contains { $0 == tool || tool.hasPrefix($0 + "-") }
  }
}
