import TallyGit
import TallyLedger
import TallyModel
import TallyTracking

/// Line and token maps from the base branch's scans to those of a commit, made for one question and not stored.
///
/// An ingest asks git for the maps from the last scan of the same branch; what a branch changed against its base is asked for here. Without
/// the repository the matcher goes by what was captured.
struct GateMaps {
  /// A file with findings that has another content now.
  struct Wanted: Sendable {
    let pair: BlobPair
    let regions: [SourceRegion]
    let columnUnit: ColumnUnit
  }

  /// The most files that are mapped.
  private static let limit = 5000

  /// The files to map, sorted.
  static func wanted(
    _ base: GateBase,
    _ target: Target,
    in reader: LedgerReader
  ) throws -> [Wanted] {
    if base.kind == .previous { return [] }
    let point = BasePoint(base: base, target: target, reader: reader)
    var found: [BlobPair: Wanted] = [:]
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
        for line in lines {
          guard let old = before[line.path], let new = after[moved[line.path] ?? line.path],
            old != new
          else { continue }
          let pair = BlobPair(old: old, new: new)
          if try found[pair] != nil || reader.fileMap(pair) != nil { continue }
          found[pair] = Wanted(
            pair: pair,
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
    _ wanted: [Wanted],
    in repository: Repository?
  ) async throws -> [BlobPair: FileMap] {
    guard let repository else { return [:] }
    var result: [BlobPair: FileMap] = [:]
    var index = 0
    // In portions, so that only so many texts are held at a time.
    while index < wanted.count {
      let portion = wanted[index..<min(index + 64, wanted.count)]
      index += portion.count
      let texts = try await repository.blobs(portion.flatMap { [$0.pair.old, $0.pair.new] })
      for item in portion {
        guard let old = texts[item.pair.old]?.bytes, let new = texts[item.pair.new]?.bytes else {
          continue
        }
        result[item.pair] = FileMapper.map(
          old: old,
          new: new,
          oldBlob: item.pair.old,
          newBlob: item.pair.new,
          positions: item.regions,
          columnUnit: item.columnUnit
        )
      }
    }
    return result
  }
}
