import TallyImport
import TallyLedger
public import TallyModel
import TallyTracking

/// Which two scans are compared, and where their texts are.
public struct MatchRequest: Sendable, Hashable {
  /// Where the texts of the two scans are.
  public enum Sources: Sendable, Hashable {
    /// Nowhere: only what was reported is compared.
    case none
    /// In two folders.
    case folders(old: String, new: String)
    /// In two commits of a repository.
    case commits(repository: String, old: String, new: String)
  }

  /// The earlier scan: a file, `-` for standard input.
  public let old: String
  /// The later scan.
  public let new: String
  /// The name of a format; nil to detect it.
  public let format: String?
  /// Where the texts are.
  public let sources: Sources

  /// Creates a request.
  public init(old: String, new: String, format: String? = nil, sources: Sources = .none) {
    self.old = old
    self.new = new
    self.format = format
    self.sources = sources
  }
}

/// What became of each finding of two scans.
public struct MatchAnswer: CommandAnswer {
  /// What became of a finding.
  public enum State: String, Encodable, Sendable, CaseIterable {
    case persisted
    case ambiguous
    case gone
    case new
  }

  /// One finding, or two that are one violation.
  public struct Pair: Encodable, Sendable {
    /// The place among the results of the earlier scan, from 0.
    public var old: Int?
    /// The place among the results of the later scan, from 0.
    public var new: Int?
    /// What became of it.
    public var state: State
    /// How the two were linked, such as `token-map`.
    public var stage: String?
    /// The score within the stage.
    public var score: Int?
    /// By how much the link beats the next best; nil where there was no other.
    public var margin: Int?

    private enum CodingKeys: String, CodingKey {
      case old, new, state, stage, score, margin
    }

    /// Writes every key, `null` where there is nothing.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(old, forKey: .old)
      try container.encode(new, forKey: .new)
      try container.encode(state, forKey: .state)
      try container.encode(stage, forKey: .stage)
      try container.encode(score, forKey: .score)
      try container.encode(margin, forKey: .margin)
    }
  }

  /// What was at hand.
  public struct Evidence: Encodable, Sendable {
    /// Files with findings of either scan whose text was at hand.
    public var texts: Int
    /// Files with findings whose text was not found, or is not what was scanned.
    public var textsMissing: Int
    /// Findings that have no place in the text of their file: a line beyond its end, or other text than was quoted.
    public var placesMissing: Int
    /// Pairs of texts that were compared.
    public var maps: Int
    /// Files that have another path now.
    public var renames: Int
  }

  /// The form of this answer.
  public var version = 1
  /// How many pairs are `persisted`, `ambiguous`, `gone`, `new`.
  public var counts: [String: Int]
  /// What was at hand.
  public var evidence: Evidence
  /// The earlier findings in their order, then those that are new.
  public var pairs: [Pair]
  /// Sentences about what could not be used.
  public var warnings: [String]
  var lines: [(state: State, text: String)] = []

  private enum CodingKeys: String, CodingKey {
    case version, counts, evidence, pairs, warnings
  }

  /// Each pair as JSON on a line of its own, keys sorted: what ``Pair`` encodes to, written by hand for its number.
  public func jsonLines() -> String {
    var text = ""
    text.reserveCapacity(pairs.count * 100)
    func write(_ key: StaticString, _ value: Int?) {
      text += "\"\(key)\":"
      if let value { text += String(value) } else { text += "null" }
      text += ","
    }
    for pair in pairs {
      text += "{"
      write("margin", pair.margin)
      write("new", pair.new)
      write("old", pair.old)
      write("score", pair.score)
      text += pair.stage.map { "\"stage\":\"\($0)\"," } ?? "\"stage\":null,"
      text += "\"state\":\"\(pair.state.rawValue)\"}\n"
    }
    return text
  }

  /// A summary, then what is new, gone, ambiguous or elsewhere.
  public func text(_ style: TextStyle) -> String {
    var result = State.allCases.map { "\(counts[$0.rawValue] ?? 0) \($0.rawValue)" }
      .joined(separator: "  ")
    let texts = evidence.texts == 1 ? "1 text" : "\(evidence.texts) texts"
    result += evidence.texts == 0 ? "  without sources\n" : "  with \(texts)\n"
    for line in lines { result += "\(line.state.rawValue.padded(to: 10))\(line.text)\n" }
    return result
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - count))
  }
}

