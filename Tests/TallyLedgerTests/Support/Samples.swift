import TallyLedger
import TallyModel

/// Ids and records for tests, each made from a small number.
enum Sample {
  static func bytes(_ seed: Int, count: Int = 32) -> [UInt8] {
    let hash = StoredFormat.digest(Array("sample \(seed)".utf8)).bytes
    return Array(hash.prefix(count))
  }

  static func id<Subject>(_ seed: Int) throws -> ContentID<Subject> {
    guard let id = ContentID<Subject>(bytes: bytes(seed)) else { throw Missing() }
    return id
  }

  static func commit(_ seed: Int) throws -> CommitID {
    guard let id = CommitID(bytes: bytes(seed, count: 20)) else { throw Missing() }
    return id
  }

  static func blob(_ seed: Int) throws -> BlobID {
    guard let id = BlobID(bytes: bytes(seed &+ 1_000_000, count: 20)) else { throw Missing() }
    return id
  }

  struct Missing: Error {}

  static let lane = LaneKey(project: "shop", tool: "ruff", category: "", branch: "main")

  static let receipt = Receipt(
    arrived: Timestamp(seconds: 1_790_000_000),
    actor: "Ada <ada@example.com>",
    runURL: "https://ci.example.com/runs/1",
    importer: "sarif/1"
  )

  static func finding(
    rule: String = "TID251",
    line: Int,
    message: String = "`redis.Redis` is banned"
  ) throws -> Finding {
    Finding(
      rule: rule,
      level: .error,
      region: try SourceRegion(
        startLine: line,
        startColumn: 5,
        endLine: line,
        endColumn: 16
      ),
      message: StoredFormat.textID(message),
      template: StoredFormat.digest64(Array(message.utf8))
    )
  }

  static func window(_ seed: Int) -> TokenWindow {
    var random = Random(seed: UInt64(seed))
    func tokens() -> [UInt16] {
      (0..<24).map { _ in UInt16.random(in: 0...UInt16.max, using: &random) }
    }
    return TokenWindow(left: tokens(), right: tokens(), line: UInt32(seed))
  }

  static func sheet(lines: [Int], windows: Bool = true) throws -> Sheet {
    Sheet(
      findings: try lines.map { try finding(line: $0) },
      lexerVersion: windows ? 1 : 0,
      windows: windows ? lines.map { window($0) } : []
    )
  }

  static func scan(
    lane: LaneKey = lane,
    commit: CommitID,
    lines: [(path: RepoPath, claim: ClaimID)],
    count: Int,
    raw: Int
  ) throws -> ScanRecord {
    ScanRecord(
      lane: lane,
      commit: commit,
      toolName: "Ruff",
      toolVersion: "0.6.9",
      configDigest: nil,
      rawDigest: try id(raw),
      rawLength: 1234,
      runIndex: 0,
      sequence: nil,
      ended: nil,
      scope: [],
      succeeded: true,
      notices: [],
      rules: [RuleRecord(id: "TID251", name: "banned-api", defaultLevel: .error)],
      listsSilentRules: false,
      columnUnit: .unicodeCodePoints,
      claims: try StoredFormat.scanClaims(lines),
      findingCount: count,
      skipped: []
    )
  }
}

func path(_ text: String) -> RepoPath { RepoPath(normalized: text) }
