import TallyModel
import TallyTracking
import Testing

/// Where lines and tokens go.
@Suite("File maps")
struct FileMapperTests {
  @Test("hunks are those of git diff -U0")
  func hunks() throws {
    let old = "a\nb\nc\nd\ne\n"
    #expect(try hunks(old, "a\nb\nX\nc\nd\ne\n") == ["2,0+3,1"])
    #expect(try hunks(old, "b\nc\nd\ne\n") == ["1,1+0,0"])
    #expect(try hunks(old, "a\nb\nY\nZ\nd\ne\n") == ["3,1+3,2"])
    #expect(try hunks(old, "0\na\nb\nc\nd\ne\nf\n") == ["0,0+1,1", "5,0+7,1"])
    #expect(try hunks(old, old) == [])
    #expect(try hunks(old, "  a\r\n\tb\nc \nd\ne") == [])
    #expect(try hunks(old, "") == ["1,5+0,0"])
    #expect(try hunks("", "a\n") == ["0,0+1,1"])
  }

  @Test("lines are mapped, edited or gone")
  func fates() throws {
    let map = try self.map("a\nb\nc\nd\ne\n", "0\na\nB\nC\nd\n")
    #expect(map.newLine(forOld: 1) == .mapped(2))
    #expect(map.newLine(forOld: 2) == .edited(3...4))
    #expect(map.newLine(forOld: 4) == .mapped(5))
    #expect(map.newLine(forOld: 5) == .gone)
    #expect(map.oldLine(forNew: 1) == nil)
    #expect(map.oldLine(forNew: 2) == 1)
    #expect(map.oldLine(forNew: 3) == nil)
    #expect(map.oldLine(forNew: 5) == 4)
    #expect(map.wasEdited(oldLine: 3))
    #expect(!map.wasEdited(oldLine: 4))
    #expect(map.wasEdited(oldLines: 1...2))
    #expect(!map.wasEdited(oldLines: 4...4))
  }

  @Test("an edited line's token is found again")
  func anchors() throws {
    let old = Marked("import os\nx = 1️⃣redis.Redis(host)\ny = 2\n")
    let new = Marked("import os\n\nclient = cache(1️⃣redis.Redis(\n    host))\ny = 2\n")
    let map = try self.map(old, new)
    #expect(map.anchors == [TokenAnchor(oldLine: 2, oldColumn: 5, newLine: 3, newColumn: 16)])
    #expect(new.places[0].column == 16)
  }

  @Test("a token that is no longer there is gone")
  func gone() throws {
    let old = Marked("a = 1\nx = 1️⃣redis.Redis(host)\ny = 2\n")
    let new = Marked("a = 1\nx = manager.get(host)\ny = 2\n")
    let map = try self.map(old, new)
    #expect(map.anchors == [TokenAnchor(oldLine: 2, oldColumn: 5, newLine: nil, newColumn: 0)])
  }

  @Test("a line that is only indented keeps its places, with other columns")
  func indented() throws {
    let old = Marked("def f():\n    x = (1️⃣g(a), 2️⃣h(b))\n")
    let new = Marked("def f():\n  if a:\n        x = (1️⃣g(a),  2️⃣h(b))\n")
    let map = try self.map(old, new)
    #expect(map.newLine(forOld: 2) == .mapped(3))
    #expect(map.anchors.map(\.newColumn) == new.places.map(\.column))
  }

  @Test("a position on a parenthesis or without a column is followed, too")
  func looseAnchors() throws {
    let old = Array("a = 1\nx = (foo + bar)\nz = 3\n".utf8)
    let new = Array("a = 1\nlonger = (foo + bar)\nz = 3\n".utf8)
    let map = try #require(
      FileMapper.map(
        old: old,
        new: new,
        oldBlob: blobID(of: old),
        newBlob: blobID(of: new),
        positions: [
          try SourceRegion(startLine: 2, startColumn: 5), try SourceRegion(startLine: 2),
        ],
        columnUnit: .utf8Bytes
      )
    )
    #expect(
      map.anchors == [
        TokenAnchor(oldLine: 2, oldColumn: 0, newLine: 2, newColumn: 0),
        TokenAnchor(oldLine: 2, oldColumn: 5, newLine: 2, newColumn: 10),
      ]
    )
  }

  /// Method: random line edits; every map must be a common subsequence, cover both texts exactly, and invert.
  @Test("maps are sound on random edits", arguments: 1...40 as ClosedRange<UInt64>)
  func sound(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let words = ["a", "b", "c", "}", "", "x = 1", "y = 2", "return x"]
    func line() -> String { words[Int.random(in: 0..<words.count, using: &generator)] }
    let old = (0..<Int.random(in: 0...40, using: &generator)).map { _ in line() }
    var new = old
    for _ in 0..<Int.random(in: 0...12, using: &generator) {
      let place = Int.random(in: 0...new.count, using: &generator)
      if Bool.random(using: &generator) || place == new.count {
        new.insert(line(), at: place)
      } else {
        new.remove(at: place)
      }
    }
    let map = try self.map(text(old), text(new))
    for index in old.indices {
      if case .mapped(let line) = map.newLine(forOld: index + 1) {
        #expect(new[line - 1] == old[index], "seed \(seed)")
        #expect(map.oldLine(forNew: line) == index + 1, "seed \(seed)")
      }
    }
    let mapped = new.indices.filter { map.oldLine(forNew: $0 + 1) != nil }.count
    let removed = map.hunks.map(\.oldCount).reduce(0, +)
    let added = map.hunks.map(\.newCount).reduce(0, +)
    #expect(mapped == new.count - added && mapped == old.count - removed, "seed \(seed)")
  }

  @Test("hostile texts take no quadratic time")
  func hostile() throws {
    let many = String(repeating: "x\ny\n", count: 20_000)
    let other = String(repeating: "y\nz\nx\n", count: 13_000)
    #expect(try !map(many, other).hunks.isEmpty)
    let one = (0..<20_000).map { "a\($0)" }.joined(separator: "\n")
    let reversed = (0..<20_000).reversed().map { "a\($0)" }.joined(separator: "\n")
    #expect(try !map(one, reversed).hunks.isEmpty)
    let wide = String(repeating: "a + ", count: 100_000)
    #expect(try map(wide, wide + "b").hunks.count == 1)
    #expect(
      FileMapper.map(
        old: [0],
        new: [65],
        oldBlob: blobID(of: [0]),
        newBlob: blobID(of: [65]),
        positions: [],
        columnUnit: .utf8Bytes
      ) == nil
    )
  }

  private func map(_ old: String, _ new: String) throws -> FileMap {
    try map(Marked(old), Marked(new))
  }

  private func map(_ old: Marked, _ new: Marked) throws -> FileMap {
    let positions = try old.places.map {
      try SourceRegion(startLine: $0.line, startColumn: $0.column)
    }
    return try #require(
      FileMapper.map(
        old: old.bytes,
        new: new.bytes,
        oldBlob: blobID(of: old.bytes),
        newBlob: blobID(of: new.bytes),
        positions: positions,
        columnUnit: .unicodeCodePoints
      )
    )
  }

  private func hunks(_ old: String, _ new: String) throws -> [String] {
    try map(old, new).hunks.map { "\($0.oldStart),\($0.oldCount)+\($0.newStart),\($0.newCount)" }
  }

  private func text(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }
}
