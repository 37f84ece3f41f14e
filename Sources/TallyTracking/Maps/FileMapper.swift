public import TallyModel

/// Tells how the text of a file became another: hunks, where the tokens under old findings went, and new suppression comments.
///
/// Lines are compared without white space. Lines end with `\n`, `\r\n` or `\r`; hunks are those of `git diff -U0` over such lines.
public enum FileMapper {
  /// Returns the map from one content to another; nil when either holds a NUL byte or a line of more than 1 MiB.
  ///
  /// Takes time in proportion to the texts; what two texts have in common is not looked for without end in texts that share
  /// little.
  ///
  /// - Parameters:
  ///   - old: The text before.
  ///   - new: The text after.
  ///   - oldBlob: Names the text before.
  ///   - newBlob: Names the text after.
  ///   - positions: Regions of old findings, in any order, with or without repetitions.
  ///   - columnUnit: What their columns count.
  /// - Returns: Hunks, and anchors for positions whose line was edited or indented anew.
  public static func map(
    old: UnsafeRawBufferPointer,
    new: UnsafeRawBufferPointer,
    oldBlob: BlobID,
    newBlob: BlobID,
    positions: [SourceRegion],
    columnUnit: ColumnUnit
  ) -> FileMap? {
    guard let oldLines = LineTable(old), let newLines = LineTable(new) else { return nil }
    let (oldKeys, newKeys) = (keys(old, oldLines), keys(new, newLines))
    var partners = LineSlide.slid(
      SequenceDiff.partners(oldKeys, newKeys),
      LineSlide.Side(keys: oldKeys) { indent(old, oldLines, $0) },
      LineSlide.Side(keys: newKeys) { indent(new, newLines, $0) }
    )
    let moved = MovedLines(
      oldKeys: oldKeys,
      newKeys: newKeys,
      partners: partners
    ) { weight(old, oldLines, $0) }.find()
    moved.release(&partners)
    let hunks = hunks(partners, newCount: newKeys.count)
    var anchoring = TokenAnchoring(
      old: old,
      oldLines: oldLines,
      new: new,
      newLines: newLines,
      hunks: hunks,
      moved: moved
    )
    let anchors = anchoring.anchors(positions, columnUnit: columnUnit)
    let plain = FileMap(
      old: oldBlob,
      new: newBlob,
      lexerVersion: Lexer.version,
      hunks: hunks,
      anchors: anchors,
      suppressions: []
    )
    return finished(plain, new: new)
  }

  /// The map with the comments of the new text: all of them, so that it does not depend on which findings were followed.
  static func finished(_ plain: FileMap, new: UnsafeRawBufferPointer) -> FileMap? {
    guard let newLines = LineTable(new) else { return nil }
    return FileMap(
      old: plain.old,
      new: plain.new,
      lexerVersion: plain.lexerVersion,
      hunks: plain.hunks,
      anchors: plain.anchors,
      suppressions: SuppressionScanner.comments(new, lines: newLines)
    )
  }

  /// Returns the map from one content to another; nil when either holds a NUL byte or a line of more than 1 MiB.
  ///
  /// - Parameters:
  ///   - old: The text before.
  ///   - new: The text after.
  ///   - oldBlob: Names the text before.
  ///   - newBlob: Names the text after.
  ///   - positions: Regions of old findings, in any order, with or without repetitions.
  ///   - columnUnit: What their columns count.
  /// - Returns: Hunks, and anchors for positions whose line was edited or indented anew.
  public static func map(
    old: [UInt8],
    new: [UInt8],
    oldBlob: BlobID,
    newBlob: BlobID,
    positions: [SourceRegion],
    columnUnit: ColumnUnit
  ) -> FileMap? {
    old.withUnsafeBytes { old in
      new.withUnsafeBytes { new in
        map(
          old: old,
          new: new,
          oldBlob: oldBlob,
          newBlob: newBlob,
          positions: positions,
          columnUnit: columnUnit
        )
      }
    }
  }

  /// Runs of lines that differ; 1-based, ascending, never touching each other.
  static func hunks(_ partners: [Int32], newCount: Int) -> [LineHunk] {
    var hunks: [LineHunk] = []
    var (oldStart, newStart) = (0, 0)
    for index in 0...partners.count {
      let isEnd = index == partners.count
      if !isEnd && partners[index] < 0 { continue }
      let newEnd = isEnd ? newCount : Int(partners[index])
      if index > oldStart || newEnd > newStart {
        let (olds, news) = (index - oldStart, newEnd - newStart)
        hunks.append(
          LineHunk(
            oldStart: olds == 0 ? oldStart : oldStart + 1,
            oldCount: olds,
            newStart: news == 0 ? newStart : newStart + 1,
            newCount: news
          )
        )
      }
      (oldStart, newStart) = (index + 1, newEnd + 1)
    }
    return hunks
  }

  /// How many bytes of white space a line begins with; nil for one that has nothing else.
  private static func indent(
    _ text: UnsafeRawBufferPointer,
    _ lines: LineTable,
    _ line: Int
  ) -> Int? {
    let bytes = text[lines.starts[line]..<lines.ends[line]]
    return bytes.firstIndex { !ByteClass.isSpace($0) }.map { $0 - lines.starts[line] }
  }

  /// How many tokens a line has.
  private static func weight(
    _ text: UnsafeRawBufferPointer,
    _ lines: LineTable,
    _ line: Int
  ) -> Int {
    var tokens: [Token] = []
    Lexer.scan(text, from: lines.starts[line], to: lines.ends[line], into: &tokens)
    return tokens.count
  }

  /// A hash of 64 bits of each line without white space.
  private static func keys(_ text: UnsafeRawBufferPointer, _ lines: LineTable) -> [UInt64] {
    (0..<lines.diffCount).map { line in
      var state: UInt64 = 0xCBF2_9CE4_8422_2325
      for offset in lines.starts[line]..<lines.ends[line] {
        let byte = text[offset]
        if !ByteClass.isSpace(byte) { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
      }
      return state
    }
  }
}
