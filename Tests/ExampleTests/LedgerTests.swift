import Foundation
import Testing

/// The ledger of the clone is what its recordings say, whoever makes it, in whichever order.
///
/// Method: makes it again with the real program in a temporary folder, and compares digests and rows.
@Suite(.needsPrograms, .timeLimit(.minutes(5)))
struct LedgerTests {
  @Test("the committed ledger is the recordings' ledger")
  func rebuild() throws {
    let committed = try Verified(Example.committedLedger)
    #expect(committed.findings == [])
    #expect(
      try committed == Verified(try Rebuilt.get().ledger),
      "run 'make ledger' when the stored format or the books changed on purpose"
    )
    let size =
      try FileManager.default
      .attributesOfItem(atPath: Example.committedLedger.path)[.size] as? Int
    #expect(try #require(size) < 400_000)
  }

  /// Scans, test runs and measurements arrive in a random order; what people type comes last, at the times of the story.
  ///
  /// The same entries of these kinds are there, and the same books: every position, cause, basis, path, commit and id, and the
  /// same post. Not the same are the entries that depend on what the ledger held when they were typed: a waiver stores the
  /// last sighting of its violation, and a configuration is recorded when it changed against the one before.
  @Test("the order of arrival does not matter", arguments: [7, 226] as [UInt64])
  func anyOrder(seed: UInt64) throws {
    let told = try Rebuilt.get()
    let scratch = try Scratch()
    let repository = scratch.file("netra")
    try FileManager.default.copyItem(at: told.repository, to: repository)
    let player = Player(repository: repository, ledger: scratch.file("ledger.db"))
    var random = SplitMix64(state: seed)
    let steps = try Journal.load().steps
    let typed = steps.filter { ["waive", "attest"].contains($0.command[1]) }
    let brought = steps.filter { !["waive", "attest"].contains($0.command[1]) }
    for step in brought.shuffled(using: &random) + typed { try player.play(step) }

    #expect(try Verified(player.ledger).findings == [], "seed \(seed)")
    let sameRows = [
      "SELECT id FROM entries WHERE kind IN ('scan', 'tests', 'measurements', 'attestation')"
        + " ORDER BY id",
      "SELECT DISTINCT kind FROM entries ORDER BY kind",
      "SELECT position, id, git_commit, time, counts, succeeded, on_line, covers_all, findings"
        + " FROM scans ORDER BY position, id",
      "SELECT v.id, s.position, p.kind, p.basis, p.path, p.git_commit, p.exact_commit"
        + " FROM postings p JOIN violations v ON v.violation = p.violation"
        + " JOIN scans s ON s.lane = p.lane AND s.position = p.position"
        + " ORDER BY s.position, v.id, p.kind",
      "SELECT id, rule, level, state, path, row, message, first_position, last_position"
        + " FROM violations ORDER BY id",
      "SELECT name, git_commit, value FROM measurements ORDER BY name, git_commit, value",
      "SELECT git_commit, message FROM commits ORDER BY git_commit",
    ]
    for sql in sameRows {
      #expect(try rows(player.ledger, sql) == rows(told.ledger, sql), "seed \(seed): \(sql)")
    }
    let (other, post) = (try post(of: player.ledger), try post(of: told.ledger))
    let lines = zip(other.split(separator: "\n"), post.split(separator: "\n"))
    let difference = lines.first { $0 != $1 }.map { "\($0)\n\($1)" } ?? "another length"
    #expect(other == post, "seed \(seed): the posts differ before the footer: \(difference)")
  }

  /// The post up to the footer, which names the journal's size and root.
  private func post(of ledger: URL) throws -> String {
    let data = try tally("report", "--as-of", Example.lastDay, ledger: ledger)
    let text = String(decoding: data, as: UTF8.self)
    let footer = try #require(text.range(of: "\n---\n", options: .backwards))
    return String(text[..<footer.lowerBound])
  }

  @Test(
    "what is refused leaves the ledger as it was",
    arguments: ["07-linter-settings", "18-manager-tests"]
  )
  func refused(name: String) throws {
    let told = try Rebuilt.get()
    let scratch = try Scratch()
    let ledger = scratch.file("ledger.db")
    try FileManager.default.copyItem(at: told.ledger, to: ledger)
    let before = try Data(contentsOf: ledger)
    let step = try #require(try Journal.load().steps.first { $0.name == name })
    let player = Player(repository: told.repository, ledger: ledger, checksOut: false)
    let outcome = try player.outcome(of: step)
    #expect(outcome.status == 2)
    #expect(outcome.text == "")
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.count == 2 && lines[0].hasPrefix("error: "), "\(outcome.errors)")
    #expect(lines.first?.contains(/\[import\.[a-z-]+\]$/) == true, "\(outcome.errors)")
    #expect(lines.last?.hasPrefix("hint: ") == true, "\(outcome.errors)")
    #expect(try Data(contentsOf: ledger) == before)
  }

  @Test("the reader of the standard library agrees")
  func otherReader() throws {
    let reader = Example.root.appendingPathComponent("tools/read_ledger.py")
    let outcome = try run(
      try Example.program("python3"),
      ["-B", reader.path, Example.committedLedger.path],
      in: FileManager.default.temporaryDirectory
    )
    #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
    let verified = try Verified(Example.committedLedger)
    let open = try listed(Example.committedLedger, "--as-of", Example.lastDay).count
    #expect(
      outcome.text == """
        root \(verified.size):\(verified.root)
        state \(verified.stateDigest)
        \(open) open in netra ruff/ssot@main

        """
    )
  }
}

/// Tests that run ruff and pytest again.
@Suite(.timeLimit(.minutes(10)))
struct ReplayTests {
  @Test(
    "the real tools say today what was recorded",
    .enabled(
      if: Example.canReplay,
      "skipped: TALLY_TEST_PYTHON_TOOLS names no folder with ruff, and CI is not set"
    )
  )
  func replay() throws {
    let tools = try #require(Example.pythonTools, "TALLY_TEST_PYTHON_TOOLS has no ruff")
    let script = Example.folder.appendingPathComponent("replay.py")
    let outcome = try run(
      try Example.program("python3"),
      ["-B", script.path, "--check", "--tools", tools.path],
      in: FileManager.default.temporaryDirectory
    )
    #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
    #expect(outcome.text.hasSuffix(" 0 different after normalising\n"), "\(outcome.text)")
  }
}

/// A small generator with a seed.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
