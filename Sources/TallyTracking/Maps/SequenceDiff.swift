/// Finds what two sequences have in common, in order.
///
/// Equal ends first, then elements that each side has once (patience), then the shortest edit script (Myers) where it is short.
/// What is longer than the limits stays unmatched, so that no input takes quadratic time.
struct SequenceDiff {
  /// Edit scripts up to this length are looked for, per gap between unique elements.
  private static let longestScript = 256
  /// How often gaps are cut by unique elements again.
  private static let deepest = 24

  private let old: [UInt64]
  private let new: [UInt64]
  private var partners: [Int32]

  /// Returns for each old element the index of its new one, or -1; ascending where it is not -1.
  static func partners(_ old: [UInt64], _ new: [UInt64]) -> [Int32] {
    var diff = SequenceDiff(old: old, new: new, partners: Array(repeating: -1, count: old.count))
    diff.compare(0..<old.count, 0..<new.count, depth: 0)
    return diff.partners
  }

  private mutating func compare(_ olds: Range<Int>, _ news: Range<Int>, depth: Int) {
    var (oldStart, newStart) = (olds.lowerBound, news.lowerBound)
    var (oldEnd, newEnd) = (olds.upperBound, news.upperBound)
    while oldStart < oldEnd && newStart < newEnd && old[oldStart] == new[newStart] {
      partners[oldStart] = Int32(newStart)
      oldStart += 1
      newStart += 1
    }
    while oldStart < oldEnd && newStart < newEnd && old[oldEnd - 1] == new[newEnd - 1] {
      oldEnd -= 1
      newEnd -= 1
      partners[oldEnd] = Int32(newEnd)
    }
    if oldStart == oldEnd || newStart == newEnd { return }
    let (oldGap, newGap) = (oldStart..<oldEnd, newStart..<newEnd)
    let pins = depth < Self.deepest ? uniquePairs(oldGap, newGap) : []
    if pins.isEmpty {
      shortestScript(oldGap, newGap)
      return
    }
    var (lastOld, lastNew) = (oldStart, newStart)
    for pin in pins {
      partners[pin.old] = Int32(pin.new)
      compare(lastOld..<pin.old, lastNew..<pin.new, depth: depth + 1)
      (lastOld, lastNew) = (pin.old + 1, pin.new + 1)
    }
    compare(lastOld..<oldEnd, lastNew..<newEnd, depth: depth + 1)
  }

  /// The longest ascending chain of elements that stand in both ranges once.
  private func uniquePairs(_ olds: Range<Int>, _ news: Range<Int>) -> [(old: Int, new: Int)] {
    var places: [UInt64: (old: Int, new: Int)] = [:]
    places.reserveCapacity(olds.count)
    for index in olds {
      if places[old[index]] == nil {
        places[old[index]] = (index, -1)
      } else {
        places[old[index]] = (-2, -1)
      }
    }
    for index in news {
      guard let place = places[new[index]] else { continue }
      places[new[index]] = place.new == -1 ? (place.old, index) : (-2, -2)
    }
    let pairs = olds.compactMap { index -> (old: Int, new: Int)? in
      guard let place = places[old[index]], place.old == index, place.new >= 0 else { return nil }
      return place
    }
    return LineTrend.longestChain(pairs.map(\.new)).map { pairs[$0] }
  }

  /// Myers' greedy algorithm; finds nothing when the script is longer than the limit.
  private mutating func shortestScript(_ olds: Range<Int>, _ news: Range<Int>) {
    let (oldCount, newCount) = (olds.count, news.count)
    let limit = min(Self.longestScript, oldCount + newCount)
    if abs(oldCount - newCount) > limit { return }
    var reach = Array(repeating: 0, count: 2 * limit + 2)
    var history: [[Int]] = []
    for length in 0...limit {
      history.append(Array(reach[limit - length...limit + length]))
      for diagonal in stride(from: -length, through: length, by: 2) {
        let isDown =
          diagonal == -length
          || (diagonal != length
            && reach[limit + diagonal - 1] < reach[limit + diagonal + 1])
        var x = isDown ? reach[limit + diagonal + 1] : reach[limit + diagonal - 1] + 1
        if isDown && length == 0 { x = 0 }
        var y = x - diagonal
        while x < oldCount && y < newCount && y >= 0
          && old[olds.lowerBound + x] == new[news.lowerBound + y]
        {
          x += 1
          y += 1
        }
        reach[limit + diagonal] = x
        if x >= oldCount && y >= newCount {
          walkBack(history, olds, news)
          return
        }
      }
    }
  }

  private mutating func walkBack(_ history: [[Int]], _ olds: Range<Int>, _ news: Range<Int>) {
    var (x, y) = (olds.count, news.count)
    for length in stride(from: history.count - 1, through: 0, by: -1) {
      let reach = history[length]
      let diagonal = x - y
      func value(_ at: Int) -> Int {
        let index = at + length
        return reach.indices.contains(index) ? reach[index] : -1
      }
      let isDown =
        diagonal == -length || (diagonal != length && value(diagonal - 1) < value(diagonal + 1))
      let before = isDown ? diagonal + 1 : diagonal - 1
      let startX = length == 0 ? 0 : value(before)
      let startY = length == 0 ? 0 : startX - before
      let (snakeX, snakeY) =
        length == 0 ? (0, 0) : isDown ? (startX, startY + 1) : (startX + 1, startY)
      while x > snakeX && y > snakeY {
        x -= 1
        y -= 1
        partners[olds.lowerBound + x] = Int32(news.lowerBound + y)
      }
      (x, y) = (startX, startY)
    }
  }
}
