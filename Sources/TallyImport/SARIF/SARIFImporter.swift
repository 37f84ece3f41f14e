/// Reads SARIF 2.1.0, strictly and in constant memory; what becomes of each property is in
/// `docs/sarif.md`.
public struct SARIFImporter: ReportImporter {
  /// Creates the importer.
  public init() {}

  /// `sarif`.
  public var formatName: String { "sarif" }
  /// Raised when equal files may give different findings.
  public var version: Int { 1 }

  /// Certain when the first bytes are a JSON object that has `runs` or SARIF's schema.
  public func recognizes(_ prefix: borrowing RawSpan, fileName: String?) -> Recognition {
    prefix.withUnsafeBytes { bytes in
      let head = FilePrefix(bytes)
      guard head.firstCharacter == UInt8(ascii: "{") else { return .no }
      if head.contains("\"runs\"") { return .certain }
      if head.contains("$schema") && head.contains("sarif") { return .certain }
      return fileName?.hasSuffix(".sarif") == true ? .certain : .no
    }
  }

  /// Streams the file's runs to the sink.
  ///
  /// - Throws: ``ImportError`` at the first thing that breaks JSON or SARIF.
  public func importRuns(
    from input: InputBytes,
    limits: ImportLimits,
    to sink: inout some ImportSink
  ) throws(ImportError) {
    try input.withUnsafeBytes { (bytes) throws(ImportError) in
      try checkJSONText(bytes, source: input.name)
      guard let start = bytes.baseAddress else { throw .empty(source: input.name) }
      let reader = try JSONReader(
        bytes,
        source: input.name,
        names: SARIFSchema.shared.names,
        depthMax: limits.depthMax
      )
      var log = SARIFLogReader(
        reader,
        text: start.assumingMemoryBound(to: UInt8.self),
        source: input.name,
        limits: limits
      )
      let runs = try log.readHeaders()
      var resultsLeft = limits.resultsMax
      for run in runs { try log.readResults(of: run, &resultsLeft, to: &sink) }
    }
  }
}

/// Refuses what is no JSON text at all with a better sentence than the parser's.
func checkJSONText(_ bytes: UnsafeRawBufferPointer, source: String) throws(ImportError) {
  let head = FilePrefix(bytes)
  if let encoding = head.wideEncoding {
    throw .encoding(source: source, found: encoding, wanted: "UTF-8")
  }
  let rest = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
  if head.firstCharacter == nil && rest.allSatisfy({ isWhiteSpace($0) }) {
    throw .empty(source: source)
  }
}
