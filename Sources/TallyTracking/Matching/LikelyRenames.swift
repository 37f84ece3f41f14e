internal import TallyModel

/// Stage 1 without git: files that went and files that came, by what was reported of them.
extension MatchRun {
  /// Pairs files whose findings are mostly the same, best first, where nothing else says what became of a file.
  ///
  /// Looks only at files with a path that the other side lacks, on at least one of the two sides. Takes time in proportion to
  /// the findings: a key that many files share says nothing.
  mutating func pairLikelyRenames() {
    let known = Set(pairs.filter { !$0.isSamePath }.flatMap { [$0.old * 2, $0.new * 2 + 1] })
    let gone = lonelyFiles(old, other: new).filter { !known.contains($0 * 2) }
    let came = lonelyFiles(new, other: old).filter { !known.contains($0 * 2 + 1) }
    if gone.isEmpty && came.isEmpty { return }
    var votes: [Int: Int] = [:]
    count(gone, Array(new.files.indices), into: &votes)
    count(Array(old.files.indices), came, into: &votes)
    let ranked = votes.compactMap { key, count -> (key: Int, count: Int, share: Int)? in
      let (oldIndex, newIndex) = (key >> 32, key & 0xFFFF_FFFF)
      let smaller = min(openCount(oldIndex, newOf, old), openCount(newIndex, oldOf, new))
      if smaller == 0 || count * 2 < smaller { return nil }
      if count < 3 && old.files[oldIndex].path.name != new.files[newIndex].path.name { return nil }
      return (key, count, 100 * count / smaller)
    }
    var seen = Set(pairs.map { $0.old << 32 | $0.new })
    for candidate in ranked.sorted(by: {
      ($1.count, $1.share, $0.key) < ($0.count, $0.share, $1.key)
    }) {
      addPair(candidate.key >> 32, candidate.key & 0xFFFF_FFFF, isCertain: false, seen: &seen)
    }
  }

  private func openCount(_ file: Int, _ partners: [Int32], _ side: MatchSide) -> Int {
    side.files[file].rows.count { partners[$0] < 0 }
  }

  private func lonelyFiles(_ side: MatchSide, other: MatchSide) -> [Int] {
    side.files.indices.filter { files(other, at: side.files[$0].path).isEmpty }
  }

  /// Counts findings that are alike but for their lines, for each pair of files under different paths.
  private func count(_ olds: [Int], _ news: [Int], into votes: inout [Int: Int]) {
    var byKey: [UInt64: [Int: Int]] = [:]
    for index in news {
      for row in new.files[index].rows where isNewOpen(row) {
        byKey[likeness(new.rows[row]), default: [:]][index, default: 0] += 1
      }
    }
    for index in olds {
      var mine: [UInt64: Int] = [:]
      for row in old.files[index].rows where isOldOpen(row) {
        mine[likeness(old.rows[row]), default: 0] += 1
      }
      var sums: [Int: Int] = [:]
      for (key, count) in mine {
        guard let others = byKey[key], others.count <= 32 else { continue }
        for (other, theirs) in others { sums[other, default: 0] += min(count, theirs) }
      }
      for (other, sum) in sums where old.files[index].path != new.files[other].path {
        votes[index << 32 | other] = max(votes[index << 32 | other] ?? 0, sum)
      }
    }
  }

  private func likeness(_ row: MatchRow) -> UInt64 {
    var key = Mixer.mix(row.message, UInt64(UInt32(bitPattern: row.rule)))
    key = Mixer.mix(key, UInt64(UInt32(bitPattern: row.column)))
    return Mixer.mix(key, row.snippet)
  }
}
