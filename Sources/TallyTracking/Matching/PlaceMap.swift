internal import TallyModel

/// Where the lines and tokens of one text are in another, as the matcher asks for it.
enum PlaceMap {
  /// The texts are equal.
  case identity
  /// The texts differ as the map says.
  case map(FileMap)

  /// Where the place of an old finding went.
  enum Place: Equatable {
    /// To this line and column; the line itself is the same. Column 0 where none was reported.
    case unchanged(line: Int, column: Int)
    /// To this line and column; the line around it was edited or stands elsewhere. The column counts Unicode scalars.
    case token(line: Int, column: Int, isMoved: Bool)
    /// Somewhere in an edit; the number of the hunk.
    case hunk(Int)
  }

  /// Where an old place is now.
  func place(line: Int, column: Int) -> Place {
    guard case .map(let map) = self else { return .unchanged(line: line, column: column) }
    let anchor = map.anchor(oldLine: line, oldColumn: column)
    switch map.newLine(forOld: line) {
    case .mapped(let newLine):
      // An anchor on an unedited line tells the column after a change of its indentation.
      if let anchor, anchor.newLine == newLine, anchor.newColumn > 0 {
        return .unchanged(line: newLine, column: anchor.newColumn)
      }
      return .unchanged(line: newLine, column: column)
    case .edited, .gone:
      if let anchor, let newLine = anchor.newLine {
        let isMoved = map.hunkIndex(ofOld: line) != map.hunkIndex(ofNew: newLine)
        return .token(line: newLine, column: anchor.newColumn, isMoved: isMoved)
      }
      return .hunk(map.hunkIndex(ofOld: line) ?? 0)
    }
  }

  /// The old line of a new one that was not edited; nil for a line in a hunk.
  func oldLine(forNew line: Int) -> Int? {
    switch self {
    case .identity: line
    case .map(let map): map.oldLine(forNew: line)
    }
  }

  /// The number of the hunk that a new line lies in.
  func hunk(ofNew line: Int) -> Int? {
    switch self {
    case .identity: nil
    case .map(let map): map.hunkIndex(ofNew: line)
    }
  }

  /// The number of the hunk that an old line lies in.
  func hunk(ofOld line: Int) -> Int? {
    switch self {
    case .identity: nil
    case .map(let map): map.hunkIndex(ofOld: line)
    }
  }
}
