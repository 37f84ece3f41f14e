import TallyGit
import TallyLedger
import TallyModel
import TallyTracking

/// Findings of one content of a file that are to be followed to another.
struct MapRequest: Sendable {
  let pair: BlobPair
  /// Every content on the way, the ends included; only the ends where the commits between are not known.
  let contents: [BlobID]
  var regions: [SourceRegion]
  let columnUnit: ColumnUnit

  /// Creates a request; `chain` is what the commits between made of the file, nil where they are not known.
  init(
    _ pair: BlobPair,
    target: RepoPath,
    chain: FileChains.Chain?,
    regions: [SourceRegion],
    columnUnit: ColumnUnit
  ) {
    let leads =
      chain.map { $0.path == target && $0.blobs.first == pair.old && $0.blobs.last == pair.new }
      ?? false
    self.pair = pair
    contents = leads ? chain?.blobs ?? [] : [pair.old, pair.new]
    self.regions = regions
    self.columnUnit = columnUnit
  }

  /// The map through all contents; between the ends where one of the others cannot be looked at, nil where an end cannot.
  fileprivate func map(_ texts: [BlobID: BlobContent]) -> FileMap? {
    let known = contents.compactMap { texts[$0]?.bytes }
    if known.count > 2, known.count == contents.count,
      let map = FileMapper.map(
        through: known,
        oldBlob: pair.old,
        newBlob: pair.new,
        positions: regions,
        columnUnit: columnUnit
      )
    {
      return map
    }
    guard let old = texts[pair.old]?.bytes, let new = texts[pair.new]?.bytes else { return nil }
    return FileMapper.map(
      old: old,
      new: new,
      oldBlob: pair.old,
      newBlob: pair.new,
      positions: regions,
      columnUnit: columnUnit
    )
  }
}

extension Repository {
  /// The maps that the clone holds the texts for, in the order of the requests.
  ///
  /// In portions, so that only so many texts are held at a time.
  ///
  /// - Returns: The maps, and whether the clone lacks an old text.
  /// - Throws: `GitError`; `CancellationError`.
  func maps(_ requests: [MapRequest]) async throws -> (maps: [FileMap], lacksOldTexts: Bool) {
    let mostTexts = 128
    var maps: [FileMap] = []
    var lacksOldTexts = false
    var index = 0
    while index < requests.count {
      var end = index
      var count = 0
      while end < requests.count, end == index || count + requests[end].contents.count <= mostTexts
      {
        count += requests[end].contents.count
        end += 1
      }
      let portion = requests[index..<end]
      index = end
      let texts = try await blobs(portion.flatMap(\.contents))
      for request in portion {
        if texts[request.pair.old] == .missing { lacksOldTexts = true }
        if let map = request.map(texts) { maps.append(map) }
      }
    }
    return (maps, lacksOldTexts)
  }
}
