internal import TallyModel

/// Stage 1, first part: which files are held for one.
extension MatchRun {
  /// Pairs files by equal path, then by renames of the evidence, then by equal content under another path.
  mutating func pairFiles() {
    var seen: Set<Int> = []
    var newIndex = 0
    for (oldIndex, oldFile) in old.files.enumerated() {
      while newIndex < new.files.count && new.files[newIndex].path < oldFile.path { newIndex += 1 }
      var candidate = newIndex
      while candidate < new.files.count && new.files[candidate].path == oldFile.path {
        addPair(oldIndex, candidate, isCertain: true, seen: &seen)
        candidate += 1
      }
    }
    let renames = evidence.renames.sorted {
      ($1.similarity, $0.to, $0.from) < ($0.similarity, $1.to, $1.from)
    }
    for rename in renames {
      for oldIndex in files(old, at: rename.from) {
        for newIndex in files(new, at: rename.to) {
          addPair(oldIndex, newIndex, isCertain: true, seen: &seen)
        }
      }
    }
    pairEqualContent(seen: &seen)
  }

  /// Pairs files that the links found so far say are one: most of one that went, or of one that is new.
  mutating func pairFilesByLinks() {
    var votes: [UInt64: Int] = [:]
    for link in links where link.stage == .window || link.stage == .movedBlock {
      let (oldFile, newFile) = (old.fileOf[link.old], new.fileOf[link.new])
      if old.files[Int(oldFile)].path == new.files[Int(newFile)].path { continue }
      votes[UInt64(oldFile) << 32 | UInt64(newFile), default: 0] += 1
    }
    if votes.isEmpty { return }
    var seen = Set(pairs.map { $0.old << 32 | $0.new })
    for (key, count) in votes.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      let (oldIndex, newIndex) = (Int(key >> 32), Int(key & 0xFFFF_FFFF))
      let smaller = min(old.files[oldIndex].rows.count, new.files[newIndex].rows.count)
      if count * 2 < smaller || !isMoveLikely(oldIndex, newIndex) { continue }
      addPair(oldIndex, newIndex, isCertain: false, seen: &seen)
    }
  }

  /// True when the old path is gone or the new path was not there, as far as the findings tell.
  private func isMoveLikely(_ oldIndex: Int, _ newIndex: Int) -> Bool {
    files(new, at: old.files[oldIndex].path).isEmpty
      || files(old, at: new.files[newIndex].path).isEmpty
  }

  mutating func addPair(
    _ oldIndex: Int,
    _ newIndex: Int,
    isCertain: Bool,
    seen: inout Set<Int>
  ) {
    guard seen.insert(oldIndex << 32 | newIndex).inserted else { return }
    let (oldFile, newFile) = (old.files[oldIndex], new.files[newIndex])
    // Files whose findings are all linked have nothing to give.
    guard
      oldFile.rows.contains(where: { newOf[$0] < 0 })
        || newFile.rows.contains(where: { oldOf[$0] < 0 })
    else { return }
    var map: PlaceMap?
    if let oldBlob = oldFile.blob, let newBlob = newFile.blob {
      if oldBlob == newBlob {
        map = .identity
      } else if let known = evidence.maps[BlobPair(old: oldBlob, new: newBlob)] {
        map = .map(known)
      }
    }
    pairs.append(
      FilePair(
        old: oldIndex,
        new: newIndex,
        isSamePath: oldFile.path == newFile.path,
        isCertain: isCertain,
        map: map
      )
    )
  }

  /// Equal content under another path: by blob, or by all findings where blobs are unknown.
  ///
  /// Several copies pair by equal file name first, then in the order of their paths.
  private mutating func pairEqualContent(seen: inout Set<Int>) {
    var byContent: [UInt64: (old: [Int], new: [Int])] = [:]
    for index in old.files.indices {
      guard let key = contentKey(old, index, other: new) else { continue }
      byContent[key, default: ([], [])].old.append(index)
    }
    for index in new.files.indices {
      guard let key = contentKey(new, index, other: old), byContent[key] != nil else { continue }
      byContent[key, default: ([], [])].new.append(index)
    }
    for (_, group) in byContent.sorted(by: { $0.key < $1.key }) where !group.new.isEmpty {
      var byName: [String: [Int]] = [:]
      for newIndex in group.new.reversed() {
        byName[new.files[newIndex].path.name, default: []].append(newIndex)
      }
      var used: Set<Int> = []
      var olds: [Int] = []
      for oldIndex in group.old {
        if let newIndex = byName[old.files[oldIndex].path.name]?.popLast() {
          used.insert(newIndex)
          addEqualPair(oldIndex, newIndex, seen: &seen)
        } else {
          olds.append(oldIndex)
        }
      }
      let news = group.new.filter { !used.contains($0) }
      // Files that blobs do not vouch for must be told apart by something.
      let isUnique = olds.count == 1 && news.count == 1
      for (oldIndex, newIndex) in zip(olds, news)
      where old.files[oldIndex].blob != nil || (isUnique && old.files[oldIndex].rows.count > 1) {
        addEqualPair(oldIndex, newIndex, seen: &seen)
      }
    }
  }

  private mutating func addEqualPair(_ oldIndex: Int, _ newIndex: Int, seen: inout Set<Int>) {
    let (oldFile, newFile) = (old.files[oldIndex], new.files[newIndex])
    if oldFile.blob != newFile.blob { return }
    let knowsBlobs = oldFile.blob != nil
    if !knowsBlobs && !areEqual(oldFile.rows, newFile.rows, withText: true) { return }
    addPair(oldIndex, newIndex, isCertain: true, seen: &seen)
  }

  /// A hash of the blob, or of all findings of a file whose path is not on the other side; nil for files with nothing open.
  private func contentKey(_ side: MatchSide, _ index: Int, other: MatchSide) -> UInt64? {
    let file = side.files[index]
    if let blob = file.blob {
      let isSame = files(other, at: file.path).contains { other.files[$0].blob == blob }
      return isSame ? nil : Mixer.hash(blob.bytes)
    }
    guard files(other, at: file.path).isEmpty else { return nil }
    var key: UInt64 = 3
    for row in file.rows {
      let place = side.rows[row]
      if place.rule < 0 { return nil }
      key = Mixer.mix(key, UInt64(UInt32(bitPattern: place.rule)))
      key = Mixer.mix(key, UInt64(UInt32(bitPattern: place.line)))
      key = Mixer.mix(key, UInt64(UInt32(bitPattern: place.column)))
      key = Mixer.mix(key, place.message)
    }
    return key
  }

  /// The files of a side with a path: more than one only where their blobs differ.
  func files(_ side: MatchSide, at path: RepoPath) -> Range<Int> {
    var low = 0
    var high = side.files.count
    while low < high {
      let middle = (low + high) / 2
      if side.files[middle].path < path { low = middle + 1 } else { high = middle }
    }
    var end = low
    while end < side.files.count && side.files[end].path == path { end += 1 }
    return low..<end
  }
}
