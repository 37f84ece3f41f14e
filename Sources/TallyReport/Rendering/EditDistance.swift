/// The nearest of some names, for "did you mean".
public enum EditDistance {
  /// How many insertions, deletions, replacements and swaps of neighbours turn one text into the other, none overlapping (optimal string alignment).
  public static func between(_ left: String, _ right: String) -> Int {
    let first = Array(left.unicodeScalars.prefix(100))
    let second = Array(right.unicodeScalars.prefix(100))
    var beforeLast: [Int] = []
    var last = Array(0...second.count)
    for row in 0..<first.count {
      var current = [row + 1]
      for column in 0..<second.count {
        let cost = first[row] == second[column] ? 0 : 1
        var best = min(last[column + 1] + 1, current[column] + 1, last[column] + cost)
        if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current.append(best)
      }
      (beforeLast, last) = (last, current)
    }
    return last[second.count]
  }

  /// The nearest name, if it is within a third of the longer name's length and at least 1; ties go to the first in byte order.
  public static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
    var best: (distance: Int, name: String)?
    for candidate in candidates {
      let distance = between(name.lowercased(), candidate.lowercased())
      let limit = max(1, max(name.count, candidate.count) / 3)
      if distance > limit { continue }
      if let current = best, (current.distance, current.name) <= (distance, candidate) { continue }
      best = (distance, candidate)
    }
    return best?.name
  }
}
