/// Finds what was probably meant.
enum Suggestion {
  /// The nearest of some words, if it is near enough; of equally near ones the first.
  static func nearest(to word: String, among words: [String]) -> String? {
    let wanted = Array(word.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " })
    var best: (word: String, distance: Int)?
    for candidate in words {
      let other = Array(candidate.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " })
      let limit = max(1, min(3, max(wanted.count, other.count) / 3))
      var distance = self.distance(wanted, other)
      // `rule` for `rules`, `repo` for `repository_url`.
      if wanted.count >= 3, other.starts(with: wanted) { distance = min(distance, 1) }
      if distance <= limit, distance < (best?.distance ?? Int.max) {
        best = (candidate, distance)
      }
    }
    return best?.word
  }

  /// How many letters have to be put in, left out, changed or swapped with the next.
  static func distance(_ left: [Character], _ right: [Character]) -> Int {
    // A long word is no slip of the finger.
    if left.count > 64 || right.count > 64 { return Int.max }
    var rows = [Array(0...right.count)]
    for row in 1..<(left.count + 1) {
      var current = [row]
      for column in 1..<(right.count + 1) {
        let cost = left[row - 1] == right[column - 1] ? 0 : 1
        var value = min(
          rows[row - 1][column] + 1,
          current[column - 1] + 1,
          rows[row - 1][column - 1] + cost
        )
        if row > 1, column > 1, left[row - 1] == right[column - 2],
          left[row - 2] == right[column - 1]
        {
          value = min(value, rows[row - 2][column - 2] + 1)
        }
        current.append(value)
      }
      rows.append(current)
    }
    return rows[left.count][right.count]
  }
}
