internal import TallyModel

/// Aligns the findings of two versions of a file of which nothing but the reports is known.
///
/// Findings keep their order, and edits shift all that follows by the same number of lines: the alignment with the most
/// agreement wins. Takes time in proportion to the findings times a band of at most some hundred.
struct OrderedAlignment {
  /// One finding.
  struct Item {
    let row: MatchRow
    let fingerprint: UInt64?

    init(_ side: MatchSide, _ row: Int, _ trust: FingerprintTrust) {
      self.row = side.rows[row]
      fingerprint = trust.stem(side[row].finding)
    }
  }

  /// A chosen pair.
  struct Match {
    let old: Int
    let new: Int
    let score: Int
    let margin: Int?
  }

  /// How many findings may go or come between two pairs without their shifts being compared.
  private static let reach = 6
  /// What a change of the shift costs beyond that reach.
  private static let unknownShift = -14
  private static let never = -1_000_000
  /// Up to this many pairs all are looked at, beyond only a band around the diagonal.
  private static let mostPairs = 250_000

  let olds: [Item]
  let news: [Item]
  /// Links already found in the file.
  let trend: LineTrend

  /// Returns pairs in the order of the old findings.
  func solve() -> [Match] {
    let band = Band(olds: olds.count, news: news.count, mostPairs: Self.mostPairs)
    var best = Array(repeating: Self.never, count: olds.count * band.width)
    var from = Array(repeating: -1, count: olds.count * band.width)
    // The best of everything before, by old index: what ends further back than the reach.
    var front = Array(repeating: (score: 0, cell: -1), count: band.width + 1)
    var final = (score: 0, cell: -1)
    var fronts: [[(score: Int, cell: Int)]] = []
    for old in olds.indices {
      for new in band.columns(old) {
        let own = likeness(olds[old], news[new])
        if own <= 0 { continue }
        let shift = Int(news[new].row.line) - Int(olds[old].row.line)
        var top = (score: startScore(old, new), cell: -1)
        for back in 1...Self.reach where old - back >= 0 {
          for left in 1...Self.reach where new - left >= 0 {
            guard let cell = band.cell(old - back, new - left), best[cell] > Self.never else {
              continue
            }
            let before = Int(news[new - left].row.line) - Int(olds[old - back].row.line)
            let score = best[cell] + Self.agreement(shift - before, gone: back - 1, came: left - 1)
            if score > top.score { top = (score, cell) }
          }
        }
        if old > Self.reach, let far = farBest(fronts, old - 1, new - 1, band) {
          let score = far.score + Self.unknownShift
          if score > top.score { top = (score, far.cell) }
        }
        guard let cell = band.cell(old, new) else { continue }
        let total = own + top.score
        if total <= 0 { continue }
        best[cell] = total
        from[cell] = top.cell
        if total > final.score { final = (total, cell) }
      }
      front = merged(front, best, old, band)
      fronts.append(front)
    }
    return matches(from: final.cell, from, band)
  }

  /// The running best over old findings up to one, by column.
  private func merged(
    _ front: [(score: Int, cell: Int)],
    _ best: [Int],
    _ old: Int,
    _ band: Band
  ) -> [(score: Int, cell: Int)] {
    var result = Array(repeating: (score: 0, cell: -1), count: band.width + 1)
    var running = (score: 0, cell: -1)
    for (place, new) in band.columns(old).enumerated() {
      if let before = previous(front, old, new, band), before.score > running.score {
        running = before
      }
      if let cell = band.cell(old, new), best[cell] > running.score { running = (best[cell], cell) }
      result[place] = running
    }
    return result
  }

  private func previous(
    _ front: [(score: Int, cell: Int)],
    _ old: Int,
    _ new: Int,
    _ band: Band
  ) -> (score: Int, cell: Int)? {
    if old == 0 { return nil }
    let columns = band.columns(old - 1)
    if new < columns.lowerBound { return nil }
    let place = min(new, columns.upperBound - 1) - columns.lowerBound
    return place < 0 ? nil : front[place]
  }

  private func farBest(
    _ fronts: [[(score: Int, cell: Int)]],
    _ old: Int,
    _ new: Int,
    _ band: Band
  ) -> (score: Int, cell: Int)? {
    guard old >= 0, new >= 0 else { return nil }
    guard let found = previous(fronts[old], old + 1, new, band), found.cell >= 0 else { return nil }
    return found
  }

  private func matches(from last: Int, _ from: [Int], _ band: Band) -> [Match] {
    var cells: [(old: Int, new: Int)] = []
    var cell = last
    while cell >= 0 {
      cells.append(band.place(cell))
      cell = from[cell]
    }
    cells.reverse()
    return cells.indices.map { index in
      let before = index > 0 ? cells[index - 1] : nil
      let after = index + 1 < cells.count ? cells[index + 1] : nil
      return judged(cells[index], before, after)
    }
  }

