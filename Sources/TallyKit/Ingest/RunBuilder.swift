import TallyGit
import TallyImport
import TallyLedger
import TallyModel

/// A run that is about to be recorded: its claim, its rows by path, and its sheets as they get captured.
struct PendingRun {
  /// The file as it was named.
  let source: String
  let importer: String
  let body: EntryBody
  /// The lane whose books it goes into: the recorded one, or the one that was renamed to.
  var lane: LaneKey
  let columnUnit: ColumnUnit
  /// The rows by path, each sorted; empty for a test run.
  let rows: [RepoPath: [Finding]]
  /// The claimed part of each file's sheet.
  let claims: [RepoPath: ClaimID]
  /// Lines of files that hold a secret, which no window may show.
  let secretLines: [RepoPath: Set<Int>]
  let skipped: [SkippedCount]
  /// What was put right, ignored or not known, by reason or property.
  let adjusted: [SkippedCount]
  let ignored: [SkippedCount]
  let unknown: [SkippedCount]
  /// The sheets with their windows, once captured.
  var sheets: [CaptureLine] = []
  /// Line and token maps from the lane's last scan, once gathered.
  var maps: [FileMap] = []
  /// The texts that the sheets which may be new refer to; those of stored sheets are stored.
  var texts: Set<TextID> = []
  /// True when a map could not be made because the clone lacks a text.
  var lacksOldTexts = false
}

/// Turns what importers read into claims: resolves paths, sorts and unites rows.
final class RunBuilder {
  private let request: IngestRequest
  private let target: Target
  private let configDigest: RawDigest?
  private let locator: FileLocator
  private(set) var warnings: [String] = []
  /// Texts of notices, rules and test cases, which are hashed only here.
  private(set) var texts: [String: TextID] = [:]

  /// Creates a builder for the files of one ingest.
  init(
    request: IngestRequest,
    target: Target,
    workspace: Workspace,
    configDigest: RawDigest?,
    files: CommitFiles
  ) {
    self.request = request
    self.target = target
    locator = FileLocator(roots: request.roots, workspace: workspace, files: files)
    self.configDigest = configDigest
  }

  /// The runs of one file, in file order.
  func runs(of file: CollectedFile) throws -> [PendingRun] {
    var result: [PendingRun] = []
    for run in file.collector.runs { result.append(try scan(run, of: file)) }
    for run in file.collector.testRuns { result.append(try tests(run, of: file)) }
    return result
  }

  // MARK: Scans

