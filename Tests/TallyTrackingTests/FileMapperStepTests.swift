import TallyModel
import TallyTracking
import Testing

/// Maps that are composed of the maps of small steps.
///
/// Method: a text and its later versions by hand, each written for what only the steps tell.
@Suite("File maps through steps")
struct FileMapperStepTests {
  private func map(_ texts: [String], _ places: [(line: Int, column: Int)]) throws -> FileMap {
    let bytes = texts.map { Array($0.utf8) }
    let positions = try places.map {
      try SourceRegion(startLine: $0.line, startColumn: $0.column)
    }
    return try #require(
      FileMapper.map(
        through: bytes,
        oldBlob: blobID(of: bytes[0]),
        newBlob: blobID(of: bytes[bytes.count - 1]),
        positions: positions,
        columnUnit: .unicodeCodePoints
      )
    )
  }

  @Test("a line that went and one that came later are two")
  func goneAndBack() throws {
    let (with, without) = ("one\nx = call(1)\ntwo\n", "one\ntwo\n")
    #expect(try map([with, with + "three\n"], []).newLine(forOld: 2) == .mapped(2))
    let back = try map([with, without, with], [(2, 5)])
    #expect(back.wasEdited(oldLine: 2))
    #expect(back.newLine(forOld: 3) == .mapped(3))
    #expect(back.anchor(oldLine: 2, oldColumn: 5)?.newLine == nil)
  }

  @Test("a token is followed through every edit of its line")
  func tokens() throws {
    let map = try map(
      [
        "def f():\n    x = call(1)\n    return x\n",
        "def f():\n    total = x = call(1)\n    return x\n",
        "import os\n\n\ndef f():\n    total = x = call(1, 2)\n    return x\n",
        "import os\n\n\nclass A:\n    def f():\n        total = x = call(1, 2)\n        return x\n",
      ],
      [(2, 9), (3, 12)]
    )
    let call = try #require(map.anchor(oldLine: 2, oldColumn: 9))
    #expect([call.newLine, call.newColumn] == [6, 21])
    // An unedited line that was indented: the line is known, the column by its anchor.
    #expect(map.newLine(forOld: 3) == .mapped(7))
    #expect(map.anchor(oldLine: 3, oldColumn: 12)?.newColumn == 16)
  }

  @Test("hunks are in order and touch nothing that is mapped")
  func hunks() throws {
    let texts = (0..<5).map { step in
      (0..<40).map { $0 % 9 == step ? "line \($0) as of \(step)" : "line \($0)" }
        .joined(separator: "\n") + "\n"
    }
    let map = try map(texts, [])
    for line in 1...40 {
      // Edited in the first text, in the last, or on the way.
      #expect(map.wasEdited(oldLine: line) == (0..<5).contains((line - 1) % 9), "\(line)")
    }
    for (one, two) in zip(map.hunks, map.hunks.dropFirst()) {
      #expect(one.oldStart + one.oldCount <= two.oldStart)
      #expect(one.newStart + one.newCount <= two.newStart)
    }
  }

  @Test("a text that cannot be looked at ends it")
  func binary() {
    let texts = ["a\n", "\u{0}\n", "a\n"].map { Array($0.utf8) }
    let map = FileMapper.map(
      through: texts,
      oldBlob: blobID(of: texts[0]),
      newBlob: blobID(of: [1]),
      positions: [],
      columnUnit: .unicodeCodePoints
    )
    #expect(map == nil)
  }
}
