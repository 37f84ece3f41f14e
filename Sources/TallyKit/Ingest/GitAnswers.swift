import TallyBooks
import TallyGit
import TallyLedger
import TallyModel

/// What git says to questions that the facts could not answer while books were derived.
///
/// Which commits lie between two scans, what was renamed and where lines went is asked for exactly where a derivation needs it: so the
/// books are the same in whichever order scans arrive.
struct GitAnswers {
  /// Commits between those that were asked about, parents first.
  private(set) var commits: [RawCommit] = []
  /// What they changed against their first parents.
  private(set) var changes: [CommitChanges] = []
  /// Renames over the whole distance; also that there are none.
  private(set) var renames: [EvidenceRecord] = []
  /// All files of commits that no chain of changes leads to.
  private(set) var manifests: [(commit: CommitID, parent: CommitID?, manifest: Manifest)] = []
  /// Where lines and tokens went.
  private var places: [BlobPair: FileMap] = [:]
  private var asked: Set<FactQuestion> = []

  private var count: Int {
    commits.count + changes.count + renames.count + manifests.count
      + places.values.reduce(0) { $0 + 1 + $1.anchors.count }
  }

  /// Where lines and tokens went, sorted by the contents.
  var maps: [FileMap] { places.sorted { $0.key < $1.key }.map(\.value) }

  /// Says whether any of some questions was not asked yet.
  func isNew(_ questions: [FactQuestion]) -> Bool {
    questions.contains { !asked.contains($0) }
  }

  /// Asks what was not asked yet.
  ///
  /// - Parameters:
  ///   - questions: In any order, also several times.
  ///   - repository: The clone.
  ///   - ledger: What is known already.
  /// - Returns: True where the clone knew anything of it.
  /// - Throws: `GitError`, `LedgerError`; `CancellationError`.
  mutating func ask(
    _ questions: [FactQuestion],
    of repository: Repository,
    in ledger: Ledger
  ) async throws -> Bool {
    let before = count
    var files: [Span: [BlobPair: MapQuestion]] = [:]
    for question in questions where asked.insert(question).inserted {
      switch question {
      case .difference(let from, let to):
        try await askDifference(Span(from: from, to: to), of: repository, in: ledger)
      case .map(let map):
        let span = Span(from: map.from, to: map.to)
        let known = files[span]?[map.pair]
        files[span, default: [:]][map.pair] = known.map { $0.united(with: map) } ?? map
      }
    }
    for (span, maps) in files.sorted(by: { $0.key < $1.key }) {
      try await askMaps(maps.values.sorted { $0.pair < $1.pair }, span, of: repository)
    }
    return count > before
  }

  private struct Span: Hashable, Comparable {
    let from: CommitID
    let to: CommitID

    static func < (lhs: Self, rhs: Self) -> Bool { (lhs.from, lhs.to) < (rhs.from, rhs.to) }
  }

  // MARK: Commits and files

  /// The longest range of commits whose changes are asked for; two that lie farther apart are compared as they are.
  private static let mostCommits = 2_000

  private mutating func askDifference(
    _ span: Span,
    of repository: Repository,
    in ledger: Ledger
  ) async throws {
    let ends = try await repository.commits([span.from, span.to])
    guard let from = ends[0], let to = ends[1] else { return }
    let range = try await repository.commits(
      from: span.from,
      to: span.to,
      limit: Self.mostCommits
    )
    let chain = try await RangeChanges(range, after: span.from, in: repository)
    // Also where they are no chain: which scans lie on the line of a lane is told by what lies between.
    commits += [from] + range.commits
    let wanted = try ledger.read { reader in
      try [from, to].filter { try reader.manifestDistance(of: $0.id) == nil }
    }
    if let chain {
      changes += chain.merged + chain.steps
      if wanted.contains(where: { $0.id == from.id }) { try await askFiles(of: from, repository) }
      if chain.steps.count > 1 {
        let direct = try await repository.renames(from: span.from, to: span.to)
        renames.append(.renames(from: span.from, to: span.to, files: chain.news(in: direct)))
      }
      return
    }
    for commit in wanted { try await askFiles(of: commit, repository) }
    let direct = try await repository.renames(from: span.from, to: span.to)
    renames.append(.renames(from: span.from, to: span.to, files: direct))
  }

  private mutating func askFiles(of commit: RawCommit, _ repository: Repository) async throws {
    if manifests.contains(where: { $0.commit == commit.id }) { return }
    let manifest = try await repository.manifest(of: commit.id)
    manifests.append((commit.id, commit.parents.first, manifest))
  }

  // MARK: Contents

  private mutating func askMaps(
    _ questions: [MapQuestion],
    _ span: Span,
    of repository: Repository
  ) async throws {
    let ends = try await repository.commits([span.from, span.to])
    let chains =
      ends.contains { $0 == nil }
      ? nil
      : try await FileChains.between(
        questions.map { ($0.path, $0.pair.old) },
        span.from,
        span.to,
        in: repository
      )
    let requests = questions.map { question in
      MapRequest(
        question.pair,
        target: question.target,
        chain: chains?.byPath[question.path],
        regions: Array(question.regions),
        columnUnit: question.columnUnit
      )
    }
    for map in try await repository.maps(requests).maps {
      let pair = BlobPair(old: map.old, new: map.new)
      places[pair] = places[pair].map { $0.united(with: map) } ?? map
    }
  }
}

/// What the commits between two changed, where the older is on the first-parent chain of the newer.
struct RangeChanges {
  /// The most commits of merged branches whose changes are kept for one range.
  private static let mostMerged = 256

  /// The chain of first parents, oldest first.
  let steps: [CommitChanges]
  /// Commits of merged branches; none where they are very many.
  let merged: [CommitChanges]

  /// Asks git; nil where the range is no such chain, or the clone does not hold all of it.
  init?(_ range: CommitRange, after old: CommitID, in repository: Repository) async throws {
    let inside = Set(range.firstParents)
    let chain = range.commits.filter { inside.contains($0.id) }
    guard !range.isTruncated, chain.first?.parents.first == old else { return nil }
    let own = try await repository.changes(of: chain)
    steps = range.firstParents.compactMap { own[$0] }
    guard steps.count == chain.count else { return nil }
    let others = range.commits.filter { !inside.contains($0.id) }
    if others.count <= Self.mostMerged {
      let changes = try await repository.changes(of: others)
      merged = others.compactMap { changes[$0.id] }
    } else {
      merged = []
    }
  }

  /// What the steps change in sum.
  var overlay: ChangeOverlay {
    var overlay = ChangeOverlay()
    for step in steps { overlay.append(step.files) }
    return overlay
  }

  /// Those of the renames over the whole distance that the steps do not tell.
  func news(in direct: [FileChange]) -> [FileChange] {
    let origins = overlay.origins
    return direct.filter { $0.renamedFrom != origins[$0.path] }
  }
}

extension MapQuestion {
  /// The same with the places of another.
  fileprivate func united(with other: MapQuestion) -> MapQuestion {
    MapQuestion(
      pair: pair,
      from: from,
      path: path,
      to: to,
      target: target,
      regions: regions.union(other.regions),
      columnUnit: columnUnit
    )
  }
}
