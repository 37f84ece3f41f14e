import TallyBooks
import TallyLedger
import TallyModel

/// One violation as the gate sees it: before or after the change, or both.
struct GateFinding: Sendable {
  /// Where it stands.
  enum State: Sendable, Hashable {
    /// It came with the change.
    case new
    /// It was there before, and is.
    case unchanged
    /// It went with the change.
    case absent
    /// The change silences it, or brought it in silenced.
    case silenced
  }

  let id: ViolationID
  /// As it is typed, such as `T-7K3QF2`.
  let shortID: String
  let lane: LaneKey
  let state: State
  /// Why it came or went; nil for what did neither.
  let kind: PostingKind?
  let basis: Basis?
  let rule: String
  let level: Level
  let path: RepoPath
  let region: SourceRegion?
  /// What the tool said; nil when it was redacted.
  let message: String?
  /// True when a waiver holds now.
  let isWaived: Bool

  /// By path, line, rule, id.
  static func precedes(_ left: GateFinding, _ right: GateFinding) -> Bool {
    let (leftLine, rightLine) = (left.region?.startLine ?? 0, right.region?.startLine ?? 0)
    return (left.path, leftLine, left.rule, left.id)
      < (right.path, rightLine, right.rule, right.id)
  }
}

/// Reads the rows of findings; each tree and sheet once.
final class RowReader {
  private let reader: LedgerReader
  private var trees: [EntryID: Tree] = [:]
  private var sheets: [SheetID: Sheet] = [:]

  init(_ reader: LedgerReader) { self.reader = reader }

  /// The row that a sighting names; nil when the scan has no such row.
  func finding(at sighting: Sighting) throws -> Finding? {
    let tree = try trees[sighting.scan] ?? reader.tree(of: sighting.scan)
    trees[sighting.scan] = tree
    guard let id = tree.line(of: sighting.path)?.sheet else { return nil }
    let sheet = try sheets[id] ?? reader.sheet(id)
    sheets[id] = sheet
    return sheet.findings.indices.contains(sighting.ordinal)
      ? sheet.findings[sighting.ordinal] : nil
  }
}

extension LaneDifference {
  /// Every violation that is open before or after, or silenced by the change.
  func findings(_ view: BooksView, lane: LaneKey, rows: RowReader) throws -> [GateFinding] {
    var last: [ViolationID: Posting] = [:]
    for posting in postings { last[posting.violation] = posting }
    var result: [GateFinding] = []
    for (id, violation) in after {
      let was = before[id]?.state
      let posting = last[id]
      let state: GateFinding.State
      switch (was, violation.state) {
      case (.open, .open): state = .unchanged
      case (_, .open): state = .new
      case (.open, .closed): state = .absent
      case (.suppressed, .suppressed), (.suppressed, .closed), (_, .closed): continue
      case (_, .suppressed): state = .silenced
      }
      let finding = try rows.finding(at: violation.last)
      // In its own lane it may have been seen at an earlier commit of the branch already.
      let own = state == .new ? try view.reader.violation(at: violation.last) : nil
      let shown = own ?? id
      result.append(
        GateFinding(
          id: shown,
          shortID: try view.shortID(shown),
          lane: lane,
          state: state,
          kind: posting?.kind,
          basis: posting?.basis,
          rule: violation.rule,
          level: violation.level,
          path: violation.last.path,
          region: finding?.region,
          message: try finding.flatMap { try view.reader.text($0.message) },
          isWaived: [id, shown].contains {
            view.waivers.waiver(of: $0, at: view.asOf) != nil
          }
        )
      )
    }
    return result.sorted(by: GateFinding.precedes)
  }
}
