import TallyLedger
import TallyModel
import TallyReport

/// Notices that a tool or a category comes under another name: the first scan of a lane finds what the last one of another lane found.
///
/// It is a guess, and told as one; two linters that share a few rules are not taken for one.
struct LikelyRename {
  /// A rule and a file, which a change of a few lines does not touch.
  private struct Place: Hashable {
    let rule: String
    let path: RepoPath
  }

  let reader: LedgerReader

  /// Fewer equal findings may be chance, unless there are no others.
  private static let fewest = 2

  /// One sentence for each lane of some that was scanned for the first time, at a commit, and looks like another.
  func sentences(of lanes: some Sequence<LaneKey>, at commit: CommitID) throws -> [String] {
    let known = try reader.lanes()
    return try Set(lanes).sorted().compactMap { lane in
      guard known.contains(lane), let first = try reader.books(of: lane).head(),
        first.index == 0, first.commit == commit
      else { return nil }
      let others = known.filter {
        $0.project == lane.project && $0.branch == lane.branch && $0 != lane
      }
      if others.isEmpty { return nil }
      let own = try places(of: lane)
      if own.isEmpty { return nil }
      var best: (lane: LaneKey, equal: Int, of: Int)?
      for other in others {
        let head = try reader.books(of: other).head()
        guard let head, head.commit != commit, try reader.scans(of: other, at: commit).isEmpty
        else { continue }
        let theirs = try places(of: other)
        let equal = own.reduce(0) { $0 + min($1.value, theirs[$1.key] ?? 0) }
        let most = max(own.values.reduce(0, +), theirs.values.reduce(0, +))
        // More than half of both, so that at most one other lane fits what was found.
        guard equal * 2 > most, equal >= Self.fewest || equal == most else { continue }
        if best.map({ equal > $0.equal }) ?? true { best = (other, equal, most) }
      }
      guard let best else { return nil }
      return "\(lane) looks like \(best.lane) under another name: "
        + "\(Wording.grouped(best.equal)) of \(Wording.grouped(best.of)) findings have the same rule and "
        + "file, and \(best.lane) has no scan of this commit; if it is the same tool, 'tally lane rename "
        + "\(ShellText.word(best.lane.description)) \(ShellText.word(lane.description)) --why TEXT' "
        + "keeps its past"
    }
  }

  private func places(of lane: LaneKey) throws -> [Place: Int] {
    var result: [Place: Int] = [:]
    for violation in try reader.violations(of: lane, states: [.open, .suppressed]) {
      result[Place(rule: violation.rule, path: violation.last.path), default: 0] += 1
    }
    return result
  }
}
