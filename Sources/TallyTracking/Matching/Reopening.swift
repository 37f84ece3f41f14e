internal import TallyModel

/// Reopening: closed violations that may be back, by strict gates only.
extension MatchRun {
  /// Links closed findings to current ones of equal rule, template and window; without windows of equal rule, template, path
  /// and snippet, or place and message.
  mutating func linkReopened() {
    linkReopened(by: .windowAndPath) { _, _ in true }
    linkReopened(by: .window) { _, _ in true }
    // Where at least one side has no window.
    for kind in [ReopenKey.snippet, .place] {
      linkReopened(by: kind) { row, isOld in !isOld || row.window == 0 }
      linkReopened(by: kind) { row, isOld in isOld || row.window == 0 }
    }
  }

  private mutating func linkReopened(by kind: ReopenKey, where isMeant: (MatchRow, Bool) -> Bool) {
    var groups: [UInt64: (old: [Int], new: [Int])] = [:]
    for row in 0..<old.count where isOldOpen(row) && isMeant(old.rows[row], true) {
      guard let key = kind.key(old, row) else { continue }
      groups[key, default: ([], [])].old.append(row)
    }
    for row in 0..<new.count where isNewOpen(row) && isMeant(new.rows[row], false) {
      guard let key = kind.key(new, row), groups[key] != nil else { continue }
      groups[key, default: ([], [])].new.append(row)
    }
    for (_, group) in groups.sorted(by: { $0.key < $1.key }) where !group.new.isEmpty {
      pairUp(group.old, group.new)
    }
  }

  /// Pairs twins: by the least distance of their lines, equal counts in their order.
  private mutating func pairUp(_ olds: [Int], _ news: [Int]) {
    let isAmbiguous = olds.count != news.count
    var pairs: [(old: Int, new: Int)] = []
    if olds.count == news.count {
      pairs = Array(zip(olds, news))
    } else {
      // Nearest first; long lists of twins in their order, which is nearly that.
      var free = news
      for oldRow in olds.prefix(1_000) {
        let line = old.rows[oldRow].line
        let nearest = free.indices.prefix(1_000).min {
          (abs(new.rows[free[$0]].line - line), $0) < (abs(new.rows[free[$1]].line - line), $1)
        }
        guard let nearest else { break }
        pairs.append((oldRow, free.remove(at: nearest)))
      }
    }
    for (oldRow, newRow) in pairs {
      link(
        oldRow,
        newRow,
        old.rows[oldRow].window != 0 ? .window : .assignment,
        score: Self.windowScore,
        margin: isAmbiguous ? 0 : nil,
        isAmbiguous: isAmbiguous
      )
    }
  }
}

/// What must be equal for a closed finding to be the same as a current one.
private enum ReopenKey: UInt64 {
  case windowAndPath = 1
  case window = 2
  case snippet = 3
  case place = 4

  func key(_ side: MatchSide, _ row: Int) -> UInt64? {
    let place = side.rows[row]
    var key = Mixer.mix(rawValue, UInt64(UInt32(bitPattern: place.rule)))
    key = Mixer.mix(key, place.template)
    switch self {
    case .windowAndPath:
      if place.window == 0 { return nil }
      key = Mixer.mix(key, place.window)
    case .window:
      if place.window == 0 || place.tokens < MatchRun.leastTokensAcrossFiles { return nil }
      return Mixer.mix(key, place.window)
    case .snippet:
      if place.snippet == 0 { return nil }
      key = Mixer.mix(key, place.snippet)
    case .place:
      key = Mixer.mix(Mixer.mix(key, place.message), UInt64(UInt32(bitPattern: place.line)))
    }
    let path = side[row].path.text
    // About no file, what is named is the place.
    if path.isEmpty { key = Mixer.mix(key, place.symbol) }
    return Mixer.mix(key, Mixer.hash(path.utf8))
  }
}
