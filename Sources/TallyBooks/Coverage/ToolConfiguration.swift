internal import TallyModel

/// The files that decide what a tool reports, by the names their tools document.
///
/// A change of one of them between two scans counts as a changed configuration, wherever in the repository it lies: few tools say in
/// their output which file they read. What a lane's scans name with `--tool-config` counts as well (`ScanRecord.configDigest`).
enum ToolConfiguration {
  private static let python = ["pyproject.toml", "setup.cfg", "tox.ini"]

  /// File names by canonical tool id.
  private static let names: [String: [String]] = [
    "ruff": ["ruff.toml", ".ruff.toml", "pyproject.toml"],
    "flake8": [".flake8"] + python,
    "pylint": [".pylintrc", "pylintrc", ".pylintrc.toml", "pylintrc.toml"] + python,
    "mypy": ["mypy.ini", ".mypy.ini"] + python,
    "bandit": [".bandit", "bandit.yml", "bandit.yaml"] + python,
    "eslint": [
      "eslint.config.js", "eslint.config.mjs", "eslint.config.cjs", "eslint.config.ts", ".eslintrc",
      ".eslintrc.js", ".eslintrc.cjs", ".eslintrc.json", ".eslintrc.yml", ".eslintrc.yaml",
      "package.json",
    ],
    "swiftlint": [".swiftlint.yml"],
    "semgrep": [".semgrep.yml", ".semgrep.yaml", ".semgrepignore"],
    "shellcheck": [".shellcheckrc", "shellcheckrc"],
    "yamllint": [".yamllint", ".yamllint.yml", ".yamllint.yaml"],
    "sqlfluff": [".sqlfluff"] + python,
    "cfn-lint": [".cfnlintrc", ".cfnlintrc.yaml", ".cfnlintrc.yml"],
    "checkov": [".checkov.yaml", ".checkov.yml"],
    "zizmor": ["zizmor.yml", "zizmor.yaml"],
    "golangci-lint": [
      ".golangci.yml", ".golangci.yaml", ".golangci.toml", ".golangci.json",
    ],
    "rubocop": [".rubocop.yml"],
    "clang-tidy": [".clang-tidy"],
    "hadolint": [".hadolint.yaml", ".hadolint.yml"],
    "trivy": ["trivy.yaml", ".trivyignore"],
    "detekt": ["detekt.yml"],
    "phpstan": ["phpstan.neon", "phpstan.neon.dist"],
  ]

  /// Says whether a file configures a tool.
  static func contains(_ path: RepoPath, of tool: String) -> Bool {
    names[tool]?.contains(path.name) ?? false
  }
}

extension Base {
  /// True when a file that configures the tool differs; false when that is not known.
  func changesConfiguration(of tool: String) -> Bool {
    changedPaths?.contains { ToolConfiguration.contains($0, of: tool) } ?? false
  }
}
