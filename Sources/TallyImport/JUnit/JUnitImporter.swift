/// Reads JUnit XML as test runners and linters really write it; ids and outcomes are in
/// `docs/junit.md`.
public struct JUnitImporter: ReportImporter {
  /// Creates the importer.
  public init() {}

  /// `junit`.
  public var formatName: String { "junit" }
  /// Raised when equal files may give different test runs.
  public var version: Int { 1 }

  /// Certain when the first element is `testsuites` or `testsuite`.
  public func recognizes(_ prefix: borrowing RawSpan, fileName: String?) -> Recognition {
    prefix.withUnsafeBytes { bytes in
      let root = FilePrefix(bytes).rootElement
      return root == "testsuites" || root == "testsuite" ? .certain : .no
    }
  }

  /// Gives the sink one test run.
  ///
  /// - Throws: ``ImportError`` for what is not XML, not JUnit, or beyond a limit.
  public func importRuns(
    from input: InputBytes,
    limits: ImportLimits,
    to sink: inout some ImportSink
  ) throws(ImportError) {
    let run = try input.withUnsafeBytes { (bytes) throws(ImportError) in
      try testRun(from: bytes, source: input.name, limits: limits)
    }
    sink.addTestRun(run)
  }

  private func testRun(
    from bytes: UnsafeRawBufferPointer,
    source: String,
    limits: ImportLimits
  ) throws(ImportError) -> ImportedTestRun {
    if bytes.allSatisfy({ isWhiteSpace($0) }) { throw .empty(source: source) }
    let builder = JUnitBuilder(limits: limits)
    do throws(XMLStream.Failure) {
      try XMLStream(builder).parse(bytes)
      return builder.finish()
    } catch {
      if error.stop == nil, let repaired = JUnitRepair(bytes).repaired() {
        let second = JUnitBuilder(limits: limits)
        for (reason, count) in repaired.counts { second.adjust(reason, count) }
        let isParsed = repaired.bytes.withUnsafeBytes { raw in
          (try? XMLStream(second).parse(raw)) != nil
        }
        if isParsed { return second.finish() }
      }
      throw importError(error, source: source)
    }
  }

  private func importError(_ failure: XMLStream.Failure, source: String) -> ImportError {
    if case .limit(let what, let found, let limit)? = failure.stop {
      return .limitExceeded(source: source, what: what, found: found, limit: limit)
    }
    if case .doctype? = failure.stop { return .doctype(source: source) }
    let place = "line \(failure.line), column \(failure.column)"
    return .malformed(source: source, path: place, reason: failure.reason, offset: failure.offset)
  }
}
