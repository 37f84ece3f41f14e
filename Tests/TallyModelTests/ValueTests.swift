import Testing

@testable import TallyModel

/// A random source that gives the same numbers for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

@Suite struct TimestampTests {
  /// Method: every form that the doc comment names, against seconds known from elsewhere.
  @Test(
    "reads what it says it reads",
    arguments: [
      ("1970-01-01", 0), ("2026-11-20", 1_795_132_800), ("2026-11-20T08:00Z", 1_795_161_600),
      ("2026-11-20T08:00:00.999Z", 1_795_161_600), ("2026-11-20 08:00:00+01:00", 1_795_158_000),
      ("2026-11-20T08:00:00-0130", 1_795_167_000), ("1969-12-31T23:59:59Z", -1),
      ("2000-02-29", 951_782_400), ("0001-01-01", -62_135_596_800),
    ]
  )
  func reads(_ text: String, _ seconds: Int64) {
    #expect(Timestamp(iso8601: text)?.seconds == seconds)
  }

  @Test(
    "refuses everything else",
    arguments: [
      "", "2026", "2026-13-01", "2026-02-29", "2026-11-20T", "2026-11-20T24:00", "20.11.2026",
      "2026-11-20T08:00:00Zx", "2026-11-20T08:00+25:00", "2026-1-2", "２０２６-11-20",
    ]
  )
  func refuses(_ text: String) {
    #expect(Timestamp(iso8601: text) == nil)
  }

  @Test("what it writes it reads back, in every century")
  func roundTrip() {
    let seed: UInt64 = 20_261_123
    var random = SeededGenerator(seed: seed)
    for _ in 0..<20_000 {
      let moment = Timestamp(
        seconds: Int64.random(in: -62_135_596_800...253_402_300_799, using: &random)
      )
      #expect(Timestamp(iso8601: moment.iso8601) == moment, "seed \(seed): \(moment.iso8601)")
      let midnight = Timestamp(iso8601: moment.dateText)
      #expect(midnight?.days(since: moment) == (midnight == moment ? 0 : -1), "seed \(seed)")
    }
  }

  @Test("days are rounded down on both sides of zero")
  func days() {
    let noon = Timestamp(seconds: 43_200)
    #expect(noon.days(since: Timestamp(seconds: 0)) == 0)
    #expect(Timestamp(seconds: 0).days(since: noon) == -1)
    #expect(Timestamp(seconds: 86_400 * 3).days(since: Timestamp(seconds: 0)) == 3)
  }
}

@Suite struct IdentityTests {
  @Test("ids keep their 32 bytes and order by them")
  func contentID() throws {
    let seed: UInt64 = 7
    var random = SeededGenerator(seed: seed)
    for _ in 0..<500 {
      let left = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
      var right = left
      right[Int.random(in: 0..<32, using: &random)] ^= 0x40
      let first = try #require(TextID(bytes: left))
      let second = try #require(TextID(hex: Hex.encode(right).uppercased()))
      #expect(first.bytes == left, "seed \(seed)")
      #expect((first < second) == left.lexicographicallyPrecedes(right), "seed \(seed)")
      #expect(TextID(hex: first.description) == first)
    }
    #expect(TextID(bytes: [UInt8](repeating: 0, count: 31)) == nil)
    #expect(TextID(bytes: [UInt8](repeating: 0, count: 33)) == nil)
    #expect(TextID(hex: String(repeating: "g", count: 64)) == nil)
  }

  @Test("git names have 20 or 32 bytes, and nothing else is one")
  func gitNames() throws {
    let short = String(repeating: "0a", count: 20)
    let long = String(repeating: "0a", count: 32)
    #expect(CommitID(hex: short)?.description == short)
    #expect(CommitID(hex: long)?.description == long)
    #expect(CommitID(hex: short) != CommitID(hex: long))
    #expect(CommitID(hex: String(short.dropLast())) == nil)
    #expect(CommitID(hex: short + "00") == nil)
  }

