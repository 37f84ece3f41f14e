internal import TallyModel

/// The findings without a link between two neighbours that have one.
struct FindingGap {
  /// The linked rows before and after; nil at the start and the end of the file.
  let left: Int?
  let right: Int?
  let file: Int
  var rows: [Int]
}

/// What is left between blocks: findings whose neighbours say where they must be.
extension MatchRun {
  /// Links what stands between linked neighbours, in files without a text.
  mutating func linkGaps() {
    let trust = FingerprintTrust(old: old, new: new)
    let olds = gaps(old, newOf) { isOldOpen($0) }
    let news = gaps(new, oldOf) { isNewOpen($0) }
    if olds.isEmpty || news.isEmpty { return }
    let index = GapIndex(news)
    for gap in olds {
      guard let after = index.gap(after: gap.left.map { Int(newOf[$0]) }, file: newFile(gap)),
        after == index.gap(before: gap.right.map { Int(newOf[$0]) }, file: newFile(gap))
      else { continue }
      let rows = (gap.rows.filter { isOldOpen($0) }, news[after].rows.filter { isNewOpen($0) })
      align(rows.0, rows.1, left: gap.left, right: gap.right, trust)
    }
    var edges: [Assignment.Edge] = []
    for gap in olds {
      for (row, isLeft) in [(gap.left, true), (gap.right, false)] {
        guard let row else { continue }
        let partner = Int(newOf[row])
        let other =
          isLeft ? index.gap(after: partner, file: nil) : index.gap(before: partner, file: nil)
        guard let other else { continue }
        let shift = Int(new.rows[partner].line) - Int(old.rows[row].line)
        appendEdges(gap.rows, news[other].rows, shift, to: &edges)
      }
    }
    for choice in Assignment.solve(edges) {
      link(choice.row, choice.column, .assignment, score: choice.score, margin: choice.margin)
    }
  }

  /// The file that the neighbours of a gap are in now, where they agree.
  private func newFile(_ gap: FindingGap) -> Int? {
    let files = [gap.left, gap.right].compactMap { $0.map { new.fileOf[Int(newOf[$0])] } }
    guard let first = files.first, files.allSatisfy({ $0 == first }) else { return nil }
    return Int(first)
  }

  private func gaps(_ side: MatchSide, _ partners: [Int32], isOpen: (Int) -> Bool) -> [FindingGap] {
    var result: [FindingGap] = []
    for (file, content) in side.files.enumerated() {
      if content.rows.contains(where: { side.rows[$0].window != 0 }) { continue }
      var left: Int?
      var rows: [Int] = []
      for row in content.rows where side.rows[row].line > 0 {
        if partners[row] >= 0 {
          if !rows.isEmpty {
            result.append(FindingGap(left: left, right: row, file: file, rows: rows))
            rows = []
          }
          left = row
        } else if isOpen(row) {
          rows.append(row)
        }
      }
      if !rows.isEmpty, left != nil {
        result.append(FindingGap(left: left, right: nil, file: file, rows: rows))
      }
    }
    return result
  }

  private mutating func align(
    _ olds: [Int],
    _ news: [Int],
    left: Int?,
    right: Int?,
    _ trust: FingerprintTrust
  ) {
    if olds.isEmpty || news.isEmpty { return }
    let anchors = [left, right].compactMap { row in
      row.map { (old: Int(old.rows[$0].line), new: Int(new.rows[Int(newOf[$0])].line)) }
    }
    let alignment = OrderedAlignment(
      olds: olds.map { OrderedAlignment.Item(old, $0, trust) },
      news: news.map { OrderedAlignment.Item(new, $0, trust) },
      trend: LineTrend(anchors)
    )
    for match in alignment.solve() {
      link(
        olds[match.old],
        news[match.new],
        .assignment,
        score: match.score,
        margin: match.margin,
        isAmbiguous: match.margin.map { $0 < Self.leastMargin } ?? false
      )
    }
  }

  /// Beside a block whose other side has no neighbour in common: only what stands where the block says.
  private func appendEdges(
    _ olds: [Int],
    _ news: [Int],
    _ shift: Int,
    to edges: inout [Assignment.Edge]
  ) {
    for oldRow in olds.prefix(200) where isOldOpen(oldRow) {
      let left = old.rows[oldRow]
      for newRow in news.prefix(200) where isNewOpen(newRow) {
        let right = new.rows[newRow]
        let distance = abs(Int(right.line) - Int(left.line) - shift)
        if left.rule != right.rule || distance > 3 { continue }
        var score = left.message == right.message ? 40 : left.template == right.template ? 24 : 0
        if left.column == right.column { score += 8 }
        score -= distance * 6
        if score >= 20 { edges.append(Assignment.Edge(row: oldRow, column: newRow, score: score)) }
      }
    }
  }
}

/// Finds the gap next to a linked row.
private struct GapIndex {
  private var afterRow: [Int: Int] = [:]
  private var beforeRow: [Int: Int] = [:]
  private var startOf: [Int: Int] = [:]
  private var endOf: [Int: Int] = [:]

  init(_ gaps: [FindingGap]) {
    for (index, gap) in gaps.enumerated() {
      if let left = gap.left { afterRow[left] = index } else { startOf[gap.file] = index }
      if let right = gap.right { beforeRow[right] = index } else { endOf[gap.file] = index }
    }
  }

  /// The gap after a row, or at the start of a file.
  func gap(after row: Int?, file: Int?) -> Int? {
    if let row { return afterRow[row] }
    return file.flatMap { startOf[$0] }
  }

  /// The gap before a row, or at the end of a file.
  func gap(before row: Int?, file: Int?) -> Int? {
    if let row { return beforeRow[row] }
    return file.flatMap { endOf[$0] }
  }
}
