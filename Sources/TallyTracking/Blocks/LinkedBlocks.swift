internal import TallyModel

/// What is done where no text was at hand, first: what moved as a whole shows in the findings themselves.
extension MatchRun {
  /// What a block must be worth beyond the logarithm of how many findings there are to confuse; bits.
  private static let leastInFile = (base: 5, most: 16)
  private static let leastAcrossFiles = (base: 12, most: 28)
  /// What being in one file, or in a file of one name, is worth.
  private static let samePath = 8
  private static let sameName = 4

  /// Links blocks of equal findings at one distance of lines, the best first.
  ///
  /// What is left is looked at once more: among few, less is needed to tell.
  mutating func linkBlocks() {
    if linkBlocks(leastHits: 1) { _ = linkBlocks(leastHits: 2) }
  }

  /// Says whether anything was linked.
  private mutating func linkBlocks(leastHits: Int) -> Bool {
    var names: [UInt64: Int32] = [:]
    let olds = BlockSide(old, names: &names) { isOldOpen($0) }
    let news = BlockSide(new, names: &names) { isNewOpen($0) }
    if olds.count == 0 || news.count == 0 { return false }
    var finder = BlockFinder(old: olds, new: news, keyCount: names.count)
    var connected: Set<Int> = []
    for pair in pairs where pair.map == nil {
      connected.insert(pair.old << 32 | pair.new)
      finder.search(oldFile: Int32(pair.old), newFile: Int32(pair.new))
    }
    finder.searchEverywhere()
    var choice = BlockChoice(old: olds, new: news)
    let blocks = finder.blocks.filter { $0.hitCount >= leastHits && !isLone($0, olds) }
    choice.choose(blocks) {
      worth($0)
    } least: { block in
      let isConnected = connected.contains(Int(block.oldFile) << 32 | Int(block.newFile))
      let least = isConnected ? Self.leastInFile : Self.leastAcrossFiles
      let findings =
        isConnected
        ? max(olds.ranges[block.oldFile]?.count ?? 0, news.ranges[block.newFile]?.count ?? 0)
        : max(olds.count, news.count)
      return min(least.most, least.base + BlockFinder.log2(findings))
    }
    var hasLinked = false
    for place in 0..<olds.count where choice.newOf[place] >= 0 {
      let score = min(600, max(1, choice.scoreOf[place]))
      link(olds.rows[place], news.rows[Int(choice.newOf[place])], .movedBlock, score: score)
      hasLinked = true
    }
    return hasLinked
  }

  /// A single finding that names nothing is another one far away.
  private func isLone(_ block: FindingBlock, _ olds: BlockSide) -> Bool {
    guard block.hitCount == 1, let hit = block.firstHit, abs(block.shift) > 100 else {
      return false
    }
    return olds.stems[hit.old] == 0 && old.rows[olds.rows[hit.old]].snippet == 0
  }

  private func worth(_ block: FindingBlock) -> Int {
    let (one, two) = (old.files[Int(block.oldFile)].path, new.files[Int(block.newFile)].path)
    if one == two { return block.score + Self.samePath }
    return block.score + (one.name == two.name ? Self.sameName : 0)
  }
}