  @Test("a violation's id can be read aloud: I, L and O are taken for 1, 1 and 0")
  func crockford() {
    let id = ViolationID(high: 0x0011_2233_4455_6677, low: 0x8899_AABB_CCDD_EEFF)
    #expect(id.description == "T-008J4CT4ANK7F24SNAXWSQFEZ")
    #expect(id.short() == "T-008J4C")
    #expect(id.hasPrefix("t-OO8j"))
    #expect(id.hasPrefix("008J4C"))
    #expect(!id.hasPrefix("008J4D"))
    #expect(!id.hasPrefix(""))
    #expect(ViolationID(bytes: id.bytes) == id)
  }
}

@Suite struct FindingTests {
  @Test("paths compare by bytes, never by canonical equivalence")
  func paths() {
    let composed = RepoPath(normalized: "caf\u{E9}.py")
    let decomposed = RepoPath(normalized: "cafe\u{301}.py")
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed]).count == 2)
    #expect(RepoPath(normalized: "a/b/c.py").folder == "a/b")
    #expect(RepoPath(normalized: "a/b/c.py").name == "c.py")
    #expect(RepoPath(normalized: "c.py").folder.isEmpty)
    #expect(RepoPath(normalized: "a-b") < RepoPath(normalized: "a/b"))
  }

  @Test("regions refuse lines and columns that cannot be")
  func regions() throws {
    #expect(throws: InvalidRegion(value: 0)) { try SourceRegion(startLine: 0) }
    #expect(throws: InvalidRegion(value: -1)) { try SourceRegion(startLine: 1, startColumn: -1) }
    #expect(throws: InvalidRegion(value: 4)) { try SourceRegion(startLine: 5, endLine: 4) }
    #expect(throws: InvalidRegion(value: 1 << 31)) { try SourceRegion(startLine: 1 << 31) }
    #expect(try SourceRegion(startLine: 5, endLine: 5, endColumn: 1).endColumn == 1)
  }

  /// Method: random rows with few distinct values, so that ties are common; every permutation sorts to the same sheet.
  @Test("a finding is suppressed only where every suppression is accepted")
  func suppressions() throws {
    let message = try #require(TextID(bytes: [UInt8](repeating: 0, count: 32)))
    let cases: [(statuses: [Suppression.Status], isSuppressed: Bool)] = [
      ([], false), ([.accepted], true), ([.accepted, .accepted], true), ([.underReview], false),
      ([.accepted, .rejected], false), ([.underReview, .accepted], false),
    ]
    for (statuses, isSuppressed) in cases {
      let finding = Finding(
        rule: "R",
        level: .error,
        region: nil,
        message: message,
        template: 0,
        suppressions: statuses.map { Suppression(kind: .external, status: $0, justification: nil) }
      )
      #expect(finding.isSuppressed == isSuppressed, "\(statuses)")
    }
  }

  @Test("the order of rows does not depend on the order in which they came")
  func sheetOrder() throws {
    let seed: UInt64 = 42
    var random = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      let rows = try (0..<8).map { _ in try Self.row(&random) }
      let sorted = rows.sorted(by: Finding.precedes)
      #expect(rows.shuffled(using: &random).sorted(by: Finding.precedes) == sorted, "seed \(seed)")
      for (left, right) in zip(sorted, sorted.dropFirst()) {
        #expect(!Finding.precedes(right, left), "seed \(seed)")
      }
    }
  }

  private static func row(_ random: inout SeededGenerator) throws -> Finding {
    let line = Int.random(in: 0...2, using: &random)
    let text = [UInt8](repeating: UInt8.random(in: 0...1, using: &random), count: 32)
    return Finding(
      rule: ["A", "B"].randomElement(using: &random) ?? "A",
      level: Bool.random(using: &random) ? .error : .note,
      region: line == 0 ? nil : try SourceRegion(startLine: line),
      message: try #require(TextID(bytes: text)),
      template: 0,
      symbol: Bool.random(using: &random) ? "f" : nil,
      snippet: Bool.random(using: &random) ? 1 : nil
    )
  }
}
