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
  /// Returns what became of a line of the old text.
  ///
  /// Lines are 1-based. Takes logarithmic time, as all questions to a map do.
  public func newLine(forOld line: Int) -> LineFate { HunkList(hunks).newLine(forOld: line) }

  /// Returns the old line that an unedited new line was; nil for a new line that lies in an edit.
  public func oldLine(forNew line: Int) -> Int? { HunkList(hunks).oldLine(forNew: line) }

  /// Says whether a line of the old text, from 1, was edited or removed.
  public func wasEdited(oldLine line: Int) -> Bool { hunkIndex(ofOld: line) != nil }

  /// Says whether any of some lines of the old text was edited or removed, or new ones were put between them.
  public func wasEdited(oldLines lines: ClosedRange<Int>) -> Bool {
    HunkList(hunks).touches(oldLines: lines)
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

  /// Returns the new lines of an old region; nil where its first line was edited and its first token is gone.
  ///
  /// The last line counts where it still stands after the first.
  public func newLines(of region: SourceRegion) -> ClosedRange<Int>? {
    let column = region.startColumn ?? 0
    let first: Int
    if case .mapped(let line) = newLine(forOld: region.startLine) {
      first = line
    } else if let line = anchor(oldLine: region.startLine, oldColumn: column)?.newLine {
      first = line
    } else {
      return nil
    }
    guard let endLine = region.endLine, endLine > region.startLine else { return first...first }
    switch newLine(forOld: endLine) {
    case .mapped(let last): return first...max(first, last)
    case .edited(let lines): return first...max(first, lines.upperBound)
    case .gone: return first...first
    }
  }

  /// The number of the hunk that holds an old line.
  func hunkIndex(ofOld line: Int) -> Int? { HunkList(hunks).index(ofOld: line) }

  /// The number of the hunk that holds a new line.
  func hunkIndex(ofNew line: Int) -> Int? { HunkList(hunks).index(ofNew: line) }
}
