/// Reads JUnit XML as test runners and linters really write it; ids and outcomes are in
/// `docs/junit.md`.
public struct JUnitImporter: ReportImporter {
  /// Creates the importer.
  public init() {}

  /// `junit`.
  public var formatName: String { "junit" }
  /// Raised when equal files may give different test runs.
  public var version: Int { 2 }

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
    let prolog = JUnitProlog(bytes)
    let document = UnsafeRawBufferPointer(rebasing: bytes[prolog.start..<prolog.end])
    do throws(XMLStream.Failure) {
      return try run(document, prolog.encoding, prolog.counts, limits)
    } catch {
      if error.stop == nil, let run = repairedRun(document, prolog, limits) { return run }
      throw importError(error, source: source, skipping: bytes.prefix(prolog.start))
    }
  }

  private func run(
    _ bytes: UnsafeRawBufferPointer,
    _ encoding: String?,
    _ counts: [(String, Int)],
    _ limits: ImportLimits
  ) throws(XMLStream.Failure) -> ImportedTestRun {
    let builder = JUnitBuilder(limits: limits)
    for (reason, count) in counts { builder.adjust(reason, count) }
    try XMLStream(builder).parse(bytes, encoding: encoding)
    return builder.finish()
  }

  /// The run of a file that is not well-formed, once it is mended; nil where that does not help.
  private func repairedRun(
    _ bytes: UnsafeRawBufferPointer,
    _ prolog: JUnitProlog,
    _ limits: ImportLimits
  ) -> ImportedTestRun? {
    if let narrowed = narrowed(bytes) {
      return narrowed.text.withUnsafeBytes { text in
        repairedRun(of: text, narrowed.counts, limits)
      }
    }
    if FilePrefix(bytes).wideEncoding != nil { return nil }
    guard let repaired = JUnitRepair(bytes, isUTF8: prolog.isUTF8).repaired() else {
      return undeclaredRun(bytes, prolog, limits)
    }
    return repaired.bytes.withUnsafeBytes { text in
      try? run(text, prolog.encoding, prolog.counts + repaired.counts, limits)
    }
  }

  /// The run of a file in UTF-8 whose XML declaration is left out.
  private func undeclaredRun(
    _ bytes: UnsafeRawBufferPointer,
    _ prolog: JUnitProlog,
    _ limits: ImportLimits
  ) -> ImportedTestRun? {
    guard prolog.isUTF8, let length = JUnitProlog.declarationLength(bytes) else { return nil }
    let rest = UnsafeRawBufferPointer(rebasing: bytes[length...])
    return try? run(rest, "UTF-8", prolog.counts + [("xml-declaration", 1)], limits)
  }

  /// The run of a text that was UTF-16 and is narrowed to UTF-8.
  private func repairedRun(
    of whole: UnsafeRawBufferPointer,
    _ counts: [(String, Int)],
    _ limits: ImportLimits
  ) -> ImportedTestRun? {
    let lead = JUnitProlog.leadingSpace(whole)
    let text = UnsafeRawBufferPointer(rebasing: whole[lead...])
    let counts = counts + (lead > 0 ? [("leading-space", 1)] : [])
    guard let repaired = JUnitRepair(text, isUTF8: true).repaired() else {
      // Where nothing is wrong, it is well-formed and not in the encoding that it declares.
      return try? run(text, "UTF-8", counts.isEmpty ? [("encoding-name", 1)] : counts, limits)
    }
    return repaired.bytes.withUnsafeBytes {
      try? run($0, "UTF-8", counts + repaired.counts, limits)
    }
  }

  /// The same text in UTF-8, of a file in UTF-16, and what was repaired; nil for any other file.
  ///
  /// A surrogate without its other half becomes U+FFFD, a last byte without one is left out.
  private func narrowed(
    _ bytes: UnsafeRawBufferPointer
  ) -> (text: [UInt8], counts: [(String, Int)])? {
    guard FilePrefix(bytes).wideEncoding == "UTF-16" else { return nil }
    let isBig = bytes[0] == 0xFE || bytes[0] == 0
    let hasMark = bytes[0] >= 0xFE
    var units: [UInt16] = []
    units.reserveCapacity(bytes.count / 2)
    var at = hasMark ? 2 : 0
    while at + 1 < bytes.count {
      let pair = (UInt16(bytes[at]), UInt16(bytes[at + 1]))
      units.append(isBig ? pair.0 << 8 | pair.1 : pair.1 << 8 | pair.0)
      at += 2
    }
    let text = String(decoding: units, as: UTF16.self)
    let replaced = text.unicodeScalars.count { $0 == "\u{FFFD}" } - units.count { $0 == 0xFFFD }
    let counts = [("repaired-character", replaced), ("repaired-byte", bytes.count % 2)]
    return (Array(text.utf8), counts.filter { $0.1 > 0 })
  }

  private func importError(
    _ failure: XMLStream.Failure,
    source: String,
    skipping lead: Slice<UnsafeRawBufferPointer>
  ) -> ImportError {
    if case .limit(let what, let found, let limit)? = failure.stop {
      return .limitExceeded(source: source, what: what, found: found, limit: limit)
    }
    if case .doctype? = failure.stop { return .doctype(source: source) }
    let lines = lead.count { $0 == UInt8(ascii: "\n") }
    let place = "line \(failure.line + lines), column \(failure.column)"
    return .malformed(
      source: source,
      path: place,
      reason: failure.reason,
      offset: failure.offset + lead.count
    )
  }
}
