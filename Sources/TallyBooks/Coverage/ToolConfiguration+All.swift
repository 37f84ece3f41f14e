extension ToolConfiguration {
  /// Every tool whose configuration is found in the commit, by group, then id; `docs/tool-configuration.md` lists them.
  public static let all: [ToolConfiguration] = python + web + compiled + scripting + services

  private init(
    _ tool: String,
    _ names: [String],
    _ shared: [Source] = [],
    follows references: [String] = []
  ) {
    self.tool = tool
    sources = names.map { Source($0, .whole) } + shared
    self.references = references
  }

  private static func pyproject(_ keys: String...) -> [Source] {
    [Source("pyproject.toml", .tables(keys))]
  }

  private static func ini(_ names: [String], _ sections: String...) -> [Source] {
    names.map { Source($0, .sections(sections)) }
  }

  private static func package(_ members: String...) -> [Source] {
    [Source("package.json", .members(members))]
  }

  private static func names(_ stem: String, _ ends: String...) -> [String] {
    ends.map { stem + $0 }
  }

  // MARK: Python

  private static let python: [ToolConfiguration] = [
    ToolConfiguration(
      "bandit",
      ["bandit.yml", "bandit.yaml", ".bandit"],
      pyproject("tool.bandit")
    ),
    ToolConfiguration(
      "basedpyright",
      ["pyrightconfig.json"],
      pyproject("tool.basedpyright", "tool.pyright"),
      follows: ["extends"]
    ),
    ToolConfiguration(
      "codespell",
      [".codespellrc"],
      ini(["setup.cfg"], "codespell") + pyproject("tool.codespell")
    ),
    ToolConfiguration(
      "flake8",
      [".flake8"],
      ini(["setup.cfg", "tox.ini"], "flake8") + pyproject("tool.flake8")
    ),
    ToolConfiguration(
      "mypy",
      ["mypy.ini", ".mypy.ini"],
      ini(["setup.cfg"], "mypy") + pyproject("tool.mypy")
    ),
    ToolConfiguration(
      "pycodestyle",
      [],
      ini(["setup.cfg", "tox.ini"], "pycodestyle")
    ),
    ToolConfiguration(
      "pydocstyle",
      [".pydocstyle", ".pydocstyle.ini", ".pydocstylerc", ".pydocstylerc.ini"],
      ini(["setup.cfg", "tox.ini"], "pydocstyle") + pyproject("tool.pydocstyle")
    ),
    ToolConfiguration(
      "pylint",
      ["pylintrc", ".pylintrc", "pylintrc.toml", ".pylintrc.toml"],
      ini(["setup.cfg", "tox.ini"], "pylint") + pyproject("tool.pylint")
    ),
    ToolConfiguration("pyrefly", ["pyrefly.toml"], pyproject("tool.pyrefly")),
    ToolConfiguration(
      "pyright",
      ["pyrightconfig.json"],
      pyproject("tool.pyright"),
      follows: ["extends"]
    ),
    // Without a `target-version` ruff takes the one of the project.
    ToolConfiguration(
      "ruff",
      ["ruff.toml", ".ruff.toml"],
      pyproject("tool.ruff", "project.requires-python"),
      follows: ["extend"]
    ),
    ToolConfiguration(
      "sqlfluff",
      [".sqlfluff", ".sqlfluffignore"],
      ini(["setup.cfg", "tox.ini", "pep8.ini"], "sqlfluff") + pyproject("tool.sqlfluff")
    ),
    ToolConfiguration("ty", ["ty.toml"], pyproject("tool.ty")),
    ToolConfiguration("vulture", [], pyproject("tool.vulture")),
  ]

  // MARK: The web

  private static let web: [ToolConfiguration] = [
    ToolConfiguration(
      "biome",
      ["biome.json", "biome.jsonc", ".biome.json", ".biome.jsonc"],
      follows: ["extends"]
    ),
    ToolConfiguration(
      "eslint",
      names("eslint.config.", "js", "mjs", "cjs", "ts", "mts", "cts")
        + names(".eslintrc", "", ".js", ".cjs", ".json", ".yml", ".yaml") + [".eslintignore"],
      package("eslintConfig", "eslintIgnore"),
      follows: ["extends", "import", "from", "require"]
    ),
    ToolConfiguration("htmlhint", [".htmlhintrc"]),
    ToolConfiguration("jshint", [".jshintrc", ".jshintignore"], package("jshintConfig")),
    ToolConfiguration(
      "markdownlint",
      names(".markdownlint.", "json", "jsonc", "yaml", "yml", "cjs", "mjs")
        + names(".markdownlint-cli2.", "jsonc", "yaml", "cjs", "mjs")
        + [".markdownlintrc", ".markdownlintignore"],
      package("markdownlint-cli2"),
      follows: ["extends"]
    ),
    ToolConfiguration("oxlint", [".oxlintrc.json"], follows: ["extends"]),
    ToolConfiguration(
      "spectral",
      names(".spectral.", "yaml", "yml", "json", "js"),
      follows: ["extends"]
    ),
    ToolConfiguration(
      "stylelint",
      names("stylelint.config.", "js", "mjs", "cjs", "ts", "mts", "cts")
        + names(".stylelintrc", "", ".js", ".mjs", ".cjs", ".ts", ".json", ".yml", ".yaml")
        + [".stylelintignore"],
      package("stylelint"),
      follows: ["extends", "import", "from", "require"]
    ),
    ToolConfiguration(
      "tsc",
      ["tsconfig.json", "tsconfig.*.json", "jsconfig.json"],
      follows: ["extends"]
    ),
    ToolConfiguration("tslint", names("tslint.", "json", "yaml", "yml"), follows: ["extends"]),
  ]

  // MARK: Compiled languages

  private static let compiled: [ToolConfiguration] = [
    ToolConfiguration(
      "checkstyle",
      [
        "checkstyle.xml", "checkstyle-*.xml", "checkstyle_*.xml", "google_checks.xml",
        "sun_checks.xml", "config/checkstyle/*.xml",
      ]
    ),
    ToolConfiguration("clang-tidy", [".clang-tidy"]),
    ToolConfiguration(
      "clippy",
      ["clippy.toml", ".clippy.toml"],
      [
        Source(
          "Cargo.toml",
          .tables([
            "lints", "workspace.lints", "package.rust-version", "workspace.package.rust-version",
          ])
        )
      ]
    ),
    ToolConfiguration("cppcheck", ["*.cppcheck", "cppcheck-suppressions.*"]),
    ToolConfiguration(
      "csc",
      [".editorconfig", ".globalconfig", "*.globalconfig", "*.ruleset", "stylecop.json"]
    ),
    ToolConfiguration("dart-analyzer", ["analysis_options.yaml"], follows: ["include"]),
    ToolConfiguration(
      "detekt",
      [
        "detekt.yml", "detekt.yaml", "detekt-config.yml", "detekt-baseline.xml",
        "config/detekt/*.yml", "config/detekt/*.xml",
      ]
    ),
    ToolConfiguration(
      "golangci-lint",
      names(".golangci.", "yml", "yaml", "toml", "json")
    ),
    ToolConfiguration("infer", [".inferconfig"]),
    ToolConfiguration("ktlint", [".editorconfig"]),
    ToolConfiguration("pmd", ["pmd.xml", "pmd-*.xml", "pmd_*.xml", "config/pmd/*.xml"]),
    ToolConfiguration("revive", ["revive.toml"]),
    ToolConfiguration("scalastyle", ["scalastyle-config.xml", "scalastyle_config.xml"]),
    ToolConfiguration(
      "spotbugs",
      [
        "spotbugs-*.xml", "spotbugs_*.xml", "findbugs-*.xml", "findbugs_*.xml",
        "config/spotbugs/*.xml",
      ]
    ),
    ToolConfiguration("staticcheck", ["staticcheck.conf"]),
    ToolConfiguration(
      "swiftlint",
      [".swiftlint.yml", ".swiftlint.yaml"],
      follows: ["parent_config", "child_config", "baseline"]
    ),
  ]

  // MARK: Ruby, PHP, shells and others

  private static let scripting: [ToolConfiguration] = [
    ToolConfiguration(
      "ansible-lint",
      names(".ansible-lint", "", ".yml", ".yaml")
        + [".ansible-lint-ignore", ".config/ansible-lint.yml", ".config/ansible-lint.yaml"]
        + [".config/ansible-lint-ignore.txt"]
    ),
    ToolConfiguration("brakeman", ["config/brakeman.yml", "config/brakeman.ignore"]),
    ToolConfiguration("credo", [".credo.exs"]),
    ToolConfiguration("luacheck", [".luacheckrc"]),
    ToolConfiguration("perlcritic", [".perlcriticrc"]),
    ToolConfiguration(
      "php_codesniffer",
      [".phpcs.xml", "phpcs.xml", ".phpcs.xml.dist", "phpcs.xml.dist"]
    ),
    ToolConfiguration(
      "phpstan",
      [
        "phpstan.neon", "phpstan.neon.dist", "phpstan.dist.neon", "phpstan-baseline.neon",
        "phpstan-baseline.php",
      ],
      follows: ["includes"]
    ),
    ToolConfiguration("psalm", ["psalm.xml", "psalm.xml.dist", "psalm-baseline.xml"]),
    ToolConfiguration(
      "rubocop",
      [".rubocop.yml", ".rubocop_todo.yml", ".rubocop", "rubocop/config.yml"],
      follows: ["inherit_from"]
    ),
    ToolConfiguration("shellcheck", [".shellcheckrc", "shellcheckrc"]),
    ToolConfiguration("yamllint", [".yamllint", ".yamllint.yml", ".yamllint.yaml"]),
  ]

  // MARK: Infrastructure and security

  private static let services: [ToolConfiguration] = [
    ToolConfiguration("actionlint", [".github/actionlint.yaml", ".github/actionlint.yml"]),
    ToolConfiguration("cfn-lint", names(".cfnlintrc", "", ".yaml", ".yml")),
    ToolConfiguration("checkov", [".checkov.yaml", ".checkov.yml", ".checkov.baseline"]),
    ToolConfiguration(
      "codeql",
      [
        ".github/codeql/*.yml", ".github/codeql/*.yaml", ".github/codeql/*.qls",
        "codeql-config.yml", "codeql-config.yaml",
      ]
    ),
    ToolConfiguration("detect-secrets", [".secrets.baseline"]),
    ToolConfiguration("gitleaks", [".gitleaks.toml", "gitleaks.toml", ".gitleaksignore"]),
    ToolConfiguration("grype", [".grype.yaml", ".grype/config.yaml"]),
    ToolConfiguration("hadolint", [".hadolint.yaml", ".hadolint.yml"]),
    ToolConfiguration("osv-scanner", ["osv-scanner.toml"]),
    ToolConfiguration(
      "semgrep",
      [
        ".semgrep.yml", ".semgrep.yaml", "semgrep.yml", "semgrep.yaml", ".semgrep/*.yml",
        ".semgrep/*.yaml", ".semgrepignore",
      ]
    ),
    ToolConfiguration("snyk-code", [".snyk"]),
    ToolConfiguration("snyk-open-source", [".snyk"]),
    ToolConfiguration("tflint", [".tflint.hcl", ".tflint.json"]),
    ToolConfiguration(
      "tfsec",
      [".tfsec/config.yml", ".tfsec/config.yaml", ".tfsec/config.json"]
    ),
    ToolConfiguration(
      "trivy",
      ["trivy.yaml", ".trivyignore", ".trivyignore.yaml", "trivy-secret.yaml"]
    ),
    ToolConfiguration("zizmor", ["zizmor.yml", "zizmor.yaml"]),
  ]
}
