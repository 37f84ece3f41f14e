import TallyModel
import TallyTracking
import Testing

/// What moves as a whole is known again by its findings alone: no text, no fingerprint, no snippet.
///
/// Method: programs in three languages are put together from functions in another order; what was linked is compared with
/// which function it came from.
@Suite("Matcher: blocks without text")
struct BlockTests {
  private static func everything(_ functions: [Int], in pieces: Pieces) -> [String] {
    pieces.file(functions).findings.map(\.name).sorted()
  }

  @Test(
    "a function that moved keeps its findings, and its neighbours keep theirs",
    arguments: Pieces.all,
    [[1, 0, 2, 3], [0, 2, 1, 3], [0, 3, 2, 1], [3, 0, 1, 2]]
  )
  func moved(_ pieces: Pieces, order: [Int]) {
    let (old, new) = (pieces.file([0, 1, 2, 3]), pieces.file(order, note: 2))
    #expect(pieceLinks([old], [new]) == Self.everything(order, in: pieces))
  }

  @Test("a file that was cut in two, put together, renamed", arguments: Pieces.all)
  func files(_ pieces: Pieces) {
    let whole = pieces.file([0, 1, 2, 3])
    let (head, tail) = (pieces.file([0, 1, 2]), pieces.file([1, 3], path: "other.file"))
    let all = Self.everything([0, 1, 2, 3], in: pieces)
    let renamed = pieces.file([0, 1, 2, 3], path: "renamed.file", note: 3)
    #expect(pieceLinks([whole], [renamed]) == all)
    #expect(pieceLinks([whole], [pieces.file([0, 2]), tail]) == all)
    #expect(pieceLinks([pieces.file([0, 2]), tail], [whole]) == all)
    // The copy in the other file is new.
    #expect(pieceLinks([head], [head, tail]) == Self.everything([0, 1, 2], in: pieces))
  }

  @Test("what was deleted is not linked to what came", arguments: Pieces.all)
  func deleted(_ pieces: Pieces) {
    let (old, new) = (pieces.file([0, 1, 2]), pieces.file([0, 2, 3]))
    let links = pieceLinks([old], [new])
    for kept in Self.everything([0, 2], in: pieces) { #expect(links.contains(kept)) }
  }

  @Test("nothing depends on the order of the findings", arguments: Pieces.all)
  func shuffled(_ pieces: Pieces) {
    let (old, new) = (pieces.file([0, 1, 2, 3]), pieces.file([3, 1, 0], note: 1))
    let expected = pieceLinks([old], [new])
    for seed in 1...20 as ClosedRange<UInt64> {
      #expect(pieceLinks([old], [new], seed: seed) == expected)
    }
  }

  @Test("a block that was indented is the same block")
  func indented() {
    func at(_ line: Int, _ column: Int, _ name: String) -> TrackedFinding {
      bare(finding(rule: name, line: line, column: column, message: "no '\(name)'"))
    }
    let old = [at(10, 3, "eval"), at(12, 5, "exec"), at(13, 3, "open")]
    let new = [at(80, 7, "eval"), at(82, 9, "exec"), at(83, 7, "open")]
    #expect(blockLinks(old, new) == [[0, 0], [1, 1], [2, 2]])
  }

  @Test("what names another symbol is not taken along by its neighbours")
  func names() {
    func function(_ line: Int, _ name: String) -> [TrackedFinding] {
      [
        bare(finding(rule: "doc", line: line, column: 5, message: "no type of `\(name)`")),
        bare(finding(rule: "type", line: line, column: 5, message: "no docstring")),
        bare(finding(rule: "assert", line: line + 3, column: 5, message: "use of assert")),
      ]
    }
    let old = function(10, "one") + function(22, "two") + function(32, "three")
    let new = function(10, "two") + function(20, "one") + function(32, "three")
    let expected = [
      [0, 3], [1, 4], [2, 5], [3, 0], [4, 1], [5, 2], [6, 6], [7, 7], [8, 8],
    ]
    #expect(blockLinks(old, new) == expected)
  }

  @Test("one line with ten thousand findings is no quadratic matter")
  func longLine() {
    let line = (1...10_000).map { bare(finding(line: 1, column: $0)) }
    let below = line.map { moved($0, by: 1) }
    let links = blockLinks(line, below)
    #expect(links.count > 9_900)
    #expect(links.allSatisfy { $0[0] == $0[1] })
  }

  private func bare(_ finding: Finding) -> TrackedFinding {
    TrackedFinding(
      path: RepoPath(normalized: "a.file"),
      blob: nil,
      finding: finding,
      window: nil,
      lexerVersion: 0
    )
  }

  private func moved(_ tracked: TrackedFinding, by lines: Int) -> TrackedFinding {
    let region = tracked.finding.region
    return bare(finding(line: (region?.startLine ?? 1) + lines, column: region?.startColumn))
  }

  private func blockLinks(_ old: [TrackedFinding], _ new: [TrackedFinding]) -> [[Int]] {
    Matcher().match(
      previous: old,
      current: new,
      evidence: MatchEvidence(),
      mode: .successive
    )
    .map { [$0.previous, $0.current] }
  }
}
