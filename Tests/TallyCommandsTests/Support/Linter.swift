import Foundation

/// A linter for tests: what it reports is what stands in the sources, so that a test says what it expects by editing files.
///
/// Every line with `eval(`, `exec(` or `print(` is a finding of `no-eval`, `no-exec` or `no-print`, unless it ends in `# noqa`.
struct Linter {
  var tool = "lintel"
  var version = "1.0"
  /// SARIF `automationDetails.id`.
  var category: String?
  /// Rules that the tool lists whether they fired or not.
  var rules = ["no-eval", "no-exec", "no-print"]
  /// Rules that are listed and not reported: switched off by a tool that lists all it has.
  var muted: Set<String> = []
  /// Folders that are looked into; everything where none is named.
  var only: [String] = []
  /// True to quote the line of each finding.
  var quotes = false
  /// False for a run that says it failed.
  var succeeds = true

  /// Findings of a file's text, in the order of lines.
  func findings(in text: String, path: String) -> [[String: Any]] {
    var result: [[String: Any]] = []
    for (index, line) in text.components(separatedBy: "\n").enumerated() {
      if line.hasSuffix("# noqa") { continue }
      for rule in rules where !muted.contains(rule) {
        let word = rule.dropFirst(3) + "("
        guard let range = line.range(of: word) else { continue }
        let column = line.distance(from: line.startIndex, to: range.lowerBound) + 1
        result.append(
          finding(
            rule,
            path,
            line: index + 1,
            column: column,
            "\(word)) is not allowed here",
            snippet: quotes ? line : nil
          )
        )
      }
    }
    return result
  }

  /// One result in SARIF's form.
  func finding(
    _ rule: String,
    _ path: String,
    line: Int,
    column: Int = 1,
    _ message: String,
    level: String = "error",
    snippet: String? = nil
  ) -> [String: Any] {
    var region: [String: Any] = ["startLine": line, "startColumn": column]
    if let snippet { region["snippet"] = ["text": snippet] }
    let place: [String: Any] = [
      "artifactLocation": ["uri": Self.uri(path)], "region": region,
    ]
    return [
      "ruleId": rule, "level": level, "message": ["text": message],
      "locations": [["physicalLocation": place]],
    ]
  }

  /// A path as a relative URI; a URI as it is.
  static func uri(_ path: String) -> String {
    if path.contains("://") { return path }
    var allowed = CharacterSet.alphanumerics
    allowed.insert(charactersIn: "/._-")
    return path.addingPercentEncoding(withAllowedCharacters: allowed) ?? path
  }

  /// A run with given results.
  func run(_ results: [[String: Any]]) -> [String: Any] {
    var run: [String: Any] = [
      "tool": [
        "driver": [
          "name": tool, "version": version, "rules": rules.map { ["id": $0] },
        ]
      ],
      "results": results,
      "invocations": [["executionSuccessful": succeeds]],
    ]
    if let category { run["automationDetails"] = ["id": category] }
    return run
  }

  /// A log of runs.
  static func log(_ runs: [[String: Any]]) throws -> String {
    let log: [String: Any] = [
      "version": "2.1.0",
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
      "runs": runs,
    ]
    let data = try JSONSerialization.data(withJSONObject: log, options: [.sortedKeys])
    return String(decoding: data, as: UTF8.self)
  }

  /// What the linter says of the files of a checkout, as a run.
  func look(at folder: URL) throws -> [String: Any] {
    var results: [[String: Any]] = []
    let walker = FileManager.default.enumerator(atPath: folder.path)
    var paths: [String] = []
    while let path = walker?.nextObject() as? String {
      if path.hasSuffix(".py") { paths.append(path) }
    }
    for path in paths.sorted() {
      if !only.isEmpty, !only.contains(where: { path.hasPrefix($0 + "/") }) { continue }
      let text = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
      results += findings(in: text, path: path)
    }
    return run(results)
  }

  /// What the linter says of the files of a checkout, as SARIF.
  func sarif(of folder: URL) throws -> String { try Self.log([look(at: folder)]) }
}

extension Sandbox {
  /// Writes what a linter says of the checkout to a file.
  func lint(_ linter: Linter = Linter(), to file: String = "lint.sarif") throws {
    try write(linter.sarif(of: folder), to: file)
  }

  /// Lints and records; gives the JSON of the only run.
  @discardableResult
  func scan(_ linter: Linter = Linter(), _ more: String...) throws -> Run {
    try lint(linter)
    let outcome = try run(["ingest", "lint.sarif", "--output", "json"] + more)
    guard outcome.status == 0 else { throw Refused(errors: outcome.errors) }
    return try Run(outcome.json())
  }
}

/// An ingest that a test did not expect to fail.
struct Refused: Error, CustomStringConvertible {
  let errors: String
  var description: String { errors }
}

/// What `tally ingest --output json` says of one run.
struct Run {
  let lane: String
  let commit: String
  let entry: String
  let isNew: Bool
  let isLate: Bool
  let failed: Bool
  let count: Int
  let open: Int
  let before: Int?
  let postings: [String: Int]
  let outcomes: [String: Int]
  let skipped: [String: Int]
  let size: Int
  let root: String
  let warnings: [String]

  init(_ answer: [String: Any], at index: Int = 0) throws {
    let runs = answer["runs"] as? [[String: Any]] ?? []
    let run = index < runs.count ? runs[index] : [:]
    lane = run["lane"] as? String ?? ""
    commit = run["commit"] as? String ?? ""
    entry = run["entry"] as? String ?? ""
    isNew = run["isNew"] as? Bool ?? false
    isLate = run["isLate"] as? Bool ?? false
    failed = run["failed"] as? Bool ?? false
    count = run["count"] as? Int ?? -1
    open = run["openAfter"] as? Int ?? -1
    before = run["openBefore"] as? Int
    postings = run["postings"] as? [String: Int] ?? [:]
    outcomes = run["outcomes"] as? [String: Int] ?? [:]
    skipped = run["skipped"] as? [String: Int] ?? [:]
    size = answer["size"] as? Int ?? -1
    root = answer["root"] as? String ?? ""
    warnings = answer["warnings"] as? [String] ?? []
  }
}
