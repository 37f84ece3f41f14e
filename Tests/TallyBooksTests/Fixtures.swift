import TallyBooks
import TallyModel

/// A small world written by hand: commits by name, files as lines, scans as rows.
struct World {
  var facts = MemoryFacts()
  var lane = LaneKey(project: "p", tool: "ruff", category: "", branch: "main")
  private var arrivals = 0

  /// Takes another tool from here on: `mypy` looks at the whole program, `ruff` at one file at a time.
  mutating func use(_ tool: String) {
    lane = LaneKey(project: lane.project, tool: tool, category: "", branch: lane.branch)
  }

  static func commit(_ name: String) -> CommitID {
    guard let id = CommitID(bytes: fakeHash("commit \(name)", count: 20)) else {
      preconditionFailure("20 bytes make an id")
    }
    return id
  }

  static func path(_ text: String) -> RepoPath { RepoPath(normalized: text) }

  static func blob(_ text: String) -> BlobID {
    guard let id = BlobID(bytes: fakeHash("blob \(text)", count: 20)) else {
      preconditionFailure("20 bytes make an id")
    }
    return id
  }

  /// Makes a commit known to git; `files` maps paths to any name of their content, nil when its files are not known.
  mutating func commit(
    _ name: String,
    parents: [String] = [],
    time: Int64,
    files: [String: String]? = nil,
    renames: [String: String] = [:]
  ) {
    let id = World.commit(name)
    facts.commits[id] = CommitRecord(
      commit: id,
      parents: parents.map(World.commit),
      authored: Timestamp(seconds: time),
      committed: Timestamp(seconds: time),
      author: SimFactWriter.text("Ada"),
      message: SimFactWriter.text(name)
    )
    if let files {
      facts.files[id] = Dictionary(
        files.map { (World.path($0.key), World.blob($0.value)) },
        uniquingKeysWith: { first, _ in first }
      )
    }
    facts.renames[id] = renames.map {
      MatchEvidence.Rename(from: World.path($0.value), to: World.path($0.key), similarity: 100)
    }
  }

  /// Rows as `path:line rule identity`, with ` suppressed` for a tool's own suppression, or ` note` for an error that is none.
  @discardableResult
  mutating func scan(
    _ name: String,
    rows: [String],
    version: String = "1",
    config: String? = nil,
    scope: [String] = [],
    succeeded: Bool = true,
    notices: [ScanNotice] = [],
    rules: [String]? = nil,
    listsSilentRules: Bool = false,
    ended: Int64? = nil,
    sequence: Int? = nil,
    importer: String = "sarif/1",
    tag: String = "",
    analysed: [String]? = nil,
    recorded: Int64? = nil,
    run: CIRun? = nil
  ) -> ScanFact {
    var byPath: [String: [Finding]] = [:]
    for row in rows {
      let words = row.split(separator: " ").map(String.init)
      let place = words[0].split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      let suppressions =
        words.last == "suppressed"
        ? [Suppression(kind: .external, status: .accepted, justification: nil)] : []
      byPath[place[0], default: []].append(
        Finding(
          rule: words[1],
          level: words.last == "note" ? .note : .error,
          region: place.count > 1
            ? try? SourceRegion(startLine: Int(place[1]) ?? 1, startColumn: 1) : nil,
          message: SimFactWriter.text(words[1]),
          template: 1,
          suppressions: suppressions,
          snippet: words.count > 2 ? UInt64(words[2]) : nil
        )
      )
    }
    var lines: [Tree.Line] = []
    for (path, findings) in byPath {
      let sheet = Sheet(
        findings: findings.sorted(by: Finding.precedes),
        lexerVersion: 0,
        windows: []
      )
      let id = SimFactWriter.content(
        "sheet \(path) \(rows.filter { $0.hasPrefix(path) })",
        SheetID.init
      )
      facts.sheets[id] = sheet
      lines.append(Tree.Line(path: World.path(path), sheet: id))
    }
    lines.sort { $0.path < $1.path }
    arrivals += 1
    let id = SimFactWriter.content(
      "scan \(name) \(rows) \(version) \(scope) \(succeeded) \(importer) \(tag)",
      EntryID.init
    )
    facts.trees[id] = Tree(lines: lines)
    let list = analysed.map { SimFactWriter.text($0.joined(separator: "\n")) }
    if let list, let analysed { facts.analysed[list] = Set(analysed.map(World.path)) }
    let fired = Set(byPath.values.flatMap { $0 }.map(\.rule)).sorted()
    let fact = ScanFact(
      id: id,
      record: ScanRecord(
        lane: lane,
        commit: World.commit(name),
        toolName: "ruff",
        toolVersion: version,
        configDigest: config.map { SimFactWriter.content($0, RawDigest.init) },
        rawDigest: SimFactWriter.content("raw \(name)", RawDigest.init),
        rawLength: 1,
        runIndex: 0,
        sequence: sequence,
        ended: ended.map(Timestamp.init(seconds:)),
        scope: scope,
        succeeded: succeeded,
        analysed: list,
        notices: notices,
        rules: (rules ?? fired).map { RuleRecord(id: $0) },
        listsSilentRules: listsSilentRules,
        columnUnit: .unicodeCodePoints,
        claims: SimFactWriter.content("claims \(rows)", ContentID<ScanClaims>.init),
        findingCount: rows.count,
        skipped: []
      ),
      sequence: arrivals,
      arrived: Timestamp(seconds: 2_000_000_000 + Int64(arrivals)),
      importer: importer,
      recordings: recorded.map {
        [RecordingRecord(entries: [id], recorded: Timestamp(seconds: $0), run: run)]
      } ?? []
    )
    facts.scanFacts.append(fact)
    return fact
  }

