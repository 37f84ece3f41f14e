import TallyImport
import TallyLedger
import TallyModel
import TallyTracking

/// One run of a file, its rows grouped by the place the tool named, before paths are resolved.
struct CollectedRun {
  let run: ImportedRun
  var end = ImportedRunEnd()
  /// The rows of each location, in file order.
  var rows: [ImportedLocation: [Finding]] = [:]
}

/// Takes what an importer reads, hashes texts on the way and keeps one row a finding.
struct RunCollector: ImportSink {
  private(set) var runs: [CollectedRun] = []
  private(set) var testRuns: [ImportedTestRun] = []
  /// Every text a stored hash stands for.
  private(set) var texts: [String: TextID] = [:]

  private var templates: [String: UInt64] = [:]
  private var masksMessages = false
  private var current: ImportedLocation?
  private var currentRows: [Finding] = []

  mutating func beginRun(_ run: ImportedRun) {
    masksMessages = SecretTools.contains(run.toolID)
    runs.append(CollectedRun(run: run))
  }

  mutating func add(_ finding: ImportedFinding) {
    if finding.location != current {
      flush()
      current = finding.location
    }
    currentRows.append(row(finding))
  }

  mutating func endRun(_ end: ImportedRunEnd) {
    flush()
    runs[runs.count - 1].end = end
  }

  mutating func addTestRun(_ run: ImportedTestRun) { testRuns.append(run) }

  /// The id of a text that is to be saved.
  mutating func id(of text: String) -> TextID {
    if let known = texts[text] { return known }
    let id = StoredFormat.textID(text)
    texts[text] = id
    return id
  }

  private mutating func flush() {
    guard let location = current else { return }
    runs[runs.count - 1].rows[location, default: []] += currentRows
    currentRows.removeAll(keepingCapacity: true)
    current = nil
  }

  /// The row of a finding, its texts noted.
  mutating func row(_ finding: ImportedFinding) -> Finding {
    let message = masksMessages ? SecretTools.mask(finding.message) : finding.message
    let messageID = id(of: message)
    let template: UInt64
    if let known = templates[message] {
      template = known
    } else {
      template = StoredFormat.digest64(MessageTemplate.mask(message).utf8)
      templates[message] = template
    }
    return Finding(
      rule: finding.ruleID,
      level: finding.level,
      region: finding.region,
      message: messageID,
      template: template,
      fingerprints: masksMessages ? [] : finding.fingerprints,
      suppressions: finding.suppressions.map { suppression in
        Suppression(
          kind: suppression.kind,
          status: suppression.status,
          justification: suppression.justification.map { id(of: $0) }
        )
      },
      symbol: finding.symbol,
      snippet: masksMessages ? nil : finding.snippet.flatMap(Self.snippetDigest)
    )
  }

  /// The hash of a quoted text; nil when it holds nothing but whitespace.
  private static func snippetDigest(_ snippet: String) -> UInt64? {
    snippet.allSatisfy(\.isWhitespace) ? nil : SnippetHash.of(Array(snippet.utf8))
  }
}

/// Tools whose findings are secrets: what they quote must not get into a ledger, not even as a hash.
enum SecretTools {
  /// Canonical tool ids.
  static let ids: Set<String> = [
    "gitleaks", "detect-secrets", "trufflehog", "ggshield", "talisman", "whispers", "kingfisher",
    "noseyparker", "secretlint", "credential-digger",
  ]

  /// True when a tool reports secrets and nothing else.
  static func contains(_ tool: String) -> Bool { ids.contains(tool) }

  /// Replaces what may be a secret: quoted spans, and runs of 8 or more characters that hold a digit or an odd sign.
  static func mask(_ message: String) -> String {
    MessageTemplate.mask(message).split(separator: " ", omittingEmptySubsequences: false)
      .map { word in
        let isOdd = word.utf8.contains { byte in
          (0x30...0x39).contains(byte) || [0x2B, 0x2F, 0x3D, 0x5F].contains(byte)
        }
        return word.utf8.count >= 8 && isOdd ? "***" : String(word)
      }
      .joined(separator: " ")
  }
}
