internal import TallyModel

/// One run of the matcher: two sides, the evidence, and the links found so far.
struct MatchRun {
  /// A link between two rows.
  struct Link {
    let old: Int
    let new: Int
    let stage: MatchStage
    let score: Int
    let margin: Int?
    let isAmbiguous: Bool
  }

  /// Two files that are held for one, best first.
  struct FilePair {
    let old: Int
    let new: Int
    /// True for equal paths; else a rename, a copy or a guess.
    let isSamePath: Bool
    /// True when git or equal content says so, not the matcher's own links.
    let isCertain: Bool
    /// Line and token map, or the identity for equal blobs; nil where none is known.
    let map: PlaceMap?
  }

  var old: MatchSide
  var new: MatchSide
  let evidence: MatchEvidence
  private(set) var links: [Link] = []
  /// The new row of each old one, or -1.
  private(set) var newOf: [Int32]
  /// The old row of each new one, or -1.
  private(set) var oldOf: [Int32]
  /// Old rows whose line is known to be untouched and without their finding: they went.
  var isOldSettled: [Bool]
  /// New rows whose line is known to be untouched and to have been without them: they are new.
  var isNewSettled: [Bool]
  var pairs: [FilePair] = []

  init(old: MatchSide, new: MatchSide, evidence: MatchEvidence) {
    self.old = old
    self.new = new
    self.evidence = evidence
    newOf = Array(repeating: -1, count: old.count)
    oldOf = Array(repeating: -1, count: new.count)
    isOldSettled = Array(repeating: false, count: old.count)
    isNewSettled = Array(repeating: false, count: new.count)
    links.reserveCapacity(min(old.count, new.count))
  }

  /// True when one side has nothing left to link.
  var isComplete: Bool { links.count == min(old.count, new.count) }

  func isOldOpen(_ row: Int) -> Bool { newOf[row] < 0 && !isOldSettled[row] }

  func isNewOpen(_ row: Int) -> Bool { oldOf[row] < 0 && !isNewSettled[row] }

  mutating func link(
    _ oldRow: Int,
    _ newRow: Int,
    _ stage: MatchStage,
    score: Int,
    margin: Int? = nil,
    isAmbiguous: Bool = false
  ) {
    newOf[oldRow] = Int32(newRow)
    oldOf[newRow] = Int32(oldRow)
    links.append(
      Link(
        old: oldRow,
        new: newRow,
        stage: stage,
        score: score,
        margin: margin,
        isAmbiguous: isAmbiguous
      )
    )
  }

  /// Prepares what the slower stages compare, for every row that has no link yet or shares a file with one that has none.
  mutating func loadRows() {
    var names = RuleNames(aliases: evidence.ruleAliases)
    let oldNeeded = Self.unfinishedFiles(old, newOf)
    let newNeeded = Self.unfinishedFiles(new, oldOf)
    let (oldFileOf, newFileOf) = (old.fileOf, new.fileOf)
    // A linked row of a finished file may be the neighbour of an open one: its partner's file is needed, too.
    old.load(&names) {
      oldNeeded[Int(oldFileOf[$0])] || Self.isNeeded(newOf[$0], newFileOf, newNeeded)
    }
    new.load(&names) {
      newNeeded[Int(newFileOf[$0])] || Self.isNeeded(oldOf[$0], oldFileOf, oldNeeded)
    }
  }

  private static func isNeeded(_ partner: Int32, _ fileOf: [Int32], _ needed: [Bool]) -> Bool {
    partner >= 0 && needed[Int(fileOf[Int(partner)])]
  }

  private static func unfinishedFiles(_ side: MatchSide, _ partners: [Int32]) -> [Bool] {
    side.files.map { file in file.rows.contains { partners[$0] < 0 } }
  }

  /// The links in the caller's numbers.
  func result() -> [MatchLink] {
    var result: [MatchLink] = []
    result.reserveCapacity(links.count)
    for link in links {
      result.append(
        MatchLink(
          previous: old.source[link.old],
          current: new.source[link.new],
          evidence: LinkEvidence(stage: link.stage, score: link.score, margin: link.margin),
          isAmbiguous: link.isAmbiguous
        )
      )
    }
    var isSorted = true
    for index in result.indices.dropFirst()
    where result[index].previous < result[index - 1].previous {
      isSorted = false
      break
    }
    if !isSorted { result.sort { $0.previous < $1.previous } }
    return result
  }
}
