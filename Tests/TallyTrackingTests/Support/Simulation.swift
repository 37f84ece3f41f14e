import TallyModel
import TallyTracking

/// A token that remembers where it came from, however it is edited.
struct TracedToken {
  /// The same for a token and what it becomes; copies get another.
  var id: Int
  /// White space before it on its line.
  var space: String
  var text: String
}

/// A file as lines of traced tokens.
struct TracedFile {
  var lines: [[TracedToken]]

  /// The text.
  var text: String {
    var result = ""
    for line in lines {
      for token in line {
        result += token.space
        result += token.text
      }
      result += "\n"
    }
    return result
  }

  /// Cuts a text into tokens with ids counted up from `nextID`.
  init(_ text: String, nextID: inout Int) {
    lines = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var tokens: [TracedToken] = []
      var (space, word) = ("", "")
      func flush() {
        if word.isEmpty { return }
        nextID += 1
        tokens.append(TracedToken(id: nextID, space: space, text: word))
        (space, word) = ("", "")
      }
      for scalar in line.unicodeScalars {
        let isWord = scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_"
        if isWord {
          word.unicodeScalars.append(scalar)
        } else {
          flush()
          if scalar == " " || scalar == "\t" {
            space.unicodeScalars.append(scalar)
          } else {
            word.unicodeScalars.append(scalar)
            flush()
          }
        }
      }
      flush()
      lines.append(tokens)
    }
    if lines.last?.isEmpty == true { lines.removeLast() }
  }
}

/// What a made-up linter reports, with the token that says which finding it is.
struct TracedFinding {
  let file: String
  let token: Int
  let finding: Finding
}

/// A made-up linter over traced files: as often as real ones it says the same thing of many places.
struct TracedLinter {
  /// Which of its seven rules are on, as bits.
  let rules: Int
  /// True to quote the line as a snippet.
  let hasSnippets: Bool

  func findings(_ files: [String: TracedFile]) -> [TracedFinding] {
    files.sorted { $0.key < $1.key }.flatMap { path, file in findings(path, file) }
  }

  private func findings(_ path: String, _ file: TracedFile) -> [TracedFinding] {
    var result: [TracedFinding] = []
    for (index, line) in file.lines.enumerated() {
      var column = 1
      var seenLong = false
      let snippet =
        hasSnippets
        ? SnippetHash.of(line.map(\.text).joined().utf8) : nil
      for (place, token) in line.enumerated() {
        column += token.space.unicodeScalars.count
        let next = place + 1 < line.count ? line[place + 1].text : ""
        let before = place > 0 ? line[place - 1].text : ""
        for (rule, message) in Self.hits(token.text, next: next, before: before)
        where rules >> (Int(String(rule.dropFirst())) ?? 0) & 1 == 1 {
          result.append(
            TracedFinding(
              file: path,
              token: token.id * 8 + (Int(String(rule.dropFirst())) ?? 0),
              finding: finding(
                rule: rule,
                line: index + 1,
                column: column,
                message: message,
                snippet: snippet
              )
            )
          )
        }
        column += token.text.unicodeScalars.count
        if column > 80 && !seenLong && rules >> 5 & 1 == 1 {
          seenLong = true
          let length = line.reduce(0) {
            $0 + $1.space.unicodeScalars.count + $1.text.unicodeScalars.count
          }
          result.append(
            TracedFinding(
              file: path,
              token: line[0].id * 8 + 7,
              finding: finding(
                rule: "T5",
                line: index + 1,
                column: 80,
                message: "Line too long (\(length) > 79)",
                snippet: snippet
              )
            )
          )
        }
      }
    }
    return result
  }

  private static func hits(
    _ text: String,
    next: String,
    before: String
  ) -> [(rule: String, message: String)] {
    var hits: [(rule: String, message: String)] = []
    if next == "(" && ["len", "open", "isinstance", "getattr", "print", "str"].contains(text) {
      hits.append(("T0", "`\(text)` is banned"))
    }
    if text == "self" && next == "." && before != "." { hits.append(("T1", "no access to self")) }
    if text == "return" { hits.append(("T2", "return is banned")) }
    if text.utf8.count > 1, let number = Int(text) { hits.append(("T3", "Magic value \(number)")) }
    if before == "def" { hits.append(("T4", "Missing docstring in public function")) }
    if before == "import" { hits.append(("T6", "`\(text)` imported but unused")) }
    return hits
  }
}

/// How a simulated step is shown to the matcher.
enum SourceMode: String, CaseIterable {
  case maps, windows, reports
}

