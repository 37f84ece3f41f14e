import TallyModel
import TallyTracking
import Testing

/// Edits of which findings alone tell what became of them: to know the texts as well must not make it worse.
@Suite("Knowing more never makes it worse")
struct KnowingMoreTests {
  /// Links by the map of the two texts, and by the findings alone.
  private func check(
    _ old: String,
    _ new: String,
    _ expected: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let (old, new) = (Marked(old), Marked(new))
    let regions = try old.places.map {
      try SourceRegion(startLine: $0.line, startColumn: $0.column)
    }
    let pair = BlobPair(old: blobID(of: old.bytes), new: blobID(of: new.bytes))
    let map = try #require(
      FileMapper.map(
        old: old.bytes,
        new: new.bytes,
        oldBlob: pair.old,
        newBlob: pair.new,
        positions: regions,
        columnUnit: .unicodeCodePoints
      )
    )
    let known = markedLinks(
      old.file(hasBlob: true),
      new.file(hasBlob: true),
      evidence: MatchEvidence(maps: [pair: map])
    )
    #expect(known == expected, sourceLocation: sourceLocation)
    let blind = markedLinks(old.file(hasText: false), new.file(hasText: false))
    #expect(blind == expected, "without texts", sourceLocation: sourceLocation)
  }

  private func function(_ name: String, _ call: String) -> String {
    "def test_\(name)():\n    r = run(\"\(name)\")\n    \(call) r.ok\n\n"
  }

  @Test("what is added at the end looks like what stood there, and is the new one")
  func appended() throws {
    let old = "import os\n\n" + function("a", "1️⃣assert") + function("b", "2️⃣assert")
    let new =
      "import os\nimport sys\n\n" + function("a", "1️⃣assert") + function("b", "2️⃣assert")
      + function("c", "3️⃣assert")
    try check(old, new, ["1-1", "2-2"])
  }

  @Test("an overload put above a function leaves its findings where they are")
  func overload() throws {
    let body =
      "def prompt(text, default, hide):\n    1️⃣assert text\n    2️⃣assert hide\n    return text\n"
    let stub = "@t.overload\ndef prompt(text, default, hide):\n    ...\n\n"
    let old = Marked("import t\n\n" + body)
    let new = Marked("import t\n\n" + stub + body)
    let map = try #require(
      FileMapper.map(
        old: old.bytes,
        new: new.bytes,
        oldBlob: blobID(of: old.bytes),
        newBlob: blobID(of: new.bytes),
        positions: [],
        columnUnit: .unicodeCodePoints
      )
    )
    #expect(map.newLine(forOld: 4) == .mapped(8) && map.newLine(forOld: 5) == .mapped(9))
  }

  /// A function that is known by its names, and ends in an `else` as many do.
  private func branches(_ name: String, _ mark: String) -> String {
    """
    def \(name)(value):
        if value.\(name)_first():
            return compute_\(name)(value, 1)
        \(mark)else:
            return compute_\(name)(value, 2)


    """
  }

  @Test("a function that moved takes its lone else along, whatever other stands in its old place")
  func island() throws {
    let others = ["one", "two", "three"].map { branches($0, "") }
    let plain = "def plain(value):\n    call(value)\n    log(value, 1)\n    log(value, 2)\n\n"
    let old = others[0] + plain + others[1] + branches("moved", "1️⃣") + others[2]
    let new = branches("moved", "1️⃣") + others[0] + plain + others[1] + others[2]
    try check(old, new, ["1-1"])
  }

  @Test("a line that was edited between two lines of a block that moved is an edit of that block")
  func editedOnTheWay() throws {
    func block(_ name: String, _ call: String? = nil) -> String {
      let first = (0..<5).map { "    \(name)_\($0) = compute(a, \($0 * 7))\n" }
      let second = (0..<5).map { "    \(name)_\($0) = compute(b, \($0 * 9))\n" }
      let middle = call.map { "    \($0)\n" } ?? ""
      return "def \(name)(a, b):\n" + first.joined() + middle + second.joined() + "\n"
    }
    let rest = (0..<6).map { block("f\($0)") }.joined()
    try check(
      block("moved", "1️⃣print(\"moved\", a, b)") + rest,
      rest + block("moved", "1️⃣print(\"moved\", alpha, b)"),
      ["1-1"]
    )
  }

  @Test("equal lines that were edited in place stay, each in its place")
  func inPlace() throws {
    let lines = (1...9).map { "\($0)\u{FE0F}\u{20E3}" }
    let filler = String(repeating: "print(x)\n", count: 60)
    let edited = String(repeating: "print(y, z)\n", count: 60)
    let old = lines.map { "\($0)print(x)\n" }.joined() + filler
    let new = lines.map { "\($0)print(y, z)\n" }.joined() + edited
    try check(old, new, (1...9).map { "\($0)-\($0)" })
  }

  @Test("what is about the file stays at its start, though another line is the first now")
  func fileStart() throws {
    try check("1️⃣x = 1\ny = 2\n", "1️⃣import os\nx = 1\ny = 2\n", ["1-1"])
    // A finding about the line goes with it.
    let old = Marked("1️⃣print(1)\ny = 2\n")
    let new = Marked("1️⃣print(0)\n2️⃣print(1)\ny = 2\n")
    let pair = BlobPair(old: blobID(of: old.bytes), new: blobID(of: new.bytes))
    let map = try #require(
      FileMapper.map(
        old: old.bytes,
        new: new.bytes,
        oldBlob: pair.old,
        newBlob: pair.new,
        positions: [try SourceRegion(startLine: 1, startColumn: 1)],
        columnUnit: .unicodeCodePoints
      )
    )
    let evidence = MatchEvidence(maps: [pair: map])
    #expect(
      markedLinks(old.file(hasBlob: true), new.file(hasBlob: true), evidence: evidence) == ["1-2"]
    )
  }
}
