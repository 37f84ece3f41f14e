import TallyModel
import TallyTracking
import Testing

/// What must hold whatever is matched, and how well random edits are followed.
@Suite("Matcher: properties")
struct MatcherPropertyTests {
  /// Several copies of the marked sources, as a stock of code that looks like itself.
  private static func files(_ nextID: inout Int) -> [String: TracedFile] {
    var files: [String: TracedFile] = [:]
    for (path, text) in MarkedSources.all {
      let plain = Marked(text).text
      files[path] = TracedFile(plain + plain.replacing("client", with: "other"), nextID: &nextID)
    }
    return files
  }

  private static func step(_ kind: EditKind, _ seed: UInt64) -> SimulatedStep {
    var nextID = 0
    let files = files(&nextID)
    let stock = files.sorted { $0.key < $1.key }.flatMap(\.value.lines)
    var editor = Editor(seed: seed, nextID: nextID, stock: stock)
    return editor.step(kind, files)
  }

  /// Method: three seeds of each kind of edit, pooled; the truth is carried through the edit token by token.
  @Test("follows random edits", arguments: SourceMode.allCases)
  func followsEdits(_ mode: SourceMode) {
    var sum = MatchOutcome()
    for kind in EditKind.allCases {
      for seed in 1...3 as ClosedRange<UInt64> {
        let linter = TracedLinter(
          rules: seed == 1 ? 0b000_0101 : 0b111_1111,
          hasSnippets: seed == 2
        )
        let outcome = Self.step(kind, seed).outcome(linter, mode)
        #expect(outcome.linked <= outcome.expected + outcome.fresh, "\(kind) \(seed)")
        sum += outcome
      }
    }
    let least = [SourceMode.maps: 9_900, .windows: 9_850, .reports: 9_000][mode] ?? 0
    #expect(sum.score >= least, "\(mode): \(sum)")
    #expect(sum.ambiguous * 100 <= sum.linked * 3, "\(mode): \(sum)")
  }

  /// Method: the links of shuffled findings are those of the ordered ones, named by content.
  @Test("the order of findings does not matter", arguments: SourceMode.allCases)
  func shuffles(_ mode: SourceMode) {
    for (index, kind) in EditKind.allCases.enumerated() {
      let seed = UInt64(index + 11)
      let step = Self.step(kind, seed)
      let inputs = step.inputs(TracedLinter(rules: 0b111_1111, hasSnippets: false), mode)
      let expected = links(inputs.previous, inputs.current, inputs.evidence)
      var generator = SeededGenerator(seed: seed)
      for _ in 0..<2 {
        let previous = inputs.previous.shuffled(using: &generator)
        let current = inputs.current.shuffled(using: &generator)
        #expect(links(previous, current, inputs.evidence) == expected, "\(kind), seed \(seed)")
      }
    }
  }

  @Test("a scan matches itself completely, in every mode", arguments: SourceMode.allCases)
  func selfMatch(_ mode: SourceMode) {
    var nextID = 0
    let files = Self.files(&nextID)
    let step = SimulatedStep(old: files, new: files)
    let inputs = step.inputs(TracedLinter(rules: 0b111_1111, hasSnippets: true), mode)
    let links = Matcher().match(
      previous: inputs.previous,
      current: inputs.current,
      evidence: inputs.evidence,
      mode: .successive
    )
    #expect(links.map(\.previous) == Array(inputs.previous.indices))
    #expect(links.allSatisfy { $0.previous == $0.current && !$0.isAmbiguous })
    #expect(links.allSatisfy { $0.evidence.stage == .sameBlob })
  }

  @Test("each finding is linked at most once, sorted by the previous place")
  func conserved() {
    for kind in EditKind.allCases {
      for mode in SourceMode.allCases {
        let inputs = Self.step(kind, 5).inputs(
          TracedLinter(rules: 0b111_1111, hasSnippets: false),
          mode
        )
        for matchMode in [MatchMode.successive, .reopening] {
          let links = Matcher().match(
            previous: inputs.previous,
            current: inputs.current,
            evidence: inputs.evidence,
            mode: matchMode
          )
          #expect(Set(links.map(\.previous)).count == links.count)
          #expect(Set(links.map(\.current)).count == links.count)
          #expect(links.map(\.previous) == links.map(\.previous).sorted())
          for link in links {
            let rules = (
              inputs.previous[link.previous].finding.rule, inputs.current[link.current].finding.rule
            )
            #expect(rules.0 == rules.1)
          }
        }
      }
    }
  }

  /// Links by content: equal findings may stand for each other.
  private func links(
    _ previous: [TrackedFinding],
    _ current: [TrackedFinding],
    _ evidence: MatchEvidence
  ) -> [String] {
    Matcher().match(previous: previous, current: current, evidence: evidence, mode: .successive)
      .map { link in
        let (old, new) = (previous[link.previous], current[link.current])
        return "\(name(old)) -> \(name(new)) \(link.evidence) \(link.isAmbiguous)"
      }
      .sorted()
  }

  private func name(_ tracked: TrackedFinding) -> String {
    let region = tracked.finding.region
    return "\(tracked.path):\(region?.startLine ?? 0):\(region?.startColumn ?? 0) "
      + "\(tracked.finding.rule) \(tracked.finding.message)"
  }
}
