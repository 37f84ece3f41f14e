import TallyModel
import TallyTracking

/// A source whose places are marked by emoji (`1️⃣` to `9️⃣`) right before the token that a finding starts at.
///
/// The marks are taken out, and the places remembered under their numbers.
struct Marked {
  /// The text without marks.
  let text: String
  /// Mark number to line and column, both from 1; columns count Unicode scalars.
  let places: [(mark: Int, line: Int, column: Int)]

  /// The bytes of the text.
  var bytes: [UInt8] { Array(text.utf8) }

  init(_ marked: String) {
    var text = ""
    var places: [(mark: Int, line: Int, column: Int)] = []
    var (line, column) = (1, 1)
    for character in marked {
      let scalars = Array(character.unicodeScalars)
      if scalars.count == 3, scalars[1].value == 0xFE0F, scalars[2].value == 0x20E3 {
        places.append((Int(scalars[0].value) - 48, line, column))
        continue
      }
      text.append(character)
      if character == "\n" || character == "\r\n" || character == "\r" {
        line += 1
        column = 1
      } else {
        column += scalars.count
      }
    }
    self.text = text
    self.places = places
  }

  /// The text with every mark's findings, as one file of a scan.
  ///
  /// The mark says which rule: equal marks in two versions are meant to be the same violation, but the matcher does not see them.
  func file(
    _ path: String = "a.py",
    rule: String = "R1",
    message: String = "bad call",
    hasBlob: Bool = false,
    hasText: Bool = true
  ) -> MarkedFile {
    let sorted = places.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
    let findings = sorted.compactMap { place in
      finding(rule: rule, line: place.line, column: place.column, message: message)
    }
    let windows: [TokenWindow?] =
      hasText
      ? TextCapture.windows(text: bytes, findings: findings, columnUnit: .unicodeCodePoints)
      : Array(repeating: nil, count: findings.count)
    let blob = hasBlob ? blobID(of: bytes) : nil
    let tracked = zip(findings, windows).map { finding, window in
      TrackedFinding(
        path: RepoPath(normalized: path),
        blob: blob,
        finding: finding,
        window: window,
        lexerVersion: hasText ? Lexer.version : 0
      )
    }
    return MarkedFile(findings: tracked, marks: sorted.map(\.mark), source: self, blob: blob)
  }
}

/// The findings of one marked file with the numbers of their marks.
struct MarkedFile {
  var findings: [TrackedFinding]
  var marks: [Int]
  let source: Marked
  let blob: BlobID?
}

/// A stand-in for a hash of content: good enough to tell test texts apart.
func blobID(of bytes: [UInt8]) -> BlobID {
  var id: [UInt8] = []
  for seed in 0..<20 {
    var state: UInt64 = 0xCBF2_9CE4_8422_2325 &+ UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
    for byte in bytes { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    state = (state ^ state >> 29) &* 0xBF58_476D_1CE4_E5B9
    id.append(UInt8(truncatingIfNeeded: state >> 56))
  }
  guard let blob = BlobID(bytes: id) else { preconditionFailure("20 bytes") }
  return blob
}

/// A stand-in for the hash of a text.
func textID(_ text: String) -> TextID {
  let bytes = blobID(of: Array(text.utf8)).bytes
  guard let id = TextID(bytes: bytes + bytes.prefix(12)) else { preconditionFailure("32 bytes") }
  return id
}

/// A finding; the template is that of the message.
func finding(
  rule: String = "R1",
  line: Int,
  column: Int? = nil,
  endLine: Int? = nil,
  endColumn: Int? = nil,
  message: String = "bad call",
  fingerprints: [Fingerprint] = [],
  symbol: String? = nil,
  snippet: UInt64? = nil
) -> Finding {
  let region = try? SourceRegion(
    startLine: line,
    startColumn: column,
    endLine: endLine,
    endColumn: endColumn
  )
  return Finding(
    rule: rule,
    level: .warning,
    region: region,
    message: textID(message),
    template: textID(MessageTemplate.mask(message)).prefix64,
    fingerprints: fingerprints,
    symbol: symbol,
    snippet: snippet
  )
}

/// Links as pairs of marks, sorted.
func markedLinks(
  _ old: MarkedFile,
  _ new: MarkedFile,
  evidence: MatchEvidence = MatchEvidence(),
  mode: MatchMode = .successive
) -> [String] {
  Matcher().match(
    previous: old.findings,
    current: new.findings,
    evidence: evidence,
    mode: mode
  )
  .map { "\(old.marks[$0.previous])-\(new.marks[$0.current])" }
  .sorted()
}

/// The same random numbers for the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_F491_4F6C_DD1D
  }
}
