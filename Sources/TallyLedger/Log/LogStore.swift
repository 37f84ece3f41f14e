internal import TallyModel

/// The log of the journal as it is stored: the peaks of now, and complete subtrees from 64 leaves on.
///
/// Everything smaller is computed again from the entries: at most 63 leaves a root.
struct LogStore {
  let session: Session
  static let storedLevel = 6

  func peaks() throws -> MerklePeaks {
    let row = try session.first("SELECT size, peaks FROM log WHERE one = 1") {
      ($0.int(0), $0.bytes(1))
    }
    guard let (size, bytes) = row else { throw Damage("the log is missing") }
    let hashes = stride(from: 0, to: bytes.count, by: 32).compactMap {
      LogRoot(bytes: bytes[$0..<min($0 + 32, bytes.count)])
    }
    guard let peaks = MerklePeaks(size: size, hashes: hashes) else {
      throw Damage("the log's peaks do not fit its size")
    }
    return peaks
  }

  func append(_ leaf: LogRoot, to peaks: inout MerklePeaks) throws {
    var completed: [(level: Int, place: Int, hash: LogRoot)] = []
    peaks.append(leaf) { level, place, hash in
      if level >= LogStore.storedLevel { completed.append((level, place, hash)) }
    }
    for node in completed {
      try session.run(
        "INSERT INTO log_node (level, place, hash) VALUES (?, ?, ?)",
        .int(node.level),
        .int(node.place),
        .blob(node.hash.bytes)
      )
    }
  }

  func save(_ peaks: MerklePeaks) throws {
    try session.run(
      "UPDATE log SET size = ?, peaks = ? WHERE one = 1",
      .int(peaks.size),
      .blob(peaks.hashes.flatMap(\.bytes))
    )
  }

  /// The root when the log had fewer leaves.
  func root(at size: Int) throws -> LogRoot { try peaks(at: size).root }

  /// The peaks when the log had fewer leaves.
  func peaks(at size: Int) throws -> MerklePeaks {
    var hashes: [LogRoot] = []
    var start = 0
    for level in stride(from: 62, through: LogStore.storedLevel, by: -1)
    where size >> level & 1 == 1 {
      hashes.append(try node(level, start >> level))
      start += 1 << level
    }
    var small = MerklePeaks()
    for sequence in (start + 1)..<(size + 1) { small.append(try leaf(sequence)) }
    hashes += small.hashes
    guard let peaks = MerklePeaks(size: size, hashes: hashes) else {
      throw Damage("the log's nodes do not fit its size")
    }
    return peaks
  }

  func node(_ level: Int, _ place: Int) throws -> LogRoot {
    let bytes = try session.first(
      "SELECT hash FROM log_node WHERE level = ? AND place = ?",
      .int(level),
      .int(place)
    ) { $0.bytes(0) }
    guard let bytes, let hash = LogRoot(bytes: bytes) else {
      throw Damage("node \(place) of level \(level) of the log is missing")
    }
    return hash
  }

  /// The leaf of an entry, from what the entry's row and receipt say.
  func leaf(_ sequence: Int) throws -> LogRoot {
    guard let head = try EntryHead.read(session, sequence) else {
      throw Damage("entry \(sequence) is missing")
    }
    return MerkleTree.leaf(try StoredFormat.leaf(head.id, head.receipt))
  }
}
