internal import TallyModel

/// Sorted hunks, asked by line.
///
/// All lines are 1-based; every answer takes logarithmic time.
struct HunkList {
  let hunks: [LineHunk]

  init(_ hunks: [LineHunk]) { self.hunks = hunks }

  /// What became of an old line.
  func newLine(forOld line: Int) -> LineFate {
    let next = first { $0.oldEnd >= line }
    if next < hunks.count && hunks[next].oldCount > 0 && hunks[next].oldStart <= line {
      let hunk = hunks[next]
      if hunk.newCount == 0 { return .gone }
      return .edited(hunk.newStart...hunk.newStart + hunk.newCount - 1)
    }
    if next == 0 { return .mapped(line) }
    let before = hunks[next - 1]
    return .mapped(line + before.newEnd - before.oldEnd)
  }

  /// The old line of a new one that lies in no hunk.
  func oldLine(forNew line: Int) -> Int? {
    let next = first { $0.newEnd >= line }
    if next < hunks.count && hunks[next].newCount > 0 && hunks[next].newStart <= line { return nil }
    if next == 0 { return line }
    let before = hunks[next - 1]
    return line + before.oldEnd - before.newEnd
  }

  /// Whether old lines were edited, or new ones were put between them.
  func touches(oldLines lines: ClosedRange<Int>) -> Bool {
    let next = first { $0.oldEnd >= lines.lowerBound }
    if next == hunks.count { return false }
    let hunk = hunks[next]
    // New lines after the last line are not between.
    return hunk.oldCount > 0 ? hunk.oldStart <= lines.upperBound : hunk.oldStart < lines.upperBound
  }

  /// The number of the hunk that holds an old line.
  func index(ofOld line: Int) -> Int? {
    let next = first { $0.oldEnd >= line }
    guard next < hunks.count, hunks[next].oldCount > 0, hunks[next].oldStart <= line
    else { return nil }
    return next
  }

  /// The number of the hunk that holds a new line.
  func index(ofNew line: Int) -> Int? {
    let next = first { $0.newEnd >= line }
    guard next < hunks.count, hunks[next].newCount > 0, hunks[next].newStart <= line
    else { return nil }
    return next
  }

  private func first(where isReached: (LineHunk) -> Bool) -> Int {
    var low = 0
    var high = hunks.count
    while low < high {
      let middle = (low + high) / 2
      if isReached(hunks[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension LineHunk {
  /// The last old line of the hunk; for none the line after which the new ones stand.
  var oldEnd: Int { oldCount == 0 ? oldStart : oldStart + oldCount - 1 }
  /// The last new line of the hunk; for none the line after which the old ones stood.
  var newEnd: Int { newCount == 0 ? newStart : newStart + newCount - 1 }
}
