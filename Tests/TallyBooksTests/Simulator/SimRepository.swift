import TallyModel

/// A defect that the simulator planted on a line: the truth that books are measured against.
struct SimPlant: Hashable {
  /// Which violation it is; two sightings are the same violation exactly when these are equal.
  let identity: Int
  /// The rule that sees it.
  let rule: String
  /// Where it begins, 1-based.
  let column: Int
  /// What the tool says about it.
  let message: String
  /// The first tool version that sees it.
  var sinceVersion = 1
  /// The last tool version that sees it.
  var untilVersion = 99
  /// Seen only while this line is somewhere in the repository: what a whole-program tool needs.
  var needsMarker: Int?
}

/// A line with a name of its own, so that the simulator knows which line became which.
struct SimLine: Hashable {
  /// Kept while the line is not edited, also when it is shifted or its file renamed.
  let id: Int
  /// The text without a suppression comment.
  let text: String
  var plants: [SimPlant] = []
  /// The rules of a `# noqa` comment at the end of the line; nil for no comment.
  var silenced: [String]?

  /// The text as it stands in the file.
  var full: String {
    silenced.map { "\(text)  # noqa: \($0.joined(separator: ", "))" } ?? text
  }
}

/// The files of a commit.
typealias SimFiles = [String: [SimLine]]

/// One commit of an invented history.
struct SimCommit {
  let id: CommitID
  let parent: CommitID?
  let time: Timestamp
  let files: SimFiles
  /// What was renamed against the parent: new path to old.
  let renames: [String: String]

  func text(_ path: String) -> String { SimLine.text(files[path] ?? []) }
}

/// A row that the simulated tool reported.
struct SimFinding: Hashable {
  let path: String
  let line: Int
  let plant: SimPlant
}

/// How the simulated tool ran, as its report and the CI system tell it.
struct SimScan {
  /// Its place in the history's list.
  let index: Int
  let commit: Int
  let toolVersion: Int
  /// Stands for the content of the configuration.
  let config: Int
  /// The rules that were on, sorted.
  let enabledRules: [String]
  let listsSilentRules: Bool
  /// Folders and files, as globs; empty for everything.
  let scope: [String]
  let succeeded: Bool
  /// Files that the tool says it could not read.
  let unread: [String]
  /// Files that the tool could not parse: it reports that and nothing else of them.
  let unparsed: [String]
  /// True where the tool says that something went wrong, and not where.
  let hasPlacelessError: Bool
  /// Rules that the tool says broke down.
  let brokenRules: [String]
  /// The files that the report lists as analysed; nil where it lists none.
  let analysed: [String]?
  /// The number of the run that made it: what has the same belongs together, a greater one is later.
  let run: Int
  /// Which try of the run, from 1.
  let attempt: Int
  let findings: [SimFinding]

  /// The planted violation that a row of this scan shows; nil when there is none.
  func identity(path: String, line: Int, rule: String) -> Int? {
    findings.first { $0.path == path && $0.line == line && $0.plant.rule == rule }?.plant.identity
  }
}

/// By what it can be told which run is later.
enum SimOrder: CaseIterable {
  /// The reports say when they were made.
  case claims
  /// The CI system numbers its runs.
  case numbers
  /// Each run was recorded at another time.
  case times
}

/// One movement as the simulator knows it.
struct SimPosting: Hashable, Comparable {
  let identity: Int
  let scan: Int
  let kind: PostingKind
  /// The basis, where the simulator can tell it; nil where more than one is right.
  let basis: Basis?
  /// The path the posting has to carry.
  let path: String
  /// The commit that did it, where exactly one touched the file; nil where it is a range.
  let exactCommit: CommitID?

  static func < (lhs: Self, rhs: Self) -> Bool {
    (lhs.scan, lhs.identity, lhs.kind.rawValue) < (rhs.scan, rhs.identity, rhs.kind.rawValue)
  }
}

/// What is open after a position, by identity, with the path at which it was last seen.
struct SimBalance {
  let commit: Int
  let open: [Int: String]
  /// What of it was looked for and not reported though nobody edited its file and nothing explains that.
  let unseen: Set<Int>
}

extension SimLine {
  /// The text of a file.
  static func text(_ lines: [SimLine]) -> String { lines.map { $0.full + "\n" }.joined() }

  /// Hunks between two texts, from the names of the lines.
  static func hunks(_ old: [SimLine], _ new: [SimLine]) -> [LineHunk] {
    let places = Dictionary(
      new.enumerated().map { ($0.element.key, $0.offset) },
      uniquingKeysWith: { first, _ in first }
    )
    var result: [LineHunk] = []
    var (oldDone, newDone) = (0, 0)
    func close(_ oldEnd: Int, _ newEnd: Int) {
      let (oldCount, newCount) = (oldEnd - oldDone, newEnd - newDone)
      if oldCount > 0 || newCount > 0 {
        result.append(
          LineHunk(
            oldStart: oldCount == 0 ? oldDone : oldDone + 1,
            oldCount: oldCount,
            newStart: newCount == 0 ? newDone : newDone + 1,
            newCount: newCount
          )
        )
      }
    }
    for (index, line) in old.enumerated() {
      guard let place = places[line.key], place >= newDone else { continue }
      close(index, place)
      (oldDone, newDone) = (index + 1, place + 1)
    }
    close(old.count, new.count)
    return result
  }

  private var key: String { "\(id)|\(full)" }

  /// What a real map of two blobs would hold, for the old places of plants.
  static func map(_ old: [SimLine], _ new: [SimLine], _ pair: BlobPair) -> FileMap {
    let hunks = hunks(old, new)
    var anchors: [TokenAnchor] = []
    for (index, line) in old.enumerated() where !line.plants.isEmpty {
      let place = new.firstIndex { $0.id == line.id }
      if let place, new[place].full == line.full { continue }
      for plant in line.plants.sorted(by: { $0.column < $1.column }) {
        anchors.append(
          TokenAnchor(
            oldLine: index + 1,
            oldColumn: plant.column,
            newLine: place.map { $0 + 1 },
            newColumn: place == nil ? 0 : plant.column
          )
        )
      }
    }
    let comments = new.enumerated().compactMap { index, line in
      line.silenced.map {
        SuppressionComment(
          line: index + 1,
          firstLine: index + 1,
          lastLine: index + 1,
          marker: "noqa",
          rules: $0
        )
      }
    }
    return FileMap(
      old: pair.old,
      new: pair.new,
      lexerVersion: 1,
      hunks: hunks,
      anchors: anchors,
      suppressions: comments
    )
  }
}
