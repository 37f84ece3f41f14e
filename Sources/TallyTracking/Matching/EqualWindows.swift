internal import TallyModel

/// Stage 4: findings whose rule and 24 tokens on either side are equal.
extension MatchRun {
  /// The score of a link by equal windows that nothing else shares.
  static let windowScore = 800
  /// Windows of fewer tokens say too little to link across files.
  static let leastTokensAcrossFiles: Int32 = 24

  /// Links equal windows: within each pair of files, then over all files where they are unique on both sides.
  mutating func linkEqualWindows() {
    for pair in pairs {
      let oldRows = old.files[pair.old].rows.filter { isOldOpen($0) && old.rows[$0].window != 0 }
      if oldRows.isEmpty { continue }
      let newRows = new.files[pair.new].rows.filter { isNewOpen($0) && new.rows[$0].window != 0 }
      for (olds, news) in windowGroups(oldRows, newRows) where olds.count == news.count {
        for (oldRow, newRow) in zip(olds, news) {
          link(oldRow, newRow, .window, score: Self.windowScore)
        }
      }
    }
    let oldRows = (0..<old.count).filter { isUsableAnywhere(old.rows[$0]) && isOldOpen($0) }
    if oldRows.isEmpty { return }
    let newRows = (0..<new.count).filter { isUsableAnywhere(new.rows[$0]) && isNewOpen($0) }
    for (olds, news) in windowGroups(oldRows, newRows) where olds.count == 1 && news.count == 1 {
      link(olds[0], news[0], .window, score: Self.windowScore)
    }
  }

  private func isUsableAnywhere(_ row: MatchRow) -> Bool {
    row.window != 0 && row.tokens >= Self.leastTokensAcrossFiles
  }

  /// Rows of both sides with equal rule and window, in the order of the old rows; each list in the order of rows.
  private func windowGroups(_ olds: [Int], _ news: [Int]) -> [(old: [Int], new: [Int])] {
    if olds.isEmpty || news.isEmpty { return [] }
    let left = olds.map { (key: key(old.rows[$0]), row: $0) }.sorted {
      ($0.key, $0.row) < ($1.key, $1.row)
    }
    let right = news.map { (key: key(new.rows[$0]), row: $0) }.sorted {
      ($0.key, $0.row) < ($1.key, $1.row)
    }
    var result: [(old: [Int], new: [Int])] = []
    var (one, two) = (0, 0)
    while one < left.count && two < right.count {
      if left[one].key < right[two].key {
        one += 1
      } else if right[two].key < left[one].key {
        two += 1
      } else {
        let key = left[one].key
        let oldEnd = left[one...].firstIndex { $0.key != key } ?? left.count
        let newEnd = right[two...].firstIndex { $0.key != key } ?? right.count
        let group = (left[one..<oldEnd].map(\.row), right[two..<newEnd].map(\.row))
        if isReallyEqual(group.0[0], group.1[0]) { result.append(group) }
        (one, two) = (oldEnd, newEnd)
      }
    }
    return result.sorted { $0.old[0] < $1.old[0] }
  }

  private func key(_ row: MatchRow) -> UInt64 {
    Mixer.mix(row.window, UInt64(UInt32(bitPattern: row.rule)))
  }

  private func isReallyEqual(_ oldRow: Int, _ newRow: Int) -> Bool {
    let (left, right) = (old[oldRow], new[newRow])
    return old.rows[oldRow].rule == new.rows[newRow].rule && left.lexerVersion == right.lexerVersion
      && left.window?.left == right.window?.left && left.window?.right == right.window?.right
  }
}
