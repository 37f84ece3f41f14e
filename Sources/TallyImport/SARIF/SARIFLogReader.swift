internal import TallyModel

/// Walks one SARIF log: first everything but the results, then the results of each run.
///
/// A run may name its rules after the results that need them, so the results are passed over at
/// first and come second.
struct SARIFLogReader: ~Copyable {
  private var reader: JSONReader
  private let text: UnsafePointer<UInt8>
  private let source: String
  private let limits: ImportLimits
  private var logCounts = SARIFCounts()

  /// Creates a reader over JSON that starts at `text`, in which some characters were replaced before.
  init(
    _ reader: consuming JSONReader,
    text: UnsafePointer<UInt8>,
    source: String,
    limits: ImportLimits,
    replaced: UInt32 = 0
  ) {
    logCounts.replaced = replaced
    self.reader = reader
    self.text = text
    self.source = source
    self.limits = limits
  }

  /// Reads the whole log but the results.
  mutating func readHeaders() throws(ImportError) -> [SARIFRunHeader] {
    if try reader.peek() != .object {
      throw malformed("", "a SARIF file is a JSON object with 'version' and 'runs'")
    }
    var version: String?
    var laterRuns: Int?
    var runs: [SARIFRunHeader] = []
    try reader.enter()
    while let key = try reader.nextKey() {
      switch logCounts.name(of: key, in: .sarifLog) {
      case .version:
        version = try readVersion()
      // Null says that the tool failed before it could say more (SARIF 2.1.0 §3.13.4).
      case .runs where try reader.peek() == .null:
        _ = try reader.read()
      case .runs where version == nil:
        laterRuns = try reader.pass()
      case .runs:
        runs = try readRuns()
      default:
        _ = try reader.read()
      }
    }
    try reader.finish()
    if version == nil {
      throw malformed("", "the property 'version' is missing, so this is not SARIF 2.1.0")
    }
    if let laterRuns {
      reader.seek(to: laterRuns, depth: 1, path: "runs")
      runs = try readRuns()
    }
    return runs
  }

  private mutating func readVersion() throws(ImportError) -> String {
    let value = try reader.read()
    let version: String
    do throws(JSONProblem) {
      version = try value.string(&logCounts.replaced, bytesMax: 1 << 20)
    } catch {
      throw reader.malformed(error, in: value)
    }
    if version == "2.1.0" { return version }
    let found = version.count > 40 ? "\(version.prefix(40))…" : version
    throw .version(source: source, format: "SARIF", found: found, wanted: "SARIF 2.1.0")
  }

  private mutating func readRuns() throws(ImportError) -> [SARIFRunHeader] {
    var runs: [SARIFRunHeader] = []
    if try reader.peek() != .array {
      throw malformed(reader.currentPath(), "the value must be an array")
    }
    try reader.enter()
    while try reader.nextElement() {
      runs.append(try readRun(index: runs.count))
    }
    return runs
  }

  private mutating func readRun(index: Int) throws(ImportError) -> SARIFRunHeader {
    let path = reader.currentPath()
    if try reader.peek() != .object { throw malformed(path, "the value must be an object") }
    var header = SARIFRunHeader(index: index, text: text)
    try reader.enter()
    while let key = try reader.nextKey() {
      let name = header.counts.name(of: key, in: .run)
      if name == .results {
        header.resultsState = try reader.peek() == .null ? .isNull : .present
        header.resultsOffset = try reader.pass()
        continue
      }
      if name == .artifacts || name == .logicalLocations, try reader.peek() == .array {
        try reader.enter()
        while try reader.nextElement() {
          header.addListed(try reader.read(), as: name)
        }
        continue
      }
      let value = try reader.read()
      do throws(JSONProblem) {
        try header.read(value, as: name)
      } catch {
        throw reader.malformed(error, in: value)
      }
    }
    if header.run.toolName.isEmpty {
      throw malformed(path, "the property 'tool.driver.name' is missing")
    }
    header.finish()
    return header
  }

  /// Streams the results of one run to the sink.
  mutating func readResults(
    of header: SARIFRunHeader,
    _ resultsLeft: inout Int,
    to sink: inout some ImportSink
  ) throws(ImportError) {
    sink.beginRun(header.run)
    var results = SARIFResultReader(header, messageBytesMax: limits.messageBytesMax)
    var end = ImportedRunEnd()
    if header.resultsState == .present {
      let path = "runs[\(header.run.index)].results"
      reader.seek(to: header.resultsOffset, depth: 2, path: path)
      if try reader.peek() != .array { throw malformed(path, "the value must be an array") }
      try reader.enter()
      while try reader.nextElement() {
        if resultsLeft == 0 {
          throw .limitExceeded(
            source: source,
            what: "results",
            found: limits.resultsMax + 1,
            limit: limits.resultsMax
          )
        }
        resultsLeft -= 1
        if let finding = try readResult(&results, index: end.resultCount) {
          sink.add(finding)
          end.findingCount += 1
        }
        end.resultCount += 1
      }
    }
    if header.run.index == 0 { results.counts.add(logCounts) }
    results.finish(&end)
    sink.endRun(end)
  }

  private mutating func readResult(
    _ results: inout SARIFResultReader,
    index: Int
  ) throws(ImportError) -> ImportedFinding? {
    let value = try reader.read()
    let finding: ImportedFinding?
    do throws(JSONProblem) {
      finding = try results.finding(from: value, index: index)
    } catch {
      throw reader.malformed(error, in: value)
    }
    let length = finding?.message.utf8.count ?? 0
    if length > limits.messageBytesMax {
      throw .limitExceeded(
        source: source,
        what: "bytes in the message of '\(reader.currentPath())'",
        found: length,
        limit: limits.messageBytesMax
      )
    }
    return finding
  }

  private func malformed(_ path: String, _ reason: String) -> ImportError {
    .malformed(source: source, path: path, reason: reason, offset: nil)
  }
}
