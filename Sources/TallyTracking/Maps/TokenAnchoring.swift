internal import TallyModel

/// Finds where the tokens under old findings went.
struct TokenAnchoring {
  private let old: UnsafeRawBufferPointer
  private let oldLines: LineTable
  private let new: UnsafeRawBufferPointer
  private let newLines: LineTable
  private let hunks: HunkList
  private let moved: MovedLines.Result
  private var compared: [LineHunk: HunkTokens] = [:]

  init(
    old: UnsafeRawBufferPointer,
    oldLines: LineTable,
    new: UnsafeRawBufferPointer,
    newLines: LineTable,
    hunks: [LineHunk],
    moved: MovedLines.Result
  ) {
    self.moved = moved
    self.old = old
    self.oldLines = oldLines
    self.new = new
    self.newLines = newLines
    self.hunks = HunkList(hunks)
  }

  /// Anchors of positions whose line was edited, or whose line only has other white space; sorted, each place once.
  mutating func anchors(_ positions: [SourceRegion], columnUnit: ColumnUnit) -> [TokenAnchor] {
    let places = Set(positions.map { Place(line: $0.startLine, column: $0.startColumn ?? 0) })
    var columns = ColumnCursor(unit: columnUnit)
    var result: [TokenAnchor] = []
    for place in places.sorted() where place.line <= oldLines.diffCount {
      let offset = columns.offset(
        line: place.line - 1,
        column: max(1, place.column),
        lines: oldLines,
        text: old
      )
      switch hunks.newLine(forOld: place.line) {
      case .mapped(let line):
        if let anchor = anchorOnEqualLine(place, offset, line) { result.append(anchor) }
      case .edited, .gone:
        if let line = moved.lines[place.line - 1] {
          result.append(anchorOnMovedLine(place, offset, line + 1))
          continue
        }
        let edit = moved.edits.first {
          $0.oldStart <= place.line && place.line < $0.oldStart + $0.oldCount
        }
        guard let hunk = edit ?? hunks.index(ofOld: place.line).map({ hunks.hunks[$0] }) else {
          continue
        }
        result.append(anchorInHunk(place, offset, hunk))
      }
    }
    return result
  }

  private struct Place: Hashable, Comparable {
    let line: Int
    let column: Int

    static func < (lhs: Self, rhs: Self) -> Bool { (lhs.line, lhs.column) < (rhs.line, rhs.column) }
  }

  /// The same byte of a line that differs in white space only; nil where it stands in the same column.
  private func anchorOnEqualLine(_ place: Place, _ offset: Int, _ newLine: Int) -> TokenAnchor? {
    if place.column == 0 || newLine > newLines.count { return nil }
    let start = oldLines.starts[place.line - 1]
    let oldColumn = 1 + ColumnCursor.scalars(old, from: start, to: offset)
    let newColumn = sameColumn(place, offset, newLine)
    if oldColumn == newColumn { return nil }
    return TokenAnchor(
      oldLine: place.line,
      oldColumn: place.column,
      newLine: newLine,
      newColumn: newColumn
    )
  }

  private func anchorOnMovedLine(_ place: Place, _ offset: Int, _ newLine: Int) -> TokenAnchor {
    TokenAnchor(
      oldLine: place.line,
      oldColumn: place.column,
      newLine: newLine,
      newColumn: place.column == 0 ? 0 : sameColumn(place, offset, newLine)
    )
  }

  /// The column, in scalars, of the byte at an offset in a new line that differs in white space only.
  private func sameColumn(_ place: Place, _ offset: Int, _ newLine: Int) -> Int {
    let oldStart = oldLines.starts[place.line - 1]
    let newStart = newLines.starts[newLine - 1]
    let newEnd = newLines.ends[newLine - 1]
    var index = newStart
    for byte in old[oldStart..<offset] where !ByteClass.isSpace(byte) {
      while index < newEnd && ByteClass.isSpace(new[index]) { index += 1 }
      index += 1
    }
    // White space before the byte belongs to it, where the old position was on the byte.
    if offset < oldLines.ends[place.line - 1] && !ByteClass.isSpace(old[offset]) {
      while index < newEnd && ByteClass.isSpace(new[index]) { index += 1 }
    }
    return 1 + ColumnCursor.scalars(new, from: newStart, to: min(index, newEnd))
  }

  private mutating func anchorInHunk(_ place: Place, _ offset: Int, _ hunk: LineHunk) -> TokenAnchor
  {
    let tokens = tokens(of: hunk)
    let gone = TokenAnchor(
      oldLine: place.line,
      oldColumn: place.column,
      newLine: nil,
      newColumn: 0
    )
    if place.column == 0 {
      guard let line = tokens.likeliestLine(place.line - 1, oldLines, newLines) else { return gone }
      return TokenAnchor(oldLine: place.line, oldColumn: 0, newLine: line + 1, newColumn: 0)
    }
    guard let index = tokens.oldToken(at: offset, before: oldLines.ends[place.line - 1]) else {
      return gone
    }
    let partner = Int(tokens.partners[index])
    if partner < 0 { return gone }
    let (from, to) = (tokens.old[index], tokens.new[partner])
    let line = newLines.line(at: to.start)
    var target = to.start + max(0, offset - from.start)
    let lead = from.start - offset
    if lead > 0 && to.start - lead >= newLines.starts[line] {
      // The position is on a parenthesis or white space before the token.
      let isSame = (0..<lead).allSatisfy { new[to.start - lead + $0] == old[offset + $0] }
      if isSame { target = to.start - lead }
    }
    target = min(target, to.end)
    return TokenAnchor(
      oldLine: place.line,
      oldColumn: place.column,
      newLine: line + 1,
      newColumn: 1 + ColumnCursor.scalars(new, from: newLines.starts[line], to: target)
    )
  }

