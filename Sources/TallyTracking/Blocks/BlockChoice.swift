/// Chooses blocks so that they are worth the most together: the best first, then exchanging what that got wrong.
struct BlockChoice {
  /// The new place of each old one, or -1.
  private(set) var newOf: [Int32]
  private var oldOf: [Int32]
  /// What the link of each old place is worth.
  private var bitsOf: [Int]
  /// What each place's block is worth.
  private(set) var scoreOf: [Int]
  private let old: BlockSide
  private let new: BlockSide

  /// By so much an exchange must be better.
  private static let leastGain = 4
  private static let rounds = 3

  init(old: BlockSide, new: BlockSide) {
    self.old = old
    self.new = new
    newOf = Array(repeating: -1, count: old.count)
    oldOf = Array(repeating: -1, count: new.count)
    bitsOf = Array(repeating: 0, count: old.count)
    scoreOf = Array(repeating: 0, count: old.count)
  }

  /// Chooses among blocks; `worth` ranks them, `least` is what a block must reach.
  mutating func choose(
    _ blocks: [FindingBlock],
    worth: (FindingBlock) -> Int,
    least: (FindingBlock) -> Int
  ) {
    var queue = BlockQueue()
    for block in blocks { queue.add(block, worth: worth(block)) }
    while let block = queue.next() {
      if let rest = block.trimmed(isTaken: { newOf[$0.old] >= 0 || oldOf[$0.new] >= 0 }) {
        if rest.score > 0 { queue.add(rest, worth: worth(rest)) }
        continue
      }
      if block.score < least(block) + (isCrossing(block) ? crossing(block) : 0) { continue }
      take(block)
    }
    let ranked = blocks.indices.filter { blocks[$0].score >= least(blocks[$0]) }
      .map { BlockQueue.Rank(blocks[$0], worth: worth(blocks[$0]), number: $0) }
      .sorted(by: BlockQueue.Rank.precedes)
    for _ in 0..<Self.rounds {
      var hasChanged = false
      for rank in ranked {
        guard let part = bestExchange(blocks[rank.block]) else { continue }
        take(part)
        hasChanged = true
      }
      if !hasChanged { break }
    }
  }

  /// What a block that crosses its neighbours needs beyond: in a small file less, as there is less to confuse.
  private func crossing(_ block: FindingBlock) -> Int {
    min(10, BlockFinder.log2(old.ranges[block.oldFile]?.count ?? 0))
  }

  private func isCrossing(_ block: FindingBlock) -> Bool {
    guard let first = block.lines.first?.hits.first, let last = block.lines.last?.hits.last
    else { return false }
    var before = first.old - 1
    while before >= 0 && first.old - before <= 8 && old.files[before] == block.oldFile {
      if newOf[before] >= 0 && new.files[Int(newOf[before])] == block.newFile {
        if Int(newOf[before]) > first.new { return true }
        break
      }
      before -= 1
    }
    var after = last.old + 1
    while after < old.count && after - last.old <= 8 && old.files[after] == block.oldFile {
      if newOf[after] >= 0 && new.files[Int(newOf[after])] == block.newFile {
        return Int(newOf[after]) < last.new
      }
      after += 1
    }
    return false
  }

  private mutating func take(_ block: FindingBlock) {
    for line in block.lines {
      for hit in line.hits {
        if newOf[hit.old] >= 0 { oldOf[Int(newOf[hit.old])] = -1 }
        if oldOf[hit.new] >= 0 { newOf[Int(oldOf[hit.new])] = -1 }
        newOf[hit.old] = Int32(hit.new)
        oldOf[hit.new] = Int32(hit.old)
        bitsOf[hit.old] = hit.bits
        scoreOf[hit.old] = block.score
      }
    }
  }

