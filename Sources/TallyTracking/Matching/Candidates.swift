internal import TallyModel

/// Stages 5 to 7 in their first form: score what is left, and assign it.
extension MatchRun {
  /// A link whose margin is below this is ambiguous.
  static let leastMargin = 6

  /// What a pair must reach.
  enum Gate {
    /// In one edit of one file, or in one file of which no map is known.
    static let near = 55
    /// In one file, but in another edit than the map says.
    static let otherHunk = 96
    /// So many equal tokens around the position make a moved block, where the lines are equal.
    static let movedTokens = 14
    /// Or windows that are so alike.
    static let movedWhole = 80
  }

  /// Links what is left by scores: first within pairs of files, then across files.
  mutating func assign() {
    var edges: [Assignment.Edge] = []
    for pair in pairs { appendEdges(of: pair, to: &edges) }
    take(edges)
    edges = []
    appendEdgesAcrossFiles(to: &edges)
    take(edges)
  }

  private mutating func take(_ edges: [Assignment.Edge]) {
    for choice in Assignment.solve(edges) {
      let margin = isCopied(choice.row, choice.column) ? nil : choice.margin
      link(
        choice.row,
        choice.column,
        .assignment,
        score: choice.score,
        margin: margin,
        isAmbiguous: margin.map { $0 < Self.leastMargin } ?? false
      )
    }
  }

  /// True when an equal row is next to one of a pair: exchanging those changes nothing.
  private func isCopied(_ oldRow: Int, _ newRow: Int) -> Bool {
    func isCopy(_ side: MatchSide, _ row: Int) -> Bool {
      [row - 1, row + 1].contains { other in
        side.rows.indices.contains(other) && side.fileOf[other] == side.fileOf[row]
          && side[other].finding == side[row].finding
      }
    }
    return isCopy(old, oldRow) || isCopy(new, newRow)
  }

  /// The lines of a pair's links, for what is between them.
  func trend(of pair: FilePair) -> LineTrend {
    var lines: [(old: Int, new: Int)] = []
    for row in old.files[pair.old].rows where newOf[row] >= 0 {
      let partner = Int(newOf[row])
      if Int(new.fileOf[partner]) != pair.new || old.rows[row].line == 0 { continue }
      lines.append((Int(old.rows[row].line), Int(new.rows[partner].line)))
    }
    return LineTrend(lines)
  }

  private mutating func appendEdges(of pair: FilePair, to edges: inout [Assignment.Edge]) {
    let olds = old.files[pair.old].rows.filter { isOldOpen($0) }
    let news = new.files[pair.new].rows.filter { isNewOpen($0) }
    if olds.isEmpty || news.isEmpty { return }
    var byRule: [Int32: [Int]] = [:]
    for row in news { byRule[new.rows[row].rule, default: []].append(row) }
    let trend = trend(of: pair)
    let scorer = PairScorer(run: self, pair: pair, trend: trend)
    let index = NearRows(rows: new.rows, byRule: byRule)
    for oldRow in olds {
      let row = old.rows[oldRow]
      guard let sameRule = byRule[row.rule] else { continue }
      let expected = scorer.expectedLine(row)
      for newRow in index.candidates(sameRule, row, expected: expected, olds: olds.count) {
        let score = scorer.score(oldRow, newRow, expected: expected)
        if score > 0 { edges.append(Assignment.Edge(row: oldRow, column: newRow, score: score)) }
      }
    }
  }

  /// Findings that moved to a file that nothing connects with theirs: equal line, rule and message, and a like window.
  private func appendEdgesAcrossFiles(to edges: inout [Assignment.Edge]) {
    var byLine: [UInt64: [Int]] = [:]
    for row in 0..<new.count where isNewOpen(row) && new.rows[row].lineHash != 0 {
      if let key = lineKey(new.rows[row]) { byLine[key, default: []].append(row) }
    }
    if byLine.isEmpty { return }
    var olds: [UInt64: Int] = [:]
    let open = (0..<old.count).filter { isOldOpen($0) }
    for row in open {
      if let key = lineKey(old.rows[row]) { olds[key, default: 0] += 1 }
    }
    for oldRow in open {
      guard let key = lineKey(old.rows[oldRow]), let news = byLine[key],
        news.count <= 16, olds[key, default: 0] <= 16
      else { continue }
      for newRow in news {
        let likeness = PairScorer.likeness(self, oldRow, newRow)
        guard let likeness, PairScorer.isMove(likeness) else { continue }
        let score = likeness.whole + likeness.run
        edges.append(Assignment.Edge(row: oldRow, column: newRow, score: score))
      }
    }
  }

  private func lineKey(_ row: MatchRow) -> UInt64? {
    if row.window == 0 || row.rule < 0 { return nil }
    let key = Mixer.mix(UInt64(row.lineHash), row.template)
    return Mixer.mix(key, UInt64(UInt32(bitPattern: row.rule)))
  }
}

/// Finds candidates of one rule without looking at every pair of a large file.
struct NearRows {
  /// Up to this many pairs of one rule all are looked at.
  static let mostPairs = 2_500
  /// Else so many next to the expected line, and so many with an equal line.
  static let nearest = 16

  let rows: [MatchRow]
  private let byLine: [UInt64: [Int]]

  init(rows: [MatchRow], byRule: [Int32: [Int]]) {
    self.rows = rows
    var byLine: [UInt64: [Int]] = [:]
    for (rule, list) in byRule where list.count > Self.nearest {
      for row in list where rows[row].lineHash != 0 {
        byLine[Self.key(rule, rows[row].lineHash), default: []].append(row)
      }
    }
    self.byLine = byLine
  }

  func candidates(_ sameRule: [Int], _ row: MatchRow, expected: Int, olds: Int) -> [Int] {
    if sameRule.count * olds <= Self.mostPairs || sameRule.count <= Self.nearest {
      return sameRule
    }
    var low = 0
    var high = sameRule.count
    while low < high {
      let middle = (low + high) / 2
      if Int(rows[sameRule[middle]].line) < expected { low = middle + 1 } else { high = middle }
    }
    let first = max(0, low - Self.nearest / 2)
    var result = Array(sameRule[first..<min(sameRule.count, first + Self.nearest)])
    let equal = byLine[Self.key(row.rule, row.lineHash)] ?? []
    if row.lineHash != 0 && equal.count <= Self.nearest {
      let known = Set(result)
      result += equal.filter { !known.contains($0) }
    }
    return result
  }

  private static func key(_ rule: Int32, _ lineHash: UInt32) -> UInt64 {
    UInt64(UInt32(bitPattern: rule)) << 32 | UInt64(lineHash)
  }
}
