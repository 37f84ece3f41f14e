import TallyModel
import TallyTracking
import Testing

/// Edits of marked sources whose right answer is plain.
///
/// Method: marks are the truth; the matcher sees only findings, windows and maps. Every edit is tried at every line.
@Suite("Matcher: edits at every place")
struct MatcherEditTests {
  /// What the matcher may know.
  enum Knowledge: CaseIterable {
    case maps, windows, reports
  }

  @Test("lines inserted anywhere shift everything after them", arguments: Knowledge.allCases)
  func inserts(_ knowledge: Knowledge) throws {
    for (path, text) in MarkedSources.all {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      for place in 0...lines.count - 1 {
        for count in [1, 3, 25] {
          var edited = lines
          edited.insert(contentsOf: (0..<count).map { "added_\($0) = \($0)" }, at: place)
          try expectAll(text, edited.joined(separator: "\n"), path, knowledge, "insert at \(place)")
        }
      }
    }
  }

  @Test(
    "a line deleted anywhere closes what stood on it and nothing else",
    arguments: Knowledge.allCases
  )
  func deletes(_ knowledge: Knowledge) throws {
    for (path, text) in MarkedSources.all {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      for place in lines.indices {
        var edited = lines
        edited.remove(at: place)
        try expectAll(text, edited.joined(separator: "\n"), path, knowledge, "delete \(place)")
      }
    }
  }

