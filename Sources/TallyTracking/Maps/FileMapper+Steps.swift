public import TallyModel

extension FileMapper {
  /// Returns the map from the first of several contents to the last, composed of the maps from each to the next.
  ///
  /// What happened in small steps is told apart better than by comparing the ends: a line that was replaced by a like one is not
  /// that line, and what moved twice can be followed. Nil when one of the contents cannot be looked at.
  ///
  /// - Parameters:
  ///   - texts: The contents in their order, at least two.
  ///   - oldBlob: Names the first.
  ///   - newBlob: Names the last.
  ///   - positions: Regions of old findings, in any order, with or without repetitions.
  ///   - columnUnit: What their columns count.
  /// - Returns: Hunks between the first and the last content, and anchors for the positions.
  public static func map(
    through texts: [[UInt8]],
    oldBlob: BlobID,
    newBlob: BlobID,
    positions: [SourceRegion],
    columnUnit: ColumnUnit
  ) -> FileMap? {
    guard let first = texts.first, let last = texts.last,
      let oldCount = first.withUnsafeBytes({ LineTable($0)?.diffCount }),
      let newCount = last.withUnsafeBytes({ LineTable($0)?.diffCount })
    else { return nil }
    var followed = FollowedPlaces(lineCount: oldCount, positions: positions)
    for (before, after) in zip(texts, texts.dropFirst()) {
      let step = map(
        old: before,
        new: after,
        oldBlob: oldBlob,
        newBlob: newBlob,
        positions: followed.regions,
        columnUnit: columnUnit
      )
      guard let step else { return nil }
      followed.follow(step)
    }
    let hunks = hunks(followed.partners, newCount: newCount)
    return last.withUnsafeBytes { new in
      finished(
        FileMap(
          old: oldBlob,
          new: newBlob,
          lexerVersion: Lexer.version,
          hunks: hunks,
          anchors: followed.anchors,
          suppressions: []
        ),
        new: new
      )
    }
  }
}

/// Lines and places of a text on their way through its later versions.
private struct FollowedPlaces {
  private struct Place: Hashable, Comparable {
    let line: Int
    let column: Int

    static func < (lhs: Place, rhs: Place) -> Bool {
      (lhs.line, lhs.column) < (rhs.line, rhs.column)
    }
  }

  /// For each old line, from 0, where it is now; -1 where it was edited.
  private(set) var partners: [Int32]
  /// Old places in their order, each with where it is now; nil where its token went.
  private var places: [(old: Place, new: Place?)]

  init(lineCount: Int, positions: [SourceRegion]) {
    partners = (0..<lineCount).map { Int32($0) }
    let known = Set(positions.map { Place(line: $0.startLine, column: $0.startColumn ?? 0) })
    places = known.sorted().filter { $0.line <= lineCount }.map { ($0, $0) }
  }

  /// Where the places are now.
  var regions: [SourceRegion] {
    places.compactMap { place in
      guard let new = place.new else { return nil }
      return try? SourceRegion(
        startLine: new.line,
        startColumn: new.column == 0 ? nil : new.column
      )
    }
  }

  mutating func follow(_ step: FileMap) {
    let map = PlaceMap.map(step)
    for (index, place) in places.enumerated() {
      guard let now = place.new else { continue }
      switch map.place(line: now.line, column: now.column) {
      case .unchanged(let line, let column), .token(let line, let column, _):
        places[index].new = Place(line: line, column: now.column == 0 ? 0 : column)
      case .hunk: places[index].new = nil
      }
    }
    let hunks = HunkList(step.hunks)
    for (index, line) in partners.enumerated() where line >= 0 {
      if case .mapped(let new) = hunks.newLine(forOld: Int(line) + 1) {
        partners[index] = Int32(new - 1)
      } else {
        partners[index] = -1
      }
    }
  }

  /// Anchors for what lies on edited lines, or in another column of an unedited one.
  var anchors: [TokenAnchor] {
    places.compactMap { place in
      let partner = partners[place.old.line - 1]
      if partner >= 0, let new = place.new, new.line == Int(partner) + 1,
        new.column == place.old.column
      {
        return nil
      }
      return TokenAnchor(
        oldLine: place.old.line,
        oldColumn: place.old.column,
        newLine: place.new?.line,
        newColumn: place.new?.column ?? 0
      )
    }
  }
}
