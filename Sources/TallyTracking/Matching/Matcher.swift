public import TallyModel

/// The first matcher: equal blobs, file maps, equal windows, and an optimal assignment of the rest.
///
/// Stages 0, 1, 2 (anchors of the evidence only), 4 and 7 of `docs/tracking.md`. Pure: equal findings and evidence give equal
/// links in whatever order they come, on every machine. Takes time in proportion to the findings, but for components of
/// similar findings, where it is capped.
public struct Matcher: FindingMatcher {
  /// What books record; another number where the same input may give other links.
  public let version: Int

  /// Every version that this program can link with, the newest last.
  ///
  /// 1: equal files, mapped files, equal windows, and the assignment of the rest. 2: everything.
  public static let versions = [1, 2]

  /// The version that links in a journal which names none.
  ///
  /// MUST NOT CHANGE: a journal that is new when a version beyond this one ships has to name it.
  public static let unnamed = 2

  /// Creates a matcher; it has no settings beside its version.
  public init(version: Int = Matcher.unnamed) { self.version = version }

  /// Links previous findings to current ones, each at most once; sorted by the place in `previous`.
  ///
  /// - Parameters:
  ///   - previous: The findings of the earlier scan, or closed ones in reopening mode.
  ///   - current: The findings of the later scan.
  ///   - evidence: Renames, maps and aliases, as far as known.
  ///   - mode: Whether the scans follow each other.
  /// - Returns: Links with stage, score and margin; what is in no link went or is new.
  public func match(
    previous: [TrackedFinding],
    current: [TrackedFinding],
    evidence: MatchEvidence,
    mode: MatchMode
  ) -> [MatchLink] {
    if previous.isEmpty || current.isEmpty { return [] }
    var run = MatchRun(
      old: MatchSide(previous),
      new: MatchSide(current),
      evidence: evidence
    )
    switch mode {
    case .successive:
      run.linkEqualFiles()
      if !run.isComplete {
        run.loadRows()
        run.pairFiles()
        run.linkMappedFiles()
        run.linkEqualWindows()
        if version > 1 {
          run.linkNamed()
          run.linkBlocks()
          run.linkGaps()
          run.pairFilesByLinks()
          run.pairLikelyRenames()
          run.linkOrdered()
        }
        run.assign()
      }
    case .reopening:
      run.loadRows()
      run.linkReopened()
    }
    return run.result()
  }
}
