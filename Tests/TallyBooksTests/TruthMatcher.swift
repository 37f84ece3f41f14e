import TallyModel

/// Links what the simulator planted as the same: for tests of the books alone, where tracking is not what is tested.
struct TruthMatcher: FindingMatcher {
  func match(
    previous: [TrackedFinding],
    current: [TrackedFinding],
    evidence: MatchEvidence,
    mode: MatchMode
  ) -> [MatchLink] {
    var places: [UInt64: Int] = [:]
    for (index, tracked) in current.enumerated() {
      if let identity = tracked.finding.snippet { places[identity] = index }
    }
    return previous.enumerated().compactMap { index, tracked in
      guard let identity = tracked.finding.snippet, let place = places[identity] else { return nil }
      let isSame = tracked.blob != nil && tracked.blob == current[place].blob
      return MatchLink(
        previous: index,
        current: place,
        evidence: LinkEvidence(
          stage: isSame ? .sameBlob : (mode == .reopening ? .window : .fileMap),
          score: 100,
          margin: nil
        ),
        isAmbiguous: false
      )
    }
  }
}

/// Mints ids from nothing but the sighting.
struct TestMint: ViolationMint {
  func mint(_ origin: Sighting) -> ViolationID {
    let bytes = fakeHash("mint \(origin.scan) \(origin.path) \(origin.ordinal)", count: 16)
    guard let id = ViolationID(bytes: bytes) else { preconditionFailure("16 bytes make an id") }
    return id
  }
}
