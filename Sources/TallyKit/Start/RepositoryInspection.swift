/// What a repository shows of languages, scanners, tests, CI systems, owners and baselines.
///
/// Pure: made from a list of paths and the texts of a few of them.
struct RepositoryInspection: Sendable {
  /// A language and how many files have one of its extensions.
  struct Language: Sendable, Hashable {
    let name: String
    let files: Int
  }

  /// A tool that was recognised.
  struct FoundTool: Sendable, Hashable {
    let tool: KnownTool
    /// The trace that gave it away.
    let trace: KnownTool.Trace
    /// The file with the trace; of several the one nearest to the top.
    let path: String
    /// How many other files have a trace of it.
    let others: Int
  }

  /// A list of findings that a tool does not report.
  struct Baseline: Sendable, Hashable {
    let path: String
    let tool: String
  }

  /// Most files first, then by name.
  private(set) var languages: [Language] = []
  /// In the order of ``KnownTool/all``.
  private(set) var scanners: [FoundTool] = []
  /// In the order of ``KnownTool/all``.
  private(set) var tests: [FoundTool] = []
  /// In the order of ``PipelineHost/allCases``.
  private(set) var hosts: [PipelineHost] = []
  /// The `CODEOWNERS` that counts.
  private(set) var codeOwnersPath: String?
  private(set) var codeOwners: CodeOwners?
  /// Sorted by path.
  private(set) var baselines: [Baseline] = []

  /// Files whose text may be asked for; more are not read.
  static let readLimit = 100

  /// Looks at a repository.
  ///
  /// - Parameters:
  ///   - paths: The tracked files.
  ///   - text: Reads one of them; nil where that is not possible.
  init(paths: [String], text: (String) -> String?) {
    let own = paths.filter { !Self.isForeign($0) }.sorted(by: Self.isNearer)
    countLanguages(own)
    findTools(own, text: text)
    let all = Set(paths.map { Array($0.utf8) })
    func exists(_ path: String) -> Bool { all.contains(Array(path.utf8)) }
    hosts = PipelineHost.allCases.filter { host in
      host.traces.contains { trace in
        trace.hasSuffix("/") ? own.contains { $0.hasPrefix(trace) } : exists(trace)
      }
    }
    let owners = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"]
    if let path = owners.first(where: exists), let found = text(path) {
      codeOwnersPath = path
      codeOwners = CodeOwners(found)
    }
    baselines = own.compactMap { path in
      Self.baselineTools.first { $0.name == Self.name(path) }
        .map { Baseline(path: path, tool: $0.tool) }
    }.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  // MARK: Paths

  /// Folders that hold other people's code, or examples.
  private static let foreign: Set<String> = [
    "node_modules", "vendor", "third_party", "Pods", "testdata", "fixtures", "Fixtures",
  ]

  private static func isForeign(_ path: String) -> Bool {
    path.split(separator: "/").dropLast().contains { foreign.contains(String($0)) }
  }

  /// Fewer folders first, then bytewise.
  private static func isNearer(_ left: String, _ right: String) -> Bool {
    let depths = (left.utf8.count { $0 == 0x2F }, right.utf8.count { $0 == 0x2F })
    if depths.0 != depths.1 { return depths.0 < depths.1 }
    return left.utf8.lexicographicallyPrecedes(right.utf8)
  }

  private static func name(_ path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: 0x2F) else { return path }
    return String(path[path.utf8.index(after: slash)...])
  }

  // MARK: Languages

  private static let languagesByExtension: [String: String] = [
    "c": "C", "h": "C", "cc": "C++", "cpp": "C++", "cxx": "C++", "hpp": "C++", "cs": "C#",
    "dart": "Dart", "ex": "Elixir", "exs": "Elixir", "go": "Go", "java": "Java", "js": "JavaScript",
    "cjs": "JavaScript", "mjs": "JavaScript", "jsx": "JavaScript", "kt": "Kotlin", "kts": "Kotlin",
    "m": "Objective-C", "php": "PHP", "py": "Python", "pyi": "Python", "rb": "Ruby", "rs": "Rust",
    "scala": "Scala", "sh": "Shell", "bash": "Shell", "sql": "SQL", "swift": "Swift",
    "tf": "Terraform", "ts": "TypeScript", "tsx": "TypeScript", "vue": "Vue",
  ]

  private mutating func countLanguages(_ paths: [String]) {
    var counts: [String: Int] = [:]
    for path in paths {
      let name = Self.name(path)
      guard let dot = name.utf8.lastIndex(of: 0x2E), dot != name.startIndex,
        let language = Self.languagesByExtension[String(name[name.utf8.index(after: dot)...])]
      else { continue }
      counts[language, default: 0] += 1
    }
    languages = counts.map { Language(name: $0.key, files: $0.value) }
      .sorted { ($1.files, $0.name) < ($0.files, $1.name) }
  }

  // MARK: Tools

  private mutating func findTools(_ paths: [String], text: (String) -> String?) {
    var texts: [String: String] = [:]
    let wanted = Set(
      KnownTool.all.flatMap(\.traces).filter { $0.line != nil || $0.text != nil }.map(\.file)
    )
    for path in paths.lazy.filter({ wanted.contains(Self.name($0)) }).prefix(Self.readLimit) {
      texts[path] = text(path)
    }
    for tool in KnownTool.all {
      var found: [(trace: KnownTool.Trace, path: String)] = []
      for path in paths {
        let name = Self.name(path)
        if let trace = tool.traces.first(where: { Self.fits($0, name, texts[path]) }) {
          found.append((trace, path))
        }
      }
      guard let first = found.first else { continue }
      // A lone file of rules says less than the build that runs the tool.
      let best = found.first { $0.trace.command != nil } ?? first
      let entry = FoundTool(
        tool: tool,
        trace: best.trace,
        path: best.path,
        others: found.count - 1
      )
      if tool.kind == .scanner { scanners.append(entry) } else { tests.append(entry) }
    }
  }

  private static func fits(_ trace: KnownTool.Trace, _ name: String, _ text: String?) -> Bool {
    if trace.file.hasSuffix("*") {
      if !name.hasPrefix(trace.file.dropLast()) { return false }
    } else if trace.file != name {
      return false
    }
    if trace.line == nil, trace.text == nil { return true }
    guard let text else { return false }
    if let part = trace.text { return text.contains(part) }
    guard let line = trace.line else { return false }
    return text.split(whereSeparator: \.isNewline).contains {
      $0.drop(while: \.isWhitespace).hasPrefix(line)
    }
  }

  // MARK: Baselines

  private static let baselineTools: [(name: String, tool: String)] = [
    (".betterer.results", "betterer"), (".rubocop_todo.yml", "rubocop"),
    (".secrets.baseline", "detect-secrets"), ("baseline.xml", "detekt"),
    ("detekt-baseline.xml", "detekt"), ("eslint-suppressions.json", "eslint"),
    (".flake8-baseline", "flake8"), ("lint-baseline.xml", "android-lint"),
    ("mypy-baseline.txt", "mypy"), ("phpstan-baseline.neon", "phpstan"),
    ("phpstan-baseline.php", "phpstan"), ("psalm-baseline.xml", "psalm"),
    (".swiftlint-baseline.json", "swiftlint"), (".gitleaksignore", "gitleaks"),
    (".trivyignore", "trivy"),
  ]
}
