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
  /// The rules of findings that are secrets.
  var secretRules: Set<String> = []
}

/// Takes what an importer reads, hashes texts on the way and keeps one row a finding.
struct RunCollector: ImportSink {
  private(set) var runs: [CollectedRun] = []
  private(set) var testRuns: [ImportedTestRun] = []
  /// Every text a stored hash stands for.
  private(set) var texts: [String: TextID] = [:]

  private var templates: [String: UInt64] = [:]
  private var secrets = SecretRules()
  private var current: ImportedLocation?
  private var currentRows: [Finding] = []

  mutating func beginRun(_ run: ImportedRun) {
    secrets = SecretRules(run)
    runs.append(CollectedRun(run: secrets.masked(run)))
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

  /// Forgets the scans, for a report that has looked at nothing.
  mutating func dropScans() { runs = [] }

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
    let isSecret = secrets.contains(finding.ruleID)
    if isSecret { runs[runs.count - 1].secretRules.insert(finding.ruleID) }
    let message = isSecret ? SecretRules.mask(finding) : finding.message
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
      fingerprints: isSecret ? [] : finding.fingerprints,
      suppressions: finding.suppressions.map { suppression in
        Suppression(
          kind: suppression.kind,
          status: suppression.status,
          justification: suppression.justification.map { id(of: $0) }
        )
      },
      symbol: finding.symbol,
      snippet: isSecret ? nil : finding.snippet.flatMap(Self.snippetDigest)
    )
  }

  /// The hash of a quoted text; nil when it holds nothing but whitespace.
  private static func snippetDigest(_ snippet: String) -> UInt64? {
    snippet.allSatisfy(\.isWhitespace) ? nil : SnippetHash.of(Array(snippet.utf8))
  }
}
