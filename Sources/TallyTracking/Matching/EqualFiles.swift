internal import TallyModel

/// Stage 0: files that did not change.
extension MatchRun {
  /// The score of a link between findings that are equal in rule, region and message.
  static let exactScore = 1_000
  /// The score where only the message differs.
  static let samePlaceScore = 900

  /// Links findings of equal path and equal blob; where blobs are unknown, of files whose findings are all equal.
  mutating func linkEqualFiles() {
    var newIndex = 0
    for (oldIndex, oldFile) in old.files.enumerated() {
      while newIndex < new.files.count && new.files[newIndex].path < oldFile.path { newIndex += 1 }
      var candidate = newIndex
      while candidate < new.files.count && new.files[candidate].path == oldFile.path {
        linkEqualFile(oldIndex, candidate)
        candidate += 1
      }
    }
  }

  private mutating func linkEqualFile(_ oldIndex: Int, _ newIndex: Int) {
    let (oldFile, newFile) = (old.files[oldIndex], new.files[newIndex])
    let knowsBlobs = oldFile.blob != nil && newFile.blob != nil
    if knowsBlobs && oldFile.blob != newFile.blob { return }
    guard areEqual(oldFile.rows, newFile.rows, withText: !knowsBlobs) else { return }
    for (oldRow, newRow) in zip(oldFile.rows, newFile.rows)
    where newOf[oldRow] < 0 && oldOf[newRow] < 0 {
      link(oldRow, newRow, .sameBlob, score: Self.exactScore)
    }
  }

  /// Says whether two files have equal findings, row by row; with `withText` also equal windows where both have one.
  func areEqual(_ oldRows: Range<Int>, _ newRows: Range<Int>, withText: Bool) -> Bool {
    if oldRows.count != newRows.count { return false }
    for (oldRow, newRow) in zip(oldRows, newRows) {
      let (left, right) = (old.source[oldRow], new.source[newRow])
      // Fields are compared in place, as copies of whole findings are what costs here.
      if old.findings[left].finding.region != new.findings[right].finding.region { return false }
      if old.findings[left].finding.message != new.findings[right].finding.message { return false }
      if old.findings[left].finding.rule != new.findings[right].finding.rule { return false }
      if withText {
        if old.findings[left].finding.symbol != new.findings[right].finding.symbol { return false }
        if !Self.isSameText(old.findings[left], new.findings[right]) { return false }
      }
    }
    return true
  }

  private static func isSameText(_ left: TrackedFinding, _ right: TrackedFinding) -> Bool {
    if left.finding.snippet != right.finding.snippet { return false }
    guard let one = left.window, let two = right.window, left.lexerVersion == right.lexerVersion
    else { return true }
    return one == two
  }
}
