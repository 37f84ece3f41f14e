public import TallyModel

/// The proof that an entry is in the journal (RFC 6962 §2.1.1): from its leaf and these hashes anybody computes the root.
public struct InclusionProof: Sendable, Hashable {
  /// The leaf's place in the log, from 0.
  public let leaf: Int
  /// How many leaves the log has.
  public let size: Int
  /// The hash of the leaf.
  public let leafHash: LogRoot
  /// The hashes to join it with, from the leaf to the root.
  public let path: [LogRoot]

  /// The root that follows; nil where the number of hashes does not fit the place.
  public var root: LogRoot? {
    guard leaf >= 0, leaf < size else { return nil }
    var hash = leafHash
    var place = leaf
    var last = size - 1
    for step in path {
      if last == 0 { return nil }
      if place & 1 == 1 || place == last {
        hash = MerkleTree.node(step, hash)
        while place & 1 == 0, place != 0 {
          place >>= 1
          last >>= 1
        }
      } else {
        hash = MerkleTree.node(hash, step)
      }
      place >>= 1
      last >>= 1
    }
    return last == 0 ? hash : nil
  }
}

extension LedgerReader {
  /// The proof that an entry is among those that are read; nil where it is not.
  public func inclusionProof(of id: EntryID) throws -> InclusionProof? {
    guard let sequence = try sequence(of: id) else { return nil }
    let log = LogStore(session: session)
    return InclusionProof(
      leaf: sequence - 1,
      size: visibleSize,
      leafHash: try log.leaf(sequence),
      path: try log.path(to: sequence - 1, in: 0..<visibleSize)
    )
  }
}

extension LogStore {
  /// The hashes beside the way from a leaf to the root of a stretch of leaves, from the leaf on.
  func path(to leaf: Int, in range: Range<Int>) throws -> [LogRoot] {
    if range.count <= 1 { return [] }
    let middle = range.lowerBound + Self.half(of: range.count)
    if leaf < middle {
      return try path(to: leaf, in: range.lowerBound..<middle)
        + [hash(of: middle..<range.upperBound)]
    }
    return try path(to: leaf, in: middle..<range.upperBound)
      + [hash(of: range.lowerBound..<middle)]
  }

  /// The hash of a stretch of leaves; complete subtrees are read, not computed.
  private func hash(of range: Range<Int>) throws -> LogRoot {
    if range.count == 1 { return try leaf(range.lowerBound + 1) }
    let level = range.count.trailingZeroBitCount
    if range.count == 1 << level, level >= Self.storedLevel,
      range.lowerBound % range.count == 0
    {
      return try node(level, range.lowerBound >> level)
    }
    let middle = range.lowerBound + Self.half(of: range.count)
    return MerkleTree.node(
      try hash(of: range.lowerBound..<middle),
      try hash(of: middle..<range.upperBound)
    )
  }

  /// The largest power of two below a count of at least 2.
  private static func half(of count: Int) -> Int {
    1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
  }
}
