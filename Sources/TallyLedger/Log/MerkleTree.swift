internal import Crypto
public import TallyModel

/// Marks the root hash of a log.
public enum LogTree {}

/// The root hash of the log at some size (RFC 6962 §2.1).
public typealias LogRoot = ContentID<LogTree>

/// The hashing of RFC 6962 §2.1: leaves after a byte 0, nodes after a byte 1.
enum MerkleTree {
  /// The hash of a leaf's data.
  static func leaf(_ data: [UInt8]) -> LogRoot {
    var hasher = SHA256()
    withUnsafeBytes(of: UInt8(0)) { hasher.update(bufferPointer: $0) }
    data.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    return LogRoot(hash: hasher)
  }

  /// The hash of a node over its two children.
  static func node(_ left: LogRoot, _ right: LogRoot) -> LogRoot {
    var bytes: [UInt8] = [1]
    bytes.append(contentsOf: left.bytes)
    bytes.append(contentsOf: right.bytes)
    return LogRoot(hashing: bytes)
  }

  /// The root of no leaves: the hash of nothing.
  static var emptyRoot: LogRoot { LogRoot(hashing: []) }
}

/// The roots of the complete subtrees that a log's leaves decompose into, the largest first.
///
/// All that is needed to append: one hash for each bit that is set in the size.
struct MerklePeaks: Hashable {
  private(set) var size: Int
  private(set) var hashes: [LogRoot]

  init() {
    size = 0
    hashes = []
  }

  /// Takes stored peaks; nil where their number does not fit the size.
  init?(size: Int, hashes: [LogRoot]) {
    guard size >= 0, size.nonzeroBitCount == hashes.count else { return nil }
    self.size = size
    self.hashes = hashes
  }

  /// Adds one leaf; `completed` gets every subtree of two leaves or more that it completes.
  mutating func append(
    _ leaf: LogRoot,
    completed: (_ level: Int, _ place: Int, _ hash: LogRoot) -> Void = { _, _, _ in }
  ) {
    var hash = leaf
    var level = 0
    while size >> level & 1 == 1 {
      hash = MerkleTree.node(hashes.removeLast(), hash)
      level += 1
      completed(level, size >> level, hash)
    }
    hashes.append(hash)
    size += 1
  }

  /// The root: the peaks folded from the smallest.
  var root: LogRoot {
    guard var root = hashes.last else { return MerkleTree.emptyRoot }
    for peak in hashes.dropLast().reversed() { root = MerkleTree.node(peak, root) }
    return root
  }
}
