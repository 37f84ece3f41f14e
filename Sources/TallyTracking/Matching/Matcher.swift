public import TallyModel

/// Links by equal blobs, file maps, equal windows, blocks that moved, and an optimal assignment of the rest.
///
/// The stages are those of `docs/tracking.md`. Pure: equal findings and evidence give equal
/// links in whatever order they come, on every machine. Takes time in proportion to the findings, but for components of
/// similar findings, where it is capped.
public struct Matcher: FindingMatcher {
  /// Creates a matcher; it has no settings.
  public init() {}

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
        run.linkNamed()
        run.linkBlocks()
        run.linkGaps()
        run.pairFilesByLinks()
        run.pairLikelyRenames()
        run.linkOrdered()
        run.assign()
      }
    case .reopening:
      run.loadRows()
      run.linkReopened()
    }
    return run.result()
  }
}