extension Workspace {
  /// Links the findings of two scans without any ledger.
  ///
  /// The same stages link findings at ingest. Only the first run of each file is read.
  ///
  /// - Parameters:
  ///   - request: Which scans, and where their texts are.
  ///   - progress: Gets a sentence at each stage.
  /// - Returns: What became of each finding.
  /// - Throws: ``IngestError``, ``MatchError``, `ImportError`, `GitError`.
  public func match(
    _ request: MatchRequest,
    progress: @Sendable (String) -> Void = { _ in }
  ) async throws -> MatchAnswer {
    if request.old == "-", request.new == "-" { throw IngestError.standardInputTwice }
    progress("Reading \(request.old)")
    var old = try firstRun(request.old, format: request.format)
    progress("Reading \(request.new)")
    var new = try firstRun(request.new, format: request.format)
    progress("Looking at the sources")
    var evidence = MatchEvidence()
    if var sources = try await SourcePair.open(request.sources, workspace: self) {
      try await old.place(in: &sources.old)
      try await new.place(in: &sources.new)
      progress("Comparing")
      evidence = try await sources.evidence(old, new)
    } else {
      ScanRows.alignRoots(&old, &new)
      progress("Comparing")
    }
    let aliases = RuleAliases.of(
      tool: new.tool,
      listed: new.renamedRules,
      configured: configurationFile?.configuration.ruleAliases(of: new.tool) ?? [:]
    )
    let links = Matcher().match(
      previous: old.tracked,
      current: new.tracked,
      evidence: evidence.with(aliases: aliases),
      mode: .successive
    )
    return answer(old, new, links, evidence)
  }

  private func answer(
    _ old: ScanRows,
    _ new: ScanRows,
    _ links: [MatchLink],
    _ evidence: MatchEvidence
  ) -> MatchAnswer {
    let linkOf = Dictionary(
      links.map { ($0.previous, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    let taken = Set(links.map(\.current))
    var pairs: [MatchAnswer.Pair] = []
    var lines: [(state: MatchAnswer.State, text: String)] = []
    for row in old.rows.indices {
      guard let link = linkOf[row] else {
        pairs.append(MatchAnswer.Pair(old: old.rows[row].index, state: .gone))
        lines.append((.gone, old.title(row)))
        continue
      }
      let state: MatchAnswer.State = link.isAmbiguous ? .ambiguous : .persisted
      pairs.append(
        MatchAnswer.Pair(
          old: old.rows[row].index,
          new: new.rows[link.current].index,
          state: state,
          stage: link.evidence.stage.name,
          score: link.evidence.score,
          margin: link.evidence.margin
        )
      )
      if link.isAmbiguous || old.path(row) != new.path(link.current) {
        lines.append((state, "\(old.title(row)) -> \(new.place(link.current))"))
      }
    }
    for row in new.rows.indices where !taken.contains(row) {
      pairs.append(MatchAnswer.Pair(new: new.rows[row].index, state: .new))
      lines.append((.new, new.title(row)))
    }
    var counts: [String: Int] = [:]
    for state in MatchAnswer.State.allCases { counts[state.rawValue] = 0 }
    for pair in pairs { counts[pair.state.rawValue, default: 0] += 1 }
    return MatchAnswer(
      counts: counts,
      evidence: MatchAnswer.Evidence(
        texts: old.textCount + new.textCount,
        textsMissing: old.missingTexts + new.missingTexts,
        placesMissing: old.missingPlaces + new.missingPlaces,
        maps: evidence.maps.count,
        renames: evidence.renames.count
      ),
      pairs: pairs,
      warnings: old.warnings + new.warnings,
      lines: lines
    )
  }

  /// Reads the first run of a file.
  private func firstRun(_ file: String, format: String?) throws -> ScanRows {
    let (input, importer) = try open(file, format: format)
    var collector = FirstRunCollector()
    try importer.importRuns(from: input, limits: ImportLimits(), to: &collector)
    guard let run = collector.run else {
      throw collector.hasTests ? MatchError.testRun(source: file) : IngestError.noRuns(source: file)
    }
    return ScanRows(source: file, run: run, findings: collector.findings)
  }
}

/// Keeps the first run of a report as it was read.
private struct FirstRunCollector: ImportSink {
  private(set) var run: ImportedRun?
  private(set) var findings: [ImportedFinding] = []
  private(set) var hasTests = false
  private var isOver = false

  mutating func beginRun(_ run: ImportedRun) { if self.run == nil { self.run = run } }
  mutating func add(_ finding: ImportedFinding) { if !isOver { findings.append(finding) } }
  mutating func endRun(_ end: ImportedRunEnd) { isOver = true }
  mutating func addTestRun(_ run: ImportedTestRun) { hasTests = true }
}

/// Why two scans cannot be compared.
public enum MatchError: UserFacingError, Hashable {
  /// The file holds test outcomes.
  case testRun(source: String)
  /// A folder of sources is not one.
  case noFolder(option: String, path: String)
  /// The folder is in no repository.
  case noRepository(path: String)

  /// What scripts match on.
  public var code: String {
    switch self {
    case .testRun: "match.tests"
    case .noFolder: "match.folder"
    case .noRepository: "match.repository"
    }
  }

  /// The sentence.
  public var description: String {
    switch self {
    case .testRun(let source): "\(source) holds test outcomes, not findings"
    case .noFolder(let option, let path): "\(option) '\(path)' is not a folder that can be read"
    case .noRepository(let path): "'\(path)' is in no git repository"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .testRun: "match links the findings of scans; test cases are told by their names"
    case .noFolder: "name the folder that the scan ran in, as it was then"
    case .noRepository: "--repo names a clone that holds both commits"
    }
  }
}

extension MatchEvidence {
  func with(aliases: [String: String]) -> MatchEvidence {
    MatchEvidence(renames: renames, maps: maps, ruleAliases: aliases)
  }
}
