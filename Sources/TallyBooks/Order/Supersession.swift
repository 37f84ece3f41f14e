public import TallyModel

/// Which of the scans of one lane and commit count.
///
/// Scans whose scopes are disjoint by their globs unite: they are the shards of one. Among scans whose scopes are equal or may overlap, one counts:
/// success beats failure, the wider coverage beats the narrower, the newer importer beats the older, then the greater id wins.
public struct Supersession: Sendable, Hashable {
  /// Two scans of equal scope that both succeeded and claim different rows.
  public struct Contradiction: Sendable, Hashable {
    /// The scan that does not count.
    public let superseded: EntryID
    /// The scan that counts instead.
    public let by: EntryID
  }
  /// The scans that count, sorted by id: one, or the disjoint shards of one.
  public let counting: [ScanFact]
  /// The others, sorted by id.
  public let superseded: [ScanFact]
  /// Sorted by the superseded scan.
  public let contradictions: [Contradiction]

  /// Decides among all scans of one lane and commit.
  public init(_ scans: [ScanFact]) {
    let scopes = scans.map { ScanScope($0.record.scope) }
    let ranked = scans.indices.map { index in
      // How many of the others it holds: the order by this number agrees with the order by inclusion.
      let width = scopes.count { scopes[index].contains($0) }
      return Ranked(scan: scans[index], scope: scopes[index], width: width)
    }.sorted(by: Ranked.precedes)
    var chosen: [Ranked] = []
    var others: [ScanFact] = []
    var contradictions: [Contradiction] = []
    for one in ranked {
      guard let winner = chosen.first(where: { !$0.scope.isDisjoint(with: one.scope) }) else {
        chosen.append(one)
        continue
      }
      others.append(one.scan)
      let (left, right) = (winner.scan.record, one.scan.record)
      if left.succeeded, right.succeeded, left.scope == right.scope, left.claims != right.claims {
        contradictions.append(Contradiction(superseded: one.scan.id, by: winner.scan.id))
      }
    }
    counting = chosen.map(\.scan).sorted { $0.id < $1.id }
    superseded = others.sorted { $0.id < $1.id }
    self.contradictions = contradictions.sorted { $0.superseded < $1.superseded }
  }

  private struct Ranked {
    let scan: ScanFact
    let scope: ScanScope
    let width: Int

    static func precedes(_ lhs: Ranked, _ rhs: Ranked) -> Bool {
      let (left, right) = (lhs.scan, rhs.scan)
      if left.record.succeeded != right.record.succeeded { return left.record.succeeded }
      if lhs.width != rhs.width { return lhs.width > rhs.width }
      let (leftHoles, rightHoles) = (left.record.unreadFiles.count, right.record.unreadFiles.count)
      if leftHoles != rightHoles { return leftHoles < rightHoles }
      let (leftImporter, rightImporter) = (ImporterVersion(left), ImporterVersion(right))
      if leftImporter != rightImporter { return leftImporter > rightImporter }
      return left.id > right.id
    }
  }
}

/// `sarif/2` as something that can be compared: by the number, then the name.
private struct ImporterVersion: Comparable {
  let number: Int
  let name: String

  init(_ scan: ScanFact) {
    let parts = scan.importer.split(separator: "/", maxSplits: 1)
    name = parts.first.map(String.init) ?? ""
    number = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
  }

  static func < (lhs: Self, rhs: Self) -> Bool {
    if lhs.number != rhs.number { return lhs.number < rhs.number }
    return lhs.name.utf8.lexicographicallyPrecedes(rhs.name.utf8)
  }
}

extension ScanRecord {
  /// The files that error notices name: the scan says nothing about them.
  var unreadFiles: Set<RepoPath> {
    Set(notices.compactMap { $0.level == .error ? $0.path : nil })
  }
}
