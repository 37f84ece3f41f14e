/// A scanner or a test runner that `tally init` recognises by its configuration.
struct KnownTool: Sendable, Hashable {
  /// What its output is.
  enum Kind: Sendable, Hashable {
    case scanner
    case tests
  }

  /// A trace that it leaves in a repository.
  struct Trace: Sendable, Hashable {
    /// The file's name in any folder; one that ends in `*` stands for every name that begins so.
    let file: String
    /// What a line of the file begins with, blanks apart; nil where the file alone is enough.
    var line: String?
    /// What the file holds anywhere.
    var text: String?
    /// The command for who is set up like this; nil for the tool's own.
    var command: String?
    /// What that command writes.
    var report: String?
  }

  /// The canonical id, as in ``ToolIdentity``.
  let id: String
  let kind: Kind
  /// The languages it is suggested for, where no scanner was found.
  var suggestedFor: [String] = []
  /// The first one that is met counts.
  let traces: [Trace]
  /// The command that writes the report, `{config}` standing for the configuration; nil where the tool writes no SARIF.
  var command: String?
  /// What the command writes, relative to the folder it runs in.
  var report = ""
  /// What a shell says after the command to go on when there were findings; nil where the status is 0 then.
  var tolerance: String?
}

extension KnownTool {
  private static func files(_ names: String...) -> [Trace] { names.map { Trace(file: $0) } }

  private static let oneMeansFindings = "[ $? -eq 1 ]"

  /// Every tool that is recognised, in the order in which they are written down.
  static let all: [KnownTool] = python + web + compiled + anyLanguage + testRunners

  /// The one of an id.
  static func named(_ id: String) -> KnownTool? { all.first { $0.id == id } }

  private static let python: [KnownTool] = [
    KnownTool(
      id: "ruff",
      kind: .scanner,
      suggestedFor: ["Python"],
      traces: files("ruff.toml", ".ruff.toml") + [
        Trace(file: "pyproject.toml", line: "[tool.ruff")
      ],
      command: "ruff check --output-format sarif --output-file ruff.sarif",
      report: "ruff.sarif",
      tolerance: oneMeansFindings
    ),
    KnownTool(
      id: "flake8",
      kind: .scanner,
      traces: files(".flake8") + [
        Trace(file: "setup.cfg", line: "[flake8]"), Trace(file: "tox.ini", line: "[flake8]"),
      ]
    ),
    KnownTool(
      id: "pylint",
      kind: .scanner,
      traces: files(".pylintrc", "pylintrc", ".pylintrc.toml", "pylintrc.toml") + [
        Trace(file: "pyproject.toml", line: "[tool.pylint"),
        Trace(file: "setup.cfg", line: "[pylint"),
      ]
    ),
    KnownTool(
      id: "mypy",
      kind: .scanner,
      traces: files("mypy.ini", ".mypy.ini") + [
        Trace(file: "pyproject.toml", line: "[tool.mypy"), Trace(file: "setup.cfg", line: "[mypy"),
      ]
    ),
    KnownTool(
      id: "bandit",
      kind: .scanner,
      traces: files(".bandit", "bandit.yaml", "bandit.yml") + [
        Trace(file: "pyproject.toml", line: "[tool.bandit")
      ],
      command: "bandit -r . -f sarif -o bandit.sarif",
      report: "bandit.sarif",
      tolerance: oneMeansFindings
    ),
  ]

  private static let web: [KnownTool] = [
    KnownTool(
      id: "eslint",
      kind: .scanner,
      suggestedFor: ["JavaScript", "TypeScript"],
      traces: files("eslint.config.*", ".eslintrc", ".eslintrc.*") + [
        Trace(file: "package.json", text: "\"eslintConfig\"")
      ],
      command: "npx eslint . -f @microsoft/eslint-formatter-sarif -o eslint.sarif",
      report: "eslint.sarif",
      tolerance: oneMeansFindings
    ),
    KnownTool(id: "biome", kind: .scanner, traces: files("biome.json", "biome.jsonc")),
    KnownTool(
      id: "phpstan",
      kind: .scanner,
      traces: files("phpstan.neon", "phpstan.neon.dist", "phpstan.dist.neon")
    ),
    KnownTool(
      id: "psalm",
      kind: .scanner,
      suggestedFor: ["PHP"],
      traces: files("psalm.xml", "psalm.xml.dist"),
      command: "vendor/bin/psalm --report=psalm.sarif",
      report: "psalm.sarif",
      tolerance: "[ $? -eq 2 ]"
    ),
    KnownTool(
      id: "rubocop",
      kind: .scanner,
      suggestedFor: ["Ruby"],
      traces: files(".rubocop.yml"),
      command: "bundle exec rubocop --require code_scanning"
        + " --format CodeScanning::SarifFormatter --out rubocop.sarif",
      report: "rubocop.sarif",
      tolerance: oneMeansFindings
    ),
  ]