  private mutating func tokens(of hunk: LineHunk) -> HunkTokens {
    if let known = compared[hunk] { return known }
    let tokens = HunkTokens(old, oldLines, new, newLines, hunk)
    compared[hunk] = tokens
    return tokens
  }
}

/// The tokens of one hunk, compared.
private struct HunkTokens {
  let old: [Token]
  let new: [Token]
  /// The new token of each old one, or -1.
  let partners: [Int32]

  init(
    _ oldText: UnsafeRawBufferPointer,
    _ oldLines: LineTable,
    _ newText: UnsafeRawBufferPointer,
    _ newLines: LineTable,
    _ hunk: LineHunk
  ) {
    old = Self.tokens(oldText, oldLines, hunk.oldStart, hunk.oldCount)
    new = Self.tokens(newText, newLines, hunk.newStart, hunk.newCount)
    let (oldKeys, newKeys) = (Self.keys(oldText, old), Self.keys(newText, new))
    let whole = SequenceDiff.partners(oldKeys, newKeys)
    if hunk.oldCount != hunk.newCount || hunk.oldCount < 2 {
      partners = whole
      return
    }
    // As many lines on both sides: where they are too alike to be told apart as a whole, each became the one in its place.
    let paired = Self.lineByLine(
      (old, oldKeys, oldLines, hunk.oldStart),
      (new, newKeys, newLines, hunk.newStart),
      count: hunk.oldCount
    )
    partners = paired.count { $0 >= 0 } > whole.count { $0 >= 0 } ? paired : whole
  }

  private typealias Side = (tokens: [Token], keys: [UInt64], lines: LineTable, start: Int)

  /// The partners of tokens where each line is compared with the one in its place.
  private static func lineByLine(_ old: Side, _ new: Side, count: Int) -> [Int32] {
    func ends(_ side: Side) -> [Int] {
      var (result, index) = ([Int](), 0)
      for line in 0..<count {
        let end = side.lines.ends[side.start - 1 + line]
        while index < side.tokens.count, side.tokens[index].start < end { index += 1 }
        result.append(index)
      }
      return result
    }
    let (oldEnds, newEnds) = (ends(old), ends(new))
    var result = Array(repeating: Int32(-1), count: old.tokens.count)
    var (oldStart, newStart) = (0, 0)
    for line in 0..<count {
      let found = SequenceDiff.partners(
        Array(old.keys[oldStart..<oldEnds[line]]),
        Array(new.keys[newStart..<newEnds[line]])
      )
      for (index, partner) in found.enumerated() where partner >= 0 {
        result[oldStart + index] = partner + Int32(newStart)
      }
      (oldStart, newStart) = (oldEnds[line], newEnds[line])
    }
    return result
  }

  private static func tokens(
    _ text: UnsafeRawBufferPointer,
    _ lines: LineTable,
    _ start: Int,
    _ count: Int
  ) -> [Token] {
    if count == 0 { return [] }
    var tokens: [Token] = []
    Lexer.scan(
      text,
      from: lines.starts[start - 1],
      to: lines.ends[start + count - 2],
      into: &tokens
    )
    return tokens
  }

  private static func keys(_ text: UnsafeRawBufferPointer, _ tokens: [Token]) -> [UInt64] {
    tokens.map { token in
      var state: UInt64 = 0xCBF2_9CE4_8422_2325
      for offset in token.start..<token.end {
        state = (state ^ UInt64(text[offset])) &* 0x0000_0100_0000_01B3
      }
      return state
    }
  }

  /// The first token that ends after an offset, nil where none follows on its line.
  func oldToken(at offset: Int, before lineEnd: Int) -> Int? {
    var low = 0
    var high = old.count
    while low < high {
      let middle = (low + high) / 2
      if old[middle].end <= offset { low = middle + 1 } else { high = middle }
    }
    return low < old.count && old[low].start < lineEnd ? low : nil
  }

  /// The new line (from 0) that has most of the tokens of an old one.
  func likeliestLine(_ line: Int, _ oldLines: LineTable, _ newLines: LineTable) -> Int? {
    var votes: [Int: Int] = [:]
    var index = oldToken(at: oldLines.starts[line], before: oldLines.ends[line]) ?? old.count
    while index < old.count && old[index].end <= oldLines.ends[line] {
      if partners[index] >= 0 {
        votes[newLines.line(at: new[Int(partners[index])].start), default: 0] += 1
      }
      index += 1
    }
    return votes.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key
  }
}
