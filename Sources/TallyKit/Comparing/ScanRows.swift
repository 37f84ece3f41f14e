import TallyImport
import TallyLedger
import TallyModel
import TallyReport
import TallyTracking

/// The findings of one scan as the matcher takes them, in the order of the report.
struct ScanRows {
  /// One finding with its place in the report.
  struct Row {
    let index: Int
    let location: ImportedLocation
    let finding: Finding
    let message: String
    let isSecret: Bool
  }

  /// The file as it was named.
  let source: String
  /// The canonical id of the tool.
  let tool: String
  /// Names that the scan says its rules had before.
  let renamedRules: [(old: String, new: String)]
  private(set) var rows: [Row]
  let columnUnit: ColumnUnit
  private let bases: [ImportedBaseURI]
  private var paths: [RepoPath]
  private(set) var blobs: [RepoPath: BlobID] = [:]
  private var windows: [TokenWindow?]
  /// The rows by path; made when the places are known.
  private(set) var byPath: [RepoPath: [Int]] = [:]
  /// Files whose text could not be used, by reason.
  private var problems: [TextProblem: Int] = [:]
  /// Findings that have no place in a text that was used.
  private(set) var missingPlaces = 0
  private(set) var warnings: [String] = []

  init(source: String, run: ImportedRun, findings: [ImportedFinding]) {
    self.source = source
    tool = run.toolID
    renamedRules = run.rules.flatMap { rule in rule.deprecatedIDs.map { ($0, rule.id) } }
    columnUnit = run.columnUnit ?? .unicodeCodePoints
    bases = run.baseURIs
    var secrets = SecretRules(run)
    var collector = RunCollector()
    collector.beginRun(run)
    rows = findings.map { finding in
      let isSecret = secrets.contains(finding.ruleID)
      return Row(
        index: finding.index,
        location: finding.location,
        finding: collector.row(finding),
        message: isSecret ? SecretRules.mask(finding) : finding.message,
        isSecret: isSecret
      )
    }
    windows = Array(repeating: nil, count: rows.count)
    let resolver = PathResolver(baseURIs: run.baseURIs)
    paths = Self.eachOnce(rows) { resolver.resolve($0) }
  }

  /// What a location stands for, each asked for once: a report names a file as often as it has findings.
  private static func eachOnce(
    _ rows: [Row],
    _ path: (ImportedLocation) -> RepoPath
  ) -> [RepoPath] {
    var known: [ImportedLocation: RepoPath] = [:]
    return rows.map { row in
      if let found = known[row.location] { return found }
      let found = path(row.location)
      known[row.location] = found
      return found
    }
  }

  /// How many files with findings have no text that could be used.
  var missingTexts: Int { problems.values.reduce(0, +) }

  /// How many files with findings have a text.
  var textCount: Int { blobs.count }

  /// Every finding for the matcher.
  var tracked: [TrackedFinding] {
    rows.indices.map { row in
      TrackedFinding(
        path: path(row),
        blob: blobs[path(row)],
        finding: rows[row].finding,
        window: windows[row],
        lexerVersion: windows[row] == nil ? 0 : Lexer.version
      )
    }
  }

  func path(_ row: Int) -> RepoPath { paths[row] }

  /// File and line.
  func place(_ row: Int) -> String {
    let line = rows[row].finding.region.map { ":\($0.startLine)" } ?? ""
    return VisibleText.line("\(paths[row])\(line)")
  }

  /// File, line, rule and message on one line.
  func title(_ row: Int) -> String {
    let parts = [rows[row].finding.rule, rows[row].message].map(VisibleText.line)
    return "\(place(row))  \(parts[0])  \(parts[1])"
  }

  // MARK: Places