  private static let compiled: [KnownTool] = [
    KnownTool(
      id: "swiftlint",
      kind: .scanner,
      suggestedFor: ["Swift"],
      traces: files(".swiftlint.yml", ".swiftlint.yaml"),
      command: "swiftlint lint --reporter sarif > swiftlint.sarif",
      report: "swiftlint.sarif",
      tolerance: "[ $? -eq 2 ]"
    ),
    KnownTool(
      id: "golangci-lint",
      kind: .scanner,
      suggestedFor: ["Go"],
      traces: files(".golangci.yml", ".golangci.yaml", ".golangci.toml", ".golangci.json"),
      command: "golangci-lint run --output.sarif.path golangci-lint.sarif",
      report: "golangci-lint.sarif",
      tolerance: oneMeansFindings
    ),
    KnownTool(id: "clang-tidy", kind: .scanner, traces: files(".clang-tidy")),
    KnownTool(
      id: "checkstyle",
      kind: .scanner,
      traces: [
        Trace(
          file: "pom.xml",
          text: "<artifactId>maven-checkstyle-plugin</artifactId>",
          command: "mvn checkstyle:checkstyle -Dcheckstyle.output.format=sarif"
            + " -Dcheckstyle.output.file=checkstyle.sarif"
        ),
        Trace(file: "checkstyle.xml"),
      ],
      command: "checkstyle -c {config} -f sarif -o checkstyle.sarif .",
      report: "checkstyle.sarif",
      tolerance: "true"
    ),
    KnownTool(
      id: "pmd",
      kind: .scanner,
      suggestedFor: ["Java"],
      traces: files("pmd.xml", "pmd-ruleset.xml"),
      command: "pmd check -d . -R {config} -f sarif -r pmd.sarif",
      report: "pmd.sarif",
      tolerance: "[ $? -eq 4 ]"
    ),
    KnownTool(
      id: "spotbugs",
      kind: .scanner,
      traces: [
        Trace(
          file: "pom.xml",
          text: "<artifactId>spotbugs-maven-plugin</artifactId>",
          command: "mvn spotbugs:spotbugs -Dspotbugs.sarifOutput=true",
          report: "target/spotbugsSarif.json"
        ),
        Trace(file: "build.gradle", text: "com.github.spotbugs"),
        Trace(file: "build.gradle.kts", text: "com.github.spotbugs"),
      ]
    ),
    KnownTool(
      id: "detekt",
      kind: .scanner,
      suggestedFor: ["Kotlin"],
      traces: [
        Trace(
          file: "build.gradle.kts",
          text: "io.gitlab.arturbosch.detekt",
          command: "./gradlew detekt",
          report: "build/reports/detekt/detekt.sarif"
        ),
        Trace(
          file: "build.gradle",
          text: "io.gitlab.arturbosch.detekt",
          command: "./gradlew detekt",
          report: "build/reports/detekt/detekt.sarif"
        ),
        Trace(file: "detekt.yml"), Trace(file: "detekt-config.yml"),
      ],
      command: "detekt --config {config} --report sarif:detekt.sarif",
      report: "detekt.sarif",
      tolerance: "[ $? -le 2 ]"
    ),
  ]

  private static let anyLanguage: [KnownTool] = [
    KnownTool(id: "shellcheck", kind: .scanner, traces: files(".shellcheckrc", "shellcheckrc")),
    KnownTool(
      id: "semgrep",
      kind: .scanner,
      traces: files(".semgrep.yml", ".semgrep.yaml", "semgrep.yml", "semgrep.yaml"),
      command: "semgrep scan --config {config} --sarif --output semgrep.sarif",
      report: "semgrep.sarif"
    ),
    KnownTool(
      id: "hadolint",
      kind: .scanner,
      traces: files(".hadolint.yaml", ".hadolint.yml"),
      command: "hadolint --format sarif Dockerfile > hadolint.sarif",
      report: "hadolint.sarif",
      tolerance: oneMeansFindings
    ),
    KnownTool(
      id: "trivy",
      kind: .scanner,
      traces: files("trivy.yaml", ".trivyignore", ".trivyignore.yaml"),
      command: "trivy fs --format sarif --output trivy.sarif .",
      report: "trivy.sarif"
    ),
    KnownTool(
      id: "gitleaks",
      kind: .scanner,
      traces: files(".gitleaks.toml", "gitleaks.toml", ".gitleaksignore"),
      command: "gitleaks git --report-format sarif --report-path gitleaks.sarif",
      report: "gitleaks.sarif",
      tolerance: oneMeansFindings
    ),
  ]

  private static let testRunners: [KnownTool] = [
    KnownTool(
      id: "pytest",
      kind: .tests,
      traces: files("pytest.ini", "conftest.py") + [
        Trace(file: "pyproject.toml", line: "[tool.pytest"),
        Trace(file: "setup.cfg", line: "[tool:pytest]"), Trace(file: "tox.ini", line: "[pytest]"),
      ],
      command: "pytest --junit-xml pytest.xml",
      report: "pytest.xml",
      tolerance: oneMeansFindings
    ),
    KnownTool(
      id: "swift-test",
      kind: .tests,
      traces: files("Package.swift"),
      command: "swift test --xunit-output tests.xml",
      report: "tests-swift-testing.xml",
      tolerance: oneMeansFindings
    ),
    KnownTool(
      id: "vitest",
      kind: .tests,
      traces: files("vitest.config.*") + [Trace(file: "package.json", text: "\"vitest\"")],
      command: "npx vitest run --reporter=junit --outputFile=vitest.xml",
      report: "vitest.xml",
      tolerance: oneMeansFindings
    ),
    KnownTool(
      id: "gotestsum",
      kind: .tests,
      traces: files("go.mod"),
      command: "gotestsum --junitfile gotest.xml ./...",
      report: "gotest.xml",
      tolerance: oneMeansFindings
    ),
    KnownTool(
      id: "maven",
      kind: .tests,
      traces: files("pom.xml"),
      command: "mvn test -Dmaven.test.failure.ignore=true",
      report: "target/surefire-reports/TEST-*.xml"
    ),
    KnownTool(
      id: "gradle",
      kind: .tests,
      traces: files("build.gradle", "build.gradle.kts"),
      command: "./gradlew test --continue",
      report: "build/test-results/test/*.xml",
      tolerance: oneMeansFindings
    ),
    KnownTool(
      id: "phpunit",
      kind: .tests,
      traces: files("phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml"),
      command: "vendor/bin/phpunit --log-junit phpunit-report.xml",
      report: "phpunit-report.xml",
      tolerance: "[ $? -le 2 ]"
    ),
  ]
}
