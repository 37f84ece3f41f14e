/// Finds blocks: from findings in a row that are rare enough, extended both ways while more agrees than not.
struct BlockFinder {
  let old: BlockSide
  let new: BlockSide
  /// How rare each key is, in bits.
  private let bits: [Int]
  /// Whether a key is on the old, and on the new side.
  private let isOnOld: [Bool]
  private let isOnNew: [Bool]
  private(set) var blocks: [FindingBlock] = []
  private var covered: Set<UInt64> = []

  /// So many findings in a row begin a block, the longest first.
  private static let lengths = [8, 4, 2, 1]
  /// Rows of findings that are there more often on both sides begin none.
  private static let mostSeeds = 64
  private static let mostLoneSeeds = 16
  /// How far the sum may fall below its best before a block ends there.
  private static let drop = 30

  init(old: BlockSide, new: BlockSide, keyCount: Int) {
    self.old = old
    self.new = new
    var counts = Array(repeating: 0, count: keyCount)
    for key in old.exactKeys { counts[Int(key)] += 1 }
    for key in new.exactKeys { counts[Int(key)] += 1 }
    var (isOnOld, isOnNew) = (counts.map { _ in false }, counts.map { _ in false })
    for key in old.keys { isOnOld[Int(key)] = true }
    for key in new.keys { isOnNew[Int(key)] = true }
    (self.isOnOld, self.isOnNew) = (isOnOld, isOnNew)
    // A chance hit needs an equal finding on just that line: findings are counted against lines, or each other.
    let total = max(old.count + new.count, old.lineCount + new.lineCount)
    bits = counts.map { Self.log2(max(2, total / max(1, $0))) }
  }

  /// The logarithm to base 2, rounded down.
  static func log2(_ value: Int) -> Int { Int.bitWidth - 1 - max(1, value).leadingZeroBitCount }

  /// Looks for blocks in two files.
  mutating func search(oldFile: Int32, newFile: Int32) {
    guard let olds = old.ranges[oldFile], let news = new.ranges[newFile] else { return }
    for length in Self.lengths { search(olds, news, length: length) }
  }

  /// Looks for blocks in all files.
  mutating func searchEverywhere() {
    for length in Self.lengths { search(0..<old.count, 0..<new.count, length: length) }
  }

  private mutating func search(_ olds: Range<Int>, _ news: Range<Int>, length: Int) {
    var groups: [UInt64: (olds: [Int32], news: [Int32])] = [:]
    for place in olds {
      if let gram = old.gram(at: place, length: length) {
        groups[gram, default: ([], [])].olds.append(Int32(place))
      }
    }
    for place in news {
      if let gram = new.gram(at: place, length: length), groups[gram] != nil {
        groups[gram, default: ([], [])].news.append(Int32(place))
      }
    }
    let most = length == 1 ? Self.mostLoneSeeds : Self.mostSeeds
    for place in olds {
      guard let gram = old.gram(at: place, length: length), let group = groups[gram],
        group.olds.count * group.news.count <= most
      else { continue }
      for other in group.news { extend(place, Int(other)) }
    }
  }

  private static func pair(_ old: Int, _ new: Int) -> UInt64 { UInt64(old) << 32 | UInt64(new) }

  private mutating func extend(_ oldPlace: Int, _ newPlace: Int) {
    if covered.contains(Self.pair(oldPlace, newPlace)) { return }
    guard old.keys[oldPlace] == new.keys[newPlace],
      let olds = old.ranges[old.files[oldPlace]], let news = new.ranges[new.files[newPlace]]
    else { return }
    let shift = new.lines[newPlace] - old.lines[oldPlace]
    let indent = new.columns[newPlace] - old.columns[oldPlace]
    let line = old.lines[oldPlace]
    let (oldFirst, newFirst) = (
      old.first(in: olds, atOrAfter: line), new.first(in: news, atOrAfter: line + shift)
    )
    let after = forward(oldFirst..<olds.upperBound, newFirst..<news.upperBound, shift, indent)
    let before = backward(olds.lowerBound..<oldFirst, news.lowerBound..<newFirst, shift, indent)
    let block = FindingBlock(
      oldFile: old.files[oldPlace],
      newFile: new.files[newPlace],
      shift: shift,
      indent: indent,
      lines: before.reversed() + after
    )
    covered.insert(Self.pair(oldPlace, newPlace))
    for line in block.lines {
      for hit in line.hits { covered.insert(Self.pair(hit.old, hit.new)) }
    }
    if block.score > 0 { blocks.append(block) }
  }