  @Test("a violation fixed closes exactly itself, twins or not", arguments: Knowledge.allCases)
  func fixes(_ knowledge: Knowledge) throws {
    for (path, text) in MarkedSources.all {
      for mark in 1...6 where text.contains("\(mark)\u{FE0F}\u{20E3}") {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
          line.contains("\(mark)\u{FE0F}\u{20E3}") ? "    fixed = manager.get()" : String(line)
        }
        try expectAll(text, lines.joined(separator: "\n"), path, knowledge, "fix \(mark)")
      }
    }
  }

  @Test("words around a violation may change", arguments: [Knowledge.maps, .windows, .reports])
  func neighbours(_ knowledge: Knowledge) throws {
    for (old, new) in [
      ("client = ", "connection = "), ("value", "result"), ("name", "label"), ("key", "entry"),
      ("    ", "  "), ("    ", "\t"), ("\"", "'"), (", ", ",\n        "), ("(", "( "),
      ("\n", "\r\n"),
    ] {
      for (path, text) in MarkedSources.all {
        let edited = text.split(separator: old, omittingEmptySubsequences: false)
          .joined(separator: new)
        try expectAll(text, edited, path, knowledge, "\(old) -> \(new)")
      }
    }
  }

  @Test("a renamed file with an edit keeps its violations", arguments: Knowledge.allCases)
  func renames(_ knowledge: Knowledge) throws {
    for (path, text) in MarkedSources.all {
      let edited = "// a new first line\n" + text
      let old = Marked(text).file(path, hasBlob: knowledge == .maps, hasText: knowledge != .reports)
      let new = Marked(edited).file(
        "lib/" + path,
        hasBlob: knowledge == .maps,
        hasText: knowledge != .reports
      )
      var evidence = try evidence(old, new, knowledge)
      if knowledge == .maps {
        evidence.renames = [
          MatchEvidence.Rename(
            from: RepoPath(normalized: path),
            to: RepoPath(normalized: "lib/" + path),
            similarity: 90
          )
        ]
      }
      #expect(markedLinks(old, new, evidence: evidence) == old.marks.sorted().map { "\($0)-\($0)" })
    }
  }

  @Test("fixed here and new there stay two things")
  func fixedAndNew() throws {
    let old = """
      def first():
          a = 1
          x = 1️⃣redis.Redis(host="a")
          return x

      def other():
          return 5

      """
    let new = """
      def first():
          a = 1
          x = manager.get("a")
          return x

      def other():
          return 5

      def added(name):
          if name:
              log(name)
          y = 2️⃣redis.Redis(host=name)
          y.ping()
          return y

      """
    for knowledge in [Knowledge.maps, .windows] {
      let (one, two) = try files(old, new, "a.py", knowledge)
      let links = markedLinks(one, two, evidence: try evidence(one, two, knowledge))
      #expect(links == [], "\(knowledge)")
    }
  }

  @Test("two functions that change places keep their violations")
  func swapped() throws {
    let parts = [
      "def first(key):\n    client = 1️⃣redis.Redis(host=\"a\")\n    return client.get(key)\n",
      "def second(name, value):\n    log(name)\n    pool = 2️⃣redis.Redis(host=name)\n    pool.set(name, value)\n",
      "def third(x):\n    for y in x:\n        3️⃣redis.Redis(host=\"b\").delete(y)\n",
    ]
    for knowledge in [Knowledge.maps, .windows] {
      let (one, two) = try files(
        parts.joined(separator: "\n"),
        [parts[2], parts[0], parts[1]].joined(separator: "\n"),
        "a.py",
        knowledge
      )
      let links = markedLinks(one, two, evidence: try evidence(one, two, knowledge))
      #expect(links == ["1-1", "2-2", "3-3"], "\(knowledge)")
    }
  }

  @Test("a function that moves to another file takes its violation along")
  func movedAcross() throws {
    let moved =
      "def put(self, key, value):\n    client = 4️⃣redis.Redis(host=\"localhost\", port=6379)\n"
      + "    client.set(key, value)\n    client.close()\n"
    let (one, two) = try files(
      "import a\n\n" + moved + "\nend = 1\n",
      "import a\n\nend = 1\n",
      "a.py",
      .windows
    )
    let other = Marked("import b\n\nx = 1\n\n" + moved).file("b.py")
    #expect(two.marks.isEmpty)
    #expect(markedLinks(one, other) == ["4-4"])
  }

  private func files(
    _ old: String,
    _ new: String,
    _ path: String,
    _ knowledge: Knowledge
  ) throws -> (MarkedFile, MarkedFile) {
    let (hasBlob, hasText) = (knowledge == .maps, knowledge != .reports)
    return (
      Marked(old).file(path, hasBlob: hasBlob, hasText: hasText),
      Marked(new).file(path, hasBlob: hasBlob, hasText: hasText)
    )
  }

  private func evidence(
    _ old: MarkedFile,
    _ new: MarkedFile,
    _ knowledge: Knowledge
  ) throws -> MatchEvidence {
    guard knowledge == .maps, let oldBlob = old.blob, let newBlob = new.blob, oldBlob != newBlob
    else { return MatchEvidence() }
    let map = try #require(
      FileMapper.map(
        old: old.source.bytes,
        new: new.source.bytes,
        oldBlob: oldBlob,
        newBlob: newBlob,
        positions: old.findings.compactMap(\.finding.region),
        columnUnit: .unicodeCodePoints
      )
    )
    return MatchEvidence(maps: [BlobPair(old: oldBlob, new: newBlob): map])
  }

  /// Every mark that both texts have must be linked to itself, and nothing else.
  private func expectAll(
    _ old: String,
    _ new: String,
    _ path: String,
    _ knowledge: Knowledge,
    _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let (one, two) = try files(old, new, path, knowledge)
    let links = Matcher().match(
      previous: one.findings,
      current: two.findings,
      evidence: try evidence(one, two, knowledge),
      mode: .successive
    )
    let expected = Set(one.marks).intersection(two.marks).sorted()
    let comment: Comment = "\(path), \(knowledge): \(what)"
    // Which of two twins on neighbouring lines went cannot be told from reports: then the matcher must say so.
    let sure = links.filter { knowledge != .reports || !$0.isAmbiguous }
    let isRight = sure.allSatisfy { one.marks[$0.previous] == two.marks[$0.current] }
    #expect(isRight, comment, sourceLocation: sourceLocation)
    #expect(links.count == expected.count, comment, sourceLocation: sourceLocation)
    #expect(links.count - sure.count <= 1, comment, sourceLocation: sourceLocation)
  }
}