  /// A map between two contents.
  mutating func map(
    _ old: String,
    _ new: String,
    hunks: [LineHunk] = [],
    suppressions: [SuppressionComment] = []
  ) {
    let pair = BlobPair(old: World.blob(old), new: World.blob(new))
    facts.maps[pair] = FileMap(
      old: pair.old,
      new: pair.new,
      lexerVersion: 1,
      hunks: hunks,
      anchors: [],
      suppressions: suppressions
    )
  }

  var poster: LanePoster {
    LanePoster(facts: facts, matcher: TruthMatcher(), mint: TestMint())
  }

  func books() throws -> InMemoryBooks { try poster.derive(lane: lane) }

  /// What is open at the end though it was looked for and not reported.
  func unseen(_ books: InMemoryBooks) -> [UInt64] { standing(books, .unseen) }

  /// What stands in no row of a roster at the end, for one reason.
  func standing(_ books: InMemoryBooks, _ reason: Standing.Reason) -> [UInt64] {
    books.standing().filter { $0.reason == reason }
      .compactMap { identity($0.violation, books) }.sorted()
  }

  /// What is open at the end.
  func open(_ books: InMemoryBooks) -> [UInt64] {
    books.violations.values.filter { $0.state == .open }.compactMap { identity($0.id, books) }
      .sorted()
  }

  func identity(_ id: ViolationID, _ books: InMemoryBooks) -> UInt64? {
    guard let origin = books.violations[id]?.origin,
      let line = facts.tree(of: origin.scan).lines.first(where: { $0.path == origin.path })
    else { return nil }
    return facts.sheet(line.sheet).findings[origin.ordinal].snippet
  }

  /// The postings as `position kind basis identity path [commit!]`, in order; `!` for an exact commit.
  func story(_ books: InMemoryBooks) -> [String] {
    books.postings.map { posting in
      let identity = identity(posting.violation, books) ?? 0
      return "\(posting.position ?? -1) \(posting.kind.name) \(posting.basis.name) "
        + "\(identity) \(posting.path)\(posting.isExactCommit ? " !" : "")"
    }.sorted()
  }
}