  /// Adds to a chosen pair by how much it beats other pairs between its neighbours.
  private func judged(
    _ pair: (old: Int, new: Int),
    _ before: (old: Int, new: Int)?,
    _ after: (old: Int, new: Int)?
  ) -> Match {
    let score = localScore(pair.old, pair.new, before, after)
    let oldRange =
      max(pair.old - 8, (before?.old ?? -1) + 1)..<min(pair.old + 9, after?.old ?? olds.count)
    let newRange =
      max(pair.new - 8, (before?.new ?? -1) + 1)..<min(pair.new + 9, after?.new ?? news.count)
    var other: Int?
    for new in newRange where new != pair.new && likeness(olds[pair.old], news[new]) > 0 {
      other = max(other ?? .min, localScore(pair.old, new, before, after))
    }
    for old in oldRange where old != pair.old && likeness(olds[old], news[pair.new]) > 0 {
      other = max(other ?? .min, localScore(old, pair.new, before, after))
    }
    return Match(
      old: pair.old,
      new: pair.new,
      score: score,
      margin: other.map { max(0, score - $0) }
    )
  }

  private func localScore(
    _ old: Int,
    _ new: Int,
    _ before: (old: Int, new: Int)?,
    _ after: (old: Int, new: Int)?
  ) -> Int {
    var score = likeness(olds[old], news[new])
    let shift = Int(news[new].row.line) - Int(olds[old].row.line)
    if let before {
      let other = Int(news[before.new].row.line) - Int(olds[before.old].row.line)
      score += Self.agreement(
        shift - other,
        gone: old - before.old - 1,
        came: new - before.new - 1
      )
    } else {
      score += startScore(old, new)
    }
    if let after {
      let other = Int(news[after.new].row.line) - Int(olds[after.old].row.line)
      score += Self.agreement(
        other - shift,
        gone: after.old - old - 1,
        came: after.new - new - 1
      )
    }
    return score
  }

  /// What the place of a pair says with nothing aligned before it.
  private func startScore(_ old: Int, _ new: Int) -> Int {
    let line = Int(olds[old].row.line)
    return Self.agreement(Int(news[new].row.line) - trend.expected(line))
  }

  /// What two shifts that differ by so many lines say of each other, when so many findings between them went and came.
  private static func agreement(_ difference: Int, gone: Int = 0, came: Int = 0) -> Int {
    // Lines that went took findings along, lines that came brought some.
    let isPlain = (difference < 0 && gone > came) || (difference > 0 && came > gone)
    let bonus = isPlain ? 4 : 0
    switch abs(difference) {
    case 0: return 12
    case 1...3: return 2 + bonus
    case 4...10: return -6 + bonus
    case 11...30: return -14 + bonus
    case 31...100: return -24
    default: return -40
    }
  }

  /// How much two findings are alike, whatever their lines; 0 or less for never.
  private func likeness(_ old: Item, _ new: Item) -> Int {
    let (left, right) = (old.row, new.row)
    if left.rule != right.rule { return 0 }
    var score = left.message == right.message ? 26 : left.template == right.template ? 16 : 5
    // A message with names in it says more than one that is always the same.
    if left.message == right.message && left.message != left.template { score += 10 }
    if left.snippet != 0 && right.snippet != 0 { score += left.snippet == right.snippet ? 26 : -12 }
    if left.column != 0 && right.column != 0 { score += left.column == right.column ? 6 : -4 }
    if left.symbol != 0 && right.symbol != 0 { score += left.symbol == right.symbol ? 6 : -6 }
    if let one = old.fingerprint, let two = new.fingerprint { score += one == two ? 20 : -6 }
    let bounds = trend.bounds(Int(left.line))
    if Int(right.line) < bounds.low || Int(right.line) > bounds.high { score -= 20 }
    return score
  }
}

/// The cells of a table around its diagonal.
private struct Band {
  let width: Int
  private let olds: Int
  private let news: Int

  init(olds: Int, news: Int, mostPairs: Int) {
    self.olds = olds
    self.news = news
    width = olds * news <= mostPairs ? news : min(news, max(64, mostPairs / olds))
  }

  func columns(_ old: Int) -> Range<Int> {
    let center = olds <= 1 ? 0 : old * (news - 1) / (olds - 1)
    let first = max(0, min(center - width / 2, news - width))
    return first..<first + width
  }

  func cell(_ old: Int, _ new: Int) -> Int? {
    let columns = columns(old)
    return columns.contains(new) ? old * width + new - columns.lowerBound : nil
  }

  func place(_ cell: Int) -> (old: Int, new: Int) {
    let old = cell / width
    return (old, columns(old).lowerBound + cell % width)
  }
}
