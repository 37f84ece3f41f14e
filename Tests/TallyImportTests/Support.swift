import Foundation
import TallyImport
import TallyModel
import Testing

/// The folder of this target's fixtures.
let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .appendingPathComponent("Fixtures")

/// The names of the files in a folder of the fixtures, sorted.
func fixtureNames(_ folder: String) -> [String] {
  let path = fixtures.appendingPathComponent(folder).path
  return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
    .filter { !$0.hasPrefix(".") }.sorted()
}

/// Compares a text with a golden file; `UPDATE_GOLDENS=1` rewrites it and the test still fails.
func expectGolden(
  _ text: String,
  _ name: String,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let file = fixtures.appendingPathComponent("goldens/\(name)")
  let golden = try? String(contentsOf: file, encoding: .utf8)
  if golden == text { return }
  if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" || golden == nil {
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try text.write(to: file, atomically: true, encoding: .utf8)
    Issue.record("recorded \(name): read it, then run again", sourceLocation: sourceLocation)
    return
  }
  let old = (golden ?? "").split(separator: "\n", omittingEmptySubsequences: false)
  let new = text.split(separator: "\n", omittingEmptySubsequences: false)
  let place = zip(old, new).prefix { $0 == $1 }.count
  let was = place < old.count ? old[place] : "(its end)"
  let now = place < new.count ? new[place] : "(its end)"
  Issue.record(
    "\(name) differs in line \(place + 1): was '\(was)', is '\(now)'",
    sourceLocation: sourceLocation
  )
}

/// Writes down every call as text.
struct RecordingSink: ImportSink {
  var lines: [String] = []
  var runs: [ImportedRun] = []
  var findings: [ImportedFinding] = []
  var ends: [ImportedRunEnd] = []
  var testRuns: [ImportedTestRun] = []

  mutating func beginRun(_ run: ImportedRun) {
    runs.append(run)
    lines += describe(run)
  }

  mutating func add(_ finding: ImportedFinding) {
    findings.append(finding)
    lines += describe(finding)
  }

  mutating func endRun(_ end: ImportedRunEnd) {
    ends.append(end)
    lines += describe(end)
  }

  mutating func addTestRun(_ run: ImportedTestRun) {
    testRuns.append(run)
    lines += describe(run)
  }

  var text: String { lines.joined(separator: "\n") + "\n" }
}

/// Counts, and keeps nothing.
struct CountingSink: ImportSink {
  var findingCount = 0
  var caseCount = 0
  mutating func beginRun(_ run: ImportedRun) {}
  mutating func add(_ finding: ImportedFinding) { findingCount += 1 }
  mutating func endRun(_ end: ImportedRunEnd) {}
  mutating func addTestRun(_ run: ImportedTestRun) { caseCount += run.cases.count }
}

/// Imports bytes with the importer that `--format auto` takes, or with the one given.
func imported(
  _ bytes: [UInt8],
  name: String = "report",
  as format: (any ReportImporter)? = nil,
  limits: ImportLimits = ImportLimits()
) throws(ImportError) -> RecordingSink {
  let input = try InputBytes(bytes: bytes, name: name, limits: limits)
  let importer: any ReportImporter
  if let format {
    importer = format
  } else {
    importer = try detectFormat(of: input)
  }
  var sink = RecordingSink()
  try importer.importRuns(from: input, limits: limits, to: &sink)
  return sink
}

/// Imports text as SARIF.
func sarif(_ text: String, limits: ImportLimits = ImportLimits()) throws(ImportError)
  -> RecordingSink
{
  try imported(Array(text.utf8), as: SARIFImporter(), limits: limits)
}

/// Imports a SARIF log with one run of a tool `t` that has these results, and these other
/// properties.
func sarifRun(results: String, run: String = "", driver: String = "") throws(ImportError)
  -> RecordingSink
{
  try sarif(
    """
    {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "t"\(driver)}}\(run),
    "results": [\(results)]}]}
    """
  )
}

/// A result of rule `R` at line 3 of `a.py`, with more properties in front.
func result(_ more: String = "", message: String = #"{"text": "m"}"#) -> String {
  """
  {\(more)"message": \(message), "locations": [{"physicalLocation": {
  "artifactLocation": {"uri": "a.py"}, "region": {"startLine": 3}}}]}
  """
}

/// The error an import ends with, as the command line shows it; nil when it succeeds.
func refusal(
  _ bytes: [UInt8],
  name: String = "report",
  as format: (any ReportImporter)? = nil,
  limits: ImportLimits = ImportLimits()
) -> String? {
  do throws(ImportError) {
    _ = try imported(bytes, name: name, as: format, limits: limits)
    return nil
  } catch {
    return sentence(error)
  }
}

/// An error as the command line shows it.
func sentence(_ error: ImportError) -> String {
  "error: \(error) [\(error.code)]\nhint: \(error.hint ?? "-")"
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
