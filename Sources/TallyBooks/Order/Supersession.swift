public import TallyModel

/// Which of the scans of one lane and commit count.
///
/// Scans of one ingest or one run of CI unite, as do scans of disjoint scopes. A scan that a later one, of another run, has the whole scope
/// of is superseded by it; where the later one looked at less, by its scope, its list of analysed files or its error notices, the earlier goes
/// on to count for the rest. A scan that did not finish supersedes nothing: it adds what it reports.
public struct Supersession: Sendable, Hashable {
  /// A scan that counts.
  struct Claim: Sendable, Hashable {
    let scan: ScanFact
    /// Greater for what is later; equal within what says one thing together.
    let rank: Int
    /// False where something may be missing: what it does not report is not gone.
    let closes: Bool

    /// True where it looked at all of its scope.
    var looksEverywhere: Bool {
      closes && scan.record.analysed == nil && !scan.record.notices.contains { $0.level == .error }
    }
  }

  /// The scans that count, sorted by id.
  public let counting: [ScanFact]
  /// The others, sorted by id.
  public let superseded: [ScanFact]
  /// The scans that count, sorted by id, with how.
  let claims: [Claim]

  /// Decides among all scans of one lane and commit.
  public init(_ scans: [ScanFact]) {
    let order = RecordingGroups(scans)
    var all: [Claim] = []
    for (rank, group) in order.groups.enumerated() {
      // Where parts of a run tell no scopes, nobody knows which files one that broke off would have looked at.
      let isWhole = group.allSatisfy { !$0.record.scope.isEmpty || $0.record.succeeded }
      for scan in group {
        let record = scan.record
        all.append(
          Claim(
            scan: scan,
            rank: rank,
            closes: record.succeeded && (isWhole || !record.scope.isEmpty)
          )
        )
      }
    }
    let scopes = all.map { ScanScope($0.scan.record.scope) }
    var claims: [Claim] = []
    var others = order.replaced
    for (index, claim) in all.enumerated() {
      let isReplaced = all.indices.contains { other in
        all[other].rank > claim.rank && all[other].looksEverywhere
          && scopes[other].contains(scopes[index])
      }
      if isReplaced { others.append(claim.scan) } else { claims.append(claim) }
    }
    self.claims = claims.sorted { $0.scan.id < $1.scan.id }
    counting = self.claims.map(\.scan)
    superseded = others.sorted { $0.id < $1.id }
  }
}