  /// Finds the files of the findings in a tree, and takes from their texts what the matcher compares.
  ///
  /// A text in which a line of a finding, or most of what was quoted, is not there is not the one that was scanned.
  mutating func place(in tree: inout SourceTree) async throws {
    let resolver = PathResolver(repositoryRoot: tree.root, baseURIs: bases)
    let named = Array(Set(rows.map(\.location)))
    let found = FileFinder(resolver, in: TreePaths(tree.paths)).files(
      of: named.map { .artifact($0) }
    )
    let files = Dictionary(uniqueKeysWithValues: zip(named, found.map(\.path)))
    paths = Self.eachOnce(rows) { files[$0] ?? resolver.resolve($0) }
    byPath = Dictionary(grouping: rows.indices, by: { paths[$0] })
    let members = byPath.sorted { $0.key < $1.key }
    try await tree.load(members.map(\.key))
    for (path, members) in members where !path.isNotebook {
      guard let (blob, text) = tree.text(of: path) else {
        problems[tree.problem(of: path) ?? .absent, default: 0] += 1
        continue
      }
      let taken = windows(of: members, in: text)
      let sheet = Sheet(
        findings: members.map { rows[$0].finding },
        lexerVersion: Lexer.version,
        windows: taken
      )
      if sheet.isOfOtherText {
        let problem: TextProblem = TextCapture.canRead(text) ? .otherText : .unreadable
        problems[problem, default: 0] += 1
        continue
      }
      missingPlaces += members.indices.count {
        taken[$0] == nil && rows[members[$0]].finding.region != nil
      }
      blobs[path] = blob
      for (row, window) in zip(members, taken) { windows[row] = window }
    }
    warn()
  }

  private func windows(of members: [Int], in text: [UInt8]) -> [TokenWindow?] {
    let secretLines = members.filter { rows[$0].isSecret }
      .compactMap { rows[$0].finding.region }.flatMap(\.lines)
    return TextCapture.windows(
      text: text,
      findings: members.map { rows[$0].finding },
      columnUnit: columnUnit,
      secretLines: Set(secretLines)
    )
  }

  private mutating func warn() {
    let reasons = TextProblem.allCases.compactMap { problem in
      problems[problem].map { "\($0) \(problem.reason)" }
    }
    if !reasons.isEmpty {
      let files = missingTexts == 1 ? "1 file" : "\(missingTexts) files"
      warnings.append(
        "\(source): the text of \(files) is not used, what was reported has to do: "
          + reasons.joined(separator: ", ")
      )
    }
    if missingPlaces > 0 {
      let findings = missingPlaces == 1 ? "1 finding has" : "\(missingPlaces) findings have"
      warnings.append("\(source): \(findings) no place in the text of the file")
    }
  }

  /// Cuts the folders off that two machines had before the same files.
  ///
  /// Where paths are absolute and nothing says where the top was: the tops under which most files of both have the same path.
  static func alignRoots(_ old: inout ScanRows, _ new: inout ScanRows) {
    let (olds, news) = (old.absolutePaths, new.absolutePaths)
    guard !olds.isEmpty, !news.isEmpty else { return }
    var best = (count: 0, depth: 0, old: 0, new: 0)
    for oldDepth in 0...Self.sharedDepth(olds) {
      let left = Set(olds.map { $0.dropFirst(oldDepth) })
      for newDepth in 0...Self.sharedDepth(news) {
        let count = news.count { left.contains($0.dropFirst(newDepth)) }
        // Of equally good ones the deepest: the shortest paths.
        if (count, oldDepth + newDepth) > (best.count, best.depth) {
          best = (count, oldDepth + newDepth, oldDepth, newDepth)
        }
      }
    }
    if best.count == 0 { return }
    old.cut(best.old)
    new.cut(best.new)
  }

  private var absolutePaths: [[Substring]] {
    Set(paths).filter { $0.text.hasPrefix("/") }.sorted().map { $0.text.split(separator: "/") }
  }

  private static func sharedDepth(_ paths: [[Substring]]) -> Int {
    guard var shared = paths.first?.dropLast() else { return 0 }
    for path in paths {
      var count = 0
      for (left, right) in zip(shared, path.dropLast()) {
        if left != right { break }
        count += 1
      }
      shared = shared.prefix(count)
    }
    return shared.count
  }

  private mutating func cut(_ depth: Int) {
    paths = paths.map { path in
      guard path.text.hasPrefix("/") else { return path }
      let parts = path.text.split(separator: "/").dropFirst(depth)
      return RepoPath(normalized: parts.joined(separator: "/"))
    }
  }
}

extension SourceRegion {
  fileprivate var lines: ClosedRange<Int> { startLine...max(startLine, endLine ?? startLine) }
}
