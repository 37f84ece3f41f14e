internal import TallyModel

/// An earlier position that moved the books, with what its scans covered.
struct BasePosition {
  let position: LanePosition
  let coverage: Coverage
}

/// Finds what the new position is compared with: the position before, or an earlier one where that did not cover a file.
final class BaseFinder {
  private let books: any LaneBooks & LaneHistory
  private let facts: any FactReader
  private let target: CommitID
  private var found: [BasePosition] = []
  private var next: Int?
  private var bases: [CommitID: Base] = [:]
  private let before: Coverage?

  /// Creates a finder; `before` is what the last position covered, where it was looked at already.
  init(
    books: any LaneBooks & LaneHistory,
    facts: any FactReader,
    target: CommitID,
    before: Coverage? = nil
  ) {
    self.books = books
    self.facts = facts
    self.target = target
    self.before = before
  }

  /// The latest position that moved the books; nil before the first.
  func latest() throws -> BasePosition? { try earlier(0) }

  /// The positions that moved the books, the latest first.
  func earlier(_ place: Int) throws -> BasePosition? {
    while found.count <= place {
      let index: Int
      if let next {
        index = next
      } else {
        guard let head = try books.head() else { return nil }
        index = head.index
      }
      guard index >= 0, let position = try books.position(index) else { return nil }
      next = index - 1
      if !position.onLine { continue }
      let coverage = try coverage(of: position)
      if try !coverage.isSilent() {
        found.append(BasePosition(position: position, coverage: coverage))
      }
    }
    return found[place]
  }

  private func coverage(of position: LanePosition) throws -> Coverage {
    if let before, before.isOf(position.scans) { return before }
    let scans = try (position.scans + position.superseded).compactMap(books.scan)
    return try Coverage(Supersession(scans), facts: facts)
  }

  /// The comparison with a commit.
  func base(_ commit: CommitID) throws -> Base {
    if let known = bases[commit] { return known }
    let base = try Base(commit: commit, target: target, facts: facts)
    bases[commit] = base
    return base
  }

  /// The scan that a file with findings was last covered by, and the comparison with its commit.
  ///
  /// The latest position that covered the file with the content that it had when it was reported on; the scan that did so at the latest.
  func comparison(
    for path: RepoPath,
    blob: BlobID?,
    sheet: SheetID?,
    seenIn scan: EntryID
  ) throws -> Comparison? {
    var place = 0
    while let earlier = try earlier(place) {
      if earlier.position.coversAll || earlier.position.scans.contains(scan) {
        return try comparison(earlier, covering: path)
      }
      // One that broke off looked for nothing that it does not report.
      let isReported = try earlier.coverage.line(path).map { $0.sheet == sheet } ?? false
      if try isReported || earlier.coverage.closes(path) {
        let blobs = try facts.blobs(of: [path], at: earlier.position.commit)
        if blobs.map({ $0[path] == blob }) ?? true {
          return try comparison(earlier, covering: path)
        }
      }
      place += 1
    }
    return nil
  }

  /// The scan that last covered a file without a roster; its scan is nil when none ever did.
  func comparison(forNew path: RepoPath) throws -> Comparison? {
    guard let latest = try latest() else { return nil }
    var place = 0
    while let earlier = try earlier(place) {
      let base = try base(earlier.position.commit)
      let oldPath = base.rename(to: path)?.from ?? path
      // What a scan that broke off does not report may have been there.
      if try earlier.coverage.closes(oldPath) {
        return try comparison(earlier, covering: oldPath)
      }
      place += 1
    }
    return Comparison(rules: nil, base: try base(latest.position.commit))
  }

  private func comparison(_ base: BasePosition, covering path: RepoPath) throws -> Comparison {
    Comparison(
      rules: try base.coverage.rules(of: path),
      base: try self.base(base.position.commit)
    )
  }
}

/// What one file is compared with.
struct Comparison {
  /// What the scans that last covered the file say about their rules; nil when none did.
  let rules: RuleList?
  let base: Base
}
