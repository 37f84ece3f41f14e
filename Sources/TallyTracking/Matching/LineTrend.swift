/// Where old lines of a file are expected in the new one, by the links found so far.
struct LineTrend {
  private var olds: [Int] = []
  private var news: [Int] = []

  /// Creates a trend from linked lines in any order; where links cross, the longest ascending chain counts.
  init(_ links: [(old: Int, new: Int)]) {
    let sorted = links.sorted { ($0.old, $0.new) < ($1.old, $1.new) }
    for index in Self.longestChain(sorted.map(\.new)) {
      if olds.last == sorted[index].old { continue }
      olds.append(sorted[index].old)
      news.append(sorted[index].new)
    }
  }

  /// True when no link says anything.
  var isEmpty: Bool { olds.isEmpty }

  /// The expected new line, interpolated between the neighbours; after the last and before the first their shift goes on.
  func expected(_ line: Int) -> Int {
    let next = firstIndex(atOrAfter: line)
    if next == olds.count { return next == 0 ? line : line + news[next - 1] - olds[next - 1] }
    if olds[next] == line || next == 0 { return line + news[next] - olds[next] }
    let (oldSpan, newSpan) = (olds[next] - olds[next - 1], news[next] - news[next - 1])
    let (before, after) = (news[next - 1] - olds[next - 1], news[next] - olds[next])
    if before == after { return line + before }
    return news[next - 1] + (line - olds[next - 1]) * newSpan / oldSpan
  }

  /// The lines of the neighbours in the new file: a place outside would cross a link.
  func bounds(_ line: Int) -> (low: Int, high: Int) {
    let next = firstIndex(atOrAfter: line)
    let high = next < news.count ? news[next] : .max
    if next < olds.count && olds[next] == line { return (high, high) }
    return (next > 0 ? news[next - 1] : 0, high)
  }

  private func firstIndex(atOrAfter line: Int) -> Int {
    var low = 0
    var high = olds.count
    while low < high {
      let middle = (low + high) / 2
      if olds[middle] < line { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The indices of a longest chain of values that do not descend.
  static func longestChain(_ values: [Int]) -> [Int] {
    var tails: [Int] = []
    var before = Array(repeating: -1, count: values.count)
    for (index, value) in values.enumerated() {
      var low = 0
      var high = tails.count
      while low < high {
        let middle = (low + high) / 2
        if values[tails[middle]] <= value { low = middle + 1 } else { high = middle }
      }
      before[index] = low > 0 ? tails[low - 1] : -1
      if low == tails.count { tails.append(index) } else { tails[low] = index }
    }
    var chain: [Int] = []
    var index = tails.last ?? -1
    while index >= 0 {
      chain.append(index)
      index = before[index]
    }
    return chain.reversed()
  }
}
