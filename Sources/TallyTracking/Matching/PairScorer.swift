internal import TallyModel

/// Scores two findings of one rule in one pair of files.
struct PairScorer {
  let run: MatchRun
  let pair: MatchRun.FilePair
  let trend: LineTrend
  /// The first hunk of the edit that each hunk belongs to: few untouched lines between hunks do not part an edit.
  private let edits: [Int]

  init(run: MatchRun, pair: MatchRun.FilePair, trend: LineTrend) {
    self.run = run
    self.pair = pair
    self.trend = trend
    var edits: [Int] = []
    if case .map(let map) = pair.map {
      for (index, hunk) in map.hunks.enumerated() {
        let isNear = index > 0 && hunk.oldStart - map.hunks[index - 1].oldEnd <= Self.fewLines + 1
        edits.append(isNear ? edits[index - 1] : index)
      }
    }
    self.edits = edits
  }

  private static let fewLines = 2

  /// What the paths say of findings about the file.
  private var pathScore: Int {
    if pair.isSamePath { return 20 }
    return run.old.files[pair.old].path.name == run.new.files[pair.new].path.name ? 10 : 0
  }

  /// Where an old finding is expected in the new file.
  func expectedLine(_ row: MatchRow) -> Int {
    let line = Int(row.line)
    guard case .map(let map) = pair.map else { return trend.expected(line) }
    switch map.newLine(forOld: line) {
    case .mapped(let newLine): return newLine
    case .edited(let lines):
      guard let hunk = map.hunkIndex(ofOld: line) else { return lines.lowerBound }
      let offset = line - map.hunks[hunk].oldStart
      let share = offset * lines.count / max(1, map.hunks[hunk].oldCount)
      return min(lines.upperBound, lines.lowerBound + share)
    case .gone:
      let hunk = map.hunkIndex(ofOld: line)
      return hunk.map { map.hunks[$0].newStart } ?? line
    }
  }

  /// Returns by how much a pair is above its gate; 0 or less for one that is none.
  func score(_ oldRow: Int, _ newRow: Int, expected: Int) -> Int {
    let (left, right) = (run.old.rows[oldRow], run.new.rows[newRow])
    if (left.line == 0) != (right.line == 0) { return 0 }
    if left.line == 0 {
      // About the file as a whole: only the message tells them apart, and the file; about no file, what is named.
      let isAboutNoFile = run.old.files[pair.old].path.text.isEmpty
      if isAboutNoFile, left.symbol != right.symbol, left.symbol != 0, right.symbol != 0 {
        return 0
      }
      let score = left.message == right.message ? 60 : left.template == right.template ? 40 : 0
      return score == 0 ? 0 : score + pathScore
    }
    let likeness = Self.likeness(run, oldRow, newRow)
    if likeness == nil && pair.map == nil { return 0 }
    let isSameHunk = isSameHunk(left, right)
    var score = likeness?.whole ?? Self.blindScore(left, right)
    score += messageScore(left, right)
    if left.lineHash != 0 && left.lineHash == right.lineHash { score += 12 }
    if left.snippet != 0 && left.snippet == right.snippet { score += 4 }
    if left.symbol != 0 && left.symbol == right.symbol { score += 4 }
    if left.column != 0 && left.column == right.column { score += 2 }
    if isSameHunk == true { score += 10 }
    score -= distance(Int(right.line), from: expected)
    let bounds = trend.bounds(Int(left.line))
    if Int(right.line) < bounds.low || Int(right.line) > bounds.high { score -= 8 }
    if isSameHunk != false { return score - MatchRun.Gate.near }
    guard let likeness, left.lineHash == right.lineHash, Self.isMove(likeness) else {
      return score - MatchRun.Gate.otherHunk
    }
    return max(1, score - MatchRun.Gate.near)
  }

  /// Says whether two places on equal lines are alike enough to be one that moved.
  static func isMove(_ likeness: WindowSimilarity.Result) -> Bool {
    likeness.run >= MatchRun.Gate.movedTokens || likeness.whole >= MatchRun.Gate.movedWhole
  }

  /// How alike the windows are; nil where they cannot be compared.
  static func likeness(
    _ run: MatchRun,
    _ oldRow: Int,
    _ newRow: Int
  ) -> WindowSimilarity.Result? {
    if run.old.rows[oldRow].window == 0 || run.new.rows[newRow].window == 0 { return nil }
    let (left, right) = (run.old[oldRow], run.new[newRow])
    guard left.lexerVersion == right.lexerVersion, let one = left.window, let two = right.window
    else { return nil }
    return WindowSimilarity.compare(one, two)
  }

  /// What stands in for the likeness of windows in an edit of which no text was kept.
  private static func blindScore(_ left: MatchRow, _ right: MatchRow) -> Int {
    if left.snippet != 0 && right.snippet != 0 { return left.snippet == right.snippet ? 80 : 40 }
    return 48
  }

  private func messageScore(_ left: MatchRow, _ right: MatchRow) -> Int {
    left.message == right.message ? 14 : left.template == right.template ? 8 : 0
  }

  /// Nil where no map is known.
  private func isSameHunk(_ left: MatchRow, _ right: MatchRow) -> Bool? {
    guard let map = pair.map else { return nil }
    guard let oldHunk = map.hunk(ofOld: Int(left.line)),
      let newHunk = map.hunk(ofNew: Int(right.line))
    else { return false }
    return edits[oldHunk] == edits[newHunk]
  }

  /// 0 for the expected line, growing with the logarithm of the distance, at most 14.
  private func distance(_ line: Int, from expected: Int) -> Int {
    let distance = abs(line - expected)
    return min(14, 2 * (Int.bitWidth - distance.leadingZeroBitCount))
  }
}
