internal import TallyModel

/// What is known of tools that look further than the file they report on.
///
/// Their findings come and go with other files: with sources, and with the versions of what the project depends on. A changed lockfile is a
/// declared reason for them, as a changed version is.
enum WholeProgramTools {
  /// Type checkers and compilers: a type that a dependency brings decides about findings in files that use it.
  ///
  /// mypy and pyright follow imports into installed packages and stubs (their manuals: "following imports", "import resolution"); tsc,
  /// csc, clippy, golangci-lint, staticcheck and the Dart analyzer work on a compiled program.
  static let typeCheckers: Set<String> = [
    "basedpyright", "clippy", "csc", "dart-analyzer", "golangci-lint", "govet", "gosec", "kotlinc",
    "mypy", "pyre", "pyrefly", "pyright", "pytype", "rustc", "staticcheck", "swiftc", "tsc", "ty",
  ]

  /// Analyzers that follow calls, data or types through the program.
  ///
  /// CodeQL, Infer, Coverity, Sonar and Snyk Code track data between files; phpstan, Psalm and pylint look up what is imported;
  /// SpotBugs, Error Prone and PMD read the class path; clang's analyzer, clang-tidy and cppcheck read the headers; Brakeman reads
  /// a whole Rails application; vulture, knip and deptry ask what else is used.
  static let analyzers: Set<String> = [
    "brakeman", "clang", "clang-tidy", "codeql", "coverity", "cppcheck", "deptry", "error-prone",
    "errorprone", "infer", "knip", "phpstan", "pmd", "psalm", "pylint", "snyk-code", "sonarqube",
    "spotbugs", "vulture",
  ]

  /// Scanners of dependencies: what they report is about the lockfile.
  static let dependencyScanners: Set<String> = [
    "bundler-audit", "cargo-audit", "cargo-deny", "dependency-check", "dependency-track",
    "govulncheck", "grype",
    "npm-audit", "osv-scanner", "owasp-dependency-check", "pip-audit", "retire.js", "safety",
    "snyk", "snyk-container", "snyk-open-source", "trivy",
  ]

  /// Says whether a tool looks further than the file it reports on.
  static func contains(_ tool: String) -> Bool {
    typeCheckers.contains(tool) || analyzers.contains(tool) || dependencyScanners.contains(tool)
  }
}

/// The files that say which versions of what a project depends on.
///
/// `pyproject.toml`, `package.json` and `setup.cfg` are not among them: most of what changes there is about something else, and where they
/// change what is installed a lockfile changes with them.
enum DependencyFiles {
  private static let names: Set<String> = [
    // JavaScript
    "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock",
    "bun.lockb", "deno.lock",
    // Python
    "poetry.lock", "uv.lock", "pdm.lock", "pylock.toml", "Pipfile", "Pipfile.lock",
    "conda-lock.yml", "environment.yml", "environment.yaml", "pixi.lock",
    // Compiled languages
    "Cargo.lock", "go.mod", "go.sum", "go.work", "go.work.sum", "Package.resolved", "Podfile.lock",
    "Cartfile.resolved", "conan.lock", "conanfile.txt", "vcpkg.json", "vcpkg-configuration.json",
    "packages.lock.json", "packages.config", "Directory.Packages.props", "paket.lock",
    // Java and its relatives
    "pom.xml", "gradle.lockfile", "build.gradle", "build.gradle.kts", "settings.gradle",
    "settings.gradle.kts", "libs.versions.toml", "verification-metadata.xml", "build.sbt",
    // Others
    "Gemfile", "Gemfile.lock", "composer.json", "composer.lock", "pubspec.yaml", "pubspec.lock",
    "mix.lock", "rebar.lock", "flake.lock", "MODULE.bazel.lock",
  ]

  /// Says whether a file declares or locks dependencies.
  static func contains(_ path: RepoPath) -> Bool {
    let name = path.name
    if names.contains(name) { return true }
    if name.hasSuffix(".csproj") || name.hasSuffix(".lockfile") { return true }
    // `requirements-dev.txt`, `dev-requirements.in`, `requirements/base.txt`, `constraints.txt`.
    guard name.hasSuffix(".txt") || name.hasSuffix(".in") else { return false }
    if name.contains("requirements") || name.contains("constraints") { return true }
    let folders = path.text.split(separator: "/").dropLast()
    return folders.last == "requirements"
  }
}

extension Base {
  /// True when a lockfile or another declaration of dependencies differs; false when that is not known.
  var changesDependencies: Bool {
    changedPaths?.contains(where: DependencyFiles.contains) ?? false
  }
}