  private func forward(_ olds: Range<Int>, _ news: Range<Int>, _ shift: Int, _ indent: Int)
    -> [FindingBlock.Line]
  {
    var lines: [FindingBlock.Line] = []
    var (one, two) = (olds.lowerBound, news.lowerBound)
    var (sum, best, length) = (0, 0, 0)
    while one < olds.upperBound || two < news.upperBound {
      let left = one < olds.upperBound ? old.lines[one] : .max
      let right = two < news.upperBound ? new.lines[two] - shift : .max
      let line = min(left, right)
      let (oldStart, newStart) = (one, two)
      while one < olds.upperBound && old.lines[one] == line { one += 1 }
      while two < news.upperBound && new.lines[two] - shift == line { two += 1 }
      let found = compare(oldStart..<one, newStart..<two, indent)
      lines.append(found)
      sum += found.score
      if sum > best { (best, length) = (sum, lines.count) }
      if sum < best - Self.drop { break }
    }
    return Array(lines.prefix(length))
  }

  /// The lines before a seed, the nearest first.
  private func backward(_ olds: Range<Int>, _ news: Range<Int>, _ shift: Int, _ indent: Int)
    -> [FindingBlock.Line]
  {
    var lines: [FindingBlock.Line] = []
    var (one, two) = (olds.upperBound, news.upperBound)
    var (sum, best, length) = (0, 0, 0)
    while one > olds.lowerBound || two > news.lowerBound {
      let left = one > olds.lowerBound ? old.lines[one - 1] : .min
      let right = two > news.lowerBound ? new.lines[two - 1] - shift : .min
      let line = max(left, right)
      let (oldEnd, newEnd) = (one, two)
      while one > olds.lowerBound && old.lines[one - 1] == line { one -= 1 }
      while two > news.lowerBound && new.lines[two - 1] - shift == line { two -= 1 }
      let found = compare(one..<oldEnd, two..<newEnd, indent)
      lines.append(found)
      sum += found.score
      if sum > best { (best, length) = (sum, lines.count) }
      if sum < best - Self.drop { break }
    }
    return Array(lines.prefix(length))
  }

  /// Pairs equal findings of two lines, each at most once, in their order; of very long lines only the first ones.
  private func compare(
    _ olds: Range<Int>,
    _ news: Range<Int>,
    _ indent: Int
  ) -> FindingBlock.Line {
    if olds.isEmpty || news.isEmpty {
      return FindingBlock.Line(hits: [], misses: olds.count + news.count, conflicts: 0)
    }
    var hits: [FindingBlock.Hit] = []
    let (mine, others) = (olds.prefix(64), news.prefix(64))
    var (usedOld, usedNew): (UInt64, UInt64) = (0, 0)
    for (place, one) in mine.enumerated() {
      for (index, two) in others.enumerated()
      where usedNew >> UInt64(index) & 1 == 0 && new.keys[two] == old.keys[one]
        && new.columns[two] - old.columns[one] == indent
      {
        usedOld |= 1 << UInt64(place)
        usedNew |= 1 << UInt64(index)
        hits.append(FindingBlock.Hit(old: one, new: two, bits: bits[Int(old.exactKeys[one])]))
        break
      }
    }
    let misses = olds.count + news.count - 2 * hits.count
    var conflicts = 0
    if misses > 1 {
      for (place, one) in mine.enumerated()
      where usedOld >> UInt64(place) & 1 == 0 && old.stems[one] != 0 {
        for (index, two) in others.enumerated()
        where usedNew >> UInt64(index) & 1 == 0 && new.stems[two] == old.stems[one]
          && new.columns[two] - old.columns[one] == indent
          && (isOnNew[Int(old.keys[one])] || isOnOld[Int(new.keys[two])])
        {
          conflicts += 1
          break
        }
      }
    }
    return FindingBlock.Line(hits: hits, misses: misses, conflicts: conflicts)
  }
}
