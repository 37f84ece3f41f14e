public import TallyModel

/// What became of a line of the old text.
public enum LineFate: Sendable, Hashable {
  /// It is the given line of the new text, from 1, white space aside.
  case mapped(Int)
  /// It lies in an edit whose new lines are these, from 1; which of them it became is not known.
  case edited(ClosedRange<Int>)
  /// It was removed, and nothing stands in its place.
  case gone
}

extension FileMap {
  /// Says what became of a line of the old text, from 1. Takes logarithmic time.
  public func newLine(forOld line: Int) -> LineFate {
    let next = firstHunk { $0.oldEnd >= line }
    if next < hunks.count && hunks[next].oldCount > 0 && hunks[next].oldStart <= line {
      let hunk = hunks[next]
      if hunk.newCount == 0 { return .gone }
      return .edited(hunk.newStart...hunk.newStart + hunk.newCount - 1)
    }
    if next == 0 { return .mapped(line) }
    let before = hunks[next - 1]
    return .mapped(line + before.newEnd - before.oldEnd)
  }

  /// Returns the old line that an unedited new line was; nil for a new line that lies in an edit. Both from 1.
  public func oldLine(forNew line: Int) -> Int? {
    let next = firstHunk { $0.newEnd >= line }
    if next < hunks.count && hunks[next].newCount > 0 && hunks[next].newStart <= line { return nil }
    if next == 0 { return line }
    let before = hunks[next - 1]
    return line + before.oldEnd - before.newEnd
  }

  /// Says whether a line of the old text, from 1, was edited or removed.
  public func wasEdited(oldLine line: Int) -> Bool {
    if case .mapped = newLine(forOld: line) { false } else { true }
  }

  /// Says whether any of some lines of the old text was edited or removed, or new ones were put between them.
  public func wasEdited(oldLines lines: ClosedRange<Int>) -> Bool {
    let next = firstHunk { $0.oldEnd >= lines.lowerBound }
    if next == hunks.count { return false }
    let hunk = hunks[next]
    // New lines after the last line are not between.
    return hunk.oldCount > 0 ? hunk.oldStart <= lines.upperBound : hunk.oldStart < lines.upperBound
  }

  /// Returns the anchor of an old place, if one was taken; column 0 for none.
  public func anchor(oldLine line: Int, oldColumn column: Int) -> TokenAnchor? {
    var low = 0
    var high = anchors.count
    while low < high {
      let middle = (low + high) / 2
      let anchor = anchors[middle]
      if (anchor.oldLine, anchor.oldColumn) < (line, column) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard low < anchors.count, anchors[low].oldLine == line, anchors[low].oldColumn == column
    else { return nil }
    return anchors[low]
  }

  /// The number of the hunk that holds an old line.
  func hunkIndex(ofOld line: Int) -> Int? {
    let next = firstHunk { $0.oldEnd >= line }
    guard next < hunks.count, hunks[next].oldCount > 0, hunks[next].oldStart <= line
    else { return nil }
    return next
  }

  /// The number of the hunk that holds a new line.
  func hunkIndex(ofNew line: Int) -> Int? {
    let next = firstHunk { $0.newEnd >= line }
    guard next < hunks.count, hunks[next].newCount > 0, hunks[next].newStart <= line
    else { return nil }
    return next
  }

  private func firstHunk(where isReached: (LineHunk) -> Bool) -> Int {
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
