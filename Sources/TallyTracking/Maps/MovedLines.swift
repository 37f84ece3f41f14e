/// Finds lines that stand elsewhere in the new text: blocks that moved within a file.
///
/// Seeds are lines without partner that each text has once; they are extended both ways over equal lines without partner. A block
/// counts with at least two lines of three or more tokens, or twelve tokens.
struct MovedLines {
  private let oldKeys: [UInt64]
  private let newKeys: [UInt64]
  private let partners: [Int32]
  private let isNewTaken: [Bool]
  /// How many tokens each old line has.
  private let weights: [Int]

  init(oldKeys: [UInt64], newKeys: [UInt64], partners: [Int32], weights: [Int]) {
    self.oldKeys = oldKeys
    self.newKeys = newKeys
    self.partners = partners
    self.weights = weights
    var isTaken = Array(repeating: false, count: newKeys.count)
    for partner in partners where partner >= 0 { isTaken[Int(partner)] = true }
    isNewTaken = isTaken
  }

  /// The new line of each old line that moved, both from 0.
  func find() -> [Int: Int] {
    let places = uniqueLines()
    var moved: [Int: Int] = [:]
    var usedNew: Set<Int> = []
    for (oldSeed, newSeed) in places where moved[oldSeed] == nil && !usedNew.contains(newSeed) {
      func fits(_ shift: Int) -> Bool {
        let (line, target) = (oldSeed + shift, newSeed + shift)
        guard oldKeys.indices.contains(line), newKeys.indices.contains(target) else { return false }
        return oldKeys[line] == newKeys[target] && partners[line] < 0 && !isNewTaken[target]
          && moved[line] == nil && !usedNew.contains(target)
      }
      var (first, last) = (0, 0)
      while fits(first - 1) { first -= 1 }
      while fits(last + 1) { last += 1 }
      let lines = oldSeed + first...oldSeed + last
      let tokens = lines.reduce(0) { $0 + weights[$1] }
      if lines.count(where: { weights[$0] > 2 }) < 2 && tokens < 12 { continue }
      for line in lines {
        moved[line] = line - oldSeed + newSeed
        usedNew.insert(line - oldSeed + newSeed)
      }
    }
    return moved
  }

  /// Lines without partner that both texts have once, in the order of the old text.
  private func uniqueLines() -> [(old: Int, new: Int)] {
    guard partners.contains(where: { $0 < 0 }), isNewTaken.contains(false) else { return [] }
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
        let place = newPlaces[oldKeys[line]], place >= 0, !isNewTaken[place]
      else { return nil }
      return (line, place)
    }
  }
}
