import TallyGit
import TallyLedger
import TallyModel

/// Line and token maps from the base branch's scans to those of a commit, made for one question and not stored.
///
/// An ingest asks git for the maps from the last scan of the same branch; what a branch changed against its base is asked for here. Without
/// the repository the matcher goes by what was captured.
struct GateMaps {
  /// The most files that are mapped.
  private static let limit = 5000

  /// The files to map, sorted.
  static func wanted(
    _ base: GateBase,
    _ target: Target,
    in reader: LedgerReader
  ) throws -> [MapRequest] {
    if base.kind == .previous { return [] }
    let point = BasePoint(base: base, target: target, reader: reader)
    var found: [BlobPair: MapRequest] = [:]
    for lane in try reader.lanes()
    where lane.project == target.project && lane.branch == base.branch {
      guard
        let scan = try reader.scans(of: lane.on(target.branch), at: target.commit).first,
        let position = point.last(
          of: try reader.positions(of: lane).filter(\.onLine),
          commit: \.commit
        )
      else { continue }
      let renames = try reader.difference(from: position.commit, to: target.commit)?.renames ?? []
      var moved: [RepoPath: RepoPath] = [:]
      for rename in renames { moved[rename.from] = rename.to }
      for id in position.scans {
        let lines = try reader.tree(of: id).lines
        guard let before = try reader.blobs(of: lines.map(\.path), at: position.commit),
          let after = try reader.blobs(
            of: lines.map { moved[$0.path] ?? $0.path },
            at: target.commit
          )
        else { continue }
        let chains = try FileChains.between(
          before.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
          position.commit,
          target.commit
        ) { try reader.changes(of: $0) }
        for line in lines {
          let path = moved[line.path] ?? line.path
          guard let old = before[line.path], let new = after[path], old != new else { continue }
          let pair = BlobPair(old: old, new: new)
          if try found[pair] != nil || reader.fileMap(pair) != nil { continue }
          found[pair] = MapRequest(
            pair,
            target: path,
            chain: chains?.byPath[line.path],
            regions: try reader.sheet(line.sheet).findings.compactMap(\.region),
            columnUnit: scan.record.columnUnit
          )
        }
      }
    }
    return Array(found.values.sorted { $0.pair < $1.pair }.prefix(limit))
  }

  /// The maps, as far as the clone holds the texts.
  static func make(
    _ wanted: [MapRequest],
    in repository: Repository?
  ) async throws -> [BlobPair: FileMap] {
    guard let repository else { return [:] }
    let maps = try await repository.maps(wanted).maps
    return Dictionary(
      maps.map { (BlobPair(old: $0.old, new: $0.new), $0) },
      uniquingKeysWith: { first, _ in first }
    )
  }
}