  private func scan(_ collected: CollectedRun, of file: CollectedFile) throws -> PendingRun {
    let run = collected.run
    let named =
      Array(collected.rows.keys) + run.notices.compactMap(\.location) + (run.analysed ?? [])
    let places = try locator.places(named.map { .artifact($0) }, bases: run.baseURIs)
    var rows: [RepoPath: [Finding]] = [:]
    for (location, found) in collected.rows { rows[places.path(location), default: []] += found }
    var skipped = collected.end.skipped
    let duplicates = Self.sortAndUnite(&rows)
    if duplicates > 0 { skipped.append(SkippedCount(reason: "duplicate", count: duplicates)) }
    skipped.sort { $0.reason.utf8.lexicographicallyPrecedes($1.reason.utf8) }
    note(collected, of: file, places: places)

    let lane = LaneKey(
      project: target.project,
      tool: run.toolID,
      category: request.category ?? run.category ?? "",
      branch: target.branch
    )
    let claims = try rows.mapValues { try StoredFormat.claimID(of: $0) }
    let record = ScanRecord(
      lane: lane,
      commit: target.commit,
      toolName: run.toolName,
      toolVersion: run.toolVersion,
      configDigest: configDigest,
      rawDigest: file.digest,
      rawLength: file.length,
      runIndex: run.index,
      sequence: request.sequence,
      ended: run.ended ?? run.started,
      scope: Set(request.scope).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) },
      succeeded: run.succeeded && !request.failed,
      analysed: analysed(run, places),
      notices: run.notices.map { notice in
        ScanNotice(
          level: notice.level,
          path: notice.location.flatMap { places.found($0) },
          rule: notice.ruleID,
          message: id(of: notice.message)
        )
      },
      rules: run.rules.map { rule in
        RuleRecord(
          id: rule.id,
          name: rule.name,
          defaultLevel: rule.defaultLevel,
          tags: rule.tags,
          deprecatedIDs: rule.deprecatedIDs,
          helpURI: rule.helpURI,
          summary: rule.summary.map { id(of: $0) },
          securitySeverity: rule.securitySeverity
        )
      },
      listsSilentRules: collected.end.listsSilentRules,
      columnUnit: run.columnUnit ?? .unicodeCodePoints,
      claims: try StoredFormat.scanClaims(claims.map { (path: $0.key, claim: $0.value) }),
      findingCount: rows.values.reduce(0) { $0 + $1.count },
      skipped: skipped
    )
    return PendingRun(
      source: file.name,
      importer: file.importer,
      body: .scan(record),
      lane: lane,
      columnUnit: record.columnUnit,
      rows: rows,
      claims: claims,
      secretLines: Self.lines(of: collected.secretRules, in: rows),
      skipped: skipped,
      adjusted: collected.end.adjusted,
      ignored: collected.end.ignoredProperties + Self.further(collected.end.furtherLocations),
      unknown: collected.end.unknownProperties
    )
  }

  /// The hash of the files that a run lists as analysed, sorted, a line each; nil where it lists none.
  private func analysed(_ run: ImportedRun, _ places: FileLocator.Places) -> TextID? {
    guard let listed = run.analysed else { return nil }
    let paths = Set(listed.map { places.path($0) })
    return id(of: paths.sorted().map(\.text).joined(separator: "\n"))
  }

  private static func further(_ count: Int) -> [SkippedCount] {
    count == 0 ? [] : [SkippedCount(reason: "result.locations (beyond the first)", count: count)]
  }

  private func id(of text: String) -> TextID {
    if let known = texts[text] { return known }
    let id = StoredFormat.textID(text)
    texts[text] = id
    return id
  }

  // MARK: Rows

  /// Sorts each path's rows and drops those that say the same as the one before; returns how many were dropped.
  private static func sortAndUnite(_ rows: inout [RepoPath: [Finding]]) -> Int {
    var dropped = 0
    for (path, found) in rows {
      let sorted = found.count > 1 ? found.sorted(by: Finding.precedes) : found
      var united: [Finding] = []
      united.reserveCapacity(sorted.count)
      for row in sorted where united.last.map({ !$0.isSame(as: row) }) ?? true {
        united.append(row)
      }
      dropped += found.count - united.count
      rows[path] = united
    }
    return dropped
  }

  /// The lines of the findings of some rules.
  private static func lines(
    of rules: Set<String>,
    in rows: [RepoPath: [Finding]]
  ) -> [RepoPath: Set<Int>] {
    if rules.isEmpty { return [:] }
    return rows.mapValues { found in
      Set(
        found.filter { rules.contains($0.rule) }.flatMap { row in
          row.region.map { Array($0.startLine...($0.endLine ?? $0.startLine)) } ?? []
        }
      )
    }
  }

  /// What error notices keep from being closed.
  private static func leftOut(_ errors: [ImportedNotice], _ places: FileLocator.Places) -> String {
    let isPlaceless = errors.contains { notice in
      notice.ruleID == nil && notice.location.flatMap { places.found($0) } == nil
    }
    if isPlaceless {
      return "nothing that it does not report is closed"
    }
    return "what they name was not looked at, and stays as it was"
  }

  private func note(_ collected: CollectedRun, of file: CollectedFile, places: FileLocator.Places) {
    let tool = collected.run.toolName
    let name = file.name == "-" ? "standard input" : file.name
    if let failure = collected.run.failure, !collected.run.succeeded {
      warnings.append("\(name): \(tool) says that it did not finish: \(failure)")
    }
    let errors = collected.run.notices.filter { $0.level == .error }
    if let first = errors.first {
      let said = first.message.isEmpty ? "" : ": \(first.message)"
      warnings.append(
        "\(name): \(tool) reports \(errors.count == 1 ? "an error" : "\(errors.count) errors") of its run\(said); "
          + Self.leftOut(errors, places)
      )
    }
    let counts = collected.rows.mapValues(\.count)
    warnings += FileLocator.warnings(places, counts: counts).map { "\(name): \($0)" }
    if let listed = collected.run.analysed, listed.allSatisfy({ places.found($0) == nil }) {
      warnings.append(
        "\(name): \(tool) lists what it analysed, and none of it is in the commit: nothing that it does not "
          + "report is closed; --root PREFIX strips the folder it was scanned in"
      )
    }
    for revision in collected.run.revisions {
      if let said = revision.revisionID, let id = CommitID(hex: said), id != target.commit {
        warnings.append(
          "\(name) says it scanned \(id.short), and is recorded for \(target.commit.short)"
        )
      }
    }
  }

  // MARK: Tests

  private func tests(_ run: ImportedTestRun, of file: CollectedFile) throws -> PendingRun {
    let lane = LaneKey(
      project: target.project,
      tool: run.runner,
      category: request.category ?? "",
      branch: target.branch
    )
    let places = try locator.places(run.cases.compactMap(\.file).map { .file($0) }, bases: [])
    let record = TestRunRecord(
      lane: lane,
      commit: target.commit,
      rawDigest: file.digest,
      rawLength: file.length,
      sequence: request.sequence,
      started: run.started,
      durationMilliseconds: run.durationMilliseconds,
      succeeded: run.succeeded && !request.failed,
      cases: run.cases.map { test in
        TestCaseResult(
          id: test.id,
          outcome: test.outcome,
          message: test.message.map { id(of: $0) },
          path: test.file.map { places.path(.file($0)) }
        )
      },
      skipped: run.adjusted
    )
    if let failure = run.failure, !run.succeeded {
      warnings.append("\(file.name): the test run did not finish: \(failure)")
    }
    return PendingRun(
      source: file.name,
      importer: file.importer,
      body: .tests(record),
      lane: lane,
      columnUnit: .unicodeCodePoints,
      rows: [:],
      claims: [:],
      secretLines: [:],
      skipped: [],
      adjusted: run.adjusted,
      ignored: run.ignored,
      unknown: []
    )
  }

  /// The digest of the tool's configuration files; nil where none is named.
  ///
  /// - Throws: ``IngestError/toolConfiguration(path:)``.
  static func digest(of paths: [String], workspace: Workspace) throws -> RawDigest? {
    if paths.isEmpty { return nil }
    var digest = StreamingDigest()
    for path in paths.sorted() {
      guard let bytes = workspace.readFile(path) else {
        throw IngestError.toolConfiguration(path: path)
      }
      // Lengths between the parts, so that two files never read as one.
      let head = Array("\(path.utf8.count):\(path)\(bytes.count):".utf8)
      (head + bytes).withUnsafeBytes { digest.update($0) }
    }
    return digest.finish()
  }
}
