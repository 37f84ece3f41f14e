/// Findings of two files that are equal but for one distance of lines.
struct FindingBlock {
  /// One line of a block: its equal findings, and how many have no partner at this distance.
  struct Line {
    /// The places of equal findings.
    var hits: [Hit]
    var misses: Int
    /// Findings of one rule and column that name other things, which are elsewhere in the other scan.
    var conflicts: Int
    /// How much the line says for the block.
    var score: Int

    init(hits: [Hit], misses: Int, conflicts: Int) {
      self.hits = hits
      self.misses = misses
      self.conflicts = conflicts
      score = Self.score(hits, misses) - 16 * conflicts
    }

    /// A line on which nothing agrees speaks against a block; one with a partner for some, less so.
    private static func score(_ hits: [Hit], _ misses: Int) -> Int {
      if hits.isEmpty { return -4 - 2 * min(misses, 3) }
      return hits.reduce(-2 * misses) { $0 + $1.bits }
    }
  }

  struct Hit {
    let old: Int
    let new: Int
    /// How rare such a finding is, in bits.
    let bits: Int
  }

  let oldFile: Int32
  let newFile: Int32
  /// How many lines, and columns, the new places are after the old ones.
  let shift: Int
  let indent: Int
  /// In the order of the old lines.
  private(set) var lines: [Line]
  private(set) var score: Int

  init(oldFile: Int32, newFile: Int32, shift: Int, indent: Int, lines: [Line]) {
    self.oldFile = oldFile
    self.newFile = newFile
    self.shift = shift
    self.indent = indent
    self.lines = lines
    score = lines.reduce(indent == 0 ? 0 : -6) { $0 + $1.score }
  }

  var hitCount: Int { lines.reduce(0) { $0 + $1.hits.count } }

  /// The block without what others took: the best part of what is left; nil where nothing was taken.
  func trimmed(isTaken: (Hit) -> Bool) -> FindingBlock? {
    guard lines.contains(where: { $0.hits.contains(where: isTaken) }) else { return nil }
    let left = lines.map { line in
      let free = line.hits.filter { !isTaken($0) }
      return Line(
        hits: free,
        misses: line.misses + line.hits.count - free.count,
        conflicts: line.conflicts
      )
    }
    return with(left[Self.bestPart(left)])
  }

  /// The block cut down to some of its lines.
  func part(_ range: Range<Int>) -> FindingBlock { with(lines[range]) }

  var firstHit: Hit? {
    for line in lines {
      if let hit = line.hits.first { return hit }
    }
    return nil
  }

  private func with(_ lines: ArraySlice<Line>) -> FindingBlock {
    FindingBlock(
      oldFile: oldFile,
      newFile: newFile,
      shift: shift,
      indent: indent,
      lines: Array(lines)
    )
  }

  /// The run of lines with the greatest sum.
  private static func bestPart(_ lines: [Line]) -> Range<Int> {
    var best = (score: 0, range: 0..<0)
    var (score, start) = (0, 0)
    for (index, line) in lines.enumerated() {
      if score <= 0 { (score, start) = (0, index) }
      score += line.score
      if score > best.score { best = (score, start..<index + 1) }
    }
    return best.range
  }
}