  /// The part of a block whose links are worth more than those they would displace.
  private func bestExchange(_ block: FindingBlock) -> FindingBlock? {
    var best = (gain: 0, range: 0..<0)
    var (gain, start) = (0, 0)
    for (index, line) in block.lines.enumerated() {
      if gain <= 0 { (gain, start) = (0, index) }
      gain += exchange(line)
      if gain > best.gain { best = (gain, start..<index + 1) }
    }
    if best.gain < Self.leastGain { return nil }
    return block.part(best.range)
  }

  private func exchange(_ line: FindingBlock.Line) -> Int {
    var gain = line.hits.isEmpty ? min(0, line.score) : -16 * line.conflicts
    for hit in line.hits where Int(newOf[hit.old]) != hit.new { gain += exchange(hit) }
    return gain
  }

  /// What a link is worth beyond those it would displace.
  ///
  /// Two links that could change partners lose nothing by it: then those win that have like neighbours.
  private func exchange(_ hit: FindingBlock.Hit) -> Int {
    var gain = hit.bits
    let (ownNew, ownOld) = (Int(newOf[hit.old]), Int(oldOf[hit.new]))
    if ownNew >= 0 { gain -= bitsOf[hit.old] }
    if ownOld >= 0 { gain -= bitsOf[ownOld] }
    if ownNew >= 0, ownOld >= 0, old.keys[ownOld] == new.keys[ownNew] {
      let after = neighbours(hit.old, hit.new) + neighbours(ownOld, ownNew)
      let before = neighbours(hit.old, ownNew) + neighbours(ownOld, hit.new)
      if after > before { gain += bitsOf[ownOld] + Self.likeNeighbour * (after - before) }
    }
    return gain
  }

  /// What a neighbour at the same distance says for a link.
  private static let likeNeighbour = 4

  /// How many of the findings before and after have a link at the same distance: 0 to 2.
  private func neighbours(_ oldPlace: Int, _ newPlace: Int) -> Int {
    let shift = new.lines[newPlace] - old.lines[oldPlace]
    return [oldPlace - 1, oldPlace + 1].count { other in
      guard old.rows.indices.contains(other), old.files[other] == old.files[oldPlace] else {
        return false
      }
      let partner = Int(newOf[other])
      return partner >= 0 && new.files[partner] == new.files[newPlace]
        && new.lines[partner] - old.lines[other] == shift
    }
  }
}

/// Blocks by what they are worth, then by the least distance, then by place.
struct BlockQueue {
  /// What the order depends on, and which block it is.
  struct Rank {
    let worth: Int
    let distance: Int
    let indent: Int
    let old: Int
    let new: Int
    let block: Int

    init(_ block: FindingBlock, worth: Int, number: Int) {
      let hit = block.firstHit
      self.worth = worth
      distance = abs(block.shift)
      indent = abs(block.indent)
      old = hit?.old ?? -1
      new = hit?.new ?? -1
      self.block = number
    }

    static func precedes(_ left: Rank, _ right: Rank) -> Bool {
      if left.worth != right.worth { return left.worth > right.worth }
      if left.distance != right.distance { return left.distance < right.distance }
      if left.indent != right.indent { return left.indent < right.indent }
      return (left.old, left.new) < (right.old, right.new)
    }
  }

  private var blocks: [FindingBlock] = []
  private var heap: [Rank] = []

  mutating func add(_ block: FindingBlock, worth: Int) {
    heap.append(Rank(block, worth: worth, number: blocks.count))
    blocks.append(block)
    var index = heap.count - 1
    while index > 0 {
      let parent = (index - 1) / 2
      if !Rank.precedes(heap[index], heap[parent]) { break }
      heap.swapAt(index, parent)
      index = parent
    }
  }

  mutating func next() -> FindingBlock? {
    guard let top = heap.first, let last = heap.popLast() else { return nil }
    if heap.isEmpty { return blocks[top.block] }
    heap[0] = last
    var index = 0
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2]
      where child < heap.count && Rank.precedes(heap[child], heap[least]) {
        least = child
      }
      if least == index { break }
      heap.swapAt(index, least)
      index = least
    }
    return blocks[top.block]
  }
}
