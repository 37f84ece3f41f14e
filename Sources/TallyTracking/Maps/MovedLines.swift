internal import TallyModel

/// Finds lines that stand elsewhere in the new text: blocks that moved within a file.
///
/// Seeds are lines without partner that each text has once; they are extended both ways over equal lines without partner. A block
/// counts with at least two lines of three or more tokens, or twelve tokens.
///
/// A line or two of next to no tokens, such as a lone `else:`, that has its partner far from everything around it, is no reason to tear a
/// block: it goes with the block. What stands between two parts of one block was edited there.
struct MovedLines {
  private let oldKeys: [UInt64]
  private let newKeys: [UInt64]
  private let partners: [Int32]
  /// The old line of each new one, or -1.
  private let origins: [Int32]
  /// How many tokens each old line has, where it may move.
  private let weights: [Int]
  private let islands: [Bool]

  /// What moved.
  struct Result {
    /// The new line of each old line that moved, both from 0.
    fileprivate(set) var lines: [Int: Int] = [:]
    /// What was edited within a block that moved; 1-based.
    fileprivate(set) var edits: [LineHunk] = []

    /// Parts the lines that moved, and those that stand where they went, from what they were taken for.
    func release(_ partners: inout [Int32]) {
      if lines.isEmpty { return }
      let targets = Set(lines.values)
      for line in partners.indices where partners[line] >= 0 {
        if lines[line] != nil || targets.contains(Int(partners[line])) { partners[line] = -1 }
      }
    }
  }

  /// The most tokens of an island, and the most lines of it.
  private static let islandTokens = 2
  private static let islandLines = 2
  /// The most lines that were edited between two parts of a block.
  private static let gapLines = 8

  /// Creates a finder; `weight` says how many tokens an old line has.
  init(oldKeys: [UInt64], newKeys: [UInt64], partners: [Int32], weight: (Int) -> Int) {
    self.oldKeys = oldKeys
    self.newKeys = newKeys
    self.partners = partners
    var origins = Array(repeating: Int32(-1), count: newKeys.count)
    for (line, partner) in partners.enumerated() where partner >= 0 {
      origins[Int(partner)] = Int32(line)
    }
    self.origins = origins
    var weights = Array(repeating: 0, count: partners.count)
    var islands = Array(repeating: false, count: partners.count)
    var start = 0
    while start < partners.count {
      if partners[start] < 0 {
        weights[start] = weight(start)
        start += 1
        continue
      }
      var end = start + 1
      while end < partners.count, partners[end] == partners[end - 1] + 1 { end += 1 }
      let isInside = start > 0 && end < partners.count
      if isInside, end - start <= Self.islandLines {
        for line in start..<end { weights[line] = weight(line) }
        let tokens = weights[start..<end].reduce(0, +)
        if tokens <= Self.islandTokens { for line in start..<end { islands[line] = true } }
      }
      start = end
    }
    self.weights = weights
    self.islands = islands
  }

  /// What moved, and what was edited within.
  func find() -> Result {
    let places = uniqueLines()
    var result = Result()
    var usedNew: Set<Int> = []
    for (oldSeed, newSeed) in places
    where result.lines[oldSeed] == nil && !usedNew.contains(newSeed) {
      func fits(_ shift: Int) -> Bool {
        let (line, target) = (oldSeed + shift, newSeed + shift)
        guard oldKeys.indices.contains(line), newKeys.indices.contains(target) else { return false }
        return oldKeys[line] == newKeys[target] && isFree(line) && isNewFree(target)
          && result.lines[line] == nil && !usedNew.contains(target)
      }
      var (first, last) = (0, 0)
      while fits(first - 1) { first -= 1 }
      while fits(last + 1) { last += 1 }
      let lines = oldSeed + first...oldSeed + last
      let tokens = lines.reduce(0) { $0 + weights[$1] }
      if lines.count(where: { weights[$0] > 2 }) < 2 && tokens < 12 { continue }
      for line in lines {
        result.lines[line] = line - oldSeed + newSeed
        usedNew.insert(line - oldSeed + newSeed)
      }
    }
    result.edits = edits(within: result.lines, usedNew)
    return result
  }

  private func isFree(_ line: Int) -> Bool { partners[line] < 0 || islands[line] }

  private func isNewFree(_ target: Int) -> Bool {
    origins[target] < 0 || islands[Int(origins[target])]
  }

  /// The lines between two parts of one block, which is what two blocks are that went on in their order, with little between them.
  private func edits(within moved: [Int: Int], _ usedNew: Set<Int>) -> [LineHunk] {
    var result: [LineHunk] = []
    let lines = moved.keys.sorted()
    for (last, next) in zip(lines, lines.dropFirst()) where next > last + 1 {
      guard let before = moved[last], let after = moved[next], after > before + 1 else { continue }
      let (olds, news) = (last + 1..<next, before + 1..<after)
      if olds.count > Self.gapLines || news.count > Self.gapLines { continue }
      guard olds.allSatisfy({ partners[$0] < 0 }),
        news.allSatisfy({ origins[$0] < 0 && !usedNew.contains($0) })
      else { continue }
      result.append(
        LineHunk(
          oldStart: olds.lowerBound + 1,
          oldCount: olds.count,
          newStart: news.lowerBound + 1,
          newCount: news.count
        )
      )
    }
    return result
  }

  /// Lines without partner that both texts have once, in the order of the old text.
  private func uniqueLines() -> [(old: Int, new: Int)] {
    guard partners.contains(where: { $0 < 0 }), origins.contains(-1) else { return [] }
    var oldPlaces: [UInt64: Int] = [:]
    for (line, key) in oldKeys.enumerated() {
      oldPlaces[key] = oldPlaces[key] == nil ? line : -1
    }
    var newPlaces: [UInt64: Int] = [:]
    for (line, key) in newKeys.enumerated() {
      newPlaces[key] = newPlaces[key] == nil ? line : -1
    }
    return oldKeys.indices.compactMap { line in
      guard partners[line] < 0, weights[line] > 0, oldPlaces[oldKeys[line]] == line,
        let place = newPlaces[oldKeys[line]], place >= 0, origins[place] < 0
      else { return nil }
      return (line, place)
    }
  }
}
