import TallyLedger
import TallyModel

/// The rows in which violations were seen last, up to the time of a command; each list, tree and sheet is read once.
final class SightedRows {
  private struct Place: Hashable {
    let lane: LaneKey
    let path: RepoPath
  }

  private let view: BooksView
  private let reader: LedgerReader
  /// The position to look at, for lanes that have later ones.
  private var earlier: [LaneKey: Int] = [:]
  private var lists: [Place: [ViolationID: Finding]] = [:]
  private var trees: [EntryID: Tree] = [:]
  private var sheets: [SheetID: Sheet] = [:]

  init(_ view: BooksView) throws {
    self.view = view
    reader = view.reader
    // Books that were made for this command end at the size it asked for.
    if view.knownAt != nil { return }
    for lane in view.lanes {
      guard let last = lane.last, let head = try reader.books(of: lane.lane).head(),
        head.index > last.index
      else { continue }
      earlier[lane.lane] = last.index
    }
  }

  /// The finding that a violation was last seen as in a file; nil where that is not known, as after a move.
  func finding(of violation: Violation, in path: RepoPath) throws -> Finding? {
    if let position = earlier[violation.lane],
      let found = try list(of: violation, in: path, atOrBefore: position)[violation.id]
    {
      return found
    }
    return violation.last.path == path ? try finding(at: violation.last) : nil
  }

  private func list(
    of violation: Violation,
    in path: RepoPath,
    atOrBefore position: Int
  ) throws -> [ViolationID: Finding] {
    let place = Place(lane: violation.lane, path: path)
    if let known = lists[place] { return known }
    var result: [ViolationID: Finding] = [:]
    let ids = try reader.violations(in: path, of: place.lane, atOrBefore: position)
    if let first = ids.first,
      let sighting = try reader.sighting(of: first, atOrBefore: position), sighting.path == path
    {
      for (ordinal, id) in ids.enumerated() {
        result[id] = try finding(
          at: Sighting(scan: sighting.scan, path: path, ordinal: ordinal)
        )
      }
    }
    lists[place] = result
    return result
  }

  private func finding(at sighting: Sighting) throws -> Finding? {
    let tree = try trees[sighting.scan] ?? reader.tree(of: sighting.scan)
    trees[sighting.scan] = tree
    guard let id = tree.line(of: sighting.path)?.sheet else { return nil }
    let sheet = try sheets[id] ?? reader.sheet(id)
    sheets[id] = sheet
    return sheet.findings.indices.contains(sighting.ordinal)
      ? sheet.findings[sighting.ordinal] : nil
  }
}