/// What came of matching one simulated step.
struct MatchOutcome {
  var linked = 0
  var right = 0
  var expected = 0
  var fresh = 0
  var absorbed = 0
  var ambiguous = 0

  /// The harmonic mean of precision and recall, in hundredths of a percent.
  var score: Int { linked + expected == 0 ? 10_000 : 20_000 * right / (linked + expected) }

  static func += (lhs: inout Self, rhs: Self) {
    lhs.linked += rhs.linked
    lhs.right += rhs.right
    lhs.expected += rhs.expected
    lhs.fresh += rhs.fresh
    lhs.absorbed += rhs.absorbed
    lhs.ambiguous += rhs.ambiguous
  }
}

/// Two versions of some files, and renames between them.
struct SimulatedStep {
  var old: [String: TracedFile]
  var new: [String: TracedFile]
  var renames: [String: String] = [:]

  /// What the matcher is given.
  func inputs(
    _ linter: TracedLinter,
    _ mode: SourceMode
  ) -> (previous: [TrackedFinding], current: [TrackedFinding], evidence: MatchEvidence) {
    let (oldFound, newFound) = (linter.findings(old), linter.findings(new))
    return (
      tracked(oldFound, old, mode), tracked(newFound, new, mode),
      mode == .maps ? evidence(oldFound) : MatchEvidence()
    )
  }

  /// Lints both versions, matches, and compares with the truth.
  func outcome(_ linter: TracedLinter, _ mode: SourceMode) -> MatchOutcome {
    let (oldFound, newFound) = (linter.findings(old), linter.findings(new))
    let inputs = inputs(linter, mode)
    let links = Matcher().match(
      previous: inputs.previous,
      current: inputs.current,
      evidence: inputs.evidence,
      mode: .successive
    )
    let known = Set(oldFound.map(\.token))
    let kept = Set(newFound.map(\.token)).intersection(known)
    var outcome = MatchOutcome()
    outcome.expected = kept.count
    outcome.linked = links.count
    outcome.fresh = newFound.filter { !known.contains($0.token) }.count
    for link in links {
      let token = newFound[link.current].token
      if oldFound[link.previous].token == token { outcome.right += 1 }
      if !known.contains(token) { outcome.absorbed += 1 }
      if link.isAmbiguous { outcome.ambiguous += 1 }
    }
    return outcome
  }

  private func tracked(
    _ found: [TracedFinding],
    _ files: [String: TracedFile],
    _ mode: SourceMode
  ) -> [TrackedFinding] {
    var result: [TrackedFinding] = []
    var start = 0
    while start < found.count {
      let path = found[start].file
      let end = found[start...].firstIndex { $0.file != path } ?? found.count
      let bytes = Array((files[path]?.text ?? "").utf8)
      let findings = found[start..<end].map(\.finding)
      let windows =
        mode == .reports
        ? Array(repeating: nil, count: findings.count)
        : TextCapture.windows(text: bytes, findings: findings, columnUnit: .unicodeCodePoints)
      let blob = mode == .maps ? blobID(of: bytes) : nil
      for (finding, window) in zip(findings, windows) {
        result.append(
          TrackedFinding(
            path: RepoPath(normalized: path),
            blob: blob,
            finding: finding,
            window: window,
            lexerVersion: mode == .reports ? 0 : Lexer.version
          )
        )
      }
      start = end
    }
    return result
  }

  private func evidence(_ found: [TracedFinding]) -> MatchEvidence {
    var evidence = MatchEvidence()
    for path in old.keys.sorted() {
      let target = new[path] == nil ? renames[path] : path
      guard let target, let oldFile = old[path], let newFile = new[target] else { continue }
      if target != path {
        evidence.renames.append(
          MatchEvidence.Rename(
            from: RepoPath(normalized: path),
            to: RepoPath(normalized: target),
            similarity: 80
          )
        )
      }
      let (oldBytes, newBytes) = (Array(oldFile.text.utf8), Array(newFile.text.utf8))
      let pair = BlobPair(old: blobID(of: oldBytes), new: blobID(of: newBytes))
      if pair.old == pair.new { continue }
      evidence.maps[pair] = FileMapper.map(
        old: oldBytes,
        new: newBytes,
        oldBlob: pair.old,
        newBlob: pair.new,
        positions: found.filter { $0.file == path }.compactMap(\.finding.region),
        columnUnit: .unicodeCodePoints
      )
    }
    evidence.renames.sort { $0.to < $1.to }
    return evidence
  }
}
