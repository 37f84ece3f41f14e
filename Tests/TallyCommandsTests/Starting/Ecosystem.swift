import Foundation
import Testing

/// A repository as people of one language have it.
struct Ecosystem: Sendable, CustomTestStringConvertible {
  let name: String
  let files: [String: String]
  var testDescription: String { name }

  static let all: [Ecosystem] = [
    Ecosystem(
      name: "python",
      files: [
        "pyproject.toml":
          "[project]\nname = \"shop\"\n\n[tool.ruff]\nline-length = 100\n\n[tool.mypy]\nstrict = true\n",
        "tox.ini": "[pytest]\naddopts = -q\n", ".bandit": "",
        "src/app.py": "import os\n", "src/tools/export.py": "x = 1\n",
        "tests/conftest.py": "", "tests/test_app.py": "def test_app():\n    assert True\n",
        "deploy.sh": "#!/bin/sh\n", ".github/workflows/ci.yml": "on: push\n",
        ".github/CODEOWNERS": "*  @shop/all\n/src/tools/  @shop/tools ada@shop.example\n",
        ".secrets.baseline": "{}\n",
      ]
    ),
    Ecosystem(
      name: "web",
      files: [
        "package.json": "{\"name\": \"shop\", \"devDependencies\": {\"vitest\": \"^3\"}}\n",
        "eslint.config.js": "export default []\n", "biome.json": "{}\n", "src/index.ts": "",
        "src/view.tsx": "", "src/old.js": "", ".gitlab-ci.yml": "test:\n  script: [npm test]\n",
        "eslint-suppressions.json": "{}\n", ".betterer.results": "",
        "node_modules/left-pad/.eslintrc.json": "{}", "node_modules/left-pad/index.js": "",
      ]
    ),
    Ecosystem(
      name: "swift",
      files: [
        "Package.swift": "// swift-tools-version: 6.2\n", ".swiftlint.yml": "", "Jenkinsfile": "",
        "Sources/Shop/Shop.swift": "", "Tests/ShopTests/ShopTests.swift": "",
      ]
    ),
    Ecosystem(
      name: "go",
      files: [
        "go.mod": "module shop.example/shop\n", "main.go": "package main\n", ".golangci.yml": "",
        ".gitleaks.toml": "", "trivy.yaml": "", "azure-pipelines.yml": "steps: []\n",
        "Dockerfile": "FROM scratch\n", ".hadolint.yaml": "",
      ]
    ),
    Ecosystem(
      name: "jvm",
      files: [
        "pom.xml":
          "<project><build><plugins>\n<plugin><artifactId>maven-checkstyle-plugin</artifactId></plugin>\n"
          + "<plugin><artifactId>spotbugs-maven-plugin</artifactId></plugin>\n</plugins></build></project>\n",
        "pmd.xml": "<ruleset/>\n", "src/main/java/Shop.java": "", "app/src/Shop.kt": "",
        "app/build.gradle.kts": "plugins { id(\"io.gitlab.arturbosch.detekt\") }\n",
        "app/detekt-baseline.xml": "<SmellBaseline/>\n", ".buildkite/pipeline.yml": "steps: []\n",
      ]
    ),
    Ecosystem(
      name: "many",
      files: [
        "phpstan.neon": "includes: [phpstan-baseline.neon]\n", "phpstan-baseline.neon": "",
        "phpunit.xml": "", "src/Shop.php": "", ".rubocop.yml": "", ".rubocop_todo.yml": "",
        "lib/shop.rb": "", ".clang-tidy": "", "native/shop.cpp": "", ".shellcheckrc": "",
        "rules/semgrep.yml": "rules: []\n", ".circleci/config.yml": "version: 2.1\n",
        "deploy.sh": "", "infra/main.tf": "",
      ]
    ),
    Ecosystem(name: "bare", files: ["README.md": "Nothing yet\n", "main.py": "", "app.ts": ""]),
  ]

  /// Commits the files into a sandbox.
  func play(_ sandbox: Sandbox) throws {
    for (path, text) in files.sorted(by: { $0.key < $1.key }) { try sandbox.write(text, to: path) }
    try sandbox.git("add", "-A", "-f")
    try sandbox.commit("Begin")
  }
}
