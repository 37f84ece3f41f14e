import TallyModel
import TallyTracking
import Testing

/// Single decisions, each with the reason it is made.
@Suite("Matcher: cases")
struct MatcherCaseTests {
  @Test("in an equal blob another wording is the same finding, another place is not")
  func sameBlob() {
    let blob = blobID(of: [1])
    func at(_ line: Int, _ message: String) -> TrackedFinding {
      tracked(finding(line: line, column: 1, message: message), blob: blob)
    }
    #expect(links([at(1, "old words")], [at(1, "new words")]) == [[0, 0]])
    #expect(links([at(1, "words")], [at(2, "words")]) == [])
    #expect(links([at(1, "a"), at(1, "b")], [at(1, "b"), at(1, "a")]) == [[0, 1], [1, 0]])
  }

  @Test("an alias is the same rule, any other is not")
  func aliases() {
    let old = tracked(finding(rule: "UP007", line: 3, column: 1))
    let new = tracked(finding(rule: "UP045", line: 3, column: 1))
    #expect(links([old], [new]) == [])
    let evidence = MatchEvidence(ruleAliases: ["UP007": "UP045"])
    #expect(links([old], [new], evidence) == [[0, 0]])
    let chain = MatchEvidence(ruleAliases: ["UP007": "X", "X": "UP045", "UP045": "UP045"])
    #expect(links([old], [new], chain) == [[0, 0]])
    let circle = MatchEvidence(ruleAliases: ["UP007": "X", "X": "UP007"])
    #expect(links([old], [old], circle) == [[0, 0]])
  }

  @Test("findings about a file as a whole are told apart by their messages")
  func fileLevel() {
    func whole(_ message: String) -> TrackedFinding {
      let finding = Finding(
        rule: "R",
        level: .note,
        region: nil,
        message: textID(message),
        template: textID(MessageTemplate.mask(message)).prefix64
      )
      return tracked(finding)
    }
    #expect(links([whole("a"), whole("b")], [whole("b")]) == [[1, 0]])
    #expect(links([whole("complexity is 10")], [whole("complexity is 12")]) == [[0, 0]])
    #expect(links([whole("a")], [tracked(finding(rule: "R", line: 1))]) == [])
  }

  @Test("findings about no file are told apart by what they name")
  func aboutNoFile() {
    func named(_ symbol: String?, path: String = "") -> TrackedFinding {
      let finding = Finding(
        rule: "R",
        level: .note,
        region: nil,
        message: textID("m"),
        template: 1,
        symbol: symbol
      )
      return tracked(finding, path: path)
    }
    #expect(links([named("ns.f")], [named("ns.g")]) == [])
    #expect(links([named("ns.f"), named("ns.g")], [named("ns.g")]) == [[1, 0]])
    #expect(links([named("ns.f")], [named(nil)]) == [[0, 0]])
    // In a file the name may have changed.
    #expect(links([named("ns.f", path: "a.py")], [named("ns.g", path: "a.py")]) == [[0, 0]])
  }

  @Test("without text a quoted snippet outweighs the place")
  func snippets() {
    func at(_ line: Int, _ snippet: UInt64) -> TrackedFinding {
      tracked(finding(line: line, snippet: snippet))
    }
    #expect(links([at(10, 7), at(20, 8)], [at(10, 8), at(20, 7)]) == [[0, 1], [1, 0]])
    #expect(links([at(10, 7), at(12, 8)], [at(12, 8)]) == [[1, 0]])
  }

  @Test("fingerprints that are constant or never come again say nothing")
  func fingerprints() {
    func at(_ line: Int, _ value: String) -> TrackedFinding {
      tracked(
        finding(
          line: line,
          fingerprints: [Fingerprint(key: "f", version: 1, value: value, isFull: false)]
        )
      )
    }
    let constant = [at(10, "requires login"), at(20, "requires login")]
    #expect(links(constant, constant.map { moved($0, by: 5) }) == [[0, 0], [1, 1]])
    #expect(
      links([at(10, "u1"), at(20, "u2")], [at(13, "u3"), at(23, "u4")]) == [[0, 0], [1, 1]]
    )
    // Trusted ones are followed across the file.
    #expect(
      links([at(10, "a:1"), at(20, "b:1")], [at(9, "b:1"), at(400, "a:1")]) == [[0, 1], [1, 0]]
    )
  }

  @Test("a lone finding far away is another one")
  func farAway() {
    let old = [tracked(finding(line: 10, column: 3))]
    #expect(links(old, [tracked(finding(line: 14, column: 3))]) == [[0, 0]])
    #expect(links(old, [tracked(finding(line: 900, column: 3))]) == [])
  }

  @Test("equal windows reopen a violation, anything less does not")
  func reopening() {
    let text = "import os\nx = 1️⃣redis.Redis(host)\nreturn x\n"
    let old = Marked(text).file("a.py")
    let shifted = Marked("\n\n" + text).file("a.py")
    #expect(markedLinks(old, shifted, mode: .reopening) == ["1-1"])
    let edited = Marked(text.replacing("host", with: "port")).file("a.py")
    #expect(markedLinks(old, edited, mode: .reopening) == [])
    let elsewhere = Marked(text).file("b.py")
    // Ten tokens are too few to know code again in another file.
    #expect(markedLinks(old, elsewhere, mode: .reopening) == [])
    let bare = Marked(text).file("a.py", hasText: false)
    let bareShifted = Marked("\n" + text).file("a.py", hasText: false)
    #expect(markedLinks(bare, bare, mode: .reopening) == ["1-1"])
    #expect(markedLinks(bare, bareShifted, mode: .reopening) == [])
  }

  @Test("what was closed without text reopens with text at its place")
  func reopeningAcrossCaptures() {
    let text = "import os\nx = 1️⃣redis.Redis(host)\nreturn x\n"
    let (bare, full) = (Marked(text).file(hasText: false), Marked(text).file())
    #expect(markedLinks(bare, full, mode: .reopening) == ["1-1"])
    #expect(markedLinks(full, bare, mode: .reopening) == ["1-1"])
  }

  @Test("an empty region at the start means the file, whatever its first line becomes")
  func fileStart() throws {
    let (old, new) = (Array("import os\n".utf8), Array("# licence\nimport os\n".utf8))
    let start = finding(line: 1, column: 1, endLine: 1, endColumn: 1, message: "no docstring")
    let (oldBlob, newBlob) = (blobID(of: old), blobID(of: new))
    let region = try #require(start.region)
    let map = try #require(
      FileMapper.map(
        old: old,
        new: new,
        oldBlob: oldBlob,
        newBlob: newBlob,
        positions: [region],
        columnUnit: .utf8Bytes
      )
    )
    let found = links(
      [tracked(start, blob: oldBlob)],
      [tracked(start, blob: newBlob)],
      MatchEvidence(maps: [BlobPair(old: oldBlob, new: newBlob): map])
    )
    #expect(found == [[0, 0]])
  }

  @Test("copies of one content keep to their file names")
  func copies() {
    let blob = blobID(of: [7])
    func file(_ path: String) -> TrackedFinding {
      TrackedFinding(
        path: RepoPath(normalized: path),
        blob: blob,
        finding: finding(line: 1, column: 2),
        window: nil,
        lexerVersion: 0
      )
    }
    let old = [file("a/one.py"), file("a/two.py")]
    #expect(links(old, [file("b/two.py"), file("c/one.py")]) == [[0, 1], [1, 0]])
    // A copy beside the original is new.
    #expect(links([file("a/one.py")], [file("a/copy.py"), file("a/one.py")]) == [[0, 1]])
    #expect(links([file("a/one.py")], [file("a/one.py"), file("b/one.py")]) == [[0, 0]])
  }

  @Test("two closed twins and one that is back: said to be ambiguous")
  func reopenedTwins() {
    func twin(_ line: Int) -> TrackedFinding {
      let window = TokenWindow(left: Array(1...24), right: Array(1...24), line: 9)
      return TrackedFinding(
        path: RepoPath(normalized: "a.py"),
        blob: nil,
        finding: finding(line: line),
        window: window,
        lexerVersion: 1
      )
    }
    let links = Matcher().match(
      previous: [twin(10), twin(90)],
      current: [twin(80)],
      evidence: MatchEvidence(),
      mode: .reopening
    )
    #expect(links.count == 1)
    #expect(links.first?.isAmbiguous == true)
  }

  @Test("windows of different lexers are not compared")
  func lexers() {
    let file = Marked("import os\nx = 1️⃣eval(a)\n").file()
    let other = file.findings.map {
      TrackedFinding(
        path: $0.path,
        blob: nil,
        finding: finding(rule: "R1", line: 40, column: 5, message: "other words"),
        window: $0.window,
        lexerVersion: 2
      )
    }
    #expect(links(file.findings, other) == [])
  }

  @Test("nothing to match is no link")
  func empty() {
    let one = tracked(finding(line: 1))
    #expect(links([], [one]) == [])
    #expect(links([one], []) == [])
    #expect(links([], []) == [])
  }

  @Test("thousands of twins take no quadratic time")
  func hostile() {
    let many = (1...2_000).map { tracked(finding(line: $0 * 3, column: 1)) }
    let fewer = (1...1_990).map { tracked(finding(line: $0 * 3 + 7, column: 1)) }
    #expect(links(many, fewer).count == 1_990)
    let window = TokenWindow(left: Array(1...24), right: Array(1...24), line: 9)
    func twins(_ count: Int) -> [TrackedFinding] {
      (1...count).map { line in
        TrackedFinding(
          path: RepoPath(normalized: "a.py"),
          blob: nil,
          finding: finding(line: line * 2),
          window: window,
          lexerVersion: 1
        )
      }
    }
    #expect(links(twins(1_000), twins(999)).count == 999)
  }

  private func tracked(
    _ finding: Finding,
    blob: BlobID? = nil,
    path: String = "a.py"
  ) -> TrackedFinding {
    TrackedFinding(
      path: RepoPath(normalized: path),
      blob: blob,
      finding: finding,
      window: nil,
      lexerVersion: 0
    )
  }

  private func moved(_ tracked: TrackedFinding, by lines: Int) -> TrackedFinding {
    self.tracked(
      finding(
        line: (tracked.finding.region?.startLine ?? 0) + lines,
        fingerprints: tracked.finding.fingerprints
      )
    )
  }

  private func links(
    _ old: [TrackedFinding],
    _ new: [TrackedFinding],
    _ evidence: MatchEvidence = MatchEvidence()
  ) -> [[Int]] {
    Matcher().match(previous: old, current: new, evidence: evidence, mode: .successive)
      .map { [$0.previous, $0.current] }
  }
}
